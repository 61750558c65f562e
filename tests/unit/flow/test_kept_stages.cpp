// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "../io/scratch.hpp"
#include "flow/film_store.hpp"
#include "flow/image_store.hpp"
#include "flow/kernel_store.hpp"
#include "flow/light_store.hpp"
#include "flow/mask_store.hpp"
#include "support/line_job.hpp"
#include "undulith/flow/light_chain.hpp"
#include "undulith/flow/resist_stage.hpp"
#include "undulith/flow/spectral_masks.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/job/set.hpp"
#include "with_store.hpp"

using namespace undulith;
using namespace undulith::test;

namespace {

using Settings = std::vector<std::pair<std::string, KeyValue>>;

// A copy that ends too early, has a byte too many, or none.
template <class T>
void require_refusals(const T& value) {
  const LargeVector<std::byte> bytes = flow::encoded(value);
  CHECK(flow::encoded(flow::decoded<T>(bytes)) == bytes);
  const std::size_t step = std::max<std::size_t>(1, bytes.size() / 50);
  for (std::size_t size = 0; size < bytes.size(); size += step)
    CHECK_THROWS_AS(flow::decoded<T>(std::span(bytes).first(size)), InputError);
  LargeVector<std::byte> longer = bytes;
  longer.push_back({});
  CHECK_THROWS_AS(flow::decoded<T>(longer), InputError);
}

// Whether name(job) changes with each setting.
template <class MakeName>
void require_names(const job::Job& job, const MakeName& name, const Settings& settings, bool changes) {
  const io::Sha256 usual = name(job);
  CHECK(name(job) == usual);
  for (const auto& [key, value] : settings) {
    CAPTURE(key);
    job::Job other = job;
    job::set(other, key, value);
    CHECK((name(other) != usual) == changes);
  }
}

job::Job undulator_job() {
  job::Job job = test::thin_line_job();
  job.source.kind = source::SourceKind::undulator;
  return job;
}

job::Job thick_job(mask::Model model) {
  job::Job job = test::line_job();
  job.mask.model = model;
  job.mask.solver.max_orders = 40;
  return job;
}

// The mask at the wavelength of the light, as the image takes it.
mask::Diffraction mask_of(const flow::Prepared& prepared) {
  flow::SpectralMasks masks(prepared);
  auto solved = masks.at({{prepared.light.wavelength_nm, 1}}, {});
  return solved.front().late ? solved.front().late(0) : std::move(solved.front().diffraction);
}

void require_same(const mask::Diffraction& a, const mask::Diffraction& b) {
  CHECK(flow::encoded(a) == flow::encoded(b));
  REQUIRE(a.thick);
  REQUIRE(b.thick);
  REQUIRE(a.thick->shares.size() == b.thick->shares.size());
  for (std::size_t i = 0; i < a.thick->shares.size(); ++i) {
    REQUIRE(a.thick->shares[i].size() == b.thick->shares[i].size());
    for (std::size_t k = 0; k < a.thick->shares[i].size(); ++k) {
      CHECK(a.thick->shares[i][k].spectrum == b.thick->shares[i][k].spectrum);
      CHECK(a.thick->shares[i][k].weight == b.thick->shares[i][k].weight);
    }
  }
}

// Entries that were found and kept while the mask was taken.
struct Uses {
  int found = 0, kept = 0;
};
Uses uses_of_mask(const WithStore& with, const job::Job& job) {
  const int found = with.store->n_found(), kept = with.store->n_kept();
  static_cast<void>(mask_of(flow::prepare(job)));
  return {with.store->n_found() - found, with.store->n_kept() - kept};
}

job::Job film_job() {
  job::Job job = test::thin_line_job();
  job.resist.model = resist::ResistModel::chemically_amplified;
  job.resist.film.thickness_nm = 24;
  job.resist.film.depth_step_nm = job.resist.film.lateral_step_nm = 0.25;  // 20 ms and more
  job.resist.film.n_planes = 1;
  job.throughput.dose_mj_cm2 = 20;
  return job;
}

}  // namespace

TEST_CASE("kept stages: the light of an undulator", "[property][flow]") {
  const job::Job job = undulator_job();
  require_names(job, flow::light_name,
                {{"source.undulator.n_periods", 99},
                 {"source.undulator.period_mm", 27.0},
                 {"source.beam.beam_current_a", 0.2},
                 {"source.beam.beam_size_x_um", 10.0},
                 {"source.wavelength_nm", 13.4},
                 {"source.name", "another"}},
                true);
  require_names(job, flow::light_name,
                {{"imaging.na", 0.3}, {"mask.tone", "bright_field"}, {"throughput.dose_mj_cm2", 21.0}},
                false);

  const source::SourceOutput computed = flow::compute_light(job);
  const Scratch scratch;
  const WithStore with(scratch.folder());
  const source::SourceOutput first = flow::compute_light(job), again = flow::compute_light(job);
  CHECK(with.store->n_kept() == 1);
  CHECK(with.store->n_found() == 1);
  CHECK(flow::encoded(first) == flow::encoded(computed));
  CHECK(flow::encoded(again) == flow::encoded(computed));
  CHECK(again.description == computed.description);
  CHECK(again.spectral_flux == computed.spectral_flux);
  CHECK(again.notes == computed.notes);
  CHECK(again.figures == computed.figures);
  CHECK(again.angular_flux.s0.grid() == computed.angular_flux.s0.grid());
  CHECK(again.stokes == computed.stokes);
  CHECK(again.coherence.n_modes_x == computed.coherence.n_modes_x);
  require_refusals(computed);
  // What costs little is not kept.
  static_cast<void>(flow::compute_light(test::thin_line_job()));
  CHECK(with.store->n_kept() == 1);
}

TEST_CASE("kept stages: a thick mask is solved once", "[property][flow]") {
  for (const mask::Model model : {mask::Model::multislice, mask::Model::rigorous}) {
    const job::Job job = thick_job(model);
    const mask::Diffraction computed = mask_of(flow::prepare(job));
    const Scratch scratch;
    const WithStore with(scratch.folder());
    require_same(mask_of(flow::prepare(job)), computed);
    const int n_entries = with.store->n_kept();
    CHECK(n_entries == (model == mask::Model::multislice ? 2 : 1));  // with its correction
    require_same(mask_of(flow::prepare(job)), computed);
    CHECK(with.store->n_kept() == n_entries);
    CHECK(with.store->n_found() == n_entries);

    // It does not see what lies behind it, nor who makes the light.
    for (const auto& [key, value] : Settings{{"imaging.focus_nm", 30.0},
                                             {"imaging.field_model", "scalar"},
                                             {"imaging.method", "abbe"},
                                             {"source.monochromatic.power_w", 3.0},
                                             {"source.name", "another"},
                                             {"source.kind", "fel"},
                                             {"imaging.vibration_x_nm", 1.0},
                                             {"metrology.threshold", 0.2}}) {
      CAPTURE(key);
      job::Job other = job;
      job::set(other, key, value);
      job::set(other, "imaging.spectrum", "line");
      const Uses uses = uses_of_mask(with, other);
      CHECK(uses.kept == 0);
      CHECK(uses.found == n_entries);
    }
    for (const auto& [key, value] : Settings{{"imaging.na", 0.32},
                                             {"imaging.magnification_y", 5.0},
                                             {"imaging.chief_ray_azimuth_deg", 3.0},
                                             {"illuminator.sigma_outer", 0.8},
                                             {"source.wavelength_nm", 13.4},
                                             {"mask.edge_bias_nm", 1.0},
                                             {"mask.stack.incidence_deg", 5.0},
                                             {"mask.stack.cap_thickness_nm", 3.0},
                                             {"mask.solver.direction_step_deg", 1.0},
                                             {"mask.solver.pixel_nm", 3.0},
                                             {"mask.rectangle[1].x1_nm", 26.0}}) {
      CAPTURE(key);
      job::Job other = job;
      job::set(other, key, value);
      CHECK(uses_of_mask(with, other).kept == n_entries);
    }
    require_refusals(computed);
    auto other = flow::decoded<mask::Diffraction>(flow::encoded(computed));
    CHECK_THROWS_AS(flow::complete_mask(other, {}), InputError);
  }
}

TEST_CASE("kept stages: a mask that does not fit the store is solved each time", "[unit][flow]") {
  const job::Job job = thick_job(mask::Model::rigorous);
  const Scratch scratch;
  const auto store = std::make_shared<io::Store>(scratch.folder(), 20000);
  flow::use_store(store);
  static_cast<void>(mask_of(flow::prepare(job)));
  static_cast<void>(mask_of(flow::prepare(job)));
  flow::use_store(nullptr);
  CHECK(store->n_kept() == 0);
  CHECK(store->n_found() == 0);
}

TEST_CASE("kept stages: kernels are made once for a pupil and a cell", "[property][flow]") {
  job::Job job = test::thin_line_job();
  job.imaging.method = imaging::Method::socs;
  job::set(job, "imaging.n_kernels", 6);  // and what follows other keys
  const std::vector<imaging::ImagePlane> planes{{.focus_nm = 0}, {.focus_nm = 30}};
  const auto images_of = [&](const job::Job& wanted) {
    return flow::encoded(flow::images_in_planes(flow::prepare(wanted), planes, {}));
  };
  const Scratch scratch;
  const auto with = [&](const std::string& key, const KeyValue& value) {
    job::Job other = job;
    job::set(other, key, value);
    return other;
  };
  // Another mask has the same kernels; the images are those without a store.
  const job::Job other_mask = with("mask.rectangle[1].x1_nm", 26.0);
  const auto computed = images_of(job), computed_other = images_of(other_mask);
  const WithStore store(scratch.folder());
  CHECK(images_of(job) == computed);
  CHECK(store.store->n_kept() == 3);  // two planes and the images
  CHECK(images_of(other_mask) == computed_other);
  CHECK(store.store->n_kept() == 4);
  CHECK(store.store->n_found() == 2);
  for (const auto& [key, value] : Settings{{"mask.tone", "bright_field"}, {"metrology.threshold", 0.2}}) {
    CAPTURE(key);
    const int found = store.store->n_found();
    static_cast<void>(images_of(with(key, value)));
    CHECK(store.store->n_found() > found);
  }
  for (const auto& [key, value] : Settings{{"imaging.na", 0.32},
                                           {"imaging.n_kernels", 5},
                                           {"imaging.obliquity", "none"},
                                           {"illuminator.sigma_outer", 0.8},
                                           {"mask.stack.incidence_deg", 5.0},
                                           {"mask.period_x_nm", 40.0},
                                           {"source.wavelength_nm", 13.4}}) {
    CAPTURE(key);
    const int found = store.store->n_found();
    static_cast<void>(images_of(with(key, value)));
    CHECK(store.store->n_found() == found);
  }
  const imaging::SocsKernels kernels{.max_order_x = 1,
                                     .max_order_y = 0,
                                     .eigenvalues = {1},
                                     .values = {1, 2, 3},
                                     .left_out = {0.1, 0.2, 0.3},
                                     .probes = {},
                                     .next_eigenvalue = 0.5};
  require_refusals(kernels);
  CHECK_NOTHROW(flow::require_kernels(kernels, {.max_order_x = 1, .max_order_y = 0}));
  CHECK_THROWS_AS(flow::require_kernels(kernels, {.max_order_x = 1, .max_order_y = 1}), InputError);
}

TEST_CASE("kept stages: a film is developed once", "[property][flow]") {
  const job::Job job = film_job();
  const auto develop = [](const job::Job& wanted) {
    const flow::Prepared prepared = flow::prepare(wanted);
    const auto images =
        flow::images_in_planes(prepared, flow::film_planes(prepared, wanted.imaging.focus_nm), {});
    return flow::develop_film(prepared, flow::film_image(prepared, images.planes),
                              wanted.throughput.dose_mj_cm2);
  };
  const resist::ResistResult computed = develop(job);
  require_refusals(computed);
  const Scratch scratch;
  const WithStore with(scratch.folder());
  const auto is_kept = [&](const job::Job& wanted) {
    const int found = with.store->n_found();
    static_cast<void>(develop(wanted));
    return with.store->n_found() == found + 2;  // the image too
  };
  CHECK_FALSE(is_kept(job));
  const resist::ResistResult again = develop(job);
  CHECK(with.store->n_kept() == 2);
  CHECK(flow::encoded(again) == flow::encoded(computed));
  CHECK(std::ranges::equal(again.image.intensity.values(), computed.image.intensity.values()));
  CHECK(again.image.path_factor == computed.image.path_factor);
  CHECK(std::ranges::equal(again.profile.inhibitor.values(), computed.profile.inhibitor.values()));
  CHECK(again.profile.tone == computed.profile.tone);
  CHECK(again.baked.report.n_steps == computed.baked.report.n_steps);
  for (const auto& [key, value] : Settings{{"metrology.cd_height", 0.3},
                                           {"metrology.threshold", 0.2},
                                           {"throughput.field_overhead_s", 0.1},
                                           {"window.cd_tolerance_percent", 8.0}}) {
    CAPTURE(key);
    job::Job other = job;
    job::set(other, key, value);
    CHECK(is_kept(other));
  }
  for (const auto& [key, value] : Settings{{"throughput.dose_mj_cm2", 21.0},
                                           {"resist.bake.time_s", 50.0},
                                           {"resist.blur.sigma_nm", 3.0},
                                           {"resist.development.time_s", 20.0},
                                           {"resist.film.front_step_nm", 0.2}}) {
    CAPTURE(key);
    job::Job other = job;
    job::set(other, key, value);
    CHECK_FALSE(is_kept(other));
  }
}

TEST_CASE("kept stages: realisations of noise are computed once", "[property][flow]") {
  job::Job job = film_job();
  job.resist.film.depth_step_nm = job.resist.film.lateral_step_nm = 2;
  job.stochastics.n_realisations = 2;
  job.stochastics.length_nm = 40;
  const auto noise_of = [](const job::Job& wanted) {
    const flow::Results results = flow::compute(wanted, {});
    REQUIRE(results.resist);
    REQUIRE(results.resist->stochastics);
    return *results.resist->stochastics;
  };
  const flow::StochasticStage computed = noise_of(job);
  const Scratch scratch;
  const WithStore with(scratch.folder());
  static_cast<void>(noise_of(job));
  const int n_first = with.store->n_kept();
  const flow::StochasticStage again = noise_of(job);
  CHECK(with.store->n_kept() == n_first);
  CHECK(again.mean_counts.acids == computed.mean_counts.acids);
  CHECK(std::ranges::equal(again.first.profile.arrival_time_s.values(),
                           computed.first.profile.arrival_time_s.values()));
  REQUIRE(again.gauges.size() == computed.gauges.size());
  for (std::size_t g = 0; g < again.gauges.size(); ++g)
    CHECK(again.gauges[g].cd_nm == computed.gauges[g].cd_nm);
  // Two more are computed, the first two are there.
  job.stochastics.n_realisations = 4;
  static_cast<void>(noise_of(job));
  CHECK(with.store->n_kept() == n_first + 2);
  for (const auto& [key, value] : Settings{{"stochastics.seed", 2},
                                           {"stochastics.dose_noise", 0.01},
                                           {"stochastics.speckle_contrast", 0.1},
                                           {"stochastics.electrons_per_photon", 3.0},
                                           {"stochastics.length_nm", 80.0}}) {
    CAPTURE(key);
    job::Job other = job;
    job::set(other, key, value);
    const int n_kept = with.store->n_kept();
    static_cast<void>(noise_of(other));
    CHECK(with.store->n_kept() == n_kept + 4);
  }
}
