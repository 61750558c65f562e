// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/job_folder.hpp"
#include "support/pages.hpp"
#include "undulith/job/accuracy.hpp"
#include "undulith/job/explain.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/job/terms.hpp"

using namespace undulith;

namespace {

std::string error_of(const std::string& name) {
  try {
    static_cast<void>(job::explain(name));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("explain: a key", "[unit][job]") {
  CHECK(job::explain("imaging.na") ==
        "imaging.na\n"
        "  Numerical aperture at the wafer, below medium_index.\n"
        "  type     number\n"
        "  values   in (0, 4)\n"
        "  default  0.33  (convention: the EUV scanners in production)\n");
  const std::string shape = job::explain("illuminator.shape");
  CHECK(contains(shape, "conventional, annular, dipole"));
  CHECK(contains(shape, "\"annular\""));
  CHECK(contains(job::explain("metrology.gauge.name"), "must be given"));
  CHECK(contains(job::explain("metrology.gauge.target_cd_nm"), "absent  (derived: found from the layout"));
  CHECK(contains(job::explain("source.lpp.power_if_w"), "measured"));
}

TEST_CASE("explain: tables and the list of tables", "[unit][job]") {
  const std::string imaging = job::explain("imaging");
  CHECK(contains(imaging, "[imaging]\n"));
  CHECK(contains(imaging, "[[imaging.aberration]]\n"));
  CHECK(contains(imaging, "focus_nm"));
  const std::string all = job::explain();
  for (const auto& table : job::job_tables())
    if (!table.name.empty()) CHECK(contains(all, "[" + table.name + "]"));
}

TEST_CASE("explain: an unknown name gets its neighbour", "[unit][job]") {
  CHECK(contains(error_of("imaging.an"), "did you mean imaging.na?"));
  CHECK(contains(error_of("sigma_inner"), "did you mean illuminator.sigma_inner?"));
  CHECK(contains(error_of("mief"), "did you mean meef?"));
  CHECK(contains(error_of("ilumination"), "did you mean illuminator?"));
  CHECK(contains(error_of("entirely.else"), "undulith explain lists the tables"));
}

TEST_CASE("explain: a term of the glossary, by any of its names", "[unit][job]") {
  const std::string nils = job::explain("NILS");
  CHECK(nils ==
        "NILS\n"
        "  normalised image log slope: CD times the slope of the logarithm of the intensity at the edge.\n"
        "  in Undulith  nils\n");
  CHECK(job::explain("nils") == nils);
  for (const char* name :
       {"k1", "sigma", "MEEF", "dof", "Kirchhoff", "thin mask (Kirchhoff)", "LWR", "h", "na"})
    CHECK(contains(job::explain(name), "  in Undulith  "));
  // A table and a key are meant where there is one of this name.
  CHECK(contains(job::explain("mask"), "[mask]\n"));
  const auto json = nlohmann::json::parse(job::explain_json("meef"));
  CHECK(json["terms"][0]["where"] == "meef");
  REQUIRE(job::terms().size() > 70);
  for (const job::Term& term : job::terms()) {
    CAPTURE(term.heading);
    CHECK_FALSE(term.meaning.empty());
    CHECK_FALSE(term.where.empty());
    for (const std::string& name : term.names) CHECK(job::find_term(name) != nullptr);
  }
}

TEST_CASE("explain: as JSON", "[unit][job]") {
  const auto all = nlohmann::json::parse(job::explain_json());
  CHECK(all["tables"].size() == job::job_tables().size());
  const auto one = nlohmann::json::parse(job::explain_json("imaging.na"));
  REQUIRE(one["tables"].size() == 1);
  REQUIRE(one["tables"][0]["keys"].size() == 1);
  const auto& key = one["tables"][0]["keys"][0];
  CHECK(key["name"] == "imaging.na");
  CHECK(key["range"]["high"] == 4);
  CHECK(key["range"]["high_open"] == true);
  CHECK(key["origin"] == "convention");
  CHECK_THROWS_AS(job::explain_json("nothing.here"), InputError);
}

TEST_CASE("explain: the guide's page of keys is current", "[unit][job]") {
  test::check_page("guide/job-keys.md", job::job_key_guide());
}

TEST_CASE("schema: the committed file is current", "[unit][job]") {
  test::check_page("formats/job.schema.json", job::job_schema());
}

TEST_CASE("explain: tables of the accuracy levels are current", "[unit][job]") {
  for (const std::string page : {"guide/accuracy.md", "formats/job.md"})
    test::check_block(page, "accuracy levels", job::accuracy_guide());
}
