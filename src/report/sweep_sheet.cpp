// SPDX-License-Identifier: MIT
#include "sweep_sheet.hpp"

#include <algorithm>
#include <cmath>

namespace undulith::report {
namespace {

constexpr double kPanelLabel = 22, kBarRoom = 104, kSheetMargin = 16, kSheetGap = 18, kLongestBar = 420;

// Of the data of a panel: one is as large as three small ones.
constexpr double kOneWidth = 560, kOneHeight = 400, kSmallWidth = 330, kSmallHeight = 270;

}  // namespace

SweepSheet::SweepSheet(const SweepSheetRequest& request)
    : request_(request),
      n_columns_(std::min<std::size_t>(request.panels.size(), 3)),
      width_(request.panels.size() == 1 ? kOneWidth : kSmallWidth),
      height_(request.panels.size() == 1 ? kOneHeight : kSmallHeight),
      left_(std::ceil(left_margin(request.range, height_, request.y_label))),
      right_(request.colour_bar ? kBarRoom : kSheetMargin),
      first_top_(0),
      sheet_width_(static_cast<double>(n_columns_) * (left_ + width_ + kSheetGap) - kSheetGap + right_),
      legend_top_(0),
      legend_(request.legend, sheet_width_ - 2 * kSheetMargin) {
  const Header header(request.title, request.details, sheet_width_ - 2 * kSheetMargin);
  first_top_ = std::ceil(header.height() + 8);
  const std::size_t n_rows = (request.panels.size() + n_columns_ - 1) / n_columns_;
  legend_top_ = top_of(n_rows - 1) + height_ + kBottomMargin + 6;
  canvas_.emplace(static_cast<int>(std::ceil(sheet_width_)) * kPixelsPerUnit,
                  static_cast<int>(std::ceil(legend_top_ + legend_.height() + 12)) * kPixelsPerUnit);
  header.draw(*canvas_);
  for (std::size_t i = 0; i < request.panels.size(); ++i) {
    const double left = left_ + static_cast<double>(i % n_columns_) * (left_ + width_ + kSheetGap);
    areas_.push_back({static_cast<int>(left) * kPixelsPerUnit,
                      static_cast<int>(top_of(i / n_columns_)) * kPixelsPerUnit,
                      static_cast<int>(width_) * kPixelsPerUnit, static_cast<int>(height_) * kPixelsPerUnit,
                      request.range});
  }
}

double SweepSheet::top_of(std::size_t row) const {
  const double label = request_.panels.front().empty() ? 0 : kPanelLabel;
  return first_top_ + label + static_cast<double>(row) * (height_ + kBottomMargin + kPanelLabel);
}

void SweepSheet::draw(std::size_t panel, const std::function<void(Canvas&, const DataArea&)>& data) {
  const DataArea& area = areas_[panel];
  canvas_->clip(area.x0(), area.y0(), area.w(), area.h());
  data(*canvas_, area);
  canvas_->unclip();
}

Picture SweepSheet::picture(const std::string& title, const std::string& quantity) {
  for (std::size_t i = 0; i < areas_.size(); ++i) {
    const DataArea& area = areas_[i];
    draw_axes(*canvas_, area, request_.x_label, request_.y_label);
    constexpr double kLabelSize = 12.5;
    canvas_->text(area.x0(), area.y0() - 8, shortened(request_.panels[i], kLabelSize, true, width_),
                  {.size = kLabelSize, .bold = true});
  }
  if (request_.colour_bar) {
    const DataArea& last = areas_[n_columns_ - 1];
    draw_colour_bar(*canvas_, *request_.colour_bar, last.x0() + last.w() + 16, last.y0(),
                    std::min(last.h(), kLongestBar), true);
  }
  legend_.draw(*canvas_, kSheetMargin, legend_top_);
  Picture picture{canvas_->image(), {}};
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] = quantity;
  return picture;
}

}  // namespace undulith::report
