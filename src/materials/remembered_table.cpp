#include "materials/remembered_table.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>

namespace undulith::materials {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxRemembered = 256;

struct Remembered {
  fs::file_time_type changed;
  std::uintmax_t size = 0;
  std::shared_ptr<const OpticalTable> table;
};

}  // namespace

std::shared_ptr<const OpticalTable> remembered_table(const std::string& file) {
  // Tables never change, so that a result does not depend on what is remembered; the map only saves reading.
  static std::mutex mutex;
  static std::map<std::string, Remembered> known;

  std::error_code error;
  const fs::file_time_type changed = fs::last_write_time(file, error);
  const std::uintmax_t size = error ? 0 : fs::file_size(file, error);
  if (error) return std::make_shared<const OpticalTable>(read_optical_table(file));  // throws with the reason
  const std::string path = fs::absolute(file, error).string();
  const std::lock_guard lock(mutex);
  const auto found = known.find(path);
  if (found != known.end() && found->second.changed == changed && found->second.size == size)
    return found->second.table;
  auto table = std::make_shared<const OpticalTable>(read_optical_table(file));
  if (known.size() >= kMaxRemembered) known.clear();
  known[path] = {changed, size, table};
  return table;
}

}  // namespace undulith::materials
