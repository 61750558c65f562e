// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// The table of job keys (job/keys.hpp) for people and for editors, and the terms of the field (job/terms.hpp).
namespace undulith::job {

/// What a key of the job file means: type, unit, range, default, where the default comes from, one line of
/// documentation. For a table its keys, for a term its meaning, for an empty name all tables.
/// @param name  "imaging.na", "imaging", "metrology.gauge", "NILS" or ""
/// @return      plain text, lines end in '\n'
/// @throws InputError  no such key, table or term, with "did you mean"
[[nodiscard]] std::string explain(const std::string& name = {});

/// The same as one JSON document: {"tables": [{"name", "array", "doc", "keys": [{"name", "type", ...}]}]}, or
/// {"terms": [{"name", "meaning", "where"}]}.
/// @throws InputError  as explain
[[nodiscard]] std::string explain_json(const std::string& name = {});

/// JSON Schema (draft 2020-12) of the job file, for editors that complete and check TOML.
[[nodiscard]] std::string job_schema();

/// The reference of all keys as Markdown: docs/guide/job-keys.md.
[[nodiscard]] std::string job_key_guide();

}  // namespace undulith::job
