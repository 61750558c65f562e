// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "layout/hierarchy.hpp"
#include "layout/hull_builder.hpp"
#include "layout/path_outline.hpp"
#include "layout/repetition.hpp"

namespace undulith::layout {

/// The part of a layout that is wanted: layers, and a region of each cell.
struct Selection {
  std::set<LayerId> layers{};
  std::vector<std::optional<Box>> regions{};  ///< of the cells in the order of the file, dbu of the cell
  std::map<std::string, Box> boxes{};         ///< what a cell draws, by the name in its references; dbu
};

/// What a cell holds, where its shapes themselves are not kept.
struct CellFacts {
  std::int64_t n_shapes = 0, n_references = 0;
  std::map<LayerId, Hierarchy::Totals> own{};  ///< without the cells that it places
  struct Child {
    std::string cell{};
    std::int64_t instances = 0;
    double magnification = 1;
  };
  std::vector<Child> children{};
};

/// A shape on a lattice of many positions, which becomes a cell of its own.
struct ShapeArray {
  Shape shape;
  Reference lattice;
};

/// Takes shapes and references from a reader, cell by cell, and keeps what is wanted of them.
///
/// everything: the cell as it is. outlines: per layer the convex hull of the shapes, and of references of one
/// kind those at the corners of the hull of their origins, so that boxes of the tree stay exact in little
/// memory; facts() has the numbers. selection: what meets the region of the cell.
class Collector {
 public:
  enum class Keep { everything, outlines, selection };

  /// @param on_full    called when more than max_bytes are kept; must throw
  /// @param selection  for Keep::selection, else null
  Collector(Keep keep, std::size_t max_bytes, std::function<void()> on_full,
            const Selection* selection = nullptr);

  void set_dbu_nm(double dbu_nm) { parts_ = outline_parts(dbu_nm); }
  void begin_cell();
  void add_shape(LayerId layer, Outline& shape, const Repetition& repetition = {});
  void add_reference(const Reference& reference, const Repetition& repetition = {});
  struct Collected {
    Cell cell{};
    std::vector<ShapeArray> arrays{};
  };
  /// The cell, without its name.
  [[nodiscard]] Collected end_cell();
  /// Of all cells, for Keep::outlines.
  [[nodiscard]] const std::vector<CellFacts>& facts() const { return facts_; }

 private:
  struct LayerOutline {
    HullBuilder hull;
    Hierarchy::Totals totals;
  };
  using Kind = std::tuple<std::string, bool, double, double>;  // cell, mirrored, magnification, angle
  struct Placed {
    HullBuilder origins;
    std::int64_t instances = 0;
  };

  void take(std::size_t bytes);
  void keep_shape(LayerId layer, Outline& shape, const Repetition& repetition);
  void outline_shape(LayerId layer, const Outline& shape, const Repetition& repetition);
  void select_shape(LayerId layer, const Outline& shape, const Repetition& repetition);
  void keep_reference(const Reference& reference, const Repetition& repetition);
  void outline_reference(const Reference& reference, const Repetition& repetition);
  void select_reference(const Reference& reference, const Repetition& repetition);
  void finish_outlines();

  Keep keep_;
  std::size_t left_;
  std::function<void()> on_full_;
  const Selection* selection_;
  int parts_ = 1;
  std::size_t cell_number_ = 0;
  Collected collected_;
  std::optional<Box> region_;
  std::map<LayerId, LayerOutline> outlines_;
  std::map<LayerId, LayerOutline>::iterator last_outline_;
  std::map<Kind, Placed> placed_;
  std::map<Kind, Placed>::iterator last_placed_;
  std::vector<CellFacts> facts_;
};

/// The steps of a lattice as an array of references.
[[nodiscard]] Reference lattice_of(const Repetition& repetition);

}  // namespace undulith::layout
