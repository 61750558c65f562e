#include "flow/stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/memory.hpp"
#include "undulith/layout/gdsii.hpp"

namespace undulith::flow {
namespace {

layout::Clip clip_of(const Job& job, std::vector<std::string>& warnings) {
  if (!job.layout.file.empty()) {
    const layout::Layout file = layout::read_layout(job.layout.file);
    warnings.insert(warnings.end(), file.warnings.begin(), file.warnings.end());
    return layout::make_clip(file, job.layout);
  }
  std::vector<layout::Polygon> shapes;
  for (const JobRectangle& r : job.rectangles)
    shapes.push_back({{r.x0_nm, r.y0_nm}, {r.x1_nm, r.y0_nm}, {r.x1_nm, r.y1_nm}, {r.x0_nm, r.y1_nm}});
  for (const JobPolygon& polygon : job.polygons) {
    layout::Polygon ring;
    for (std::size_t i = 0; i < polygon.x_nm.size(); ++i) ring.push_back({polygon.x_nm[i], polygon.y_nm[i]});
    shapes.push_back(std::move(ring));
  }
  return layout::make_clip(Box{0, 0, job.period_x_nm, job.period_y_nm}, shapes);
}

metrology::Feature drawn_feature(mask::Tone tone) {
  return tone == mask::Tone::dark_field ? metrology::Feature::bright : metrology::Feature::dark;
}

bool wants_layout_gauges(const Job& job) {
  return job.metrology.placement != metrology::GaugePlacement::given && job.metrology.max_gauges > 0;
}

// A K that is given puts the harmonic where it will; the image is at the design wavelength all the same.
void warn_of_dark_wavelength(const source::SourceOutput& light, std::vector<std::string>& warnings) {
  constexpr double kDarkShare = 0.1;  // a design wavelength at half height is usual, in the tail it is not
  const double design_ev = constants::energy_ev_of(light.wavelength_nm);
  const auto& energy_ev = light.photon_energy_ev;
  const auto above = std::ranges::lower_bound(energy_ev, design_ev) - energy_ev.begin();
  const double peak = std::ranges::max(light.spectral_flux);
  double flux = 0;  // outside of the spectrum there is none
  if (energy_ev.size() == 1) {
    flux = peak;
  } else if (above > 0 && above < std::ssize(energy_ev)) {
    const double share = (design_ev - energy_ev[above - 1]) / (energy_ev[above] - energy_ev[above - 1]);
    flux = std::lerp(light.spectral_flux[above - 1], light.spectral_flux[above], share);
  }
  if (flux >= kDarkShare * peak) return;
  warnings.push_back(fmt::format(
      "the source gives at source.wavelength_nm = {} only {:.2g} % of its flux at {:.4g} nm, where "
      "it is brightest; set deflection_k = 0 to have K chosen for the wavelength",
      light.wavelength_nm, 100 * flux / peak, light.peak_wavelength_nm));
}

// A source on a grid of step d lights points of the wafer that are lambda/(NA d) apart coherently again: a
// cell wider than that shows neighbours that a continuous source would not.
void warn_of_coarse_source(const Job& job, const Prepared& prepared, std::vector<std::string>& warnings) {
  if (job.illuminator.shape == illuminator::Shape::points || job.illuminator.shape == illuminator::Shape::map)
    return;
  const double step = 2.0 / job.illuminator.grid_points;
  const double revival_nm = prepared.light.wavelength_nm / (job.imaging.na * step);
  const double widest_nm = std::max(prepared.clip.cell.width(), prepared.clip.cell.height());
  const bool isolated = job.layout.boundary == layout::Boundary::guard && !job.layout.file.empty();
  if (!isolated || widest_nm <= revival_nm) return;
  warnings.push_back(
      fmt::format("illuminator.grid_points = {} is coarse for a cell of {:.0f} nm (light is coherent again "
                  "{:.0f} nm apart); use {} "
                  "or more",
                  job.illuminator.grid_points, widest_nm, revival_nm,
                  static_cast<int>(std::ceil(job.illuminator.grid_points * widest_nm / revival_nm))));
}

}  // namespace

void require_memory(const imaging::ImagingPlan& plan, double available_mb) {
  if (plan.memory_mb <= available_mb) return;
  throw InputError(fmt::format(
      "the job needs about {:.3g} GB of memory ({:.3g} GB are available; the image has {} x {} "
      "samples and {} x {} are written); make imaging.output_pitch_nm larger, or the window or "
      "the guard smaller",
      plan.memory_mb / 1e3, available_mb / 1e3, plan.n_x, plan.n_y, plan.output_nx, plan.output_ny));
}

Prepared prepare(const Job& job) {
  Prepared prepared;
  prepared.clip = clip_of(job, prepared.warnings);
  prepared.light = source::compute_source(job.source);
  if (prepared.light.kind == source::SourceKind::undulator)
    warn_of_dark_wavelength(prepared.light, prepared.warnings);
  prepared.pupil_fill = illuminator::make_pupil_fill(job.illuminator, prepared.light);
  // What a later stage would refuse is refused before anything is computed.
  mask::check_parameters(prepared.clip, job.mask, prepared.light.wavelength_nm);
  metrology::check_parameters(prepared.clip.cell, prepared.clip.window, job.metrology);
  prepared.plan = imaging::plan_imaging(prepared.clip.cell, prepared.clip.window, prepared.light.wavelength_nm,
                                     prepared.pupil_fill, job.imaging);
  warn_of_coarse_source(job, prepared, prepared.warnings);
  require_memory(prepared.plan, available_memory_mb());
  return prepared;
}

Results compute(const Job& job, const Progress& progress) {
  Results results{.prepared = prepare(job)};
  const Prepared& prepared = results.prepared;
  const double wavelength_nm = prepared.light.wavelength_nm;
  log::info(fmt::format("source: {}", prepared.light.description));
  log::info(fmt::format("illuminator: {} source points", prepared.pupil_fill.points.size()));

  results.diffraction = mask::compute_diffraction(
      prepared.clip, job.mask, wavelength_nm,
      imaging::max_mask_frequency_per_nm(job.imaging.na, wavelength_nm, prepared.pupil_fill.sigma_max));
  log::info(fmt::format("mask: {} x {} orders", 2 * results.diffraction.max_order_x + 1,
                        2 * results.diffraction.max_order_y + 1));

  results.image =
      imaging::compute_aerial_image(results.diffraction, prepared.pupil_fill, job.imaging, progress);
  log::info(fmt::format("image: {} x {} band-limited samples, {} x {} written", prepared.plan.n_x,
                        prepared.plan.n_y, prepared.plan.output_nx, prepared.plan.output_ny));

  results.measurement =
      metrology::measure(results.image, prepared.clip, drawn_feature(job.mask.tone), job.metrology);
  if (wants_layout_gauges(job) && results.measurement.gauges.empty()) {
    const std::string short_edges = fmt::format(
        "its edges are shorter than metrology.min_edge_nm = {} nm, or the border of the window is "
        "too near; lower it, or give [[metrology.gauge]]",
        job.metrology.min_edge_nm);
    results.prepared.warnings.push_back(prepared.clip.rings.empty()
                                            ? "nothing is drawn in the window and its surroundings"
                                            : "no feature of the layout got a gauge: " + short_edges);
  }
  log::info(fmt::format("metrology: {} gauges", results.measurement.gauges.size()));
  return results;
}

}  // namespace undulith::flow
