// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "undulith/core/key.hpp"
#include "undulith/job/job.hpp"
#include "undulith/job/keys.hpp"

/// How the keys of the stages become tables of the job.
namespace undulith::job {

/// One table of the job file, whatever struct lies behind it. An array of tables has elements; any other table
/// is its own element 0. Keys count as in info.keys.
struct Table {
  TableInfo info;
  std::function<std::size_t(const Job&)> size;     ///< number of elements
  std::function<void(Job&, std::size_t n)> reset;  ///< arrays only: n elements with default values
  std::function<bool(const Job&)> active;          ///< false: the job does not look at it
  std::function<void(Job&, std::size_t element, std::size_t key, const KeyValue&)> set;
  std::function<KeyValue(const Job&, std::size_t element, std::size_t key)> get;
};

template <class Owner>
[[nodiscard]] std::vector<KeyInfo> infos_of(const Keys<Owner>& keys) {
  std::vector<KeyInfo> infos;
  for (const Key<Owner>& key : keys) infos.push_back(key.info);
  return infos;
}

/// [name], whose keys belong to the struct that `access` finds in the job.
template <class Owner, class Access>
[[nodiscard]] Table table(
    const std::string& name, const std::string& doc, Access access, const Keys<Owner>& keys,
    const std::function<bool(const Job&)>& active = [](const Job&) { return true; }) {
  return {.info = {name, false, doc, infos_of(keys)},
          .size = [](const Job&) { return std::size_t{1}; },
          .reset = {},
          .active = active,
          .set = [access, keys](Job& job, std::size_t, std::size_t key,
                                const KeyValue& value) { keys[key].set(access(job), value); },
          .get = [access, keys](const Job& job, std::size_t,
                                std::size_t key) { return keys[key].get(access(job)); }};
}

/// [[name]], read into the vector that `access` finds in the job.
template <class Element, class Access>
[[nodiscard]] Table table_array(const std::string& name, const std::string& doc, Access access,
                                const Keys<Element>& keys) {
  return {.info = {name, true, doc, infos_of(keys)},
          .size = [access](const Job& job) { return access(job).size(); },
          .reset =
              [access](Job& job, std::size_t n) {
                access(job).clear();
                access(job).resize(n);
              },
          .active = [](const Job&) { return true; },
          .set = [access, keys](Job& job, std::size_t element, std::size_t key,
                                const KeyValue& value) { keys[key].set(access(job).at(element), value); },
          .get = [access, keys](const Job& job, std::size_t element,
                                std::size_t key) { return keys[key].get(access(job).at(element)); }};
}

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
[[nodiscard]] Table optimise_source_table();

/// All tables in the order of the stages.
[[nodiscard]] const std::vector<Table>& tables();

/// Whether the full name is that of a table, or of something that contains tables.
[[nodiscard]] bool is_table_name(std::string_view name);

}  // namespace undulith::job
