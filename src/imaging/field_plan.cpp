// SPDX-License-Identifier: MIT
#include <algorithm>

#include "imaging/field_sum.hpp"

namespace undulith::imaging {

template <class T>
SplitSpectrum<T>::SplitSpectrum(const SpectrumView& spectrum) {
  constexpr std::size_t kOverrun = 64;  // more than the lanes of any vector
  const std::size_t count = spectrum.values.size();
  re = LargeBuffer<T>(count + kOverrun);
  im = LargeBuffer<T>(count + kOverrun);
  for (std::size_t i = 0; i < count; ++i) {
    re.data()[i] = static_cast<T>(spectrum.values[i].real());
    im.data()[i] = static_cast<T>(spectrum.values[i].imag());
  }
  std::fill_n(re.data() + count, kOverrun, T{});
  std::fill_n(im.data() + count, kOverrun, T{});
}

template <class T>
FieldWork<T>::FieldWork(const FieldPlan<T>& plan) {
  const std::size_t lanes = static_cast<std::size_t>(plan.lanes);
  line = LargeBuffer<T>(2 * lanes * static_cast<std::size_t>(std::max(plan.along_x.n, plan.along_y.n)));
  middle = LargeBuffer<T>(2 * lanes * static_cast<std::size_t>(plan.panels) *
                          static_cast<std::size_t>(plan.padded_columns));
}

template <class T>
std::vector<double> samples_of(const FieldPlan<T>& plan, std::span<const double> sum) {
  const int nx = plan.along_x.n, ny = plan.along_y.n;
  std::vector<double> samples(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny));
  const double* from = sum.data();
  for (int first = 0; first < ny; first += plan.lanes) {
    const int lanes = std::min(plan.lanes, ny - first);
    for (int p = 0; p < nx; ++p, from += plan.lanes) {
      const auto x = static_cast<std::size_t>(plan.along_x.order[static_cast<std::size_t>(p)]);
      for (int lane = 0; lane < lanes; ++lane)
        samples[static_cast<std::size_t>(plan.along_y.order[static_cast<std::size_t>(first + lane)]) *
                    static_cast<std::size_t>(nx) +
                x] = from[lane];
    }
  }
  return samples;
}

template struct SplitSpectrum<double>;
template struct SplitSpectrum<float>;
template struct FieldWork<double>;
template struct FieldWork<float>;
template std::vector<double> samples_of(const FieldPlan<double>&, std::span<const double>);
template std::vector<double> samples_of(const FieldPlan<float>&, std::span<const double>);

}  // namespace undulith::imaging
