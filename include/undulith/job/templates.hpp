// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

/// Jobs to start from: `undulith init TEMPLATE`.
namespace undulith::job {

struct JobTemplate {
  std::string name;
  std::string description;  ///< one line
  std::string text;         ///< of job.toml, with comments
};

/// All templates, the simplest first.
[[nodiscard]] const std::vector<JobTemplate>& job_templates();

/// The template of that name.
/// @throws InputError  no such template, with the names there are
[[nodiscard]] const JobTemplate& job_template(const std::string& name);

}  // namespace undulith::job
