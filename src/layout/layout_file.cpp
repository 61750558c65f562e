// SPDX-License-Identifier: MIT
#include "undulith/layout/layout_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>

#include "layout/bitmap.hpp"
#include "layout/clip_plan.hpp"
#include "layout/opened_file.hpp"
#include "layout/pm_grid.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/io/file_kind.hpp"
#include "undulith/layout/gdsii.hpp"
#include "undulith/layout/glp.hpp"
#include "undulith/layout/oasis.hpp"

namespace undulith::layout {
namespace {

constexpr double kMb = 1 << 20;
constexpr double kMinLimitMb = 64, kMemoryPerByte = 16, kUnfoldedPerByte = 64;
constexpr double kMaxWholeMb = 64;    // a layout of more is read for its outlines first
constexpr double kMaxOtherMb = 1200;  // ten million rectangles
constexpr std::int64_t kMostCounted = std::int64_t{1} << 62;

std::size_t bytes_of(double mb) {
  return static_cast<std::size_t>(mb * kMb);
}

double limit_mb(double asked, double per_byte, std::uint64_t file_size) {
  return asked > 0 ? asked : std::max(kMinLimitMb, per_byte * static_cast<double>(file_size) / kMb);
}

UnfoldLimit unfold_limit(const ReadLimits& limits, std::uint64_t file_size) {
  return {.bytes = bytes_of(limit_mb(limits.unfold_mb, kUnfoldedPerByte, file_size)),
          .advice = "if the file is right, raise layout.unfold_mb (undulith layout: --unfold-mb)"};
}

/// Glp, pictures and arrays, which are small.
Layout read_other(const io::FileContent& file, const PictureScale& picture, const UnfoldLimit& limit,
                  double memory_mb) {
  constexpr double kRectangleBytes = 120;
  const auto most = static_cast<std::size_t>(memory_mb * kMb / kRectangleBytes);
  const std::vector<std::byte> bytes = whole_file(file, limit);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\x89PNG")) return read_png_layout(bytes, file.path, picture, most);
  if (text.starts_with("\x93NUMPY")) return read_npy_layout(bytes, file.path, picture, most);
  if (text.starts_with("BEGIN") || file.path.extension() == ".glp") return read_glp(text, file.path.string());
  if (const std::string other =
          io::wrong_kind(file.path.string(), io::kind_of(io::head_of(bytes)), "a layout");
      !other.empty())
    throw InputError(other);
  throw InputError(fmt::format(
      "{}: unknown layout format (.gds, .oas, both also as .gz, .glp, .png and .npy are read); convert it to GDSII "
      "or OASIS",
      file.path.string()));
}

ReadFile read_with(OpenedFile& opened, const io::FileContent& file, const UnfoldLimit& limit,
                   Collector& collector) {
  return opened.format == FileFormat::gdsii ? read_gdsii(opened.source, file.path.string(), collector)
                                            : read_oasis(opened.source, file.path.string(), limit, collector);
}

/// Thrown when a layout does not fit into the memory that reading it as a whole may take.
struct NoRoom {};

}  // namespace

Layout read_layout(const std::filesystem::path& path, const PictureScale& picture) {
  return read_layout(*io::read_content(path), picture);
}

Layout read_layout(const io::FileContent& file, const PictureScale& picture) {
  const UnfoldLimit limit;
  OpenedFile opened = open_file(file, limit);
  if (opened.format == FileFormat::other) return read_other(file, picture, limit, kMaxOtherMb);
  Collector collector(Collector::Keep::everything, std::numeric_limits<std::size_t>::max(), {});
  return read_with(opened, file, limit, collector).layout;
}

std::vector<std::byte> write_layout(const Layout& layout, const std::filesystem::path& path) {
  if (path.extension() == ".gds") return write_gdsii(layout);
  if (path.extension() == ".oas") return write_oasis(layout, OasisCells::compressed);
  throw InputError(
      fmt::format("{}: unknown layout format (layouts are written as GDSII or OASIS); the name must end in "
                  ".gds or .oas",
                  path.string()));
}

struct LayoutFile::State {
  std::shared_ptr<const io::FileContent> file{};
  UnfoldLimit unfold{};
  double memory_mb = 0;
  bool whole = false;
  ReadFile read{};  // whole, or of outlines
  std::vector<CellFacts> facts{};

  /// @return  false if the layout needs more memory than this; read is then as before
  bool read_whole(double max_mb) {
    OpenedFile opened = open_file(*file, unfold);
    Collector collector(Collector::Keep::everything, bytes_of(max_mb), [] { throw NoRoom{}; });
    try {
      read = read_with(opened, *file, unfold, collector);
    } catch (const NoRoom&) {
      return false;
    }
    return whole = true;
  }

  [[noreturn]] void no_memory(const char* what, const char* advice) const {
    throw InputError(fmt::format(
        "{}: {} need more memory than the limit of {:g} MB; {}raise layout.memory_mb (undulith layout: --memory-mb)",
        file->path.string(), what, memory_mb, advice));
  }

  void read_outlines() {
    OpenedFile opened = open_file(*file, unfold);
    Collector collector(Collector::Keep::outlines, bytes_of(memory_mb),
                        [this] { no_memory("its cells and arrays", ""); });
    read = read_with(opened, *file, unfold, collector);
    facts = collector.facts();
  }

  /// What the tree of outlines draws within the cell of the clip.
  Selection select(const ClipPlan& plan) const;
  std::vector<LayerSummary> summarise_outlines(const std::string& cell) const;
};

LayoutFile::LayoutFile(std::shared_ptr<const io::FileContent> file, const PictureScale& picture,
                       const ReadLimits& limits) {
  auto state = std::make_shared<State>();
  state->file = std::move(file);
  state->unfold = unfold_limit(limits, state->file->size);
  state->memory_mb = limit_mb(limits.memory_mb, kMemoryPerByte, state->file->size);
  if (open_file(*state->file, state->unfold).format == FileFormat::other) {
    state->read.layout = read_other(*state->file, picture, state->unfold, state->memory_mb);
    state->whole = true;
  } else if (!state->read_whole(std::min(state->memory_mb, kMaxWholeMb))) {
    state->read_outlines();
  }
  state_ = std::move(state);
}

const std::vector<std::string>& LayoutFile::warnings() const {
  return state_->read.layout.warnings;
}

Selection LayoutFile::State::select(const ClipPlan& plan) const {
  const Hierarchy tree(read.layout, plan.root);
  const double dbu_pm = dbu_in_pm(read.layout.dbu_nm);
  const auto to_dbu = [&](double nm) { return nm * 1000 / dbu_pm; };
  // One unit more, for rounding.
  const Box region{to_dbu(plan.cell.x0) - 1, to_dbu(plan.cell.y0) - 1, to_dbu(plan.cell.x1) + 1,
                   to_dbu(plan.cell.y1) + 1};
  const std::vector<std::string> names = tree.names();
  std::map<std::string, Box> regions, boxes;
  const auto widen = [](std::map<std::string, Box>& all, const std::string& name, const Box& box) {
    const auto [at, is_new] = all.try_emplace(name, box);
    Box& b = at->second;
    b = {std::min(b.x0, box.x0), std::min(b.y0, box.y0), std::max(b.x1, box.x1), std::max(b.y1, box.y1)};
  };
  Selection selection;
  for (const ClipPlan::Layer& wanted : plan.layers) {
    selection.layers.insert(wanted.layer);
    const auto hulls = tree.hulls(wanted.layer);
    for (std::size_t i = 0; i < names.size(); ++i)
      if (!hulls[i].empty()) widen(boxes, names[i], box_of(hulls[i]));
    for (const auto& [name, box] : tree.regions(region, hulls)) widen(regions, name, box);
  }
  selection.boxes = boxes;
  for (const auto& [alias, name] : read.aliases)
    if (const auto found = boxes.find(name); found != boxes.end()) selection.boxes[alias] = found->second;
  for (const std::string& name : read.names) {
    const auto found = regions.find(name);
    selection.regions.push_back(found == regions.end() ? std::optional<Box>() : found->second);
  }
  return selection;
}

Clip LayoutFile::clip(const ClipParameters& parameters) const {
  const State& state = *state_;
  const ClipPlan plan = plan_clip(state.read.layout, parameters);
  if (state.whole) return cut_clip(state.read.layout, plan);
  const Selection selection = state.select(plan);
  OpenedFile opened = open_file(*state.file, state.unfold);
  Collector collector(
      Collector::Keep::selection, bytes_of(state.memory_mb),
      [&] { state.no_memory("the shapes in the window", "choose a smaller window or "); }, &selection);
  return cut_clip(read_with(opened, *state.file, state.unfold, collector).layout, plan);
}

std::vector<LayerSummary> LayoutFile::State::summarise_outlines(const std::string& cell) const {
  const Layout& layout = read.layout;
  std::map<std::string, const CellFacts*> by_name;
  for (std::size_t i = 0; i < read.names.size(); ++i) by_name[read.names[i]] = &facts[i];
  const Hierarchy tree(layout, cell);
  std::vector<LayerSummary> out;
  for (const LayerId layer : tree.layers()) {
    std::map<std::string, Hierarchy::Totals> totals;
    for (const std::string& name : tree.names()) {
      const CellFacts& own = *by_name.at(name);
      Hierarchy::Totals sum;
      if (const auto found = own.own.find(layer); found != own.own.end()) sum = found->second;
      for (const CellFacts::Child& child : own.children) {
        const auto alias = read.aliases.find(child.cell);
        const auto below = totals.find(alias == read.aliases.end() ? child.cell : alias->second);
        if (below == totals.end()) continue;
        const Hierarchy::Totals& each = below->second;
        if (each.n_polygons > 0 && child.instances > (kMostCounted - sum.n_polygons) / each.n_polygons) {
          throw InputError(fmt::format(
              "cell '{}' holds more than 2^62 polygons (too many to count); check the arrays of the layout",
              printable(name)));
        }
        sum.n_polygons += child.instances * each.n_polygons;
        sum.area +=
            static_cast<double>(child.instances) * each.area * child.magnification * child.magnification;
      }
      totals[name] = sum;
    }
    out.push_back({.layer = layer,
                   .n_polygons = totals.at(cell).n_polygons,
                   .area_nm2 = totals.at(cell).area * layout.dbu_nm * layout.dbu_nm,
                   .box_nm = bounding_box(layout, cell, layer).value(),
                   .area_merged = false});
  }
  return out;
}

FileSummary LayoutFile::summary(const std::optional<std::string>& cell) const {
  State larger{.file = state_->file, .unfold = state_->unfold};
  const bool reread =
      !state_->whole && state_->memory_mb > kMaxWholeMb && larger.read_whole(state_->memory_mb);
  const State& state = reread ? larger : *state_;
  const Layout& layout = state.read.layout;
  FileSummary out{.library = layout.name,
                  .dbu_nm = layout.dbu_nm,
                  .top_cells = layout.top_cells(),
                  .warnings = layout.warnings,
                  .looping_cells = layout.looping_cells()};
  const std::set<std::string> tops(out.top_cells.begin(), out.top_cells.end());
  std::map<std::string, const CellFacts*> by_name;
  for (std::size_t i = 0; !state.whole && i < state.read.names.size(); ++i)
    by_name[state.read.names[i]] = &state.facts[i];
  for (const auto& [name, c] : layout.cells) {
    FileSummary::CellRow row{.name = name,
                             .n_shapes = static_cast<std::int64_t>(c.shapes.size()),
                             .n_references = static_cast<std::int64_t>(c.references.size()),
                             .top = tops.contains(name)};
    if (const auto facts = by_name.find(name); facts != by_name.end())
      row.n_shapes = facts->second->n_shapes, row.n_references = facts->second->n_references;
    out.cells.push_back(std::move(row));
  }
  const std::vector<std::string> shown = cell ? std::vector{*cell} : out.top_cells;
  std::vector<std::vector<LayerSummary>> layers;
  if (state.whole) layers = summarise(layout, shown);
  for (std::size_t i = 0; i < shown.size(); ++i)
    out.contents.emplace_back(shown[i], state.whole ? layers[i] : state.summarise_outlines(shown[i]));
  return out;
}

}  // namespace undulith::layout
