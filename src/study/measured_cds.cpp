// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/range.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/study/calibration.hpp"

namespace undulith::study {
namespace {

namespace fs = std::filesystem;

// At most so many faults of a file are listed; the rest is counted.
constexpr std::size_t kMaxFaults = 20;

// Ranges of the columns: those of the keys that hold the same quantities.
struct Ranges {
  Range focus_nm = range_of("imaging.focus_nm"), dose_mj_cm2 = range_of("throughput.dose_mj_cm2"),
        cd_nm = range_of("metrology.gauge.target_cd_nm"), sigma_nm = Range::closed(1e-6, 1e5);

 private:
  static Range range_of(const char* key) { return job::find_key(key)->range; }
};

// What people and programs write where a feature did not print.
bool means_not_printed(std::string_view text) {
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"", "-", "nan", "na", "n/a", "none", "null", "not printed", "not_printed"});
  std::string word(text);
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::ranges::find(kWords, word) != kWords.end();
}

class MeasuredCdReader {
 public:
  explicit MeasuredCdReader(const fs::path& file)
      : table_(
            io::read_csv(file, {.texts = {"gauge", "name", "cd_nm"}, .usual_columns = {}, .n_columns = {}})),
        data_{.file = file, .rows = {}, .has_sigma = table_.has("sigma_nm"), .lines_not_printed = {}} {}

  MeasuredCds read() {
    // focus_exposure.csv of an earlier version calls the gauge "name".
    const std::vector<std::string>& gauges =
        table_.texts(!table_.has("gauge") && table_.has("name") ? "name" : "gauge");
    const std::vector<std::string>& cds = table_.texts("cd_nm");
    const std::size_t focus = table_.column("focus_nm"), dose = table_.column("dose_mj_cm2");
    const std::size_t sigma = data_.has_sigma ? table_.column_with_gaps("sigma_nm") : 0;
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      const std::vector<double>& row = table_.rows[i];
      if (means_not_printed(cds[i])) {
        data_.lines_not_printed.push_back(table_.lines[i]);
        continue;
      }
      const auto cd_nm = decimal_of(cds[i]);
      if (!cd_nm)
        fail(i, fmt::format(
                    "cd_nm = '{}' (must be a number, or empty where the gauge did not print); correct it",
                    shown_text(cds[i])));
      data_.rows.push_back(
          {.gauge = gauges[i],
           .focus_nm = within(i, "focus_nm", row[focus], ranges_.focus_nm),
           .dose_mj_cm2 = within(i, "dose_mj_cm2", row[dose], ranges_.dose_mj_cm2),
           .cd_nm = cd_nm ? within(i, "cd_nm", *cd_nm, ranges_.cd_nm) : 0,
           .sigma_nm = data_.has_sigma ? within(i, "sigma_nm", row[sigma], ranges_.sigma_nm) : 1,
           .line = table_.lines[i]});
    }
    throw_if_any();
    return std::move(data_);
  }

 private:
  double within(std::size_t i, const char* name, double value, const Range& range) {
    if (!range.contains(value))
      fail(i,
           fmt::format("{} = {} (must be {}); correct it, or leave the row out", name, value, range.text()));
    return value;
  }
  void fail(std::size_t i, const std::string& message) {
    if (++n_faults_ > kMaxFaults) return;
    faults_ += fmt::format("{}{}:{}: {}", faults_.empty() ? "" : "\n", table_.name, table_.lines[i], message);
  }
  void throw_if_any() const {
    if (n_faults_ > kMaxFaults)
      throw InputError(fmt::format("{}\n... and {} more", faults_, n_faults_ - kMaxFaults));
    if (n_faults_ > 0) throw InputError(faults_);
  }

  io::CsvTable table_;
  MeasuredCds data_;
  Ranges ranges_;
  std::string faults_;
  std::size_t n_faults_ = 0;
};

}  // namespace

MeasuredCds read_measured_cds(const fs::path& file) {
  return MeasuredCdReader(file).read();
}

}  // namespace undulith::study
