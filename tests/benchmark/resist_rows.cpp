// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "benchmark_case.hpp"
#include "undulith/job/job.hpp"
#include "undulith/metrology/profile.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/resist/resist.hpp"
#include "undulith/study/focus_exposure.hpp"

namespace undulith::benchmark {
namespace {

using metrology::Feature;
using metrology::Gauge;
using resist::ImageInResist;
using resist::ResistParameters;
using resist::ResistResult;

constexpr double kChain2dSeconds = 0.060, kMatrixSeconds = 20, kMatrixThresholdSeconds = 0.5,
                 kFilm3dSeconds = 8, kRealisationSeconds = 4;
// What the nodes of 1 nm leave of a CD, and the interpolation of edges between them.
constexpr double kChainErrorNm = 0.1;
constexpr double kPi = std::numbers::pi;

ResistParameters generic_resist() {
  return {.model = resist::ResistModel::chemically_amplified};
}

// 0.40 + 0.36 cos at pitch 36 nm, and the same along y for holes.
ImageInResist image_of(const Grid3D& grid, double pitch_nm) {
  ImageInResist image{.intensity = Field3D<double>(grid)};
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) {
        const double across = std::cos(2 * kPi * grid.x(ix) / pitch_nm);
        image.intensity(iz, iy, ix) =
            grid.ny == 1 ? 0.40 + 0.36 * across
                         : 0.40 + 0.18 * (across + std::cos(2 * kPi * grid.y(iy) / pitch_nm));
      }
  return image;
}

layout::Clip empty_cell(const Grid3D& grid) {
  return layout::make_clip(Box{0, 0, grid.nx * grid.dx, std::max(1.0, grid.ny * grid.dy)}, {});
}

double width_at(const ResistResult& film, double x_nm, double y_nm, double length_nm) {
  const Gauge gauge{
      .name = "space", .x_nm = x_nm, .y_nm = y_nm, .length_nm = length_nm, .feature = Feature::bright};
  return metrology::measure_profile(film.profile, empty_cell(film.profile.arrival_time_s.grid()),
                                    Feature::bright, {gauge}, 0.5)
      .gauges.front()
      .at_cd_height.cd_nm.value_or(NAN);
}

void row(const std::string& name, double seconds, double error, double memory_mb, const std::string& remark) {
  fmt::print("{:<52} {:>9.3f} {:>10} {:>9.0f}   {}\n", name, seconds,
             std::isnan(error) ? std::string("-") : fmt::format("{:.1e}", error), memory_mb, remark);
}

template <class Work>
double timed(int repeats, const Work& work) {
  double least = INFINITY;
  for (int i = 0; i < repeats; ++i) {
    const double start = cpu_s();
    work();
    least = std::min(least, cpu_s() - start);
  }
  return least;
}

Requirement chain_2d() {
  constexpr double kPitchNm = 36, kDose = 16;
  const ResistParameters resist = generic_resist();
  const auto width = [&](double step_nm, const ResistParameters& p) {
    const Grid3D grid{.nx = static_cast<int>(kPitchNm / step_nm),
                      .ny = 1,
                      .nz = static_cast<int>(40 / step_nm) + 1,
                      .dx = step_nm,
                      .dz = step_nm};
    return width_at(resist::develop(image_of(grid, kPitchNm), p, kDose), 0, 0, 34);
  };
  double cd_nm = 0;
  reset_peak_memory();
  const double seconds = timed(5, [&] { cd_nm = width(1, resist); });
  const double memory_mb = peak_memory_mb();
  ResistParameters fine = resist;
  fine.bake.max_error = 1e-5;
  const double error_nm = std::abs(cd_nm - width(0.125, fine));
  row("image to profile and CD, 36 x 41 nodes", seconds, error_nm, memory_mb,
      "error of CD, nm, against 0.125 nm");
  return {fmt::format("2-D chain in {:.0f} ms ({:.0f}), CD within {} nm", 1000 * kChain2dSeconds,
                      1000 * seconds, kChainErrorNm),
          seconds <= kChain2dSeconds && error_nm <= kChainErrorNm};
}

// The matrix of an example's job: all images, then every focus and dose.
std::vector<Requirement> matrices() {
  constexpr int kValues = 21;
  const job::ReadJob read = job::read_job(UNDULITH_SOURCE_DIR "/examples/05-line-space-resist/job.toml");
  std::vector<double> focus_nm, dose_mj_cm2;
  for (int i = 0; i < kValues; ++i) {
    focus_nm.push_back(-80 + 8.0 * i);
    dose_mj_cm2.push_back(read.job.throughput.dose_mj_cm2 * (0.7 + 0.03 * i));
  }
  std::vector<metrology::GaugeResult> gauges;
  for (const Gauge& gauge : read.job.metrology.gauges)
    gauges.push_back({.gauge = gauge, .target_cd_nm = gauge.target_cd_nm});
  const auto matrix_of = [&](const study::FocusSeries& series) {
    return study::compute_matrices(series.prepared, study::seen_by_resist(series), dose_mj_cm2, gauges, {});
  };
  const auto count = [](const std::vector<metrology::FocusExposureMatrix>& matrices) {
    std::size_t printed = 0, all = 0;
    for (const auto& matrix : matrices)
      for (const auto& cd : matrix.cd_nm) ++all, printed += cd ? 1 : 0;
    return fmt::format("{} of {} CDs print", printed, all);
  };
  std::vector<Requirement> requirements;

  reset_peak_memory();
  std::vector<metrology::FocusExposureMatrix> found;
  const double film_s =
      timed(1, [&] { found = matrix_of(study::compute_focus_series(read.job, focus_nm, {})); });
  row(fmt::format("{0} x {0} matrix with the 2-D chain, images included", kValues), film_s, NAN,
      peak_memory_mb(), count(found) + "; OpEnUV 25 to 35 s, scalar, 1-D mask");
  requirements.push_back({fmt::format("{0} x {0} matrix with the 2-D chain in {1} CPU-s ({2:.1f})", kValues,
                                      kMatrixSeconds, film_s),
                          film_s <= kMatrixSeconds});

  job::Job threshold = read.job;
  threshold.resist.model = resist::ResistModel::blurred_threshold;
  const study::FocusSeries series = study::compute_focus_series(threshold, focus_nm, {});
  reset_peak_memory();
  const double threshold_s = timed(3, [&] { found = matrix_of(series); });
  row(fmt::format("{0} x {0} matrix with the blurred threshold, after imaging", kValues), threshold_s, NAN,
      peak_memory_mb(), count(found));
  requirements.push_back(
      {fmt::format("{0} x {0} matrix with the blurred threshold in {1} s after imaging ({2:.2f})", kValues,
                   kMatrixThresholdSeconds, threshold_s),
       threshold_s <= kMatrixThresholdSeconds});
  return requirements;
}

Requirement film_3d() {
  constexpr double kPitchNm = 32, kDose = 17;
  const ResistParameters resist = generic_resist();
  const auto film = [&](const Grid3D& grid) {
    return resist::develop(image_of(grid, kPitchNm), resist, kDose);
  };
  const Grid3D grid{.nx = 128, .ny = 128, .nz = 41};
  reset_peak_memory();
  double cd_nm = 0;
  const double seconds = timed(2, [&] { cd_nm = width_at(film(grid), 0, 0, 30); });
  const double memory_mb = peak_memory_mb();
  // One period on nodes of a quarter of a nanometre tells what those of one leave.
  const Grid3D fine{.nx = 128, .ny = 128, .nz = 161, .dx = 0.25, .dy = 0.25, .dz = 0.25};
  const double error_nm = std::abs(cd_nm - width_at(film(fine), 0, 0, 30));
  row("exposure, bake and development of 128 x 128 x 41 nodes", seconds, error_nm, memory_mb,
      "error of CD, nm, against 0.25 nm");
  return {fmt::format("3-D bake and development in {} CPU-s ({:.1f})", kFilm3dSeconds, seconds),
          seconds <= kFilm3dSeconds};
}

Requirement realisation() {
  constexpr double kPitchNm = 40, kDose = 30;
  const ResistParameters resist = generic_resist();
  const Grid3D grid{.nx = 200, .ny = 200, .nz = 41};
  const ImageInResist image = image_of(grid, kPitchNm);
  reset_peak_memory();
  resist::StochasticResult one;
  const double seconds =
      timed(2, [&] { one = resist::develop_stochastic(image, resist, kDose, {.n_realisations = 1}, 0); });
  row("one realisation, 200 x 200 x 40 nm, voxels of 1 nm", seconds, NAN, peak_memory_mb(),
      fmt::format("{:.3g} photons, {:.3g} acids, {:.3g} nodes of the front", one.counts.photons_absorbed,
                  one.counts.acids, one.result.profile.report.n_nodes));
  return {fmt::format("one realisation from photons to profile in {} CPU-s ({:.1f})", kRealisationSeconds,
                      seconds),
          seconds <= kRealisationSeconds};
}

}  // namespace

std::vector<Requirement> resist_rows() {
  fmt::print("\ngeneric chemically amplified resist, 40 nm\n{:<52} {:>9} {:>10} {:>9}\n", "work", "CPU s",
             "error", "peak MB");
  std::vector<Requirement> requirements{chain_2d()};
  for (Requirement& of_matrix : matrices()) requirements.push_back(std::move(of_matrix));
  requirements.push_back(film_3d());
  requirements.push_back(realisation());
  return requirements;
}

}  // namespace undulith::benchmark
