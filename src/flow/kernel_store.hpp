// SPDX-License-Identifier: MIT
#pragma once

#include "flow/codec.hpp"
#include "undulith/flow/prepared.hpp"
#include "undulith/imaging/socs.hpp"

/// Kernels of an image as entries of a store.
namespace undulith::flow {

/// Adds what a job has from files: a job that was not read from one has it without their names.
void add_read_optics(Name& name, const imaging::ImagingParameters& optics);

[[nodiscard]] io::Sha256 kernel_name(const Prepared& prepared, const imaging::KernelPlace& place);

/// @throws InputError  these are no kernels of this place
void require_kernels(const imaging::SocsKernels& kernels, const imaging::KernelPlace& place);

/// Takes kernels from the store in use, or keeps them there.
[[nodiscard]] imaging::RecallKernels kept_kernels(const Prepared& prepared);

template <class Codec, Like<optics::ZernikeTerm> T>
void members(Codec& codec, T& term) {
  codec(term.index, term.waves, term.set);
}
template <class Codec, Like<imaging::FieldPosition> T>
void members(Codec& codec, T& position) {
  codec(position.weight, position.aberrations, position.chief_ray_azimuth_deg);
}
template <class Codec, Like<imaging::SocsKernels> T>
void members(Codec& codec, T& kernels) {
  codec(kernels.period_x_nm, kernels.period_y_nm, kernels.max_order_x, kernels.max_order_y,
        kernels.eigenvalues, kernels.values, kernels.left_out, kernels.probes, kernels.next_eigenvalue);
}

}  // namespace undulith::flow
