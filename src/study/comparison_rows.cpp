#include "undulith/study/comparison_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/throughput/throughput.hpp"

namespace undulith::study {
namespace {

using metrology::GaugeResult;
using metrology::PrintStatus;

// The order of the table; those of the image come last.
const std::vector<std::string>& light_names() {
  static const std::vector<std::string> names = {
      "status",
      "citation",
      "source_power_w",
      "intermediate_focus_power_w",
      "mask_power_w",
      "wafer_power_w",
      "source_bandwidth_percent",
      "wafer_bandwidth_percent",
      "pupil_fill_percent",
      "polarisation_percent",
      "mask_s1",
      "mask_s2",
      "mask_s3",
      "n_modes_x",
      "n_modes_y",
      "etendue_needed_over_source",
      "coherence_length_um",
      "speckle_contrast_percent",
      "pulses_per_slit",
      "dose_noise_percent",
      "photons_per_nm2",
      "heat_per_in_band_watt",
      "first_mirror_power_density_w_mm2",
      "wafers_per_hour",
      "throughput_limit",
      "scanners_per_source",
      "affordable_dose_mj_cm2",
      "energy_per_wafer_kwh",
      "factory_availability_percent",
      "factory_wafers_per_day",
  };
  return names;
}
const std::vector<std::string>& image_names() {
  static const std::vector<std::string> names = {
      "cd_nm",
      "nils",
      "contrast",
      "best_focus_nm",
      "h_v_difference_nm",
      "dose_to_size_mj_cm2",
      "photon_noise_ler_nm",
  };
  return names;
}

Figure number(const std::string& name, double value) {
  return {name, value};
}
/// A number that is 0 where it is not known.
Figure known(const std::string& name, double value) {
  if (value > 0) return {name, value};
  return {name, std::monostate{}};
}
Figure given(const std::string& name, const std::optional<double>& value) {
  if (value) return {name, *value};
  return {name, std::monostate{}};
}

const GaugeResult* first_printed(const metrology::Measurement& measurement) {
  const auto found = std::ranges::find(measurement.gauges, PrintStatus::printed, &GaugeResult::status);
  return found == measurement.gauges.end() ? nullptr : &*found;
}

/// Focus of the largest NILS of a gauge: the vertex of the parabola through the three highest planes.
std::optional<double> best_focus_nm(const flow::Results& results, const std::string& gauge_name) {
  struct Plane {
    double focus_nm, nils;
  };
  std::vector<Plane> planes;
  const auto add = [&](double focus_nm, const metrology::Measurement& measurement) {
    for (const GaugeResult& gauge : measurement.gauges)
      if (gauge.gauge.name == gauge_name && gauge.nils) planes.push_back({focus_nm, *gauge.nils});
  };
  add(results.image.focus_nm, results.measurement);
  for (const flow::PlaneResult& plane : results.through_focus)
    if (plane.focus_nm != results.image.focus_nm) add(plane.focus_nm, plane.measurement);
  std::ranges::sort(planes, {}, &Plane::focus_nm);
  const auto top = std::ranges::max_element(planes, {}, &Plane::nils);
  if (planes.size() < 3 || top == planes.begin() || top + 1 == planes.end()) return {};
  const double h0 = top->focus_nm - (top - 1)->focus_nm, h1 = (top + 1)->focus_nm - top->focus_nm;
  const double left = (top->nils - (top - 1)->nils) / h0, right = ((top + 1)->nils - top->nils) / h1;
  const double curvature = (right - left) / (h0 + h1), slope = (left * h1 + right * h0) / (h0 + h1);
  if (!(curvature < 0)) return {};
  return top->focus_nm - 0.5 * slope / curvature;
}

/// Mean CD error of cuts along y (lines along x, "H") minus that of cuts along x ("V"), of gauges that
/// measure the same as the first one: the same side of the threshold, the same target.
std::optional<double> h_v_difference_nm(const metrology::Measurement& measurement, const GaugeResult& first) {
  double sum[2] = {0, 0};
  int count[2] = {0, 0};
  for (const GaugeResult& gauge : measurement.gauges) {
    if (gauge.status != PrintStatus::printed || !gauge.cd_error_nm || !first.target_cd_nm) continue;
    if (gauge.gauge.feature != first.gauge.feature ||
        std::abs(*gauge.target_cd_nm - *first.target_cd_nm) > 1e-6)
      continue;
    const double turn = std::remainder(gauge.gauge.angle_deg, 180);
    const int along_y = std::abs(std::abs(turn) - 90) < 1 ? 1 : std::abs(turn) < 1 ? 0 : -1;
    if (along_y < 0) continue;
    sum[along_y] += *gauge.cd_error_nm;
    ++count[along_y];
  }
  if (count[0] == 0 || count[1] == 0) return {};
  return sum[1] / count[1] - sum[0] / count[0];
}

/// Dose at which the gauge prints its target: in a constant-threshold resist a dose times as high has a
/// threshold as much lower.
std::optional<double> dose_to_size(const job::Job& job, const flow::Results& results,
                                   const GaugeResult& gauge) {
  if (!gauge.target_cd_nm) return {};
  const auto cd_error_at = [&](double threshold) -> std::optional<double> {
    metrology::MetrologyParameters parameters = job.metrology;
    parameters.threshold = threshold;
    parameters.placement = metrology::GaugePlacement::given;
    parameters.gauges = {gauge.gauge};
    const auto feature =
        job.mask.tone == mask::Tone::dark_field ? metrology::Feature::bright : metrology::Feature::dark;
    const auto at = metrology::measure(results.image, results.prepared.clip, feature, parameters);
    if (at.gauges.empty() || at.gauges.front().status != PrintStatus::printed) return {};
    return at.gauges.front().cd_error_nm;
  };
  // The CD is monotone in the threshold: bisection between the darkest and the brightest of the cut.
  double low = std::max(1e-3, gauge.i_min * 1.001), high = std::min(gauge.i_max * 0.999, 0.999);
  const auto at_start = cd_error_at(results.measurement.threshold);
  if (!at_start || !(low < high)) return {};
  const bool shrinks = gauge.gauge.feature == metrology::Feature::bright;
  double threshold = results.measurement.threshold;
  (shrinks == (*at_start > 0) ? low : high) = threshold;
  for (int step = 0; step < 40; ++step) {
    threshold = 0.5 * (low + high);
    const auto error = cd_error_at(threshold);
    if (!error) return {};
    if (std::abs(*error) < 1e-4) return job.scanner.dose_mj_cm2 * results.measurement.threshold / threshold;
    (shrinks == (*error > 0) ? low : high) = threshold;
  }
  return {};
}

}  // namespace

std::vector<Figure> light_figures(const source::SourceOutput& light, const flow::LightChain& chain) {
  const illuminator::Beamline& b = chain.beamline;
  const optics::Stokes& s = b.mask_stokes;
  const double degree = std::sqrt(s.s1 * s.s1 + s.s2 * s.s2 + s.s3 * s.s3) / s.s0;
  const bool feeds = chain.throughput.wafers_per_hour > 0;
  std::vector<Figure> figures = {
      {"status", source::name_of(light.status)},
      {"citation", light.citation},
      number("source_power_w", light.in_band_power_w),
      number("intermediate_focus_power_w", b.intermediate_focus_power_w),
      number("mask_power_w", b.mask_power_w),
      number("wafer_power_w", chain.wafer_power_w),
      number("source_bandwidth_percent", light.bandwidth_fwhm_percent),
      number("wafer_bandwidth_percent", b.bandwidth_fwhm_percent),
      number("pupil_fill_percent", 100 * chain.fill_ratio),
      number("polarisation_percent", 100 * degree),
      number("mask_s1", s.s1),
      number("mask_s2", s.s2),
      number("mask_s3", s.s3),
      known("n_modes_x", light.coherence.n_modes_x),
      known("n_modes_y", light.coherence.n_modes_y),
      known("etendue_needed_over_source",
            chain.etendue.source_mm2_sr > 0 ? chain.etendue.needed_mm2_sr / chain.etendue.source_mm2_sr : 0),
      known("coherence_length_um", light.coherence.coherence_length_um),
      known("speckle_contrast_percent", 100 * chain.speckle.contrast),
      known("pulses_per_slit", feeds ? chain.dose_noise.pulses_per_slit : 0),
      feeds && light.time.pulsed ? number("dose_noise_percent", chain.dose_noise.pulse_noise_percent)
                                 : Figure{"dose_noise_percent", std::monostate{}},
      number("photons_per_nm2", chain.dose_noise.photons_per_nm2),
      number("heat_per_in_band_watt", chain.heat_per_in_band_watt),
      known("first_mirror_power_density_w_mm2", b.first_mirror_power_density_w_mm2),
      number("wafers_per_hour", chain.throughput.wafers_per_hour),
      {"throughput_limit",
       std::string(chain.throughput.limit == throughput::Limit::power ? "power" : "stage")},
      number("scanners_per_source", chain.scanners_per_source),
      number("affordable_dose_mj_cm2", chain.affordable_dose_mj_cm2),
      known("energy_per_wafer_kwh", chain.energy_per_wafer_kwh),
      number("factory_availability_percent", 100 * chain.factory.source_availability),
      number("factory_wafers_per_day", chain.factory.expected_wafers_per_day),
  };
  return figures;
}

std::vector<Figure> image_figures(const job::Job& job, const flow::Results& results) {
  std::vector<Figure> figures;
  for (const std::string& name : image_names()) figures.push_back({name, std::monostate{}});
  const auto set = [&](const std::string& name, const std::optional<double>& value) {
    std::ranges::find(figures, name, &Figure::name)->value = given(name, value).value;
  };
  const GaugeResult* gauge = first_printed(results.measurement);
  if (!gauge) return figures;
  set("h_v_difference_nm", h_v_difference_nm(results.measurement, *gauge));
  set("cd_nm", gauge->cd_nm);
  set("nils", gauge->nils);
  set("contrast", gauge->contrast);
  set("best_focus_nm", best_focus_nm(results, gauge->gauge.name));
  set("dose_to_size_mj_cm2", dose_to_size(job, results, *gauge));
  const flow::LightChain& chain = results.prepared.chain;
  if (gauge->cd_nm && gauge->nils && *gauge->nils > 0 && chain.affordable_dose_mj_cm2 > 0) {
    const double photons_per_nm2 =
        throughput::estimate_dose_noise(chain.affordable_dose_mj_cm2, results.prepared.light.wavelength_nm, 1,
                                        0, 0)
            .photons_per_nm2 *
        results.measurement.threshold;
    set("photon_noise_ler_nm",
        throughput::photon_noise_ler_nm(*gauge->cd_nm, *gauge->nils, photons_per_nm2,
                                        job.compare.absorbed_share, job.compare.blur_nm));
  }
  return figures;
}

const std::vector<std::string>& figure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = light_names();
    all.insert(all.end(), image_names().begin(), image_names().end());
    return all;
  }();
  return names;
}

bool needs_image(const std::string& figure_name) {
  return std::ranges::find(image_names(), figure_name) != image_names().end();
}

bool is_word(const std::string& figure_name) {
  return figure_name == "status" || figure_name == "citation" || figure_name == "throughput_limit";
}

std::string figure_text(const Figure& figure) {
  if (const auto* value = std::get_if<double>(&figure.value)) {
    if (*value != 0 && (std::abs(*value) < 1e-3 || std::abs(*value) >= 1e6))
      return fmt::format("{:.3g}", *value);
    return fmt::format("{:.4g}", *value);
  }
  if (const auto* text = std::get_if<std::string>(&figure.value)) return *text;
  return "n/a";
}

}  // namespace undulith::study
