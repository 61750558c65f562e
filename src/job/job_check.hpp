// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "job/reading.hpp"
#include "undulith/job/job.hpp"
#include "undulith/job/locate.hpp"

/// What a job must satisfy beyond each key's own range.
namespace undulith::job {

/// Conditions between keys, and warnings about keys that have no effect.
void check_job(const Job& job, const io::TomlNode& root, JobScope scope, Faults& faults);

/// One quantity has one key; where two stages need it, it is copied.
void follow_other_keys(Job& job);

/// Reads the files the job names into the job; the layout only in the scope that needs it.
void load_files(Job& job, const io::TomlNode& root, JobScope scope, const io::FileReader& reader,
                Faults& faults);

}  // namespace undulith::job
