// SPDX-License-Identifier: MIT
#pragma once

/// Marks a function of plain loops to be compiled for several vector widths. The widest that the processor
/// supports is chosen at run time. Without contraction of products and sums (-ffp-contract=off) element-wise
/// loops give the same bits in every version.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define UNDULITH_SIMD_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define UNDULITH_SIMD_CLONES
#endif
