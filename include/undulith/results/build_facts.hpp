// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace undulith::results {

/// What this program is and runs on, by name: version, build, compiler, threads, width of the vectors, libraries.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> build_facts();

}  // namespace undulith::results
