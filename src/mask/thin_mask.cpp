// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/mask/keys.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/mask/polygon_spectrum.hpp"

namespace undulith::mask {

namespace {

// Parameters that not every model has.
void check_thick_only(const layout::Clip& clip, const MaskParameters& parameters) {
  const Model model = model_of(parameters);
  const bool buried = std::ranges::any_of(
      parameters.defects, [](const MaskDefect& defect) { return defect.kind == DefectKind::buried; });
  if (buried && model != Model::multislice)
    throw InputError(
        "mask.defect.kind = \"buried\" (only the multislice model knows the shape of the mirror); set "
        "mask.model = \"multislice\"");
  for (const MaskDefect& defect : parameters.defects) {
    if (defect.kind != DefectKind::buried) continue;
    const auto require_within = [](const char* key, double value, double first, double last) {
      require(value >= first && value <= last, key, value,
              fmt::format("must be within the cell, {:g} to {:g} nm, which repeats", first, last),
              "move it by whole periods");
    };
    require_within("mask.defect.x_nm", defect.x_nm, clip.cell.x0, clip.cell.x1);
    require_within("mask.defect.y_nm", defect.y_nm, clip.cell.y0, clip.cell.y1);
  }
  if (parameters.etch_depth_nm > 0 && !parameters.stack.absorber.empty())
    throw InputError(
        "mask.etch_depth_nm (the mirror is etched where the mask is dark, but an absorber is there); set "
        "absorber = [] in [mask]");
  if (parameters.etch_depth_nm > 0 && model == Model::multislice)
    throw InputError(
        "mask.etch_depth_nm (the multislice model takes the mirror to be flat); set mask.model = "
        "\"rigorous\"");
}

}  // namespace

RegionAmplitudes check_parameters(const layout::Clip& clip, const MaskParameters& parameters,
                                  double wavelength_nm) {
  const double shorter_nm = std::min(clip.cell.width(), clip.cell.height());
  check_ranges(parameters);
  require(std::abs(parameters.edge_bias_nm) <= shorter_nm, "mask.edge_bias_nm", parameters.edge_bias_nm,
          fmt::format("must be at most the shorter side of the cell, {:g} nm, either way", shorter_nm),
          "reduce it");
  require(parameters.corner_rounding_nm <= shorter_nm, "mask.corner_rounding_nm",
          parameters.corner_rounding_nm,
          fmt::format("must be at most the shorter side of the cell, {:g} nm", shorter_nm), "reduce it");
  check_thick_only(clip, parameters);
  const RegionAmplitudes regions = region_amplitudes(parameters, wavelength_nm);
  if (std::abs(regions.open) < 1e-6)
    throw InputError(fmt::format(
        "{}: the opening of the mask reflects nothing (|amplitude| = {:.1e} at {} nm; images are relative to "
        "the open frame); correct it",
        parameters.amplitudes == Amplitudes::given ? "mask.open_amplitude" : "mask.stack",
        std::abs(regions.open), wavelength_nm));
  return regions;
}

Diffraction compute_thin_diffraction(const MaskAsMade& made, const MaskParameters& parameters,
                                     double wavelength_nm, double max_frequency_per_nm) {
  const layout::Clip& clip = made.clip;
  const RegionAmplitudes regions = check_parameters(clip, parameters, wavelength_nm);
  const std::complex<double> absorber = regions.absorber / regions.open;

  Diffraction diffraction{.wavelength_nm = wavelength_nm, .cell = clip.cell, .window = clip.window};
  // An order that lies exactly on the limit counts, whatever the last bit of the product says.
  diffraction.max_order_x =
      static_cast<int>(std::floor(clip.cell.width() * max_frequency_per_nm * (1 + 1e-9)));
  diffraction.max_order_y =
      static_cast<int>(std::floor(clip.cell.height() * max_frequency_per_nm * (1 + 1e-9)));
  diffraction.open_reflectance = std::norm(regions.open);
  diffraction.absorber_reflectance = std::norm(regions.absorber);
  diffraction.absorber_phase_deg = std::arg(absorber) * 180 / constants::kPi;

  const auto half = polygon_spectrum(clip.rings, clip.cell, diffraction.max_order_x, diffraction.max_order_y);

  // Amplitude = background + (shape - background) chi, and chi is real: the other half is the conjugate.
  const bool drawn_is_open = parameters.tone == Tone::dark_field;
  const std::complex<double> shape = drawn_is_open ? 1.0 : absorber,
                             background = drawn_is_open ? absorber : 1.0;
  const std::size_t n_half = half.size();
  const std::size_t row = static_cast<std::size_t>(2 * diffraction.max_order_x + 1);
  diffraction.amplitudes.resize(2 * n_half - row);
  for (std::size_t i = 0; i < n_half; ++i) {
    diffraction.amplitudes[n_half - row + i] = (shape - background) * half[i];
    diffraction.amplitudes[n_half - 1 - i] = (shape - background) * std::conj(half[i]);
  }
  const std::size_t zero_order = n_half - row + static_cast<std::size_t>(diffraction.max_order_x);
  const double drawn_fraction = half[static_cast<std::size_t>(diffraction.max_order_x)].real();
  diffraction.amplitudes[zero_order] = background + (shape - background) * drawn_fraction;
  diffraction.open_area_fraction = drawn_is_open ? drawn_fraction : 1 - drawn_fraction;
  return diffraction;
}

}  // namespace undulith::mask
