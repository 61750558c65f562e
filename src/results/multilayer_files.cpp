// SPDX-License-Identifier: MIT
#include "undulith/results/multilayer_files.hpp"

#include <fmt/format.h>

#include <cmath>

#include "undulith/io/csv.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

using mask::ReflectionCurve;
using report::ReflectionPlot;

std::string reflection_csv(const ReflectionCurve& curve, const std::string& x,
                           const std::string& reflectance) {
  std::string csv = fmt::format("{0},{1}_s,{1}_p,{1},phase_s_deg,phase_p_deg\n", x, reflectance);
  for (std::size_t i = 0; i < curve.x.size(); ++i)
    csv += fields({curve.x[i], curve.reflectance_s[i], curve.reflectance_p[i],
                   0.5 * (curve.reflectance_s[i] + curve.reflectance_p[i]), curve.phase_s_deg[i],
                   curve.phase_p_deg[i]}) +
           "\n";
  return csv;
}

std::string standing_wave_csv(const mask::MultilayerCurves& c) {
  std::string csv = "depth_nm,intensity_s,intensity_p,intensity\n";
  for (std::size_t i = 0; i < c.standing_wave.depth_nm.size(); ++i)
    csv += fields({c.standing_wave.depth_nm[i], c.standing_wave_s[i], c.standing_wave_p[i],
                   c.standing_wave.intensity[i]}) +
           "\n";
  return csv;
}

std::string films_csv(const mask::MirrorInLight& mirror, const mask::MultilayerCurves& c) {
  std::string csv = "film,material,top_nm,thickness_nm,n,k,absorbed_s,absorbed_p\n";
  const std::vector<optics::Film> films = mask::mirror_films(mirror.stack, mirror.wavelength_nm);
  double top_nm = 0;
  for (std::size_t i = 0; i < films.size(); ++i) {
    csv += fmt::format("{},{},", i + 1, io::format_text(mask::film_name(c.layers[i]))) +
           fields({top_nm, films[i].thickness_nm, films[i].index.real(), films[i].index.imag(),
                   c.shares_s.absorbed[i], c.shares_p.absorbed[i]}) +
           "\n";
    top_nm += films[i].thickness_nm;
  }
  return csv;
}

std::string at_chief_ray(const mask::MirrorInLight& mirror, const mask::MultilayerCurves& c) {
  const mask::MirrorPoint& chief = c.directions.front();
  return fmt::format("at {:.6g} nm and {:.4g}°: R {:.4f} (s), {:.4f} (p)", mirror.wavelength_nm,
                     mirror.stack.incidence_deg, chief.reflectance_s, chief.reflectance_p);
}

report::Picture spectrum_picture(const mask::MirrorInLight& mirror, const mask::MultilayerCurves& c,
                                 report::PictureOptions options) {
  if (c.peak) {
    std::string facts = fmt::format("peak {:.4f} at {:.3f} nm", c.peak->reflectance, c.peak->wavelength_nm);
    if (c.peak->band)
      facts += fmt::format(" · FWHM {:.3f} nm · centroid {:.3f} nm", c.peak->band->fwhm_nm,
                           c.peak->band->centroid_nm);
    options.details.push_back(facts + " · " + at_chief_ray(mirror, c));
  }
  return report::draw_reflection(
      {.title = "Mirror against wavelength",
       .x_label = "wavelength (nm)",
       .curve = c.spectrum,
       .mark = report::AxisMark{mirror.wavelength_nm, fmt::format("{:.6g} nm", mirror.wavelength_nm)},
       .band_label = {}},
      options);
}

report::Picture angular_picture(const mask::MirrorInLight& mirror, const mask::MultilayerCurves& c,
                                report::PictureOptions options) {
  const double near_deg = c.directions[1].incidence_deg, far_deg = c.directions[2].incidence_deg;
  options.details.push_back(at_chief_ray(mirror, c) + fmt::format(" · at {:.2f}°: R {:.4f} (s), {:.4f} (p)",
                                                                  far_deg, c.directions[2].reflectance_s,
                                                                  c.directions[2].reflectance_p));
  options.details.push_back(
      fmt::format("effective depth {:.1f} nm at the chief ray, {:.1f} nm over the cone (mean of "
                  "s and p)",
                  c.effective_depth_nm.mean(), c.fitted_depth_nm.mean()));
  return report::draw_reflection(
      {.title = "Mirror against angle",
       .x_label = "angle from the normal (deg)",
       .curve = c.angular,
       .mark = report::AxisMark{mirror.stack.incidence_deg,
                                fmt::format("chief ray, {:.4g}°", mirror.stack.incidence_deg)},
       .band_low = near_deg,
       .band_high = far_deg,
       .band_label = fmt::format("in the plane of incidence within NA {:.3g}/{:.3g}", mirror.na,
                                 mirror.magnification_y),
       .with_mean = true},
      options);
}

report::Picture swing_picture(const mask::MirrorInLight& mirror, const mask::MultilayerCurves& c,
                              report::PictureOptions options) {
  const double phase_deg = c.absorber->phase_deg.mean();
  options.details.push_back(
      fmt::format("{:.4g} nm: R relative to the opening {:.4f} · phase shift {}{:.1f}° (mean of s and p) "
                  "· {:.6g} nm, {:.4g}° · phase against the opening in the plane of the absorber's top",
                  c.absorber->thickness_nm, c.absorber->ratio.mean(), phase_deg < 0 ? "−" : "",
                  std::abs(phase_deg), mirror.wavelength_nm, mirror.stack.incidence_deg));
  return report::draw_reflection(
      {.title = "Swing curve of the absorber",
       .x_label = fmt::format("thickness of {} (nm)", c.swing_material),
       .reflectance_label = "log₁₀ of R / R of the opening",
       .phase_label = "phase shift (deg)",
       .curve = c.swing,
       .mark = report::AxisMark{c.absorber->thickness_nm,
                                fmt::format("as in the job, {:.4g} nm", c.absorber->thickness_nm)},
       .band_label = {},
       .logarithmic = true},
      options);
}

}  // namespace

std::string stack_text(const mask::FilmStack& stack) {
  const std::vector<optics::MaterialFilm> layers = mask::mirror_layers(stack);
  double total_nm = 0;
  for (const optics::MaterialFilm& layer : layers) total_nm += layer.thickness_nm;
  const std::string end = fmt::format("{} films, {:.6g} nm", layers.size(), total_nm);
  if (!stack.films.empty())
    return fmt::format("films one by one, {}; {}", mask::material_name(stack.substrate_material), end);
  std::string text;
  const auto add = [&](const materials::Material& material, double thickness_nm) {
    if (thickness_nm > 0)
      text += fmt::format("{}{} {:.6g}", text.empty() || text.ends_with('(') ? "" : ", ",
                          mask::material_name(material), thickness_nm);
  };
  add(stack.cap_material, stack.cap_thickness_nm);
  add(stack.cap_interlayer_material, stack.cap_interlayer_thickness_nm);
  text += fmt::format("{}{} x (", text.empty() ? "" : ", ", stack.n_bilayers);
  add(stack.spacer_material, stack.spacer_thickness_nm);
  add(stack.spacer_on_reflector_material, stack.spacer_on_reflector_thickness_nm);
  add(stack.reflector_material, stack.reflector_thickness_nm);
  add(stack.reflector_on_spacer_material, stack.reflector_on_spacer_thickness_nm);
  text += fmt::format("), {}; period {:.6g} nm, ", mask::material_name(stack.substrate_material),
                      mask::mean_period_nm(stack));
  if (stack.period_grade_percent != 0)
    text += fmt::format("graded by {:.4g} %, ", stack.period_grade_percent);
  if (stack.roughness_nm > 0) text += fmt::format("roughness {:.4g} nm, ", stack.roughness_nm);
  return text + end;
}

std::vector<std::pair<std::string, std::string>> multilayer_tables(const mask::MirrorInLight& mirror,
                                                                   const mask::MultilayerCurves& c) {
  std::vector<std::pair<std::string, std::string>> tables{
      {"reflectance_wavelength.csv", reflection_csv(c.spectrum, "wavelength_nm", "reflectance")},
      {"reflectance_angle.csv", reflection_csv(c.angular, "incidence_deg", "reflectance")},
      {"standing_wave.csv", standing_wave_csv(c)},
      {"films.csv", films_csv(mirror, c)}};
  if (c.absorber)
    tables.emplace_back("absorber_swing.csv", reflection_csv(c.swing, "thickness_nm", "reflectance_ratio"));
  return tables;
}

std::vector<std::pair<std::string, report::Picture>> multilayer_pictures(const mask::MirrorInLight& mirror,
                                                                         const mask::MultilayerCurves& c,
                                                                         const std::string& title) {
  // Where a long line is best broken.
  std::string stack = stack_text(mirror.stack);
  stack.replace(stack.find("; "), 2, " · ");
  const report::PictureOptions options{.title = title, .details = {stack}};
  report::PictureOptions wave = options;
  wave.details.push_back(fmt::format("{:.6g} nm, {:.4g}° from the normal · the first {:.3g} nm{}",
                                     mirror.wavelength_nm, mirror.stack.incidence_deg,
                                     c.standing_wave.depth_nm.back(),
                                     mirror.stack.roughness_nm > 0 ? " · interfaces taken as sharp" : ""));
  std::vector<std::pair<std::string, report::Picture>> pictures{
      {"reflectance_wavelength.png", spectrum_picture(mirror, c, options)},
      {"reflectance_angle.png", angular_picture(mirror, c, options)},
      {"standing_wave.png", report::draw_standing_wave(c.standing_wave, wave)}};
  if (c.absorber) pictures.emplace_back("absorber_swing.png", swing_picture(mirror, c, options));
  return pictures;
}

}  // namespace undulith::results
