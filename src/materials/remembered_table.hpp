#pragma once

#include <memory>
#include <string>

#include "undulith/materials/optical_table.hpp"

namespace undulith::materials {

/// The table of a file, read once: a run asks for the same one thousands of times, from many threads.
/// A file whose size or time of change is another is read again.
/// @throws InputError  as read_optical_table
[[nodiscard]] std::shared_ptr<const OpticalTable> remembered_table(const std::string& file);

}  // namespace undulith::materials
