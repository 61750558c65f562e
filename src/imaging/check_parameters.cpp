// SPDX-License-Identifier: MIT
#include "imaging/check_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "imaging/pupil.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/imaging/keys.hpp"
#include "undulith/math/vector_width.hpp"

namespace undulith::imaging {
namespace {

// Numbers that may be NaN are compared by std::isgreater and its like, which raise no floating-point
// exception.

// Fully polarised light may exceed s0 by rounding.
constexpr double kStokesTolerance = 1e-6;
// A convolved map of clear shares may leave [0, 1] by rounding.
constexpr double kDensityTolerance = 1e-9;

void require_finite(double value, const char* name) {
  require_in(Range{}, name, value, "give a finite number");
}

void require_optics(const ImagingParameters& p, double wavelength_nm) {
  require_in(Range::above(0, 1e6), "source.wavelength_nm", wavelength_nm, "use 13.5");
  check_ranges(p);
  require(p.na < p.medium_index, "imaging.na", p.na,
          fmt::format("must be below imaging.medium_index = {}", p.medium_index), "use 0.33 or 0.55");
  if (p.obliquity == Obliquity::radiometric)
    for (const auto& [m, axis] : {std::pair{p.magnification_x, 'x'}, std::pair{p.magnification_y, 'y'}})
      require(p.na < m, fmt::format("imaging.magnification_{}", axis), m,
              fmt::format(
                  "must be above imaging.na = {}: light cannot leave the mask at more than 90 degrees", p.na),
              "use 4");
  require_in(Range::open(-90, 90), "imaging.chief_ray_deg", p.chief_ray_deg, "use 6");
}

void require_depth(double depth_nm, const ImagingParameters& p) {
  require(!p.films.empty() || depth_nm == 0, "imaging.depth_nm", depth_nm, "there are no films on the wafer",
          "give [[imaging.film]]");
  require_in(kDepthNm, "imaging.depth_nm", depth_nm, "measure it from the top of the first film");
}

void require_details(const ImagingParameters& p) {
  require_in(kScatter, "imaging.flare.tis", p.flare.tis, "use 0.03");
  require_in(Range::closed(-kDensityTolerance, 1 + kDensityTolerance), "imaging.flare.clear_density",
             p.flare.clear_density.value_or(0), "give a share in [0, 1]");
  require_in(Range::closed(0, 1e6), "wavefront_wavelength_nm", p.wavefront_wavelength_nm,
             "use 0 for that of the image");
  require_depth(p.depth_nm, p);
}

// Terms, maps, coatings, positions and films; what their numbers are made into refuses the rest.
void require_pupil(const ImagingParameters& p, double wavelength_nm) {
  for (const ProjectionMirror& mirror : p.mirrors)
    require(mirror.incidence_deg + std::abs(mirror.spread_deg) < 90, "imaging.mirror.incidence_deg",
            mirror.incidence_deg,
            fmt::format("with spread_deg = {} must stay in [0, 90) all over the pupil", mirror.spread_deg),
            "make them smaller");
  static_cast<void>(Projection(p, wavelength_nm, {}));
  for (const FieldPosition& position : p.field_positions) {
    require_in(kSlitWeight, "imaging.slit_weight", position.weight, "leave the position out instead");
    require_finite(position.chief_ray_azimuth_deg, "chief_ray_azimuth_deg of a slit position");
    check_each(position.aberrations, aberration_keys(), "imaging.aberration");
    static_cast<void>(optics::Wavefront(position.aberrations));
  }
  if (!p.films.empty()) static_cast<void>(FilmRotation(p, wavelength_nm, p.depth_nm));
}

void require_illumination(const ImagingParameters& p, const illuminator::PupilFill& fill) {
  for (const illuminator::SourcePoint& point : fill.points) {
    if (!std::islessequal(std::hypot(point.sigma_x, point.sigma_y), 1 + kRimTolerance))
      throw InputError(
          fmt::format("a source point lies at sigma ({:.6g}, {:.6g}) (must be within the unit disc); move it "
                      "inwards",
                      point.sigma_x, point.sigma_y));
    if (!(std::isfinite(point.weight) && point.weight > 0))
      throw InputError(
          fmt::format("a source point has the weight {} (must be > 0); leave it out", point.weight));
    const optics::Stokes& s = point.stokes;
    if (!(std::isgreater(s.s0, 0) &&
          std::islessequal(std::hypot(s.s1, s.s2, s.s3), s.s0 * (1 + kStokesTolerance))))
      throw InputError(fmt::format(
          "a source point has the Stokes vector [{}, {}, {}, {}] (degree of polarisation above 1); divide s1, s2 and s3 by it",
          s.s0, s.s1, s.s2, s.s3));
  }
  if (!fill.points.empty() && hidden_share(p, fill) >= 1)
    throw InputError(fmt::format(
        "imaging.obscuration_radius = {} (the zero order of every source point falls into the obscuration, so "
        "that no light of the open frame reaches the wafer); make illuminator.sigma_outer larger than {:.4g}, "
        "or the obscuration smaller",
        p.obscuration.radius, p.obscuration.radius * std::max(1.0, p.obscuration.aspect)));
}

}  // namespace

double hidden_share(const ImagingParameters& parameters, const illuminator::PupilFill& fill) {
  const Obscuration& hole = parameters.obscuration;
  if (hole.radius <= 0) return 0;
  const double radius = hole.radius * (1 - kRimTolerance);
  double hidden = 0, sum = 0;
  for (const illuminator::SourcePoint& point : fill.points) {
    const double x = point.sigma_x / radius, y = point.sigma_y / (radius * hole.aspect);
    const bool is_hidden =
        hole.shape == ObscurationShape::rectangle ? x * x < 1 && y * y < 1 : x * x + y * y < 1;
    (is_hidden ? hidden : sum) += point.weight;
  }
  return hidden / (hidden + sum);
}

void require_valid(const ImagingParameters& parameters, double wavelength_nm,
                   const illuminator::PupilFill& pupil_fill) {
  static_cast<void>(math::vector_width());  // refuses a width that the user asks for and the processor lacks
  require_optics(parameters, wavelength_nm);
  require_details(parameters);
  require_pupil(parameters, wavelength_nm);
  require_illumination(parameters, pupil_fill);
}

void require_valid(std::span<const ImagePlane> planes, const ImagingParameters& parameters) {
  if (planes.empty()) throw std::invalid_argument("compute_images: no plane");
  for (const ImagePlane& plane : planes) {
    require_finite(plane.focus_nm, "imaging.focus_nm");
    require_depth(plane.depth_nm, parameters);
  }
}

}  // namespace undulith::imaging
