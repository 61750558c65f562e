// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// The last guard before a file of results: NaN and infinity are not written.
namespace undulith::io {

/// "intensity.npy: element [3, 4] = nan (a result must be finite); ..."
/// @throws NumericalError  always
[[noreturn]] void refuse_result(std::string_view file, std::string_view quantity, std::string_view value);

/// Checks a table that Undulith is about to write; columns that hold names are left out.
/// @throws NumericalError  a field is nan or inf; names its column and its line
void require_finite_fields(std::string_view csv, std::string_view file);

}  // namespace undulith::io
