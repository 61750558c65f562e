// SPDX-License-Identifier: MIT
#include "imaging/socs_eigenpairs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "undulith/imaging/socs.hpp"
#include "undulith/math/linear_algebra.hpp"

namespace undulith::imaging {

using Complex = std::complex<double>;

std::vector<Complex> gaussian(std::size_t count, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal(0, std::sqrt(0.5));  // E |omega|^2 = 1
  std::vector<Complex> values(count);
  for (Complex& value : values) {
    const double re = normal(engine);
    value = {re, normal(engine)};
  }
  return values;
}

std::span<const Complex> columns_of(const std::vector<Complex>& matrix, std::size_t rows, int count) {
  return std::span(matrix).first(rows * static_cast<std::size_t>(count));
}

void project_out(std::span<const Complex> basis, int rows, int n_basis, std::vector<Complex>& x,
                 int columns) {
  if (n_basis == 0) return;
  std::vector<Complex> overlap(static_cast<std::size_t>(n_basis) * static_cast<std::size_t>(columns));
  math::add_product(math::Left::adjoint, basis, rows, n_basis, x, columns, overlap);
  for (Complex& value : overlap) value = -value;
  math::add_product(math::Left::plain, basis, rows, n_basis, overlap, columns, x);
}

namespace {

// Blocks of the Krylov space: enough for every tested pupil; the space stops growing when it has converged.
constexpr int kMaxBlocks = 10;
constexpr int kExtraColumns = 8;
constexpr double kKrylovTolerance = 1e-11;
// Systems up to which the Gram matrix is made: its cost grows with their square, that of a product with their number.
constexpr int kGramLimit = 3000;
// Residual of each vector, relative to the largest eigenvalue.
constexpr double kVectorTolerance = 1e-13;

// Orthonormal columns by Gram-Schmidt, applied twice; dependent columns are dropped. Returns the number of
// columns.
int orthonormalise(std::vector<Complex>& x, int rows, int columns) {
  const auto column = [&](int j) {
    return x.data() + static_cast<std::size_t>(j) * static_cast<std::size_t>(rows);
  };
  const auto length = [&](const Complex* v) {
    double sum = 0;
    for (int i = 0; i < rows; ++i) sum += std::norm(v[i]);
    return std::sqrt(sum);
  };
  int kept = 0;
  for (int j = 0; j < columns; ++j) {
    Complex* v = column(kept);
    if (kept != j) std::copy_n(column(j), rows, v);
    const double before = length(v);
    for (int pass = 0; pass < 2; ++pass)
      for (int k = 0; k < kept; ++k) {
        const Complex* q = column(k);
        Complex overlap = 0;
        for (int i = 0; i < rows; ++i) overlap += std::conj(q[i]) * v[i];
        for (int i = 0; i < rows; ++i) v[i] -= overlap * q[i];
      }
    const double after = length(v);
    if (!(after > 1e-10 * before)) continue;
    for (int i = 0; i < rows; ++i) v[i] /= after;
    ++kept;
  }
  x.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(kept));
  return kept;
}

// The eigenpairs whose kernels are even (parity 1) or odd (-1), of Gram matrix `gram`. Their space has the unit vectors
// (e_j + parity sign e_j') / sqrt 2 of opposite systems j and j', and e_j of a system that has this parity itself.
Eigenpairs eigenpairs_of_parity(const SystemMatrix& systems, std::span<const Complex> gram, double parity) {
  struct Member {
    std::size_t system, opposite;
    double sign, scale;
  };
  std::vector<Member> members;
  for (int j = 0; j < systems.n_systems(); ++j) {
    const SystemMatrix::Opposite& opposite = systems.opposites()[static_cast<std::size_t>(j)];
    if (opposite.system < j || (opposite.system == j && opposite.sign != parity)) continue;
    members.push_back({static_cast<std::size_t>(j), static_cast<std::size_t>(opposite.system),
                       parity * opposite.sign, opposite.system == j ? 0.5 : std::sqrt(0.5)});
  }
  const std::size_t n = members.size(), all = static_cast<std::size_t>(systems.n_systems());
  std::vector<Complex> matrix;
  matrix.reserve(n * n);
  for (const Member& b : members)
    for (const Member& a : members)
      matrix.push_back(2 * a.scale * b.scale *
                       (gram[b.system * all + a.system] + b.sign * gram[b.opposite * all + a.system]));
  math::HermitianEigen eigen = math::hermitian_eigen(matrix, static_cast<int>(n));
  Eigenpairs pairs{std::move(eigen.values), std::vector<Complex>(all * n), true};
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = 0; j < n; ++j) {
      const Member& member = members[j];
      const Complex value = member.scale * eigen.vectors[k * n + j];
      pairs.vectors[k * all + member.system] += value;
      pairs.vectors[k * all + member.opposite] += member.sign * value;
    }
  return pairs;
}

Eigenpairs dense_eigenpairs(const SystemMatrix& systems) {
  const std::vector<Complex> gram = systems.gram();
  if (systems.opposites().empty()) {
    math::HermitianEigen eigen = math::hermitian_eigen(gram, systems.n_systems());
    return {std::move(eigen.values), std::move(eigen.vectors), true};
  }
  const std::array parts{eigenpairs_of_parity(systems, gram, 1), eigenpairs_of_parity(systems, gram, -1)};
  Eigenpairs pairs{.complete = true};
  const std::size_t n = static_cast<std::size_t>(systems.n_systems());
  std::array<std::size_t, 2> next{};
  while (pairs.values.size() < n) {
    const bool odd =
        next[0] == parts[0].values.size() ||
        (next[1] < parts[1].values.size() && parts[1].values[next[1]] > parts[0].values[next[0]]);
    const Eigenpairs& part = parts[odd];
    const auto vector = std::span(part.vectors).subspan(next[odd] * n, n);
    pairs.values.push_back(part.values[next[odd]++]);
    pairs.vectors.insert(pairs.vectors.end(), vector.begin(), vector.end());
  }
  return pairs;
}

// Largest residual of the Ritz pairs, relative to the first eigenvalue.
double residual_of(std::span<const Complex> basis, std::span<const Complex> image, int n, int n_basis,
                   const math::HermitianEigen& ritz, int kept) {
  const auto small = columns_of(ritz.vectors, static_cast<std::size_t>(n_basis), kept);
  std::vector<Complex> vectors(static_cast<std::size_t>(n) * static_cast<std::size_t>(kept)),
      images(vectors.size());
  math::add_product(math::Left::plain, basis, n, n_basis, small, kept, vectors);
  math::add_product(math::Left::plain, image, n, n_basis, small, kept, images);
  double largest = 0;
  for (int k = 0; k < kept; ++k) {
    double sum = 0;
    const std::size_t first = static_cast<std::size_t>(k) * static_cast<std::size_t>(n);
    for (std::size_t i = first; i < first + static_cast<std::size_t>(n); ++i)
      sum += std::norm(images[i] - ritz.values[static_cast<std::size_t>(k)] * vectors[i]);
    largest = std::max(largest, std::sqrt(sum));
  }
  return largest / ritz.values.front();
}

// What the image of the last block adds to the basis. Columns that are rounding are dropped: scaled to length 1
// they would be no new directions but copies of old ones, and give false eigenvalues.
std::vector<Complex> next_block(std::span<const Complex> basis, int n, int n_basis,
                                std::vector<Complex> block, double largest_value) {
  const auto rows = static_cast<std::size_t>(n);
  for (int pass = 0; pass < 2; ++pass)
    project_out(basis, n, n_basis, block, static_cast<int>(block.size() / rows));
  std::vector<Complex> kept;
  for (std::size_t first = 0; first < block.size(); first += rows) {
    const auto column = std::span(block).subspan(first, rows);
    double square = 0;
    for (const Complex& value : column) square += std::norm(value);
    if (std::sqrt(square) > kVectorTolerance * largest_value)
      kept.insert(kept.end(), column.begin(), column.end());
  }
  return kept;
}

// Rayleigh-Ritz in the space spanned by X, GX, G^2 X ... with full orthogonalisation.
Eigenpairs krylov_eigenpairs(const SystemMatrix& systems, int count, Converged wanted) {
  const int n = systems.n_systems(), width = std::min(n, count + kExtraColumns);
  // Products with a Gram matrix that fits are much cheaper than those with all systems.
  const std::vector<Complex> gram = n <= kGramLimit ? systems.gram() : std::vector<Complex>{};
  const auto multiply_gram = [&](const std::vector<Complex>& x, int columns) {
    if (gram.empty()) return systems.multiply_gram(x, columns);
    std::vector<Complex> product(x.size());
    math::add_product(math::Left::plain, gram, n, n, x, columns, product);
    return product;
  };
  std::vector<Complex> basis, image;  // Q and G Q
  std::vector<Complex> block = gaussian(static_cast<std::size_t>(n) * static_cast<std::size_t>(width), 1);
  int n_basis = 0;
  double captured = 0;
  Eigenpairs pairs;
  const int max_blocks = wanted == Converged::sum ? kMaxBlocks : 2 * kMaxBlocks;
  for (int step = 0; step < max_blocks; ++step) {
    int added = orthonormalise(block, n, static_cast<int>(block.size()) / n);
    project_out(basis, n, n_basis, block, added);  // removes the rest of rounding
    added = orthonormalise(block, n, added);
    if (added == 0) break;
    basis.insert(basis.end(), block.begin(), block.end());
    std::vector<Complex> block_image = multiply_gram(block, added);
    image.insert(image.end(), block_image.begin(), block_image.end());
    n_basis += added;

    std::vector<Complex> small(static_cast<std::size_t>(n_basis) * static_cast<std::size_t>(n_basis));
    math::add_product(math::Left::adjoint, basis, n, n_basis, image, n_basis, small);
    const math::HermitianEigen ritz = math::hermitian_eigen(small, n_basis);
    int kept = std::min(count, n_basis);
    double sum = 0;
    for (int k = 0; k < kept; ++k) sum += ritz.values[static_cast<std::size_t>(k)];
    bool converged = std::abs(sum - captured) <= kKrylovTolerance * sum;
    captured = sum;
    if (converged && wanted == Converged::vectors)
      converged = residual_of(basis, image, n, n_basis, ritz, kept) <= kVectorTolerance;
    block = next_block(basis, n, n_basis, std::move(block_image), ritz.values.front());
    if (!converged && step + 1 < max_blocks && n_basis < n && !block.empty()) continue;
    if (wanted == Converged::vectors) kept = std::min(width, n_basis);
    pairs.values.assign(ritz.values.begin(), ritz.values.begin() + kept);
    pairs.vectors.assign(static_cast<std::size_t>(n) * static_cast<std::size_t>(kept), Complex{});
    math::add_product(math::Left::plain, basis, n, n_basis,
                      columns_of(ritz.vectors, static_cast<std::size_t>(n_basis), kept), kept, pairs.vectors);
    break;
  }
  return pairs;
}

// Coefficients of the unique basis of one eigenvalue, as columns.
// @param kernels  shape (n_orders, n), column-major: orthonormal columns
std::vector<Complex> unique_basis(const std::vector<Complex>& kernels, std::size_t n_orders, std::size_t n) {
  constexpr double kSameElement = 1e-6;
  std::vector<double> left(n_orders);  // P_ff of what remains
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t f = 0; f < n_orders; ++f) left[f] += std::norm(kernels[k * n_orders + f]);
  std::vector<Complex> basis(n * n);
  for (std::size_t j = 0; j < n; ++j) {
    const double least = *std::ranges::max_element(left) * (1 - kSameElement);
    const auto pivot = static_cast<std::size_t>(
        std::ranges::find_if(left, [least](double value) { return value >= least; }) - left.begin());
    Complex* column = basis.data() + j * n;
    for (std::size_t k = 0; k < n; ++k) column[k] = std::conj(kernels[k * n_orders + pivot]);
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t i = 0; i < j; ++i) {
        const Complex* earlier = basis.data() + i * n;
        Complex overlap = 0;
        for (std::size_t k = 0; k < n; ++k) overlap += std::conj(earlier[k]) * column[k];
        for (std::size_t k = 0; k < n; ++k) column[k] -= overlap * earlier[k];
      }
    double square = 0;
    for (std::size_t k = 0; k < n; ++k) square += std::norm(column[k]);
    for (std::size_t k = 0; k < n; ++k) column[k] /= std::sqrt(square);
    for (std::size_t f = 0; f < n_orders; ++f) {
      Complex element = 0;
      for (std::size_t k = 0; k < n; ++k) element += kernels[k * n_orders + f] * column[k];
      left[f] -= std::norm(element);
    }
  }
  return basis;
}

}  // namespace

Eigenpairs eigenpairs(const SystemMatrix& systems, int count, Converged converged) {
  if (systems.n_systems() <= kDenseLimit || count > systems.n_systems() / 4) return dense_eigenpairs(systems);
  return krylov_eigenpairs(systems, count, converged);
}

std::vector<Complex> fix_free_choices(const SystemMatrix& systems, Eigenpairs& pairs, int count) {
  constexpr double kSameValue = 1e-9, kRounding = 1e-13, kNoValue = 1e-14;
  const std::size_t n = static_cast<std::size_t>(systems.n_systems()), n_orders = systems.n_orders();
  std::vector<double>& values = pairs.values;
  // Groups of equal eigenvalues: the first of each, and the end.
  std::vector<std::size_t> edges{0};
  while (edges.back() < std::min(static_cast<std::size_t>(count), values.size()) &&
         values[edges.back()] > kNoValue * values[0]) {
    const std::size_t first = edges.back();
    const double same = std::max(kSameValue * values[first], kRounding * values[0]);
    std::size_t last = first;
    while (last < values.size() && values[first] - values[last] <= same) ++last;
    edges.push_back(last);
  }
  std::vector<Complex> all_kernels = systems.multiply(
      columns_of(pairs.vectors, n, static_cast<int>(edges.back())), static_cast<int>(edges.back()));
  for (std::size_t group = 0; group + 1 < edges.size(); ++group) {
    const std::size_t first = edges[group], size = edges[group + 1] - first;
    const auto begin = pairs.vectors.begin() + static_cast<std::ptrdiff_t>(first * n);
    const std::vector<Complex> vectors(begin, begin + static_cast<std::ptrdiff_t>(size * n));
    const std::vector<Complex> products(
        all_kernels.begin() + static_cast<std::ptrdiff_t>(first * n_orders),
        all_kernels.begin() + static_cast<std::ptrdiff_t>((first + size) * n_orders));
    std::vector<Complex> kernels = products;
    double mean = 0;
    for (std::size_t k = 0; k < size; ++k) {
      const double value = std::max(values[first + k], kNoValue * values[0]);
      mean += values[first + k] / static_cast<double>(size);
      for (std::size_t f = 0; f < n_orders; ++f) kernels[k * n_orders + f] /= std::sqrt(value);
    }
    const std::vector<Complex> basis = unique_basis(kernels, n_orders, size);
    const auto rotate = [&basis, size](std::span<Complex> columns, std::span<const Complex> from) {
      std::ranges::fill(columns, Complex{});
      math::add_product(math::Left::plain, from, static_cast<int>(columns.size() / size),
                        static_cast<int>(size), basis, static_cast<int>(size), columns);
    };
    rotate(std::span(pairs.vectors).subspan(first * n, size * n), vectors);
    rotate(std::span(all_kernels).subspan(first * n_orders, size * n_orders), products);
    std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(first), size, mean);
  }
  return all_kernels;
}

}  // namespace undulith::imaging
