// SPDX-License-Identifier: MIT
#include "undulith/optics/zernike.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "undulith/core/error.hpp"

namespace undulith::optics {
namespace {

constexpr int kMaxFringe = 37;
constexpr int kMaxDegree = 12;  // of all sets: rounding errors of the polynomials stay within 1e-12
constexpr int kMaxNoll = (kMaxDegree + 1) * (kMaxDegree + 2) / 2;

enum class Azimuth { none, cosine, sine };

struct Term {
  int n = 0, m = 0;
  Azimuth azimuth = Azimuth::none;
  double norm = 1;  // factor of R_n^m cos or sin
};

void require_index(int index, int first, int last, const char* set) {
  if (index < first || index > last)
    throw InputError(
        fmt::format("{} Zernike index = {} (must be in {}..{}); use another term", set, index, first, last));
}

double unit_rms_norm(int n, int m) {
  return std::sqrt((m == 0 ? 1.0 : 2.0) * (n + 1));
}

/// The Fringe set is ordered by groups of equal (n + m) / 2 = g with 2 g + 1 terms each; within a group m
/// falls from g to 0, cosine before sine. Term 37 is n = 12, m = 0 by convention.
Term fringe_term(int index) {
  require_index(index, 1, kMaxFringe, "Fringe");
  if (index == kMaxFringe) return {12, 0, Azimuth::none};
  int group = 0, place = index - 1;
  while (place >= 2 * group + 1) place -= 2 * group++ + 1;
  const int m = group - place / 2;
  if (m == 0) return {2 * group, 0, Azimuth::none};
  return {2 * group - m, m, place % 2 == 0 ? Azimuth::cosine : Azimuth::sine};
}

/// Noll is ordered by degree n; within a degree |m| rises, and even indices are cosines [Noll1976].
Term noll_term(int index) {
  require_index(index, 1, kMaxNoll, "Noll");
  int n = 0;
  while ((n + 1) * (n + 2) / 2 < index) ++n;
  const int place = index - n * (n + 1) / 2 - 1;
  const int m = n % 2 == 0 ? 2 * ((place + 1) / 2) : 2 * (place / 2) + 1;
  const Azimuth azimuth = m == 0 ? Azimuth::none : index % 2 == 0 ? Azimuth::cosine : Azimuth::sine;
  return {n, m, azimuth, unit_rms_norm(n, m)};
}

/// OSA: index = (n (n + 2) + m) / 2 with m from -n (sines) to n (cosines) [Thibos2002].
Term osa_term(int index) {
  require_index(index, 0, kMaxNoll - 1, "OSA");
  int n = 0;
  while ((n + 1) * (n + 2) / 2 < index + 1) ++n;
  const int m = 2 * index - n * (n + 2);
  const Azimuth azimuth = m == 0 ? Azimuth::none : m > 0 ? Azimuth::cosine : Azimuth::sine;
  return {n, std::abs(m), azimuth, unit_rms_norm(n, m)};
}

Term term_of(ZernikeSet set, int index) {
  switch (set) {
    case ZernikeSet::fringe:
      return fringe_term(index);
    case ZernikeSet::noll:
      return noll_term(index);
    case ZernikeSet::osa:
      return osa_term(index);
  }
  return {};
}

std::int64_t factorial(int n) {
  std::int64_t product = 1;
  for (int i = 2; i <= n; ++i) product *= i;
  return product;
}

/// Coefficients a_k of R_n^m(rho) = sum_k a_k rho^(n-2k),
/// a_k = (-1)^k (n-k)! / (k! ((n+m)/2-k)! ((n-m)/2-k)!).
std::vector<double> radial_coefficients(const Term& term) {
  std::vector<double> coefficients;
  for (int k = 0; k <= (term.n - term.m) / 2; ++k) {
    const std::int64_t magnitude =
        factorial(term.n - k) /
        (factorial(k) * factorial((term.n + term.m) / 2 - k) * factorial((term.n - term.m) / 2 - k));
    coefficients.push_back(static_cast<double>(k % 2 == 0 ? magnitude : -magnitude));
  }
  return coefficients;
}

/// Horner's scheme in rho^2.
double radial(const Term& term, double rho) {
  double sum = 0;
  for (const double coefficient : radial_coefficients(term)) sum = sum * rho * rho + coefficient;
  return sum * std::pow(rho, term.m);
}

double binomial(int n, int k) {
  return static_cast<double>(factorial(n) / (factorial(k) * factorial(n - k)));
}

}  // namespace

double zernike(ZernikeSet set, int index, double rho, double theta) {
  const Term term = term_of(set, index);
  const double r = term.norm * radial(term, rho);
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

double zernike_rms(ZernikeSet set, int index) {
  const Term term = term_of(set, index);
  return term.norm / unit_rms_norm(term.n, term.m);
}

double fringe_zernike(int index, double rho, double theta) {
  return zernike(ZernikeSet::fringe, index, rho, theta);
}

double fringe_zernike_rms(int index) {
  return zernike_rms(ZernikeSet::fringe, index);
}

int last_zernike_index(ZernikeSet set) {
  return set == ZernikeSet::fringe ? kMaxFringe : set == ZernikeSet::noll ? kMaxNoll : kMaxNoll - 1;
}

Wavefront::Wavefront(std::span<const ZernikeTerm> terms) {
  for (const ZernikeTerm& term : terms)
    if (const Term known = term_of(term.set, term.index); term.waves != 0)
      degree_ = std::max(degree_, known.n);
  std::vector<std::vector<double>> table(static_cast<std::size_t>(degree_ + 1),
                                         std::vector<double>(static_cast<std::size_t>(degree_ + 1)));
  for (const ZernikeTerm& zernike : terms) {
    if (zernike.waves == 0) continue;
    const Term term = term_of(zernike.set, zernike.index);
    const std::vector<double> radial_part = radial_coefficients(term);
    // rho^m cos(m theta) and rho^m sin(m theta) are the real and imaginary part of (x + iy)^m.
    for (int b = term.azimuth == Azimuth::sine ? 1 : 0; b <= term.m; b += 2) {
      const double azimuthal = binomial(term.m, b) * (b % 4 < 2 ? 1 : -1);
      for (std::size_t k = 0; k < radial_part.size(); ++k) {
        const int power = (term.n - term.m) / 2 - static_cast<int>(k);  // of x^2 + y^2
        for (int a = 0; a <= power; ++a)
          table[2 * (power - a) + term.m - b][2 * a + b] +=
              zernike.waves * term.norm * azimuthal * radial_part[k] * binomial(power, a);
      }
    }
  }
  for (int i = degree_; i >= 0; --i)
    for (int j = degree_ - i; j >= 0; --j) coefficients_.push_back(table[i][j]);
}

double Wavefront::waves(double x, double y) const {
  double sum = 0;
  const double* coefficient = coefficients_.data();
  for (int i = degree_; i >= 0; --i) {
    double in_y = 0;
    for (int j = degree_ - i; j >= 0; --j) in_y = in_y * y + *coefficient++;
    sum = sum * x + in_y;
  }
  return sum;
}

}  // namespace undulith::optics
