// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/job/job.hpp"
#include "undulith/study/convergence.hpp"

/// The error bar of a job, for people and for programs.
namespace undulith::results {

[[nodiscard]] std::string convergence_text(const study::Convergence& convergence);
[[nodiscard]] std::string convergence_json(const job::ReadJob& read, const study::Convergence& convergence);

}  // namespace undulith::results
