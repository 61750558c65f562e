// SPDX-License-Identifier: MIT
// Multi-slice masks of Fourier coefficients, and gradients through all directions of a source.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>

#include "undulith/core/error.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/pattern_mask.hpp"
#include "undulith/mask/polygon_spectrum.hpp"

namespace {

using namespace undulith;
using namespace undulith::mask;
using Complex = std::complex<double>;

constexpr double kWavelengthNm = 13.5, kCutoffPerNm = 1.8 * 0.33 / 13.5;
// Central differences of fourth order; steps in nm, or in a coefficient.
constexpr double kStep = 1e-3, kTolerance = 1e-8;

layout::Clip elbow() {
  return layout::make_clip(Box{0, 0, 60, 48}, {{{6, 8}, {50, 8}, {50, 22}, {24, 22}, {24, 40}, {6, 40}}});
}

illuminator::PupilFill points_of(int n) {
  std::vector<illuminator::SourcePoint> points;
  for (int i = 0; i < n; ++i) {
    const double angle = 2.4 * i, radius = 0.2 + 0.6 * i / n;
    points.push_back({.sigma_x = radius * std::cos(angle), .sigma_y = radius * std::sin(angle)});
  }
  return illuminator::make_pupil_fill(points);
}

MaskParameters parameters_of(Tone tone) {
  MaskParameters parameters{.tone = tone};
  parameters.solver.precision = Precision::float64;
  parameters.solver.pixel_nm = 8;
  parameters.solver.slice_nm = 12;
  return parameters;
}

PatternSpectrum spectrum_of(const layout::Clip& clip, PatternOrders orders) {
  PatternSpectrum spectrum{.max_order_x = orders.x, .max_order_y = orders.y, .values = {}};
  const auto half = polygon_spectrum(clip.rings, clip.cell, orders.x, orders.y);
  const std::size_t row = static_cast<std::size_t>(2 * orders.x + 1);
  spectrum.values.resize(2 * half.size() - row);
  for (std::size_t i = 0; i < half.size(); ++i) {
    spectrum.values[half.size() - row + i] = half[i];
    spectrum.values[half.size() - 1 - i] = std::conj(half[i]);
  }
  return spectrum;
}

// L = sum |J|^2 / 2 + Re(conj(w) J) of every coefficient, w a smooth function of its place.
Complex weight(std::size_t spectrum, std::size_t element, std::size_t order) {
  const double at = 0.7 * static_cast<double>(order) + 1.3 * static_cast<double>(element) +
                    0.4 * static_cast<double>(spectrum);
  return {std::sin(at), std::cos(1.1 * at)};
}
double loss(const Diffraction& mask) {
  double sum = 0;
  for (std::size_t k = 0; k < mask.thick->spectra.size(); ++k)
    for (std::size_t e = 0; e < 4; ++e)
      for (std::size_t i = 0; i < mask.amplitudes.size(); ++i) {
        const Complex j = mask.thick->spectra[k].orders[e][i];
        sum += std::norm(j) / 2 + (std::conj(weight(k, e, i)) * j).real();
      }
  return sum;
}
std::vector<JonesSpectrum> sensitivities(const Diffraction& mask) {
  std::vector<JonesSpectrum> d = mask.thick->spectra;
  for (std::size_t k = 0; k < d.size(); ++k)
    for (std::size_t e = 0; e < 4; ++e)
      for (std::size_t i = 0; i < mask.amplitudes.size(); ++i) d[k].orders[e][i] += weight(k, e, i);
  return d;
}

template <class Value>
double difference(const Value& value) {
  return (8 * (value(kStep) - value(-kStep)) - (value(2 * kStep) - value(-2 * kStep))) / (12 * kStep);
}

}  // namespace

TEST_CASE("pattern mask: the mask of its polygons", "[validation][mask]") {
  const layout::Clip clip = elbow();
  const auto fill = points_of(30);
  const MaskLight light{fill, kWavelengthNm, kCutoffPerNm};
  for (const Tone tone : {Tone::dark_field, Tone::bright_field}) {
    const MaskParameters parameters = parameters_of(tone);
    const MaskOptics optics;
    const MaskPattern pattern{clip.cell, clip.window,
                              spectrum_of(clip, pattern_orders(clip.cell, parameters, optics, light))};
    const Diffraction a = compute_diffraction(make_mask(clip, parameters, optics), parameters, optics, fill,
                                              kWavelengthNm, kCutoffPerNm),
                      b = compute_diffraction(pattern, parameters, optics, light);
    REQUIRE(a.thick->spectra.size() == b.thick->spectra.size());
    CHECK(a.thick->report.n_solutions < a.thick->report.n_directions);
    CHECK(a.open_area_fraction == Approx(b.open_area_fraction).epsilon(1e-12));
    for (std::size_t k = 0; k < a.thick->spectra.size(); ++k)
      for (std::size_t i = 0; i < a.amplitudes.size(); ++i)
        CHECK(std::abs(a.thick->spectra[k].orders[0][i] - b.thick->spectra[k].orders[0][i]) < 1e-12);
  }
}

TEST_CASE("pattern mask: gradient of the coefficients as by differences", "[validation][mask]") {
  const layout::Clip clip = elbow();
  const MaskOptics optics{.magnification_x = 4, .magnification_y = 8};
  struct Entry {
    int n_points;
    CorrectionGradient correction;
  };
  // 3 points: all directions with fine slices; 30: the others are corrected.
  for (const Entry& entry : {Entry{3, CorrectionGradient::follows},
                             {30, CorrectionGradient::follows},
                             {30, CorrectionGradient::kept}}) {
    const auto fill = points_of(entry.n_points);
    const MaskLight light{fill, kWavelengthNm, kCutoffPerNm};
    const MaskParameters parameters = parameters_of(Tone::dark_field);
    const MaskPattern pattern{clip.cell, clip.window,
                              spectrum_of(clip, pattern_orders(clip.cell, parameters, optics, light))};
    std::vector<SliceCorrection> kept;
    if (entry.correction == CorrectionGradient::kept)
      kept.push_back(compute_correction(pattern, parameters, optics, light));
    const auto solve = [&](const MaskPattern& of) {
      return compute_diffraction(of, parameters, optics, light, kept);
    };
    const PatternSpectrum g = compute_pattern_gradient(pattern, parameters, optics, light,
                                                       sensitivities(solve(pattern)), entry.correction);
    const PatternOrders orders = pattern_orders(clip.cell, parameters, optics, light, entry.correction);
    CHECK((g.max_order_x == orders.x && g.max_order_y == orders.y));
    double largest = 0;
    for (const Complex& value : g.values) largest = std::max(largest, std::abs(value));
    REQUIRE(largest > 0);
    for (const auto& [m, n] : {std::pair{0, 0}, {1, 0}, {-2, 1}, {5, 3}, {9, -7}})
      for (const Complex direction : {Complex(1, 0), Complex(0, 1)}) {
        const bool is_mean = m == 0 && n == 0;
        if (is_mean && direction.imag() != 0) continue;
        const double expected = difference([&](double h) {
          MaskPattern changed = pattern;
          PatternSpectrum& c = changed.spectrum;
          c.values[c.index(m, n)] += h * direction;
          if (!is_mean) c.values[c.index(-m, -n)] += h * std::conj(direction);
          return loss(solve(changed));
        });
        const bool carried = std::abs(m) <= orders.x && std::abs(n) <= orders.y;
        const Complex own = carried ? g.values[g.index(m, n)] : 0.0;
        const double computed = (is_mean ? 1 : 2) * (std::conj(own) * direction).real();
        CAPTURE(entry.n_points, m, n, direction);
        CHECK(std::abs(computed - expected) < kTolerance * largest);
      }
  }
}

TEST_CASE("pattern mask: gradient of moved edges as by differences", "[validation][mask]") {
  const layout::Clip clip = elbow();
  const auto fill = points_of(3);
  const MaskLight light{fill, kWavelengthNm, kCutoffPerNm};
  MaskParameters vertical = parameters_of(Tone::dark_field), undercut = vertical, slanted = vertical,
                 bright = parameters_of(Tone::bright_field);
  undercut.stack.absorber = {{.thickness_nm = 10, .index = Complex(0.93, 0.02)},
                             {.thickness_nm = 40, .index = Complex(0.95, 0.031), .undercut_nm = 3}};
  slanted.side_wall_deg = 85;
  slanted.solver.n_wall_slices = 2;
  const MaskOptics round, oval{.magnification_x = 4, .magnification_y = 8};
  struct Entry {
    const MaskParameters& parameters;
    const MaskOptics& optics;
    bool has_vertices;
  };
  for (const Entry& entry : {Entry{vertical, oval, true},
                             {bright, round, true},
                             {undercut, round, false},
                             {slanted, round, false}}) {
    const auto value = [&](const layout::Polygon& ring) {
      layout::Clip changed = clip;
      changed.rings = {ring};
      return loss(compute_diffraction(MaskAsMade{changed}, entry.parameters, entry.optics, fill,
                                      kWavelengthNm, kCutoffPerNm));
    };
    const MaskAsMade made{clip};
    const Diffraction mask =
        compute_diffraction(made, entry.parameters, entry.optics, fill, kWavelengthNm, kCutoffPerNm);
    const auto g = compute_ring_gradient(made, entry.parameters, entry.optics, light, sensitivities(mask),
                                         CorrectionGradient::follows);
    REQUIRE(g.size() == 1);
    REQUIRE(g[0].d_offset.size() == 6);
    CHECK(g[0].d_vertex.empty() == !entry.has_vertices);
    const double largest =
        std::abs(*std::ranges::max_element(g[0].d_offset, {}, [](double value) { return std::abs(value); }));
    for (std::size_t i = 0; i < 6; ++i) {
      const layout::Polygon& ring = clip.rings[0];
      const std::size_t next = (i + 1) % 6;
      const double dx = ring[next].x - ring[i].x, dy = ring[next].y - ring[i].y, length = std::hypot(dx, dy);
      const double expected = difference([&](double h) {
        layout::Polygon moved = ring;  // outwards: to the right of the edge
        for (const std::size_t k : {i, next}) {
          moved[k].x += h * dy / length;
          moved[k].y -= h * dx / length;
        }
        return value(moved);
      });
      CAPTURE(i, expected, g[0].d_offset[i]);
      CHECK(std::abs(g[0].d_offset[i] - expected) < kTolerance * largest);
      if (!entry.has_vertices) continue;
      const double along_x = difference([&](double h) {
        layout::Polygon moved = ring;
        moved[i].x += h;
        return value(moved);
      });
      CHECK(std::abs(g[0].d_vertex[i].x - along_x) < kTolerance * largest);
    }
  }
}

TEST_CASE("pattern mask: what patterns cannot be is refused", "[unit][mask]") {
  const layout::Clip clip = elbow();
  const auto fill = points_of(3);
  const MaskLight light{fill, kWavelengthNm, kCutoffPerNm};
  const MaskPattern pattern{clip.cell, clip.window, {.max_order_x = 0, .max_order_y = 0, .values = {0.5}}};
  const auto refuses = [&](const MaskParameters& parameters) {
    CHECK_THROWS_AS(compute_diffraction(pattern, parameters, {}, light), InputError);
  };
  refuses({.model = Model::rigorous});
  refuses({.edge_bias_nm = 1});
  refuses({.side_wall_deg = 88});
  refuses({.defects = {{.kind = DefectKind::extra_absorber}}});
  CHECK_THROWS_AS(compute_pattern_gradient(pattern, {}, {}, light, {}, CorrectionGradient::kept),
                  std::invalid_argument);
}
