#include <memory>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/flow/materials_report.hpp"

namespace undulith::cli {
namespace {

struct MaterialsOptions {
  std::string name;
  double wavelength_nm = 13.5;
};

}  // namespace

Command make_materials_command(const GlobalOptions& global) {
  const auto options = std::make_shared<MaterialsOptions>();
  return {
      .name = "materials",
      .summary = "the built-in optical constants",
      .details = "",
      .options = {{"NAME", "", "one material in full, such as TaBN; all of them when absent", &options->name},
                  {"--wavelength-nm", "NM", "vacuum wavelength; default 13.5", &options->wavelength_nm}},
      .run = [&global, options] {
        const auto name = options->name.empty() ? std::nullopt : std::optional(options->name);
        const flow::Report report = flow::materials_report(name, options->wavelength_nm);
        print(with_newline(global.json ? report.json : report.text));
        return 0;
      }};
}

}  // namespace undulith::cli
