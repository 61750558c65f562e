// SPDX-License-Identifier: MIT
#include "undulith/program/multilayer_report.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "undulith/core/version.hpp"
#include "undulith/io/files.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/mask/mirror_curves.hpp"
#include "undulith/mask/mirror_fit.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/multilayer_files.hpp"
#include "undulith/results/table.hpp"

namespace undulith::program {
namespace {

using Json = nlohmann::ordered_json;

struct Result {
  mask::MirrorInLight mirror;
  mask::MultilayerCurves curves;
  std::optional<mask::MirrorFit> fit;
};

std::string row(const std::string& name, const std::string& s, const std::string& p,
                const std::string& mean) {
  return fmt::format("{:<30}{:>12}{:>12}{:>12}\n", name, s, p, mean);
}

std::string peak_rows(const mask::MultilayerCurves& c) {
  const auto of = [](const std::optional<optics::Peak>& peak, const auto& value) {
    return peak ? value(*peak) : std::string("-");
  };
  const auto add = [&](const std::string& name, const auto& value) {
    return row(name, of(c.peak_s, value), of(c.peak_p, value), of(c.peak, value));
  };
  const auto band = [](double optics::Peak::Band::*member) {
    return [member](const optics::Peak& peak) {
      return peak.band ? fmt::format("{:.5f}", (*peak.band).*member) : std::string("-");
    };
  };
  return add("peak_wavelength_nm",
             [](const optics::Peak& p) { return fmt::format("{:.5f}", p.wavelength_nm); }) +
         add("peak_reflectance", [](const optics::Peak& p) { return fmt::format("{:.6f}", p.reflectance); }) +
         add("fwhm_nm", band(&optics::Peak::Band::fwhm_nm)) +
         add("middle_nm", band(&optics::Peak::Band::middle_nm)) +
         add("centroid_nm", band(&optics::Peak::Band::centroid_nm));
}

std::string fit_text(const mask::MirrorFit& fit, const mask::MultilayerTargets& targets) {
  std::string text = fit.reached ? "fit: reached, lines for the job:\n\n"
                                 : "fit: cannot be reached: " + fit.why + "; the closest mirror:\n\n";
  text += fmt::format("[mask.stack]\nspacer_thickness_nm = {}\nreflector_thickness_nm = {}\n\n",
                      fit.stack.spacer_thickness_nm, fit.stack.reflector_thickness_nm);
  text += fmt::format("period {:.5f} nm, reflector share {:.5f}, {} curves computed\n", fit.period_nm,
                      fit.reflector_share, fit.evaluations);
  const auto residual = [&](const char* name, double value, const std::optional<double>& target) {
    if (target)
      text += fmt::format("{} {:.6f}, asked {}, off by {:.1e}\n", name, value, *target, value - *target);
  };
  residual("peak_wavelength_nm", fit.wavelength_nm, targets.peak_nm);
  residual("centroid_nm", fit.wavelength_nm, targets.centroid_nm);
  residual("peak_reflectance", fit.reflectance, targets.reflectance);
  residual("fwhm_nm", fit.fwhm_nm.value_or(0), targets.fwhm_nm);
  return text + "\nThe mirror with these thicknesses:\n\n";
}

std::string text_of(const Result& result, const mask::MultilayerTargets& targets) {
  const mask::MultilayerCurves& c = result.curves;
  const mask::MirrorPoint& chief = c.directions.front();
  std::string text = result.fit ? fit_text(*result.fit, targets) : "";
  text += results::stack_text(result.mirror.stack) + "\n\n";
  text += fmt::format("at the chief ray, {} deg from the normal\n", result.mirror.stack.incidence_deg);
  text += row("", "s", "p", "mean");
  text += peak_rows(c);
  const std::string at = fmt::format("_at_{}_nm", result.mirror.wavelength_nm);
  text += row("reflectance" + at, fmt::format("{:.6f}", chief.reflectance_s),
              fmt::format("{:.6f}", chief.reflectance_p), fmt::format("{:.6f}", chief.reflectance()));
  text += row("phase_deg" + at, fmt::format("{:.2f}", chief.phase_s_deg),
              fmt::format("{:.2f}", chief.phase_p_deg), "");
  const auto depths = [&](const std::string& name, const mask::OfBoth& depth) {
    text += row(name, fmt::format("{:.2f}", depth.s), fmt::format("{:.2f}", depth.p),
                fmt::format("{:.2f}", depth.mean()));
  };
  depths("effective_depth_nm", c.effective_depth_nm);
  depths("fitted_depth_nm, whole cone", c.fitted_depth_nm);

  text +=
      fmt::format("\nat the mask, NA {} reduced by {} x {}, {} nm\n", result.mirror.na,
                  result.mirror.magnification_x, result.mirror.magnification_y, result.mirror.wavelength_nm);
  text += fmt::format("{:<12}{:>15}{:>12}{:>12}{:>12}{:>14}\n", "direction", "incidence_deg", "R s", "R p",
                      "R mean", "of chief ray");
  for (const mask::MirrorPoint& point : c.directions)
    text += fmt::format("{:<12}{:>15.3f}{:>12.6f}{:>12.6f}{:>12.6f}{:>14.4f}\n", point.name,
                        point.incidence_deg, point.reflectance_s, point.reflectance_p, point.reflectance(),
                        chief.reflectance() > 0 ? point.reflectance() / chief.reflectance() : 0);

  text += "\nshare of the light, sharp interfaces\n";
  const auto share = [&](const std::string& name, const mask::OfBoth& value) {
    text += row(name, fmt::format("{:.4f}", value.s), fmt::format("{:.4f}", value.p),
                fmt::format("{:.4f}", value.mean()));
  };
  share("reflected", {c.shares_s.reflected, c.shares_p.reflected});
  for (const auto& [material, value] : c.absorbed_by) share("absorbed in " + material, value);
  share("into the substrate", {c.shares_s.transmitted, c.shares_p.transmitted});

  text += fmt::format("\nblack border, mirror etched away: reflectance of {} {:.3g}\n",
                      mask::material_name(result.mirror.stack.substrate_material),
                      c.substrate_reflectance.mean());
  if (c.absorber)
    text += fmt::format(
        "absorber, {} nm of {}: reflectance of the opening's {:.5f}, phase {:.2f} deg (mean of s and p)\n",
        c.absorber->thickness_nm, c.swing_material, c.absorber->ratio.mean(), c.absorber->phase_deg.mean());
  return text;
}

Json json_of(const mask::OfBoth& value) {
  return {{"s", value.s}, {"p", value.p}, {"mean", value.mean()}};
}

Json json_of(const std::optional<optics::Peak>& peak) {
  if (!peak) return nullptr;
  Json json{{"peak_wavelength_nm", peak->wavelength_nm}, {"peak_reflectance", peak->reflectance}};
  const auto band = [&](const char* name, double optics::Peak::Band::*member) {
    json[name] = peak->band ? Json((*peak->band).*member) : Json(nullptr);
  };
  band("fwhm_nm", &optics::Peak::Band::fwhm_nm);
  band("middle_nm", &optics::Peak::Band::middle_nm);
  band("centroid_nm", &optics::Peak::Band::centroid_nm);
  return json;
}

Json json_of(const mask::MirrorFit& fit) {
  return {{"reached", fit.reached},
          {"why", fit.why},
          {"spacer_thickness_nm", fit.stack.spacer_thickness_nm},
          {"reflector_thickness_nm", fit.stack.reflector_thickness_nm},
          {"period_nm", fit.period_nm},
          {"reflector_share", fit.reflector_share},
          {"wavelength_nm", fit.wavelength_nm},
          {"peak_reflectance", fit.reflectance},
          {"fwhm_nm", results::number_or_null(fit.fwhm_nm)},
          {"evaluations", fit.evaluations}};
}

Json json_of(const job::Job& job, const Result& result) {
  const mask::MultilayerCurves& c = result.curves;
  Json json{{"undulith", kVersion},
            {"job_hash", job::job_hash(job)},
            {"stack", results::stack_text(result.mirror.stack)},
            {"wavelength_nm", result.mirror.wavelength_nm},
            {"peak", {{"s", json_of(c.peak_s)}, {"p", json_of(c.peak_p)}, {"mean", json_of(c.peak)}}}};
  Json& directions = json["directions"] = Json::array();
  for (const mask::MirrorPoint& point : c.directions)
    directions.push_back({{"name", point.name},
                          {"incidence_deg", point.incidence_deg},
                          {"reflectance_s", point.reflectance_s},
                          {"reflectance_p", point.reflectance_p},
                          {"reflectance", point.reflectance()},
                          {"phase_s_deg", point.phase_s_deg},
                          {"phase_p_deg", point.phase_p_deg}});
  json["effective_depth_nm"] = json_of(c.effective_depth_nm);
  json["fitted_depth_nm"] = json_of(c.fitted_depth_nm);
  json["shares"]["reflected"] = json_of(mask::OfBoth{c.shares_s.reflected, c.shares_p.reflected});
  for (const auto& [material, value] : c.absorbed_by) json["shares"]["absorbed"][material] = json_of(value);
  json["shares"]["transmitted"] = json_of(mask::OfBoth{c.shares_s.transmitted, c.shares_p.transmitted});
  json["substrate_reflectance"] = json_of(c.substrate_reflectance);
  json["absorber"] = nullptr;
  if (c.absorber)
    json["absorber"] = {{"material", c.swing_material},
                        {"thickness_nm", c.absorber->thickness_nm},
                        {"reflectance_ratio", json_of(c.absorber->ratio)},
                        {"phase_deg", json_of(c.absorber->phase_deg)}};
  json["fit"] = result.fit ? json_of(*result.fit) : Json(nullptr);
  return json;
}

}  // namespace

mask::MirrorInLight mirror_of(const job::Job& job) {
  return {.stack = job.mask.stack,
          .wavelength_nm = job.source.wavelength_nm,
          .na = job.imaging.na,
          .magnification_x = job.imaging.magnification_x,
          .magnification_y = job.imaging.magnification_y};
}

MultilayerReport report_multilayer(const job::ReadJob& read, const MultilayerOptions& options) {
  std::optional<io::OutputFolder> folder;
  if (!options.out.empty())
    folder.emplace(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                              : io::OutputFolder::IfExists::refuse);
  const Result result = job::with_places(read, [&] {
    Result out{.mirror = mirror_of(read.job), .curves = {}, .fit = {}};
    if (!options.targets.empty()) {
      out.fit = mask::fit_mirror(out.mirror.stack, options.targets);
      out.mirror.stack = out.fit->stack;
    }
    out.curves = mask::compute_multilayer(out.mirror);
    return out;
  });
  MultilayerReport report{.text = text_of(result, options.targets),
                          .json = results::json_text(json_of(read.job, result), "multilayer.json"),
                          .files = {},
                          .reached = !result.fit || result.fit->reached};
  if (!folder) return report;
  const auto next = [&](const std::string& name) {
    report.files.push_back(folder->target() / name);
    return folder->file(name);
  };
  io::write_atomic(next("multilayer.json"), report.json);
  for (const auto& [name, text] : results::multilayer_tables(result.mirror, result.curves))
    io::write_atomic(next(name), text);
  const std::map<std::string, std::string> metadata{{"undulith:job_hash", job::job_hash(read.job)}};
  for (const auto& [name, picture] :
       results::multilayer_pictures(result.mirror, result.curves, read.job.title))
    report::write_picture(next(name), picture, metadata);
  report.files.push_back(results::add_manifest(*folder, "multilayer", {read.job}));
  folder->commit();
  return report;
}

}  // namespace undulith::program
