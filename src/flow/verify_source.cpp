#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "flow/verify_cases.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/files.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::flow::verify_cases {
namespace {

namespace fs = std::filesystem;
using source::Undulator;

// SRW and a direct integral of the same field differ by up to 0.56 % of the peak (end terms, a 2e-5 offset in
// K).
constexpr double kSrwTolerance = 7e-3;
// The direct Lienard-Wiechert integral has no such ends; its own quadrature is good to a few 1e-4.
constexpr double kDirectTolerance = 1e-3;
// The total power is a closed form on both sides.
constexpr double kPowerTolerance = 1e-3;

// A code that computed the same undulator, and the end of its files' names.
struct Code {
  std::string name, suffix;
  double tolerance;
};
const std::vector<Code>& codes() {
  static const std::vector<Code> all = {{"SRW", ".csv", kSrwTolerance},
                                        {"direct Lienard-Wiechert integral", "_lw.csv", kDirectTolerance}};
  return all;
}

Undulator undulator_from(const fs::path& params_file) {
  const auto params = nlohmann::json::parse(io::read_text(params_file));
  return {.gamma = params.at("gamma"),
          .beam_current_a = params.at("I"),
          .period_mm = params.at("lam").get<double>() * 1000,
          .n_periods = params.at("N"),
          .deflection_k = params.at("Ky"),
          .deflection_kx = params.at("Kx")};
}

double stokes_error(const optics::Stokes& found, const std::vector<double>& row, std::size_t first,
                    bool planar) {
  // Off the axis of a planar device S2 and S3 are noise of the reference's field ends.
  double error = std::max(std::abs(found.s0 - row[first]), std::abs(found.s1 - row[first + 1]));
  if (!planar)
    error = std::max({error, std::abs(found.s2 - row[first + 2]), std::abs(found.s3 - row[first + 3])});
  return error;
}

double largest_in_column(const io::CsvTable& table, std::size_t column) {
  double largest = 0;
  for (const auto& row : table.rows) largest = std::max(largest, std::abs(row[column]));
  return largest;
}

CheckResult on_axis_spectrum(const fs::path& file, const Undulator& undulator, const Code& code) {
  const io::CsvTable table = io::read_csv(file);
  double error = 0;
  for (const auto& row : table.rows)
    error = std::max(error, stokes_error(source::flux_density(undulator, row[0], 0, 0), row, 1, false));
  return compared("on-axis spectrum, Stokes, of peak", error / largest_in_column(table, 1), code.tolerance,
                  code.name);
}

CheckResult angular_map(const fs::path& file, const Undulator& undulator, double energy_ev,
                        const Code& code) {
  const io::CsvTable table = io::read_csv(file);
  const bool planar = undulator.deflection_kx == 0;
  double error = 0;
  for (const auto& row : table.rows) {
    const auto found = source::flux_density(undulator, energy_ev, row[0] / 1000, row[1] / 1000);
    error = std::max(error, stokes_error(found, row, 2, planar));
  }
  return compared("angular map at resonance, Stokes, of peak", error / largest_in_column(table, 2),
                  code.tolerance, code.name);
}

CheckResult aperture_spectra(const fs::path& file, const Undulator& undulator) {
  const io::CsvTable table = io::read_csv(file);
  double error = 0;
  for (std::size_t column = 1; column < table.columns.size(); ++column) {
    // Columns are named F_sq<half width>urad and F_circ<half angle>urad.
    const std::string& name = table.columns[column];
    const bool square = name.starts_with("F_sq");
    const double half = std::stod(name.substr(square ? 4 : 6));
    double worst = 0;
    for (const auto& row : table.rows) {
      const double flux = square ? source::flux_through_square(undulator, row[0], half).s0
                                 : source::flux_through_round(undulator, row[0], half).s0;
      worst = std::max(worst, std::abs(flux - row[column]));
    }
    error = std::max(error, worst / largest_in_column(table, column));
  }
  return compared("flux through apertures, of each curve's peak", error, kSrwTolerance, "SRW");
}

CheckResult total_power(const fs::path& file, const Undulator& undulator) {
  const double expected = nlohmann::json::parse(io::read_text(file)).at("total_power_analytic_W");
  return compared("total power, relative", std::abs(source::total_power_w(undulator) / expected - 1),
                  kPowerTolerance);
}

std::vector<CheckResult> undulator_case(const fs::path& folder) {
  const Undulator undulator = undulator_from(folder / "params.json");
  const double energy_ev = nlohmann::json::parse(io::read_text(folder / "params.json")).at("E0_eV");
  std::vector<CheckResult> results;
  for (const Code& code : codes()) {
    if (const auto file = folder / ("onaxis_spectrum" + code.suffix); fs::exists(file))
      results.push_back(on_axis_spectrum(file, undulator, code));
    if (const auto file = folder / ("map_91p84eV" + code.suffix); fs::exists(file))
      results.push_back(angular_map(file, undulator, energy_ev, code));
  }
  if (const auto file = folder / "aperture_spectrum.csv"; fs::exists(file))
    results.push_back(aperture_spectra(file, undulator));
  if (const auto file = folder / "power.json"; fs::exists(file))
    results.push_back(total_power(file, undulator));
  return results;
}

}  // namespace

std::vector<Case> source_cases(const Folders& folders) {
  std::vector<Case> cases;
  if (!fs::is_directory(folders.reference / "source")) return cases;
  for (const auto& entry : fs::directory_iterator(folders.reference / "source")) {
    const std::string name = entry.path().filename().string();
    const auto data = fs::path("source") / name / "params.json";
    if (!name.starts_with("U") || !fs::exists(folders.reference / data)) continue;
    std::string title = name.substr(name.find('_') + 1) + " undulator";
    std::ranges::replace(title, '_', ' ');
    cases.push_back({name.substr(0, name.find('_')), title, data,
                     [folder = entry.path()](const Folders&) { return undulator_case(folder); }});
  }
  std::ranges::sort(cases, {}, &Case::id);
  return cases;
}

}  // namespace undulith::flow::verify_cases
