// SPDX-License-Identifier: MIT
#include "optimise/edges/near_derivatives.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "optimise/neighbour_weights.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/math/linear_algebra.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::optimise {
namespace {

using Complex = std::complex<double>;

constexpr double kExactCells = 5;       // ranges
constexpr int kPlacesPerPeriod = 8;     // of the shortest period of the pattern's band
constexpr std::size_t kNeighbours = 6;  // of a place in a table
constexpr int kPointsAtOnce = 32;

// A point of a quadrature along the fragments.
struct Node {
  double x = 0, y = 0;  // from the corner of the cell, within it
  double weight = 0;
  std::uint32_t fragment = 0;
};

double within(double x, double period) {
  return x - period * std::floor(x / period);
}

// Two nodes of Gauss on pieces of at most half a period.
std::vector<Node> nodes_of(std::span<const Fragment> fragments, const Box& cell, double period_nm) {
  std::vector<Node> nodes;
  for (std::size_t j = 0; j < fragments.size(); ++j) {
    const Fragment& piece = fragments[j];
    const double length = piece.length();
    const int n = std::max(1, static_cast<int>(std::ceil(2 * std::abs(length) / period_nm)));
    for (int i = 0; i < n; ++i)
      for (const double side : {-0.5, 0.5}) {
        const double along = length * (i + 0.5 + side / std::numbers::sqrt3) / n;
        nodes.push_back({within(piece.from.x + along * piece.tangent_x - cell.x0, cell.width()),
                         within(piece.from.y + along * piece.tangent_y - cell.y0, cell.height()),
                         std::abs(length) / (2 * n), static_cast<std::uint32_t>(j)});
      }
  }
  return nodes;
}

// Nodes by squares of the cell at least one range wide.
class NodeBins {
 public:
  NodeBins(std::span<const Node> nodes, const Box& cell, double range_nm)
      : nx_(std::max(1, static_cast<int>(cell.width() / range_nm))),
        ny_(std::max(1, static_cast<int>(cell.height() / range_nm))),
        width_(cell.width() / nx_),
        height_(cell.height() / ny_),
        bins_(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_)) {
    for (std::size_t i = 0; i < nodes.size(); ++i)
      bins_[place(column(nodes[i].x), row(nodes[i].y))].push_back(i);
  }

  template <class Visit>
  void visit_near(double x, double y, const Visit& visit) const {
    for (const int iy : around(row(y), ny_))
      for (const int ix : around(column(x), nx_))
        for (const std::size_t node : bins_[place(ix, iy)]) visit(node);
  }

 private:
  [[nodiscard]] int column(double x) const { return std::min(nx_ - 1, static_cast<int>(x / width_)); }
  [[nodiscard]] int row(double y) const { return std::min(ny_ - 1, static_cast<int>(y / height_)); }
  [[nodiscard]] std::size_t place(int ix, int iy) const {
    return static_cast<std::size_t>(iy) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(ix);
  }
  // An index and its neighbours of the period, each once.
  static std::vector<int> around(int i, int n) {
    std::vector<int> result{i};
    if (n > 1) result.push_back((i + 1) % n);
    if (n > 2) result.push_back((i + n - 1) % n);
    return result;
  }

  int nx_, ny_;
  double width_, height_;
  std::vector<std::vector<std::size_t>> bins_;
};

// exp(2 pi i m u), m = -max_order .. max_order.
std::vector<Complex> waves(double u, int max_order) {
  std::vector<double> turns;
  for (int m = -max_order; m <= max_order; ++m) turns.push_back(m * u);
  std::vector<Complex> phases(turns.size());
  math::unit_phases(turns, phases);
  return phases;
}

SparseRows rows_of(const Eigen::MatrixXd& dense) {
  SparseRows rows;
  for (Eigen::Index i = 0; i < dense.rows(); ++i) {
    for (Eigen::Index j = 0; j < dense.cols(); ++j) {
      rows.column.push_back(static_cast<std::uint32_t>(j));
      rows.value.push_back(dense(i, j));
    }
    rows.first.push_back(rows.column.size());
  }
  return rows;
}

}  // namespace

void SparseRows::scale(std::size_t row, double factor) {
  for (std::size_t e = first[row]; e < first[row + 1]; ++e) value[e] *= factor;
}

double SparseRows::product(std::size_t row, std::span<const double> x) const {
  double sum = 0;
  for (std::size_t e = first[row]; e < first[row + 1]; ++e) sum += value[e] * x[column[e]];
  return sum;
}

void SparseRows::append(const SparseRows& other, std::size_t row) {
  const auto begin = static_cast<std::ptrdiff_t>(other.first[row]),
             end = static_cast<std::ptrdiff_t>(other.first[row + 1]);
  column.insert(column.end(), other.column.begin() + begin, other.column.begin() + end);
  value.insert(value.end(), other.value.begin() + begin, other.value.begin() + end);
  first.push_back(column.size());
}

void SparseRows::subtract_from_last(const SparseRows& other, std::size_t row) {
  const std::size_t begin = first[count() - 1];
  std::vector<std::uint32_t> columns;
  std::vector<double> values;
  std::size_t a = begin, b = other.first[row];
  while (a < column.size() || b < other.first[row + 1]) {
    const bool has_a = a < column.size(), has_b = b < other.first[row + 1];
    const std::uint32_t next = !has_b || (has_a && column[a] < other.column[b]) ? column[a] : other.column[b];
    double sum = 0;
    if (has_a && column[a] == next) sum += value[a++];
    if (has_b && other.column[b] == next) sum -= other.value[b++];
    columns.push_back(next);
    values.push_back(sum);
  }
  column.resize(begin);
  value.resize(begin);
  column.insert(column.end(), columns.begin(), columns.end());
  value.insert(value.end(), values.begin(), values.end());
  first.back() = column.size();
}

NearDerivatives::NearDerivatives(const KernelModel& model, double range_nm)
    : model_(model), range_nm_(range_nm) {
  const ModelGrid& grid = model.grid();
  const Box& cell = grid.cell;
  if (std::max(cell.width(), cell.height()) <= kExactCells * range_nm) return;
  pitch_x_nm_ = cell.width() / (kPlacesPerPeriod * std::max(1, grid.pattern_order_x));
  pitch_y_nm_ = cell.height() / (kPlacesPerPeriod * std::max(1, grid.pattern_order_y));
  const auto reach = [&](double period, double pitch) {
    return static_cast<int>(std::ceil(std::min(range_nm, period / 2) / pitch)) +
           static_cast<int>(kNeighbours / 2);
  };
  reach_x_ = reach(cell.width(), pitch_x_nm_);
  reach_y_ = reach(cell.height(), pitch_y_nm_);
  const auto nx = static_cast<std::size_t>(2 * reach_x_ + 1), ny = static_cast<std::size_t>(2 * reach_y_ + 1);
  const auto orders_x = static_cast<std::size_t>(2 * grid.pattern_order_x + 1),
             orders_y = static_cast<std::size_t>(2 * grid.pattern_order_y + 1);
  // Waves of all places, orders fastest.
  const auto all_waves = [](int at, double pitch, double period, int max_order) {
    std::vector<Complex> result;
    for (int i = -at; i <= at; ++i) {
      const std::vector<Complex> of = waves(i * pitch / period, max_order);
      result.insert(result.end(), of.begin(), of.end());
    }
    return result;
  };
  const std::vector<Complex> x = all_waves(reach_x_, pitch_x_nm_, cell.width(), grid.pattern_order_x),
                             y = all_waves(reach_y_, pitch_y_nm_, cell.height(), grid.pattern_order_y);
  const Complex scale = 2.0 * model.amplitudes().change / (cell.width() * cell.height());
  for (const imaging::SocsKernels& kernels : model.planes()) {
    const std::size_t n_kernels = kernels.eigenvalues.size(), size = nx * ny;
    std::vector<double> table(2 * n_kernels * size);
    parallel_for(static_cast<int>(n_kernels), [&](int i) {
      const auto k = static_cast<std::size_t>(i);
      // Conjugates of the kernel, orders along x fastest, summed over x and then over y.
      std::vector<Complex> kernel(kernels.size()), lines(orders_y * nx), transposed(orders_y * nx);
      for (std::size_t f = 0; f < kernel.size(); ++f)
        kernel[f] = std::conj(kernels.values[k * kernel.size() + f]);
      math::add_product(math::Left::adjoint, kernel, static_cast<int>(orders_x), static_cast<int>(orders_y),
                        x, static_cast<int>(nx), lines);
      // lines: column of orders along y for each place along x.
      for (std::size_t p = 0; p < lines.size(); ++p) transposed[p] = std::conj(lines[p]);
      std::vector<Complex> values(size);
      math::add_product(math::Left::adjoint, transposed, static_cast<int>(orders_y), static_cast<int>(nx), y,
                        static_cast<int>(ny), values);
      for (std::size_t p = 0; p < size; ++p) {
        const Complex value = scale * values[p];
        table[2 * k * size + p] = value.real();
        table[(2 * k + 1) * size + p] = -value.imag();
      }
    });
    tables_.push_back(std::move(table));
  }
}

// lambda_k conj(E_k) at the points, real and imaginary parts one after the other.
std::vector<double> NearDerivatives::fields(int plane, const Pattern& pattern,
                                            std::span<const ProbePoint> points) const {
  constexpr std::size_t kFieldNeighbours = 8;
  static const NeighbourWeights<kFieldNeighbours> weights;
  const ModelGrid& grid = model_.grid();
  const imaging::SocsKernels& kernels = model_.planes()[static_cast<std::size_t>(plane)];
  const PatternAmplitudes amplitudes = model_.amplitudes();
  const std::size_t n_kernels = kernels.eigenvalues.size();
  const int max_x = grid.pattern_order_x, max_y = grid.pattern_order_y;
  const int nx = math::good_fft_length(std::max(16, kPlacesPerPeriod * max_x)),
            ny = math::good_fft_length(std::max(16, kPlacesPerPeriod * max_y));
  // Orders from -max on: the field times a wave, which the points take back.
  const math::InverseFft2D transform(nx, ny, 2 * max_y + 1);
  std::vector<double> result(2 * n_kernels * points.size());
  parallel_for(static_cast<int>(n_kernels), [&](int i) {
    const auto k = static_cast<std::size_t>(i);
    auto workspace = transform.make_workspace();
    std::size_t f = 0;
    for (int n = -max_y; n <= max_y; ++n)
      for (int m = -max_x; m <= max_x; ++m, ++f) {
        Complex spectrum = amplitudes.change * pattern.values[pattern.place(m, n)];
        if (m == 0 && n == 0) spectrum += amplitudes.background;
        const auto column = static_cast<std::size_t>(m < 0 ? m + nx : m);
        workspace.input.data()[static_cast<std::size_t>(n + max_y) * static_cast<std::size_t>(nx) + column] =
            kernels.values[k * kernels.size() + f] * spectrum;
      }
    transform.run(workspace);
    // Rows start at order -max_y: field = output times exp(-2 pi i max_y v).
    std::vector<Complex> back(static_cast<std::size_t>(ny));
    std::vector<double> turns;
    for (int j = 0; j < ny; ++j) turns.push_back(-static_cast<double>(max_y) * j / ny);
    math::unit_phases(turns, back);
    const Complex* output = workspace.output.data();
    for (std::size_t p = 0; p < points.size(); ++p) {
      const double u = within(points[p].x - grid.cell.x0, grid.cell.width()) / grid.cell.width() * nx,
                   v = within(points[p].y - grid.cell.y0, grid.cell.height()) / grid.cell.height() * ny;
      const int column = static_cast<int>(u), row = static_cast<int>(v);
      const auto of_x = weights.value(u - column), of_y = weights.value(v - row);
      Complex field = 0;
      for (std::size_t a = 0; a < kFieldNeighbours; ++a) {
        const int ix = (column + static_cast<int>(a) + 1 - static_cast<int>(kFieldNeighbours / 2) + nx) % nx;
        const Complex* line = output + static_cast<std::size_t>(ix) * transform.column_stride();
        Complex sum = 0;
        for (std::size_t b = 0; b < kFieldNeighbours; ++b) {
          const int iy = (row + static_cast<int>(b) + 1 - static_cast<int>(kFieldNeighbours / 2) + ny) % ny;
          sum += of_y[b] * (line[iy] * back[static_cast<std::size_t>(iy)]);
        }
        field += of_x[a] * sum;
      }
      result[p * 2 * n_kernels + 2 * k] = kernels.eigenvalues[k] * field.real();
      result[p * 2 * n_kernels + 2 * k + 1] = -kernels.eigenvalues[k] * field.imag();
    }
  });
  return result;
}

SparseRows NearDerivatives::operator()(int plane, const Pattern& pattern, std::span<const ProbePoint> points,
                                       std::span<const Fragment> fragments) const {
  if (tables_.empty()) return rows_of(site_derivatives(model_, plane, pattern, points, fragments));
  static const NeighbourWeights<kNeighbours> weights;
  const ModelGrid& grid = model_.grid();
  const Box& cell = grid.cell;
  const double period_nm = kPlacesPerPeriod * std::min(pitch_x_nm_, pitch_y_nm_);
  const std::vector<Node> nodes = nodes_of(fragments, cell, period_nm);
  const NodeBins bins(nodes, cell, range_nm_);
  const std::vector<double> field = fields(plane, pattern, points);
  const std::vector<double>& table = tables_[static_cast<std::size_t>(plane)];
  const auto nx = static_cast<std::size_t>(2 * reach_x_ + 1),
             size = nx * static_cast<std::size_t>(2 * reach_y_ + 1);
  const std::size_t columns = table.size() / size;

  std::vector<std::vector<std::pair<std::uint32_t, double>>> found(points.size());
  const int n_parts = (static_cast<int>(points.size()) + kPointsAtOnce - 1) / kPointsAtOnce;
  parallel_for(n_parts, [&](int part) {
    const std::size_t begin = static_cast<std::size_t>(part) * kPointsAtOnce,
                      end = std::min(points.size(), begin + kPointsAtOnce);
    // Change of the intensity at each point by light from each place of the table.
    std::vector<double> from_place(size * (end - begin));
    math::add_product(math::Left::plain, table, static_cast<int>(size), static_cast<int>(columns),
                      std::span(field).subspan(begin * columns, (end - begin) * columns),
                      static_cast<int>(end - begin), from_place);
    std::vector<double> sum(fragments.size());
    std::vector<char> touched(fragments.size());
    for (std::size_t i = begin; i < end; ++i) {
      const double x = within(points[i].x - cell.x0, cell.width()),
                   y = within(points[i].y - cell.y0, cell.height());
      const double* values = from_place.data() + (i - begin) * size;
      auto& row = found[i];
      bins.visit_near(x, y, [&](std::size_t n) {
        const Node& node = nodes[n];
        const double dx = x - node.x - cell.width() * std::round((x - node.x) / cell.width()),
                     dy = y - node.y - cell.height() * std::round((y - node.y) / cell.height());
        if (dx * dx + dy * dy > range_nm_ * range_nm_) return;
        const double u = dx / pitch_x_nm_ + reach_x_, v = dy / pitch_y_nm_ + reach_y_;
        const auto column = static_cast<std::size_t>(u), line = static_cast<std::size_t>(v);
        const auto of_x = weights.value(u - static_cast<double>(column)),
                   of_y = weights.value(v - static_cast<double>(line));
        const double* first = values + (line + 1 - kNeighbours / 2) * nx + column + 1 - kNeighbours / 2;
        double value = 0;
        for (std::size_t b = 0; b < kNeighbours; ++b) {
          double across = 0;
          for (std::size_t a = 0; a < kNeighbours; ++a) across += of_x[a] * first[b * nx + a];
          value += of_y[b] * across;
        }
        if (touched[node.fragment] == 0) {
          touched[node.fragment] = 1;
          row.push_back({node.fragment, 0});
        }
        sum[node.fragment] += node.weight * value;
      });
      for (auto& [fragment, value] : row) {
        value = sum[fragment];
        sum[fragment] = 0;
        touched[fragment] = 0;
      }
      std::ranges::sort(row);
    }
  });
  SparseRows rows;
  for (const auto& row : found) {
    for (const auto& [fragment, value] : row) {
      rows.column.push_back(fragment);
      rows.value.push_back(value);
    }
    rows.first.push_back(rows.column.size());
  }
  return rows;
}

}  // namespace undulith::optimise
