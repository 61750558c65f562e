// SPDX-License-Identifier: MIT
#include "imaging/fft_worker.hpp"
#include "imaging/ordered_sum.hpp"
#include "undulith/core/parallel.hpp"

namespace undulith::imaging {

Adjoint adjoint(const SpectrumView& spectrum, const CoherentFields& fields, BandGrid grid,
                std::span<const std::vector<double>> gradients) {
  const int n_chunks = chunk_count(fields.n_groups()), n_planes = fields.n_planes();
  const math::InverseFft2D transform(grid.nx, grid.ny, fields.rows());
  std::vector<std::vector<double>> transposed;
  for (const auto& gradient : gradients) transposed.push_back(transpose(gradient, grid.ny, grid.nx));

  Adjoint result{std::vector<std::complex<double>>(spectrum.values.size()),
                 std::vector<double>(static_cast<std::size_t>(fields.n_groups()))};
  std::vector<std::vector<std::complex<double>>> partial(static_cast<std::size_t>(n_chunks));
  parallel_for(n_chunks, [&](int chunk) {
    auto& d_spectrum = partial[static_cast<std::size_t>(chunk)];
    d_spectrum.resize(spectrum.values.size());
    FftWorker worker(spectrum, fields, grid, transform);
    const GroupRange range = groups_of(chunk, n_chunks, fields.n_groups());
    for (int group = range.begin; group < range.end; ++group) {
      worker.select(group);
      double d_weight = 0;
      for (int plane = 0; plane < n_planes; ++plane) {
        worker.go_to(plane);
        for (int component = 0; component < worker.n_fields(); ++component) {
          worker.compute_field(component);
          d_weight += worker.weigh(transposed[static_cast<std::size_t>(plane)]);
          worker.pull_back(component, 2 * fields.weight(group), d_spectrum);
        }
      }
      result.weight[static_cast<std::size_t>(group)] = d_weight;
    }
  });
  for (auto& part : partial) {
    for (std::size_t i = 0; i < part.size(); ++i) result.spectrum[i] += part[i];
    part = {};
  }
  return result;
}

void FilterCursor::pull_back(std::span<const std::complex<double>> /*d_filters*/,
                             std::span<std::complex<double>> /*d_parameters*/) {}

Adjoint parameter_adjoint(const CoherentFields& fields, BandGrid grid,
                          std::span<const std::vector<double>> gradients) {
  const int n_planes = fields.n_planes();
  const SpectrumView whole{};
  const math::InverseFft2D transform(grid.nx, grid.ny, fields.rows());
  std::vector<std::vector<double>> transposed;
  for (const auto& gradient : gradients) transposed.push_back(transpose(gradient, grid.ny, grid.nx));

  Adjoint result{{}, std::vector<double>(static_cast<std::size_t>(fields.n_groups()))};
  const std::size_t n_filter =
      static_cast<std::size_t>(fields.columns()) * static_cast<std::size_t>(fields.rows());
  // Real and imaginary parts in turn.
  const auto sums = sum_groups<double>(fields.n_groups(), 1, 2 * fields.n_parameters(), [&] {
    return [&, worker = std::make_unique<FftWorker>(whole, fields, grid, transform),
            d_filters = std::vector<std::complex<double>>()](int group, auto& part) mutable {
      worker->select(group);
      d_filters.resize(static_cast<std::size_t>(worker->n_fields()) * n_filter);
      double d_weight = 0;
      for (int plane = 0; plane < n_planes; ++plane) {
        worker->go_to(plane);
        for (int component = 0; component < worker->n_fields(); ++component) {
          worker->compute_field(component);
          d_weight += worker->weigh(transposed[static_cast<std::size_t>(plane)]);
          worker->pull_back_filter(2 * fields.weight(group),
                                   d_filters.data() + static_cast<std::size_t>(component) * n_filter);
        }
        worker->cursor().pull_back(
            d_filters, {reinterpret_cast<std::complex<double>*>(part.front().data()), fields.n_parameters()});
      }
      result.weight[static_cast<std::size_t>(group)] = d_weight;
    };
  });
  const auto* values = reinterpret_cast<const std::complex<double>*>(sums.front().data());
  result.spectrum.assign(values, values + fields.n_parameters());
  return result;
}

}  // namespace undulith::imaging
