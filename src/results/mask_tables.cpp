// SPDX-License-Identifier: MIT
#include "undulith/results/mask_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "undulith/io/csv.hpp"
#include "undulith/results/table.hpp"
#include "undulith/results/thick_mask_text.hpp"

namespace undulith::results {
namespace {

using Json = nlohmann::ordered_json;
using mask::Model;
using Known = std::optional<double>;

constexpr std::array kOrientations{study::Orientation::vertical, study::Orientation::horizontal};
constexpr std::array kModels{Model::thin, Model::rigorous};

std::string percent(double share) {
  return fmt::format("{:.2f} %", 100 * share);
}

const study::PoleImages* pole_images(const study::MaskEffects& effects, study::Orientation orientation,
                                     bool first) {
  const study::PoleImages* found = nullptr;
  for (const study::PoleImages& p : effects.poles)
    if (p.orientation == orientation && p.model == Model::rigorous && (!found || !first)) found = &p;
  return found;
}

std::string films_text(const job::Job& job) {
  std::string text;
  for (const mask::FilmLayer& film : job.mask.stack.absorber)
    text += fmt::format("{}{:g} nm {}", text.empty() ? "" : " on ", film.thickness_nm, film.material.name());
  if (job.mask.etch_depth_nm > 0) text = fmt::format("mirror etched {:g} nm", job.mask.etch_depth_nm);
  return text.empty() ? "no absorber" : text;
}

std::string light_text(const study::MaskEffects& effects) {
  if (!effects.turned) return "the same light for both";
  return fmt::format("the light is rotated by 90 degrees for {} lines", name_of(*effects.turned));
}

std::string pitch_table(const study::MaskEffects& effects) {
  std::string text =
      fmt::format("{:>8} | {:^23} | {:^15} | {:^15} | {:^15} | {:^23}\n", "pitch_nm", "cd_nm: 3-D V, H, thin",
                  "H-V 3-D, thin", "shift_nm V, H", "tel_nm/um V, H", "best_focus_nils_nm V, H");
  for (std::size_t p = 0; p < effects.n_pitches(); ++p) {
    const study::LineSeries &v = effects.at(p, study::Orientation::vertical, Model::rigorous),
                            &h = effects.at(p, study::Orientation::horizontal, Model::rigorous);
    text += fmt::format(
        "{:>8.1f} | {:>7} {:>7} {:>7} | {:>7} {:>7} | {:>7} {:>7} | {:>7} {:>7} | {:>11} {:>11}\n",
        v.feature.pitch_nm, cell(study::cd_in_focus_nm(v), 2), cell(study::cd_in_focus_nm(h), 2),
        cell(study::cd_in_focus_nm(effects.at(p, study::Orientation::vertical, Model::thin)), 2),
        cell(study::hv_bias_nm(effects, p, Model::rigorous), 2),
        cell(study::hv_bias_nm(effects, p, Model::thin), 2), cell(v.shift_nm, 2), cell(h.shift_nm, 2),
        cell(v.telecentricity_nm_per_um, 1), cell(h.telecentricity_nm_per_um, 1),
        cell(v.best_focus_nils_nm, 1), cell(h.best_focus_nils_nm, 1));
  }
  return text;
}

// Smallest and largest best focus by NILS through pitch, both orientations.
std::string focus_range(const study::MaskEffects& effects, Model model) {
  Known low, high;
  for (const study::LineSeries& series : effects.series) {
    if (series.model != model || !series.best_focus_nils_nm) continue;
    low = std::min(low.value_or(*series.best_focus_nils_nm), *series.best_focus_nils_nm);
    high = std::max(high.value_or(*series.best_focus_nils_nm), *series.best_focus_nils_nm);
  }
  return low ? fmt::format("{} to {} nm", cell(low, 1), cell(high, 1)) : "-";
}

std::string poles_text(const study::MaskEffects& effects) {
  std::string text;
  for (const study::Orientation orientation : kOrientations) {
    const study::PoleImages* at_job = pole_images(effects, orientation, true);
    const study::PoleImages* best = pole_images(effects, orientation, false);
    if (!at_job) continue;
    text += fmt::format(
        "poles, {:<11} images {} nm apart at focus {:g} nm (contrast {:.3f}, of each alone {:.3f})",
        name_of(orientation) + ":", cell(at_job->separation_nm, 2), at_job->focus_nm, at_job->contrast,
        at_job->contrast_of_poles);
    if (best != at_job)
      text +=
          fmt::format(", {} nm at best_focus_nils_nm {:.1f} ({:.3f}, {:.3f})", cell(best->separation_nm, 2),
                      best->focus_nm, best->contrast, best->contrast_of_poles);
    text += "\n";
  }
  return text;
}

std::string range_text(const study::MaskEffects& effects, std::size_t orientation,
                       Known study::LinePlane::*number, int decimals) {
  Known low, high;
  for (const study::SwingPoint& point : effects.swing) {
    const Known value = point.line[orientation].*number;
    if (!value) continue;
    low = std::min(low.value_or(*value), *value);
    high = std::max(high.value_or(*value), *value);
  }
  return low ? fmt::format("{} to {}", cell(low, decimals), cell(high, decimals)) : "-";
}

std::string swing_text(const study::MaskEffects& effects) {
  std::string text;
  if (effects.swing.empty()) return text;
  for (std::size_t i = 0; i < kOrientations.size(); ++i)
    text +=
        fmt::format("swing, {:<11} {:g} to {:g} nm of absorber: CD {} nm at one threshold, NILS {} to size\n",
                    name_of(kOrientations[i]) + ":", effects.swing.front().thickness_nm,
                    effects.swing.back().thickness_nm, range_text(effects, i, &study::LinePlane::cd_nm, 1),
                    range_text(effects, i, &study::LinePlane::nils, 2));
  return text;
}

std::string gauges_text(const study::MaskEffects& effects) {
  constexpr std::size_t kMost = 12;
  std::string text = fmt::format("\n{:<16} {:>10} {:>10} {:>10} {:>10} {:>14}   thick: {}, {:g} nm\n",
                                 "gauge", "target_nm", "thin_cd", "thick_cd", "thick-thin", "thick_shift_nm",
                                 name_of(effects.job_model), effects.wavelength_nm);
  for (std::size_t g = 0; g < std::min(kMost, effects.gauges.size()); ++g) {
    const study::GaugeEffect& gauge = effects.gauges[g];
    const Known change =
        gauge.thin_cd_nm && gauge.thick_cd_nm ? Known(*gauge.thick_cd_nm - *gauge.thin_cd_nm) : Known();
    text += fmt::format("{:<16} {:>10} {:>10} {:>10} {:>10} {:>14}\n", gauge.name,
                        cell(gauge.target_cd_nm, 2), cell(gauge.thin_cd_nm, 2), cell(gauge.thick_cd_nm, 2),
                        cell(change, 2), cell(gauge.thick_shift_nm, 2));
  }
  if (effects.gauges.size() > kMost)
    text += fmt::format("... {} more in gauges.csv\n", effects.gauges.size() - kMost);
  return text;
}

Json light_json(const study::OrderLight& light) {
  return {{"efficiency", light.efficiency},
          {"cross_efficiency", light.cross_efficiency},
          {"phase_deg", light.phase_deg}};
}

}  // namespace

std::string orders_csv(const study::MaskEffects& effects) {
  std::string csv =
      "mask,sigma_x,sigma_y,m,n,efficiency_x,cross_efficiency_x,phase_x_deg,efficiency_y,cross_efficiency_y,"
      "phase_y_deg,thin_efficiency,thin_phase_deg\n";
  for (const study::OrderRow& o : effects.orders)
    csv += fmt::format("{},{},{},{},{}\n", o.mask, fields({o.sigma_x, o.sigma_y}), o.m, o.n,
                       fields({o.x.efficiency, o.x.cross_efficiency, o.x.phase_deg, o.y.efficiency,
                               o.y.cross_efficiency, o.y.phase_deg, o.thin.efficiency, o.thin.phase_deg}));
  return csv;
}

std::string gauges_csv(const study::MaskEffects& effects) {
  std::string csv = "name,target_cd_nm,thin_cd_nm,thick_cd_nm,thin_shift_nm,thick_shift_nm\n";
  for (const study::GaugeEffect& g : effects.gauges)
    csv += io::format_text(g.name) + "," +
           fields({g.target_cd_nm, g.thin_cd_nm, g.thick_cd_nm, g.thin_shift_nm, g.thick_shift_nm}) + "\n";
  return csv;
}

std::string through_focus_csv(const study::MaskEffects& effects) {
  std::string csv = "pitch_nm,orientation,model,focus_nm,cd_nm,shift_nm,nils,contrast,sized_cd_nm\n";
  for (const study::LineSeries& s : effects.series)
    for (std::size_t i = 0; i < s.planes.size(); ++i) {
      const study::LinePlane &common = s.planes[i], sized = s.sized.empty() ? study::LinePlane{} : s.sized[i];
      csv += fmt::format(
          "{},{},{},{}\n", field(s.feature.pitch_nm), name_of(s.feature.orientation), name_of(s.model),
          fields({common.focus_nm, common.cd_nm, sized.shift_nm, sized.nils, common.contrast, sized.cd_nm}));
    }
  return csv;
}

std::string through_pitch_csv(const study::MaskEffects& effects) {
  std::string csv =
      "pitch_nm,orientation,model,cd_nm,threshold,sized_threshold,shift_nm,telecentricity_nm_per_um,"
      "best_focus_nils_nm\n";
  for (const study::LineSeries& s : effects.series)
    csv += fmt::format(
        "{},{},{},{}\n", field(s.feature.pitch_nm), name_of(s.feature.orientation), name_of(s.model),
        fields({study::cd_in_focus_nm(s), effects.at(0, study::Orientation::vertical, s.model).threshold,
                s.threshold, s.shift_nm, s.telecentricity_nm_per_um, s.best_focus_nils_nm}));
  return csv;
}

std::string poles_csv(const study::MaskEffects& effects) {
  std::string csv =
      "orientation,model,focus_nm,separation_nm,contrast,contrast_of_poles,nils,nils_of_poles\n";
  for (const study::PoleImages& p : effects.poles)
    csv += name_of(p.orientation) + "," + name_of(p.model) + "," +
           fields({p.focus_nm, p.separation_nm, p.contrast, p.contrast_of_poles, p.nils, p.nils_of_poles}) +
           "\n";
  return csv;
}

std::string swing_csv(const study::MaskEffects& effects) {
  std::string csv =
      "thickness_nm,absorber_reflectance,absorber_phase_deg,vertical_cd_nm,vertical_nils,horizontal_cd_nm,"
      "horizontal_nils\n";
  for (const study::SwingPoint& p : effects.swing)
    csv += fields({p.thickness_nm, p.absorber_reflectance, p.absorber_phase_deg, p.line[0].cd_nm,
                   p.line[0].nils, p.line[1].cd_nm, p.line[1].nils}) +
           "\n";
  return csv;
}

Json effects_json(const study::MaskEffects& effects) {
  Json json{{"cd_nm", effects.cd_nm},
            {"pitch_nm", effects.pitch_nm},
            {"wavelength_nm", effects.wavelength_nm},
            {"focus_nm", effects.focus_nm},
            {"turned", effects.turned ? Json(name_of(*effects.turned)) : Json(nullptr)},
            {"reference_depth_nm", effects.reference_depth_nm},
            {"open_reflectance", effects.open_reflectance},
            {"absorber_reflectance", effects.absorber_reflectance},
            {"absorber_phase_deg", effects.absorber_phase_deg},
            {"job_model", name_of(effects.job_model)}};
  Json& hv = json["hv_bias_nm"] = Json::object();
  for (const Model model : kModels) hv[name_of(model)] = number_or_null(study::hv_bias_nm(effects, 0, model));
  Json& pitches = json["through_pitch"] = Json::array();
  for (const study::LineSeries& s : effects.series)
    pitches.push_back({{"pitch_nm", s.feature.pitch_nm},
                       {"orientation", name_of(s.feature.orientation)},
                       {"model", name_of(s.model)},
                       {"cd_nm", number_or_null(study::cd_in_focus_nm(s))},
                       {"sized_threshold", number_or_null(s.threshold)},
                       {"shift_nm", number_or_null(s.shift_nm)},
                       {"telecentricity_nm_per_um", number_or_null(s.telecentricity_nm_per_um)},
                       {"best_focus_nils_nm", number_or_null(s.best_focus_nils_nm)}});
  Json& poles = json["poles"] = Json::array();
  for (const study::PoleImages& p : effects.poles)
    poles.push_back({{"orientation", name_of(p.orientation)},
                     {"model", name_of(p.model)},
                     {"focus_nm", p.focus_nm},
                     {"separation_nm", p.separation_nm},
                     {"contrast", p.contrast},
                     {"contrast_of_poles", p.contrast_of_poles},
                     {"nils", p.nils},
                     {"nils_of_poles", p.nils_of_poles}});
  Json& orders = json["orders"] = Json::array();
  for (const study::OrderRow& o : effects.orders)
    orders.push_back({{"mask", o.mask},
                      {"sigma_x", o.sigma_x},
                      {"sigma_y", o.sigma_y},
                      {"m", o.m},
                      {"n", o.n},
                      {"x", light_json(o.x)},
                      {"y", light_json(o.y)},
                      {"thin", light_json(o.thin)}});
  Json& swing = json["swing"] = Json::array();
  for (const study::SwingPoint& p : effects.swing)
    swing.push_back({{"thickness_nm", p.thickness_nm},
                     {"absorber_reflectance", p.absorber_reflectance},
                     {"vertical_cd_nm", number_or_null(p.line[0].cd_nm)},
                     {"vertical_nils", number_or_null(p.line[0].nils)},
                     {"horizontal_cd_nm", number_or_null(p.line[1].cd_nm)},
                     {"horizontal_nils", number_or_null(p.line[1].nils)}});
  Json& gauges = json["gauges"] = Json::array();
  for (const study::GaugeEffect& g : effects.gauges)
    gauges.push_back({{"name", g.name},
                      {"target_cd_nm", number_or_null(g.target_cd_nm)},
                      {"thin_cd_nm", number_or_null(g.thin_cd_nm)},
                      {"thick_cd_nm", number_or_null(g.thick_cd_nm)},
                      {"thin_shift_nm", number_or_null(g.thin_shift_nm)},
                      {"thick_shift_nm", number_or_null(g.thick_shift_nm)}});
  return json;
}

std::string effects_text(const job::Job& job, const study::MaskEffects& effects) {
  const bool openings = job.mask.tone == mask::Tone::dark_field;
  std::string text = fmt::format(
      "mask: {}; open {}, absorber {} at {:.0f} degrees; imaged plane {:.1f} nm below its top\n"
      "{} of {:g} nm, rigorous model, {:g} nm: {}\n\n",
      films_text(job), percent(effects.open_reflectance), percent(effects.absorber_reflectance),
      effects.absorber_phase_deg, effects.reference_depth_nm, openings ? "spaces" : "lines", effects.cd_nm,
      effects.wavelength_nm, light_text(effects));
  text += pitch_table(effects);
  text += fmt::format("best_focus_nils_nm of all: 3-D {}, thin {}\n", focus_range(effects, Model::rigorous),
                      focus_range(effects, Model::thin));
  text += poles_text(effects);
  text += swing_text(effects);
  if (!effects.gauges.empty()) text += gauges_text(effects);
  return text;
}

}  // namespace undulith::results
