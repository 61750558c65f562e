// SPDX-License-Identifier: MIT
#include "job/table.hpp"

namespace undulith::job {

const std::vector<Table>& tables() {
  static const std::vector<Table> all = [] {
    std::vector<Table> out;
    out.push_back(table(
        "", "Above the first table.", [](auto& job) -> auto& { return job; },
        Keys<Job>{
            keys::key(&Job::title,
                      {.name = "title", .why = "no title", .doc = "What the job is about; heads the report"}),
            keys::words(
                &Job::outputs,
                {{"pictures", Output::pictures},
                 {"arrays", Output::arrays},
                 {"volumes", Output::volumes},
                 {"review", Output::review}},
                {.name = "outputs",
                 .why = "everything",
                 .doc = "Files that run writes beside its numbers: pictures (PNG), arrays (npy), "
                        "volumes (films for ParaView), review (contours and findings for KLayout)"})}));
    for (const auto& stage : {layout_tables, source_tables, beamline_tables, illuminator_tables, mask_tables,
                              imaging_tables, resist_tables, metrology_tables, throughput_tables})
      for (Table& t : stage()) out.push_back(std::move(t));
    return out;
  }();
  return all;
}

}  // namespace undulith::job
