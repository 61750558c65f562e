// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/job/job.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/study/process_window.hpp"

/// A process window as tables, JSON and pictures.
namespace undulith::results {

/// One line per gauge, depth of focus at each latitude, and the best dose and focus.
[[nodiscard]] std::string window_text(const study::WindowStudy& study);
[[nodiscard]] std::string window_json(const job::ReadJob& read, const study::WindowStudy& study);

/// The tables and pictures that docs/formats/results.md lists for undulith window, except window.txt and
/// window.json.
void write_window(ResultWriter& writer, const study::WindowStudy& study);

}  // namespace undulith::results
