// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "undulith/flow/stages.hpp"

/// What the summary of a run and the report of a check have in common: the job and its stages before the image.
namespace undulith::results {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json head_json(const job::ReadJob& read);
[[nodiscard]] Json source_json(const source::SourceOutput& light);
[[nodiscard]] Json illuminator_json(const illuminator::PupilFill& fill);
[[nodiscard]] Json clip_json(const layout::Clip& clip);
[[nodiscard]] Json imaging_json(const flow::Prepared& prepared);

/// Of reading the job and of its stages.
[[nodiscard]] std::vector<std::string> all_warnings(const job::ReadJob& read, const flow::Prepared& prepared);

}  // namespace undulith::results
