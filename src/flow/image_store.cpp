// SPDX-License-Identifier: MIT
#include "flow/image_store.hpp"

#include <array>
#include <string_view>

#include "flow/kernel_store.hpp"
#include "flow/light_store.hpp"

namespace undulith::flow {
namespace {

constexpr int kImageNumbers = 1;

// What an image can depend on, with the tables within them.
constexpr std::array<std::string_view, 7> kImageTables{"layout", "source",  "beamline",   "facets",
                                                       "mask",   "imaging", "illuminator"};

}  // namespace

io::Sha256 image_name(const Prepared& prepared, std::span<const imaging::ImagePlane> planes) {
  Name name("image", kImageNumbers);
  name.add(job::tables_with_content(prepared.job, kImageTables));
  const layout::Clip& clip = prepared.mask.clip;
  name.add(clip.cell, clip.window, clip.rings);
  name.add(prepared.pupil_fill.points, prepared.pupil_fill.sigma_max, prepared.pupil_fill.omitted_light);
  name.add(prepared.chain.spectrum.photon_energy_ev, prepared.chain.spectrum.power_share);
  name.add(prepared.light.photon_energy_ev.size(), prepared.light.wavelength_nm);
  name.add(prepared.job.imaging.flare.tis, prepared.job.imaging.flare.clear_density);
  add_read_optics(name, prepared.job.imaging);
  for (const imaging::ImagePlane& plane : planes) name.add(plane.focus_nm, plane.depth_nm);
  return name.hash();
}

void complete_images(PlaneImages& images, std::span<const imaging::ImagePlane> planes,
                     double output_pitch_nm) {
  if (images.planes.size() != planes.size())
    throw InputError("kept images are not those of the planes (they were damaged); remove them");
  for (imaging::AerialImage& image : images.planes)
    image.intensity = imaging::sample_window(image.series, image.window, output_pitch_nm);
}

}  // namespace undulith::flow
