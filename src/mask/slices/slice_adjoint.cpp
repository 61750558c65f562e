// SPDX-License-Identifier: MIT
#include "mask/slices/slice_adjoint.hpp"

#include <algorithm>
#include <cmath>

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

template <class T>
void set_zero(LargeBuffer<T>& buffer) {
  std::fill_n(buffer.data(), buffer.size(), T(0));
}

// Of the four Jones coefficients of an order, to the parts of the mirror's tensor.
Complex part_of_jones(std::size_t part, const OrderJones& d) {
  return part == kMean ? d.xx + d.yy : part == kDifference ? d.xx - d.yy : d.xy + d.yx;
}

// Largest order that is wanted and that the pixels carry.
struct OrderRange {
  int x, y;
};
OrderRange orders_of(const SliceMask& mask, const MaskJones& jones) {
  return {std::min(jones.max_order_x, mask.x.max_order), std::min(jones.max_order_y, mask.y.max_order)};
}

bool is_wave(TangentialVector d) {
  return d.x * d.x + d.y * d.y < 1;
}

double largest_of(const MaskJones& jones) {
  double largest = 0;
  for (const OrderJones& order : jones.orders)
    largest =
        std::max({largest, std::abs(order.xx), std::abs(order.xy), std::abs(order.yx), std::abs(order.yy)});
  return largest;
}

}  // namespace

template <class T>
SliceSensitivity SliceAdjoint<T>::no_sensitivity() const {
  const SliceMask& mask = passes_.mask();
  SliceSensitivity none;
  for (std::size_t l = 0; l < mask.layers.size(); ++l)
    none.shares.emplace_back(passes_.plan().screen_size() / 2, 0.0);
  none.top_pattern.resize(mask.top_pattern.size());
  return none;
}

template <class T>
std::vector<double> SliceAdjoint<T>::in_pixel_order(const LargeVector<double>& shares) const {
  const WavePlan<T>& plan = passes_.plan();
  const auto nx = static_cast<std::size_t>(plan.along_x.n), ny = static_cast<std::size_t>(plan.along_y.n);
  std::vector<double> pixels(nx * ny);
  for (std::size_t py = 0; py < ny; ++py)
    for (std::size_t px = 0; px < nx; ++px)
      pixels[static_cast<std::size_t>(plan.along_y.order[py]) * nx +
             static_cast<std::size_t>(plan.along_x.order[px])] =
          shares[(py / plan.lanes * nx + px) * plan.lanes + py % plan.lanes];
  return pixels;
}

template <class T>
void SliceAdjoint<T>::prepare(SliceWork<T>& work) const {
  const WavePlan<T>& plan = passes_.plan();
  if (work.adjoint == nullptr) {
    work.adjoint = std::make_unique<SliceAdjointWork<T>>();
    SliceAdjointWork<T>& own = *work.adjoint;
    const std::size_t n_screens = passes_.depths(work).size();
    own.down = KeptLight<T>(n_screens, plan.screen_size());
    own.up = KeptLight<T>(n_screens, plan.screen_size());
    own.mirror.resize(plan.panels_x);
    own.surface = LargeBuffer<T>(plan.screen_size());
    own.d_light = LargeBuffer<T>(plan.field_size());
    if (!passes_.is_flat()) own.d_down = LargeBuffer<T>(plan.field_size());
    for (std::size_t l = 0; l < work.layers.size(); ++l) own.d_shares.emplace_back(plan.screen_size() / 2);
  }
  set_zero(work.adjoint->d_light);
  set_zero(work.adjoint->d_down);
  for (LargeBuffer<T>& share : work.adjoint->d_shares) set_zero(share);
}

template <class T>
std::vector<PulledShare<T>> SliceAdjoint<T>::shares_of(const SliceDepth<T>& depth, const T* light,
                                                       const IncidentLight& incident,
                                                       SliceWork<T>& work) const {
  const SliceMask& mask = passes_.mask();
  const auto share = [&](std::size_t layer, double halves) -> PulledShare<T> {
    const Complex change = incident.half_slice(mask.layers[layer], mask.wavelength_nm).change;
    return {light, std::complex<T>(halves * change), work.adjoint->d_shares[layer].data()};
  };
  if (depth.is_half) return {share(depth.above, 1)};
  if (depth.above == depth.below) return {share(depth.above, 2)};
  return {share(depth.above, 1), share(depth.below, 1)};
}

template <class T>
void SliceAdjoint<T>::set_top(std::size_t part, const IncidentLight& incident, const MaskJones& d_jones,
                              double scale, SliceWork<T>& work) const {
  const WavePlan<T>& plan = passes_.plan();
  set_zero(work.field);
  const OrderRange range = orders_of(passes_.mask(), d_jones);
  for (int n = -range.y; n <= range.y; ++n)
    for (int m = -range.x; m <= range.x; ++m) {
      if (!is_wave(passes_.direction(incident, m, n))) continue;
      const Complex value = part_of_jones(part, d_jones(m, n)) * (scale * passes_.scale());
      const std::size_t place = passes_.place(m, n);
      work.field.data()[place] = static_cast<T>(value.real());
      work.field.data()[place + plan.lanes] = static_cast<T>(value.imag());
    }
  const auto [begin, end] = passes_.other_panels(range.x);
  from_orders(plan, work.field.data(), work.waves, begin, end);
}

// From the top to behind the lowest screen.
template <class T>
void SliceAdjoint<T>::pull_up(const IncidentLight& incident, SliceWork<T>& work) const {
  const WavePlan<T>& plan = passes_.plan();
  const std::vector<SliceDepth<T>> depths = passes_.depths(work);
  for (std::size_t k = 0; k + 1 < depths.size(); ++k) {
    const PulledField<T> field{depths[k].screen->data(), work.field.data()};
    pull_screens(plan, work.field.data(), shares_of(depths[k], work.adjoint->up[k], incident, work),
                 std::span(&field, 1), work.waves);
    pull_step(plan, depths[k].step->data(), work.field.data(), work.waves);
  }
}

// The lowest screen, with the mirror and the bottom surface.
template <class T>
void SliceAdjoint<T>::pull_mirror(std::size_t part, const IncidentLight& incident, SliceWork<T>& work) const {
  const bool flat = passes_.is_flat();
  const SliceMask& mask = passes_.mask();
  SliceAdjointWork<T>& own = *work.adjoint;
  const std::vector<SliceDepth<T>> depths = passes_.depths(work);
  std::vector<PulledShare<T>> shares = shares_of(depths.back(), own.up[depths.size() - 1], incident, work);
  shares.push_back({own.surface.data(), std::complex<T>(incident.surface(mask.layers.back()).change),
                    own.d_shares.back().data()});
  std::vector<PulledField<T>> fields{
      {flat ? work.layers.back().half.data() : work.bump.data(), work.once[part].data()},
      {flat ? work.surface.data() : work.surface_bump.data(), work.twice[part].data()}};
  const bool has_down = !flat && part == kMean;
  if (has_down) fields.push_back({work.surface.data(), own.d_down.data()});
  pull_screens(passes_.plan(), work.field.data(), shares, fields, work.waves);
  if (has_down) {
    const T to_one = static_cast<T>(-1.0 / mask.x.n);
    for (T& value : own.d_down.values()) value *= to_one;
  }
}

// The reflection of the orders, of all parts: SlicePasses::reflect() back.
template <class T>
void SliceAdjoint<T>::pull_orders(SliceWork<T>& work) const {
  const WavePlan<T>& plan = passes_.plan();
  const bool flat = passes_.is_flat();
  const std::size_t lanes = plan.lanes;
  for (std::size_t part = 0; part < kParts; ++part)
    for (LargeBuffer<T>* field : {&work.once[part], &work.twice[part]})
      to_orders(plan, field->data(), work.waves, plan.panels_x, plan.panels_x);
  const double to_one = passes_.scale_of_mirror(), itself = flat ? 1 : 0;
  T* d_light = work.adjoint->d_light.data();
  const auto put = [&](std::size_t place, Complex value) {
    d_light[place] = static_cast<T>(to_one * value.real());
    d_light[place + lanes] = static_cast<T>(to_one * value.imag());
  };
  const auto at = [lanes](const LargeBuffer<T>& field, std::size_t place) {
    return Complex(field.data()[place], field.data()[place + lanes]);
  };
  for (const PanelMirror& orders : work.adjoint->mirror) {
    if (flat)  // nothing comes back from the mirror
      for (const std::size_t place : std::span(orders.others).first(orders.n_others))
        put(place, -at(work.twice[kMean], place));
    for (std::size_t i = 0; i < orders.n_waves; ++i) {
      const std::size_t place = orders.waves[i].place;
      const TangentialVector d = orders.waves[i].direction;
      const MirrorParts& mirror = orders.parts[i];
      const double along = d.x * d.x - d.y * d.y, across = 2 * d.x * d.y;
      const auto turned = [&](const std::array<LargeBuffer<T>, kParts>& fields) {
        return along * at(fields[kDifference], place) + across * at(fields[kCross], place);
      };
      put(place, std::conj(mirror.mean) * at(work.once[kMean], place) +
                     std::conj(mirror.mean_twice - itself) * at(work.twice[kMean], place) +
                     std::conj(mirror.difference) * turned(work.once) +
                     std::conj(mirror.difference_twice) * turned(work.twice));
    }
  }
}

template <class T>
void SliceAdjoint<T>::pull_down(const IncidentLight& incident, SliceWork<T>& work) const {
  const WavePlan<T>& plan = passes_.plan();
  SliceAdjointWork<T>& own = *work.adjoint;
  from_orders(plan, own.d_light.data(), work.waves);
  for (std::size_t i = 0; i < own.d_down.size(); ++i) own.d_light.data()[i] += own.d_down.data()[i];
  const std::vector<SliceDepth<T>> depths = passes_.depths(work);
  for (std::size_t k = depths.size(); k-- > 0;) {
    const PulledField<T> field{depths[k].screen->data(), own.d_light.data()};
    const std::size_t n_fields = k > 0 ? 1 : 0;  // the light that comes in does not change
    pull_screens(plan, own.d_light.data(), shares_of(depths[k], own.down[k], incident, work),
                 std::span(&field, n_fields), work.waves);
    if (k > 0) pull_step(plan, depths[k - 1].step->data(), own.d_light.data(), work.waves);
  }
}

// What the top surface returns at once.
template <class T>
void SliceAdjoint<T>::add_top_pattern(const IncidentLight& incident, const MaskJones& d_jones,
                                      SliceSensitivity& sum) const {
  const SliceMask& mask = passes_.mask();
  const Complex change = std::conj(incident.surface(mask.layers.front()).change);
  const OrderRange range = orders_of(mask, d_jones);
  for (int n = -range.y; n <= range.y; ++n)
    for (int m = -range.x; m <= range.x; ++m)
      if (is_wave(passes_.direction(incident, m, n)))
        sum.top_pattern[static_cast<std::size_t>(n + mask.y.max_order) *
                            static_cast<std::size_t>(2 * mask.x.max_order + 1) +
                        static_cast<std::size_t>(m + mask.x.max_order)] +=
            change * part_of_jones(kMean, d_jones(m, n));
}

template <class T>
void SliceAdjoint<T>::pull_back(const IncidentLight& incident, const MaskJones& d_jones,
                                SliceSensitivity& sum) const {
  const double largest = largest_of(d_jones);
  if (passes_.mask().layers.empty() || largest == 0) return;
  add_top_pattern(incident, d_jones, sum);
  std::unique_ptr<SliceWork<T>> taken = passes_.take_work();
  SliceWork<T>& work = *taken;
  passes_.prepare(incident, work);
  prepare(work);
  passes_.go_down(work, &work.adjoint->down);
  passes_.reflect(incident, work, &work.adjoint->mirror);
  for (std::size_t part = 0; part < kParts; ++part) {
    passes_.go_up(part, work, &work.adjoint->up, work.adjoint->surface.data());
    set_top(part, incident, d_jones, 1 / largest, work);  // single precision has a short range
    pull_up(incident, work);
    pull_mirror(part, incident, work);
  }
  pull_orders(work);
  pull_down(incident, work);
  for (std::size_t l = 0; l < sum.shares.size(); ++l) {
    const T* share = work.adjoint->d_shares[l].data();
    double* to = sum.shares[l].data();
    for (std::size_t i = 0; i < sum.shares[l].size(); ++i) to[i] += largest * static_cast<double>(share[i]);
  }
  passes_.give_back(std::move(taken));
}

template class SliceAdjoint<double>;
template class SliceAdjoint<float>;

}  // namespace undulith::mask
