// SPDX-License-Identifier: MIT
#include "job/table.hpp"
#include "undulith/imaging/keys.hpp"
#include "undulith/job/accuracy.hpp"
#include "undulith/mask/keys.hpp"

namespace undulith::job {
namespace {

using keys::choice;
using keys::file;
using keys::inherited;
using keys::joined;
using keys::key;
using keys::within;

Keys<MaskTable> cell_keys() {
  return {
      key(&MaskTable::period_x_nm,
          {.name = "period_x_nm",
           .unit = "nm",
           .range = Range::closed(0, 1e6),
           .why = "only shapes in the job need it",
           .doc = "Width of the periodic cell that holds [[mask.rectangle]] and [[mask.polygon]], from x = 0",
           .advice = "give the size of the cell in nm"}),
      key(&MaskTable::period_y_nm, {.name = "period_y_nm",
                                    .unit = "nm",
                                    .range = Range::closed(0, 1e6),
                                    .why = "only shapes in the job need it",
                                    .doc = "Height of the periodic cell, from y = 0",
                                    .advice = "give the size of the cell in nm"})};
}

Keys<JobRectangle> rectangle_keys() {
  const auto corner = [](double JobRectangle::*member, const std::string& name, const std::string& doc) {
    return key(member, {.name = name,
                        .unit = "nm",
                        .range = Range::closed(-1e6, 1e6),
                        .doc = doc,
                        .advice = "write nanometres at wafer scale",
                        .required = true});
  };
  return {corner(&JobRectangle::x0_nm, "x0_nm", "Left edge"),
          corner(&JobRectangle::y0_nm, "y0_nm", "Lower edge"),
          corner(&JobRectangle::x1_nm, "x1_nm", "Right edge"),
          corner(&JobRectangle::y1_nm, "y1_nm", "Upper edge")};
}

Keys<JobPolygon> polygon_keys() {
  const auto vertices = [](std::vector<double> JobPolygon::*member, const std::string& name,
                           const std::string& doc) {
    return key(member, {.name = name,
                        .unit = "nm",
                        .range = Range::closed(-1e6, 1e6),
                        .doc = doc,
                        .advice = "write nanometres at wafer scale",
                        .required = true});
  };
  return {vertices(&JobPolygon::x_nm, "x_nm", "x of the vertices, three or more"),
          vertices(&JobPolygon::y_nm, "y_nm", "y of the vertices, as many as x_nm")};
}

Keys<ImagingTable> plane_keys() {
  return {
      key(&ImagingTable::through_focus_nm,
          {.name = "through_focus_nm",
           .unit = "nm",
           .range = Range::closed(-10000, 10000),
           .why = "focus_nm alone",
           .doc = "Further planes that are imaged and measured in the same run"}),
      choice(
          &ImagingTable::output_precision, {{"double", Precision::float64}, {"single", Precision::float32}},
          {.name = "output_precision",
           .why = "what was computed",
           .doc =
               "Numbers in aerial_image.npy and aerial_image_through_focus.npy: single halves these files"}),
      file(&ImagingTable::phase_map_file,
           {.name = "phase_map_file",
            .why = "no measured wavefront",
            .doc =
                "Wavefront of the pupil in waves: npy of n x n samples over [-1, 1], or CSV with the columns "
                "pupil_x, pupil_y, phase_waves on a regular grid"}),
      file(&ImagingTable::amplitude_map_file,
           {.name = "amplitude_map_file",
            .why = "no measured apodisation",
            .doc = "Amplitude of the pupil, in the same formats (column amplitude)"}),
      file(&ImagingTable::aberration_table_file,
           {.name = "aberration_table_file",
            .why = "aberrations that do not change along the slit",
            .doc = "Aberrations through the slit: CSV with position_mm, columns such as fringe_7, noll_11 or "
                   "osa_12 in waves, and azimuth_deg if the chief ray turns; linear between the rows"}),
      key(&ImagingTable::slit_position_mm,
          {.name = "slit_position_mm",
           .unit = "mm",
           .range = Range::closed(-1000, 1000),
           .why = "only a table needs it",
           .doc = "Where on the slit: one position of the table, or several whose images are averaged"}),
      key(&ImagingTable::slit_weight, {.name = "slit_weight",
                                       .range = imaging::kSlitWeight,
                                       .why = "all positions have equal weight",
                                       .doc = "Relative weight of each of slit_position_mm in the average"})};
}

Keys<ImagingTable> accuracy_keys() {
  return {choice(
      &ImagingTable::accuracy,
      {{"draft", Accuracy::draft}, {"standard", Accuracy::standard}, {"reference", Accuracy::reference}},
      {.name = "accuracy",
       .why = "about 1e-3 of the open frame for most patterns",
       .doc = "Sets what the job does not set itself: " + accuracy_text()})};
}

Keys<ImagingTable> kernel_keys() {
  return {
      file(&ImagingTable::kernel_file,
           {.name = "kernel_file",
            .why = "kernels of these optics are computed",
            .doc =
                "Kernels to use instead (method = \"socs\"): the .npy of undulith kernels, or K kernels of n "
                "x n in the ICCAD-13 layout with scales.npy beside"}),
      key(&ImagingTable::kernel_period_nm,
          {.name = "kernel_period_nm",
           .unit = "nm",
           .range = Range::closed(0, 1e6),
           .why = "kernels.json beside the kernels says it; else 2048",
           .doc = "Period of the cell that the kernels of kernel_file are made for"})};
}

Keys<ImagingTable> spectrum_keys() {
  return {
      choice(&ImagingTable::spectrum, {{"source", ImageSpectrum::source}, {"line", ImageSpectrum::line}},
             {.name = "spectrum",
              .why = "the light there is",
              .doc = "Image with the spectrum of the source behind the mirrors, or with source.wavelength_nm "
                     "alone"}),
      key(&ImagingTable::n_wavelengths,
          {.name = "n_wavelengths",
           .range = Range::closed(0, 64),
           .why = "as many as spectral_error needs",
           .doc =
               "Number of wavelengths that stand for the spectrum; 0 = as many as spectral_error asks for"}),
      key(&ImagingTable::spectral_error,
          {.name = "spectral_error",
           .range = Range::open(0, 1),
           .why = "as fine as the rest at imaging.accuracy = \"standard\"",
           .doc =
               "Largest estimated error of the sum over the wavelengths, relative to the open frame; their number is "
               "doubled until it is met"}),
      key(&ImagingTable::omitted_light,
          {.name = "omitted_light",
           .range = Range::closed(0, 0.1),
           .why = "as fine as the rest at imaging.accuracy = \"standard\"",
           .doc = "Largest share of the light that is left out to save time: weak polarisation states, faint "
                  "source points and faint wavelengths"})};
}

Keys<FlareTable> flare_keys() {
  return {
      choice(&FlareTable::model,
             {{"none", FlareModel::none},
              {"constant", FlareModel::constant},
              {"power_law", FlareModel::power_law}},
             {.name = "model",
              .why = "perfectly smooth mirrors",
              .doc = "Scattered light from the clear share of the clip (constant), or of the whole layer "
                     "around "
                     "it (power_law)"}),
      key(&FlareTable::tis, {.name = "tis",
                             .range = imaging::kScatter,
                             .origin = Origin::assumed,
                             .why = "a few per cent in EUV scanners",
                             .doc = "Total integrated scatter: share of the light that is scattered"}),
      key(&FlareTable::roughness_nm,
          {.name = "roughness_nm",
           .unit = "nm",
           .range = Range::closed(0, 10),
           .why = "tis decides",
           .doc = "If > 0: rms roughness of each mirror that scatters so far, from which tis follows"}),
      key(&FlareTable::n_mirrors, {.name = "n_mirrors",
                                   .range = Range::closed(1, 100),
                                   .why = "projection optics for EUV have six",
                                   .doc = "Mirrors that scatter (roughness_nm)"}),
      key(&FlareTable::surroundings_density,
          {.name = "surroundings_density",
           .range = Range::closed(0, 1),
           .origin = Origin::assumed,
           .why = "a dark-field layer",
           .doc = "Clear share of the mask beyond the layout (power_law)"}),
      key(&FlareTable::kirk_pad_um, {.name = "kirk_pad_um",
                                     .unit = "um",
                                     .range = Range::above(0, 1e5),
                                     .why = "a usual test pattern",
                                     .doc = "Width of the dark pad of the reported Kirk flare (power_law)"})};
}

Keys<ImagingTable> imaging_keys() {
  const auto hole = [](auto& imaging) -> auto& {
    return imaging.obscuration;
  };
  const auto socs = [](auto& imaging) -> auto& {
    return imaging.socs;
  };
  Keys<ImagingTable> all;
  for (const Keys<ImagingTable>& part :
       {inherited<ImagingTable>(imaging::optics_keys()),
        within<ImagingTable>(hole, imaging::obscuration_keys()), plane_keys(), accuracy_keys(),
        inherited<ImagingTable>(imaging::method_keys()), within<ImagingTable>(socs, imaging::socs_keys()),
        kernel_keys(), spectrum_keys()})
    all = joined(std::move(all), part);
  return all;
}

}  // namespace

std::vector<Table> mask_tables() {
  return {
      table(
          "mask", "The mask: its shapes, unless they are in a layout file, and how it reflects.",
          [](auto& job) -> auto& { return job.mask; },
          joined(inherited<MaskTable>(mask::mask_keys()), cell_keys())),
      table(
          "mask.stack", "The mirror below the absorber: cap, n_bilayers of spacer and reflector, substrate.",
          [](auto& job) -> auto& { return job.mask.stack; }, mask::stack_keys()),
      table_array(
          "mask.absorber", "The films of the absorber, top first; absorber = [] in [mask] for none.",
          [](auto& job) -> auto& { return job.mask.stack.absorber; }, mask::absorber_keys()),
      table_array(
          "mask.film",
          "A film of the mirror, top first: the films replace cap, pairs and what lies between, for aperiodic "
          "stacks.",
          [](auto& job) -> auto& { return job.mask.stack.films; }, mask::film_keys()),
      table(
          "mask.solver", "How finely a thick mask is computed.",
          [](auto& job) -> auto& { return job.mask.solver; }, mask::solver_keys()),
      table(
          "mask.pellicle", "The membrane above the mask; light passes it twice on its way to the wafer.",
          [](auto& job) -> auto& { return job.mask.pellicle; }, mask::pellicle_keys()),
      table_array(
          "mask.defect", "A fault of the mask at one place.",
          [](auto& job) -> auto& { return job.mask.defects; }, mask::defect_keys()),
      table_array(
          "mask.rectangle", "A rectangle drawn on the mask.",
          [](auto& job) -> auto& { return job.mask.rectangles; }, rectangle_keys()),
      table_array(
          "mask.polygon", "A polygon drawn on the mask.",
          [](auto& job) -> auto& { return job.mask.polygons; }, polygon_keys()),
  };
}

std::vector<Table> imaging_tables() {
  const auto psf = [](auto& flare) -> auto& {
    return flare.psf;
  };
  return {
      table(
          "imaging", "The projection optics, and how their image is computed.",
          [](auto& job) -> auto& { return job.imaging; }, imaging_keys()),
      table(
          "imaging.flare", "Light that rough mirrors scatter over micrometres to millimetres.",
          [](auto& job) -> auto& { return job.flare; },
          joined(flare_keys(), within<FlareTable>(psf, imaging::scatter_keys()))),
      table_array(
          "imaging.aberration", "A wavefront aberration, one Zernike term.",
          [](auto& job) -> auto& { return job.imaging.aberrations; }, imaging::aberration_keys()),
      table_array(
          "imaging.jones",
          "A term of the Jones pupil: 1 plus the sum of coefficient x Zernike x Pauli matrix.",
          [](auto& job) -> auto& { return job.imaging.jones; }, imaging::jones_keys()),
      table_array(
          "imaging.mirror",
          "A coated mirror of the projection optics: its reflectance against the angle apodises the "
          "pupil.",
          [](auto& job) -> auto& { return job.imaging.mirrors; }, imaging::mirror_keys()),
      table_array(
          "imaging.film",
          "A film on the wafer, the top one first: the image is then taken inside, at imaging.depth_nm.",
          [](auto& job) -> auto& { return job.imaging.films; }, imaging::film_keys()),
  };
}

}  // namespace undulith::job
