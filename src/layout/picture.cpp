// SPDX-License-Identifier: MIT
#include "undulith/layout/picture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "layout/bitmap.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/io/png.hpp"

namespace undulith::layout {
namespace {

constexpr double kMinPixelNm = 1e-3, kMaxPixelNm = 1e6;
constexpr const char* kCell = "PICTURE";

void check(const PictureScale& scale, const std::string& name) {
  if (!std::isfinite(scale.pixel_nm) || scale.pixel_nm < kMinPixelNm || scale.pixel_nm > kMaxPixelNm) {
    throw InputError(fmt::format(
        "{}: a pixel of {} nm (must be in [{:g}, {:g}], because a picture has no scale of its own); give the "
        "side of a pixel at wafer scale",
        name, scale.pixel_nm, kMinPixelNm, kMaxPixelNm));
  }
  if (!std::isfinite(scale.grey_threshold) || scale.grey_threshold <= 0 || scale.grey_threshold >= 1) {
    throw InputError(
        fmt::format("{}: a grey threshold of {} (must be in (0, 1)); 0.5 is half way from black to white",
                    name, scale.grey_threshold));
  }
}

/// Joins drawn pixels to rectangles, row by row from the top.
class Rectangles {
 public:
  Rectangles(const PictureScale& scale, std::string name, std::size_t max_rectangles)
      : threshold_(scale.grey_threshold), name_(std::move(name)), max_rectangles_(max_rectangles) {}

  void add_row(int height, std::span<const double> values) {
    height_ = height;
    next_.clear();
    const int width = static_cast<int>(values.size());
    for (int x = 0; x < width; ++x) {
      if (values[static_cast<std::size_t>(x)] < threshold_) continue;
      const int from = x;
      while (x < width && values[static_cast<std::size_t>(x)] >= threshold_) ++x;
      next_.push_back({from, x, row_});
    }
    join_rows();
  }
  std::vector<Shape> finish() {
    next_.clear();
    join_rows();
    return std::move(shapes_);
  }

 private:
  struct Run {
    int begin, end, top;
    [[nodiscard]] bool same_place(const Run& other) const { return begin == other.begin && end == other.end; }
  };

  /// An unchanged run makes the rectangle of the row above it higher; both rows are in the order of x.
  void join_rows() {
    auto above = open_.begin();
    for (Run& run : next_) {
      for (; above != open_.end() && above->begin < run.begin; ++above) close(*above);
      if (above == open_.end() || above->begin != run.begin) continue;
      if (above->same_place(run)) {
        run.top = above->top;
      } else {
        close(*above);
      }
      ++above;
    }
    for (; above != open_.end(); ++above) close(*above);
    std::swap(open_, next_);
    ++row_;
  }
  void close(const Run& run) {
    if (shapes_.size() == max_rectangles_) {
      throw InputError(fmt::format(
          "{}: more than {} rectangles of drawn pixels (a picture of shapes has fewer); smooth it, "
          "choose another threshold, or raise layout.memory_mb (undulith layout: --memory-mb)",
          name_, max_rectangles_));
    }
    // Rows are numbered from the top, y points up.
    const std::int64_t y0 = height_ - row_, y1 = height_ - run.top;
    shapes_.push_back({LayerId{1, 0}, {{run.begin, y0}, {run.end, y0}, {run.end, y1}, {run.begin, y1}}});
  }

  double threshold_;
  std::string name_;
  std::size_t max_rectangles_;
  int row_ = 0, height_ = 0;
  std::vector<Run> open_, next_;
  std::vector<Shape> shapes_;
};

Layout layout_of(std::vector<Shape> shapes, int width, int height, const std::filesystem::path& path,
                 const PictureScale& scale) {
  Layout layout;
  layout.name = path.stem().string();
  layout.dbu_nm = scale.pixel_nm;
  layout.frame_nm = Box{0, 0, width * scale.pixel_nm, height * scale.pixel_nm};
  layout.cells[kCell] = {kCell, std::move(shapes), {}};
  return layout;
}

}  // namespace

Layout read_picture(std::span<const std::byte> bytes, const std::filesystem::path& path,
                    const PictureScale& scale) {
  constexpr std::size_t kMaxRectangles = 10'000'000;
  return read_png_layout(bytes, path, scale, kMaxRectangles);
}

Layout read_png_layout(std::span<const std::byte> bytes, const std::filesystem::path& path,
                       const PictureScale& scale, std::size_t max_rectangles) {
  check(scale, path.string());
  Rectangles rectangles(scale, path.string(), max_rectangles);
  int width = 0, height = 0;
  io::read_png_rows(bytes, path, [&](int w, int h, int, std::span<const double> values) {
    width = w, height = h;
    rectangles.add_row(h, values);
  });
  return layout_of(rectangles.finish(), width, height, path, scale);
}

Layout read_npy_layout(std::span<const std::byte> bytes, const std::filesystem::path& path,
                       const PictureScale& scale, std::size_t max_rectangles) {
  check(scale, path.string());
  constexpr std::size_t kMaxSide = 1 << 20;
  io::NpyArray array = io::read_npy(bytes, path);
  // An array of one channel or one mask, as pictures of machine learning are saved.
  std::erase(array.shape, std::size_t{1});
  while (array.shape.size() < 2) array.shape.insert(array.shape.begin(), 1);
  const std::string name = path.string();
  if (array.shape.size() != 2 || array.values.empty() || array.shape[0] > kMaxSide ||
      array.shape[1] > kMaxSide) {
    throw InputError(
        fmt::format("{}: an array of shape ({}) is no mask (rows and columns of pixels are read); save one "
                    "array a[iy, ix]",
                    name, fmt::join(array.shape, ", ")));
  }
  double top = 0;
  for (const double v : array.values) {
    if (!std::isfinite(v) || v < 0 || v > 255)
      throw InputError(
          fmt::format("{}: a pixel of {} (must be in [0, 1], or in [0, 255]); scale the array", name, v));
    top = std::max(top, v);
  }
  if (top > 1)
    for (double& v : array.values) v /= 255;
  const std::size_t ny = array.shape[0], nx = array.shape[1];
  Rectangles rectangles(scale, name, max_rectangles);
  for (std::size_t iy = ny; iy-- > 0;)
    rectangles.add_row(static_cast<int>(ny), std::span(array.values).subspan(iy * nx, nx));
  return layout_of(rectangles.finish(), static_cast<int>(nx), static_cast<int>(ny), path, scale);
}

}  // namespace undulith::layout
