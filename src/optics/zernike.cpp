#include "undulith/optics/zernike.hpp"

#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "undulith/core/error.hpp"

namespace undulith::optics {
namespace {

constexpr int kMaxIndex = 37;

enum class Azimuth { none, cosine, sine };

struct Term {
  int n = 0, m = 0;
  Azimuth azimuth = Azimuth::none;
};

/// The Fringe set goes by groups of equal (n + m) / 2 = g, which hold 2 g + 1 terms; within a group m falls
/// from g to 0, cosine before sine. Term 37 follows by custom: n = 12, m = 0.
Term term_of(int index) {
  if (index < 1 || index > kMaxIndex)
    throw InputError(
        fmt::format("Fringe Zernike index = {} (must be in 1..{}); use another term", index, kMaxIndex));
  if (index == kMaxIndex) return {12, 0, Azimuth::none};
  int group = 0, place = index - 1;
  while (place >= 2 * group + 1) place -= 2 * group++ + 1;
  const int m = group - place / 2;
  if (m == 0) return {2 * group, 0, Azimuth::none};
  return {2 * group - m, m, place % 2 == 0 ? Azimuth::cosine : Azimuth::sine};
}

std::int64_t factorial(int n) {
  std::int64_t product = 1;
  for (int i = 2; i <= n; ++i) product *= i;
  return product;
}

/// R_n^m(rho) = sum_k (-1)^k (n-k)! / (k! ((n+m)/2-k)! ((n-m)/2-k)!) rho^(n-2k), by Horner in rho^2.
double radial(int n, int m, double rho) {
  double sum = 0;
  for (int k = 0; k <= (n - m) / 2; ++k) {
    const std::int64_t magnitude =
        factorial(n - k) / (factorial(k) * factorial((n + m) / 2 - k) * factorial((n - m) / 2 - k));
    sum = sum * rho * rho + static_cast<double>(k % 2 == 0 ? magnitude : -magnitude);
  }
  return sum * std::pow(rho, m);
}

}  // namespace

double fringe_zernike(int index, double rho, double theta) {
  const Term term = term_of(index);
  const double r = radial(term.n, term.m, rho);
  switch (term.azimuth) {
    case Azimuth::none:
      return r;
    case Azimuth::cosine:
      return r * std::cos(term.m * theta);
    case Azimuth::sine:
      return r * std::sin(term.m * theta);
  }
  return r;
}

double fringe_zernike_rms(int index) {
  const Term term = term_of(index);
  return 1 / std::sqrt((term.m == 0 ? 1.0 : 2.0) * (term.n + 1));
}

}  // namespace undulith::optics
