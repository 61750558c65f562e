// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frame.hpp"

namespace undulith::report {

struct SweepSheetRequest {
  std::string title;
  std::vector<std::string> details;
  Box range;
  std::string x_label, y_label;
  std::vector<std::string> panels;  ///< labels; at least one
  std::vector<LegendItem> legend;
  std::optional<ColourBar> colour_bar;
};

/// Panels with the same axes in rows, below a title and above a legend.
class SweepSheet {
 public:
  explicit SweepSheet(const SweepSheetRequest& request);

  /// Draws the data of a panel, clipped to its area, below its axes.
  void draw(std::size_t panel, const std::function<void(Canvas&, const DataArea&)>& data);
  /// The finished sheet.
  [[nodiscard]] Picture picture(const std::string& title, const std::string& quantity);

 private:
  [[nodiscard]] double top_of(std::size_t row) const;

  SweepSheetRequest request_;
  std::size_t n_columns_;
  double width_, height_, left_, right_, first_top_;  ///< of a panel and of the room beside it, canvas units
  double sheet_width_, legend_top_;
  Legend legend_;
  std::optional<Canvas> canvas_;
  std::vector<DataArea> areas_;
};

}  // namespace undulith::report
