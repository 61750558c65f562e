// SPDX-License-Identifier: MIT
#include "undulith/flow/mask_cones.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"

namespace undulith::flow {
namespace {

constexpr double kDegree = constants::kPi / 180;

// Light on the rim of both cones meets in one direction only.
constexpr double kTouching = 1e-9;

// Centre of the outgoing light of the pupil as it is seen from the incoming chief ray, in units of NA:
// 2 E^-1 s.
struct Separation {
  double x = 0, y = 0;
};

Separation separation_of(const imaging::ImagingParameters& optics, double incidence_deg, double azimuth_deg) {
  const double twice = 2 * std::sin(incidence_deg * kDegree) / optics.na;
  return {twice * std::sin(azimuth_deg * kDegree) * optics.magnification_x,
          twice * std::cos(azimuth_deg * kDegree) * optics.magnification_y};
}

// Share of the light of the source that comes in through the cone of the pupil.
double overlap(const illuminator::PupilFill& fill, Separation separation) {
  double share = 0;
  for (const illuminator::SourcePoint& point : fill.points)
    if (std::hypot(separation.x - point.sigma_x, separation.y - point.sigma_y) < 1 - kTouching)
      share += point.weight;
  return share;
}

bool is_transmissive(const job::Job& job) {
  constexpr double kReflectiveBelowNm = 100;  // no lens and no mask substrate is transparent below
  return job.mask.amplitudes == mask::Amplitudes::given && job.source.wavelength_nm > kReflectiveBelowNm;
}

// "the next quarter above", for a key that the user is to set.
double rounded_up(double value, double step) {
  return std::ceil(value / step - 1e-9) * step;
}

// The smallest value in steps for which nothing overlaps; 0 if there is none up to `most`.
template <class Overlaps>
double least_value(double from, double step, double most, Overlaps overlaps) {
  for (double value = rounded_up(from, step); value <= most; value += step)
    if (!overlaps(value)) return value;
  return 0;
}

std::string advice(const Prepared& prepared, double azimuth_deg) {
  const job::Job& job = prepared.job;
  const imaging::ImagingParameters& given = job.imaging;
  const double incidence_deg = job.mask.stack.incidence_deg;
  const auto overlaps = [&](const imaging::ImagingParameters& optics, double incidence) {
    return overlap(prepared.pupil_fill, separation_of(optics, incidence, azimuth_deg)) > 0;
  };
  const double incidence =
      least_value(incidence_deg, 0.25, 45, [&](double deg) { return overlaps(job.imaging, deg); });
  const double reduction = least_value(job.imaging.magnification_y, 1, 16, [&](double m) {
    imaging::ImagingParameters optics = given;
    optics.magnification_y = m;
    return overlaps(optics, incidence_deg);
  });
  const double na = std::floor(100 * job.imaging.na) / 100;
  double least_na = na;
  const auto overlaps_at = [&](double value) {
    imaging::ImagingParameters optics = given;
    optics.na = value;
    return overlaps(optics, incidence_deg);
  };
  while (least_na > 0.01 && overlaps_at(least_na)) least_na -= 0.01;
  std::string text;
  if (reduction > 0) text += fmt::format("set imaging.magnification_y = {:g}", reduction);
  if (incidence > 0)
    text +=
        fmt::format("{}mask.stack.incidence_deg = {:g} or more", text.empty() ? "set " : ", or ", incidence);
  if (least_na > 0.01)
    text += fmt::format("{}imaging.na = {:.2f} or less", text.empty() ? "set " : ", or ", least_na);
  return text.empty() ? "set mask.stack.incidence_deg larger" : text;
}

}  // namespace

void require_separate_cones(const Prepared& prepared) {
  const job::Job& job = prepared.job;
  if (is_transmissive(job)) return;
  std::vector<double> azimuths{job.imaging.chief_ray_azimuth_deg};
  if (!job.imaging.field_positions.empty()) azimuths.clear();
  for (const imaging::FieldPosition& position : job.imaging.field_positions)
    azimuths.push_back(job.imaging.chief_ray_azimuth_deg + position.chief_ray_azimuth_deg);
  for (const double azimuth_deg : azimuths) {
    const double share =
        overlap(prepared.pupil_fill, separation_of(job.imaging, job.mask.stack.incidence_deg, azimuth_deg));
    if (share == 0) continue;
    throw InputError(fmt::format(
        "imaging.na = {} with imaging.magnification_x = {}, magnification_y = {} and mask.stack.incidence_deg = "
        "{} (the cones of light to and from the mask overlap{}: {:.3g} % of the light of the source comes in "
        "where light for the wafer goes out); {}",
        job.imaging.na, job.imaging.magnification_x, job.imaging.magnification_y,
        job.mask.stack.incidence_deg,
        azimuth_deg == 0 ? "" : fmt::format(" at an azimuth of {:g} deg", azimuth_deg), 100 * share,
        advice(prepared, azimuth_deg)));
  }
}

}  // namespace undulith::flow
