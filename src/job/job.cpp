// SPDX-License-Identifier: MIT
#include "undulith/job/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "job/job_check.hpp"
#include "job/reading.hpp"
#include "job/table.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/content_hash.hpp"
#include "undulith/job/accuracy.hpp"
#include "undulith/job/imaging_kernels.hpp"
#include "undulith/job/set.hpp"
#include "undulith/materials/optical_table.hpp"
#include "undulith/provenance/manifest.hpp"

namespace undulith::job {
namespace {

namespace fs = std::filesystem;
using io::TomlKind;
using io::TomlNode;

/// A job file laid over those it extends, the later ones over the earlier. A file that several extend is read
/// once.
class JobFiles {
 public:
  const TomlNode& load(const fs::path& file);

 private:
  [[nodiscard]] const TomlNode& load_base(const fs::path& file, const TomlNode& name, const TomlNode& rule);

  static constexpr int kMostNamed = 200;  // each costs a merge, and a chain of them as many levels
  std::map<fs::path, TomlNode> loaded_;
  std::vector<fs::path> chain_;  ///< from the job to the file that is being read
  int n_named_ = 0;
};

// The job that gave the results of a manifest.
TomlNode job_of_manifest(const fs::path& file) {
  const provenance::Manifest manifest = provenance::read_manifest(file);
  if (manifest.layout)
    throw InputError(fmt::format(
        "{} conceals its layout (only who has the layout can compute these results again); ask its "
        "owner for the job",
        file.string()));
  return io::parse_toml(manifest.job, file.string() + " (job)", file.parent_path());
}

const TomlNode& JobFiles::load(const fs::path& file) {
  const fs::path name = fs::weakly_canonical(file);
  if (const auto found = loaded_.find(name); found != loaded_.end()) return found->second;
  TomlNode tree = provenance::is_manifest(file) ? job_of_manifest(file) : io::read_toml(file);
  const auto extends = std::ranges::find(tree.children, "extends", &TomlNode::key);
  if (extends != tree.children.end()) {
    const TomlNode rule = *extends;
    tree.children.erase(extends);
    chain_.push_back(name);
    TomlNode below;
    const std::vector<TomlNode> bases = rule.kind == TomlKind::array ? rule.children : std::vector{rule};
    for (const TomlNode& base : bases)
      below = &base == &bases.front() ? load_base(file, base, rule)
                                      : io::merge_toml(std::move(below), load_base(file, base, rule));
    if (!bases.empty()) tree = io::merge_toml(std::move(below), tree);
    chain_.pop_back();
  }
  return loaded_.emplace(name, std::move(tree)).first->second;
}

const TomlNode& JobFiles::load_base(const fs::path& file, const TomlNode& base, const TomlNode& rule) {
  const auto fail = [&](const std::string& message) -> InputError {
    return InputError(io::toml_diagnostic(rule.location, message));
  };
  if (base.kind != TomlKind::text)
    throw fail("extends must be the name of one job file or an array of them; write extends = \"base.toml\"");
  if (++n_named_ > kMostNamed)
    throw fail(
        fmt::format("extends names more than {0} files, those of the files that it names included "
                    "(the limit is {0}); join some of them",
                    kMostNamed));
  const std::string& name = std::get<std::string>(base.value);
  const fs::path path = (file.parent_path() / name).lexically_normal();
  std::error_code ignored;
  if (name.empty() || !fs::is_regular_file(path, ignored))
    throw fail(fmt::format("extends = {} (no such file: {}); names are relative to the folder of this job",
                           io::toml_text(name), path.string()));
  const auto seen = std::ranges::find(chain_, fs::weakly_canonical(path));
  if (seen != chain_.end()) {
    std::string circle;
    for (auto link = seen; link != chain_.end(); ++link) circle += link->filename().string() + " -> ";
    throw fail(fmt::format("extends goes in a circle ({}{}); let one of them stand alone", circle,
                           path.filename().string()));
  }
  return load(path);
}

/// How the command line sets an array of tables, with the keys that were given and those that have to be.
std::string array_advice(const TableInfo& table, const TomlNode& given) {
  std::string keys;
  const auto add = [&](const std::string& name, const std::string& value) {
    keys += fmt::format("{}{} = {}", keys.empty() ? "" : ", ", name, value);
  };
  for (const KeyInfo& key : table.keys) {
    const TomlNode* node = given.find(key.name);
    if (node != nullptr)
      add(key.name, shown_value(*node));
    else if (key.required || key.type == KeyType::material)
      add(key.name, key.type == KeyType::number || key.type == KeyType::integer ? "1" : "\"NAME\"");
  }
  return fmt::format("give the whole array, which replaces that of the job: --set '{}=[{{{}}}]'", table.name,
                     keys.empty() ? "KEY = VALUE" : keys);
}

/// The node of a table if it has the right kind; a fault if it has another.
const TomlNode* node_of(const TableInfo& table, const TomlNode& root, Faults& faults) {
  if (table.name.empty()) return &root;
  const TomlNode* node = find_node(root, table.name);
  if (!node) return nullptr;
  const bool right = table.array
                         ? node->kind == TomlKind::array &&
                               std::all_of(node->children.begin(), node->children.end(),
                                           [](const TomlNode& item) { return item.kind == TomlKind::table; })
                         : node->kind == TomlKind::table;
  if (right) return node;
  const bool argument = node->key_location.line <= 0;
  faults.error(
      table.name, node->key_location,
      table.array ? fmt::format("{0} must be an array of tables; {1}", table.name,
                                argument ? array_advice(table, *node)
                                         : fmt::format("write [[{}]] above each", table.name))
                  : fmt::format("{0} must be a table; {1}", table.name,
                                argument ? fmt::format("name one of its keys: --set {}.KEY=VALUE", table.name)
                                         : fmt::format("write [{}] above its keys", table.name)));
  return nullptr;
}

std::string parent_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

/// Reads the members of one element of a table; unknown and missing ones are faults.
/// @param path  of this element, as messages name it: "metrology.gauge[2]"
void read_element(Job& job, const Table& table, std::size_t element, const TomlNode& node,
                  const std::string& path, Faults& faults) {
  const std::vector<KeyInfo>& keys = table.info.keys;
  for (const TomlNode& member : node.children) {
    const auto key = std::ranges::find(keys, member.key, &KeyInfo::name);
    if (key == keys.end()) {
      if (!is_table_name(full_name(table.info.name, member.key)))
        report_unknown_key(table.info.name, member, faults);
    } else if (const auto value = read_value(member, *key, full_name(path, member.key), faults)) {
      table.set(job, element, static_cast<std::size_t>(key - keys.begin()), *value);
    }
  }
  for (const KeyInfo& key : keys)
    if (key.required && !node.find(key.name))
      faults.error(full_name(path, key.name), node.location,
                   path + " lacks " + key.name + " (" + key.doc + "); add it");
}

void read_table(Job& job, const Table& table, const TomlNode& node, Faults& faults) {
  const std::string& name = table.info.name;
  if (!table.info.array) return read_element(job, table, 0, node, name, faults);
  table.reset(job, node.children.size());
  for (std::size_t i = 0; i < node.children.size(); ++i)
    read_element(job, table, i, node.children[i], fmt::format("{}[{}]", name, i + 1), faults);
}

std::string write_element(const Job& job, const Table& table, std::size_t element, const FileNames& names) {
  std::string text;
  for (std::size_t key = 0; key < table.info.keys.size(); ++key)
    if (const auto value = write_value(table.info.keys[key], table.get(job, element, key), names))
      text += table.info.keys[key].name + " = " + *value + "\n";
  return text;
}

using IsWritten = std::function<bool(const std::string& table)>;

std::string write_job(
    const Job& job, const FileNames& names,
    const IsWritten& is_written = [](const std::string&) { return true; }) {
  std::string text = "# Every value of the job, defaults included.\n";
  for (const Table& table : tables()) {
    if (!table.active(job) || !is_written(table.info.name)) continue;
    if (!table.info.array && !table.info.name.empty()) text += "\n[" + table.info.name + "]\n";
    for (std::size_t i = 0; i < table.size(job); ++i)
      text +=
          (table.info.array ? "\n[[" + table.info.name + "]]\n" : "") + write_element(job, table, i, names);
    if (table.info.array) continue;
    // An empty array is a value too: without it a default would come back.
    for (const Table& array : tables())
      if (array.info.array && parent_of(array.info.name) == table.info.name && array.size(job) == 0)
        text += array.info.name.substr(array.info.name.rfind('.') + 1) + " = []\n";
  }
  return text;
}

/// Whether the content that was read with the job is that of the file it names.
bool has_layout_content(const Job& job) {
  return job.layout_content && job.layout_content->path == job.layout.file;
}

/// Of a file that is gone, that of nothing: whoever needs its content refuses the job.
io::Sha256 hash_of_file(const std::string& name) {
  try {
    return io::content_hash(name).sha256;
  } catch (const InputError&) {
    return io::sha256({});
  }
}

/// Whether the job takes kernels from a file.
bool is_kernel_file(const Job& job, const std::string& name) {
  return name == job.imaging.kernel_file ||
         std::ranges::any_of(job.optimise.bands, [&](const OptimiseBand& band) {
           return name == band.outer_kernel_file || name == band.inner_kernel_file;
         });
}

/// Names of files without their folder, and what they contain.
FileNames names_with_content(const Job& job) {
  return [&job](const std::string& name) {
    const bool is_layout = has_layout_content(job) && job.layout.file == name;
    const io::Sha256 hash =
        is_layout ? job.layout_content->hash : hash_of_file(materials::file_of_table(name));
    std::string text = fmt::format("{} {}", fs::path(name).filename().string(), hash.hex());
    if (is_kernel_file(job, name))
      for (const fs::path& beside : files_beside_kernels(name))
        text += " " + hash_of_file(beside.string()).hex();
    return text;
  };
}

/// Names of files relative to a folder.
FileNames names_from(const fs::path& folder) {
  return [from = fs::absolute(folder).lexically_normal()](const std::string& name) {
    const fs::path path = fs::absolute(name).lexically_normal();
    const fs::path relative = path.lexically_relative(from);
    return (relative.empty() ? path : relative).generic_string();
  };
}

/// Wavelength / NA; 0 for values that the checks of the job will refuse.
double resolution_of(const Job& job) {
  constexpr double kLeastNa = 1e-6, kMostNa = 1e3, kMostNm = 1e9;
  const double na = job.imaging.na, wavelength_nm = job.source.wavelength_nm;
  const bool known = std::isgreater(na, kLeastNa) && std::isless(na, kMostNa) &&
                     std::isgreater(wavelength_nm, 0) && std::isless(wavelength_nm, kMostNm);
  return known ? wavelength_nm / na : 0;
}

/// Sets the keys of imaging.accuracy that the job does not set itself.
void apply_accuracy(Job& job, const TomlNode& root) {
  const double resolution_nm = resolution_of(job);
  for (const AccuracyKey& key : accuracy_keys())
    if (!find_node(root, key.name)) set(job, key.name, key.at(job.imaging.accuracy, resolution_nm));
}

ReadJob read_tree(const fs::path& file, TomlNode root, const std::vector<Override>& overrides, JobScope scope,
                  const io::FileReader& reader) {
  for (const Override& over : overrides) {
    const std::string name = fmt::format("--set {}={}", over.key, over.value);
    if (over.key == "extends")
      throw InputError(name + ": error: extends belongs into a job file; write it there");
    root = io::merge_toml(std::move(root),
                          io::parse_toml_argument(over.key, over.value, name, fs::current_path()));
  }

  ReadJob out;
  out.file = file;
  out.overrides = overrides;
  Faults faults;
  for (const Table& table : tables())
    if (const TomlNode* node = node_of(table.info, root, faults)) read_table(out.job, table, *node, faults);
  apply_accuracy(out.job, root);
  follow_other_keys(out.job);
  check_job(out.job, root, scope, faults);
  load_files(out.job, root, scope, reader, faults);
  faults.throw_if_any();
  out.warnings = faults.warnings();
  out.tree = std::move(root);
  return out;
}

}  // namespace

void follow_other_keys(Job& job) {
  job.imaging.chief_ray_deg = job.mask.stack.incidence_deg;
  job.imaging.wavefront_wavelength_nm = job.source.wavelength_nm;
  if (const double resolution_nm = resolution_of(job); resolution_nm > 0)
    job.metrology.resolution_nm = resolution_nm;
}

ReadJob read_job(const fs::path& file, const std::vector<Override>& overrides, JobScope scope,
                 const io::FileReader& reader) {
  return read_tree(file, file.empty() ? io::parse_toml("", "default job") : JobFiles().load(file), overrides,
                   scope, reader);
}

ReadJob read_job_with_source(const fs::path& file, const fs::path& source_file,
                             const std::vector<Override>& overrides) {
  TomlNode root = JobFiles().load(file);
  const TomlNode light = JobFiles().load(source_file);
  const auto of_source = [](const TomlNode& node) { return node.key == "source" || node.key == "beamline"; };
  for (const TomlNode& node : light.children)
    if (!of_source(node) && node.key != "throughput")
      throw InputError(io::toml_diagnostic(
          node.key_location,
          fmt::format(
              "{} does not belong into the file of a source (only [source], [beamline] and the machine "
              "in [throughput] do); move it to the job",
              node.key)));
  if (const TomlNode* machine = light.find("throughput"))
    for (const TomlNode& node : machine->children)
      if (node.key == "dose_mj_cm2")
        throw InputError(io::toml_diagnostic(
            node.key_location,
            "throughput.dose_mj_cm2 does not belong into the file of a source (a comparison has one dose); "
            "move it to the job"));
  if (!light.find("source"))
    throw InputError(fmt::format("{} has no table [source] (it must describe a light source); add it",
                                 source_file.string()));
  std::erase_if(root.children, of_source);
  return read_tree(file, io::merge_toml(std::move(root), light), overrides, JobScope::whole,
                   io::read_from_disk);
}

std::string resolved_job(const Job& job, const fs::path& folder) {
  return write_job(job, names_from(folder));
}

std::vector<NamedFile> named_files(const Job& job, const fs::path& folder) {
  std::vector<NamedFile> files;
  const FileNames names = names_from(folder);
  static_cast<void>(write_job(job, [&](const std::string& name) {
    const std::string path = materials::file_of_table(name), written = names(path);
    if (std::ranges::find(files, written, &NamedFile::name) == files.end())
      files.push_back({.name = written, .path = path, .beside = {}});
    if (is_kernel_file(job, name))
      for (const fs::path& beside : files_beside_kernels(path))
        files.push_back({.name = names(beside.string()), .path = beside, .beside = written});
    return name;
  }));
  return files;
}

std::shared_ptr<const io::FileContent> layout_content(const Job& job) {
  return has_layout_content(job) ? job.layout_content : io::read_content(job.layout.file);
}

std::string tables_with_content(const Job& job, std::span<const std::string_view> tables) {
  return write_job(job, names_with_content(job), [tables](const std::string& name) {
    return std::ranges::find(tables, std::string_view(name).substr(0, name.find('.'))) != tables.end();
  });
}

std::string job_hash(const Job& job) {
  constexpr std::size_t kJobHashDigits = 16;
  // Which files are written and which points a sweep has changes no result of the job, nor does an optimisation that it does
  // not ask for.
  const bool optimises = job.optimise != OptimiseTable{};
  const std::string text = write_job(job, names_with_content(job), [&](const std::string& table) {
    return !table.starts_with("sweep") && (optimises || !table.starts_with("optimise"));
  });
  const std::size_t outputs = text.find("\noutputs = "), end = text.find('\n', outputs + 1);
  const std::string hashed = text.substr(0, outputs) + text.substr(end);
  return io::sha256(std::as_bytes(std::span(hashed))).hex().substr(0, kJobHashDigits);
}

}  // namespace undulith::job
