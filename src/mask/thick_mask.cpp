// SPDX-License-Identifier: MIT
#include "mask/thick_mask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "mask/directions.hpp"
#include "mask/order_set.hpp"
#include "mask/pattern_coefficients.hpp"
#include "mask/pupil_axes.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/progress_counter.hpp"
#include "undulith/mask/defects.hpp"
#include "undulith/mask/multislice.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;

// What all directions have in common.
struct Scene {
  const MaskGeometry& geometry;
  const Diffraction& frame;
  const MaskParameters& parameters;
  PupilAxes axes;
  optics::FlatStack open;  // the mirror below the height of the absorber
  double wavenumber_per_nm;
  double reference_depth_nm;
  TangentialVector step;  // lambda / period
};

Scene make_scene(const MaskGeometry& geometry, const Diffraction& frame, const MaskParameters& parameters,
                 const MaskOptics& optics) {
  // Vacuum as high as the absorber on the whole mirror.
  std::vector<optics::Film> open_films{{.index = 1.0, .thickness_nm = absorber_thickness_nm(parameters)}};
  const std::vector<optics::Film> mirror = mirror_films(parameters.stack, frame.wavelength_nm);
  open_films.insert(open_films.end(), mirror.begin(), mirror.end());
  return {
      .geometry = geometry,
      .frame = frame,
      .parameters = parameters,
      .axes = PupilAxes(optics, parameters.stack.incidence_deg),
      .open = optics::FlatStack(open_films, geometry.substrate, frame.wavelength_nm),
      .wavenumber_per_nm = 2 * constants::kPi / frame.wavelength_nm,
      .reference_depth_nm = parameters.reference_depth_nm.value_or(
          effective_depth_nm(parameters.stack, optics.design_wavelength_nm > 0 ? optics.design_wavelength_nm
                                                                               : frame.wavelength_nm)),
      .step = {frame.wavelength_nm / geometry.cell.width(), frame.wavelength_nm / geometry.cell.height()}};
}

// Writes orders into the spectrum of one direction.
class SpectrumWriter {
 public:
  SpectrumWriter(const Scene& scene, Sigma sigma)
      : scene_(scene),
        incident_(scene.axes.direction(sigma.x, sigma.y)),
        in_(scene.axes.axes(incident_, PupilAxes::Way::in)) {
    spectrum_.sigma_x = sigma.x;
    spectrum_.sigma_y = sigma.y;
    for (auto& element : spectrum_.orders) element.assign(scene.frame.amplitudes.size(), 0.0);
    write_open();
  }

  [[nodiscard]] TangentialVector incident() const { return incident_; }

  /// Order (m, n) counted from the zero order.
  void write(Order order, const OrderJones& matrix) {
    if (std::abs(order.m) > scene_.frame.max_order_x || std::abs(order.n) > scene_.frame.max_order_y) return;
    const TangentialVector out{incident_.x + order.m * scene_.step.x, incident_.y + order.n * scene_.step.y};
    if (!(normal_part(out) > kGrazing)) return;
    const auto jones = in_pupil(matrix, out);
    for (std::size_t i = 0; i < 4; ++i) spectrum_.orders[i][scene_.frame.index(order.m, order.n)] = jones[i];
  }

  /// The phase of the open frame is taken out of all orders: images do not depend on it, and the rest
  /// changes little with direction and wavelength.
  [[nodiscard]] JonesSpectrum take() {
    const Complex mean = spectrum_.open[0] + spectrum_.open[3];
    const Complex turn = std::abs(mean) > 0 ? std::conj(mean) / std::abs(mean) : 1.0;
    for (Complex& element : spectrum_.open) element *= turn;
    for (auto& element : spectrum_.orders)
      for (Complex& order : element) order *= turn;
    return std::move(spectrum_);
  }

 private:
  // The axes of a wave along the surface are not well defined; the optics do not accept it.
  static constexpr double kGrazing = 1e-3;

  void write_open() {
    const double sine = std::hypot(incident_.x, incident_.y);
    const Complex s = scene_.open.reflection(sine, Polarisation::s),
                  p = scene_.open.reflection(sine, Polarisation::p);
    const double ux = sine > 0 ? incident_.x / sine : 1, uy = sine > 0 ? incident_.y / sine : 0;
    spectrum_.open = in_pupil(
        {s + (p - s) * ux * ux, (p - s) * ux * uy, (p - s) * ux * uy, s + (p - s) * uy * uy}, incident_);
  }

  // In the axes of the pupil, referred to the plane that is imaged, relative to the open frame.
  [[nodiscard]] std::array<Complex, 4> in_pupil(const OrderJones& matrix, TangentialVector out) const {
    auto jones = to_pupil(matrix, in_, out, scene_.axes.axes(out, PupilAxes::Way::back));
    const double path = scene_.reference_depth_nm * (normal_part(incident_) + normal_part(out));
    const Complex factor =
        std::polar(1 / std::sqrt(scene_.frame.open_reflectance), -scene_.wavenumber_per_nm * path);
    for (Complex& element : jones) element *= factor;
    return jones;
  }

  const Scene& scene_;
  TangentialVector incident_;
  PupilAxes::Axes in_;
  JonesSpectrum spectrum_;
};

// Both polarisations of a solver, order by order: s and p of the incident wave to its tangential field.
void write_reflections(const Reflection& of_s, const Reflection& of_p, Order incident,
                       SpectrumWriter& writer) {
  const TangentialVector in = writer.incident();
  const double sine = std::hypot(in.x, in.y), cosine = normal_part(in);
  const double ux = sine > 0 ? in.x / sine : 1, uy = sine > 0 ? in.y / sine : 0;
  for (std::size_t i = 0; i < of_s.orders.size(); ++i) {
    const ReflectedOrder &s = of_s.orders[i], &p = of_p.orders[i];
    // Field of s: (-uy, ux); of p: cosine (ux, uy).
    const Complex xx = -uy * s.ex + ux / cosine * p.ex, xy = ux * s.ex + uy / cosine * p.ex,
                  yx = -uy * s.ey + ux / cosine * p.ey, yy = ux * s.ey + uy / cosine * p.ey;
    writer.write({s.order.m - incident.m, s.order.n - incident.n}, {xx, xy, yx, yy});
  }
}

// Largest difference of an order, over the largest order, of two spectra of the same direction.
double change_between(const JonesSpectrum& a, const JonesSpectrum& b) {
  double change = 0, largest = 0;
  for (std::size_t element = 0; element < 4; ++element)
    for (std::size_t i = 0; i < a.orders[element].size(); ++i) {
      change = std::max(change, std::abs(a.orders[element][i] - b.orders[element][i]));
      largest = std::max(largest, std::abs(b.orders[element][i]));
    }
  return largest > 0 ? change / largest : 0;
}

JonesSpectrum multislice_spectrum(const Scene& scene, Sigma sigma, const MultisliceSolver& solver) {
  SpectrumWriter writer(scene, sigma);
  const int max_x = scene.frame.max_order_x, max_y = scene.frame.max_order_y;
  const MaskJones light = solver.reflect_direction(writer.incident(), max_x, max_y);
  for (int n = -max_y; n <= max_y; ++n)
    for (int m = -max_x; m <= max_x; ++m) writer.write({m, n}, light(m, n));
  return writer.take();
}

// The buried defects as the top of the mirror shows them, mask scale.
std::vector<SurfaceDefect> surface_defects(const Scene& scene, const MaskOptics& optics) {
  std::vector<SurfaceDefect> surface;
  for (const MaskDefect& defect : scene.parameters.defects)
    if (defect.kind == DefectKind::buried)
      surface.push_back(at_top_surface({.x_nm = (defect.x_nm - scene.frame.cell.x0) * optics.magnification_x,
                                        .y_nm = (defect.y_nm - scene.frame.cell.y0) * optics.magnification_y,
                                        .height_nm = defect.height_nm,
                                        .fwhm_nm = defect.width_nm},
                                       scene.parameters.defect_smoothing_nm));
  return surface;
}

void solve_multislice(const Scene& scene, const MaskOptics& optics, const Directions& directions,
                      ThickMask& mask, const Progress& progress) {
  // Pixels at least so fine that they carry every order.
  const double finest_nm = std::min(scene.geometry.cell.width() / (2 * scene.frame.max_order_x + 2),
                                    scene.geometry.cell.height() / (2 * scene.frame.max_order_y + 2));
  MultisliceParameters parameters{.pixel_nm = std::min(scene.parameters.solver.pixel_nm, finest_nm),
                                  .slice_nm = scene.parameters.solver.slice_nm,
                                  .defects = surface_defects(scene, optics),
                                  .precision = scene.parameters.solver.precision};
  const std::size_t count = directions.nodes.size();
  mask.spectra.resize(count);
  mask.report.n_solutions = static_cast<int>(count);
  ProgressCounter counter(progress, count + 1);
  const MultisliceSolver solver(scene.geometry, scene.frame.wavelength_nm, {}, parameters);
  // The first direction once more, with coarser pixels and slices.
  parameters.pixel_nm = std::min(2 * parameters.pixel_nm, finest_nm);
  parameters.slice_nm *= 2;
  JonesSpectrum coarse;
  parallel_for(static_cast<int>(count) + 1, [&](int i) {
    const auto node = static_cast<std::size_t>(i);
    if (node == count) {
      const MultisliceSolver coarser(scene.geometry, scene.frame.wavelength_nm, {}, parameters);
      coarse = multislice_spectrum(scene, directions.nodes.front(), coarser);
    } else {
      mask.spectra[node] = multislice_spectrum(scene, directions.nodes[node], solver);
    }
    counter.add_one();
  });
  mask.report.change = change_between(coarse, mask.spectra.front());
}

// Directions of one Bloch vector, each by its order.
struct BlochGroup {
  TangentialVector bloch;
  std::vector<std::pair<std::size_t, Order>> nodes;
};

std::vector<BlochGroup> group_by_bloch(const MaskGeometry& geometry, const PupilAxes& axes,
                                       const Directions& directions, double wavelength_nm) {
  const Variation variation = variation_of(geometry);
  const TangentialVector step{wavelength_nm / geometry.cell.width(), wavelength_nm / geometry.cell.height()};
  const bool along_x = variation == Variation::x || variation == Variation::both,
             along_y = variation == Variation::y || variation == Variation::both;
  // Whole orders and the rest; rounding must not separate equal Bloch vectors.
  constexpr double kResolution = 1e-9;
  const auto split = [](double value, double unit, bool periodic) {
    if (!periodic) return std::pair(0, value);
    const double whole = std::floor(value / unit + kResolution);
    return std::pair(static_cast<int>(whole), value - whole * unit);
  };
  std::map<std::pair<long long, long long>, std::size_t> numbers;
  std::vector<BlochGroup> groups;
  for (std::size_t i = 0; i < directions.nodes.size(); ++i) {
    const Sigma sigma = directions.nodes[i];
    const TangentialVector t = axes.direction(sigma.x, sigma.y);
    const auto [m, x] = split(t.x, step.x, along_x);
    const auto [n, y] = split(t.y, step.y, along_y);
    const std::pair key{std::llround(x / kResolution), std::llround(y / kResolution)};
    const auto [found, is_new] = numbers.emplace(key, groups.size());
    if (is_new) groups.push_back({.bloch = {x, y}, .nodes = {}});
    groups[found->second].nodes.push_back({i, Order{m, n}});
  }
  return groups;
}

double energy_error(const RigorousSolver& solver, Polarisation polarisation) {
  const EnergyBalance balance = solver.energy_balance({0, 0}, polarisation);
  return std::abs(1 - std::accumulate(balance.absorbed.begin(), balance.absorbed.end(),
                                      balance.reflected + balance.into_films));
}

void solve_rigorous(const Scene& scene, const Directions& directions, ThickMask& mask,
                    const Progress& progress) {
  const double wavelength_nm = scene.frame.wavelength_nm;
  const std::vector<BlochGroup> groups =
      group_by_bloch(scene.geometry, scene.axes, directions, wavelength_nm);
  const SolverParameters& solver = scene.parameters.solver;
  // The chief ray alone decides how many orders are needed.
  const TangentialVector rim = {scene.axes.direction(1, 0).x - scene.axes.chief().x,
                                scene.axes.direction(0, 1).y - scene.axes.chief().y};
  const ConvergedSolver trial =
      solve_to_accuracy(scene.geometry, wavelength_nm, scene.axes.chief(), {0, 0},
                        {.error = solver.max_error,
                         .reach = 1.05 * std::max(rim.x, rim.y) + std::max(scene.step.x, scene.step.y),
                         .max_orders = solver.max_orders});
  ThickMaskReport& report = mask.report;
  report.converged = trial.report.converged;
  report.change = trial.report.change;
  report.n_orders = trial.report.n_orders;
  report.n_solutions = static_cast<int>(groups.size());
  const RigorousSolver with_fields(scene.geometry, wavelength_nm, scene.axes.chief(), trial.report.truncation,
                                   Keep::fields);
  report.energy_error =
      std::max(energy_error(with_fields, Polarisation::s), energy_error(with_fields, Polarisation::p));
  mask.spectra.resize(directions.nodes.size());
  ProgressCounter counter(progress, groups.size());
  parallel_for(static_cast<int>(groups.size()), [&](int i) {
    const BlochGroup& group = groups[static_cast<std::size_t>(i)];
    const RigorousSolver one(scene.geometry, wavelength_nm, group.bloch, trial.report.truncation);
    for (const auto& [node, order] : group.nodes) {
      SpectrumWriter writer(scene, directions.nodes[node]);
      const auto reflect = [&, &order = order](Polarisation polarisation) {
        try {
          return one.reflect(order, polarisation);
        } catch (const InputError&) {
          throw InputError(
              fmt::format("mask.solver.max_orders = {} (too few: the light of some source points is not "
                          "among the {} orders that were kept); make it larger, or mask.solver.max_error "
                          "smaller",
                          solver.max_orders, one.n_orders()));
        }
      };
      write_reflections(reflect(Polarisation::s), reflect(Polarisation::p), order, writer);
      mask.spectra[node] = writer.take();
    }
    counter.add_one();
  });
}

// Light must come in and go out: the optics accept no wave along the surface.
void require_directions(const PupilAxes& axes, const Directions& directions) {
  for (const Sigma sigma : directions.nodes)
    if (const TangentialVector t = axes.direction(sigma.x, sigma.y); !(std::hypot(t.x, t.y) < 0.99))
      throw InputError(fmt::format(
          "mask.stack.incidence_deg (the light of source point ({:.3f}, {:.3f}) meets the mask at more than "
          "80 degrees from its normal); make it or imaging.na smaller, or the reduction larger",
          sigma.x, sigma.y));
}

// The rigorous model shares solutions along the axes of the mask's lattice.
Directions lay(const MaskGeometry& geometry, const MaskParameters& parameters, const MaskOptics& optics,
               double wavelength_nm, const illuminator::PupilFill& pupil_fill) {
  Lattice lattice;
  if (parameters.model == Model::rigorous) {
    const Variation variation = variation_of(geometry);
    if (variation == Variation::x || variation == Variation::both)
      lattice.x = wavelength_nm / geometry.cell.width() * optics.magnification_x / optics.na;
    if (variation == Variation::y || variation == Variation::both)
      lattice.y = wavelength_nm / geometry.cell.height() * optics.magnification_y / optics.na;
  }
  const double step = std::sin(parameters.solver.direction_step_deg * constants::kPi / 180) / optics.na;
  return lay_directions(pupil_fill.points, lattice,
                        {step * optics.magnification_x, step * optics.magnification_y});
}

// Measured on one core at 2.5 GHz: of a solution with N orders in two dimensions N^3 times the first, in one
// N^3 times the second with a part that grows as N^2; of a direction, for each pixel and pass of a slice.
constexpr double kRigorousSeconds = 2.4e-8, kLineSeconds = 1e-8, kOrderSeconds = 1e-6, kPixelSeconds = 9e-10;

MaskPlan plan_rigorous(const MaskGeometry& geometry, const MaskParameters& parameters, MaskPlan plan,
                       double wavelength_nm) {
  const Variation variation = variation_of(geometry);
  const TangentialVector step{wavelength_nm / geometry.cell.width(), wavelength_nm / geometry.cell.height()};
  const int expected = keep_orders(variation, {}, step,
                                   suggested_truncation(geometry, wavelength_nm, parameters.solver.max_error))
                           .size();
  plan.n_orders = std::min(expected, parameters.solver.max_orders);
  const double n = plan.n_orders;
  const double one_s = variation == Variation::both ? kRigorousSeconds * n * n * n
                                                    : kLineSeconds * n * n * n + kOrderSeconds * n * n;
  plan.cpu_s = (plan.n_solutions + 4) * one_s * static_cast<double>(geometry.layers.size());
  const double matrix_mb = 4 * n * n * sizeof(Complex) / 1e6;
  plan.memory_mb += 10 * matrix_mb * thread_count();
  return plan;
}

MaskPlan plan_multislice(const MaskGeometry& geometry, const MaskParameters& parameters, MaskPlan plan) {
  const SolverParameters& p = parameters.solver;
  const double pixels =
      std::ceil(geometry.cell.width() / p.pixel_nm) * std::ceil(geometry.cell.height() / p.pixel_nm);
  double slices = 0;
  for (const PatternedLayer& layer : geometry.layers) slices += std::ceil(layer.thickness_nm / p.slice_nm);
  plan.cpu_s = (plan.n_directions + 1) * slices * pixels * kPixelSeconds * std::log2(pixels + 2);
  // Fields and screens of each thread, as MultisliceSolver keeps them; the pattern.
  const double number = p.precision == Precision::float32 ? sizeof(float) : sizeof(double);
  const double fields = 9 + 4 * static_cast<double>(geometry.layers.size());
  plan.memory_mb += pixels * (2 * number * fields * thread_count() + 6 * sizeof(Complex)) / 1e6;
  return plan;
}

}  // namespace

MaskPlan plan_thick_mask(const MaskGeometry& geometry, const layout::Clip& clip,
                         const MaskParameters& parameters, const MaskOptics& optics,
                         const illuminator::PupilFill& pupil_fill, double wavelength_nm,
                         double max_frequency_per_nm) {
  const Directions directions = lay(geometry, parameters, optics, wavelength_nm, pupil_fill);
  require_directions(PupilAxes(optics, parameters.stack.incidence_deg), directions);
  const double orders = (2 * clip.cell.width() * max_frequency_per_nm + 1) *
                        (2 * clip.cell.height() * max_frequency_per_nm + 1);
  const int n_directions = static_cast<int>(directions.nodes.size());
  const MaskPlan plan{.n_directions = n_directions,
                      .n_solutions = n_directions,
                      .memory_mb = 4 * orders * n_directions * sizeof(Complex) / 1e6};
  switch (parameters.model) {
    case Model::rigorous: {
      MaskPlan rigorous = plan;
      const PupilAxes axes(optics, parameters.stack.incidence_deg);
      rigorous.n_solutions =
          static_cast<int>(group_by_bloch(geometry, axes, directions, wavelength_nm).size());
      return plan_rigorous(geometry, parameters, rigorous, wavelength_nm);
    }
    case Model::multislice:
    case Model::thin:
      break;
  }
  return plan_multislice(geometry, parameters, plan);
}

ThickMask solve_thick_mask(const MaskGeometry& geometry, const Diffraction& frame,
                           const MaskParameters& parameters, const MaskOptics& optics,
                           const illuminator::PupilFill& pupil_fill, const Progress& progress) {
  const Scene scene = make_scene(geometry, frame, parameters, optics);
  Directions directions = lay(geometry, parameters, optics, frame.wavelength_nm, pupil_fill);
  require_directions(scene.axes, directions);

  ThickMask mask{.report = {.n_directions = static_cast<int>(directions.nodes.size()),
                            .step_x_sigma = directions.step_x,
                            .step_y_sigma = directions.step_y,
                            .sublattices_x = directions.sublattices_x,
                            .sublattices_y = directions.sublattices_y,
                            .on_lattice_x = directions.on_lattice_x,
                            .on_lattice_y = directions.on_lattice_y,
                            .reference_depth_nm = scene.reference_depth_nm}};
  mask.shares = std::move(directions.shares);
  switch (parameters.model) {
    case Model::rigorous:
      solve_rigorous(scene, directions, mask, progress);
      break;
    case Model::multislice:
    case Model::thin:
      solve_multislice(scene, optics, directions, mask, progress);
      break;
  }
  return mask;
}

}  // namespace undulith::mask
