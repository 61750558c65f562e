// SPDX-License-Identifier: MIT
#include "undulith/study/mask_lines.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/flow/solve_mask.hpp"
#include "undulith/flow/spectral_masks.hpp"
#include "undulith/layout/make_clip.hpp"

namespace undulith::study {
namespace {

constexpr double kAlongNm = 10;    // length of the cell along the lines, which do not change there
constexpr double kMaxPitchNm = 2;  // of the samples, which no number here comes from
constexpr double kMiddleSigma = 1e-9;

bool is_vertical(const LineFeature& feature) {
  return feature.orientation == Orientation::vertical;
}

layout::Clip clip_of(const LineFeature& feature) {
  const double first = (feature.pitch_nm - feature.cd_nm) / 2, last = first + feature.cd_nm;
  const bool vertical = is_vertical(feature);
  const Box cell = vertical ? Box{0, 0, feature.pitch_nm, kAlongNm} : Box{0, 0, kAlongNm, feature.pitch_nm};
  const layout::Polygon shape =
      vertical ? layout::Polygon{{first, 0}, {last, 0}, {last, kAlongNm}, {first, kAlongNm}}
               : layout::Polygon{{0, first}, {kAlongNm, first}, {kAlongNm, last}, {0, last}};
  return layout::make_clip(cell, {shape});
}

metrology::Gauge cut_of(const LineFeature& feature, metrology::Feature drawn) {
  const bool vertical = is_vertical(feature);
  return {.name = vertical ? "vertical" : "horizontal",
          .x_nm = (vertical ? feature.pitch_nm : kAlongNm) / 2,
          .y_nm = (vertical ? kAlongNm : feature.pitch_nm) / 2,
          .angle_deg = vertical ? 0.0 : 90.0,
          .length_nm = feature.pitch_nm,
          .feature = drawn,
          .target_cd_nm = feature.cd_nm};
}

// A quarter turn takes x to y: a field along x is then one along y.
illuminator::PupilFill turned_fill(illuminator::PupilFill fill) {
  for (illuminator::SourcePoint& point : fill.points) {
    const double x = point.sigma_x;
    point.sigma_x = -point.sigma_y;
    point.sigma_y = x;
    point.stokes.s1 = -point.stokes.s1;
    point.stokes.s2 = -point.stokes.s2;
  }
  return fill;
}

std::optional<Orientation> favoured_by(const illuminator::PupilFill& fill) {
  constexpr double kEqual = 0.05;
  double along_x = 0, along_y = 0;
  for (const illuminator::SourcePoint& point : fill.points) {
    along_x += point.weight * point.sigma_x * point.sigma_x;
    along_y += point.weight * point.sigma_y * point.sigma_y;
  }
  if (std::abs(along_x - along_y) <= kEqual * (along_x + along_y)) return {};
  return along_x > along_y ? Orientation::vertical : Orientation::horizontal;
}

mask::MaskParameters without_shapes(mask::MaskParameters parameters) {
  parameters.defects.clear();
  parameters.corner_rounding_nm = 0;
  return parameters;
}

}  // namespace

LineOptics::LineOptics(const flow::Prepared& prepared)
    : prepared_(prepared),
      imaging_(static_cast<const imaging::ImagingParameters&>(prepared.job.imaging)),
      favoured_(favoured_by(prepared.pupil_fill)) {
  imaging_.method = imaging::Method::abbe;
  imaging_.output_pitch_nm = std::min(imaging_.output_pitch_nm, kMaxPitchNm);
  if (imaging_.field_positions.size() > 1) imaging_.field_positions.resize(1);
}

bool LineOptics::turned(Orientation orientation) const {
  return favoured_ && *favoured_ != orientation;
}

mask::MaskOptics LineOptics::optics() const {
  return flow::mask_optics(prepared_, imaging_.field_positions.empty()
                                          ? 0
                                          : imaging_.field_positions.front().chief_ray_azimuth_deg);
}

illuminator::PupilFill LineOptics::fill(const LineFeature& feature, const Box& cell) const {
  if (!turned(feature.orientation)) return flow::fill_pupil(prepared_, cell);
  // Filled for lines of the other orientation and rotated by 90 degrees.
  return turned_fill(flow::fill_pupil(prepared_, Box{0, 0, cell.height(), cell.width()}));
}

LineMask LineOptics::make(const LineFeature& feature, const mask::MaskParameters& parameters) const {
  LineMask line{
      .feature = feature, .clip = clip_of(feature), .cut = cut_of(feature, flow::drawn_feature(prepared_))};
  line.pupil_fill = fill(feature, line.clip.cell);
  const mask::MaskParameters without = without_shapes(parameters);
  const mask::MaskAsMade made = mask::make_mask(line.clip, without);
  line.diffraction = flow::solve_mask(
      {.job = prepared_.job,
       .made = made,
       .parameters = without,
       .optics = optics(),
       .pupil_fill = line.pupil_fill,
       .wavelength_nm = wavelength_nm(),
       .max_frequency_per_nm = flow::mask_frequency_per_nm(prepared_, line.pupil_fill, wavelength_nm())});
  return line;
}

double LineOptics::cost_s(const LineFeature& feature, const mask::MaskParameters& parameters,
                          int n_planes) const {
  const layout::Clip clip = clip_of(feature);
  const illuminator::PupilFill& light =
      prepared_.pupil_fill;  // much like that of the lines, without its cost
  const mask::MaskParameters without = without_shapes(parameters);
  const mask::MaskPlan mask =
      mask::plan_mask(mask::make_mask(clip, without), without, optics(), light, wavelength_nm(),
                      flow::mask_frequency_per_nm(prepared_, light, wavelength_nm()));
  const imaging::ImagingPlan image =
      imaging::plan_imaging(clip.cell, clip.window, wavelength_nm(), light, imaging_, {.n_planes = n_planes});
  return mask.cpu_s + mask.correction_cpu_s + image.cpu_s;
}

std::optional<LineMask> LineOptics::from_half(const LineMask& whole, int side) const {
  LineMask part = whole;
  std::vector<illuminator::SourcePoint> points;
  std::vector<std::vector<mask::SpectrumShare>> shares;
  for (std::size_t i = 0; i < whole.pupil_fill.points.size(); ++i) {
    const illuminator::SourcePoint& point = whole.pupil_fill.points[i];
    if ((is_vertical(whole.feature) ? point.sigma_x : point.sigma_y) * side <= kMiddleSigma) continue;
    points.push_back(point);
    if (whole.diffraction.thick) shares.push_back(whole.diffraction.thick->shares[i]);
  }
  if (points.empty()) return {};
  part.pupil_fill = illuminator::make_pupil_fill(std::move(points));
  if (part.diffraction.thick) part.diffraction.thick->shares = std::move(shares);
  return part;
}

mask::Diffraction LineOptics::diffract(const LineFeature& feature, const mask::MaskParameters& parameters,
                                       double sigma_x, double sigma_y, int max_order) const {
  const illuminator::PupilFill fill =
      illuminator::make_pupil_fill({illuminator::SourcePoint{.sigma_x = sigma_x, .sigma_y = sigma_y}});
  const mask::MaskParameters without = without_shapes(parameters);
  const mask::MaskAsMade made = mask::make_mask(clip_of(feature), without);
  return flow::solve_mask({.job = prepared_.job,
                           .made = made,
                           .parameters = without,
                           .optics = optics(),
                           .pupil_fill = fill,
                           .wavelength_nm = wavelength_nm(),
                           .max_frequency_per_nm = (max_order + 0.5) / feature.pitch_nm});
}

std::vector<imaging::AerialImage> LineOptics::images(const LineMask& line,
                                                     const std::vector<double>& focus_nm) const {
  std::vector<imaging::ImagePlane> planes;
  for (const double focus : focus_nm) planes.push_back({focus, imaging_.depth_nm});
  const imaging::SpectralMask mask{.diffraction = line.diffraction};
  return imaging::compute_images({&mask, 1}, line.pupil_fill, imaging_, planes);
}

LinePlane LineOptics::measure(const LineMask& line, const imaging::AerialImage& image,
                              double threshold) const {
  const metrology::GaugeResult gauge =
      metrology::measure_gauges(image, line.clip, line.cut.feature, {line.cut}, threshold).front();
  return {.focus_nm = image.focus_nm,
          .cd_nm = gauge.cd_nm,
          .shift_nm = gauge.shift_nm,
          .nils = gauge.nils,
          .contrast = gauge.contrast};
}

std::optional<double> LineOptics::threshold_to_size(const LineMask& line,
                                                    const imaging::AerialImage& image) const {
  constexpr int kSteps = 48;  // to rounding
  const auto at = [&](double threshold) {
    return metrology::measure_gauges(image, line.clip, line.cut.feature, {line.cut}, threshold).front();
  };
  const metrology::GaugeResult extremes =
      at(1);  // of the image along the cut; they do not depend on the threshold
  double low = std::max(1e-6, extremes.i_min), high = extremes.i_max;
  const bool bright = line.cut.feature == metrology::Feature::bright;
  for (int step = 0; step < kSteps; ++step) {
    const double threshold = (low + high) / 2;
    const metrology::GaugeResult gauge = at(threshold);
    const bool too_wide =
        gauge.cd_nm ? *gauge.cd_nm > line.feature.cd_nm : gauge.status == metrology::PrintStatus::merged;
    (too_wide == bright ? low : high) = threshold;
  }
  const double threshold = (low + high) / 2;
  constexpr double kToSizeNm = 1e-3;
  const auto cd_nm = at(threshold).cd_nm;
  if (!cd_nm || std::abs(*cd_nm - line.feature.cd_nm) > kToSizeNm) return {};
  return threshold;
}

}  // namespace undulith::study
