// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/illuminator/beamline.hpp"
#include "undulith/illuminator/facets.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/job/job.hpp"
#include "undulith/source/source.hpp"
#include "undulith/throughput/throughput.hpp"

namespace undulith::flow {

/// The light from the source to the wafer, and throughput: all that needs no image.
struct LightChain {
  illuminator::Beamline beamline;
  illuminator::Spectrum spectrum;                ///< on the mask, behind all mirrors but the mask
  std::optional<illuminator::FacetFill> facets;  ///< facets.pupil = "facets"
  illuminator::Etendue etendue;
  double fill_ratio = 0;
  double pellicle_transmission = 1;  ///< one pass
  /// In-band power at the wafer of one scanner, open frame, with the losses of facets, etendue and pellicle
  double wafer_power_w = 0;
  throughput::Throughput throughput;
  throughput::DoseNoise dose_noise;
  illuminator::Speckle speckle;
  throughput::Factory factory;
  double scanners_per_source = 0;
  double affordable_dose_mj_cm2 = 0;
  double energy_per_wafer_kwh = 0;   ///< 0: unknown
  double heat_per_in_band_watt = 0;  ///< light of all photon energies over that in the band, at the source
  std::vector<std::string> notes;
};

/// source::compute_source() of the job. The light of an undulator, which takes 0.03 s to some seconds, is taken from the
/// store in use (flow/store.hpp), or kept there; that of every other kind takes less than 20 ms and is computed.
[[nodiscard]] source::SourceOutput compute_light(const job::Job& job);

/// @throws InputError  as the stages it calls
[[nodiscard]] LightChain follow_light(const job::Job& job, const source::SourceOutput& light);

/// The same chain for a job that differs in [throughput], [factory] and [compare] alone: no mirror is traced again. Has the
/// bytes of follow_light(). Cost: microseconds, follow_light() up to tens of milliseconds.
[[nodiscard]] LightChain with_scanner(LightChain chain, const job::Job& job,
                                      const source::SourceOutput& light);

/// The light behind the beamline: polarisation on the mask, spectrum behind all mirrors but the mask. The
/// reflectance of the mask belongs to the image.
[[nodiscard]] source::SourceOutput light_behind(const source::SourceOutput& light,
                                                const illuminator::Beamline& beamline);

/// The illuminated pupil for pictures: that of the facets, or the shape without cells cut along rims.
[[nodiscard]] illuminator::PupilFill pupil_of(const job::Job& job, const source::SourceOutput& light,
                                              const LightChain& chain);

}  // namespace undulith::flow
