// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/files.hpp"
#include "undulith/source/bending_magnet.hpp"
#include "undulith/source/fel.hpp"
#include "undulith/source/imported.hpp"
#include "undulith/source/ssmb.hpp"
#include "undulith/source/undulator.hpp"
#include "verify/verify_cases.hpp"

namespace undulith::verify {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using source::Undulator;

// SRW and a direct integral of the same field differ by up to 0.56 % of the peak (end terms, a 2e-5 offset in
// K).
constexpr double kSrwTolerance = 7e-3;
// The direct Lienard-Wiechert integral has no such ends; its own quadrature is good to a few 1e-4.
constexpr double kDirectTolerance = 1e-3;
// The total power is a closed form on both sides.
constexpr double kPowerTolerance = 1e-3;
// The reference averages over 9 energies and convolves on a grid of 2.5 urad.
constexpr double kSpreadTolerance = 1.5e-2;
// Schwinger's formula on both sides; SRW agrees with it to 1.5e-4.
constexpr double kDipoleTolerance = 5e-4;
// Closed formulas, differing in the digits of their constants.
constexpr double kFormulaTolerance = 1e-4;
// The reference integrates 41 energies by trapezoids, we by Gauss: 0.7 % where the flux bends most.
constexpr double kBandTolerance = 1e-2;

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

/// A table of a reference case, in which every field is a number.
io::CsvTable read_numbers(const std::filesystem::path& file) {
  io::CsvTable table = io::read_csv(file);
  table.require_numbers();
  return table;
}

double largest_in_column(const io::CsvTable& table, std::size_t column) {
  double largest = 0;
  for (const auto& row : table.rows) largest = std::max(largest, std::abs(row.at(column)));
  return largest;
}

CheckResult on_axis_spectrum(const fs::path& file, const Undulator& undulator, const Code& code) {
  const io::CsvTable table = read_numbers(file);
  double error = 0;
  for (const auto& row : table.rows)
    error = std::max(error, stokes_error(source::flux_density(undulator, row.at(0), 0, 0), row, 1, false));
  return compared("on-axis spectrum, Stokes, relative to the peak", error / largest_in_column(table, 1),
                  code.tolerance, code.name);
}

CheckResult angular_map(const fs::path& file, const Undulator& undulator, double energy_ev,
                        const Code& code) {
  const io::CsvTable table = read_numbers(file);
  const bool planar = undulator.deflection_kx == 0;
  double error = 0;
  for (const auto& row : table.rows) {
    const auto found = source::flux_density(undulator, energy_ev, row.at(0) / 1000, row.at(1) / 1000);
    error = std::max(error, stokes_error(found, row, 2, planar));
  }
  return compared("angular map at resonance, Stokes, relative to the peak",
                  error / largest_in_column(table, 2), code.tolerance, code.name);
}

CheckResult aperture_spectra(const fs::path& file, const Undulator& undulator) {
  const io::CsvTable table = read_numbers(file);
  double error = 0;
  for (std::size_t column = 1; column < table.columns.size(); ++column) {
    // Columns are named F_sq<half width>urad and F_circ<half angle>urad.
    const std::string& name = table.columns[column];
    const bool square = name.starts_with("F_sq");
    const double half = std::stod(name.substr(square ? 4 : 6));
    double worst = 0;
    for (const auto& row : table.rows) {
      const double flux = square ? source::flux_through_square(undulator, row.at(0), half).s0
                                 : source::flux_through_round(undulator, row.at(0), half).s0;
      worst = std::max(worst, std::abs(flux - row.at(column)));
    }
    error = std::max(error, worst / largest_in_column(table, column));
  }
  return compared("flux through apertures, relative to the peak of each curve", error, kSrwTolerance, "SRW");
}

// On the axis and through squares, with divergence and energy spread.
std::vector<CheckResult> with_spread(const fs::path& file, const Undulator& undulator, const Json& params) {
  const source::BeamSpread spread{1e6 * params.at("sxp").get<double>(), 1e6 * params.at("syp").get<double>(),
                                  params.at("sd").get<double>()};
  const io::CsvTable table = read_numbers(file);
  std::vector<double> energies;
  for (const auto& row : table.rows) energies.push_back(row.at(0));
  const auto compare = [&](const std::string& column, const source::BeamSpread& beam,
                           const source::Aperture& aperture) {
    const std::size_t at = table.column(column);
    const auto found = source::flux_through(undulator, beam, aperture, energies);
    double error = 0;
    for (std::size_t i = 0; i < energies.size(); ++i)
      error = std::max(error, std::abs(found[i].s0 - table.rows[i][at]));
    return error / largest_in_column(table, at);
  };
  using source::Opening;
  source::BeamSpread divergence = spread;
  divergence.energy_spread = 0;
  const double square = std::max(compare("F_sq25urad", spread, {Opening::square, 25}),
                                 compare("F_sq50urad", spread, {Opening::square, 50}));
  return {compared("on axis with divergence, relative to the peak",
                   compare("S0_emit_no_espread", divergence, {Opening::axis}), kSpreadTolerance, "SRW"),
          compared("on axis with divergence and energy spread, relative to the peak",
                   compare("S0", spread, {Opening::axis}), kSpreadTolerance, "SRW"),
          compared("flux through squares with both, relative to the peak of each curve", square,
                   kSpreadTolerance, "SRW")};
}

CheckResult power_density(const fs::path& file, const Undulator& undulator) {
  const io::CsvTable table = read_numbers(file);
  double error = 0;
  for (const auto& row : table.rows)
    error = std::max(
        error,
        std::abs(source::power_density_w_mrad2(undulator, row.at(0) / 1000, row.at(1) / 1000) - row.at(2)));
  return compared("power density, relative to the peak", error / largest_in_column(table, 2), kSrwTolerance,
                  "SRW");
}

CheckResult total_power(const fs::path& file, const Undulator& undulator) {
  const double expected = nlohmann::json::parse(io::read_text(file)).at("total_power_analytic_W");
  return compared("total power, relative", std::abs(source::total_power_w(undulator) / expected - 1),
                  kPowerTolerance);
}

std::vector<CheckResult> undulator_case(const fs::path& folder) {
  const Undulator undulator = undulator_from(folder / "params.json");
  const Json params = Json::parse(io::read_text(folder / "params.json"));
  const double energy_ev = params.at("E0_eV");
  std::vector<CheckResult> results;
  // A file that is not there is a comparison that is skipped.
  const auto with_file = [&](const std::string& name, const auto& compare) {
    const fs::path file = folder / name;
    if (fs::exists(file))
      compare(file);
    else
      results.push_back(skipped("not compared", "needs " + (folder.filename() / name).generic_string()));
  };
  for (const Code& code : codes()) {
    with_file("onaxis_spectrum" + code.suffix,
              [&](const fs::path& file) { results.push_back(on_axis_spectrum(file, undulator, code)); });
    with_file("map_91p84eV" + code.suffix, [&](const fs::path& file) {
      results.push_back(angular_map(file, undulator, energy_ev, code));
    });
  }
  with_file("aperture_spectrum.csv",
            [&](const fs::path& file) { results.push_back(aperture_spectra(file, undulator)); });
  with_file("power.json", [&](const fs::path& file) { results.push_back(total_power(file, undulator)); });
  with_file("onaxis_spectrum_emit.csv", [&](const fs::path& file) {
    for (CheckResult& result : with_spread(file, undulator, params)) results.push_back(std::move(result));
  });
  with_file("power_density.csv",
            [&](const fs::path& file) { results.push_back(power_density(file, undulator)); });
  // One file has the power in the 2 % band of all cases.
  const auto band_file = folder.parent_path() / "inband_2pct_power_W.json";
  if (fs::exists(band_file)) {
    const Json band = Json::parse(io::read_text(band_file));
    double error = 0;
    if (const auto found = band.find(folder.filename().string()); found != band.end()) {
      for (const auto& [name, watt] : found->items())
        if (name.starts_with("F_circ"))
          error = std::max(
              error, std::abs(source::in_band_power(undulator, 13.5, std::stod(name.substr(6))).power_w /
                                  watt.get<double>() -
                              1));
      results.push_back(compared("power in the 2 % band, relative", error, kBandTolerance, "SRW"));
    }
  }
  return results;
}

std::vector<CheckResult> bending_magnet_case(const fs::path& folder) {
  const Json params = Json::parse(io::read_text(folder / "summary.json"));
  const source::BendingMagnet magnet{.gamma = source::lorentz_factor(params.at("E_GeV")),
                                     .beam_current_a = params.at("I_A"),
                                     .field_t = params.at("B_T")};
  std::vector<CheckResult> results;
  const double energy_ev = constants::energy_ev_of(13.5);
  {
    const io::CsvTable table = read_numbers(folder / "vertical_91p84eV.csv");
    const std::size_t sigma = table.column("sigma_schwinger"), pi = table.column("pi_schwinger"),
                      s0 = table.column("S0_srw");
    double formula = 0, srw = 0, scale = 0;
    for (const auto& row : table.rows) {
      const optics::Stokes found = source::flux_density(magnet, energy_ev, row.at(0) / 1000);
      formula = std::max({formula, std::abs(0.5 * (found.s0 + found.s1) - row[sigma]),
                          std::abs(0.5 * (found.s0 - found.s1) - row[pi])});
      srw = std::max({srw, std::abs(found.s0 - row[s0]), std::abs(found.s1 - row[s0 + 1]),
                      std::abs(found.s3 - row[s0 + 3])});
      scale = std::max(scale, row[s0]);
    }
    results.push_back(compared("sigma and pi as a function of angle, relative to the peak", formula / scale,
                               kDipoleTolerance, "Schwinger's formula"));
    results.push_back(compared("Stokes as a function of angle, relative to the peak", srw / scale,
                               kDipoleTolerance, "SRW"));
  }
  const io::CsvTable table = read_numbers(folder / "spectrum.csv");
  double density = 0, flux = 0;
  for (const auto& row : table.rows) {
    density = std::max(density, std::abs(source::flux_density(magnet, row.at(0), 0).s0 / row.at(2) - 1));
    flux = std::max(flux, std::abs(source::flux_per_mrad_all_psi(magnet, row.at(0)) / row.at(3) - 1));
  }
  results.push_back(
      compared("density in the orbit plane, 10 to 1000 eV, relative", density, kDipoleTolerance));
  results.push_back(compared("flux over all vertical angles, relative", flux, kDipoleTolerance));
  return results;
}

std::vector<CheckResult> fel_case(const fs::path& file) {
  std::vector<CheckResult> results;
  const Json cases = Json::parse(io::read_text(file));
  for (const auto& [name, one] : cases.items()) {
    const source::FelGain gain =
        source::fel_gain({.gamma = one.at("gamma"),
                          .period_mm = 1e3 * one.at("lambda_u_m").get<double>(),
                          .deflection_k = one.at("K"),
                          .helical = one.at("helical"),
                          .harmonic = 1,
                          .peak_current_a = one.at("Ipk_A"),
                          .normalised_emittance_um = 1e6 * one.at("eps_n_m").get<double>(),
                          .energy_spread = one.at("sigma_delta"),
                          .beta_m = one.at("beta_m")});
    double error = 0;
    for (const auto& [key, value] : {std::pair{"rho", gain.rho},
                                     {"Lg1D_m", gain.gain_length_1d_m},
                                     {"Lambda", gain.lambda_correction},
                                     {"Lg3D_m", gain.gain_length_3d_m},
                                     {"P_beam_W", gain.beam_power_w},
                                     {"Psat1D_W", gain.saturation_power_1d_w},
                                     {"Psat_MX_W", gain.saturation_power_w},
                                     {"coop_length_m", gain.cooperation_length_m}})
      error = std::max(error, std::abs(value / one.at(key).get<double>() - 1));
    results.push_back(compared(name + ": rho, gain lengths, powers, relative", error, kFormulaTolerance));
  }
  return results;
}

std::vector<CheckResult> ssmb_case(const fs::path& file) {
  std::vector<CheckResult> results;
  const Json cases = Json::parse(io::read_text(file));
  for (const auto& [name, one] : cases.items()) {
    // The reference gives K, N and lambda_u at 13.5 nm; the beam energy follows.
    const double k = one.at("K"), period_mm = 1e3 * one.at("lambda_u").get<double>();
    const double gamma = std::sqrt(period_mm * 1e6 / (2 * 13.5) * (1 + 0.5 * k * k));
    const Undulator undulator{.gamma = gamma,
                              .beam_current_a = one.at("I"),
                              .period_mm = period_mm,
                              .n_periods = one.at("N"),
                              .deflection_k = k};
    const double power_w = source::coherent_power_w(undulator, one.at("I"), one.at("b"),
                                                    1e6 * one.at("sigma_perp").get<double>());
    const double form = source::transverse_form_factor(one.at("S"));
    const double error = std::max(std::abs(power_w / one.at("P_W_exact_const").get<double>() - 1),
                                  std::abs(form / one.at("FF").get<double>() - 1));
    results.push_back(compared(name + ": power and form factor, relative", error, kFormulaTolerance));
  }
  return results;
}

std::vector<CheckResult> srw_file_case(const fs::path& file) {
  constexpr double kDistanceM = 10;
  const source::ImportedLight light = source::read_light(file, {.observation_distance_m = kDistanceM});
  // The middle value of the sample, in the unit of the file.
  const double error = std::abs(light.spectral_density.at(1) / (kDistanceM * kDistanceM) / 48446951424.0 - 1);
  return {compared("a value of the file, relative", error, 1e-12)};
}

}  // namespace

std::vector<Case> source_cases(const Folders& folders) {
  std::vector<Case> cases;
  std::error_code no_folder;
  for (const auto& entry : fs::directory_iterator(folders.reference / "source", no_folder)) {
    const std::string name = entry.path().filename().string();
    const auto data = fs::path("source") / name / "params.json";
    if (!name.starts_with("U") || !fs::exists(folders.reference / data)) continue;
    std::string title = name.substr(name.find('_') + 1) + " undulator";
    std::ranges::replace(title, '_', ' ');
    cases.push_back({name.substr(0, name.find('_')), title, data,
                     [folder = entry.path()](const Folders&) { return undulator_case(folder); }});
  }
  for (const auto& entry : fs::directory_iterator(folders.reference / "source", no_folder)) {
    const std::string name = entry.path().filename().string();
    const auto data = fs::path("source") / name / "summary.json";
    if (!name.starts_with("B") || !fs::exists(folders.reference / data)) continue;
    cases.push_back({name.substr(0, name.find('_')), "bending magnet " + name.substr(name.rfind('_') + 1),
                     data, [folder = entry.path()](const Folders&) { return bending_magnet_case(folder); }});
  }
  const auto add = [&](const char* id, const char* title, const char* file, auto run) {
    const fs::path data = fs::path("source") / file;
    cases.push_back({id, title, data, [run, data](const Folders& f) { return run(f.reference / data); }});
  };
  add("FEL", "free-electron laser, Ming Xie", "fel_ming_xie.json", fel_case);
  add("SSMB", "steady-state microbunching", "ssmb_formula.json", ssmb_case);
  add("SRW", "intensity file of SRW", "sample_srw_spectrum.dat", srw_file_case);
  // Cases of this version whose folder is not there.
  for (const auto& [id, file] : {std::pair{"U1", "source/U1_planar_430MeV/params.json"},
                                 std::pair{"U3", "source/U3_planar_800MeV/params.json"},
                                 std::pair{"B1", "source/B1_dipole_1000MeV/summary.json"}})
    if (std::ranges::find(cases, id, &Case::id) == cases.end())
      cases.push_back({id, *id == 'B' ? "bending magnet" : "planar undulator", file, {}});
  std::ranges::sort(cases, {}, &Case::id);
  return cases;
}

}  // namespace undulith::verify
