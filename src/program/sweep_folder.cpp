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
    static_cast<void>(io::read_journal(journal, first_line));
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
std::optional<std::pair<std::size_t, Finished>> parsed(const std::string& text, std::size_t n_points) {
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
    : folder_(make_folder(request)),
      first_line_(std::move(first_line)),
      n_points_(n_points),
      journal_(open_journal(folder_ / own_journal(request), first_line_, request.restart)) {
  if (!request.restart) return;
  std::error_code ignored;
  for (const fs::path& journal : journals_in(folder_))
    if (journal.filename() != own_journal(request) &&
        (request.n_shards == 1 || !is_of_this_sweep(journal, first_line_)))
      fs::remove(journal, ignored);
  fs::remove(folder_ / "sweep.csv", ignored);
  for (const fs::path& picture : files_in(folder_, "sweep_", ".png")) fs::remove(picture, ignored);
}

Points SweepFolder::read() const {
  Points points;
  for (const fs::path& path : journals_in(folder_)) {
    std::vector<std::string> lines;
    try {
      lines = io::read_journal(path, first_line_);
    } catch (const InputError& error) {
      throw InputError(std::string(error.what()) + " (--force begins a sweep anew)");
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      auto line = parsed(lines[i], n_points_);
      if (!line)
        throw InputError(fmt::format(
            "{}:{}: error: not a line of a sweep (the file was changed or damaged); remove the line, and its "
            "point is computed again",
            path.string(), i + 2));
      points[line->first] = std::move(line->second);
    }
  }
  return points;
}

void SweepFolder::add(std::size_t point, const Finished& finished) {
  journal_.append(Json{{"point", point},
                       {"failed", finished.failed},
                       {"lines", finished.lines},
                       {"check", check_of(point, finished)}}
                      .dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace undulith::program
