// SPDX-License-Identifier: MIT
#include "undulith/results/review_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "undulith/layout/gdsii.hpp"
#include "undulith/layout/region_shapes.hpp"
#include "undulith/report/layout_review.hpp"

namespace undulith::results {
namespace {

constexpr const char* kCell = "RESULT";
// Layer numbers of contours.gds: docs/formats/results.md.
constexpr int kDrawn = 1, kOnMask = 2, kPrinted = 100, kThroughFocus = 101, kResist = 1000;
constexpr double kDbuNm = 0.01, kMaxDbu = 2e9;

/// One cell with all layers, in units of 0.01 nm (more beyond 20 mm), its polygons without holes.
layout::Layout review_layout(const std::vector<report::ReviewLayer>& layers) {
  layout::Layout out;
  out.name = kCell;
  // GDSII holds 32 bits: far from the origin in steps of ten times the size.
  double reach_nm = 0;
  for (const report::ReviewLayer& layer : layers)
    for (const layout::Polygon& ring : layer.rings)
      for (const layout::Point& p : ring) reach_nm = std::max({reach_nm, std::abs(p.x), std::abs(p.y)});
  out.dbu_nm = kDbuNm;
  while (reach_nm / out.dbu_nm > kMaxDbu) out.dbu_nm *= 10;
  layout::Cell& cell = out.cells[kCell];
  cell.name = kCell;
  for (const report::ReviewLayer& layer : layers) {
    std::vector<layout::Shape> shapes =
        layout::region_shapes(layer.rings, out.dbu_nm, {layer.layer, layer.datatype});
    std::ranges::move(shapes, std::back_inserter(cell.shapes));
  }
  return out;
}

bool has_absorber_defects(const mask::MaskParameters& parameters) {
  return std::ranges::any_of(parameters.defects, [](const mask::MaskDefect& defect) {
    return defect.kind != mask::DefectKind::buried;
  });
}

}  // namespace

void write_review(ResultWriter& writer, const flow::Results& results) {
  if (!writer.wants(job::Output::review)) return;
  const job::Job& job = results.prepared.job;
  using metrology::Feature;
  const layout::Clip& clip = results.prepared.clip;
  const bool bright = flow::drawn_feature(results.prepared) == Feature::bright;
  const report::PrintedSide side = bright ? report::PrintedSide::left : report::PrintedSide::right;
  std::vector<report::ReviewLayer> layers{{kDrawn, 0, "drawn", clip.rings}};
  if (job.mask.edge_bias_nm != 0 || job.mask.corner_rounding_nm != 0 || has_absorber_defects(job.mask))
    layers.push_back({kOnMask, 0, "on the mask as made", results.prepared.mask.clip.rings});
  const char* printed = bright ? "above the threshold" : "below the threshold";
  const auto add_plane = [&](int number, const std::string& name, const metrology::Measurement& m) {
    layers.push_back(
        {number, 0, name, report::printed_rings(m.contours, side, m.printed_area_fraction, clip.window)});
  };
  add_plane(kPrinted, fmt::format("{}, focus {:g} nm", printed, results.image.focus_nm), results.measurement);
  for (std::size_t i = 0; i < results.through_focus.size(); ++i)
    add_plane(kThroughFocus + static_cast<int>(i),
              fmt::format("{}, focus {:g} nm", printed, results.through_focus[i].focus_nm),
              results.through_focus[i].measurement);
  std::vector<metrology::GaugeResult> gauges = results.measurement.gauges;
  if (results.resist) {
    const metrology::ProfileMeasurement& m = results.resist->measurement;
    layers.push_back(
        {kResist, 0, fmt::format("resist at {:g} of its height", m.cd_height),
         report::printed_rings(m.contours, report::PrintedSide::left, m.resist_area_fraction, clip.window)});
    gauges.clear();
    for (const metrology::ProfileResult& g : m.gauges) gauges.push_back(g.at_cd_height);
  }
  writer.bytes(job::Output::review, "contours.gds",
               [&] { return layout::write_gdsii(review_layout(layers)); });
  writer.text("contours.lyp", report::layer_properties(layers));
  writer.text("cd_findings.lyrdb", report::cd_findings(kCell, job.title.empty() ? "CD findings" : job.title,
                                                       gauges, job.window.cd_tolerance_percent));
}

}  // namespace undulith::results
