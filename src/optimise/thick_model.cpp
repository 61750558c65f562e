// SPDX-License-Identifier: MIT
#include "undulith/optimise/thick_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "undulith/core/error.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::optimise {
namespace {

std::vector<imaging::ImagePlane> planes_of(const ThickCondition& condition) {
  std::vector<imaging::ImagePlane> planes;
  for (const double focus_nm : condition.focus_nm)
    planes.push_back({.focus_nm = focus_nm, .depth_nm = condition.optics.depth_nm});
  return planes;
}

void require_conditions(const ThickModelParameters& parameters) {
  if (parameters.conditions.empty()) throw InputError("optimise: no condition is imaged; give one");
  const imaging::ImagingParameters& first = parameters.conditions.front().optics;
  for (const ThickCondition& condition : parameters.conditions) {
    const imaging::ImagingParameters& optics = condition.optics;
    if (condition.focus_nm.empty())
      throw InputError("optimise: a condition without planes (nothing is imaged); give a focus");
    if (optics.na != first.na || optics.magnification_x != first.magnification_x ||
        optics.magnification_y != first.magnification_y)
      throw InputError(
          "optimise: conditions of different aperture or reduction (one mask serves all of them); give "
          "them the same imaging.na and magnification");
    if (!optics.field_positions.empty())
      throw InputError(
          "imaging.field_positions (each has its own thick mask); give one condition per position of "
          "the slit");
    imaging::require_method(optics, true);
  }
}

void require_same_number(const Images& d_images, const Images& images) {
  if (d_images.size() != images.size())
    throw std::invalid_argument("ThickModel: the sensitivity needs one field per image");
}

void add_rings(const std::vector<mask::RingGradient>& part, std::vector<mask::RingGradient>& sum) {
  for (std::size_t r = 0; r < sum.size(); ++r) {
    std::ranges::transform(sum[r].d_offset, part[r].d_offset, sum[r].d_offset.begin(), std::plus<>());
    for (std::size_t i = 0; i < sum[r].d_vertex.size(); ++i) {
      sum[r].d_vertex[i].x += part[r].d_vertex[i].x;
      sum[r].d_vertex[i].y += part[r].d_vertex[i].y;
    }
  }
}

// Largest order of an image.
int image_order(double length_nm, double na, double wavelength_nm) {
  constexpr double kOnTheRim = 1e-9;
  return static_cast<int>(std::floor(2 * na / wavelength_nm * length_nm * (1 + kOnTheRim)));
}

// Chooses the samples of an image, of lengths that transforms like; one pitch, which is returned, serves both axes.
double choose_samples(ModelGrid& grid) {
  constexpr double kSame = 1e-12;  // of imaging::AerialImage::intensity
  const double width = grid.cell.width(), height = grid.cell.height();
  for (grid.nx = 2 * grid.image_order_x + 1;; ++grid.nx) {
    const double pitch_nm = width / grid.nx;
    grid.ny = static_cast<int>(std::ceil(height / pitch_nm * (1 - kSame)));
    if (math::good_fft_length(grid.nx) == grid.nx && math::good_fft_length(grid.ny) == grid.ny &&
        grid.ny > 2 * grid.image_order_y)
      return pitch_nm;
  }
}

}  // namespace

ThickModel::ThickModel(ThickModelParameters parameters) : parameters_(std::move(parameters)) {
  require_conditions(parameters_);
  const imaging::ImagingParameters& optics = parameters_.conditions.front().optics;
  const Box& cell = parameters_.cell;
  max_frequency_per_nm_ = imaging::max_mask_frequency_per_nm(optics.na, parameters_.wavelength_nm,
                                                             parameters_.pupil_fill.sigma_max);
  mirror_ = mask::tabulate_mirror(parameters_.mask.stack, parameters_.wavelength_nm);
  for (std::size_t i = 0; i < parameters_.conditions.size(); ++i) {
    const double azimuth_deg = parameters_.conditions[i].optics.chief_ray_azimuth_deg;
    auto slit = std::ranges::find(slits_, azimuth_deg,
                                  [](const Slit& one) { return one.optics.chief_ray_azimuth_deg; });
    if (slit == slits_.end()) {
      slits_.push_back({{.na = optics.na,
                         .magnification_x = optics.magnification_x,
                         .magnification_y = optics.magnification_y,
                         .chief_ray_azimuth_deg = azimuth_deg,
                         .design_wavelength_nm = parameters_.design_wavelength_nm},
                        {}});
      slit = slits_.end() - 1;
    }
    slit->conditions.push_back(i);
    first_image_.push_back(static_cast<std::size_t>(grid_.n_planes - 1));
    grid_.n_planes += static_cast<int>(parameters_.conditions[i].focus_nm.size());
  }
  --grid_.n_planes;  // one by default
  if (!parameters_.kept_corrections.empty() && parameters_.kept_corrections.size() != slits_.size())
    throw InputError(
        fmt::format("optimise: {} kept corrections (the conditions have {} azimuths of the chief ray); "
                    "give one per azimuth, or none",
                    parameters_.kept_corrections.size(), slits_.size()));
  const mask::PatternOrders orders =
      mask::pattern_orders(cell, parameters_.mask, slits_.front().optics, light(), correction());
  grid_.cell = cell;
  grid_.pattern_order_x = orders.x;
  grid_.pattern_order_y = orders.y;
  grid_.image_order_x = image_order(cell.width(), optics.na, parameters_.wavelength_nm);
  grid_.image_order_y = image_order(cell.height(), optics.na, parameters_.wavelength_nm);
  const double pitch_nm = choose_samples(grid_);
  for (ThickCondition& condition : parameters_.conditions) condition.optics.output_pitch_nm = pitch_nm;
}

mask::MaskLight ThickModel::light() const {
  return {parameters_.pupil_fill, parameters_.wavelength_nm, max_frequency_per_nm_, mirror_};
}

mask::MaskPattern ThickModel::mask_of(const Pattern& pattern) const {
  const int order_x = grid_.pattern_order_x, order_y = grid_.pattern_order_y;
  if (pattern.max_order_x < order_x || pattern.max_order_y < order_y)
    throw std::invalid_argument("ThickModel: the pattern has fewer orders than the pixels of the mask carry");
  mask::MaskPattern result{grid_.cell, grid_.cell, {order_x, order_y, {}}};
  for (int n = -order_y; n <= order_y; ++n)
    for (int m = -order_x; m <= order_x; ++m)
      result.spectrum.values.push_back(pattern.values[pattern.place(m, n)]);
  return result;
}

template <class Solve>
std::vector<mask::Diffraction> ThickModel::solve_slits(const Solve& solve) const {
  std::vector<mask::Diffraction> masks;
  for (std::size_t i = 0; i < slits_.size(); ++i) {
    std::span<const mask::SliceCorrection> kept = parameters_.kept_corrections;
    if (!kept.empty()) kept = kept.subspan(i, 1);
    masks.push_back(solve(slits_[i].optics, kept));
  }
  return masks;
}

std::vector<mask::Diffraction> ThickModel::solve(const mask::MaskPattern& pattern) const {
  return solve_slits([&](const mask::MaskOptics& optics, std::span<const mask::SliceCorrection> kept) {
    return mask::compute_diffraction(pattern, parameters_.mask, optics, light(), kept);
  });
}

std::vector<mask::Diffraction> ThickModel::solve(const mask::MaskAsMade& made) const {
  if (made.clip.cell != grid_.cell)
    throw std::invalid_argument("ThickModel: the mask has another cell than the model");
  mask::MaskAsMade whole = made;
  whole.clip.window = grid_.cell;
  return solve_slits([&](const mask::MaskOptics& optics, std::span<const mask::SliceCorrection> kept) {
    return mask::compute_diffraction(whole, parameters_.mask, optics, light(), kept);
  });
}

Images ThickModel::image(const std::vector<mask::Diffraction>& masks) const {
  Images images(static_cast<std::size_t>(grid_.n_planes));
  for (std::size_t i = 0; i < slits_.size(); ++i) {
    const imaging::SpectralMask mask{.diffraction = masks[i]};
    for (const std::size_t k : slits_[i].conditions) {
      const ThickCondition& condition = parameters_.conditions[k];
      const auto planes = imaging::compute_images(std::span(&mask, 1), parameters_.pupil_fill,
                                                  condition.optics, planes_of(condition));
      for (std::size_t p = 0; p < planes.size(); ++p) {
        const std::span<const double> samples = planes[p].intensity.values();
        images[first_image_[k] + p].assign(samples.begin(), samples.end());
      }
    }
  }
  return images;
}

Images ThickModel::images(const Pattern& pattern) const {
  return image(solve(mask_of(pattern)));
}

Images ThickModel::images(const mask::MaskAsMade& made) const {
  return image(solve(made));
}

mask::CorrectionGradient ThickModel::correction() const {
  return parameters_.kept_corrections.empty() ? mask::CorrectionGradient::follows
                                              : mask::CorrectionGradient::kept;
}

// To the spectra of one mask, of all its images.
std::vector<mask::JonesSpectrum> ThickModel::pull_back(const Slit& slit, const mask::Diffraction& mask,
                                                       const Images& d_images) const {
  std::vector<mask::JonesSpectrum> sum;
  for (const std::size_t k : slit.conditions) {
    const ThickCondition& condition = parameters_.conditions[k];
    std::vector<Field2D<double>> dl_di;
    for (std::size_t p = 0; p < condition.focus_nm.size(); ++p) {
      const imaging::CellSamples& samples = d_images[first_image_[k] + p];
      dl_di.emplace_back(Grid2D{.nx = grid_.nx, .ny = grid_.ny},
                         LargeVector<double>(samples.begin(), samples.end()));
    }
    const std::vector<imaging::ImagePlane> planes = planes_of(condition);
    imaging::ImagesAdjoint part =
        imaging::pull_back_images(mask, parameters_.pupil_fill, condition.optics, planes, dl_di);
    if (sum.empty()) {
      sum = std::move(part.d_spectra);
      continue;
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
      for (std::size_t element = 0; element < sum[i].orders.size(); ++element)
        std::ranges::transform(sum[i].orders[element], part.d_spectra[i].orders[element],
                               sum[i].orders[element].begin(), std::plus<>());
  }
  return sum;
}

ImageModel::Gradient ThickModel::gradient(const Pattern& pattern,
                                          const std::function<Images(const Images&)>& sensitivity) const {
  const mask::MaskPattern on_mask = mask_of(pattern);
  const std::vector<mask::Diffraction> masks = solve(on_mask);
  Gradient result{.images = image(masks), .d_pattern = {grid_.pattern_order_x, grid_.pattern_order_y, {}}};
  const Images d_images = sensitivity(result.images);
  require_same_number(d_images, result.images);
  result.d_pattern.values.resize(on_mask.spectrum.values.size());
  for (std::size_t i = 0; i < slits_.size(); ++i) {
    const auto d_spectra = pull_back(slits_[i], masks[i], d_images);
    const mask::PatternSpectrum part = mask::compute_pattern_gradient(
        on_mask, parameters_.mask, slits_[i].optics, light(), d_spectra, correction());
    std::ranges::transform(result.d_pattern.values, part.values, result.d_pattern.values.begin(),
                           std::plus<>());
  }
  return result;
}

ThickModel::RingsGradient ThickModel::gradient(
    const mask::MaskAsMade& made, const std::function<Images(const Images&)>& sensitivity) const {
  const std::vector<mask::Diffraction> masks = solve(made);
  RingsGradient result{.images = image(masks), .rings = {}};
  const Images d_images = sensitivity(result.images);
  require_same_number(d_images, result.images);
  for (std::size_t i = 0; i < slits_.size(); ++i) {
    const auto d_spectra = pull_back(slits_[i], masks[i], d_images);
    const auto part = mask::compute_ring_gradient(made, parameters_.mask, slits_[i].optics, light(),
                                                  d_spectra, correction());
    if (i == 0)
      result.rings = part;
    else
      add_rings(part, result.rings);
  }
  return result;
}

std::vector<mask::SliceCorrection> ThickModel::corrections(const Pattern& pattern) const {
  const mask::MaskPattern on_mask = mask_of(pattern);
  std::vector<mask::SliceCorrection> all;
  for (const Slit& slit : slits_)
    all.push_back(mask::compute_correction(on_mask, parameters_.mask, slit.optics, light()));
  return all;
}

}  // namespace undulith::optimise
