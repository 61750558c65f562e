// SPDX-License-Identifier: MIT
#include "undulith/results/source_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "undulith/io/csv.hpp"
#include "undulith/report/mask_pictures.hpp"
#include "undulith/report/sweep_pictures.hpp"
#include "undulith/results/optimise_files.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

using Json = nlohmann::ordered_json;
using study::SourceFigures;
using study::SourceOptimisation;

bool has_facets(const SourceOptimisation& found) {
  return !found.facets.empty();
}

std::string figure_row(const std::string& name, const std::optional<double>& before,
                       const std::optional<double>& after, int decimals) {
  return fmt::format("{:<52} {:>12} {:>12}\n", name, cell(before, decimals), cell(after, decimals));
}

std::optional<double> known_fill(const SourceFigures& figures) {
  return figures.pupil_fill > 0 ? std::optional(figures.pupil_fill) : std::nullopt;
}

// A source whose light prints nothing has neither.
std::optional<double> dose_of(const optimise::FrontRow& row) {
  return row.dose_mj_cm2 > 0 ? std::optional(row.dose_mj_cm2) : std::nullopt;
}

std::string front_table(const SourceOptimisation& found) {
  if (found.front.empty()) return "";
  const std::size_t n = found.before.lights.size();
  std::string text = "\nbest source of each fill\n    fill     NILS";
  for (std::size_t light = 0; light < n; ++light) text += fmt::format("  wafers/h ({})", light + 1);
  text += "\n";
  for (std::size_t row = 0; row < found.front.size(); row += n) {
    const optimise::FrontRow& first = found.front[row];
    if (!first.feasible) continue;
    text += fmt::format("{:>8.2f} {:>8.3f}", first.min_pupil_fill, first.min_nils);
    for (std::size_t light = 0; light < n; ++light)
      text += fmt::format("  {:>12.0f}", found.front[row + light].wafers_per_hour);
    text += "\n";
  }
  for (std::size_t light = 0; light < n; ++light)
    text += fmt::format("({}) {}\n", light + 1, found.before.lights[light].light);
  return text;
}

Json light_json(const optimise::FrontRow& row) {
  return {{"light", row.light},
          {"etendue_transmission", row.etendue_transmission},
          {"facet_transmission", row.facet_transmission},
          {"wafer_power_w", row.wafer_power_w},
          {"dose_mj_cm2", number_or_null(dose_of(row))},
          {"wafers_per_hour", row.wafers_per_hour}};
}

Json figures_json(const SourceFigures& figures) {
  Json lights = Json::array();
  for (const optimise::FrontRow& row : figures.lights) lights.push_back(light_json(row));
  return {{"min_nils", figures.min_nils},
          {"rms_placement_error_nm", figures.rms_placement_error_nm},
          {"max_placement_error_nm", figures.max_placement_error_nm},
          {"threshold", figures.threshold},
          {"pupil_fill", number_or_null(known_fill(figures))},
          {"lights", lights}};
}

std::string half_name(optimise::SourceMaskStep::Half half) {
  return half == optimise::SourceMaskStep::Half::source ? "source" : "mask";
}

std::string rounds_csv(const SourceOptimisation& found) {
  std::string text =
      "round,half,kept,feasible,min_nils,rms_placement_error_nm,max_placement_error_nm,threshold\n";
  for (const optimise::SourceMaskStep& s : found.rounds)
    text +=
        fmt::format("{},{},{:d},{:d},{}\n", s.round, half_name(s.half), s.kept, s.feasible,
                    fields({s.min_nils, s.rms_placement_error_nm, s.max_placement_error_nm, s.threshold}));
  return text;
}

std::string steps_csv(const SourceOptimisation& found) {
  std::string text = "iteration,objective,gap\n";
  for (const optimise::SourceStep& s : found.steps)
    text += fmt::format("{},{}\n", s.iteration, fields({s.objective, s.gap}));
  return text;
}

std::string edges_csv(const SourceOptimisation& found) {
  std::string text =
      "gauge,x_nm,y_nm,normal_x,normal_y,cd_nm,focus_nm,relative_dose,nils_before,nils_after,"
      "placement_error_before_nm,placement_error_after_nm\n";
  for (std::size_t i = 0; i < found.after.rows.size(); ++i) {
    const optimise::EdgeRow &before = found.before.rows[i], &after = found.after.rows[i];
    const optimise::EdgeSite& site = found.sites[after.site];
    const optimise::WindowCondition& condition = found.conditions[after.condition];
    text += fmt::format("{},{}\n", io::format_text(found.gauges[after.site]),
                        fields({site.x_nm, site.y_nm, site.normal_x, site.normal_y, site.cd_nm,
                                condition.focus_nm, condition.relative_dose, before.nils, after.nils,
                                before.placement_error_nm, after.placement_error_nm}));
  }
  return text;
}

std::string front_csv(const SourceOptimisation& found) {
  std::string text =
      "light,min_pupil_fill,pupil_fill,min_nils,threshold,etendue_transmission,facet_transmission,wafer_power_w,"
      "dose_mj_cm2,wafers_per_hour,feasible,on_front\n";
  for (const optimise::FrontRow& r : found.front)
    text +=
        fmt::format("{},{},{:d},{:d}\n", io::format_text(r.light),
                    fields({r.min_pupil_fill, r.pupil_fill, r.min_nils, r.threshold, r.etendue_transmission,
                            r.facet_transmission, r.wafer_power_w, dose_of(r), r.wafers_per_hour}),
                    r.feasible, r.on_front);
  return text;
}

std::string points_csv(const illuminator::PupilFill& fill) {
  std::string text = "sigma_x,sigma_y,weight\n";
  for (const illuminator::SourcePoint& point : fill.points)
    text += fields({point.sigma_x, point.sigma_y, 1.0}) + "\n";
  return text;
}

std::string facets_csv(const SourceOptimisation& found) {
  std::string text = "field_facet,pupil_facet,sigma_x,sigma_y\n";
  for (std::size_t f = 0; f < found.facets.size(); ++f) {
    const illuminator::SourcePoint& point = found.fill_after.points[f];
    text += fmt::format("{},{},{}\n", f, found.facets[f], fields({point.sigma_x, point.sigma_y}));
  }
  return text;
}

report::SweepFront front_picture(const SourceOptimisation& found) {
  report::SweepFront picture{.title = "NILS against wafers per hour",
                             .x_label = "wafers per hour",
                             .y_label = "smallest NILS",
                             .series = {}};
  for (const optimise::FrontRow& own : found.before.lights) {
    report::SweepFront::Series best{.label = own.light, .x = {}, .y = {}, .front_x = {}, .front_y = {}};
    std::vector<std::pair<double, double>> front;
    for (const optimise::FrontRow& row : found.front) {
      if (row.light != own.light || !row.feasible) continue;
      best.x.push_back(row.wafers_per_hour);
      best.y.push_back(row.min_nils);
      if (row.on_front) front.emplace_back(row.wafers_per_hour, row.min_nils);
    }
    std::ranges::sort(front);
    for (const auto& [x, y] : front) {
      best.front_x.push_back(x);
      best.front_y.push_back(y);
    }
    picture.series.push_back(std::move(best));
  }
  return picture;
}

void write_pictures(ResultWriter& writer, const SourceOptimisation& found) {
  const job::Job& job = found.prepared.job;
  const auto options = [&job](const std::string& which, const SourceFigures& figures) {
    return report::PictureOptions{
        .title = job.title,
        .details = {fmt::format(
            "{} · smallest NILS {:.2f} · largest error of an edge {:.1f} nm · dose {} mJ/cm²", which,
            figures.min_nils, figures.max_placement_error_nm, cell(dose_of(figures.lights.front()), 1))}};
  };
  const auto pair = [&](const std::string& suffix, const illuminator::PupilFill& fill,
                        const study::NominalPrint& print, const report::PictureOptions& of) {
    writer.picture("source_" + suffix + ".png", [&found, &fill, of] {
      return report::draw_pupil_fill(fill, found.prepared.job.imaging.na,
                                     found.prepared.job.source.wavelength_nm, of);
    });
    writer.picture("print_" + suffix + ".png", [&found, &print, of] {
      return report::draw_aerial_image(print.image, found.prepared.clip, print.measurement, of);
    });
  };
  const report::PictureOptions after =
      options(found.mask ? "optimised source and mask" : "optimised source", found.after);
  pair("before", found.fill_before, found.print_before, options("source of the job", found.before));
  pair("after", found.fill_after, found.print_after, after);
  if (found.mask)
    writer.picture("mask_after.png", [&found, after] {
      layout::Clip clip = found.prepared.clip;
      clip.rings = found.mask->rings;
      return report::draw_mask({clip}, found.prepared.job.mask, after);
    });
  if (!found.front.empty())
    writer.picture("front.png", [&found] {
      std::string own;
      for (const optimise::FrontRow& row : found.before.lights)
        own += fmt::format(" · {:.0f} wafers per hour, {}", row.wafers_per_hour, row.light);
      return report::draw_sweep_front(
          front_picture(found),
          {.title = found.prepared.job.title,
           .details = {fmt::format("best source of each fill, from {:g} (top) to {:g} of the pupil",
                                   found.front.front().min_pupil_fill, found.front.back().min_pupil_fill),
                       fmt::format("source of the job: NILS {:.2f}{}", found.before.min_nils, own)}});
    });
}

}  // namespace

std::string source_text(const SourceOptimisation& found) {
  const std::size_t n_gauges = [&] {
    std::vector<std::string> names = found.gauges;
    std::ranges::sort(names);
    return static_cast<std::size_t>(std::unique(names.begin(), names.end()) - names.begin());
  }();
  std::string text = fmt::format(
      "{} {} of the pupil; {} edges of {} gauges in {} condition{}{}\n\n", found.n_candidates,
      has_facets(found) ? "facets" : "pixels", found.sites.size(), n_gauges, found.conditions.size(),
      found.conditions.size() == 1 ? "" : "s", found.interrupted ? "; interrupted, the best so far" : "");
  const SourceFigures &before = found.before, &after = found.after;
  text += fmt::format("{:<52} {:>12} {:>12}\n", "", "before", "optimised");
  text += figure_row("smallest NILS", before.min_nils, after.min_nils, 3);
  text += figure_row("largest error of an edge, nm", before.max_placement_error_nm,
                     after.max_placement_error_nm, 2);
  text += figure_row("rms error of the edges, nm", before.rms_placement_error_nm,
                     after.rms_placement_error_nm, 2);
  text += figure_row("threshold, of the open frame", before.threshold, after.threshold, 4);
  text += figure_row("share of the pupil with light", known_fill(before), known_fill(after), 3);
  text += figure_row("dose, mJ/cm2", dose_of(before.lights.front()), dose_of(after.lights.front()), 1);
  for (std::size_t i = 0; i < before.lights.size(); ++i)
    text += figure_row("wafers per hour, " + before.lights[i].light, before.lights[i].wafers_per_hour,
                       after.lights[i].wafers_per_hour, 0);
  if (has_facets(found))
    text += fmt::format("\nno assignment of the facets has a smallest NILS above {:.3f}\n", found.bound_nils);
  text += front_table(found);
  const double min_nils = found.prepared.job.optimise.source.min_nils;
  if (!found.feasible)
    text += fmt::format(
        "\nno source keeps every edge{}{}: this one has the smallest errors of edges\n",
        found.edge_bound_nm > 0 ? fmt::format(" within {:g} nm", found.edge_bound_nm) : std::string(),
        min_nils > 0 ? fmt::format(" with a NILS of {:g}", min_nils) : std::string());
  if (!found.rounds.empty() && !found.mask)
    text += "\nno mask made a better source possible: the mask is the drawing\n";
  if (found.mask && !found.mask->findings.empty())
    text += fmt::format("\n{} places break a rule of the mask: see mask_findings.lyrdb\n",
                        found.mask->findings.size());
  return text;
}

std::string source_json(const SourceOptimisation& found) {
  Json front = Json::array(), rounds = Json::array();
  for (const optimise::FrontRow& r : found.front) {
    Json row = light_json(r);
    row["min_pupil_fill"] = r.min_pupil_fill;
    row["pupil_fill"] = r.pupil_fill;
    row["min_nils"] = r.min_nils;
    row["feasible"] = r.feasible;
    row["on_front"] = r.on_front;
    front.push_back(row);
  }
  for (const optimise::SourceMaskStep& s : found.rounds)
    rounds.push_back({{"round", s.round},
                      {"half", half_name(s.half)},
                      {"kept", s.kept},
                      {"feasible", s.feasible},
                      {"min_nils", s.min_nils},
                      {"rms_placement_error_nm", s.rms_placement_error_nm},
                      {"max_placement_error_nm", s.max_placement_error_nm},
                      {"threshold", s.threshold}});
  Json document = {{"candidates", has_facets(found) ? "facets" : "pixels"},
                   {"n_candidates", found.n_candidates},
                   {"n_edges", found.sites.size()},
                   {"n_conditions", found.conditions.size()},
                   {"feasible", found.feasible},
                   {"converged", found.converged},
                   {"interrupted", found.interrupted},
                   {"before", figures_json(found.before)},
                   {"after", figures_json(found.after)},
                   {"front", front},
                   {"rounds", rounds}};
  if (has_facets(found)) document["bound_nils"] = found.bound_nils;
  if (found.mask) document["n_findings"] = found.mask->findings.size();
  return json_text(document, "optimise.json");
}

std::string source_file_name(const SourceOptimisation& found) {
  return has_facets(found) ? "source.csv" : "source.npy";
}

void write_source(ResultWriter& writer, const SourceOptimisation& found) {
  if (has_facets(found)) {
    writer.text("source.csv", points_csv(found.fill_after));
    writer.text("facets.csv", facets_csv(found));
  } else {
    const auto n = static_cast<std::size_t>(found.map.nx());
    writer.needed_array("source.npy", found.map.values(), {n, n});
  }
  writer.text("edges.csv", edges_csv(found));
  writer.text("convergence.csv", found.rounds.empty() ? steps_csv(found) : rounds_csv(found));
  if (!found.front.empty()) writer.text("front.csv", front_csv(found));
  if (found.mask) write_mask(writer, *found.mask);
  write_pictures(writer, found);
  writer.write_pictures();
}

}  // namespace undulith::results
