// SPDX-License-Identifier: MIT
#include "undulith/provenance/tiles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include <bit>
#include <limits>

#include "provenance/json_document.hpp"
#include "provenance/layout_json.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/hex.hpp"

namespace undulith::provenance {
namespace {

constexpr const char* kSecretsFormat = "undulith secrets 1";
constexpr const char* kOpeningFormat = "undulith opening 1";

// The first byte of what is hashed says what it is, so that no node can pass for a tile [RFC9162].
enum class Hashed : std::uint8_t { content, node, root };

io::Sha256 hash_of(Hashed kind, std::initializer_list<std::span<const std::byte>> parts) {
  std::vector<std::byte> all{static_cast<std::byte>(kind)};
  for (const auto part : parts) all.insert(all.end(), part.begin(), part.end());
  return io::sha256(all);
}

io::Sha256 node_of(const io::Sha256& left, const io::Sha256& right) {
  return hash_of(Hashed::node, {left.bytes, right.bytes});
}

Salt salt_of_tile(const Salt& secret, std::size_t index) {
  return hash_of(Hashed::content, {io::bytes_of("tile "), secret, io::bytes_of(fmt::format("{}", index))})
      .bytes;
}

io::Sha256 leaf_of(const Salt& salt, std::size_t index, std::string_view shapes) {
  const std::string place = fmt::format("tile {}\n", index);
  return hash_of(Hashed::content, {salt, io::bytes_of(place), io::bytes_of(shapes)});
}

// The part of n leaves that lies left of the top node: the largest power of two below n.
std::size_t left_part(std::size_t n) {
  return std::bit_floor(n - 1);
}

io::Sha256 top_of(std::span<const io::Sha256> leaves) {
  if (leaves.size() == 1) return leaves.front();
  const std::size_t left = left_part(leaves.size());
  return node_of(top_of(leaves.first(left)), top_of(leaves.subspan(left)));
}

// Hashes beside the way from a leaf to the top, those next to the leaf first.
void add_path(std::span<const io::Sha256> leaves, std::size_t index, std::vector<io::Sha256>& path) {
  if (leaves.size() == 1) return;
  const std::size_t left = left_part(leaves.size());
  const bool is_left = index < left;
  add_path(is_left ? leaves.first(left) : leaves.subspan(left), is_left ? index : index - left, path);
  path.push_back(top_of(is_left ? leaves.subspan(left) : leaves.first(left)));
}

// The top that follows from a leaf and the hashes beside its way; false if there are too few or too many of them.
bool follow_path(std::size_t n, std::size_t index, std::span<const io::Sha256> path, io::Sha256& hash) {
  if (n == 1) return path.empty();
  if (path.empty()) return false;
  const std::size_t left = left_part(n);
  const bool is_left = index < left;
  if (!follow_path(is_left ? left : n - left, is_left ? index : index - left, path.first(path.size() - 1),
                   hash))
    return false;
  hash = is_left ? node_of(hash, path.back()) : node_of(path.back(), hash);
  return true;
}

// The place of the tiles is committed to as well.
io::Sha256 root_of(const LayoutCommitment& frame, const io::Sha256& top) {
  io::ByteWriter place;
  for (const double value : {frame.x0_nm, frame.y0_nm, frame.tile_nm}) place.add(value);
  for (const int value : {frame.n_x, frame.n_y}) place.add(value);
  return hash_of(Hashed::root, {place.bytes(), top.bytes});
}

std::vector<io::Sha256> leaves_of(const Salt& secret, const std::vector<std::string>& tiles) {
  std::vector<io::Sha256> leaves;
  for (std::size_t i = 0; i < tiles.size(); ++i)
    leaves.push_back(leaf_of(salt_of_tile(secret, i), i, tiles[i]));
  return leaves;
}

int index_of(const JsonValue& value) {
  const std::uint64_t index = value.count();
  if (index > static_cast<std::uint64_t>(std::numeric_limits<int>::max()))
    value.refuse("the number of a tile");
  return static_cast<int>(index);
}

}  // namespace

io::Sha256 commitment_to(const Salt& salt, std::span<const std::byte> content) {
  return hash_of(Hashed::content, {salt, content});
}

Salt salt_of_file(const Salt& secret, std::string_view name) {
  return hash_of(Hashed::content, {io::bytes_of("file "), secret, io::bytes_of(name)}).bytes;
}

Secrets commit(LayoutCommitment frame, std::vector<std::string> tiles, const Salt& secret) {
  frame.root = root_of(frame, top_of(leaves_of(secret, tiles)));
  return {.secret = secret, .layout = frame, .tiles = std::move(tiles), .files = {}};
}

TileOpening open_tile(const Secrets& secrets, int i_x, int i_y) {
  const LayoutCommitment& layout = secrets.layout;
  if (i_x < 0 || i_x >= layout.n_x || i_y < 0 || i_y >= layout.n_y)
    throw InputError(
        fmt::format("no tile {},{} (there are {} x {} of them, counted from 0,0 at the lower left)", i_x, i_y,
                    layout.n_x, layout.n_y));
  const auto index =
      static_cast<std::size_t>(i_y) * static_cast<std::size_t>(layout.n_x) + static_cast<std::size_t>(i_x);
  TileOpening opening{.i_x = i_x,
                      .i_y = i_y,
                      .shapes = secrets.tiles[index],
                      .salt = salt_of_tile(secrets.secret, index),
                      .path = {}};
  add_path(leaves_of(secrets.secret, secrets.tiles), index, opening.path);
  if (!is_opened_by(layout, opening))
    throw InputError("the secrets do not belong to their commitment (they were changed); restore the file");
  return opening;
}

FileOpening open_file(const Secrets& secrets, const std::string& name) {
  if (std::ranges::find(secrets.files, name) == secrets.files.end())
    throw InputError(fmt::format("no withheld file {} (there are: {}); name one of them", name,
                                 fmt::join(secrets.files, ", ")));
  return {name, salt_of_file(secrets.secret, name)};
}

bool is_opened_by(const LayoutCommitment& layout, const TileOpening& opening) {
  if (opening.i_x < 0 || opening.i_x >= layout.n_x || opening.i_y < 0 || opening.i_y >= layout.n_y)
    return false;
  const auto index = static_cast<std::size_t>(opening.i_y) * static_cast<std::size_t>(layout.n_x) +
                     static_cast<std::size_t>(opening.i_x);
  io::Sha256 hash = leaf_of(opening.salt, index, opening.shapes);
  return follow_path(static_cast<std::size_t>(layout.n_tiles()), index, opening.path, hash) &&
         root_of(layout, hash) == layout.root;
}

std::string secrets_text(const Secrets& secrets) {
  Json json{{"format", kSecretsFormat},
            {"secret", io::hex_text(secrets.secret)},
            {"layout", layout_json(secrets.layout)},
            {"tiles", secrets.tiles},
            {"files", secrets.files}};
  return json.dump(1) + "\n";
}

std::string opening_text(const TileOpening& opening) {
  Json json{{"format", kOpeningFormat},
            {"tile", {opening.i_x, opening.i_y}},
            {"shapes", opening.shapes},
            {"salt", io::hex_text(opening.salt)},
            {"path", Json::array()}};
  for (const io::Sha256& hash : opening.path) json["path"].push_back(hash.hex());
  return json.dump(2) + "\n";
}

std::string opening_text(const FileOpening& opening) {
  return Json{{"format", kOpeningFormat}, {"file", opening.name}, {"salt", io::hex_text(opening.salt)}}.dump(
             2) +
         "\n";
}

Secrets parse_secrets(std::string_view text, const std::string& name) {
  const JsonValue root = JsonValue::parse(text, name);
  if (!root.has("format") || root.at("format").text() != kSecretsFormat)
    root.refuse(fmt::format("secrets with \"format\": \"{}\"", kSecretsFormat));
  Secrets out{.secret = root.at("secret").bytes<32>(),
              .layout = layout_of(root.at("layout")),
              .tiles = {},
              .files = {}};
  for (const JsonValue& tile : root.at("tiles").items()) out.tiles.push_back(tile.text());
  for (const JsonValue& file : root.at("files").items()) out.files.push_back(file.text());
  if (const auto n = static_cast<std::size_t>(out.layout.n_tiles()); n != out.tiles.size())
    root.at("tiles").refuse(fmt::format("an array of {} tiles", n));
  return out;
}

Opening parse_opening(std::string_view text, const std::string& name) {
  const JsonValue root = JsonValue::parse(text, name);
  if (!root.has("format") || root.at("format").text() != kOpeningFormat)
    root.refuse(fmt::format("an opening with \"format\": \"{}\"", kOpeningFormat));
  if (root.has("file")) {
    root.require_keys({"format", "file", "salt"});
    return FileOpening{root.at("file").text(), root.at("salt").bytes<32>()};
  }
  root.require_keys({"format", "tile", "shapes", "salt", "path"});
  const std::vector<JsonValue> place = root.at("tile").items();
  if (place.size() != 2) root.at("tile").refuse("two numbers");
  TileOpening tile{.i_x = index_of(place[0]),
                   .i_y = index_of(place[1]),
                   .shapes = root.at("shapes").text(),
                   .salt = root.at("salt").bytes<32>(),
                   .path = {}};
  for (const JsonValue& hash : root.at("path").items()) tile.path.push_back(hash.hash());
  return tile;
}

}  // namespace undulith::provenance
