#include <utility>

#include "job/keys_table.hpp"

namespace undulith::job {

Table table(const std::string& name, const std::string& doc, const std::vector<Key<Job>>& keys,
            std::function<bool(const Job&)> active) {
  Table out;
  out.info = {name, false, doc, {}};
  for (const Key<Job>& key : keys) out.info.keys.push_back(key.info);
  out.read = [=](Job& job, const io::TomlNode& node, Faults& faults) {
    read_keys(job, node, keys, name, name, faults);
  };
  out.write = [=](const Job& job, const FileNames& names) { return write_keys(job, keys, names); };
  out.active = active ? std::move(active) : [](const Job&) { return true; };
  return out;
}

const std::vector<Table>& tables() {
  static const std::vector<Table> all = [] {
    std::vector<Table> out;
    out.push_back(
        table("", "Above the first table.",
              {key(&Job::title,
                   {.name = "title", .why = "no title", .doc = "What the job is about; heads the report"})}));
    for (const auto& stage : {layout_tables, source_tables, beamline_tables, illuminator_tables, mask_tables,
                              imaging_tables, resist_tables, metrology_tables, throughput_tables})
      for (Table& t : stage()) out.push_back(std::move(t));
    return out;
  }();
  return all;
}

}  // namespace undulith::job
