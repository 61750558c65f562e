// SPDX-License-Identifier: MIT
#include "mask/slices/slice_passes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mask/modal_system.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

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

}  // namespace

IncidentLight::IncidentLight(TangentialVector source)
    : tangential(source),
      sine(std::hypot(source.x, source.y)),
      cosine(std::sqrt(std::max(0.0, (1 - sine) * (1 + sine)))) {
  if (sine >= 1)
    throw InputError(
        fmt::format("incident order of tangential vector ({}, {}) is evanescent (light cannot come in along "
                    "it); use a lower order",
                    source.x, source.y));
}

Complex IncidentLight::inner_cosine(Complex index) const {
  return normal_component(index * index - sine * sine);
}

LayerSurface IncidentLight::surface(const SliceLayer& layer) const {
  const auto r = [this](Complex index) {
    const Complex q = inner_cosine(index);
    return (cosine - q) / (cosine + q);
  };
  const Complex outside = r(layer.index_outside);
  return {outside, r(layer.index_inside) - outside};
}

LayerSurface IncidentLight::half_slice(const SliceLayer& layer, double wavelength_nm) const {
  const Complex i_wave_number{0, 2 * constants::kPi / wavelength_nm};
  const double half_nm = layer.thickness_nm / layer.n_slices / 2;
  const Complex outside = inner_cosine(layer.index_outside) - cosine,
                change = inner_cosine(layer.index_inside) - cosine - outside;
  return {i_wave_number * half_nm * outside, i_wave_number * half_nm * change};
}

template <class T>
SliceWork<T>::SliceWork(const WavePlan<T>& plan, std::size_t n_layers, bool has_bumps)
    : waves(plan),
      field(plan.field_size()),
      down(plan.field_size()),
      surface(plan.screen_size()),
      bump(has_bumps || n_layers == 0 ? plan.screen_size() : 0),
      surface_bump(has_bumps ? plan.screen_size() : 0),
      twice_bump(has_bumps ? plan.screen_size() : 0),
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

template <class T>
SlicePasses<T>::SlicePasses(const SliceMask& mask) : mask_(mask), plan_(mask.x.n, mask.y.n) {
  for (const SliceLayer& layer : mask.layers) {
    shares_.push_back(in_screen_order(layer.share));
    for (const double share : layer.share) largest_t_ = std::max(largest_t_, std::abs(share - 0.5));
  }
  if (!mask.heights_nm.empty()) heights_nm_ = in_screen_order(mask.heights_nm);
}

template <class T>
std::unique_ptr<SliceWork<T>> SlicePasses<T>::take_work() const {
  {
    const std::scoped_lock lock(mutex_);
    if (!free_.empty()) {
      auto work = std::move(free_.back());
      free_.pop_back();
      return work;
    }
  }
  return std::make_unique<SliceWork<T>>(plan_, mask_.layers.size(), !is_flat());
}

template <class T>
void SlicePasses<T>::give_back(std::unique_ptr<SliceWork<T>> work) const {
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(work));
}

template <class T>
LargeBuffer<T> SlicePasses<T>::in_screen_order(const std::vector<double>& pixels) const {
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

// out = a b
template <class T>
void SlicePasses<T>::multiply_screens(const LargeBuffer<T>& a, const LargeBuffer<T>& b,
                                      LargeBuffer<T>& out) const {
  const std::size_t lanes = plan_.lanes;
  for (std::size_t at = 0; at < out.size(); at += 2 * lanes)
    for (std::size_t re = at; re < at + lanes; ++re) {
      const std::size_t im = re + lanes;
      out.data()[re] = a.data()[re] * b.data()[re] - a.data()[im] * b.data()[im];
      out.data()[im] = a.data()[re] * b.data()[im] + a.data()[im] * b.data()[re];
    }
}

template <class T>
void SlicePasses<T>::pass_screen(const LargeBuffer<T>& screen, SliceWork<T>& work, T* pixels) const {
  const ScreenedField<T> one{work.field.data(), screen.data()};
  pass_screens(plan_, std::span(&one, 1), work.field.data(), work.waves, pixels);
}

template <class T>
void SlicePasses<T>::prepare(const IncidentLight& incident, SliceWork<T>& work) const {
  prepare_screens(incident, work);
  if (!is_flat()) prepare_bumps(incident, work);
  prepare_steps(incident, work);
}

template <class T>
void SlicePasses<T>::prepare_screens(const IncidentLight& incident, SliceWork<T>& work) const {
  for (std::size_t l = 0; l < mask_.layers.size(); ++l) {
    const SliceLayer& layer = mask_.layers[l];
    const LayerSurface half = incident.half_slice(layer, mask_.wavelength_nm);
    ScreenSeries<T> series = screen_series<T>(half.outside, half.change, largest_t_);
    const LayerSurface bottom = incident.surface(layer);
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
void SlicePasses<T>::prepare_bumps(const IncidentLight& incident, SliceWork<T>& work) const {
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
      put(work.twice_bump, bumps[i] * bumps[i] * Complex(half[re], half[im]));
      put(work.surface_bump, bumps[i] * bumps[i] * surface);
    }
  }
}

template <class T>
void SlicePasses<T>::prepare_steps(const IncidentLight& incident, SliceWork<T>& work) const {
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

template <class T>
std::vector<SliceDepth<T>> SlicePasses<T>::depths(const SliceWork<T>& work) const {
  std::vector<SliceDepth<T>> depths;
  for (std::size_t l = 0; l < mask_.layers.size(); ++l) {
    const LayerScreens<T>& layer = work.layers[l];
    if (l == 0)
      depths.push_back({&layer.half, &layer.step, l, l, true});
    else
      depths.push_back({&work.layers[l - 1].joint, &layer.step, l - 1, l, false});
    for (int i = 1; i < mask_.layers[l].n_slices; ++i)
      depths.push_back({&layer.whole, &layer.step, l, l, false});
  }
  if (!depths.empty()) {
    const std::size_t last = mask_.layers.size() - 1;
    depths.push_back({&work.layers[last].half, nullptr, last, last, true});
  }
  return depths;
}

template <class T>
void SlicePasses<T>::go_down(SliceWork<T>& work, KeptLight<T>* kept) const {
  std::fill_n(work.field.data(), plan_.field_size(), T(0));
  for (int iy = 0; iy < mask_.y.n; ++iy) work.field.data()[plan_.place(0, iy)] = 1;
  const std::vector<SliceDepth<T>> all = depths(work);
  for (std::size_t k = 0; k < all.size(); ++k) {
    pass_screen(*all[k].screen, work, kept == nullptr ? nullptr : (*kept)[k]);
    if (all[k].step != nullptr) pass_step(plan_, all[k].step->data(), work.field.data(), work.waves);
  }
}

template <class T>
void SlicePasses<T>::find_waves(const IncidentLight& incident, std::size_t panel, PanelMirror& mirror) const {
  const std::size_t most = static_cast<std::size_t>(mask_.y.n) * plan_.lanes;
  mirror.waves.resize(most);
  mirror.squares.resize(most);
  mirror.parts.resize(most);
  mirror.others.resize(most);
  std::size_t n_waves = 0, n_others = 0;
  for_each_order(panel, [&](std::size_t place, std::size_t, int m, int n) {
    const TangentialVector d = direction(incident, m, n);
    const double square = d.x * d.x + d.y * d.y;
    if (square < 1) {
      mirror.waves[n_waves] = {place, d};
      mirror.squares[n_waves++] = square;
    } else {
      mirror.others[n_others++] = place;
    }
  });
  mirror.n_waves = n_waves;
  mirror.n_others = n_others;
  mask_.mirror->interpolate(std::span(mirror.squares).first(n_waves), std::span(mirror.parts).first(n_waves));
}

template <class T>
void SlicePasses<T>::reflect(const IncidentLight& incident, SliceWork<T>& work,
                             std::vector<PanelMirror>* kept) const {
  const bool flat = is_flat();
  std::copy_n(work.field.data(), plan_.field_size(), work.down.data());
  to_orders(plan_, work.field.data(), work.waves, plan_.panels_x, plan_.panels_x);
  const std::size_t lanes = plan_.lanes, panel = static_cast<std::size_t>(mask_.y.n) * 2 * lanes;
  const double to_one = scale_of_mirror();
  for (std::size_t p = 0; p < plan_.panels_x; ++p) {
    for (std::size_t part = 0; part < kParts; ++part)
      for (LargeBuffer<T>* field : {&work.once[part], &work.twice[part]})
        std::fill_n(field->data() + p * panel, panel, T(0));
    PanelMirror& orders = kept == nullptr ? work.mirror : (*kept)[p];
    find_waves(incident, p, orders);
    if (flat)  // as below, where nothing is reflected
      for (const std::size_t place : std::span(orders.others).first(orders.n_others))
        for (const std::size_t part : {place, place + lanes})
          work.twice[kMean].data()[part] = static_cast<T>(-work.field.data()[part] * to_one);
    for (std::size_t i = 0; i < orders.n_waves; ++i) {
      const std::size_t place = orders.waves[i].place;
      const TangentialVector d = orders.waves[i].direction;
      const MirrorParts& mirror = orders.parts[i];
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

template <class T>
void SlicePasses<T>::go_up(std::size_t part, SliceWork<T>& work, KeptLight<T>* kept, T* surface) const {
  const bool flat = is_flat(), has_layers = !mask_.layers.empty();
  const LargeBuffer<T>& half = flat && has_layers ? work.layers.back().half : work.bump;
  std::vector<ScreenedField<T>> fields{{work.once[part].data(), half.data()}};
  from_orders(plan_, work.once[part].data(), work.waves);
  if (has_layers) {
    from_orders(plan_, work.twice[part].data(), work.waves);
    if (flat)
      fields.push_back({work.twice[part].data(), work.surface.data(), half.data(), surface});
    else
      fields.push_back({work.twice[part].data(), work.surface_bump.data()});
    if (part == kMean && !flat) {
      const T to_one = static_cast<T>(-1.0 / mask_.x.n);
      for (T& value : work.down.values()) value *= to_one;
      fields.push_back({work.down.data(), work.surface.data()});
    }
  }
  const std::vector<SliceDepth<T>> all = depths(work);
  const auto keep = [&](std::size_t k) { return kept == nullptr ? nullptr : (*kept)[k]; };
  pass_screens(plan_, fields, work.field.data(), work.waves, has_layers ? keep(all.size() - 1) : nullptr);
  if (surface != nullptr && !flat) {
    std::vector<ScreenedField<T>> reflected{{work.twice[part].data(), work.twice_bump.data()}};
    if (fields.size() == 3) reflected.push_back({work.down.data(), work.layers.back().half.data()});
    pass_screens(plan_, reflected, nullptr, work.waves, surface);
  }
  for (std::size_t k = all.empty() ? 0 : all.size() - 1; k-- > 0;) {
    pass_step(plan_, all[k].step->data(), work.field.data(), work.waves);
    const ScreenedField<T> one{work.field.data(), all[k].screen->data()};
    T* to = kept != nullptr && k == 0 ? nullptr : work.field.data();
    pass_screens(plan_, std::span(&one, 1), to, work.waves, keep(k));
  }
}

template struct SliceWork<double>;
template struct SliceWork<float>;
template class SlicePasses<double>;
template class SlicePasses<float>;

}  // namespace undulith::mask
