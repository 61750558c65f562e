// SPDX-License-Identifier: MIT
#pragma once

// Included before Highway by every file that is compiled for several vector widths.
// Arrays of vectors need vectors whose size the compiler knows; SSSE3 alone is too rare to be worth its code.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
