// SPDX-License-Identifier: MIT
#include "undulith/verify/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "undulith/core/error.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/files.hpp"
#include "verify/verify_cases.hpp"

namespace undulith::verify {
Rows read_rows(const std::filesystem::path& json_file) {
  const auto document = nlohmann::json::parse(io::read_text(json_file));
  return {document.at("columns").get<std::vector<std::string>>(),
          document.at("rows").get<std::vector<std::vector<double>>>()};
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
  return result.status == CheckStatus::skipped ? "-" : fmt::format("{:.1e}", number);
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
  constexpr double kRounding = 1e-12;
  if (error < kRounding) return "< 1e-12";
  const int exponent = static_cast<int>(std::floor(std::log10(error)));
  const double digit = std::ceil(error / std::pow(10.0, exponent));
  return digit < 10 ? fmt::format("{:.0f}e{}", digit, exponent) : fmt::format("1e{}", exponent + 1);
}

std::string markdown_table(const VerifyReport& report) {
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
  return text;
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

std::vector<CheckResult> run_case(const Case& reference_case, const Folders& folders) {
  try {
    return reference_case.run(folders);
  } catch (const nlohmann::json::exception& error) {
    throw InputError(fmt::format("'{}' is not a reference file of case {} ({}); restore the file",
                                 (folders.reference / reference_case.data).string(), reference_case.id,
                                 error.what()));
  }
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
    if (!reference_case.id.starts_with(only) || !fs::exists(reference / reference_case.data)) continue;
    for (CheckResult result : run_case(reference_case, folders)) {
      result.id = reference_case.id;
      result.quantity = reference_case.title + ": " + result.quantity;
      ++(result.status == CheckStatus::skipped ? report.n_skipped : report.n_run);
      report.passed = report.passed && result.status != CheckStatus::failed;
      report.results.push_back(std::move(result));
    }
  }
  if (report.results.empty())
    throw InputError(
        fmt::format("'{}' holds no reference case{} (known cases are in imaging/, mask/, source/ and "
                    "peers/); see tests/reference/README.md",
                    reference.string(), only.empty() ? "" : " whose name starts with '" + only + "'"));
  report.passed = report.passed && report.n_run > 0;
  report.text = text_table(report);
  report.json = json_document(report);
  report.markdown = markdown_table(report);
  return report;
}

}  // namespace undulith::verify
