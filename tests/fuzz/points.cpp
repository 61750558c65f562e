// SPDX-License-Identifier: MIT
// Lists of points: of the source, of measured CDs (calibration), of a blur.
#include <cmath>

#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "undulith/core/error.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/job/job.hpp"
#include "undulith/resist/resist.hpp"
#include "undulith/study/calibration.hpp"

using namespace undulith;

namespace {

void read_source_points(const std::filesystem::path& file) {
  const job::ReadJob read =
      job::read_job({}, {{"illuminator.shape", "points"}, {"illuminator.points_file", file.string()}},
                    job::JobScope::light);
  const illuminator::PupilFill fill = illuminator::make_pupil_fill(read.job.illuminator, {});
  double sum = 0;
  for (const illuminator::SourcePoint& point : fill.points) {
    require(std::hypot(point.sigma_x, point.sigma_y) <= 1 + 1e-12, "source points lie in the pupil");
    require(point.weight >= 0 && std::isfinite(point.weight), "weights are finite");
    require(std::hypot(point.stokes.s1, point.stokes.s2, point.stokes.s3) <= 1 + 1e-12,
            "no light is polarised more than fully");
    sum += point.weight;
  }
  require(std::abs(sum - 1) < 1e-9, "the weights of the source points sum to 1");
}

void read_cds(const std::filesystem::path& file) {
  for (const study::MeasuredCd& row : study::read_measured_cds(file).rows)
    require(row.cd_nm > 0 && std::isfinite(row.cd_nm) && row.dose_mj_cm2 > 0 &&
                std::isfinite(row.dose_mj_cm2) && std::isfinite(row.focus_nm) && row.sigma_nm > 0 &&
                std::isfinite(row.sigma_nm) && row.line > 0,
            "measured CDs are in the ranges of their keys");
}

void read_blur(const std::filesystem::path& file) {
  const job::ReadJob read = job::read_job(
      {}, {{"resist.blur.kernel", "table"}, {"resist.blur.table_file", file.string()}}, job::JobScope::light);
  resist::check_parameters(read.job.resist, read.job.stochastics);
  const resist::BlurParameters& blur = read.job.resist.blur;
  require(blur.table_radius_nm.size() == blur.table_density.size(), "each radius has its density");
  for (std::size_t i = 0; i < blur.table_radius_nm.size(); ++i)
    require(std::isfinite(blur.table_radius_nm[i]) && std::isfinite(blur.table_density[i]),
            "a blur is finite");
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  const InputFile file(bytes, "input.csv");
  for (const auto read : {read_source_points, read_cds, read_blur}) {
    try {
      read(file.path());
    } catch (const InputError&) {
    }
  }
}
