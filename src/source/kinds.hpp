#pragma once

#include <string>

#include "undulith/source/source.hpp"

/// One function for each kind of source; compute_source chooses.
namespace undulith::source {

[[nodiscard]] SourceOutput compute_undulator(const UndulatorParameters& parameters, double wavelength_nm);
[[nodiscard]] SourceOutput compute_lpp(const LppParameters& parameters, double wavelength_nm);

/// @throws InputError  "<key> = <value> (must be <range>); <advice>" unless good
void require(bool good, const std::string& key, double value, const char* range, const char* advice);

}  // namespace undulith::source
