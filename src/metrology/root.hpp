#pragma once

#include <cmath>
#include <limits>
#include <utility>

namespace undulith::metrology {

/// Zero of a continuous function in [a, b], across which it changes sign: inverse quadratic interpolation and
/// secant steps, guarded by bisection. The result lies within `tolerance` of the zero, or as near as rounding
/// allows.
/// @param fa, fb  f(a) and f(b), of opposite sign or zero
/// Source: [Brent1973] chapter 4.
template <class Function>
[[nodiscard]] double find_root(const Function& f, double a, double fa, double b, double fb,
                               double tolerance) {
  constexpr int kMaxIterations = 200;  // bisection alone needs 60 for any bracket of doubles that is met here
  double c = a, fc = fa, step = b - a, previous_step = step;
  for (int iteration = 0; iteration < kMaxIterations && fb != 0; ++iteration) {
    if ((fb > 0) == (fc > 0)) {
      c = a;
      fc = fa;
      step = previous_step = b - a;
    }
    if (std::abs(fc) < std::abs(fb)) {  // b is the best point so far; c is on the other side of the zero
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const double smallest = 2 * std::numeric_limits<double>::epsilon() * std::abs(b) + tolerance / 2;
    const double half = (c - b) / 2;
    if (std::abs(half) <= smallest) break;
    if (std::abs(previous_step) < smallest || std::abs(fa) <= std::abs(fb)) {
      step = previous_step = half;
    } else {
      const double s = fb / fa;
      double p, q;
      if (a == c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const double u = fa / fc, r = fb / fc;
        p = s * (2 * half * u * (u - r) - (b - a) * (r - 1));
        q = (u - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      p = std::abs(p);
      if (2 * p < 3 * half * q - std::abs(smallest * q) && p < std::abs(previous_step * q / 2)) {
        previous_step = std::exchange(step, p / q);
      } else {
        step = previous_step = half;
      }
    }
    a = b;
    fa = fb;
    b += std::abs(step) > smallest ? step : std::copysign(smallest, half);
    fb = f(b);
  }
  return b;
}

}  // namespace undulith::metrology
