// SPDX-License-Identifier: MIT
#include "flow/image_stage.hpp"

#include <algorithm>

#include "flow/image_store.hpp"
#include "flow/kept.hpp"
#include "flow/kernel_store.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/flow/spectral_masks.hpp"
#include "undulith/flow/stages.hpp"

namespace undulith::flow {
namespace {

// The wavelengths to start with: two for a free-electron laser, four for the light that mirrors let through.
// A thick mask changes more with wavelength, and needs more wavelengths of its own.
int first_wavelengths(const Prepared& prepared) {
  constexpr double kNarrow = 2.5e-3;
  constexpr int kForNarrow = 2, kForWide = 4, kForWideThick = 12;
  if (imaging::relative_bandwidth(prepared.chain.spectrum) < kNarrow) return kForNarrow;
  return mask::model_of(prepared.job.mask) == mask::Model::thin ? kForWide : kForWideThick;
}

PlaneImages images_of(SpectralMasks& spectral_masks, const Prepared& prepared,
                      std::vector<imaging::SpectralNode> nodes,
                      const std::vector<imaging::ImagePlane>& planes, const Progress& progress) {
  const double pupil_share = prepared.pupil_fill.omitted_light;
  const double spectral_share =
      imaging::omit_faint_nodes(nodes, std::max(0.0, prepared.job.imaging.omitted_light - pupil_share));
  const double share_of_masks = prepared.mask_plan.cpu_s / (prepared.mask_plan.cpu_s + prepared.plan.cpu_s);
  std::vector<imaging::SpectralMask> masks = spectral_masks.at(nodes, part_of(progress, 0, share_of_masks));
  const std::vector<double> coarser = imaging::coarser_shares(nodes);
  for (std::size_t i = 0; i < masks.size(); ++i) masks[i].coarser_share = coarser[i];
  PlaneImages images{
      .planes = imaging::compute_images(masks, prepared.pupil_fill, prepared.job.imaging, planes,
                                        part_of(progress, share_of_masks, 1), kept_kernels(prepared)),
      .spectrum = {.nodes = std::move(nodes), .omitted_light = pupil_share + spectral_share}};
  imaging::SpectralMask& strongest = *std::ranges::max_element(masks, {}, &imaging::SpectralMask::share);
  images.mask = strongest.late ? strongest.late(0) : std::move(strongest.diffraction);
  return images;
}

}  // namespace

bool is_line(const Prepared& prepared) {
  return prepared.job.imaging.spectrum == job::ImageSpectrum::line ||
         prepared.light.photon_energy_ev.size() == 1;
}

int expected_wavelengths(const Prepared& prepared) {
  if (is_line(prepared)) return 1;
  const int n_wavelengths = prepared.job.imaging.n_wavelengths;
  return n_wavelengths > 0 ? n_wavelengths : first_wavelengths(prepared);
}

namespace {

PlaneImages compute_images_in_planes(const Prepared& prepared, const std::vector<imaging::ImagePlane>& planes,
                                     const Progress& progress) {
  SpectralMasks masks(prepared);
  const auto& wanted = prepared.job.imaging;
  if (is_line(prepared))
    return images_of(masks, prepared, {{prepared.light.wavelength_nm, 1}}, planes, progress);
  const auto nodes = [&](int count) { return imaging::spectral_nodes(prepared.chain.spectrum, 0, count); };
  if (wanted.n_wavelengths > 0)
    return images_of(masks, prepared, nodes(wanted.n_wavelengths), planes, progress);
  // The number of tries is not known: each gets most of the remaining progress.
  constexpr double kShareOfTry = 0.8;
  double done = 0;
  PlaneImages images;
  for (int count = first_wavelengths(prepared); count <= kMaxWavelengths; count *= 2) {
    const double share = (1 - done) * kShareOfTry;
    std::vector<imaging::SpectralNode> wavelengths = nodes(count);
    const bool whole = static_cast<int>(wavelengths.size()) < count;  // all lines there are
    images =
        images_of(masks, prepared, std::move(wavelengths), planes, part_of(progress, done, done + share));
    done += share;
    const double change = images.planes.front().spectral_change.value_or(0);
    images.spectrum.change = whole ? 0 : imaging::error_of_change(images.spectrum.nodes.size()) * change;
    images.spectrum.converged = *images.spectrum.change <= wanted.spectral_error;
    if (images.spectrum.converged) break;
  }
  if (progress) progress(1);
  return images;
}

}  // namespace

PlaneImages images_in_planes(const Prepared& prepared, const std::vector<imaging::ImagePlane>& planes,
                             const Progress& progress) {
  PlaneImages images = kept(
      "image", [&] { return image_name(prepared, planes); },
      [&] { return compute_images_in_planes(prepared, planes, progress); },
      [&](PlaneImages& found) { complete_images(found, planes, prepared.job.imaging.output_pitch_nm); });
  if (progress) progress(1);
  return images;
}

}  // namespace undulith::flow
