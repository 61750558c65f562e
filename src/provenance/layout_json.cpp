// SPDX-License-Identifier: MIT
#include "provenance/layout_json.hpp"

namespace undulith::provenance {

Json layout_json(const LayoutCommitment& layout) {
  return {{"x0_nm", layout.x0_nm}, {"y0_nm", layout.y0_nm}, {"tile_nm", layout.tile_nm},
          {"n_x", layout.n_x},     {"n_y", layout.n_y},     {"root_sha256", layout.root.hex()}};
}

LayoutCommitment layout_of(const JsonValue& value) {
  value.require_keys({"x0_nm", "y0_nm", "tile_nm", "n_x", "n_y", "root_sha256"});
  LayoutCommitment layout{.x0_nm = value.at("x0_nm").number(),
                          .y0_nm = value.at("y0_nm").number(),
                          .tile_nm = value.at("tile_nm").number(),
                          .root = value.at("root_sha256").hash()};
  if (!(layout.tile_nm > 0)) value.at("tile_nm").refuse("above 0");
  constexpr std::uint64_t kMostTiles = 1'000'000;
  const std::uint64_t n_x = value.at("n_x").count(), n_y = value.at("n_y").count();
  if (n_x < 1 || n_y < 1 || n_x > kMostTiles || n_y > kMostTiles || n_x * n_y > kMostTiles)
    value.refuse("of 1 to 10^6 tiles");
  layout.n_x = static_cast<int>(n_x);
  layout.n_y = static_cast<int>(n_y);
  return layout;
}

}  // namespace undulith::provenance
