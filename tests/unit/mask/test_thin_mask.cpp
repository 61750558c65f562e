// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/mask.hpp"

namespace {

using namespace undulith;
using mask::Amplitudes;
using mask::Diffraction;
using mask::MaskParameters;
using mask::Tone;
using Complex = std::complex<double>;

constexpr double kWavelengthNm = 13.5, kCutoffPerNm = 0.05, kRounding = 1e-14;

layout::Clip line_clip(double width) {
  const Box cell{10, 20, 110, 80};
  return layout::make_clip(cell, {{{30, 20}, {30 + width, 20}, {30 + width, 80}, {30, 80}}});
}

double largest_difference(const Diffraction& a, const Diffraction& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.amplitudes.size(); ++i)
    largest = std::max(largest, std::abs(a.amplitudes[i] - b.amplitudes[i]));
  return largest;
}

}  // namespace

TEST_CASE("mask as made: bias, corners, then absorber defects", "[unit][mask]") {
  const layout::Clip drawn =
      layout::make_clip(Box{0, 0, 100, 100}, {{{20, 20}, {60, 20}, {60, 60}, {20, 60}}});
  MaskParameters parameters{.edge_bias_nm = 2, .corner_rounding_nm = 5};
  CHECK(mask::make_mask(drawn, parameters).clip.rings == layout::as_made(drawn, 2, 5).rings);
  CHECK(mask::make_mask(drawn, {}).clip.rings == drawn.rings);
  // 40 x 80 nm at mask scale, in the middle of the opening and away from it.
  const mask::MaskOptics anamorphic{.magnification_x = 4, .magnification_y = 8};
  parameters = {
      .defects = {{.kind = mask::DefectKind::extra_absorber, .x_nm = 40, .y_nm = 40, .width_nm = 40},
                  {.kind = mask::DefectKind::buried, .x_nm = 40, .y_nm = 40, .width_nm = 40}}};
  CHECK(layout::area_nm2(mask::make_mask(drawn, parameters, anamorphic).clip.rings) == Approx(1600 - 10 * 5));
  parameters.tone = Tone::bright_field;  // the square is absorber: nothing is added within it
  CHECK(layout::area_nm2(mask::make_mask(drawn, parameters, anamorphic).clip.rings) == Approx(1600));
  parameters.defects.front().x_nm = 80;
  const mask::MaskAsMade made = mask::make_mask(drawn, parameters, anamorphic);
  CHECK(layout::area_nm2(made.clip.rings) == Approx(1600 + 10 * 5));
  CHECK(made.clip.cell == drawn.cell);
  CHECK(made.clip.window == drawn.window);
}

TEST_CASE("thin mask: empty layouts are the open frame and the bare absorber", "[validation][mask]") {
  const layout::Clip nothing{{0, 0, 100, 80}, {0, 0, 100, 80}, {}};
  const Complex absorber{-0.1, 0.12};
  const auto bright = mask::compute_thin_diffraction(
      {nothing},
      {.tone = Tone::bright_field, .amplitudes = Amplitudes::given, .absorber_amplitude = absorber},
      kWavelengthNm, kCutoffPerNm);
  const auto dark = mask::compute_thin_diffraction(
      {nothing}, {.tone = Tone::dark_field, .amplitudes = Amplitudes::given, .absorber_amplitude = absorber},
      kWavelengthNm, kCutoffPerNm);
  CHECK(bright.max_order_x == 5);
  CHECK(bright.max_order_y == 4);
  for (int n = -4; n <= 4; ++n)
    for (int m = -5; m <= 5; ++m) {
      const bool zero_order = m == 0 && n == 0;
      CHECK(bright(m, n) == (zero_order ? Complex(1) : Complex(0)));
      CHECK(dark(m, n) == (zero_order ? absorber : Complex(0)));
    }
  CHECK(bright.open_area_fraction == 1);
  CHECK(dark.open_area_fraction == 0);
}

TEST_CASE("thin mask: the two tones add up to a mask of one amplitude (Babinet)", "[property][mask]") {
  const layout::Clip clip = line_clip(37);
  MaskParameters parameters{.amplitudes = Amplitudes::given, .absorber_amplitude = {0.2, -0.3}};
  const auto dark = mask::compute_thin_diffraction({clip}, parameters, kWavelengthNm, kCutoffPerNm);
  parameters.tone = Tone::bright_field;
  const auto bright = mask::compute_thin_diffraction({clip}, parameters, kWavelengthNm, kCutoffPerNm);
  for (int n = -dark.max_order_y; n <= dark.max_order_y; ++n)
    for (int m = -dark.max_order_x; m <= dark.max_order_x; ++m) {
      const Complex expected = m == 0 && n == 0 ? Complex(1.2, -0.3) : Complex(0);
      CHECK(std::abs(dark(m, n) + bright(m, n) - expected) < kRounding);
    }
  CHECK(dark.open_area_fraction == Approx(0.37).epsilon(1e-14));
  CHECK(bright.open_area_fraction == Approx(0.63).epsilon(1e-14));
}

TEST_CASE("thin mask: amplitudes are relative to the open frame", "[property][mask]") {
  const layout::Clip clip = line_clip(40);
  const Complex open{0.5, -0.6}, absorber{0.1, 0.05};
  const auto absolute = mask::compute_thin_diffraction(
      {clip}, {.amplitudes = Amplitudes::given, .open_amplitude = open, .absorber_amplitude = absorber},
      kWavelengthNm, kCutoffPerNm);
  const auto relative = mask::compute_thin_diffraction(
      {clip}, {.amplitudes = Amplitudes::given, .absorber_amplitude = absorber / open}, kWavelengthNm,
      kCutoffPerNm);
  CHECK(largest_difference(absolute, relative) < kRounding);
  CHECK(absolute.open_reflectance == Approx(0.61));
  CHECK(absolute.absorber_reflectance == Approx(0.0125));
  CHECK_THROWS_AS(
      mask::compute_thin_diffraction({clip}, {.amplitudes = Amplitudes::given, .open_amplitude = 0.0},
                                     kWavelengthNm, kCutoffPerNm),
      InputError);
}

TEST_CASE("thin mask: a bias is a wider line", "[property][mask]") {
  const auto drawn = mask::compute_thin_diffraction({line_clip(40)}, {.amplitudes = Amplitudes::given},
                                                    kWavelengthNm, kCutoffPerNm);
  layout::Clip narrow = line_clip(40);
  narrow = layout::make_clip(narrow.cell, {{{32, 20}, {68, 20}, {68, 80}, {32, 80}}});
  const MaskParameters wider{.edge_bias_nm = 2, .amplitudes = Amplitudes::given};
  const auto biased =
      mask::compute_thin_diffraction(mask::make_mask(narrow, wider), wider, kWavelengthNm, kCutoffPerNm);
  CHECK(largest_difference(drawn, biased) < kRounding);
}

TEST_CASE("thin mask: amplitudes of the default film stack", "[validation][mask]") {
  // The multilayer of reference M02 (r_s, r_p at 13.5 nm and 6 deg) seen through 60 nm of vacuum keeps its
  // reflectance.
  const auto regions = mask::region_amplitudes({}, kWavelengthNm);
  const Complex r_s{0.476990, -0.714494};
  CHECK(std::abs(regions.open) == Approx(std::abs(r_s)).epsilon(5e-3));  // mean of s and p: p is 0.5 % weaker
  CHECK(std::norm(regions.absorber) / std::norm(regions.open) < 0.05);
  // Without absorber there is nothing to tell the regions apart.
  MaskParameters bare;
  bare.stack.absorber.clear();
  const auto same = mask::region_amplitudes(bare, kWavelengthNm);
  CHECK(same.open == same.absorber);
  CHECK(std::abs(same.open) == Approx(std::abs(regions.open)).epsilon(1e-12));
}

TEST_CASE("thin mask: bad materials and wavelengths", "[unit][mask]") {
  MaskParameters parameters;
  parameters.stack.absorber = {{.material = "Unobtainium", .thickness_nm = 60}};
  CHECK_THROWS_AS(mask::region_amplitudes(parameters, kWavelengthNm), InputError);
  CHECK_THROWS_AS(mask::region_amplitudes({}, 193), InputError);
}
