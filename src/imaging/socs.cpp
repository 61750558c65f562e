// SPDX-License-Identifier: MIT
#include "undulith/imaging/socs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "imaging/check_parameters.hpp"
#include "imaging/point_fields.hpp"
#include "imaging/socs_eigenpairs.hpp"
#include "imaging/socs_image.hpp"
#include "imaging/socs_systems.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/linear_algebra.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

constexpr int kProbes = 24;
constexpr double kDoubtOfBound = 1e-6;    // probability that a sample of an image exceeds the bound
constexpr double kRankTolerance = 1e-14;  // of the largest eigenvalue: smaller ones are rounding

// Of the first `count` eigenpairs, those whose value is no rounding.
int kernel_count(const Eigenpairs& pairs, int count) {
  int kept = 0;
  while (kept < std::min<int>(count, static_cast<int>(pairs.values.size())) &&
         pairs.values[static_cast<std::size_t>(kept)] > kRankTolerance * pairs.values.front())
    ++kept;
  return kept;
}

// The first `kept` kernels of a cell, on the scale of the systems divided by `clear`.
// @param products  B times the eigenvectors
SocsKernels kernels_of(const SystemMatrix& systems, const Eigenpairs& pairs, int kept,
                       std::vector<Complex> products, double clear, const Box& cell, int max_order_x,
                       int max_order_y) {
  const std::size_t n = static_cast<std::size_t>(systems.n_systems());
  SocsKernels kernels{.period_x_nm = cell.width(),
                      .period_y_nm = cell.height(),
                      .max_order_x = max_order_x,
                      .max_order_y = max_order_y,
                      .eigenvalues = {},
                      .values = {},
                      .left_out = systems.diagonal(),
                      .probes = {},
                      .next_eigenvalue = {}};
  kernels.values = std::move(products);
  kernels.values.resize(kernels.size() * static_cast<std::size_t>(kept));
  for (int k = 0; k < kept; ++k) {
    const double eigenvalue = pairs.values[static_cast<std::size_t>(k)];
    kernels.eigenvalues.push_back(eigenvalue / clear);
    const std::size_t first = static_cast<std::size_t>(k) * kernels.size();
    for (std::size_t f = 0; f < kernels.size(); ++f) {
      kernels.left_out[f] -= std::norm(kernels.values[first + f]);
      kernels.values[first + f] /= std::sqrt(eigenvalue);
    }
  }
  for (double& value : kernels.left_out) value = std::max(0.0, value / clear);
  if (pairs.complete) {
    const std::size_t next = static_cast<std::size_t>(kept);
    const double left = next < pairs.values.size() ? std::max(0.0, pairs.values[next]) : 0;
    kernels.next_eigenvalue = left > kRankTolerance * pairs.values.front() ? left / clear : 0;
  }
  if (kernels.next_eigenvalue && *kernels.next_eigenvalue == 0) return kernels;  // no kernel is left out

  std::vector<Complex> probes = gaussian(n * kProbes, 2);
  project_out(columns_of(pairs.vectors, n, kept), systems.n_systems(), kept, probes, kProbes);
  kernels.probes = systems.multiply(probes, kProbes);
  for (Complex& value : kernels.probes) value /= std::sqrt(clear);
  return kernels;
}

SocsKernels kernels_of(const SystemMatrix& systems, const Eigenpairs& pairs, int count, double clear,
                       const Box& cell, int max_order_x, int max_order_y) {
  const int kept = kernel_count(pairs, count);
  return kernels_of(
      systems, pairs, kept,
      systems.multiply(columns_of(pairs.vectors, static_cast<std::size_t>(systems.n_systems()), kept), kept),
      clear, cell, max_order_x, max_order_y);
}

// Kernels as fields for the back end: one group per kernel.
class KernelFields final : public CoherentFields {
 public:
  KernelFields(const SocsKernels& kernels, std::span<const Complex> values, std::span<const double> weights)
      : kernels_(kernels), values_(values), weights_(weights) {}

  [[nodiscard]] int n_groups() const override { return static_cast<int>(values_.size() / kernels_.size()); }
  [[nodiscard]] int n_planes() const override { return 1; }
  [[nodiscard]] int columns() const override { return 2 * kernels_.max_order_x + 1; }
  [[nodiscard]] int rows() const override { return 2 * kernels_.max_order_y + 1; }
  [[nodiscard]] double weight(int group) const override {
    return weights_.empty() ? 1.0 : weights_[static_cast<std::size_t>(group)];
  }
  [[nodiscard]] std::unique_ptr<FilterCursor> make_cursor() const override {
    return std::make_unique<Cursor>(*this);
  }

 private:
  class Cursor final : public FilterCursor {
   public:
    explicit Cursor(const KernelFields& fields) : fields_(fields) {}
    FieldGroup select(int group) override {
      group_ = static_cast<std::size_t>(group);
      return {-fields_.kernels_.max_order_x, -fields_.kernels_.max_order_y, 1};
    }
    std::span<const Complex> filters(int) override {
      return fields_.values_.subspan(group_ * fields_.kernels_.size(), fields_.kernels_.size());
    }

   private:
    const KernelFields& fields_;
    std::size_t group_ = 0;
  };
  const SocsKernels& kernels_;
  std::span<const Complex> values_;
  std::span<const double> weights_;
};

// Sum of |M(f)|^2 weight(f) over the orders that are in the spectrum and in the kernels.
double weighted_power(const SpectrumView& spectrum, const SocsKernels& kernels,
                      std::span<const double> weight) {
  double sum = 0;
  std::size_t f = 0;
  for (int n = -kernels.max_order_y; n <= kernels.max_order_y; ++n)
    for (int m = -kernels.max_order_x; m <= kernels.max_order_x; ++m, ++f) {
      if (std::abs(m) > spectrum.max_order_x || std::abs(n) > spectrum.max_order_y) continue;
      const std::size_t place = spectrum.place(m, n);
      sum += std::norm(spectrum.values[place]) * (weight.empty() ? 1.0 : weight[f]);
    }
  return sum;
}

std::vector<double> kernel_samples(const SpectrumView& spectrum, const SocsKernels& kernels, BandGrid grid,
                                   Precision precision, const Progress& progress) {
  const KernelFields fields(kernels, kernels.values, kernels.eigenvalues);
  std::vector<double> samples = std::move(accumulate(spectrum, fields, grid, progress, precision).front());
  if (kernels.left_out.empty()) return samples;
  // The missing part of the image, r >= 0, has the mean d: after adding d the error is r - d.
  const double mean_missing = weighted_power(spectrum, kernels, kernels.left_out);
  for (double& sample : samples) sample += mean_missing;
  return samples;
}

// Image of the kernels relative to the open frame, with the mean corrected and the bound computed if they are
// known.
SocsImage image_of_kernels(const SpectrumView& spectrum, const SocsKernels& kernels, BandGrid grid,
                           Precision precision, const Progress& progress) {
  SocsImage image;
  image.n_kernels = static_cast<int>(kernels.eigenvalues.size());
  image.samples = kernel_samples(spectrum, kernels, grid, precision, progress);
  if (precision == Precision::float32)
    image.rounding =
        measure_rounding(spectrum, KernelFields(kernels, kernels.values, kernels.eigenvalues), grid);
  if (kernels.left_out.empty()) return image;

  const double mean_missing = weighted_power(spectrum, kernels, kernels.left_out);
  double largest_missing = std::numeric_limits<double>::infinity();
  if (kernels.next_eigenvalue)
    largest_missing = *kernels.next_eigenvalue * weighted_power(spectrum, kernels, {});
  if (!kernels.probes.empty()) {
    const KernelFields probe_fields(kernels, kernels.probes, {});
    const std::vector<double> sum = std::move(accumulate(spectrum, probe_fields, grid, {}).front());
    const double n_probes = static_cast<double>(kernels.probes.size() / kernels.size());
    // At each sample the sum is r times a Gamma(n_probes) variable.
    const double quantile =
        boost::math::gamma_p_inv(n_probes, kDoubtOfBound / static_cast<double>(image.samples.size()));
    largest_missing = std::min(largest_missing, *std::ranges::max_element(sum) / quantile);
  }
  constexpr double kRounding = 1e-12;
  if (std::isfinite(largest_missing))
    image.error_bound = std::max(mean_missing, largest_missing - mean_missing) + kRounding;
  return image;
}

void require_fit(const SocsKernels& kernels, const Box& cell, BandGrid grid) {
  constexpr double kSamePeriod = 1e-6;
  if (std::abs(kernels.period_x_nm - cell.width()) > kSamePeriod * cell.width() ||
      std::abs(kernels.period_y_nm - cell.height()) > kSamePeriod * cell.height())
    throw InputError(fmt::format(
        "imaging.kernel_file contains kernels for a cell of {:.10g} x {:.10g} nm (the cell of this job has "
        "{:.10g} x {:.10g} nm, and so other orders); make kernels for it with undulith kernels, or give a "
        "window of that size",
        kernels.period_x_nm, kernels.period_y_nm, cell.width(), cell.height()));
  if (2 * kernels.max_order_x + 1 > grid.nx || 2 * kernels.max_order_y + 1 > grid.ny)
    throw InputError(fmt::format(
        "imaging.kernel_file contains orders up to {} x {} (this aperture and wavelength pass {} x {} at "
        "most); give the imaging.na and source.wavelength_nm of the kernels",
        kernels.max_order_x, kernels.max_order_y, (grid.nx - 1) / 2, (grid.ny - 1) / 2));
}

// The smallest number of kernels whose bound meets the request: doubling, then bisection.
SocsImage image_to_error(const SpectrumView& spectrum, const SystemMatrix& systems, const Box& cell,
                         double clear, BandGrid grid, Precision precision, double requested_error,
                         const Progress& progress) {
  constexpr int kFirst = 12;
  int tried = kFirst, failed = 0;
  Eigenpairs pairs = eigenpairs(systems, tried, Converged::sum);
  const auto image_with = [&](int count) {
    if (!pairs.complete && static_cast<int>(pairs.values.size()) < count)
      pairs = eigenpairs(systems, count, Converged::sum);
    const SocsKernels kernels =
        kernels_of(systems, pairs, count, clear, cell, spectrum.max_order_x, spectrum.max_order_y);
    return image_of_kernels(spectrum, kernels, grid, precision, {});
  };
  SocsImage best = image_with(tried);
  while (*best.error_bound > requested_error && best.n_kernels == tried && tried < systems.n_systems()) {
    failed = tried;
    tried = std::min(2 * tried, systems.n_systems());
    best = image_with(tried);
  }
  int enough = best.n_kernels;
  // A tenth more kernels than needed is close enough.
  while (enough - failed > std::max(1, enough / 10)) {
    const int middle = (enough + failed) / 2;
    SocsImage image = image_with(middle);
    if (*image.error_bound <= requested_error) {
      enough = middle;
      best = std::move(image);
    } else {
      failed = middle;
    }
  }
  if (progress) progress(1);
  return best;
}

double clear_of(const PointFields& fields) {
  const std::vector<double> clear_of_point = fields.clear_intensities();
  double clear = 0;
  for (int s = 0; s < fields.n_groups(); ++s)
    clear += fields.weight(s) * clear_of_point[static_cast<std::size_t>(s)];
  return clear;
}

}  // namespace

SocsImage socs_image(const SpectrumView& spectrum, const CoherentFields& fields, const Box& cell,
                     double clear, BandGrid grid, const SocsParameters& parameters, Precision precision,
                     const std::function<SocsKernels(const std::function<SocsKernels()>&)>& recall,
                     const Progress& progress) {
  const auto systems = [&] { return SystemMatrix(fields, spectrum.max_order_x, spectrum.max_order_y); };
  const auto make = [&] {
    const SystemMatrix all = systems();
    return kernels_of(all, eigenpairs(all, parameters.n_kernels, Converged::sum), parameters.n_kernels, clear,
                      cell, spectrum.max_order_x, spectrum.max_order_y);
  };
  SocsImage image;
  if (!parameters.kernels.empty()) {
    require_fit(parameters.kernels, cell, grid);
    image = image_of_kernels(spectrum, parameters.kernels, grid, precision, progress);
  } else if (parameters.requested_error > 0) {
    image = image_to_error(spectrum, systems(), cell, clear, grid, precision, parameters.requested_error,
                           progress);
  } else {
    image = image_of_kernels(spectrum, recall ? recall(make) : make(), grid, precision, progress);
  }
  for (double& sample : image.samples) sample *= clear;
  if (image.error_bound) *image.error_bound *= clear;
  return image;
}

Adjoint socs_adjoint(const SpectrumView& spectrum, const SocsKernels& kernels, BandGrid grid,
                     const std::vector<double>& gradient) {
  const KernelFields fields(kernels, kernels.values, kernels.eigenvalues);
  Adjoint result = adjoint(spectrum, fields, grid, std::span(&gradient, 1));
  result.weight = {};
  const std::vector<double>& missing = kernels.left_out;
  if (missing.empty()) return result;
  double sum = 0;
  for (const double value : gradient) sum += value;
  std::size_t f = 0;
  for (int n = -kernels.max_order_y; n <= kernels.max_order_y; ++n)
    for (int m = -kernels.max_order_x; m <= kernels.max_order_x; ++m, ++f) {
      if (std::abs(m) > spectrum.max_order_x || std::abs(n) > spectrum.max_order_y) continue;
      const std::size_t place = spectrum.place(m, n);
      result.spectrum[place] += 2 * sum * missing[f] * spectrum.values[place];
    }
  return result;
}

SocsKernels make_kernels(const Box& cell, int max_order_x, int max_order_y, double wavelength_nm,
                         const illuminator::PupilFill& pupil_fill, const ImagingParameters& parameters,
                         const ImagePlane& plane, int n_kernels) {
  require_valid(parameters, wavelength_nm, pupil_fill);
  if (n_kernels < 1)
    throw InputError(fmt::format("imaging.n_kernels = {} (must be >= 1); use 24", n_kernels));
  const FieldPosition position =
      parameters.field_positions.empty() ? FieldPosition{} : parameters.field_positions.front();
  const PointFields fields(cell, wavelength_nm, pupil_fill, parameters, position, std::span(&plane, 1));
  const SystemMatrix systems(fields, max_order_x, max_order_y);
  Eigenpairs pairs = eigenpairs(systems, n_kernels, Converged::vectors);
  std::vector<Complex> products = fix_free_choices(systems, pairs, n_kernels);
  return kernels_of(systems, pairs, kernel_count(pairs, n_kernels), std::move(products), clear_of(fields),
                    cell, max_order_x, max_order_y);
}

}  // namespace undulith::imaging
