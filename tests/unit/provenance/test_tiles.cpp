// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "samples.hpp"
#include "undulith/core/error.hpp"
#include "undulith/provenance/tiles.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

provenance::Secrets secrets_of(int n_x, int n_y, char first = 'a') {
  std::vector<std::string> tiles;
  for (int i = 0; i < n_x * n_y; ++i) tiles.push_back(std::string(1, static_cast<char>(first + i % 3)));
  provenance::Salt secret{};
  secret[5] = std::byte{77};
  return provenance::commit({.x0_nm = 1, .y0_nm = -2, .tile_nm = 100, .n_x = n_x, .n_y = n_y, .root = {}},
                            tiles, secret);
}

}  // namespace

TEST_CASE("provenance: every tile opens its commitment, and no other place or content",
          "[unit][provenance]") {
  for (const auto& [n_x, n_y] :
       std::vector<std::pair<int, int>>{{1, 1}, {2, 1}, {3, 1}, {2, 3}, {5, 1}, {4, 4}, {7, 3}}) {
    const provenance::Secrets secrets = secrets_of(n_x, n_y);
    for (int i_y = 0; i_y < n_y; ++i_y)
      for (int i_x = 0; i_x < n_x; ++i_x) {
        const provenance::TileOpening tile = provenance::open_tile(secrets, i_x, i_y);
        CHECK(provenance::is_opened_by(secrets.layout, tile));
        provenance::TileOpening changed = tile;
        changed.shapes += " ";
        CHECK_FALSE(provenance::is_opened_by(secrets.layout, changed));
        changed = tile;
        changed.salt[0] ^= std::byte{1};
        CHECK_FALSE(provenance::is_opened_by(secrets.layout, changed));
        changed = tile;
        changed.path.push_back(secrets.layout.root);
        CHECK_FALSE(provenance::is_opened_by(secrets.layout, changed));
        changed = tile;
        if (!changed.path.empty()) {
          changed.path.pop_back();
          CHECK_FALSE(provenance::is_opened_by(secrets.layout, changed));
        }
        for (int j = 0; j < n_x; ++j) {
          changed = tile;
          changed.i_x = j;
          CHECK(provenance::is_opened_by(secrets.layout, changed) == (j == i_x));
        }
      }
    CHECK_THROWS_AS(provenance::open_tile(secrets, n_x, 0), InputError);
    CHECK_THROWS_AS(provenance::open_tile(secrets, 0, -1), InputError);
  }
}

TEST_CASE("provenance: a tile of another layout, or tiles in another place, do not open a commitment",
          "[unit][provenance]") {
  const provenance::Secrets secrets = secrets_of(4, 3), other = secrets_of(4, 3, 'b');
  CHECK_FALSE(provenance::is_opened_by(secrets.layout, provenance::open_tile(other, 1, 1)));
  provenance::LayoutCommitment moved = secrets.layout;
  moved.x0_nm += 100;
  CHECK_FALSE(provenance::is_opened_by(moved, provenance::open_tile(secrets, 1, 1)));
  moved = secrets.layout;
  std::swap(moved.n_x, moved.n_y);
  CHECK_FALSE(provenance::is_opened_by(moved, provenance::open_tile(secrets, 1, 1)));
}

TEST_CASE("provenance: no two tiles or files share a salt", "[unit][provenance]") {
  const provenance::Secrets secrets = secrets_of(9, 9);
  std::set<provenance::Salt> salts;
  for (int i_y = 0; i_y < 9; ++i_y)
    for (int i_x = 0; i_x < 9; ++i_x) salts.insert(provenance::open_tile(secrets, i_x, i_y).salt);
  for (const char* name : {"a", "b", "0", "1"}) salts.insert(provenance::salt_of_file(secrets.secret, name));
  CHECK(salts.size() == 85);
}

TEST_CASE("provenance: secrets and openings go through their files", "[unit][provenance]") {
  provenance::Secrets secrets = secrets_of(3, 2);
  secrets.files = {"a.npy"};
  CHECK(provenance::open_file(secrets, "a.npy").salt == provenance::salt_of_file(secrets.secret, "a.npy"));
  CHECK_THROWS_AS(provenance::open_file(secrets, "b.npy"), InputError);
  provenance::Secrets changed = secrets;
  changed.tiles[1] += " ";
  CHECK_THROWS_AS(provenance::open_tile(changed, 0, 0), InputError);
  const std::string text = provenance::secrets_text(secrets);
  const provenance::Secrets read = provenance::parse_secrets(text, "s.json");
  CHECK(provenance::secrets_text(read) == text);
  const provenance::TileOpening tile = provenance::open_tile(read, 2, 1);
  const provenance::Opening opening = provenance::parse_opening(provenance::opening_text(tile), "o.json");
  REQUIRE(std::holds_alternative<provenance::TileOpening>(opening));
  CHECK(provenance::is_opened_by(secrets.layout, std::get<provenance::TileOpening>(opening)));
  const provenance::FileOpening file{"a.npy", secrets.secret};
  const provenance::Opening second = provenance::parse_opening(provenance::opening_text(file), "o.json");
  CHECK(std::get<provenance::FileOpening>(second).name == "a.npy");

  const auto broken = [&](const std::string& what, const std::string& with) {
    std::string changed = text;
    changed.replace(changed.find(what), what.size(), with);
    try {
      static_cast<void>(provenance::parse_secrets(changed, "s.json"));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(broken("\"n_x\": 3", "\"n_x\": 4"), Contains("tiles must be an array of 8 tiles"));
  CHECK_THAT(broken("\"n_x\": 3", "\"n_x\": 0"), Contains("1 to 10^6 tiles"));
  CHECK_THAT(broken("\"n_x\": 3", "\"n_x\": 9007199254740992"), Contains("1 to 10^6 tiles"));
  CHECK_THAT(broken("secrets 1", "opening 1"), Contains("secrets with \"format\""));
  CHECK_THROWS_AS(provenance::parse_opening(text, "s.json"), InputError);
}
