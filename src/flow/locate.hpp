#pragma once

#include <string>

#include "undulith/flow/job.hpp"

namespace undulith::flow {

/// The message of a stage with the place of the key it is about: "job.toml:12:14: error: ...", the line and a
/// caret.
///
/// Stages name a key of the job but know nothing of files. A message that begins with a key
/// ("source.wavelength_nm = 15
/// (...)") or with "shape 3" (the shapes of the job, rectangles first) gets its place; any other comes back
/// as it is.
[[nodiscard]] std::string locate(const ReadJob& read, const std::string& message);

}  // namespace undulith::flow
