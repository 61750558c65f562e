// SPDX-License-Identifier: MIT
#include "undulith/study/convergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <map>
#include <numeric>
#include <stdexcept>

#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"

namespace undulith::study {
namespace {

// Below a ratio of 2^(1/3) a doubling removes less than a fifth of the error: an estimate from it is
// worthless.
constexpr double kSlowestRatio = 1.25;
// Later changes are assumed to fall no faster than second order.
constexpr double kFastestRatio = 4;

struct Timed {
  flow::Results results;
  double cpu_s = 0;
};

// Time of all threads of this program.
double cpu_now_s() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

Timed timed(const job::Job& job, const Progress& progress) {
  const double start_s = cpu_now_s();
  Timed out{.results = flow::compute(job, progress)};
  out.cpu_s = cpu_now_s() - start_s;
  return out;
}

// The jobs of one discretisation, as far as they can be computed.
struct Chain {
  const Discretisation* discretisation = nullptr;
  DiscretisationResult result;
  std::vector<job::Job> jobs;  ///< each one finer
  std::vector<double> cost_s;
};

Chain plan_chain(const Discretisation& discretisation, const flow::Prepared& prepared, double max_cpu_s) {
  Chain chain{.discretisation = &discretisation,
              .result = {.key = discretisation.key, .not_varied = discretisation.not_varied(prepared)}};
  if (!chain.result.not_varied.empty()) return chain;
  job::Job finer = prepared.job;
  for (int i = 0; i < discretisation.n_refinements; ++i) {
    discretisation.refine(finer);
    try {
      const double cost_s = flow::prepare(finer).cpu_s();
      if (cost_s > max_cpu_s) {
        chain.result.skipped = fmt::format("{} would take about {:.3g} s of {:g} s",
                                           discretisation.value(finer), cost_s, max_cpu_s);
        return chain;
      }
      chain.jobs.push_back(finer);
      chain.cost_s.push_back(cost_s);
    } catch (const InputError& error) {
      chain.result.skipped = fmt::format("{}: {}", discretisation.value(finer), error.what());
      return chain;
    }
  }
  return chain;
}

// A gauge of the layout may get another number when more of the layout is included: its place identifies it.
using GaugePlace = std::array<long long, 3>;
GaugePlace place_of(const metrology::Gauge& gauge) {
  const auto rounded = [](double value) { return std::llround(value * 1000); };  // pm, millidegrees
  return {rounded(gauge.x_nm), rounded(gauge.y_nm), rounded(gauge.angle_deg)};
}

struct PrintedCd {
  std::string gauge;
  double cd_nm = 0;
};
std::map<GaugePlace, PrintedCd> printed_cds(const flow::Results& results) {
  std::map<GaugePlace, PrintedCd> cds;
  const auto add = [&](const metrology::GaugeResult& gauge) {
    if (gauge.status == metrology::PrintStatus::printed && gauge.cd_nm)
      cds[place_of(gauge.gauge)] = {gauge.gauge.name, *gauge.cd_nm};
  };
  if (results.resist)
    for (const metrology::ProfileResult& gauge : results.resist->measurement.gauges) add(gauge.at_cd_height);
  else
    for (const metrology::GaugeResult& gauge : results.measurement.gauges) add(gauge);
  return cds;
}

void run_chain(Chain& chain, const job::Job& job, const flow::Results& base,
               const std::function<Progress(double cost_s)>& progress) {
  const flow::Results* before = &base;
  flow::Results last;
  std::vector<double> intensity, cd;
  job::Job from = job;
  Change total;
  for (std::size_t i = 0; i < chain.jobs.size(); ++i) {
    Timed now = timed(chain.jobs[i], progress(chain.cost_s[i]));
    const Change change = change_between(*before, now.results);
    chain.result.refinements.push_back({.from = chain.discretisation->value(from),
                                        .to = chain.discretisation->value(chain.jobs[i]),
                                        .change = change,
                                        .cpu_s = now.cpu_s});
    intensity.push_back(change.intensity);
    if (change.cd_nm) cd.push_back(*change.cd_nm);
    total = change_between(base, now.results);
    from = chain.jobs[i];
    last = std::move(now.results);
    before = &last;
  }
  if (intensity.empty()) return;
  // If the last refinement was skipped, the result is not known to be exact.
  const bool exact = chain.discretisation->ends_exact && chain.result.skipped.empty();
  chain.result.intensity = remainder_of(intensity, total.intensity, exact, kRoundingIntensity);
  if (cd.size() == intensity.size() && total.cd_nm)
    chain.result.cd_nm = remainder_of(cd, *total.cd_nm, exact, kRoundingCd_nm, kNoRateCd_nm);
}

void sum_up(Convergence& convergence) {
  double intensity = 0, cd = 0;
  bool any_cd = convergence.n_printed > 0;
  for (const DiscretisationResult& result : convergence.discretisations) {
    if (!result.not_varied.empty()) continue;
    if (!result.intensity) {
      convergence.complete = false;
      continue;
    }
    intensity += result.intensity->left * result.intensity->left;
    if (result.cd_nm)
      cd += result.cd_nm->left * result.cd_nm->left;
    else
      any_cd = false;
    convergence.complete =
        convergence.complete && result.intensity->converges && (!result.cd_nm || result.cd_nm->converges);
  }
  convergence.intensity_left = std::sqrt(intensity);
  if (any_cd) convergence.cd_left_nm = std::sqrt(cd);
}

// Errors of a regular grid scatter about their trend: the slope is that of a
// straight line through all logarithms.
double ratio_of(const std::vector<double>& changes, double rounding) {
  const double middle = (static_cast<double>(changes.size()) - 1) / 2;
  double covariance = 0, variance = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const double step = static_cast<double>(i) - middle;
    covariance += step * std::log(std::max(changes[i], rounding));
    variance += step * step;
  }
  return std::exp(-covariance / variance);
}

}  // namespace

Change change_between(const flow::Results& a, const flow::Results& b) {
  const auto one = a.image.intensity.values(), other = b.image.intensity.values();
  if (a.image.intensity.nx() != b.image.intensity.nx() || one.size() != other.size())
    throw std::invalid_argument("change_between: the images have different grids");
  Change change;
  for (std::size_t i = 0; i < one.size(); ++i)
    change.intensity = std::max(change.intensity, std::abs(one[i] - other[i]));
  const auto cds = printed_cds(b);
  for (const auto& [place, printed] : printed_cds(a)) {
    const auto same = cds.find(place);
    if (same == cds.end()) continue;
    const double difference = std::abs(same->second.cd_nm - printed.cd_nm);
    if (change.cd_nm && difference <= *change.cd_nm) continue;
    change.cd_nm = difference;
    change.gauge = printed.gauge;
  }
  return change;
}

Remainder remainder_of(const std::vector<double>& changes, double total, bool ends_exact, double rounding,
                       double no_rate) {
  if (ends_exact) return {.left = total};
  const double last = changes.back();
  if (changes.size() < 2) return {.left = 2 * total};  // as for first order
  if (std::ranges::max(changes) <= std::max(rounding, no_rate)) return {.left = total + last};
  const double ratio = ratio_of(changes, rounding);
  if (ratio < kSlowestRatio) return {.ratio = ratio, .left = total + last, .converges = false};
  return {.ratio = ratio, .left = total + last / (std::min(ratio, kFastestRatio) - 1)};
}

Convergence measure_convergence(const job::Job& given, double max_cpu_s, const Progress& progress) {
  job::Job job = given;
  job.imaging.through_focus_nm.clear();  // one plane represents the others
  job.stochastics.n_realisations = 0;    // noise has an error bar of its own
  // The job itself takes a small part of the time of its refinements.
  constexpr double kShareOfJob = 0.2;
  const Timed base = timed(
      job, progress ? Progress([&](double fraction) { progress(kShareOfJob * fraction); }) : Progress{});
  // One at a time: the job keeps the number of wavelengths and the nodes of the front that it chose.
  if (base.results.resist) job.resist.film.front_step_nm = base.results.resist->result.profile.report.step_nm;
  if (base.results.spectrum.nodes.size() > 1 && job.imaging.n_wavelengths == 0)
    job.imaging.n_wavelengths = static_cast<int>(base.results.spectrum.nodes.size());

  const flow::Prepared prepared = flow::with_job(base.results.prepared, job);

  std::vector<Chain> chains;
  double whole_s = 0, done_s = 0;
  for (const Discretisation& discretisation : discretisations()) {
    chains.push_back(plan_chain(discretisation, prepared, max_cpu_s));
    whole_s = std::accumulate(chains.back().cost_s.begin(), chains.back().cost_s.end(), whole_s);
  }
  const std::function<Progress(double)> part = [&](double cost_s) -> Progress {
    const double start = kShareOfJob + (1 - kShareOfJob) * done_s / whole_s,
                 share = (1 - kShareOfJob) * cost_s / whole_s;
    done_s += cost_s;
    if (!progress) return {};
    return [&progress, start, share](double fraction) { progress(start + share * fraction); };
  };

  Convergence out;
  out.cpu_s = base.cpu_s;
  out.n_printed = static_cast<int>(printed_cds(base.results).size());
  for (Chain& chain : chains) {
    if (!chain.jobs.empty()) log::info(fmt::format("converge: {}", chain.result.key));
    run_chain(chain, job, base.results, part);
    out.discretisations.push_back(std::move(chain.result));
  }
  sum_up(out);
  return out;
}

}  // namespace undulith::study
