// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"
#include "undulith/mask/parameters.hpp"

/// Keys of the mask tables of a job: name, unit, range, default and meaning of each parameter.
/// The stage checks its parameters by these; `job` maps them to the job file.
namespace undulith::mask {

[[nodiscard]] const Keys<MaskParameters>& mask_keys();        ///< [mask]
[[nodiscard]] const Keys<FilmStack>& stack_keys();            ///< [mask.stack]
[[nodiscard]] const Keys<FilmLayer>& absorber_keys();         ///< [[mask.absorber]]
[[nodiscard]] const Keys<optics::MaterialFilm>& film_keys();  ///< [[mask.film]]
[[nodiscard]] const Keys<SolverParameters>& solver_keys();    ///< [mask.solver]
[[nodiscard]] const Keys<Pellicle>& pellicle_keys();          ///< [mask.pellicle]
[[nodiscard]] const Keys<MaskDefect>& defect_keys();          ///< [[mask.defect]]

/// @throws InputError  a value outside of the range of its key
void check_ranges(const MaskParameters& parameters);

}  // namespace undulith::mask
