#include <memory>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/flow/layout_report.hpp"

namespace undulith::cli {
namespace {

struct LayoutOptions {
  std::string file, cell;
};

}  // namespace

Command make_layout_command(const GlobalOptions& global) {
  const auto options = std::make_shared<LayoutOptions>();
  return {.name = "layout",
          .summary = "what a layout file holds: cells, layers, areas, boxes",
          .details = "",
          .options = {{.names = "FILE",
                       .value = "",
                       .help = "layout: GDSII, OASIS or glp",
                       .target = &options->file,
                       .required = true,
                       .completion = Completion::file},
                      {"--cell", "NAME", "sum up the layers of this cell; default every top cell",
                       &options->cell}},
          .run = [&global, options] {
            const auto cell = options->cell.empty() ? std::nullopt : std::optional(options->cell);
            const flow::LayoutReport report = flow::report_layout(options->file, cell);
            print(with_newline(global.json ? flow::layout_json(report) : flow::layout_text(report)));
            return 0;
          }};
}

}  // namespace undulith::cli
