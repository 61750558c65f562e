// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/core/error.hpp"
#include "undulith/job/explain.hpp"

namespace undulith::cli {
namespace {

struct ExplainOptions {
  std::string key;
  bool schema = false, guide = false;
};

int explain(const GlobalOptions& global, const ExplainOptions& options) {
  if (options.schema && options.guide)
    throw InputError("--schema with --guide (only one can be printed); give only one of them");
  if (options.schema)
    print(with_newline(job::job_schema()));
  else if (options.guide)
    print(job::job_key_guide());
  else
    print(with_newline(global.json ? job::explain_json(options.key) : job::explain(options.key)));
  return 0;
}

}  // namespace

Command make_explain_command(const GlobalOptions& global) {
  const auto options = std::make_shared<ExplainOptions>();
  return {
      .name = "explain",
      .summary =
          "describe a key or table of the job (unit, range, default and its source), or a term of the field",
      .details = "",
      .options = {{"KEY", "", "for example imaging.na, mask.stack or NILS; without it, all tables",
                   &options->key},
                  {"--schema", "", "print the JSON Schema of the job file, for editors", &options->schema},
                  {"--guide", "", "print the reference of all keys as Markdown", &options->guide}},
      .run = [&global, options] { return explain(global, *options); }};
}

}  // namespace undulith::cli
