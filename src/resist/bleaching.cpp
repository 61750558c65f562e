// SPDX-License-Identifier: MIT
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include "undulith/resist/exposure.hpp"

namespace undulith::resist {
namespace {

// With u = -ln m the depth between two states is Int du / (A (1 - e^-u) + B u), regular at u = 0 but for 1/u.
double absorption_times(double a, double b, double u) {
  return -a * std::expm1(-u) + b * u;
}

// Int du / ((1 - e^-u) A + B u) from u to u0 in v = ln u, where the integrand is smooth.
double depth_between(double a, double b, double u, double u0) {
  const double v0 = std::log(u), v1 = std::log(u0);
  const int pieces = 1 + static_cast<int>((v1 - v0) / 0.5);
  double sum = 0;
  for (int i = 0; i < pieces; ++i)
    sum += boost::math::quadrature::gauss<double, 15>::integrate(
        [&](double v) {
          const double w = std::exp(v);
          return w / absorption_times(a, b, w);
        },
        std::lerp(v0, v1, static_cast<double>(i) / pieces), std::lerp(v0, v1, (i + 1.0) / pieces));
  return sum;
}

}  // namespace

BleachedDepth bleach(double dill_a_per_um, double dill_b_per_um, double dill_c_cm2_mj, double dose_mj_cm2,
                     double path_nm) {
  const double a = dill_a_per_um / 1000, b = dill_b_per_um / 1000;
  const double u0 = dill_c_cm2_mj * dose_mj_cm2;  // -ln M at the top
  if (u0 <= 0) return {.pag = 1, .transmission = std::exp(-(a + b) * path_nm), .local_dose_mj_cm2 = 0};
  double u = u0 * std::exp(-b * path_nm);
  if (a > 0 && path_nm > 0) {
    if (b == 0) {
      // M/(1-M) = e^{Az} M0/(1-M0), in u: e^u - 1 = (e^u0 - 1) e^{-Az}
      u = std::log1p(std::expm1(u0) * std::exp(-a * path_nm));
    } else {
      // Newton for the u at which the depth is path_nm, from the upper bound of no bleaching left.
      u = u0 * std::exp(-(a + b) * path_nm);
      for (int i = 0; i < 60; ++i) {
        const double missing_nm = path_nm - depth_between(a, b, u, u0);
        const double step = -missing_nm * absorption_times(a, b, u) / u;  // of ln u
        u *= std::exp(std::max(-1.0, std::min(1.0, step)));
        if (std::abs(step) < 1e-14) break;
      }
    }
  }
  const double transmission = a + b > 0 ? absorption_times(a, b, u) / absorption_times(a, b, u0) : 1;
  return {.pag = std::exp(-u), .transmission = transmission, .local_dose_mj_cm2 = u / dill_c_cm2_mj};
}

}  // namespace undulith::resist
