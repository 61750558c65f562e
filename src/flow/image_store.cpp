// SPDX-License-Identifier: MIT
#include "flow/image_store.hpp"

#include <array>
#include <string_view>

#include "undulith/core/error.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/bytes.hpp"

namespace undulith::flow {
namespace {

// To be raised by every change after which a stage before the image gives other numbers, and by every change of encode().
constexpr int kImageNumbers = 1;

// What an image can depend on, with the tables within them.
constexpr std::array<std::string_view, 7> kTables{"layout", "source",  "beamline",   "facets",
                                                  "mask",   "imaging", "illuminator"};

void add(io::ByteWriter& to, const Box& box) {
  for (const double value : {box.x0, box.y0, box.x1, box.y1}) to.add(value);
}
Box read_box(io::ByteReader& from) {
  Box box;
  for (double* value : {&box.x0, &box.y0, &box.x1, &box.y1}) *value = from.read<double>();
  return box;
}

void add(io::ByteWriter& to, const std::optional<double>& value) {
  to.add(value.has_value());
  to.add(value.value_or(0));
}
std::optional<double> read_optional(io::ByteReader& from) {
  const bool has_value = from.read<bool>();
  const auto value = from.read<double>();
  return has_value ? std::optional(value) : std::nullopt;
}

void add(io::ByteWriter& to, const layout::Clip& clip) {
  add(to, clip.cell);
  add(to, clip.window);
  to.add(clip.rings.size());
  std::vector<double> ring;
  for (const layout::Polygon& polygon : clip.rings) {
    ring.clear();
    for (const layout::Point& point : polygon) {
      ring.push_back(point.x);
      ring.push_back(point.y);
    }
    to.add(ring);
  }
}

void add(io::ByteWriter& to, const illuminator::PupilFill& fill) {
  std::vector<double> points;
  for (const illuminator::SourcePoint& p : fill.points)
    for (const double value :
         {p.sigma_x, p.sigma_y, p.weight, p.stokes.s0, p.stokes.s1, p.stokes.s2, p.stokes.s3})
      points.push_back(value);
  to.add(points);
  to.add(fill.sigma_max);
  to.add(fill.omitted_light);
}

void add(io::ByteWriter& to, const imaging::AerialImage& image) {
  const math::FourierSeries2D& series = image.series;
  add(to, series.cell());
  to.add(series.max_order_x());
  to.add(series.max_order_y());
  to.add(series.half_coefficients());
  add(to, image.window);
  for (const double value :
       {image.wavelength_nm, image.open_frame_raw, image.clear_field, image.focus_nm, image.depth_nm})
    to.add(value);
  to.add(image.n_kernels);
  for (const auto& value : {image.error_bound, image.rounding_error, image.spectral_change}) add(to, value);
}

imaging::AerialImage read_image(io::ByteReader& from, double output_pitch_nm) {
  imaging::AerialImage image;
  const Box cell = read_box(from);
  const int max_order_x = from.read<int>(), max_order_y = from.read<int>();
  image.series =
      math::FourierSeries2D(cell, max_order_x, max_order_y, from.read_vector<std::complex<double>>());
  image.window = read_box(from);
  for (double* value :
       {&image.wavelength_nm, &image.open_frame_raw, &image.clear_field, &image.focus_nm, &image.depth_nm})
    *value = from.read<double>();
  image.n_kernels = from.read<int>();
  for (auto* value : {&image.error_bound, &image.rounding_error, &image.spectral_change})
    *value = read_optional(from);
  image.intensity = imaging::sample_window(image.series, image.window, output_pitch_nm);
  return image;
}

void add(io::ByteWriter& to, const mask::ThickMaskReport& report) {
  for (const int value :
       {report.n_directions, report.n_solutions, report.sublattices_x, report.sublattices_y, report.n_orders})
    to.add(value);
  for (const bool value : {report.on_lattice_x, report.on_lattice_y, report.converged}) to.add(value);
  for (const double value :
       {report.step_x_sigma, report.step_y_sigma, report.change, report.reference_depth_nm})
    to.add(value);
  add(to, report.energy_error);
}
mask::ThickMaskReport read_report(io::ByteReader& from) {
  mask::ThickMaskReport report;
  for (int* value : {&report.n_directions, &report.n_solutions, &report.sublattices_x, &report.sublattices_y,
                     &report.n_orders})
    *value = from.read<int>();
  for (bool* value : {&report.on_lattice_x, &report.on_lattice_y, &report.converged})
    *value = from.read<bool>();
  for (double* value :
       {&report.step_x_sigma, &report.step_y_sigma, &report.change, &report.reference_depth_nm})
    *value = from.read<double>();
  report.energy_error = read_optional(from);
  return report;
}

void add(io::ByteWriter& to, const mask::Diffraction& mask) {
  add(to, mask.cell);
  add(to, mask.window);
  to.add(mask.max_order_x);
  to.add(mask.max_order_y);
  to.add(mask.amplitudes);
  for (const double value : {mask.wavelength_nm, mask.open_reflectance, mask.absorber_reflectance,
                             mask.absorber_phase_deg, mask.open_area_fraction})
    to.add(value);
  to.add(mask.thick.has_value());
  if (mask.thick) add(to, mask.thick->report);
}
mask::Diffraction read_mask(io::ByteReader& from) {
  mask::Diffraction mask;
  mask.cell = read_box(from);
  mask.window = read_box(from);
  mask.max_order_x = from.read<int>();
  mask.max_order_y = from.read<int>();
  mask.amplitudes = from.read_vector<std::complex<double>>();
  for (double* value : {&mask.wavelength_nm, &mask.open_reflectance, &mask.absorber_reflectance,
                        &mask.absorber_phase_deg, &mask.open_area_fraction})
    *value = from.read<double>();
  if (from.read<bool>()) mask.thick.emplace().report = read_report(from);
  return mask;
}

void add(io::ByteWriter& to, const SpectrumResult& spectrum) {
  std::vector<double> nodes;
  for (const imaging::SpectralNode& node : spectrum.nodes) {
    nodes.push_back(node.wavelength_nm);
    nodes.push_back(node.share);
  }
  to.add(nodes);
  add(to, spectrum.change);
  to.add(spectrum.omitted_light);
  to.add(spectrum.converged);
}
SpectrumResult read_spectrum(io::ByteReader& from) {
  SpectrumResult spectrum;
  const std::vector<double> nodes = from.read_vector<double>();
  for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) spectrum.nodes.push_back({nodes[i], nodes[i + 1]});
  spectrum.change = read_optional(from);
  spectrum.omitted_light = from.read<double>();
  spectrum.converged = from.read<bool>();
  return spectrum;
}

}  // namespace

io::Sha256 image_key(const Prepared& prepared, std::span<const imaging::ImagePlane> planes) {
  io::ByteWriter key;
  key.add(std::string_view("image"));
  key.add(kImageNumbers);
  key.add(std::string_view(kVersion));
  key.add(job::tables_with_content(prepared.job, kTables));
  add(key, prepared.mask.clip);
  add(key, prepared.pupil_fill);
  key.add(prepared.chain.spectrum.photon_energy_ev);
  key.add(prepared.chain.spectrum.power_share);
  key.add(prepared.light.photon_energy_ev.size());
  key.add(prepared.light.wavelength_nm);
  key.add(prepared.job.imaging.flare.tis);
  add(key, prepared.job.imaging.flare.clear_density);
  for (const imaging::ImagePlane& plane : planes) {
    key.add(plane.focus_nm);
    key.add(plane.depth_nm);
  }
  return io::sha256(key.bytes());
}

std::vector<std::byte> encode(const PlaneImages& images) {
  io::ByteWriter to;
  to.add(images.planes.size());
  for (const imaging::AerialImage& image : images.planes) add(to, image);
  add(to, images.spectrum);
  add(to, images.mask);
  return {to.bytes().begin(), to.bytes().end()};
}

PlaneImages decode(std::span<const std::byte> bytes, double output_pitch_nm) {
  io::ByteReader from(bytes);
  PlaneImages images;
  for (auto n = from.read<std::size_t>(); n > 0; --n)
    images.planes.push_back(read_image(from, output_pitch_nm));
  images.spectrum = read_spectrum(from);
  images.mask = read_mask(from);
  if (!from.at_end())
    throw InputError("kept images are followed by other bytes (they were damaged); remove them");
  return images;
}

}  // namespace undulith::flow
