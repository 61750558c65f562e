// SPDX-License-Identifier: MIT
#include "undulith/results/sweep_plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

#include "undulith/job/keys.hpp"
#include "undulith/results/sweep_columns.hpp"

namespace undulith::results {
namespace {

constexpr std::size_t kMostGauges = 6, kMostPictures = 4, kMostCurves = 11, kMostPanels = 6, kLeastOfMap = 3;

// A key in words: "focus" and "nm" of imaging.focus_nm.
struct KeyWords {
  std::string name, unit;
};

// Keys of several tables that end in the same words keep their table.
KeyWords words_of(const study::SweepPlan& plan, std::size_t key) {
  const auto without_table = [](const std::string& name) { return name.substr(name.find('.') + 1); };
  KeyWords words{.name = without_table(plan.keys[key].name), .unit = {}};
  const auto same = [&](const study::VariedKey& other) { return without_table(other.name) == words.name; };
  if (plan.keys[key].name == study::kSourceFile) return {.name = "source", .unit = {}};
  if (std::ranges::count_if(plan.keys, same) > 1) return {.name = plan.keys[key].name, .unit = {}};
  const KeyInfo* info = job::find_key(study::without_places(plan.keys[key].name));
  if (info != nullptr && !info->unit.empty()) {
    std::string suffix = "_";
    for (const char c : info->unit)
      suffix += std::isalnum(static_cast<unsigned char>(c)) != 0
                    ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                    : '_';
    if (words.name.ends_with(suffix)) {
      words.name.resize(words.name.size() - suffix.size());
      words.unit = info->unit;
    }
  }
  std::ranges::replace(words.name, '_', ' ');
  return words;
}

// "focus (nm)"
std::string axis_label(const study::SweepPlan& plan, std::size_t key) {
  const KeyWords words = words_of(plan, key);
  return words.unit.empty() ? words.name : fmt::format("{} ({})", words.name, words.unit);
}

// "na = 0.33", "focus = 20 nm"; of a file its name without its folder.
std::string label_of(const study::SweepPlan& plan, std::size_t key, const KeyValue& value) {
  const auto* number = std::get_if<double>(&value);
  std::string text = number != nullptr ? fmt::format("{:.6g}", *number) : study::value_text(value);
  if (plan.keys[key].type == KeyType::file) text = std::filesystem::path(text).filename().string();
  const KeyWords words = words_of(plan, key);
  return fmt::format("{} = {}{}{}", words.name, text, words.unit.empty() ? "" : " ", words.unit);
}

// A key that is varied, with its different values in the order in which they are drawn.
struct Varied {
  std::size_t key = 0;
  std::vector<KeyValue> values;
};

std::vector<KeyValue> distinct_values(const study::VariedKey& key) {
  std::vector<KeyValue> values;
  std::set<std::string> seen;
  for (const KeyValue& value : key.values)
    if (seen.insert(study::value_text(value)).second) values.push_back(value);
  if (key.is_number()) std::ranges::stable_sort(values, {}, study::value_number);
  return values;
}

// How the varied keys are drawn.
struct Arrangement {
  Varied axis;                       ///< a number, along x
  std::optional<Varied> family;      ///< a curve for each value, or for each n-th one
  std::size_t n_family = 0;          ///< values of that key
  std::optional<Varied> panels;      ///< a panel for each value
  std::optional<Varied> map_y;       ///< the other axis of a map
  std::optional<Varied> map_panels;  ///< a panel of the map for each value
  std::vector<std::string> mixed;    ///< keys that change between the points of a curve
};

// Takes the wanted key out of a list: that of most values among those that fit.
template <class Fits>
std::optional<Varied> take_most(std::vector<Varied>& from, const Fits& fits) {
  auto best = from.end();
  for (auto one = from.begin(); one != from.end(); ++one)
    if (fits(*one) && (best == from.end() || one->values.size() > best->values.size())) best = one;
  if (best == from.end()) return std::nullopt;
  Varied taken = std::move(*best);
  from.erase(best);
  return taken;
}

// At most as many as curves can be distinguished, at equal steps.
std::vector<KeyValue> thinned(const std::vector<KeyValue>& values) {
  const std::size_t every = (values.size() + kMostCurves - 1) / kMostCurves;
  std::vector<KeyValue> kept;
  for (std::size_t i = 0; i < values.size(); i += every) kept.push_back(values[i]);
  return kept;
}

// @param keys  those that change what is drawn
std::optional<Arrangement> arrange(const study::SweepPlan& plan, const std::vector<std::size_t>& keys) {
  std::vector<Varied> varied;
  for (const std::size_t k : keys)
    if (Varied one{k, distinct_values(plan.keys[k])}; one.values.size() > 1) varied.push_back(std::move(one));
  const auto is_number = [&plan](const Varied& one) { return plan.keys[one.key].is_number(); };
  std::optional<Varied> axis = take_most(varied, is_number);
  if (!axis) return std::nullopt;
  Arrangement all{.axis = *std::move(axis),
                  .family = {},
                  .n_family = 0,
                  .panels = {},
                  .map_y = {},
                  .map_panels = {},
                  .mixed = {}};

  if (plan.is_grid) {
    std::vector<Varied> others = varied;
    all.map_y = take_most(others, [&](const Varied& one) {
      return is_number(one) && one.values.size() >= kLeastOfMap && all.axis.values.size() >= kLeastOfMap;
    });
    if (others.size() == 1 && others.front().values.size() <= kMostPanels)
      all.map_panels = others.front();
    else if (!others.empty())
      all.map_y.reset();
  }
  std::vector<Varied> others = varied;
  const auto few = [](std::size_t most) {
    return [most](const Varied& one) { return one.values.size() <= most; };
  };
  // With a value of its own at every point there is no curve for each.
  const bool is_family = others.size() == 1 && others.front().values.size() < plan.n_points;
  if (is_family || (plan.is_grid && others.size() == 2)) {
    all.family = take_most(
        others, [&](const Varied& one) { return is_number(one) && (plan.is_grid || few(kMostCurves)(one)); });
    if (!all.family) all.family = take_most(others, few(kMostCurves));
    if (all.family && others.size() == 1) all.panels = take_most(others, few(kMostPanels));
    if (!others.empty()) all.family.reset(), all.panels.reset();
  }
  if (all.family) {
    all.n_family = all.family->values.size();
    all.family->values = thinned(all.family->values);
  }
  if (!all.family)
    for (const Varied& one : varied) all.mixed.push_back(plan.keys[one.key].name);
  return all;
}

struct Drawn {
  SweepQuantity quantity;
  std::string file, name;  ///< "sweep_cd", "CD"
};

// What the pictures show, in their order.
std::vector<Drawn> drawn_quantities(bool film) {
  const auto of = [](const char* column, const char* file, const char* name) {
    return Drawn{find_quantity(column), file, name};
  };
  return {of(film ? "film_cd_nm" : "cd_nm", "sweep_cd", "CD"),
          of("nils", "sweep_nils", "NILS"),
          of("noise_cd_sigma_nm", "sweep_cd_sigma", "Spread of the CD"),
          of("ler_unbiased_nm", "sweep_ler", "LER"),
          of("lwr_unbiased_nm", "sweep_lwr", "LWR"),
          of("wafers_per_hour", "sweep_wafers", "Wafers per hour")};
}

class Plots {
 public:
  Plots(const study::SweepPlan& plan, const std::filesystem::path& csv) : plan_(plan), columns_(plan, csv) {}

  [[nodiscard]] std::vector<SweepPlotFile> draw_all() {
    const auto is_known = [](double value) { return std::isfinite(value); };
    targets_ = columns_.numbers("target_cd_nm");
    const bool film = std::ranges::any_of(columns_.numbers("film_cd_nm"), is_known);
    for (const Drawn& drawn : drawn_quantities(film)) {
      values_ = columns_.numbers(drawn.quantity.column);
      if (std::ranges::none_of(values_, is_known)) continue;
      keys_ = keys_that_change(drawn);
      // Constant wafers per hour need no picture; a CD that no key changes is worth seeing.
      const auto is_first = [first = *std::ranges::find_if(values_, is_known)](double value) {
        return value == first || std::isnan(value);
      };
      if (drawn.quantity.of_point && std::ranges::all_of(values_, is_first)) continue;
      if (keys_.empty()) keys_ = all_keys();
      std::optional<Arrangement> arrangement = arrange(plan_, keys_);
      if (!arrangement) continue;
      arranged_ = *std::move(arrangement);
      details_ = details_of();
      if (drawn.quantity.of_point)
        add_pictures(drawn, "", drawn.file, values_of({}), {});
      else
        add_of_gauges(drawn);
    }
    return std::move(files_);
  }

 private:
  [[nodiscard]] std::vector<std::size_t> all_keys() const {
    std::vector<std::size_t> keys(plan_.keys.size());
    std::iota(keys.begin(), keys.end(), std::size_t{0});
    return keys;
  }

  // In a grid, the keys between whose values the quantity differs, of any gauge that is drawn.
  [[nodiscard]] std::vector<std::size_t> keys_that_change(const Drawn& drawn) const {
    if (!plan_.is_grid) return all_keys();
    std::vector<bool> changes(plan_.keys.size());
    const std::size_t n = drawn.quantity.of_point ? 1 : std::min(kMostGauges, columns_.gauges().size());
    for (std::size_t g = 0; g < n; ++g) {
      const std::vector<double> values =
          values_of(drawn.quantity.of_point ? std::nullopt : std::optional<std::size_t>(g));
      std::size_t stride = 1;
      for (std::size_t k = plan_.keys.size(); k-- > 0; stride *= plan_.keys[k].values.size())
        for (std::size_t point = 0; point < values.size() && !changes[k]; ++point) {
          const double here = values[point], first = values[point - stride * plan_.index(point, k)];
          changes[k] = here != first && !(std::isnan(here) && std::isnan(first));
        }
    }
    std::vector<std::size_t> keys;
    for (std::size_t k = 0; k < changes.size(); ++k)
      if (changes[k]) keys.push_back(k);
    return keys;
  }

  // Whether a point is drawn: keys that change nothing have their first value.
  [[nodiscard]] bool is_drawn(std::size_t point) const {
    if (!plan_.is_grid) return true;
    for (std::size_t k = 0; k < plan_.keys.size(); ++k)
      if (plan_.index(point, k) > 0 && std::ranges::find(keys_, k) == keys_.end()) return false;
    return true;
  }

  [[nodiscard]] std::vector<std::string> details_of() const {
    std::vector<std::string> details;
    if (!arranged_.mixed.empty())
      details.push_back(
          fmt::format("from point to point {} changes as well", fmt::join(arranged_.mixed, ", ")));
    if (arranged_.family && arranged_.family->values.size() < arranged_.n_family)
      details.push_back(fmt::format("{} of {} values of {}; all are in sweep.csv",
                                    arranged_.family->values.size(), arranged_.n_family,
                                    plan_.keys[arranged_.family->key].name));
    std::vector<std::string> same;
    for (std::size_t k = 0; k < plan_.keys.size(); ++k)
      if (std::ranges::find(keys_, k) == keys_.end() && distinct_values(plan_.keys[k]).size() > 1)
        same.push_back(plan_.keys[k].name);
    if (!same.empty()) details.push_back(fmt::format("the same for every {}", fmt::join(same, ", ")));
    return details;
  }

  void add_of_gauges(const Drawn& drawn) {
    const std::vector<std::string>& gauges = columns_.gauges();
    if (!arranged_.family) add_gauges_together(drawn);
    if (!arranged_.family && !arranged_.map_y) return;
    for (std::size_t g = 0; g < std::min(kMostPictures, gauges.size()); ++g)
      add_pictures(drawn, gauges[g],
                   gauges.size() == 1 ? drawn.file : fmt::format("{}_{}", drawn.file, g + 1), values_of(g),
                   drawn.quantity.column.ends_with("cd_nm") ? target_of(g) : std::nullopt);
  }

  // One picture with a curve or points for each gauge.
  void add_gauges_together(const Drawn& drawn) {
    const std::vector<std::string>& gauges = columns_.gauges();
    report::SweepPanel panel;
    for (std::size_t g = 0; g < std::min(kMostGauges, gauges.size()); ++g)
      panel.curves.push_back(curve(values_of(g), gauges[g], [](std::size_t) { return true; }));
    const bool is_cd = drawn.quantity.column.ends_with("cd_nm");
    add_plot(drawn.file, drawn, "", {std::move(panel)},
             arranged_.mixed.empty() ? report::SweepCurves::kinds : report::SweepCurves::points,
             is_cd && gauges.size() == 1 ? target_of(0) : std::nullopt, shown_of(kMostGauges));
  }

  // Curves and a map of one gauge.
  void add_pictures(const Drawn& drawn, const std::string& gauge, const std::string& file,
                    const std::vector<double>& values, std::optional<double> target) {
    const auto details = shown_of(gauge.empty() ? SIZE_MAX : kMostPictures);
    if (arranged_.family)
      add_plot(file, drawn, gauge, family_panels(values),
               plan_.keys[arranged_.family->key].is_number() ? report::SweepCurves::family
                                                             : report::SweepCurves::kinds,
               target, details);
    else if (gauge.empty())
      add_plot(file, drawn, gauge,
               {{.label = "", .curves = {curve(values, "", [](std::size_t) { return true; })}}},
               arranged_.mixed.empty() ? report::SweepCurves::kinds : report::SweepCurves::points, target,
               details);
    if (arranged_.map_y) add_map(file + "_map", drawn, gauge, values, target, details);
  }

  [[nodiscard]] std::vector<report::SweepPanel> family_panels(const std::vector<double>& values) const {
    const Varied& family = *arranged_.family;
    std::vector<report::SweepPanel> panels;
    const auto add_panel = [&](std::string label, const auto& is_in_panel) {
      report::SweepPanel& panel = panels.emplace_back();
      panel.label = std::move(label);
      for (const KeyValue& value : family.values)
        panel.curves.push_back(curve(values, label_of(plan_, family.key, value), [&](std::size_t point) {
          return is_in_panel(point) && plan_.value(point, family.key) == value;
        }));
    };
    if (arranged_.panels)
      for (const KeyValue& value : arranged_.panels->values)
        add_panel(label_of(plan_, arranged_.panels->key, value),
                  [&](std::size_t point) { return plan_.value(point, arranged_.panels->key) == value; });
    else
      add_panel("", [](std::size_t) { return true; });
    return panels;
  }

  void add_plot(const std::string& file, const Drawn& drawn, const std::string& gauge,
                std::vector<report::SweepPanel> panels, report::SweepCurves kind,
                std::optional<double> target, std::vector<std::string> details) {
    const auto has_value = [](const report::SweepCurve& curve) {
      return std::ranges::any_of(curve.y, [](const auto& y) { return y.has_value(); });
    };
    if (std::ranges::none_of(panels,
                             [&](const auto& panel) { return std::ranges::any_of(panel.curves, has_value); }))
      return;

    files_.push_back(
        {file + ".png",
         report::SweepPlot{
             .title = title_of(
                 fmt::format("{} against {}", drawn.name, words_of(plan_, arranged_.axis.key).name), gauge),
             .x_label = axis_label(plan_, arranged_.axis.key),
             .y_label = drawn.quantity.label,
             .kind = kind,
             .panels = std::move(panels),
             .target = target},
         std::move(details)});
  }

  void add_map(const std::string& file, const Drawn& drawn, const std::string& gauge,
               const std::vector<double>& values, std::optional<double> target,
               std::vector<std::string> details) {
    const Varied &x = arranged_.axis, &y = *arranged_.map_y;
    report::SweepMap map{
        .title = title_of(fmt::format("{} over {} and {}", drawn.name, words_of(plan_, x.key).name,
                                      words_of(plan_, y.key).name),
                          gauge),
        .x_label = axis_label(plan_, x.key),
        .y_label = axis_label(plan_, y.key),
        .quantity = drawn.quantity.label,
        .x = {},
        .y = {},
        .panels = {},
        .target = target};
    for (const KeyValue& value : x.values) map.x.push_back(study::value_number(value));
    for (const KeyValue& value : y.values) map.y.push_back(study::value_number(value));
    const auto place = [this](const Varied& of, std::size_t point) {
      return static_cast<std::size_t>(std::ranges::find(of.values, plan_.value(point, of.key)) -
                                      of.values.begin());
    };
    if (arranged_.map_panels)
      for (const KeyValue& value : arranged_.map_panels->values)
        map.panels.push_back({label_of(plan_, arranged_.map_panels->key, value), {}});
    else
      map.panels.push_back({});
    for (report::SweepMapPanel& panel : map.panels) panel.values.resize(map.x.size() * map.y.size());
    for (std::size_t point = 0; point < plan_.n_points; ++point)
      if (std::isfinite(values[point]) && is_drawn(point)) {
        const std::size_t panel = arranged_.map_panels ? place(*arranged_.map_panels, point) : 0;
        map.panels[panel].values[place(y, point) * map.x.size() + place(x, point)] = values[point];
      }
    const auto has_value = [](const report::SweepMapPanel& panel) {
      return std::ranges::any_of(panel.values, [](const auto& value) { return value.has_value(); });
    };
    if (std::ranges::any_of(map.panels, has_value))
      files_.push_back({file + ".png", std::move(map), std::move(details)});
  }

  // Values by point, of one gauge or of the points themselves.
  [[nodiscard]] std::vector<double> values_of(std::optional<std::size_t> gauge) const {
    std::vector<double> values(plan_.n_points, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t row = 0; row < columns_.n_rows(); ++row)
      if (!gauge || columns_.gauge(row) == gauge) values[columns_.point(row)] = values_[row];
    return values;
  }

  // Of a gauge, where all its lines have the same one.
  [[nodiscard]] std::optional<double> target_of(std::size_t gauge) const {
    std::optional<double> target;
    for (std::size_t row = 0; row < columns_.n_rows(); ++row) {
      if (columns_.gauge(row) != gauge) continue;
      const double here = targets_[row];
      if (!std::isfinite(here) || (target && *target != here)) return std::nullopt;
      target = here;
    }
    return target;
  }

  // A quantity over the axis, at the points that `wanted` chooses.
  template <class Wanted>
  [[nodiscard]] report::SweepCurve curve(const std::vector<double>& values, std::string label,
                                         const Wanted& wanted) const {
    std::vector<std::pair<double, std::optional<double>>> samples;
    for (std::size_t point = 0; point < values.size(); ++point)
      if (wanted(point) && is_drawn(point))
        samples.emplace_back(study::value_number(plan_.value(point, arranged_.axis.key)),
                             std::isfinite(values[point]) ? std::optional(values[point]) : std::nullopt);
    std::ranges::stable_sort(samples, {}, [](const auto& sample) { return sample.first; });
    report::SweepCurve curve{.label = std::move(label), .x = {}, .y = {}};
    for (const auto& [x, y] : samples) {
      curve.x.push_back(x);
      curve.y.push_back(y);
    }
    // Panels have one legend.
    if (!arranged_.panels && !curve.label.empty() &&
        std::ranges::none_of(curve.y, [](const auto& y) { return y.has_value(); }))
      curve.label += " (not printed)";
    return curve;
  }

  [[nodiscard]] static std::string title_of(const std::string& what, const std::string& gauge) {
    return gauge.empty() ? what : fmt::format("{}, gauge {}", what, gauge);
  }

  // What the picture leaves out.
  [[nodiscard]] std::vector<std::string> shown_of(std::size_t most) const {
    std::vector<std::string> details = details_;
    if (const std::size_t n = columns_.gauges().size(); n > most)
      details.push_back(fmt::format("{} of {} gauges; all are in sweep.csv", most, n));
    return details;
  }

  const study::SweepPlan& plan_;
  SweepColumns columns_;
  std::vector<std::size_t> keys_;  ///< that change the quantity
  Arrangement arranged_;
  std::vector<std::string> details_;
  std::vector<double> values_, targets_;  ///< by row
  std::vector<SweepPlotFile> files_;
};

}  // namespace

std::vector<SweepPlotFile> sweep_plots(const study::SweepPlan& plan, const std::filesystem::path& csv) {
  const auto is_number = [](const study::VariedKey& key) { return key.is_number(); };
  if (std::ranges::none_of(plan.keys, is_number)) return {};
  return Plots(plan, csv).draw_all();
}

report::Picture draw(const SweepPlotFile& file, const std::string& title) {
  const report::PictureOptions options{.title = title, .details = file.details};
  if (const auto* map = std::get_if<report::SweepMap>(&file.plot))
    return report::draw_sweep_map(*map, options);
  return report::draw_sweep(std::get<report::SweepPlot>(file.plot), options);
}

}  // namespace undulith::results
