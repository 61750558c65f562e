// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/layout/make_clip.hpp"

namespace undulith::layout {

/// What make_clip() cuts out of a layout.
struct ClipPlan {
  struct Layer {
    LayerOperation operation;
    LayerId layer;
  };
  std::string root{};           ///< cell
  Box window{}, cell{};         ///< nm, as in Clip
  std::vector<Layer> layers{};  ///< combined one after the other; the first is added
};

/// The boxes of the tree decide; they may come from a layout of outlines.
/// @throws InputError  as make_clip(), except for too many shapes
[[nodiscard]] ClipPlan plan_clip(const Layout& layout, const ClipParameters& parameters);
[[nodiscard]] Clip cut_clip(const Layout& layout, const ClipPlan& plan);

}  // namespace undulith::layout
