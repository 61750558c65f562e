// SPDX-License-Identifier: MIT
#include "job/table.hpp"
#include "undulith/illuminator/keys.hpp"
#include "undulith/layout/keys.hpp"
#include "undulith/source/keys.hpp"

namespace undulith::job {

using keys::choice;
using keys::file;
using keys::inherited;
using keys::joined;
using keys::key;
using keys::within;

std::vector<Table> layout_tables() {
  using layout::ClipParameters;
  const auto picture = [](auto& clip) -> auto& {
    return clip.picture;
  };
  const auto limits = [](auto& clip) -> auto& {
    return clip.limits;
  };
  return {
      table(
          "layout",
          "The piece of a layout file that is on the mask; leave it out when the shapes are in [mask].",
          [](auto& job) -> auto& { return job.layout; },
          joined(joined(layout::clip_keys(), within<ClipParameters>(picture, layout::picture_keys())),
                 within<ClipParameters>(limits, layout::limit_keys()))),
      table_array(
          "layout.combine",
          "A further layer, joined to the one of [layout], taken away from it, or kept in common; one after "
          "the other.",
          [](auto& job) -> auto& { return job.layout.combine; }, layout::combine_keys()),
  };
}

namespace {

using source::LightFormat;
using source::SourceKind;
using source::SourceParameters;

Keys<SourceFileTable> source_file_keys() {
  return {
      file(&SourceFileTable::file,
           {.name = "file",
            .why = "only kind = \"file\" needs one",
            .doc = "Light of another code: SRW ASCII, SPECTRA JSON, Genesis 1.3 v4 HDF5, or CSV"}),
      choice(&SourceFileTable::format,
             {{"automatic", LightFormat::automatic},
              {"srw", LightFormat::srw},
              {"spectra", LightFormat::spectra},
              {"genesis", LightFormat::genesis},
              {"csv", LightFormat::csv}},
             {.name = "format", .why = "found from the content", .doc = "Format of the file"}),
      key(&SourceFileTable::observation_distance_m,
          {.name = "observation_distance_m",
           .unit = "m",
           .range = Range::closed(0, 1e6),
           .why = "0 = not given; it is never guessed",
           .doc = "From the source to the plane of a file whose positions are in mm: makes angles of them"}),
      key(&SourceFileTable::acceptance_half_angle_urad,
          {.name = "acceptance_half_angle_urad",
           .unit = "urad",
           .range = source::kAcceptanceUrad,
           .why = "0 = the whole map",
           .doc = "Half opening angle of the round aperture in a map of directions"}),
      key(&SourceFileTable::repetition_rate_mhz,
          {.name = "repetition_rate_mhz",
           .unit = "MHz",
           .range = Range::closed(0, 1e6),
           .why = "0 = continuous",
           .doc = "Pulses a second, where the file describes one pulse"})};
}

}  // namespace

std::vector<Table> source_tables() {
  const auto is = [](SourceKind kind) { return [kind](const Job& job) { return job.source.kind == kind; }; };
  const auto has_beam = [](const Job& job) {
    const SourceKind kind = job.source.kind;
    return kind == SourceKind::undulator || kind == SourceKind::bending_magnet || kind == SourceKind::ssmb ||
           kind == SourceKind::fel;
  };
  const auto part = [](auto member) {
    return [member](auto& job) -> auto& {
      return job.source.*member;
    };
  };
  using P = SourceParameters;
  return {
      table(
          "source", "The light source.", [](auto& job) -> auto& { return job.source; },
          source::source_keys()),
      table("source.beam", "The electron beam where it radiates; every kind that is an accelerator.",
            part(&P::beam), source::beam_keys(), has_beam),
      table("source.undulator", "An undulator in a storage ring; source.kind = \"undulator\".",
            part(&P::undulator), source::undulator_keys(), is(SourceKind::undulator)),
      table("source.bending_magnet", "A bending magnet of a storage ring; source.kind = \"bending_magnet\".",
            part(&P::bending_magnet), source::bending_magnet_keys(), is(SourceKind::bending_magnet)),
      table("source.ssmb",
            "Steady-state microbunching: coherent undulator radiation; source.kind = \"ssmb\".",
            part(&P::ssmb), source::ssmb_keys(), is(SourceKind::ssmb)),
      table("source.fel", "A free-electron laser; source.kind = \"fel\".", part(&P::fel), source::fel_keys(),
            is(SourceKind::fel)),
      table("source.lpp", "A laser-produced tin plasma; source.kind = \"lpp\".", part(&P::lpp),
            source::lpp_keys(), is(SourceKind::lpp)),
      table(
          "source.file", "Light that another code computed; source.kind = \"file\".",
          [](auto& job) -> auto& { return job.source_file; }, source_file_keys(), is(SourceKind::file)),
      table("source.monochromatic", "One ideal line; source.kind = \"monochromatic\".",
            part(&P::monochromatic), source::monochromatic_keys(), is(SourceKind::monochromatic)),
  };
}

std::vector<Table> beamline_tables() {
  const Keys<FacetsTable> pupil{
      choice(&FacetsTable::pupil, {{"continuous", PupilModel::continuous}, {"facets", PupilModel::facets}},
             {.name = "pupil",
              .why = "the ideal shape",
              .doc = "Pupil of the image: the ideal shape, or the spots of the facets"})};
  const Keys<FacetsTable> path{
      key(&FacetsTable::path_difference_um,
          {.name = "path_difference_um",
           .unit = "um",
           .range = illuminator::kPathDifferenceUm,
           .origin = Origin::assumed,
           .why = "a millimetre between neighbouring facets",
           .doc = "Difference of the light's path between neighbouring facets, for speckle"})};
  return {
      table(
          "beamline",
          "The mirrors from the source to the wafer; without [[beamline.mirror]] those usual for the kind "
          "of source.",
          [](auto& job) -> auto& { return job.beamline; }, illuminator::beamline_keys()),
      table_array(
          "beamline.mirror", "Elements of the way in their order: front end, illuminator, mask, projection.",
          [](auto& job) -> auto& { return job.beamline.mirrors; }, illuminator::mirror_keys()),
      table(
          "facets", "The fly's eye of the illuminator.", [](auto& job) -> auto& { return job.facets; },
          joined(joined(pupil, inherited<FacetsTable>(illuminator::facet_keys())), path)),
  };
}

std::vector<Table> illuminator_tables() {
  const Keys<IlluminatorTable> more{
      file(&IlluminatorTable::points_file,
           {.name = "points_file",
            .why = "only shape = \"points\" needs one",
            .doc = "CSV with the columns sigma_x, sigma_y, weight and, if polarised, s1, s2, s3"}),
      key(&IlluminatorTable::rim_levels,
          {.name = "rim_levels",
           .range = illuminator::kRimLevels,
           .origin = Origin::derived,
           .why = "1e-4 of the open frame for dense lines, as imaging.accuracy = \"standard\"",
           .doc =
               "Patterns of few orders: source cells that the rim of an order crosses are cut along it, and "
               "divided this often where several cross; 0 = never"}),
      file(&IlluminatorTable::map_file,
           {.name = "map_file",
            .why = "only shape = \"map\" needs one",
            .doc = "Square PNG (grey) or .npy (n by n) of the pupil from -1 to 1 in x and y"})};
  return {table(
      "illuminator", "From the light to the directions from which the mask is illuminated.",
      [](auto& job) -> auto& { return job.illuminator; },
      joined(inherited<IlluminatorTable>(illuminator::illuminator_keys()), more))};
}

}  // namespace undulith::job
