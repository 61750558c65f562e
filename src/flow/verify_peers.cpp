#include <fmt/format.h>

#include <cmath>
#include <complex>

#include "flow/verify_cases.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"

namespace undulith::flow::verify_cases {
namespace {

using Complex = std::complex<double>;

constexpr double kNa = 0.33, kWavelengthNm = 13.5;

// Spectrum of a mask of n x n pixels, bits(x, y) = 1 open, sample i at i: as the peers transform it.
mask::Diffraction spectrum_of_pixels(const std::vector<double>& open, int nx, int ny, const Box& cell,
                                     double sigma_max) {
  mask::Diffraction mask{.wavelength_nm = kWavelengthNm, .cell = cell, .window = cell};
  const double cutoff = imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, sigma_max);
  mask.max_order_x = static_cast<int>(cutoff * cell.width());
  mask.max_order_y = static_cast<int>(cutoff * cell.height());
  const auto phase = [](int order, int i, int n) {
    return std::polar(1.0,
                      -2 * constants::kPi * static_cast<double>((static_cast<long long>(order) * i) % n) / n);
  };
  mask.amplitudes.assign(static_cast<std::size_t>((2 * mask.max_order_x + 1) * (2 * mask.max_order_y + 1)),
                         0.0);
  for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n) {
    std::vector<Complex> waves;
    for (int y = 0; y < ny; ++y) waves.push_back(phase(n, y, ny) / static_cast<double>(ny));
    std::vector<Complex> columns(static_cast<std::size_t>(nx));
    for (int x = 0; x < nx; ++x)
      for (int y = 0; y < ny; ++y)
        columns[static_cast<std::size_t>(x)] +=
            open[static_cast<std::size_t>(x) * static_cast<std::size_t>(ny) + static_cast<std::size_t>(y)] *
            waves[static_cast<std::size_t>(y)];
    for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m)
      for (int x = 0; x < nx; ++x)
        mask.amplitudes[mask.index(m, n)] +=
            columns[static_cast<std::size_t>(x)] * phase(m, x, nx) / static_cast<double>(nx);
  }
  return mask;
}

struct Comparison {
  double correlation, rms;  // rms difference after one fitted scale, relative to the mean
};
Comparison compare(const std::vector<double>& ours, const std::vector<double>& theirs) {
  double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
  const auto n = static_cast<double>(ours.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    sum_a += ours[i];
    sum_b += theirs[i];
    aa += ours[i] * ours[i];
    bb += theirs[i] * theirs[i];
    ab += ours[i] * theirs[i];
  }
  const double covariance = ab - sum_a * sum_b / n;
  const double correlation = covariance / std::sqrt((aa - sum_a * sum_a / n) * (bb - sum_b * sum_b / n));
  const double scale = ab / aa;
  return {correlation, std::sqrt(std::max(0.0, bb - 2 * scale * ab + scale * scale * aa) / n) / (sum_b / n)};
}

illuminator::PupilFill source_of(illuminator::Shape shape) {
  const auto light = source::compute_source({.kind = source::SourceKind::monochromatic});
  return illuminator::make_pupil_fill(
      {.shape = shape, .sigma_inner = 0.55, .sigma_outer = 0.9, .opening_deg = 90}, light);
}

// Samples [x][y] of the thin-mask image on whole nanometres; the peers rotate no field to the wafer at this
// aperture.
std::vector<double> thin_image(const mask::Diffraction& mask, const illuminator::PupilFill& fill) {
  imaging::ImagingParameters optics{
      .na = kNa, .output_pitch_nm = 1, .field_model = imaging::FieldModel::scalar};
  optics.obliquity = imaging::Obliquity::none;
  const Field2D<double> image = imaging::compute_aerial_image(mask, fill, optics).intensity;
  std::vector<double> samples;
  for (int ix = 0; ix < image.nx(); ++ix)
    for (int iy = 0; iy < image.ny(); ++iy) samples.push_back(image(iy, ix));
  return samples;
}

// What a mask without thickness cannot have: these are no tolerances of the imaging, but the size of the
// missing effect. The peers' own comparison of their rigorous image with a thin mask leaves 3.2 % of the
// mean.
constexpr double kThinMaskRms = 0.035, kUncorrelated = 0.003;
const std::string kThinMask = "thin mask against a three-dimensional one; one scale fitted";

std::vector<CheckResult> results_of(const Comparison& comparison) {
  return {compared("1 - correlation", 1 - comparison.correlation, kUncorrelated, kThinMask),
          compared("rms difference, of the mean", comparison.rms, kThinMaskRms, kThinMask)};
}

std::vector<CheckResult> authors_clip(const Folders& folders) {
  const auto folder = folders.layouts / "../reference/peers/euvlitho_authors";
  if (!std::filesystem::exists(folder / "mask.bin"))
    return {skipped("intensity", "needs the authors' files, which are not part of Undulith")};
  constexpr int kPixels = 2048, kSamples = 512;
  const auto bytes = io::read_bytes(folder / "mask.bin");
  std::vector<double> open;
  for (const std::byte byte : bytes)
    for (int bit = 7; bit >= 0; --bit) open.push_back(std::to_integer<int>(byte >> bit) & 1);
  const auto fill = source_of(illuminator::Shape::annular);
  const Box cell{0, 0, kSamples, kSamples};
  const std::vector<double> ours =
      thin_image(spectrum_of_pixels(open, kPixels, kPixels, cell, fill.sigma_max), fill);
  const std::vector<double> theirs = io::read_npy(folder / "emint_512x512_f32.npy").values;
  std::vector<CheckResult> results = results_of(compare(ours, theirs));
  // Any other orientation of the image is a different picture.
  double worst = 0;
  for (int turn = 1; turn < 8; ++turn) {
    std::vector<double> turned;
    for (int x = 0; x < kSamples; ++x)
      for (int y = 0; y < kSamples; ++y) {
        const int a = turn & 1 ? kSamples - 1 - x : x, b = turn & 2 ? kSamples - 1 - y : y;
        turned.push_back(ours[static_cast<std::size_t>(turn & 4 ? b : a) * kSamples +
                              static_cast<std::size_t>(turn & 4 ? a : b)]);
      }
    worst = std::max(worst, compare(turned, theirs).correlation);
  }
  results.push_back(compared("correlation of the seven other orientations", worst, 0.2, "axes and signs"));
  return results;
}

}  // namespace

std::vector<Case> peer_cases(const Folders&) {
  return {{"EUVLITHO", "logic clip of the authors of EUVlitho", "peers/klitho/T1_def0.0_numpy_abbe_128.npy",
           authors_clip}};
}

}  // namespace undulith::flow::verify_cases
