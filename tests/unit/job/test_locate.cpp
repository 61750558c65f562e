// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "support/job_folder.hpp"
#include "undulith/core/error.hpp"
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
}
