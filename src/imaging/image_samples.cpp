// SPDX-License-Identifier: MIT
#include "undulith/imaging/image_samples.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <utility>

namespace undulith::imaging {

struct ImageSamples::Made {
  Grid2D grid;
  math::FourierSeries2D series;
  math::SampleRange x, y;
  std::mutex mutex;
  std::atomic<bool> is_kept = false;
  Field2D<double> kept;
};

ImageSamples::ImageSamples(Field2D<double> values) : made_(std::make_shared<Made>()) {
  made_->grid = values.grid();
  made_->kept = std::move(values);
  made_->is_kept = true;
}

ImageSamples::ImageSamples(const math::FourierSeries2D& series, math::SampleRange x, math::SampleRange y)
    : made_(std::make_shared<Made>()) {
  made_->grid = series.sample_grid(x, y);
  made_->series = series;
  made_->x = x;
  made_->y = y;
}

const Grid2D& ImageSamples::grid() const {
  static const Grid2D kNone{};
  return made_ ? made_->grid : kNone;
}

const Field2D<double>& ImageSamples::field() const {
  static const Field2D<double> kNone{};
  if (!made_) return kNone;
  if (!made_->is_kept) {
    const std::scoped_lock lock(made_->mutex);
    if (!made_->is_kept) {
      made_->kept = made_->series.sample_cell(made_->x, made_->y);
      made_->is_kept = true;
    }
  }
  return made_->kept;
}

double ImageSamples::highest() const {
  double high = 0;
  visit_rows([&](int, std::span<const double> rows) {
    for (const double value : rows)
      if (std::isfinite(value)) high = std::max(high, value);
  });
  return high;
}

void ImageSamples::visit_rows(const std::function<void(int, std::span<const double>)>& take) const {
  if (!made_) return;
  if (made_->is_kept)
    take(0, made_->kept.values());
  else
    made_->series.visit_cell(made_->x, made_->y, take);
}

}  // namespace undulith::imaging
