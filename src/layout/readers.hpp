// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "layout/byte_source.hpp"
#include "layout/collector.hpp"
#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// What a reader makes of a file.
struct ReadFile {
  Layout layout{};
  std::vector<std::string> names{};  ///< of the cells in the order of the file
  std::map<std::string, std::string>
      aliases{};  ///< from the names in references to those of cells, if they differ
};

/// How far the compressed blocks and repetitions of a file may unfold.
struct UnfoldLimit {
  std::size_t bytes = std::size_t{4} << 30;  ///< inflated bytes and copies made, together
  std::string advice = "split it into smaller layouts";
};

/// Read the records of a file and give its shapes and references to the collector.
[[nodiscard]] ReadFile read_gdsii(ByteSource& source, const std::string& name, Collector& collector);
[[nodiscard]] ReadFile read_oasis(ByteSource& source, const std::string& name, const UnfoldLimit& limit,
                                  Collector& collector);

}  // namespace undulith::layout
