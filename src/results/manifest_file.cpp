// SPDX-License-Identifier: MIT
#include "undulith/results/manifest_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "undulith/core/log.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/process.hpp"
#include "undulith/core/version.hpp"
#include "undulith/math/vector_width.hpp"
#include "undulith/provenance/stages.hpp"
#include "undulith/provenance/time.hpp"
#include "undulith/results/build_facts.hpp"

namespace undulith::results {
namespace {

namespace fs = std::filesystem;

// Of a layout what was read, though the file may be another one by now.
io::HashedFile content_of(const job::Job& job, const fs::path& path) {
  if (job.layout_content && job.layout_content->path == path && job.layout_content->is_kept())
    return {job.layout_content->size, io::sha256(job.layout_content->bytes)};
  return io::hash_file(path);
}

std::vector<provenance::InputFile> inputs_of(const Jobs& jobs, const fs::path& target) {
  std::vector<provenance::InputFile> inputs;
  for (const job::Job& job : jobs)
    for (const job::NamedFile& file : job::named_files(job, target)) {
      if (std::ranges::find(inputs, file.name, &provenance::InputFile::name) != inputs.end()) continue;
      const io::HashedFile content = content_of(job, file.path);
      inputs.push_back({file.name, content.n_bytes, content.sha256});
    }
  return inputs;
}

}  // namespace

provenance::Manifest manifest_of(std::string_view command, const Jobs& jobs, const fs::path& target,
                                 const fs::path& folder, const std::vector<std::string>& names) {
  const job::Job& job = jobs.front();
  provenance::Manifest out{.command = std::string(command),
                           .title = job.title,
                           .version = kVersion,
                           .build = build_facts(),
                           .job = job::resolved_job(job, target),
                           .inputs = inputs_of(jobs, target),
                           .seeds = {{"stochastics.seed", static_cast<std::uint64_t>(job.stochastics.seed)}}};
  std::erase_if(out.build, [](const auto& fact) {  // these differ between two runs
    return fact.first == "threads" || fact.first == "vector_width";
  });
  out.stages = provenance::stages_of(out.version, out.job, out.inputs);
  for (const std::string& name : names) {
    const io::HashedFile file = io::hash_file(folder / name);
    out.outputs.push_back({.name = name, .n_bytes = file.n_bytes, .sha256 = file.sha256});
  }
  for (const log::Message& message : log::history()) {
    if (message.level == log::Level::warning)
      out.warnings.push_back(message.text);
    else
      out.steps.push_back(fmt::format("{:.3f} s: {}", message.wall_s, message.text));
  }
  out.made = {{"time_utc", provenance::utc_now()},
              {"wall_s", fmt::format("{:.3f}", process_wall_s())},
              {"cpu_s", fmt::format("{:.3f}", process_cpu_s())},
              {"peak_memory_mb", fmt::format("{:.0f}", process_peak_memory_mb())},
              {"threads", std::to_string(thread_count())},
              {"vector_width", math::vector_width()}};
  return out;
}

fs::path add_manifest(const io::OutputFolder& folder, std::string_view command, const Jobs& jobs) {
  const std::vector<std::string> names = folder.names();
  const fs::path path = folder.file(provenance::kManifestName);
  io::write_atomic(path, provenance::manifest_text(
                             manifest_of(command, jobs, folder.target(), path.parent_path(), names)));
  return folder.target() / provenance::kManifestName;
}

}  // namespace undulith::results
