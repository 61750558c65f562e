// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "undulith/resist/bake.hpp"
#include "undulith/resist/exposure.hpp"
#include "verify/verify_resist.hpp"

/// Diffusion and reactions of the bake against closed forms, collocation codes and measurements.
namespace undulith::verify {
namespace {

// A film without lateral variation.
resist::LatentImage column_of_acid(double thickness_nm, int cells, const std::function<double(double)>& acid,
                                   double quencher = 0) {
  const Grid3D grid{.nx = 1, .ny = 1, .nz = cells + 1, .dz = thickness_nm / cells};
  resist::LatentImage latent{.acid = Field3D<double>(grid), .quencher = Field3D<double>(grid, quencher)};
  for (int iz = 0; iz < grid.nz; ++iz) latent.acid(iz, 0, 0) = acid(grid.z(iz));
  return latent;
}

// The value at a depth that is a node.
double at_depth(const Field3D<double>& field, double z_nm) {
  return field(static_cast<int>(std::lround(z_nm / field.grid().dz)), 0, 0);
}

// What diffusion leaves of the first two waves of a line, by the bake and by the blur of the exposure.
void take_waves(const Json& row, Largest& error) {
  const double pitch = row.at("pitch_nm"), sigma = row.at("sigma_nm");
  constexpr double kAmplitude = 0.2, kMean = 0.5;
  const resist::LatentImage latent = line_of_acid(64, pitch, [&](double x) {
    return kMean + kAmplitude * (std::cos(2 * kPi * x / pitch) + std::cos(4 * kPi * x / pitch));
  });
  constexpr double kTimeS = 60;
  const auto line = line_of(resist::bake(latent, still_bake(kTimeS, sigma * sigma / (2 * kTimeS))).acid);
  const char* const keys[] = {"harmonic1_factor", "harmonic2_factor"};
  for (int n = 1; n <= 2; ++n) {
    const double expected = row.at(keys[n - 1]);
    error.take(std::abs(2 * line.coefficient(n, 0).real() / kAmplitude - expected));
    error.take(
        std::abs(resist::blur_transfer({.sigma_nm = sigma, .direction = resist::BlurDirection::lateral},
                                       2 * kPi * n / pitch) -
                 expected));
  }
}

// A step of acid as all the waves that diffusion does not wipe out, in a cell so long that its other step is
// out of reach.
double diffused_step(double x_nm, double sigma_nm) {
  constexpr double kReach = 9;  // sigma: erfc(9 / sqrt 2) = 2e-19
  const double period = 2 * (std::abs(x_nm) + kReach * sigma_nm);
  const int waves = static_cast<int>(std::ceil(kReach / (2 * kPi) * period / sigma_nm));
  // Node 0 is the position of the result. A truncated series has negative ripples, so acid has an offset.
  constexpr double kLevel = 1, kTimeS = 60;
  const resist::LatentImage latent = line_of_acid(2 * waves + 2, period, [&](double x) {
    double sum = kLevel + 0.5;
    for (int n = 1; n <= waves; n += 2) sum += 2 / (kPi * n) * std::sin(2 * kPi * n * (x + x_nm) / period);
    return sum;
  });
  return resist::bake(latent, still_bake(kTimeS, sigma_nm * sigma_nm / (2 * kTimeS))).acid(0, 0, 0) - kLevel;
}

// Acid that decays through a closed film: error at a number of cells.
double slab_error(const Json& row, int times) {
  const double thickness = row.at("L_nm"), z = row.at("z_nm"), alpha = row.at("alpha_per_nm"),
               sigma = row.at("sigma_nm");
  constexpr int kCells = 100;
  constexpr double kTimeS = 60;
  const resist::LatentImage latent = column_of_acid(thickness, times * cells_through(thickness, {z}, kCells),
                                                    [&](double depth) { return std::exp(-alpha * depth); });
  const resist::BakedFilm baked = resist::bake(latent, still_bake(kTimeS, sigma * sigma / (2 * kTimeS)));
  return relative(at_depth(baked.acid, z), row.at("conc"));
}

// Decay rate of the slowest wave of a film with an open surface, and the wave that goes with it.
void take_open_surface(const Json& row, Largest& error) {
  const double thickness = row.at("L_nm"), k1 = row.at("k1_per_nm"), diffusivity = row.at("D_nm2_per_s"),
               rate = row.at("decay_rate_per_s");
  const resist::LatentImage latent =
      column_of_acid(thickness, 200, [&](double z) { return std::cos(k1 * (thickness - z)); });
  resist::BakeParameters bake = still_bake(1 / rate, diffusivity);
  bake.surface_transfer_nm_s = row.at("h_nm_per_s");
  const resist::BakedFilm baked = resist::bake(latent, bake);
  for (int iz = 0; iz < baked.acid.nz(); iz += 50) {
    const double found = -std::log(baked.acid(iz, 0, 0) / latent.acid(iz, 0, 0)) * rate;
    error.take(relative(found, rate));
    error.take(relative(std::sqrt(found / diffusivity), k1));
  }
}

void take_deprotection(const Json& one, Largest& acid, Largest& inhibitor, Largest& width) {
  const double pitch = one.at("pitch_nm"), a0 = one.at("a0"), a1 = one.at("a1");
  const resist::LatentImage latent =
      line_of_acid(64, pitch, [&](double x) { return a0 + a1 * std::cos(2 * kPi * x / pitch); });
  resist::BakeParameters bake = still_bake(one.at("t_bake_s"), one.at("D_nm2_per_s"));
  bake.k_loss_per_s = one.at("k_loss_per_s");
  bake.k_amp_per_s = one.at("k_amp_per_s");
  bake.n_steps = 1000;
  const resist::BakedFilm baked = resist::bake(latent, bake);
  const auto acid_line = line_of(baked.acid), inhibitor_line = line_of(baked.inhibitor);
  for (const Json& point : one.at("profile")) {
    acid.take(std::abs(acid_line.value(point.at("x_nm"), 0) - point.at("acid_end").get<double>()));
    inhibitor.take(std::abs(inhibitor_line.value(point.at("x_nm"), 0) - point.at("m_end").get<double>()));
  }
  for (const Json& row : one.at("widths"))
    width.take(width_below(inhibitor_line, row.at("m_th")), row.at("exposed_width_nm"));
}

}  // namespace

Results diffusion(const Path& file) {
  const Json json = read_json(file);
  Largest waves, step, spread, coarse, fine, surface, acid, inhibitor, width;
  for (const Json& row : json.at("cosine")) take_waves(row, waves);
  for (const Json& row : json.at("step"))
    step.take(std::abs(diffused_step(row.at("x_nm"), row.at("sigma_nm")) - row.at("value").get<double>()));
  for (const Json& row : json.at("rdpsf"))
    spread.take(
        relative(resist::reaction_diffusion_psf(row.at("x_nm"), row.at("sigma_nm")), row.at("rdpsf_per_nm")));
  for (const Json& row : json.at("slab")) {
    coarse.take(slab_error(row, 1));
    fine.take(slab_error(row, 2));
  }
  for (const Json& row : json.at("robin")) take_open_surface(row, surface);
  for (const Json& one : json.at("deprotect")) take_deprotection(one, acid, inhibitor, width);
  return {compared("waves of a line", waves.value(), kClosedForm),
          compared("step, relative to its height", step.value(), kClosedForm),
          compared("point spread of the effective acid", spread.value(), kClosedForm),
          compared("closed film, relative", fine.value(), kDifferences),
          compared("closed film: ratio of errors at half step and full step", fine.value() / coarse.value(),
                   kSecondOrder, "second order: 0.25"),
          compared("open surface: slowest wave, relative", surface.value(), kDifferences),
          compared("acid with loss", acid.value(), kClosedForm),
          compared("protected share from the effective acid", inhibitor.value(), kBake),
          compared("widths of the effective acid, nm", width.value(), kBakedWidthNm)};
}

Results annihilation(const Path& file) {
  Largest error, invariant, fast;
  const Json json = read_json(file);
  for (const Json& row : json.at("uniform")) {
    const auto found = resist::annihilate(row.at("h0"), row.at("q0"), row.at("k_quench"), row.at("t_s"));
    error.take(std::abs(found.acid - row.at("h").get<double>()));
    error.take(std::abs(found.quencher - row.at("q").get<double>()));
    error.take(relative(found.acid_dose_s, row.at("int_h_dt")));
    constexpr double kAmp = 0.1;  // that of the reference
    error.take(relative(std::exp(-kAmp * found.acid_dose_s), row.at("m_for_kamp_0p1")));
  }
  for (const Json& row : json.at("equal_D_invariant")) {
    const double pitch = row.at("pitch_nm"), x = row.at("x_nm");
    const resist::LatentImage latent = line_of_acid(
        64, pitch,
        [&](double at) {
          return row.at("a0").get<double>() + row.at("a1").get<double>() * std::cos(2 * kPi * at / pitch);
        },
        row.at("q0"));
    resist::BakeParameters bake = still_bake(row.at("t_s"), row.at("D_equal_nm2_per_s"));
    for (const double k_quench : {0.2, 1.0, 5.0}) {
      bake.k_quench_per_s = k_quench;
      bake.n_steps = 10;
      const resist::BakedFilm baked = resist::bake(latent, bake);
      invariant.take(std::abs(line_of(baked.acid).value(x, 0) - line_of(baked.quencher).value(x, 0) -
                              row.at("h_minus_q").get<double>()));
    }
    // Instantaneous: one time step, then what remains of the species in excess.
    constexpr double kAtOnce = 1e12;
    bake.k_quench_per_s = kAtOnce;
    bake.n_steps = 1;
    const resist::BakedFilm baked = resist::bake(latent, bake);
    fast.take(std::abs(line_of(baked.acid).value(x, 0) - row.at("h_fast_limit").get<double>()));
    fast.take(std::abs(line_of(baked.quencher).value(x, 0) - row.at("q_fast_limit").get<double>()));
  }
  constexpr double kExact = 1e-10;
  return {compared("acid, quencher, acid dose", error.value(), kExact),
          compared("acid minus quencher at any rate", invariant.value(), kExact),
          compared("instantaneous reaction of acid and quencher", fast.value(), kExact)};
}

Results lateral_bake(const Path& file) {
  Largest protection, acid, quencher, width;
  const Json json = read_json(file);
  for (const Json& one : json.at("cases")) {
    const Json& p = one.at("params");
    const double pitch = p.at("pitch_nm"),
                 ce = p.at("C_cm2_per_mJ").get<double>() * p.at("dose_mJcm2").get<double>();
    const resist::LatentImage latent = line_of_acid(
        96, pitch,
        [&](double x) {
          return -std::expm1(-ce * p.at("I0").get<double>() *
                             (1 + p.at("V").get<double>() * std::cos(2 * kPi * x / pitch)));
        },
        p.at("q0"));
    const resist::BakedFilm baked = resist::bake(latent, bake_of(p));
    const auto m = line_of(baked.inhibitor), h = line_of(baked.acid), q = line_of(baked.quencher);
    for (std::size_t k = 0; k < one.at("x_nm").size(); ++k) {
      const double x = one.at("x_nm")[k];
      protection.take(std::abs(m.value(x, 0) - one.at("m")[k].get<double>()));
      acid.take(std::abs(h.value(x, 0) - one.at("acid")[k].get<double>()));
      quencher.take(std::abs(q.value(x, 0) - one.at("quencher")[k].get<double>()));
    }
    for (const Json& row : one.at("widths_m_below"))
      width.take(width_below(m, row.at("m_th")), row.at("cleared_width_nm"));
  }
  return {compared("protected share", protection.value(), kBake, "Radau collocation"),
          compared("acid", acid.value(), kBake, "Radau collocation"),
          compared("quencher", quencher.value(), kBake, "Radau collocation"),
          compared("widths, nm", width.value(), kBakedWidthNm, "Radau collocation")};
}

namespace {

// Kang's bilayer as the description of the case tells it; concentrations relative to the PAG.
struct Bilayer {
  double acid_layer_nm = 400;  // mirrored at its centre
  double time_s = 900, diffusivity_nm2_s = 4.2;
  double quencher = 0.6;
  double k_amp_nm3_s = 1.6, k_quench_nm3_s = 1.2, k_trap_per_s = 0.026;
  double deprotection = 0.14;  // 1 - m at the diffusion length
};

// How far behind the interface the share of protecting groups is lost.
double diffusion_length_nm(double pag_per_nm3, const std::string& quencher_in) {
  const Bilayer b;
  // Acid diffuses over sqrt(2 D t) = 87 nm, so the far end of the receiving layers has no influence.
  constexpr double kReceivingNm = 500;
  // 0.5 nm, and the interfaces lie midway between two nodes.
  constexpr int kNodes = 2800;
  const double half = b.acid_layer_nm / 2, period = 2 * (half + kReceivingNm), shift = period / kNodes / 2;
  const auto in_acid_layer = [&](double x) { return std::abs(x < period / 2 ? x : x - period) < half; };
  resist::LatentImage latent =
      line_of_acid(kNodes, period, [&](double x) { return in_acid_layer(x + shift) ? 1.0 : 0.0; });
  const bool in_acid = quencher_in == "acid layer" || quencher_in == "both",
             in_receiver = quencher_in == "receiving layer" || quencher_in == "both";
  const Grid3D& grid = latent.acid.grid();
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int ix = 0; ix < grid.nx; ++ix)
      if (in_acid_layer(grid.x(ix) + shift) ? in_acid : in_receiver) latent.quencher(iz, 0, ix) = b.quencher;
  resist::BakeParameters bake = still_bake(b.time_s, b.diffusivity_nm2_s);
  bake.acid_depth_diffusivity_nm2_s = bake.quencher_depth_diffusivity_nm2_s = 0;
  bake.k_amp_per_s = b.k_amp_nm3_s * pag_per_nm3;
  bake.k_quench_per_s = b.k_quench_nm3_s * pag_per_nm3;
  bake.k_trap_per_s = b.k_trap_per_s;
  bake.n_steps = 300;
  const auto lost = resist::bake(latent, bake).inhibitor;
  for (int ix = static_cast<int>(half / grid.dx); ix < grid.nx / 2; ++ix) {
    const double before = 1 - lost(0, 0, ix), after = 1 - lost(0, 0, ix + 1);
    if (before < b.deprotection || after >= b.deprotection) continue;
    const double share = (before - b.deprotection) / (before - after);
    return grid.x(ix) + share * grid.dx + shift - half;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Results bilayer(const Path& file) {
  constexpr double kNumericNm = 0.2;  // nodes of 0.5 nm on either side
  constexpr double kMeasured = 0.3;   // deviation of the model from the experiment
  const Json json = read_json(file);
  Largest numeric, measured;
  for (const Json& row : json.at("rows")) {
    const double length = diffusion_length_nm(json.at("PAG_per_nm3"), row.at("quencher_in"));
    numeric.take(std::abs(length - row.at("richardson_nm").get<double>()));
    measured.take(relative(length, row.at("measured_nm")));
  }
  return {compared("diffusion lengths, nm", numeric.value(), kNumericNm, "finite volumes, extrapolated"),
          compared("diffusion lengths, measured, relative", measured.value(), kMeasured)};
}

Results depth_bake(const Path& file) {
  Largest protection, acid, quencher;
  const Json json = read_json(file);
  for (const Json& one : json.at("cases")) {
    const Json& p = one.at("params");
    const double thickness = p.at("thickness_nm");
    const std::vector<double> depths = one.at("z_nm");
    const resist::LatentImage latent = column_of_acid(
        thickness, cells_through(thickness, depths, static_cast<int>(std::ceil(2 * thickness))),
        [&](double z) {
          return p.at("a_top").get<double>() * std::exp(-p.at("alpha_per_nm").get<double>() * z);
        },
        p.at("q0"));
    resist::BakeParameters bake = bake_of(p);
    bake.n_steps = 400;  // m is close to 0 there, and its logarithm is compared
    const resist::BakedFilm baked = resist::bake(latent, bake);
    for (std::size_t k = 0; k < depths.size(); ++k) {
      protection.take(relative(-std::log(at_depth(baked.inhibitor, depths[k])), one.at("minus_ln_m")[k]));
      acid.take(std::abs(at_depth(baked.acid, depths[k]) - one.at("acid")[k].get<double>()));
      quencher.take(std::abs(at_depth(baked.quencher, depths[k]) - one.at("quencher")[k].get<double>()));
    }
  }
  return {compared("-ln m, relative", protection.value(), kBake, "finite volumes, extrapolated"),
          compared("acid", acid.value(), kBake, "finite volumes, extrapolated"),
          compared("quencher", quencher.value(), kBake, "finite volumes, extrapolated")};
}

// A published set of parameters without a published result: the diffusivities follow from the lengths, and
// the time step that the paper calls its baseline is fine enough for the film to come out finite and
// converged. The paper leaves the exposure open: half of the PAG on average, all of it in the middle of a
// contact.
Results industrial_bake(const Path& file) {
  const Json json = read_json(file);
  const Json &p = json.at("params"), &derived = json.at("derived");
  const double time_s = p.at("bake_s");
  Largest lengths;
  const auto take = [&](const char* diffusivity, const char* length) {
    lengths.take(relative(resist::diffusion_length_nm(derived.at(diffusivity), time_s), p.at(length)));
  };
  take("D_normal_acid", "L_normal_acid_nm");
  take("D_normal_base", "L_normal_base_nm");
  take("D_lateral", "L_lateral_acid_nm");
  take("D_lateral", "L_lateral_base_nm");

  const Json& step_nm = p.at("grid_nm");
  constexpr double kPitchNm = 100;
  const double thickness = p.at("resist_thickness_nm");
  const int nx = static_cast<int>(std::lround(kPitchNm / step_nm[0].get<double>())),
            nz = static_cast<int>(std::lround(thickness / step_nm[2].get<double>())) + 1;
  const Grid3D grid{.nx = nx, .ny = 1, .nz = nz, .dx = kPitchNm / nx, .dz = thickness / (nz - 1)};
  resist::LatentImage latent{.acid = Field3D<double>(grid),
                             .quencher = Field3D<double>(grid, p.at("base0").get<double>())};
  for (int iz = 0; iz < nz; ++iz)
    for (int ix = 0; ix < nx; ++ix) latent.acid(iz, 0, ix) = (1 + std::cos(2 * kPi * ix / nx)) / 2;
  resist::BakeParameters bake = still_bake(time_s, derived.at("D_lateral"));
  bake.acid_depth_diffusivity_nm2_s = derived.at("D_normal_acid").get<double>();
  bake.quencher_depth_diffusivity_nm2_s = derived.at("D_normal_base").get<double>();
  bake.k_quench_per_s = p.at("k_r_per_s");
  bake.k_amp_per_s = p.at("k_c_per_s");
  bake.surface_transfer_nm_s = p.at("h_A");
  bake.surface_acid = p.at("a_star");
  bake.n_steps = static_cast<int>(std::lround(time_s / p.at("baseline_dt_s").get<double>()));
  const resist::BakedFilm baked = resist::bake(latent, bake);
  Largest outside;
  const auto bounded = [&](const Field3D<double>& field, double most) {
    for (const double value : field.values()) outside.take(std::max({0.0, -value, value - most}));
  };
  bounded(baked.inhibitor, p.at("inhibitor0"));
  bounded(baked.acid, 1);
  bounded(baked.quencher, p.at("base0"));
  return {compared("diffusion lengths, relative", lengths.value(), kClosedForm),
          compared("concentrations outside their bounds", outside.value(), kClosedForm,
                   "input only: no result is published"),
          compared("protected share: error left by the published time step", baked.report.error, kDifferences,
                   "input only: no result is published")};
}

// Acid that is lost at the rate 1/tau, no quencher, no diffusion: m(t) of a flood exposure.
Results deprotection_kinetics(const Path& file) {
  const Json json = read_json(file);
  constexpr double kMeasured = 0.03;  // rms of the measured shares
  Largest law, within, as_published;
  std::string beyond;
  for (const auto& [temperature, curve] : json.at("curves_t_s_P").items()) {
    const Json& fit = json.at("fits").at(temperature);
    const double rate = fit.at("kH0_per_s"), tau = fit.at("tau_s");
    double sum = 0;
    for (const Json& point : curve) {
      const double time_s = point[0], measured = point[1];
      resist::BakeParameters bake = still_bake(time_s, 0);
      bake.k_amp_per_s = rate;
      bake.k_loss_per_s = 1 / tau;
      bake.n_steps = 500;
      const double found =
          resist::bake(column_of_acid(1, 2, [](double) { return 1.0; }), bake).inhibitor(0, 0, 0);
      law.take(std::abs(found - std::exp(rate * tau * std::expm1(-time_s / tau))));
      sum += (found - measured) * (found - measured);
    }
    const double rms = std::sqrt(sum / static_cast<double>(curve.size())),
                 published = json.at("rms_of_fit_on_subset").at(temperature);
    as_published.take(std::abs(rms - published));
    // A curve that its published fit does not describe is no test of the bake.
    if (published <= kMeasured)
      within.take(rms);
    else
      beyond += fmt::format("{}without {} C, where the published fit deviates by {:.3f}",
                            beyond.empty() ? "" : ", ", temperature, published);
  }
  Results results{compared("protected share compared with the fitted law", law.value(), kBake),
                  compared("rms of each curve compared with that of its published fit", as_published.value(),
                           kDifferences)};
  if (within.any())
    results.push_back(compared("measured protected share, rms per curve", within.value(), kMeasured, beyond));
  else
    results.push_back(skipped("measured protected share, rms per curve", beyond));
  return results;
}

}  // namespace undulith::verify
