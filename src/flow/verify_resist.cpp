#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>
#include <sstream>

#include "flow/verify_cases.hpp"
#include "undulith/core/random.hpp"
#include "undulith/io/files.hpp"
#include "undulith/metrology/failures.hpp"
#include "undulith/metrology/process_window.hpp"
#include "undulith/metrology/roughness.hpp"
#include "undulith/resist/bake.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::flow::verify_cases {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
constexpr double kPi = std::numbers::pi;

// Closed forms on both sides, differing in rounding.
constexpr double kClosedForm = 1e-9;
// Tails of sums of thousands of terms.
constexpr double kTail = 1e-6;
// The bake is asked for 1e-5; the cases allow 1e-4.
constexpr double kBake = 1e-4;
// Nodes of 0.5 nm against a second-order front extrapolated to none.
constexpr double kWidthNm = 0.05;
// A monotone cubic between given doses.
constexpr double kWindow = 1e-3;
// Fit to 64 noisy edges; the same model and weights as the reference's.
constexpr double kRoughnessFit = 1e-3;

Json read(const fs::path& file) {
  return Json::parse(io::read_text(file));
}

double relative(double found, double expected) {
  return std::abs(found - expected) / std::max(std::abs(expected), 1e-300);
}

class Largest {
 public:
  void take(double error) {
    ++n_;
    if (std::isfinite(value_)) value_ = std::isfinite(error) ? std::max(value_, error) : error;
  }
  /// Not a number when nothing was compared: that is no agreement.
  [[nodiscard]] double value() const { return n_ > 0 ? value_ : std::numeric_limits<double>::quiet_NaN(); }

 private:
  double value_ = 0;
  int n_ = 0;
};

std::vector<CheckResult> photon_statistics(const fs::path& file) {
  const Json json = read(file);
  Largest exact, tails;
  for (const Json& row : json.at("table_13p5nm")) {
    exact.take(relative(resist::absorbed_share(row.at("alpha_per_um"), row.at("thickness_nm")),
                        row.at("absorbed_fraction")));
    exact.take(
        relative(resist::photons_per_nm2(row.at("dose_mJcm2"), 13.5), row.at("incident_photons_per_nm2")));
  }
  for (const Json& row : json.at("poisson_lower_tails"))
    tails.take(relative(metrology::poisson_tail(row.at("mean"), row.at("k")), row.at("P_N_le_k")));
  return {compared("photons and absorption", exact.value(), kClosedForm),
          compared("Poisson tails", tails.value(), kTail)};
}

std::vector<CheckResult> exposure(const fs::path& file) {
  const Json json = read(file);
  Largest plain, bleached;
  for (const Json& row : json.at("no_bleach"))
    plain.take(relative(
        resist::bleach(0, row.at("B_per_um"), row.at("C_cm2_per_mJ"), row.at("dose_mJcm2"), row.at("z_nm"))
            .pag,
        row.at("PAG_remaining")));
  for (const Json& row : json.at("bleach")) {
    const resist::BleachedDepth found =
        resist::bleach(row.at("A_per_um"), row.at("B_per_um"), row.at("C_cm2_per_mJ"), row.at("dose_mJcm2"),
                       1000 * row.at("z_um").get<double>());
    bleached.take(relative(found.pag, row.at("M_PAC")));
    bleached.take(relative(found.transmission, row.at("I_rel_to_surface")));
  }
  constexpr double kBleach = 1e-10;
  return {compared("PAG without bleaching", plain.value(), kBleach),
          compared("PAG and light with bleaching", bleached.value(), kBleach)};
}

std::vector<CheckResult> annihilation(const fs::path& file) {
  Largest error;
  const Json json = read(file);
  for (const Json& row : json.at("uniform")) {
    const auto found = resist::annihilate(row.at("h0"), row.at("q0"), row.at("k_quench"), row.at("t_s"));
    error.take(std::abs(found.acid - row.at("h").get<double>()));
    error.take(std::abs(found.quencher - row.at("q").get<double>()));
    error.take(relative(found.acid_dose_s, row.at("int_h_dt")));
  }
  return {compared("acid, quencher, acid dose", error.value(), 1e-10)};
}

std::vector<CheckResult> diffusion(const fs::path& file) {
  const Json json = read(file);
  Largest error;
  for (const Json& row : json.at("rdpsf"))
    error.take(
        relative(resist::reaction_diffusion_psf(row.at("x_nm"), row.at("sigma_nm")), row.at("rdpsf_per_nm")));
  return {compared("point spread of acting acid", error.value(), kClosedForm)};
}

resist::DevelopmentParameters mack_of(const Json& mack) {
  return {.r_max_nm_s = mack.at("Rmax"),
          .r_min_nm_s = mack.at("Rmin"),
          .m_threshold = mack.at("mth"),
          .n = mack.at("n")};
}

std::vector<CheckResult> development_rates(const fs::path& file) {
  Largest error;
  const Json json = read(file);
  for (const Json& row : json.at("mack"))
    error.take(relative(resist::development_rate_nm_s(mack_of(row), row.at("m")), row.at("R_nm_per_s")));
  return {compared("Mack rates", error.value(), 1e-12)};
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

std::vector<CheckResult> lateral_bake(const fs::path& file) {
  Largest error;
  const Json json = read(file);
  for (const Json& one : json.at("cases")) {
    const Json& p = one.at("params");
    const double pitch = p.at("pitch_nm");
    constexpr int nx = 64;  // every reference point, a 16th of the pitch apart, is a node
    const Grid3D grid{.nx = nx, .ny = 1, .nz = 3, .dx = pitch / nx, .dz = 20};
    resist::LatentImage latent{.acid = Field3D<double>(grid),
                               .quencher = Field3D<double>(grid, p.at("q0").get<double>())};
    const double ce = p.at("C_cm2_per_mJ").get<double>() * p.at("dose_mJcm2").get<double>();
    for (int iz = 0; iz < 3; ++iz)
      for (int ix = 0; ix < nx; ++ix)
        latent.acid(iz, 0, ix) = -std::expm1(-ce * p.at("I0").get<double>() *
                                             (1 + p.at("V").get<double>() * std::cos(2 * kPi * ix / nx)));
    const resist::BakedFilm baked = resist::bake(latent, bake_of(p));
    for (std::size_t k = 0; k < one.at("x_nm").size(); ++k) {
      const int ix = static_cast<int>(std::lround(one.at("x_nm")[k].get<double>() / grid.dx));
      error.take(std::abs(baked.inhibitor(1, 0, ix) - one.at("m")[k].get<double>()));
    }
  }
  return {compared("protected share", error.value(), kBake, "Radau collocation")};
}

std::vector<CheckResult> depth_bake(const fs::path& file) {
  Largest error;
  const Json json = read(file);
  for (const Json& one : json.at("cases")) {
    const Json& p = one.at("params");
    const double thickness = p.at("thickness_nm");
    const int nz = static_cast<int>(std::lround(2 * thickness)) + 1;
    const Grid3D grid{.nx = 1, .ny = 1, .nz = nz, .dz = thickness / (nz - 1)};
    resist::LatentImage latent{.acid = Field3D<double>(grid),
                               .quencher = Field3D<double>(grid, p.at("q0").get<double>())};
    for (int iz = 0; iz < nz; ++iz)
      latent.acid(iz, 0, 0) =
          p.at("a_top").get<double>() * std::exp(-p.at("alpha_per_nm").get<double>() * grid.z(iz));
    resist::BakeParameters bake = bake_of(p);
    bake.n_steps = 400;  // m is next to nothing there: what counts is its logarithm
    const resist::BakedFilm baked = resist::bake(latent, bake);
    for (std::size_t k = 0; k < one.at("z_nm").size(); ++k) {
      const int iz = static_cast<int>(std::lround(one.at("z_nm")[k].get<double>() / grid.dz));
      error.take(relative(-std::log(baked.inhibitor(iz, 0, 0)), one.at("minus_ln_m")[k]));
      error.take(std::abs(baked.acid(iz, 0, 0) - one.at("acid")[k].get<double>()));
    }
  }
  return {compared("-ln m (relative) and acid", error.value(), kBake, "finite volumes, extrapolated")};
}

// Width about x = 0 that is cleared at a plane of nodes.
double cleared_width_nm(const Field3D<double>& level, int iz) {
  const Grid3D& g = level.grid();
  const auto at = [&](int ix) { return level(iz, 0, (ix % g.nx + g.nx) % g.nx); };
  for (int ix = 0; ix < g.nx / 2; ++ix) {
    if (!(at(ix) <= 0 && at(ix + 1) > 0)) continue;
    double low = 0, high = 1;
    for (int i = 0; i < 50; ++i) {
      const double t = (low + high) / 2;
      const double value = -at(ix - 1) * t * (t - 1) * (t - 2) / 6 +
                           at(ix) * (t + 1) * (t - 1) * (t - 2) / 2 - at(ix + 1) * (t + 1) * t * (t - 2) / 2 +
                           at(ix + 2) * (t + 1) * t * (t - 1) / 6;
      (value <= 0 ? low : high) = t;
    }
    return 2 * g.dx * (ix + low);
  }
  return 0;
}

std::vector<CheckResult> full_chain(const fs::path& file) {
  Largest m_error, width_error;
  const Json json = read(file);
  for (const Json& one : json.at("cases")) {
    const Json& p = one.at("params");
    const double pitch = p.at("pitch_nm"), thickness = p.at("thickness_nm"), sigma = p.at("blur_sigma_nm");
    // About 0.5 nm, and every reference point, a 12th of the pitch apart, is a node.
    const int nx = 12 * static_cast<int>(std::ceil(pitch / 6)),
              nz = static_cast<int>(std::lround(2 * thickness)) + 1;
    const Grid3D grid{.nx = nx, .ny = 1, .nz = nz, .dx = pitch / nx, .dz = thickness / (nz - 1)};
    Field3D<double> dose(grid);
    for (int iz = 0; iz < nz; ++iz)
      for (int ix = 0; ix < nx; ++ix) {
        double image = 0;
        for (int n = 0; n < 3; ++n) {
          const double phase = n * kPi * sigma / pitch;
          image += p.at("image_harmonics")[n].get<double>() * std::exp(-2 * phase * phase) *
                   std::cos(2 * kPi * n * ix / nx);
        }
        dose(iz, 0, ix) = p.at("dose_mJcm2").get<double>() * image *
                          std::exp(-p.at("alpha_per_nm").get<double>() * grid.z(iz));
      }
    resist::ResistParameters resist{.model = resist::ResistModel::chemically_amplified};
    resist.exposure.dill_c_cm2_mj = p.at("C_cm2_per_mJ");
    resist.bake = bake_of(p);
    resist.bake.quencher = p.at("q0");
    resist.development = mack_of(p.at("mack"));
    resist.development.time_s = p.at("t_develop_s");
    const resist::ResistResult result =
        resist::develop_latent({}, resist::latent_image(std::move(dose), resist), resist);
    for (std::size_t i = 0; i < one.at("x_nm").size(); ++i)
      for (std::size_t k = 0; k < one.at("z_nm").size(); ++k) {
        const int ix = static_cast<int>(std::lround(one.at("x_nm")[i].get<double>() / grid.dx)),
                  iz = static_cast<int>(std::lround(one.at("z_nm")[k].get<double>() / grid.dz));
        m_error.take(
            std::abs(result.baked.inhibitor(iz, 0, ix % nx) - one.at("m_after_peb_xz")[i][k].get<double>()));
      }
    const Field3D<double> level = resist::resist_level(result.profile);
    for (const Json& depth : p.at("cd_depths_nm")) {
      std::ostringstream key;
      key << "cleared_width_at_z" << depth.get<double>();
      const Json& expected = one.at("result").at(key.str()).at("richardson_order2");
      if (expected.is_null()) continue;
      const int iz = static_cast<int>(std::lround(depth.get<double>() / grid.dz));
      width_error.take(std::abs(cleared_width_nm(level, iz) - expected.get<double>()));
    }
  }
  return {compared("protected share after the bake", m_error.value(), kBake),
          compared("cleared widths, nm", width_error.value(), kWidthNm, "fast marching, extrapolated")};
}

std::vector<CheckResult> counting(const fs::path& file) {
  const Json json = read(file);
  Largest exact, ler;
  for (const Json& row : json.at("acid_count_exact")) {
    const auto found = resist::acid_statistics(row.at("mean_photons"), row.at("CE"), row.at("mean_PAG"));
    exact.take(relative(found.mean, row.at("mean_acid")));
    exact.take(relative(found.variance, row.at("var_acid")));
    exact.take(relative(found.linear_relative_variance, row.at("mack_linearised_rel_var")));
  }
  for (const Json& row : json.at("compound_poisson"))
    exact.take(relative(
        resist::compound_fano(row.at("electrons_per_photon_mean"), row.at("electrons_per_photon_var")),
        row.at("fano")));
  for (const Json& row : json.at("Z_factor"))
    exact.take(relative(
        resist::z_factor_mj_nm3(row.at("half_pitch_nm"), row.at("LER_3sigma_nm"), row.at("dose_mJcm2")),
        row.at("Z_mJ_nm3")));
  for (const Json& row : json.at("rows")) {
    const Json& linear = row.at("linear_prediction");
    ler.take(
        relative(resist::linear_ler_nm(linear.at("n_abs_at_edge_per_nm2"),
                                       row.at("params").at("blur_sigma_nm"), linear.at("ILS_blurred_per_nm")),
                 row.at("monte_carlo").at("sigma_LER_nm")));
  }
  constexpr double kLinear = 1.5e-2;  // linear theory against a Monte Carlo of 0.5 %
  return {compared("acids, electrons, Z", exact.value(), kClosedForm),
          compared("linear roughness against Monte Carlo", ler.value(), kLinear)};
}

std::vector<CheckResult> contrast_curves(const fs::path& file) {
  Largest clear, left;
  const Json json = read(file);
  for (const Json& one : json.at("cases")) {
    const Json& p = one.at("params");
    resist::ResistParameters resist{.model = resist::ResistModel::chemically_amplified};
    resist.film.thickness_nm = p.at("thickness_nm");
    resist.film.dill_b_per_um = 1000 * p.at("B_per_nm").get<double>();
    resist.exposure.dill_c_cm2_mj = p.at("C");
    resist.blur.direction = resist::BlurDirection::lateral;
    resist.bake = {.time_s = 1,
                   .quencher = 0,
                   .acid_diffusivity_nm2_s = 0,
                   .quencher_diffusivity_nm2_s = 0,
                   .k_amp_per_s = p.at("k_amp_times_t_bake")};
    resist.development = mack_of(p.at("mack"));
    resist.development.time_s = p.at("t_develop_s");
    std::vector<double> doses;
    for (const Json& point : one.at("curve")) doses.push_back(point.at("dose_mJcm2"));
    const resist::ContrastCurve curve = resist::contrast_curve(resist, doses);
    clear.take(relative(curve.dose_to_clear_mj_cm2.value_or(0), one.at("dose_to_clear")));
    for (std::size_t i = 0; i < doses.size(); ++i)
      left.take(std::abs(curve.points[i].remaining_nm - one.at("curve")[i].at("remaining_nm").get<double>()) /
                resist.film.thickness_nm);
  }
  return {compared("dose to clear", clear.value(), 1e-6),
          compared("remaining thickness, of the film", left.value(), 1e-6)};
}

std::vector<CheckResult> three_beams(const fs::path& file) {
  Largest rectangle, ellipse;
  const Json json = read(file);
  for (const Json& one : json.at("cases")) {
    const double pitch = one.at("pitch_nm"), a0 = one.at("a0"), a1 = one.at("a1"),
                 rate = one.at("phase_rate_rad_per_nm"), threshold = one.at("threshold_at_nominal");
    const auto cd_nm = [&](double dose, double focus) -> std::optional<double> {
      const double p = 4 * a0 * a1 * std::cos(rate * focus), q = 4 * a1 * a1, r = a0 * a0 - threshold / dose;
      if (p * p - 4 * q * r < 0) return {};
      const double c = (-p + std::sqrt(p * p - 4 * q * r)) / (2 * q);
      if (std::abs(c) > 1) return {};
      return pitch - std::acos(c) * pitch / kPi;
    };
    metrology::FocusExposureMatrix matrix{.name = "line", .target_cd_nm = one.at("line_target_nm")};
    for (int f = -75; f <= 75; ++f) matrix.focus_nm.push_back(2.0 * f);
    for (int d = 0; d <= 400; ++d) matrix.dose_mj_cm2.push_back(0.4 + 1.6 * d / 400);
    for (const double focus : matrix.focus_nm)
      for (const double dose : matrix.dose_mj_cm2) matrix.cd_nm.push_back(cd_nm(dose, focus));
    const auto curves = metrology::window_curves(metrology::dose_limits(matrix, {}), 301);
    const auto compare = [](const std::vector<metrology::WindowShape>& found, const Json& expected,
                            const char* key, Largest& error) {
      for (const Json& row : expected) {
        const double depth = row.at("DOF_nm");
        for (std::size_t i = 0; i + 1 < found.size(); ++i) {
          const double a = found[i].depth_of_focus_nm, b = found[i + 1].depth_of_focus_nm;
          if (depth < a || depth > b || b > 240) continue;  // the end of a window is known to a step of focus
          error.take(std::abs(std::lerp(found[i].exposure_latitude_percent,
                                        found[i + 1].exposure_latitude_percent, (depth - a) / (b - a)) /
                                  100 -
                              row.at(key).get<double>()));
        }
      }
    };
    compare(curves.rectangle, one.at("EL_vs_DOF_rect"), "EL_rect", rectangle);
    compare(curves.ellipse, one.at("EL_vs_DOF_ellipse"), "EL_ellipse", ellipse);
  }
  return {compared("exposure latitude, rectangle", rectangle.value(), kWindow),
          compared("exposure latitude, ellipse", ellipse.value(), kWindow)};
}

std::vector<CheckResult> philox_answers(const fs::path& file) {
  const Json json = read(file);
  const auto word = [](const Json& text) {
    return static_cast<std::uint32_t>(std::stoul(text.get<std::string>(), nullptr, 16));
  };
  Largest bits, normals;
  for (const Json& row : json.at("kat")) {
    const Json &c = row.at("counter"), &k = row.at("key");
    const auto found = philox({word(c[0]), word(c[1]), word(c[2]), word(c[3])}, {word(k[0]), word(k[1])});
    for (std::size_t i = 0; i < 4; ++i) bits.take(found[i] == word(row.at("out")[i]) ? 0 : 1);
  }
  for (const Json& row : json.at("box_muller")) {
    const Json &c = row.at("counter"), &k = row.at("key");
    const auto words = philox({c[0], c[1], c[2], c[3]}, {k[0], k[1]});
    const auto found = box_muller(words[0], words[1]);
    normals.take(std::abs(found[0] - row.at("normal_cos").get<double>()));
    normals.take(std::abs(found[1] - row.at("normal_sin").get<double>()));
  }
  return {compared("Philox words (0: equal)", bits.value(), 0),
          compared("Box-Muller normals", normals.value(), 1e-14)};
}

std::vector<CheckResult> spectra(const fs::path& file) {
  const Json json = read(file);
  Largest error;
  const auto model = [](const Json& row) {
    return metrology::RoughnessModel{
        .sigma_nm = row.at("sigma"), .correlation_nm = row.at("xi"), .hurst = row.at("H")};
  };
  for (const Json& row : json.at("continuum"))
    error.take(
        row.contains("f_per_nm")
            ? relative(metrology::roughness_psd_nm3(model(row), row.at("f_per_nm")), row.at("psd_nm3"))
            : relative(metrology::roughness_covariance_nm2(model(row), row.at("lag_nm")), row.at("acf_nm2")));
  for (const Json& row : json.at("discrete"))
    error.take(relative(metrology::expected_periodogram_nm3(model(row), row.at("N"),
                                                            row.at("dy_nm"))[row.at("k").get<std::size_t>()],
                        row.at("expected_periodogram_nm3")));
  for (const Json& row : json.at("finite_length")) {
    const auto found =
        metrology::finite_length(model(row), row.at("N").get<int>(), row.at("dy_nm").get<double>());
    error.take(relative(found.of_mean_nm * found.of_mean_nm, row.at("variance_of_line_mean_nm2")));
  }
  return {compared("spectra, covariances, finite lengths", error.value(), kClosedForm)};
}

std::vector<CheckResult> edge_sets(const fs::path& file) {
  const Json json = read(file);
  std::vector<CheckResult> results;
  for (const Json& set : json.at("sets")) {
    std::vector<std::vector<double>> edges(set.at("n_edges").get<std::size_t>());
    std::istringstream text(io::read_text(file.parent_path() / set.at("file").get<std::string>()));
    for (std::string line; std::getline(text, line);) {
      if (line.empty() || line.front() == '#') continue;
      std::istringstream row(line);
      std::string cell;
      for (std::size_t k = 0; std::getline(row, cell, ',') && k < edges.size(); ++k)
        edges[k].push_back(std::stod(cell));
    }
    const auto found = metrology::analyse_roughness(edges, set.at("dy_nm"), true);
    const auto& model = found.unbiased->model;
    const Json& fit = set.at("fit");
    Largest error;
    error.take(relative(found.biased_nm, set.at("biased_rms_about_line_mean")));
    error.take(relative(model.sigma_nm, fit.at("sigma")));
    error.take(relative(model.correlation_nm, fit.at("xi")));
    error.take(relative(model.hurst, fit.at("H")));
    error.take(relative(model.noise_nm, fit.at("sigma_noise")));
    results.push_back(
        compared("unbiased fit", error.value(), kRoughnessFit, "independent fit of the same model"));
    const Json& truth = set.at("truth");
    results.push_back(compared("sigma against the truth", relative(model.sigma_nm, truth.at("sigma")), 0.03));
  }
  Largest identities;
  for (const Json& row : json.at("lwr_from_edges")) {
    const auto line =
        metrology::line_roughness(row.at("sigma_left"), row.at("sigma_right"), row.at("edge_correlation"));
    identities.take(relative(line.lwr_nm, row.at("sigma_LWR")));
    identities.take(relative(line.placement_nm, row.at("sigma_PPR")));
  }
  for (const Json& row : json.at("cdu_lwr_conservation_H0p5")) {
    const auto length = metrology::finite_length(
        {.sigma_nm = row.at("sigma_LWR_inf"), .correlation_nm = row.at("xi"), .hurst = row.at("H")},
        row.at("L_nm").get<double>());
    identities.take(relative(length.of_mean_nm, row.at("sigma_CDU_of_mean")));
    identities.take(relative(length.within_nm, row.at("sigma_LWR_within")));
  }
  results.push_back(compared("width, placement, finite lines", identities.value(), kClosedForm));
  return results;
}

}  // namespace

std::vector<Case> resist_cases(const Folders& folders) {
  std::vector<Case> cases;
  const auto add = [&](const char* id, const char* title, const char* file, auto run) {
    const fs::path data = fs::path("resist") / file;
    if (fs::exists(folders.reference / data))
      cases.push_back({id, title, data, [run, data](const Folders& f) { return run(f.reference / data); }});
  };
  add("A01", "photons", "A01_photon_statistics.json", photon_statistics);
  add("A02", "Dill exposure", "A02_dill_exposure.json", exposure);
  add("A03", "diffusion", "A03_diffusion_closed_forms.json", diffusion);
  add("A04", "acid and quencher", "A04_acid_quencher_closed_forms.json", annihilation);
  add("A05", "development", "A05_development_rates.json", development_rates);
  add("A08", "process window of three beams", "A08_three_beam_process_window.json", three_beams);
  add("C01", "bake along a line", "C01_reaction_diffusion_1d.json", lateral_bake);
  add("C03", "bake through a film", "C03_peb_depth_robin.json", depth_bake);
  add("C04", "image to profile", "C04_full_chain_2d.json", full_chain);
  add("C05", "shot noise", "C05_shot_noise_ler.json", counting);
  add("C06", "contrast curves", "C06_contrast_curves.json", contrast_curves);
  add("S01", "random numbers", "S01_philox_kat.json", philox_answers);
  add("S02", "roughness spectra", "S02_ler_psd_closed_forms.json", spectra);
  add("S03", "edges with noise", "S03_ler_datasets.json", edge_sets);
  return cases;
}

}  // namespace undulith::flow::verify_cases
