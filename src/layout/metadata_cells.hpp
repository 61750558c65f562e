// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// Removes cells in which tools keep data of their own, with the references to them.
///
/// KLayout writes the parameters of library cells into a cell $$$CONTEXT_INFO$$$ of a GDSII file; gdsfactory
/// uses it too, and a merge of two files makes it $$$CONTEXT_INFO$$$$1. It places cells only to name them, so
/// it is no top cell. Any other cell whose name begins and ends with $$$ is metadata if it draws nothing and
/// no cell places it.
/// @return  one note per removed cell
[[nodiscard]] std::vector<std::string> leave_out_metadata(Layout& layout);

}  // namespace undulith::layout
