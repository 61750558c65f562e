// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/study/sweep_plan.hpp"

/// Reading the table of a sweep a column at a time, so that memory does not grow with its width.
namespace undulith::results {

/// Which values of a quantity a user prefers. size: those near zero, of either sign.
enum class Better { higher, lower, smaller_size, neither };

/// A column of the table that is measured.
struct SweepQuantity {
  std::string column;
  std::string label;  ///< "CD (nm)"
  Better better = Better::neither;
  bool of_point = false;  ///< the same for all gauges of a point
};

/// All that can be plotted, in the order of the table.
[[nodiscard]] const std::vector<SweepQuantity>& sweep_quantities();
/// @throws InputError  no such quantity; names them
[[nodiscard]] const SweepQuantity& find_quantity(std::string_view column);

/// Hands on the fields of each line of a CSV file behind its head. @throws IoError  it cannot be read
void read_rows(const std::filesystem::path& csv,
               const std::function<void(const std::vector<std::string>& fields)>& take);

/// The varied keys, by number, whose values all give the same results where the other keys are the same. Of points that form
/// no grid either none or, where all points give the same results, all of them. 8 bytes per point.
[[nodiscard]] std::vector<std::size_t> keys_without_effect(const study::SweepPlan& plan,
                                                           const std::filesystem::path& csv);

/// The rows of a sweep.csv: which point and gauge each belongs to. 8 bytes per row.
class SweepColumns {
 public:
  /// @throws IoError  it cannot be read
  SweepColumns(const study::SweepPlan& plan, std::filesystem::path csv);

  /// In the order of the table; "" is not among them.
  [[nodiscard]] const std::vector<std::string>& gauges() const { return gauges_; }
  [[nodiscard]] std::size_t n_rows() const { return point_.size(); }
  [[nodiscard]] std::size_t point(std::size_t row) const { return point_[row]; }
  /// Its number among gauges(); nothing for a row without a gauge.
  [[nodiscard]] std::optional<std::size_t> gauge(std::size_t row) const {
    return gauge_[row] == kNoGauge ? std::nullopt : std::optional<std::size_t>(gauge_[row]);
  }

  /// One column, a number for each row: NaN where there is none.
  [[nodiscard]] std::vector<double> numbers(const std::string& column) const;

 private:
  static constexpr std::uint32_t kNoGauge = UINT32_MAX;
  std::filesystem::path csv_;
  std::vector<std::string> head_, gauges_;
  std::vector<std::uint32_t> point_, gauge_;
};

}  // namespace undulith::results
