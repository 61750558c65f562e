// SPDX-License-Identifier: MIT
#include "undulith/results/calibration_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "undulith/core/spelling.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/report/resist_pictures.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

using Json = nlohmann::ordered_json;

// 1 sigma; absent where the data do not decide.
std::optional<double> known_error(double error) {
  return std::isfinite(error) ? std::optional(error) : std::nullopt;
}

std::string parameters_text(const study::Calibration& c) {
  std::string text = fmt::format("{:<44} {:>12} {:>12} {:>14}\n", "parameter", "start", "found", "1 sigma");
  for (std::size_t k = 0; k < c.keys.size(); ++k) {
    const std::optional<double> error = known_error(c.fit.error[k]);
    text +=
        fmt::format("{:<44} {:>12.6g} {:>12.6g} {:>14}{}\n", c.keys[k].key, c.start[k], c.fit.parameters[k],
                    error ? fmt::format("{:.4g}", *error) : "not decided by the data",
                    c.fit.at_bound[k] ? "  at its bound" : "");
  }
  constexpr double kStrong = 0.9;
  for (std::size_t a = 0; a < c.keys.size(); ++a)
    for (std::size_t b = a + 1; b < c.keys.size(); ++b)
      if (std::abs(c.fit.correlation[a][b]) > kStrong)
        text += fmt::format("{} and {} are correlated ({:.3f}): the data hardly separate them\n",
                            c.keys[a].key, c.keys[b].key, c.fit.correlation[a][b]);
  return text;
}

std::string verdict(const study::ModelChoice& choice) {
  return choice.undecided ? "undecided" : choice.n_not_printed > 0 ? "not fitted" : "excluded";
}

std::string choices_text(const study::Calibration& c) {
  std::string text = "\nchoices of the model, each fitted again:\n";
  for (const study::ModelChoice& choice : c.choices) {
    std::string found;
    for (std::size_t k = 0; k < c.keys.size(); ++k)
      found += fmt::format("{}{} {:.4g}", k ? ", " : "", c.keys[k].key, choice.fit.parameters[k]);
    text += fmt::format(
        "  {:<42} {:>8.4f} nm rms  {:<10} {}{}\n", choice.name, choice.rms_nm, verdict(choice), found,
        choice.n_not_printed > 0
            ? fmt::format("  ({} gauges do not print within the bounds)", choice.n_not_printed)
            : std::string());
  }
  double widest_nm = 0;
  for (const study::CdBand& band : c.bands) widest_nm = std::max(widest_nm, band.high_nm - band.low_nm);
  return text + fmt::format("over the undecided choices a CD moves by up to {:.3f} nm\n", widest_nm);
}

Json choices_json(const study::Calibration& c) {
  Json list = Json::array();
  for (const study::ModelChoice& choice : c.choices)
    list.push_back({{"name", choice.name},
                    {"rms_nm", choice.rms_nm},
                    {"undecided", choice.undecided},
                    {"n_not_printed", choice.n_not_printed},
                    {"parameters", choice.fit.parameters}});
  return list;
}

Json bands_json(const study::Calibration& c, const study::MeasuredCds& data) {
  Json list = Json::array();
  for (const study::CdBand& band : c.bands) {
    const study::MeasuredCd& datum = data.rows[band.row];
    list.push_back({{"gauge", datum.gauge},
                    {"focus_nm", datum.focus_nm},
                    {"dose_mj_cm2", datum.dose_mj_cm2},
                    {"low_nm", band.low_nm},
                    {"high_nm", band.high_nm}});
  }
  return list;
}

std::string calibration_csv(const study::Calibration& c, const study::MeasuredCds& data) {
  std::string csv = "gauge,focus_nm,dose_mj_cm2,measured_cd_nm,before_cd_nm,after_cd_nm,residual_nm\n";
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const study::MeasuredCd& d = data.rows[i];
    const std::optional<double> after = c.after_cd_nm[i];
    csv += io::format_text(d.gauge) + "," +
           fields({d.focus_nm, d.dose_mj_cm2, d.cd_nm, c.before_cd_nm[i], after,
                   after ? std::optional(*after - d.cd_nm) : std::nullopt}) +
           "\n";
  }
  return csv;
}

}  // namespace

std::string calibration_text(const study::Calibration& c, const study::MeasuredCds& data) {
  std::string text;
  if (!data.lines_not_printed.empty())
    text += fmt::format("{} of {} left out: not printed (no CD)\n",
                        counted(data.lines_not_printed.size(), "row", "rows"), data.file.filename().string());
  text += fmt::format("{} data, {}, {} evaluations: residual {:.4g} nm rms before, {:.4g} nm after{}\n",
                      data.rows.size(), counted(c.keys.size(), "parameter", "parameters"),
                      c.fit.n_evaluations, c.rms_before_nm, c.rms_after_nm,
                      c.fit.converged ? "" : " (not converged: the limit of evaluations was reached)");
  if (c.fit.reduced_chi2 > 0 && data.has_sigma)
    text += fmt::format("chi2 per degree of freedom {:.3g} (1 is expected for the given sigma_nm)\n",
                        c.fit.reduced_chi2);
  text += parameters_text(c);
  if (c.n_not_printed > 0)
    text += fmt::format("{} of the measured gauges do not print in the model (counted as a CD of 0)\n",
                        c.n_not_printed);
  if (!c.choices.empty()) text += choices_text(c);
  return text;
}

std::string calibration_json(const study::Calibration& c, const study::MeasuredCds& data,
                             const std::filesystem::path& job_file) {
  Json parameters = Json::array();
  for (std::size_t k = 0; k < c.keys.size(); ++k)
    parameters.push_back({{"key", c.keys[k].key},
                          {"start", c.start[k]},
                          {"found", c.fit.parameters[k]},
                          {"sigma", number_or_null(known_error(c.fit.error[k]))},
                          {"at_bound", static_cast<bool>(c.fit.at_bound[k])},
                          {"correlation", c.fit.correlation[k]}});
  Json json{{"undulith", kVersion},
            {"job", job_file.filename().string()},
            {"n_data", data.rows.size()},
            {"n_rows_not_printed", data.lines_not_printed.size()},
            {"converged", c.fit.converged},
            {"rms_before_nm", c.rms_before_nm},
            {"rms_after_nm", c.rms_after_nm},
            {"reduced_chi2", c.fit.reduced_chi2},
            {"n_not_printed", c.n_not_printed},
            {"parameters", parameters}};
  if (!c.choices.empty()) {
    json["choices"] = choices_json(c);
    json["bands"] = bands_json(c, data);
  }
  return json_text(json, "calibration.json");
}

void write_calibration(ResultWriter& writer, const study::Calibration& c, const study::MeasuredCds& data) {
  writer.text("calibration.csv", calibration_csv(c, data));
  std::vector<double> measured, before, after;
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    measured.push_back(data.rows[i].cd_nm);
    before.push_back(c.before_cd_nm[i].value_or(0));
    after.push_back(c.after_cd_nm[i].value_or(0));
  }
  writer.picture("calibration.png", [&] {
    return report::draw_calibration(
        {.measured_nm = measured, .before_nm = before, .after_nm = after},
        {.title = c.job.title, .details = {fmt::format("{} data", measured.size())}});
  });
  writer.write_pictures();
}

}  // namespace undulith::results
