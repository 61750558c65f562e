// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace undulith::provenance {

/// Something that an audit has looked at.
struct Finding {
  /// note: could not be checked, or nothing that must hold
  enum class Kind { good, note, broken };
  Kind kind = Kind::good;
  std::string link;  ///< "signature", "image", "outputs" ...
  std::string text;
};

using Findings = std::vector<Finding>;

/// The first that is broken; nullptr if none is.
[[nodiscard]] inline const Finding* first_broken(const Findings& findings) {
  const auto found = std::ranges::find(findings, Finding::Kind::broken, &Finding::kind);
  return found == findings.end() ? nullptr : &*found;
}

}  // namespace undulith::provenance
