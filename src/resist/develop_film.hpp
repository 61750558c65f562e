// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "undulith/resist/resist.hpp"

namespace undulith::resist {

/// How a film is developed from its latent image.
struct FilmDevelopment {
  bool stops = false;                ///< the front, when the development ends (FrontParameters::stop_s)
  Keep keep = Keep::everything;      ///< what the result holds
  std::optional<BakeReport> bake{};  ///< steps that are known
};

[[nodiscard]] ResistResult develop_film(ImageInResist image, LatentImage latent,
                                        const ResistParameters& parameters, const FilmDevelopment& how);

}  // namespace undulith::resist
