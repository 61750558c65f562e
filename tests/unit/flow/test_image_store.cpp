// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "../io/scratch.hpp"
#include "flow/image_store.hpp"
#include "support/line_job.hpp"
#include "undulith/core/error.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/flow/store.hpp"
#include "undulith/job/set.hpp"
#include "with_store.hpp"

using namespace undulith;
using namespace undulith::test;
using flow::Prepared;

namespace {

const std::vector<imaging::ImagePlane> kPlanes{{.focus_nm = 0}, {.focus_nm = 30}};

io::Sha256 key_with(const std::string& name, const KeyValue& value) {
  job::Job job = test::thin_line_job();
  job::set(job, name, value);
  return flow::image_name(flow::prepare(job), kPlanes);
}

void require_same(const imaging::AerialImage& a, const imaging::AerialImage& b) {
  CHECK(std::ranges::equal(a.intensity.values(), b.intensity.values()));
  CHECK(a.intensity.grid() == b.intensity.grid());
  CHECK(std::ranges::equal(a.series.half_coefficients(), b.series.half_coefficients()));
  CHECK(a.window == b.window);
  CHECK(a.wavelength_nm == b.wavelength_nm);
  CHECK(a.open_frame_raw == b.open_frame_raw);
  CHECK(a.clear_field == b.clear_field);
  CHECK(a.focus_nm == b.focus_nm);
  CHECK(a.depth_nm == b.depth_nm);
  CHECK(a.n_kernels == b.n_kernels);
  CHECK(a.error_bound == b.error_bound);
  CHECK(a.rounding_error == b.rounding_error);
  CHECK(a.spectral_change == b.spectral_change);
}

}  // namespace

TEST_CASE("image store: an image is named by what it depends on", "[property][flow]") {
  const io::Sha256 key = flow::image_name(flow::prepare(test::thin_line_job()), kPlanes);
  CHECK(flow::image_name(flow::prepare(test::thin_line_job()), kPlanes) == key);
  const std::vector<std::pair<std::string, KeyValue>> others{{"imaging.na", 0.3},
                                                             {"imaging.output_pitch_nm", 2.0},
                                                             {"imaging.precision", "single"},
                                                             {"imaging.method", "socs"},
                                                             {"imaging.vibration_x_nm", 1.0},
                                                             {"imaging.spectral_error", 1e-4},
                                                             {"imaging.flare.model", "constant"},
                                                             {"illuminator.sigma_outer", 0.8},
                                                             {"illuminator.grid_points", 7},
                                                             {"mask.model", "multislice"},
                                                             {"mask.edge_bias_nm", 1.0},
                                                             {"mask.rectangle[1].x1_nm", 26.0},
                                                             {"mask.stack.cap_thickness_nm", 3.0},
                                                             {"source.wavelength_nm", 13.4}};
  for (const auto& [name, value] : others) {
    CAPTURE(name);
    CHECK(key_with(name, value) != key);
  }
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, KeyValue>>{{"resist.model", "chemically_amplified"},
                                                     {"metrology.threshold", 0.25},
                                                     {"throughput.dose_mj_cm2", 20.0},
                                                     {"metrology.max_gauges", 3},
                                                     {"title", "another one"}}) {
    CAPTURE(name);
    CHECK(key_with(name, value) == key);
  }
  // What no key of the job says.
  Prepared prepared = flow::prepare(test::thin_line_job());
  prepared.pupil_fill.points.back().weight *= 2;
  CHECK(flow::image_name(prepared, kPlanes) != key);
  prepared = flow::prepare(test::thin_line_job());
  prepared.mask.clip.rings.front().front().x += 1e-9;
  CHECK(flow::image_name(prepared, kPlanes) != key);
  CHECK(flow::image_name(flow::prepare(test::thin_line_job()), std::span(kPlanes).first(1)) != key);
  // What a job may have without the name of a file.
  job::Job job = test::thin_line_job();
  job.imaging.field_positions = {{.weight = 1}, {.weight = 2}};
  CHECK(flow::image_name(flow::prepare(job), kPlanes) != key);
  job = test::thin_line_job();
  job.imaging.phase_map = Field2D<double>(
      {.plane = Plane::pupil, .nx = 5, .ny = 5, .x0 = -0.8, .y0 = -0.8, .dx = 0.4, .dy = 0.4}, 0.1);
  CHECK(flow::image_name(flow::prepare(job), kPlanes) != key);
  const io::Sha256 with_map = flow::image_name(flow::prepare(job), kPlanes);
  job.imaging.phase_map(1, 1) = 0.2;
  CHECK(flow::image_name(flow::prepare(job), kPlanes) != with_map);
}

TEST_CASE("image store: images from the store are those that were computed", "[property][flow]") {
  job::Job job = test::thin_line_job();
  job.imaging.precision = Precision::float32;
  for (const mask::Model model : {mask::Model::thin, mask::Model::multislice}) {
    job.mask.model = model;
    const Prepared prepared = flow::prepare(job);
    const flow::PlaneImages computed = flow::images_in_planes(prepared, kPlanes, {});
    const Scratch scratch;
    const WithStore store(scratch.folder());
    const flow::PlaneImages first = flow::images_in_planes(prepared, kPlanes, {});
    const bool is_thick = model != mask::Model::thin;  // the mask and its correction are kept too
    CHECK(flow::store_in_use()->n_kept() == (is_thick ? 3 : 1));
    CHECK(flow::store_in_use()->n_found() == 0);
    double progress = 0;
    const flow::PlaneImages again =
        flow::images_in_planes(prepared, kPlanes, [&](double fraction) { progress = fraction; });
    CHECK(flow::store_in_use()->n_found() == 1);
    CHECK(progress == 1);
    for (const flow::PlaneImages* images : {&first, &again}) {
      REQUIRE(images->planes.size() == kPlanes.size());
      for (std::size_t i = 0; i < kPlanes.size(); ++i) require_same(images->planes[i], computed.planes[i]);
      CHECK(images->spectrum.nodes.size() == computed.spectrum.nodes.size());
      CHECK(images->spectrum.change == computed.spectrum.change);
      CHECK(images->spectrum.omitted_light == computed.spectrum.omitted_light);
      CHECK(images->mask.amplitudes == computed.mask.amplitudes);
      CHECK(images->mask.open_reflectance == computed.mask.open_reflectance);
      REQUIRE(images->mask.thick.has_value() == (model == mask::Model::multislice));
      if (images->mask.thick) CHECK(images->mask.thick->report.change == computed.mask.thick->report.change);
    }
  }
}

TEST_CASE("image store: bytes that are no images are refused", "[unit][flow]") {
  const LargeVector<std::byte> bytes =
      flow::encoded(flow::images_in_planes(flow::prepare(test::thin_line_job()), kPlanes, {}));
  CHECK_NOTHROW(flow::decoded<flow::PlaneImages>(bytes));
  for (std::size_t size = 0; size < bytes.size(); size += 97)
    CHECK_THROWS_AS(flow::decoded<flow::PlaneImages>(std::span(bytes).first(size)), InputError);
  LargeVector<std::byte> longer = bytes;
  longer.push_back({});
  CHECK_THROWS_AS(flow::decoded<flow::PlaneImages>(longer), InputError);
  // Images of other planes.
  auto images = flow::decoded<flow::PlaneImages>(bytes);
  CHECK_THROWS_AS(flow::complete_images(images, std::span(kPlanes).first(1), 1), InputError);
}
