// SPDX-License-Identifier: MIT
#include <algorithm>

#include "undulith/core/parallel.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/math/contour.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/metrology/process_window.hpp"
#include "undulith/metrology/profile.hpp"
#include "undulith/metrology/through_focus.hpp"
#include "undulith/resist/exposure.hpp"
#include "verify/verify_resist.hpp"

/// Numbers of images in closed form: widths, slopes, areas, process windows.
namespace undulith::verify {
namespace {

using imaging::AerialImage;
using metrology::Feature;
using metrology::Gauge;
using metrology::GaugeResult;

// Height of the cell of what does not vary along y.
constexpr double kFlatNm = 1;

// An image that is band-limited to `order` along x, and along y when it varies there.
AerialImage image_of(const Box& cell, int order, bool varies_along_y,
                     const std::function<double(double x, double y)>& intensity) {
  const int nx = 2 * order + 1, ny = varies_along_y ? nx : 1;
  std::vector<double> samples;
  for (int iy = 0; iy < ny; ++iy)
    for (int ix = 0; ix < nx; ++ix)
      samples.push_back(intensity(cell.x0 + ix * cell.width() / nx, cell.y0 + iy * cell.height() / ny));
  AerialImage image;
  image.series = math::FourierSeries2D(cell, nx, ny, samples, order, varies_along_y ? order : 0);
  image.window = cell;
  image.intensity = image.series.sample_cell(nx, ny);
  return image;
}

Box flat_cell(double pitch_nm) {
  return {-pitch_nm / 2, 0, pitch_nm / 2, kFlatNm};
}

AerialImage line_image(double pitch_nm, int order, const std::function<double(double x)>& intensity) {
  return image_of(flat_cell(pitch_nm), order, false, [&](double x, double) { return intensity(x); });
}

// A cut along x across a whole pitch.
GaugeResult measured_line(const AerialImage& image, double centre_nm, Feature feature, double threshold) {
  const Box& cell = image.series.cell();
  const Gauge gauge{.name = "line",
                    .x_nm = centre_nm,
                    .y_nm = cell.y0 + cell.height() / 2,
                    .length_nm = cell.width(),
                    .feature = feature};
  return metrology::measure_gauges(image, {cell, cell, {}}, Feature::bright, {gauge}, threshold).front();
}

}  // namespace

Results two_beams(const Path& file) {
  const Json json = read_json(file);
  Largest widths, slopes, latitude;
  for (const Json& row : json.at("rows")) {
    const double pitch = row.at("pitch_nm"), threshold = row.at("threshold"),
                 visibility = row.at("visibility");
    resist::ResistParameters blurred{.model = resist::ResistModel::blurred_threshold};
    blurred.blur.sigma_nm = row.at("blur_sigma_nm");
    const AerialImage image = resist::effective_image(
        line_image(pitch, 1, [&](double x) { return 1 + visibility * std::cos(2 * kPi * x / pitch); }),
        blurred);
    const GaugeResult bright = measured_line(image, 0, Feature::bright, threshold),
                      dark = measured_line(image, pitch / 2, Feature::dark, threshold);
    widths.take(bright.cd_nm, row.at("bright_cd_nm"));
    widths.take(dark.cd_nm, row.at("dark_cd_nm"));
    widths.take(bright.edge_right_nm, row.at("edge_x_nm"));
    slopes.take(bright.ils_right_per_nm, row.at("ILS_per_nm"));
    slopes.take(dark.ils_left_per_nm, row.at("ILS_per_nm"));
    slopes.take(bright.nils, row.at("NILS_bright"));
    slopes.take(dark.nils, row.at("NILS_dark"));
    slopes.take(bright.contrast, row.at("contrast"));
    slopes.take((image.series.value(0, 0) - image.series.value(pitch / 2, 0)) / 2,
                row.at("effective_visibility"));
    slopes.take(0.1 * dark.nils.value_or(0), row.at("EL_linear_estimate_0p1xNILS"));
    // Doses that print the dark line a tenth narrower and wider; the search ends where nothing prints.
    const auto dose_of = [&](double share) {
      constexpr double kDarkest = 1e-3;
      return metrology::dose_to_size(
          [&](double dose) { return measured_line(image, pitch / 2, Feature::dark, threshold / dose).cd_nm; },
          share * row.at("dark_cd_nm").get<double>(), threshold / bright.i_max,
          threshold / std::max(kDarkest, bright.i_min));
    };
    const auto narrow = dose_of(0.9), wide = dose_of(1.1);
    latitude.take(narrow && wide ? std::optional(*narrow - *wide) : std::nullopt,
                  row.at("EL_pm10pct_dark_rel_to_nominal_dose"));
  }
  return {compared("widths and edges, nm", widths.value(), kClosedForm),
          compared("log-slopes, NILS, contrast under blur", slopes.value(), kClosedForm),
          compared("exposure latitude", latitude.value(), kClosedForm)};
}

namespace {

// A row of slits under a point source on the axis, of whose orders the pupil lets 0 and +-1 pass.
class ThreeBeams {
 public:
  explicit ThreeBeams(const Json& one)
      : pitch_nm_(one.at("pitch_nm")),
        wavelength_nm_(one.at("wavelength_nm")),
        space_nm_(one.at("space_fraction").get<double>() * pitch_nm_),
        threshold_(one.at("threshold_at_nominal")) {}

  [[nodiscard]] double pitch_nm() const { return pitch_nm_; }

  /// @param wider_nm  width added to the space on the mask
  [[nodiscard]] AerialImage image(double focus_nm, double wider_nm = 0) const {
    const double half = (space_nm_ + wider_nm) / 2, na = std::min(0.99, 1.5 * wavelength_nm_ / pitch_nm_);
    const Box cell = flat_cell(pitch_nm_);
    const layout::Clip clip{cell, cell, {{{-half, 0}, {half, 0}, {half, kFlatNm}, {-half, kFlatNm}}}};
    return imaging::compute_aerial_image(
        mask::compute_thin_diffraction({clip}, {.amplitudes = mask::Amplitudes::given}, wavelength_nm_,
                                       imaging::max_mask_frequency_per_nm(na, wavelength_nm_, 0)),
        illuminator::make_pupil_fill({{.sigma_x = 0, .sigma_y = 0, .weight = 1}}),
        {.na = na,
         .focus_nm = focus_nm,
         .output_pitch_nm = pitch_nm_,
         .field_model = imaging::FieldModel::scalar,
         .obliquity = imaging::Obliquity::none});
  }
  [[nodiscard]] GaugeResult line(const AerialImage& image, double dose) const {
    return measured_line(image, pitch_nm_ / 2, Feature::dark, threshold_ / dose);
  }
  /// The line is the rest of the period beside the space about x = 0, even if its centre is bright.
  [[nodiscard]] std::optional<double> line_cd_nm(const AerialImage& image, double dose) const {
    const auto space = measured_line(image, 0, Feature::bright, threshold_ / dose).cd_nm;
    return space ? std::optional(pitch_nm_ - *space) : std::nullopt;
  }
  /// Dose at which the line has this width: threshold / I at its edges.
  [[nodiscard]] double dose_at_width(const AerialImage& image, double width_nm) const {
    return threshold_ / image.series.value((pitch_nm_ - width_nm) / 2, 0);
  }

 private:
  double pitch_nm_, wavelength_nm_, space_nm_, threshold_;
};

// Errors of a window, and of the one that a measured matrix gives.
struct WindowErrors {
  Largest bossung, image, meef, doses, rectangle, ellipse, centres, depth;
  Largest matrix, isofocal;
};

double between(const metrology::WindowShape& a, const metrology::WindowShape& b, double depth,
               double metrology::WindowShape::*value) {
  return std::lerp(a.*value, b.*value,
                   (depth - a.depth_of_focus_nm) / (b.depth_of_focus_nm - a.depth_of_focus_nm));
}

// Latitudes and centres of windows of the depths of the rows, as far as `deepest`.
void take_windows(const std::vector<metrology::WindowShape>& found, const Json& rows, const char* key,
                  double deepest, Largest& latitude, Largest& centre) {
  using metrology::WindowShape;
  for (const Json& row : rows) {
    const double depth = row.at("DOF_nm");
    if (depth > deepest) continue;
    const auto after = std::ranges::find_if(
        found, [&](const WindowShape& shape) { return shape.depth_of_focus_nm >= depth; });
    if (after == found.end()) {
      latitude.take(std::nullopt, 0);
      continue;
    }
    const WindowShape &b = *after, &a = after == found.begin() ? *after : *(after - 1);
    const auto value = [&](double WindowShape::*member) {
      return &a == &b ? a.*member : between(a, b, depth, member);
    };
    latitude.take(std::abs(value(&WindowShape::exposure_latitude_percent) / 100 - row.at(key).get<double>()));
    centre.take(std::abs(value(&WindowShape::dose_mj_cm2) - row.at("center_dose_rel").get<double>()));
  }
}

// Depth at which a falling curve has come down to a latitude.
std::optional<double> depth_at(const std::vector<metrology::WindowShape>& curve, double latitude_percent) {
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const double before = curve[i - 1].exposure_latitude_percent, after = curve[i].exposure_latitude_percent;
    if (before >= latitude_percent && after < latitude_percent)
      return std::lerp(curve[i - 1].depth_of_focus_nm, curve[i].depth_of_focus_nm,
                       (before - latitude_percent) / (before - after));
  }
  return {};
}

double widest_depth_nm(const Json& one) {
  double widest = 0;
  for (const auto& [key, depth] : one.at("DOF_at_EL").items()) widest = std::max(widest, depth.get<double>());
  for (const char* curve : {"EL_vs_DOF_rect", "EL_vs_DOF_ellipse"})
    for (const Json& row : one.at(curve)) widest = std::max(widest, row.at("DOF_nm").get<double>());
  return widest;
}

// Best focus, mask error, the table of CDs.
void take_images(const Json& one, const ThreeBeams& beams, WindowErrors& errors) {
  const AerialImage best = beams.image(0);
  errors.image.take(best.series.value(0, 0), one.at("Imax"));
  errors.image.take(best.series.value(beams.pitch_nm() / 2, 0), one.at("Imin_at_p_half"));
  errors.image.take(beams.line(best, 1).nils, one.at("NILS_line_best_focus"));
  errors.image.take(beams.line(best, 1).cd_nm, one.at("line_target_nm"));
  // d CD / d(line on the mask): two central differences, extrapolated.
  const auto slope = [&](double step_nm) -> double {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return (beams.line_cd_nm(beams.image(0, -step_nm), 1).value_or(kNone) -
            beams.line_cd_nm(beams.image(0, step_nm), 1).value_or(kNone)) /
           (2 * step_nm);
  };
  errors.meef.take((4 * slope(0.1) - slope(0.2)) / 3, one.at("MEEF"));
  for (const Json& row : one.at("bossung")) {
    const auto cd = beams.line_cd_nm(beams.image(row.at("focus_nm")), row.at("dose_rel"));
    if (row.at("line_cd_nm").is_null())
      errors.bossung.take(cd ? std::numeric_limits<double>::quiet_NaN() : 0);
    else
      errors.bossung.take(cd, row.at("line_cd_nm"));
  }
  const double target = one.at("line_target_nm");
  for (const Json& row : one.at("ed_window_pm10pct")) {
    const AerialImage image = beams.image(row.at("focus_nm"));
    errors.doses.take(beams.dose_at_width(image, 1.1 * target), row.at("dose_rel_for_plus10pct"));
    errors.doses.take(beams.dose_at_width(image, 0.9 * target), row.at("dose_rel_for_minus10pct"));
  }
}

// Windows between the doses that put the edges to +-10 % of the width.
void take_closed_window(const Json& one, const ThreeBeams& beams, WindowErrors& errors) {
  const double target = one.at("line_target_nm"), half = 1.02 * widest_depth_nm(one) / 2;
  constexpr int kFocus = 200;  // values to either side
  constexpr int kWidths = 201;
  metrology::DoseLimits limits{.name = "line"};
  for (int i = -kFocus; i <= kFocus; ++i) {
    const AerialImage image = beams.image(half * i / kFocus);
    const double low = beams.dose_at_width(image, 1.1 * target),
                 high = beams.dose_at_width(image, 0.9 * target);
    limits.focus_nm.push_back(half * i / kFocus);
    limits.low_mj_cm2.push_back(low < high ? std::optional(low) : std::nullopt);
    limits.high_mj_cm2.push_back(low < high ? std::optional(high) : std::nullopt);
  }
  const auto curves = metrology::window_curves(limits, kWidths);
  constexpr double kAll = std::numeric_limits<double>::max();
  take_windows(curves.rectangle, one.at("EL_vs_DOF_rect"), "EL_rect", kAll, errors.rectangle, errors.centres);
  take_windows(curves.ellipse, one.at("EL_vs_DOF_ellipse"), "EL_ellipse", kAll, errors.ellipse,
               errors.centres);
  for (const auto& [key, depth] : one.at("DOF_at_EL").items()) {
    const double latitude = std::stod(key.substr(key.rfind('_') + 1));
    const auto found = depth_at(curves.rectangle, 100 * latitude);
    errors.depth.take(found ? relative(*found, depth) : std::numeric_limits<double>::quiet_NaN());
  }
}

// The same from a matrix of measured CDs, as far through focus as the edge that the closed form follows is
// the printed one: beyond, the line opens in its middle before it is 10 % too narrow.
void take_measured_window(const Json& one, const ThreeBeams& beams, WindowErrors& errors) {
  const double target = one.at("line_target_nm");
  const double far = widest_depth_nm(one) / 2;
  double low = one.at("isofocal_dose_rel"), high = low, printed = std::numeric_limits<double>::max();
  for (const Json& row : one.at("ed_window_pm10pct")) {
    if (std::abs(row.at("focus_nm").get<double>()) > far) continue;
    low = std::min(low, row.at("dose_rel_for_plus10pct").get<double>());
    high = std::max(high, row.at("dose_rel_for_minus10pct").get<double>());
  }
  constexpr int kFocus = 40, kDoses = 160;
  constexpr double kBeyond = 1.1;
  metrology::FocusExposureMatrix matrix{.name = "line", .target_cd_nm = target};
  for (int i = -kFocus; i <= kFocus; ++i) matrix.focus_nm.push_back(far * i / kFocus);
  for (int d = 0; d <= kDoses; ++d)
    matrix.dose_mj_cm2.push_back(low / kBeyond *
                                 std::pow(high / low * kBeyond * kBeyond, static_cast<double>(d) / kDoses));
  const std::size_t n_doses = matrix.dose_mj_cm2.size();
  matrix.cd_nm.resize(matrix.focus_nm.size() * n_doses);
  std::vector<double> off(matrix.focus_nm.size());
  parallel_for(static_cast<int>(matrix.focus_nm.size()), [&](int f) {
    const auto row = static_cast<std::size_t>(f);
    const AerialImage image = beams.image(matrix.focus_nm[row]);
    for (std::size_t d = 0; d < n_doses; ++d)
      matrix.cd_nm[row * n_doses + d] = beams.line_cd_nm(image, matrix.dose_mj_cm2[d]);
    const auto cd = beams.line_cd_nm(image, beams.dose_at_width(image, 0.9 * target));
    off[row] = cd ? std::abs(*cd - 0.9 * target) : target;
  });
  // Two focus steps before the first outside, because a cubic uses two neighbours.
  for (std::size_t f = 0; f < off.size(); ++f)
    if (off[f] > 1e-6) printed = std::min(printed, 2 * (std::abs(matrix.focus_nm[f]) - 2 * far / kFocus));

  const auto found = metrology::find_windows({&matrix, 1}, {.cd_tolerance_percent = 10}).features.front();
  Largest centre;
  const double deepest = std::min(printed, 2 * far);
  take_windows(found.window.curves.rectangle, one.at("EL_vs_DOF_rect"), "EL_rect", deepest, errors.matrix,
               centre);
  take_windows(found.window.curves.ellipse, one.at("EL_vs_DOF_ellipse"), "EL_ellipse", deepest, errors.matrix,
               centre);
  errors.matrix.take(centre.value());
  errors.matrix.take(found.dose_to_size_mj_cm2, 1);
  errors.isofocal.take(found.isofocal_dose_mj_cm2, one.at("isofocal_dose_rel"));
  errors.isofocal.take(found.isofocal_cd_nm ? relative(*found.isofocal_cd_nm, one.at("isofocal_line_cd_nm"))
                                            : std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

Results three_beams(const Path& file) {
  constexpr double kBossung = 1e-6;
  constexpr double kWindow = 1e-3;  // monotone cubics between given doses and focus values
  const Json json = read_json(file);
  WindowErrors e;
  for (const Json& one : json.at("cases")) {
    const ThreeBeams beams(one);
    take_images(one, beams, e);
    take_closed_window(one, beams, e);
    take_measured_window(one, beams, e);
  }
  return {compared("CD through focus and dose, nm", e.bossung.value(), kBossung, "whole chain from the mask"),
          compared("intensities, NILS, CD at best focus", e.image.value(), kBossung),
          compared("mask error factor", e.meef.value(), kBossung),
          compared("doses of +-10 % CD through focus", e.doses.value(), kBossung),
          compared("exposure latitude, rectangle", e.rectangle.value(), kWindow),
          compared("exposure latitude, ellipse", e.ellipse.value(), kWindow),
          compared("doses at the window centres", e.centres.value(), kWindow),
          compared("depth of focus at given latitudes, relative", e.depth.value(), kWindow),
          compared("windows and dose to size from a measured matrix", e.matrix.value(), kWindow),
          compared("isofocal dose and CD from a measured matrix, relative", e.isofocal.value(), kWindow)};
}

Results contact_holes(const Path& file) {
  constexpr double kEquivalentNm = 0.05;  // of the diameter, by marching squares
  const Json json = read_json(file);
  Largest widths, coarse, fine;
  for (const Json& row : json.at("rows")) {
    const double pitch = row.at("pitch_nm"), threshold = row.at("threshold");
    const Box cell{-pitch / 2, -pitch / 2, pitch / 2, pitch / 2};
    AerialImage image = image_of(cell, 1, true, [&](double x, double y) {
      return (2 + std::cos(2 * kPi * x / pitch) + std::cos(2 * kPi * y / pitch)) / 4;
    });
    std::vector<Gauge> gauges;
    for (const double angle : {0.0, 90.0, 45.0})
      gauges.push_back({.name = "hole", .angle_deg = angle, .length_nm = pitch});
    const metrology::MetrologyParameters parameters{
        .threshold = threshold, .placement = metrology::GaugePlacement::given, .gauges = gauges};
    for (int half = 1; half <= 2; ++half) {
      // Steps of at most 0.5 nm, and of half that.
      const int n = half * static_cast<int>(std::ceil(2 * pitch));
      image.intensity = image.series.sample_cell(n, n);
      const auto found = metrology::measure(image, {cell, cell, {}}, Feature::bright, parameters);
      // The holes touch at the lowest threshold: the area is the whole bright area.
      const double area = found.printed_area_fraction * pitch * pitch, diameter = 2 * std::sqrt(area / kPi);
      Largest& error = half == 1 ? coarse : fine;
      error.take(diameter, row.at("cd_area_equiv_nm"));
      error.take(2 * std::sqrt(row.at("area_nm2").get<double>() / kPi), row.at("cd_area_equiv_nm"));
      widths.take(found.gauges[2].cd_nm, row.at("cd_45deg_nm"));
      // Where holes touch there is no edge along x.
      constexpr double kTouching = 1e-9;
      if (row.at("ILS_x_per_nm").get<double>() < kTouching) continue;
      for (int k = 0; k < 2; ++k) {
        widths.take(found.gauges[static_cast<std::size_t>(k)].cd_nm, row.at("cd_x_nm"));
        widths.take(found.gauges[static_cast<std::size_t>(k)].ils_right_per_nm, row.at("ILS_x_per_nm"));
      }
    }
  }
  return {compared("widths along x, y, 45 deg and log-slopes", widths.value(), kClosedForm),
          compared("diameter of the circle of equal area, nm", coarse.value(), kEquivalentNm,
                   "contour on a 0.5 nm grid"),
          compared("diameter: ratio of errors at half step and full step", fine.value() / coarse.value(),
                   kSecondOrder, "second order: 0.25")};
}

Results lumped_widths(const Path& file) {
  constexpr double kLumped = 1e-8;
  const Json json = read_json(file);
  Largest widths, limit;
  for (const Json& row : json.at("rows")) {
    const double pitch = row.at("pitch_nm"), visibility = row.at("V"), x = row.at("half_space_nm");
    resist::ResistParameters lumped{.model = resist::ResistModel::lumped};
    lumped.film.thickness_nm = row.at("D_nm");
    lumped.film.dill_b_per_um = 1000 * row.at("alpha_per_nm").get<double>();
    lumped.compact.gamma = row.at("gamma");
    const AerialImage image =
        line_image(pitch, 1, [&](double at) { return 1 + visibility * std::cos(2 * kPi * at / pitch); });
    const double brightest = image.series.value(0, 0);
    const AerialImage cleared = resist::effective_image(image, lumped);
    widths.take(relative(brightest / cleared.series.value(x, 0), row.at("E_over_E0center")));
    // At that dose the space has its target width.
    const auto half =
        measured_line(cleared, 0, Feature::bright, brightest / row.at("E_over_E0center").get<double>())
            .edge_right_nm;
    widths.take(half ? relative(*half, x) : std::numeric_limits<double>::quiet_NaN());
    limit.take(relative(brightest / image.series.value(x, 0), row.at("infinite_contrast_E_over_E0")));
  }
  return {compared("doses and half spaces, relative", widths.value(), kLumped),
          compared("doses at infinite contrast, relative", limit.value(), kClosedForm)};
}

Results edge_interpolation(const Path& file) {
  const Json json = read_json(file);
  Largest series, linear, cubic;
  for (const Json& row : json.at("rows")) {
    // The image of the case and one position of its right edge.
    constexpr double kPitchNm = 64;
    const double dx = row.at("dx_nm"), threshold = row.at("threshold"), edge = row.at("exact_edge_nm"),
                 offset = row.at("grid_offset").get<double>() * dx;
    const auto intensity = [](double x) {
      return std::pow(0.5 + 2 / kPi * std::cos(2 * kPi * x / kPitchNm), 2);
    };
    const int n = static_cast<int>(std::lround(kPitchNm / dx));
    const Box cell{offset - n / 2 * dx, 0, offset + (n - n / 2) * dx, kFlatNm};
    std::vector<double> samples;
    for (int i = 0; i < n; ++i) samples.push_back(intensity(cell.x0 + i * dx));
    AerialImage image;
    image.series = math::FourierSeries2D(cell, n, 1, samples, (n - 1) / 2, 0);
    image.window = cell;
    image.intensity = image.series.sample_cell(n, 1);
    series.take(measured_line(image, 0, Feature::bright, threshold).edge_right_nm, edge);
    if (offset != 0) continue;  // the other two depend on the sampling

    // The contour is linear between samples.
    Field2D<double> plane(Grid2D{Plane::wafer, n, 2, cell.x0, 0, dx, kFlatNm});
    for (int iy = 0; iy < 2; ++iy) std::ranges::copy(samples, &plane(iy, 0));
    double nearest = std::numeric_limits<double>::quiet_NaN();
    for (const math::Contour& contour : math::find_contours(plane, threshold))
      for (const double x : contour.x)
        if (!(std::abs(nearest - edge) <= std::abs(x - edge))) nearest = x;
    linear.take(nearest - edge, row.at("err_linear"));
    // The developed film is cubic between nodes: a film whose level is the image over the threshold.
    // Below its top surface, where the developer starts.
    const Grid3D grid{.nx = n, .ny = 1, .nz = 3, .x0 = cell.x0, .dx = dx};
    resist::ResistProfile profile{
        .time_s = 1, .arrival_time_s = Field3D<double>(grid), .inhibitor = Field3D<double>(grid, 1)};
    for (int iz = 0; iz < 3; ++iz)
      for (int ix = 0; ix < n; ++ix)
        profile.arrival_time_s(iz, 0, ix) = std::exp(threshold - samples[static_cast<std::size_t>(ix)]);
    const Gauge gauge{.name = "space", .y_nm = kFlatNm / 2, .length_nm = kPitchNm};
    const auto film =
        metrology::measure_profile(profile, {cell, cell, {}}, Feature::bright, {gauge}, 0.25).gauges.front();
    cubic.take(film.at_cd_height.edge_right_nm ? *film.at_cd_height.edge_right_nm - edge
                                               : std::numeric_limits<double>::quiet_NaN(),
               row.at("err_cubic4"));
  }
  Results results{compared("edge by the Fourier series, nm", series.value(), kClosedForm)};
  if (linear.any()) {
    results.push_back(compared("error of contours, nm", linear.value(), kClosedForm, "linear"));
    results.push_back(compared("error of film edges, nm", cubic.value(), kClosedForm, "4-point"));
  }
  return results;
}

}  // namespace undulith::verify
