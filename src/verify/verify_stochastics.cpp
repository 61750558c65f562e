// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "undulith/core/parallel.hpp"
#include "undulith/io/files.hpp"
#include "undulith/metrology/failures.hpp"
#include "undulith/metrology/roughness.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/resist/exposure.hpp"
#include "undulith/resist/random_stream.hpp"
#include "verify/verify_resist.hpp"

/// Counting, shot noise, random numbers and roughness.
namespace undulith::verify {

Results photon_statistics(const Path& file) {
  constexpr double kTail = 1e-6;  // sums of thousands of terms
  constexpr double kWavelengthNm = 13.5;
  const Json json = read_json(file);
  Largest light, film, tails;
  for (const Json& row : json.at("wavelengths")) {
    // 1 mJ/cm2 = 1e-17 J/nm2; the energy of a photon in eV by the elementary charge.
    constexpr double kJoulePerNm2 = 1e-17, kElementaryCharge = 1.602176634e-19;
    const double density = resist::photons_per_nm2(1, row.at("wavelength_nm"));
    light.take(relative(density, row.at("photons_per_nm2_per_mJcm2")));
    light.take(relative(kJoulePerNm2 / density, row.at("photon_energy_J")));
    light.take(relative(kJoulePerNm2 / density / kElementaryCharge, row.at("photon_energy_eV")));
  }
  for (const Json& row : json.at("table_13p5nm")) {
    const double share = resist::absorbed_share(row.at("alpha_per_um"), row.at("thickness_nm")),
                 incident = resist::photons_per_nm2(row.at("dose_mJcm2"), kWavelengthNm),
                 absorbed = incident * share;
    film.take(relative(share, row.at("absorbed_fraction")));
    film.take(relative(incident, row.at("incident_photons_per_nm2")));
    film.take(relative(absorbed, row.at("absorbed_photons_per_nm2")));
    film.take(relative(1 / std::sqrt(absorbed), row.at("rel_sigma_in_1nm2")));
    film.take(relative(1 / std::sqrt(25 * absorbed), row.at("rel_sigma_in_5x5nm2")));
    film.take(relative(1 / std::sqrt(64 * kPi * absorbed), row.at("rel_sigma_in_16nm_diam_hole")));
  }
  for (const Json& row : json.at("poisson_lower_tails"))
    tails.take(relative(metrology::poisson_tail(row.at("mean"), row.at("k")), row.at("P_N_le_k")));
  return {compared("photons per dose", light.value(), kClosedForm),
          compared("absorption and shot noise", film.value(), kClosedForm),
          compared("Poisson tails", tails.value(), kTail)};
}

namespace {

// The image of the rows, 0.5 (1 + V cos(2 pi x / pitch)), as they name their parameters.
struct NoisyLines {
  explicit NoisyLines(const Json& p)
      : pitch_nm(p.at("pitch_nm")),
        visibility(p.at("V")),
        blur_nm(p.at("blur_sigma_nm")),
        length_nm(p.at("length_nm")),
        absorbed_per_nm2(resist::photons_per_nm2(p.at("dose_mJcm2"), 13.5) *
                         p.at("absorbed_fraction").get<double>()) {}
  double pitch_nm, visibility, blur_nm, length_nm;
  double absorbed_per_nm2;  ///< in the clear field

  [[nodiscard]] resist::BlurParameters blur() const {
    return {.sigma_nm = blur_nm, .direction = resist::BlurDirection::lateral};
  }
  /// The steepest place, a quarter of the pitch away from the brightest, keeps its intensity under blur.
  [[nodiscard]] double edge_intensity() const { return 0.5; }
  [[nodiscard]] double ils_per_nm() const {
    return visibility * resist::blur_transfer(blur(), 2 * kPi / pitch_nm) * 2 * kPi / pitch_nm;
  }
};

struct NoisyEdges {
  double sigma_nm = 0, mean_shift_nm = 0, psd0_nm3 = 0;
  double sigma_error_nm = 0;
  int n_edges = 0;
};

// Absorbed photons drawn node by node, blurred; the edges where the nominal dose cuts them.
NoisyEdges count_photons(const NoisyLines& lines, int n_edges) {
  // Nodes of at most 1 nm resolve everything that passes the blur.
  const int nodes = static_cast<int>(std::ceil(lines.pitch_nm)),
            ny = static_cast<int>(std::lround(lines.length_nm)), n_pitches = (n_edges + 1) / 2;
  const Grid3D grid{
      .nx = nodes * n_pitches, .ny = ny, .nz = 1, .dx = lines.pitch_nm / nodes, .dy = lines.length_nm / ny};
  Field3D<double> photons(grid);
  const double area = grid.dx * grid.dy;
  parallel_for(ny, [&](int iy) {
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double image = (1 + lines.visibility * std::cos(2 * kPi * grid.x(ix) / lines.pitch_nm)) / 2;
      const auto voxel = static_cast<std::uint64_t>(iy) * static_cast<std::uint64_t>(grid.nx) +
                         static_cast<std::uint64_t>(ix);
      VoxelRandom random = resist::random_of(1, resist::RandomStream::photons, voxel, 0);
      photons(0, iy, ix) = static_cast<double>(random.poisson(lines.absorbed_per_nm2 * image * area)) / area;
    }
  });
  const Field3D<double> counts = resist::blurred(photons, lines.blur());
  const double level = lines.absorbed_per_nm2 * lines.edge_intensity();
  std::vector<std::vector<double>> edges(static_cast<std::size_t>(2 * n_pitches),
                                         std::vector<double>(static_cast<std::size_t>(ny)));
  parallel_for(static_cast<int>(edges.size()), [&](int k) {
    // From the bright point to the right and to the left; outward shifts are positive.
    const int centre = k / 2 * nodes, side = k % 2 == 0 ? 1 : -1;
    for (int iy = 0; iy < ny; ++iy) {
      const auto at = [&](int step) {
        const int ix = (centre + side * step) % grid.nx;
        return counts(0, iy, ix < 0 ? ix + grid.nx : ix) - level;
      };
      int step = 0;
      while (step < nodes / 2 && at(step + 1) > 0) ++step;
      double low = 0, high = 1;  // of the step, by the cubic through four nodes
      const double f0 = at(step - 1), f1 = at(step), f2 = at(step + 1), f3 = at(step + 2);
      for (int i = 0; i < 40; ++i) {
        const double t = (low + high) / 2;
        const double value = -f0 * t * (t - 1) * (t - 2) / 6 + f1 * (t + 1) * (t - 1) * (t - 2) / 2 -
                             f2 * (t + 1) * t * (t - 2) / 2 + f3 * (t + 1) * t * (t - 1) / 6;
        (value > 0 ? low : high) = t;
      }
      edges[static_cast<std::size_t>(k)][static_cast<std::size_t>(iy)] =
          grid.dx * (step + low) - lines.pitch_nm / 4;
    }
  });
  NoisyEdges found{.n_edges = 2 * n_pitches};
  const auto analysed = metrology::analyse_roughness(edges, grid.dy, false);
  found.sigma_error_nm = analysed.standard_error_nm;
  // Roughness about the mean of all edges; along x the shifts of right and left edges have opposite
  // signs.
  const double n_samples = static_cast<double>(ny) * found.n_edges;
  double mean = 0, squares = 0;
  for (std::size_t k = 0; k < edges.size(); ++k)
    for (const double shift : edges[k]) {
      mean += shift / n_samples;
      squares += shift * shift / n_samples;
      found.mean_shift_nm += (k % 2 == 0 ? shift : -shift) / n_samples;
    }
  found.sigma_nm = std::sqrt(squares - mean * mean);
  constexpr int kLowest = 5;  // bins of the spectrum, as the reference's
  for (int k = 0; k < kLowest; ++k) found.psd0_nm3 += analysed.psd_nm3[static_cast<std::size_t>(k)] / kLowest;
  return found;
}

void take_noisy_lines(const Json& row, Largest& linear_error, Largest& theory, Largest& monte_carlo) {
  const NoisyLines lines(row.at("params"));
  const Json &linear = row.at("linear_prediction"), &counted = row.at("monte_carlo");
  const double density = lines.absorbed_per_nm2 * lines.edge_intensity(), ils = lines.ils_per_nm();
  const double sigma = resist::linear_ler_nm(density, lines.blur_nm, ils);
  const double psd0 = sigma * sigma * 2 * std::sqrt(kPi) * lines.blur_nm;
  linear_error.take(relative(density, linear.at("n_abs_at_edge_per_nm2")));
  linear_error.take(
      relative(resist::linear_ler_nm(density, lines.blur_nm, 1), linear.at("rel_noise_blurred")));
  linear_error.take(relative(ils, linear.at("ILS_blurred_per_nm")));
  linear_error.take(relative(sigma, linear.at("sigma_LER_nm")));
  linear_error.take(relative(psd0, linear.at("PSD0_nm3")));
  theory.take(relative(sigma, counted.at("sigma_LER_nm")));

  // In standard errors of the difference of two Monte Carlo results.
  const NoisyEdges found = count_photons(lines, counted.at("n_edges"));
  const double samples_nm = lines.length_nm;
  const auto take = [&](double ours, const char* key, double our_error, double its_error) {
    monte_carlo.take(std::abs(ours - counted.at(key).get<double>()) / std::hypot(our_error, its_error));
  };
  take(found.sigma_nm, "sigma_LER_nm", found.sigma_error_nm, counted.at("stderr_nm"));
  constexpr double kBins = 5;
  take(found.psd0_nm3, "PSD0_nm3", found.psd0_nm3 / std::sqrt(kBins * found.n_edges),
       counted.at("PSD0_stderr"));
  // The mean of an edge of length L varies by PSD(0) / L.
  take(found.mean_shift_nm, "mean_edge_shift_nm", std::sqrt(psd0 / (samples_nm * found.n_edges)),
       std::sqrt(psd0 / (samples_nm * counted.at("n_edges").get<double>())));
}

}  // namespace

Results counting(const Path& file) {
  const Json json = read_json(file);
  Largest exact, linear, theory, monte_carlo;
  for (const Json& row : json.at("acid_count_exact")) {
    const auto found = resist::acid_statistics(row.at("mean_photons"), row.at("CE"), row.at("mean_PAG"));
    exact.take(relative(found.mean, row.at("mean_acid")));
    exact.take(relative(found.variance, row.at("var_acid")));
    exact.take(relative(found.variance / (found.mean * found.mean), row.at("rel_var")));
    exact.take(relative(found.linear_relative_variance, row.at("mack_linearised_rel_var")));
  }
  for (const Json& row : json.at("compound_poisson")) {
    const double fano =
        resist::compound_fano(row.at("electrons_per_photon_mean"), row.at("electrons_per_photon_var"));
    const double mean =
        row.at("mean_photons").get<double>() * row.at("electrons_per_photon_mean").get<double>();
    exact.take(relative(fano, row.at("fano")));
    exact.take(relative(mean, row.at("mean")));
    exact.take(relative(fano * mean, row.at("var")));
  }
  for (const Json& row : json.at("Z_factor"))
    exact.take(relative(
        resist::z_factor_mj_nm3(row.at("half_pitch_nm"), row.at("LER_3sigma_nm"), row.at("dose_mJcm2")),
        row.at("Z_mJ_nm3")));
  for (const Json& row : json.at("rows")) take_noisy_lines(row, linear, theory, monte_carlo);
  constexpr double kLinear = 1.5e-2;  // linear theory against a Monte Carlo of 0.5 %
  constexpr double kStandardErrors = 3;
  return {compared("acids, electrons, Z", exact.value(), kClosedForm),
          compared("linear noise, log-slope, roughness, spectrum", linear.value(), kClosedForm),
          compared("linear roughness compared with Monte Carlo", theory.value(), kLinear),
          compared("edges from blurred photons compared with Monte Carlo, in standard errors",
                   monte_carlo.value(), kStandardErrors, "roughness, spectrum at 0, mean shift")};
}

// Several groups on one commercial resist: bands of what is plausible, for batches and bakes differ.
Results measured_resist(const Path& file) {
  const Json json = read_json(file);
  constexpr double kPublished = 0.01;  // transmittance and rates are published with two or three digits
  constexpr double kAcids = 0.5;       // acids per photon: the density of the PAG is not published
  constexpr double kLength = 0.3;      // of measured correlation lengths
  const Json& film = json.at("lbnl");
  const double alpha = film.at("alpha_per_um");
  resist::ResistParameters resist{.model = resist::ResistModel::chemically_amplified};
  resist.film.dill_b_per_um = alpha;
  resist.exposure.dill_c_cm2_mj = film.at("C_cm2_mJ");
  const double acids = resist::yield_per_photon(resist, 13.5);

  const Json& mack = json.at("sekiguchi");
  const resist::DevelopmentParameters rates = mack_of(mack);
  Largest ends;
  ends.take(relative(resist::development_rate_nm_s(rates, 0), mack.at("Rmax")));
  ends.take(relative(resist::development_rate_nm_s(rates, 1), mack.at("Rmin")));

  // Edges of a Gaussian blur keep 1/e of their correlation over twice its rms.
  Largest lengths;
  const double rms_per_width = 1 / (2 * std::sqrt(2 * std::numbers::ln2));
  for (const Json& row : json.at("anderson"))
    lengths.take(
        relative(2 * rms_per_width * row.at("blur_contact_FWHM_nm").get<double>(), row.at("corr_len_nm")));
  return {compared("transmittance of the film",
                   std::abs(1 - resist::absorbed_share(alpha, film.at("film_nm")) -
                            film.at("transmittance").get<double>()),
                   kPublished),
          compared("acids per absorbed photon, relative",
                   relative(acids, film.at("acids_per_absorbed_photon")), kAcids,
                   fmt::format("PAG density not published: {} per nm3 assumed", resist.exposure.pag_per_nm3)),
          compared("rates of deprotected and of protected resist, relative", ends.value(), kPublished),
          compared("correlation length of edges compared with twice the blur, relative", lengths.value(),
                   kLength)};
}

Results philox_answers(const Path& file) {
  const Json json = read_json(file);
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

Results spectra(const Path& file) {
  const Json json = read_json(file);
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
  for (const Json& row : json.at("discrete")) {
    const double step = row.at("dy_nm");
    const int n = row.at("N"), k = row.at("k");
    error.take(relative(metrology::expected_periodogram_nm3(model(row), n, step)[static_cast<std::size_t>(k)],
                        row.at("expected_periodogram_nm3")));
    error.take(
        relative(metrology::roughness_psd_nm3(model(row), k / (n * step)), row.at("continuum_psd_nm3")));
  }
  for (const Json& row : json.at("finite_length")) {
    const auto found =
        metrology::finite_length(model(row), row.at("N").get<int>(), row.at("dy_nm").get<double>());
    error.take(relative(found.of_mean_nm * found.of_mean_nm, row.at("variance_of_line_mean_nm2")));
    error.take(relative(found.within_nm * found.within_nm, row.at("expected_sample_variance_nm2_ddof0")));
  }
  return {compared("spectra, covariances, finite lengths", error.value(), kClosedForm)};
}

namespace {

// Columns of a table of numbers: the edges.
std::vector<std::vector<double>> read_edges(const Path& csv, std::size_t n_edges) {
  std::vector<std::vector<double>> edges(n_edges);
  std::istringstream text(io::read_text(csv));
  for (std::string line; std::getline(text, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream row(line);
    std::string cell;
    for (std::size_t k = 0; std::getline(row, cell, ',') && k < edges.size(); ++k)
      edges[k].push_back(std::stod(cell));
  }
  return edges;
}

void compare_edges(const Json& set, const std::string& name, const std::vector<std::vector<double>>& edges,
                   Results& results) {
  const auto found = metrology::analyse_roughness(edges, set.at("dy_nm"), true);
  // The mean of the spectrum over the highest tenth of its frequencies, and what is left without it.
  double floor = 0;
  int n_floor = 0;
  for (std::size_t k = 0; k < found.frequency_per_nm.size(); ++k)
    if (found.frequency_per_nm[k] >= 0.9 * found.frequency_per_nm.back()) {
      floor += found.psd_nm3[k];
      ++n_floor;
    }
  floor /= n_floor;
  Largest samples;
  samples.take(relative(found.biased_nm, set.at("biased_rms_about_line_mean")));
  samples.take(relative(found.psd_nm3.front(), set.at("psd_low_k1")));
  samples.take(relative(floor, set.at("noise_floor_mean_top10pct_freq_nm3")));
  samples.take(relative(std::sqrt(found.biased_nm * found.biased_nm - floor / found.step_nm),
                        set.at("unbiased_rms_simple")));
  results.push_back(
      compared(name + ": rms, spectrum and floor of the samples", samples.value(), kClosedForm));

  // Deviations of sigma, xi and H, each over the allowed one: 3 %, 15 %, 0.1.
  const metrology::RoughnessModel model =
      found.unbiased ? found.unbiased->model : metrology::RoughnessModel{};
  const auto beyond = [&](const Json& expected) {
    Largest share;
    if (!found.unbiased) return share.value();
    share.take(relative(model.sigma_nm, expected.at("sigma")) / 0.03);
    share.take(relative(model.correlation_nm, expected.at("xi")) / 0.15);
    share.take(std::abs(model.hurst - expected.at("H").get<double>()) / 0.1);
    return share.value();
  };
  results.push_back(compared(name + ": unbiased fit, deviation from the truth over the allowed one",
                             beyond(set.at("truth")), 1, "sigma 3 %, xi 15 %, H 0.1"));
  constexpr double kSameModel = 0.1;  // both are least squares on the same spectrum
  results.push_back(compared(name + ": unbiased fit, deviation from an independent fit over the allowed one",
                             beyond(set.at("fit")), kSameModel, "least squares on the same spectrum"));
}

}  // namespace

Results edge_sets(const Path& file) {
  const Json json = read_json(file);
  Results results;
  for (const Json& set : json.at("sets")) {
    const std::string csv = set.at("file"), name = Path(csv).stem().string();
    if (!std::filesystem::exists(file.parent_path() / csv))
      results.push_back(skipped(name, "needs " + csv));
    else
      compare_edges(set, name, read_edges(file.parent_path() / csv, set.at("n_edges")), results);
  }
  if (results.empty()) results.push_back(compared("no edges", Largest{}.value(), 0));
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

}  // namespace undulith::verify
