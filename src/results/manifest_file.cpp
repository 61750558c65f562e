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

std::vector<std::string>& command_line() {
  static std::vector<std::string> arguments;
  return arguments;
}

// Of a layout what was read, though the file may be another one by now.
io::HashedFile content_of(const job::Job& job, const fs::path& path) {
  if (job.layout_content && job.layout_content->path == path)
    return {job.layout_content->size, job.layout_content->hash};
  return io::hash_file(path);
}

class Inputs {
 public:
  explicit Inputs(const fs::path& target) : target_(fs::absolute(target).lexically_normal()) {}

  void add(const std::string& name, const io::HashedFile& content, const std::string& beside = {}) {
    if (std::ranges::find(all, name, &provenance::InputFile::name) == all.end())
      all.push_back({name, content.n_bytes, content.sha256, beside});
  }
  void add(const fs::path& file) {
    const fs::path path = fs::absolute(file).lexically_normal(), relative = path.lexically_relative(target_);
    add((relative.empty() ? path : relative).generic_string(), io::hash_file(file));
  }
  std::vector<provenance::InputFile> all;

 private:
  fs::path target_;
};

std::vector<provenance::InputFile> inputs_of(const Jobs& jobs, const fs::path& target,
                                             const std::vector<fs::path>& further) {
  Inputs inputs(target);
  for (const job::Job& job : jobs)
    for (const job::NamedFile& file : job::named_files(job, target))
      inputs.add(file.name, content_of(job, file.path), file.beside);
  for (const fs::path& file : further) inputs.add(file);
  return std::move(inputs.all);
}

}  // namespace

provenance::Manifest manifest_of(std::string_view command, const Jobs& jobs, const fs::path& target,
                                 const fs::path& folder, const std::vector<std::string>& names,
                                 const std::vector<fs::path>& further_inputs) {
  const job::Job& job = jobs.front();
  provenance::Manifest out{.command = std::string(command),
                           .title = job.title,
                           .version = kVersion,
                           .build = build_facts(),
                           .arguments = command_line(),
                           .job = job::resolved_job(job, target),
                           .inputs = inputs_of(jobs, target, further_inputs),
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

void set_command_line(std::vector<std::string> arguments) {
  command_line() = std::move(arguments);
}

fs::path add_manifest(const io::OutputFolder& folder, std::string_view command, const Jobs& jobs,
                      const std::vector<fs::path>& further_inputs) {
  const std::vector<std::string> names = folder.names();
  const fs::path path = folder.file(provenance::kManifestName);
  io::write_atomic(path, provenance::manifest_text(manifest_of(command, jobs, folder.target(),
                                                               path.parent_path(), names, further_inputs)));
  return folder.target() / provenance::kManifestName;
}

}  // namespace undulith::results
