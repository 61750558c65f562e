// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <random>

#include "undulith/core/error.hpp"
#include "undulith/imaging/socs.hpp"
#include "undulith/layout/clip.hpp"

namespace {

using namespace undulith;
using imaging::AerialImage;
using imaging::FieldModel;
using imaging::ImagingParameters;
using imaging::SocsKernels;

constexpr double kNa = 0.33, kWavelengthNm = 13.5;

illuminator::PupilFill annulus(int points_across, double inner = 0.5, double outer = 0.9) {
  std::vector<illuminator::SourcePoint> points;
  for (int j = 0; j < points_across; ++j)
    for (int i = 0; i < points_across; ++i) {
      const double x = (2 * i + 1.0) / points_across - 1, y = (2 * j + 1.0) / points_across - 1,
                   r = std::hypot(x, y);
      if (r >= inner && r <= outer) points.push_back({.sigma_x = x, .sigma_y = y});
    }
  return illuminator::make_pupil_fill(std::move(points));
}

// Rectangles on an 18 nm grid, at random; they do not overlap.
mask::Diffraction random_clip(double size_nm, unsigned seed, double sigma_max) {
  layout::Clip clip{{0, 0, size_nm, size_nm}, {0, 0, size_nm, size_nm}, {}};
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (double y = 9; y + 18 < size_nm; y += 36)
    for (double x = 9 + 30 * uniform(engine); x + 20 < size_nm;) {
      const double x1 = std::min(size_nm - 5, x + 20 + 150 * uniform(engine));
      clip.rings.push_back({{x, y}, {x1, y}, {x1, y + 18}, {x, y + 18}});
      x = x1 + 18 + 60 * uniform(engine);
    }
  return mask::compute_thin_diffraction(
      {clip}, {.amplitudes = mask::Amplitudes::given, .absorber_amplitude = {-0.1, 0.1}}, kWavelengthNm,
      imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, sigma_max));
}

double largest_difference(const AerialImage& a, const AerialImage& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.intensity.values().size(); ++i)
    largest = std::max(largest, std::abs(a.intensity.values()[i] - b.intensity.values()[i]));
  return largest;
}

ImagingParameters optics_of(FieldModel model, double focus_nm = 0) {
  return {.na = kNa, .focus_nm = focus_nm, .output_pitch_nm = 2, .field_model = model};
}

ImagingParameters with_kernels(ImagingParameters optics, int n_kernels) {
  optics.method = imaging::Method::socs;
  optics.socs.n_kernels = n_kernels;
  return optics;
}

}  // namespace

TEST_CASE("socs: all kernels give Abbe's image", "[validation][imaging]") {
  const auto fill = annulus(13);
  const auto clip = random_clip(180, 1, fill.sigma_max);
  for (const FieldModel model : {FieldModel::scalar, FieldModel::vector})
    for (const double focus_nm : {0.0, 40.0}) {
      const ImagingParameters optics = optics_of(model, focus_nm);
      const AerialImage exact = imaging::compute_aerial_image(clip, fill, optics);
      const AerialImage all = imaging::compute_aerial_image(clip, fill, with_kernels(optics, 100000));
      CHECK(all.n_kernels > 0);
      CHECK(largest_difference(all, exact) < 1e-12);
      REQUIRE(all.error_bound.has_value());
      CHECK(*all.error_bound < 1e-11);
    }
}

TEST_CASE("socs: the error never exceeds its bound on random clips", "[property][imaging]") {
  const auto fill = annulus(15);
  double loosest = 0, tightest = 1e9;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const FieldModel model = seed % 2 ? FieldModel::scalar : FieldModel::vector;
    const auto clip = random_clip(150 + 10 * seed, 100 + seed, fill.sigma_max);
    const ImagingParameters optics = optics_of(model, seed % 3 ? 0 : 30);
    const AerialImage exact = imaging::compute_aerial_image(clip, fill, optics);
    for (const int n_kernels : {1, 6, 24}) {
      const AerialImage image = imaging::compute_aerial_image(clip, fill, with_kernels(optics, n_kernels));
      const double error = largest_difference(image, exact);
      CAPTURE(seed, n_kernels, error);
      REQUIRE(image.error_bound.has_value());
      CHECK(error <= *image.error_bound);
      CHECK(image.n_kernels == n_kernels);
      loosest = std::max(loosest, *image.error_bound / error);
      tightest = std::min(tightest, *image.error_bound / error);
    }
  }
  CAPTURE(loosest, tightest);
  // A bound that says nothing would be no use either.
  CHECK(loosest < 100);
}

TEST_CASE("socs: eigenvalues fall, and with what is left out sum to the trace", "[property][imaging]") {
  const auto fill = annulus(13);
  const ImagingParameters optics = optics_of(FieldModel::vector, 20);
  const Box cell{0, 0, 150, 120};
  const auto kernels = [&](int count) {
    return imaging::make_kernels(cell, 6, 5, kWavelengthNm, fill, optics, {20, 0}, count);
  };
  const SocsKernels few = kernels(10), all = kernels(10000);
  CHECK(std::ranges::is_sorted(all.eigenvalues, std::greater<>{}));
  const auto sum = [](const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
  };
  const double trace = sum(all.eigenvalues) + sum(all.left_out);
  CHECK(sum(all.left_out) < 1e-10 * trace);
  CHECK(sum(few.eigenvalues) + sum(few.left_out) == Approx(trace).epsilon(1e-12));
  REQUIRE(few.next_eigenvalue.has_value());
  CHECK(*few.next_eigenvalue == Approx(all.eigenvalues[10]).epsilon(1e-10));
  for (std::size_t k = 0; k < few.eigenvalues.size(); ++k) {
    double norm = 0;
    for (std::size_t f = 0; f < few.size(); ++f) norm += std::norm(few.values[k * few.size() + f]);
    CHECK(norm == Approx(1).epsilon(1e-10));
  }
}

TEST_CASE("socs: the Krylov space finds the eigenvalues of the whole matrix", "[validation][imaging]") {
  // 5 fields a point: above the limit with 301 points; the same points as scalar sources are below it.
  const auto fill = annulus(26);
  REQUIRE(5 * fill.points.size() > static_cast<std::size_t>(imaging::kDenseLimit));
  const ImagingParameters optics = optics_of(FieldModel::vector);
  const Box cell{0, 0, 200, 200};
  const SocsKernels krylov = imaging::make_kernels(cell, 9, 9, kWavelengthNm, fill, optics, {}, 20);
  const SocsKernels dense = imaging::make_kernels(cell, 9, 9, kWavelengthNm, fill, optics, {}, 2000);
  REQUIRE(krylov.eigenvalues.size() == 20);
  for (std::size_t k = 0; k < 20; ++k)
    CHECK(std::abs(krylov.eigenvalues[k] - dense.eigenvalues[k]) < 1e-8 * dense.eigenvalues[0]);
}

TEST_CASE("socs: kernels are unique", "[validation][imaging]") {
  // A source with the symmetry of a square in a square cell: pairs of equal eigenvalues.
  constexpr double kCell_nm = 140;
  const Box cell{0, 0, kCell_nm, kCell_nm};
  const ImagingParameters optics = optics_of(FieldModel::scalar, 30);
  auto fill = annulus(14);
  const int order =
      static_cast<int>(kCell_nm * imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, fill.sigma_max));
  const auto kernels_of = [&](int n_kernels) {
    return imaging::make_kernels(cell, order, order, kWavelengthNm, fill, optics, {30, 0}, n_kernels);
  };
  const SocsKernels kernels = kernels_of(12);
  int pairs = 0;
  for (std::size_t k = 0; k + 1 < kernels.eigenvalues.size(); ++k)
    pairs += kernels.eigenvalues[k] - kernels.eigenvalues[k + 1] < 1e-9 * kernels.eigenvalues[k] ? 1 : 0;
  CHECK(pairs >= 2);
  // The first kernel of each eigenvalue has a largest element that is real and positive.
  for (std::size_t k = 0; k < kernels.eigenvalues.size(); ++k) {
    if (k > 0 && kernels.eigenvalues[k - 1] - kernels.eigenvalues[k] < 1e-9 * kernels.eigenvalues[k - 1])
      continue;
    const auto begin = kernels.values.begin() + static_cast<std::ptrdiff_t>(k * kernels.size());
    double largest = 0;
    for (std::size_t f = 0; f < kernels.size(); ++f) largest = std::max(largest, std::abs(begin[f]));
    bool found = false;
    for (std::size_t f = 0; f < kernels.size() && !found; ++f)
      found = std::abs(begin[f]) >= (1 - 1e-6) * largest && begin[f].real() > 0 &&
              std::abs(begin[f].imag()) < 1e-10;
    CHECK(found);
  }
  // The order of the source points changes all sums, and so what an eigensolver makes of free phases and
  // bases; a cut through a pair of equal eigenvalues changes nothing either.
  std::mt19937_64 engine(3);
  std::shuffle(fill.points.begin(), fill.points.end(), engine);
  constexpr double kSame = 1e-9;
  for (const int n_kernels : {12, 11, 7}) {
    const SocsKernels other = kernels_of(n_kernels);
    REQUIRE(other.eigenvalues.size() == static_cast<std::size_t>(n_kernels));
    double difference = 0;
    for (std::size_t i = 0; i < other.values.size(); ++i)
      difference = std::max(difference, std::abs(other.values[i] - kernels.values[i]));
    CHECK(difference < kSame);
  }
}

TEST_CASE("socs: the error falls with the number of kernels as a power", "[validation][imaging]") {
  const auto fill = annulus(25);
  const auto clip = random_clip(500, 7, fill.sigma_max);
  const ImagingParameters optics = optics_of(FieldModel::scalar);
  const AerialImage exact = imaging::compute_aerial_image(clip, fill, optics);
  const auto error = [&](int n_kernels) {
    return largest_difference(imaging::compute_aerial_image(clip, fill, with_kernels(optics, n_kernels)),
                              exact);
  };
  const double coarse = error(8), fine = error(64);
  const double rate = std::log(coarse / fine) / std::log(8.0);
  CAPTURE(coarse, fine, rate);
  // A hard rim lets the tail of the eigenvalues fall algebraically: about K^-0.65 for wide cells.
  CHECK(rate > 0.4);
  CHECK(rate < 2.5);
}

TEST_CASE("socs: a requested error is met", "[property][imaging]") {
  const auto fill = annulus(13);
  const auto clip = random_clip(220, 9, fill.sigma_max);
  for (const double request : {0.1, 0.02}) {
    ImagingParameters optics = with_kernels(optics_of(FieldModel::scalar), 1);
    optics.socs.requested_error = request;
    const AerialImage image = imaging::compute_aerial_image(clip, fill, optics);
    CHECK(*image.error_bound <= request);
    CHECK(image.n_kernels < static_cast<int>(fill.points.size()));
    CHECK(largest_difference(
              image, imaging::compute_aerial_image(clip, fill, optics_of(FieldModel::scalar))) <= request);
  }
}

TEST_CASE("socs: kernels that are given do as those made on the way, or are refused", "[unit][imaging]") {
  const auto fill = annulus(11);
  const auto clip = random_clip(160, 11, fill.sigma_max);
  ImagingParameters optics = with_kernels(optics_of(FieldModel::vector, 15), 12);
  const AerialImage computed = imaging::compute_aerial_image(clip, fill, optics);
  optics.socs.kernels = imaging::make_kernels(clip.cell, clip.max_order_x, clip.max_order_y, kWavelengthNm,
                                              fill, optics, {15, 0}, 12);
  const AerialImage given = imaging::compute_aerial_image(clip, fill, optics);
  CHECK(largest_difference(given, computed) < 1e-13);
  // Without what is left out there is neither the exact mean nor a bound.
  ImagingParameters bare = optics;
  bare.socs.kernels.left_out = {};
  const AerialImage plain = imaging::compute_aerial_image(clip, fill, bare);
  CHECK(!plain.error_bound);
  const AerialImage exact = imaging::compute_aerial_image(clip, fill, optics_of(FieldModel::vector, 15));
  CHECK(largest_difference(given, exact) < largest_difference(plain, exact));
  optics.socs.kernels.period_x_nm = 170;
  CHECK_THROWS_AS(imaging::compute_aerial_image(clip, fill, optics), InputError);
}
