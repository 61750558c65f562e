// SPDX-License-Identifier: MIT
#pragma once

#include <span>

/// Dense products of single precision for work on pixels: vectorised, the same bytes at every vector width.
namespace undulith::math {

/// C = A B, row-major: A is rows x inner, B inner x columns. Every element is a sum over `inner` in order.
/// @throws std::invalid_argument  sizes that do not fit
/// Cost: 8 to 20 multiplications and additions per nanosecond with AVX-512.
void multiply(std::span<const float> a, std::span<const float> b, std::span<float> c, int rows, int inner,
              int columns);
/// C = A^T B: A is inner x rows.
void multiply_transposed(std::span<const float> a, std::span<const float> b, std::span<float> c, int rows,
                         int inner, int columns);

/// 1 / (1 + exp(-x)) of every element; `out` may be `x`.
/// Accuracy: 1e-7 absolute. @throws std::invalid_argument  sizes differ
void logistic(std::span<const float> x, std::span<float> out);

}  // namespace undulith::math
