#pragma once

#include "undulith/flow/job.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/metrology/metrology.hpp"

namespace undulith::flow {

/// What a job needs before its image is computed; cheap to make.
struct Prepared {
  layout::Clip clip;
  source::SourceOutput light;
  illuminator::PupilFill pupil_fill;
  imaging::ImagingPlan plan;
  std::vector<std::string> warnings;
};

/// @throws InputError  the plan takes more memory than there is
void require_memory(const imaging::ImagingPlan& plan, double available_mb);

/// Reads the layout (or the shapes of the job), makes the light and the lit pupil, and refuses what a later
/// stage would refuse.
/// @throws InputError  a parameter is out of range or does not fit the layout, too little memory
[[nodiscard]] Prepared prepare(const Job& job);

/// What every stage of a job gave.
struct Results {
  Prepared prepared;
  mask::Diffraction diffraction;
  imaging::AerialImage image;
  metrology::Measurement measurement;
};

/// All stages in order.
[[nodiscard]] Results compute(const Job& job, const Progress& progress);

}  // namespace undulith::flow
