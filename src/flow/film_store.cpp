// SPDX-License-Identifier: MIT
#include "flow/film_store.hpp"

#include <array>
#include <string_view>

#include "undulith/flow/store.hpp"

namespace undulith::flow {
namespace {

constexpr int kFilmNumbers = 1, kNoiseNumbers = 1;
constexpr std::array<std::string_view, 1> kFilmTables{"resist"};

// The image stands for all that lies before the film.
void add_film(Name& name, const job::Job& job, const resist::ImageInResist& image, double dose_mj_cm2) {
  name.add(job::tables_with_content(job, kFilmTables), dose_mj_cm2);
  // Of a job that was not read from a file the table has no name.
  name.add(job.resist.blur.table_radius_nm, job.resist.blur.table_density);
  name.add(image.intensity, image.path_factor, image.absorbed, image.wavelength_nm);
}

}  // namespace

io::Sha256 film_name(const job::Job& job, const resist::ImageInResist& image, double dose_mj_cm2) {
  Name name("film", kFilmNumbers);
  add_film(name, job, image, dose_mj_cm2);
  return name.hash();
}

io::Sha256 noise_name(const job::Job& job, const resist::ImageInResist& image,
                      const resist::StochasticsParameters& stochastics, double dose_mj_cm2) {
  Name name("film with noise", kNoiseNumbers);
  add_film(name, job, image, dose_mj_cm2);
  name.add(stochastics.seed, stochastics.electrons_per_photon, stochastics.dose_noise,
           stochastics.speckle_contrast, stochastics.speckle_length_nm);
  return name.hash();
}

io::Sha256 realisation_name(const io::Sha256& noise, int realisation) {
  Name name("realisation", kNoiseNumbers);
  name.add(noise, realisation);
  return name.hash();
}

bool fits_store(double n_nodes, int n_numbers) {
  constexpr double kShare = 16;  // of the store for all films of a job
  const io::Store* store = store_in_use();
  return store != nullptr &&
         n_nodes * n_numbers * sizeof(double) < static_cast<double>(store->most_bytes()) / kShare;
}

}  // namespace undulith::flow
