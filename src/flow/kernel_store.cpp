// SPDX-License-Identifier: MIT
#include "flow/kernel_store.hpp"

#include <array>
#include <string_view>

#include "flow/kept.hpp"
#include "flow/light_store.hpp"

namespace undulith::flow {
namespace {

constexpr int kKernelNumbers = 1;
constexpr std::array<std::string_view, 1> kKernelTables{"imaging"};

}  // namespace

void add_read_optics(Name& name, const imaging::ImagingParameters& optics) {
  name.add(optics.aberrations, optics.phase_map, optics.amplitude_map, optics.field_positions,
           optics.socs.kernels);
}

io::Sha256 kernel_name(const Prepared& prepared, const imaging::KernelPlace& place) {
  const imaging::ImagingParameters& optics = prepared.job.imaging;
  Name name("kernels", kKernelNumbers);
  name.add(job::tables_with_content(prepared.job, kKernelTables));
  name.add(optics.chief_ray_deg, optics.wavefront_wavelength_nm);  // keys of other tables
  add_read_optics(name, optics);
  name.add(prepared.mask.clip.cell, prepared.pupil_fill.points);
  name.add(place.wavelength_nm, place.position, place.plane.focus_nm, place.plane.depth_nm, place.max_order_x,
           place.max_order_y);
  return name.hash();
}

void require_kernels(const imaging::SocsKernels& kernels, const imaging::KernelPlace& place) {
  const std::size_t size = kernels.size();
  if (kernels.max_order_x != place.max_order_x || kernels.max_order_y != place.max_order_y ||
      kernels.values.size() != size * kernels.eigenvalues.size() || kernels.left_out.size() != size ||
      kernels.probes.size() % size != 0)
    throw InputError("kept kernels do not have the orders of the image (they were damaged); remove them");
}

imaging::RecallKernels kept_kernels(const Prepared& prepared) {
  if (store_in_use() == nullptr) return {};
  return [&prepared](const imaging::KernelPlace& place, const std::function<imaging::SocsKernels()>& make) {
    return kept(
        "kernels", [&] { return kernel_name(prepared, place); }, make,
        [&](const imaging::SocsKernels& kernels) { require_kernels(kernels, place); });
  };
}

}  // namespace undulith::flow
