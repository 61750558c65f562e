// SPDX-License-Identifier: MIT
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/job/templates.hpp"

namespace undulith::cli {
namespace {

struct InitOptions {
  std::string name, file;
  bool force = false;
};

void write_new(const std::string& file, const std::string& text, bool force) {
  // "x": never overwrite a file that was created in the meantime.
  std::FILE* stream = std::fopen(file.c_str(), force ? "w" : "wx");
  if (stream == nullptr && errno == EEXIST)
    throw InputError(
        fmt::format("{} cannot be written (it exists already); choose another name or add --force", file));
  if (stream == nullptr)
    throw IoError(fmt::format("{} cannot be written ({}); choose another place", file, std::strerror(errno)));
  const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  if (std::fclose(stream) != 0 || !written)
    throw IoError(fmt::format("{} could not be written completely ({}); free some disk space", file,
                              std::strerror(errno)));
}

std::string list_of_templates(bool json) {
  nlohmann::ordered_json document = {{"templates", nlohmann::ordered_json::array()}};
  std::string text = "Templates:\n";
  for (const job::JobTemplate& entry : job::job_templates()) {
    text += fmt::format("  {:<24} {}\n", entry.name, entry.description);
    document["templates"].push_back({{"name", entry.name}, {"description", entry.description}});
  }
  return json ? document.dump(2) + "\n" : text + "Start with: undulith init NAME -o job.toml\n";
}

int init(const GlobalOptions& global, const InitOptions& options) {
  if (options.name.empty()) {
    print(list_of_templates(global.json));
    return 0;
  }
  const job::JobTemplate& chosen = job::job_template(options.name);
  if (!options.file.empty()) {
    write_new(options.file, chosen.text, options.force);
    if (!global.quiet)
      std::fputs(printable_lines(fmt::format("wrote {0}; next: undulith run {0}\n", options.file)).c_str(),
                 stderr);
  }
  if (global.json) {
    nlohmann::ordered_json document = {{"name", chosen.name}, {"description", chosen.description}};
    if (options.file.empty())
      document["text"] = chosen.text;
    else
      document["file"] = options.file;
    print(document.dump(2) + "\n");
  } else if (options.file.empty()) {
    print(chosen.text);
  }
  return 0;
}

}  // namespace

Command make_init_command(const GlobalOptions& global) {
  const auto options = std::make_shared<InitOptions>();
  std::vector<std::string> names;
  for (const job::JobTemplate& entry : job::job_templates()) names.push_back(entry.name);
  return {.name = "init",
          .summary = "start a job from a template; without a name, list the templates",
          .details = "",
          .options = {{.names = "TEMPLATE",
                       .value = "",
                       .help = "name of the template",
                       .target = &options->name,
                       .completion = Completion::nothing,
                       .choices = names},
                      {.names = "-o,--out",
                       .value = "FILE",
                       .help = "write the job to this file instead of standard output",
                       .target = &options->file,
                       .completion = Completion::file},
                      {"-f,--force", "", "replace an existing file", &options->force}},
          .run = [&global, options] { return init(global, *options); }};
}

}  // namespace undulith::cli
