// SPDX-License-Identifier: MIT
#include "undulith/study/comparison_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "undulith/metrology/through_focus.hpp"
#include "undulith/throughput/throughput.hpp"

namespace undulith::study {
namespace {

using metrology::GaugeResult;
using metrology::PrintStatus;

const GaugeResult* first_printed(const metrology::Measurement& measurement) {
  const auto found = std::ranges::find(measurement.gauges, PrintStatus::printed, &GaugeResult::status);
  return found == measurement.gauges.end() ? nullptr : &*found;
}

std::optional<double> best_focus(const flow::Results& results, const std::string& gauge_name) {
  std::vector<metrology::FocusPoint> nils;
  const auto add = [&](double focus_nm, const metrology::Measurement& measurement) {
    for (const GaugeResult& gauge : measurement.gauges)
      if (gauge.gauge.name == gauge_name && gauge.nils) nils.push_back({focus_nm, *gauge.nils});
  };
  add(results.image.focus_nm, results.measurement);
  for (const flow::PlaneResult& plane : results.through_focus)
    if (plane.focus_nm != results.image.focus_nm) add(plane.focus_nm, plane.measurement);
  std::ranges::sort(nils, {}, &metrology::FocusPoint::focus_nm);
  return metrology::best_focus_nils_nm(nils);
}

/// In a constant-threshold resist n times the dose divides the threshold by n.
std::optional<double> dose_to_size(const flow::Results& results, const GaugeResult& gauge) {
  if (!gauge.target_cd_nm) return {};
  const double dose_threshold = results.prepared.job.throughput.dose_mj_cm2 * results.measurement.threshold;
  const auto cd_of_dose = [&](double dose_mj_cm2) {
    return metrology::measure_gauges(results.image, results.prepared.clip,
                                     flow::drawn_feature(results.prepared), {gauge.gauge},
                                     dose_threshold / dose_mj_cm2)
        .front()
        .cd_nm;
  };
  // Thresholds between the darkest and the brightest of the cut.
  const double lowest = std::max(1e-3, gauge.i_min * 1.001), highest = std::min(gauge.i_max * 0.999, 0.999);
  if (!(lowest < highest)) return {};
  return metrology::dose_to_size(cd_of_dose, *gauge.target_cd_nm, dose_threshold / highest,
                                 dose_threshold / lowest);
}

using Value = decltype(Figure::value);

/// A number that is 0 if it is not known.
Value known(double value) {
  if (value > 0) return value;
  return std::monostate{};
}
Value given(const std::optional<double>& value) {
  if (value) return *value;
  return std::monostate{};
}

struct Row {
  std::string name;
  std::string meaning;   ///< of the guide; empty: the row shares that of the row before
  std::string left_out;  ///< what the number does not include; may be empty
  bool is_word = false;
};
struct LightRow : Row {
  std::function<Value(const source::SourceOutput& light, const flow::LightChain& chain)> value;
};
/// What the rows of the image are computed from; gauge is the first that prints.
struct ImageContext {
  const flow::Results& results;
  const GaugeResult& gauge;
};
struct ImageRow : Row {
  std::function<Value(const ImageContext& context)> value;
};

double degree_of_polarisation(const optics::Stokes& s) {
  return std::sqrt(s.s1 * s.s1 + s.s2 * s.s2 + s.s3 * s.s3) / s.s0;
}
/// The width at the source; n/a if the light does not say it.
Value source_bandwidth(const source::SourceOutput& light) {
  if (light.spectrum_width == source::SpectrumWidth::known) return light.bandwidth_fwhm_percent;
  return std::monostate{};
}
Value wafer_bandwidth(const flow::LightChain& chain) {
  if (chain.beamline.bandwidth_known) return chain.beamline.bandwidth_fwhm_percent;
  return std::monostate{};
}
bool feeds(const flow::LightChain& chain) {
  return chain.throughput.wafers_per_hour > 0;
}

/// Power and spectrum, in the order of the table.
std::vector<LightRow> power_rows() {
  using source::SourceOutput;
  using Chain = flow::LightChain;
  return {
      {{"status", "production, demonstrated, design, simulation, company_claim: the evidence for the power",
        "", true},
       [](const SourceOutput& light, const Chain&) -> Value { return source::name_of(light.status); }},
      {{"citation", "publication of the numbers of the source", "", true},
       [](const SourceOutput& light, const Chain&) -> Value { return light.citation; }},
      {{"source_power_w",
        "power within ± 1 % of the design wavelength, at the source (plasma: at intermediate focus)",
        "the planes differ between sources: compare the next rows instead"},
       [](const SourceOutput& light, const Chain&) -> Value { return light.in_band_power_w; }},
      {{"intermediate_focus_power_w",
        "the same after the front end (and the division among scanners), and on the mask, for one scanner",
        "contamination, ageing, gas, spectral filters unless given as mirrors with `coating = \"fixed\"`"},
       [](const SourceOutput&, const Chain& c) -> Value { return c.beamline.intermediate_focus_power_w; }},
      {{"mask_power_w", "", ""},
       [](const SourceOutput&, const Chain& c) -> Value { return c.beamline.mask_power_w; }},
      {{"wafer_power_w", "power after all mirrors, open frame, after the losses of facets and étendue",
        "absorber, pellicle"},
       [](const SourceOutput&, const Chain& c) -> Value { return c.wafer_power_w; }},
      {{"source_bandwidth_percent",
        "full width at half maximum before and after the mirrors; n/a if a file does not contain it", ""},
       [](const SourceOutput& light, const Chain&) -> Value { return source_bandwidth(light); }},
      {{"wafer_bandwidth_percent", "", ""},
       [](const SourceOutput&, const Chain& c) -> Value { return wafer_bandwidth(c); }},
  };
}

/// Pupil, polarisation and coherence.
std::vector<LightRow> coherence_rows() {
  using source::SourceOutput;
  using Chain = flow::LightChain;
  return {
      {{"pupil_fill_percent", "illuminated share of the pupil",
        "`facets.pupil = \"continuous\"`: an ideal pupil, without loss"},
       [](const SourceOutput&, const Chain& c) -> Value { return 100 * c.fill_ratio; }},
      {{"polarisation_percent", "degree and Stokes parameters on the mask", "change across the pupil"},
       [](const SourceOutput&, const Chain& c) -> Value {
         return 100 * degree_of_polarisation(c.beamline.mask_stokes);
       }},
      {{"mask_s1", "", ""},
       [](const SourceOutput&, const Chain& c) -> Value { return c.beamline.mask_stokes.s1; }},
      {{"mask_s2", "", ""},
       [](const SourceOutput&, const Chain& c) -> Value { return c.beamline.mask_stokes.s2; }},
      {{"mask_s3", "", ""},
       [](const SourceOutput&, const Chain& c) -> Value { return c.beamline.mask_stokes.s3; }},
      {{"n_modes_x", "size times divergence over λ/4π", ""},
       [](const SourceOutput& light, const Chain&) -> Value { return known(light.coherence.n_modes_x); }},
      {{"n_modes_y", "", ""},
       [](const SourceOutput& light, const Chain&) -> Value { return known(light.coherence.n_modes_y); }},
      {{"etendue_needed_over_source",
        "étendue of slit and pupil over that of the source: above 1 the optics must spread the light "
        "(facets, diffuser, scanning); below 1 light is lost",
        "the optics that spread it"},
       [](const SourceOutput&, const Chain& c) -> Value {
         return known(c.etendue.source_mm2_sr > 0 ? c.etendue.needed_mm2_sr / c.etendue.source_mm2_sr : 0);
       }},
      {{"coherence_length_um",
        "c times the coherence time; contrast under the assumption printed below the table",
        "speckle within a facet; for mutually coherent facets it is an upper bound that only moving optics "
        "reduce"},
       [](const SourceOutput& light, const Chain&) -> Value {
         return known(light.coherence.coherence_length_um);
       }},
      {{"speckle_contrast_percent", "", ""},
       [](const SourceOutput&, const Chain& c) -> Value {
         return known(c.speckle.coherence_known ? 100 * c.speckle.contrast : 0);
       }},
      {{"pulses_per_slit",
        "pulses during the exposure of a point; energy noise of one pulse over the square root of that number",
        "a dose control (better), drift and pointing (worse)"},
       [](const SourceOutput&, const Chain& c) -> Value {
         return known(feeds(c) ? c.dose_noise.pulses_per_slit : 0);
       }},
      {{"dose_noise_percent", "", ""},
       [](const SourceOutput& light, const Chain& c) -> Value {
         if (feeds(c) && light.time.pulsed) return c.dose_noise.pulse_noise_percent;
         return std::monostate{};
       }},
      {{"photons_per_nm2", "photons on the wafer at the dose of the job, open frame", "absorption"},
       [](const SourceOutput&, const Chain& c) -> Value { return c.dose_noise.photons_per_nm2; }},
  };
}

/// Heat, wafers and energy.
std::vector<LightRow> throughput_rows() {
  using source::SourceOutput;
  using Chain = flow::LightChain;
  return {
      {{"heat_per_in_band_watt", "light of all photon energies over that in the band, at the source",
        "laser light, debris, electrons"},
       [](const SourceOutput&, const Chain& c) -> Value { return c.heat_per_in_band_watt; }},
      {{"first_mirror_power_density_w_mm2", "on the axis, all photon energies", ""},
       [](const SourceOutput&, const Chain& c) -> Value {
         return known(c.beamline.first_mirror_power_density_w_mm2);
       }},
      {{"wafers_per_hour", "at the dose of the job; whether power or the stage limits",
        "downtime: see the factory rows"},
       [](const SourceOutput&, const Chain& c) -> Value { return c.throughput.wafers_per_hour; }},
      {{"throughput_limit", "", "", true},
       [](const SourceOutput&, const Chain& c) -> Value {
         return std::string(c.throughput.limit == throughput::Limit::power ? "power" : "stage");
       }},
      {{"scanners_per_source",
        "number of scanners that the source supplies at `compare.target_wafers_per_hour`", ""},
       [](const SourceOutput&, const Chain& c) -> Value { return c.scanners_per_source; }},
      {{"affordable_dose_mj_cm2", "largest dose at that rate", ""},
       [](const SourceOutput&, const Chain& c) -> Value { return c.affordable_dose_mj_cm2; }},
      {{"energy_per_wafer_kwh", "wall-plug power of the scanner and its share of the source, per wafer",
        "n/a if no wall-plug power is published"},
       [](const SourceOutput&, const Chain& c) -> Value { return known(c.energy_per_wafer_kwh); }},
      {{"factory_availability_percent", "of `[factory]`: machines fail independently and spares replace them",
        "repair queues"},
       [](const SourceOutput&, const Chain& c) -> Value { return 100 * c.factory.source_availability; }},
      {{"factory_wafers_per_day", "", ""},
       [](const SourceOutput&, const Chain& c) -> Value { return c.factory.expected_wafers_per_day; }},
  };
}

const std::vector<LightRow>& light_rows() {
  static const std::vector<LightRow> rows = [] {
    std::vector<LightRow> all = power_rows();
    for (const auto& more : {coherence_rows(), throughput_rows()})
      all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return rows;
}

/// Roughness from the number of absorbed photons at the affordable dose.
Value photon_noise(const ImageContext& c) {
  const flow::LightChain& chain = c.results.prepared.chain;
  const job::CompareTable& compare = c.results.prepared.job.compare;
  const GaugeResult& gauge = c.gauge;
  if (!(gauge.cd_nm && gauge.nils && *gauge.nils > 0 && chain.affordable_dose_mj_cm2 > 0))
    return std::monostate{};
  const double photons_per_nm2 =
      throughput::estimate_dose_noise(chain.affordable_dose_mj_cm2, c.results.prepared.light.wavelength_nm, 1,
                                      0, 0)
          .photons_per_nm2 *
      c.results.measurement.threshold;
  return throughput::photon_noise_ler_nm(*gauge.cd_nm, *gauge.nils, photons_per_nm2, compare.absorbed_share,
                                         compare.blur_nm);
}

const std::vector<ImageRow>& image_rows() {
  using Context = ImageContext;
  static const std::vector<ImageRow> rows = {
      {{"cd_nm", "of the first gauge that prints, at `metrology.threshold`", ""},
       [](const Context& c) -> Value { return given(c.gauge.cd_nm); }},
      {{"nils", "", ""}, [](const Context& c) -> Value { return given(c.gauge.nils); }},
      {{"contrast", "", ""}, [](const Context& c) -> Value { return given(c.gauge.contrast); }},
      {{"best_focus_nils_nm",
        "focus of the largest NILS: vertex of the parabola through the highest plane and its neighbours",
        "n/a if the highest plane is the first or the last"},
       [](const Context& c) -> Value { return given(best_focus(c.results, c.gauge.gauge.name)); }},
      {{"hv_bias_nm", "mean CD error of horizontal minus vertical lines, among gauges of the same target",
        "shadowing, if the mask is thin"},
       [](const Context& c) -> Value {
         return given(metrology::hv_bias_nm(c.results.measurement, c.gauge));
       }},
      {{"dose_to_size_mj_cm2",
        "dose at which the first gauge prints its target in a constant-threshold resist", "resist chemistry"},
       [](const Context& c) -> Value { return given(dose_to_size(c.results, c.gauge)); }},
      {{"photon_noise_ler_nm",
        "3σ from the number of absorbed photons only, at the affordable dose "
        "([throughput](../theory/throughput.md))",
        "all other causes of roughness: a lower limit"},
       photon_noise},
  };
  return rows;
}

/// All rows, those of the light first.
std::vector<const Row*> all_rows() {
  std::vector<const Row*> rows;
  for (const LightRow& row : light_rows()) rows.push_back(&row);
  for (const ImageRow& row : image_rows()) rows.push_back(&row);
  return rows;
}

}  // namespace

std::vector<Figure> light_figures(const source::SourceOutput& light, const flow::LightChain& chain) {
  std::vector<Figure> figures;
  for (const LightRow& row : light_rows()) figures.push_back({row.name, row.value(light, chain)});
  return figures;
}

std::vector<Figure> image_figures(const flow::Results& results) {
  const GaugeResult* gauge = first_printed(results.measurement);
  std::vector<Figure> figures;
  for (const ImageRow& row : image_rows())
    figures.push_back({row.name, gauge ? row.value({results, *gauge}) : Value{}});
  return figures;
}

const std::vector<std::string>& figure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Row* row : all_rows()) all.push_back(row->name);
    return all;
  }();
  return names;
}

bool needs_image(const std::string& figure_name) {
  return std::ranges::find(image_rows(), figure_name, &ImageRow::name) != image_rows().end();
}

bool is_word(const std::string& figure_name) {
  const std::vector<const Row*> rows = all_rows();
  return std::ranges::any_of(rows, [&](const Row* row) { return row->is_word && row->name == figure_name; });
}

bool can_be_negative(const std::string& figure_name) {
  static constexpr auto kSigned =
      std::to_array<std::string_view>({"mask_s1", "mask_s2", "mask_s3", "best_focus_nils_nm", "hv_bias_nm"});
  return std::ranges::find(kSigned, figure_name) != kSigned.end();
}

std::string figure_guide() {
  std::string text = "| row | meaning | not included |\n|---|---|---|\n";
  const std::vector<const Row*> rows = all_rows();
  for (std::size_t i = 0; i < rows.size();) {
    const Row& first = *rows[i];
    std::string names = fmt::format("`{}`", first.name);
    for (++i; i < rows.size() && rows[i]->meaning.empty(); ++i) names += fmt::format(", `{}`", rows[i]->name);
    text += fmt::format("| {} | {} | {}{}|\n", names, first.meaning, first.left_out,
                        first.left_out.empty() ? "" : " ");
  }
  return text;
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
