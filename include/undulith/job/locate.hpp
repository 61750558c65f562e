// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "undulith/core/error.hpp"
#include "undulith/job/job.hpp"

namespace undulith::job {

/// "metrology.gauge[2].x_nm" below the root, nullptr when it is not given. Array elements count from 1.
[[nodiscard]] const io::TomlNode* find_node(const io::TomlNode& root, std::string_view path);

/// Where a key is given; where it is not, the table that would hold it, or the beginning of the job.
[[nodiscard]] io::TomlLocation where_is(const io::TomlNode& root, std::string_view path);

/// The message of a stage with the place of the key it is about: "job.toml:12:14: error: ...", the line and a
/// caret.
///
/// Stages name a key of the job but know nothing of files. A message that begins with a key
/// ("source.wavelength_nm = 15 (...)") or with "shape 3" (the shapes of the job, rectangles first) gets its
/// place, or that of the table that would hold it. Any other message gets the name of the job, unless there is
/// none or the message is about an option ("--fit"). Several messages, one per line, get a place each.
[[nodiscard]] std::string locate(const ReadJob& read, const std::string& message);

/// Runs stages; the message of what one of them refuses says where it is in the job.
template <class Stages>
auto with_places(const ReadJob& read, const Stages& stages) {
  try {
    return stages();
  } catch (const InputError& error) {
    throw InputError(locate(read, error.what()));
  }
}

}  // namespace undulith::job
