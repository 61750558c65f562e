// SPDX-License-Identifier: MIT
#include "undulith/study/mask_effects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/core/range.hpp"
#include "undulith/flow/spectral_masks.hpp"
#include "undulith/metrology/through_focus.hpp"
#include "undulith/study/mask_orders.hpp"

namespace undulith::study {
namespace {

using mask::Model;

constexpr std::array kOrientations{Orientation::vertical, Orientation::horizontal};
constexpr std::array kModels{Model::thin, Model::rigorous};
constexpr std::array kPitchFactors{1.0,  1.1, 1.2, 1.35, 1.5,
                                   1.75, 2.0, 3.0, 5.0};  // of the densest; the last is isolated

mask::MaskParameters with_model(const mask::MaskParameters& mask, Model model) {
  mask::MaskParameters parameters = mask;
  parameters.model = model;
  return parameters;
}

void require_film_stack(const job::Job& job) {
  if (job.mask.amplitudes != mask::Amplitudes::given) return;
  throw InputError(
      "mask.amplitudes = given (these amplitudes have no films, so they have no thickness); set mask.amplitudes = "
      "\"film_stack\" and describe the films in [mask.stack] and [[mask.absorber]]");
}

std::vector<metrology::GaugeResult> gauges_of(const flow::Prepared& prepared,
                                              const imaging::AerialImage& image) {
  return flow::measure_print(prepared, image, flow::find_gauges(prepared)).gauges;
}

// The gauges of the job on its own mask, thin and thick, at the design wavelength: the spectrum changes both
// in the same way.
std::vector<GaugeEffect> measure_gauges(const job::Job& job, Model thick_model, const Progress& progress) {
  std::array<std::vector<metrology::GaugeResult>, 2> measured;
  for (std::size_t i = 0; i < 2; ++i) {
    job::Job with = job;
    with.mask.model = i == 0 ? Model::thin : thick_model;
    with.imaging.spectrum = job::ImageSpectrum::line;
    const flow::Prepared prepared = flow::prepare(std::move(with));
    const flow::PlaneImages images =
        flow::images_in_planes(prepared, {{job.imaging.focus_nm, job.imaging.depth_nm}},
                               part_of(progress, 0.2 * static_cast<double>(i), i == 0 ? 0.2 : 1));
    measured[i] = gauges_of(prepared, images.planes.front());
  }
  std::vector<GaugeEffect> effects;
  for (std::size_t g = 0; g < measured[0].size(); ++g) {
    const metrology::GaugeResult &thin = measured[0][g], &thick = measured[1][g];
    effects.push_back({.name = thin.gauge.name,
                       .target_cd_nm = thin.target_cd_nm,
                       .thin_cd_nm = thin.cd_nm,
                       .thick_cd_nm = thick.cd_nm,
                       .thin_shift_nm = thin.shift_nm,
                       .thick_shift_nm = thick.shift_nm});
  }
  return effects;
}

double smallest_target(const std::vector<GaugeEffect>& gauges) {
  std::optional<double> least;
  for (const GaugeEffect& gauge : gauges)
    if (gauge.target_cd_nm) least = std::min(gauge.target_cd_nm.value(), least.value_or(1e300));
  if (!least)
    throw InputError(
        "metrology.gauge (the lines have the width of the smallest target CD, and no gauge has one); give "
        "[[metrology.gauge]] with target_cd_nm, or --cd");
  return *least;
}

void check_lines(double cd_nm, const std::optional<double>& pitch_nm) {
  // From a tenth of a nanometre to what a cell of lines may be.
  const auto within = [](const char* option, double value, const Range& range, const char* example) {
    if (!range.contains(value))
      throw InputError(fmt::format("{} {:g} (must be {}); give a length in nm, such as {}", option, value,
                                   range.text(), example));
  };
  within("--cd", cd_nm, Range::closed(0.1, 1e4), "16");
  if (!pitch_nm) return;
  within("--pitch", *pitch_nm, Range::closed(0.2, 1e5), "32");
  if (!(*pitch_nm > cd_nm))
    throw InputError(
        fmt::format("--pitch {:g} (must be larger than the width of the lines, {:g} nm); give a larger pitch",
                    *pitch_nm, cd_nm));
}

// Lines of a bare mirror are no lines.
void check_absorber(const job::Job& job) {
  if (job.mask.amplitudes == mask::Amplitudes::film_stack && job.mask.stack.absorber.empty())
    throw InputError(
        "mask.absorber (has no films: a mask without an absorber has no lines); give [[mask.absorber]] with "
        "material and thickness_nm");
}

// Planes around the job's focus, up to half of lambda/NA^2 to either side.
std::vector<double> focus_values(const flow::Prepared& prepared) {
  const imaging::ImagingParameters& optics = prepared.job.imaging;
  constexpr int kSide = 6;
  const double reach_nm =
      std::max(10.0, 10 * std::round(0.05 * prepared.light.wavelength_nm / (optics.na * optics.na)));
  std::vector<double> focus;
  for (int i = -kSide; i <= kSide; ++i) focus.push_back(optics.focus_nm + reach_nm * i / kSide);
  return focus;
}

// Lines of one width at many pitches, and the light that images them.
struct Lines {
  const flow::Prepared& prepared;
  const LineOptics& optics;
  double cd_nm = 0, pitch_nm = 0;  ///< pitch of the densest
  std::vector<double> focus_nm;    ///< the focus of the job is in the middle

  [[nodiscard]] const job::Job& job() const { return prepared.job; }
  [[nodiscard]] LineFeature feature(double pitch_factor, Orientation orientation) const {
    return {.pitch_nm = pitch_factor * pitch_nm, .cd_nm = cd_nm, .orientation = orientation};
  }
};

std::vector<metrology::FocusPoint> points_of(const std::vector<LinePlane>& planes,
                                             std::optional<double> LinePlane::*number) {
  std::vector<metrology::FocusPoint> points;
  for (const LinePlane& plane : planes)
    if (plane.*number) points.push_back({plane.focus_nm, *(plane.*number)});
  return points;
}

// One feature through focus. @param common_threshold  of all features; absent: its own
LineSeries compute_series(const Lines& lines, const LineMask& line, Model model,
                          const std::optional<double>& common_threshold) {
  const LineOptics& optics = lines.optics;
  LineSeries series{.feature = line.feature, .model = model};
  const std::vector<imaging::AerialImage> images = optics.images(line, lines.focus_nm);
  const std::size_t middle = images.size() / 2;
  series.threshold = optics.threshold_to_size(line, images[middle]);
  if (!common_threshold && !series.threshold)
    throw InputError(
        fmt::format("lines of {:g} nm at a pitch of {:g} nm do not print with these optics; give a larger "
                    "--cd or --pitch",
                    series.feature.cd_nm, series.feature.pitch_nm));
  const double common = common_threshold ? *common_threshold : *series.threshold;
  for (const imaging::AerialImage& image : images)
    series.planes.push_back(optics.measure(line, image, common));
  if (!series.threshold) return series;
  for (const imaging::AerialImage& image : images)
    series.sized.push_back(optics.measure(line, image, *series.threshold));
  series.shift_nm = series.sized[middle].shift_nm;
  series.telecentricity_nm_per_um =
      metrology::telecentricity_nm_per_um(points_of(series.sized, &LinePlane::shift_nm));
  series.best_focus_nils_nm = metrology::best_focus_nils_nm(points_of(series.sized, &LinePlane::nils));
  return series;
}

// Lines of all pitches, orientations and models through focus, and what their masks reflect.
struct PitchStudy {
  std::vector<LineSeries> series;
  double open_reflectance = 0, absorber_reflectance = 0, absorber_phase_deg = 0, reference_depth_nm = 0;
  std::vector<std::string> warnings;
};

PitchStudy compute_through_pitch(const Lines& lines, const Progress& progress) {
  PitchStudy study;
  std::array<std::optional<double>, kModels.size()> common_threshold;
  for (std::size_t i = 0; i < kPitchFactors.size(); ++i) {
    for (const Orientation orientation : kOrientations)
      for (std::size_t m = 0; m < kModels.size(); ++m) {
        const LineMask line = lines.optics.make(lines.feature(kPitchFactors[i], orientation),
                                                with_model(lines.job().mask, kModels[m]));
        study.series.push_back(compute_series(lines, line, kModels[m], common_threshold[m]));
        if (!common_threshold[m]) common_threshold[m] = study.series.back().threshold;
        const mask::Diffraction& diffraction = line.diffraction;
        study.open_reflectance = diffraction.open_reflectance;
        study.absorber_reflectance = diffraction.absorber_reflectance;
        study.absorber_phase_deg = diffraction.absorber_phase_deg;
        if (!diffraction.thick) continue;
        study.reference_depth_nm = diffraction.thick->report.reference_depth_nm;
        if (!diffraction.thick->report.converged)
          study.warnings.push_back(fmt::format(
              "lines at a pitch of {:g} nm: the last step of the rigorous model changed orders by "
              "{:.1e} of the largest (mask.solver.max_error = {:g})",
              line.feature.pitch_nm, diffraction.thick->report.change, lines.job().mask.solver.max_error));
      }
    if (progress) progress(static_cast<double>(i + 1) / kPitchFactors.size());
  }
  return study;
}

// Images of the two halves of the source; absent where the source has no halves or a half does not print.
std::optional<PoleImages> compare_poles(const Lines& lines, const LineMask& line, const LineSeries& series,
                                        double focus_nm) {
  const auto measure = [&](const LineMask& part) {
    return lines.optics.measure(part, lines.optics.images(part, {focus_nm}).front(), *series.threshold);
  };
  const auto first = lines.optics.from_half(line, 1), second = lines.optics.from_half(line, -1);
  if (!first || !second) return {};
  const LinePlane all = measure(line), up = measure(*first), down = measure(*second);
  if (!all.nils || !up.nils || !down.nils) return {};
  return PoleImages{.orientation = series.feature.orientation,
                    .model = series.model,
                    .focus_nm = focus_nm,
                    .separation_nm = *up.shift_nm - *down.shift_nm,
                    .contrast = all.contrast,
                    .contrast_of_poles = (up.contrast + down.contrast) / 2,
                    .nils = *all.nils,
                    .nils_of_poles = (*up.nils + *down.nils) / 2};
}

// The densest lines at the job's focus and at their best focus.
std::vector<PoleImages> compute_poles(const Lines& lines, const MaskEffects& effects) {
  std::vector<PoleImages> poles;
  for (const Orientation orientation : kOrientations)
    for (const Model model : kModels) {
      const LineSeries& series = effects.at(0, orientation, model);
      if (!series.threshold) continue;
      const LineMask line =
          lines.optics.make(lines.feature(1, orientation), with_model(lines.job().mask, model));
      for (const std::optional<double>& focus_nm :
           {std::optional(lines.job().imaging.focus_nm), series.best_focus_nils_nm})
        if (focus_nm)
          if (const auto images = compare_poles(lines, line, series, *focus_nm)) poles.push_back(*images);
    }
  return poles;
}

// All absorber films scaled together, 20 nm to either side of the job's thickness.
std::vector<SwingPoint> compute_swing(const Lines& lines, double threshold, const Progress& progress) {
  constexpr double kReachNm = 20, kStepNm = 1, kLeastNm = 5;
  double nominal_nm = 0;
  for (const mask::FilmLayer& film : lines.job().mask.stack.absorber) nominal_nm += film.thickness_nm;
  std::vector<SwingPoint> swing;
  if (!(nominal_nm > 0)) return swing;
  for (double change_nm = -kReachNm; change_nm <= kReachNm; change_nm += kStepNm) {
    const double thickness_nm = nominal_nm + change_nm;
    if (thickness_nm < kLeastNm) continue;
    mask::MaskParameters parameters = with_model(lines.job().mask, Model::rigorous);
    for (mask::FilmLayer& film : parameters.stack.absorber) film.thickness_nm *= thickness_nm / nominal_nm;
    SwingPoint& point = swing.emplace_back();
    point.thickness_nm = thickness_nm;
    for (std::size_t i = 0; i < kOrientations.size(); ++i) {
      const LineMask line = lines.optics.make(lines.feature(1, kOrientations[i]), parameters);
      point.absorber_reflectance = line.diffraction.absorber_reflectance;
      point.absorber_phase_deg = line.diffraction.absorber_phase_deg;
      const imaging::AerialImage image = lines.optics.images(line, {lines.job().imaging.focus_nm}).front();
      const auto to_size = lines.optics.threshold_to_size(line, image);
      if (to_size) point.line[i] = lines.optics.measure(line, image, *to_size);
      point.line[i].cd_nm = lines.optics.measure(line, image, threshold).cd_nm;
    }
    if (progress) progress((change_nm + kReachNm) / (2 * kReachNm));
  }
  return swing;
}

// Mean direction of a pupil.
std::array<double, 2> centre_of(const illuminator::PupilFill& fill) {
  std::array<double, 2> sum{};
  for (const illuminator::SourcePoint& point : fill.points) {
    sum[0] += point.weight * point.sigma_x;
    sum[1] += point.weight * point.sigma_y;
  }
  // Equal and opposite points leave rounding.
  constexpr double kRounding = 1e-12;
  for (double& s : sum)
    if (std::abs(s) < kRounding) s = 0;
  return sum;
}

// Orders of the densest lines, illuminated along the chief ray and from the middle of each half of the
// source.
std::vector<OrderRow> compute_line_orders(const Lines& lines) {
  constexpr int kMaxOrder = 4;
  std::vector<OrderRow> rows;
  for (const Orientation orientation : kOrientations) {
    const LineFeature feature = lines.feature(1, orientation);
    std::vector<std::array<double, 2>> directions{{0, 0}};
    const LineMask whole = lines.optics.make(feature, with_model(lines.job().mask, Model::thin));
    for (const int side : {1, -1})
      if (const auto half = lines.optics.from_half(whole, side))
        directions.push_back(centre_of(half->pupil_fill));
    for (const auto& [x, y] : directions) {
      const auto diffract = [&](Model model) {
        return lines.optics.diffract(feature, with_model(lines.job().mask, model), x, y, kMaxOrder);
      };
      for (const OrderRow& order :
           order_rows(name_of(orientation), diffract(Model::rigorous), diffract(Model::thin), x, y,
                      lines.optics.optics(), lines.job().mask.stack.incidence_deg))
        if ((orientation == Orientation::vertical ? order.n : order.m) == 0) rows.push_back(order);
    }
  }
  return rows;
}

// Orders of the job's own mask, illuminated along the chief ray; none where there are too many to read.
std::vector<OrderRow> compute_job_orders(const Lines& lines, Model model) {
  constexpr std::size_t kMaxRows = 2000;
  const LineOptics& optics = lines.optics;
  const illuminator::PupilFill chief = illuminator::make_pupil_fill({illuminator::SourcePoint{}});
  const auto diffract = [&](Model with) {
    return mask::compute_diffraction(
        lines.prepared.mask, with_model(lines.job().mask, with), optics.optics(), chief,
        optics.wavelength_nm(), flow::mask_frequency_per_nm(lines.prepared, chief, optics.wavelength_nm()));
  };
  const mask::Diffraction thin = diffract(Model::thin);
  if (thin.amplitudes.size() > kMaxRows) return {};
  return order_rows("job", diffract(model), thin, 0, 0, optics.optics(),
                    lines.job().mask.stack.incidence_deg);
}

}  // namespace

const LineSeries& MaskEffects::at(std::size_t pitch, Orientation orientation, Model model) const {
  return series[4 * pitch + (orientation == Orientation::vertical ? 0 : 2) + (model == Model::thin ? 0 : 1)];
}

std::optional<double> cd_in_focus_nm(const LineSeries& series) {
  return series.planes[series.planes.size() / 2].cd_nm;
}

std::optional<double> hv_bias_nm(const MaskEffects& effects, std::size_t pitch, Model model) {
  const auto horizontal = cd_in_focus_nm(effects.at(pitch, Orientation::horizontal, model)),
             vertical = cd_in_focus_nm(effects.at(pitch, Orientation::vertical, model));
  if (!horizontal || !vertical) return {};
  return metrology::hv_bias_nm({&*horizontal, 1}, {&*vertical, 1});
}

std::optional<double> mask_effects_cost_s(const flow::Prepared& prepared, const MaskEffectsOptions& options) {
  const job::Job& job = prepared.job;
  require_film_stack(job);
  if (options.cd_nm) check_lines(*options.cd_nm, options.pitch_nm);
  double cd_nm = options.cd_nm.value_or(0);
  if (!options.cd_nm) {
    std::vector<GaugeEffect> gauges;
    for (const metrology::Gauge& gauge : job.metrology.gauges)
      gauges.push_back(
          {.target_cd_nm = metrology::target_cd_nm(prepared.clip, flow::drawn_feature(prepared), gauge)});
    if (job.metrology.placement != metrology::GaugePlacement::given)
      for (const metrology::Gauge& gauge :
           metrology::place_gauges(prepared.clip, flow::drawn_feature(prepared), job.metrology).gauges)
        gauges.push_back({.target_cd_nm = gauge.target_cd_nm});
    if (std::ranges::none_of(gauges, [](const GaugeEffect& gauge) { return gauge.target_cd_nm.has_value(); }))
      return {};
    cd_nm = smallest_target(gauges);
  }
  check_lines(cd_nm, options.pitch_nm);
  const LineOptics optics(prepared);
  const Lines lines{.prepared = prepared,
                    .optics = optics,
                    .cd_nm = cd_nm,
                    .pitch_nm = options.pitch_nm.value_or(2 * cd_nm),
                    .focus_nm = focus_values(prepared)};
  const auto n_planes = static_cast<int>(lines.focus_nm.size());
  // The gauges of the job, with a thin and with a thick mask.
  double cost_s = 2 * prepared.plan.cpu_s + prepared.mask_plan.cpu_s;
  for (const Orientation orientation : kOrientations) {
    for (const double factor : kPitchFactors)
      for (const Model model : kModels)
        cost_s += optics.cost_s(lines.feature(factor, orientation), with_model(job.mask, model), n_planes);
    // The densest lines again: halves of the source, and the swing.
    constexpr int kThicknesses = 41, kPoleImages = 6;
    const LineFeature dense = lines.feature(1, orientation);
    const auto rigorous = with_model(job.mask, Model::rigorous);
    cost_s += optics.cost_s(dense, rigorous, kPoleImages) + kThicknesses * optics.cost_s(dense, rigorous, 1);
  }
  return cost_s;
}

MaskEffects compute_mask_effects(const job::Job& job, const MaskEffectsOptions& options) {
  require_film_stack(job);
  check_absorber(job);
  if (options.cd_nm) check_lines(*options.cd_nm, options.pitch_nm);
  MaskEffects effects;
  effects.job_model = job.mask.model == Model::thin ? Model::multislice : job.mask.model;
  effects.gauges = measure_gauges(job, effects.job_model, part_of(options.progress, 0, 0.3));
  effects.cd_nm = options.cd_nm ? *options.cd_nm : smallest_target(effects.gauges);
  check_lines(effects.cd_nm, options.pitch_nm);
  effects.pitch_nm = options.pitch_nm.value_or(2 * effects.cd_nm);
  const flow::Prepared prepared = flow::prepare(job);
  const LineOptics optics(prepared);
  const Lines lines{.prepared = prepared,
                    .optics = optics,
                    .cd_nm = effects.cd_nm,
                    .pitch_nm = effects.pitch_nm,
                    .focus_nm = focus_values(prepared)};
  for (const Orientation orientation : kOrientations)
    if (optics.turned(orientation)) effects.turned = orientation;
  effects.wavelength_nm = prepared.light.wavelength_nm;
  effects.focus_nm = job.imaging.focus_nm;
  effects.warnings = prepared.warnings;

  PitchStudy pitches = compute_through_pitch(lines, part_of(options.progress, 0.3, 0.7));
  effects.series = std::move(pitches.series);
  effects.open_reflectance = pitches.open_reflectance;
  effects.absorber_reflectance = pitches.absorber_reflectance;
  effects.absorber_phase_deg = pitches.absorber_phase_deg;
  effects.reference_depth_nm = pitches.reference_depth_nm;
  effects.warnings.insert(effects.warnings.end(), pitches.warnings.begin(), pitches.warnings.end());

  effects.orders = compute_line_orders(lines);
  const std::vector<OrderRow> job_orders = compute_job_orders(lines, effects.job_model);
  effects.orders.insert(effects.orders.end(), job_orders.begin(), job_orders.end());
  effects.poles = compute_poles(lines, effects);
  effects.swing = compute_swing(lines, *effects.at(0, Orientation::vertical, Model::rigorous).threshold,
                                part_of(options.progress, 0.7, 1));
  return effects;
}

}  // namespace undulith::study
