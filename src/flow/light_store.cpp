// SPDX-License-Identifier: MIT
#include "flow/light_store.hpp"

#include <array>
#include <string_view>

#include "flow/kept.hpp"
#include "undulith/flow/light_chain.hpp"

namespace undulith::flow {
namespace {

constexpr int kLightNumbers = 1;
constexpr std::array<std::string_view, 1> kLightTables{"source"};

}  // namespace

io::Sha256 light_name(const job::Job& job) {
  Name name("light", kLightNumbers);
  name.add(job::tables_with_content(job, kLightTables));
  return name.hash();
}

source::SourceOutput compute_light(const job::Job& job) {
  const auto compute = [&] { return source::compute_source(job.source); };
  if (job.source.kind != source::SourceKind::undulator) return compute();
  return kept(
      "light", [&] { return light_name(job); }, compute);
}

}  // namespace undulith::flow
