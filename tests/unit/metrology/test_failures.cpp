// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "undulith/metrology/failures.hpp"

using namespace undulith;
using namespace undulith::metrology;

namespace {

// Three contacts of 10 nm in a periodic cell of 60 by 20 nm.
const layout::Clip kContacts{.cell = {0, 0, 60, 20},
                             .window = {0, 0, 60, 20},
                             .rings = {{{5, 5}, {15, 5}, {15, 15}, {5, 15}},
                                       {{25, 5}, {35, 5}, {35, 15}, {25, 15}},
                                       {{45, 5}, {55, 5}, {55, 15}, {45, 15}}}};
// Two lines along y in a cell of 40 by 20 nm.
const layout::Clip kLines{
    .cell = {0, 0, 40, 20},
    .window = {0, 0, 40, 20},
    .rings = {{{5, 0}, {15, 0}, {15, 20}, {5, 20}}, {{25, 0}, {35, 0}, {35, 20}, {25, 20}}}};

using Printed = std::function<bool(double x, double y)>;

// One or more cells of nodes, 1 nm apart.
Field2D<double> level_of(int nx, int ny, const Printed& printed) {
  Field2D<double> level(Grid2D{.nx = nx, .ny = ny});
  for (int y = 0; y < ny; ++y)
    for (int x = 0; x < nx; ++x) level(y, x) = printed(x, y) ? 1 : -1;
  return level;
}

bool within(double x, double y, double x0, double y0, double x1, double y1) {
  return x > x0 && x < x1 && y > y0 && y < y1;
}
bool contact(double x, double y, int number) {
  return within(x, y, 5 + 20 * number, 5, 15 + 20 * number, 15);
}
bool all_contacts(double x, double y) {
  return contact(x, y, 0) || contact(x, y, 1) || contact(x, y, 2);
}

}  // namespace

TEST_CASE("failures: one piece over three is two mergers", "[unit][metrology]") {
  const FailureCount one = count_failures(
      level_of(60, 20, [](double x, double y) { return within(x, y, 5, 5, 55, 15); }), kContacts, 4);
  CHECK(one.n_intended == 3);
  CHECK(one.merged == 2);
  CHECK(one.missing + one.broken + one.extra == 0);
}

TEST_CASE("failures: every kind at once is told apart", "[unit][metrology]") {
  // The first contact in two halves, the second gone, the third there, and a speck between.
  const FailureCount all = count_failures(level_of(60, 20,
                                                   [](double x, double y) {
                                                     return within(x, y, 5, 5, 9, 15) ||
                                                            within(x, y, 11, 5, 15, 15) || contact(x, y, 2) ||
                                                            within(x, y, 37, 7, 42, 12);
                                                   }),
                                          kContacts, 4);
  CHECK(all.broken == 1);
  CHECK(all.missing == 1);
  CHECK(all.extra == 1);
  CHECK(all.merged == 0);
  CHECK(all.any());
}

TEST_CASE("failures: specks below the least area count as nothing", "[unit][metrology]") {
  const auto level = level_of(60, 20, [](double x, double y) {
    return contact(x, y, 0) || contact(x, y, 1) || within(x, y, 48, 8, 51, 11) || within(x, y, 37, 1, 40, 3);
  });
  const FailureCount strict = count_failures(level, kContacts, 1),
                     lenient = count_failures(level, kContacts, 5);
  CHECK(strict.extra == 1);    // 2 nm2 between the contacts
  CHECK(strict.missing == 0);  // 4 nm2 of the third
  CHECK(lenient.extra == 0);
  CHECK(lenient.missing == 1);
}

TEST_CASE("failures: lines that run through the cell", "[unit][metrology]") {
  const auto lines = [](double x, double) { return (x > 5 && x < 15) || (x > 25 && x < 35); };
  const FailureCount good = count_failures(level_of(40, 20, lines), kLines, 4);
  CHECK(good.n_intended == 2);
  CHECK_FALSE(good.any());
  // One gap breaks a line, though its two ends meet through the border; a bridge joins two.
  const auto gap = [&](double x, double y) { return lines(x, y) && !(x < 20 && std::abs(y - 10) < 2); };
  const FailureCount opened = count_failures(level_of(40, 20, gap), kLines, 4);
  CHECK(opened.broken == 1);
  CHECK(opened.merged + opened.missing + opened.extra == 0);
  // An island beside a line that is whole breaks nothing.
  const auto island = [&](double x, double y) { return lines(x, y) && !(x == 12 && y > 4 && y < 16); };
  CHECK_FALSE(count_failures(level_of(40, 20, island), kLines, 4).any());
  const FailureCount bridged = count_failures(
      level_of(40, 20, [&](double x, double y) { return lines(x, y) || (y > 8 && y < 12); }), kLines, 4);
  CHECK(bridged.merged == 1);
  // Two gaps leave two parts.
  const FailureCount cut = count_failures(
      level_of(40, 20,
               [&](double x, double y) {
                 return lines(x, y) && !(x < 20 && (std::abs(y - 5) < 2 || std::abs(y - 15) < 2));
               }),
      kLines, 4);
  CHECK(cut.broken == 1);
  CHECK(cut.merged + cut.missing + cut.extra == 0);
}

TEST_CASE("failures: a line that meets its own copy has merged", "[unit][metrology]") {
  const layout::Clip one{
      .cell = {0, 0, 20, 20}, .window = {0, 0, 20, 20}, .rings = {{{5, 0}, {15, 0}, {15, 20}, {5, 20}}}};
  const FailureCount whole = count_failures(
                         level_of(20, 40, [](double x, double) { return x > 5 && x < 15; }), one, 4),
                     bridged = count_failures(
                         level_of(20, 40, [](double x, double y) { return (x > 5 && x < 15) || y < 3; }), one,
                         4);
  CHECK(whole.n_intended == 1);
  CHECK_FALSE(whole.any());
  CHECK(bridged.merged == 1);
  CHECK(bridged.broken + bridged.missing + bridged.extra == 0);
}

TEST_CASE("failures: several cells hold as many pieces", "[unit][metrology]") {
  const auto folded = [](double x, double y) { return all_contacts(std::fmod(x, 60), std::fmod(y, 20)); };
  const FailureCount good = count_failures(level_of(120, 60, folded), kContacts, 4);
  CHECK(good.n_intended == 2 * 3 * 3);
  CHECK_FALSE(good.any());
  // In one of the six cells a contact is lost.
  const FailureCount lost = count_failures(
      level_of(120, 60, [&](double x, double y) { return folded(x, y) && !within(x, y, 80, 40, 100, 60); }),
      kContacts, 4);
  CHECK(lost.missing == 1);
  CHECK(lost.broken + lost.merged + lost.extra == 0);
}

TEST_CASE("failures: where the cell begins does not matter", "[property][metrology]") {
  std::mt19937_64 random(5);
  std::uniform_int_distribution<int> place(0, 59);
  std::bernoulli_distribution flip(0.03);
  for (int i = 0; i < 12; ++i) {
    // Contacts with flaws at random, and the whole of it moved around the cell.
    std::vector<char> flawed(60 * 20);
    for (char& node : flawed) node = flip(random);
    const Field2D<double> level = level_of(60, 20, [&](double x, double y) {
      return all_contacts(x, y) != (flawed[static_cast<std::size_t>(y * 60 + x)] != 0);
    });
    const int dx = place(random), dy = place(random) % 20;
    Field2D<double> moved(
        Grid2D{.nx = 60, .ny = 20, .x0 = static_cast<double>(dx), .y0 = static_cast<double>(dy)});
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 60; ++x) moved(y, x) = level((y + dy) % 20, (x + dx) % 60);
    const FailureCount a = count_failures(level, kContacts, 1), b = count_failures(moved, kContacts, 1);
    CHECK(a.any());
    CHECK(a.n_intended == b.n_intended);
    CHECK(a.missing == b.missing);
    CHECK(a.broken == b.broken);
    CHECK(a.merged == b.merged);
    CHECK(a.extra == b.extra);
  }
}

TEST_CASE("failures: what a normal distribution leaves below a limit", "[validation][metrology]") {
  // Symmetric samples of mean 20 and a sigma of 1: 3 sigma below lies Phi(-3) = 1.35e-3.
  std::vector<double> cd_nm;
  for (int i = 0; i < 500; ++i) {
    cd_nm.push_back(20 + std::sqrt(999.0 / 1000));
    cd_nm.push_back(20 - std::sqrt(999.0 / 1000));
  }
  const FailureProbability below = extrapolated_probability(cd_nm, 17, true),
                           above = extrapolated_probability(cd_nm, 23, false);
  CHECK(below.estimate == Approx(1.349898e-3).epsilon(1e-5));
  CHECK(above.estimate == Approx(below.estimate).epsilon(1e-9));
  CHECK(below.low < below.estimate);
  CHECK(below.high > below.estimate);
  // 1000 samples: the limit lies at 3 +- sqrt(1 + 9/2) / sqrt(1000) = 0.074 sigma; 95 % is 1.96 of these.
  CHECK(below.low == Approx(std::erfc((3 + 1.96 * 0.0742) / std::sqrt(2)) / 2).epsilon(0.05));
  CHECK(below.high == Approx(std::erfc((3 - 1.96 * 0.0742) / std::sqrt(2)) / 2).epsilon(0.05));
}
