// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "undulith/core/constants.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/optics/zernike.hpp"
#include "verify/verify_cases.hpp"

namespace undulith::verify {
namespace {

using illuminator::PupilFill;
using illuminator::SourcePoint;
using imaging::AerialImage;
using mask::Diffraction;

// Optics shared by all imaging cases but K-Litho's.
constexpr double kWavelengthNm = 13.5;
constexpr double kNa = 0.33;
constexpr double kCutoff = kNa / kWavelengthNm;  // NA/lambda, 1/nm

// Discrete source, periodic cell: sums of some thousand terms in double precision.
constexpr double kDiscreteTolerance = 1e-10;
// Continuous source or isolated feature, with a fine source grid and a large cell.
constexpr double kFineTolerance = 1e-6;
// The same with the grid that a job gets by default.
constexpr double kDefaultTolerance = 1e-4;

// Height of the cell of a pattern that does not vary along y: below the resolution, so that only order 0
// passes.
constexpr double kFlatCellNm = 1;

PupilFill pupil_from_file(const std::filesystem::path& file) {
  std::vector<SourcePoint> points;
  for (const auto& row : nlohmann::json::parse(io::read_text(file)))
    points.push_back({.sigma_x = row.at(0), .sigma_y = row.at(1), .weight = row.at(2)});
  return illuminator::make_pupil_fill(std::move(points));
}

PupilFill disc(double sigma, int grid_points) {
  static const source::SourceOutput light =
      source::compute_source({.kind = source::SourceKind::monochromatic, .wavelength_nm = kWavelengthNm});
  return illuminator::make_pupil_fill(
      {.shape = illuminator::Shape::conventional, .sigma_outer = sigma, .grid_points = grid_points}, light);
}

// Opening of width `clear` centred on x = 0 in a cell of width `period`, binary.
Diffraction slit(double period, double clear, double sigma_max) {
  const Box cell{-period / 2, 0, period / 2, kFlatCellNm};
  const layout::Clip clip{
      cell, cell, {{{-clear / 2, 0}, {clear / 2, 0}, {clear / 2, kFlatCellNm}, {-clear / 2, kFlatCellNm}}}};
  return mask::compute_thin_diffraction({clip}, {.amplitudes = mask::Amplitudes::given}, kWavelengthNm,
                                        imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, sigma_max));
}

// The references are images of scalar waves without the obliquity factor.
imaging::ImagingParameters scalar(imaging::ImagingParameters optics) {
  optics.field_model = imaging::FieldModel::scalar;
  optics.obliquity = imaging::Obliquity::none;
  return optics;
}

AerialImage image_of(const Diffraction& diffraction, const PupilFill& fill, double focus_nm = 0) {
  // The series is exact on any output grid, so a small one is enough.
  const double pitch = std::max(diffraction.cell.width(), diffraction.cell.height());
  return imaging::compute_aerial_image(diffraction, fill,
                                       scalar({.na = kNa, .focus_nm = focus_nm, .output_pitch_nm = pitch}));
}

// Largest |I - reference| over rows (..., x, I) of an image that varies along x only.
double largest_error(const AerialImage& image, const std::vector<std::vector<double>>& rows) {
  double error = 0;
  for (const auto& row : rows) {
    const double x = row[row.size() - 2], expected = row.back();
    error = std::max(error, std::abs(image.series.value(x, 0) - expected));
  }
  return error;
}

// Rows that share everything but x and I, grouped by their leading columns.
using Group = std::map<std::vector<double>, std::vector<std::vector<double>>>;
Group group_by_leading(const Rows& rows) {
  Group groups;
  for (const auto& row : rows.rows) groups[{row.begin(), row.end() - 2}].push_back(row);
  return groups;
}

std::vector<CheckResult> line_space_through_focus(const std::filesystem::path& file, double pitch,
                                                  const PupilFill& fill) {
  double error = 0;
  for (const auto& [key, rows] : group_by_leading(read_rows(file)))
    error =
        std::max(error, largest_error(image_of(slit(pitch, pitch / 2, fill.sigma_max), fill, key[0]), rows));
  return {compared("intensity through focus, absolute", error, kDiscreteTolerance,
                   "same discrete source and cell")};
}

std::vector<CheckResult> line_space_through_pitch(const Folders& folders) {
  const auto folder = folders.reference / "imaging";
  const std::vector<PupilFill> sources = {pupil_from_file(folder / "src_dipole41.json"),
                                          pupil_from_file(folder / "src_leaf31.json")};
  double error = 0;
  for (const auto& [key, rows] : group_by_leading(read_rows(folder / "I15.json"))) {
    const PupilFill& fill = sources.at(static_cast<std::size_t>(key[0]));
    error = std::max(error,
                     largest_error(image_of(slit(key[1], key[1] / 2, fill.sigma_max), fill, key[2]), rows));
  }
  return {compared("intensity through pitch and focus, absolute", error, kDiscreteTolerance,
                   "same discrete source and cell")};
}

// Transfer coefficient TCC(f1, f2): the image of two unit plane waves has it as coefficient of exp(2 pi i
// (f1-f2) x). Frequencies in units of NA/lambda, multiples of kFrequencyStep.
constexpr double kFrequencyStep = 0.05;
double transfer_coefficient(double f1, double f2, const PupilFill& fill) {
  const int k1 = static_cast<int>(std::lround(f1 / kFrequencyStep)),
            k2 = static_cast<int>(std::lround(f2 / kFrequencyStep));
  const int unit = std::max(1, std::gcd(k1, k2));  // the widest lattice that holds both
  const int m1 = k1 / unit, m2 = k2 / unit;
  const double period = 1 / (unit * kFrequencyStep * kCutoff);
  const Box cell{0, 0, period, kFlatCellNm};
  Diffraction waves{.wavelength_nm = kWavelengthNm, .cell = cell, .window = cell};
  waves.max_order_x = std::max({1, std::abs(m1), std::abs(m2)});
  waves.amplitudes.assign(static_cast<std::size_t>(2 * waves.max_order_x + 1), 0.0);
  waves.amplitudes[waves.index(m1, 0)] = 1;
  waves.amplitudes[waves.index(m2, 0)] = 1;
  // Two waves of the same frequency are added.
  return image_of(waves, fill).series.coefficient(m1 - m2, 0).real();
}

// The settings that a job gets for imaging.accuracy = "standard" and "reference".
struct SourceAccuracy {
  const char* name;
  illuminator::SourceGrid grid;
  double tolerance;
};
constexpr SourceAccuracy kStandard{"standard", illuminator::kStandardGrid, 1e-4},
    kReference{"reference", illuminator::kReferenceGrid, 1e-6};

// Disc of the source, its cells cut along the rims of the two orders.
PupilFill disc_for_orders(double sigma, double f1, double f2, const illuminator::SourceGrid& grid) {
  static const source::SourceOutput light =
      source::compute_source({.kind = source::SourceKind::monochromatic, .wavelength_nm = kWavelengthNm});
  constexpr int kMaxPoints = 10000000;
  return illuminator::make_pupil_fill(
      {.shape = illuminator::Shape::conventional, .sigma_outer = sigma, .grid_points = grid.grid_points},
      light,
      {.rims = {{.sigma_x = -f1}, {.sigma_x = -f2}}, .levels = grid.rim_levels, .max_points = kMaxPoints});
}

std::string grid_note(const SourceAccuracy& accuracy) {
  return fmt::format("{}: {} points across the pupil, {} levels along rims", accuracy.name,
                     accuracy.grid.grid_points, accuracy.grid.rim_levels);
}

std::vector<CheckResult> transfer_coefficients(const Folders& folders) {
  std::vector<CheckResult> results;
  for (const SourceAccuracy& accuracy : {kStandard, kReference}) {
    double error = 0;
    for (const auto& row : read_rows(folders.reference / "imaging/I03.json").rows)
      error = std::max(error, std::abs(transfer_coefficient(
                                           row.at(1), row.at(2),
                                           disc_for_orders(row.at(0), row.at(1), row.at(2), accuracy.grid)) -
                                       row.at(3)));
    results.push_back(compared("absolute", error, accuracy.tolerance, grid_note(accuracy)));
  }
  return results;
}

std::vector<CheckResult> incoherent_transfer(const Folders& folders) {
  // With sigma = 1 the transfer coefficient (f, 0) is the overlap of two pupils.
  std::vector<CheckResult> results;
  for (const SourceAccuracy& accuracy : {kStandard, kReference}) {
    double error = 0;
    for (const auto& row : read_rows(folders.reference / "imaging/I05.json").rows)
      if (row.at(0) > 0)
        error = std::max(error, std::abs(transfer_coefficient(
                                             row.at(0), 0, disc_for_orders(1, row.at(0), 0, accuracy.grid)) -
                                         row.at(1)));
    results.push_back(compared("absolute", error, accuracy.tolerance, grid_note(accuracy)));
  }
  return results;
}

std::vector<CheckResult> straight_edge(const Folders& folders) {
  // The edge at 0 and its copies half a period away, whose ripple falls as 1/period. Only odd orders exist;
  // the period puts the rim midway between two of them, so that their sum is a midpoint rule for the integral
  // over the pupil.
  constexpr double kPeriodNm = 100000 / kCutoff;
  const PupilFill fill = illuminator::make_pupil_fill({SourcePoint{}});
  const AerialImage image = image_of(slit(kPeriodNm, kPeriodNm / 2, 0), fill);
  double error = 0;
  for (const auto& row : read_rows(folders.reference / "imaging/I06.json").rows)
    error = std::max(error, std::abs(image.series.value(row.at(0) - kPeriodNm / 4, 0) - row.at(1)));
  return {compared("intensity, absolute", error, kFineTolerance,
                   fmt::format("isolated edge in a cell of {} um", std::round(kPeriodNm / 1000)))};
}

std::vector<CheckResult> isolated_line(const Folders& folders) {
  const Rows rows = read_rows(folders.reference / "imaging/I07.json");
  const auto error = [&](double period, int grid_points) {
    const PupilFill fill = disc(0.5, grid_points);
    return largest_error(image_of(slit(period, 22, fill.sigma_max), fill), rows.rows);
  };
  constexpr double kCellNm = 4000;
  constexpr double kFineCellNm = 20000;
  constexpr int kFineGrid = illuminator::kReferenceGrid.grid_points;
  constexpr int default_grid = illuminator::kStandardGrid.grid_points;
  return {
      compared("intensity, absolute", error(kCellNm, default_grid), kDefaultTolerance,
               fmt::format("standard: {} points across the pupil, cell {} um", default_grid, kCellNm / 1000)),
      compared(
          "intensity, absolute", error(kFineCellNm, kFineGrid), kFineTolerance,
          fmt::format("reference: {} points across the pupil, cell {} um", kFineGrid, kFineCellNm / 1000))};
}

std::vector<CheckResult> airy_pattern(const Folders& folders) {
  // A point-like opening: every order of the mask has the same amplitude, and the pupil is summed on the
  // lattice of the orders. Lattice points inside a circle of R periods miss its area by about R^-1.3, so that
  // the source points of one lattice cell are averaged: the sum over the pupil is then as fine as their
  // distance, and light from the copies of the opening, whose phase turns from one source point to the next,
  // averages out.
  constexpr double kPeriodNm = 5000;
  const Box cell{-kPeriodNm / 2, -kPeriodNm / 2, kPeriodNm / 2, kPeriodNm / 2};
  Diffraction opening{.wavelength_nm = kWavelengthNm, .cell = cell, .window = cell};
  opening.max_order_x = opening.max_order_y = static_cast<int>(std::floor(kPeriodNm * kCutoff)) + 1;
  const std::size_t n_orders = static_cast<std::size_t>(2 * opening.max_order_x + 1);
  opening.amplitudes.reserve(n_orders * n_orders);
  for (int n = -opening.max_order_y; n <= opening.max_order_y; ++n)
    for (int m = -opening.max_order_x; m <= opening.max_order_x; ++m)
      opening.amplitudes.push_back(std::polar(1.0, -constants::kPi * (m + n)));  // at the centre of the cell
  const auto error_with = [&](int n_points) {
    std::vector<SourcePoint> points;
    const double step = 1 / (kPeriodNm * kCutoff * n_points);
    for (int j = 0; j < n_points; ++j)
      for (int i = 0; i < n_points; ++i) points.push_back({.sigma_x = i * step, .sigma_y = j * step});
    const AerialImage image = image_of(opening, illuminator::make_pupil_fill(std::move(points)));
    const double peak = image.series.value(0, 0);
    double error = 0;
    for (const auto& row : read_rows(folders.reference / "imaging/I09.json").rows)
      error = std::max(error, std::abs(image.series.value(row.at(0), 0) / peak - row.at(1)));
    return error;
  };
  const auto note = [](int n_points) {
    return fmt::format("pupil summed on {} points across",
                       static_cast<int>(2 * kPeriodNm * kCutoff) * n_points);
  };
  const std::string quantity = "intensity relative to the peak, absolute";
  return {compared(quantity, error_with(4), kDefaultTolerance, "standard: " + note(4)),
          compared(quantity, error_with(50), kFineTolerance, "reference: " + note(50))};
}

std::vector<CheckResult> high_na_obscured(const Folders& folders) {
  // Lines along x and along y through an obscured pupil of an anamorphic system.
  const PupilFill fill = pupil_from_file(folders.reference / "imaging/src_annular17.json");
  constexpr double kHighNa = 0.55;
  imaging::ImagingParameters optics{.na = kHighNa, .output_pitch_nm = 1000};
  optics.field_model = imaging::FieldModel::scalar;
  optics.magnification_y = 8;
  optics.obscuration.radius = 0.2;
  double with = 0, without = 0, clear = 0;
  for (const auto& row : read_rows(folders.reference / "imaging/I11.json").rows) {
    const bool along_y = row.at(0) != 0;
    const double pitch = row.at(1), x = row.at(3);
    const Box cell =
        along_y ? Box{0, -pitch / 2, kFlatCellNm, pitch / 2} : Box{-pitch / 2, 0, pitch / 2, kFlatCellNm};
    const double q = pitch / 4;
    const layout::Polygon opening =
        along_y ? layout::Polygon{{0, -q}, {kFlatCellNm, -q}, {kFlatCellNm, q}, {0, q}}
                : layout::Polygon{{-q, 0}, {q, 0}, {q, kFlatCellNm}, {-q, kFlatCellNm}};
    const Diffraction diffraction = mask::compute_thin_diffraction(
        {{cell, cell, {opening}}}, {.amplitudes = mask::Amplitudes::given}, kWavelengthNm,
        imaging::max_mask_frequency_per_nm(kHighNa, kWavelengthNm, fill.sigma_max));
    optics.focus_nm = row.at(2);
    const auto value = [&](const AerialImage& image) {
      return along_y ? image.series.value(0, x) : image.series.value(x, 0);
    };
    optics.obliquity = imaging::Obliquity::radiometric;
    const AerialImage oblique = imaging::compute_aerial_image(diffraction, fill, optics);
    with = std::max(with, std::abs(value(oblique) * oblique.clear_field - row.at(4)));
    clear = std::max(clear, std::abs(oblique.clear_field - row.at(6)));
    optics.obliquity = imaging::Obliquity::none;
    without = std::max(without,
                       std::abs(value(imaging::compute_aerial_image(diffraction, fill, optics)) - row.at(5)));
  }
  const std::string note = "same discrete source and cell";
  return {compared("intensity with obliquity, absolute", with, kDiscreteTolerance, note),
          compared("intensity without obliquity, absolute", without, kDiscreteTolerance, note),
          compared("clear field, absolute", clear, kDiscreteTolerance, note)};
}

std::vector<CheckResult> two_beam_contrast(const Folders& folders) {
  // Orders 0 and -1 at opposite points of the pupil, illuminated from one of them.
  constexpr double kSigma = 0.95;
  double te = 0, tm = 0;
  for (const auto& row : read_rows(folders.reference / "imaging/I12.json").rows) {
    const double na = row.at(0), wavelength_nm = row.at(2), pitch = row.at(3);
    const Box cell{-pitch / 2, 0, pitch / 2, kFlatCellNm};
    const layout::Polygon opening{
        {-pitch / 4, 0}, {pitch / 4, 0}, {pitch / 4, kFlatCellNm}, {-pitch / 4, kFlatCellNm}};
    const Diffraction diffraction = mask::compute_thin_diffraction(
        {{cell, cell, {opening}}}, {.amplitudes = mask::Amplitudes::given}, wavelength_nm,
        imaging::max_mask_frequency_per_nm(na, wavelength_nm, kSigma));
    for (const bool is_tm : {false, true}) {
      const PupilFill fill = illuminator::make_pupil_fill(
          {SourcePoint{.sigma_x = kSigma, .stokes = {.s1 = is_tm ? 1.0 : -1.0}}});
      const AerialImage image = imaging::compute_aerial_image(
          diffraction, fill, {.na = na, .output_pitch_nm = 1000, .medium_index = row.at(1)});
      const double bright = image.series.value(0, 0), dark = image.series.value(pitch / 2, 0);
      double& error = is_tm ? tm : te;
      for (const double expected : {row[is_tm ? 5 : 4], row[is_tm ? 7 : 6]})
        error = std::max(error, std::abs((bright - dark) / (bright + dark) - expected));
    }
  }
  return {compared("TE, absolute", te, kDiscreteTolerance, "closed form"),
          compared("TM, absolute", tm, kDiscreteTolerance, "closed form")};
}

std::vector<CheckResult> vibration_and_flare(const Folders& folders) {
  const PupilFill fill = pupil_from_file(folders.reference / "imaging/src_dipole41.json");
  constexpr double kPitchNm = 36;
  double error = 0;
  for (const auto& [key, rows] : group_by_leading(read_rows(folders.reference / "imaging/I18.json"))) {
    imaging::ImagingParameters optics = scalar({.na = kNa, .output_pitch_nm = kPitchNm});
    optics.vibration_x_nm = key[0];
    optics.flare.tis = key[1];
    error = std::max(error, largest_error(imaging::compute_aerial_image(
                                              slit(kPitchNm, kPitchNm / 2, fill.sigma_max), fill, optics),
                                          rows));
  }
  return {compared("intensity, absolute", error, kDiscreteTolerance, "same discrete source and cell")};
}

std::vector<CheckResult> zernike_polynomials(const Folders& folders) {
  double value_error = 0, rms_error = 0;
  for (const auto& row : read_rows(folders.reference / "imaging/I19.json").rows) {
    const int index = static_cast<int>(row.at(0));
    rms_error = std::max(rms_error, std::abs(optics::fringe_zernike_rms(index) - row.at(1)));
    value_error = std::max(value_error, std::abs(optics::fringe_zernike(index, 0.6, 0.7) - row.at(2)));
    value_error = std::max(value_error, std::abs(optics::fringe_zernike(index, 1, 2.1) - row.at(3)));
  }
  return {compared("value, absolute", value_error, kDiscreteTolerance),
          compared("rms, absolute", rms_error, kDiscreteTolerance)};
}

// K-Litho's test clip: lambda 193 nm, NA 0.8, 2048 nm cell, annular 0.6-0.9 on a lattice of 1/50.
std::vector<CheckResult> klitho_clip(const Folders& folders) {
  constexpr double kTolerance = 1e-6;
  const std::string quantity = "intensity, absolute";
  const std::filesystem::path clip_file = "layouts/iccad13/M1_test1.glp";
  if (!folders.has(clip_file))
    return {skipped(quantity, "needs iccad13/M1_test1.glp, which is not part of Undulith")};
  constexpr double kPeriodNm = 2048, kClipWavelengthNm = 193, kClipNa = 0.8;

  const layout::Layout file = layout::read_layout(folders.third_party / clip_file);
  const std::string top = file.top_cells().front();
  const Box box = layout::bounding_box(file, top).value();
  // The clip's box is centred on whole nanometres.
  const double x0 = box.x0 - std::floor((kPeriodNm - box.width()) / 2),
               y0 = box.y0 - std::floor((kPeriodNm - box.height()) / 2);
  const layout::Clip clip = layout::make_clip(file, {.cell = top,
                                                     .layer = 1,
                                                     .datatype = 0,
                                                     .window_nm = {x0, y0, x0 + kPeriodNm, y0 + kPeriodNm},
                                                     .boundary = layout::Boundary::periodic});

  std::vector<SourcePoint> points;
  for (int q = -50; q <= 50; ++q)
    for (int p = -50; p <= 50; ++p)
      if (const int r2 = p * p + q * q; r2 >= 30 * 30 && r2 <= 45 * 45)
        points.push_back({.sigma_x = p / 50.0, .sigma_y = q / 50.0});
  const PupilFill fill = illuminator::make_pupil_fill(std::move(points));
  const Diffraction diffraction = mask::compute_thin_diffraction(
      {clip}, {.amplitudes = mask::Amplitudes::given}, kClipWavelengthNm,
      imaging::max_mask_frequency_per_nm(kClipNa, kClipWavelengthNm, fill.sigma_max));

  // The reference is a DFT of pixels: each exact coefficient divided by the transform of its 1 nm pixel, and
  // pixel (i, j) at i, j instead of its centre. Orders whose aliases fold in are 1 nm^-1 away and carry 1e-3
  // of them.
  const io::NpyArray reference =
      io::read_npy(folders.reference / "peers/klitho/T1_def0.0_numpy_abbe_128.npy");
  Diffraction pixels = diffraction;
  for (int n = -pixels.max_order_y; n <= pixels.max_order_y; ++n)
    for (int m = -pixels.max_order_x; m <= pixels.max_order_x; ++m) {
      const auto pixel = [](int order) {
        const double a = constants::kPi * order / kPeriodNm;
        return order == 0 ? std::complex<double>(1) : std::polar(std::sin(a) / a, -a);
      };
      pixels.amplitudes[pixels.index(m, n)] /= pixel(m) * pixel(n);
    }
  const auto error_of = [&](const imaging::ImagingParameters& optics) {
    const AerialImage image = imaging::compute_aerial_image(pixels, fill, optics);
    double error = 0;
    for (int iy = 0; iy < 128; ++iy)
      for (int ix = 0; ix < 128; ++ix)
        error = std::max(error, std::abs(image.intensity(iy, ix) -
                                         reference.values[static_cast<std::size_t>(iy) * 128 + ix]));
    return error;
  };
  imaging::ImagingParameters optics = scalar({.na = kClipNa, .output_pitch_nm = 16});
  const double abbe_error = error_of(optics);
  optics.method = imaging::Method::socs;
  optics.socs.n_kernels = 24;
  constexpr double kPeersKernels = 1.2e-3;  // error of K-Litho's 24 kernels against its full sum
  return {compared(quantity, abbe_error, kTolerance, "corrected for the 1 nm pixels of the reference"),
          compared(quantity + ", 24 kernels", error_of(optics), kPeersKernels,
                   "exact mean; allowed: K-Litho's 24 kernels")};
}

}  // namespace

std::vector<Case> imaging_cases(const Folders&) {
  const auto through_focus = [](const char* id, double pitch, const PupilFill& fill) {
    return [=](const Folders& folders) {
      return line_space_through_focus(folders.reference / fmt::format("imaging/{}.json", id), pitch, fill);
    };
  };
  const double sigma = 1 / (2 * 26.0 * kCutoff);
  return {
      {"I01", "three-beam line/space, one source point", "imaging/I01.json",
       through_focus("I01", 44, illuminator::make_pupil_fill({SourcePoint{}}))},
      {"I02", "two-beam line/space, ideal dipole", "imaging/I02.json",
       through_focus("I02", 26, illuminator::make_pupil_fill({{.sigma_x = sigma}, {.sigma_x = -sigma}}))},
      {"I03", "transfer coefficients of a disc source", "imaging/I03.json", transfer_coefficients},
      {"I05", "incoherent transfer function", "imaging/I05.json", incoherent_transfer},
      {"I06", "isolated edge, one source point", "imaging/I06.json", straight_edge},
      {"I07", "isolated line, continuous disc source", "imaging/I07.json", isolated_line},
      {"I09", "Airy pattern", "imaging/I09.json", airy_pattern},
      {"I11", "high NA, obscured, anamorphic", "imaging/I11.json", high_na_obscured},
      {"I12", "two-beam contrast by polarisation", "imaging/I12.json", two_beam_contrast},
      {"I15", "line/space, dipole and leaf dipole", "imaging/I15.json", line_space_through_pitch},
      {"I18", "vibration and flare on a grating", "imaging/I18.json", vibration_and_flare},
      {"I19", "Zernike polynomials", "imaging/I19.json", zernike_polynomials},
      {"KLITHO-T1", "K-Litho's annular ArF clip", "peers/klitho/T1_def0.0_numpy_abbe_128.npy", klitho_clip},
  };
}

}  // namespace undulith::verify
