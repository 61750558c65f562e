#include "imaging/check_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "imaging/pupil.hpp"
#include "undulith/core/error.hpp"

namespace undulith::imaging {
namespace {

// Numbers that may be NaN are compared by std::isgreater and its like, which raise no floating-point
// exception.

// Fully polarised light may exceed s0 by rounding.
constexpr double kStokesTolerance = 1e-6;
// A convolved map of clear shares may leave [0, 1] by rounding.
constexpr double kDensityTolerance = 1e-9;

void require_finite(double value, const char* key) {
  if (!std::isfinite(value))
    throw InputError(fmt::format("{} = {} (must be a finite number); mend it", key, value));
}

void require_positive(double value, const char* key, const char* advice) {
  if (!(std::isfinite(value) && value > 0))
    throw InputError(fmt::format("{} = {} (must be > 0); {}", key, value, advice));
}

void require_optics(const ImagingParameters& p, double wavelength_nm) {
  require_positive(wavelength_nm, "source.wavelength_nm", "use 13.5");
  if (!(std::isfinite(p.medium_index) && p.medium_index >= 1))
    throw InputError(
        fmt::format("imaging.medium_index = {} (must be >= 1); use 1 for vacuum", p.medium_index));
  if (!std::isgreater(p.na, 0))
    throw InputError(fmt::format("imaging.na = {} (must be > 0); use 0.33 or 0.55", p.na));
  if (!std::isless(p.na, p.medium_index))
    throw InputError(fmt::format(
        "imaging.na = {} (must be below imaging.medium_index = {}); use 0.33 or 0.55", p.na, p.medium_index));
  require_positive(p.magnification_x, "imaging.magnification_x", "use 4");
  require_positive(p.magnification_y, "imaging.magnification_y", "use 4, or 8 at NA 0.55");
  if (p.obliquity == Obliquity::radiometric)
    for (const auto& [m, axis] : {std::pair{p.magnification_x, 'x'}, std::pair{p.magnification_y, 'y'}})
      if (!std::isless(p.na, m))
        throw InputError(fmt::format(
            "imaging.magnification_{} = {} (must be above imaging.na = {}: light cannot leave the "
            "mask at more than 90 degrees); use 4",
            axis, m, p.na));
  if (!std::isless(std::abs(p.chief_ray_deg), 90))
    throw InputError(
        fmt::format("imaging.chief_ray_deg = {} (must be between -90 and 90); use 6", p.chief_ray_deg));
  require_finite(p.chief_ray_azimuth_deg, "imaging.chief_ray_azimuth_deg");
  require_finite(p.mask_height_nm, "imaging.mask_height_nm");
  require_finite(p.focus_nm, "imaging.focus_nm");
  const Obscuration& hole = p.obscuration;
  if (!(std::isgreaterequal(hole.radius, 0) && hole.radius < 1))
    throw InputError(
        fmt::format("imaging.obscuration_radius = {} (must be in [0, 1): a share of the aperture); use 0.2",
                    hole.radius));
  require_positive(hole.aspect, "imaging.obscuration_aspect", "use 1");
}

void require_depth(double depth_nm, const ImagingParameters& p) {
  if (p.films.empty() && depth_nm != 0)
    throw InputError(fmt::format(
        "imaging.depth_nm = {} (there are no films on the wafer); give [[imaging.film]]", depth_nm));
  if (!(std::isfinite(depth_nm) && depth_nm >= 0))
    throw InputError(
        fmt::format("imaging.depth_nm = {} (must be >= 0, from the top of the first film)", depth_nm));
}

void require_details(const ImagingParameters& p) {
  require_positive(p.output_pitch_nm, "imaging.output_pitch_nm", "use 1");
  for (const auto& [value, key] : {std::pair{p.vibration_x_nm, "imaging.vibration_x_nm"},
                                   std::pair{p.vibration_y_nm, "imaging.vibration_y_nm"}})
    if (!(std::isfinite(value) && value >= 0))
      throw InputError(
          fmt::format("{} = {} (a standard deviation, must be >= 0); use 0 for none", key, value));
  if (!(std::isgreaterequal(p.flare.tis, 0) && p.flare.tis < 1))
    throw InputError(fmt::format("imaging.flare.tis = {} (must be in [0, 1)); use 0.03", p.flare.tis));
  if (const double density = p.flare.clear_density.value_or(0);
      !(std::isgreaterequal(density, -kDensityTolerance) && density <= 1 + kDensityTolerance))
    throw InputError(fmt::format("imaging.flare.clear_density = {} (a share, must be in [0, 1])", density));
  if (!(std::isfinite(p.wavefront_wavelength_nm) && p.wavefront_wavelength_nm >= 0))
    throw InputError(fmt::format("wavefront_wavelength_nm = {} (must be >= 0); use 0 for that of the image",
                                 p.wavefront_wavelength_nm));
  require_depth(p.depth_nm, p);
  if (p.method == Method::socs && !std::isgreater(p.socs.requested_error, 0) && p.socs.n_kernels < 1)
    throw InputError(fmt::format("imaging.n_kernels = {} (must be >= 1); use 24", p.socs.n_kernels));
  if (!std::isgreaterequal(p.socs.requested_error, 0))
    throw InputError(
        fmt::format("imaging.socs_error = {} (must be >= 0); use 0.001", p.socs.requested_error));
}

// Terms, maps, coatings, positions and films; what their numbers are made into refuses the rest.
void require_pupil(const ImagingParameters& p, double wavelength_nm) {
  const auto require_waves = [](const std::vector<ZernikeTerm>& terms) {
    for (const ZernikeTerm& term : terms) require_finite(term.waves, "imaging.aberration.waves");
  };
  require_waves(p.aberrations);
  for (const JonesTerm& term : p.jones) {
    if (term.pauli < 0 || term.pauli > 3)
      throw InputError(fmt::format("imaging.jones.pauli = {} (must be 0, 1, 2 or 3)", term.pauli));
    require_finite(std::abs(term.coefficient), "imaging.jones.coefficient");
  }
  for (const ProjectionMirror& mirror : p.mirrors) {
    if (!(std::isgreaterequal(mirror.incidence_deg, 0) &&
          std::isless(mirror.incidence_deg + std::abs(mirror.spread_deg), 90)))
      throw InputError(
          fmt::format("imaging.mirror.incidence_deg = {} (with spread_deg = {}: must stay in [0, 90) all "
                      "over the pupil); make them smaller",
                      mirror.incidence_deg, mirror.spread_deg));
    require_finite(mirror.azimuth_deg, "imaging.mirror.azimuth_deg");
  }
  static_cast<void>(Projection(p, wavelength_nm, {}));
  for (const FieldPosition& position : p.field_positions) {
    require_positive(position.weight, "imaging.slit_weight", "leave the position out instead");
    require_finite(position.chief_ray_azimuth_deg, "chief_ray_azimuth_deg of a slit position");
    require_waves(position.aberrations);
    static_cast<void>(optics::Wavefront(position.aberrations));
  }
  if (!p.films.empty()) static_cast<void>(FilmRotation(p, wavelength_nm, p.depth_nm));
}

void require_lit(const ImagingParameters& p, const illuminator::PupilFill& fill) {
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
          "a source point has the Stokes vector [{}, {}, {}, {}] (more polarised light than light); mend it",
          s.s0, s.s1, s.s2, s.s3));
  }
  if (p.obscuration.radius <= 0) return;
  const double radius = p.obscuration.radius * (1 - kRimTolerance);
  const auto hidden = std::ranges::count_if(fill.points, [&](const illuminator::SourcePoint& point) {
    const double x = point.sigma_x / radius, y = point.sigma_y / (radius * p.obscuration.aspect);
    return p.obscuration.shape == ObscurationShape::rectangle ? x * x < 1 && y * y < 1 : x * x + y * y < 1;
  });
  if (hidden > 0)
    throw InputError(fmt::format(
        "imaging.obscuration_radius = {} (the zero order of {} of {} source points falls into the "
        "obscuration and is lost); keep the source outside it, for example illuminator.sigma_inner "
        "= {}, or make the obscuration smaller",
        p.obscuration.radius, hidden, fill.points.size(),
        p.obscuration.radius * std::max(1.0, p.obscuration.aspect)));
}

}  // namespace

void require_valid(const ImagingParameters& parameters, double wavelength_nm,
                   const illuminator::PupilFill& pupil_fill) {
  require_optics(parameters, wavelength_nm);
  require_details(parameters);
  require_pupil(parameters, wavelength_nm);
  require_lit(parameters, pupil_fill);
}

void require_valid(std::span<const ImagePlane> planes, const ImagingParameters& parameters) {
  if (planes.empty()) throw std::invalid_argument("compute_images: no plane");
  for (const ImagePlane& plane : planes) {
    require_finite(plane.focus_nm, "imaging.focus_nm");
    require_depth(plane.depth_nm, parameters);
  }
}

}  // namespace undulith::imaging
