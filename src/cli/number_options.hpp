// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// Numbers of the command line: decimal, whatever zeros they begin with.
namespace undulith::cli {

/// @param name  of the option, for messages: "--layer"
/// @throws InputError  anything but decimal digits with a sign, or a number that an int does not hold
[[nodiscard]] int whole_number(const std::string& name, const std::string& text);

/// @throws InputError  anything but a finite decimal number
[[nodiscard]] double finite_number(const std::string& name, const std::string& text);

}  // namespace undulith::cli
