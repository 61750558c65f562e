// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "support/job_folder.hpp"
#include "support/npy_file.hpp"
#include "undulith/core/error.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/job/imaging_kernels.hpp"
#include "undulith/program/kernels.hpp"
#include "undulith/program/run.hpp"

namespace {

using namespace undulith;
namespace fs = std::filesystem;

const std::string kLines =
    "[mask]\nperiod_x_nm = 40\nperiod_y_nm = 40\namplitudes = \"given\"\n"
    "[[mask.rectangle]]\nx0_nm = 10\ny0_nm = 0\nx1_nm = 30\ny1_nm = 40\n"
    "[source]\nkind = \"monochromatic\"\n[illuminator]\ngrid_points = 21\nrim_levels = 0\n";
const std::string kKernelJob = kLines + "[imaging]\nmethod = \"socs\"\nn_kernels = 6\n";

double largest_difference(const imaging::AerialImage& a, const imaging::AerialImage& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.intensity.values().size(); ++i)
    largest = std::max(largest, std::abs(a.intensity.values()[i] - b.intensity.values()[i]));
  return largest;
}

}  // namespace

TEST_CASE("kernels: written, read and imaged again", "[unit][program]") {
  const JobFolder folder;
  const job::ReadJob read = folder.read(kKernelJob);
  for (const auto layout : {program::KernelLayout::undulith, program::KernelLayout::iccad13}) {
    const bool own = layout == program::KernelLayout::undulith;
    const fs::path out = folder.path() / (own ? "own" : "contest");
    const program::KernelReport report = program::write_kernels(read, {.out = out, .layout = layout});
    CHECK(report.files.size() == (own ? 6 : 4));
    CHECK_THROWS_AS(program::write_kernels(read, {.out = out, .layout = layout}), InputError);
    const std::string file = "kernel_file = \"" + (out / "kernels.npy").string() + "\"\n";
    const flow::Results computed = flow::compute(read.job, {}),
                        brought = flow::compute(folder.read(kKernelJob + file).job, {});
    // Without the exact mean the image lacks what the kernels miss of the mean.
    CHECK(largest_difference(computed.image, brought.image) < (own ? 1e-13 : 0.1));
    CHECK(brought.image.error_bound.has_value() == own);
  }
  const job::ReadJob other =
      folder.read(kKernelJob + "kernel_file = \"own/kernels.npy\"\nkernel_period_nm = 50\n");
  CHECK_THROWS_WITH(program::run_job(other, {.out = folder.path() / "out"}),
                    Catch::Contains("cell of 50 x 50 nm"));
  CHECK(!fs::exists(folder.path() / "out"));
}

TEST_CASE("kernels: what no memory holds is refused before it is computed", "[unit][program]") {
  const JobFolder folder;
  // 110 000 source points with 15 MB each in a cell of 20 um: terabytes, whatever method the job asks for.
  const job::ReadJob read = folder.read(
      "[mask]\nperiod_x_nm = 20000\nperiod_y_nm = 20000\n"
      "[[mask.rectangle]]\nx0_nm = 10\ny0_nm = 0\nx1_nm = 30\ny1_nm = 40\n"
      "[source]\nkind = \"monochromatic\"\n[illuminator]\ngrid_points = 401\nrim_levels = 0\n");
  const fs::path out = folder.path() / "kernels";
  CHECK_THROWS_WITH(
      program::write_kernels(read, {.out = out}),
      Catch::Contains("job.toml:12:15: error: illuminator.grid_points: the kernels need about") &&
          Catch::Contains("GB of memory") && Catch::Contains("make illuminator.grid_points"));
  CHECK(!fs::exists(out));
}

TEST_CASE("kernels: files that do not belong together are refused", "[unit][program]") {
  const JobFolder folder;
  const auto write = [&](const std::vector<std::size_t>& shape, std::size_t n_scales, double value = 1) {
    std::size_t count = 1;
    for (const std::size_t n : shape) count *= n;
    write_any_npy(folder.path() / "kernels.npy", std::vector<double>(count, value), shape);
    io::write_npy(folder.path() / "scales.npy", std::span<const double>(std::vector<double>(n_scales, 1)),
                  {n_scales});
    return folder.path() / "kernels.npy";
  };
  CHECK_THROWS_WITH(job::read_kernels(write({3, 4, 5}, 3)), Catch::Contains("3 x 4 x 5"));
  CHECK_THROWS_WITH(job::read_kernels(write({15}, 3)), Catch::Contains("kernels x rows x columns"));
  CHECK_THROWS_WITH(job::read_kernels(write({3, 5, 5}, 4)), Catch::Contains("holds 4 numbers"));
  CHECK_THROWS_WITH(job::read_kernels(write({3, 5, 5}, 3, NAN)), Catch::Contains("not finite"));
  const imaging::SocsKernels kernels = job::read_kernels(write({3, 5, 7}, 3));
  CHECK(kernels.period_x_nm == 2048);
  CHECK(kernels.max_order_x == 3);
  CHECK(kernels.max_order_y == 2);
  CHECK(job::read_kernels(write({5, 5, 3}, 3), 400).eigenvalues.size() == 3);  // kernels last
}

TEST_CASE("run: through focus in one call", "[unit][program]") {
  const JobFolder folder;
  const flow::Results results =
      flow::compute(folder.read(kLines + "[imaging]\nthrough_focus_nm = [40, -40]\n").job, {});
  REQUIRE(results.through_focus.size() == 2);
  CHECK(results.through_focus[0].image.focus_nm == 40);
  const flow::Results single = flow::compute(folder.read(kLines + "[imaging]\nfocus_nm = 40\n").job, {});
  CHECK(largest_difference(results.through_focus[0].image, single.image) < 1e-13);
}
