// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "samples.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"
#include "undulith/provenance/ledger.hpp"
#include "unit/io/scratch.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

provenance::LedgerStatement statement(const std::string& step, const std::string& party,
                                      std::vector<std::uint64_t> made_from = {}) {
  return {.step = step,
          .party = party,
          .subject = step + ".gds",
          .sha256 = test::hash_of(step),
          .made_from = std::move(made_from),
          .note = "\"quoted\"\n"};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    lines.push_back(text.substr(at, end - at));
  return lines;
}

struct Sample {
  test::Scratch scratch;
  io::SigningKey designer = io::SigningKey::generate(), mask_shop = io::SigningKey::generate();
  std::filesystem::path file = scratch / "ledger";
  Sample() {
    provenance::add_to_ledger(file, statement("design", "designer"), designer);
    provenance::add_to_ledger(file, statement("opc", "designer", {1}), designer);
    provenance::add_to_ledger(file, statement("mask", "mask shop", {2}), mask_shop);
    provenance::add_to_ledger(file, statement("wafer", "designer", {3, 1}), designer);
  }
  [[nodiscard]] std::vector<std::string> lines() const { return lines_of(io::read_text(file)); }
  void write(const std::vector<std::string>& lines) const {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    io::write_atomic(file, std::string_view(text));
  }
  [[nodiscard]] std::string fault() const {
    const provenance::Ledger ledger = provenance::read_ledger(file);
    const provenance::Finding* broken = provenance::first_broken(ledger.findings);
    return broken == nullptr ? "" : broken->text;
  }
};

std::string swapped(std::string text, const std::string& what, const std::string& with) {
  return text.replace(text.find(what), what.size(), with);
}

}  // namespace

TEST_CASE("provenance: a ledger keeps what was added", "[unit][provenance]") {
  const Sample sample;
  const provenance::Ledger ledger = provenance::read_ledger(sample.file);
  CHECK(ledger.is_whole());
  REQUIRE(ledger.entries.size() == 4);
  CHECK(ledger.entries[3].statement.made_from == std::vector<std::uint64_t>{3, 1});
  CHECK(ledger.entries[2].statement.note == "\"quoted\"\n");
  CHECK(ledger.entries[2].key == sample.mask_shop.public_key());
  CHECK(ledger.head() == test::hash_of(sample.lines().back()));
}

TEST_CASE("provenance: a ledger that was changed says where", "[unit][provenance]") {
  const Sample sample;
  const std::vector<std::string> good = sample.lines();
  const auto fault = [&](std::vector<std::string> lines) {
    sample.write(lines);
    return sample.fault();
  };
  CHECK(fault(good).empty());
  std::vector<std::string> lines = good;
  std::swap(lines[2], lines[3]);
  CHECK_THAT(fault(lines), Contains("ledger:3: entry 3 does not follow the line above it"));
  lines = good;
  lines.erase(lines.begin() + 2);
  CHECK_THAT(fault(lines), Contains("ledger:3: entry 3 does not follow the line above it"));
  lines = good;
  lines[2] = swapped(lines[2], "opc.gds", "opd.gds");
  CHECK_THAT(fault(lines), Contains("ledger:3: entry 2 is not signed by the key that it names"));
  lines = good;
  lines[2] = swapped(lines[2], ",\"step\"", ", \"step\"");
  CHECK_THAT(fault(lines), Contains("ledger:3: entry 2 is not signed"));
  lines = good;
  lines[4] = swapped(lines[4], sample.designer.public_key().hex(), sample.mask_shop.public_key().hex());
  CHECK_THAT(fault(lines), Contains("ledger:5: entry 4 is not signed"));
  lines = good;
  lines.push_back(lines.back());
  CHECK_THAT(fault(lines), Contains("ledger:6: entry 4 does not follow"));
  // A file that was shortened by whole lines is whole in itself; its head is not the one that was seen.
  lines = good;
  lines.pop_back();
  CHECK(fault(lines).empty());
  CHECK(provenance::read_ledger(sample.file).head() != test::hash_of(good.back()));
}

TEST_CASE("provenance: a party that changes its key is named", "[unit][provenance]") {
  const Sample sample;
  CHECK_THROWS_WITH(provenance::add_to_ledger(sample.file, statement("wafer", "mask shop"), sample.designer),
                    Contains("mask shop has signed entry 3 with another key"));
}

TEST_CASE("provenance: what cannot be an entry is refused and the ledger stays", "[unit][provenance]") {
  const Sample sample;
  const std::string before = io::read_text(sample.file);
  const auto refused = [&](const provenance::LedgerStatement& said) {
    CHECK_THROWS_AS(provenance::add_to_ledger(sample.file, said, sample.designer), InputError);
    CHECK(io::read_text(sample.file) == before);
  };
  refused(statement("wafer", "designer", {5}));
  refused(statement("wafer", "designer", {0}));
  refused(statement("", "designer"));
  refused(statement("wafer", ""));
  io::write_atomic(sample.scratch / "other", std::string_view("name,cd_nm\n"));
  CHECK_THROWS_WITH(
      provenance::add_to_ledger(sample.scratch / "other", statement("design", "designer"), sample.designer),
      Contains("other:1: error: no ledger"));
  CHECK(io::read_text(sample.scratch / "other") == "name,cd_nm\n");
}

TEST_CASE("provenance: every malformed line of a ledger is refused", "[unit][provenance]") {
  const Sample sample;
  const std::vector<std::string> good = sample.lines();
  const auto error = [&](const std::string& second, const std::string& end = "\n") {
    std::string text = good[0] + "\n" + good[1] + "\n" + second + end;
    io::write_atomic(sample.file, std::string_view(text));
    try {
      static_cast<void>(provenance::read_ledger(sample.file));
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK_THAT(error(good[2], ""), Contains("ledger:3: error: the last line breaks off"));
  CHECK_THAT(error(good[2].substr(0, 40)), Contains("ledger:3: error: no JSON"));
  CHECK_THAT(error(""), Contains("ledger:3: error: no JSON"));
  CHECK_THAT(error("[]"), Contains("ledger:3: error: the document must be an object"));
  CHECK_THAT(error(swapped(good[2], "\"step\"", "\"stop\"")), Contains("without \"stop\""));
  CHECK_THAT(error(swapped(good[2], "\"entry\":2", "\"entry\":\"2\"")),
             Contains("entry must be a whole number"));
  CHECK_THAT(error(swapped(good[2], "\"made_from\":[1]", "\"made_from\":1")),
             Contains("made_from must be an array"));
  CHECK_THAT(error(swapped(good[2], "\"made_from\":[1]", "\"made_from\":[-1]")),
             Contains("made_from[1] must be"));
  CHECK_THAT(error(swapped(good[2], "\"signature\":\"", "\"signature\":\"0")), Contains("128 of them"));
  CHECK_THAT(error(swapped(good[2], "\"public_key\":\"", "\"public_key\":\"z")), Contains("64 of them"));
}
