// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "undulith/io/file_content.hpp"
#include "undulith/layout/layout.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/layout/picture.hpp"
#include "undulith/layout/read_limits.hpp"

namespace undulith::layout {

/// Reads any layout file by its content and extension (.gds, .oas, both also .gz, .glp, .png), all of it.
/// @param picture      scale of a PNG
/// @throws InputError  missing or unreadable file, unknown format, see the readers
[[nodiscard]] Layout read_layout(const std::filesystem::path& path, const PictureScale& picture = {});
/// The same; opens the file only if it is not kept in memory.
[[nodiscard]] Layout read_layout(const io::FileContent& file, const PictureScale& picture = {});

/// The bytes of a layout in the format of the extension, .gds or .oas (compressed); writes no file.
/// @throws InputError  another extension, see write_gdsii() and write_oasis()
[[nodiscard]] std::vector<std::byte> write_layout(const Layout& layout, const std::filesystem::path& path);

/// What a file holds: its cells, and the layers below those asked for.
struct FileSummary {
  struct CellRow {
    std::string name{};
    std::int64_t n_shapes = 0, n_references = 0;
    bool top = false;
  };
  std::string library{};
  double dbu_nm = 1;
  std::vector<CellRow> cells{};
  std::vector<std::string> top_cells{}, warnings{};
  std::vector<std::string> looping_cells{};  ///< below no top cell
  std::vector<std::pair<std::string, std::vector<LayerSummary>>>
      contents{};  ///< below the cell, or the top cells
};

/// A layout file of any size, of which only what is asked for is kept in memory.
///
/// A small file is read once. A large one is read once for the outlines of its cells and again for each clip,
/// which keeps what meets its window: memory grows with the window, not with the file.
class LayoutFile {
 public:
  /// @throws InputError  as read_layout(); a file that unfolds to more than the limits
  explicit LayoutFile(std::shared_ptr<const io::FileContent> file, const PictureScale& picture = {},
                      const ReadLimits& limits = {});

  /// As make_clip() of the whole layout.
  /// @throws InputError  as make_clip(); more shapes in the window than the limits allow
  [[nodiscard]] Clip clip(const ClipParameters& parameters) const;
  /// @param cell  absent: all top cells. Areas are merged if the layout fits into memory_mb.
  [[nodiscard]] FileSummary summary(const std::optional<std::string>& cell = {}) const;
  [[nodiscard]] const std::vector<std::string>& warnings() const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace undulith::layout
