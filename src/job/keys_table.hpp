#pragma once

#include <complex>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "undulith/io/toml.hpp"
#include "undulith/job/job.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/materials/optical_table.hpp"

/// How one line of the table of keys becomes a reader and a writer of one struct member.
namespace undulith::job {

/// All that is wrong with a job, gathered so that its author sees it at once.
class Faults {
 public:
  void error(const std::string& key, const io::TomlLocation& where, const std::string& message);
  void warning(const io::TomlLocation& where, const std::string& message);

  /// Whether this key (or one below it) has an error already: what follows from it need not be told.
  [[nodiscard]] bool has(std::string_view key) const;
  /// All warnings, in the order of the text.
  [[nodiscard]] std::vector<std::string> warnings() const;
  /// @throws InputError  with all errors, in the order of the text, when there are any
  void throw_if_any() const;

 private:
  struct Entry {
    io::TomlLocation where;
    std::string text;
  };
  static void sort(std::vector<Entry>& entries);

  std::vector<Entry> errors_, warnings_;
  std::set<std::string, std::less<>> keys_;
};

/// The key that is being read, and where to complain.
struct Reading {
  const KeyInfo& key;
  std::string name;  ///< in full: "metrology.gauge[2].x_nm"
  Faults& faults;
};

/// How file names are written: relative to a folder, or reduced to their last part.
using FileNames = std::function<std::string(const std::string&)>;

/// Value of a node, or nothing after a complaint.
template <class T>
[[nodiscard]] std::optional<T> read_value(const io::TomlNode& node, const Reading& reading);
template <>
std::optional<double> read_value(const io::TomlNode& node, const Reading& reading);
template <>
std::optional<int> read_value(const io::TomlNode& node, const Reading& reading);
template <>
std::optional<std::string> read_value(const io::TomlNode& node, const Reading& reading);
template <>
std::optional<std::vector<double>> read_value(const io::TomlNode& node, const Reading& reading);
template <>
std::optional<std::complex<double>> read_value(const io::TomlNode& node, const Reading& reading);
template <>
std::optional<std::optional<double>> read_value(const io::TomlNode& node, const Reading& reading);
template <>
std::optional<std::optional<std::complex<double>>> read_value(const io::TomlNode& node,
                                                              const Reading& reading);
/// Place of the word in key.choices.
[[nodiscard]] std::optional<std::size_t> read_choice(const io::TomlNode& node, const Reading& reading);
/// File name, made absolute from the folder of the text it stands in.
[[nodiscard]] std::optional<std::string> read_file_name(const io::TomlNode& node, const Reading& reading);

/// Name of a material; that of a table is a file name.
[[nodiscard]] std::optional<std::string> read_material_name(const io::TomlNode& node, const Reading& reading);

/// TOML of a value; an absent one has none.
[[nodiscard]] std::optional<std::string> write_value(double value);
[[nodiscard]] std::optional<std::string> write_value(int value);
[[nodiscard]] std::optional<std::string> write_value(const std::string& value);
[[nodiscard]] std::optional<std::string> write_value(const std::vector<double>& value);
[[nodiscard]] std::optional<std::string> write_value(const std::complex<double>& value);
[[nodiscard]] std::optional<std::string> write_value(const std::optional<double>& value);
[[nodiscard]] std::optional<std::string> write_value(const std::optional<std::complex<double>>& value);

template <class T>
inline constexpr KeyType kKeyType = KeyType::number;
template <>
inline constexpr KeyType kKeyType<int> = KeyType::integer;
template <>
inline constexpr KeyType kKeyType<std::string> = KeyType::text;
template <>
inline constexpr KeyType kKeyType<std::vector<double>> = KeyType::numbers;
template <>
inline constexpr KeyType kKeyType<std::complex<double>> = KeyType::complex;
template <>
inline constexpr KeyType kKeyType<std::optional<std::complex<double>>> = KeyType::complex;

/// One key of a struct: what it is, how it is read into the struct and written from it.
template <class Owner>
struct Key {
  KeyInfo info;
  std::function<void(Owner&, const io::TomlNode&, const Reading&)> read;
  std::function<std::optional<std::string>(const Owner&, const FileNames&)> write;
};

template <class Owner>
Key<Owner> with_default(Key<Owner> key) {
  if (!key.info.required)
    key.info.default_value = key.write(Owner{}, [](const std::string& name) { return name; }).value_or("");
  return key;
}

/// A member that holds a number, a text, numbers or a complex number.
template <class Owner, class T>
[[nodiscard]] Key<Owner> key(T Owner::*member, KeyInfo info) {
  info.type = kKeyType<T>;
  return with_default<Owner>(
      {std::move(info),
       [member](Owner& owner, const io::TomlNode& node, const Reading& reading) {
         if (auto value = read_value<T>(node, reading)) owner.*member = std::move(*value);
       },
       [member](const Owner& owner, const FileNames&) { return write_value(owner.*member); }});
}

/// A member that holds one value of an enum.
template <class Owner, class Enum>
[[nodiscard]] Key<Owner> choice(Enum Owner::*member, std::vector<std::pair<std::string, Enum>> names,
                                KeyInfo info) {
  info.type = KeyType::choice;
  for (const auto& [name, value] : names) info.choices.push_back(name);
  return with_default<Owner>(
      {std::move(info),
       [member, names](Owner& owner, const io::TomlNode& node, const Reading& reading) {
         if (const auto place = read_choice(node, reading)) owner.*member = names[*place].second;
       },
       [member, names](const Owner& owner, const FileNames&) -> std::optional<std::string> {
         for (const auto& [name, value] : names)
           if (value == owner.*member) return write_value(name);
         return std::nullopt;
       }});
}

/// A member that holds the name of a file.
template <class Owner>
[[nodiscard]] Key<Owner> file(std::string Owner::*member, KeyInfo info) {
  info.type = KeyType::file;
  return with_default<Owner>({std::move(info),
                              [member](Owner& owner, const io::TomlNode& node, const Reading& reading) {
                                if (auto name = read_file_name(node, reading))
                                  owner.*member = std::move(*name);
                              },
                              [member](const Owner& owner, const FileNames& names) {
                                const std::string& name = owner.*member;
                                return write_value(name.empty() ? name : names(name));
                              }});
}

/// A member that holds the name of a material: of the library, formula@density, or of a .csv table.
template <class Owner>
[[nodiscard]] Key<Owner> material(std::string Owner::*member, KeyInfo info) {
  info.type = KeyType::text;
  return with_default<Owner>({std::move(info),
                              [member](Owner& owner, const io::TomlNode& node, const Reading& reading) {
                                if (auto name = read_material_name(node, reading))
                                  owner.*member = std::move(*name);
                              },
                              [member](const Owner& owner, const FileNames& names) {
                                const std::string& name = owner.*member;
                                return write_value(materials::names_table(name) ? names(name) : name);
                              }});
}

/// Keys of a part of the job as keys of the job.
template <class Part, class Access>
[[nodiscard]] std::vector<Key<Job>> within(Access access, const std::vector<Key<Part>>& keys) {
  std::vector<Key<Job>> out;
  for (const Key<Part>& key : keys)
    out.push_back({key.info,
                   [access, read = key.read](Job& job, const io::TomlNode& node, const Reading& reading) {
                     read(access(job), node, reading);
                   },
                   [access, write = key.write](const Job& job, const FileNames& names) {
                     return write(access(job), names);
                   }});
  return out;
}

/// Ends of ranges as the table of keys writes them.
[[nodiscard]] constexpr Range closed(double low, double high) {
  return {low, high, false, false};
}
[[nodiscard]] constexpr Range open(double low, double high) {
  return {low, high, true, true};
}
/// (low, high]
[[nodiscard]] constexpr Range above(double low, double high) {
  return {low, high, true, false};
}
/// [low, high)
[[nodiscard]] constexpr Range below(double low, double high) {
  return {low, high, false, true};
}

/// One table of the job file, whatever struct lies behind it.
struct Table {
  TableInfo info;
  std::function<void(Job&, const io::TomlNode&, Faults&)> read;  ///< node: the table, or the array of tables
  std::function<std::string(const Job&, const FileNames&)>
      write;                                    ///< "key = value" lines; headings too for arrays
  std::function<std::size_t(const Job&)> size;  ///< arrays only
  std::function<bool(const Job&)> active;       ///< false: the job does not look at it
};

/// Tables of one stage or a few.
[[nodiscard]] std::vector<Table> layout_tables();
[[nodiscard]] std::vector<Table> source_tables();
[[nodiscard]] std::vector<Table> beamline_tables();
[[nodiscard]] std::vector<Table> illuminator_tables();
[[nodiscard]] std::vector<Table> mask_tables();
[[nodiscard]] std::vector<Table> imaging_tables();
[[nodiscard]] std::vector<Table> resist_tables();
[[nodiscard]] std::vector<Table> metrology_tables();
[[nodiscard]] std::vector<Table> throughput_tables();

/// All tables in the order of the stages.
[[nodiscard]] const std::vector<Table>& tables();

/// Complains about a member of a table that is no key, with the nearest name that is.
void report_unknown_key(const std::string& table, const io::TomlNode& member, Faults& faults);

/// Whether the full name is that of a table, or of something that contains tables.
[[nodiscard]] bool is_table_name(std::string_view name);

/// Reads the members of one table into a struct; unknown and missing ones are faults.
/// @param path   of this table, as told in messages: "metrology.gauge[2]"
/// @param table  its name in the table of keys: "metrology.gauge"
template <class Owner>
void read_keys(Owner& owner, const io::TomlNode& node, const std::vector<Key<Owner>>& keys,
               const std::string& path, const std::string& table, Faults& faults) {
  for (const io::TomlNode& member : node.children) {
    bool known = is_table_name(full_name(table, member.key));
    for (const Key<Owner>& key : keys)
      if (key.info.name == member.key) {
        known = true;
        key.read(owner, member, {key.info, full_name(path, member.key), faults});
      }
    if (!known) report_unknown_key(table, member, faults);
  }
  for (const Key<Owner>& key : keys)
    if (key.info.required && !node.find(key.info.name))
      faults.error(full_name(path, key.info.name), node.location,
                   path + " lacks " + key.info.name + " (" + key.info.doc + "); add it");
}

template <class Owner>
[[nodiscard]] std::string write_keys(const Owner& owner, const std::vector<Key<Owner>>& keys,
                                     const FileNames& names) {
  std::string out;
  for (const Key<Owner>& key : keys)
    if (const auto value = key.write(owner, names)) out += key.info.name + " = " + *value + "\n";
  return out;
}

/// [name]
[[nodiscard]] Table table(const std::string& name, const std::string& doc, const std::vector<Key<Job>>& keys,
                          std::function<bool(const Job&)> active = {});

/// [[name]], read into the vector that `access` finds in the job.
template <class Element, class Access>
[[nodiscard]] Table table_array(const std::string& name, const std::string& doc, Access access,
                                const std::vector<Key<Element>>& keys) {
  Table out;
  out.info = {name, true, doc, {}};
  for (const Key<Element>& key : keys) out.info.keys.push_back(key.info);
  out.read = [=](Job& job, const io::TomlNode& array, Faults& faults) {
    access(job).clear();
    for (std::size_t i = 0; i < array.children.size(); ++i)
      read_keys(access(job).emplace_back(), array.children[i], keys, name + "[" + std::to_string(i + 1) + "]",
                name, faults);
  };
  out.write = [=](const Job& job, const FileNames& names) {
    std::string text;
    for (const Element& element : access(job))
      text += "\n[[" + name + "]]\n" + write_keys(element, keys, names);
    return text;
  };
  out.size = [=](const Job& job) { return access(job).size(); };
  out.active = [](const Job&) { return true; };
  return out;
}

}  // namespace undulith::job
