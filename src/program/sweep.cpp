// SPDX-License-Identifier: MIT
#include "undulith/program/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/version.hpp"
#include "undulith/flow/prepared.hpp"
#include "undulith/flow/store.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/journal.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/results/sweep_plots.hpp"
#include "undulith/results/sweep_table.hpp"
#include "undulith/results/table.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// What each point gave, by its number.
struct Finished {
  std::string lines;  // of the table
  bool failed = false;
};
using Points = std::map<std::size_t, Finished>;

// Two sweeps with the same first line of their journals have the same points and results.
std::string first_line(const job::Job& job, const study::SweepPlan& plan) {
  io::ByteWriter all;
  all.add(std::string_view(kVersion));
  all.add(std::string_view(job::job_hash(job)));
  all.add(std::string_view(results::sweep_head(plan)));
  for (const std::vector<KeyValue>& point : plan.points)
    for (const KeyValue& value : point) {
      if (const auto* number = std::get_if<double>(&value)) all.add(*number);
      if (const auto* whole = std::get_if<int>(&value)) all.add(*whole);
      if (const auto* text = std::get_if<std::string>(&value)) all.add(std::string_view(*text));
    }
  return "undulith sweep 1 " + io::sha256(all.bytes()).hex();
}

std::string journal_name(const SweepRequest& request) {
  return fmt::format("sweep-{}-of-{}.journal", request.shard, request.n_shards);
}

std::vector<fs::path> journals_in(const fs::path& folder) {
  std::vector<fs::path> journals;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".journal") journals.push_back(entry.path());
  std::ranges::sort(journals);
  return journals;
}

std::string journal_line(std::size_t point, const Finished& finished) {
  return Json{{"point", point}, {"failed", finished.failed}, {"lines", finished.lines}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
}

void take_journal(const fs::path& path, const std::string& head, std::size_t n_points, Points& points) {
  const std::vector<std::string> lines = io::read_journal(path, head);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Json line = Json::parse(lines[i], nullptr, false);
    if (!line.is_object() || !line.contains("point") || !line["point"].is_number_unsigned() ||
        line["point"].get<std::size_t>() >= n_points || !line.contains("failed") ||
        !line["failed"].is_boolean() || !line.contains("lines") || !line["lines"].is_string())
      throw InputError(fmt::format(
          "{}:{}: error: not a line of a sweep (the file was changed or damaged); remove the line, "
          "and its point is computed again",
          path.string(), i + 2));
    points[line["point"].get<std::size_t>()] = {line["lines"].get<std::string>(), line["failed"].get<bool>()};
  }
}

// Images of the points, kept in the folder while the sweep is not complete, unless the user has a store.
class SharedImages {
 public:
  explicit SharedImages(const fs::path& folder) {
    if (flow::store_in_use() != nullptr) return;
    folder_ = folder / "images";
    flow::use_store(std::make_shared<io::Store>(folder_));
  }
  SharedImages(const SharedImages&) = delete;
  SharedImages& operator=(const SharedImages&) = delete;
  ~SharedImages() {
    if (!folder_.empty()) flow::use_store(nullptr);
  }
  void remove() const {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

 private:
  fs::path folder_;
};

void require_shard(const SweepRequest& request) {
  if (request.n_shards < 1 || request.shard < 1 || request.shard > request.n_shards)
    throw InputError(
        fmt::format("--shard {}/{} (must be one of 1/n to n/n); the shards of three are 1/3, 2/3, 3/3",
                    request.shard, request.n_shards));
}

void make_folder(const SweepRequest& request) {
  std::error_code error;
  fs::create_directories(request.out, error);
  if (error || !fs::is_directory(request.out))
    throw IoError(fmt::format("cannot make the folder {} ({}); choose another one with --out",
                              request.out.string(), error ? error.message() : "it is a file"));
  if (!request.restart) return;
  for (const fs::path& journal : journals_in(request.out)) fs::remove(journal, error);
  fs::remove(request.out / "sweep.csv", error);
  std::vector<fs::path> pictures;
  for (const auto& entry : fs::directory_iterator(request.out, error))
    if (entry.path().filename().string().starts_with("sweep_") && entry.path().extension() == ".png")
      pictures.push_back(entry.path());
  for (const fs::path& picture : pictures) fs::remove(picture, error);
  fs::remove_all(request.out / "images", error);
}

std::string values_text(const study::SweepPlan& plan, std::size_t point) {
  std::string text;
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    const KeyValue& value = plan.points[point][k];
    text += fmt::format("{}{} = {}", k > 0 ? ", " : "", plan.keys[k].name,
                        std::holds_alternative<double>(value) ? fmt::format("{:.6g}", std::get<double>(value))
                        : std::holds_alternative<int>(value)  ? fmt::format("{}", std::get<int>(value))
                                                              : std::get<std::string>(value));
  }
  return text;
}

}  // namespace

SweepReport plan_sweep(const job::ReadJob& read, const SweepRequest& request) {
  const study::SweepPlan plan = study::plan_sweep(read.job, request.points);
  std::vector<std::size_t> all(plan.points.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const std::size_t n_images = study::points_by_image(plan, all).size();
  SweepReport report;
  job::with_places(read, [&] {
    const flow::Prepared prepared =
        flow::prepare(study::job_at(read.job, plan, 0), flow::LightDetail::estimated);
    const double shared_s = prepared.plan.cpu_s + prepared.mask_plan.cpu_s,
                 own_s = prepared.film.cpu_s + prepared.light_cpu_s,
                 cpu_s = static_cast<double>(n_images) * shared_s + static_cast<double>(all.size()) * own_s;
    report.text = fmt::format(
        "{} points, {} images\nabout {:.3g} s on one processor and {:.0f} MB a point, as the first point\n",
        all.size(), n_images, cpu_s, prepared.memory_mb());
    report.json = results::json_text(Json{{"n_points", all.size()},
                                          {"n_images", n_images},
                                          {"cpu_s", cpu_s},
                                          {"memory_mb", prepared.memory_mb()}},
                                     "--json");
  });
  return report;
}

SweepReport run_sweep(const job::ReadJob& read, const SweepRequest& request) {
  require_shard(request);
  const study::SweepPlan plan = study::plan_sweep(read.job, request.points);
  make_folder(request);
  const std::string head = first_line(read.job, plan);
  io::Journal journal(request.out / journal_name(request), head);
  Points finished;
  for (const fs::path& path : journals_in(request.out))
    take_journal(path, head, plan.points.size(), finished);
  std::vector<std::size_t> mine;
  for (std::size_t i = static_cast<std::size_t>(request.shard - 1); i < plan.points.size();
       i += static_cast<std::size_t>(request.n_shards))
    if (!finished.contains(i)) mine.push_back(i);
  log::info(fmt::format("{} of {} points are to be computed", mine.size(), plan.points.size()));

  const SharedImages images(request.out);
  study::run_sweep(read.job, plan, mine, request.progress, [&](study::SweepResult result) {
    if (!result.error.empty() && !request.keep_going)
      throw InputError(fmt::format(
          "point {} of the sweep ({}): {}\nfinished points are kept; add --keep-going to have failures as "
          "lines of the table",
          result.point + 1, values_text(plan, result.point), result.error));
    const Finished point{results::sweep_lines(plan, result), !result.error.empty()};
    journal.append(journal_line(result.point, point));
    finished[result.point] = point;
  });

  // Other shards may have come on meanwhile.
  for (const fs::path& path : journals_in(request.out))
    take_journal(path, head, plan.points.size(), finished);
  SweepReport report{.complete = finished.size() == plan.points.size()};
  std::string csv = results::sweep_head(plan);
  for (const auto& [point, one] : finished) {
    csv += one.lines;
    report.n_failed += one.failed ? 1 : 0;
  }
  const fs::path table = request.out / "sweep.csv";
  if (report.complete) {
    io::write_atomic(table, csv);
    report.files.push_back(table);
    for (const results::SweepPlotFile& file : results::sweep_plots(plan, csv)) {
      report.files.push_back(request.out / file.name);
      report::write_picture(report.files.back(),
                            report::draw_sweep(file.plot, {.title = read.job.title, .details = file.details}),
                            {{"undulith:job_hash", job::job_hash(read.job)}});
    }
    images.remove();
  }
  report.text =
      fmt::format("{} of {} points, {} failed\n", finished.size(), plan.points.size(), report.n_failed) +
      (report.complete ? "" : "the table is written when all shards have finished\n");
  for (const fs::path& file : report.files) report.text += fmt::format("wrote {}\n", file.string());
  report.json = results::json_text(Json{{"n_points", plan.points.size()},
                                        {"n_finished", finished.size()},
                                        {"n_failed", report.n_failed},
                                        {"complete", report.complete},
                                        {"table", report.complete ? Json(table.string()) : Json(nullptr)}},
                                   "--json");
  return report;
}

}  // namespace undulith::program
