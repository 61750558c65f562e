// SPDX-License-Identifier: MIT
// Source and mask of a small logic pattern: exact sources between corrections of the edges.
#include <algorithm>
#include <catch2/catch.hpp>

#include "undulith/imaging/imaging.hpp"
#include "undulith/imaging/socs.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/optimise/correct_edges.hpp"
#include "undulith/optimise/source_mask.hpp"

namespace {

using namespace undulith;
using optimise::OptimisedSource;

constexpr double kWavelengthNm = 13.5;

double cutoff() {
  return imaging::max_mask_frequency_per_nm(0.33, kWavelengthNm, 1);
}

// Openings of 20 nm: a line end that faces a line, and a line next to both.
class LogicPattern {
 public:
  [[nodiscard]] const illuminator::PupilFill& candidates() const { return candidates_; }
  [[nodiscard]] const std::vector<optimise::EdgeSite>& sites() const { return sites_; }

  [[nodiscard]] mask::Diffraction diffraction() const {
    const mask::MaskParameters ideal{.amplitudes = mask::Amplitudes::given};
    layout::Clip clip = target_;
    clip.rings = rings_;
    return mask::compute_thin_diffraction({clip}, ideal, kWavelengthNm, cutoff());
  }
  [[nodiscard]] optimise::SourceResponses responses() const {
    const mask::Diffraction mask = diffraction();
    const std::vector<optimise::WindowCondition> conditions = {{.focus_nm = 0}, {.focus_nm = 30}};
    return optimise::compute_source_responses(std::span(&mask, 1), candidates_, optics_, sites_, conditions);
  }
  void correct(const OptimisedSource& source) {
    last_ = rings_;
    const mask::Diffraction mask = diffraction();
    const auto kernels = imaging::make_kernels(target_.cell, mask.max_order_x, mask.max_order_y,
                                               kWavelengthNm, source.fill, optics_, {}, 40);
    const optimise::KernelModel model(target_.cell, {kernels});
    const optimise::CorrectionSettings settings{
        .rules = {.grid_nm = 0.25, .min_width_nm = 10, .min_space_nm = 10, .min_jog_nm = 0},
        .nominal = {.threshold = source.threshold},
        .max_error_nm = 1,
        .max_move_nm = 8,
        .max_step_nm = 4};
    rings_ = optimise::correct_edges(target_, model, model, settings).rings;
  }
  void take_back() { rings_ = last_; }

 private:
  layout::Clip target_ =
      layout::make_clip(Box{0, 0, 160, 160}, {{{20, 20}, {40, 20}, {40, 90}, {20, 90}},
                                              {{20, 116}, {140, 116}, {140, 136}, {20, 136}},
                                              {{70, 20}, {90, 20}, {90, 90}, {70, 90}},
                                              {{118, 20}, {138, 20}, {138, 90}, {118, 90}}});
  std::vector<layout::Polygon> rings_ = target_.rings, last_;
  imaging::ImagingParameters optics_{.field_model = imaging::FieldModel::scalar};
  illuminator::PupilFill candidates_ = optimise::make_candidates(21);
  std::vector<optimise::EdgeSite> sites_ = optimise::make_edge_sites(
      metrology::measure(imaging::compute_aerial_image(diffraction(), candidates_, optics_), target_,
                         metrology::Feature::bright, {.min_edge_nm = 15})
          .gauges);
};

}  // namespace

TEST_CASE("source and mask: a pattern that no source prints in place, with edges corrected",
          "[validation][optimise]") {
  LogicPattern pattern;
  REQUIRE(pattern.sites().size() >= 10);
  const optimise::SourceMaskSettings settings{
      .source = {.max_placement_error_nm = 0.6}, .max_rounds = 4, .tolerance = 5e-3};
  const optimise::SourceMaskResult result = optimise::alternate_source_and_mask(
      pattern.candidates(),
      {.responses = [&] { return pattern.responses(); },
       .improve = [&](const OptimisedSource& source) { pattern.correct(source); },
       .take_back = [&] { pattern.take_back(); }},
      settings);
  for (const optimise::SourceMaskStep& step : result.steps)
    UNSCOPED_INFO(step.round << " " << static_cast<int>(step.half) << " kept " << step.kept << " feasible "
                             << step.feasible << " nils " << step.min_nils << " rms "
                             << step.rms_placement_error_nm << " max " << step.max_placement_error_nm << " T "
                             << step.threshold);
  // The drawn mask prints its edges in place with no source; the corrected one does, with more contrast.
  CHECK_FALSE(result.steps.front().feasible);
  CHECK(result.source.feasible);
  CHECK(result.source.max_placement_error_nm <= 0.6 * (1 + 1e-6));
  CHECK(result.source.min_nils > result.steps.front().min_nils);
}
