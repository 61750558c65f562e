// SPDX-License-Identifier: MIT
#include "undulith/layout/picture.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <utility>

#include "undulith/core/error.hpp"
#include "undulith/io/png.hpp"

namespace undulith::layout {
namespace {

constexpr std::size_t kMaxRectangles = 10'000'000;
constexpr double kMinPixelNm = 1e-3, kMaxPixelNm = 1e6;
constexpr const char* kCell = "PICTURE";

}  // namespace

Layout read_picture(std::span<const std::byte> bytes, const std::filesystem::path& path,
                    const PictureScale& scale) {
  if (!std::isfinite(scale.pixel_nm) || scale.pixel_nm < kMinPixelNm || scale.pixel_nm > kMaxPixelNm) {
    throw InputError(fmt::format(
        "{}: a pixel of {} nm (must be in [{:g}, {:g}], because a picture has no scale of its own); give the "
        "side of a pixel at wafer scale",
        path.string(), scale.pixel_nm, kMinPixelNm, kMaxPixelNm));
  }
  if (!std::isfinite(scale.grey_threshold) || scale.grey_threshold <= 0 || scale.grey_threshold >= 1) {
    throw InputError(
        fmt::format("{}: a grey threshold of {} (must be in (0, 1)); 0.5 is half way from black to white",
                    path.string(), scale.grey_threshold));
  }
  const io::GreyImage image = io::read_png_grey(bytes, path);
  Layout layout;
  layout.name = path.stem().string();
  layout.dbu_nm = scale.pixel_nm;
  layout.frame_nm = Box{0, 0, image.width * scale.pixel_nm, image.height * scale.pixel_nm};
  Cell& cell = layout.cells[kCell];
  cell.name = kCell;

  // Runs of drawn pixels; an unchanged run in the next row makes its rectangle higher.
  std::map<std::pair<int, int>, int> open;  // start and end in x, and the top row
  const auto close = [&](std::pair<int, int> run, int top, int bottom) {
    if (cell.shapes.size() == kMaxRectangles) {
      throw InputError(
          fmt::format("{}: more than {} rectangles of drawn pixels (a picture of shapes has fewer); smooth "
                      "it, or choose another threshold",
                      path.string(), kMaxRectangles));
    }
    // Rows are numbered from the top, y points up.
    const std::int64_t y0 = image.height - bottom, y1 = image.height - top;
    cell.shapes.push_back(
        {LayerId{1, 0}, {{run.first, y0}, {run.second, y0}, {run.second, y1}, {run.first, y1}}});
  };
  for (int row = 0; row <= image.height; ++row) {
    std::map<std::pair<int, int>, int> next;
    for (int x = 0; row < image.height && x < image.width; ++x) {
      const auto drawn = [&](int at) {
        return image.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) +
                            static_cast<std::size_t>(at)] >= scale.grey_threshold;
      };
      if (!drawn(x)) continue;
      const int from = x;
      while (x < image.width && drawn(x)) ++x;
      const auto above = open.find({from, x});
      next[{from, x}] = above == open.end() ? row : above->second;
    }
    for (const auto& [run, top] : open) {
      if (!next.contains(run)) close(run, top, row);
    }
    open = std::move(next);
  }
  return layout;
}

}  // namespace undulith::layout
