// SPDX-License-Identifier: MIT
#include "benchmark_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <random>

namespace undulith::benchmark {

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";
}
double peak_memory_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1000;
  return NAN;
}

layout::Clip metal_tracks(double size_nm) {
  layout::Clip clip{{0, 0, size_nm, size_nm}, {0, 0, size_nm, size_nm}, {}};
  std::mt19937 engine(2026);
  std::uniform_int_distribution<int> length(60, 700), gap(18, 60);
  for (int track = 0; track * 36 + 27 < size_nm; ++track) {
    const double y0 = 9 + 36 * track;
    for (double x0 = gap(engine); x0 < size_nm - 40;) {
      const double x1 = std::min(x0 + length(engine), size_nm - 9);
      clip.rings.push_back({{x0, y0}, {x1, y0}, {x1, y0 + 18}, {x0, y0 + 18}});
      x0 = x1 + gap(engine);
    }
  }
  return clip;
}

illuminator::PupilFill annulus() {
  std::vector<illuminator::SourcePoint> points;
  const double step = kWavelengthNm / kNa / 1000;
  for (int j = -60; j <= 60; ++j)
    for (int i = -60; i <= 60; ++i)
      if (const double r = step * std::hypot(i, j); r >= 0.5 && r <= 0.9)
        points.push_back({.sigma_x = step * i, .sigma_y = step * j});
  return illuminator::make_pupil_fill(std::move(points));
}

double largest_difference(std::span<const double> a, std::span<const double> b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

mask::Diffraction diffraction_of(const layout::Clip& clip, const illuminator::PupilFill& fill) {
  return mask::compute_thin_diffraction(
      {clip}, {.amplitudes = mask::Amplitudes::given}, kWavelengthNm,
      imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, fill.sigma_max));
}

imaging::ImagingParameters optics_of(imaging::FieldModel model) {
  imaging::ImagingParameters optics{.na = kNa, .output_pitch_nm = 1, .field_model = model};
  if (model == imaging::FieldModel::scalar) optics.obliquity = imaging::Obliquity::none;
  return optics;
}

void print(const Row& row, double reference_s) {
  fmt::print("{:<44} {:>10.3f} {:>9.1f}x {:>10.1e} {:>9.0f}   {}\n", row.name, row.seconds,
             reference_s / row.seconds, row.error, row.memory_mb, row.remark);
}

}  // namespace undulith::benchmark
