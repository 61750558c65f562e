// SPDX-License-Identifier: MIT
#include "mask/thick_scene.hpp"

#include <algorithm>
#include <cmath>

#include "mask/mask_geometry.hpp"
#include "mask/thick_mask.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/mask/defects.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;

// The axes of a wave along the surface are not well defined; the optics do not accept it.
constexpr double kGrazing = 1e-3;

// The buried defects as the top of the mirror shows them, mask scale.
std::vector<SurfaceDefect> surface_defects(const ThickScene& scene) {
  std::vector<SurfaceDefect> surface;
  for (const MaskDefect& defect : scene.parameters.defects)
    if (defect.kind == DefectKind::buried)
      surface.push_back(
          at_top_surface({.x_nm = (defect.x_nm - scene.frame.cell.x0) * scene.optics.magnification_x,
                          .y_nm = (defect.y_nm - scene.frame.cell.y0) * scene.optics.magnification_y,
                          .height_nm = defect.height_nm,
                          .fwhm_nm = defect.width_nm},
                         scene.parameters.defect_smoothing_nm));
  return surface;
}

}  // namespace

ThickScene make_scene(const MaskGeometry& geometry, std::span<const PatternSpectrum> patterns,
                      const Diffraction& frame, const MaskParameters& parameters, const MaskOptics& optics,
                      SharedMirror mirror) {
  if (mirror == nullptr && model_of(parameters) == Model::multislice)
    mirror = tabulate_mirror(geometry.films, geometry.substrate, frame.wavelength_nm);
  // Vacuum as high as the absorber on the whole mirror.
  std::vector<optics::Film> open_films{{.index = 1.0, .thickness_nm = absorber_thickness_nm(parameters)}};
  const std::vector<optics::Film> films = mirror_films(parameters.stack, frame.wavelength_nm);
  open_films.insert(open_films.end(), films.begin(), films.end());
  return {.geometry = geometry,
          .patterns = patterns,
          .frame = frame,
          .parameters = parameters,
          .optics = optics,
          .axes = PupilAxes(optics, parameters.stack.incidence_deg),
          .open = optics::FlatStack(open_films, geometry.substrate, frame.wavelength_nm),
          .wavenumber_per_nm = 2 * constants::kPi / frame.wavelength_nm,
          .reference_depth_nm = parameters.reference_depth_nm.value_or(effective_depth_nm(
              parameters.stack,
              optics.design_wavelength_nm > 0 ? optics.design_wavelength_nm : frame.wavelength_nm)),
          .step = {frame.wavelength_nm / geometry.cell.width(), frame.wavelength_nm / geometry.cell.height()},
          .mirror = std::move(mirror)};
}

SpectrumWriter::SpectrumWriter(const ThickScene& scene, Sigma sigma)
    : scene_(scene),
      incident_(scene.axes.direction(sigma.x, sigma.y)),
      in_(scene.axes.axes(incident_, PupilAxes::Way::in)) {
  spectrum_.sigma_x = sigma.x;
  spectrum_.sigma_y = sigma.y;
  for (auto& element : spectrum_.orders) element.assign(scene.frame.amplitudes.size(), 0.0);
  write_open();
}

TangentialVector SpectrumWriter::direction(Order order) const {
  return {incident_.x + order.m * scene_.step.x, incident_.y + order.n * scene_.step.y};
}

void SpectrumWriter::write(Order order, const OrderJones& matrix) {
  if (std::abs(order.m) > scene_.frame.max_order_x || std::abs(order.n) > scene_.frame.max_order_y) return;
  const TangentialVector out = direction(order);
  if (!(normal_part(out) > kGrazing)) return;
  const auto jones = in_pupil(matrix, out);
  for (std::size_t i = 0; i < 4; ++i) spectrum_.orders[i][scene_.frame.index(order.m, order.n)] = jones[i];
}

Complex SpectrumWriter::turn() const {
  const Complex mean = spectrum_.open[0] + spectrum_.open[3];
  return std::abs(mean) > 0 ? std::conj(mean) / std::abs(mean) : 1.0;
}

JonesSpectrum SpectrumWriter::take() {
  const Complex turned = turn();
  for (Complex& element : spectrum_.open) element *= turned;
  for (auto& element : spectrum_.orders)
    for (Complex& order : element) order *= turned;
  return std::move(spectrum_);
}

MaskJones SpectrumWriter::pull_back(const JonesSpectrum& d) const {
  const int max_x = scene_.frame.max_order_x, max_y = scene_.frame.max_order_y;
  const Complex turned = turn();
  MaskJones pulled{.max_order_x = max_x, .max_order_y = max_y, .orders = {}};
  for (int n = -max_y; n <= max_y; ++n)
    for (int m = -max_x; m <= max_x; ++m) {
      OrderJones& order = pulled.orders.emplace_back();
      const TangentialVector out = direction({m, n});
      std::array<Complex, 4> jones;
      for (std::size_t i = 0; i < 4; ++i) jones[i] = d.orders[i][scene_.frame.index(m, n)];
      const bool is_none = std::ranges::all_of(jones, [](Complex value) { return value == 0.0; });
      if (is_none || !(normal_part(out) > kGrazing)) continue;
      const Complex scale = std::conj(turned * factor(out));
      for (Complex& element : jones) element *= scale;
      order = pull_from_pupil(jones, in_, out, scene_.axes.axes(out, PupilAxes::Way::back));
    }
  return pulled;
}

void SpectrumWriter::write_open() {
  const double sine = std::hypot(incident_.x, incident_.y);
  const Complex s = scene_.open.reflection(sine, Polarisation::s),
                p = scene_.open.reflection(sine, Polarisation::p);
  const double ux = sine > 0 ? incident_.x / sine : 1, uy = sine > 0 ? incident_.y / sine : 0;
  spectrum_.open = in_pupil(
      {s + (p - s) * ux * ux, (p - s) * ux * uy, (p - s) * ux * uy, s + (p - s) * uy * uy}, incident_);
}

Complex SpectrumWriter::factor(TangentialVector out) const {
  const double path = scene_.reference_depth_nm * (normal_part(incident_) + normal_part(out));
  return std::polar(1 / std::sqrt(scene_.frame.open_reflectance), -scene_.wavenumber_per_nm * path);
}

std::array<Complex, 4> SpectrumWriter::in_pupil(const OrderJones& matrix, TangentialVector out) const {
  auto jones = to_pupil(matrix, in_, out, scene_.axes.axes(out, PupilAxes::Way::back));
  const Complex scale = factor(out);
  for (Complex& element : jones) element *= scale;
  return jones;
}

MultisliceParameters slices_of(const ThickScene& scene, double pixels, double slices) {
  // Pixels at least so fine that they carry every order, and the narrowest bump.
  double finest_nm = std::min(scene.geometry.cell.width() / (2 * scene.frame.max_order_x + 2),
                              scene.geometry.cell.height() / (2 * scene.frame.max_order_y + 2));
  const SolverParameters& solver = scene.parameters.solver;
  std::vector<SurfaceDefect> defects = surface_defects(scene);
  if (pixels > 1)
    for (const SurfaceDefect& defect : defects)
      finest_nm = std::min(finest_nm, std::max(defect.fwhm_nm, solver.pixel_nm));
  return {.pixel_nm = std::min(pixels * solver.pixel_nm, finest_nm),
          .slice_nm = slices * solver.slice_nm,
          .defects = std::move(defects),
          .precision = solver.precision,
          .mirror = scene.mirror};
}

MultisliceParameters quick_slices_of(const ThickScene& scene) {
  return slices_of(scene, kQuickPixels, kQuickSlices);
}

MultisliceSolver make_solver(const ThickScene& scene, const MultisliceParameters& parameters) {
  if (scene.patterns.empty())
    return {scene.geometry, scene.frame.wavelength_nm, TangentialVector{}, parameters};
  return {scene.geometry, scene.patterns, scene.frame.wavelength_nm, parameters};
}

}  // namespace undulith::mask
