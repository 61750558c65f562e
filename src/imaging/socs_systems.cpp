// SPDX-License-Identifier: MIT
#include "imaging/socs_systems.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <type_traits>
#include <utility>

#include "undulith/core/parallel.hpp"
#include "undulith/math/linear_algebra.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

// A tile takes the groups whose rectangles start within this share of a rectangle: large enough for BLAS, small enough
// to have few zeros.
constexpr int kTilesARectangle = 6;

// Columns of a product that one thread makes at a time.
constexpr int kColumnsAThread = 8;

int floor_divide(int a, int b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Rows first .. first + count of a column-major matrix, as a matrix.
std::vector<Complex> rows_of(std::span<const Complex> x, int rows, int first, int count, int column_begin,
                             int column_end) {
  std::vector<Complex> part;
  part.reserve(static_cast<std::size_t>(count) * static_cast<std::size_t>(column_end - column_begin));
  for (int c = column_begin; c < column_end; ++c) {
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(c) * rows + first;
    part.insert(part.end(), begin, begin + count);
  }
  return part;
}

// Calls work(column_begin, column_end) for parts of the columns, on all threads.
template <class Work>
void for_columns(int columns, const Work& work) {
  parallel_for((columns + kColumnsAThread - 1) / kColumnsAThread, [&](int part) {
    work(part * kColumnsAThread, std::min(columns, (part + 1) * kColumnsAThread));
  });
}

}  // namespace

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
  tile.values.resize(static_cast<std::size_t>(tile.orders.size()) * static_cast<std::size_t>(tile.count));
  Complex* column = tile.values.data();
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

std::vector<Complex> SystemMatrix::multiply(std::span<const Complex> x, int columns) const {
  std::vector<Complex> result(n_orders() * static_cast<std::size_t>(columns));
  for_columns(columns, [&](int begin, int end) {
    for (const Tile& tile : tiles_) {
      if (tile.values.empty()) continue;
      const std::vector<Complex> of_tile = rows_of(x, n_systems_, tile.first, tile.count, begin, end);
      std::vector<Complex> part(static_cast<std::size_t>(tile.orders.size()) *
                                static_cast<std::size_t>(end - begin));
      math::add_product(math::Left::plain, tile.values, tile.orders.size(), tile.count, of_tile, end - begin,
                        part);
      const Complex* from = part.data();
      for (int c = begin; c < end; ++c)
        for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n) {
          Complex* to = &result[static_cast<std::size_t>(c) * n_orders() + place(tile.orders.m_begin, n)];
          for (int k = 0; k < tile.orders.columns(); ++k) to[k] += *from++;
        }
    }
  });
  return result;
}

std::vector<Complex> SystemMatrix::multiply_gram(std::span<const Complex> x, int columns) const {
  const std::vector<Complex> image = multiply(x, columns);
  std::vector<Complex> result(x.size());
  for_columns(columns, [&](int begin, int end) {
    for (const Tile& tile : tiles_) {
      if (tile.values.empty()) continue;
      std::vector<Complex> of_tile;
      of_tile.reserve(static_cast<std::size_t>(tile.orders.size()) * static_cast<std::size_t>(end - begin));
      for (int c = begin; c < end; ++c)
        for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n) {
          const Complex* from =
              &image[static_cast<std::size_t>(c) * n_orders() + place(tile.orders.m_begin, n)];
          of_tile.insert(of_tile.end(), from, from + tile.orders.columns());
        }
      std::vector<Complex> part(static_cast<std::size_t>(tile.count) * static_cast<std::size_t>(end - begin));
      math::add_product(math::Left::adjoint, tile.values, tile.orders.size(), tile.count, of_tile,
                        end - begin, part);
      for (int c = begin; c < end; ++c)
        std::copy_n(part.begin() + static_cast<std::ptrdiff_t>(c - begin) * tile.count, tile.count,
                    result.begin() + static_cast<std::ptrdiff_t>(c) * n_systems_ + tile.first);
    }
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
    for (int j = 0; j < tile.count; ++j)
      for (int n = orders.n_begin; n < orders.n_end; ++n) {
        const Complex* from =
            &tile.values[static_cast<std::size_t>(j) * static_cast<std::size_t>(tile.orders.size()) +
                         static_cast<std::size_t>((n - tile.orders.n_begin) * tile.orders.columns() +
                                                  orders.m_begin - tile.orders.m_begin)];
        for (int k = 0; k < orders.columns(); ++k)
          if constexpr (std::is_same_v<T, double>)
            values.push_back(from[k].real());
          else
            values.push_back(from[k]);
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
    for (std::size_t j = static_cast<std::size_t>(i); j < tiles_.size(); ++j) {
      if (is_real_)
        write_gram<double>(a, tiles_[j], gram);
      else
        write_gram<Complex>(a, tiles_[j], gram);
    }
  });
  return gram;
}

std::vector<double> SystemMatrix::diagonal() const {
  std::vector<double> diagonal(n_orders());
  for (const Tile& tile : tiles_) {
    if (tile.values.empty()) continue;
    const Complex* value = tile.values.data();
    for (int j = 0; j < tile.count; ++j)
      for (int n = tile.orders.n_begin; n < tile.orders.n_end; ++n)
        for (int m = tile.orders.m_begin; m < tile.orders.m_end; ++m)
          diagonal[place(m, n)] += std::norm(*value++);
  }
  return diagonal;
}

}  // namespace undulith::imaging
