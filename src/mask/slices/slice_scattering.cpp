// SPDX-License-Identifier: MIT
#include "mask/slices/slice_scattering.hpp"

#include <algorithm>

#include "mask/slices/slice_adjoint.hpp"
#include "mask/slices/slice_passes.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

template <class T>
class Scattering final : public SliceScattering {
 public:
  explicit Scattering(const SliceMask& mask) : passes_(mask), adjoint_(passes_) {}
  [[nodiscard]] MaskJones scatter(TangentialVector source, int max_order_x, int max_order_y) const override;
  void pull_back(TangentialVector source, const MaskJones& d_jones, SliceSensitivity& sum) const override {
    adjoint_.pull_back(IncidentLight(source), d_jones, sum);
  }
  [[nodiscard]] std::vector<double> in_pixel_order(const LargeVector<double>& shares) const override {
    return adjoint_.in_pixel_order(shares);
  }
  [[nodiscard]] SliceSensitivity no_sensitivity() const override { return adjoint_.no_sensitivity(); }

 private:
  SlicePasses<T> passes_;
  SliceAdjoint<T> adjoint_;
};

template <class T>
MaskJones Scattering<T>::scatter(TangentialVector source, int max_order_x, int max_order_y) const {
  const IncidentLight incident(source);
  const SliceMask& mask = passes_.mask();
  const WavePlan<T>& plan = passes_.plan();
  std::unique_ptr<SliceWork<T>> taken = passes_.take_work();
  SliceWork<T>& work = *taken;
  passes_.prepare(incident, work);
  passes_.go_down(work);
  passes_.reflect(incident, work);

  MaskJones jones{.max_order_x = max_order_x, .max_order_y = max_order_y, .orders = {}};
  jones.orders.resize(static_cast<std::size_t>(2 * max_order_x + 1) *
                      static_cast<std::size_t>(2 * max_order_y + 1));
  const int mx = std::min(max_order_x, mask.x.max_order), my = std::min(max_order_y, mask.y.max_order);
  const auto [begin, end] = passes_.other_panels(mx);
  const LayerSurface top = mask.layers.empty() ? LayerSurface{} : incident.surface(mask.layers.front());
  for (std::size_t part = 0; part < kParts; ++part) {
    passes_.go_up(part, work);
    to_orders(plan, work.field.data(), work.waves, begin, end);
    for (int n = -my; n <= my; ++n)
      for (int m = -mx; m <= mx; ++m) {
        const TangentialVector d = passes_.direction(incident, m, n);
        if (d.x * d.x + d.y * d.y >= 1) continue;
        const std::size_t place = passes_.place(m, n);
        Complex value =
            Complex(work.field.data()[place], work.field.data()[place + plan.lanes]) * passes_.scale();
        OrderJones& order = jones.orders[static_cast<std::size_t>(n + max_order_y) *
                                             static_cast<std::size_t>(2 * max_order_x + 1) +
                                         static_cast<std::size_t>(m + max_order_x)];
        if (part == kMean && !mask.layers.empty()) {  // what the top surface returns at once
          value += top.change * mask.top_pattern[static_cast<std::size_t>(n + mask.y.max_order) *
                                                     static_cast<std::size_t>(2 * mask.x.max_order + 1) +
                                                 static_cast<std::size_t>(m + mask.x.max_order)];
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
  passes_.give_back(std::move(taken));
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
