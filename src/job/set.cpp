// SPDX-License-Identifier: MIT
#include "undulith/job/set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "job/job_check.hpp"
#include "job/table.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"

namespace undulith::job {
namespace {

/// A key of the job, and the element of its table.
struct Place {
  const Table* table = nullptr;
  std::size_t element = 0, key = 0;
  [[nodiscard]] const KeyInfo& info() const { return table->info.keys[key]; }
};

InputError no_such_key(std::string_view name) {
  std::vector<std::string> names;
  for (const Table& table : tables())
    for (const KeyInfo& key : table.info.keys) names.push_back(full_name(table.info.name, key.name));
  if (std::ranges::find(names, name) != names.end())
    return InputError(
        fmt::format("{} (is a key of an array of tables); write the number of the element, as in {}", name,
                    std::string(name).insert(name.rfind('.'), "[1]")));
  const auto near = closest(name, names);
  return InputError(fmt::format("{} (no key of the job has that name); {}", name,
                                near ? fmt::format("did you mean {}?", *near) : "see undulith explain"));
}

/// "metrology.gauge[2]" -> "metrology.gauge" and 2; 0 without an index.
std::pair<std::string_view, std::size_t> split_index(std::string_view name) {
  const std::size_t bracket = name.find('[');
  if (bracket == std::string_view::npos) return {name, 0};
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data() + bracket + 1, name.data() + name.size(), index);
  const bool closed = error == std::errc() && end + 1 == name.data() + name.size() && *end == ']';
  return {name.substr(0, bracket), closed ? index : std::numeric_limits<std::size_t>::max()};
}

Place find_place(const Job& job, std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const auto [table_name, index] = split_index(dot == std::string_view::npos ? "" : name.substr(0, dot));
  const std::string_view key_name = dot == std::string_view::npos ? name : name.substr(dot + 1);
  const auto table =
      std::ranges::find_if(tables(), [wanted = table_name, is_array = index > 0](const Table& t) {
        return t.info.name == wanted && t.info.array == is_array;
      });
  if (table == tables().end()) throw no_such_key(name);
  const auto key = std::ranges::find(table->info.keys, key_name, &KeyInfo::name);
  if (key == table->info.keys.end()) throw no_such_key(name);
  if (index > table->size(job))
    throw InputError(fmt::format("{} (the job has {} of [[{}]]); add one, or use a smaller index", name,
                                 table->size(job), table->info.name));
  return {&*table, index > 0 ? index - 1 : 0, static_cast<std::size_t>(key - table->info.keys.begin())};
}

/// Whether files of the job are read in another way with another value of this key.
bool decides_reading(const Place& place, std::string_view name) {
  return place.info().type == KeyType::file || place.table->info.name == "source.file" ||
         name == "imaging.slit_position_mm" || name == "imaging.slit_weight" ||
         name == "imaging.kernel_period_nm";
}

KeyValue as_type_of(const KeyInfo& key, const KeyValue& value) {
  if (const auto* number = std::get_if<double>(&value); number && key.type == KeyType::integer)
    if (std::isfinite(*number) && *number == std::floor(*number) &&
        std::abs(*number) <= std::numeric_limits<int>::max())
      return static_cast<int>(*number);
  if (const auto* number = std::get_if<int>(&value); number && key.type == KeyType::number)
    return static_cast<double>(*number);
  return value;
}

}  // namespace

void set(Job& job, std::string_view name, const KeyValue& value) {
  const Place place = find_place(job, name);
  if (name == "imaging.accuracy")
    throw InputError(
        "imaging.accuracy (stands for several keys when a job is read, so that it cannot be set); set "
        "illuminator.grid_points, illuminator.rim_levels, layout.guard_nm, imaging.spectral_error and "
        "imaging.omitted_light");
  const KeyValue typed = as_type_of(place.info(), value);
  check_value(place.info(), std::string(name), typed);
  if (!decides_reading(place, name)) {
    place.table->set(job, place.element, place.key, typed);
    return follow_other_keys(job);
  }
  Job changed = job;
  place.table->set(changed, place.element, place.key, typed);
  Faults faults;
  load_files(changed, {}, JobScope::light, io::read_from_disk, faults);
  faults.throw_if_any();
  follow_other_keys(changed);
  job = std::move(changed);
}

KeyValue value_of(const Job& job, std::string_view name) {
  const Place place = find_place(job, name);
  return place.table->get(job, place.element, place.key);
}

double number_of(const Job& job, std::string_view name) {
  const KeyValue value = value_of(job, name);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<int>(&value)) return *number;
  throw InputError(fmt::format("{} (is not a number); name a key that is one", name));
}

void check(const Job& job, JobScope scope) {
  Faults faults;
  check_job(job, {}, scope, faults);
  faults.throw_if_any();
}

}  // namespace undulith::job
