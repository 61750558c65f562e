// SPDX-License-Identifier: MIT
#include "undulith/flow/light_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace undulith::flow {

source::SourceOutput light_behind(const source::SourceOutput& light, const illuminator::Beamline& beamline) {
  source::SourceOutput behind = light;
  behind.stokes = beamline.mask_stokes;
  behind.spectral_flux = beamline.relative_flux_without_mask;
  return behind;
}

illuminator::PupilFill pupil_of(const job::Job& job, const source::SourceOutput& light,
                                const LightChain& chain) {
  if (chain.facets) return chain.facets->pupil_fill;
  return illuminator::make_pupil_fill(job.illuminator, light_behind(light, chain.beamline));
}

namespace {

// What follows for the reader from the etendue that the slit accepts.
std::optional<std::string> note_of_scanner(const LightChain& chain) {
  if (!(chain.etendue.geometric_transmission < 1)) return std::nullopt;
  return fmt::format(
      "The etendue of the source is larger than that of the pupil: {:.3g} % of the light is accepted.",
      100 * chain.etendue.geometric_transmission);
}

// Slit, dose and stages, behind the mirrors and the pupil.
void add_scanner(LightChain& chain, const job::Job& job, const source::SourceOutput& light) {
  const throughput::ScannerParameters& scanner = job.throughput;
  chain.etendue = illuminator::compare_etendue(light, {scanner.field_width_mm, scanner.slit_height_mm},
                                               job.imaging.na, chain.fill_ratio);
  double transmission = chain.facets ? chain.facets->transmission : 1;
  transmission *= chain.etendue.geometric_transmission;
  transmission *= chain.pellicle_transmission * chain.pellicle_transmission;
  chain.wafer_power_w = chain.beamline.wafer_power_w * transmission;
  chain.throughput = throughput::compute_throughput(scanner, chain.wafer_power_w);
  const double exposure_s = chain.throughput.exposure_s;
  chain.dose_noise =
      throughput::estimate_dose_noise(scanner.dose_mj_cm2, light.wavelength_nm, exposure_s,
                                      light.time.repetition_rate_hz, light.time.pulse_energy_noise);
  const int n_facets = chain.facets ? chain.facets->n_used_field_facets : job.facets.n_field_facets;
  chain.speckle = illuminator::estimate_speckle(light, n_facets, job.facets.path_difference_um, exposure_s);
  const double wph = chain.throughput.wafers_per_hour;
  chain.factory = throughput::run_factory(job.factory, light.availability, wph);
  const double target = std::min(job.compare.target_wafers_per_hour, chain.throughput.wafers_per_hour_limit);
  chain.scanners_per_source =
      throughput::scanners_per_source(scanner, chain.wafer_power_w * job.beamline.n_scanners, target);
  chain.affordable_dose_mj_cm2 =
      throughput::affordable_dose_mj_cm2(scanner, chain.wafer_power_w, job.compare.target_wafers_per_hour);
  chain.energy_per_wafer_kwh = throughput::energy_per_wafer_kwh(
      light.wall_plug_power_kw / job.beamline.n_scanners, scanner.wall_plug_power_kw, wph);
  if (const auto note = note_of_scanner(chain)) chain.notes.push_back(*note);
}

}  // namespace

LightChain follow_light(const job::Job& job, const source::SourceOutput& light) {
  LightChain chain;
  chain.beamline = illuminator::trace_beamline(job.beamline, light);
  chain.notes = chain.beamline.notes;
  const source::SourceOutput behind = light_behind(light, chain.beamline);
  if (job.facets.pupil == job::PupilModel::facets) {
    chain.facets = illuminator::make_facet_fill(job.facets, job.illuminator, behind);
    chain.fill_ratio = chain.facets->pupil_fill.fill_ratio;
  } else {
    chain.fill_ratio = illuminator::make_pupil_fill(job.illuminator, behind).fill_ratio;
    chain.notes.push_back(
        "The pupil has its ideal shape: no light is lost between facets. Set facets.pupil = \"facets\" to "
        "compute the loss.");
  }
  chain.spectrum = illuminator::make_spectrum(behind);
  chain.pellicle_transmission =
      mask::pellicle_transmission(job.mask.pellicle, light.wavelength_nm, job.mask.stack.incidence_deg);
  if (chain.pellicle_transmission < 1)
    chain.notes.push_back(fmt::format(
        "The pellicle transmits {:.1f} % of the light in one pass, {:.1f} % in two.",
        100 * chain.pellicle_transmission, 100 * chain.pellicle_transmission * chain.pellicle_transmission));
  chain.heat_per_in_band_watt = light.total_power_w / light.in_band_power_w;
  add_scanner(chain, job, light);
  return chain;
}

LightChain with_scanner(LightChain chain, const job::Job& job, const source::SourceOutput& light) {
  if (const auto note = note_of_scanner(chain)) std::erase(chain.notes, *note);  // that of the other scanner
  add_scanner(chain, job, light);
  return chain;
}

}  // namespace undulith::flow
