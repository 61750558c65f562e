// SPDX-License-Identifier: MIT
// Arrays and pictures where a map is expected: the light of the pupil, wavefront and amplitude, a mask of pixels.
#include <cmath>
#include <memory>

#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "job/imaging_files.hpp"
#include "undulith/core/error.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/io/file_content.hpp"
#include "undulith/job/job.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/optics/pupil_map.hpp"

using namespace undulith;

namespace {

void read_source_map(const std::filesystem::path& file) {
  const job::ReadJob read = job::read_job(
      {}, {{"illuminator.shape", "map"}, {"illuminator.map_file", file.string()}}, job::JobScope::light);
  const illuminator::PupilFill fill = illuminator::make_pupil_fill(read.job.illuminator, {});
  double sum = 0;
  for (const illuminator::SourcePoint& point : fill.points) {
    // A weight may round to 0 next to one that is larger by 300 orders of magnitude.
    require(point.weight >= 0 && std::hypot(point.sigma_x, point.sigma_y) <= 1 + 1e-9,
            "light is within the pupil");
    sum += point.weight;
  }
  require(std::abs(sum - 1) < 1e-9, "the weights of the source points sum to 1");
}

void read_wavefront(const std::filesystem::path& file) {
  for (const char* column : {"phase_waves", "amplitude"}) {
    const optics::PupilMap map(job::read_pupil_map(file, column, 13.5));
    for (const double x : {-0.99, -0.3, 0.0, 0.7})
      require(std::isfinite(map(x, 0.1)) && std::isfinite(map(0.1, x)), "a map is known within the pupil");
  }
}

void read_mask(const std::filesystem::path& file) {
  const layout::Layout read = layout::read_layout(*io::read_content(file), {.pixel_nm = 2});
  require(read.frame_nm && read.frame_nm->width() > 0 && read.frame_nm->height() > 0,
          "a mask of pixels has a frame");
  const Box frame = *read.frame_nm;
  for (const std::string& top : read.top_cells())
    if (const auto box = layout::bounding_box(read, top))
      require(box->x0 >= frame.x0 && box->y0 >= frame.y0 && box->x1 <= frame.x1 && box->y1 <= frame.y1,
              "pixels lie in the frame");
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  const InputFile file(bytes, text_of(bytes).starts_with("\x89PNG") ? "input.png" : "input.npy");
  for (const auto read : {read_source_map, read_wavefront, read_mask}) {
    try {
      read(file.path());
    } catch (const InputError&) {
    }
  }
}
