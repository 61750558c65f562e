// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace undulith::program {

/// The images of this command are kept in `folder`, and taken from there where nothing that they depend on has changed;
/// see flow::use_store().
void use_cache(const std::filesystem::path& folder);

}  // namespace undulith::program
