// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "undulith/core/parallel.hpp"
#include "undulith/resist/development.hpp"

namespace undulith::resist {
namespace {

// (a + 1) (1-m)^n / (a + (1-m)^n) with its inflection over m at m_threshold; at n = 1 the limit is a straight
// line, (1 - m).
double mack_share(double dissolved, double n, double m_threshold) {
  const double power = std::pow(dissolved, n);
  if (n == 1) return power;
  const double a = (n + 1) / (n - 1) * std::pow(1 - m_threshold, n);
  return (a + 1) * power / (a + power);
}

}  // namespace

double development_rate_nm_s(const DevelopmentParameters& p, double m) {
  const double protect = std::clamp(p.tone == Tone::positive ? m : 1 - m, 0.0, 1.0);
  const double dissolved = 1 - protect;
  switch (p.model) {
    case DevelopmentModel::mack:
      return p.r_max_nm_s * mack_share(dissolved, p.n, p.m_threshold) + p.r_min_nm_s;
    case DevelopmentModel::enhanced_mack: {
      const double enhancement = p.r_max_nm_s / p.r_resin_nm_s - 1,
                   inhibition = p.r_resin_nm_s / p.r_min_nm_s - 1;
      return p.r_resin_nm_s * (1 + enhancement * std::pow(dissolved, p.n)) /
             (1 + inhibition * std::pow(protect, p.n_inhibition));
    }
    case DevelopmentModel::notch:
      return p.r_max_nm_s * std::pow(dissolved, p.n) * mack_share(dissolved, p.n_notch, p.m_threshold) +
             p.r_min_nm_s;
    case DevelopmentModel::threshold:
      return protect < p.m_threshold ? p.r_max_nm_s : p.r_min_nm_s;
  }
  return p.r_min_nm_s;
}

double metal_oxide_rate_nm_s(const ResistParameters& parameters, double conversion) {
  const MetalOxideParameters& oxide = parameters.metal_oxide;
  const DevelopmentParameters& p = parameters.development;
  const double x = std::clamp(conversion, 0.0, 1.0) / oxide.gel_conversion;
  return p.r_min_nm_s + (p.r_max_nm_s - p.r_min_nm_s) / (1 + std::pow(x, oxide.gel_sharpness));
}

Field3D<double> development_rate(const Field3D<double>& inhibitor, const ResistParameters& parameters) {
  const Grid3D& grid = inhibitor.grid();
  const DevelopmentParameters& p = parameters.development;
  const bool metal_oxide = parameters.model == ResistModel::metal_oxide;
  Field3D<double> rate(grid);
  parallel_for(grid.nz, [&](int iz) {
    const auto m = inhibitor.plane(iz);
    const auto out = rate.plane(iz);
    const double surface = 1 - (1 - p.surface_rate) * std::exp(-grid.z(iz) / p.surface_depth_nm);
    for (std::size_t k = 0; k < out.size(); ++k)
      out[k] = surface *
               (metal_oxide ? metal_oxide_rate_nm_s(parameters, 1 - m[k]) : development_rate_nm_s(p, m[k]));
  });
  return rate;
}

}  // namespace undulith::resist
