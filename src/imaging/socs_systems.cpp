// SPDX-License-Identifier: MIT
#include "imaging/socs_systems.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/math/linear_algebra.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

// Rows of orders are combined up to about this many matrix elements: some ten megabytes, enough for BLAS.
constexpr std::size_t kBlockElements = std::size_t{4} << 20;

}  // namespace

SystemMatrix::SystemMatrix(const CoherentFields& fields, int max_order_x, int max_order_y)
    : fields_(fields), max_order_x_(max_order_x), max_order_y_(max_order_y) {
  const std::size_t rectangle =
      static_cast<std::size_t>(fields.columns()) * static_cast<std::size_t>(fields.rows());
  const auto cursor = fields.make_cursor();
  for (int group = 0; group < fields.n_groups(); ++group) {
    const FieldGroup place = cursor->select(group);
    const std::size_t begin = values_.size();
    const auto filters = cursor->filters(0);
    const double amplitude = std::sqrt(fields.weight(group));
    // Grown by doubling, the values would take twice their memory.
    if (group == 0) values_.reserve(filters.size() * static_cast<std::size_t>(fields.n_groups()));
    for (const Complex& value : filters) values_.push_back(amplitude * value);
    for (int component = 0; component < place.n_fields; ++component)
      systems_.push_back(
          {place.m_first, place.n_first, begin + static_cast<std::size_t>(component) * rectangle});
  }
}

std::size_t SystemMatrix::n_orders() const {
  return static_cast<std::size_t>(2 * max_order_x_ + 1) * static_cast<std::size_t>(2 * max_order_y_ + 1);
}

void SystemMatrix::for_each_block(
    const std::function<void(std::size_t, std::span<const Complex>, int)>& visit) const {
  const int width = 2 * max_order_x_ + 1, height = 2 * max_order_y_ + 1;
  const std::size_t row_elements = static_cast<std::size_t>(width) * systems_.size();
  const int rows_a_block = std::clamp(static_cast<int>(kBlockElements / row_elements), 1, height);
  std::vector<Complex> block;
  for (int begin = 0; begin < height; begin += rows_a_block) {
    const int n_rows = std::min(rows_a_block, height - begin), n_orders = n_rows * width;
    block.assign(static_cast<std::size_t>(n_orders) * systems_.size(), Complex{});
    for (std::size_t j = 0; j < systems_.size(); ++j) {
      const System& system = systems_[j];
      const int m_begin = std::max(system.m_first, -max_order_x_),
                m_end = std::min(system.m_first + fields_.columns(), max_order_x_ + 1);
      if (m_begin >= m_end) continue;
      for (int row = begin; row < begin + n_rows; ++row) {
        const int source_row = row - max_order_y_ - system.n_first;
        if (source_row < 0 || source_row >= fields_.rows()) continue;
        const Complex* from =
            values_.data() + system.values +
            static_cast<std::size_t>(source_row) * static_cast<std::size_t>(fields_.columns()) +
            (m_begin - system.m_first);
        std::copy_n(from, m_end - m_begin,
                    block.data() + j * static_cast<std::size_t>(n_orders) +
                        static_cast<std::size_t>(row - begin) * static_cast<std::size_t>(width) +
                        (m_begin + max_order_x_));
      }
    }
    visit(static_cast<std::size_t>(begin) * static_cast<std::size_t>(width), block, n_orders);
  }
}

std::vector<Complex> SystemMatrix::multiply(std::span<const Complex> x, int columns) const {
  std::vector<Complex> result(n_orders() * static_cast<std::size_t>(columns));
  for_each_block([&](std::size_t first, std::span<const Complex> block, int rows) {
    std::vector<Complex> part(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    math::add_product(math::Left::plain, block, rows, n_systems(), x, columns, part);
    for (int c = 0; c < columns; ++c)
      std::copy_n(
          part.begin() + static_cast<std::ptrdiff_t>(c) * rows, rows,
          result.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(c) * n_orders() + first));
  });
  return result;
}

std::vector<Complex> SystemMatrix::multiply_gram(std::span<const Complex> x, int columns) const {
  std::vector<Complex> result(x.size());
  for_each_block([&](std::size_t, std::span<const Complex> block, int rows) {
    std::vector<Complex> part(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    math::add_product(math::Left::plain, block, rows, n_systems(), x, columns, part);
    math::add_product(math::Left::adjoint, block, rows, n_systems(), part, columns, result);
  });
  return result;
}

std::vector<Complex> SystemMatrix::gram() const {
  std::vector<Complex> gram(systems_.size() * systems_.size());
  for_each_block([&](std::size_t, std::span<const Complex> block, int rows) {
    math::add_gram(block, rows, n_systems(), gram);
  });
  return gram;
}

std::vector<double> SystemMatrix::diagonal() const {
  std::vector<double> diagonal(n_orders());
  for_each_block([&](std::size_t first, std::span<const Complex> block, int rows) {
    for (int j = 0; j < n_systems(); ++j)
      for (int f = 0; f < rows; ++f)
        diagonal[first + static_cast<std::size_t>(f)] +=
            std::norm(block[static_cast<std::size_t>(j) * static_cast<std::size_t>(rows) +
                            static_cast<std::size_t>(f)]);
  });
  return diagonal;
}

}  // namespace undulith::imaging
