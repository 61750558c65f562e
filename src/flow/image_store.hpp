// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "flow/codec.hpp"
#include "flow/mask_store.hpp"
#include "undulith/flow/stages.hpp"

/// Images as entries of a store: all of them but their samples, which come from the series again, and of the mask no spectra
/// of its directions.
namespace undulith::flow {

/// The name of images in these planes.
[[nodiscard]] io::Sha256 image_name(const Prepared& prepared, std::span<const imaging::ImagePlane> planes);

/// Samples the series again. @throws InputError  these are not the images of the planes
void complete_images(PlaneImages& images, std::span<const imaging::ImagePlane> planes,
                     double output_pitch_nm);

template <class Codec, Like<math::FourierSeries2D> T>
void members(Codec& codec, T& series) {
  if constexpr (Codec::kReads) {
    Box cell;
    int max_order_x = 0, max_order_y = 0;
    std::vector<std::complex<double>> half;
    codec(cell, max_order_x, max_order_y, half);
    const std::int64_t count = (2 * std::int64_t{max_order_y} + 1) * (std::int64_t{max_order_x} + 1);
    if (max_order_x < 0 || max_order_y < 0 || count != std::ssize(half))
      throw InputError(
          "a kept image does not have the coefficients of its orders (it was damaged); remove it");
    series = math::FourierSeries2D(cell, max_order_x, max_order_y, std::move(half));
  } else {
    codec(series.cell(), series.max_order_x(), series.max_order_y(), series.half_coefficients());
  }
}
template <class Codec, Like<imaging::AerialImage> T>
void members(Codec& codec, T& image) {
  codec(image.series, image.window, image.wavelength_nm, image.open_frame_raw, image.clear_field,
        image.focus_nm, image.depth_nm, image.n_kernels, image.error_bound, image.rounding_error,
        image.spectral_change);
}
template <class Codec, Like<imaging::SpectralNode> T>
void members(Codec& codec, T& node) {
  codec(node.wavelength_nm, node.share);
}
template <class Codec, Like<SpectrumResult> T>
void members(Codec& codec, T& spectrum) {
  codec(spectrum.nodes, spectrum.change, spectrum.omitted_light, spectrum.converged);
}
template <class Codec, Like<PlaneImages> T>
void members(Codec& codec, T& images) {
  codec(images.planes, images.spectrum);
  without_spectra(codec, images.mask);
}

}  // namespace undulith::flow
