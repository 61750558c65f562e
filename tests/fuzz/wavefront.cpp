// SPDX-License-Identifier: MIT
// Texts that describe the aberrations of the optics: interferograms of Code V, grid phases of Zemax, tables of samples
// and tables of Zernike terms along the slit.
#include <cmath>

#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "job/imaging_files.hpp"
#include "undulith/core/error.hpp"
#include "undulith/optics/pupil_map.hpp"

using namespace undulith;

namespace {

void read_map(const std::filesystem::path& file, const std::string& column) {
  const optics::PupilMap map(job::read_pupil_map(file, column, 13.5));
  for (const double x : {-0.99, -0.3, 0.0, 0.7})
    require(std::isfinite(map(x, 0.1)) && std::isfinite(map(0.1, x)), "a map is known within the pupil");
}

void read_table(const std::filesystem::path& file) {
  const std::vector<double> positions{-13, 0, 5.5};
  const auto read = job::read_field_positions(file, positions);
  require(read.size() == positions.size(), "one set of aberrations per position");
  for (const imaging::FieldPosition& position : read) {
    require(std::isfinite(position.chief_ray_azimuth_deg), "angles are finite");
    for (const imaging::ZernikeTerm& term : position.aberrations)
      require(std::abs(term.waves) <= 10, "aberrations are in the range of their key");
  }
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  const InputFile file(bytes, "input.txt");
  const auto refused = [&](auto read) {
    try {
      read();
    } catch (const InputError&) {
    }
  };
  refused([&] { read_map(file.path(), "phase_waves"); });
  refused([&] { read_map(file.path(), "amplitude"); });
  refused([&] { read_table(file.path()); });
}
