// SPDX-License-Identifier: MIT
#include "undulith/program/layout_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/layout/layout.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/results/table.hpp"

namespace undulith::program {
namespace {

std::string size_text(const Box& box) {
  return fmt::format("{:g} x {:g}", box.width(), box.height());
}

/// Cells that place each other in a loop are below no top cell: nothing of them is summarised.
std::vector<std::string> loop_warnings(const std::vector<std::string>& loops, bool no_top, bool no_cells) {
  if (no_cells) return {"the layout has no cells; check that it is the file that you want"};
  if (loops.empty()) return {};
  std::string names;
  constexpr std::size_t kNamed = 5;
  for (std::size_t i = 0; i < std::min(loops.size(), kNamed); ++i)
    names += fmt::format("{}'{}'", i > 0 ? ", " : "", printable(loops[i]));
  if (loops.size() > kNamed) names += ", ...";
  if (no_top)
    return {fmt::format(
        "the layout has no top cell (each cell is placed by another: {} place each other in a loop); remove "
        "one of these references",
        names)};
  return {fmt::format(
      "no top cell places {} (they place each other in a loop); remove one of these references", names)};
}

}  // namespace

LayoutReport report_layout(const std::filesystem::path& file, const std::optional<std::string>& cell,
                           const layout::PictureScale& picture, const layout::ReadLimits& limits) {
  const layout::LayoutFile layout(io::read_content(file), picture, limits);
  layout::FileSummary summary = layout.summary(cell);
  LayoutReport report;
  report.file = file.string();
  report.library = std::move(summary.library);
  report.dbu_nm = summary.dbu_nm;
  report.top_cells = std::move(summary.top_cells);
  report.warnings = std::move(summary.warnings);
  std::ranges::move(loop_warnings(summary.looping_cells, report.top_cells.empty(), summary.cells.empty()),
                    std::back_inserter(report.warnings));
  for (const layout::FileSummary::CellRow& c : summary.cells)
    report.cells.push_back({c.name, c.top, c.n_shapes, c.n_references});
  for (const auto& [name, layers] : summary.contents) {
    CellContents contents{name, {}};
    for (const layout::LayerSummary& s : layers) {
      contents.layers.push_back(
          {s.layer.layer, s.layer.datatype, s.n_polygons, s.area_nm2, s.area_merged, s.box_nm});
    }
    report.contents.push_back(std::move(contents));
  }
  return report;
}

std::string layout_text(const LayoutReport& report) {
  std::string out =
      fmt::format("{}: {}, database unit {:g} nm, {}, {}\n", report.file,
                  report.library.empty() ? "no library name" : "library " + printable(report.library),
                  report.dbu_nm, counted(report.cells.size(), "cell", "cells"),
                  counted(report.top_cells.size(), "top cell", "top cells"));
  std::size_t width = 4;
  for (const CellReport& c : report.cells) width = std::max(width, printable(c.name).size());
  out += fmt::format("\n{:<{}}  {:>9}  {:>10}\n", "cell", width, "shapes", "references");
  for (const CellReport& c : report.cells) {
    out += fmt::format("{:<{}}  {:>9}  {:>10}{}\n", printable(c.name), width, c.n_shapes, c.n_references,
                       c.top ? "  top" : "");
  }
  for (const CellContents& contents : report.contents) {
    out += fmt::format("\nbelow {}:\n", printable(contents.cell));
    if (contents.layers.empty()) {
      out += "  nothing is drawn\n";
      continue;
    }
    out += fmt::format("  {:<9}  {:>9}  {:>16}  {:>22}  {}\n", "layer", "polygons", "area_nm2", "size_nm",
                       "box_nm");
    for (const LayerReport& l : contents.layers) {
      const std::string area = fmt::format("{}{:.10g}", l.area_merged ? "" : "<= ", l.area_nm2);
      out += fmt::format("  {:<9}  {:>9}  {:>16}  {:>22}  {:.10g}, {:.10g}, {:.10g}, {:.10g}\n",
                         fmt::format("{}/{}", l.layer, l.datatype), l.n_polygons, area, size_text(l.box_nm),
                         l.box_nm.x0, l.box_nm.y0, l.box_nm.x1, l.box_nm.y1);
    }
  }
  for (const std::string& warning : report.warnings) out += fmt::format("warning: {}\n", warning);
  return out;
}

std::string layout_json(const LayoutReport& report) {
  using nlohmann::ordered_json;
  ordered_json json{
      {"file", report.file},           {"library", report.library},      {"dbu_nm", report.dbu_nm},
      {"top_cells", report.top_cells}, {"cells", ordered_json::array()}, {"contents", ordered_json::array()},
      {"warnings", report.warnings}};
  for (const CellReport& c : report.cells) {
    json["cells"].push_back(
        {{"name", c.name}, {"top", c.top}, {"n_shapes", c.n_shapes}, {"n_references", c.n_references}});
  }
  for (const CellContents& contents : report.contents) {
    ordered_json layers = ordered_json::array();
    for (const LayerReport& l : contents.layers) {
      layers.push_back({{"layer", l.layer},
                        {"datatype", l.datatype},
                        {"n_polygons", l.n_polygons},
                        {"area_nm2", l.area_nm2},
                        {"area_merged", l.area_merged},
                        {"box_nm", {l.box_nm.x0, l.box_nm.y0, l.box_nm.x1, l.box_nm.y1}}});
    }
    json["contents"].push_back({{"cell", contents.cell}, {"layers", layers}});
  }
  // Names in a layout are bytes of no stated encoding; what is not UTF-8 is shown as a replacement character.
  return results::json_text(json, "layout");
}

}  // namespace undulith::program
