// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <complex>
#include <stdexcept>

#include "undulith/core/random.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/metrology/roughness.hpp"

namespace undulith::metrology {
namespace {

constexpr std::uint32_t kEdgeStream = 6;

}  // namespace

std::vector<double> make_edge(const RoughnessModel& model, int n_samples, double step_nm, unsigned seed,
                              unsigned index) {
  if (n_samples < 1 || !(step_nm > 0)) throw std::invalid_argument("make_edge: samples and step must be > 0");
  constexpr int kRing = 8;
  const int n = math::good_fft_length(kRing * n_samples);
  std::vector<double> covariance(static_cast<std::size_t>(n));
  for (int l = 0; l < n; ++l)
    covariance[static_cast<std::size_t>(l)] = roughness_covariance_nm2(model, std::min(l, n - l) * step_nm);
  const auto power = math::forward_real(n, 1, covariance);
  // White noise on the ring, coloured by the root of the power.
  std::vector<double> white(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) {
    VoxelRandom random(seed, kEdgeStream, static_cast<std::uint64_t>(i), index);
    white[static_cast<std::size_t>(i)] = random.normal();
  }
  auto spectrum = math::forward_real(n, 1, white);
  const math::RealFft2D fft(n, 1);
  for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= std::sqrt(std::max(0.0, power[k].real()));
  std::vector<double> ring(static_cast<std::size_t>(n));
  fft.inverse(spectrum, ring);
  ring.resize(static_cast<std::size_t>(n_samples));
  for (int i = 0; i < n_samples && model.noise_nm > 0; ++i) {
    VoxelRandom random(seed + 1, kEdgeStream, static_cast<std::uint64_t>(i), index);
    ring[static_cast<std::size_t>(i)] += model.noise_nm * random.normal();
  }
  return ring;
}

}  // namespace undulith::metrology
