// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "support/job_folder.hpp"
#include "undulith/core/error.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/program/run.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

// What check_job says of a job that only its stages can refuse.
std::string refusal(const std::string& text) {
  const JobFolder folder;
  const job::ReadJob read = folder.read(text);
  try {
    (void)program::check_job(read);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

const std::string kCell = "[mask]\nperiod_x_nm = 100\nperiod_y_nm = 100\n";
const std::string kSquare = "[[mask.rectangle]]\nx0_nm = 0\ny0_nm = 0\nx1_nm = 50\ny1_nm = 50\n";

}  // namespace

TEST_CASE("locate: what a stage refuses is shown where it stands in the job", "[unit][job]") {
  CHECK_THAT(refusal("[source]\nkind = \"lpp\"\nwavelength_nm = 15\n" + kCell + kSquare),
             Contains("job.toml:3:17: error: source.wavelength_nm = 15") &&
                 Contains("\n    3 | wavelength_nm = 15"));
  CHECK_THAT(refusal(kCell + kSquare + "[[mask.polygon]]\nx_nm = [10, 50, 90]\ny_nm = [10, 10, 10]\n"),
             Contains("job.toml:9:1: error: mask.polygon[1] of 3 vertices has no area"));
  CHECK_THAT(refusal(kCell + kSquare + "[[metrology.gauge]]\nname = \"far\"\nx_nm = 5000\ny_nm = 5\n"),
             Contains("job.toml:9:1: error: metrology.gauge 'far': the cut"));
  // Every gauge that is wrong, at its own place.
  const std::string gauge = "[[metrology.gauge]]\nname = ";
  CHECK_THAT(refusal(kCell + kSquare + gauge + "\"near\"\nx_nm = 5\ny_nm = 5\n" + gauge +
                     "\"far\"\nx_nm = 5000\ny_nm = 5\n" + gauge + "\"low\"\nx_nm = 5\ny_nm = -7000\n"),
             Contains("job.toml:13:1: error: metrology.gauge 'far': the cut") &&
                 Contains("job.toml:17:1: error: metrology.gauge 'low': the cut") && !Contains("'near'"));
}

TEST_CASE("locate: what stages refuse without a number of the job has a key too", "[unit][job]") {
  CHECK_THAT(refusal(kCell + kSquare +
                     "[illuminator]\nshape = \"conventional\"\nsigma_outer = 1e-6\ngrid_points = 5\n"),
             Contains("job.toml:12:15: error: illuminator.grid_points = 5 (the illuminated part"));
  CHECK_THAT(
      refusal(
          "[mask]\namplitudes = \"given\"\nopen_amplitude = [1e-7, 0]\nperiod_x_nm = 100\nperiod_y_nm = 100\n" +
          kSquare),
      Contains("job.toml:3:18: error: mask.open_amplitude: the opening of the mask reflects nothing"));
  const JobFolder folder;
  folder.write("broken.gds", std::string("\0\6\0\2\2\x58\0\x1c", 8));
  const job::ReadJob read = folder.read("[layout]\nfile = \"broken.gds\"\ncell = \"A\"\n");
  CHECK_THROWS_WITH(program::check_job(read),
                    Contains("job.toml:2:8: error: layout.file: ") && Contains("broken.gds"));
}

TEST_CASE("locate: a message without a key has the name of the job", "[unit][job]") {
  const JobFolder folder;
  const job::ReadJob read = folder.read(kCell + kSquare);
  CHECK_THAT(job::locate(read, "the image has no light (why); do it"),
             Contains("job.toml: error: the image has no light"));
  CHECK_THAT(job::locate(read, "imaging.na = 0.9 (too large); use 0.33"),
             Contains("job.toml: error: imaging.na = 0.9"));
  CHECK(job::locate(read, "other.toml:3:1: error: x") == "other.toml:3:1: error: x");
  CHECK(job::locate(read, "--cd 0 (must be > 0)") == "--cd 0 (must be > 0)");
  CHECK(job::locate(read, "data.csv:3: gauge 'x'") == "data.csv:3: gauge 'x'");
  CHECK(job::locate(read, "").empty());
}
