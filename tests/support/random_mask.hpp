// SPDX-License-Identifier: MIT
#pragma once

#include <random>

#include "undulith/imaging/imaging.hpp"

namespace undulith::test {

/// A thin mask with random orders up to all that an aperture of 0.33 sees from sigma 0.8 at 13.5 nm, within +-0.3, and a
/// mean amplitude of 0.6.
inline mask::Diffraction random_mask(const Box& cell, unsigned seed) {
  mask::Diffraction mask{.cell = cell, .window = cell, .open_area_fraction = 0.6};
  const double cutoff = imaging::max_mask_frequency_per_nm(0.33, 13.5, 0.8);
  mask.max_order_x = static_cast<int>(cell.width() * cutoff);
  mask.max_order_y = static_cast<int>(cell.height() * cutoff);
  mask.amplitudes.resize(static_cast<std::size_t>((2 * mask.max_order_x + 1) * (2 * mask.max_order_y + 1)));
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.3, 0.3);
  for (std::complex<double>& value : mask.amplitudes) value = {uniform(engine), uniform(engine)};
  mask.amplitudes[mask.index(0, 0)] = 0.6;
  return mask;
}

}  // namespace undulith::test
