// SPDX-License-Identifier: MIT
#include "undulith/io/finite.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <vector>

#include "scratch.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"

using namespace undulith;
using namespace undulith::io;
using Catch::Matchers::Contains;
using undulith::test::message_of;
using undulith::test::Scratch;

TEST_CASE("finite: NaN and infinity do not reach an array", "[unit][io]") {
  const Scratch scratch;
  std::vector<double> values(6, 1.0);
  write_npy(scratch / "good.npy", values, {2, 3});
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    values[4] = bad;
    CHECK_THAT(message_of<NumericalError>([&] {
                 write_npy(scratch / "intensity.npy", values, {2, 3});
                 return 0;
               }),
               Contains("intensity.npy: element [1, 1] = ") && Contains("must be finite"));
  }
  const std::array<std::complex<double>, 2> waves{1.0, {0, HUGE_VAL}};
  CHECK_THROWS_AS(write_npy(scratch / "waves.npy", std::span<const std::complex<double>>(waves), {2}),
                  NumericalError);
  CHECK_FALSE(std::filesystem::exists(scratch / "intensity.npy"));
  CHECK_FALSE(std::filesystem::exists(scratch / "waves.npy"));
}

TEST_CASE("finite: NaN and infinity do not reach a table", "[unit][io]") {
  const Scratch scratch;
  // A gauge may have any name, and an absent number is empty.
  write_atomic(scratch / "good.csv", std::string_view("name,cd_nm\nnan,1\ninf,\n\"a,nan\",2\n"));
  for (const char* bad : {"nan", "-nan", "inf", "-inf"})
    CHECK_THAT(message_of<NumericalError>([&] {
                 write_atomic(scratch / "bad.csv",
                              std::string_view("name,cd_nm\na,1\n\"b,c\"," + std::string(bad) + "\n"));
                 return 0;
               }),
               Contains("bad.csv: cd_nm in line 3 = " + std::string(bad)));
  CHECK_FALSE(std::filesystem::exists(scratch / "bad.csv"));
  write_atomic(scratch / "notes.txt", std::string_view("nan"));
}
