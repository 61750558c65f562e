// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// What one reader does with one input; returns when the input is refused by InputError, anything else is a
/// fault.
void read_input(std::span<const std::byte> bytes);
