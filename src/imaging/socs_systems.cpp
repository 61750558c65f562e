// SPDX-License-Identifier: MIT
#include "imaging/socs_systems.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "undulith/core/parallel.hpp"
#include "undulith/math/linear_algebra.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

// A tile takes the groups whose rectangles start within this share of a rectangle: large enough for BLAS, small enough
// to have few zeros.
constexpr int kTilesARectangle = 4;

// Columns of a product that one thread makes at a time.
constexpr int kColumnsAThread = 24;

int floor_divide(int a, int b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// How a column of complex numbers is written for a product with T: as it is, or as its real and its imaginary parts in two
// columns.
constexpr int columns_of(const Complex*) {
  return 1;
}
constexpr int columns_of(const double*) {
  return 2;
}
void append(const Complex* from, int count, int, std::vector<Complex>& to) {
  to.insert(to.end(), from, from + count);
}
void append(const Complex* from, int count, int part, std::vector<double>& to) {
  for (int i = 0; i < count; ++i) to.push_back(part == 0 ? from[i].real() : from[i].imag());
}
void add_to(Complex* to, const Complex* from, int count, int) {
  for (int i = 0; i < count; ++i) to[i] += from[i];
}
void add_to(Complex* to, const double* from, int count, int part) {
  double* of_part = reinterpret_cast<double*>(to) + part;
  for (int i = 0; i < count; ++i) of_part[2 * i] += from[i];
}

// Calls work(column_begin, column_end) for parts of the columns, on all threads.
template <class Work>
void for_columns(int columns, const Work& work) {
  parallel_for((columns + kColumnsAThread - 1) / kColumnsAThread, [&](int part) {
    work(part * kColumnsAThread, std::min(columns, (part + 1) * kColumnsAThread));
  });
}

}  // namespace

template <>
const std::vector<double>& SystemMatrix::Tile::values() const {
  return real;
}
template <>
const std::vector<Complex>& SystemMatrix::Tile::values() const {
  return complex;
}

SystemMatrix::SystemMatrix(const CoherentFields& fields, int max_order_x, int max_order_y)
    : fields_(fields), max_order_x_(max_order_x), max_order_y_(max_order_y) {
  const int step_x = std::max(1, fields.columns() / kTilesARectangle),
            step_y = std::max(1, fields.rows() / kTilesARectangle);
  const auto cursor = fields.make_cursor();
  std::map<std::pair<int, int>, std::vector<int>> groups_at;
  for (int group = 0; group < fields.n_groups(); ++group) {
    const FieldGroup place = cursor->select(group);
    groups_at[{floor_divide(place.n_first, step_y), floor_divide(place.m_first, step_x)}].push_back(group);
  }
  for (const auto& [place, groups] : groups_at) add_tile(groups, *cursor);
  if (!is_real_) return;
  for (Tile& tile : tiles_) {
    tile.real.reserve(tile.complex.size());
    for (const Complex& value : tile.complex) tile.real.push_back(value.real());
    tile.complex = {};
  }
}

void SystemMatrix::add_tile(const std::vector<int>& groups, FilterCursor& cursor) {
  std::vector<FieldGroup> places;
  Tile tile{.first = n_systems_};
  for (const int group : groups) {
    const FieldGroup& place = places.emplace_back(cursor.select(group));
    const Rectangle own{place.m_first, place.m_first + fields_.columns(), place.n_first,
                        place.n_first + fields_.rows()};
    const bool first = tile.orders.empty();
    tile.orders =
        first ? own
              : Rectangle{std::min(tile.orders.m_begin, own.m_begin), std::max(tile.orders.m_end, own.m_end),
                          std::min(tile.orders.n_begin, own.n_begin), std::max(tile.orders.n_end, own.n_end)};
    tile.count += place.n_fields;
  }
  n_systems_ += tile.count;
  const Rectangle all{-max_order_x_, max_order_x_ + 1, -max_order_y_, max_order_y_ + 1};
  tile.orders = common(tile.orders, all);
  if (tile.orders.empty()) {
    tiles_.push_back(std::move(tile));
    return;
  }
  tile.complex.resize(static_cast<std::size_t>(tile.orders.size()) * static_cast<std::size_t>(tile.count));
  Complex* column = tile.complex.data();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    cursor.select(groups[i]);
    const Complex* filter = cursor.filters(0).data();
    const double amplitude = std::sqrt(fields_.weight(groups[i]));
    for (int component = 0; component < places[i].n_fields; ++component, column += tile.orders.size())
      for (int row = 0; row < fields_.rows(); ++row)
        for (int k = 0; k < fields_.columns(); ++k, ++filter) {
          const int m = places[i].m_first + k, n = places[i].n_first + row;
          if (m < tile.orders.m_begin || m >= tile.orders.m_end || n < tile.orders.n_begin ||
              n >= tile.orders.n_end)
            continue;
          column[(n - tile.orders.n_begin) * tile.orders.columns() + m - tile.orders.m_begin] =
              amplitude * *filter;
          is_real_ = is_real_ && filter->imag() == 0;
        }
  }
  tiles_.push_back(std::move(tile));
}

std::size_t SystemMatrix::n_orders() const {
  return static_cast<std::size_t>(2 * max_order_x_ + 1) * static_cast<std::size_t>(2 * max_order_y_ + 1);
}

std::size_t SystemMatrix::place(int m, int n) const {
  return static_cast<std::size_t>(n + max_order_y_) * static_cast<std::size_t>(2 * max_order_x_ + 1) +
         static_cast<std::size_t>(m + max_order_x_);
}

SystemMatrix::Rectangle SystemMatrix::common(const Rectangle& a, const Rectangle& b) {
  return {std::max(a.m_begin, b.m_begin), std::min(a.m_end, b.m_end), std::max(a.n_begin, b.n_begin),
          std::min(a.n_end, b.n_end)};
}

// result += B x
template <class T>
void SystemMatrix::add_product(std::span<const Complex> x, int column_begin, int column_end,
                               std::vector<Complex>& result) const {
  constexpr int kParts = columns_of(static_cast<const T*>(nullptr));
  const int columns = kParts * (column_end - column_begin);
  for (const Tile& tile : tiles_) {
    if (tile.orders.empty()) continue;
    std::vector<T> of_tile,
        product(static_cast<std::size_t>(tile.orders.size()) * static_cast<std::size_t>(columns));
    of_tile.reserve(static_cast<std::size_t>(tile.count) * static_cast<std::size_t>(columns));
    for (int c = column_begin; c < column_end; ++c)
      for (int part = 0; part < kParts; ++part)
        append(&x[static_cast<std::size_t>(c) * static_cast<std::size_t>(n_systems_) +
                  static_cast<std::size_t>(tile.first)],
               tile.count, part, of_tile);
    math::add_product(math::Left::plain, std::span<const T>(tile.values<T>()), tile.orders.size(), tile.count,
                      std::span<const T>(of_tile), columns, std::span<T>(product));
    const T* from = product.data();
    for (int c = column_begin; c < column_end; ++c)
      for (int part = 0; part < kParts; ++part)
        for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n, from += tile.orders.columns())
          add_to(&result[static_cast<std::size_t>(c) * n_orders() + place(tile.orders.m_begin, n)], from,
                 tile.orders.columns(), part);
  }
}

// result += B^H image
template <class T>
void SystemMatrix::add_adjoint_product(std::span<const Complex> image, int column_begin, int column_end,
                                       std::vector<Complex>& result) const {
  constexpr int kParts = columns_of(static_cast<const T*>(nullptr));
  const int columns = kParts * (column_end - column_begin);
  for (const Tile& tile : tiles_) {
    if (tile.orders.empty()) continue;
    std::vector<T> of_tile, product(static_cast<std::size_t>(tile.count) * static_cast<std::size_t>(columns));
    of_tile.reserve(static_cast<std::size_t>(tile.orders.size()) * static_cast<std::size_t>(columns));
    for (int c = column_begin; c < column_end; ++c)
      for (int part = 0; part < kParts; ++part)
        for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n)
          append(&image[static_cast<std::size_t>(c) * n_orders() + place(tile.orders.m_begin, n)],
                 tile.orders.columns(), part, of_tile);
    math::add_product(math::Left::adjoint, std::span<const T>(tile.values<T>()), tile.orders.size(),
                      tile.count, std::span<const T>(of_tile), columns, std::span<T>(product));
    const T* from = product.data();
    for (int c = column_begin; c < column_end; ++c)
      for (int part = 0; part < kParts; ++part, from += tile.count)
        add_to(&result[static_cast<std::size_t>(c) * static_cast<std::size_t>(n_systems_) +
                       static_cast<std::size_t>(tile.first)],
               from, tile.count, part);
  }
}

std::vector<Complex> SystemMatrix::multiply(std::span<const Complex> x, int columns) const {
  std::vector<Complex> result(n_orders() * static_cast<std::size_t>(columns));
  for_columns(columns, [&](int begin, int end) {
    is_real_ ? add_product<double>(x, begin, end, result) : add_product<Complex>(x, begin, end, result);
  });
  return result;
}

std::vector<Complex> SystemMatrix::multiply_gram(std::span<const Complex> x, int columns) const {
  const std::vector<Complex> image = multiply(x, columns);
  std::vector<Complex> result(x.size());
  for_columns(columns, [&](int begin, int end) {
    is_real_ ? add_adjoint_product<double>(image, begin, end, result)
             : add_adjoint_product<Complex>(image, begin, end, result);
  });
  return result;
}

template <class T>
void SystemMatrix::write_gram(const Tile& a, const Tile& b, std::vector<Complex>& gram) const {
  const Rectangle orders = common(a.orders, b.orders);
  if (orders.empty()) return;
  const auto packed = [&](const Tile& tile) {
    std::vector<T> values;
    values.reserve(static_cast<std::size_t>(orders.size()) * static_cast<std::size_t>(tile.count));
    const int corner =
        (orders.n_begin - tile.orders.n_begin) * tile.orders.columns() + orders.m_begin - tile.orders.m_begin;
    for (int j = 0; j < tile.count; ++j) {
      auto from = tile.values<T>().begin() + static_cast<std::ptrdiff_t>(j) * tile.orders.size() + corner;
      for (int n = orders.n_begin; n < orders.n_end; ++n, from += tile.orders.columns())
        values.insert(values.end(), from, from + orders.columns());
    }
    return values;
  };
  std::vector<T> product(static_cast<std::size_t>(a.count) * static_cast<std::size_t>(b.count));
  math::add_product(math::Left::adjoint, std::span<const T>(packed(a)), orders.size(), a.count,
                    std::span<const T>(packed(b)), b.count, std::span<T>(product));
  const auto n = static_cast<std::size_t>(n_systems_);
  const T* value = product.data();
  for (int j = b.first; j < b.first + b.count; ++j)
    for (int i = a.first; i < a.first + a.count; ++i, ++value) {
      gram[static_cast<std::size_t>(j) * n + static_cast<std::size_t>(i)] = *value;
      gram[static_cast<std::size_t>(i) * n + static_cast<std::size_t>(j)] = std::conj(Complex(*value));
    }
}

std::vector<Complex> SystemMatrix::gram() const {
  std::vector<Complex> gram(static_cast<std::size_t>(n_systems_) * static_cast<std::size_t>(n_systems_));
  parallel_for(static_cast<int>(tiles_.size()), [&](int i) {
    const Tile& a = tiles_[static_cast<std::size_t>(i)];
    for (std::size_t j = static_cast<std::size_t>(i); j < tiles_.size(); ++j)
      is_real_ ? write_gram<double>(a, tiles_[j], gram) : write_gram<Complex>(a, tiles_[j], gram);
  });
  return gram;
}

std::vector<double> SystemMatrix::diagonal() const {
  std::vector<double> diagonal(n_orders());
  for (const Tile& tile : tiles_) {
    if (tile.orders.empty()) continue;
    std::size_t i = 0;
    for (int j = 0; j < tile.count; ++j)
      for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n)
        for (int m = tile.orders.m_begin; m < tile.orders.m_end; ++m, ++i)
          diagonal[place(m, n)] += is_real_ ? tile.real[i] * tile.real[i] : std::norm(tile.complex[i]);
  }
  return diagonal;
}

}  // namespace undulith::imaging
