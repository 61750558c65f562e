// SPDX-License-Identifier: MIT
// Source optimisation on what the stages make: clips, gauges, thin and thick masks.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/optimise/source_optimisation.hpp"
#include "unit/optimise/source_cases.hpp"

namespace {

using namespace undulith;
using optimise::EdgeSite;
using optimise::OptimisedSource;

constexpr double kWavelengthNm = 13.5;

// Openings along x of half the pitch of 36 nm: the chief ray lies across them, so that the mask casts a shadow.
layout::Clip shadowed_lines() {
  return layout::make_clip(Box{0, 0, 36, 36}, {{{0, 9}, {36, 9}, {36, 27}, {0, 27}}});
}

double cutoff() {
  return imaging::max_mask_frequency_per_nm(0.33, kWavelengthNm, 1);
}

// The multi-slice mask for these points, as coarse as a test allows.
mask::Diffraction thick_lines(const illuminator::PupilFill& points) {
  mask::MaskParameters parameters;
  parameters.solver = {.pixel_nm = 9, .slice_nm = 15};
  return mask::compute_diffraction(mask::make_mask(shadowed_lines(), parameters), parameters, {}, points,
                                   kWavelengthNm, cutoff());
}
mask::Diffraction thin_lines() {
  const mask::MaskParameters parameters{.model = mask::Model::thin};
  return mask::compute_thin_diffraction(mask::make_mask(shadowed_lines(), parameters), parameters,
                                        kWavelengthNm, cutoff());
}

const std::vector<EdgeSite> kEdges = {{18, 9, 0, 1, 18}, {18, 27, 0, -1, 18}};
const std::vector<optimise::WindowCondition> kFocus = {{.focus_nm = -20}, {.focus_nm = 0}, {.focus_nm = 20}};

double smallest_nils(const optimise::SourceResponses& responses, const OptimisedSource& source) {
  const auto rows = optimise::evaluate_edges(responses, source.weights, source.threshold);
  return std::ranges::min_element(rows, {}, &optimise::EdgeRow::nils)->nils;
}

}  // namespace

TEST_CASE("source chain: the source of a thick mask", "[validation][optimise]") {
  const auto candidates = optimise::make_candidates(15);
  const mask::Diffraction thick = thick_lines(candidates), thin = thin_lines();
  REQUIRE(thick.thick);
  const auto real = optimise::compute_source_responses(std::span(&thick, 1), candidates, {}, kEdges, kFocus),
             flat = optimise::compute_source_responses(std::span(&thin, 1), candidates, {}, kEdges, kFocus);
  const optimise::SourceSettings settings{.symmetry = optimise::SourceSymmetry::y_axis};
  const OptimisedSource source = optimise::optimise_source(real, candidates, settings),
                        for_thin = optimise::optimise_source(flat, candidates, settings);
  CHECK(source.converged);
  CAPTURE(source.min_nils, smallest_nils(real, for_thin), for_thin.min_nils);
  // The source of the thin mask is not the best of the thick one.
  CHECK(source.min_nils > smallest_nils(real, for_thin));

  // The same mask for the points of the source alone gives the image of the rows.
  mask::Diffraction chosen = thick;
  chosen.thick->shares.clear();
  for (std::size_t s = 0, k = 0; s < candidates.points.size() && k < source.fill.points.size(); ++s)
    if (candidates.points[s].sigma_x == source.fill.points[k].sigma_x &&
        candidates.points[s].sigma_y == source.fill.points[k].sigma_y) {
      chosen.thick->shares.push_back(thick.thick->shares[s]);
      ++k;
    }
  REQUIRE(chosen.thick->shares.size() == source.fill.points.size());
  for (const optimise::EdgeRow& row : source.rows) {
    const auto image =
        imaging::compute_aerial_image(chosen, source.fill, {.focus_nm = kFocus[row.condition].focus_nm})
            .series.value_and_gradient(kEdges[row.site].x_nm, kEdges[row.site].y_nm);
    CHECK(row.intensity == Approx(image.value).epsilon(1e-9));
    CHECK(row.ils_per_nm == Approx(kEdges[row.site].normal_y * image.d_dy / image.value).epsilon(1e-9));
  }
}

TEST_CASE("source chain: edges of measured gauges", "[unit][optimise]") {
  const auto clip = layout::make_clip(
      Box{0, 0, 120, 90}, {{{20, 10}, {40, 10}, {40, 60}, {20, 60}}, {{70, 0}, {94, 0}, {94, 90}, {70, 90}}});
  const mask::MaskParameters parameters{.amplitudes = mask::Amplitudes::given};
  const auto thin =
      mask::compute_thin_diffraction(mask::make_mask(clip, parameters), parameters, kWavelengthNm, cutoff());
  const auto candidates = optimise::make_candidates(15);
  const auto image = imaging::compute_aerial_image(thin, candidates, {});
  for (const auto drawn : {metrology::Feature::bright, metrology::Feature::dark}) {
    const auto measured = metrology::measure(image, clip, drawn, {});
    const std::vector<EdgeSite> sites = optimise::make_edge_sites(measured.gauges);
    REQUIRE(sites.size() >= 4);
    const auto has_edge = [&](double x_nm, double normal_x) {
      return std::ranges::any_of(sites, [&](const EdgeSite& site) {
        return std::abs(site.x_nm - x_nm) < 1e-6 && std::abs(site.normal_x - normal_x) < 1e-9;
      });
    };
    const double inwards = drawn == metrology::Feature::bright ? 1 : -1;
    for (const double left_nm : {20.0, 70.0}) CHECK(has_edge(left_nm, inwards));
    for (const double right_nm : {40.0, 94.0}) CHECK(has_edge(right_nm, -inwards));
    for (const EdgeSite& site : sites) {
      CHECK(std::hypot(site.normal_x, site.normal_y) == Approx(1));
      CHECK(site.cd_nm >= 20 - 1e-6);
      if (drawn == metrology::Feature::dark) continue;  // the mask is the opposite one
      const auto slope = image.series.value_and_gradient(site.x_nm, site.y_nm);
      CHECK(site.normal_x * slope.d_dx + site.normal_y * slope.d_dy > 0);
    }
  }
  CHECK_THROWS_AS(optimise::make_edge_sites({}), InputError);
}

TEST_CASE("source chain: a pitch beyond the optics has no contrast, a dark mask no light",
          "[unit][optimise]") {
  const auto candidates = optimise::make_candidates(15);
  const mask::Diffraction fine = test::line_mask(19, 9.5);
  const auto blurred = test::in_two_planes(fine, candidates, test::edges_of_opening(19, 9.5));
  const OptimisedSource source = optimise::optimise_source(blurred, candidates, {});
  CHECK(source.min_nils == Approx(0).margin(1e-9));
  const OptimisedSource placed =
      optimise::optimise_source(blurred, candidates, {.goal = optimise::SourceGoal::edge_placement});
  CHECK(placed.min_nils == Approx(0).margin(1e-9));

  mask::Diffraction dark = fine;
  std::ranges::fill(dark.amplitudes, 0.0);
  const auto nothing = test::in_two_planes(dark, candidates, test::edges_of_opening(19, 9.5));
  CHECK_THROWS_AS(optimise::optimise_source(nothing, candidates, {}), InputError);
}
