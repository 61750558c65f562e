#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Every key of the job file, registered once: reading, messages, `undulith explain`, the resolved job, the
/// JSON Schema and the guide's tables all come from here.
namespace undulith::job {

struct Job;

/// number, integer, text; choice: one of a list of words; numbers: an array of numbers; complex: a number or
/// [real, imaginary]; file: the name of a file.
enum class KeyType { number, integer, text, choice, numbers, complex, file };

/// Where a default value comes from.
enum class Origin {
  measured,   ///< a published measurement or a specification
  derived,    ///< follows from other numbers
  assumed,    ///< a plausible value: change it if you know better
  convention  ///< a choice of notation or of what to show; no physics hangs on it
};

/// Values that a key takes; ends may be open or closed, infinite or finite.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;

  [[nodiscard]] bool contains(double value) const;
  /// "> 0", "in (0, 1]"; empty when there is no limit.
  [[nodiscard]] std::string text() const;
};

struct KeyInfo {
  std::string name{};  ///< without the table: "na"
  std::string unit{};  ///< "nm"; empty for pure numbers and words
  Range range{};       ///< of the number, of the modulus for complex
  Origin origin = Origin::convention;
  std::string why{};      ///< reason or citation of the default
  std::string doc{};      ///< one sentence
  std::string advice{};   ///< "use 0.33 or 0.55": ends a message about a bad value; may be empty
  bool required = false;  ///< must be given in every table of its array
  KeyType type = KeyType::number;
  std::vector<std::string> choices{};  ///< type = choice
  std::string default_value{};         ///< in TOML; empty when required or absent by default
};

/// A table of the job file, or (array) the kind of table of an array: [[mask.absorber]].
struct TableInfo {
  std::string name;  ///< "mask.stack"; empty for keys above the first table
  bool array = false;
  std::string doc;
  std::vector<KeyInfo> keys;
};

/// All tables, in the order in which a resolved job writes them.
[[nodiscard]] const std::vector<TableInfo>& job_tables();

/// "mask" + "edge_bias_nm" -> "mask.edge_bias_nm".
[[nodiscard]] std::string full_name(std::string_view table, std::string_view key);

/// Whether the job looks at a table: [source.undulator] is used where source.kind says so.
[[nodiscard]] bool is_table_used(const Job& job, std::string_view table);

/// "imaging.na" -> its entry; nullptr when there is none.
[[nodiscard]] const KeyInfo* find_key(std::string_view full_name);

[[nodiscard]] std::string_view name_of(KeyType type);
[[nodiscard]] std::string_view name_of(Origin origin);

}  // namespace undulith::job
