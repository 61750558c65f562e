// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imaging/abbe_images.hpp"
#include "imaging/check_parameters.hpp"
#include "imaging/image_grid.hpp"
#include "imaging/opposite_points.hpp"
#include "imaging/point_fields.hpp"
#include "imaging/socs_image.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/imaging/socs.hpp"

namespace undulith::imaging {
namespace {

// Raw intensity of each plane, and of the open frame, summed over wavelengths and positions.
struct RawImages {
  std::vector<std::vector<double>> planes;
  std::vector<std::vector<double>> coarser;         // planes with the shares of SpectralMask::coarser_share
  double coarser_clear = 0;                         // 0: no such sum
  double clear = 0;                                 // open frame, optics and mask
  double mask_clear = 0;                            // the part of the mask
  std::vector<std::optional<double>> error_bounds;  // of each plane; none if it is not known
  int n_kernels = 0;
  double rounding = 0;  // largest of measure_rounding()
};

// Weighted mean of numbers of the source points.
double mean(const std::vector<double>& of_point, const PointFields& fields) {
  double sum = 0;
  for (int s = 0; s < fields.n_groups(); ++s) sum += fields.weight(s) * of_point[static_cast<std::size_t>(s)];
  return sum;
}

// The filters of a thick mask contain the mask.
SpectrumView view_of(const mask::Diffraction& mask) {
  if (mask.thick) return {};
  return {mask.amplitudes, mask.max_order_x, mask.max_order_y};
}

void add_scaled(std::vector<double>& sum, const std::vector<double>& part, double scale) {
  sum.resize(part.size());
  for (std::size_t i = 0; i < part.size(); ++i) sum[i] += scale * part[i];
}

// Largest difference of the coarser sum, relative to the open frame.
std::optional<double> spectral_change(const RawImages& raw) {
  if (!(raw.coarser_clear > 0)) return std::nullopt;
  double largest = 0;
  for (std::size_t plane = 0; plane < raw.planes.size(); ++plane)
    for (std::size_t i = 0; i < raw.planes[plane].size(); ++i)
      largest = std::max(
          largest, std::abs(raw.planes[plane][i] / raw.clear - raw.coarser[plane][i] / raw.coarser_clear));
  return largest;
}

void require_masks(std::span<const SpectralMask> masks, const ImagingParameters& parameters) {
  if (masks.empty()) throw std::invalid_argument("compute_images: needs at least one wavelength");
  require_method(parameters, masks.front().diffraction.thick || masks.front().late);
  for (const SpectralMask& mask : masks) {
    if (!(mask.diffraction.cell == masks.front().diffraction.cell))
      throw std::invalid_argument("compute_images: the masks of the wavelengths have different cells");
    const std::size_t further = mask.further_positions.size();
    if (further != 0 && further + 1 != parameters.field_positions.size())
      throw std::invalid_argument("compute_images: needs one mask per position of the slit");
    if (!(mask.share > 0))
      throw std::invalid_argument(
          "compute_images: the share of a wavelength is not "
          "positive");
  }
}

std::function<SocsKernels(const std::function<SocsKernels()>&)> recall_at(
    const RecallKernels& recall, const mask::Diffraction& diffraction, std::size_t position,
    const ImagePlane& plane) {
  if (!recall) return {};
  return [&recall, place = KernelPlace{.wavelength_nm = diffraction.wavelength_nm,
                                       .position = position,
                                       .plane = plane,
                                       .max_order_x = diffraction.max_order_x,
                                       .max_order_y = diffraction.max_order_y}](
             const std::function<SocsKernels()>& make) { return recall(place, make); };
}

RawImages sum_images(std::span<const SpectralMask> masks, const illuminator::PupilFill& pupil_fill,
                     const ImagingParameters& parameters, std::span<const ImagePlane> planes, BandGrid grid,
                     const Progress& progress, const RecallKernels& recall) {
  RawImages raw;
  raw.planes.resize(planes.size());
  raw.coarser.resize(planes.size());
  const bool has_coarser =
      std::ranges::any_of(masks, [](const SpectralMask& mask) { return mask.coarser_share != 0; });
  raw.error_bounds.assign(planes.size(), 0.0);
  const std::vector<FieldPosition> positions = positions_of(parameters);
  const PairedFill parts = pair_opposites(pupil_fill);
  double position_weight = 0, share = 0;
  for (const FieldPosition& position : positions) position_weight += position.weight;
  for (const SpectralMask& mask : masks) share += mask.share;

  const double n_parts = static_cast<double>(masks.size() * positions.size());
  const double n_planes = static_cast<double>(planes.size());
  double done = 0;
  for (const SpectralMask& mask : masks) {
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const FieldPosition& position = positions[i];
      const std::optional<mask::Diffraction> late = mask.late ? std::optional(mask.late(i)) : std::nullopt;
      const mask::Diffraction& diffraction = late ? *late
                                             : i == 0 || mask.further_positions.empty()
                                                 ? mask.diffraction
                                                 : mask.further_positions.at(i - 1);
      const double scale =
          mask.share / share * position.weight / position_weight * diffraction.open_reflectance;
      const double coarser_scale = scale * mask.coarser_share / mask.share;
      // Each part runs from 0 to 1 and is a share of the whole.
      const auto progress_of = [&](double begin, double share_of_part) {
        if (!progress) return Progress{};
        return Progress([&progress, begin, share_of_part, done, n_parts](double fraction) {
          progress((done + begin + share_of_part * fraction) / n_parts);
        });
      };
      const PointFields fields(diffraction, pupil_fill, parameters, position, planes);
      const double clear = mean(fields.clear_intensities(), fields);
      raw.clear += scale * clear;
      raw.coarser_clear += coarser_scale * clear;
      const auto add = [&](std::size_t plane, const std::vector<double>& samples) {
        add_scaled(raw.planes[plane], samples, scale);
        if (has_coarser) add_scaled(raw.coarser[plane], samples, coarser_scale);
      };
      raw.mask_clear += scale * mean(fields.mask_intensities(), fields);
      switch (parameters.method) {
        case Method::abbe: {
          const auto images =
              abbe_images(diffraction, parts, fields, parameters, position, planes, grid, progress_of(0, 1));
          if (parameters.precision == Precision::float32)
            raw.rounding = std::max(raw.rounding, measure_rounding(view_of(diffraction), fields, grid));
          for (std::size_t plane = 0; plane < planes.size(); ++plane) add(plane, images[plane]);
          break;
        }
        case Method::socs:
          for (std::size_t plane = 0; plane < planes.size(); ++plane) {
            const PointFields one(diffraction.cell, diffraction.wavelength_nm, pupil_fill, parameters,
                                  position, planes.subspan(plane, 1));
            const SocsImage image =
                socs_image(view_of(diffraction), one, diffraction.cell, clear, grid, parameters.socs,
                           parameters.precision, recall_at(recall, diffraction, i, planes[plane]),
                           progress_of(static_cast<double>(plane) / n_planes, 1 / n_planes));
            add(plane, image.samples);
            std::optional<double>& bound = raw.error_bounds[plane];
            if (image.error_bound && bound)
              *bound += scale * *image.error_bound;
            else
              bound.reset();
            raw.rounding = std::max(raw.rounding, image.rounding);
            raw.n_kernels = std::max(raw.n_kernels, image.n_kernels);
          }
          break;
      }
      done += 1;
    }
  }
  return raw;
}

}  // namespace

void require_method(const ImagingParameters& parameters, bool thick_mask) {
  if (thick_mask && parameters.method == Method::socs)
    throw InputError(
        "imaging.method = \"socs\" (kernels need a mask whose spectrum is the same for all directions of the "
        "light, and this one is not); use imaging.method = \"abbe\", or mask.model = \"thin\"");
}

double max_mask_frequency_per_nm(double na, double wavelength_nm, double sigma_max) {
  return (1 + sigma_max) * na / wavelength_nm * (1 + kRimTolerance);
}

std::vector<AerialImage> compute_images(std::span<const SpectralMask> masks,
                                        const illuminator::PupilFill& pupil_fill,
                                        const ImagingParameters& parameters,
                                        std::span<const ImagePlane> planes, const Progress& progress) {
  return compute_images(masks, pupil_fill, parameters, planes, progress, {});
}

std::vector<AerialImage> compute_images(std::span<const SpectralMask> masks,
                                        const illuminator::PupilFill& pupil_fill,
                                        const ImagingParameters& parameters,
                                        std::span<const ImagePlane> planes, const Progress& progress,
                                        const RecallKernels& recall) {
  require_masks(masks, parameters);
  require_valid(planes, parameters);
  if (pupil_fill.points.empty())
    throw InputError("the pupil is dark (no source points); check the keys of [illuminator]");
  const mask::Diffraction& first = masks.front().diffraction;
  double shortest_nm = first.wavelength_nm;
  for (const SpectralMask& mask : masks) {
    shortest_nm = std::min(shortest_nm, mask.diffraction.wavelength_nm);
    require_valid(parameters, mask.diffraction.wavelength_nm, pupil_fill);
  }
  static_cast<void>(plan_imaging(
      first.cell, first.window, shortest_nm, pupil_fill, parameters,
      {.n_wavelengths = static_cast<int>(masks.size()), .n_planes = static_cast<int>(planes.size())}));
  const BandLimits band = band_limits(first.cell, parameters.na / shortest_nm);
  RawImages raw = sum_images(masks, pupil_fill, parameters, planes, band.grid(), progress, recall);
  if (!(raw.clear > 0))
    throw InputError(
        "imaging.amplitude_map_file: no light of the open frame reaches the wafer (the pupil blocks all source points); "
        "check the map and the illuminator");
  const double wavelength_nm =
      parameters.wavefront_wavelength_nm > 0
          ? parameters.wavefront_wavelength_nm
          : std::ranges::max_element(masks, {}, &SpectralMask::share)->diffraction.wavelength_nm;
  const std::optional<double> change = spectral_change(raw);
  std::vector<AerialImage> images;
  for (std::size_t plane = 0; plane < planes.size(); ++plane) {
    for (double& sample : raw.planes[plane]) sample /= raw.clear;
    AerialImage& image =
        images.emplace_back(finish_image(raw.planes[plane], band, first.cell, first.window,
                                         first.open_area_fraction, parameters, planes[plane]));
    image.wavelength_nm = wavelength_nm;
    image.spectral_change = change;
    image.open_frame_raw = raw.clear;
    image.clear_field = raw.clear / raw.mask_clear;
    image.n_kernels = raw.n_kernels;
    if (parameters.precision == Precision::float32)
      image.rounding_error = raw.rounding * *std::ranges::max_element(raw.planes[plane]);
    if (parameters.method != Method::socs) continue;
    image.error_bound = raw.error_bounds[plane];
    if (image.error_bound) *image.error_bound /= raw.clear;
  }
  return images;
}

AerialImage compute_aerial_image(const mask::Diffraction& diffraction,
                                 const illuminator::PupilFill& pupil_fill,
                                 const ImagingParameters& parameters, const Progress& progress) {
  const SpectralMask mask{.diffraction = diffraction};
  const ImagePlane plane{parameters.focus_nm, parameters.depth_nm};
  return std::move(
      compute_images(std::span(&mask, 1), pupil_fill, parameters, std::span(&plane, 1), progress).front());
}

}  // namespace undulith::imaging
