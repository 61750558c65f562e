// SPDX-License-Identifier: MIT
#include "optimise/print_loss.hpp"

#include <algorithm>
#include <cmath>

#include "optimise/feature_sign.hpp"
#include "undulith/math/pixel_products.hpp"

namespace undulith::optimise {
namespace {

// Printed share of each pixel in a condition: logistic(slope I - offset).
struct PrintedShare {
  float slope;
  Pixels share;
};
PrintedShare print(const Pixels& image, const PrintGoal& goal, double dose, double steepness) {
  const double sign = sign_of(goal.drawn);
  const auto slope = static_cast<float>(sign * steepness * dose / goal.threshold);
  const auto offset = static_cast<float>(sign * steepness);
  PrintedShare printed{slope, Pixels(image.nx, image.ny)};
  for (std::size_t i = 0; i < image.values.size(); ++i)
    printed.share.values[i] = slope * image.values[i] - offset;
  math::logistic(printed.share.values, printed.share.values);
  return printed;
}

// dZ/dI of a pixel.
float slope_of(const PrintedShare& printed, std::size_t i) {
  const float z = printed.share.values[i];
  return printed.slope * z * (1 - z);
}

bool prints(float intensity, const PrintGoal& goal, double dose) {
  const bool bright = dose * static_cast<double>(intensity) >= goal.threshold;
  return bright == (goal.drawn == metrology::Feature::bright);
}

}  // namespace

PixelSet judged_pixels(const layout::Clip& clip, int nx, int ny) {
  PixelSet set(nx, ny);
  for (int y = 0; y < ny; ++y)
    for (int x = 0; x < nx; ++x) {
      const double at_x = clip.cell.x0 + (x + 0.5) * clip.cell.width() / nx,
                   at_y = clip.cell.y0 + (y + 0.5) * clip.cell.height() / ny;
      set(x, y) =
          at_x > clip.window.x0 && at_x < clip.window.x1 && at_y > clip.window.y0 && at_y < clip.window.y1;
    }
  return set;
}

std::vector<ControlSite> sites_in(const layout::Clip& clip, const SiteParameters& parameters) {
  std::vector<ControlSite> sites = control_sites(clip.rings, clip.cell, parameters);
  std::erase_if(sites, [&](const ControlSite& site) {
    return site.x_nm <= clip.window.x0 || site.x_nm >= clip.window.x1 || site.y_nm <= clip.window.y0 ||
           site.y_nm >= clip.window.y1;
  });
  return sites;
}

PrintLoss::PrintLoss(const ModelGrid& grid, const PrintGoal& goal, Pixels drawn, PixelSet judged)
    : goal_(goal),
      transforms_(grid, drawn.nx, drawn.ny),
      drawn_(std::move(drawn)),
      judged_(std::move(judged)),
      pixel_area_nm2_(grid.cell.width() / drawn_.nx * grid.cell.height() / drawn_.ny) {}

double PrintLoss::add_gradient(const Images& images, const LossWeights& weights, Images& d_images) const {
  std::vector<Pixels> at_pixels, d_pixels;
  for (const auto& samples : images) {
    at_pixels.push_back(transforms_.image_at_pixels(samples));
    d_pixels.emplace_back(drawn_.nx, drawn_.ny);
  }
  const auto area = static_cast<float>(pixel_area_nm2_);
  double error = 0, band = 0;
  {
    const auto plane = static_cast<std::size_t>(goal_.nominal.plane);
    const PrintedShare nominal = print(at_pixels[plane], goal_, goal_.nominal.dose, weights.steepness);
    const auto weight = static_cast<float>(2 * weights.error) * area;
    for (std::size_t i = 0; i < drawn_.values.size(); ++i) {
      const float difference = judged_.values[i] != 0 ? nominal.share.values[i] - drawn_.values[i] : 0;
      error += static_cast<double>(difference * difference);
      d_pixels[plane].values[i] += weight * difference * slope_of(nominal, i);
    }
  }
  for (const Band& pair : goal_.bands) {
    constexpr float kSoft = 1e-4F;
    const auto outer_plane = static_cast<std::size_t>(pair.outer.plane);
    const auto inner_plane = static_cast<std::size_t>(pair.inner.plane);
    const PrintedShare outer = print(at_pixels[outer_plane], goal_, pair.outer.dose, weights.steepness);
    const PrintedShare inner = print(at_pixels[inner_plane], goal_, pair.inner.dose, weights.steepness);
    const auto weight = static_cast<float>(weights.band / static_cast<double>(goal_.bands.size())) * area;
    for (std::size_t i = 0; i < drawn_.values.size(); ++i) {
      const float difference = judged_.values[i] != 0 ? outer.share.values[i] - inner.share.values[i] : 0;
      const float length = std::sqrt(difference * difference + kSoft);
      band += static_cast<double>(length);
      const float pull = weight * difference / length;
      d_pixels[outer_plane].values[i] += pull * slope_of(outer, i);
      d_pixels[inner_plane].values[i] -= pull * slope_of(inner, i);
    }
  }
  for (std::size_t p = 0; p < images.size(); ++p) transforms_.add_samples_gradient(d_pixels[p], d_images[p]);
  const double bands = std::max<double>(1, static_cast<double>(goal_.bands.size()));
  return (weights.error * error + weights.band * band / bands) * pixel_area_nm2_;
}

PrintFigures PrintLoss::figures(const Images& images) const {
  std::vector<Pixels> at_pixels;
  for (const auto& samples : images) at_pixels.push_back(transforms_.image_at_pixels(samples));
  const auto value = [&](const Condition& condition, std::size_t i) {
    return prints(at_pixels[static_cast<std::size_t>(condition.plane)].values[i], goal_, condition.dose);
  };
  long long wrong = 0, between = 0;
  for (std::size_t i = 0; i < drawn_.values.size(); ++i) {
    if (judged_.values[i] == 0) continue;
    wrong += value(goal_.nominal, i) != (drawn_.values[i] >= 0.5F);
    for (const Band& band : goal_.bands) between += value(band.outer, i) != value(band.inner, i);
  }
  const double bands = std::max<double>(1, static_cast<double>(goal_.bands.size()));
  return {.error_area_nm2 = static_cast<double>(wrong) * pixel_area_nm2_,
          .band_area_nm2 = static_cast<double>(between) / bands * pixel_area_nm2_};
}

SiteConstraints::SiteConstraints(const ModelGrid& grid, const PrintGoal& goal,
                                 std::span<const ControlSite> sites, double stiffness_nm2)
    : goal_(goal),
      samples_x_(grid.nx),
      samples_y_(grid.ny),
      stiffness_nm2_(stiffness_nm2),
      sign_(sign_of(goal.drawn)),
      extra_(sites.size()),
      multipliers_(2 * sites.size()),
      shortfall_(2 * sites.size()) {
  std::vector<double> x, y;
  for (const double side : {-1.0, 1.0})
    for (const ControlSite& site : sites) {
      x.push_back((site.x_nm + side * goal.tolerance_nm * site.normal_x - grid.cell.x0) / grid.cell.width());
      y.push_back((site.y_nm + side * goal.tolerance_nm * site.normal_y - grid.cell.y0) / grid.cell.height());
    }
  to_x_ = interpolation_weights(x, grid.nx, grid.image_order_x);
  to_y_ = interpolation_weights(y, grid.ny, grid.image_order_y);
}

// Relative intensity by which each place is on the right side of the threshold: those inside, then those outside.
std::vector<double> SiteConstraints::excess(const Images& images) const {
  const imaging::CellSamples& samples = images[static_cast<std::size_t>(goal_.nominal.plane)];
  const std::vector<float> values(samples.begin(), samples.end());
  const int n = static_cast<int>(2 * n_sites());
  const auto columns = static_cast<std::size_t>(samples_x_);
  std::vector<float> rows(static_cast<std::size_t>(n) * columns);
  math::multiply(to_y_, values, rows, n, samples_y_, samples_x_);
  std::vector<double> result;
  for (std::size_t i = 0; i < 2 * n_sites(); ++i) {
    float sum = 0;
    for (std::size_t j = 0; j < columns; ++j) sum += rows[i * columns + j] * to_x_[i * columns + j];
    const double side = i < n_sites() ? sign_ : -sign_;
    result.push_back(side * (goal_.nominal.dose * static_cast<double>(sum) / goal_.threshold - 1));
  }
  return result;
}

double SiteConstraints::add_gradient(const Images& images, double margin, Images& d_images) {
  if (n_sites() == 0) return 0;
  const std::vector<double> clear = excess(images);
  const auto columns = static_cast<std::size_t>(samples_x_);
  std::vector<float> weighted = to_x_;
  double lagrangian = 0;
  for (std::size_t i = 0; i < clear.size(); ++i) {
    shortfall_[i] = margin + extra_[i % n_sites()] - clear[i];
    const double force = std::max(0.0, multipliers_[i] + stiffness_nm2_ * shortfall_[i]);
    lagrangian += (force * force - multipliers_[i] * multipliers_[i]) / (2 * stiffness_nm2_);
    const double side = i < n_sites() ? sign_ : -sign_;
    const auto weight = static_cast<float>(-side * force * goal_.nominal.dose / goal_.threshold);
    for (std::size_t j = 0; j < columns; ++j) weighted[i * columns + j] *= weight;
  }
  std::vector<float> sum(static_cast<std::size_t>(samples_y_) * columns);
  math::multiply_transposed(to_y_, weighted, sum, samples_y_, static_cast<int>(clear.size()), samples_x_);
  imaging::CellSamples& d_samples = d_images[static_cast<std::size_t>(goal_.nominal.plane)];
  for (std::size_t i = 0; i < sum.size(); ++i) d_samples[i] += static_cast<double>(sum[i]);
  return lagrangian;
}

void SiteConstraints::update_multipliers() {
  for (std::size_t i = 0; i < multipliers_.size(); ++i)
    multipliers_[i] = std::max(0.0, multipliers_[i] + stiffness_nm2_ * shortfall_[i]);
}

std::vector<std::size_t> SiteConstraints::violated(const Images& images) const {
  std::vector<std::size_t> sites;
  if (n_sites() == 0) return sites;
  const std::vector<double> clear = excess(images);
  for (std::size_t i = 0; i < n_sites(); ++i)
    if (clear[i] < 0 || clear[i + n_sites()] < 0) sites.push_back(i);
  return sites;
}

void SiteConstraints::tighten(std::span<const std::size_t> sites, double margin) {
  for (const std::size_t site : sites) extra_[site] += margin;
}

}  // namespace undulith::optimise
