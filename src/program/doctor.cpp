// SPDX-License-Identifier: MIT
#include "undulith/program/doctor.hpp"

#include <atomic>
#include <cmath>
#include <complex>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/flow/store.hpp"
#include "undulith/io/files.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/math/linear_algebra.hpp"
#include "undulith/results/build_facts.hpp"

namespace undulith::program {
namespace {

using Complex = std::complex<double>;

struct SelfTest {
  std::string name;
  double error = 0, limit = 0;
  [[nodiscard]] bool passed() const { return error <= limit; }  // false for NaN
};

/// A full, non-symmetric matrix without structure: its elements follow the golden angle.
std::vector<Complex> test_matrix(int n) {
  std::vector<Complex> matrix(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
  constexpr double kGoldenAngle = 2.39996322972865332;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    const double angle = kGoldenAngle * static_cast<double>(i + 1) * static_cast<double>(i % 97 + 1);
    matrix[i] = {std::cos(angle), std::sin(1.7 * angle)};
  }
  return matrix;
}

SelfTest eigenproblem_test() {
  // zgeev's backward error is a few n eps, 1e-14 at n = 200; a faulty kernel is wrong in the first digits.
  return {"eigenproblem n = 200, |AV - VL| / |A|",
          math::eigen_decomposition_general(test_matrix(200), 200).residual, 1e-12};
}

SelfTest thread_test() {
  constexpr int kSize = 60, kRepeats = 16;
  const std::vector<Complex> matrix = test_matrix(kSize);
  const auto alone = math::eigen_decomposition_general(matrix, kSize);
  std::atomic<int> different = 0;
  parallel_for(kRepeats, [&](int) {
    const auto result = math::eigen_decomposition_general(matrix, kSize);
    if (result.values != alone.values || result.vectors != alone.vectors) ++different;
  });
  return {"eigenproblems on all threads that differ from one", static_cast<double>(different), 0};
}

SelfTest fourier_test() {
  // One wave: cos(2 pi (a x/nx + b y/ny) + phase) has the single coefficient e^{i phase}/2 at (a, b).
  constexpr int kNx = 45, kNy = 32, kA = 7, kB = 5, kHalfX = kNx / 2 + 1;
  constexpr double kPhase = 0.3;
  std::vector<double> samples;
  for (int y = 0; y < kNy; ++y)
    for (int x = 0; x < kNx; ++x)
      samples.push_back(std::cos(2 * constants::kPi *
                                     (static_cast<double>(kA * x) / kNx + static_cast<double>(kB * y) / kNy) +
                                 kPhase));
  const std::vector<Complex> spectrum = math::forward_real(kNx, kNy, samples);
  double error = 0;
  for (int n = 0; n < kNy; ++n)
    for (int m = 0; m < kHalfX; ++m) {
      const Complex expected = m == kA && n == kB ? std::polar(0.5, kPhase) : 0;
      error = std::max(
          error, std::abs(spectrum[static_cast<std::size_t>(n * kHalfX + m)] / (1.0 * kNx * kNy) - expected));
    }
  // And back, from the coefficients of orders up to 8.
  constexpr int kOrders = 8;
  std::vector<Complex> half;
  for (int n = -kOrders; n <= kOrders; ++n)
    for (int m = 0; m <= kOrders; ++m) half.push_back(m == kA && n == kB ? std::polar(0.5, kPhase) : 0);
  const std::vector<double> back = math::inverse_real(kOrders, kOrders, half, kNx, kNy);
  for (std::size_t i = 0; i < samples.size(); ++i) error = std::max(error, std::abs(back[i] - samples[i]));
  return {"Fourier transform of a wave, there and back", error, 1e-13};
}

/// Hidden folders of killed runs here and in the folders here: results/.NAME... is one below.
std::vector<std::string> leftovers_here() {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  const auto add = [&](const fs::path& folder) {
    for (const fs::path& path : io::find_leftovers(folder)) found.push_back(path.lexically_normal().string());
  };
  add(".");
  std::error_code error;
  for (fs::directory_iterator it(".", error), end; !error && it != end; it.increment(error))
    if (std::error_code ignored; it->is_directory(ignored)) add(it->path());
  return found;
}

}  // namespace

DoctorReport run_doctor() {
  const std::vector<std::pair<std::string, std::string>> facts = results::build_facts();
  const std::vector<SelfTest> tests = {eigenproblem_test(), thread_test(), fourier_test()};

  DoctorReport report;
  nlohmann::ordered_json document;
  for (const auto& [name, value] : facts) {
    report.text += fmt::format("{:<16} {}\n", name, value);
    document["versions"][name] = value;
  }
  const io::Store* store = flow::store_in_use();
  const std::string cache = store != nullptr ? store->folder().string() : "";
  report.text += fmt::format("{:<16} {}\n", "cache", cache.empty() ? "none" : cache);
  document["cache"] = cache.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(cache);
  report.text += "\n";
  for (const SelfTest& test : tests) {
    report.passed = report.passed && test.passed();
    report.text += fmt::format("{:<6} {:<50} {:.1e} (limit {:.0e})\n", test.passed() ? "ok" : "FAILED",
                               test.name, test.error, test.limit);
    document["self_tests"].push_back(
        {{"name", test.name}, {"error", test.error}, {"limit", test.limit}, {"passed", test.passed()}});
  }
  if (!report.passed)
    report.text +=
        "\nA self-test failed: do not trust results of this installation. For the eigenproblem try another "
        "kernel: OPENBLAS_CORETYPE=Haswell undulith doctor\n";
  const std::vector<std::string> leftovers = leftovers_here();
  document["leftovers"] = leftovers;
  if (!leftovers.empty())
    report.text += "\nLeft by killed runs; remove them, or run again into the same folder:\n";
  for (const std::string& path : leftovers) report.text += fmt::format("  {}\n", path);
  document["passed"] = report.passed;
  report.json = document.dump(2) + "\n";
  return report;
}

}  // namespace undulith::program
