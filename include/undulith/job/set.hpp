// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "undulith/core/key.hpp"
#include "undulith/job/job.hpp"

/// Values of a job by the names of their keys, without a detour through text: for fits, solvers and sweeps.
namespace undulith::job {

/// set(job, "resist.blur.sigma_nm", 3.2), set(job, "metrology.gauge[2].x_nm", 40.0).
///
/// The job is then as if its file had said so: the value is checked against the key, keys that follow from it
/// are set, and files are read again when the key decides how. Conditions between keys are left to check().
/// An integer key takes a double that is a whole number. imaging.accuracy is a choice of defaults, made when a
/// job is read: it cannot be set.
/// @param name         in full; elements of arrays count from 1
/// @throws InputError  no such key or element ("did you mean"), a value of another type or outside of the
///                     range; the job is unchanged
/// Cost: microseconds, unless a file is read.
void set(Job& job, std::string_view name, const KeyValue& value);

/// The value of a key.
/// @throws InputError  no such key or element
[[nodiscard]] KeyValue value_of(const Job& job, std::string_view name);

/// The same for a number; an integer counts as one.
/// @throws InputError  no such key or element; not a number, or absent
[[nodiscard]] double number_of(const Job& job, std::string_view name);

/// Refuses a job whose keys do not go together, as reading it would.
/// @throws InputError  with all errors at once
void check(const Job& job, JobScope scope = JobScope::whole);

}  // namespace undulith::job
