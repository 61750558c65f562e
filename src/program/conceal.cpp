// SPDX-License-Identifier: MIT
#include "program/conceal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "undulith/core/error.hpp"
#include "undulith/flow/prepared.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/ed25519.hpp"
#include "undulith/io/files.hpp"
#include "undulith/job/job.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/provenance/signatures.hpp"
#include "undulith/provenance/stages.hpp"
#include "undulith/provenance/tiles.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;

Box box_of(const layout::Polygon& ring) {
  Box box{ring.front().x, ring.front().y, ring.front().x, ring.front().y};
  for (const layout::Point& p : ring) {
    box.x0 = std::min(box.x0, p.x);
    box.y0 = std::min(box.y0, p.y);
    box.x1 = std::max(box.x1, p.x);
    box.y1 = std::max(box.y1, p.y);
  }
  return box;
}

bool meets(const Box& a, const Box& b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

// The same shapes always give the same text: rings begin at their lowest corner and are sorted.
std::string shapes_text(std::vector<layout::Polygon> rings) {
  const auto key = [](const layout::Point& p) { return std::pair(p.x, p.y); };
  for (layout::Polygon& ring : rings) std::ranges::rotate(ring, std::ranges::min_element(ring, {}, key));
  std::ranges::sort(rings, [&](const layout::Polygon& a, const layout::Polygon& b) {
    return std::ranges::lexicographical_compare(a, b, {}, key, key);
  });
  nlohmann::json text = nlohmann::json::array();
  for (const layout::Polygon& ring : rings) {
    text.emplace_back(nlohmann::json::array());
    for (const layout::Point& p : ring) text.back().push_back({p.x, p.y});
  }
  return text.dump();
}

std::vector<std::string> tiles_of(const layout::Clip& clip, const provenance::LayoutCommitment& frame) {
  std::vector<Box> boxes;
  for (const layout::Polygon& ring : clip.rings) boxes.push_back(box_of(ring));
  std::vector<std::string> tiles;
  for (int i_y = 0; i_y < frame.n_y; ++i_y)
    for (int i_x = 0; i_x < frame.n_x; ++i_x) {
      const double x0 = frame.x0_nm + i_x * frame.tile_nm, y0 = frame.y0_nm + i_y * frame.tile_nm;
      const Box tile{x0, y0, std::min(x0 + frame.tile_nm, clip.cell.x1),
                     std::min(y0 + frame.tile_nm, clip.cell.y1)};
      layout::Clip near{.cell = clip.cell, .window = clip.window, .rings = {}};
      for (std::size_t i = 0; i < boxes.size(); ++i)
        if (meets(boxes[i], tile)) near.rings.push_back(clip.rings[i]);
      const layout::Polygon corners{
          {tile.x0, tile.y0}, {tile.x1, tile.y0}, {tile.x1, tile.y1}, {tile.x0, tile.y1}};
      tiles.push_back(shapes_text(
          near.rings.empty() ? near.rings
                             : layout::edit(near, layout::LayerOperation::intersect, {corners}).rings));
    }
  return tiles;
}

provenance::Secrets commit_to_layout(const job::Job& job, double tile_nm) {
  constexpr double kMostTiles = 1e6;
  const layout::Clip clip = flow::prepare(job, flow::LightDetail::estimated).clip;
  if (!(tile_nm > 0) || clip.cell.width() / tile_nm * (clip.cell.height() / tile_nm) > kMostTiles)
    throw InputError(
        fmt::format("--tile-nm {:g} (a cell of {:g} x {:g} nm has at most 10^6 tiles); choose another side",
                    tile_nm, clip.cell.width(), clip.cell.height()));
  const provenance::LayoutCommitment frame{
      .x0_nm = clip.cell.x0,
      .y0_nm = clip.cell.y0,
      .tile_nm = tile_nm,
      .n_x = std::max(1, static_cast<int>(std::ceil(clip.cell.width() / tile_nm - 1e-9))),
      .n_y = std::max(1, static_cast<int>(std::ceil(clip.cell.height() / tile_nm - 1e-9))),
      .root = {}};
  provenance::Salt secret{};
  io::fill_with_secret(secret);
  return provenance::commit(frame, tiles_of(clip, frame), secret);
}

// What is handed over if nothing is said: measurements, unless their automatic gauges show each shape.
std::vector<std::string> kept_results(const provenance::Manifest& manifest, const job::Job& job,
                                      const std::vector<std::string>& asked) {
  constexpr const char* kMeasurements = "measurements.csv";
  if (!asked.empty()) return asked;
  const bool has_measurements = std::ranges::find(manifest.outputs, kMeasurements,
                                                  &provenance::OutputFile::name) != manifest.outputs.end();
  if (has_measurements && !job.metrology.gauges.empty()) return {kMeasurements};
  std::vector<std::string> names;
  for (const provenance::OutputFile& file : manifest.outputs) names.push_back(file.name);
  throw InputError(fmt::format(
      "what is to be handed over? ({}); name it with --keep: {}",
      has_measurements
          ? "measurements.csv holds the place and the target of every automatic gauge, and so the layout"
          : "there is no measurements.csv",
      fmt::join(names, ", ")));
}

void require_kept(const provenance::Manifest& manifest, const std::vector<std::string>& keep) {
  for (const std::string& name : keep) {
    if (std::ranges::find(manifest.outputs, name, &provenance::OutputFile::name) == manifest.outputs.end())
      throw InputError(fmt::format("--keep {} (no such file among the results); name one of them", name));
    if (name == provenance::kJobName)
      throw InputError(
          "--keep job.resolved.toml (it names the layout that is to be concealed); leave it out");
  }
}

// Absolute, without a slash at the end.
fs::path plain_path(const fs::path& path) {
  const fs::path plain = fs::absolute(path).lexically_normal();
  return plain.has_filename() ? plain : plain.parent_path();
}

void require_places(const fs::path& target, const fs::path& secrets) {
  std::error_code ignored;
  if (fs::exists(target, ignored) && !fs::is_empty(target, ignored))
    throw InputError(
        fmt::format("{} has files (what is handed over has a folder of its own); choose another folder",
                    target.string()));
  if (secrets.lexically_relative(target).begin()->string() != "..")
    throw InputError(
        fmt::format("{} lies in the folder that is handed over (whoever has it can open everything); "
                    "choose another place with --secrets",
                    secrets.string()));
}

// The manifest without what names or places shapes, and without the folders of the other files.
provenance::Manifest without_shapes(const provenance::Manifest& manifest) {
  provenance::Manifest out = manifest;
  out.job = provenance::without_layout(manifest.job);
  out.arguments.clear();
  out.warnings.clear();
  out.steps.clear();
  std::erase_if(out.made, [](const auto& fact) { return fact.first != "time_utc"; });
  std::erase_if(out.inputs, [&](const provenance::InputFile& file) {
    return !provenance::names_file(out.job, file.beside.empty() ? file.name : file.beside);
  });
  std::map<std::string, std::string> names;  // new, by old
  for (const provenance::InputFile& file : out.inputs)
    names[file.name] = fmt::format("{}-{}", names.size() + 1, fs::path(file.name).filename().string());
  for (provenance::InputFile& file : out.inputs) {
    out.job = provenance::with_other_name(out.job, file.name, names[file.name]);
    file.name = names[file.name];
    if (!file.beside.empty()) file.beside = names[file.beside];
  }
  return out;
}

}  // namespace

void write_concealed(const fs::path& folder, const provenance::Manifest& manifest, const io::SigningKey& key,
                     const AttestOptions& options) {
  const job::ReadJob read = job::read_job(folder / provenance::kManifestName);
  const std::vector<std::string> keep = kept_results(manifest, read.job, options.keep);
  require_kept(manifest, keep);
  const fs::path target = plain_path(options.out);
  const fs::path secrets_file =
      options.secrets.empty() ? fs::path(target.string() + ".secrets.json") : plain_path(options.secrets);
  require_places(target, secrets_file);
  io::OutputFolder out(target, io::OutputFolder::IfExists::refuse);
  provenance::Secrets secrets = commit_to_layout(read.job, options.tile_nm);

  provenance::Manifest concealed = without_shapes(manifest);
  concealed.layout = secrets.layout;
  concealed.stages =
      provenance::stages_of(concealed.version, concealed.job, concealed.inputs, concealed.layout);
  for (provenance::OutputFile& file : concealed.outputs) {
    const std::vector<std::byte> content = io::read_bytes(folder / file.name);
    if (std::ranges::find(keep, file.name) != keep.end()) {
      io::write_atomic(out.file(file.name), std::span(content));
    } else {
      secrets.files.push_back(file.name);
      file = {
          .name = file.name,
          .sha256 = provenance::commitment_to(provenance::salt_of_file(secrets.secret, file.name), content),
          .withheld = true};
    }
  }
  const std::string text = provenance::manifest_text(concealed);
  io::write_atomic(out.file(provenance::kManifestName), std::string_view(text));

  io::write_atomic(
      out.file(provenance::kSignaturesName),
      std::string_view(provenance::signatures_text({{key.public_key(), key.sign(io::bytes_of(text))}})));
  io::write_secret(secrets_file, provenance::secrets_text(secrets));
  out.commit();
}

}  // namespace undulith::program
