// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/layout/picture.hpp"
#include "undulith/layout/read_limits.hpp"

/// What a layout file holds, for people and for scripts.
namespace undulith::program {

/// One layer below one cell.
struct LayerReport {
  int layer = 0, datatype = 0;
  std::int64_t n_polygons = 0;  ///< flat, before merging
  double area_nm2 = 0;          ///< of the union
  bool area_merged = true;  ///< false: too many polygons to merge; area_nm2 counts overlaps more than once
  Box box_nm;
};

/// All layers below one cell.
struct CellContents {
  std::string cell;
  std::vector<LayerReport> layers;
};

/// One cell as it is written in the file.
struct CellReport {
  std::string name;
  bool top = false;               ///< no other cell places it
  std::int64_t n_shapes = 0;      ///< its own polygons, without those of the cells it places
  std::int64_t n_references = 0;  ///< placements written; an array counts once
};

struct LayoutReport {
  std::string file, library;
  double dbu_nm = 1;
  std::vector<std::string> top_cells;
  std::vector<CellReport> cells;       ///< in alphabetical order
  std::vector<CellContents> contents;  ///< of the chosen cell, else of every top cell
  std::vector<std::string> warnings;   ///< of the reader
};

/// Reads a layout file and sums up what it holds.
/// @param cell         whose layers are summed up; every top cell when absent
/// @param picture      scale of a PNG
/// @param limits       of memory and of unfolded data
/// @throws InputError  unreadable or malformed file, no such cell (lists those there are)
/// Cost O(flat polygons log).
[[nodiscard]] LayoutReport report_layout(const std::filesystem::path& file,
                                         const std::optional<std::string>& cell = {},
                                         const layout::PictureScale& picture = {},
                                         const layout::ReadLimits& limits = {});

/// The report as lines of text with a table for each cell of `contents`; ends with a newline.
[[nodiscard]] std::string layout_text(const LayoutReport& report);

/// The report as one JSON object; keys are the names of the members. Ends with a newline.
[[nodiscard]] std::string layout_json(const LayoutReport& report);

}  // namespace undulith::program
