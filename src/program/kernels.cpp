// SPDX-License-Identifier: MIT
#include "undulith/program/kernels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "undulith/core/error.hpp"
#include "undulith/core/version.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/imaging/socs.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/table.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;
using Complex = std::complex<double>;
using imaging::SocsKernels;
using Json = nlohmann::ordered_json;

constexpr std::size_t kShownEigenvalues = 12;

}  // namespace

KernelReport write_kernels(const job::ReadJob& read, const KernelOptions& options) {
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  // What the kernels cost is part of the plan of an image that is computed with kernels.
  job::Job job = read.job;
  job.imaging.method = imaging::Method::socs;
  job.imaging.socs.requested_error = 0;
  job.imaging.socs.kernels = {};
  const flow::Prepared prepared = job::with_places(read, [&] { return flow::prepare(job); });
  const double wavelength_nm = prepared.light.wavelength_nm;
  const Box& cell = prepared.clip.cell;
  if (options.layout == KernelLayout::iccad13 && std::abs(cell.width() - cell.height()) > 1e-9 * cell.width())
    throw InputError(
        fmt::format("the cell is {:g} x {:g} nm (kernels in the ICCAD-13 layout belong to a square one); "
                    "choose a square window, or --layout undulith",
                    cell.width(), cell.height()));
  const double cutoff =
      imaging::max_mask_frequency_per_nm(job.imaging.na, wavelength_nm, prepared.pupil_fill.sigma_max);
  const int mx = static_cast<int>(std::floor(cutoff * cell.width())),
            my = static_cast<int>(std::floor(cutoff * cell.height()));
  const SocsKernels kernels =
      imaging::make_kernels(cell, mx, my, wavelength_nm, prepared.pupil_fill, job.imaging,
                            {job.imaging.focus_nm, job.imaging.depth_nm}, job.imaging.socs.n_kernels);
  const std::size_t n = kernels.eigenvalues.size(), ny = static_cast<std::size_t>(2 * my + 1),
                    nx = static_cast<std::size_t>(2 * mx + 1);
  KernelReport report;
  const auto next = [&](const std::string& name) {
    report.files.push_back(folder.target() / name);
    return folder.file(name);
  };
  io::write_npy(next("kernels.npy"), std::span<const Complex>(kernels.values), {n, ny, nx});
  const bool own = options.layout == KernelLayout::undulith;
  io::write_npy(next(own ? "eigenvalues.npy" : "scales.npy"), std::span<const double>(kernels.eigenvalues),
                {n});
  if (own) {
    io::write_npy(next("left_out.npy"), std::span<const double>(kernels.left_out), {ny, nx});
    if (!kernels.probes.empty())
      io::write_npy(next("probes.npy"), std::span<const Complex>(kernels.probes),
                    {kernels.probes.size() / kernels.size(), ny, nx});
  }
  const double captured = std::accumulate(kernels.eigenvalues.begin(), kernels.eigenvalues.end(), 0.0);
  const double trace = std::accumulate(kernels.left_out.begin(), kernels.left_out.end(), captured);
  Json json{{"undulith", kVersion},
            {"job_hash", job::job_hash(read.job)},
            {"period_x_nm", kernels.period_x_nm},
            {"period_y_nm", kernels.period_y_nm},
            {"wavelength_nm", wavelength_nm},
            {"na", job.imaging.na},
            {"focus_nm", job.imaging.focus_nm},
            {"n_kernels", n},
            {"max_order_x", mx},
            {"max_order_y", my},
            {"captured_share", captured / trace}};
  json["next_eigenvalue"] = results::number_or_null(kernels.next_eigenvalue);
  json["eigenvalues"] = kernels.eigenvalues;
  report.json = results::json_text(json, "kernels.json");
  io::write_atomic(next("kernels.json"), report.json);
  report.files.push_back(results::add_manifest(folder, "kernels", {job}));
  folder.commit();

  report.text =
      fmt::format("{} kernels of {} x {} orders for a cell of {:g} x {:g} nm\n{:>6}  {:>12}  {:>14}\n", n, nx,
                  ny, cell.width(), cell.height(), "kernel", "eigenvalue", "captured share");
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) {
    sum += kernels.eigenvalues[k];
    if (k < kShownEigenvalues || k + 1 == n)
      report.text +=
          fmt::format("{:>6}  {:>12.6g}  {:>12.2f} %\n", k + 1, kernels.eigenvalues[k], 100 * sum / trace);
    else if (k == kShownEigenvalues)
      report.text += "   ...\n";
  }
  return report;
}

}  // namespace undulith::program
