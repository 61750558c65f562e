// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "undulith/imaging/imaging.hpp"

/// What all timings share: the clip, the source, the clock and the rows of the table.
namespace undulith::benchmark {

inline constexpr double kNa = 0.33, kWavelengthNm = 13.5;

/// Processor time of this process.
[[nodiscard]] double cpu_s();

/// Peak resident memory since the last reset; Linux counts both in /proc.
void reset_peak_memory();
[[nodiscard]] double peak_memory_mb();

/// Horizontal metal tracks, 18 nm on 36 nm pitch, cut at random places into segments with gaps of 18 to 60
/// nm.
[[nodiscard]] layout::Clip metal_tracks(double size_nm);

/// Annulus 0.5 .. 0.9: 1036 points on a lattice of 1/1000 nm, whatever the clip; unpolarised.
[[nodiscard]] illuminator::PupilFill annulus();

/// Binary thin mask of the clip, with all orders that the optics can use.
[[nodiscard]] mask::Diffraction diffraction_of(const layout::Clip& clip, const illuminator::PupilFill& fill);

/// 1 nm output, scalar without obliquity (as the full-resolution codes), or vector.
[[nodiscard]] imaging::ImagingParameters optics_of(imaging::FieldModel model);

[[nodiscard]] double largest_difference(std::span<const double> a, std::span<const double> b);

struct Row {
  std::string name;
  double seconds, error, memory_mb;
  std::string remark;
};
/// @param reference_s  time to which the speed is relative
void print(const Row& row, double reference_s);

/// A claim about ratios of the rows.
struct Requirement {
  std::string text;
  bool met = false;
};

/// Image of a clip by full-resolution Abbe and SOCS and by Undulith, engine_rows() included.
[[nodiscard]] std::vector<Requirement> imaging_rows();

/// Rows of the engine's other modes against its own Abbe sum and the full-resolution SOCS.
/// @param reference_s  of the table;  @param full_socs_s  24 kernels at full resolution
[[nodiscard]] std::vector<Requirement> engine_rows(double reference_s, double full_socs_s);

/// Maps of an undulator with emittance and energy spread against their definition; a table of their own.
[[nodiscard]] std::vector<Requirement> source_rows();

/// Resist films from image to profile, focus-exposure matrices, a realisation of the noise; a table of their
/// own.
[[nodiscard]] std::vector<Requirement> resist_rows();

/// Thick masks: error and time against the number of orders; a table of their own.
[[nodiscard]] std::vector<Requirement> mask_rows();

}  // namespace undulith::benchmark
