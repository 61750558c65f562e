// SPDX-License-Identifier: MIT
#include "undulith/results/thick_mask_text.hpp"

#include <fmt/format.h>

namespace undulith::results {
namespace {

std::string directions_text(const mask::ThickMaskReport& report) {
  const std::string count = fmt::format("{} directions of incidence", report.n_directions);
  if (report.step_x_sigma == 0 && report.step_y_sigma == 0) return count + ", one for each source point";
  return fmt::format("{} on a grid of {:.3g} x {:.3g} sigma, cubic between", count, report.step_x_sigma,
                     report.step_y_sigma);
}

std::string lattice_text(const mask::ThickMaskReport& report) {
  if (!report.on_lattice_x && !report.on_lattice_y) return fmt::format("{} solutions", report.n_solutions);
  const auto axis = [](const char* name, bool on_lattice, int sublattices) {
    return on_lattice ? fmt::format("{} {}", sublattices, name) : std::string();
  };
  const std::string x = axis("along x", report.on_lattice_x, report.sublattices_x),
                    y = axis("along y", report.on_lattice_y, report.sublattices_y);
  return fmt::format("on sub-lattices of the mask's reciprocal lattice ({}{}{}): {} solutions serve them", x,
                     x.empty() || y.empty() ? "" : ", ", y, report.n_solutions);
}

}  // namespace

std::string thick_mask_text(const flow::Results& results) {
  if (!results.diffraction.thick) return {};
  const mask::ThickMaskReport& report = results.diffraction.thick->report;
  const mask::MaskParameters& mask = results.prepared.job.mask;
  std::string text =
      fmt::format("mask: {}, {}, {}\n", name_of(mask.model), directions_text(report), lattice_text(report));
  if (mask.model == mask::Model::rigorous)
    text += fmt::format(
        "mask: {} orders; the last step changed them by {:.1e} of the largest (mask.solver.max_error = "
        "{:g}); "
        "energy balance {:.0e}\n",
        report.n_orders, report.change, mask.solver.max_error, report.energy_error.value_or(0));
  else
    text += fmt::format(
        "mask: from twice the pixel and slice to these, orders change by {:.1e} of the largest; against the "
        "rigorous "
        "model: undulith converge\n",
        report.change);
  return text;
}

nlohmann::ordered_json thick_mask_json(const mask::ThickMaskReport& report) {
  nlohmann::ordered_json json{
      {"n_directions", report.n_directions},
      {"n_solutions", report.n_solutions},
      {"direction_step_sigma", {report.step_x_sigma, report.step_y_sigma}},
      {"sublattices",
       {report.on_lattice_x ? report.sublattices_x : 0, report.on_lattice_y ? report.sublattices_y : 0}},
      {"n_orders", report.n_orders},
      {"converged", report.converged},
      {"change", report.change},
      {"reference_depth_nm", report.reference_depth_nm}};
  if (report.energy_error) json["energy_error"] = *report.energy_error;
  return json;
}

std::string mask_plan_text(const flow::Prepared& prepared) {
  const job::Job& job = prepared.job;
  const mask::MaskPlan& plan = prepared.mask_plan;
  const mask::Model model = mask::model_of(job.mask);
  std::string text = name_of(model);
  if (model != mask::Model::thin) text += fmt::format(", {} directions of incidence", plan.n_directions);
  if (model == mask::Model::rigorous)
    text += fmt::format(", {} solutions of about {} orders", plan.n_solutions, plan.n_orders);
  return text;
}

}  // namespace undulith::results
