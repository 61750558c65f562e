// SPDX-License-Identifier: MIT
#include "undulith/imaging/gradient.hpp"

#include <stdexcept>

#include "imaging/image_grid.hpp"
#include "imaging/point_fields.hpp"
#include "imaging/socs_image.hpp"
#include "undulith/core/error.hpp"
#include "undulith/imaging/socs.hpp"

namespace undulith::imaging {
namespace {

void add_scaled(std::vector<std::complex<double>>& sum, const std::vector<std::complex<double>>& part,
                double scale) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += scale * part[i];
}

}  // namespace

ImageGradient compute_gradient(const mask::Diffraction& diffraction, const illuminator::PupilFill& pupil_fill,
                               const ImagingParameters& parameters,
                               const std::function<Field2D<double>(const AerialImage&)>& sensitivity) {
  if (diffraction.thick)
    throw InputError(
        "the gradient needs a mask whose spectrum is the same for all directions of the light, and this one "
        "is not; use mask.model = \"thin\"");
  const Box& cell = diffraction.cell;
  const SpectrumView spectrum{diffraction.amplitudes, diffraction.max_order_x, diffraction.max_order_y};
  const ImagePlane plane{parameters.focus_nm, parameters.depth_nm};

  ImagingParameters optics = parameters;
  if (optics.method == Method::socs && optics.socs.kernels.empty())
    optics.socs.kernels =
        make_kernels(cell, spectrum.max_order_x, spectrum.max_order_y, diffraction.wavelength_nm, pupil_fill,
                     parameters, plane, parameters.socs.n_kernels);
  ImageGradient result;
  result.image = compute_aerial_image(diffraction, pupil_fill, optics);
  const Field2D<double> dl_di = sensitivity(result.image);
  require_same_grid(dl_di.grid(), result.image.intensity.grid(), "compute_gradient");

  // From the output grid to the samples of the band-limited grid, relative to the open frame.
  const BandLimits band = band_limits(cell, parameters.na / diffraction.wavelength_nm);
  const BandGrid grid = band.grid();
  const OutputRange output = output_range(cell, diffraction.window, parameters.output_pitch_nm);
  const std::vector<double> gradient =
      math::sample_cell_adjoint(dl_di.values(), output.x, output.y, grid.nx, grid.ny, band.max_order_x,
                                band.max_order_y, blur_of(cell, parameters));

  result.d_mask.resize(spectrum.values.size());
  switch (parameters.method) {
    case Method::socs:
      result.d_mask = socs_adjoint(spectrum, optics.socs.kernels, grid, gradient).spectrum;
      return result;
    case Method::abbe:
      break;
  }
  // I = (sum_s w_s |E_s|^2) / (sum_s w_s c_s)
  const std::vector<FieldPosition> positions =
      parameters.field_positions.empty() ? std::vector<FieldPosition>(1) : parameters.field_positions;
  std::vector<double> power(pupil_fill.points.size()), clear_of_point(pupil_fill.points.size());
  for (const FieldPosition& position : positions) {
    const PointFields fields(cell, diffraction.wavelength_nm, pupil_fill, parameters, position,
                             std::span(&plane, 1));
    const Adjoint part = adjoint(spectrum, fields, grid, std::span(&gradient, 1));
    const std::vector<double> clear = fields.clear_intensities();
    add_scaled(result.d_mask, part.spectrum, position.weight);
    for (std::size_t s = 0; s < power.size(); ++s) {
      power[s] += position.weight * part.weight[s];
      clear_of_point[s] += position.weight * clear[s];
    }
  }
  double clear = 0, mean = 0;  // of the open frame; sum of gradient times image
  for (std::size_t s = 0; s < power.size(); ++s) {
    clear += pupil_fill.points[s].weight * clear_of_point[s];
    mean += pupil_fill.points[s].weight * power[s];
  }
  mean /= clear;
  for (std::complex<double>& value : result.d_mask) value /= clear;
  for (std::size_t s = 0; s < power.size(); ++s)
    result.d_weight.push_back((power[s] - clear_of_point[s] * mean) / clear);
  return result;
}

}  // namespace undulith::imaging
