// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "frame.hpp"
#include "undulith/report/resist_pictures.hpp"

namespace undulith::report {
namespace {

constexpr double kSectionLeft = 78, kSectionWidth = 620, kSectionBarRoom = 100, kSectionGap = 20,
                 kSectionCaption = 20;

// One vertical plane of a field: column (periodic) and depth, bilinear between nodes.
class Section {
 public:
  Section(const Grid3D& grid, const FilmCut& cut) : grid_(grid), along_x_(cut.along_x) {
    const auto nearest = [](double at, double origin, double step, int n) {
      const int i = static_cast<int>(std::lround((at - origin) / step));
      return (i % n + n) % n;
    };
    fixed_ = along_x_ ? nearest(cut.at_nm, grid.y0, grid.dy, grid.ny)
                      : nearest(cut.at_nm, grid.x0, grid.dx, grid.nx);
  }
  [[nodiscard]] double start() const { return along_x_ ? grid_.x0 : grid_.y0; }
  [[nodiscard]] double period() const { return along_x_ ? grid_.nx * grid_.dx : grid_.ny * grid_.dy; }

  [[nodiscard]] double value(const Field3D<double>& field, double at_nm, double depth_nm) const {
    const int n = along_x_ ? grid_.nx : grid_.ny;
    const double place = (at_nm - start()) / (along_x_ ? grid_.dx : grid_.dy);
    const double floor = std::floor(place), share = place - floor;
    const int left = static_cast<int>(floor - n * std::floor(floor / n)), right = (left + 1) % n;
    const double deep = std::clamp(depth_nm / grid_.dz, 0.0, grid_.nz - 1.0);
    const int iz = std::min(static_cast<int>(deep), grid_.nz - 2);
    const auto node = [&](int z, int i) { return along_x_ ? field(z, fixed_, i) : field(z, i, fixed_); };
    return std::lerp(std::lerp(node(iz, left), node(iz, right), share),
                     std::lerp(node(iz + 1, left), node(iz + 1, right), share), deep - iz);
  }

 private:
  Grid3D grid_;
  bool along_x_;
  int fixed_ = 0;
};

struct SectionPanel {
  std::string title, unit;
  const Field3D<double>* field;
  std::function<double(double)> shown = [](double v) { return v; };
  bool from_zero = true;  ///< the colours begin at 0 or below
};

std::vector<SectionPanel> panels_of(const resist::ResistResult& result) {
  const bool metal_oxide = result.latent.quencher.empty();
  std::vector<SectionPanel> panels{
      {"local dose after electron blur", "dose (mJ/cm²)", &result.latent.dose_mj_cm2},
      {metal_oxide ? "conversion after exposure" : "acid after exposure", metal_oxide ? "X" : "of the PAG",
       &result.latent.acid}};
  if (!metal_oxide) panels.push_back({"acid after the bake", "of the PAG", &result.baked.acid});
  panels.push_back({metal_oxide ? "ligands left" : "protected share m after the bake",
                    metal_oxide ? "1 − X" : "m", &result.baked.inhibitor});
  panels.push_back({"arrival time of the development front", "log₁₀ of t (s)", &result.profile.arrival_time_s,
                    [](double v) { return std::log10(std::max(v, 1e-3)); }, false});
  const Grid3D& grid = result.profile.arrival_time_s.grid();
  std::erase_if(panels, [&](const SectionPanel& panel) { return panel.field->grid() != grid; });
  return panels;
}

// Sizes of the panels, canvas units. A narrow cell is repeated, so that the pattern is recognisable.
struct PanelSize {
  double copies, range_nm, width, height;
};

PanelSize panel_size(double period_nm, double thickness_nm) {
  constexpr double kLeastRange = 2.5;  // of the thickness
  constexpr double kHighest = 130, kLowest = 36, kNarrowest = 200;
  const double copies = std::max(1.0, std::ceil(kLeastRange * thickness_nm / period_nm));
  const double range_nm = copies * period_nm;
  const double scale = std::min(kSectionWidth / range_nm, kHighest / thickness_nm);
  const double width = std::floor(std::max(kNarrowest, range_nm * scale));
  return {copies, range_nm, width,
          std::floor(std::max(kLowest, thickness_nm * std::min(scale, width / range_nm)))};
}

// The contour of the level on a raster of the pixels of the panel.
void draw_section_profile(Canvas& canvas, const DataArea& area, const Section& section,
                          const Field3D<double>& level) {
  const double range_nm = area.range.x1 - area.range.x0, thickness_nm = area.range.y1;
  Field2D<double> of_level(Grid2D{.nx = area.width / 2,
                                  .ny = area.height / 2,
                                  .x0 = area.range.x0,
                                  .y0 = area.range.y0,
                                  .dx = range_nm / (area.width / 2 - 1.0),
                                  .dy = thickness_nm / (area.height / 2 - 1.0)});
  for (int iy = 0; iy < of_level.ny(); ++iy)
    for (int ix = 0; ix < of_level.nx(); ++ix)
      of_level(iy, ix) = section.value(level, of_level.grid().x(ix), thickness_nm - of_level.grid().y(iy));
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  for (const math::Contour& contour : math::find_contours(of_level, 0)) {
    std::vector<Position> points;
    for (std::size_t i = 0; i < contour.x.size(); ++i) points.push_back(area.at(contour.x[i], contour.y[i]));
    canvas.polyline(points, contour.closed, {{40, 40, 40}, 3.4});
    canvas.polyline(points, contour.closed, {{255, 255, 255}, 1.8});
  }
  canvas.unclip();
}

// The field of a panel in colours, with its title and colour bar.
void draw_field(Canvas& canvas, const DataArea& area, const Section& section, const SectionPanel& panel,
                ColourMap map) {
  const double thickness_nm = area.range.y1;
  const auto shown = [&](double x, double y) {
    return panel.shown(section.value(*panel.field, x, thickness_nm - y));
  };
  double low = 1e300, high = -1e300;
  for (int r = 0; r < area.height; r += 2)
    for (int c = 0; c < area.width; c += 2) {
      const double value = shown(area.value_x(c), area.value_y(r));
      low = std::min(low, value), high = std::max(high, value);
    }
  if (panel.from_zero) low = std::min(0.0, low);
  if (!(high > low)) high = low + 1;
  const ColourTable colours(map, low, high);
  canvas.raster(area.left, area.top, area.width, area.height,
                [&](int r, int c) { return colours(shown(area.value_x(c), area.value_y(r))); });
  canvas.text(area.x0(), area.y0() - 7, panel.title, {.size = 12, .colour = kInk, .bold = true});
  draw_colour_bar(canvas, {map, low, high, panel.unit, {}, {}}, area.x0() + area.w() + 12, area.y0(),
                  area.h(), true);
}

}  // namespace

Picture draw_film_sections(const resist::ResistResult& result, const FilmCut& cut,
                           const PictureOptions& options) {
  const Grid3D& grid = result.profile.arrival_time_s.grid();
  const Section section(grid, cut);
  const std::vector<SectionPanel> panels = panels_of(result);
  const double thickness_nm = grid.thickness();
  const PanelSize size = panel_size(section.period(), thickness_nm);
  const Field3D<double> level = resist::resist_level(result.profile);

  const std::string title = full_title("Resist film, exposure to profile", options.title);
  const double sheet_width = kSectionLeft + std::max(size.width, 420.0) + kSectionBarRoom;
  const Header header(title, options.details, sheet_width - 32);
  const std::vector<LegendItem> items{
      {.kind = LegendItem::Kind::line,
       .label = "developed profile",
       .stroke = {{255, 255, 255}, 2},
       .background = Rgb{90, 90, 90}},
      {.kind = LegendItem::Kind::note,
       .label = size.copies > 1 ? "the cell is repeated; depth to scale" : "depth to scale"}};
  const Legend legend(items, sheet_width - 32);
  const double top = std::ceil(header.height() + 6);
  const double row = size.height + kSectionCaption + kSectionGap + 14;
  const double sheet_height =
      std::ceil(top + static_cast<double>(panels.size()) * row + kBottomMargin - 10 + legend.height() + 12);
  Canvas canvas(static_cast<int>(sheet_width) * kPixelsPerUnit,
                static_cast<int>(sheet_height) * kPixelsPerUnit);
  header.draw(canvas);

  DataArea last;
  for (std::size_t p = 0; p < panels.size(); ++p) {
    const DataArea area{
        static_cast<int>(kSectionLeft) * kPixelsPerUnit,
        static_cast<int>(top + kSectionCaption + static_cast<double>(p) * row) * kPixelsPerUnit,
        static_cast<int>(size.width) * kPixelsPerUnit,
        static_cast<int>(size.height) * kPixelsPerUnit,
        {section.start(), 0, section.start() + size.range_nm, thickness_nm}};
    draw_field(canvas, area, section, panels[p], options.colour_map);
    draw_section_profile(canvas, area, section, level);
    if (p + 1 == panels.size()) {
      draw_axes(canvas, area, cut.along_x ? "x (nm)" : "y (nm)", "height (nm)");
    } else {
      canvas.rectangle(area.x0(), area.y0(), area.w(), area.h(), {kInk, 1});
    }
    last = area;
  }
  legend.draw(canvas, 16, last.y0() + last.h() + kBottomMargin + 2);
  Picture picture{canvas.image(), {}};
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] =
      "dose in mJ/cm2, acid, m and log10 of arrival in s over x (or y) and depth in nm";
  return picture;
}

}  // namespace undulith::report
