// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// Is this installation sound? `undulith doctor`.
namespace undulith::program {

struct DoctorReport {
  std::string text;  ///< for people
  std::string json;
  bool passed = true;  ///< every self-test did
};

/// Versions of the program and of the libraries it runs on, and self-tests of those libraries: the residual
/// of an eigenproblem of size 200, the same bits from every thread, and Fourier transforms against a closed
/// form. Some builds of BLAS choose a faulty kernel on some processors, and nothing but a test shows it.
///
/// Cost: about 0.2 s.
[[nodiscard]] DoctorReport run_doctor();

}  // namespace undulith::program
