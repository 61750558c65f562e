// SPDX-License-Identifier: MIT
#include "undulith/program/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/version.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/files.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/report/pictures.hpp"
#include "undulith/report/source_pictures.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/table.hpp"
#include "undulith/study/comparison_rows.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// One source, its image and its column.
struct Column {
  flow::Results results;
  std::vector<study::Figure> figures;
};

std::vector<fs::path> sources_of(const fs::path& job_file, const CompareOptions& options) {
  std::vector<fs::path> sources = options.sources;
  if (sources.empty())
    for (const job::CompareSource& source : job::read_job(job_file, options.overrides).job.compare.sources)
      sources.emplace_back(source.file);
  constexpr std::size_t kMostSources = 12;
  if (sources.size() < 2 || sources.size() > kMostSources)
    throw InputError(
        fmt::format("a comparison of {} source{} (needs 2 to {}); give --source FILE for each, or "
                    "[[compare.source]] in {}",
                    sources.size(), sources.size() == 1 ? "" : "s", kMostSources, job_file.string()));
  return sources;
}

/// A power needs its status and its publication.
void require_status(const job::ReadJob& read, const fs::path& file) {
  const source::SourceParameters& p = read.job.source;
  if (p.status == source::Status::unstated)
    throw InputError(fmt::format(
        "{}: source.status is missing (a compared power needs evidence); add status = "
        "\"production\", \"demonstrated\", \"design\", \"simulation\" or \"company_claim\" to [source]",
        file.string()));
  if (p.citation.empty())
    throw InputError(
        fmt::format("{}: source.citation is missing (a compared power needs its publication); add "
                    "citation = \"...\" "
                    "to [source]",
                    file.string()));
}

Column compute_column(job::ReadJob read, const Progress& progress) {
  // Best focus needs planes on both sides.
  if (read.job.imaging.through_focus_nm.empty())
    read.job.imaging.through_focus_nm = {-60, -40, -20, 20, 40, 60};
  Column column;
  try {
    column.results = flow::compute(read.job, progress);
  } catch (const InputError& error) {
    throw InputError(job::locate(read, error.what()));
  }
  column.figures = study::light_figures(column.results.prepared.light, column.results.prepared.chain);
  for (study::Figure& figure : study::image_figures(column.results))
    column.figures.push_back(std::move(figure));
  return column;
}

double image_difference(const Column& a, const Column& b) {
  const auto va = a.results.image.intensity.values(), vb = b.results.image.intensity.values();
  double largest = 0;
  for (std::size_t i = 0; i < va.size(); ++i) largest = std::max(largest, std::abs(va[i] - vb[i]));
  return largest;
}

const std::string& name_of(const Column& column) {
  return column.results.prepared.light.name;
}

double number_of(const Column& column, const std::string& row) {
  const auto found = std::ranges::find(column.figures, row, &study::Figure::name);
  const auto* value = found == column.figures.end() ? nullptr : std::get_if<double>(&found->value);
  return value ? *value : 0;
}

/// What differs between two lights: nothing else differs between their images.
std::string reasons(const Column& a, const Column& b) {
  const auto light = [](const Column& column) -> const source::SourceOutput& {
    return column.results.prepared.light;
  };
  std::string text;
  const auto add = [&](const std::string& reason) { text += (text.empty() ? "" : ", ") + reason; };
  if (light(a).wavelength_nm != light(b).wavelength_nm)
    add(fmt::format("wavelength {:g} against {:g} nm", light(a).wavelength_nm, light(b).wavelength_nm));
  add(fmt::format("bandwidth at the wafer {:.2g} against {:.2g} %", number_of(a, "wafer_bandwidth_percent"),
                  number_of(b, "wafer_bandwidth_percent")));
  const auto stokes = [](const Column& column) {
    const optics::Stokes& s = column.results.prepared.chain.beamline.mask_stokes;
    return fmt::format("({:.2f}, {:.2f}, {:.2f})", s.s1, s.s2, s.s3);
  };
  add(fmt::format("polarisation s1, s2, s3 {} against {}", stokes(a), stokes(b)));
  return text;
}

/// Which images are the same and which differ, in sentences.
std::vector<std::string> verdicts(const std::vector<Column>& columns) {
  const double tolerance = columns.front().results.prepared.job.compare.same_image_tolerance;
  std::vector<std::string> sentences;
  std::vector<bool> done(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (done[i]) continue;
    std::vector<std::size_t> same{i};
    double largest = 0;
    for (std::size_t j = i + 1; j < columns.size(); ++j) {
      const double difference = image_difference(columns[i], columns[j]);
      if (difference > tolerance) continue;
      same.push_back(j);
      done[j] = true;
      largest = std::max(largest, difference);
    }
    if (same.size() > 1) {
      std::string names;
      for (const std::size_t j : same) names += (names.empty() ? "" : ", ") + name_of(columns[j]);
      sentences.push_back(
          fmt::format("{}: the same image at equal dose and pupil, to {:.1e} of the open frame. They "
                      "differ in affordable dose, noise, cost and status, not in resolution.",
                      names, largest));
    } else {
      double nearest = HUGE_VAL;
      std::size_t other = i;
      for (std::size_t j = 0; j < columns.size(); ++j)
        if (j != i && image_difference(columns[i], columns[j]) < nearest) {
          nearest = image_difference(columns[i], columns[j]);
          other = j;
        }
      sentences.push_back(fmt::format(
          "{}: its own image; the nearest is {}, which differs by {:.1e} of the "
          "open frame ({}).",
          name_of(columns[i]), name_of(columns[other]), nearest, reasons(columns[i], columns[other])));
    }
  }
  return sentences;
}

std::string table_text(const std::vector<Column>& columns, const std::vector<std::string>& sentences) {
  constexpr std::size_t kWidth = 14, kFirst = 34;
  std::string text = fmt::format("{:<{}}", "", kFirst);
  for (std::size_t i = 0; i < columns.size(); ++i)
    text += fmt::format(" {:>{}}", fmt::format("[{}]", i + 1), kWidth);
  text += '\n';
  for (std::size_t row = 0; row < columns.front().figures.size(); ++row) {
    const std::string& name = columns.front().figures[row].name;
    if (name == "citation") continue;  // too long for a column; below
    text += fmt::format("{:<{}}", name, kFirst);
    for (const Column& column : columns)
      text += fmt::format(" {:>{}}", study::figure_text(column.figures[row]), kWidth);
    text += '\n';
  }
  text += '\n';
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const source::SourceOutput& light = columns[i].results.prepared.light;
    text +=
        fmt::format("[{}] {} ({}): {}\n", i + 1, light.name, source::name_of(light.status), light.citation);
  }
  text += '\n';
  for (const std::string& sentence : sentences) text += sentence + "\n";
  text += "Speckle:\n";
  for (std::size_t i = 0; i < columns.size(); ++i)
    text += fmt::format("[{}] {}\n", i + 1, columns[i].results.prepared.chain.speckle.assumption);
  return text;
}

std::string table_csv(const std::vector<Column>& columns) {
  std::string csv = "name";
  for (const Column& column : columns) csv += "," + io::format_text(name_of(column));
  csv += '\n';
  for (std::size_t row = 0; row < columns.front().figures.size(); ++row) {
    csv += columns.front().figures[row].name;
    for (const Column& column : columns) {
      const auto& value = column.figures[row].value;
      csv += ',';
      if (const auto* number = std::get_if<double>(&value)) csv += io::format_number(*number);
      if (const auto* text = std::get_if<std::string>(&value)) csv += io::format_text(*text);
    }
    csv += '\n';
  }
  return csv;
}

std::string table_json(const fs::path& job_file, const std::vector<Column>& columns,
                       const std::vector<std::string>& sentences) {
  Json json{{"undulith", kVersion}, {"job", job_file.filename().string()}};
  Json& list = json["sources"] = Json::array();
  for (const Column& column : columns) {
    Json one{{"name", name_of(column)}, {"job_hash", job::job_hash(column.results.prepared.job)}};
    for (const study::Figure& figure : column.figures) {
      if (const auto* number = std::get_if<double>(&figure.value))
        one[figure.name] = *number;
      else if (const auto* text = std::get_if<std::string>(&figure.value))
        one[figure.name] = *text;
      else
        one[figure.name] = nullptr;
    }
    one["speckle_assumption"] = column.results.prepared.chain.speckle.assumption;
    Json notes = column.results.prepared.light.notes;
    for (const std::string& note : column.results.prepared.chain.notes) notes.push_back(note);
    one["notes"] = notes;
    list.push_back(std::move(one));
  }
  Json& differences = json["image_differences"] = Json::array();
  for (std::size_t i = 0; i < columns.size(); ++i)
    for (std::size_t j = i + 1; j < columns.size(); ++j)
      differences.push_back({{"a", name_of(columns[i])},
                             {"b", name_of(columns[j])},
                             {"largest_difference", image_difference(columns[i], columns[j])}});
  json["verdicts"] = sentences;
  return results::json_text(json, "comparison.json");
}

report::Picture montage(const std::vector<Column>& columns, const std::string& title,
                        const std::vector<std::string>& sentences) {
  std::vector<report::ComparedSource> sources;
  for (const Column& column : columns) {
    const flow::Prepared& prepared = column.results.prepared;
    report::ComparedSource source{.name = prepared.light.name,
                                  .status = source::name_of(prepared.light.status),
                                  .light = &prepared.light,
                                  .wafer_flux = prepared.chain.beamline.wafer_flux,
                                  .pupil_fill = &prepared.pupil_fill,
                                  .image = &column.results.image,
                                  .measurement = &column.results.measurement,
                                  .figures = {}};
    for (const char* name : {"source_power_w", "wafer_power_w", "wafers_per_hour", "cd_nm", "nils"}) {
      const auto found = std::ranges::find(column.figures, name, &study::Figure::name);
      source.figures.emplace_back(name, study::figure_text(*found));
    }
    sources.push_back(std::move(source));
  }
  return report::draw_comparison(sources, columns.front().results.prepared.clip,
                                 {.title = title, .details = sentences});
}

}  // namespace

CompareReport compare_sources(const fs::path& job_file, const CompareOptions& options) {
  const std::vector<fs::path> sources = sources_of(job_file, options);
  std::vector<job::ReadJob> jobs;
  for (const fs::path& source : sources) {
    jobs.push_back(job::read_job_with_source(job_file, source, options.overrides));
    require_status(jobs.back(), source);
  }
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  std::vector<Column> columns;
  const double share = 1.0 / static_cast<double>(jobs.size());
  for (job::ReadJob& job : jobs) {
    const double done = share * static_cast<double>(columns.size());
    log::info(fmt::format("source: {}", job.job.source.name));
    columns.push_back(compute_column(std::move(job), options.progress
                                                         ? Progress([&options, done, share](double fraction) {
                                                             options.progress(done + share * fraction);
                                                           })
                                                         : Progress{}));
    for (const std::string& warning : columns.back().results.prepared.warnings)
      log::warning(fmt::format("{}: {}", name_of(columns.back()), warning));
  }
  const std::vector<std::string> sentences = verdicts(columns);
  CompareReport report{
      .text = table_text(columns, sentences), .json = table_json(job_file, columns, sentences), .files = {}};
  const auto next = [&](const std::string& name) {
    report.files.push_back(folder.target() / name);
    return folder.file(name);
  };
  io::write_atomic(next("comparison.csv"), table_csv(columns));
  io::write_atomic(next("comparison.json"), report.json);
  io::write_atomic(next("comparison.txt"), report.text);
  report::write_picture(next("comparison.png"),
                        montage(columns, columns.front().results.prepared.job.title, sentences));
  for (std::size_t i = 0; i < columns.size(); ++i)
    io::write_atomic(next(fmt::format("source-{}.resolved.toml", i + 1)),
                     job::resolved_job(columns[i].results.prepared.job, options.out));
  std::vector<fs::path> further = sources;
  further.push_back(job_file);
  results::Jobs all;
  for (const Column& column : columns) all.push_back(column.results.prepared.job);
  report.files.push_back(results::add_manifest(folder, "compare", all, further));
  folder.commit();
  return report;
}

}  // namespace undulith::program
