// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <complex>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "mask/slices/slice_scattering.hpp"
#include "mask/slices/slice_waves.hpp"

/// The passes of light through the slices of a mask, step by step: for the scattered light and for its adjoint.
namespace undulith::mask {

/// Parts of the mirror's tensor r_s + (r_p - r_s) u u^T, u along the tangential vector of an order:
///   xx = mean + difference,  yy = mean - difference,  xy = yx = cross.
inline constexpr std::size_t kMean = 0, kDifference = 1, kCross = 2, kParts = 3;

/// Reflection at the surface of a layer: outside + share * change.
struct LayerSurface {
  std::complex<double> outside, change;
};

/// Of one incident direction.
struct IncidentLight {
  TangentialVector tangential;
  double sine, cosine;
  /// @throws InputError  it is evanescent
  explicit IncidentLight(TangentialVector source);
  [[nodiscard]] std::complex<double> inner_cosine(std::complex<double> index) const;
  [[nodiscard]] LayerSurface surface(const SliceLayer& layer) const;
  /// Exponent of the screen of half a slice: outside + share * change.
  [[nodiscard]] LayerSurface half_slice(const SliceLayer& layer, double wavelength_nm) const;
};

/// What is the same for all slices of a layer.
template <class T>
struct LayerScreens {
  LargeBuffer<T> half, whole, step;
  LargeBuffer<T>
      joint;  ///< half a slice of this layer and half a slice of the next one; empty for the last layer
};

/// Light of each pixel behind each screen, by depth; one piece of memory, so that it lies on large pages.
template <class T>
class KeptLight {
 public:
  KeptLight() = default;
  KeptLight(std::size_t n_screens, std::size_t size) : all_(n_screens * size), size_(size) {}
  [[nodiscard]] T* operator[](std::size_t screen) { return all_.data() + screen * size_; }
  [[nodiscard]] const T* operator[](std::size_t screen) const { return all_.data() + screen * size_; }

 private:
  LargeBuffer<T> all_;
  std::size_t size_ = 0;
};

/// The mirror for the orders of a panel of columns: places in a field of orders. Vectors have room for all of them, of which
/// the first n_waves and n_others count.
struct PanelMirror {
  struct Wave {
    std::size_t place;
    TangentialVector direction;
  };
  std::vector<Wave> waves;
  std::vector<double> squares;      ///< of each wave
  std::vector<MirrorParts> parts;   ///< of each wave
  std::vector<std::size_t> others;  ///< evanescent orders: nothing is reflected
  std::size_t n_waves = 0, n_others = 0;
};

/// What the adjoint of the passes needs besides.
template <class T>
struct SliceAdjointWork {
  KeptLight<T> down, up;                 ///< up: of one part of the mirror's tensor
  std::vector<PanelMirror> mirror;       ///< of each panel
  LargeBuffer<T> surface;                ///< light that the reflection at the bottom surface multiplies
  LargeBuffer<T> d_light;                ///< adjoint of the orders at the bottom
  LargeBuffer<T> d_down;                 ///< of the light at the bottom itself; empty for a flat mirror
  std::vector<LargeBuffer<T>> d_shares;  ///< per layer
};

/// The buffers of one thread.
template <class T>
struct SliceWork {
  SliceWork(const WavePlan<T>& plan, std::size_t n_layers, bool has_bumps);
  WaveWork<T> waves;
  LargeBuffer<T> field, down;
  std::array<LargeBuffer<T>, kParts> once, twice;
  LargeBuffer<T> surface;  ///< reflection of the bottom surface and half a slice
  /// Half a slice, the reflection and half a slice, half a slice alone: light that meets the bumps of the mirror once, twice
  /// and twice. Without layers and bumps the first is 1
  LargeBuffer<T> bump, surface_bump, twice_bump;
  std::vector<LayerScreens<T>> layers;
  PanelMirror mirror;
  std::unique_ptr<SliceAdjointWork<T>> adjoint;  ///< null until it is needed
};

/// A screen on the way from the top to the bottom, and the step below it. A screen is one or two half slices of one layer,
/// or one half slice of a layer and one of the next.
template <class T>
struct SliceDepth {
  const LargeBuffer<T>* screen;
  const LargeBuffer<T>* step;  ///< null at the bottom
  std::size_t above, below;    ///< layers of the two half slices
  bool is_half;                ///< only the one of `above`
};

/// The passes through one mask. Calls are const; each thread has its own work.
template <class T>
class SlicePasses {
 public:
  /// @param mask  must outlive the passes
  explicit SlicePasses(const SliceMask& mask);

  [[nodiscard]] const SliceMask& mask() const { return mask_; }
  [[nodiscard]] const WavePlan<T>& plan() const { return plan_; }
  [[nodiscard]] bool is_flat() const { return heights_nm_.size() == 0; }
  /// Buffers are kept for the next direction.
  [[nodiscard]] std::unique_ptr<SliceWork<T>> take_work() const;
  void give_back(std::unique_ptr<SliceWork<T>> work) const;

  /// Screens and steps of a direction.
  void prepare(const IncidentLight& incident, SliceWork<T>& work) const;
  [[nodiscard]] std::vector<SliceDepth<T>> depths(const SliceWork<T>& work) const;
  /// From the top to the orders at the bottom; the carrier exp(i k_in r) is taken out of all fields.
  void go_down(SliceWork<T>& work, KeptLight<T>* kept = nullptr) const;
  /// The mirror: once and twice times the orders of the field, for each part of its tensor.
  void reflect(const IncidentLight& incident, SliceWork<T>& work,
               std::vector<PanelMirror>* kept = nullptr) const;
  /// From the bottom to the top, not yet to orders. Changes once and twice of the part. With `kept` the field itself is not
  /// made at the top.
  /// @param surface  receives the light of each pixel that the reflection at the bottom surface multiplies
  void go_up(std::size_t part, SliceWork<T>& work, KeptLight<T>* kept = nullptr, T* surface = nullptr) const;

  /// Of orders that the grid carries.
  void find_waves(const IncidentLight& incident, std::size_t panel, PanelMirror& mirror) const;
  /// Calls take(place, i, m, n) for the orders of a panel of columns that the grid carries; i counts the panel's values.
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
  [[nodiscard]] TangentialVector direction(const IncidentLight& incident, int m, int n) const {
    return {incident.tangential.x + m * mask_.step.x, incident.tangential.y + n * mask_.step.y};
  }
  /// Place of the real part of order (m, n) in a field of orders.
  [[nodiscard]] std::size_t place(int m, int n) const {
    return plan_.place(m < 0 ? m + mask_.x.n : m, n < 0 ? n + mask_.y.n : n);
  }
  /// Panels of columns [begin, end) without orders |m| <= max_m: these are the first ones, and the last ones.
  struct PanelRange {
    std::size_t begin, end;
  };
  [[nodiscard]] PanelRange other_panels(int max_m) const {
    const std::size_t begin = static_cast<std::size_t>(max_m) / plan_.lanes + 1;
    return {begin, max_m > 0 ? static_cast<std::size_t>(mask_.x.n - max_m) / plan_.lanes : plan_.panels_x};
  }
  /// Of a transform there and back.
  [[nodiscard]] double scale() const { return 1.0 / mask_.x.n / mask_.y.n; }
  /// Of the orders at the bottom, to those of light of amplitude 1 at the top.
  [[nodiscard]] double scale_of_mirror() const {
    return mask_.layers.empty() ? 1.0 / mask_.y.n : scale();  // without a layer nothing went along x
  }

 private:
  [[nodiscard]] LargeBuffer<T> in_screen_order(const std::vector<double>& pixels) const;
  void prepare_screens(const IncidentLight& incident, SliceWork<T>& work) const;
  void prepare_bumps(const IncidentLight& incident, SliceWork<T>& work) const;
  void prepare_steps(const IncidentLight& incident, SliceWork<T>& work) const;
  void multiply_screens(const LargeBuffer<T>& a, const LargeBuffer<T>& b, LargeBuffer<T>& out) const;
  void pass_screen(const LargeBuffer<T>& screen, SliceWork<T>& work, T* pixels) const;

  const SliceMask& mask_;
  WavePlan<T> plan_;
  std::vector<LargeBuffer<T>> shares_;  ///< per layer, a vector of each panel and position
  double largest_t_ = 0;                ///< of |share - 1/2|
  LargeBuffer<T> heights_nm_;           ///< empty: flat
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<SliceWork<T>>> free_;
};

}  // namespace undulith::mask
