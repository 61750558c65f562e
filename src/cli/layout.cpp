// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <memory>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/program/layout_report.hpp"

namespace undulith::cli {
namespace {

struct LayoutOptions {
  std::string file, cell;
  layout::PictureScale picture;
  layout::ReadLimits limits;
};

}  // namespace

Command make_layout_command(const GlobalOptions& global) {
  const auto options = std::make_shared<LayoutOptions>();
  return {
      .name = "layout",
      .summary = "list what a layout file contains: cells, layers, areas, bounding boxes",
      .details = "",
      .options =
          {{.names = "FILE",
            .value = "",
            .help = "layout: GDSII, OASIS, glp or PNG",
            .target = &options->file,
            .required = true,
            .completion = Completion::file},
           {"--cell", "NAME", "summarise the layers of this cell; default: every top cell", &options->cell},
           {"--pixel-nm", "NM", "side of a pixel of a PNG at wafer scale", &options->picture.pixel_nm},
           {"--grey-threshold", "SHARE",
            fmt::format("pixels of at least this brightness are drawn shapes; default {}",
                        options->picture.grey_threshold),
            &options->picture.grey_threshold},
           {"--memory-mb", "MB",
            "memory that the shapes may take; default: 64, or 16 times the file if that is more",
            &options->limits.memory_mb},
           {"--unfold-mb", "MB",
            "size to which compressed data and repetitions may unfold; default: 64, or 64 times the file",
            &options->limits.unfold_mb}},
      .run = [&global, options] {
        const auto cell = options->cell.empty() ? std::nullopt : std::optional(options->cell);
        const program::LayoutReport report =
            program::report_layout(options->file, cell, options->picture, options->limits);
        print(with_newline(global.json ? program::layout_json(report) : program::layout_text(report)));
        return 0;
      }};
}

}  // namespace undulith::cli
