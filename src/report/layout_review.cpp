// SPDX-License-Identifier: MIT
#include "undulith/report/layout_review.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "undulith/core/version.hpp"
#include "undulith/math/direction.hpp"

namespace undulith::report {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// Text in the single quotes of a report database's values.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

struct Category {
  const char* name;
  const char* description;
};
constexpr std::array<Category, 4> kCategories{
    {{"cd_too_small", "CD below its target by more than the tolerance"},
     {"cd_too_large", "CD above its target by more than the tolerance"},
     {"not_printed", "the feature is missing"},
     {"merged", "the feature runs into its neighbour"}}};

struct Finding {
  const Category* category;
  std::string text;
  double from_nm, to_nm;  ///< along the cut
};

/// Nothing if the gauge is within its tolerance.
std::vector<Finding> findings_of(const metrology::GaugeResult& r, double tolerance_percent) {
  const double half = r.gauge.length_nm / 2;
  if (r.status == metrology::PrintStatus::not_printed)
    return {{&kCategories[2], fmt::format("{}: not printed", r.gauge.name), -half, half}};
  if (r.status == metrology::PrintStatus::merged)
    return {{&kCategories[3], fmt::format("{}: merged with its neighbour", r.gauge.name), -half, half}};
  if (!r.cd_nm || !r.target_cd_nm || !(*r.target_cd_nm > 0)) return {};
  const double error_percent = 100 * (*r.cd_nm - *r.target_cd_nm) / *r.target_cd_nm;
  if (std::abs(error_percent) <= tolerance_percent) return {};
  return {{&kCategories[error_percent < 0 ? 0 : 1],
           fmt::format("{}: CD {:.3f} nm, target {:.3f} nm, {:+.2f} % (tolerance {:g} %)", r.gauge.name,
                       *r.cd_nm, *r.target_cd_nm, error_percent, tolerance_percent),
           r.edge_left_nm.value_or(-half), r.edge_right_nm.value_or(half)}};
}

}  // namespace

std::vector<layout::Polygon> printed_rings(const std::vector<math::Contour>& contours, PrintedSide side,
                                           double left_share, const Box& window) {
  const bool left = side == PrintedSide::left;
  if (contours.empty()) {
    if ((left_share > 0.5) != left) return {};
    return {{{window.x0, window.y0}, {window.x1, window.y0}, {window.x1, window.y1}, {window.x0, window.y1}}};
  }
  std::vector<math::Contour> directed = contours;
  if (!left) {
    for (math::Contour& c : directed) {
      std::ranges::reverse(c.x);
      std::ranges::reverse(c.y);
    }
  }
  std::vector<math::Contour> closed = math::close_contours(directed, window);
  // If no line leaves the window, its whole border is on one side. The outermost ring shows which: if that
  // ring is an island of the other side, the window itself is the region around it.
  std::vector<layout::Polygon> rings;
  const auto outermost = std::ranges::max_element(
      closed, {}, [](const math::Contour& c) { return std::abs(math::contour_area(c)); });
  if (std::ranges::all_of(contours, &math::Contour::closed) && math::contour_area(*outermost) < 0)
    rings.push_back(
        {{window.x0, window.y0}, {window.x1, window.y0}, {window.x1, window.y1}, {window.x0, window.y1}});
  for (const math::Contour& c : closed) {
    layout::Polygon& ring = rings.emplace_back();
    for (std::size_t i = 0; i < c.x.size(); ++i) ring.push_back({c.x[i], c.y[i]});
  }
  return rings;
}

std::string layer_properties(const std::vector<ReviewLayer>& layers) {
  // The colours of Okabe and Ito are distinguishable with every kind of colour vision.
  constexpr std::array<const char*, 7> kColours{"#0072b2", "#e69f00", "#d55e00", "#009e73",
                                                "#cc79a7", "#56b4e9", "#f0e442"};
  std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<layer-properties>\n";
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const char* colour = kColours[i % kColours.size()];
    // Drawn shapes are filled faintly, printed shapes are outlines only.
    const bool drawn = layers[i].layer < 100;
    out += fmt::format(
        " <properties>\n  <frame-color>{0}</frame-color>\n  <fill-color>{0}</fill-color>\n"
        "  <frame-brightness>0</frame-brightness>\n  <fill-brightness>0</fill-brightness>\n"
        "  <dither-pattern>{1}</dither-pattern>\n  <valid>true</valid>\n  <visible>true</visible>\n"
        "  <transparent>false</transparent>\n  <width>{2}</width>\n  <marked>false</marked>\n"
        "  <animation>0</animation>\n  <name>{3}</name>\n  <source>{4}/{5}@1</source>\n </properties>\n",
        colour, drawn ? "I9" : "I1", drawn ? 1 : 2, escaped(layers[i].name), layers[i].layer,
        layers[i].datatype);
  }
  return out + "</layer-properties>\n";
}

namespace {

// A KLayout report database of items that are ready.
template <class Categories>
std::string report_database(const std::string& cell, const std::string& title, const Categories& categories,
                            const std::string& items) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<report-database>\n <description>{}</description>\n"
      " <original-file/>\n <generator>undulith {}</generator>\n <top-cell>{}</top-cell>\n <tags>\n </tags>\n"
      " <categories>\n",
      escaped(title), kVersion, escaped(cell));
  for (const Category& c : categories)
    out += fmt::format(
        "  <category>\n   <name>{}</name>\n   <description>{}</description>\n   <categories>\n   "
        "</categories>\n"
        "  </category>\n",
        c.name, c.description);
  out += fmt::format(
      " </categories>\n <cells>\n  <cell>\n   <name>{}</name>\n   <variant/>\n   <references>\n   "
      "</references>\n"
      "  </cell>\n </cells>\n <items>\n",
      escaped(cell));
  return out + items + " </items>\n</report-database>\n";
}

// @param shape  "edge: (0,0;1,1)", micrometres
std::string item(const std::string& category, const std::string& cell, const std::string& shape,
                 const std::string& text) {
  return fmt::format(
      "  <item>\n   <tags/>\n   <category>{}</category>\n   <cell>{}</cell>\n   "
      "<visited>false</visited>\n"
      "   <multiplicity>1</multiplicity>\n   <image/>\n   <values>\n    <value>{}</value>\n"
      "    <value>text: {}</value>\n   </values>\n  </item>\n",
      category, escaped(cell), shape, escaped(quoted(text)));
}

std::string micrometres(double x_nm, double y_nm) {
  return fmt::format("{:.6f},{:.6f}", x_nm / 1000, y_nm / 1000);
}

}  // namespace

std::string cd_findings(const std::string& cell, const std::string& title,
                        std::span<const metrology::GaugeResult> results, double cd_tolerance_percent) {
  std::string items;
  for (const metrology::GaugeResult& r : results)
    for (const Finding& f : findings_of(r, cd_tolerance_percent)) {
      const math::Direction d = math::direction_of(r.gauge.angle_deg);
      const auto at = [&](double along) {
        return micrometres(r.gauge.x_nm + along * d.x, r.gauge.y_nm + along * d.y);
      };
      items += item(f.category->name, cell, fmt::format("edge: ({};{})", at(f.from_nm), at(f.to_nm)), f.text);
    }
  return report_database(cell, title, kCategories, items);
}

std::string mask_findings(const std::string& cell, const std::string& title,
                          std::span<const MaskRuleFinding> findings) {
  constexpr std::array<Category, 5> kRules{{{"min_width_nm", "Shapes of the mask that are too narrow"},
                                            {"min_space_nm", "Shapes of the mask that are too near"},
                                            {"min_area_nm2", "Shapes of the mask that are too small"},
                                            {"min_jog_nm", "Jogs of the mask that are too short"},
                                            {"overlap", "Edges of the mask that cross"}}};
  std::string items;
  for (const MaskRuleFinding& f : findings)
    items += item(
        f.rule, cell,
        fmt::format("box: ({};{})", micrometres(f.where.x0, f.where.y0), micrometres(f.where.x1, f.where.y1)),
        f.rule);
  return report_database(cell, title, kRules, items);
}

}  // namespace undulith::report
