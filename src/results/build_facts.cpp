// SPDX-License-Identifier: MIT
#include "undulith/results/build_facts.hpp"

#include <fmt/format.h>

#include "undulith/core/build_info.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/version.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/math/linear_algebra.hpp"
#include "undulith/math/vector_width.hpp"

namespace undulith::results {

std::vector<std::pair<std::string, std::string>> build_facts() {
  using build_info::kBuildType;
  return {
      {"undulith", kVersion},
      {"build", fmt::format("{}{}{}{}", kBuildType, build_info::kNative ? ", for this processor only" : "",
                            *build_info::kSanitizers ? ", sanitizers " : "", build_info::kSanitizers)},
      {"compiler", build_info::kCompiler},
      {"threads", std::to_string(thread_count())},
      {"vector_width", math::vector_width()},
      {"fft", math::fft_library_version()},
      {"linear_algebra", math::linear_algebra_library()},
      {"eigen", build_info::kEigen},
      {"tbb", build_info::kTbb},
      {"boost", build_info::kBoost},
      {"png", build_info::kPng},
      {"zlib", build_info::kZlib},
      {"cairo", build_info::kCairo},
      {"tomlplusplus", build_info::kToml},
      {"nlohmann_json", build_info::kJson},
      {"fmt", build_info::kFmt},
      {"spdlog", build_info::kSpdlog},
      {"cli11", build_info::kCli11}};
}

}  // namespace undulith::results
