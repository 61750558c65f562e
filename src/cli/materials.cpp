// SPDX-License-Identifier: MIT
#include <memory>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/core/error.hpp"
#include "undulith/program/materials_report.hpp"

namespace undulith::cli {
namespace {

struct MaterialsOptions {
  std::string name;
  double wavelength_nm = 13.5, step_nm = 0.05;
  std::optional<double> from_nm, to_nm;
};

std::string output(const MaterialsOptions& options, bool json) {
  if (options.from_nm || options.to_nm) {
    if (options.name.empty() || !options.from_nm || !options.to_nm)
      throw InputError(
          "--from-nm or --to-nm alone (together they print one material as CSV); give NAME and both options");
    if (json) throw InputError("--json with --from-nm (a range is printed as CSV); give only one of them");
    return program::materials_csv(options.name, *options.from_nm, *options.to_nm, options.step_nm);
  }
  const auto name = options.name.empty() ? std::nullopt : std::optional(options.name);
  const program::Report report = program::materials_report(name, options.wavelength_nm);
  return json ? report.json : report.text;
}

}  // namespace

Command make_materials_command(const GlobalOptions& global) {
  const auto options = std::make_shared<MaterialsOptions>();
  return {
      .name = "materials",
      .summary = "optical constants of the built-in materials, of a formula or of a table",
      .details =
          "With --from-nm and --to-nm: prints n and k against wavelength as CSV. A job can use that file as "
          "a material.",
      .options =
          {{"NAME", "",
            "material: TaBN, Ta2O5@8.2 (formula and density in g/cm3) or film.csv; without it, the library",
            &options->name},
           {"--wavelength-nm", "NM", "vacuum wavelength; default 13.5", &options->wavelength_nm},
           {"--from-nm", "NM", "first wavelength of the CSV", &options->from_nm},
           {"--to-nm", "NM", "last wavelength of the CSV", &options->to_nm},
           {"--step-nm", "NM", "step between the rows of the CSV; default 0.05", &options->step_nm}},
      .run = [&global, options] {
        print(with_newline(output(*options, global.json)));
        return 0;
      }};
}

}  // namespace undulith::cli
