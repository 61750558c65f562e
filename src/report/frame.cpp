// SPDX-License-Identifier: MIT
#include "frame.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "undulith/io/csv.hpp"

namespace undulith::report {

namespace {

constexpr double kMargin = 16, kTickLength = 5, kTickSize = 11.5, kLabelSize = 12.5, kTitleSize = 16,
                 kDetailSize = 12;
constexpr double kDetailStep = 17, kLegendStep = 24, kLegendSample = 34, kLegendGap = 22;
constexpr double kXTickStep = 56, kYTickStep = 34, kBarWidth = 16, kMinVerticalBar = 150,
                 kMinSheetWidth = 600;

[[nodiscard]] int max_ticks(double length, double step) {
  return std::clamp(static_cast<int>(length / step), 2, 12);
}

[[nodiscard]] double widest(const std::vector<Tick>& ticks) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, kTickSize));
  return width;
}

/// Lines of at most `width` units, broken at " · " where needed, otherwise between words.
[[nodiscard]] std::vector<std::string> wrapped(const std::string& text, double width) {
  static const std::string kBreak = " · ";
  std::vector<std::string> lines;
  std::string rest = text, line;
  while (!rest.empty()) {
    const std::size_t end = rest.find(kBreak);
    const std::string part = rest.substr(0, end);
    rest = end == std::string::npos ? "" : rest.substr(end + kBreak.size());
    const std::string longer = line.empty() ? part : line + kBreak + part;
    if (line.empty() || text_width(longer, kDetailSize) <= width) {
      line = longer;
    } else {
      lines.push_back(line);
      line = part;
    }
  }
  if (!line.empty()) lines.push_back(line);
  std::vector<std::string> fitting;
  for (std::string& l : lines) {
    // A part that is wider than a line is broken between words.
    while (text_width(l, kDetailSize) > width) {
      std::size_t end = l.rfind(' ');
      while (end != std::string::npos && end > 0 && text_width(l.substr(0, end), kDetailSize) > width)
        end = l.rfind(' ', end - 1);
      if (end == std::string::npos || end == 0) break;
      fitting.push_back(l.substr(0, end));
      l = l.substr(end + 1);
    }
    fitting.push_back(shortened(l, kDetailSize, false, width));
  }
  return fitting;
}

/// A vertical label that is longer than its axis would overlap the neighbouring labels: it is then written
/// horizontally.
[[nodiscard]] bool stands_upright(const std::string& y_label, double height) {
  return text_width(y_label, kLabelSize) <= height + 20;
}

[[nodiscard]] std::string minus_sign(std::string text) {
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

}  // namespace

std::vector<Tick> nice_ticks(double low, double high, int max_count) {
  std::vector<Tick> ticks;
  if (!(high > low) || !std::isfinite(high - low)) return ticks;
  const double rough = (high - low) / std::max(1, max_count - 1);
  double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = power;
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    step = factor * power;
    // A small slack keeps the ends of a range of exact multiples.
    const double count = std::floor(high / step + 1e-9) - std::ceil(low / step - 1e-9) + 1;
    if (count <= max_count) break;
  }
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  const auto first = static_cast<long long>(std::ceil(low / step - 1e-9));
  const auto last = static_cast<long long>(std::floor(high / step + 1e-9));
  for (long long i = first; i <= last; ++i) {
    const double value = static_cast<double>(i) * step;
    const bool long_number = decimals > 6 || std::abs(value) >= 1e7;
    ticks.push_back(
        {value, long_number ? number_text(value, 3) : minus_sign(fmt::format("{:.{}f}", value, decimals))});
  }
  return ticks;
}

double nice_length(double limit) {
  const double power = std::pow(10.0, std::floor(std::log10(limit)));
  for (const double factor : {5.0, 2.0}) {
    if (factor * power <= limit * (1 + 1e-12)) return factor * power;
  }
  return power;
}

std::string number_text(double value, int digits) {
  const double magnitude = std::abs(value);
  if (value == 0 || (magnitude >= 1e-3 && magnitude < 1e6) || !std::isfinite(value)) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    if (text.find('e') != std::string::npos) text = fmt::format("{:.0f}", value);
    return minus_sign(text);
  }
  const int exponent = static_cast<int>(std::floor(std::log10(magnitude) + 1e-12));
  static const char* const kSuperscripts[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string raised;
  for (const char c : std::to_string(exponent)) raised += c == '-' ? "⁻" : kSuperscripts[c - '0'];
  return minus_sign(fmt::format("{:.{}g}", value / std::pow(10.0, exponent), digits)) + "×10" + raised;
}

double DataArea::x(double value) const {
  return (left + (value - range.x0) / range.width() * width) / kPixelsPerUnit;
}
double DataArea::y(double value) const {
  return (top + (range.y1 - value) / range.height() * height) / kPixelsPerUnit;
}
double DataArea::value_x(int column) const {
  return range.x0 + (column + 0.5) / width * range.width();
}
double DataArea::value_y(int row) const {
  return range.y1 - (row + 0.5) / height * range.height();
}

ColourTable::ColourTable(ColourMap map, double low, double high) : low_(low), high_(high) {
  constexpr int kLast = 4095;
  for (int i = 0; i <= kLast; ++i) colours_.push_back(colour_of(map, static_cast<double>(i) / kLast));
}

Rgb ColourTable::operator()(double value) const {
  if (std::isnan(value)) return {128, 128, 128};
  const double t = std::clamp((value - low_) / (high_ - low_), 0.0, 1.0);
  return colours_[static_cast<std::size_t>(std::lround(t * static_cast<double>(colours_.size() - 1)))];
}

double left_margin(const Box& range, double height, const std::string& y_label) {
  const double label = stands_upright(y_label, height) ? kLabelSize : text_width(y_label, kLabelSize);
  return kMargin + label + 8 + widest(nice_ticks(range.y0, range.y1, max_ticks(height, kYTickStep))) +
         kTickLength + 4;
}

void draw_axes(Canvas& canvas, const DataArea& area, const std::string& x_label, const std::string& y_label) {
  const Stroke line{kInk, 1};
  canvas.rectangle(area.x0() - 0.5, area.y0() - 0.5, area.w() + 1, area.h() + 1, line);

  const double bottom = area.y0() + area.h() + 0.5;
  double free_from = -1e9;
  for (const Tick& tick : nice_ticks(area.range.x0, area.range.x1, max_ticks(area.w(), kXTickStep))) {
    const double x = area.x(tick.value), half = text_width(tick.label, kTickSize) / 2;
    canvas.line({x, bottom}, {x, bottom + kTickLength}, line);
    if (x - half < free_from) continue;
    canvas.text(x, bottom + kTickLength + 12, tick.label,
                {.size = kTickSize, .colour = kInk, .anchor = Anchor::middle});
    free_from = x + half + 3;
  }
  canvas.text(area.x0() + area.w() / 2, bottom + kTickLength + 30, x_label,
              {.size = kLabelSize, .colour = kInk, .anchor = Anchor::middle});

  const double left = area.x0() - 0.5;
  const std::vector<Tick> ticks = nice_ticks(area.range.y0, area.range.y1, max_ticks(area.h(), kYTickStep));
  double free_above = 1e9;
  for (const Tick& tick : ticks) {
    const double y = area.y(tick.value);
    canvas.line({left - kTickLength, y}, {left, y}, line);
    if (y + 6 > free_above) continue;
    canvas.text(left - kTickLength - 4, y + 4, tick.label,
                {.size = kTickSize, .colour = kInk, .anchor = Anchor::end});
    free_above = y - 8;
  }
  const bool upright = stands_upright(y_label, area.h());
  canvas.text(left - kTickLength - 4 - widest(ticks) - 8, area.y0() + area.h() / 2 + (upright ? 0 : 4),
              y_label,
              {.size = kLabelSize,
               .colour = kInk,
               .anchor = upright ? Anchor::middle : Anchor::end,
               .upwards = upright});
}

Header::Header(const std::string& title, const std::vector<std::string>& details, double width)
    : title_(shortened(title, kTitleSize, true, width)) {
  for (const std::string& detail : details) {
    for (std::string& line : wrapped(detail, width)) lines_.push_back(std::move(line));
  }
}

double Header::height() const {
  return kMargin + kTitleSize + 6 + kDetailStep * static_cast<double>(lines_.size()) + 10;
}

void Header::draw(Canvas& canvas) const {
  double y = kMargin + kTitleSize - 3;
  canvas.text(kMargin, y, title_, {.size = kTitleSize, .colour = kInk, .bold = true});
  y += 4;
  for (const std::string& line : lines_) {
    y += kDetailStep;
    canvas.text(kMargin, y, line, {.size = kDetailSize, .colour = kSoftInk});
  }
}

Legend::Legend(std::vector<LegendItem> items, double width) : items_(std::move(items)) {
  double x = 0;
  int row = 0;
  for (LegendItem& item : items_) {
    const double sample = item.kind == LegendItem::Kind::note ? 0 : std::max(kLegendSample, item.length) + 8;
    item.label = shortened(item.label, kDetailSize, false, width - sample);
    const double item_width = sample + text_width(item.label, kDetailSize);
    if (x > 0 && x + item_width > width) {
      x = 0;
      ++row;
    }
    places_.push_back({x, row * kLegendStep});
    x += item_width + kLegendGap;
  }
  n_rows_ = items_.empty() ? 0 : row + 1;
}

double Legend::height() const {
  return n_rows_ * kLegendStep;
}

void Legend::draw(Canvas& canvas, double x, double y) const {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const LegendItem& item = items_[i];
    const double left = x + places_[i].x, middle = y + places_[i].y + kLegendStep / 2;
    const double length = std::max(kLegendSample, item.length);
    double text_at = left + length + 8;
    switch (item.kind) {
      case LegendItem::Kind::line:
        if (item.background) canvas.fill_rectangle(left, middle - 8, length, 16, *item.background);
        if (item.under) canvas.line({left + 2, middle}, {left + length - 2, middle}, *item.under);
        canvas.line({left + 2, middle}, {left + length - 2, middle}, item.stroke);
        break;
      case LegendItem::Kind::patch:
        if (item.background)
          canvas.fill_rectangle(left, middle - 8, length, 16, *item.background, item.stroke.opacity);
        canvas.rectangle(left + 0.5, middle - 7.5, length - 1, 15, {kInk, 1});
        break;
      case LegendItem::Kind::disc:
        canvas.disc({left + length / 2, middle}, 4, item.stroke.colour);
        break;
      case LegendItem::Kind::gauge:
      case LegendItem::Kind::scale_bar: {
        const double end = item.kind == LegendItem::Kind::scale_bar ? left + item.length : left + length;
        canvas.line({left, middle}, {end, middle}, item.stroke);
        for (const double at : {left, end}) canvas.line({at, middle - 4}, {at, middle + 4}, item.stroke);
        if (item.kind == LegendItem::Kind::scale_bar) text_at = end + 8;
        break;
      }
      case LegendItem::Kind::note:
        text_at = left;
        break;
    }
    canvas.text(text_at, middle + 4, item.label, {.size = kDetailSize, .colour = kInk});
  }
}

void draw_colour_bar(Canvas& canvas, const ColourBar& bar, double x, double y, double length, bool vertical) {
  const Stroke line{kInk, 1};
  const int left = static_cast<int>(std::lround(x * kPixelsPerUnit)),
            top = static_cast<int>(std::lround(y * kPixelsPerUnit));
  const int along = static_cast<int>(std::lround(length * kPixelsPerUnit));
  const int across = static_cast<int>(kBarWidth * kPixelsPerUnit);
  const ColourTable colours(bar.map, 0, 1);
  canvas.raster(left, top, vertical ? across : along, vertical ? along : across, [&](int row, int column) {
    return colours(vertical ? 1 - (row + 0.5) / along : (column + 0.5) / along);
  });
  canvas.rectangle(x - 0.5, y - 0.5, (vertical ? kBarWidth : length) + 1, (vertical ? length : kBarWidth) + 1,
                   line);

  const std::vector<Tick> ticks =
      nice_ticks(bar.low, bar.high, max_ticks(length, vertical ? kYTickStep : kXTickStep));
  const auto place = [&](double value) {
    const double t = (value - bar.low) / (bar.high - bar.low);
    return vertical ? y + length * (1 - t) : x + length * t;
  };
  for (const Tick& tick : ticks) {
    const double at = place(tick.value);
    if (vertical) {
      canvas.line({x + kBarWidth + 0.5, at}, {x + kBarWidth + kTickLength, at}, line);
      canvas.text(x + kBarWidth + kTickLength + 4, at + 4, tick.label, {.size = kTickSize, .colour = kInk});
    } else {
      canvas.line({at, y + kBarWidth + 0.5}, {at, y + kBarWidth + kTickLength}, line);
      canvas.text(at, y + kBarWidth + kTickLength + 12, tick.label,
                  {.size = kTickSize, .colour = kInk, .anchor = Anchor::middle});
    }
  }
  if (bar.mark && *bar.mark > bar.low && *bar.mark < bar.high) {
    const double at = place(*bar.mark);
    for (const Stroke& stroke : {Stroke{{255, 255, 255}, 4, {}, 0.9}, Stroke{bar.mark_colour, 2}}) {
      if (vertical) {
        canvas.line({x, at}, {x + kBarWidth, at}, stroke);
      } else {
        canvas.line({at, y}, {at, y + kBarWidth}, stroke);
      }
    }
  }
  if (vertical) {
    canvas.text(x + kBarWidth + kTickLength + 4 + widest(ticks) + 18, y + length / 2, bar.label,
                {.size = kLabelSize, .colour = kInk, .anchor = Anchor::middle, .upwards = true});
  } else {
    canvas.text(x + length / 2, y + kBarWidth + kTickLength + 30, bar.label,
                {.size = kLabelSize, .colour = kInk, .anchor = Anchor::middle});
  }
}

Frame make_frame(const FrameRequest& request) {
  const double w = static_cast<double>(request.width) / kPixelsPerUnit,
               h = static_cast<double>(request.height) / kPixelsPerUnit;
  const bool vertical_bar = request.colour_bar && h >= kMinVerticalBar;
  const bool horizontal_bar = request.colour_bar && !vertical_bar;

  const double left = std::max(request.least_left, std::ceil(left_margin(request.range, h, request.y_label)));
  double right = 30 + request.extra_right;
  if (vertical_bar) {
    const double bar_length = std::min(h, 420.0);
    const auto ticks =
        nice_ticks(request.colour_bar->low, request.colour_bar->high, max_ticks(bar_length, kYTickStep));
    right += 18 + kBarWidth + kTickLength + widest(ticks) + 4 + 18;
  }
  const double sheet_width = std::ceil(std::max(kMinSheetWidth, left + w + right));
  // A narrow area is centred on the sheet.
  const double area_left = std::floor(left + std::max(0.0, sheet_width - left - w - right) / 2);

  const Header header(request.title, request.details, sheet_width - 2 * kMargin);
  const Legend legend(request.legend, sheet_width - 2 * kMargin);
  const double area_top = std::ceil(header.height() + request.extra_top);
  const double bar_length = std::min(std::max(w, 300.0), sheet_width - left - 30);
  const double below_axes =
      area_top + h + kBottomMargin + (horizontal_bar ? kBarWidth + 46 : 0) + request.extra_bottom;
  const double sheet_height = std::ceil(below_axes + legend.height() + kMargin);

  Frame frame{
      Canvas(static_cast<int>(sheet_width) * kPixelsPerUnit, static_cast<int>(sheet_height) * kPixelsPerUnit),
      DataArea{static_cast<int>(area_left) * kPixelsPerUnit, static_cast<int>(area_top) * kPixelsPerUnit,
               request.width, request.height, request.range}};
  header.draw(frame.canvas);
  draw_axes(frame.canvas, frame.area, request.x_label, request.y_label);
  if (vertical_bar) {
    draw_colour_bar(frame.canvas, *request.colour_bar, area_left + w + 18, area_top, std::min(h, 420.0),
                    true);
  }
  if (horizontal_bar) {
    const double x = std::floor(
        std::clamp(area_left + w / 2 - bar_length / 2, kMargin, sheet_width - kMargin - bar_length));
    draw_colour_bar(frame.canvas, *request.colour_bar, x, area_top + std::ceil(h) + kBottomMargin + 2,
                    bar_length, false);
  }
  legend.draw(frame.canvas, kMargin, below_axes);
  return frame;
}

std::string full_title(const std::string& picture, const std::string& job) {
  return job.empty() ? picture : picture + " — " + job;
}

void describe_area(Picture& picture, const DataArea& area, const std::string& unit) {
  const auto number = [](double value) { return io::format_number(value); };
  picture.text["undulith:data_area_px"] =
      fmt::format("{},{},{},{}", area.left, area.top, area.width, area.height);
  picture.text["undulith:data_area_" + unit] =
      fmt::format("{},{},{},{}", number(area.range.x0), number(area.range.y0), number(area.range.x1),
                  number(area.range.y1));
  picture.text["undulith:pixel_pitch_" + unit] = fmt::format("{},{}", number(area.range.width() / area.width),
                                                             number(area.range.height() / area.height));
}

}  // namespace undulith::report
