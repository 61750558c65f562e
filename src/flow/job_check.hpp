#pragma once

#include <string_view>

#include "flow/keys_table.hpp"

/// What a job must satisfy beyond each key's own range.
namespace undulith::flow {

/// "metrology.gauge[2].x_nm" below the root, nullptr when it is not given. Array elements count from 1.
[[nodiscard]] const io::TomlNode* find_node(const io::TomlNode& root, std::string_view path);

/// Where a key is given; where it is not, the table that would hold it, or the beginning of the job.
[[nodiscard]] io::TomlLocation where_is(const io::TomlNode& root, std::string_view path);

/// Conditions between keys, and warnings about keys that have no effect.
void check_job(const Job& job, const io::TomlNode& root, JobScope scope, Faults& faults);

/// Files the job names: the layout must be readable; illuminator points and map are read into the job.
void load_files(Job& job, const io::TomlNode& root, Faults& faults);

}  // namespace undulith::flow
