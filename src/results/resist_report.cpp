// SPDX-License-Identifier: MIT
#include "undulith/results/resist_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "undulith/io/csv.hpp"
#include "undulith/io/vtk.hpp"
#include "undulith/math/direction.hpp"
#include "undulith/math/isosurface.hpp"
#include "undulith/report/resist_pictures.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

using Json = nlohmann::ordered_json;
using metrology::PrintStatus;

std::string profile_csv(const metrology::ProfileMeasurement& measurement) {
  std::string csv =
      "name,status,cd_nm,target_cd_nm,cd_error_nm,epe_left_nm,epe_right_nm,shift_nm,cd_top_nm,cd_middle_nm,"
      "cd_bottom_nm,side_wall_left_deg,side_wall_right_deg,footing_nm,top_loss_nm,resist_left_nm\n";
  for (const metrology::ProfileResult& r : measurement.gauges) {
    const metrology::GaugeResult& g = r.at_cd_height;
    csv += fmt::format(
        "{},{},{},{}\n", io::format_text(g.gauge.name), metrology::name_of(g.status),
        fields({g.cd_nm, g.target_cd_nm, g.cd_error_nm, g.epe_left_nm, g.epe_right_nm, g.shift_nm,
                r.cd_top_nm, r.cd_middle_nm, r.cd_bottom_nm}),
        fields({r.side_wall_left_deg, r.side_wall_right_deg, r.footing_nm, r.top_loss_nm, r.resist_left_nm}));
  }
  return csv;
}

std::optional<double> mean_cd_nm(const metrology::GaugeNoise& g) {
  return g.cd_nm.empty() ? std::optional<double>() : g.mean_nm();
}

std::optional<double> cd_sigma_nm(const metrology::GaugeNoise& g) {
  return g.cd_nm.size() < 2 ? std::optional<double>() : g.sigma_nm();
}

// A member of a result that may be absent.
template <class Result>
std::optional<double> member_of(const std::optional<Result>& result, double Result::*member) {
  return result ? std::optional<double>((*result).*member) : std::nullopt;
}

// The model without noise of the microscope; absent where it could not be fitted.
std::optional<metrology::RoughnessModel> unbiased_model(
    const std::optional<metrology::RoughnessResult>& roughness) {
  return roughness && roughness->unbiased ? std::optional(roughness->unbiased->model) : std::nullopt;
}

std::string noise_csv(const flow::StochasticStage& stage) {
  using metrology::RoughnessModel, metrology::RoughnessResult, resist::LerEstimate;
  using Placement = metrology::GaugeNoise::Placement;
  std::string csv =
      "name,n_printed,n_not_printed,mean_cd_nm,cd_sigma_nm,ler_biased_nm,ler_standard_error_nm,"
      "ler_unbiased_nm,ler_correlation_nm,ler_hurst,lwr_biased_nm,lwr_unbiased_nm,edge_correlation,"
      "ler_estimate_film_nm,ler_estimate_slice_nm,ler_estimate_photon_share,placement_sigma_x_nm,"
      "placement_sigma_y_nm,ellipticity\n";
  for (const metrology::GaugeNoise& g : stage.gauges) {
    const std::optional<RoughnessModel> edge = unbiased_model(g.ler), width = unbiased_model(g.lwr);
    const std::optional<Placement> placement = g.placement();
    csv += fmt::format(
        "{},{},{},{},{}\n", io::format_text(g.gauge.name), g.cd_nm.size(), g.n_not_printed,
        fields({mean_cd_nm(g), cd_sigma_nm(g), member_of(g.ler, &RoughnessResult::biased_nm),
                member_of(g.ler, &RoughnessResult::standard_error_nm),
                member_of(edge, &RoughnessModel::sigma_nm), member_of(edge, &RoughnessModel::correlation_nm),
                member_of(edge, &RoughnessModel::hurst), member_of(g.lwr, &RoughnessResult::biased_nm),
                member_of(width, &RoughnessModel::sigma_nm),
                g.ler ? std::optional(g.edge_correlation) : std::nullopt}),
        fields({member_of(g.estimate, &LerEstimate::film_nm), member_of(g.estimate, &LerEstimate::slice_nm),
                member_of(g.estimate, &LerEstimate::photon_share),
                member_of(placement, &Placement::sigma_x_nm), member_of(placement, &Placement::sigma_y_nm),
                member_of(placement, &Placement::ellipticity)}));
  }
  return csv;
}

std::string holes_csv(const flow::StochasticStage& stage) {
  std::string csv = "name,realisation,shift_x_nm,shift_y_nm,area_nm2,cd_nm,cd_x_nm,cd_y_nm,ellipticity\n";
  for (const metrology::GaugeNoise& g : stage.gauges)
    for (const metrology::HoleSample& s : g.holes)
      csv += fmt::format("{},{},{}\n", io::format_text(g.gauge.name), s.realisation,
                         fields({s.shift_x_nm, s.shift_y_nm, s.hole.area_nm2, s.hole.cd_nm, s.hole.cd_x_nm,
                                 s.hole.cd_y_nm, s.hole.ellipticity}));
  return csv;
}

std::string psd_csv(const flow::StochasticStage& stage) {
  std::string csv = "name,edge,frequency_per_nm,psd_nm3\n";
  for (const metrology::GaugeNoise& g : stage.gauges)
    for (const auto& [edge, roughness] : {std::pair{"ler", &g.ler}, std::pair{"lwr", &g.lwr}})
      if (*roughness)
        for (std::size_t i = 0; i < (*roughness)->psd_nm3.size(); ++i)
          csv += fmt::format("{},{},{}\n", io::format_text(g.gauge.name), edge,
                             fields({(*roughness)->frequency_per_nm[i], (*roughness)->psd_nm3[i]}));
  return csv;
}

std::vector<double> axis(double start, double step, int count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) values[i] = start + i * step;
  return values;
}

// All fields of a film as arrays and as one volume.
void write_fields(ResultWriter& writer, const std::string& prefix, const resist::ResistResult& result,
                  bool metal_oxide) {
  if (!writer.wants(job::Output::arrays) && !writer.wants(job::Output::volumes)) return;
  const Grid3D& grid = result.profile.arrival_time_s.grid();
  const auto nx = static_cast<std::size_t>(grid.nx), ny = static_cast<std::size_t>(grid.ny),
             nz = static_cast<std::size_t>(grid.nz);
  const Field3D<double> level = resist::resist_level(result.profile);
  std::vector<io::NamedField> fields{{"image_in_resist", &result.image.intensity},
                                     {"local_dose_mj_cm2", &result.latent.dose_mj_cm2},
                                     {metal_oxide ? "conversion" : "acid_exposed", &result.latent.acid}};
  if (!metal_oxide) {
    fields.push_back({"acid_baked", &result.baked.acid});
    fields.push_back({"quencher_baked", &result.baked.quencher});
  }
  fields.push_back({"inhibitor", &result.baked.inhibitor});
  fields.push_back({"rate_nm_s", &result.rate_nm_s});
  fields.push_back({"arrival_time_s", &result.profile.arrival_time_s});
  fields.push_back({"resist_level", &level});
  std::erase_if(fields, [&](const io::NamedField& one) { return one.field->grid() != grid; });
  for (const io::NamedField& one : fields)
    writer.array(prefix + one.name + ".npy", one.field->values(), {nz, ny, nx});
  writer.array(prefix + "film_x_nm.npy", axis(grid.x0, grid.dx, grid.nx), {nx});
  writer.array(prefix + "film_y_nm.npy", axis(grid.y0, grid.dy, grid.ny), {ny});
  writer.array(prefix + "film_z_nm.npy", axis(0, grid.dz, grid.nz), {nz});
  writer.text(job::Output::volumes, prefix + "film.vti", [&] { return io::vti_text(fields); });
  if (grid.nx == 1 || grid.ny == 1) return;
  writer.text(job::Output::volumes, prefix + "profile.vtp", [&] {
    math::Surface surface = math::find_surface(level, 0, true);
    for (auto& point : surface.points) point[2] = grid.thickness() - point[2];  // height above the substrate
    for (auto& triangle : surface.triangles) std::swap(triangle[1], triangle[2]);
    return io::vtp_text(surface.points, surface.triangles);
  });
}

report::FilmCut cut_of(const resist::ResistProfile& profile,
                       const metrology::ProfileMeasurement& measurement) {
  const Grid3D& grid = profile.arrival_time_s.grid();
  if (measurement.gauges.empty()) return {.along_x = grid.nx > 1};
  const metrology::Gauge& gauge = measurement.gauges.front().at_cd_height.gauge;
  const math::Direction direction = math::direction_of(gauge.angle_deg);
  const bool along_x = grid.ny == 1 || (grid.nx > 1 && std::abs(direction.x) >= std::abs(direction.y));
  return {.along_x = along_x, .at_nm = along_x ? gauge.y_nm : gauge.x_nm};
}

report::PictureOptions options_of(const flow::Prepared& prepared, const std::string& detail) {
  return {.title = prepared.job.title, .details = {detail}};
}

// Three standard deviations as well as one, because the two are often confused.
Json sigma_json(double sigma_nm) {
  return Json{{"sigma_nm", sigma_nm}, {"three_sigma_nm", 3 * sigma_nm}};
}

Json roughness_json(const metrology::RoughnessResult& r) {
  Json json{{"biased", sigma_json(r.biased_nm)},
            {"standard_error_nm", r.standard_error_nm},
            {"n_edges", r.n_edges},
            {"length_nm", r.n_samples * r.step_nm},
            {"step_nm", r.step_nm}};
  if (r.unbiased)
    json["unbiased"] = {{"sigma_nm", r.unbiased->model.sigma_nm},
                        {"three_sigma_nm", 3 * r.unbiased->model.sigma_nm},
                        {"sigma_error_nm", r.unbiased->sigma_error_nm},
                        {"correlation_nm", r.unbiased->model.correlation_nm},
                        {"hurst", r.unbiased->model.hurst},
                        {"converged", r.unbiased->converged}};
  return json;
}

Json gauge_json(const metrology::GaugeNoise& g) {
  Json json{{"name", g.gauge.name}, {"n_printed", g.cd_nm.size()}, {"n_not_printed", g.n_not_printed}};
  if (!g.cd_nm.empty()) json["mean_cd_nm"] = g.mean_nm();
  if (g.cd_nm.size() > 1) json["cd"] = sigma_json(g.sigma_nm());
  if (const auto placement = g.placement())
    json["placement"] = {{"x", sigma_json(placement->sigma_x_nm)},
                         {"y", sigma_json(placement->sigma_y_nm)},
                         {"ellipticity", placement->ellipticity}};
  if (g.ler) json["ler"] = roughness_json(*g.ler);
  if (g.lwr) json["lwr"] = roughness_json(*g.lwr);
  if (g.ler) json["edge_correlation"] = g.edge_correlation;
  if (g.estimate)
    json["ler_estimate"] = {{"film", sigma_json(g.estimate->film_nm)},
                            {"slice", sigma_json(g.estimate->slice_nm)},
                            {"photon_share", g.estimate->photon_share}};
  return json;
}

std::string noise_text(const flow::StochasticStage& stage) {
  const int n = stage.parameters.n_realisations;
  std::string text = fmt::format(
      "{} realisation{}, seed {}: {:.3g} photons absorbed, {:.3g} acids in each; noise of the light: dose "
      "{:.2g} %, "
      "speckle {:.2g} %\n{:<14} {:>9} {:>11} "
      "{:>11} {:>11} {:>12}  {}\n",
      n, n == 1 ? "" : "s", stage.parameters.seed, stage.mean_counts.photons_absorbed,
      stage.mean_counts.acids, 100 * stage.parameters.dose_noise, 100 * stage.parameters.speckle_contrast,
      "gauge", "cd_nm", "3s_cd_nm", "3s_ler_nm", "3s_lwr_nm", "unbiased_ler", "estimate: film, one depth");
  for (std::size_t i = 0; i < std::min(kTableRows, stage.gauges.size()); ++i) {
    const metrology::GaugeNoise& g = stage.gauges[i];
    const auto thrice = [](const std::optional<double>& sigma_nm) {
      return cell(sigma_nm ? std::optional(3 * *sigma_nm) : std::nullopt, 3);
    };
    text += fmt::format("{:<14} {:>9} {:>11} {:>11} {:>11} {:>12}  {:>14} {:>10}\n", g.gauge.name,
                        cell(mean_cd_nm(g), 3), thrice(cd_sigma_nm(g)),
                        thrice(member_of(g.ler, &metrology::RoughnessResult::biased_nm)),
                        thrice(member_of(g.lwr, &metrology::RoughnessResult::biased_nm)),
                        thrice(member_of(unbiased_model(g.ler), &metrology::RoughnessModel::sigma_nm)),
                        thrice(member_of(g.estimate, &resist::LerEstimate::film_nm)),
                        thrice(member_of(g.estimate, &resist::LerEstimate::slice_nm)));
  }
  for (const metrology::GaugeNoise& g : stage.gauges)
    if (const auto placement = g.placement())
      text += fmt::format(
          "holes of {}: {} seen, 3 sigma of CD (LCDU) {:.2f} nm, of place {:.2f} and {:.2f} nm, "
          "ellipticity {:.3f}\n",
          g.gauge.name, g.holes.size(), 3 * g.sigma_nm(), 3 * placement->sigma_x_nm,
          3 * placement->sigma_y_nm, placement->ellipticity);
  const metrology::FailureProbability& p = stage.piece_failure;
  text += fmt::format(
      "failures: {} missing, {} broken, {} merged, {} extra of {} pieces; probability {:.2g} ({:.0f} % "
      "between "
      "{:.2g} and {:.2g})\n",
      stage.failures.missing, stage.failures.broken, stage.failures.merged, stage.failures.extra,
      stage.failures.n_intended, p.estimate, 100 * p.confidence, p.low, p.high);
  return text;
}

// The first realisation, the CDs of all and the roughness of lines.
void add_noise_pictures(ResultWriter& writer, const flow::Prepared& prepared,
                        const flow::StochasticStage& noise, const report::FilmCut& cut,
                        const std::string& detail) {
  const report::PictureOptions options =
      options_of(prepared, fmt::format("{} · one realisation, seed {}", detail, noise.parameters.seed));
  writer.picture("stochastic_sections.png",
                 [=, &noise] { return report::draw_film_sections(noise.first, cut, options); });
  writer.picture("stochastic_profile.png",
                 [=, &noise] { return report::draw_profile(noise.first.profile, options); });
  writer.picture("stochastic_top_down.png", [=, &prepared, &noise] {
    std::vector<metrology::Gauge> gauges;
    for (const metrology::GaugeNoise& gauge : noise.gauges) gauges.push_back(gauge.gauge);
    return report::draw_top_down(noise.first.profile, prepared.clip,
                                 flow::measure_film(prepared, noise.first.profile, gauges), options);
  });
  const auto of_all = [&](const std::string& what) {
    return options_of(
        prepared, fmt::format("{} · {} realisations · {}", what, noise.parameters.n_realisations, detail));
  };
  constexpr std::size_t kWorthBars = 10;  // fewer make no distribution
  const auto repeated = std::ranges::find_if(noise.gauges, [](const metrology::GaugeNoise& g) {
    return g.cd_nm.size() >= kWorthBars && g.sigma_nm() > 0;
  });
  if (repeated != noise.gauges.end())
    writer.picture("cd_histogram.png", [repeated, all = of_all(repeated->gauge.name)] {
      return report::draw_cd_histogram(repeated->cd_nm, repeated->gauge.target_cd_nm.value_or(0), all);
    });
  const auto rough =
      std::ranges::find_if(noise.gauges, [](const metrology::GaugeNoise& g) { return g.ler.has_value(); });
  if (rough != noise.gauges.end())
    writer.picture("roughness.png", [rough, all = of_all("edges of " + rough->gauge.name)] {
      return report::draw_roughness(*rough->ler, rough->estimate, all);
    });
}

}  // namespace

void write_resist(ResultWriter& writer, const flow::Prepared& prepared, const flow::ResistStage& stage) {
  const bool metal_oxide = prepared.job.resist.model == resist::ResistModel::metal_oxide;
  const std::string detail =
      fmt::format("{:g} mJ/cm2 · {:g} nm film · focus {:g} nm", prepared.job.throughput.dose_mj_cm2,
                  prepared.job.resist.film.thickness_nm, prepared.job.imaging.focus_nm);
  writer.text("resist_profile.csv", profile_csv(stage.measurement));
  write_fields(writer, "resist_", stage.result, metal_oxide);
  const report::FilmCut cut = cut_of(stage.result.profile, stage.measurement);
  const report::PictureOptions options = options_of(prepared, detail);
  writer.picture("film_sections.png",
                 [=, &stage] { return report::draw_film_sections(stage.result, cut, options); });
  writer.picture("profile.png", [=, &stage] { return report::draw_profile(stage.result.profile, options); });
  writer.picture("top_down.png", [=, &prepared, &stage] {
    return report::draw_top_down(stage.result.profile, prepared.clip, stage.measurement, options);
  });
  if (!stage.stochastics) return;
  const flow::StochasticStage& noise = *stage.stochastics;
  writer.text("stochastics.csv", noise_csv(noise));
  writer.text("roughness_psd.csv", psd_csv(noise));
  write_fields(writer, "stochastic_", noise.first, metal_oxide);
  const bool any_hole =
      std::ranges::any_of(noise.gauges, [](const metrology::GaugeNoise& g) { return !g.holes.empty(); });
  if (any_hole) writer.text("stochastic_holes.csv", holes_csv(noise));
  add_noise_pictures(writer, prepared, noise, cut, detail);
}

nlohmann::ordered_json resist_json(const flow::Prepared& prepared, const flow::ResistStage& stage) {
  const Grid3D& grid = stage.result.profile.arrival_time_s.grid();
  const auto& bake = stage.result.baked.report;
  const auto& front = stage.result.profile.report;
  Json gauges = Json::array();
  for (const metrology::ProfileResult& r : stage.measurement.gauges) {
    gauges.push_back({{"name", r.at_cd_height.gauge.name},
                      {"status", metrology::name_of(r.at_cd_height.status)},
                      {"cd_nm", number_or_null(r.at_cd_height.cd_nm)},
                      {"cd_top_nm", number_or_null(r.cd_top_nm)},
                      {"cd_bottom_nm", number_or_null(r.cd_bottom_nm)},
                      {"side_wall_left_deg", number_or_null(r.side_wall_left_deg)},
                      {"side_wall_right_deg", number_or_null(r.side_wall_right_deg)},
                      {"top_loss_nm", r.top_loss_nm}});
  }
  Json json{{"dose_mj_cm2", prepared.job.throughput.dose_mj_cm2},
            {"nodes", Json::array({grid.nx, grid.ny, grid.nz})},
            {"step_nm", Json::array({grid.dx, grid.dy, grid.dz})},
            {"yield_per_photon", stage.yield_per_photon},
            {"bake", {{"n_steps", bake.n_steps}, {"error", bake.error}, {"converged", bake.converged}}},
            {"front", {{"step_nm", front.step_nm}, {"n_nodes", front.n_nodes}}},
            {"cd_height", stage.measurement.cd_height},
            {"resist_area_fraction", stage.measurement.resist_area_fraction},
            {"top_loss_nm", stage.measurement.top_loss_nm},
            {"gauges", gauges}};
  return json;
}

nlohmann::ordered_json stochastics_json(const flow::StochasticStage& stage) {
  Json gauges = Json::array();
  for (const metrology::GaugeNoise& g : stage.gauges) gauges.push_back(gauge_json(g));
  const metrology::FailureProbability& p = stage.piece_failure;
  return Json{{"n_realisations", stage.parameters.n_realisations},
              {"seed", stage.parameters.seed},
              {"dose_noise", stage.parameters.dose_noise},
              {"speckle_contrast", stage.parameters.speckle_contrast},
              {"repeats", Json::array({stage.repeat_x, stage.repeat_y})},
              {"mean_photons_absorbed", stage.mean_counts.photons_absorbed},
              {"mean_acids", stage.mean_counts.acids},
              {"mean_quenchers", stage.mean_counts.quenchers},
              {"failures",
               {{"n_pieces", stage.failures.n_intended},
                {"missing", stage.failures.missing},
                {"broken", stage.failures.broken},
                {"merged", stage.failures.merged},
                {"extra", stage.failures.extra},
                {"probability", p.estimate},
                {"probability_low", p.low},
                {"probability_high", p.high},
                {"confidence", p.confidence}}},
              {"gauges", gauges}};
}

std::string resist_text(const flow::Prepared& prepared, const flow::ResistStage& stage) {
  const bool metal_oxide = prepared.job.resist.model == resist::ResistModel::metal_oxide;
  std::string text = fmt::format(
      "\nresist at {:g} mJ/cm2, CD at {:.0f} % of its height; {:.2f} {} per absorbed "
      "photon\n{:<14} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10}  {}\n",
      prepared.job.throughput.dose_mj_cm2, 100 * stage.measurement.cd_height, stage.yield_per_photon,
      metal_oxide ? "ligands" : "acids", "gauge", "target_nm", "cd_nm", "top_nm", "bottom_nm", "wall_deg",
      "loss_nm", "status");
  for (std::size_t i = 0; i < std::min(kTableRows, stage.measurement.gauges.size()); ++i) {
    const metrology::ProfileResult& r = stage.measurement.gauges[i];
    text += fmt::format("{:<14} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10.2f}  {}\n", r.at_cd_height.gauge.name,
                        cell(r.at_cd_height.target_cd_nm, 2), cell(r.at_cd_height.cd_nm, 3),
                        cell(r.cd_top_nm, 3), cell(r.cd_bottom_nm, 3), cell(r.side_wall_left_deg, 1),
                        r.top_loss_nm, metrology::name_of(r.at_cd_height.status));
  }
  text += fmt::format(
      "steps of the bake: {}, error of the protected share about {:.1e}; against finer nodes: "
      "undulith converge\n",
      stage.result.baked.report.n_steps, stage.result.baked.report.error);
  if (stage.stochastics) text += "\n" + noise_text(*stage.stochastics);
  return text;
}

}  // namespace undulith::results
