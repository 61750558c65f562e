// SPDX-License-Identifier: MIT
#pragma once

/// The request to stop, one for the process.
///
/// parallel_for and the progress of every command poll it; a loop without either that can last over a second
/// calls stop_if_requested() itself. A poll reads one atomic flag (about 1 ns).
namespace undulith {

/// From now on every poll throws. Safe in a signal handler and on any thread.
void request_stop() noexcept;

[[nodiscard]] bool stop_requested() noexcept;

/// @throws Interrupted  after request_stop()
void stop_if_requested();

/// The gentle request, for work of many parts that each leave something: no further part begins, those that have begun
/// finish. Nothing polls it but the loops over such parts. Safe in a signal handler and on any thread.
void request_finish() noexcept;

[[nodiscard]] bool finish_requested() noexcept;

}  // namespace undulith
