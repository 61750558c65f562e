// SPDX-License-Identifier: MIT
// One point of each opposite pair in place of both.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "imaging/abbe_images.hpp"
#include "imaging/image_grid.hpp"
#include "imaging/opposite_points.hpp"
#include "imaging/point_fields.hpp"
#include "undulith/imaging/imaging.hpp"

namespace {

using namespace undulith;
using namespace undulith::imaging;

constexpr Box kCell{0, 0, 190, 130};
constexpr double kWavelengthNm = 13.5, kNa = 0.33;

enum class Weights { random, even };

// Opposite pairs of points, and one in the middle.
illuminator::PupilFill pairs(optics::Stokes stokes, Weights weights = Weights::even) {
  std::mt19937 engine(7);
  std::uniform_real_distribution<double> uniform(0.1, 0.6);
  std::vector<illuminator::SourcePoint> points{{.sigma_x = 0, .sigma_y = 0, .weight = 0.4, .stokes = stokes}};
  for (int i = 0; i < 9; ++i) {
    const double x = uniform(engine), y = uniform(engine) - 0.4;
    const double one = uniform(engine), other = weights == Weights::even ? one : uniform(engine);
    points.push_back({.sigma_x = x, .sigma_y = y, .weight = one, .stokes = stokes});
    points.push_back({.sigma_x = -x, .sigma_y = -y, .weight = other, .stokes = stokes});
  }
  return illuminator::make_pupil_fill(std::move(points));
}

mask::Diffraction mask_of(std::complex<double> absorber) {
  const layout::Clip clip{
      kCell, kCell, {{{10, 20}, {70, 20}, {70, 50}, {10, 50}}, {{90, 5}, {120, 5}, {150, 95}}}};
  return mask::compute_thin_diffraction(
      {clip}, {.amplitudes = mask::Amplitudes::given, .absorber_amplitude = absorber}, kWavelengthNm,
      max_mask_frequency_per_nm(kNa, kWavelengthNm, 0.9));
}

// Largest difference of the image from the sum over all points.
double difference(const mask::Diffraction& mask, const illuminator::PupilFill& fill,
                  const ImagingParameters& optics) {
  const ImagePlane plane{optics.focus_nm, 0};
  const PointFields fields(mask, fill, optics, FieldPosition{}, std::span(&plane, 1));
  const BandLimits band = band_limits(mask.cell, kNa / kWavelengthNm);
  const auto all =
      accumulate_by_fftw({mask.amplitudes, mask.max_order_x, mask.max_order_y}, fields, band.grid(), {});
  double clear = 0;
  const std::vector<double> of_point = fields.clear_intensities();
  for (std::size_t i = 0; i < of_point.size(); ++i) clear += fill.points[i].weight * of_point[i];
  const math::FourierSeries2D expected(mask.cell, band.grid().nx, band.grid().ny, all.front(),
                                       band.max_order_x, band.max_order_y);
  const AerialImage image = compute_aerial_image(mask, fill, optics);
  double largest = 0;
  for (int n = -band.max_order_y; n <= band.max_order_y; ++n)
    for (int m = 0; m <= band.max_order_x; ++m)
      largest =
          std::max(largest, std::abs(image.series.coefficient(m, n) - expected.coefficient(m, n) / clear));
  return largest;
}

}  // namespace

TEST_CASE("opposite points: the image is that of all points", "[validation][imaging]") {
  constexpr double kRounding = 1e-14;
  const mask::Diffraction real = mask_of(-0.2), complex = mask_of({0.1, 0.3});
  mask::Diffraction three = mask_of({0.1, 0.3});
  const mask::Diffraction other = mask_of({-0.2, 0.1});
  for (std::size_t i = 0; i < three.amplitudes.size(); ++i)
    three.amplitudes[i] += std::polar(1.0, 0.1 * static_cast<double>(i % 7)) * other.amplitudes[i];
  REQUIRE(real_mask(real));
  CHECK(real_mask(real)->constant == 0);
  REQUIRE(real_mask(complex));
  CHECK_FALSE(real_mask(three));
  CHECK(std::abs(real_mask(complex)->constant) > 0.1);
  for (const FieldModel model : {FieldModel::scalar, FieldModel::vector})
    for (const optics::Stokes& stokes :
         {optics::Stokes{}, optics::Stokes{1, 0.6, -0.3, 0}, optics::Stokes{1, 0, 0, 1}})
      for (const double focus_nm : {0.0, 25.0}) {
        illuminator::PupilFill some_paired = pairs(stokes);
        some_paired.points[4].weight *= 1.5;
        some_paired.points[7].sigma_x += 0.01;
        CAPTURE(model, stokes.s1, stokes.s3, focus_nm);
        ImagingParameters optics{.na = kNa, .focus_nm = focus_nm, .field_model = model};
        CHECK(difference(real, pairs(stokes), optics) < kRounding);
        CHECK(difference(complex, pairs(stokes), optics) < kRounding);
        CHECK(difference(complex, some_paired, optics) < kRounding);
        CHECK(difference(three, pairs(stokes), optics) < kRounding);
        optics.aberrations = {{7, 0.05}};
        CHECK(difference(real, pairs(stokes), optics) < kRounding);
      }
}

TEST_CASE("opposite points: planes on both sides of the focus are those of all points",
          "[validation][imaging]") {
  constexpr double kRounding = 1e-14;
  const std::vector<ImagePlane> planes{{.focus_nm = -25}, {.focus_nm = 40}, {.focus_nm = 0},
                                       {.focus_nm = 25},  {.focus_nm = 25}, {.focus_nm = -40 + 1e-14}};
  const MirroredPlanes both = mirrored(planes);
  CHECK(both.planes.size() == 5);
  CHECK(both.own == std::vector<std::size_t>{0, 2, 4, 1, 1, 3});
  CHECK(both.opposite == std::vector<std::size_t>{1, 3, 4, 0, 0, 2});
  CHECK(both.lie_in_pairs());
  CHECK(lie_in_pairs(std::vector<double>{-25, 0, 25}));
  CHECK(lie_in_pairs(std::vector<double>{0}));
  CHECK_FALSE(lie_in_pairs(std::vector<double>{-25, 40, 0, 25}));
  for (const FieldModel model : {FieldModel::scalar, FieldModel::vector})
    for (const optics::Stokes& stokes : {optics::Stokes{}, optics::Stokes{1, 0.6, -0.3, 0}})
      for (const std::complex<double> absorber : {std::complex(-0.2), std::complex(0.1, 0.3)}) {
        illuminator::PupilFill some_paired = pairs(stokes);
        some_paired.points[7].sigma_x += 0.01;
        const mask::Diffraction mask = mask_of(absorber);
        const BandLimits band = band_limits(mask.cell, kNa / kWavelengthNm);
        for (const illuminator::PupilFill& fill : {pairs(stokes), some_paired}) {
          CAPTURE(model, stokes.s1, absorber, fill.points[7].sigma_x);
          const ImagingParameters optics{.na = kNa, .field_model = model};
          const PointFields fields(mask, fill, optics, FieldPosition{}, planes);
          const auto expected = accumulate_by_fftw({mask.amplitudes, mask.max_order_x, mask.max_order_y},
                                                   fields, band.grid(), {});
          const auto images = abbe_images(mask, pair_opposites(fill), fields, optics, FieldPosition{}, planes,
                                          band.grid(), {});
          REQUIRE(images.size() == expected.size());
          for (std::size_t plane = 0; plane < images.size(); ++plane)
            for (std::size_t i = 0; i < images[plane].size(); ++i)
              REQUIRE(std::abs(images[plane][i] - expected[plane][i]) < kRounding);
          // The light of the constant is no small matter.
          if (absorber.imag() != 0) CHECK(std::abs(images[0][0] - images[3][0]) > 1e3 * kRounding);
        }
      }
}

TEST_CASE("opposite points: pairs of equal linear light are joined, others stay", "[unit][imaging]") {
  CHECK(pair_opposites(pairs({1, 0, 0, 0})).paired.points.size() == 10);
  CHECK(pair_opposites(pairs({1, 0.5, 0.5, 0})).rest.points.empty());
  CHECK(pair_opposites(pairs({1, 0, 0, 0.2})).paired.points.empty());
  CHECK(pair_opposites(pairs({}, Weights::random)).paired.points.size() == 1);
  illuminator::PupilFill fill = pairs({});
  fill.points[3].stokes.s1 = 0.1;
  const PairedFill parts = pair_opposites(fill);
  CHECK(parts.paired.points.size() == 9);
  CHECK(parts.rest.points.size() == 2);
  double weight = 0;
  for (const auto& point : parts.paired.points) weight += point.weight;
  for (const auto& point : parts.rest.points) weight += point.weight;
  CHECK(std::abs(weight - 1) < 1e-15);
}
