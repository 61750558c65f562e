// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/require.hpp"
#include "undulith/illuminator/facets.hpp"

namespace undulith::illuminator {
namespace {

struct CoherenceTime {
  double time_fs = 0, length_um = 0;  // 0: not known
};

/// As given by the source, else lambda^2/(c width).
CoherenceTime coherence_of(const source::SourceOutput& light) {
  const source::Coherence& c = light.coherence;
  CoherenceTime known{.time_fs = c.coherence_time_fs, .length_um = c.coherence_length_um};
  constexpr double kMicrometreAFemtosecond = constants::kSpeedOfLight * 1e-9;
  if (!(known.length_um > 0) && known.time_fs > 0) known.length_um = known.time_fs * kMicrometreAFemtosecond;
  if (!(known.length_um > 0) && light.bandwidth_fwhm_percent > 0)
    known.length_um = 1e-3 * light.wavelength_nm / (0.01 * light.bandwidth_fwhm_percent);
  if (!(known.time_fs > 0) && known.length_um > 0) known.time_fs = known.length_um / kMicrometreAFemtosecond;
  return known;
}

/// Time within an exposure in which there is light; pulses of unknown length count once each.
double lit_time_fs(const source::TimeStructure& time, double exposure_s, double coherence_time_fs) {
  if (!time.pulsed) return 1e15 * exposure_s;
  const double pulses = std::max(1.0, exposure_s * time.repetition_rate_hz);
  return pulses * (time.pulse_length_fs > 0 ? time.pulse_length_fs : coherence_time_fs);
}

}  // namespace

Etendue compare_etendue(const source::SourceOutput& light, const ArcSlit& slit, double na,
                        double fill_ratio) {
  require_in(Range::above(0, 1e6), "width_mm of the slit", slit.width_mm, "use 26");
  require_in(Range::above(0, 1e6), "height_mm of the slit", slit.height_mm, "use 2");
  require(slit.radius_mm == 0 || (std::isfinite(slit.radius_mm) && 2 * slit.radius_mm >= slit.width_mm),
          "radius_mm of the slit", slit.radius_mm, "must be 0, or at least half the width of the slit",
          "use 0");
  require_in(Range::open(0, 4), "imaging.na", na, "use 0.33");
  constexpr double kRounding = 1e-9;  // of a sum of areas
  require_in(Range::closed(0, 1 + kRounding), "fill_ratio of the pupil", fill_ratio, "check the illuminator");
  const double mode_mm2_sr = light.wavelength_nm * light.wavelength_nm * 1e-12;  // lambda^2
  Etendue etendue;
  etendue.needed_mm2_sr = slit.width_mm * slit.height_mm * constants::kPi * na * na * fill_ratio;
  etendue.needed_modes = etendue.needed_mm2_sr / mode_mm2_sr;
  etendue.source_modes = light.coherence.n_modes_x * light.coherence.n_modes_y;
  etendue.source_mm2_sr = etendue.source_modes * mode_mm2_sr;
  // A list of points has no area (fill ratio 0), so the filling is not known.
  if (etendue.needed_mm2_sr > 0 && etendue.source_mm2_sr > etendue.needed_mm2_sr)
    etendue.geometric_transmission = etendue.needed_mm2_sr / etendue.source_mm2_sr;
  return etendue;
}

Speckle estimate_speckle(const source::SourceOutput& light, int n_facets, double path_difference_um,
                         double exposure_s) {
  require(n_facets >= 1, "n_facets", n_facets, "must be >= 1", "use the number of field facets in use");
  require_in(kPathDifferenceUm, "facets.path_difference_um", path_difference_um, "use 1000");
  require_in(Range::closed(0, 1e100), "exposure_s", exposure_s, "use 0.003");
  const CoherenceTime coherence = coherence_of(light);
  const bool known = coherence.length_um > 0;
  const bool delayed = known && path_difference_um > coherence.length_um;
  const double modes = std::max(1.0, light.coherence.n_modes_x * light.coherence.n_modes_y);

  Speckle speckle;
  speckle.coherence_known = known || light.spectrum_width == source::SpectrumWidth::known;
  speckle.n_space = std::max(modes, delayed ? static_cast<double>(n_facets) : 1.0);
  const optics::Stokes& s = light.stokes;
  const double degree2 = std::min(1.0, (s.s1 * s.s1 + s.s2 * s.s2 + s.s3 * s.s3) / (s.s0 * s.s0));
  speckle.n_polarisation = 2 / (1 + degree2);
  // Contributions that arrive within the coherence time interfere in the same way at all times.
  if (delayed)
    speckle.n_time =
        std::max(1.0, lit_time_fs(light.time, exposure_s, coherence.time_fs) / coherence.time_fs);
  speckle.contrast = 1 / std::sqrt(speckle.n_space * speckle.n_polarisation * speckle.n_time);

  const std::string counts = fmt::format(
      "Contrast {:.2g} counts {:.3g} patterns in space ({}), {:.3g} of polarisation, {:.3g} in time",
      speckle.contrast, speckle.n_space,
      modes >= speckle.n_space && modes > 1 ? "modes of the source"
      : delayed                             ? "facets"
                                            : "facets coherent with each other",
      speckle.n_polarisation, speckle.n_time);
  if (delayed) {
    speckle.assumption = fmt::format(
        "{}; it takes them to be independent because facets are {:.4g} um apart in path, more than the "
        "coherence length of {:.3g} um, and leaves out speckle from within one facet.",
        counts, path_difference_um, coherence.length_um);
  } else if (known) {
    speckle.assumption = fmt::format(
        "{}; an upper bound: the path differences of {:.4g} um are within the coherence length of {:.3g} um, "
        "so time does not average, and only optics that move during the exposure do.",
        counts, path_difference_um, coherence.length_um);
  } else {
    speckle.assumption = counts +
                         "; an upper bound: the coherence time of the source is not known, and light of "
                         "unlimited coherence is assumed.";
  }
  return speckle;
}

}  // namespace undulith::illuminator
