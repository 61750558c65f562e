#include "undulith/study/mask_effects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/flow/spectral_masks.hpp"
#include "undulith/study/mask_orders.hpp"

namespace undulith::study {
namespace {

using mask::Model;

constexpr std::array kOrientations{Orientation::vertical, Orientation::horizontal};
constexpr std::array kModels{Model::thin, Model::rigorous};
constexpr std::array kPitchFactors{1.0,  1.1, 1.2, 1.35, 1.5,
                                   1.75, 2.0, 3.0, 5.0};  // of the densest; the last is isolated

mask::MaskParameters with_model(mask::MaskParameters parameters, Model model) {
  parameters.model = model;
  return parameters;
}

void require_film_stack(const job::Job& job) {
  if (job.mask.amplitudes != mask::Amplitudes::given) return;
  throw InputError(
      "mask.amplitudes = given (these amplitudes have no films that could be thick); set mask.amplitudes = "
      "\"film_stack\" and describe the films in [mask.stack] and [[mask.absorber]]");
}

std::vector<metrology::GaugeResult> gauges_of(const flow::Prepared& prepared,
                                              const imaging::AerialImage& image) {
  return metrology::measure(flow::printing_image(prepared, image), prepared.clip,
                            flow::drawn_feature(prepared), prepared.job.metrology)
      .gauges;
}

// The gauges of the job on its own mask, thin and thick, at the design wavelength: the spectrum moves both
// alike.
void measure_gauges(const job::Job& job, const Progress& progress, MaskEffects& effects) {
  std::array<std::vector<metrology::GaugeResult>, 2> of_model;
  for (std::size_t i = 0; i < 2; ++i) {
    job::Job with = job;
    with.mask.model = i == 0 ? Model::thin : effects.job_model;
    with.spectrum.spectrum = job::ImageSpectrum::line;
    const flow::Prepared prepared = flow::prepare(std::move(with));
    const flow::PlaneImages images =
        flow::images_in_planes(prepared, {{job.imaging.focus_nm, job.imaging.depth_nm}},
                               part_of(progress, 0.2 * static_cast<double>(i), i == 0 ? 0.2 : 1));
    of_model[i] = gauges_of(prepared, images.planes.front());
  }
  for (std::size_t g = 0; g < of_model[0].size(); ++g) {
    const metrology::GaugeResult &thin = of_model[0][g], &thick = of_model[1][g];
    effects.gauges.push_back({.name = thin.gauge.name,
                              .target_cd_nm = thin.target_cd_nm,
                              .thin_cd_nm = thin.cd_nm,
                              .thick_cd_nm = thick.cd_nm,
                              .thin_shift_nm = thin.shift_nm,
                              .thick_shift_nm = thick.shift_nm});
  }
}

double smallest_target(const MaskEffects& effects) {
  std::optional<double> least;
  for (const GaugeEffect& gauge : effects.gauges)
    if (gauge.target_cd_nm) least = std::min(gauge.target_cd_nm.value(), least.value_or(1e300));
  if (!least)
    throw InputError(
        "metrology.gauge (lines as wide as the smallest target CD are wanted, and no gauge has one); give "
        "[[metrology.gauge]] with target_cd_nm, or --cd");
  return *least;
}

void check_lines(double cd_nm, const std::optional<double>& pitch_nm) {
  if (!(cd_nm > 0)) throw InputError(fmt::format("--cd {:g} (must be > 0); give a width in nm", cd_nm));
  if (pitch_nm && !(*pitch_nm > cd_nm))
    throw InputError(
        fmt::format("--pitch {:g} (must be larger than the width of the lines, {:g} nm)", *pitch_nm, cd_nm));
}

// Planes about the job's focus, to half of lambda/NA^2 on either side.
std::vector<double> focus_values(const flow::Prepared& prepared) {
  const imaging::ImagingParameters& optics = prepared.job.imaging;
  constexpr int kSide = 6;
  const double reach_nm =
      std::max(10.0, 10 * std::round(0.05 * prepared.light.wavelength_nm / (optics.na * optics.na)));
  std::vector<double> focus;
  for (int i = -kSide; i <= kSide; ++i) focus.push_back(optics.focus_nm + reach_nm * i / kSide);
  return focus;
}

std::size_t middle(const std::vector<LinePlane>& planes) {
  return planes.size() / 2;
}

class EffectsOfLines {
 public:
  EffectsOfLines(const flow::Prepared& prepared, MaskEffects& effects)
      : prepared_(prepared),
        job_(prepared.job),
        optics_(prepared),
        effects_(effects),
        focus_(focus_values(prepared)) {
    for (const Orientation orientation : kOrientations)
      if (optics_.turned(orientation)) effects.turned = orientation;
  }

  void through_pitch(const Progress& progress) {
    for (std::size_t i = 0; i < kPitchFactors.size(); ++i) {
      for (const Orientation orientation : kOrientations)
        for (const Model model : kModels) add_series(kPitchFactors[i], orientation, model);
      if (progress) progress(static_cast<double>(i + 1) / kPitchFactors.size());
    }
  }

  void from_poles() {
    for (const Orientation orientation : kOrientations)
      for (const Model model : kModels) {
        const LineSeries& series = effects_.at(0, orientation, model);
        if (!series.threshold) continue;
        const LineMask line = optics_.make(feature(1, orientation), with_model(job_.mask, model));
        add_poles(line, series, job_.imaging.focus_nm);
        if (series.best_focus_nm) add_poles(line, series, *series.best_focus_nm);
      }
  }

  void through_thickness(const Progress& progress) {
    constexpr double kReachNm = 20, kStepNm = 1, kLeastNm = 5;
    double nominal_nm = 0;
    for (const mask::FilmLayer& film : job_.mask.stack.absorber) nominal_nm += film.thickness_nm;
    if (!(nominal_nm > 0)) return;
    const double threshold = common_threshold(Model::rigorous);
    for (double change_nm = -kReachNm; change_nm <= kReachNm; change_nm += kStepNm) {
      const double thickness_nm = nominal_nm + change_nm;
      if (thickness_nm < kLeastNm) continue;
      mask::MaskParameters parameters = with_model(job_.mask, Model::rigorous);
      for (mask::FilmLayer& film : parameters.stack.absorber) film.thickness_nm *= thickness_nm / nominal_nm;
      SwingPoint& point = effects_.swing.emplace_back();
      point.thickness_nm = thickness_nm;
      for (std::size_t i = 0; i < kOrientations.size(); ++i) {
        const LineMask line = optics_.make(feature(1, kOrientations[i]), parameters);
        point.absorber_reflectance = line.diffraction.absorber_reflectance;
        point.absorber_phase_deg = line.diffraction.absorber_phase_deg;
        const std::vector<imaging::AerialImage> images = optics_.images(line, {job_.imaging.focus_nm});
        const auto to_size = optics_.threshold_to_size(line, images.front());
        if (to_size) point.line[i] = optics_.measure(line, images.front(), *to_size);
        point.line[i].cd_nm = optics_.measure(line, images.front(), threshold).cd_nm;
      }
      if (progress) progress((change_nm + kReachNm) / (2 * kReachNm));
    }
  }

  void orders() {
    constexpr int kMaxOrder = 4;
    for (const Orientation orientation : kOrientations) {
      const LineFeature lines = feature(1, orientation);
      std::vector<std::array<double, 2>> lights{{0, 0}};
      const LineMask lit = optics_.make(lines, with_model(job_.mask, Model::thin));
      for (const int side : {1, -1})
        if (const auto pole = optics_.lit_from(lit, side)) lights.push_back(middle_of(pole->pupil_fill));
      for (const auto& [x, y] : lights) {
        const auto of = [&](Model model) {
          return optics_.lit_along(lines, with_model(job_.mask, model), x, y, kMaxOrder);
        };
        for (const OrderRow& order :
             order_rows(orientation == Orientation::vertical ? "vertical" : "horizontal", of(Model::rigorous),
                        of(Model::thin), x, y, optics_.optics(), job_.mask.stack.incidence_deg))
          if ((orientation == Orientation::vertical ? order.n : order.m) == 0)
            effects_.orders.push_back(order);
      }
    }
  }

  /// Of the job's own mask, lit along the chief ray; left out where there are too many to read.
  void orders_of_job() {
    constexpr std::size_t kMaxRows = 2000;
    const illuminator::PupilFill chief = illuminator::make_pupil_fill({illuminator::SourcePoint{}});
    const auto of = [&](Model model) {
      return mask::compute_diffraction(
          prepared_.mask, with_model(job_.mask, model), optics_.optics(), chief, optics_.wavelength_nm(),
          flow::mask_frequency_per_nm(prepared_, chief, optics_.wavelength_nm()));
    };
    const mask::Diffraction thin = of(Model::thin);
    if (thin.amplitudes.size() > kMaxRows) return;
    const std::vector<OrderRow> rows = order_rows("job", of(effects_.job_model), thin, 0, 0, optics_.optics(),
                                                  job_.mask.stack.incidence_deg);
    effects_.orders.insert(effects_.orders.end(), rows.begin(), rows.end());
  }

 private:
  [[nodiscard]] LineFeature feature(double factor, Orientation orientation) const {
    return {.pitch_nm = factor * effects_.pitch_nm, .cd_nm = effects_.cd_nm, .orientation = orientation};
  }

  [[nodiscard]] double common_threshold(Model model) const {
    return *effects_.at(0, Orientation::vertical, model).threshold;
  }

  void add_series(double factor, Orientation orientation, Model model) {
    LineSeries series{.feature = feature(factor, orientation), .model = model};
    const LineMask line = optics_.make(series.feature, with_model(job_.mask, model));
    const std::vector<imaging::AerialImage> images = optics_.images(line, focus_);
    series.threshold = optics_.threshold_to_size(line, images[focus_.size() / 2]);
    const bool is_first = factor == kPitchFactors.front() && orientation == Orientation::vertical;
    if (is_first && !series.threshold)
      throw InputError(
          fmt::format("lines of {:g} nm at a pitch of {:g} nm do not print with these optics; give a larger "
                      "--cd or --pitch",
                      series.feature.cd_nm, series.feature.pitch_nm));
    const double common = is_first ? *series.threshold : common_threshold(model);
    for (const imaging::AerialImage& image : images)
      series.planes.push_back(optics_.measure(line, image, common));
    if (series.threshold) {
      for (const imaging::AerialImage& image : images)
        series.sized.push_back(optics_.measure(line, image, *series.threshold));
      series.shift_nm = series.sized[middle(series.sized)].shift_nm;
      series.telecentricity_nm_per_um = telecentricity(series.sized);
      series.best_focus_nm = best_focus_by_nils(series.sized);
    }
    if (line.diffraction.thick)
      effects_.reference_depth_nm = line.diffraction.thick->report.reference_depth_nm;
    effects_.open_reflectance = line.diffraction.open_reflectance;
    effects_.absorber_reflectance = line.diffraction.absorber_reflectance;
    effects_.absorber_phase_deg = line.diffraction.absorber_phase_deg;
    if (line.diffraction.thick && !line.diffraction.thick->report.converged)
      effects_.warnings.push_back(fmt::format(
          "lines at a pitch of {:g} nm: the last step of the rigorous model changed orders by "
          "{:.1e} of the largest (mask.solver.max_error = {:g})",
          series.feature.pitch_nm, line.diffraction.thick->report.change, job_.mask.solver.max_error));
    effects_.series.push_back(std::move(series));
  }

  void add_poles(const LineMask& line, const LineSeries& series, double focus_nm) {
    const auto in_focus = [&](const LineMask& lit) {
      return optics_.measure(lit, optics_.images(lit, {focus_nm}).front(), *series.threshold);
    };
    const auto first = optics_.lit_from(line, 1), second = optics_.lit_from(line, -1);
    if (!first || !second) return;
    const LinePlane all = in_focus(line), up = in_focus(*first), down = in_focus(*second);
    if (!all.nils || !up.nils || !down.nils) return;
    effects_.poles.push_back({.orientation = series.feature.orientation,
                              .model = series.model,
                              .focus_nm = focus_nm,
                              .separation_nm = *up.shift_nm - *down.shift_nm,
                              .contrast = all.contrast,
                              .contrast_of_poles = (up.contrast + down.contrast) / 2,
                              .nils = *all.nils,
                              .nils_of_poles = (*up.nils + *down.nils) / 2});
  }

  [[nodiscard]] static std::array<double, 2> middle_of(const illuminator::PupilFill& fill) {
    std::array<double, 2> sum{};
    for (const illuminator::SourcePoint& point : fill.points) {
      sum[0] += point.weight * point.sigma_x;
      sum[1] += point.weight * point.sigma_y;
    }
    // What is left of equal and opposite points is rounding.
    constexpr double kRounding = 1e-12;
    for (double& s : sum)
      if (std::abs(s) < kRounding) s = 0;
    return sum;
  }

  const flow::Prepared& prepared_;
  const job::Job& job_;
  LineOptics optics_;
  MaskEffects& effects_;
  std::vector<double> focus_;
};

// Coefficients a, b, c of the parabola a + b x + c x^2 nearest to the points.
std::array<double, 3> parabola(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size());
  // On polynomials that are orthogonal on these points: 1, x - mean, (x - mean)^2 - slope (x - mean) -
  // second.
  double mean = 0, mean_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) mean += x[i] / n, mean_y += y[i] / n;
  double s2 = 0, s3 = 0, sy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = x[i] - mean;
    s2 += d * d, s3 += d * d * d, sy += d * y[i];
  }
  const double slope = s3 / s2, second = s2 / n;
  double q2 = 0, qy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = x[i] - mean, q = d * d - slope * d - second;
    q2 += q * q, qy += q * y[i];
  }
  const double c = qy / q2, b = sy / s2 - c * slope, a = mean_y - c * second;
  return {a - b * mean + c * mean * mean, b - 2 * c * mean, c};
}

}  // namespace

const LineSeries& MaskEffects::at(std::size_t pitch, Orientation orientation, Model model) const {
  return series[4 * pitch + (orientation == Orientation::vertical ? 0 : 2) + (model == Model::thin ? 0 : 1)];
}

std::optional<double> best_focus_by_nils(const std::vector<LinePlane>& planes) {
  constexpr std::size_t kFewest = 5;
  constexpr double kBeyond = 1.5;
  std::vector<double> focus, nils;
  for (const LinePlane& plane : planes)
    if (plane.nils) focus.push_back(plane.focus_nm), nils.push_back(*plane.nils);
  if (focus.size() < kFewest) return {};
  const auto [a, b, c] = parabola(focus, nils);
  if (!(c < 0)) return {};
  const double centre = (planes.front().focus_nm + planes.back().focus_nm) / 2,
               reach = (planes.back().focus_nm - planes.front().focus_nm) / 2, vertex = -b / (2 * c);
  if (std::abs(vertex - centre) > kBeyond * reach) return {};
  return vertex;
}

std::optional<double> telecentricity(const std::vector<LinePlane>& planes) {
  double n = 0, mean_focus = 0, mean_shift = 0;
  for (const LinePlane& plane : planes)
    if (plane.shift_nm) ++n, mean_focus += plane.focus_nm, mean_shift += *plane.shift_nm;
  if (n < 2) return {};
  mean_focus /= n, mean_shift /= n;
  double squares = 0, products = 0;
  for (const LinePlane& plane : planes)
    if (plane.shift_nm) {
      squares += (plane.focus_nm - mean_focus) * (plane.focus_nm - mean_focus);
      products += (plane.focus_nm - mean_focus) * (*plane.shift_nm - mean_shift);
    }
  constexpr double kNmPerUm = 1000;
  return kNmPerUm * products / squares;
}

MaskEffects compute_mask_effects(const job::Job& job, const MaskEffectsOptions& options) {
  require_film_stack(job);
  if (options.cd_nm) check_lines(*options.cd_nm, options.pitch_nm);
  MaskEffects effects;
  effects.job_model = job.mask.model == Model::thin ? Model::multislice : job.mask.model;
  measure_gauges(job, part_of(options.progress, 0, 0.3), effects);
  effects.cd_nm = options.cd_nm ? *options.cd_nm : smallest_target(effects);
  check_lines(effects.cd_nm, options.pitch_nm);
  effects.pitch_nm = options.pitch_nm.value_or(2 * effects.cd_nm);
  const flow::Prepared prepared = flow::prepare(job);
  effects.warnings = prepared.warnings;
  effects.wavelength_nm = prepared.light.wavelength_nm;
  effects.focus_nm = job.imaging.focus_nm;
  EffectsOfLines lines(prepared, effects);
  lines.through_pitch(part_of(options.progress, 0.3, 0.7));
  lines.orders();
  lines.orders_of_job();
  lines.from_poles();
  lines.through_thickness(part_of(options.progress, 0.7, 1));
  return effects;
}

}  // namespace undulith::study
