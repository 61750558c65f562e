// SPDX-License-Identifier: MIT
// Compiled once for each vector width; the widest that the processor supports is chosen at run time.
#include "mask/slices/slice_waves.hpp"

#include "math/vector_targets.hpp"
#include "undulith/math/vector_width.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mask/slices/slice_waves.cpp"
#include <hwy/foreach_target.h>
// Highway and what is written in it come after the list of targets.
#include <hwy/highway.h>

#include "mask/slices/line_ends.hpp"
#include "math/lane_fft.hpp"

HWY_BEFORE_NAMESPACE();
namespace undulith::mask::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;
using namespace undulith::math::HWY_NAMESPACE;
using math::LinePass;
using math::LinePlan;

// The forward transform is the inverse one with real and imaginary parts exchanged.
template <class T>
HWY_INLINE Pair<T> exchanged(Pair<T> x) {
  return {x.im, x.re};
}

// The passes of transform_lines() in the opposite order: factors before butterflies.
template <int R, class T>
HWY_INLINE void load_and_twist(const T* HWY_RESTRICT from, const T* HWY_RESTRICT w, std::size_t distance,
                               Pair<T>* x) {
  const Tag<T> d;
  x[0] = load_pair<T>(from);
  UNDULITH_UNROLL
  for (int q = 1; q < R; ++q)
    x[q] = mul(load_pair<T>(from + q * distance), hn::Set(d, w[2 * q - 2]), hn::Set(d, w[2 * q - 1]));
}

template <int R, class T, class Load>
HWY_NOINLINE void begin_back(int position, int blocks, T* HWY_RESTRICT line, const Load& load) {
  const std::size_t step = 2 * hn::Lanes(Tag<T>());
  for (int block = 0; block < blocks; ++block, position += R) {
    Pair<T> x[R];
    UNDULITH_UNROLL
    for (int q = 0; q < R; ++q) x[q] = exchanged<T>(load(position + q));
    butterfly<R, false, T>(x);
    UNDULITH_UNROLL
    for (int q = 0; q < R; ++q, line += step) store_pair<T>(x[q], line);
  }
}

template <int R, class T>
HWY_NOINLINE void middle_back(const LinePass& pass, int blocks, const T* HWY_RESTRICT twiddles,
                              T* HWY_RESTRICT line) {
  const std::size_t step = 2 * hn::Lanes(Tag<T>()), distance = pass.m * step;
  for (int block = 0; block < blocks; ++block, line += (R - 1) * distance) {
    const T* w = twiddles + pass.twiddles;
    for (int j = 0; j < pass.m; ++j, w += 2 * (R - 1), line += step) {
      Pair<T> x[R];
      load_and_twist<R, T>(line, w, distance, x);
      butterfly<R, false, T>(x);
      UNDULITH_UNROLL
      for (int q = 0; q < R; ++q) store_pair<T>(x[q], line + q * distance);
    }
  }
}

template <int R, class T, class Out>
HWY_NOINLINE void finish_back(const LinePlan<T>& plan, T* HWY_RESTRICT line, const Out& out) {
  const std::size_t step = 2 * hn::Lanes(Tag<T>());
  const int m = plan.passes[0].m;
  const T* w = plan.twiddles.data() + plan.passes[0].twiddles;
  for (int j = 0; j < m; ++j, w += 2 * (R - 1), line += step) {
    Pair<T> x[R];
    load_and_twist<R, T>(line, w, m * step, x);
    butterfly<R, false, T>(x);
    UNDULITH_UNROLL
    for (int q = 0; q < R; ++q) out(j + q * m, exchanged<T>(x[q]));
  }
}

// Forward transforms of lines side by side: load(p) the samples at position p, out(i, x) takes coefficient i.
template <class T, class Load, class Out>
HWY_INLINE void transform_lines_back(const LinePlan<T>& plan, T* HWY_RESTRICT line, const Load& load,
                                     const Out& out) {
  if (plan.passes.size() < 2) {
    if (plan.passes.empty())
      out(0, load(0));
    else
      with_radix(plan.n, [&](auto r) HWY_ATTR {
        constexpr int kRadix = decltype(r)::value;
        only_pass<kRadix, T>(
            kRadix, [&](int i) HWY_ATTR { return exchanged<T>(load(i)); },
            [&](int i, Pair<T> x) HWY_ATTR { out(i, exchanged<T>(x)); });
      });
    return;
  }
  const int radix = plan.passes.front().radix, m = plan.passes.front().m;
  for (int part = 0; part < radix; ++part) {
    T* block = line + static_cast<std::size_t>(part * m) * 2 * hn::Lanes(Tag<T>());
    with_radix(plan.passes.back().radix, [&](auto r) HWY_ATTR {
      constexpr int kRadix = decltype(r)::value;
      begin_back<kRadix, T>(part * m, m / kRadix, block, load);
    });
    for (std::size_t s = plan.passes.size() - 2; s > 0; --s)
      with_radix(plan.passes[s].radix, [&](auto r) HWY_ATTR {
        constexpr int kRadix = decltype(r)::value;
        middle_back<kRadix, T>(plan.passes[s], m / (kRadix * plan.passes[s].m), plan.twiddles.data(), block);
      });
  }
  with_radix(radix, [&](auto r) HWY_ATTR {
    constexpr int kRadix = decltype(r)::value;
    finish_back<kRadix, T>(plan, line, out);
  });
}

// A panel of rows, turned into a line of columns.
template <class T>
void turn_rows(const WavePlan<T>& plan, const T* HWY_RESTRICT field, std::size_t panel_y,
               T* HWY_RESTRICT line) {
  const Tag<T> d;
  constexpr std::size_t kLanes = HWY_LANES(T);
  const auto ny = static_cast<std::size_t>(plan.along_y.n), nx = static_cast<std::size_t>(plan.along_x.n);
  const std::size_t rows = std::min(kLanes, ny - panel_y * kLanes);
  for (std::size_t px = 0; px < plan.panels_x; ++px) {
    const T* from = field + (px * ny + panel_y * kLanes) * 2 * kLanes;
    const std::size_t columns = std::min(kLanes, nx - px * kLanes);
    for (std::size_t part = 0; part < 2; ++part) {
      Vec<T> x[kLanes];
      UNDULITH_UNROLL
      for (std::size_t i = 0; i < kLanes; ++i)
        x[i] = i < rows ? hn::Load(d, from + (2 * i + part) * kLanes) : hn::Zero(d);
      transpose_square<T>(x);
      T* to = line + (px * 2 * kLanes + part) * kLanes;
      UNDULITH_UNROLL
      for (std::size_t i = 0; i < kLanes; ++i)
        if (i < columns) hn::Store(x[i], d, to + 2 * i * kLanes);
    }
  }
}

// And back.
template <class T>
void turn_columns(const WavePlan<T>& plan, const T* HWY_RESTRICT line, std::size_t panel_y,
                  T* HWY_RESTRICT field) {
  const Tag<T> d;
  constexpr std::size_t kLanes = HWY_LANES(T);
  const auto ny = static_cast<std::size_t>(plan.along_y.n), nx = static_cast<std::size_t>(plan.along_x.n);
  const std::size_t rows = std::min(kLanes, ny - panel_y * kLanes);
  for (std::size_t px = 0; px < plan.panels_x; ++px) {
    T* to = field + (px * ny + panel_y * kLanes) * 2 * kLanes;
    const std::size_t columns = std::min(kLanes, nx - px * kLanes);
    for (std::size_t part = 0; part < 2; ++part) {
      Vec<T> x[kLanes];
      const T* from = line + (px * 2 * kLanes + part) * kLanes;
      UNDULITH_UNROLL
      for (std::size_t i = 0; i < kLanes; ++i)
        x[i] = i < columns ? hn::Load(d, from + 2 * i * kLanes) : hn::Zero(d);
      transpose_square<T>(x);
      UNDULITH_UNROLL
      for (std::size_t i = 0; i < kLanes; ++i)
        if (i < rows) hn::Store(x[i], d, to + (2 * i + part) * kLanes);
    }
  }
}

template <class T>
void screens(const WavePlan<T>& plan, std::span<const ScreenedField<T>> fields, T* to, WaveWork<T>& work,
             T* pixels) {
  T *line = work.line.data(), *first = work.first.data();
  const std::size_t panel = static_cast<std::size_t>(plan.along_x.n) * 2 * hn::Lanes(Tag<T>());
  for (std::size_t p = 0; p < plan.panels_y; ++p) {
    T* behind = pixels == nullptr ? work.second.data() : pixels + p * panel;
    for (std::size_t k = 0; k < fields.size(); ++k) {
      turn_rows<T>(plan, fields[k].field, p, first);
      const T* screen = fields[k].screen + p * panel;
      if (fields[k].pixels != nullptr)
        transform_lines<T>(plan.along_x, line, LoadLine<T>{first},
                           StoreTwoProducts<T>{screen, behind, fields[k].other_screen + p * panel,
                                               fields[k].pixels + p * panel});
      else if (k == 0)
        transform_lines<T>(plan.along_x, line, LoadLine<T>{first}, StoreProduct<T, false>{screen, behind});
      else
        transform_lines<T>(plan.along_x, line, LoadLine<T>{first}, StoreProduct<T, true>{screen, behind});
    }
    if (to == nullptr) continue;
    transform_lines_back<T>(plan.along_x, line, LoadLine<T>{behind}, StoreLine<T>{first});
    turn_columns<T>(plan, first, p, to);
  }
}

// share += Re(factor light conj(adjoint)) of the pixels of a panel.
template <class T>
void add_pulled_share(const T* HWY_RESTRICT adjoint, const T* HWY_RESTRICT light, std::complex<T> factor,
                      std::size_t n_vectors, T* HWY_RESTRICT share) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const Vec<T> re = hn::Set(d, factor.real()), im = hn::Set(d, factor.imag());
  for (std::size_t v = 0; v < n_vectors; ++v, adjoint += 2 * lanes, light += 2 * lanes, share += lanes) {
    const Pair<T> a = load_pair<T>(adjoint), b = mul(load_pair<T>(light), re, im);
    hn::Store(mul_plus(a.im, b.im, mul_plus(a.re, b.re, hn::Load(d, share))), d, share);
  }
}

// The adjoint of screens(): the fields from what is behind.
template <class T>
void pull(const WavePlan<T>& plan, const T* field, std::span<const PulledShare<T>> shares,
          std::span<const PulledField<T>> fields, WaveWork<T>& work) {
  T *line = work.line.data(), *first = work.first.data(), *second = work.second.data();
  const std::size_t lanes = hn::Lanes(Tag<T>()), n_vectors = static_cast<std::size_t>(plan.along_x.n),
                    panel = n_vectors * 2 * lanes;
  for (std::size_t p = 0; p < plan.panels_y; ++p) {
    turn_rows<T>(plan, field, p, first);
    transform_lines<T>(plan.along_x, line, LoadLine<T>{first}, StoreLine<T>{second});
    for (const PulledShare<T>& share : shares)
      add_pulled_share<T>(second, share.light + p * panel, share.factor, n_vectors,
                          share.share + p * panel / 2);
    for (const PulledField<T>& pulled : fields) {
      transform_lines_back<T>(plan.along_x, line, LoadConjugateProduct<T>{pulled.screen + p * panel, second},
                              StoreLine<T>{first});
      turn_columns<T>(plan, first, p, pulled.to);
    }
  }
}

template <class T, class Store>
void step(const WavePlan<T>& plan, const T* factors, T* field, WaveWork<T>& work) {
  T *line = work.line.data(), *first = work.first.data();
  const std::size_t panel = static_cast<std::size_t>(plan.along_y.n) * 2 * hn::Lanes(Tag<T>());
  for (std::size_t p = 0; p < plan.panels_x; ++p) {
    T* rows = field + p * panel;
    transform_lines_back<T>(plan.along_y, line, LoadLine<T>{rows}, Store{factors + p * panel, first});
    transform_lines<T>(plan.along_y, line, LoadLine<T>{first}, StoreLine<T>{rows});
  }
}

template <class T>
void orders(const WavePlan<T>& plan, T* field, WaveWork<T>& work, std::size_t begin, std::size_t end) {
  T *line = work.line.data(), *first = work.first.data();
  const std::size_t panel = static_cast<std::size_t>(plan.along_y.n) * 2 * hn::Lanes(Tag<T>());
  for (std::size_t p = 0; p < plan.panels_x; ++p) {
    if (p >= begin && p < end) continue;
    T* rows = field + p * panel;
    std::copy(rows, rows + panel, first);
    transform_lines_back<T>(plan.along_y, line, LoadLine<T>{first}, StoreLine<T>{rows});
  }
}

template <class T>
void pixels(const WavePlan<T>& plan, T* field, WaveWork<T>& work, std::size_t begin, std::size_t end) {
  const std::size_t panel = static_cast<std::size_t>(plan.along_y.n) * 2 * hn::Lanes(Tag<T>());
  for (std::size_t p = 0; p < plan.panels_x; ++p) {
    if (p >= begin && p < end) continue;
    T* rows = field + p * panel;
    std::copy(rows, rows + panel, work.first.data());
    transform_lines<T>(plan.along_y, work.line.data(), LoadLine<T>{work.first.data()}, StoreLine<T>{rows});
  }
}

template <class T>
void write(const WavePlan<T>& plan, const ScreenSeries<T>& series, const T* share, T* half, T* whole,
           T* factored) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d), n_vectors = plan.screen_size() / (2 * lanes);
  for (std::size_t v = 0; v < n_vectors; ++v) {
    const Vec<T> s = hn::Load(d, share + v * lanes), t = hn::Sub(s, hn::Set(d, T(0.5)));
    Pair<T> x{hn::Zero(d), hn::Zero(d)};
    for (const std::complex<T>& term : series.terms)
      x = {mul_plus(x.re, t, hn::Set(d, term.real())), mul_plus(x.im, t, hn::Set(d, term.imag()))};
    store_pair<T>(x, half + 2 * v * lanes);
    store_pair<T>(mul(x, x.re, x.im), whole + 2 * v * lanes);
    if (factored == nullptr) continue;
    const Vec<T> re = mul_plus(s, hn::Set(d, series.change.real()), hn::Set(d, series.outside.real())),
                 im = mul_plus(s, hn::Set(d, series.change.imag()), hn::Set(d, series.outside.imag()));
    store_pair<T>(mul(x, re, im), factored + 2 * v * lanes);
  }
}

}  // namespace

// Only functions that are no templates can be chosen at run time.
int wave_lanes_f64() {
  return static_cast<int>(hn::Lanes(Tag<double>()));
}
int wave_lanes_f32() {
  return static_cast<int>(hn::Lanes(Tag<float>()));
}
void screens_f64(const WavePlan<double>& plan, std::span<const ScreenedField<double>> fields, double* to,
                 WaveWork<double>& work, double* pixels) {
  screens(plan, fields, to, work, pixels);
}
void screens_f32(const WavePlan<float>& plan, std::span<const ScreenedField<float>> fields, float* to,
                 WaveWork<float>& work, float* pixels) {
  screens(plan, fields, to, work, pixels);
}
void pull_f64(const WavePlan<double>& plan, const double* field, std::span<const PulledShare<double>> shares,
              std::span<const PulledField<double>> fields, WaveWork<double>& work) {
  pull(plan, field, shares, fields, work);
}
void pull_f32(const WavePlan<float>& plan, const float* field, std::span<const PulledShare<float>> shares,
              std::span<const PulledField<float>> fields, WaveWork<float>& work) {
  pull(plan, field, shares, fields, work);
}
void step_f64(const WavePlan<double>& plan, const double* factors, double* field, WaveWork<double>& work) {
  step<double, StoreProduct<double, false>>(plan, factors, field, work);
}
void step_f32(const WavePlan<float>& plan, const float* factors, float* field, WaveWork<float>& work) {
  step<float, StoreProduct<float, false>>(plan, factors, field, work);
}
void step_back_f64(const WavePlan<double>& plan, const double* factors, double* field,
                   WaveWork<double>& work) {
  step<double, StoreConjugateProduct<double>>(plan, factors, field, work);
}
void step_back_f32(const WavePlan<float>& plan, const float* factors, float* field, WaveWork<float>& work) {
  step<float, StoreConjugateProduct<float>>(plan, factors, field, work);
}
void orders_f64(const WavePlan<double>& plan, double* field, WaveWork<double>& work, std::size_t begin,
                std::size_t end) {
  orders(plan, field, work, begin, end);
}
void orders_f32(const WavePlan<float>& plan, float* field, WaveWork<float>& work, std::size_t begin,
                std::size_t end) {
  orders(plan, field, work, begin, end);
}
void pixels_f64(const WavePlan<double>& plan, double* field, WaveWork<double>& work, std::size_t begin,
                std::size_t end) {
  pixels(plan, field, work, begin, end);
}
void pixels_f32(const WavePlan<float>& plan, float* field, WaveWork<float>& work, std::size_t begin,
                std::size_t end) {
  pixels(plan, field, work, begin, end);
}

void write_f64(const WavePlan<double>& plan, const ScreenSeries<double>& series, const double* share,
               double* half, double* whole, double* factored) {
  write(plan, series, share, half, whole, factored);
}
void write_f32(const WavePlan<float>& plan, const ScreenSeries<float>& series, const float* share,
               float* half, float* whole, float* factored) {
  write(plan, series, share, half, whole, factored);
}

}  // namespace undulith::mask::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace undulith::mask {
HWY_EXPORT(wave_lanes_f64);
HWY_EXPORT(wave_lanes_f32);
HWY_EXPORT(screens_f64);
HWY_EXPORT(screens_f32);
HWY_EXPORT(step_f64);
HWY_EXPORT(step_f32);
HWY_EXPORT(step_back_f64);
HWY_EXPORT(step_back_f32);
HWY_EXPORT(pull_f64);
HWY_EXPORT(pull_f32);
HWY_EXPORT(orders_f64);
HWY_EXPORT(orders_f32);
HWY_EXPORT(pixels_f64);
HWY_EXPORT(pixels_f32);
HWY_EXPORT(write_f64);
HWY_EXPORT(write_f32);

template <class T>
WavePlan<T>::WavePlan(int nx, int ny) : along_x(nx, nx), along_y(ny, ny) {
  static_cast<void>(math::vector_width());  // takes the width that the user wants
  const int width =
      sizeof(T) == 8 ? HWY_DYNAMIC_DISPATCH(wave_lanes_f64)() : HWY_DYNAMIC_DISPATCH(wave_lanes_f32)();
  lanes = static_cast<std::size_t>(width);
  panels_x = (static_cast<std::size_t>(nx) + lanes - 1) / lanes;
  panels_y = (static_cast<std::size_t>(ny) + lanes - 1) / lanes;
}
template struct WavePlan<double>;
template struct WavePlan<float>;

template <class T>
WaveWork<T>::WaveWork(const WavePlan<T>& plan) {
  const std::size_t size =
      static_cast<std::size_t>(std::max(plan.along_x.n, plan.along_y.n)) * 2 * plan.lanes;
  line = LargeBuffer<T>(size);
  first = LargeBuffer<T>(size);
  second = LargeBuffer<T>(size);
}
template struct WaveWork<double>;
template struct WaveWork<float>;

void pass_screens(const WavePlan<double>& plan, std::span<const ScreenedField<double>> fields, double* to,
                  WaveWork<double>& work, double* pixels) {
  HWY_DYNAMIC_DISPATCH(screens_f64)(plan, fields, to, work, pixels);
}
void pass_screens(const WavePlan<float>& plan, std::span<const ScreenedField<float>> fields, float* to,
                  WaveWork<float>& work, float* pixels) {
  HWY_DYNAMIC_DISPATCH(screens_f32)(plan, fields, to, work, pixels);
}
void pass_step(const WavePlan<double>& plan, const double* step, double* field, WaveWork<double>& work) {
  HWY_DYNAMIC_DISPATCH(step_f64)(plan, step, field, work);
}
void pass_step(const WavePlan<float>& plan, const float* step, float* field, WaveWork<float>& work) {
  HWY_DYNAMIC_DISPATCH(step_f32)(plan, step, field, work);
}
void pull_screens(const WavePlan<double>& plan, const double* field,
                  std::span<const PulledShare<double>> shares, std::span<const PulledField<double>> fields,
                  WaveWork<double>& work) {
  HWY_DYNAMIC_DISPATCH(pull_f64)(plan, field, shares, fields, work);
}
void pull_screens(const WavePlan<float>& plan, const float* field, std::span<const PulledShare<float>> shares,
                  std::span<const PulledField<float>> fields, WaveWork<float>& work) {
  HWY_DYNAMIC_DISPATCH(pull_f32)(plan, field, shares, fields, work);
}
void pull_step(const WavePlan<double>& plan, const double* step, double* field, WaveWork<double>& work) {
  HWY_DYNAMIC_DISPATCH(step_back_f64)(plan, step, field, work);
}
void pull_step(const WavePlan<float>& plan, const float* step, float* field, WaveWork<float>& work) {
  HWY_DYNAMIC_DISPATCH(step_back_f32)(plan, step, field, work);
}
void to_orders(const WavePlan<double>& plan, double* field, WaveWork<double>& work, std::size_t begin,
               std::size_t end) {
  HWY_DYNAMIC_DISPATCH(orders_f64)(plan, field, work, begin, end);
}
void to_orders(const WavePlan<float>& plan, float* field, WaveWork<float>& work, std::size_t begin,
               std::size_t end) {
  HWY_DYNAMIC_DISPATCH(orders_f32)(plan, field, work, begin, end);
}
void from_orders(const WavePlan<double>& plan, double* field, WaveWork<double>& work, std::size_t begin,
                 std::size_t end) {
  HWY_DYNAMIC_DISPATCH(pixels_f64)(plan, field, work, begin, end);
}
void from_orders(const WavePlan<float>& plan, float* field, WaveWork<float>& work, std::size_t begin,
                 std::size_t end) {
  HWY_DYNAMIC_DISPATCH(pixels_f32)(plan, field, work, begin, end);
}
void write_screens(const WavePlan<double>& plan, const ScreenSeries<double>& series, const double* share,
                   double* half, double* whole, double* factored) {
  HWY_DYNAMIC_DISPATCH(write_f64)(plan, series, share, half, whole, factored);
}
void write_screens(const WavePlan<float>& plan, const ScreenSeries<float>& series, const float* share,
                   float* half, float* whole, float* factored) {
  HWY_DYNAMIC_DISPATCH(write_f32)(plan, series, share, half, whole, factored);
}

}  // namespace undulith::mask
#endif  // HWY_ONCE
