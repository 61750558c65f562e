// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "layout/oasis/stream.hpp"

namespace undulith::layout::oasis {

/// The table of cell names. A number may be used before its name is defined.
class CellNames {
 public:
  /// Reads the rest of a CELLNAME record; a name without a number takes the next one.
  void read(OasisStream& stream, bool numbered);
  /// The name of a number, if it is known already.
  [[nodiscard]] std::optional<std::string> find(std::uint64_t number) const;
  [[nodiscard]] const std::map<std::uint64_t, std::string>& all() const { return names_; }

 private:
  std::map<std::uint64_t, std::string> names_;
  std::uint64_t next_ = 0;
  std::optional<bool> numbered_;
};

/// Skips records that draw nothing: TEXTSTRING, PROPNAME, PROPSTRING, LAYERNAME, XNAME, PROPERTY, XELEMENT.
/// @return  false if the record is none of these
[[nodiscard]] bool skip_record(OasisStream& stream, std::uint8_t record);

}  // namespace undulith::layout::oasis
