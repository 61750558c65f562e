// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

/// The errors. A message reads: what is wrong (why); what to do.
/// Only the command line turns an error into an exit code.
namespace undulith {

/// Base class of every error that Undulith throws on purpose.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Something that the user can correct: a job, an argument, an input file. Exit code 2.
class InputError final : public Error {
 public:
  using Error::Error;
};

/// A computation that cannot give a reliable number. Exit code 3.
class NumericalError final : public Error {
 public:
  using Error::Error;
};

/// The system refused to write, or to allocate memory. Exit code 4.
class IoError final : public Error {
 public:
  using Error::Error;
};

/// The user asked to stop. Exit code 130.
class Interrupted final : public Error {
 public:
  using Error::Error;
};

}  // namespace undulith
