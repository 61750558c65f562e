// SPDX-License-Identifier: MIT
// The TOML reader and all that is checked in a job. A job may name files: those of its own folder only, which has none.
#include <optional>

#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/toml.hpp"
#include "undulith/job/job.hpp"
#include "undulith/job/set.hpp"
#include "undulith/resist/resist.hpp"

using namespace undulith;

namespace {

/// A name with a folder could be any file of the machine.
bool may_leave_the_folder(std::string_view text) {
  return text.find_first_of("/\\") != std::string_view::npos || text.find("..") != std::string_view::npos;
}

std::string resolved(const job::Job& job) {
  return job::resolved_job(job, InputFile::folder());
}

void check(const job::ReadJob& read) {
  // Reading has refused what check() refuses, and the resolved job is the same job.
  job::check(read.job);
  const std::string text = resolved(read.job);
  const InputFile again(std::as_bytes(std::span(text)), "resolved.toml");
  const job::ReadJob second = job::read_job(again.path());
  require(resolved(second.job) == text, "a resolved job is read again");
  require(job::job_hash(second.job) == job::job_hash(read.job), "a resolved job has the hash of the job");
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  try {
    (void)io::parse_toml(text_of(bytes), "input");
  } catch (const InputError&) {
    return;
  }
  if (may_leave_the_folder(text_of(bytes))) return;
  const InputFile file(bytes, "job.toml");
  for (const job::JobScope scope : {job::JobScope::whole, job::JobScope::light, job::JobScope::mirror}) {
    std::optional<job::ReadJob> read;
    try {
      read = job::read_job(file.path(), {}, scope);
    } catch (const InputError&) {
      continue;
    }
    try {
      if (scope == job::JobScope::whole) check(*read);
    } catch (const InputError& error) {
      throw std::logic_error(error.what());
    }
    try {
      resist::check_parameters(read->job.resist, read->job.stochastics);
    } catch (const InputError&) {
    }
  }
}
