// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/provenance/manifest.hpp"

namespace undulith::provenance {

/// The stages of a job in the order of the light: light, pupil, layout, mask, image, resist, measurements.
///
/// The id of a stage is the SHA-256 hash of its name, the version of the program, the ids of the stages that it reads, and
/// its tables of the job text, in which names of files are replaced by the hashes of what they contain, with the hashes of
/// files that the text does not name. Two jobs whose
/// light, mask or image comes from the same parameters have the same id of that stage.
/// @param job     the text of job.resolved.toml: every value, one table after the other
/// @param inputs  the files that it names
/// @param layout  takes the place of the layout's tables and file
/// Cost: hashing the text.
[[nodiscard]] std::vector<Stage> stages_of(std::string_view version, std::string_view job,
                                           const std::vector<InputFile>& inputs,
                                           const std::optional<LayoutCommitment>& layout = {});

/// The job text without what names or places shapes: the tables of the layout stage, and those of a sweep.
[[nodiscard]] std::string without_layout(std::string_view job);

/// Whether the job text names a file.
[[nodiscard]] bool names_file(std::string_view job, const std::string& file);

/// The job text with another name for a file.
[[nodiscard]] std::string with_other_name(std::string job, const std::string& file, const std::string& name);

/// The stage that a file belongs to: the one whose tables name it, or the file that it lies beside; measurements for a file
/// of the command line.
[[nodiscard]] std::string stage_of(std::string_view job, const InputFile& file);

/// Whether a table of the job belongs to a stage; the head of the file ("") and unknown tables do not.
[[nodiscard]] bool belongs_to_a_stage(std::string_view table);

}  // namespace undulith::provenance
