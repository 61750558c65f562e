// SPDX-License-Identifier: MIT
#include "undulith/verify/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "undulith/core/error.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/files.hpp"
#include "verify/verify_cases.hpp"

namespace undulith::verify {
Rows read_rows(const std::filesystem::path& json_file) {
  const auto document = nlohmann::json::parse(io::read_text(json_file));
  Rows rows{document.at("columns").get<std::vector<std::string>>(),
            document.at("rows").get<std::vector<std::vector<double>>>()};
  // Without rows every error is 0: such a file must not pass.
  const bool complete = !rows.rows.empty() && std::ranges::all_of(rows.rows, [&](const auto& row) {
    return row.size() == rows.columns.size() &&
           std::ranges::all_of(row, [](double value) { return std::isfinite(value); });
  });
  if (!complete)
    throw InputError(
        fmt::format("{} ({} columns, {} rows: every row must have one finite number per column); "
                    "restore the file",
                    json_file.string(), rows.columns.size(), rows.rows.size()));
  return rows;
}

CheckResult compared(std::string quantity, double error, double tolerance, std::string note) {
  // A NaN must fail: the comparison is written so that it does.
  const CheckStatus status = error <= tolerance ? CheckStatus::passed : CheckStatus::failed;
  return {{}, std::move(quantity), error, tolerance, status, std::move(note)};
}

CheckResult skipped(std::string quantity, std::string why) {
  return {{}, std::move(quantity), 0, 0, CheckStatus::skipped, std::move(why)};
}

namespace {

namespace fs = std::filesystem;

std::string status_word(CheckStatus status) {
  switch (status) {
    case CheckStatus::passed:
      return "pass";
    case CheckStatus::failed:
      return "FAIL";
    case CheckStatus::skipped:
      return "skip";
  }
  return {};
}

std::string number_or_dash(const CheckResult& result, double number) {
  const bool known = result.status != CheckStatus::skipped && std::isfinite(number);
  return known ? fmt::format("{:.1e}", number) : "-";
}

std::string text_table(const VerifyReport& report) {
  std::size_t width = 0;
  for (const CheckResult& result : report.results) width = std::max(width, result.quantity.size());
  std::string text =
      fmt::format("{:<10} {:<{}}  {:>8}  {:>8}  result\n", "case", "quantity", width, "error", "allowed");
  for (const CheckResult& result : report.results)
    text += fmt::format("{:<10} {:<{}}  {:>8}  {:>8}  {}{}\n", result.id, result.quantity, width,
                        number_or_dash(result, result.error), number_or_dash(result, result.tolerance),
                        status_word(result.status), result.note.empty() ? "" : "  (" + result.note + ")");
  const auto n_failed = std::ranges::count(report.results, CheckStatus::failed, &CheckResult::status);
  text += fmt::format("{} compared, {} failed, {} skipped\n", report.n_run, n_failed, report.n_skipped);
  return text;
}

// The error goes in rounded up to one digit, and rounding of the machine as "< 1e-12", so that the page is
// the same everywhere.
std::string rounded_up(double error) {
  if (!std::isfinite(error)) return "-";
  constexpr double kRounding = 1e-12;
  if (error < kRounding) return "< 1e-12";
  const int exponent = static_cast<int>(std::floor(std::log10(error)));
  const double digit = std::ceil(error / std::pow(10.0, exponent));
  return digit < 10 ? fmt::format("{:.0f}e{}", digit, exponent) : fmt::format("1e{}", exponent + 1);
}

// The table of cases, and what else was tried: a text that comes with the reference numbers.
std::string markdown_page(const VerifyReport& report, const fs::path& reference) {
  std::string text =
      "# Validation\n\n"
      "Output of `undulith verify --markdown`: Undulith against numbers that independent codes computed\n"
      "(`tests/reference/README.md` says which). The error is the largest over all points of a case, rounded "
      "up to\n"
      "one digit.\n\n"
      "| case | quantity | largest error | tolerance | result | remark |\n|---|---|---|---|---|---|\n";
  for (const CheckResult& result : report.results)
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", result.id, result.quantity,
                        result.status == CheckStatus::skipped ? "-" : rounded_up(result.error),
                        result.status == CheckStatus::skipped ? "-" : fmt::format("{:g}", result.tolerance),
                        status_word(result.status), result.note);
  const fs::path inputs = reference / "inputs.md";
  return fs::exists(inputs) ? text + "\n" + io::read_text(inputs) : text;
}

std::string json_document(const VerifyReport& report) {
  nlohmann::ordered_json document;
  document["version"] = kVersion;
  document["passed"] = report.passed;
  document["n_run"] = report.n_run;
  document["n_skipped"] = report.n_skipped;
  auto& results = document["results"] = nlohmann::ordered_json::array();
  for (const CheckResult& result : report.results) {
    nlohmann::ordered_json entry{
        {"id", result.id}, {"quantity", result.quantity}, {"status", status_word(result.status)}};
    if (result.status != CheckStatus::skipped) {
      entry["error"] = result.error;
      entry["tolerance"] = result.tolerance;
    }
    entry["note"] = result.note;
    results.push_back(std::move(entry));
  }
  return document.dump(2) + "\n";
}

// A case that cannot be read is one line that failed; the others are compared nevertheless.
std::vector<CheckResult> run_case(const Case& reference_case, const Folders& folders) {
  const fs::path file = folders.reference / reference_case.data;
  if (!fs::exists(file))
    return {skipped("not compared", fmt::format("needs {}", reference_case.data.generic_string()))};
  std::string why;
  try {
    return reference_case.run(folders);
  } catch (const Interrupted&) {
    throw;
  } catch (const nlohmann::json::exception& error) {
    why = fmt::format("{} is not a reference file ({})", file.string(), error.what());
  } catch (const std::exception& error) {
    why = error.what();
  }
  std::ranges::replace(why, '\n', ' ');
  return {{{}, "cannot be compared", std::numeric_limits<double>::quiet_NaN(), 0, CheckStatus::failed, why}};
}

// Files that cases read besides their own, and what describes the folders.
bool is_auxiliary(const fs::path& file) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"README.md", "inputs.md", "INDEX.csv", "ml_index.json", "in_band_power.csv",
       "inband_2pct_power_W.json", "u3_angle_integrated.csv", "S03_ler_set_A.csv"});
  const std::string name = file.filename().string();
  return std::ranges::find(kNames, name) != kNames.end() || name.starts_with("src_");
}

// Files below the folder that belong to no case, relative to it. A case owns the files of its own folder
// (source/U1_planar_430MeV), and in a shared one (mask) those that have the name of its own file.
std::vector<fs::path> unread_files(const fs::path& reference, const std::vector<Case>& cases) {
  std::vector<fs::path> unread;
  std::error_code error;
  for (fs::recursive_directory_iterator it(reference, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_regular_file()) continue;
    const fs::path file = it->path().lexically_relative(reference);
    const bool owned = std::ranges::any_of(cases, [&](const Case& one) {
      const bool own_folder = std::distance(one.data.begin(), one.data.end()) > 2;
      return file.parent_path() == one.data.parent_path() && (own_folder || file.stem() == one.data.stem());
    });
    if (!owned && !is_auxiliary(file)) unread.push_back(file);
  }
  std::ranges::sort(unread);
  return unread;
}

}  // namespace

fs::path default_reference_folder() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path installed = program.parent_path().parent_path() / UNDULITH_DATA_DIR / "reference";
  return fs::is_directory(installed) ? installed : fs::path(UNDULITH_SOURCE_DIR) / "tests/reference";
}

VerifyReport verify(const fs::path& reference, const std::string& only, const fs::path& third_party) {
  if (!fs::is_directory(reference))
    throw InputError(
        fmt::format("'{}' is not a folder of reference numbers (no such folder); give the path of "
                    "tests/reference of a source tree",
                    reference.string()));
  if (!third_party.empty() && !fs::is_directory(third_party))
    throw InputError(fmt::format(
        "'{}' is not a folder of third-party data (no such folder); give a folder with layouts/ and "
        "reference/peers/, or none to skip the cases that need it",
        third_party.string()));
  const Folders folders{reference, third_party};
  std::vector<Case> cases;
  for (const auto& make : {imaging_cases, peer_cases, multilayer_cases, mask_cases, thick_mask_cases,
                           source_cases, resist_cases})
    std::ranges::move(make(folders), std::back_inserter(cases));

  VerifyReport report;
  for (const Case& reference_case : cases) {
    if (!reference_case.id.starts_with(only)) continue;
    for (CheckResult result : run_case(reference_case, folders)) {
      result.id = reference_case.id;
      result.quantity = reference_case.title + ": " + result.quantity;
      ++(result.status == CheckStatus::skipped ? report.n_skipped : report.n_run);
      report.passed = report.passed && result.status != CheckStatus::failed;
      report.results.push_back(std::move(result));
    }
  }
  for (const fs::path& file : unread_files(reference, cases)) {
    const std::string name = file.stem().string();
    if (!name.starts_with(only)) continue;
    CheckResult result = skipped(file.generic_string(), "no case of this version reads it");
    result.id = name;
    ++report.n_skipped;
    report.results.push_back(std::move(result));
  }
  if (report.n_run == 0 && report.n_skipped == 0)
    throw InputError(
        fmt::format("'{}' holds no reference case{} (known cases are in imaging/, mask/, source/, resist/ "
                    "and peers/); see tests/reference/README.md",
                    reference.string(), only.empty() ? "" : " whose name starts with '" + only + "'"));
  report.passed = report.passed && report.n_run > 0;
  report.text = text_table(report);
  report.json = json_document(report);
  report.markdown = markdown_page(report, reference);
  return report;
}

}  // namespace undulith::verify
