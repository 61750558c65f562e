// SPDX-License-Identifier: MIT
#include "imaging/socs_systems.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "undulith/core/large_buffer.hpp"
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

// Room for so many values, before the first one.
template <class T>
void reserve(std::vector<T>& values, std::size_t size) {
  if (values.capacity() >= size) return;
  values.reserve(size);
  prefer_huge_pages(values.data(), size * sizeof(T));
}

int floor_divide(int a, int b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// A column of complex numbers is written for a product with T as it is, or as its real and its imaginary parts in two
// columns; of real numbers the second one is left out.
int parts_of(std::span<const Complex>, const Complex*) {
  return 1;
}
int parts_of(std::span<const Complex> x, const double*) {
  return std::ranges::all_of(x, [](const Complex& value) { return value.imag() == 0; }) ? 1 : 2;
}
Complex part_of(const Complex& value, int, const Complex*) {
  return value;
}
double part_of(const Complex& value, int part, const double*) {
  return part == 0 ? value.real() : value.imag();
}
void add_to(Complex& to, const Complex& value, int) {
  to += value;
}
void add_to(Complex& to, double value, int part) {
  reinterpret_cast<double*>(&to)[part] += value;
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
  const std::vector<OppositeGroup> opposites = opposite_groups(fields);
  const auto cursor = fields.make_cursor();
  std::map<std::pair<int, int>, std::vector<int>> groups_at;
  std::vector<int> single;  // opposite to themselves
  for (int group = 0; group < fields.n_groups(); ++group) {
    const FieldGroup place = cursor->select(group);
    const int other = opposites.empty() ? -1 : opposites[static_cast<std::size_t>(group)].group;
    if (other == group)
      single.push_back(group);
    else if (other < 0 || other > group)
      groups_at[{floor_divide(place.n_first, step_y), floor_divide(place.m_first, step_x)}].push_back(group);
  }
  for (const auto& [place, groups] : groups_at) add_tile(groups, opposites, *cursor);
  if (!single.empty()) {
    add_tile(single, {}, *cursor);
    for (const int group : single)
      for (const double sign : opposites[static_cast<std::size_t>(group)].signs)
        opposites_.push_back({static_cast<int>(opposites_.size()), sign});
  }
}

void SystemMatrix::add_tile(const std::vector<int>& groups, const std::vector<OppositeGroup>& opposites,
                            FilterCursor& cursor) {
  Tile tile{.first = n_systems_};
  for (const int group : groups) {
    const FieldGroup place = cursor.select(group);
    const Rectangle own{place.m_first, place.m_first + fields_.columns(), place.n_first,
                        place.n_first + fields_.rows()};
    const bool first = tile.orders.empty();
    tile.orders =
        first ? own
              : Rectangle{std::min(tile.orders.m_begin, own.m_begin), std::max(tile.orders.m_end, own.m_end),
                          std::min(tile.orders.n_begin, own.n_begin), std::max(tile.orders.n_end, own.n_end)};
    tile.count += place.n_fields;
    if (opposites.empty()) continue;
    const std::vector<double>& signs = opposites[static_cast<std::size_t>(group)].signs;
    tile.opposite_signs.insert(tile.opposite_signs.end(), signs.begin(), signs.end());
  }
  n_systems_ += tile.has_opposites() ? 2 * tile.count : tile.count;
  for (const int offset : {tile.count, -tile.count})
    for (std::size_t j = 0; j < tile.opposite_signs.size(); ++j)
      opposites_.push_back({static_cast<int>(opposites_.size()) + offset, tile.opposite_signs[j]});
  const Rectangle all{-max_order_x_, max_order_x_ + 1, -max_order_y_, max_order_y_ + 1};
  tile.orders = common(tile.orders, all);
  tiles_.push_back(std::move(tile));
  if (tiles_.back().orders.empty()) return;
  const Rectangle& orders = tiles_.back().orders;
  std::vector<Complex> system(static_cast<std::size_t>(orders.size()));
  for (const int group : groups) {
    const FieldGroup place = cursor.select(group);
    const Complex* filter = cursor.filters(0).data();
    const double amplitude = std::sqrt(fields_.weight(group));
    for (int component = 0; component < place.n_fields; ++component) {
      std::ranges::fill(system, Complex{});
      for (int row = 0; row < fields_.rows(); ++row)
        for (int k = 0; k < fields_.columns(); ++k, ++filter) {
          const int m = place.m_first + k, n = place.n_first + row;
          if (m < orders.m_begin || m >= orders.m_end || n < orders.n_begin || n >= orders.n_end) continue;
          system[static_cast<std::size_t>((n - orders.n_begin) * orders.columns() + m - orders.m_begin)] =
              amplitude * *filter;
        }
      append_system(tiles_.back(), system);
    }
  }
}

// Tiles are real until the first system that is not.
void SystemMatrix::append_system(Tile& tile, std::span<const Complex> system) {
  const std::size_t size = static_cast<std::size_t>(tile.count) * system.size();
  if (is_real_ && std::ranges::any_of(system, [](const Complex& value) { return value.imag() != 0; })) {
    is_real_ = false;
    for (Tile& other : tiles_) {
      other.complex.reserve(static_cast<std::size_t>(other.count) *
                            static_cast<std::size_t>(other.orders.size()));
      other.complex.assign(other.real.begin(), other.real.end());
      other.real = {};
    }
  }
  if (is_real_) {
    reserve(tile.real, size);
    std::ranges::transform(system, std::back_inserter(tile.real),
                           [](const Complex& value) { return value.real(); });
  } else {
    reserve(tile.complex, size);
    tile.complex.insert(tile.complex.end(), system.begin(), system.end());
  }
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

SystemMatrix::Rectangle SystemMatrix::opposite(const Rectangle& a) {
  return {1 - a.m_end, 1 - a.m_begin, 1 - a.n_end, 1 - a.n_begin};
}

// result += B x
template <class T>
void SystemMatrix::add_product(std::span<const Complex> x, int column_begin, int column_end,
                               std::vector<Complex>& result) const {
  constexpr const T* kType = nullptr;
  const int parts = parts_of(x, kType);
  std::vector<T> of_tile, product;
  for (const Tile& tile : tiles_) {
    if (tile.orders.empty()) continue;
    const int sides = tile.has_opposites() ? 2 : 1, columns = sides * parts * (column_end - column_begin);
    of_tile.clear();
    product.assign(static_cast<std::size_t>(tile.orders.size()) * static_cast<std::size_t>(columns), T{});
    // The values of a tile serve the opposite systems as well, as more columns.
    for (int side = 0; side < sides; ++side)
      for (int c = column_begin; c < column_end; ++c)
        for (int part = 0; part < parts; ++part) {
          const Complex* from = &x[static_cast<std::size_t>(c) * static_cast<std::size_t>(n_systems_) +
                                   static_cast<std::size_t>(tile.first + side * tile.count)];
          for (std::size_t j = 0; j < static_cast<std::size_t>(tile.count); ++j)
            of_tile.push_back(part_of(from[j], part, kType) * (side == 0 ? 1 : tile.opposite_signs[j]));
        }
    math::add_product(math::Left::plain, std::span<const T>(tile.values<T>()), tile.orders.size(), tile.count,
                      std::span<const T>(of_tile), columns, std::span<T>(product));
    const T* from = product.data();
    for (int side = 0; side < sides; ++side)
      for (int c = column_begin; c < column_end; ++c)
        for (int part = 0; part < parts; ++part)
          for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n) {
            const std::size_t column = static_cast<std::size_t>(c) * n_orders();
            Complex* to = &result[column + (side == 0 ? place(tile.orders.m_begin, n)
                                                      : place(-tile.orders.m_begin, -n))];
            const std::ptrdiff_t step = side == 0 ? 1 : -1;
            for (int k = 0; k < tile.orders.columns(); ++k, ++from) add_to(to[step * k], *from, part);
          }
  }
}

// result += B^H image
template <class T>
void SystemMatrix::add_adjoint_product(std::span<const Complex> image, int column_begin, int column_end,
                                       std::vector<Complex>& result) const {
  constexpr const T* kType = nullptr;
  const int parts = parts_of(image, kType);
  std::vector<T> of_tile, product;
  for (const Tile& tile : tiles_) {
    if (tile.orders.empty()) continue;
    const int sides = tile.has_opposites() ? 2 : 1, columns = sides * parts * (column_end - column_begin);
    of_tile.clear();
    product.assign(static_cast<std::size_t>(tile.count) * static_cast<std::size_t>(columns), T{});
    for (int side = 0; side < sides; ++side)
      for (int c = column_begin; c < column_end; ++c)
        for (int part = 0; part < parts; ++part)
          for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n) {
            const std::size_t column = static_cast<std::size_t>(c) * n_orders();
            const Complex* from = &image[column + (side == 0 ? place(tile.orders.m_begin, n)
                                                             : place(-tile.orders.m_begin, -n))];
            const std::ptrdiff_t step = side == 0 ? 1 : -1;
            for (int k = 0; k < tile.orders.columns(); ++k)
              of_tile.push_back(part_of(from[step * k], part, kType));
          }
    math::add_product(math::Left::adjoint, std::span<const T>(tile.values<T>()), tile.orders.size(),
                      tile.count, std::span<const T>(of_tile), columns, std::span<T>(product));
    const T* from = product.data();
    for (int side = 0; side < sides; ++side)
      for (int c = column_begin; c < column_end; ++c)
        for (int part = 0; part < parts; ++part) {
          Complex* to = &result[static_cast<std::size_t>(c) * static_cast<std::size_t>(n_systems_) +
                                static_cast<std::size_t>(tile.first + side * tile.count)];
          for (std::size_t j = 0; j < static_cast<std::size_t>(tile.count); ++j, ++from)
            add_to(to[j], *from * (side == 0 ? 1 : tile.opposite_signs[j]), part);
        }
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
void SystemMatrix::write_gram(const Tile& a, const Tile& b, GramWork<T>& work,
                              std::vector<Complex>& gram) const {
  const auto set = [&](int i, int j, const Complex& value) {
    const auto n = static_cast<std::size_t>(n_systems_), row = static_cast<std::size_t>(i),
               column = static_cast<std::size_t>(j);
    gram[column * n + row] = value;
    gram[row * n + column] = std::conj(value);
  };
  const auto pack = [](const Tile& tile, const Rectangle& orders, bool reversed, std::vector<T>& values) {
    values.clear();
    reserve(values, static_cast<std::size_t>(orders.size()) * static_cast<std::size_t>(tile.count));
    const Rectangle own = reversed ? opposite(orders) : orders;
    const int corner =
        (own.n_begin - tile.orders.n_begin) * tile.orders.columns() + own.m_begin - tile.orders.m_begin;
    const int rows = own.n_end - own.n_begin;
    for (int j = 0; j < tile.count; ++j) {
      auto from = tile.values<T>().begin() + static_cast<std::ptrdiff_t>(j) * tile.orders.size() + corner;
      for (int row = 0; row < rows; ++row) {
        const auto line =
            from + static_cast<std::ptrdiff_t>(reversed ? rows - 1 - row : row) * tile.orders.columns();
        if (reversed)
          std::reverse_copy(line, line + own.columns(), std::back_inserter(values));
        else
          values.insert(values.end(), line, line + own.columns());
      }
    }
    return std::span<const T>(values);
  };
  // a^H b, or a^H times the systems opposite to those of b but for their signs.
  const auto write_product = [&](bool reversed) {
    work.product.assign(static_cast<std::size_t>(a.count) * static_cast<std::size_t>(b.count), T{});
    const Rectangle orders = common(a.orders, reversed ? opposite(b.orders) : b.orders);
    if (!orders.empty())
      math::add_product(math::Left::adjoint, pack(a, orders, false, work.a), orders.size(), a.count,
                        pack(b, orders, reversed, work.b), b.count, std::span<T>(work.product));
  };
  for (const bool reversed : {false, true}) {
    if (reversed && !a.has_opposites() && !b.has_opposites()) continue;
    write_product(reversed);
    const T* value = work.product.data();
    for (int j = 0; j < b.count; ++j)
      for (int i = 0; i < a.count; ++i, ++value) {
        const double sign_a = a.has_opposites() ? a.opposite_signs[static_cast<std::size_t>(i)] : 0,
                     sign_b = b.has_opposites() ? b.opposite_signs[static_cast<std::size_t>(j)] : 0;
        const int opposite_i = a.first + a.count + i, opposite_j = b.first + b.count + j;
        if (!reversed) {
          set(a.first + i, b.first + j, *value);
          if (sign_a != 0 && sign_b != 0) set(opposite_i, opposite_j, sign_a * sign_b * *value);
        } else {
          if (sign_b != 0) set(a.first + i, opposite_j, sign_b * *value);
          if (sign_a != 0) set(opposite_i, b.first + j, sign_a * *value);
        }
      }
  }
}

std::vector<Complex> SystemMatrix::gram() const {
  std::vector<Complex> gram(static_cast<std::size_t>(n_systems_) * static_cast<std::size_t>(n_systems_));
  std::atomic<std::size_t> next_row = 0;
  const auto write_rows = [&]<class T>(GramWork<T> work) {
    for (std::size_t i = next_row++; i < tiles_.size(); i = next_row++)
      for (std::size_t j = i; j < tiles_.size(); ++j) write_gram(tiles_[i], tiles_[j], work, gram);
  };
  parallel_for(std::min(thread_count(), static_cast<int>(tiles_.size())),
               [&](int) { is_real_ ? write_rows(GramWork<double>{}) : write_rows(GramWork<Complex>{}); });
  return gram;
}

std::vector<double> SystemMatrix::diagonal() const {
  std::vector<double> diagonal(n_orders());
  for (const Tile& tile : tiles_) {
    if (tile.orders.empty()) continue;
    std::size_t i = 0;
    for (int j = 0; j < tile.count; ++j)
      for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n)
        for (int m = tile.orders.m_begin; m < tile.orders.m_end; ++m, ++i) {
          const double square = is_real_ ? tile.real[i] * tile.real[i] : std::norm(tile.complex[i]);
          diagonal[place(m, n)] += square;
          if (tile.has_opposites()) diagonal[place(-m, -n)] += square;
        }
  }
  return diagonal;
}

}  // namespace undulith::imaging
