// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "undulith/io/sha256.hpp"
#include "undulith/provenance/manifest.hpp"

/// Commitments: who publishes one cannot change what it stands for, and who sees it learns nothing of that. A layout is
/// committed to tile by tile with a hash tree [Merkle1988], so that one tile can be shown without the others.
namespace undulith::provenance {

/// 32 secret random bytes; those of every tile and file follow from one of them.
using Salt = std::array<std::byte, 32>;

/// The hash of a secret salt and a content.
[[nodiscard]] io::Sha256 commitment_to(const Salt& salt, std::span<const std::byte> content);
[[nodiscard]] Salt salt_of_file(const Salt& secret, std::string_view name);

/// One tile, shown: what lies in it, and the proof that the commitment stands for it.
struct TileOpening {
  int i_x = 0, i_y = 0;  ///< from 0, from the lower left
  std::string shapes;    ///< JSON: rings of [x, y] in nm
  Salt salt{};
  std::vector<io::Sha256> path;  ///< hashes beside the way from the tile to the root
};

/// One withheld file, shown: its salt; the file itself is handed over beside it.
struct FileOpening {
  std::string name;
  Salt salt{};
};

/// All that the owner of a layout keeps to himself.
struct Secrets {
  Salt secret{};
  LayoutCommitment layout;
  std::vector<std::string> tiles;  ///< shapes, row by row from the lower left
  std::vector<std::string> files;  ///< names of the withheld results
};

/// Sets the root of `frame` for these tiles. Cost: three hashes per tile.
/// @param tiles  frame.n_tiles() of them, row by row
[[nodiscard]] Secrets commit(LayoutCommitment frame, std::vector<std::string> tiles, const Salt& secret);

/// @throws InputError  there is no such tile; the secrets do not give the root that was committed to
[[nodiscard]] TileOpening open_tile(const Secrets& secrets, int i_x, int i_y);

/// Whether the commitment stands for this tile.
[[nodiscard]] bool is_opened_by(const LayoutCommitment& layout, const TileOpening& opening);

/// @throws InputError  there is no such withheld file
[[nodiscard]] FileOpening open_file(const Secrets& secrets, const std::string& name);

[[nodiscard]] std::string secrets_text(const Secrets& secrets);
[[nodiscard]] std::string opening_text(const TileOpening& opening);
[[nodiscard]] std::string opening_text(const FileOpening& opening);

using Opening = std::variant<TileOpening, FileOpening>;

/// @param name  of the file, for messages
/// @throws InputError  at the line: another format, a value that is missing or of another kind
[[nodiscard]] Secrets parse_secrets(std::string_view text, const std::string& name);
[[nodiscard]] Opening parse_opening(std::string_view text, const std::string& name);

}  // namespace undulith::provenance
