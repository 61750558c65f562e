// SPDX-License-Identifier: MIT
#pragma once

#include "flow/codec.hpp"
#include "undulith/job/job.hpp"
#include "undulith/resist/resist.hpp"

/// Developed films as entries of a store.
namespace undulith::flow {

/// The film without noise at a dose.
[[nodiscard]] io::Sha256 film_name(const job::Job& job, const resist::ImageInResist& image,
                                   double dose_mj_cm2);
/// What all realisations of a film with noise have in common; their number is not among it.
[[nodiscard]] io::Sha256 noise_name(const job::Job& job, const resist::ImageInResist& image,
                                    const resist::StochasticsParameters& stochastics, double dose_mj_cm2);
[[nodiscard]] io::Sha256 realisation_name(const io::Sha256& noise, int realisation);

/// Whether films of so many nodes in all, with so many numbers for each, are small enough for the store in use.
[[nodiscard]] bool fits_store(double n_nodes, int n_numbers);

template <class Codec, Like<resist::BakeReport> T>
void members(Codec& codec, T& report) {
  codec(report.n_steps, report.error, report.converged);
}
template <class Codec, Like<resist::FrontReport> T>
void members(Codec& codec, T& report) {
  codec(report.step_nm, report.n_nodes);
}
template <class Codec, Like<resist::ResistProfile> T>
void without_inhibitor(Codec& codec, T& profile) {
  codec(profile.tone, profile.time_s, profile.detached_share, profile.arrival_time_s, profile.shrinkage,
        profile.report);
}
/// The film without its image, which is at hand, and with one copy of the inhibitor.
template <class Codec, Like<resist::ResistResult> T>
void members(Codec& codec, T& film) {
  codec(film.latent.dose_mj_cm2, film.latent.acid, film.latent.quencher, film.baked.acid, film.baked.quencher,
        film.baked.inhibitor, film.baked.report, film.rate_nm_s);
  without_inhibitor(codec, film.profile);
  if constexpr (Codec::kReads) film.profile.inhibitor = film.baked.inhibitor;
}
template <class Codec, Like<resist::Counts> T>
void members(Codec& codec, T& counts) {
  codec(counts.photons_absorbed, counts.acids, counts.quenchers);
}
/// A realisation of which the profile is kept (resist::Keep::profile).
template <class Codec, Like<resist::StochasticResult> T>
void members(Codec& codec, T& realisation) {
  without_inhibitor(codec, realisation.result.profile);
  codec(realisation.result.profile.inhibitor, realisation.result.baked.report, realisation.counts);
}

}  // namespace undulith::flow
