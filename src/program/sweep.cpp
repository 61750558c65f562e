// SPDX-License-Identifier: MIT
#include "undulith/program/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "program/sweep_folder.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/version.hpp"
#include "undulith/flow/store.hpp"
#include "undulith/io/atomic_file.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/sha256.hpp"
#include "undulith/report/sweep_pictures.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/sweep_columns.hpp"
#include "undulith/results/sweep_front.hpp"
#include "undulith/results/sweep_plots.hpp"
#include "undulith/results/sweep_sqlite.hpp"
#include "undulith/results/sweep_table.hpp"
#include "undulith/results/table.hpp"
#include "undulith/study/sweep_cost.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Two sweeps with the same first line of their journals have the same points and results.
std::string first_line(const study::SweepPlan& plan) {
  io::ByteWriter all;
  all.add(std::string_view(kVersion));
  all.add(job::job_hash(plan.job));
  all.add(results::sweep_head(plan));
  all.add(plan.is_grid);
  std::set<std::string> known;
  for (std::size_t k = 0; k < plan.keys.size(); ++k)
    for (const KeyValue& value : plan.keys[k].values) {
      all.add(study::value_text(value));
      // Of words, too, what the files that they name contain.
      if (!plan.keys[k].is_number() &&
          known.insert(plan.keys[k].name + '=' + study::value_text(value)).second)
        all.add(job::job_hash(study::job_with(plan, k, value)));
    }
  return "undulith sweep 2 " + io::sha256(all.bytes()).hex();
}

// What several points share, such as masks and images, kept in the folder while the sweep is not complete, unless the user
// has a store.
class SharedStages {
 public:
  SharedStages(const fs::path& folder, const study::SweepPlan& plan) {
    if (flow::store_in_use() != nullptr || plan.n_points < 2) return;
    folder_ = folder / ".sweep-images";
    flow::use_store(std::make_shared<io::Store>(folder_));
  }
  SharedStages(const SharedStages&) = delete;
  SharedStages& operator=(const SharedStages&) = delete;
  ~SharedStages() {
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

[[noreturn]] void refuse_point(const study::SweepPlan& plan, std::size_t point, const std::string& error) {
  throw InputError(fmt::format(
      "point {} of the sweep ({}): {}\nfinished points are kept; add --keep-going to have failures as "
      "lines of the table",
      point + 1, study::values_text(plan, point), error));
}

void require_job(const study::SweepPlan& plan, std::size_t point) {
  try {
    static_cast<void>(study::job_at(plan, point));
  } catch (const InputError& error) {
    refuse_point(plan, point, error.what());
  }
}

// @returns  whether the table is another one than before
bool write_table(const fs::path& table, const study::SweepPlan& plan, SweepFolder& folder) {
  std::error_code error;
  const bool had_one = fs::is_regular_file(table, error);
  const std::string before = had_one ? io::hash_file(table).sha256.hex() : "";
  io::AtomicFile file(table);
  file.append(results::sweep_head(plan));
  for (std::size_t point = 0; point < plan.n_points; ++point) file.append(folder.lines_of(point));
  file.commit();
  return had_one && io::hash_file(table).sha256.hex() != before;
}

void write_plot(const fs::path& path, const study::SweepPlan& plan, const report::Picture& picture) {
  report::write_picture(path, picture, {{"undulith:job_hash", job::job_hash(plan.job)}});
}

std::vector<fs::path> write_fronts(const SweepRequest& request, const study::SweepPlan& plan,
                                   const fs::path& table) {
  std::vector<fs::path> files;
  for (const std::string& text : request.fronts) {
    const results::FrontQuantities quantities = results::read_front(text);
    const auto front = results::pareto_front(plan, table, quantities);
    if (!front) {
      log::warning(fmt::format("--pareto {} (no point has both quantities); no front is written", text));
      continue;
    }
    files.push_back(request.out / (quantities.file_name() + ".csv"));
    io::write_atomic(files.back(), front->csv);
    files.push_back(request.out / (quantities.file_name() + ".png"));
    write_plot(files.back(), plan,
               report::draw_sweep_front(front->picture, {.title = plan.job.title, .details = {}}));
  }
  return files;
}

std::vector<fs::path> write_results(const SweepRequest& request, const study::SweepPlan& plan,
                                    SweepFolder& folder) {
  std::vector<fs::path> files{request.out / "sweep.csv"};
  const fs::path table = files.front();
  const bool is_another = write_table(table, plan, folder);
  if (request.sqlite) {
    files.push_back(request.out / "sweep.sqlite");
    results::write_sweep_sqlite(plan, table, files.back());
  }
  for (const results::SweepPlotFile& file : results::sweep_plots(plan, table)) {
    files.push_back(request.out / file.name);
    write_plot(files.back(), plan, results::draw(file, plan.job.title));
  }
  for (fs::path& file : write_fronts(request, plan, table)) files.push_back(std::move(file));
  if (is_another) folder.remove_results_except(files);
  return files;
}

std::vector<std::string> names_without_effect(const study::SweepPlan& plan, const fs::path& table) {
  std::vector<std::string> names;
  for (const std::size_t key : results::keys_without_effect(plan, table)) {
    names.push_back(plan.keys[key].name);
    log::warning(fmt::format(
        "{} (all its values give the same results: nothing in this job uses it); vary another key, or set the "
        "key that makes the job use it",
        names.back()));
  }
  return names;
}

// Writes table and plots when all points are there.
// The files that the points name.
std::vector<fs::path> varied_files(const study::SweepPlan& plan, const SweepRequest& request) {
  std::vector<fs::path> files;
  const auto add = [&](const fs::path& file) {
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) files.push_back(file);
  };
  if (!request.points.points_file.empty()) add(request.points.points_file);
  for (const study::VariedKey& key : plan.keys)
    for (const KeyValue& value : key.values)
      if (const auto* word = std::get_if<std::string>(&value); word != nullptr && !key.is_number())
        if (key.type == KeyType::file || key.type == KeyType::material) add(*word);
  return files;
}

fs::path write_manifest(const SweepRequest& request, const study::SweepPlan& plan,
                        const std::vector<fs::path>& files) {
  std::vector<std::string> names;
  for (const fs::path& file : files) names.push_back(file.filename().string());
  std::ranges::sort(names);
  fs::path path = request.out / provenance::kManifestName;
  io::write_atomic(
      path, provenance::manifest_text(results::manifest_of("sweep", {plan.job}, request.out, request.out,
                                                           names, varied_files(plan, request))));
  return path;
}

SweepReport report_of(const SweepRequest& request, const study::SweepPlan& plan, SweepFolder& folder) {
  const std::size_t n_finished = folder.n_finished();
  SweepReport report{.complete = n_finished == plan.n_points,
                     .n_failed = static_cast<int>(folder.n_failed())};
  std::vector<std::string> without_effect;
  if (report.complete) {
    report.files = write_results(request, plan, folder);
    report.files.push_back(write_manifest(request, plan, report.files));
    without_effect = names_without_effect(plan, report.files.front());
  }
  report.text = fmt::format("{} of {} points, {} failed\n", n_finished, plan.n_points, report.n_failed) +
                (report.complete ? "" : "the table is written when all shards have finished\n");
  Json files = Json::array();
  for (const fs::path& file : report.files) {
    report.text += fmt::format("wrote {}\n", file.string());
    files.push_back(file.string());
  }
  report.json = results::json_text(
      Json{{"n_points", plan.n_points},
           {"n_finished", n_finished},
           {"n_failed", report.n_failed},
           {"complete", report.complete},
           {"table", report.complete ? Json(report.files.front().string()) : Json(nullptr)},
           {"files", files},
           {"keys_without_effect", without_effect}},
      "--json");
  return report;
}

std::vector<std::size_t> points_of_shard(const study::SweepPlan& plan, const SweepRequest& request) {
  std::vector<std::size_t> points;
  for (auto i = static_cast<std::size_t>(request.shard - 1); i < plan.n_points;
       i += static_cast<std::size_t>(request.n_shards))
    points.push_back(i);
  return points;
}

void require_complete(const SweepRequest& request, const SweepFolder& folder, std::size_t n_points) {
  const std::size_t n_missing = n_points - folder.n_finished();
  if (n_missing == 0) return;
  std::size_t first = 0;
  while (folder.is_finished(first)) ++first;
  throw InputError(fmt::format(
      "{} of {} points are missing in the journals of {} (the first one is point {}); copy the journals of all "
      "shards into the folder, or compute the points without --gather",
      n_missing, n_points, request.out.string(), first + 1));
}

study::SweepPlan plan_of(const job::ReadJob& read, const SweepRequest& request) {
  for (const std::string& front : request.fronts) static_cast<void>(results::read_front(front));
  study::SweepPlan plan = study::plan_sweep(read, request.points);
  for (const std::string& warning : plan.warnings) log::warning(warning);
  return plan;
}

}  // namespace

SweepReport plan_sweep(const job::ReadJob& read, const SweepRequest& request) {
  require_shard(request);
  const study::SweepPlan plan = plan_of(read, request);
  const study::SweepCost cost = study::estimate_sweep(plan, points_of_shard(plan, request));
  SweepReport report;
  const auto counted = [](std::size_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  report.text =
      fmt::format("{}, {}, {}, {}", counted(cost.n_points, "point"), counted(cost.n_images, "image"),
                  counted(cost.n_masks, "mask"), counted(cost.n_lights, "light"));
  if (cost.n_films > 0) report.text += ", " + counted(cost.n_films, "film");
  report.text +=
      fmt::format("\nabout {:.2g} s of CPU time, {:.2g} s with {}; {:.3g} MB of memory with {} at a time\n",
                  cost.cpu_s, cost.wall_s, counted(static_cast<std::size_t>(cost.n_threads), "thread"),
                  cost.memory_mb, counted(static_cast<std::size_t>(cost.n_at_a_time), "point"));
  report.json = results::json_text(Json{{"n_points", cost.n_points},
                                        {"n_images", cost.n_images},
                                        {"n_masks", cost.n_masks},
                                        {"n_lights", cost.n_lights},
                                        {"n_films", cost.n_films},
                                        {"cpu_s", cost.cpu_s},
                                        {"wall_s", cost.wall_s},
                                        {"n_threads", cost.n_threads},
                                        {"memory_mb", cost.memory_mb},
                                        {"n_at_a_time", cost.n_at_a_time}},
                                   "--json");
  return report;
}

SweepReport run_sweep(const job::ReadJob& read, const SweepRequest& request) {
  require_shard(request);
  const study::SweepPlan plan = plan_of(read, request);
  SweepFolder folder(request, first_line(plan), plan.n_points);
  folder.read();
  if (request.gather) {
    require_complete(request, folder, plan.n_points);
    return report_of(request, plan, folder);
  }
  std::vector<std::size_t> mine = points_of_shard(plan, request);
  std::erase_if(mine, [&folder](std::size_t i) { return folder.is_finished(i) && !folder.has_failed(i); });
  log::info(fmt::format("{} of {} points are to be computed", mine.size(), plan.n_points));
  if (!request.keep_going)
    for (const std::size_t point : mine) require_job(plan, point);

  const SharedStages stages(request.out, plan);
  std::set<std::string> said;  // a warning of many points is printed once
  try {
    study::run_sweep(plan, mine, request.watch, [&](study::SweepResult result) {
      if (!result.error.empty() && !request.keep_going) refuse_point(plan, result.point, result.error);
      if (result.results)
        for (const std::string& warning : result.results->prepared.warnings)
          if (said.insert(warning).second)
            log::warning(fmt::format("point {} ({}): {}", result.point + 1,
                                     study::values_text(plan, result.point), warning));
      folder.add(result.point, {results::sweep_lines(plan, result), !result.error.empty()});
    });
  } catch (const Interrupted&) {
    throw Interrupted(fmt::format(
        "stopped on request (signal); {} of {} points are kept, and the same command goes on with the others",
        folder.n_finished(), plan.n_points));
  }
  folder.read();  // others may have come on meanwhile
  SweepReport report = report_of(request, plan, folder);
  if (report.complete) stages.remove();
  return report;
}

}  // namespace undulith::program
