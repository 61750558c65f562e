// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Layouts of files of optical constants: those of Undulith, CXRO, IMD and refractiveindex.info.
namespace undulith::materials {

/// The rows of a file as it has them; ranges and order are not checked yet.
struct ConstantsRows {
  std::string abscissa, real, imaginary;  ///< names of the columns, for messages
  bool energy = false;                    ///< photon energies, else wavelengths
  bool deltas = false;                    ///< delta and beta, else n and k
  double unit = 1;                        ///< of the abscissa, in nm or eV
  struct Row {
    int line = 0;  ///< of the file
    double abscissa = 0, real = 0, imaginary = 0;
  };
  std::vector<Row> rows;
};

/// @throws InputError  with file and line: no table of numbers; columns that are not those of optical constants
[[nodiscard]] ConstantsRows read_constants(std::string_view text, const std::string& name);

/// Rows of an .nff file of Henke: f1 and f2 of one atom against the photon energy. Rows without f1 (-9999)
/// are left out.
struct FactorRow {
  double energy_ev = 0, f1 = 0, f2 = 0;
};
/// @throws InputError  with file and line: other columns, energies that do not ascend, f2 that is not > 0,
///                     fewer than two rows with f1
[[nodiscard]] std::vector<FactorRow> read_factors(std::string_view text, const std::string& name);

}  // namespace undulith::materials
