// SPDX-License-Identifier: MIT
#include "undulith/program/source_report.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/version.hpp"
#include "undulith/flow/light_chain.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/report/pictures.hpp"
#include "undulith/report/source_pictures.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/table.hpp"
#include "undulith/study/comparison_rows.hpp"

namespace undulith::program {
namespace {

using Json = nlohmann::ordered_json;

std::string section_name(illuminator::Section section) {
  switch (section) {
    case illuminator::Section::front_end:
      return "front_end";
    case illuminator::Section::illuminator:
      return "illuminator";
    case illuminator::Section::mask:
      return "mask";
    case illuminator::Section::projection:
      return "projection";
  }
  return {};
}

Json value_json(const study::Figure& figure) {
  if (const auto* value = std::get_if<double>(&figure.value)) return *value;
  if (const auto* text = std::get_if<std::string>(&figure.value)) return *text;
  return nullptr;
}

Json json_of(const job::Job& job, const source::SourceOutput& light, const flow::LightChain& chain,
             const std::vector<study::Figure>& figures) {
  Json json{{"undulith", kVersion},
            {"job_hash", job::job_hash(job)},
            {"name", light.name},
            {"description", light.description}};
  for (const study::Figure& figure : figures) json[figure.name] = value_json(figure);
  json["total_power_w"] = light.total_power_w;
  json["power_density_w_mrad2"] = light.power_density_w_mrad2;
  json["peak_wavelength_nm"] = light.peak_wavelength_nm;
  json["stokes"] = {light.stokes.s0, light.stokes.s1, light.stokes.s2, light.stokes.s3};
  const source::Coherence& c = light.coherence;
  json["coherence"] = {{"size_x_um", c.size_x_um},
                       {"size_y_um", c.size_y_um},
                       {"divergence_x_urad", c.divergence_x_urad},
                       {"divergence_y_urad", c.divergence_y_urad},
                       {"n_modes_x", c.n_modes_x},
                       {"n_modes_y", c.n_modes_y},
                       {"coherence_time_fs", c.coherence_time_fs},
                       {"coherence_length_um", c.coherence_length_um}};
  json["time"] = {{"pulsed", light.time.pulsed},
                  {"repetition_rate_hz", light.time.repetition_rate_hz},
                  {"pulse_length_fs", light.time.pulse_length_fs},
                  {"pulse_energy_noise", light.time.pulse_energy_noise}};
  Json& more = json["figures"] = Json::object();
  for (const auto& [name, value] : light.figures) more[name] = std::stod(value);
  Json& steps = json["beamline"] = Json::array();
  for (const illuminator::BeamlineStep& step : chain.beamline.steps)
    steps.push_back({{"name", step.name},
                     {"section", section_name(step.section)},
                     {"transmission", step.transmission},
                     {"in_band_power_w", step.in_band_power_w},
                     {"stokes", {step.stokes.s0, step.stokes.s1, step.stokes.s2, step.stokes.s3}}});
  json["speckle_assumption"] = chain.speckle.assumption;
  json["etendue"] = {{"source_mm2_sr", chain.etendue.source_mm2_sr},
                     {"needed_mm2_sr", chain.etendue.needed_mm2_sr}};
  if (chain.facets)
    json["facets"] = {{"n_illuminated_pupil_facets", chain.facets->n_illuminated_pupil_facets},
                      {"n_used_field_facets", chain.facets->n_used_field_facets},
                      {"transmission", chain.facets->transmission},
                      {"spot_radius_sigma", chain.facets->spot_radius_sigma}};
  Json notes = light.notes;
  for (const std::string& note : chain.notes) notes.push_back(note);
  json["notes"] = notes;
  return json;
}

std::string text_of(const source::SourceOutput& light, const flow::LightChain& chain,
                    const std::vector<study::Figure>& figures) {
  std::string text = fmt::format("{}\n{}\n\n", light.name, light.description);
  for (const study::Figure& figure : figures)
    text += fmt::format("{:<34} {}\n", figure.name, study::figure_text(figure));
  text += fmt::format("{:<34} {:.4g}\n", "total_power_w", light.total_power_w);
  for (const auto& [name, value] : light.figures) text += fmt::format("{:<34} {}\n", name, value);
  text += fmt::format("\n{:<28} {:>12} {:>14} {:>16}\n", "beamline", "section", "transmission",
                      "in_band_power_w");
  text += fmt::format("{:<28} {:>12} {:>14} {:>16.4g}\n", "source", "", "", chain.beamline.source_power_w);
  for (const illuminator::BeamlineStep& step : chain.beamline.steps)
    text += fmt::format("{:<28} {:>12} {:>14.4f} {:>16.4g}\n", step.name, section_name(step.section),
                        step.transmission, step.in_band_power_w);
  text += "\nspeckle: " + chain.speckle.assumption + "\n";
  for (const std::string& note : light.notes) text += "note: " + note + "\n";
  for (const std::string& note : chain.notes) text += "note: " + note + "\n";
  return text;
}

std::string spectrum_csv(const source::SourceOutput& light, const illuminator::Beamline& beamline) {
  std::string csv = "E_eV,wavelength_nm,flux,s1,s2,s3,on_axis_flux,wafer_flux\n";
  for (std::size_t i = 0; i < light.photon_energy_ev.size(); ++i) {
    const optics::Stokes stokes = light.spectral_stokes.empty() ? light.stokes : light.spectral_stokes[i];
    csv += results::fields({light.photon_energy_ev[i], constants::wavelength_nm_of(light.photon_energy_ev[i]),
                            light.spectral_flux[i], stokes.s1, stokes.s2, stokes.s3,
                            light.on_axis_flux.empty() ? std::nullopt : std::optional(light.on_axis_flux[i]),
                            beamline.wafer_flux[i]}) +
           "\n";
  }
  return csv;
}

std::string beamline_csv(const illuminator::Beamline& beamline) {
  std::string csv = "name,section,transmission,in_band_power_w,s1,s2,s3\n";
  for (const illuminator::BeamlineStep& step : beamline.steps)
    csv += fmt::format("{},{},{}\n", io::format_text(step.name), section_name(step.section),
                       results::fields({step.transmission, step.in_band_power_w, step.stokes.s1,
                                        step.stokes.s2, step.stokes.s3}));
  return csv;
}

}  // namespace

SourceReport report_source(const job::ReadJob& read, const SourceReportOptions& options) {
  const job::Job& job = read.job;
  std::optional<io::OutputFolder> folder;
  if (!options.out.empty())
    folder.emplace(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                              : io::OutputFolder::IfExists::refuse);
  source::SourceOutput light;
  flow::LightChain chain;
  try {
    light = flow::compute_light(job);
    chain = flow::follow_light(job, light);
  } catch (const InputError& error) {
    throw InputError(job::locate(read, error.what()));
  }
  const std::vector<study::Figure> figures = study::light_figures(light, chain);
  SourceReport report{.text = text_of(light, chain, figures),
                      .json = results::json_text(json_of(job, light, chain, figures), "source.json"),
                      .files = {}};
  if (!folder) return report;

  const auto next = [&](const std::string& name) {
    report.files.push_back(folder->target() / name);
    return folder->file(name);
  };
  io::write_atomic(next("source.json"), report.json);
  io::write_atomic(next("spectrum.csv"), spectrum_csv(light, chain.beamline));
  io::write_atomic(next("beamline.csv"), beamline_csv(chain.beamline));
  const std::map<std::string, std::string> metadata{{"undulith:job_hash", job::job_hash(job)}};
  const report::PictureOptions picture{.title = light.name, .details = {light.description}};
  report::write_picture(next("spectrum.png"),
                        report::draw_spectrum(light, picture, chain.beamline.wafer_flux), metadata);
  if (!light.angular_flux.empty()) {
    const source::AngularMap& map = light.angular_flux;
    std::vector<double> values;
    for (const Field2D<double>* part : {&map.s0, &map.s1, &map.s2, &map.s3}) {
      const Field2D<double> zero(map.s0.grid());
      const auto samples = (part->empty() ? zero : *part).values();
      values.insert(values.end(), samples.begin(), samples.end());
    }
    const auto nx = static_cast<std::size_t>(map.s0.nx()), ny = static_cast<std::size_t>(map.s0.ny());
    io::write_npy(next("angular_flux.npy"), values, {4, ny, nx});
    const auto write_axis = [&](const char* name, double start, double step, std::size_t n) {
      std::vector<double> axis(n);
      for (std::size_t i = 0; i < n; ++i) axis[i] = start + step * static_cast<double>(i);
      io::write_npy(next(name), axis, {n});
    };
    write_axis("angular_flux_x_mrad.npy", map.s0.grid().x0, map.s0.grid().dx, nx);
    write_axis("angular_flux_y_mrad.npy", map.s0.grid().y0, map.s0.grid().dy, ny);
    const double acceptance = job.source.kind == source::SourceKind::undulator
                                  ? job.source.undulator.acceptance_half_angle_urad
                                  : 0;
    report::write_picture(next("angular_map.png"), report::draw_angular_map(light, picture, acceptance),
                          metadata);
    report::write_picture(next("stokes.png"), report::draw_stokes(light, picture), metadata);
  }
  const illuminator::PupilFill fill = flow::pupil_of(job, light, chain);
  report::write_picture(next("pupil_fill.png"),
                        report::draw_pupil_fill(fill, job.imaging.na, light.wavelength_nm, picture),
                        metadata);
  report.files.push_back(results::add_manifest(*folder, "source", {job}));
  folder->commit();
  return report;
}

}  // namespace undulith::program
