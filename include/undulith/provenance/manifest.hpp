// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "undulith/io/sha256.hpp"

/// Where results come from: what went into them, what came out, and who vouches for it.
namespace undulith::provenance {

/// The name of the file in a folder of results.
inline constexpr const char* kManifestName = "manifest.json";
/// The name of the job with every value in it.
inline constexpr const char* kJobName = "job.resolved.toml";

/// A file that went into the results: one that the job text of the manifest names, one that is read because it lies beside
/// such a file, or one that the command line named.
struct InputFile {
  std::string name;  ///< in the job text; else relative to the folder
  std::uint64_t n_bytes = 0;
  io::Sha256 sha256;
  std::string beside{};  ///< the name of the other file
};

/// A file of results. One that is withheld has a commitment instead of a hash: its content cannot be guessed and tried.
struct OutputFile {
  std::string name;           ///< relative to the folder, with '/'
  std::uint64_t n_bytes = 0;  ///< 0 when withheld
  io::Sha256 sha256;          ///< of the content; withheld: of a secret salt and the content
  bool withheld = false;
};

/// The result of a stage, named by all that it depends on (stages.hpp).
struct Stage {
  std::string name;
  std::vector<std::string> reads;  ///< names of earlier stages
  io::Sha256 id;

  friend bool operator==(const Stage&, const Stage&) = default;
};

/// In place of a layout that is not shown: the root of a tree over its tiles (tiles.hpp).
struct LayoutCommitment {
  double x0_nm = 0, y0_nm = 0;  ///< lower left corner of the first tile
  double tile_nm = 0;           ///< side of a tile
  int n_x = 0, n_y = 0;
  io::Sha256 root;

  [[nodiscard]] int n_tiles() const { return n_x * n_y; }
  friend bool operator==(const LayoutCommitment&, const LayoutCommitment&) = default;
};

/// Facts by name, in the order in which they are written.
using Facts = std::vector<std::pair<std::string, std::string>>;

/// What is known of a folder of results.
struct Manifest {
  std::string command;  ///< "run"
  std::string title;
  std::string version;                 ///< of Undulith
  Facts build;                         ///< compiler, libraries
  std::vector<std::string> arguments;  ///< of the command line
  std::string job;                     ///< TOML with every value; without the layout if that is concealed
  std::vector<InputFile> inputs;
  std::optional<LayoutCommitment> layout;
  std::vector<Stage> stages;
  std::vector<OutputFile> outputs;
  std::vector<std::pair<std::string, std::uint64_t>> seeds;  ///< by key
  std::vector<std::string> warnings;
  // What differs between two runs of one job:
  Facts made;                      ///< when, on what, in which time
  std::vector<std::string> steps;  ///< of the computation, each behind the time when it was finished
};

/// JSON; the same manifest gives the same bytes.
[[nodiscard]] std::string manifest_text(const Manifest& manifest);

/// @param name  of the file, for messages
/// @throws InputError  at the line: no JSON, another format, a value that is missing or of another kind, a name of an
///                     output that leaves the folder or stands twice, an unknown member
[[nodiscard]] Manifest parse_manifest(std::string_view text, const std::string& name);

/// parse_manifest() of a file of at most 64 MB.
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& path);

/// Whether a file begins as a manifest does, so that a command takes it for one and not for a job.
[[nodiscard]] bool is_manifest(const std::filesystem::path& path);

}  // namespace undulith::provenance
