// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/io/bytes.hpp"
#include "undulith/provenance/manifest.hpp"
#include "undulith/provenance/stages.hpp"

namespace undulith::test {

inline io::Sha256 hash_of(const std::string& text) {
  return io::sha256(io::bytes_of(text));
}

/// A job as job.resolved.toml is written, with two files.
inline const std::string kJob =
    "title = \"lines\"\n"
    "\n[layout]\nfile = \"../clip.gds\"\nlayer = 1\n"
    "\n[source]\nkind = \"undulator\"\nwavelength_nm = 13.5\n"
    "\n[source.beam]\nenergy_gev = 0.8\n"
    "\n[illuminator]\nsigma_outer = 0.8\n"
    "\n[mask]\ntone = \"dark_field\"\n"
    "\n[[mask.absorber]]\nmaterial = \"Ta.nff@16.6\"\n"
    "\n[imaging]\nna = 0.33\n"
    "\n[resist]\nmodel = \"threshold\"\n"
    "\n[metrology]\nthreshold = 0.3\n";

inline provenance::Manifest sample_manifest() {
  provenance::Manifest manifest{
      .command = "run",
      .title = "lines \"x\" <script>",
      .version = "1.2.3",
      .build = {{"compiler", "GNU 12"}},
      .arguments = {"run", "job.toml"},
      .job = kJob,
      .inputs = {{"../clip.gds", 12, hash_of("clip")}, {"Ta.nff", 3, hash_of("ta")}},
      .outputs = {{.name = "measurements.csv", .n_bytes = 7, .sha256 = hash_of("a,b\n1,2")},
                  {.name = "sub/image.npy", .sha256 = hash_of("x"), .withheld = true}},
      .seeds = {{"stochastics.seed", 7}},
      .warnings = {"a warning"},
      .made = {{"time_utc", "2026-01-01T00:00:00Z"}},
      .steps = {"0.1 s: source"}};
  manifest.stages = provenance::stages_of(manifest.version, manifest.job, manifest.inputs);
  return manifest;
}

}  // namespace undulith::test
