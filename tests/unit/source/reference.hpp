// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "undulith/source/undulator.hpp"

/// The reference undulators and the tables of tests/reference/source.
namespace undulith::source::reference {

/// 430 MeV, 16 mm, 200 periods; harmonic 1 at 13.5 nm.
inline Undulator u1() {
  const double gamma = lorentz_factor(0.43);
  return {.gamma = gamma,
          .beam_current_a = 0.15,
          .period_mm = 16,
          .n_periods = 200,
          .deflection_k = deflection_k_for(13.5, gamma, 16, 1)};
}

/// 800 MeV, 28 mm, 100 periods; harmonic 1 at 13.5 nm.
inline Undulator u3() {
  const double gamma = lorentz_factor(0.8);
  return {.gamma = gamma,
          .beam_current_a = 0.3,
          .period_mm = 28,
          .n_periods = 100,
          .deflection_k = deflection_k_for(13.5, gamma, 28, 1)};
}

/// Rows of numbers of a table; with `only`, those whose first column is that name, without it.
inline std::vector<std::vector<double>> read_table(const std::string& name, const std::string& only = "") {
  std::ifstream file(UNDULITH_SOURCE_DIR "/tests/reference/source/" + name);
  if (!file) throw std::runtime_error("missing reference table " + name);
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    std::vector<double> row;
    if (!only.empty()) {
      std::getline(cells, cell, ',');
      if (cell != only) continue;
    }
    while (std::getline(cells, cell, ',')) row.push_back(std::stod(cell));
    rows.push_back(row);
  }
  return rows;
}

}  // namespace undulith::source::reference
