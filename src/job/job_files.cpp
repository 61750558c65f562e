// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "job/imaging_files.hpp"
#include "job/job_check.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/io/png.hpp"
#include "undulith/job/imaging_kernels.hpp"

namespace undulith::job {
namespace {

namespace fs = std::filesystem;

/// Reason why a file cannot be read and what to do; empty when it can.
std::string obstacle(const std::string& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found)
    return fmt::format("(there is no file {}); names are relative to the job that gives them", file);
  if (error) return fmt::format("({}); check the folders on the way", error.message());
  if (fs::is_directory(status)) return fmt::format("({} is a folder); name a file in it", file);
  if (!fs::is_regular_file(status)) return fmt::format("({} is not a plain file); name one", file);
  if (::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) != 0)
    return fmt::format("({} may not be read); change its permissions", file);
  return {};
}

/// Weights are relative: their sum must stay a number.
constexpr double kMostWeight = 1e30;

std::vector<illuminator::SourcePoint> read_points(const std::string& file) {
  const io::CsvTable table =
      io::read_csv(file, {.texts = {},
                          .usual_columns = {"sigma_x", "sigma_y", "weight", "s1", "s2", "s3"},
                          .n_columns = {3, 6}});
  const std::size_t x = table.column("sigma_x"), y = table.column("sigma_y"), weight = table.column("weight");
  std::vector<illuminator::SourcePoint> points;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::vector<double>& row = table.rows[i];
    illuminator::SourcePoint point;
    point.sigma_x = row[x];
    point.sigma_y = row[y];
    point.weight = row[weight];
    if (table.has("s1")) point.stokes.s1 = row[table.column("s1")];
    if (table.has("s2")) point.stokes.s2 = row[table.column("s2")];
    if (table.has("s3")) point.stokes.s3 = row[table.column("s3")];
    const auto fail = [&](const std::string& what) {
      return InputError(fmt::format("line {} of {}: {}", table.lines[i], file, what));
    };
    // Numbers of six digits on the rim, or of fully polarised light, round outwards.
    constexpr double kRounding = 1e-5;
    const double radius = std::hypot(point.sigma_x, point.sigma_y);
    if (!(radius <= 1 + kRounding))
      throw fail("the point lies outside the pupil (sigma over 1); scale the points to the aperture");
    point.sigma_x /= std::max(1.0, radius);
    point.sigma_y /= std::max(1.0, radius);
    require_in(Range::above(0, kMostWeight), fmt::format("line {} of {}: weight", table.lines[i], file),
               point.weight, "leave dark points out");
    auto& s = point.stokes;
    const double polarised = std::hypot(s.s1, s.s2, s.s3);
    if (!(polarised <= 1 + kRounding))
      throw fail(
          "s1^2 + s2^2 + s3^2 must not exceed 1 (no light is polarised more than fully); divide by s0");
    for (double* part : {&s.s1, &s.s2, &s.s3}) *part /= std::max(1.0, polarised);
    points.push_back(point);
  }
  if (points.empty()) throw InputError(fmt::format("{} has no points; give at least one row", file));
  return points;
}

/// Picture of the pupil: sample (iy, ix) stands for the square cell around it, so n samples tile [-1, 1].
Field2D<double> read_map(const std::string& file) {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;
  if (fs::path(file).extension() == ".npy") {
    io::NpyArray array = io::read_npy(file);
    if (array.shape.size() != 2)
      throw InputError(fmt::format("{} has {} axes (must be 2)", file, array.shape.size()));
    rows = array.shape[0];
    columns = array.shape[1];
    values = std::move(array.values);
  } else {
    const io::GreyImage image = io::read_png_grey(file);
    rows = static_cast<std::size_t>(image.height);
    columns = static_cast<std::size_t>(image.width);
    for (std::size_t row = rows; row-- > 0;) {  // a picture starts at its top, a field at its lowest y
      const auto begin = image.values.begin() + static_cast<std::ptrdiff_t>(row * columns);
      values.insert(values.end(), begin, begin + static_cast<std::ptrdiff_t>(columns));
    }
  }
  if (rows != columns || rows == 0)
    throw InputError(
        fmt::format("{} is {} by {} (the pupil from -1 to 1 must be square); crop it", file, columns, rows));
  const double step = 2.0 / static_cast<double>(rows);
  // Outside of the pupil nothing needs to be known.
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::isnan(values[i]) && std::hypot(-1 + (static_cast<double>(i % columns) + 0.5) * step,
                                            -1 + (static_cast<double>(i / columns) + 0.5) * step) > 1)
      values[i] = 0;
  const bool valid = std::all_of(values.begin(), values.end(),
                                 [](double v) { return std::isfinite(v) && v >= 0 && v <= kMostWeight; });
  if (!valid || *std::max_element(values.begin(), values.end()) <= 0)
    throw InputError(
        fmt::format("{} must hold finite values >= 0 (at most {:g}), at least one of them > 0; scale them",
                    file, kMostWeight));
  return {Grid2D{.plane = Plane::pupil,
                 .nx = static_cast<int>(columns),
                 .ny = static_cast<int>(rows),
                 .x0 = -1 + step / 2,
                 .y0 = -1 + step / 2,
                 .dx = step,
                 .dy = step},
          {values.begin(), values.end()}};
}

}  // namespace

void load_files(Job& job, const io::TomlNode& root, JobScope scope, const io::FileReader& reader,
                Faults& faults) {
  const auto usable = [&](const std::string& key, const std::string& file) {
    if (file.empty() || faults.has(key)) return false;
    const std::string why = obstacle(file);
    if (!why.empty()) faults.error(key, where_is(root, key), fmt::format("{} cannot be read {}", key, why));
    return why.empty();
  };
  const auto load = [&](const std::string& key, const std::string& file, auto read) {
    if (!usable(key, file)) return;
    try {
      read();
    } catch (const InputError& error) {
      faults.error(key, where_is(root, key), fmt::format("{}: {}", key, error.what()));
    }
  };
  using illuminator::Shape;
  if (job.source.kind == source::SourceKind::file)
    load("source.file.file", job.source_file.file, [&] {
      job.source.file.light = source::read_light(
          job.source_file.file, {.format = job.source_file.format,
                                 .observation_distance_m = job.source_file.observation_distance_m,
                                 .repetition_rate_mhz = job.source_file.repetition_rate_mhz});
      job.source.file.file = fs::path(job.source_file.file).filename().string();
      job.source.file.repetition_rate_mhz = job.source_file.repetition_rate_mhz;
      job.source.file.acceptance_half_angle_urad = job.source_file.acceptance_half_angle_urad;
    });
  load("layout.file", job.layout.file, [&] {
    if (scope == JobScope::whole) job.layout_content = io::read_content(job.layout.file, reader);
  });
  if (job.illuminator.shape == Shape::points)
    load("illuminator.points_file", job.illuminator.points_file,
         [&] { job.illuminator.points = read_points(job.illuminator.points_file); });
  load("imaging.phase_map_file", job.imaging.phase_map_file, [&] {
    job.imaging.phase_map =
        read_pupil_map(job.imaging.phase_map_file, "phase_waves", job.source.wavelength_nm);
  });
  load("imaging.amplitude_map_file", job.imaging.amplitude_map_file, [&] {
    job.imaging.amplitude_map =
        read_pupil_map(job.imaging.amplitude_map_file, "amplitude", job.source.wavelength_nm);
  });
  if (!job.imaging.slit_position_mm.empty())
    load("imaging.aberration_table_file", job.imaging.aberration_table_file, [&] {
      job.imaging.field_positions =
          read_field_positions(job.imaging.aberration_table_file, job.imaging.slit_position_mm);
      if (job.imaging.slit_weight.size() == job.imaging.field_positions.size())
        for (std::size_t i = 0; i < job.imaging.slit_weight.size(); ++i)
          job.imaging.field_positions[i].weight = job.imaging.slit_weight[i];
    });
  if (job.imaging.method == imaging::Method::socs)
    load("imaging.kernel_file", job.imaging.kernel_file, [&] {
      job.imaging.socs.kernels = read_kernels(job.imaging.kernel_file, job.imaging.kernel_period_nm);
    });
  if (job.resist.blur.kernel == resist::BlurKernel::table)
    load("resist.blur.table_file", job.resist.blur_table_file, [&] {
      const io::CsvTable table = io::read_csv(job.resist.blur_table_file);
      const std::size_t radius = table.column("radius_nm"), density = table.column("density");
      job.resist.blur.table_radius_nm.clear();
      job.resist.blur.table_density.clear();
      for (const std::vector<double>& row : table.rows) {
        job.resist.blur.table_radius_nm.push_back(row[radius]);
        job.resist.blur.table_density.push_back(row[density]);
      }
    });
  if (job.illuminator.shape == Shape::map)
    load("illuminator.map_file", job.illuminator.map_file,
         [&] { job.illuminator.map = read_map(job.illuminator.map_file); });
}

}  // namespace undulith::job
