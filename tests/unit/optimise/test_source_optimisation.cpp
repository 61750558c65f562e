// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "undulith/core/error.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/optimise/source_optimisation.hpp"
#include "unit/optimise/source_cases.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;
using optimise::EdgeSite;
using optimise::OptimisedSource;
using optimise::SourceSettings;

using test::edges_of_opening;
using test::line_mask;
const imaging::ImagingParameters kScalar = test::scalar_optics();

struct LineCase {
  mask::Diffraction mask = line_mask(32, 16);
  illuminator::PupilFill candidates = optimise::make_candidates(61);
  optimise::SourceResponses responses = test::in_two_planes(mask, candidates, edges_of_opening(32, 16));
};

// Whether light of this direction sends the zero and a first order of the pitch through the pupil.
bool sends_two_orders(const illuminator::SourcePoint& point, double pitch_nm, double margin) {
  const double shift = 13.5 / (pitch_nm * 0.33);
  return std::hypot(std::abs(point.sigma_x) - shift, point.sigma_y) < 1 + margin;
}

}  // namespace

TEST_CASE("source optimisation: lines of pitch 32 nm take all light in two orders",
          "[validation][optimise]") {
  const LineCase lines;
  struct Known {
    double fill, nils;
  };
  for (const auto& [fill, nils] : {Known{0.05, 2.84}, Known{0.2, 2.81}, Known{0.3, 2.76}, Known{0.5, 2.53}}) {
    const OptimisedSource source =
        optimise::optimise_source(lines.responses, lines.candidates, {.min_pupil_fill = fill});
    CAPTURE(fill, source.min_nils, source.n_bright, source.n_partial, source.steps.size());
    CHECK(source.feasible);
    CHECK(source.converged);
    CHECK(source.min_nils == Approx(nils).margin(0.01));
    CHECK(source.pupil_fill >= fill * (1 - 1e-6));
    CHECK(source.pupil_fill == Approx(fill));  // every pixel that helps is as bright as it may be
    CHECK(source.illuminated_area >= source.pupil_fill * (1 - 1e-6));
    if (fill > 0.3) continue;
    const double cell = 2.0 / 61;  // pixels across the rim of a leaf have their centre of mass on either side
    for (const illuminator::SourcePoint& point : source.fill.points) CHECK(sends_two_orders(point, 32, cell));
  }
}

TEST_CASE("source optimisation: a full pupil leaves no choice", "[property][optimise]") {
  const LineCase lines;
  const OptimisedSource source = optimise::optimise_source(lines.responses, lines.candidates,
                                                           {.min_pupil_fill = lines.candidates.fill_ratio});
  CHECK(source.feasible);
  for (std::size_t i = 0; i < source.weights.size(); ++i)
    CHECK(source.weights[i] == Approx(lines.candidates.points[i].weight).epsilon(1e-6));
}

TEST_CASE("source optimisation: no other source of the lines is better", "[property][optimise]") {
  const LineCase lines;
  const SourceSettings settings{.min_pupil_fill = 0.3};
  const OptimisedSource source = optimise::optimise_source(lines.responses, lines.candidates, settings);
  // Light moved from a bright pixel and its mirror images to dark ones, or dimmed pixels.
  std::mt19937_64 engine(3);
  const double cap = *std::ranges::max_element(source.weights);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> other = source.weights;
    for (double& weight : other)
      weight = std::clamp(weight + cap * std::uniform_real_distribution<double>(-0.1, 0.1)(engine), 0.0, cap);
    double worst = 1e9;
    for (const optimise::EdgeRow& row : optimise::evaluate_edges(lines.responses, other, source.threshold))
      worst = std::min(worst, row.nils);
    CHECK(worst < source.min_nils + 1e-9);
  }
}

TEST_CASE("source optimisation: rows are those of the image", "[validation][optimise]") {
  const LineCase lines;
  const OptimisedSource source =
      optimise::optimise_source(lines.responses, lines.candidates, {.min_pupil_fill = 0.2});
  for (const optimise::EdgeRow& row : source.rows) {
    imaging::ImagingParameters optics = kScalar;
    optics.focus_nm = lines.responses.conditions[row.condition].focus_nm;
    const EdgeSite& site = lines.responses.sites[row.site];
    const auto image = imaging::compute_aerial_image(lines.mask, source.fill, optics)
                           .series.value_and_gradient(site.x_nm, site.y_nm);
    CHECK(row.intensity == Approx(image.value).epsilon(1e-9));
    CHECK(row.nils == Approx(site.cd_nm * site.normal_x * image.d_dx / image.value).epsilon(1e-9));
  }
}

TEST_CASE("source optimisation: gradient of NILS as by differences of the image", "[validation][optimise]") {
  const LineCase lines;
  illuminator::PupilFill fill = lines.candidates;
  std::mt19937_64 engine(4);
  for (illuminator::SourcePoint& point : fill.points)
    point.weight *= std::uniform_real_distribution<double>(0.5, 1.5)(engine);
  fill = illuminator::make_pupil_fill(fill.points);
  std::vector<double> weights;
  for (const illuminator::SourcePoint& point : fill.points) weights.push_back(point.weight);
  const std::vector<double> gradient = optimise::nils_gradient(lines.responses, weights, 1, 0);
  imaging::ImagingParameters optics = kScalar;
  optics.focus_nm = 40;
  const auto nils = [&](const illuminator::PupilFill& source) {
    const auto image =
        imaging::compute_aerial_image(lines.mask, source, optics).series.value_and_gradient(8, 10);
    return 16 * image.d_dx / image.value;
  };
  double mean = 0, largest = 0;
  for (std::size_t s = 0; s < weights.size(); ++s) {
    mean += weights[s] * gradient[s];
    largest = std::max(largest, std::abs(gradient[s]));
  }
  CHECK(std::abs(mean) < 1e-12 * largest);
  for (const std::size_t s : {std::size_t{0}, weights.size() / 3, weights.size() / 2, weights.size() - 7}) {
    // Relative to the mean weight 1/n: central differences err by (h n)^2 and by rounding / h.
    const double h = 1e-2 * weights[s];
    illuminator::PupilFill more = fill, less = fill;
    more.points[s].weight += h;
    less.points[s].weight -= h;
    CHECK(gradient[s] == Approx((nils(more) - nils(less)) / (2 * h)).margin(1e-6 * largest));
  }
}

namespace {

struct SemiDense {
  mask::Diffraction mask = test::two_openings();
  illuminator::PupilFill candidates = optimise::make_candidates(31);
  std::vector<optimise::WindowCondition> conditions = {
      {.focus_nm = 0}, {.focus_nm = 40}, {.relative_dose = 1.03}, {.relative_dose = 0.97}};
  optimise::SourceResponses responses = optimise::compute_source_responses(
      std::span(&mask, 1), candidates, {}, test::edges_of_two_openings(), conditions);
};

}  // namespace

TEST_CASE("source optimisation: edges within a bound, at the price of NILS", "[unit][optimise]") {
  const SemiDense pattern;
  double last = 1e9;
  for (const std::optional<double> bound :
       {std::optional<double>{}, std::optional<double>{0.8}, std::optional<double>{0.6}}) {
    const OptimisedSource source =
        optimise::optimise_source(pattern.responses, pattern.candidates, {.max_placement_error_nm = bound});
    CAPTURE(source.min_nils, source.max_placement_error_nm, source.threshold, source.rms_placement_error_nm);
    CHECK(source.feasible);
    CHECK(source.converged);
    if (bound) CHECK(source.max_placement_error_nm <= *bound * (1 + 1e-6));
    if (bound) CHECK(source.rms_placement_error_nm < *bound);
    CHECK(source.min_nils <= last * (1 + 1e-9));
    last = source.min_nils;
  }
}

TEST_CASE("source optimisation: a bound that no source keeps gives the smallest errors", "[unit][optimise]") {
  const SemiDense pattern;
  const OptimisedSource source =
      optimise::optimise_source(pattern.responses, pattern.candidates, {.max_placement_error_nm = 0.01});
  CHECK_FALSE(source.feasible);
  CHECK(source.max_placement_error_nm > 0.01);
  CHECK(source.max_placement_error_nm < 5);
}

TEST_CASE("source optimisation: smallest squared errors of edges", "[validation][optimise]") {
  const SemiDense pattern;
  const SourceSettings settings{.goal = optimise::SourceGoal::edge_placement, .min_pupil_fill = 0.15};
  const OptimisedSource source = optimise::optimise_source(pattern.responses, pattern.candidates, settings);
  CAPTURE(source.rms_placement_error_nm, source.steps.size(), source.n_bright, source.n_partial);
  CHECK(source.feasible);
  CHECK(source.converged);
  SourceSettings contrast = settings;
  contrast.goal = optimise::SourceGoal::max_min_nils;
  const OptimisedSource sharp = optimise::optimise_source(pattern.responses, pattern.candidates, contrast);
  CHECK(source.rms_placement_error_nm < sharp.rms_placement_error_nm);
  // No other source and threshold nearby is better by more than Gauss and Newton's rounds resolve.
  std::mt19937_64 engine(8);
  const double cap = *std::ranges::max_element(source.weights);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<double> other = source.weights;
    for (double& weight : other)
      weight =
          std::clamp(weight + cap * std::uniform_real_distribution<double>(-0.05, 0.05)(engine), 0.0, cap);
    const double threshold = source.threshold * std::uniform_real_distribution<double>(0.99, 1.01)(engine);
    double squares = 0;
    const auto rows = optimise::evaluate_edges(pattern.responses, other, threshold);
    for (const optimise::EdgeRow& row : rows) squares += row.placement_error_nm * row.placement_error_nm;
    CHECK(std::sqrt(squares / static_cast<double>(rows.size())) > source.rms_placement_error_nm * (1 - 1e-4));
  }
}

TEST_CASE("source optimisation: symmetry and balance", "[property][optimise]") {
  // A mask without symmetry: a comatic wavefront makes one side of the pupil better.
  const mask::Diffraction mask = test::two_openings();
  const auto candidates = optimise::make_candidates(21);
  const std::vector<optimise::WindowCondition> conditions = {
      {.focus_nm = 30, .position = {.aberrations = {{7, 0.05}, {5, 0.03}}}}};
  const auto responses = optimise::compute_source_responses(std::span(&mask, 1), candidates, {},
                                                            test::edges_of_two_openings(), conditions);
  const auto centre = [](const OptimisedSource& source) {
    double x = 0, y = 0;
    for (const illuminator::SourcePoint& point : source.fill.points) {
      x += point.weight * point.sigma_x;
      y += point.weight * point.sigma_y;
    }
    return std::hypot(x, y);
  };
  using optimise::SourceSymmetry;
  const auto best = [&](SourceSymmetry symmetry, SourceSettings::Balance balance) {
    return optimise::optimise_source(responses, candidates, {.symmetry = symmetry, .balance = balance});
  };
  const OptimisedSource free = best(SourceSymmetry::none, SourceSettings::Balance::free),
                        balanced = best(SourceSymmetry::none, SourceSettings::Balance::centred),
                        opposite = best(SourceSymmetry::opposite, SourceSettings::Balance::centred),
                        mirrored = best(SourceSymmetry::both_axes, SourceSettings::Balance::centred);
  CHECK(centre(free) > 1e-3);
  CHECK(centre(balanced) < 1e-6);
  CHECK(centre(mirrored) < 1e-9);
  // Each constraint costs.
  CHECK(free.min_nils >= balanced.min_nils - 1e-7);
  CHECK(balanced.min_nils >= opposite.min_nils - 1e-7);
  CHECK(opposite.min_nils >= mirrored.min_nils - 1e-7);
  for (std::size_t i = 0; i < candidates.points.size(); ++i)
    for (std::size_t k = 0; k < candidates.points.size(); ++k)
      if (std::abs(candidates.points[i].sigma_x + candidates.points[k].sigma_x) < 1e-9 &&
          std::abs(candidates.points[i].sigma_y - candidates.points[k].sigma_y) < 1e-9)
        CHECK(mirrored.weights[i] == Approx(mirrored.weights[k]).margin(1e-12));
}

TEST_CASE("source optimisation: a floor under the threshold limits the dose", "[unit][optimise]") {
  const SemiDense pattern;
  const OptimisedSource any = optimise::optimise_source(pattern.responses, pattern.candidates, {});
  const double floor = any.threshold * 1.01;
  const OptimisedSource bright =
      optimise::optimise_source(pattern.responses, pattern.candidates, {.min_threshold = floor});
  CHECK(bright.feasible);
  CHECK(bright.threshold >= floor * (1 - 1e-7));
  CHECK(bright.min_nils < any.min_nils);
}

TEST_CASE("source optimisation: least dose for a contrast", "[validation][optimise]") {
  const SemiDense pattern;
  const OptimisedSource sharp = optimise::optimise_source(pattern.responses, pattern.candidates, {});
  double last = sharp.threshold;
  int n_active = 0;
  for (const double share : {0.99, 0.98, 0.97, 0.8}) {
    const double floor = share * sharp.min_nils;
    const OptimisedSource source = optimise::optimise_source(
        pattern.responses, pattern.candidates, {.goal = optimise::SourceGoal::least_dose, .min_nils = floor});
    CAPTURE(share, source.threshold, source.min_nils);
    CHECK(source.feasible);
    CHECK(source.converged);
    CHECK(source.min_nils >= floor * (1 - 1e-7));
    CHECK(source.threshold >= last * (1 - 1e-9));
    last = source.threshold;
    if (source.min_nils > floor * (1 + 1e-6)) continue;  // the brightest source of all has more contrast
    ++n_active;
    // The dual problem: with that threshold no source has more contrast.
    const OptimisedSource back = optimise::optimise_source(pattern.responses, pattern.candidates,
                                                           {.min_threshold = source.threshold * (1 - 1e-9)});
    CHECK(back.min_nils == Approx(floor).epsilon(1e-5));
  }
  CHECK(n_active >= 2);
  const OptimisedSource none = optimise::optimise_source(
      pattern.responses, pattern.candidates,
      {.goal = optimise::SourceGoal::least_dose, .min_nils = 1.01 * sharp.min_nils});
  CHECK_FALSE(none.feasible);
}

TEST_CASE("source optimisation: bad settings are refused", "[unit][optimise]") {
  const LineCase lines;
  const auto refused = [&](const SourceSettings& settings) {
    CHECK_THROWS_AS(optimise::optimise_source(lines.responses, lines.candidates, settings), InputError);
  };
  refused({.min_pupil_fill = 0});
  refused({.min_pupil_fill = 1.1});
  refused({.min_threshold = 1});
  refused({.max_placement_error_nm = -1});
  refused({.site_weights = {1}});
  refused({.site_weights = {0, 0}});
  auto lopsided = lines.candidates;
  lopsided.points.pop_back();
  optimise::SourceResponses fewer = optimise::compute_source_responses(
      std::span(&lines.mask, 1), lopsided, kScalar, lines.responses.sites, lines.responses.conditions);
  CHECK_THROWS_AS(optimise::optimise_source(fewer, lopsided, {}), InputError);
  CHECK_THROWS_AS(optimise::optimise_source(fewer, lines.candidates, {}), InputError);
  const std::vector<EdgeSite> long_normal = {{8, 10, 1, 1, 16}};
  CHECK_THROWS_AS(optimise::compute_source_responses(std::span(&lines.mask, 1), lopsided, kScalar,
                                                     long_normal, lines.responses.conditions),
                  InputError);
}

TEST_CASE("source optimisation: sources of quadratic programs are nearly binary", "[validation][optimise]") {
  // [Batgidis2026]: about 95 % of the pixels of an EUV source from a quadratic program are at their bounds, for circular
  // and annular pupils.
  constexpr double kPublishedShare = 0.95;
  const mask::Diffraction mask = test::two_openings();
  for (const double inner : {0.0, 0.4}) {
    illuminator::PupilFill candidates = optimise::make_candidates(31);
    const std::size_t n_all = candidates.points.size();
    std::erase_if(candidates.points, [&](const illuminator::SourcePoint& point) {
      return std::hypot(point.sigma_x, point.sigma_y) < inner;
    });
    candidates.fill_ratio *= static_cast<double>(candidates.points.size()) / static_cast<double>(n_all);
    const std::vector<optimise::WindowCondition> conditions = {
        {.focus_nm = 0}, {.focus_nm = 40}, {.relative_dose = 1.03}, {.relative_dose = 0.97}};
    const auto responses = optimise::compute_source_responses(std::span(&mask, 1), candidates, {},
                                                              test::edges_of_two_openings(), conditions);
    for (const double fill : {0.15, 0.25, 0.35}) {
      const OptimisedSource source = optimise::optimise_source(responses, candidates,
                                                               {.goal = optimise::SourceGoal::edge_placement,
                                                                .symmetry = optimise::SourceSymmetry::none,
                                                                .min_pupil_fill = fill});
      CAPTURE(inner, fill, source.n_partial);
      CHECK(1 - source.n_partial / static_cast<double>(candidates.points.size()) >= kPublishedShare);
    }
  }
}

TEST_CASE("source optimisation: dipoles of dense lines and the rotation of the slit",
          "[validation][optimise]") {
  // [Chen2026]: at NA 0.33 lines of pitches of 40 nm and below are images of two beams, from leaves at the edge of
  // the pupil. Where the pupil is rotated along the slit, some of this light has no first order.
  const auto n_beams = [](const illuminator::SourcePoint& point, double pitch_nm) {
    int count = 0;
    for (const int order : {-1, 0, 1})
      count += std::hypot(point.sigma_x + order * 13.5 / (pitch_nm * 0.33), point.sigma_y) <= 1 ? 1 : 0;
    return count;
  };
  const illuminator::PupilFill candidates = optimise::make_candidates(41);
  const auto most_beams = [&](double pitch_nm) {
    int most = 0;
    for (const illuminator::SourcePoint& point : candidates.points)
      most = std::max(most, n_beams(point, pitch_nm));
    return most;
  };
  CHECK(most_beams(40) == 2);
  CHECK(most_beams(42) == 3);

  for (const double pitch_nm : {40.0, 36.0, 28.0}) {
    const mask::Diffraction mask = line_mask(pitch_nm, pitch_nm / 2);
    const auto sites = edges_of_opening(pitch_nm, pitch_nm / 2);
    const auto responses = test::in_two_planes(mask, candidates, sites);
    const OptimisedSource dipole = optimise::optimise_source(responses, candidates, {.min_pupil_fill = 0.2});
    double last = dipole.min_nils;
    for (const double rotation_deg : {0.0, 18.0, 30.0}) {
      illuminator::PupilFill rotated = dipole.fill;
      const double c = std::cos(rotation_deg * std::numbers::pi / 180),
                   s = std::sin(rotation_deg * std::numbers::pi / 180);
      double one_beam = 0;
      for (illuminator::SourcePoint& point : rotated.points) {
        const double x = point.sigma_x, y = point.sigma_y;
        point.sigma_x = c * x - s * y;
        point.sigma_y = s * x + c * y;
        if (n_beams(point, pitch_nm) < 2) one_beam += point.weight;
      }
      const auto rows = test::in_two_planes(mask, rotated, sites);
      std::vector<double> weights;
      for (const illuminator::SourcePoint& point : rotated.points) weights.push_back(point.weight);
      double nils = 1e9;
      for (const optimise::EdgeRow& row : optimise::evaluate_edges(rows, weights, dipole.threshold))
        nils = std::min(nils, row.nils);
      CAPTURE(pitch_nm, rotation_deg, one_beam, nils, dipole.min_nils);
      if (rotation_deg == 0)
        CHECK(one_beam < 0.03);  // pixels across the rim of a leaf
      else
        CHECK(nils < last);
      last = nils;
    }
    if (pitch_nm == 28) CHECK(last < 2);
  }
}
