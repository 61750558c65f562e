// SPDX-License-Identifier: MIT
// The matrix of coherent systems, of which one of two opposite ones is kept.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "imaging/point_fields.hpp"
#include "imaging/socs_eigenpairs.hpp"
#include "imaging/socs_systems.hpp"

namespace {

using namespace undulith;
using namespace undulith::imaging;
using Complex = std::complex<double>;

constexpr Box kCell{0, 0, 150, 90};
constexpr double kWavelengthNm = 13.5, kNa = 0.33;
constexpr int kMaxOrderX = 6, kMaxOrderY = 4;

// Opposite pairs of points, and one in the middle.
illuminator::PupilFill pairs(double moved) {
  std::mt19937 engine(3);
  std::uniform_real_distribution<double> uniform(-0.6, 0.6);
  std::vector<illuminator::SourcePoint> points{{.sigma_x = 0, .sigma_y = 0, .weight = 0.4}};
  for (int i = 0; i < 14; ++i) {
    const double x = uniform(engine), y = uniform(engine), weight = 1 + uniform(engine);
    points.push_back({.sigma_x = x, .sigma_y = y, .weight = weight});
    points.push_back({.sigma_x = -x, .sigma_y = -y, .weight = weight});
  }
  points.back().sigma_x += moved;
  return illuminator::make_pupil_fill(std::move(points));
}

struct Case {
  FieldModel model = FieldModel::scalar;
  double focus_nm = 0;
  std::vector<ZernikeTerm> aberrations;
  double moved = 0;
  bool has_opposites = true;
};

double largest_difference(std::span<const Complex> a, std::span<const Complex> b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// The transmission cross coefficient from the filters themselves, orders by orders.
std::vector<Complex> cross_coefficient(const CoherentFields& fields) {
  constexpr int kColumns = 2 * kMaxOrderX + 1, kOrders = kColumns * (2 * kMaxOrderY + 1);
  std::vector<Complex> sum(static_cast<std::size_t>(kOrders * kOrders));
  const auto cursor = fields.make_cursor();
  for (int group = 0; group < fields.n_groups(); ++group) {
    const FieldGroup place = cursor->select(group);
    const Complex* filter = cursor->filters(0).data();
    for (int component = 0; component < place.n_fields; ++component) {
      std::vector<Complex> system(kOrders);
      for (int row = 0; row < fields.rows(); ++row)
        for (int k = 0; k < fields.columns(); ++k, ++filter) {
          const int m = place.m_first + k, n = place.n_first + row;
          if (std::abs(m) <= kMaxOrderX && std::abs(n) <= kMaxOrderY)
            system[static_cast<std::size_t>((n + kMaxOrderY) * kColumns + m + kMaxOrderX)] = *filter;
        }
      for (std::size_t j = 0; j < system.size(); ++j)
        for (std::size_t i = 0; i < system.size(); ++i)
          sum[j * system.size() + i] += fields.weight(group) * system[i] * std::conj(system[j]);
    }
  }
  return sum;
}

// a b^H of column-major matrices with these rows.
std::vector<Complex> outer_product(const std::vector<Complex>& a, const std::vector<Complex>& b,
                                   std::size_t rows) {
  std::vector<Complex> product(rows * rows);
  for (std::size_t k = 0; k < a.size() / rows; ++k)
    for (std::size_t j = 0; j < rows; ++j)
      for (std::size_t i = 0; i < rows; ++i)
        product[j * rows + i] += a[k * rows + i] * std::conj(b[k * rows + j]);
  return product;
}

}  // namespace

TEST_CASE("SOCS: the matrix of systems is that of all source points", "[unit][imaging]") {
  constexpr double kRounding = 1e-13;
  const std::vector<Case> cases{{},
                                {.focus_nm = 40},
                                {.model = FieldModel::vector},
                                {.model = FieldModel::vector, .focus_nm = 40, .aberrations = {{5, 0.05}}},
                                {.aberrations = {{7, 0.05}}, .has_opposites = false},
                                {.moved = 0.01, .has_opposites = false}};
  for (const Case& c : cases) {
    CAPTURE(c.model, c.focus_nm, c.aberrations.size(), c.moved);
    const ImagingParameters optics{.na = kNa, .aberrations = c.aberrations, .field_model = c.model};
    const ImagePlane plane{c.focus_nm, 0};
    const illuminator::PupilFill fill = pairs(c.moved);
    const PointFields fields(kCell, kWavelengthNm, fill, optics, FieldPosition{}, std::span(&plane, 1));
    const SystemMatrix systems(fields, kMaxOrderX, kMaxOrderY);
    CHECK(systems.opposites().empty() != c.has_opposites);
    const std::size_t n = static_cast<std::size_t>(systems.n_systems()), orders = systems.n_orders();

    std::vector<Complex> unit(n * n);
    for (std::size_t i = 0; i < n; ++i) unit[i * n + i] = 1;
    const std::vector<Complex> matrix = systems.multiply(unit, systems.n_systems());
    const std::vector<Complex> expected = cross_coefficient(fields);
    CHECK(largest_difference(outer_product(matrix, matrix, orders), expected) < kRounding);

    std::vector<Complex> gram(n * n);
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t f = 0; f < orders; ++f)
          gram[j * n + i] += std::conj(matrix[i * orders + f]) * matrix[j * orders + f];
    CHECK(largest_difference(systems.gram(), gram) < kRounding);
    CHECK(largest_difference(systems.multiply_gram(unit, systems.n_systems()), gram) < kRounding);
    // Complex columns of real systems take two products each.
    const std::vector<Complex> columns = gaussian(3 * n, 5);
    std::vector<Complex> products(3 * n);
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t i = 0; i < n; ++i) products[k * n + i] += gram[j * n + i] * columns[k * n + j];
    CHECK(largest_difference(systems.multiply_gram(columns, 3), products) < 10 * kRounding);

    const std::vector<double> diagonal = systems.diagonal();
    for (std::size_t f = 0; f < orders; ++f)
      CHECK(std::abs(diagonal[f] - expected[f * orders + f]) < kRounding);

    // The eigenvectors make the coefficient anew, and fall in order.
    const Eigenpairs pairs = eigenpairs(systems, 5, Converged::vectors);
    REQUIRE(pairs.complete);
    REQUIRE(pairs.values.size() == n);
    CHECK(std::ranges::is_sorted(pairs.values, std::greater{}));
    const std::vector<Complex> kernels = systems.multiply(pairs.vectors, systems.n_systems());
    CHECK(largest_difference(outer_product(kernels, kernels, orders), expected) < kRounding);
    for (std::size_t k = 0; k < n; ++k) {
      double square = 0;
      for (std::size_t f = 0; f < orders; ++f) square += std::norm(kernels[k * orders + f]);
      CHECK(std::abs(square - pairs.values[k]) < kRounding);
    }
  }
}
