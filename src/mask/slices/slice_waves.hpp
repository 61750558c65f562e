// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "math/line_plan.hpp"
#include "undulith/core/large_buffer.hpp"

/// Waves on a periodic grid that pass screens (products in space) and free steps (products of orders), by own
/// vectorised transforms with both products fused in. T is double or float; the same bytes at every vector
/// width.
///
/// Between two operations a field is half way: orders along x, pixels along y. Pixels stay in the order in
/// which the transforms leave them; a screen is made once in that order.
namespace undulith::mask {

/// nx by ny values, complex.
template <class T>
struct WavePlan {
  /// @throws std::invalid_argument  unless math::has_line_plan(nx) and math::has_line_plan(ny)
  WavePlan(int nx, int ny);

  math::LinePlan<T> along_x, along_y;
  std::size_t lanes;                              ///< of a vector
  std::size_t panels_x, panels_y;                 ///< of `lanes` columns, of `lanes` rows
  [[nodiscard]] std::size_t field_size() const {  ///< reals of a field or of a step
    return panels_x * static_cast<std::size_t>(along_y.n) * 2 * lanes;
  }
  [[nodiscard]] std::size_t screen_size() const {  ///< reals of a screen
    return panels_y * static_cast<std::size_t>(along_x.n) * 2 * lanes;
  }
  /// Place of the real part of column x and row y of a field; the imaginary one is `lanes` further. Rows of a
  /// step and of field_orders() are orders.
  [[nodiscard]] std::size_t place(int x, int y) const {
    const auto ux = static_cast<std::size_t>(x);
    return (ux / lanes * static_cast<std::size_t>(along_y.n) + static_cast<std::size_t>(y)) * 2 * lanes +
           ux % lanes;
  }
  /// Place of a pixel of a screen, by its positions in the order of the transforms.
  [[nodiscard]] std::size_t pixel_place(int position_x, int position_y) const {
    const auto uy = static_cast<std::size_t>(position_y);
    return (uy / lanes * static_cast<std::size_t>(along_x.n) + static_cast<std::size_t>(position_x)) * 2 *
               lanes +
           uy % lanes;
  }
};

/// The buffers of one thread.
template <class T>
struct WaveWork {
  explicit WaveWork(const WavePlan<T>& plan);
  LargeBuffer<T> line, first, second;
};

/// A field and the screen that it passes.
template <class T>
struct ScreenedField {
  const T* field;
  const T* screen;
  /// If not null: the light of each pixel behind another screen, besides; not of the first field
  const T* other_screen = nullptr;
  T* pixels = nullptr;
};

/// to = sum of the fields, each times its screen. `to` may be one of the fields.
/// @param fields  one or more
/// @param pixels  of the size of a screen: receives the light of each pixel behind the screens; null: not wanted.
///                With it `to` may be null
void pass_screens(const WavePlan<double>& plan, std::span<const ScreenedField<double>> fields, double* to,
                  WaveWork<double>& work, double* pixels = nullptr);
void pass_screens(const WavePlan<float>& plan, std::span<const ScreenedField<float>> fields, float* to,
                  WaveWork<float>& work, float* pixels = nullptr);

/// A field in front of a screen, in the adjoint.
template <class T>
struct PulledField {
  const T* screen;
  T* to;
};

/// share += Re(factor light conj(a)), a the adjoint behind the screens: one real number per pixel.
template <class T>
struct PulledShare {
  const T* light;  ///< of each pixel, as pass_screens() leaves it
  std::complex<T> factor;
  T* share;
};

/// The adjoint of pass_screens(): each `to` = the field times the conjugate of its screen.
/// @param field   adjoint of what pass_screens() writes; may be one of the `to`
/// @param shares  what the light of each pixel gains from the adjoint; may be empty
/// @param fields  may be empty
void pull_screens(const WavePlan<double>& plan, const double* field,
                  std::span<const PulledShare<double>> shares, std::span<const PulledField<double>> fields,
                  WaveWork<double>& work);
void pull_screens(const WavePlan<float>& plan, const float* field, std::span<const PulledShare<float>> shares,
                  std::span<const PulledField<float>> fields, WaveWork<float>& work);

/// field *= step, order by order.
void pass_step(const WavePlan<double>& plan, const double* step, double* field, WaveWork<double>& work);
void pass_step(const WavePlan<float>& plan, const float* step, float* field, WaveWork<float>& work);

/// The adjoint of pass_step(): field *= conj(step).
void pull_step(const WavePlan<double>& plan, const double* step, double* field, WaveWork<double>& work);
void pull_step(const WavePlan<float>& plan, const float* step, float* field, WaveWork<float>& work);

/// The orders of a field: rows become orders, of the panels of columns in [0, begin) and [end, panels_x).
void to_orders(const WavePlan<double>& plan, double* field, WaveWork<double>& work, std::size_t begin,
               std::size_t end);
void to_orders(const WavePlan<float>& plan, float* field, WaveWork<float>& work, std::size_t begin,
               std::size_t end);

/// Back: rows of orders become pixels; the orders of columns in [begin, end) are 0 and stay so. This is the adjoint of
/// to_orders(), and the other way round.
void from_orders(const WavePlan<double>& plan, double* field, WaveWork<double>& work, std::size_t begin = 0,
                 std::size_t end = 0);
void from_orders(const WavePlan<float>& plan, float* field, WaveWork<float>& work, std::size_t begin = 0,
                 std::size_t end = 0);

/// A polynomial of t = share - 1/2 with complex coefficients, the highest first, and the factor outside +
/// share change.
template <class T>
struct ScreenSeries {
  std::vector<std::complex<T>> terms;
  std::complex<T> outside, change;
};

/// Screens of a layer from the share of each pixel (one real number in place of two): half = the series,
/// whole = its square, factored = half times the factor.
/// @param factored  null: not wanted
void write_screens(const WavePlan<double>& plan, const ScreenSeries<double>& series, const double* share,
                   double* half, double* whole, double* factored);
void write_screens(const WavePlan<float>& plan, const ScreenSeries<float>& series, const float* share,
                   float* half, float* whole, float* factored);

}  // namespace undulith::mask
