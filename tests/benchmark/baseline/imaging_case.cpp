// SPDX-License-Identifier: MIT
// One imaging case in one process: imaging_case NAME FILE writes the samples of the image to FILE (double, x fastest)
// and prints the processor time of the first and of the fastest call and the peak memory. Compiles against the
// headers of older revisions: what they lack is left out, and the case says so.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <span>
#include <string>

#include "benchmark_case.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/imaging/socs.hpp"

using namespace undulith;
using imaging::FieldModel;
using imaging::ImagingParameters;

namespace {

// False where the revision has no single precision.
template <class Parameters>
bool use_single(Parameters& parameters) {
  if constexpr (requires { parameters.precision = Parameters{}.precision; }) {
    parameters.precision = static_cast<decltype(parameters.precision)>(1);
    return true;
  }
  return false;
}

// Hands over all samples, of which one per cache line is looked at; an older revision has them in memory.
template <class Image>
double look_at_samples(const Image& image) {
  constexpr std::size_t kCacheLine = 8;
  double sum = 0;
  const auto look = [&](std::span<const double> rows) {
    for (std::size_t i = 0; i < rows.size(); i += kCacheLine) sum += rows[i];
  };
  if constexpr (requires { image.intensity.visit_rows([](int, std::span<const double>) {}); })
    image.intensity.visit_rows([&](int, std::span<const double> rows) { look(rows); });
  else
    look(image.intensity.values());
  return sum;
}

struct Case {
  const char* name;
  double size_nm, output_pitch_nm;
  FieldModel model;
  int kernels;  // 0: Abbe
  int repeats;
};
constexpr Case kCases[] = {
    {"2um", 2000, 1, FieldModel::scalar, 0, 5},          {"2um_10nm", 2000, 10, FieldModel::scalar, 0, 5},
    {"4um", 4000, 1, FieldModel::scalar, 0, 2},          {"10um", 10000, 1, FieldModel::scalar, 0, 1},
    {"vector", 2000, 1, FieldModel::vector, 0, 2},       {"socs", 2000, 1, FieldModel::scalar, 24, 5},
    {"socs_kernels", 2000, 1, FieldModel::scalar, 24, 1}};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string name = argv[1];
  const bool single = name.ends_with("_single");
  const auto* found = std::ranges::find_if(
      kCases, [&](const Case& c) { return name.substr(0, name.size() - (single ? 7 : 0)) == c.name; });
  if (found == std::end(kCases)) return 2;
  set_thread_count(argc > 3 ? std::stoi(argv[3]) : 1);
  ImagingParameters optics = benchmark::optics_of(found->model);
  optics.output_pitch_nm = found->output_pitch_nm;
  if (single && !use_single(optics)) {
    fmt::print("absent\n");
    return 0;
  }
  const illuminator::PupilFill fill = benchmark::annulus();
  const layout::Clip clip = benchmark::metal_tracks(found->size_nm);
  mask::Diffraction mask = benchmark::diffraction_of(clip, fill);
  double first_s = 0, best_s = INFINITY;
  imaging::AerialImage image;
  if (found->kernels > 0) {
    const double start = benchmark::cpu_s();
    optics.method = imaging::Method::socs;
    optics.socs.kernels = imaging::make_kernels(mask.cell, mask.max_order_x, mask.max_order_y,
                                                benchmark::kWavelengthNm, fill, optics, {}, found->kernels);
    first_s = best_s = benchmark::cpu_s() - start;
  }
  if (std::strcmp(found->name, "socs_kernels") == 0) {
    image = imaging::compute_aerial_image(mask, fill, optics);
  } else {
    best_s = INFINITY;
    for (int repeat = 0; repeat < found->repeats; ++repeat) {
      image = {};
      const double start = benchmark::cpu_s();
      mask = benchmark::diffraction_of(clip, fill);
      image = imaging::compute_aerial_image(mask, fill, optics);
      volatile double sum = look_at_samples(image);
      static_cast<void>(sum);
      const double seconds = benchmark::cpu_s() - start;
      if (repeat == 0) first_s = seconds;
      best_s = std::min(best_s, seconds);
    }
  }
  const double peak_mb = benchmark::peak_memory_mb();
  const auto samples = image.intensity.values();
  std::ofstream out(argv[2], std::ios::binary);
  out.write(reinterpret_cast<const char*>(samples.data()),
            static_cast<std::streamsize>(samples.size_bytes()));
  fmt::print("{:.4f} {:.4f} {:.0f} {:.0f}\n", first_s, best_s, peak_mb,
             static_cast<double>(samples.size_bytes()) / 1e6);
  return out ? 0 : 1;
}
