// SPDX-License-Identifier: MIT
#include "mask/slices/slice_scattering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "mask/modal_system.hpp"
#include "mask/slices/slice_waves.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/simd.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

// Parts of the mirror's tensor r_s + (r_p - r_s) u u^T, u along the tangential vector of an order:
//   xx = mean + difference,  yy = mean - difference,  xy = yx = cross.
constexpr std::size_t kMean = 0, kDifference = 1, kCross = 2, kParts = 3;

// exp(c0 + c1 s) as a polynomial of t = s - 1/2.
template <class T>
ScreenSeries<T> screen_series(Complex c0, Complex c1, double largest_t) {
  constexpr double kError = sizeof(T) == 4 ? 1e-9 : 1e-18;
  constexpr int kFewest = 3;
  ScreenSeries<T> series;
  Complex term = std::exp(c0 + c1 / 2.0);
  double size = 1;
  for (int k = 1; size > kError || k <= kFewest; ++k) {
    series.terms.insert(series.terms.begin(), std::complex<T>(term));
    term *= c1 / static_cast<double>(k);
    size *= std::abs(c1) * largest_t / k;
  }
  return series;
}

// Reflection at the surface of a layer: outside + share * change.
struct Surface {
  Complex outside, change;
};

// What is the same for all slices of a layer.
template <class T>
struct LayerScreens {
  LargeBuffer<T> half, whole, step;
  LargeBuffer<T>
      joint;  ///< half a slice of this layer and half a slice of the next one; empty for the last layer
};

// The buffers of one thread.
template <class T>
struct Workspace {
  Workspace(const WavePlan<T>& plan, std::size_t n_layers, bool has_bumps)
      : waves(plan),
        field(plan.field_size()),
        down(plan.field_size()),
        surface(plan.screen_size()),
        bump(has_bumps || n_layers == 0 ? plan.screen_size() : 0),
        surface_bump(has_bumps ? plan.screen_size() : 0),
        layers(n_layers) {
    std::fill_n(surface.data(), surface.size(), T(0));
    for (std::size_t at = 0; at < bump.size(); ++at) bump.data()[at] = at / plan.lanes % 2 == 0 ? T(1) : T(0);
    for (std::size_t part = 0; part < kParts; ++part) {
      once[part] = LargeBuffer<T>(plan.field_size());
      twice[part] = LargeBuffer<T>(plan.field_size());
    }
    for (LayerScreens<T>& layer : layers)
      layer = {LargeBuffer<T>(plan.screen_size()), LargeBuffer<T>(plan.screen_size()),
               LargeBuffer<T>(plan.field_size()),
               LargeBuffer<T>(&layer == &layers.back() ? 0 : plan.screen_size())};
  }
  WaveWork<T> waves;
  LargeBuffer<T> field, down;
  std::array<LargeBuffer<T>, kParts> once, twice;
  LargeBuffer<T> surface;             ///< reflection of the bottom surface and half a slice
  LargeBuffer<T> bump, surface_bump;  ///< the same with bumps of the mirror; 1 without layers and bumps
  std::vector<LayerScreens<T>> layers;
  // Orders of a panel that are waves, with the mirror for each.
  struct Wave {
    std::size_t place;
    TangentialVector direction;
  };
  std::vector<Wave> orders;
  std::vector<double> squares;
  std::vector<MirrorParts> mirror;
};

// Workspaces are kept for the next direction.
template <class T>
class Workspaces {
 public:
  [[nodiscard]] std::unique_ptr<Workspace<T>> take(const WavePlan<T>& plan, std::size_t n_layers,
                                                   bool has_bumps) {
    {
      const std::scoped_lock lock(mutex_);
      if (!free_.empty()) {
        auto workspace = std::move(free_.back());
        free_.pop_back();
        return workspace;
      }
    }
    return std::make_unique<Workspace<T>>(plan, n_layers, has_bumps);
  }
  void give_back(std::unique_ptr<Workspace<T>> workspace) {
    const std::scoped_lock lock(mutex_);
    free_.push_back(std::move(workspace));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace<T>>> free_;
};

// Of one incident direction.
struct Incident {
  TangentialVector tangential;
  double sine, cosine;
  [[nodiscard]] Complex inner_cosine(Complex index) const {
    return normal_component(index * index - sine * sine);
  }
  [[nodiscard]] Surface surface(const SliceLayer& layer) const {
    const auto r = [this](Complex index) {
      const Complex q = inner_cosine(index);
      return (cosine - q) / (cosine + q);
    };
    const Complex outside = r(layer.index_outside);
    return {outside, r(layer.index_inside) - outside};
  }
};

Incident incident_of(TangentialVector source) {
  const double sine = std::hypot(source.x, source.y);
  if (sine >= 1)
    throw InputError(
        fmt::format("incident order of tangential vector ({}, {}) is evanescent (light cannot come in along "
                    "it); use a lower order",
                    source.x, source.y));
  return {source, sine, std::sqrt((1 - sine) * (1 + sine))};
}

template <class T>
class Scattering final : public SliceScattering {
 public:
  explicit Scattering(const SliceMask& mask);
  [[nodiscard]] MaskJones scatter(TangentialVector source, int max_order_x, int max_order_y) const override;

 private:
  [[nodiscard]] bool is_flat() const { return heights_nm_.size() == 0; }
  [[nodiscard]] LargeBuffer<T> in_screen_order(const std::vector<double>& pixels) const;
  void prepare_screens(const Incident& incident, Workspace<T>& work) const;
  void prepare_bumps(const Incident& incident, Workspace<T>& work) const;
  void prepare_steps(const Incident& incident, Workspace<T>& work) const;
  void go_down(Workspace<T>& work) const;
  void reflect(const Incident& incident, Workspace<T>& work) const;
  void go_up(std::size_t part, Workspace<T>& work) const;
  void pass_screen(const LargeBuffer<T>& screen, Workspace<T>& work) const {
    const ScreenedField<T> one{work.field.data(), screen.data()};
    pass_screens(plan_, std::span(&one, 1), work.field.data(), work.waves);
  }
  // out = a b
  void multiply_screens(const LargeBuffer<T>& a, const LargeBuffer<T>& b, LargeBuffer<T>& out) const {
    const std::size_t lanes = plan_.lanes;
    for (std::size_t at = 0; at < out.size(); at += 2 * lanes)
      for (std::size_t re = at; re < at + lanes; ++re) {
        const std::size_t im = re + lanes;
        out.data()[re] = a.data()[re] * b.data()[re] - a.data()[im] * b.data()[im];
        out.data()[im] = a.data()[re] * b.data()[im] + a.data()[im] * b.data()[re];
      }
  }
  void slices(const SliceLayer& layer, const LayerScreens<T>& screens, Workspace<T>& work) const {
    for (int i = 1; i < layer.n_slices; ++i) {
      pass_step(plan_, screens.step.data(), work.field.data(), work.waves);
      pass_screen(screens.whole, work);
    }
    pass_step(plan_, screens.step.data(), work.field.data(), work.waves);
  }

  // Calls take(place, i, m, n) for the orders of a panel of columns that the grid carries; i counts the panel's values.
  template <class Take>
  void for_each_order(std::size_t panel, Take take) const {
    const int lanes = static_cast<int>(plan_.lanes);
    for (int iy = 0; iy < mask_.y.n; ++iy) {
      const int n = iy > mask_.y.max_order ? iy - mask_.y.n : iy;
      if (n < -mask_.y.max_order) continue;
      for (int lane = 0; lane < lanes; ++lane) {
        const int ix = static_cast<int>(panel) * lanes + lane,
                  m = ix > mask_.x.max_order ? ix - mask_.x.n : ix;
        if (ix < mask_.x.n && m >= -mask_.x.max_order)
          take(plan_.place(ix, iy), static_cast<std::size_t>(iy * lanes + lane), m, n);
      }
    }
  }
  [[nodiscard]] TangentialVector direction(const Incident& incident, int m, int n) const {
    return {incident.tangential.x + m * mask_.step.x, incident.tangential.y + n * mask_.step.y};
  }
  [[nodiscard]] double scale() const { return 1.0 / mask_.x.n / mask_.y.n; }  // of a transform there and back

  const SliceMask& mask_;
  WavePlan<T> plan_;
  std::vector<LargeBuffer<T>> shares_;  ///< per layer, a vector of each panel and position
  double largest_t_ = 0;                ///< of |share - 1/2|
  LargeBuffer<T> heights_nm_;           ///< empty: flat
  mutable Workspaces<T> workspaces_;
};

template <class T>
Scattering<T>::Scattering(const SliceMask& mask) : mask_(mask), plan_(mask.x.n, mask.y.n) {
  for (const SliceLayer& layer : mask.layers) {
    shares_.push_back(in_screen_order(layer.share));
    for (const double share : layer.share) largest_t_ = std::max(largest_t_, std::abs(share - 0.5));
  }
  if (!mask.heights_nm.empty()) heights_nm_ = in_screen_order(mask.heights_nm);
}

template <class T>
LargeBuffer<T> Scattering<T>::in_screen_order(const std::vector<double>& pixels) const {
  const std::size_t lanes = plan_.lanes, nx = static_cast<std::size_t>(mask_.x.n);
  LargeBuffer<T> values(plan_.screen_size() / 2);
  std::fill_n(values.data(), values.size(), T(0));
  for (int py = 0; py < mask_.y.n; ++py)
    for (std::size_t px = 0; px < nx; ++px) {
      const auto uy = static_cast<std::size_t>(py);
      const auto ix = static_cast<std::size_t>(plan_.along_x.order[px]),
                 iy = static_cast<std::size_t>(plan_.along_y.order[uy]);
      values.data()[(uy / lanes * nx + px) * lanes + uy % lanes] = static_cast<T>(pixels[iy * nx + ix]);
    }
  return values;
}

template <class T>
void Scattering<T>::prepare_screens(const Incident& incident, Workspace<T>& work) const {
  const Complex i_wave_number{0, 2 * constants::kPi / mask_.wavelength_nm};
  for (std::size_t l = 0; l < mask_.layers.size(); ++l) {
    const SliceLayer& layer = mask_.layers[l];
    const double half_nm = layer.thickness_nm / layer.n_slices / 2;
    const Complex outside = incident.inner_cosine(layer.index_outside) - incident.cosine,
                  change = incident.inner_cosine(layer.index_inside) - incident.cosine - outside;
    ScreenSeries<T> series =
        screen_series<T>(i_wave_number * half_nm * outside, i_wave_number * half_nm * change, largest_t_);
    const Surface bottom = incident.surface(layer);
    series.outside = std::complex<T>(bottom.outside);
    series.change = std::complex<T>(bottom.change);
    LayerScreens<T>& screens = work.layers[l];
    write_screens(plan_, series, shares_[l].data(), screens.half.data(), screens.whole.data(),
                  l + 1 == mask_.layers.size() ? work.surface.data() : nullptr);
    if (l > 0) multiply_screens(work.layers[l - 1].half, screens.half, work.layers[l - 1].joint);
  }
}

// With bumps b of the mirror U = b R D + r01 (b^2 R^2 D - D).
template <class T>
void Scattering<T>::prepare_bumps(const Incident& incident, Workspace<T>& work) const {
  const std::size_t lanes = plan_.lanes, n_values = plan_.screen_size() / 2;
  const T* half = mask_.layers.empty() ? nullptr : work.layers.back().half.data();
  std::vector<double> waves(lanes);
  std::vector<Complex> bumps(lanes);
  for (std::size_t at = 0; at < n_values; at += lanes) {
    for (std::size_t i = 0; i < lanes; ++i)
      waves[i] = -2 * static_cast<double>(heights_nm_.data()[at + i]) * incident.cosine / mask_.wavelength_nm;
    math::unit_phases(waves, bumps);
    for (std::size_t i = 0; i < lanes; ++i) {
      const std::size_t re = 2 * at + i, im = re + lanes;
      const auto put = [&](LargeBuffer<T>& screen, Complex value) {
        screen.data()[re] = static_cast<T>(value.real());
        screen.data()[im] = static_cast<T>(value.imag());
      };
      put(work.bump, half == nullptr ? bumps[i] : bumps[i] * Complex(half[re], half[im]));
      if (half == nullptr) continue;
      const Complex surface(work.surface.data()[re], work.surface.data()[im]);
      put(work.surface_bump, bumps[i] * bumps[i] * surface);
      put(work.surface, -surface);
    }
  }
}

template <class T>
void Scattering<T>::prepare_steps(const Incident& incident, Workspace<T>& work) const {
  const std::size_t panel = static_cast<std::size_t>(mask_.y.n) * plan_.lanes;
  std::vector<double> square(panel), waves(panel);
  std::vector<Complex> phases(panel);
  for (std::size_t p = 0; p < plan_.panels_x; ++p) {
    const std::size_t begin = p * 2 * panel;
    std::ranges::fill(square, 0);
    for_each_order(p, [&](std::size_t, std::size_t i, int m, int n) {
      const TangentialVector d = direction(incident, m, n);
      square[i] = d.x * d.x + d.y * d.y;
    });
    for (std::size_t l = 0; l < mask_.layers.size(); ++l) {
      const double slice_nm = mask_.layers[l].thickness_nm / mask_.layers[l].n_slices;
      for (std::size_t i = 0; i < panel; ++i)
        waves[i] = std::sqrt(std::max(0.0, 1 - square[i])) * slice_nm / mask_.wavelength_nm;
      math::unit_phases(waves, phases);
      T* step = work.layers[l].step.data();
      std::fill_n(step + begin, 2 * panel, T(0));
      for_each_order(p, [&](std::size_t place, std::size_t i, int, int) {
        Complex value = phases[i] * scale();
        if (square[i] > 1)
          value *= std::exp(-2 * constants::kPi / mask_.wavelength_nm * slice_nm * std::sqrt(square[i] - 1));
        step[place] = static_cast<T>(value.real());
        step[place + plan_.lanes] = static_cast<T>(value.imag());
      });
    }
  }
}

// From the top to the orders at the bottom; the carrier exp(i k_in r) is taken out of all fields.
template <class T>
void Scattering<T>::go_down(Workspace<T>& work) const {
  std::fill_n(work.field.data(), plan_.field_size(), T(0));
  for (int iy = 0; iy < mask_.y.n; ++iy) work.field.data()[plan_.place(0, iy)] = 1;
  for (std::size_t l = 0; l < mask_.layers.size(); ++l) {
    pass_screen(l == 0 ? work.layers[l].half : work.layers[l - 1].joint, work);
    slices(mask_.layers[l], work.layers[l], work);
  }
  if (!mask_.layers.empty()) pass_screen(work.layers.back().half, work);
}

// The mirror: once and twice times the orders of the field, for each part of its tensor.
template <class T>
void Scattering<T>::reflect(const Incident& incident, Workspace<T>& work) const {
  const bool flat = is_flat(), has_layers = !mask_.layers.empty();
  std::copy_n(work.field.data(), plan_.field_size(), work.down.data());
  to_orders(plan_, work.field.data(), work.waves, plan_.panels_x, plan_.panels_x);
  const std::size_t lanes = plan_.lanes, panel = static_cast<std::size_t>(mask_.y.n) * 2 * lanes;
  const double to_one = has_layers ? scale() : 1.0 / mask_.y.n;  // without a layer nothing went along x
  for (std::size_t p = 0; p < plan_.panels_x; ++p) {
    for (std::size_t part = 0; part < kParts; ++part)
      for (LargeBuffer<T>* field : {&work.once[part], &work.twice[part]})
        std::fill_n(field->data() + p * panel, panel, T(0));
    work.orders.clear();
    work.squares.clear();
    for_each_order(p, [&](std::size_t place, std::size_t, int m, int n) {
      const TangentialVector d = direction(incident, m, n);
      const double square = d.x * d.x + d.y * d.y;
      if (square < 1) {
        work.orders.push_back({place, d});
        work.squares.push_back(square);
      } else if (flat) {  // as below, where nothing is reflected
        for (const std::size_t part : {place, place + lanes})
          work.twice[kMean].data()[part] = static_cast<T>(-work.field.data()[part] * to_one);
      }
    });
    work.mirror.resize(work.squares.size());
    mask_.mirror.interpolate(work.squares, work.mirror);
    for (std::size_t i = 0; i < work.orders.size(); ++i) {
      const std::size_t place = work.orders[i].place;
      const TangentialVector d = work.orders[i].direction;
      const MirrorParts& mirror = work.mirror[i];
      const Complex light = Complex(work.field.data()[place], work.field.data()[place + lanes]) * to_one;
      const auto put = [&](LargeBuffer<T>& field, Complex value) {
        field.data()[place] = static_cast<T>(value.real());
        field.data()[place + lanes] = static_cast<T>(value.imag());
      };
      const double along = d.x * d.x - d.y * d.y, across = 2 * d.x * d.y;
      const Complex change = mirror.difference * light, change_twice = mirror.difference_twice * light;
      put(work.once[kMean], mirror.mean * light);
      // Less the light at the bottom itself, which is taken here where no bump turns the rest.
      put(work.twice[kMean], mirror.mean_twice * light - (flat ? light : 0.0));
      put(work.once[kDifference], along * change);
      put(work.twice[kDifference], along * change_twice);
      put(work.once[kCross], across * change);
      put(work.twice[kCross], across * change_twice);
    }
  }
}

// From the bottom to the top, not yet to orders.
template <class T>
void Scattering<T>::go_up(std::size_t part, Workspace<T>& work) const {
  const bool flat = is_flat(), has_layers = !mask_.layers.empty();
  const LargeBuffer<T>& half = flat && has_layers ? work.layers.back().half : work.bump;
  std::vector<ScreenedField<T>> fields{{work.once[part].data(), half.data()}};
  from_orders(plan_, work.once[part].data(), work.waves);
  if (has_layers) {
    from_orders(plan_, work.twice[part].data(), work.waves);
    fields.push_back({work.twice[part].data(), flat ? work.surface.data() : work.surface_bump.data()});
    if (part == kMean && !flat) {
      const T to_one = static_cast<T>(1.0 / mask_.x.n);
      for (T& value : work.down.values()) value *= to_one;
      fields.push_back({work.down.data(), work.surface.data()});
    }
  }
  pass_screens(plan_, fields, work.field.data(), work.waves);
  for (std::size_t l = mask_.layers.size(); l-- > 0;) {
    slices(mask_.layers[l], work.layers[l], work);
    pass_screen(l == 0 ? work.layers[l].half : work.layers[l - 1].joint, work);
  }
}

template <class T>
MaskJones Scattering<T>::scatter(TangentialVector source, int max_order_x, int max_order_y) const {
  const Incident incident = incident_of(source);
  std::unique_ptr<Workspace<T>> taken = workspaces_.take(plan_, mask_.layers.size(), !is_flat());
  Workspace<T>& work = *taken;
  prepare_screens(incident, work);
  if (!is_flat()) prepare_bumps(incident, work);
  prepare_steps(incident, work);
  go_down(work);
  reflect(incident, work);

  MaskJones jones{.max_order_x = max_order_x, .max_order_y = max_order_y, .orders = {}};
  jones.orders.resize(static_cast<std::size_t>(2 * max_order_x + 1) *
                      static_cast<std::size_t>(2 * max_order_y + 1));
  const int mx = std::min(max_order_x, mask_.x.max_order), my = std::min(max_order_y, mask_.y.max_order);
  // Columns of the wanted orders: the first ones, and the last ones for negative orders.
  const std::size_t begin = static_cast<std::size_t>(mx) / plan_.lanes + 1,
                    end = static_cast<std::size_t>(mask_.x.n - mx) / plan_.lanes;
  const Surface top = mask_.layers.empty() ? Surface{} : incident.surface(mask_.layers.front());
  for (std::size_t part = 0; part < kParts; ++part) {
    go_up(part, work);
    to_orders(plan_, work.field.data(), work.waves, begin, mx > 0 ? end : plan_.panels_x);
    for (int n = -my; n <= my; ++n)
      for (int m = -mx; m <= mx; ++m) {
        const TangentialVector d = direction(incident, m, n);
        if (d.x * d.x + d.y * d.y >= 1) continue;
        const std::size_t place = plan_.place(m < 0 ? m + mask_.x.n : m, n < 0 ? n + mask_.y.n : n);
        Complex value = Complex(work.field.data()[place], work.field.data()[place + plan_.lanes]) * scale();
        OrderJones& order = jones.orders[static_cast<std::size_t>(n + max_order_y) *
                                             static_cast<std::size_t>(2 * max_order_x + 1) +
                                         static_cast<std::size_t>(m + max_order_x)];
        if (part == kMean && !mask_.layers.empty()) {  // what the top surface returns at once
          value += top.change * mask_.top_pattern[static_cast<std::size_t>(n + mask_.y.max_order) *
                                                      static_cast<std::size_t>(2 * mask_.x.max_order + 1) +
                                                  static_cast<std::size_t>(m + mask_.x.max_order)];
          if (m == 0 && n == 0) value += top.outside;
        }
        if (part == kCross) {
          order.xy = order.yx = value;
        } else {
          order.xx += value;
          order.yy += part == kMean ? value : -value;
        }
      }
  }
  workspaces_.give_back(std::move(taken));
  return jones;
}

}  // namespace

std::unique_ptr<const SliceScattering> make_slice_scattering(const SliceMask& mask, Precision precision) {
  switch (precision) {
    case Precision::float32:
      return std::make_unique<const Scattering<float>>(mask);
    case Precision::float64:
      break;
  }
  return std::make_unique<const Scattering<double>>(mask);
}

}  // namespace undulith::mask
