// SPDX-License-Identifier: MIT
#include "undulith/results/optimise_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "results/optimise_terms.hpp"
#include "undulith/layout/coverage.hpp"
#include "undulith/layout/gdsii.hpp"
#include "undulith/layout/region_shapes.hpp"
#include "undulith/report/layout_review.hpp"
#include "undulith/report/optimisation_pictures.hpp"
#include "undulith/results/optimise_verification.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMaskCell = "MASK";
constexpr int kDrawnLayer = 1;  // layers of mask.gds, as in contours.gds
constexpr double kMaskDbuNm = 0.01;

std::string column(std::optional<double> value, int decimals) {
  return value ? fmt::format("{:>14.{}f}", *value, decimals) : fmt::format("{:>14}", "-");
}

std::string convergence_csv(const study::MaskOptimisation& found) {
  if (!found.images.empty()) {
    std::string text = "image,rms_nm,largest_nm,n_beyond,n_unprinted,window_nm,objective_nm2,n_findings\n";
    for (const optimise::CorrectionRow& r : found.images)
      text += fmt::format("{},{},{},{},{},{},{},{}\n", r.image, r.rms_nm, r.largest_nm, r.n_beyond,
                          r.n_unprinted, r.window_nm, r.objective_nm2, r.n_findings);
    return text;
  }
  std::string text = "step,stage,loss_nm2,error_area_nm2,band_area_nm2,violations\n";
  for (const optimise::InverseStep& s : found.steps)
    text += fmt::format("{},{},{},{},{},{}\n", s.step, s.stage, s.loss_nm2, s.figures.error_area_nm2,
                        s.figures.band_area_nm2, s.figures.violations);
  return text;
}

Json figures_json(const optimise::PrintFigures& figures) {
  return {{"error_area_nm2", figures.error_area_nm2},
          {"band_area_nm2", figures.band_area_nm2},
          {"n_sites", figures.n_sites},
          {"violations", figures.violations}};
}

Json term_json(const MaskTerm& term) {
  Json json{{"quantity", term.key}};
  if (!term.condition.empty()) json["condition"] = term.condition;
  if (!term.weight.empty()) json["weight"] = term.weight;
  json["before"] = term.before ? Json(*term.before) : Json();
  json["after"] = term.after ? Json(*term.after) : Json();
  return json;
}

std::string epe_csv(const study::MaskOptimisation& found) {
  const auto error = [](const optimise::SitePlacement& place) {
    const optimise::EdgePlacement& edge = place.placements.front();
    return edge.printed ? fmt::format("{}", edge.offset_nm) : std::string();
  };
  std::string text = "x_nm,y_nm,normal_x,normal_y,epe_before_nm,epe_after_nm,printed_before,printed_after\n";
  for (std::size_t i = 0; i < found.before.sites.size(); ++i) {
    const optimise::SitePlacement &before = found.before.sites[i], &after = found.after.sites[i];
    const optimise::ControlSite& site = before.site;
    text += fmt::format("{},{},{},{},{},{},{:d},{:d}\n", site.x_nm, site.y_nm, site.normal_x + 0.0,
                        site.normal_y + 0.0, error(before), error(after), before.placements.front().printed,
                        after.placements.front().printed);
  }
  return text;
}

bool is_beyond(const optimise::SitePlacement& place, double tolerance_nm) {
  const optimise::EdgePlacement& edge = place.placements.front();
  return !edge.printed || std::abs(edge.offset_nm) > tolerance_nm;
}

report::PrintedMask printed_mask(const std::string& name, const study::MaskOptimisation& found,
                                 const study::MaskPrint& print, const std::vector<layout::Polygon>& rings) {
  const double tolerance_nm = found.prepared.job.optimise.tolerance_nm;
  report::PrintedMask mask{
      .name = name,
      .facts = fmt::format("{:.0f} nm² in error · band {:.0f} nm² · {} of {} sites beyond {:g} nm",
                           print.figures.error_area_nm2, print.figures.band_area_nm2,
                           print.figures.violations, print.figures.n_sites, tolerance_nm),
      .mask = rings,
      .printed = print.measurement.contours,
      .outermost = print.outermost,
      .innermost = print.innermost};
  for (const optimise::SitePlacement& place : print.sites)
    if (is_beyond(place, tolerance_nm)) mask.beyond.push_back({place.site.x_nm, place.site.y_nm});
  return mask;
}

// The site that is worst in the end, for details.
layout::Point worst_place(const study::MaskOptimisation& found) {
  const Box& window = found.prepared.clip.window;
  layout::Point worst{(window.x0 + window.x1) / 2, (window.y0 + window.y1) / 2};
  double most = -1;
  for (const optimise::SitePlacement& place : found.after.sites) {
    const optimise::EdgePlacement& edge = place.placements.front();
    const double error = edge.printed ? std::abs(edge.offset_nm) : found.shortest_period_nm;
    if (error <= most) continue;
    most = error;
    worst = {place.site.x_nm, place.site.y_nm};
  }
  return worst;
}

report::PlacementHistogram histogram_of(const study::MaskOptimisation& found) {
  report::PlacementHistogram errors{.tolerance_nm = found.prepared.job.optimise.tolerance_nm};
  const auto take = [](const study::MaskPrint& print, std::vector<double>& values, int& n_unprinted) {
    for (const optimise::SitePlacement& place : print.sites)
      if (place.placements.front().printed)
        values.push_back(place.placements.front().offset_nm);
      else
        ++n_unprinted;
  };
  take(found.before, errors.before_nm, errors.unprinted_before);
  take(found.after, errors.after_nm, errors.unprinted_after);
  return errors;
}

report::Picture convergence_picture(const study::MaskOptimisation& found,
                                    const report::PictureOptions& options) {
  const auto curve = [](const char* name, const auto& rows, const auto& step, const auto& value) {
    report::SearchCurve made{.name = name};
    for (const auto& row : rows) {
      made.step.push_back(std::invoke(step, row));
      made.value.push_back(std::invoke(value, row));
    }
    return made;
  };
  if (!found.images.empty()) {
    using Row = optimise::CorrectionRow;
    const std::vector<report::SearchCurve> curves{
        curve("edge placement rms", found.images, &Row::image, &Row::rms_nm),
        curve("largest error", found.images, &Row::image, &Row::largest_nm),
        curve("edges move over the window by", found.images, &Row::image, &Row::window_nm)};
    return report::draw_convergence(curves, "image", "nm", options);
  }
  using Step = optimise::InverseStep;
  std::vector<report::SearchCurve> curves{curve("printed in error", found.steps, &Step::step,
                                                [](const Step& s) { return s.figures.error_area_nm2; })};
  if (!found.prepared.job.optimise.bands.empty())
    curves.push_back(
        curve("band", found.steps, &Step::step, [](const Step& s) { return s.figures.band_area_nm2; }));
  return report::draw_convergence(curves, "step", "area (nm²)", options);
}

void write_pictures(ResultWriter& writer, const study::MaskOptimisation& found) {
  const job::Job& job = found.prepared.job;
  const report::PictureOptions options{.title = job.title};
  const auto masks = std::make_shared<const std::vector<report::PrintedMask>>(
      std::vector{printed_mask("as drawn", found, found.before, found.prepared.clip.rings),
                  printed_mask("optimised", found, found.after, found.rings)});
  const auto with_facts = [&](std::size_t i) {
    report::PictureOptions of = options;
    of.details = {(*masks)[i].name + " · " + (*masks)[i].facts};
    return of;
  };
  const auto image = [&](const std::string& name, const study::MaskPrint& print,
                         const report::PictureOptions& of) {
    writer.picture(name, [&found, &print, of] {
      return report::draw_aerial_image(print.image, found.prepared.clip, print.measurement, of);
    });
  };
  image("print_before.png", found.before, with_facts(0));
  image("print_after.png", found.after, with_facts(1));
  writer.picture("mask_after.png", [&found, of = with_facts(1)] {
    layout::Clip clip = found.prepared.clip;
    clip.rings = found.rings;
    return report::draw_mask({clip}, found.prepared.job.mask, of);
  });
  const auto sheet = [&](const std::string& name, auto draw) {
    writer.picture(name, [&found, masks, options, draw] {
      return draw(*masks, found.prepared.clip, found.shortest_period_nm, worst_place(found), options);
    });
  };
  sheet("mask_and_print.png", report::draw_printed_masks);
  if (!job.optimise.bands.empty()) sheet("edge_bands.png", report::draw_edge_bands);
  writer.picture("epe_histogram.png",
                 [&found, options] { return report::draw_placement_errors(histogram_of(found), options); });
  writer.picture("convergence.png", [&found, options] { return convergence_picture(found, options); });
}

}  // namespace

std::string optimise_text(const study::MaskOptimisation& found) {
  std::string text = fmt::format("{} images ({}){}\n\n", found.n_images, found.model,
                                 found.interrupted ? "; interrupted, the best mask so far" : "");
  text += fmt::format("{:<52} {:>9} {:>14} {:>14}\n", "", "weight", "as drawn", "optimised");
  for (const MaskTerm& term : terms_of(found))
    text += fmt::format("{:<52} {:>9} {} {}\n", term.name, term.weight, column(term.before, term.decimals),
                        column(term.after, term.decimals));
  text += verification_text(found);
  if (found.kept_drawing) text += "\nthe search found no better mask: the drawing is kept\n";
  text += found.findings.empty()
              ? "\nthe mask keeps its rules\n"
              : fmt::format("\n{} places break a rule of the mask: see mask_findings.lyrdb\n",
                            found.findings.size());
  return text;
}

std::string optimise_json(const study::MaskOptimisation& found) {
  Json findings = Json::array();
  for (const study::MaskFinding& f : found.findings)
    findings.push_back({{"rule", f.rule},
                        {"x0_nm", f.where.x0},
                        {"y0_nm", f.where.y0},
                        {"x1_nm", f.where.x1},
                        {"y1_nm", f.where.y1}});
  Json terms = Json::array();
  for (const MaskTerm& term : terms_of(found)) terms.push_back(term_json(term));
  return json_text({{"model", found.model},
                    {"n_images", found.n_images},
                    {"interrupted", found.interrupted},
                    {"kept_drawing", found.kept_drawing},
                    {"before", figures_json(found.before.figures)},
                    {"after", figures_json(found.after.figures)},
                    {"terms", terms},
                    {"verification", verification_json(found)},
                    {"findings", findings}},
                   "optimise.json");
}

std::vector<std::byte> mask_gds(const flow::Prepared& prepared, const std::vector<layout::Polygon>& rings) {
  layout::Layout out;
  out.name = kMaskCell;
  out.dbu_nm = kMaskDbuNm;
  layout::Cell& cell = out.cells[kMaskCell];
  cell.name = kMaskCell;
  const auto add = [&](const std::vector<layout::Polygon>& shown, int layer) {
    std::vector<layout::Shape> shapes = layout::region_shapes(shown, out.dbu_nm, {layer, 0});
    std::ranges::move(shapes, std::back_inserter(cell.shapes));
  };
  add(prepared.clip.rings, kDrawnLayer);
  add(rings, study::kMaskLayer);
  return layout::write_gdsii(out);
}

void write_mask(ResultWriter& writer, const study::MaskOptimisation& found) {
  // The mask is what the command is for: it is always written.
  writer.bytes("mask.gds", mask_gds(found.prepared, found.rings));
  std::vector<report::MaskRuleFinding> findings;
  for (const study::MaskFinding& f : found.findings) findings.push_back({f.rule, f.where});
  writer.text("mask_findings.lyrdb", report::mask_findings(kMaskCell, "mask rules", findings));
}

void write_optimisation(ResultWriter& writer, const study::MaskOptimisation& found) {
  write_mask(writer, found);
  writer.text("convergence.csv", convergence_csv(found));
  writer.text("epe.csv", epe_csv(found));
  // Shares of pixels of about a nanometre.
  const Box& cell = found.prepared.clip.cell;
  const int nx = std::max(1, static_cast<int>(std::lround(cell.width()))),
            ny = std::max(1, static_cast<int>(std::lround(cell.height())));
  if (writer.wants(job::Output::arrays)) {
    const Field2D<double> share = layout::coverage(found.rings, cell, nx, ny);
    writer.array("mask.npy", share.values(), {static_cast<std::size_t>(ny), static_cast<std::size_t>(nx)});
  }
  write_pictures(writer, found);
  writer.write_pictures();
}

}  // namespace undulith::results
