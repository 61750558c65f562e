// SPDX-License-Identifier: MIT
#include "results/prepared_json.hpp"

#include <algorithm>

#include "undulith/core/version.hpp"

namespace undulith::results {
namespace {

Json box_json(const Box& box) {
  return Json::array({box.x0, box.y0, box.x1, box.y1});
}

}  // namespace

Json source_json(const source::SourceOutput& light) {
  return Json{{"description", light.description},
              {"wavelength_nm", light.wavelength_nm},
              {"in_band_power_w", light.in_band_power_w},
              {"total_power_w", light.total_power_w},
              {"peak_wavelength_nm", light.peak_wavelength_nm},
              {"bandwidth_fwhm_percent", light.spectrum_width == source::SpectrumWidth::known
                                             ? Json(light.bandwidth_fwhm_percent)
                                             : Json(nullptr)},
              {"stokes", Json::array({light.stokes.s0, light.stokes.s1, light.stokes.s2, light.stokes.s3})},
              {"pulsed", light.time.pulsed},
              {"repetition_rate_hz", light.time.repetition_rate_hz},
              {"notes", light.notes}};
}

Json illuminator_json(const illuminator::PupilFill& fill) {
  optics::Stokes mean{.s0 = 0};
  for (const illuminator::SourcePoint& point : fill.points) {
    mean.s0 += point.weight * point.stokes.s0;
    mean.s1 += point.weight * point.stokes.s1;
    mean.s2 += point.weight * point.stokes.s2;
    mean.s3 += point.weight * point.stokes.s3;
  }
  return Json{{"n_points", fill.points.size()},
              {"fill_ratio", fill.fill_ratio},
              {"sigma_max", fill.sigma_max},
              {"mean_stokes", Json::array({mean.s0, mean.s1, mean.s2, mean.s3})}};
}

Json imaging_json(const flow::Prepared& prepared) {
  const job::Job& job = prepared.job;
  const imaging::ImagingPlan& plan = prepared.plan;
  return Json{{"na", job.imaging.na},
              {"focus_nm", job.imaging.focus_nm},
              {"field_model", job.imaging.field_model == imaging::FieldModel::vector ? "vector" : "scalar"},
              {"method", job.imaging.method == imaging::Method::abbe ? "abbe" : "socs"},
              {"precision", job.imaging.precision == Precision::float64 ? "double" : "single"},
              {"n_slit_positions", std::max<std::size_t>(1, job.imaging.field_positions.size())},
              {"n_planes", 1 + job.imaging.through_focus_nm.size()},
              {"n_fields", plan.n_fields},
              {"band_limited_samples", Json::array({plan.n_x, plan.n_y})},
              {"output_samples", Json::array({plan.output_nx, plan.output_ny})}};
}

Json clip_json(const layout::Clip& clip) {
  return Json{
      {"cell_nm", box_json(clip.cell)}, {"window_nm", box_json(clip.window)}, {"n_rings", clip.rings.size()}};
}

Json head_json(const job::ReadJob& read) {
  return Json{{"undulith", kVersion}, {"title", read.job.title}, {"job_hash", job::job_hash(read.job)}};
}

std::vector<std::string> all_warnings(const job::ReadJob& read, const flow::Prepared& prepared) {
  std::vector<std::string> warnings = read.warnings;
  warnings.insert(warnings.end(), prepared.warnings.begin(), prepared.warnings.end());
  return warnings;
}

}  // namespace undulith::results
