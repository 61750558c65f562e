// SPDX-License-Identifier: MIT
#include "imaging/back_end.hpp"

#include <algorithm>

namespace undulith::imaging {

int chunk_count(int n_groups) {
  constexpr int kFewest = 16;      // so that some threads have work
  constexpr int kMostGroups = 64;  // in one chunk: its sum in single precision stays accurate
  return std::max(std::min(n_groups, kFewest), (n_groups + kMostGroups - 1) / kMostGroups);
}

GroupRange groups_of(int chunk, int n_chunks, int n_groups) {
  const auto edge = [&](int i) { return static_cast<int>(static_cast<long long>(n_groups) * i / n_chunks); };
  return {edge(chunk), edge(chunk + 1)};
}

}  // namespace undulith::imaging
