// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "undulith/flow/stages.hpp"
#include "undulith/io/sha256.hpp"

/// Images as entries of a store.
namespace undulith::flow {

/// The name of images in these planes.
[[nodiscard]] io::Sha256 image_key(const Prepared& prepared, std::span<const imaging::ImagePlane> planes);

/// All of the images but their samples, which come from the series again; of the mask no spectra of its directions.
[[nodiscard]] std::vector<std::byte> encode(const PlaneImages& images);
/// @param output_pitch_nm  of the samples
/// @throws InputError  these bytes are no images
[[nodiscard]] PlaneImages decode(std::span<const std::byte> bytes, double output_pitch_nm);

}  // namespace undulith::flow
