// SPDX-License-Identifier: MIT
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/imaging/imaging.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;
using illuminator::PupilFill;
using illuminator::SourcePoint;
using imaging::AerialImage;
using imaging::FieldModel;
using imaging::ImagingParameters;
using imaging::Obliquity;
using mask::Diffraction;
using optics::Stokes;

constexpr double kPi = constants::kPi;

// Sums of up to some thousand terms of order one, each through a transform.
constexpr double kRounding = 1e-12;

Diffraction random_mask(const Box& cell, double wavelength_nm, double na, double sigma_max, unsigned seed,
                        bool real_mask = false) {
  Diffraction mask{.wavelength_nm = wavelength_nm, .cell = cell, .window = cell};
  const double cutoff = imaging::max_mask_frequency_per_nm(na, wavelength_nm, sigma_max);
  mask.max_order_x = static_cast<int>(cell.width() * cutoff);
  mask.max_order_y = static_cast<int>(cell.height() * cutoff);
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.3, 0.3);
  mask.amplitudes.resize(static_cast<std::size_t>((2 * mask.max_order_x + 1) * (2 * mask.max_order_y + 1)));
  for (Complex& value : mask.amplitudes) value = {uniform(engine), uniform(engine)};
  if (real_mask)
    for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
      for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m)
        mask.amplitudes[mask.index(m, n)] = m == 0 && n == 0             ? 0.4
                                            : n < 0 || (n == 0 && m < 0) ? std::conj(mask(-m, -n))
                                                                         : mask(m, n);
  return mask;
}

Diffraction clear_mask(const Box& cell, double wavelength_nm = 13.5) {
  Diffraction mask{.wavelength_nm = wavelength_nm, .cell = cell, .window = cell, .amplitudes = {1.0}};
  mask.open_area_fraction = 1;
  return mask;
}

std::vector<SourcePoint> random_points(int n_points, unsigned seed, double inner = 0) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> radius(inner, 0.95), angle(0, 2 * kPi), weight(0.1, 1);
  std::vector<SourcePoint> points;
  for (int i = 0; i < n_points; ++i) {
    const double r = radius(engine), a = angle(engine);
    points.push_back({.sigma_x = r * std::cos(a), .sigma_y = r * std::sin(a), .weight = weight(engine)});
  }
  return points;
}

PupilFill fill_of(std::vector<SourcePoint> points, const Stokes& stokes) {
  for (SourcePoint& point : points) point.stokes = stokes;
  return illuminator::make_pupil_fill(std::move(points));
}

// Largest |a - b| over the samples of two images.
double largest_difference(const AerialImage& a, const AerialImage& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.intensity.values().size(); ++i)
    largest = std::max(largest, std::abs(a.intensity.values()[i] - b.intensity.values()[i]));
  return largest;
}

// The image from its definition: coherency matrix of each source point through the 3 x 2 rotation in angles.
double direct_sum(const Diffraction& mask, const PupilFill& fill, const ImagingParameters& p, double x,
                  double y) {
  double intensity = 0, clear = 0;
  const double wavelength = mask.wavelength_nm;
  for (const SourcePoint& point : fill.points) {
    // C = <e e^H> = (s0 + s1 sz + s2 sx - s3 sy)/2 with <Ex Ey*> = (s2 + i s3)/2
    const Stokes& s = point.stokes;
    const Complex coherency[2][2] = {{(1 + s.s1) / 2, Complex(s.s2, s.s3) / 2.0},
                                     {Complex(s.s2, -s.s3) / 2.0, (1 - s.s1) / 2}};
    Complex field[3][2] = {};
    double zero_order = 0;
    for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
      for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m) {
        const double fx = m / mask.cell.width(), fy = n / mask.cell.height();
        const double px = fx * wavelength / p.na + point.sigma_x, py = fy * wavelength / p.na + point.sigma_y;
        const double rho = std::hypot(px, py), phi = std::atan2(py, px);
        if (rho > 1 || rho < p.obscuration.radius) continue;
        const double sine = p.na * rho / p.medium_index, c = std::sqrt(1 - sine * sine);
        double amplitude = 1;
        if (p.obliquity == Obliquity::radiometric) {
          const double ox = p.na * px / p.magnification_x, oy = p.na * py / p.magnification_y;
          amplitude = std::sqrt(std::sqrt(1 - ox * ox - oy * oy) / c);
        }
        if (m == 0 && n == 0) zero_order = amplitude * amplitude;
        double waves = p.focus_nm * p.medium_index / wavelength * (c - 1);
        for (const auto& term : p.aberrations)
          waves += term.waves * optics::zernike(term.set, term.index, rho, phi);
        const Complex wave =
            mask(m, n) *
            std::polar(amplitude, 2 * kPi * (waves + fx * (x - mask.cell.x0) + fy * (y - mask.cell.y0)));
        const double C = std::cos(phi), S = std::sin(phi);
        const double rotation[3][2] = {{c * C * C + S * S, (c - 1) * S * C},
                                       {(c - 1) * S * C, c * S * S + C * C},
                                       {-sine * C, -sine * S}};
        for (int i = 0; i < 3; ++i)
          for (int j = 0; j < 2; ++j) field[i][j] += wave * rotation[i][j];
      }
    Complex power = 0;
    for (const auto& row : field)
      for (int j = 0; j < 2; ++j)
        for (int k = 0; k < 2; ++k) power += row[j] * coherency[j][k] * std::conj(row[k]);
    intensity += point.weight * power.real();
    clear += point.weight * zero_order;
  }
  return intensity / clear;
}

const std::vector<Stokes> kPolarisations = {
    {}, {1, 1, 0, 0}, {1, -1, 0, 0}, {1, 0, 1, 0}, {1, 0, 0, 1}, {1, 0.3, 0.2, -0.5}, {1, 0.6, -0.48, 0.64}};

}  // namespace

TEST_CASE("vector: equals the direct sum through the rotation matrix for every polarisation",
          "[validation][imaging]") {
  struct Optics {
    double wavelength_nm;
    ImagingParameters parameters;
    Box cell;
  };
  ImagingParameters high{
      .na = 0.55, .focus_nm = 30, .aberrations = {{7, 0.03}, {11, 0.01, optics::ZernikeSet::noll}}};
  high.magnification_y = 8;
  high.obscuration.radius = 0.2;
  ImagingParameters immersion{
      .na = 1.35, .focus_nm = -40, .obliquity = Obliquity::none, .medium_index = 1.436};
  for (const Optics& o : {Optics{13.5, {}, {0, 0, 90, 70}}, Optics{13.5, high, {-20, 5, 40, 55}},
                          Optics{193.368, immersion, {0, 0, 400, 300}}})
    for (const Stokes& stokes : kPolarisations) {
      const PupilFill fill = fill_of(random_points(5, 3, 0.25), stokes);
      const Diffraction mask = random_mask(o.cell, o.wavelength_nm, o.parameters.na, fill.sigma_max, 4);
      const AerialImage image = imaging::compute_aerial_image(mask, fill, o.parameters);
      for (const auto& [u, v] : {std::array{0.1, 0.2}, std::array{0.55, 0.9}}) {
        const double x = o.cell.x0 + u * o.cell.width(), y = o.cell.y0 + v * o.cell.height();
        CHECK(std::abs(image.series.value(x, y) - direct_sum(mask, fill, o.parameters, x, y)) < kRounding);
      }
    }
}

TEST_CASE("vector: unpolarised light is the mean of x and y", "[property][imaging]") {
  const auto points = random_points(6, 11);
  ImagingParameters plain{.focus_nm = 20}, jones = plain, films = plain;
  jones.jones = {{.pauli = 1, .index = 4, .coefficient = {0.05, 0.02}},
                 {.pauli = 2, .coefficient = {0, 0.1}}};
  films.films = {{.thickness_nm = 30, .index = Complex(0.97, 0.006)}};
  films.depth_nm = 12;
  for (const ImagingParameters& optics : {plain, jones, films}) {
    const Diffraction mask = random_mask({0, 0, 80, 60}, 13.5, 0.33, 1, 12);
    const auto image = [&](const Stokes& stokes) {
      return imaging::compute_aerial_image(mask, fill_of(points, stokes), optics);
    };
    const AerialImage u = image({}), x = image({1, 1, 0, 0}), y = image({1, -1, 0, 0});
    const double total = x.clear_field + y.clear_field;
    for (std::size_t i = 0; i < u.intensity.values().size(); ++i)
      CHECK(std::abs(u.intensity.values()[i] -
                     (x.intensity.values()[i] * x.clear_field + y.intensity.values()[i] * y.clear_field) /
                         total) < kRounding);
  }
}

TEST_CASE("vector: two beams lose contrast as cos 2 theta in TM and not in TE", "[validation][imaging]") {
  for (const double na : {0.25, 0.33, 0.55, 0.9}) {
    const double sigma = 0.9, pitch = 13.5 / (2 * sigma * na);
    Diffraction mask{.cell = {0, 0, pitch, 1},
                     .window = {0, 0, pitch, 1},
                     .max_order_x = 1,
                     .amplitudes = {1 / kPi, 0.5, 0}};
    for (const bool tm : {false, true}) {
      const PupilFill fill = fill_of({SourcePoint{.sigma_x = sigma}}, {1, tm ? 1.0 : -1.0, 0, 0});
      const AerialImage image = imaging::compute_aerial_image(mask, fill, {.na = na});
      const double bright = image.series.value(0, 0), dark = image.series.value(pitch / 2, 0);
      // 2ab/(a^2+b^2) for a = 1/2, b = 1/pi
      const double factor = tm ? std::cos(2 * std::asin(sigma * na)) : 1;
      CHECK(std::abs((bright - dark) / (bright + dark) - 0.9060367009005804 * factor) < kRounding);
    }
  }
}

TEST_CASE("vector: the open frame is 1 for every combination", "[property][imaging]") {
  const auto points = random_points(7, 21, 0.3);
  std::vector<ImagingParameters> all;
  for (const FieldModel model : {FieldModel::vector, FieldModel::scalar})
    for (const Obliquity obliquity : {Obliquity::radiometric, Obliquity::none})
      for (int set = 0; set < 6; ++set) {
        ImagingParameters p{.na = 0.55, .focus_nm = 25, .field_model = model, .obliquity = obliquity};
        p.magnification_y = 8;
        if (set == 1) p.obscuration.radius = 0.25;
        if (set == 2)
          p.aberrations = {
              {9, 0.1}, {8, 0.05, optics::ZernikeSet::noll}, {12, 0.03, optics::ZernikeSet::osa}};
        if (set == 3)
          p.jones = {{.pauli = 0, .index = 4, .coefficient = 0.1}, {.pauli = 3, .coefficient = {0.1, 0.2}}};
        if (set == 4)
          p.mirrors = {{.incidence_deg = 8, .spread_deg = 5},
                       {.incidence_deg = 15, .spread_deg = -4, .azimuth_deg = 30}};
        if (set == 5) {
          p.medium_index = 1.4;
          p.vibration_x_nm = 2;
          p.flare.tis = 0.05;
          p.mask_height_nm = 300;
          p.amplitude_map = Field2D<double>(Grid2D{Plane::pupil, 8, 8, -0.875, -0.875, 0.25, 0.25}, 0.7);
        }
        all.push_back(p);
      }
  for (const ImagingParameters& p : all)
    for (const Stokes& stokes : kPolarisations) {
      const AerialImage image =
          imaging::compute_aerial_image(clear_mask({0, 0, 60, 40}), fill_of(points, stokes), p);
      for (const double value : image.intensity.values()) CHECK(std::abs(value - 1) < kRounding);
      CHECK(image.clear_field > 0);
    }
}

TEST_CASE("vector: a real mask and an even pupil give equal images on both sides of focus",
          "[property][imaging]") {
  auto points = random_points(5, 31);
  for (std::size_t i = 0; i < 5; ++i) {
    points.push_back(points[i]);
    points.back().sigma_x *= -1;
    points.back().sigma_y *= -1;
  }
  for (const Stokes& stokes : kPolarisations) {
    // The conjugate of a field turns the other way round.
    for (std::size_t i = 0; i < 5; ++i) {
      points[i].stokes = stokes;
      points[i + 5].stokes = {stokes.s0, stokes.s1, stokes.s2, -stokes.s3};
    }
    const PupilFill fill = illuminator::make_pupil_fill(points);
    const Diffraction mask = random_mask({0, 0, 70, 50}, 13.5, 0.33, fill.sigma_max, 32, true);
    CHECK(largest_difference(imaging::compute_aerial_image(mask, fill, {.focus_nm = 60}),
                             imaging::compute_aerial_image(mask, fill, {.focus_nm = -60})) < kRounding);
  }
}

TEST_CASE("vector: a quarter turn of mask, source and polarisation turns the image", "[property][imaging]") {
  auto points = random_points(5, 41);
  for (SourcePoint& point : points) point.stokes = {1, 0.3, 0.4, 0.5};
  const PupilFill fill = illuminator::make_pupil_fill(points);
  for (SourcePoint& point : points) {
    point = {.sigma_x = -point.sigma_y,
             .sigma_y = point.sigma_x,
             .weight = point.weight,
             .stokes = {1, -0.3, -0.4, 0.5}};
  }
  const PupilFill turned_fill = illuminator::make_pupil_fill(points);
  const Diffraction mask = random_mask({0, 0, 64, 64}, 13.5, 0.33, fill.sigma_max, 42);
  Diffraction turned = mask;
  for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
    for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m)
      turned.amplitudes[turned.index(-n, m)] = mask(m, n);
  const AerialImage a = imaging::compute_aerial_image(mask, fill, {.focus_nm = 20});
  const AerialImage b = imaging::compute_aerial_image(turned, turned_fill, {.focus_nm = 20});
  for (const auto& [x, y] : {std::array{3.0, 7.0}, std::array{40.0, 21.0}})
    CHECK(std::abs(a.series.value(x, y) - b.series.value(-y, x)) < kRounding);
}

TEST_CASE("vector: left and right circular light give equal images of a real, symmetric mask",
          "[property][imaging]") {
  // A mirror image of the light is that of the image; lines do not change by it.
  Diffraction lines{.cell = {0, 0, 40, 1},
                    .window = {0, 0, 40, 1},
                    .max_order_x = 1,
                    .amplitudes = {1 / kPi, 0.5, 1 / kPi}};
  const std::vector<SourcePoint> points = {{.sigma_x = 0.4, .sigma_y = 0.3},
                                           {.sigma_x = 0.4, .sigma_y = -0.3}};
  CHECK(largest_difference(imaging::compute_aerial_image(lines, fill_of(points, {1, 0, 0, 1}), {}),
                           imaging::compute_aerial_image(lines, fill_of(points, {1, 0, 0, -1}), {})) <
        kRounding);
}

TEST_CASE("planes: several at once are those one by one", "[property][imaging]") {
  const PupilFill fill = fill_of(random_points(6, 51), {});
  const Diffraction mask = random_mask({0, 0, 90, 80}, 13.5, 0.33, fill.sigma_max, 52);
  const imaging::SpectralMask one{.diffraction = mask};
  const std::vector<imaging::ImagePlane> planes = {{-30, 0}, {0, 0}, {45, 0}};
  const auto images = imaging::compute_images(std::span(&one, 1), fill, {.aberrations = {{9, 0.02}}}, planes);
  REQUIRE(images.size() == 3);
  for (std::size_t i = 0; i < planes.size(); ++i) {
    const AerialImage single = imaging::compute_aerial_image(
        mask, fill, {.focus_nm = planes[i].focus_nm, .aberrations = {{9, 0.02}}});
    CHECK(images[i].focus_nm == planes[i].focus_nm);
    CHECK(largest_difference(single, images[i]) < kRounding);
  }
}

TEST_CASE("spectrum: wavelengths add by their power behind the mask", "[property][imaging]") {
  const PupilFill fill = fill_of(random_points(6, 61), {});
  std::vector<imaging::SpectralMask> masks;
  for (const double wavelength_nm : {13.4, 13.5, 13.7}) {
    masks.push_back(
        {wavelength_nm - 13, random_mask({0, 0, 75, 65}, wavelength_nm, 0.33, fill.sigma_max, 62)});
    masks.back().diffraction.open_reflectance = 20 - wavelength_nm;
  }
  const imaging::ImagePlane plane{15, 0};
  const auto sum = imaging::compute_images(masks, fill, {}, std::span(&plane, 1)).front();
  double total = 0;
  std::vector<AerialImage> images;
  for (const auto& mask : masks)
    images.push_back(imaging::compute_aerial_image(mask.diffraction, fill, {.focus_nm = 15}));
  for (std::size_t i = 0; i < masks.size(); ++i)
    total += masks[i].share * masks[i].diffraction.open_reflectance * images[i].clear_field;
  for (const auto& [x, y] : {std::array{3.0, 7.0}, std::array{40.0, 61.0}}) {
    double expected = 0;
    for (std::size_t i = 0; i < masks.size(); ++i)
      expected += masks[i].share * masks[i].diffraction.open_reflectance * images[i].clear_field / total *
                  images[i].series.value(x, y);
    CHECK(std::abs(sum.series.value(x, y) - expected) < kRounding);
  }
}

TEST_CASE("slit: the image of several positions is the mean of theirs", "[property][imaging]") {
  const PupilFill fill = fill_of(random_points(6, 71), {});
  const Diffraction mask = random_mask({0, 0, 75, 65}, 13.5, 0.33, fill.sigma_max, 72);
  ImagingParameters both, left, right;
  both.field_positions = {{.weight = 1, .aberrations = {{7, 0.03}}},
                          {.weight = 3, .aberrations = {{5, -0.02}}}};
  left.aberrations = {{7, 0.03}};
  right.aberrations = {{5, -0.02}};
  const AerialImage a = imaging::compute_aerial_image(mask, fill, both),
                    b = imaging::compute_aerial_image(mask, fill, left),
                    c = imaging::compute_aerial_image(mask, fill, right);
  for (std::size_t i = 0; i < a.intensity.values().size(); ++i)
    CHECK(std::abs(a.intensity.values()[i] - (b.intensity.values()[i] + 3 * c.intensity.values()[i]) / 4) <
          kRounding);
}
