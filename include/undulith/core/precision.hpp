// SPDX-License-Identifier: MIT
#pragma once

namespace undulith {

/// Numbers in which a long sum or a propagation is computed. What single precision costs in accuracy is stated,
/// and measured, where it is offered.
enum class Precision { float64, float32 };

}  // namespace undulith
