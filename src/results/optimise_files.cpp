// SPDX-License-Identifier: MIT
#include "undulith/results/optimise_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "undulith/layout/coverage.hpp"
#include "undulith/layout/gdsii.hpp"
#include "undulith/layout/region_shapes.hpp"
#include "undulith/report/layout_review.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMaskCell = "MASK";
constexpr int kDrawnLayer = 1;  // layers of mask.gds, as in contours.gds
constexpr double kMaskDbuNm = 0.01;

std::string row(const char* name, double before, double after, int decimals) {
  return fmt::format("{:<44} {:>14.{}f} {:>14.{}f}\n", name, before, decimals, after, decimals);
}

std::size_t vertices(const std::vector<layout::Polygon>& rings) {
  std::size_t n = 0;
  for (const layout::Polygon& ring : rings) n += ring.size();
  return n;
}

layout::Layout mask_layout(const study::MaskOptimisation& found) {
  layout::Layout out;
  out.name = kMaskCell;
  out.dbu_nm = kMaskDbuNm;
  layout::Cell& cell = out.cells[kMaskCell];
  cell.name = kMaskCell;
  const auto add = [&](const std::vector<layout::Polygon>& rings, int layer) {
    std::vector<layout::Shape> shapes = layout::region_shapes(rings, out.dbu_nm, {layer, 0});
    std::ranges::move(shapes, std::back_inserter(cell.shapes));
  };
  add(found.prepared.clip.rings, kDrawnLayer);
  add(found.rings, kMaskLayer);
  return out;
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

void write_pictures(ResultWriter& writer, const study::MaskOptimisation& found) {
  const job::Job& job = found.prepared.job;
  const auto options = [&job](const std::string& which, const optimise::PrintFigures& figures) {
    return report::PictureOptions{
        .title = job.title,
        .details = {
            fmt::format("{} · error area {:.0f} nm² · band area {:.0f} nm² · {} of {} sites beyond {:g} nm",
                        which, figures.error_area_nm2, figures.band_area_nm2, figures.violations,
                        figures.n_sites, job.optimise.tolerance_nm)}};
  };
  const auto image = [&](const std::string& name, const study::NominalPrint& print,
                         const report::PictureOptions& of) {
    writer.picture(name, [&found, &print, of] {
      return report::draw_aerial_image(print.image, found.prepared.clip, print.measurement, of);
    });
  };
  const report::PictureOptions before = options("mask as drawn", found.before),
                               after = options("optimised mask", found.after);
  image("print_before.png", found.print_before, before);
  image("print_after.png", found.print_after, after);
  writer.picture("mask_after.png", [&found, after] {
    layout::Clip clip = found.prepared.clip;
    clip.rings = found.rings;
    return report::draw_mask({clip}, found.prepared.job.mask, after);
  });
}

}  // namespace

std::string optimise_text(const study::MaskOptimisation& found) {
  const auto& [before, after] = std::pair(found.before, found.after);
  std::string text = fmt::format("{} images ({}){}\n\n", found.n_images, found.model,
                                 found.interrupted ? "; interrupted, the best mask so far" : "");
  text += fmt::format("{:<44} {:>14} {:>14}\n", "", "as drawn", "optimised");
  text += row("printed in error, nm2 (L2)", before.error_area_nm2, after.error_area_nm2, 0);
  if (!found.prepared.job.optimise.bands.empty())
    text += row("moving over the window, nm2 (PV band)", before.band_area_nm2, after.band_area_nm2, 0);
  text +=
      row(fmt::format("sites of {} beyond {:g} nm", after.n_sites, found.prepared.job.optimise.tolerance_nm)
              .c_str(),
          before.violations, after.violations, 0);
  text += row("polygons", static_cast<double>(found.prepared.clip.rings.size()),
              static_cast<double>(found.rings.size()), 0);
  text += row("vertices", static_cast<double>(vertices(found.prepared.clip.rings)),
              static_cast<double>(vertices(found.rings)), 0);
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
  return json_text({{"model", found.model},
                    {"n_images", found.n_images},
                    {"interrupted", found.interrupted},
                    {"kept_drawing", found.kept_drawing},
                    {"before", figures_json(found.before)},
                    {"after", figures_json(found.after)},
                    {"n_polygons", found.rings.size()},
                    {"n_vertices", vertices(found.rings)},
                    {"findings", findings}},
                   "optimise.json");
}

void write_mask(ResultWriter& writer, const study::MaskOptimisation& found) {
  // The mask is what the command is for: it is always written.
  writer.bytes("mask.gds", layout::write_gdsii(mask_layout(found)));
  std::vector<report::MaskRuleFinding> findings;
  for (const study::MaskFinding& f : found.findings) findings.push_back({f.rule, f.where});
  writer.text("mask_findings.lyrdb", report::mask_findings(kMaskCell, "mask rules", findings));
}

void write_optimisation(ResultWriter& writer, const study::MaskOptimisation& found) {
  write_mask(writer, found);
  writer.text("convergence.csv", convergence_csv(found));
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
