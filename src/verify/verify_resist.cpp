// SPDX-License-Identifier: MIT
#include "verify/verify_resist.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>

#include "undulith/io/files.hpp"
#include "undulith/resist/bake.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::verify {

namespace fs = std::filesystem;

Json read_json(const fs::path& file) {
  return Json::parse(io::read_text(file));
}

double relative(double found, double expected) {
  return std::abs(found - expected) / std::max(std::abs(expected), 1e-300);
}

resist::DevelopmentParameters mack_of(const Json& mack) {
  return {.r_max_nm_s = mack.at("Rmax"),
          .r_min_nm_s = mack.at("Rmin"),
          .m_threshold = mack.at("mth"),
          .n = mack.at("n")};
}

resist::BakeParameters bake_of(const Json& p) {
  resist::BakeParameters bake;
  bake.time_s = p.at("t_bake_s");
  bake.acid_diffusivity_nm2_s = p.at("D_acid");
  bake.quencher_diffusivity_nm2_s = p.at("D_quencher");
  bake.k_quench_per_s = p.at("k_quench");
  bake.k_amp_per_s = p.at("k_amp");
  bake.k_loss_per_s = p.value("k_loss", 0.0);
  bake.k_trap_per_s = p.value("k_trap", 0.0);
  bake.surface_transfer_nm_s = p.value("h_sorption", 0.0);
  bake.surface_acid = p.value("a_star", 0.0);
  bake.max_error = 1e-5;
  return bake;
}

resist::BakeParameters still_bake(double time_s, double diffusivity_nm2_s) {
  return {.time_s = time_s,
          .quencher = 0,
          .acid_diffusivity_nm2_s = diffusivity_nm2_s,
          .quencher_diffusivity_nm2_s = diffusivity_nm2_s,
          .k_quench_per_s = 0,
          .k_amp_per_s = 0,
          .n_steps = 1};
}

resist::LatentImage line_of_acid(int n_nodes, double period_nm, const std::function<double(double)>& acid,
                                 double quencher) {
  const Grid3D grid{.nx = n_nodes, .ny = 1, .nz = 2, .dx = period_nm / n_nodes};
  resist::LatentImage latent{.acid = Field3D<double>(grid), .quencher = Field3D<double>(grid, quencher)};
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int ix = 0; ix < grid.nx; ++ix) latent.acid(iz, 0, ix) = acid(grid.x(ix));
  return latent;
}

math::FourierSeries2D line_of(const Field3D<double>& field, int iz) {
  const Grid3D& g = field.grid();
  return math::FourierSeries2D({0, 0, g.nx * g.dx, 1}, g.nx, 1, field.plane(iz), (g.nx - 1) / 2, 0);
}

std::optional<double> width_below(const math::FourierSeries2D& line, double level) {
  constexpr int kScan = 256;
  const double half = line.cell().width() / 2;
  const auto below = [&](double x) { return line.value(x, 0) < level; };
  if (!below(0)) return {};
  for (int i = 1; i <= kScan; ++i) {
    double low = half * (i - 1) / kScan, high = half * i / kScan;
    if (below(high)) continue;
    for (int k = 0; k < 50; ++k) {
      const double middle = (low + high) / 2;
      (below(middle) ? low : high) = middle;
    }
    return low + high;
  }
  return {};
}

int cells_through(double length_nm, const std::vector<double>& places_nm, int least) {
  constexpr int kMostTimes = 4;
  for (int n = least; n <= kMostTimes * least; ++n)
    if (std::ranges::all_of(places_nm, [&](double place) {
          const double cells = place / length_nm * n;
          return std::abs(cells - std::round(cells)) < 1e-9 * n;
        }))
      return n;
  return least;  // no crossing: the nearest border
}

namespace {

Results exposure(const Path& file) {
  const Json json = read_json(file);
  Largest plain, bleached;
  for (const Json& row : json.at("no_bleach")) {
    const double c = row.at("C_cm2_per_mJ");
    const resist::BleachedDepth found =
        resist::bleach(row.at("A_per_um"), row.at("B_per_um"), c, row.at("dose_mJcm2"), row.at("z_nm"));
    plain.take(relative(found.pag, row.at("PAG_remaining")));
    plain.take(relative(found.local_dose_mj_cm2, row.at("local_dose_mJcm2")));
    // The film at that depth is a node with the dose found.
    resist::ResistParameters resist{.model = resist::ResistModel::chemically_amplified};
    resist.exposure.dill_c_cm2_mj = c;
    const Grid3D node{.nx = 1, .ny = 1, .nz = 1};
    plain.take(
        relative(resist::latent_image(Field3D<double>(node, found.local_dose_mj_cm2), resist).acid(0, 0, 0),
                 row.at("acid_rel")));
  }
  for (const Json& row : json.at("bleach")) {
    const resist::BleachedDepth found =
        resist::bleach(row.at("A_per_um"), row.at("B_per_um"), row.at("C_cm2_per_mJ"), row.at("dose_mJcm2"),
                       1000 * row.at("z_um").get<double>());
    bleached.take(relative(found.pag, row.at("M_PAC")));
    bleached.take(relative(found.transmission, row.at("I_rel_to_surface")));
  }
  constexpr double kBleach = 1e-10;
  return {compared("dose, PAG and acid without bleaching", plain.value(), kBleach),
          compared("PAG and light with bleaching", bleached.value(), kBleach)};
}

// Dill C that fits 1 - exp(-C E) to acid at many doses.
double fitted_c(const std::vector<double>& doses, const std::vector<double>& acid, double most) {
  const auto misfit = [&](double c) {
    double sum = 0;
    for (std::size_t i = 0; i < doses.size(); ++i) {
      const double d = -std::expm1(-c * doses[i]) - acid[i];
      sum += d * d;
    }
    return sum;
  };
  return boost::math::tools::brent_find_minima(misfit, 0.0, most, std::numeric_limits<double>::digits / 2)
      .first;
}

// Acid that meets quencher at room temperature while the film is exposed: the annihilation of the bake with
// one rate times time, which the measurement does not tell and the row next to q = 0.5 decides. Doses as far
// as the acid of the film without quencher has come to five e-foldings.
Results quencher_loading(const Path& file) {
  const Json json = read_json(file);
  const std::vector<double> loading = json.at("q_over_PAG"), measured = json.at("C_eff_cm2_mJ");
  const auto none = std::ranges::min_element(loading);
  const double c0 = measured.at(static_cast<std::size_t>(none - loading.begin()));
  std::vector<double> doses;
  constexpr int kDoses = 80;
  for (int i = 1; i <= kDoses; ++i) doses.push_back(5 / c0 * i / kDoses);
  const auto effective = [&](double quencher, double rate_time) {
    std::vector<double> acid;
    for (const double dose : doses)
      acid.push_back(resist::annihilate(-std::expm1(-c0 * dose), quencher, rate_time, 1).acid);
    return fitted_c(doses, acid, c0);
  };
  const auto decider = static_cast<std::size_t>(
      std::ranges::min_element(loading, {}, [](double q) { return std::abs(q - 0.5); }) - loading.begin());
  double low = 1e-3, high = 1e3;
  for (int i = 0; i < 60; ++i) {
    const double middle = std::sqrt(low * high);
    (effective(loading[decider], middle) > measured[decider] ? low : high) = middle;
  }
  constexpr double kBand = 0.1, kHighLoading = 0.75, kBandHigh = 0.3;  // of the measurement
  Largest error, high_error;
  for (std::size_t i = 0; i < loading.size(); ++i)
    (loading[i] < kHighLoading ? error : high_error)
        .take(relative(effective(loading[i], low), measured.at(i)));
  Results results{compared("effective C, measured, relative", error.value(), kBand,
                           "one rate, fitted at the loading closest to q = 0.5")};
  if (high_error.any())
    results.push_back(compared("effective C at q = 0.75 and above, measured, relative", high_error.value(),
                               kBandHigh, "the same rate"));
  return results;
}

}  // namespace

std::vector<Case> resist_cases(const Folders&) {
  std::vector<Case> cases;
  const auto add = [&](const char* id, const char* title, const char* file, auto run) {
    const fs::path data = fs::path("resist") / file;
    cases.push_back({id, title, data, [run, data](const Folders& f) { return run(f.reference / data); }});
  };
  add("A01", "photons", "A01_photon_statistics.json", photon_statistics);
  add("A02", "Dill exposure", "A02_dill_exposure.json", exposure);
  add("A03", "diffusion", "A03_diffusion_closed_forms.json", diffusion);
  add("A04", "acid and quencher", "A04_acid_quencher_closed_forms.json", annihilation);
  add("A05", "development", "A05_development_rates.json", development_rates);
  add("A06", "front", "A06_eikonal_closed_forms.json", fronts);
  add("A07", "image of two beams", "A07_two_beam_metrics.json", two_beams);
  add("A08", "process window of three beams", "A08_three_beam_process_window.json", three_beams);
  add("A09", "contact hole", "A09_contact_hole_area.json", contact_holes);
  add("A10", "lumped parameter model", "A10_lumped_parameter_model.json", lumped_widths);
  add("A11", "edge between samples", "A11_edge_interpolation.json", edge_interpolation);
  add("C01", "bake along a line", "C01_reaction_diffusion_1d.json", lateral_bake);
  add("C02", "bilayer", "C02_nist_bilayer.json", bilayer);
  add("C03", "bake through a film", "C03_peb_depth_robin.json", depth_bake);
  add("C04", "image to profile", "C04_full_chain_2d.json", full_chain);
  add("C05", "shot noise", "C05_shot_noise_ler.json", counting);
  add("C06", "contrast curves", "C06_contrast_curves.json", contrast_curves);
  add("M01", "bake of an immersion resist", "M01_deepeb_slitho_table1.json", industrial_bake);
  add("M03", "measured EUV resist", "M03_met2d_xp5271.json", measured_resist);
  add("M04", "deprotection kinetics", "M04_yamamoto2011_deprotection.json", deprotection_kinetics);
  add("M05", "quencher loading", "M05_sekiguchi2013_quencher.json", quencher_loading);
  add("S01", "random numbers", "S01_philox_kat.json", philox_answers);
  add("S02", "roughness spectra", "S02_ler_psd_closed_forms.json", spectra);
  add("S03", "edges with noise", "S03_ler_datasets.json", edge_sets);
  return cases;
}

}  // namespace undulith::verify
