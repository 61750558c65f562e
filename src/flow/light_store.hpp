// SPDX-License-Identifier: MIT
#pragma once

#include "flow/codec.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/job/job.hpp"
#include "undulith/source/source.hpp"

/// Light as an entry of a store.
namespace undulith::flow {

[[nodiscard]] io::Sha256 light_name(const job::Job& job);

template <class Codec, Like<optics::Stokes> T>
void members(Codec& codec, T& stokes) {
  codec(stokes.s0, stokes.s1, stokes.s2, stokes.s3);
}
template <class Codec, Like<illuminator::SourcePoint> T>
void members(Codec& codec, T& point) {
  codec(point.sigma_x, point.sigma_y, point.weight, point.stokes);
}
template <class Codec, Like<source::AngularMap> T>
void members(Codec& codec, T& map) {
  codec(map.s0, map.s1, map.s2, map.s3);
}
template <class Codec, Like<source::Coherence> T>
void members(Codec& codec, T& coherence) {
  codec(coherence.size_x_um, coherence.size_y_um, coherence.divergence_x_urad, coherence.divergence_y_urad,
        coherence.n_modes_x, coherence.n_modes_y, coherence.coherence_time_fs, coherence.coherence_length_um);
}
template <class Codec, Like<source::TimeStructure> T>
void members(Codec& codec, T& time) {
  codec(time.pulsed, time.repetition_rate_hz, time.pulse_length_fs, time.pulse_energy_noise);
}
template <class Codec, Like<source::SourceOutput> T>
void members(Codec& codec, T& light) {
  codec(light.kind, light.name, light.description, light.status, light.citation, light.wavelength_nm,
        light.photon_energy_ev, light.spectral_flux, light.spectral_stokes, light.in_band_power_w,
        light.total_power_w, light.power_density_w_mrad2, light.peak_wavelength_nm,
        light.bandwidth_fwhm_percent, light.spectrum_width, light.angular_flux, light.on_axis_flux,
        light.stokes, light.coherence, light.time, light.beam_power_w, light.wall_plug_power_kw,
        light.availability, light.figures, light.notes);
}

}  // namespace undulith::flow
