// SPDX-License-Identifier: MIT
#include "program/sweep_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "undulith/core/error.hpp"
#include "undulith/io/sha256.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::vector<fs::path> files_in(const fs::path& folder, std::string_view start, std::string_view extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename().string().starts_with(start) && entry.path().extension() == extension)
      files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::vector<fs::path> journals_in(const fs::path& folder) {
  return files_in(folder, "sweep-", ".journal");
}

bool is_of_this_sweep(const fs::path& journal, const std::string& first_line) {
  try {
    io::read_journal(journal, first_line, [](std::string_view, std::uint64_t) {});
    return true;
  } catch (const InputError&) {
    return false;
  }
}

fs::path make_folder(const SweepRequest& request) {
  std::error_code error;
  fs::create_directories(request.out, error);
  if (error || !fs::is_directory(request.out))
    throw IoError(fmt::format("cannot make the folder {} ({}); choose another one with --out",
                              request.out.string(), error ? error.message() : "it is a file"));
  if (!request.restart && journals_in(request.out).empty() && fs::exists(request.out / "sweep.csv", error))
    throw InputError(fmt::format(
        "{} is no table of a sweep in this folder (there is no journal beside it); choose another "
        "folder, or add --force to replace it",
        (request.out / "sweep.csv").string()));
  return request.out;
}

io::Journal open_journal(const fs::path& path, const std::string& first_line, bool restart) {
  try {
    return {path, first_line, restart ? io::Journal::Start::anew : io::Journal::Start::go_on};
  } catch (const InputError& error) {
    throw InputError(std::string(error.what()) + " (--force begins a sweep anew)");
  }
}

std::string own_journal(const SweepRequest& request) {
  return fmt::format("sweep-{}-of-{}.journal", request.shard, request.n_shards);
}

// A line that was edited is not what the program computed.
std::string check_of(std::size_t point, const Finished& finished) {
  constexpr std::size_t kDigits = 16;
  const std::string all =
      fmt::format("{} {} {}", point, finished.failed,
                  Json(finished.lines).dump(-1, ' ', false, Json::error_handler_t::replace));
  return io::sha256(std::as_bytes(std::span(all))).hex().substr(0, kDigits);
}

// Nothing where it is not a line of add().
std::optional<std::pair<std::size_t, Finished>> parsed(std::string_view text, std::size_t n_points) {
  const Json line = Json::parse(text, nullptr, false);
  const auto has = [&line](const char* name, auto is_type) {
    return line.contains(name) && (line[name].*is_type)();
  };
  if (!line.is_object() || !has("point", &Json::is_number_unsigned) || !has("failed", &Json::is_boolean) ||
      !has("lines", &Json::is_string) || !has("check", &Json::is_string))
    return std::nullopt;
  const auto point = line["point"].get<std::size_t>();
  Finished finished{line["lines"].get<std::string>(), line["failed"].get<bool>()};
  if (point >= n_points || line["check"].get<std::string>() != check_of(point, finished)) return std::nullopt;
  return std::pair(point, std::move(finished));
}

}  // namespace

SweepFolder::SweepFolder(const SweepRequest& request, std::string first_line, std::size_t n_points)
    : folder_(make_folder(request)), first_line_(std::move(first_line)), places_(n_points) {
  if (request.gather) return;
  journal_.emplace(open_journal(folder_ / own_journal(request), first_line_, request.restart));
  if (!request.restart) return;
  std::error_code ignored;
  for (const fs::path& journal : journals_in(folder_))
    if (journal.filename() != own_journal(request) &&
        (request.n_shards == 1 || !is_of_this_sweep(journal, first_line_)))
      fs::remove(journal, ignored);
}

void SweepFolder::read() {
  std::ranges::fill(places_, Place{});
  paths_ = journals_in(folder_);
  open_journal_ = kNone;
  for (std::uint32_t journal = 0; journal < paths_.size(); ++journal) {
    const fs::path& path = paths_[journal];
    std::size_t number = 1;
    const auto take = [&](std::string_view text, std::uint64_t offset) {
      ++number;
      const auto line = parsed(text, places_.size());
      if (!line)
        throw InputError(fmt::format(
            "{}:{}: error: not a line of a sweep (the file was changed or damaged); remove the line, and its "
            "point is computed again",
            path.string(), number));
      places_[line->first] = {.offset = offset, .journal = journal, .failed = line->second.failed};
    };
    try {
      io::read_journal(path, first_line_, take);
    } catch (const InputError& error) {
      if (number > 1) throw;
      throw InputError(std::string(error.what()) + " (--force begins a sweep anew)");
    }
  }
}

void SweepFolder::add(std::size_t point, const Finished& finished) {
  journal_->append(Json{{"point", point},
                        {"failed", finished.failed},
                        {"lines", finished.lines},
                        {"check", check_of(point, finished)}}
                       .dump(-1, ' ', false, Json::error_handler_t::replace));
  places_[point] = {.offset = 0, .journal = kAdded, .failed = finished.failed};
}

std::size_t SweepFolder::n_finished() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(places_, [](const Place& place) { return place.journal != kNone; }));
}

std::size_t SweepFolder::n_failed() const {
  return static_cast<std::size_t>(std::ranges::count(places_, true, &Place::failed));
}

std::string SweepFolder::lines_of(std::size_t point) {
  const Place& place = places_[point];
  const fs::path& path = paths_.at(place.journal);
  if (place.journal != open_journal_) {
    open_.close();
    open_.clear();
    open_.open(path, std::ios::binary);
    open_journal_ = place.journal;
  }
  std::string text;
  // Seeking drops what was read ahead: the next line is there already.
  if (const auto offset = static_cast<std::streamoff>(place.offset); open_.tellg() != offset) {
    open_.clear();
    open_.seekg(offset);
  }
  std::getline(open_, text);
  auto line = parsed(text, places_.size());
  if (!line || line->first != point)
    throw InputError(
        fmt::format("{} (was changed while it was read); give the same command again", path.string()));
  return std::move(line->second.lines);
}

void SweepFolder::remove_results_except(const std::vector<fs::path>& kept) const {
  std::error_code ignored;
  std::vector<fs::path> files = files_in(folder_, "sweep_", ".png");
  for (const fs::path& file : files_in(folder_, "sweep_pareto_", ".csv")) files.push_back(file);
  files.push_back(folder_ / "sweep.sqlite");
  for (const fs::path& file : files)
    if (std::ranges::find(kept, file) == kept.end()) fs::remove(file, ignored);
}

}  // namespace undulith::program
