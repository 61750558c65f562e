// SPDX-License-Identifier: MIT
#include "undulith/imaging/gradient.hpp"

#include <algorithm>
#include <stdexcept>

#include "imaging/gradients/phase_fields.hpp"
#include "imaging/image_grid.hpp"
#include "imaging/point_fields.hpp"
#include "imaging/socs_image.hpp"
#include "undulith/core/error.hpp"
#include "undulith/imaging/socs.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

void add_scaled(std::vector<Complex>& sum, const std::vector<Complex>& part, double scale) {
  sum.resize(part.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += scale * part[i];
}

SpectrumView view_of_orders(const mask::Diffraction& mask) {
  return {mask.amplitudes, mask.max_order_x, mask.max_order_y};
}

BandLimits band_of(const mask::Diffraction& mask, const ImagingParameters& parameters) {
  return band_limits(mask.cell, parameters.na / mask.wavelength_nm);
}

// From the output grid to the samples of the band-limited grid, relative to the open frame.
std::vector<double> samples_of_band(const Field2D<double>& dl_di, const mask::Diffraction& mask,
                                    const ImagingParameters& parameters) {
  const BandLimits band = band_of(mask, parameters);
  const BandGrid grid = band.grid();
  const OutputRange output = output_range(mask.cell, mask.window, parameters.output_pitch_nm);
  if (dl_di.nx() != output.x.count || dl_di.ny() != output.y.count)
    throw std::invalid_argument("compute_gradient: the sensitivity has other samples than the image");
  return math::sample_cell_adjoint(dl_di.values(), output.x, output.y, grid.nx, grid.ny, band.max_order_x,
                                   band.max_order_y, blur_of(mask.cell, parameters));
}

// The samples of each plane.
std::vector<std::vector<double>> samples_of_bands(std::span<const Field2D<double>> dl_di,
                                                  const mask::Diffraction& mask,
                                                  const ImagingParameters& parameters,
                                                  std::span<const ImagePlane> planes) {
  if (parameters.method == Method::socs)
    throw InputError(
        "imaging.method = \"socs\" (gradients of several planes need source points); use \"abbe\"");
  if (dl_di.size() != planes.size())
    throw std::invalid_argument("pull_back_images: one field per plane is needed");
  std::vector<std::vector<double>> gradients;
  for (const Field2D<double>& field : dl_di) gradients.push_back(samples_of_band(field, mask, parameters));
  return gradients;
}

// Sums over the positions of the slit.
struct AbbeAdjoint {
  std::vector<Complex> mask;         ///< of the spectrum, or of all spectra of a thick mask
  std::vector<double> power, clear;  ///< of each source point: derivative of L, open frame
};

AbbeAdjoint abbe_adjoint(const mask::Diffraction& mask, const illuminator::PupilFill& pupil_fill,
                         const ImagingParameters& parameters, std::span<const ImagePlane> planes,
                         std::span<const std::vector<double>> gradients) {
  const BandGrid grid = band_of(mask, parameters).grid();
  const std::size_t n_points = pupil_fill.points.size();
  AbbeAdjoint sum{{}, std::vector<double>(n_points), std::vector<double>(n_points)};
  for (const FieldPosition& position : positions_of(parameters)) {
    const PointFields fields(mask, pupil_fill, parameters, position, planes);
    const Adjoint part = mask.thick ? parameter_adjoint(fields, grid, gradients)
                                    : adjoint(view_of_orders(mask), fields, grid, gradients);
    const std::vector<double> clear = fields.clear_intensities();
    add_scaled(sum.mask, part.spectrum, position.weight);
    for (std::size_t s = 0; s < n_points; ++s) {
      sum.power[s] += position.weight * part.weight[s];
      sum.clear[s] += position.weight * clear[s];
    }
  }
  return sum;
}

// The gradient of the mask in its own shape.
void put_mask(const mask::Diffraction& mask, std::vector<Complex>&& values, ImagesAdjoint& result) {
  if (!mask.thick) {
    result.d_mask = std::move(values);
    return;
  }
  auto value = values.begin();
  const auto n_orders = static_cast<std::ptrdiff_t>(mask.amplitudes.size());
  for (const mask::JonesSpectrum& spectrum : mask.thick->spectra) {
    mask::JonesSpectrum& d = result.d_spectra.emplace_back();
    d.sigma_x = spectrum.sigma_x;
    d.sigma_y = spectrum.sigma_y;
    for (auto& element : d.orders) {
      element.assign(value, value + n_orders);
      value += n_orders;
    }
  }
}

}  // namespace

ImagesAdjoint pull_back_images(const mask::Diffraction& diffraction, const illuminator::PupilFill& pupil_fill,
                               const ImagingParameters& parameters, std::span<const ImagePlane> planes,
                               std::span<const Field2D<double>> dl_di) {
  const auto gradients = samples_of_bands(dl_di, diffraction, parameters, planes);

  // I = (sum_s w_s |E_s|^2) / (sum_s w_s c_s)
  AbbeAdjoint sum = abbe_adjoint(diffraction, pupil_fill, parameters, planes, gradients);
  double clear = 0, mean = 0;  // of the open frame; sum of gradient times image
  for (std::size_t s = 0; s < sum.power.size(); ++s) {
    clear += pupil_fill.points[s].weight * sum.clear[s];
    mean += pupil_fill.points[s].weight * sum.power[s];
  }
  mean /= clear;
  for (Complex& value : sum.mask) value /= clear;
  ImagesAdjoint result;
  put_mask(diffraction, std::move(sum.mask), result);
  for (std::size_t s = 0; s < sum.power.size(); ++s)
    result.d_weight.push_back((sum.power[s] - sum.clear[s] * mean) / clear);
  return result;
}

OpticsGradient pull_back_optics(const mask::Diffraction& diffraction,
                                const illuminator::PupilFill& pupil_fill, const ImagingParameters& parameters,
                                std::span<const ImagePlane> planes, std::span<const Field2D<double>> dl_di,
                                std::span<const ZernikeTerm> terms) {
  const auto gradients = samples_of_bands(dl_di, diffraction, parameters, planes);
  const BandGrid grid = band_of(diffraction, parameters).grid();
  std::vector<double> sum(terms.size() + planes.size());
  double clear = 0;
  for (const FieldPosition& position : positions_of(parameters)) {
    const PhaseFields fields(diffraction, pupil_fill, parameters, position, planes, terms);
    const Adjoint part = parameter_adjoint(fields, grid, gradients);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += position.weight * part.spectrum[i].real();
    const std::vector<double> open = fields.clear_intensities();
    for (std::size_t s = 0; s < open.size(); ++s)
      clear += position.weight * pupil_fill.points[s].weight * open[s];
  }
  for (double& value : sum) value /= clear;
  const auto first_plane = sum.begin() + static_cast<std::ptrdiff_t>(terms.size());
  return {.d_aberration = {sum.begin(), first_plane}, .d_focus_nm = {first_plane, sum.end()}};
}

ImagesGradient compute_gradients(
    const mask::Diffraction& diffraction, const illuminator::PupilFill& pupil_fill,
    const ImagingParameters& parameters, std::span<const ImagePlane> planes,
    const std::function<std::vector<Field2D<double>>(std::span<const AerialImage>)>& sensitivity) {
  const SpectralMask light{.diffraction = diffraction};
  std::vector<AerialImage> images = compute_images(std::span(&light, 1), pupil_fill, parameters, planes);
  const std::vector<Field2D<double>> dl_di = sensitivity(images);
  for (std::size_t i = 0; i < std::min(dl_di.size(), images.size()); ++i)
    require_same_grid(dl_di[i].grid(), images[i].intensity.grid(), "compute_gradient");
  ImagesAdjoint adjoint = pull_back_images(diffraction, pupil_fill, parameters, planes, dl_di);
  return {.images = std::move(images),
          .d_mask = std::move(adjoint.d_mask),
          .d_spectra = std::move(adjoint.d_spectra),
          .d_weight = std::move(adjoint.d_weight)};
}

ImageGradient compute_gradient(const mask::Diffraction& diffraction, const illuminator::PupilFill& pupil_fill,
                               const ImagingParameters& parameters,
                               const std::function<Field2D<double>(const AerialImage&)>& sensitivity) {
  const ImagePlane plane{parameters.focus_nm, parameters.depth_nm};
  ImageGradient result;
  switch (parameters.method) {
    case Method::socs: {
      require_method(parameters, diffraction.thick.has_value());
      ImagingParameters optics = parameters;
      if (optics.socs.kernels.empty())
        optics.socs.kernels =
            make_kernels(diffraction.cell, diffraction.max_order_x, diffraction.max_order_y,
                         diffraction.wavelength_nm, pupil_fill, parameters, plane, parameters.socs.n_kernels);
      result.image = compute_aerial_image(diffraction, pupil_fill, optics);
      const Field2D<double> dl_di = sensitivity(result.image);
      require_same_grid(dl_di.grid(), result.image.intensity.grid(), "compute_gradient");
      result.d_mask = socs_adjoint(view_of_orders(diffraction), optics.socs.kernels,
                                   band_of(diffraction, parameters).grid(),
                                   samples_of_band(dl_di, diffraction, parameters))
                          .spectrum;
      return result;
    }
    case Method::abbe:
      break;
  }
  ImagesGradient all = compute_gradients(diffraction, pupil_fill, parameters, std::span(&plane, 1),
                                         [&](std::span<const AerialImage> images) {
                                           return std::vector<Field2D<double>>{sensitivity(images.front())};
                                         });
  return {.image = std::move(all.images.front()),
          .d_mask = std::move(all.d_mask),
          .d_spectra = std::move(all.d_spectra),
          .d_weight = std::move(all.d_weight)};
}

}  // namespace undulith::imaging
