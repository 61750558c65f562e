// SPDX-License-Identifier: MIT
#include "undulith/mask/mirror_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/mask/mirror_curves.hpp"

namespace undulith::mask {
namespace {

constexpr double kWritten = 1e5;  // thicknesses are multiples of 1 / this, nm
constexpr double kFirstShare = 0.02, kLastShare = 0.98;
constexpr int kShares = 33;
constexpr int kPeriodSteps = 30;
constexpr double kPeriodPrecision = 1e-8;  // of the wavelength
constexpr double kRootPrecision = 1e-9;    // of a share that meets the target
constexpr int kShareBits = 20;             // of the share at a flat extremum
constexpr std::uintmax_t kIterations = 100;
constexpr double kFarMiss = 1;  // where the wavelength cannot be met: more than any miss of a target

void require_pair(bool condition, const char* what) {
  if (!condition) throw InputError(what);
}

void check(const mask::FilmStack& stack, const MultilayerTargets& t) {
  require_pair(!t.peak_nm || !t.centroid_nm,
               "--fit-peak-nm and --fit-centroid-nm (a mirror can meet only one of them); give one");
  require_pair(t.peak_nm || t.centroid_nm,
               "a second target without a wavelength (which fixes the period); add --fit-peak-nm 13.5");
  require_pair(!t.reflectance || !t.fwhm_nm,
               "--fit-reflectance and --fit-fwhm-nm (two thicknesses meet two targets); give one of them");
  const double wavelength_nm = t.peak_nm ? *t.peak_nm : *t.centroid_nm;
  require_in(Range::above(0, 1e6), t.peak_nm ? "--fit-peak-nm" : "--fit-centroid-nm", wavelength_nm,
             "use 13.5");
  require_in(Range::open(0, 1), "--fit-reflectance", t.reflectance.value_or(0.5), "use 0.65");
  require_in(Range::above(0, 1e6), "--fit-fwhm-nm", t.fwhm_nm.value_or(1), "use 0.55");
  require_pair(stack.films.empty(),
               "mask.film gives the films one by one (a fit changes the pairs of [mask.stack]); leave "
               "[[mask.film]] out");
  require_pair(
      stack.n_bilayers > 1 && stack.spacer_thickness_nm > 0 && stack.reflector_thickness_nm > 0,
      "mask.stack has no pairs of spacer and reflector (their thickness is what a fit changes); give "
      "n_bilayers and both thicknesses");
}

class Fit {
 public:
  Fit(const mask::FilmStack& stack, const MultilayerTargets& targets)
      : stack_(stack),
        targets_(targets),
        target_nm_(targets.peak_nm ? *targets.peak_nm : *targets.centroid_nm),
        between_nm_(mask::mean_period_nm(stack) - stack.spacer_thickness_nm - stack.reflector_thickness_nm) {
    std::tie(low_nm_, high_nm_) =
        spectral_range(stack, target_nm_, targets.peak_nm ? "--fit-peak-nm" : "--fit-centroid-nm");
  }

  [[nodiscard]] MirrorFit run();

 private:
  [[nodiscard]] mask::FilmStack with(double pair_nm, double share) const {
    mask::FilmStack stack = stack_;
    stack.spacer_thickness_nm = pair_nm * (1 - share);
    stack.reflector_thickness_nm = pair_nm * share;
    return stack;
  }
  [[nodiscard]] std::optional<optics::Peak> peak_of(const mask::FilmStack& stack) {
    ++evaluations_;
    return optics::find_peak([&](double w) { return mirror_reflectance(stack, w, stack.incidence_deg); },
                             low_nm_, high_nm_);
  }
  /// The wavelength that is asked for; nothing without a peak.
  [[nodiscard]] std::optional<double> place_of(const std::optional<optics::Peak>& peak) const {
    if (!peak) return std::nullopt;
    if (targets_.peak_nm) return peak->wavelength_nm;
    return peak->band ? std::optional(peak->band->centroid_nm) : std::nullopt;
  }
  /// Spacer and reflector together for the wavelength, at a share; nothing where there is no such period.
  [[nodiscard]] std::optional<double> tuned_nm(double share);
  /// How far the second target is missed at a share; nothing where the wavelength cannot be met.
  [[nodiscard]] std::optional<double> miss(double share);
  /// The share for the second target, or the one that comes closest.
  [[nodiscard]] double tuned_share();
  struct Tried {
    double share, miss;
  };
  /// The share that meets the second target, between two that miss it on either side.
  [[nodiscard]] double share_between(const Tried& low, const Tried& high);
  /// The share of the smallest miss.
  [[nodiscard]] double closest_share(double low, double high);

  const mask::FilmStack& stack_;
  const MultilayerTargets& targets_;
  double target_nm_, between_nm_, low_nm_ = 0, high_nm_ = 0;
  int evaluations_ = 0;
};

std::optional<double> Fit::tuned_nm(double share) {
  // Bragg's law with the mean index of a mirror of light and heavy films.
  const double cosine = std::cos(stack_.incidence_deg * constants::kPi / 180);
  double period_nm = 0.515 * target_nm_ / cosine, last_nm = 0, last_miss = 0;
  for (int step = 0; step < kPeriodSteps; ++step) {
    const double pair_nm = period_nm - between_nm_;
    if (!(pair_nm > 0)) return std::nullopt;
    const std::optional<double> place = place_of(peak_of(with(pair_nm, share)));
    if (!place) {
      // At the first guess the peak may lie outside of the curve: search a little to either side.
      if (last_nm != 0 || step > 8) return std::nullopt;
      period_nm *= 1 + (step % 2 == 0 ? 0.012 : -0.012) * (step + 1);
      continue;
    }
    const double miss_nm = *place - target_nm_;
    if (std::abs(miss_nm) < kPeriodPrecision * target_nm_) return pair_nm;
    const double slope =
        last_nm != 0 && miss_nm != last_miss ? (miss_nm - last_miss) / (period_nm - last_nm) : 0;
    last_nm = period_nm, last_miss = miss_nm;
    const double proportional = target_nm_ / period_nm;
    // A secant far from proportion comes from two nearly equal points.
    period_nm -= miss_nm / (slope > 0.3 * proportional && slope < 3 * proportional ? slope : proportional);
  }
  return std::nullopt;
}

std::optional<double> Fit::miss(double share) {
  const std::optional<double> pair_nm = tuned_nm(share);
  if (!pair_nm) return std::nullopt;
  const std::optional<optics::Peak> peak = peak_of(with(*pair_nm, share));
  if (!peak) return std::nullopt;
  if (targets_.reflectance) return peak->reflectance - *targets_.reflectance;
  if (!peak->band) return std::nullopt;
  return peak->band->fwhm_nm - *targets_.fwhm_nm;
}

double Fit::tuned_share() {
  const double given =
      stack_.reflector_thickness_nm / (stack_.spacer_thickness_nm + stack_.reflector_thickness_nm);
  constexpr double kStep = (kLastShare - kFirstShare) / (kShares - 1);
  std::vector<Tried> tried;
  for (int i = 0; i < kShares; ++i)
    if (const auto value = miss(kFirstShare + i * kStep)) tried.push_back({kFirstShare + i * kStep, *value});
  if (tried.empty()) return given;
  std::optional<std::pair<Tried, Tried>> bracket;
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < tried.size(); ++i) {
    const double away = std::abs(0.5 * (tried[i].share + tried[i + 1].share) - given);
    if ((tried[i].miss > 0) != (tried[i + 1].miss > 0) && away < distance) {
      bracket = {tried[i], tried[i + 1]};
      distance = away;
    }
  }
  if (bracket) return share_between(bracket->first, bracket->second);
  const double best =
      std::ranges::min_element(tried, {}, [](const Tried& t) { return std::abs(t.miss); })->share;
  return closest_share(std::max(best - kStep, kFirstShare), std::min(best + kStep, kLastShare));
}

double Fit::share_between(const Tried& low, const Tried& high) {
  if (low.miss == 0) return low.share;
  if (high.miss == 0) return high.share;
  const auto close = [](double a, double b) { return std::abs(b - a) <= kRootPrecision; };
  std::uintmax_t iterations = kIterations;
  const auto [a, b] =
      boost::math::tools::toms748_solve([this](double share) { return miss(share).value_or(kFarMiss); },
                                        low.share, high.share, low.miss, high.miss, close, iterations);
  return 0.5 * (a + b);
}

double Fit::closest_share(double low, double high) {
  std::uintmax_t iterations = kIterations;
  return boost::math::tools::brent_find_minima(
             [this](double share) { return std::abs(miss(share).value_or(kFarMiss)); }, low, high, kShareBits,
             iterations)
      .first;
}

MirrorFit Fit::run() {
  const double given =
      stack_.reflector_thickness_nm / (stack_.spacer_thickness_nm + stack_.reflector_thickness_nm);
  const bool second = targets_.reflectance || targets_.fwhm_nm;
  const double share = second ? tuned_share() : given;
  const std::optional<double> pair_nm = tuned_nm(share);
  MirrorFit fit{.stack = pair_nm ? with(*pair_nm, share) : stack_};
  const auto written = [](double nm) { return std::round(nm * kWritten) / kWritten; };
  fit.stack.spacer_thickness_nm = written(fit.stack.spacer_thickness_nm);
  fit.stack.reflector_thickness_nm = written(fit.stack.reflector_thickness_nm);
  fit.period_nm = mask::mean_period_nm(fit.stack);
  fit.reflector_share =
      fit.stack.reflector_thickness_nm / (fit.stack.spacer_thickness_nm + fit.stack.reflector_thickness_nm);
  const std::optional<optics::Peak> peak = peak_of(fit.stack);
  fit.evaluations = evaluations_;
  if (!pair_nm || !peak) {
    fit.why =
        fmt::format("no period has its {} at {} nm at {} deg{}", targets_.peak_nm ? "peak" : "centroid",
                    target_nm_, stack_.incidence_deg,
                    between_nm_ > 0 ? fmt::format(", with {:.4g} nm between the films", between_nm_) : "");
    return fit;
  }
  fit.wavelength_nm = place_of(peak).value_or(0);
  fit.reflectance = peak->reflectance;
  if (peak->band) fit.fwhm_nm = peak->band->fwhm_nm;
  const auto meets = [](double value, double target) {
    return std::abs(value - target) <= kFitTolerance * target;
  };
  fit.reached = meets(fit.wavelength_nm, target_nm_);
  if (targets_.reflectance && !meets(fit.reflectance, *targets_.reflectance)) {
    fit.reached = false;
    fit.why = fmt::format("the reflectance that comes closest to {} is {:.6f}", *targets_.reflectance,
                          fit.reflectance);
  }
  if (targets_.fwhm_nm && !(fit.fwhm_nm && meets(*fit.fwhm_nm, *targets_.fwhm_nm))) {
    fit.reached = false;
    fit.why = fmt::format("the width that comes closest to {} nm is {:.5f} nm", *targets_.fwhm_nm,
                          fit.fwhm_nm.value_or(0));
  }
  return fit;
}

}  // namespace

MirrorFit fit_mirror(const mask::FilmStack& stack, const MultilayerTargets& targets) {
  check(stack, targets);
  return Fit(stack, targets).run();
}

}  // namespace undulith::mask
