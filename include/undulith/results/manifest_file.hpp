// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/io/files.hpp"
#include "undulith/job/job.hpp"
#include "undulith/provenance/manifest.hpp"

namespace undulith::results {

using Jobs = std::vector<std::reference_wrapper<const job::Job>>;

/// What is known of results before they are moved to `target`.
/// @param jobs   that gave them; the first is the one of the manifest, files are recorded of all of them
/// @param folder, names   where they lie now, and their names
/// @param further_inputs  files that the command line named
/// @throws InputError  a file that a job names is gone by now
/// Cost: hashing the files that the jobs name and the results (2 GB/s).
[[nodiscard]] provenance::Manifest manifest_of(std::string_view command, const Jobs& jobs,
                                               const std::filesystem::path& target,
                                               const std::filesystem::path& folder,
                                               const std::vector<std::string>& names,
                                               const std::vector<std::filesystem::path>& further_inputs = {});

/// Adds manifest.json to a folder that is about to be committed, the last file of every command that writes a folder.
/// @returns  where it will be
std::filesystem::path add_manifest(const io::OutputFolder& folder, std::string_view command, const Jobs& jobs,
                                   const std::vector<std::filesystem::path>& further_inputs = {});

/// The words of the command line, for the manifests of this process. Call once from the program, before any work.
void set_command_line(std::vector<std::string> arguments);

}  // namespace undulith::results
