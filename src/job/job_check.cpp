// SPDX-License-Identifier: MIT
#include "job/job_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "job/table.hpp"
#include "undulith/core/error.hpp"
#include "undulith/materials/optical_constants.hpp"

namespace undulith::job {
namespace {

using illuminator::Shape;
using io::TomlLocation;
using io::TomlNode;

/// The checks of one job. A condition is told only when the keys it joins are right one by one.
class Checker {
 public:
  Checker(const Job& job, const TomlNode& root, Faults& faults) : job_(job), root_(root), faults_(faults) {}

  void check_source();
  void check_illuminator();
  void check_beamline();
  void check_shapes();
  void check_layout();
  void check_stack(JobScope scope);
  void check_imaging();
  void check_metrology();
  void warn_of_idle_keys();

 private:
  void check_zernike_terms();
  void check_wafer_films();
  void check_slit();
  void check_kernels();
  void check_flare();
  void fail(const std::string& key, const std::string& message) {
    faults_.error(key, where_is(root_, key), message);
  }
  [[nodiscard]] bool sound(std::initializer_list<std::string_view> keys) const {
    return std::none_of(keys.begin(), keys.end(), [&](std::string_view key) { return faults_.has(key); });
  }
  [[nodiscard]] bool has_shapes() const {
    return !job_.mask.rectangles.empty() || !job_.mask.polygons.empty();
  }
  [[nodiscard]] bool is_picture() const {
    const std::filesystem::path extension = std::filesystem::path(job_.layout.file).extension();
    return extension == ".png" || extension == ".npy";
  }
  void check_material(const std::string& key, const materials::Material& material);
  void check_wafer_material(const std::string& key, const materials::Material& material);
  void check_film(const std::string& key, const optics::MaterialFilm& film);

  const Job& job_;
  const TomlNode& root_;
  Faults& faults_;
};

void Checker::check_source() {
  const int harmonic = job_.source.undulator.harmonic;
  if (sound({"source.undulator.harmonic"}) && harmonic % 2 == 0)
    fail(
        "source.undulator.harmonic",
        fmt::format(
            "source.undulator.harmonic = {} (must be odd: a planar undulator has no even harmonics on axis); "
            "use {} or {}",
            harmonic, harmonic - 1, harmonic + 1));
  const std::string& source_file = job_.source_file.file;
  if (job_.source.kind == source::SourceKind::file && source_file.empty() && sound({"source.file.file"}))
    fail("source.kind", "source.kind = \"file\" (needs the light of another code); give source.file.file");
  for (const Table& table : tables()) {
    const TomlNode* node = find_node(root_, table.info.name);
    if (table.active(job_) || !node || !sound({"source.kind"})) continue;
    const std::string& name = table.info.name;
    faults_.warning(
        node->location,
        fmt::format("[{}] has no effect ({})", name,
                    name == "sweep"
                        ? "it varies nothing: there is no [[sweep.vary]] and no points_file"
                        : fmt::format("{} is another",
                                      name.starts_with("source.") ? "source.kind" : "resist.model")));
  }
}

void Checker::check_illuminator() {
  const auto& p = job_.illuminator;
  if (!sound({"illuminator.shape"})) return;
  const bool ring = p.shape == Shape::annular || p.shape == Shape::dipole || p.shape == Shape::quasar;
  if (ring && sound({"illuminator.sigma_inner", "illuminator.sigma_outer"}) &&
      !(p.sigma_inner < p.sigma_outer)) {
    // The message stands at the key that the author wrote.
    const bool inner = find_node(root_, "illuminator.sigma_inner") != nullptr;
    fail(inner ? "illuminator.sigma_inner" : "illuminator.sigma_outer",
         fmt::format("illuminator.sigma_inner = {} (must be below sigma_outer = {}); make the ring thicker",
                     p.sigma_inner, p.sigma_outer));
  }
  const double full_ring_deg = p.shape == Shape::quasar ? 90 : 180;
  if ((p.shape == Shape::quasar || p.shape == Shape::dipole) && sound({"illuminator.opening_deg"}) &&
      p.opening_deg >= full_ring_deg)
    faults_.warning(
        where_is(root_, "illuminator.opening_deg"),
        fmt::format("illuminator.opening_deg = {} makes a full ring of the poles; for separate poles choose "
                    "less than {}",
                    p.opening_deg, full_ring_deg));
  if (p.shape == Shape::leaf_dipole && sound({"illuminator.leaf_offset_sigma", "illuminator.sigma_outer"}) &&
      !(p.leaf_offset_sigma < 2 * p.sigma_outer))
    fail("illuminator.leaf_offset_sigma",
         fmt::format(
             "illuminator.leaf_offset_sigma = {} (must be below twice sigma_outer = {}, or no leaf remains); "
             "lower it or raise sigma_outer",
             p.leaf_offset_sigma, p.sigma_outer));
  if (p.shape == Shape::points && job_.illuminator.points_file.empty() && sound({"illuminator.points_file"}))
    fail("illuminator.shape",
         "illuminator.shape = \"points\" (needs a file of points); give illuminator.points_file");
  if (p.shape == Shape::map && job_.illuminator.map_file.empty() && sound({"illuminator.map_file"}))
    fail("illuminator.shape",
         "illuminator.shape = \"map\" (needs a picture of the pupil); give illuminator.map_file");
}

void Checker::check_beamline() {
  if (!sound({"beamline.mirror"})) return;
  for (std::size_t i = 0; i < job_.beamline.mirrors.size(); ++i)
    if (job_.beamline.mirrors[i].coating == illuminator::Coating::grazing)
      check_material(fmt::format("beamline.mirror[{}].material", i + 1), job_.beamline.mirrors[i].material);
}

void Checker::check_shapes() {
  if (!sound({"layout", "mask.rectangle", "mask.polygon"})) return;
  const bool file = !job_.layout.file.empty();
  if (!file && !has_shapes())
    fail("layout.file",
         "the mask has no shapes (neither layout.file nor [[mask.rectangle]] or [[mask.polygon]] is given); "
         "name a "
         "layout: [layout] file = \"mask.gds\", or draw: [[mask.rectangle]] x0_nm = 0 ...");
  if (file && has_shapes())
    fail("layout.file",
         "the mask has two sets of shapes (layout.file, and shapes in [mask]); keep one of the two");
  if (has_shapes())
    for (const auto& [name, value] : {std::pair{"mask.period_x_nm", job_.mask.period_x_nm},
                                      std::pair{"mask.period_y_nm", job_.mask.period_y_nm}})
      if (sound({name}) && !(value > 0))
        fail(name, fmt::format("{} = {} (shapes in the job lie in a periodic cell); give its size, > 0", name,
                               value));
  for (std::size_t i = 0; i < job_.mask.rectangles.size(); ++i) {
    const JobRectangle& r = job_.mask.rectangles[i];
    if (!(r.x1_nm > r.x0_nm && r.y1_nm > r.y0_nm))
      fail(fmt::format("mask.rectangle[{}]", i + 1),
           fmt::format(
               "mask.rectangle[{}] is empty (x from {} to {}, y from {} to {}); make x0_nm < x1_nm and "
               "y0_nm < y1_nm",
               i + 1, r.x0_nm, r.x1_nm, r.y0_nm, r.y1_nm));
  }
  for (std::size_t i = 0; i < job_.mask.polygons.size(); ++i) {
    const JobPolygon& p = job_.mask.polygons[i];
    if (p.x_nm.size() != p.y_nm.size() || p.x_nm.size() < 3)
      fail(fmt::format("mask.polygon[{}]", i + 1),
           fmt::format("mask.polygon[{}] has {} x and {} y (a polygon has as many of both, three or more); "
                       "complete it",
                       i + 1, p.x_nm.size(), p.y_nm.size()));
  }
}

void Checker::check_layout() {
  if (is_picture() && sound({"layout.file", "layout.pixel_nm"}) && !(job_.layout.picture.pixel_nm > 0))
    fail("layout.pixel_nm",
         fmt::format(
             "layout.pixel_nm = {} (layout.file is a picture, which has no scale of its own); give the side "
             "of a pixel in nm",
             job_.layout.picture.pixel_nm));
  const std::vector<double>& w = job_.layout.window_nm;
  if (!sound({"layout.window_nm"}) || w.empty()) return;
  if (w.size() != 4)
    fail("layout.window_nm",
         fmt::format("layout.window_nm has {} numbers (must be 4); write [x0, y0, x1, y1]", w.size()));
  else if (!(w[0] < w[2] && w[1] < w[3]))
    fail("layout.window_nm",
         fmt::format("layout.window_nm is empty (x from {} to {}, y from {} to {}); write "
                     "[x0, y0, x1, y1] with x0 < x1 and y0 < y1",
                     w[0], w[2], w[1], w[3]));
}

void Checker::check_material(const std::string& key, const materials::Material& material) {
  try {
    static_cast<void>(material.description());
  } catch (const InputError& error) {
    fail(key, fmt::format("{} = {} ({})", key, io::toml_text(material.name()), error.what()));
  }
}

void Checker::check_wafer_material(const std::string& key, const materials::Material& material) {
  check_material(key, material);
  if (!sound({key, "source.wavelength_nm"})) return;
  const double wavelength_nm = job_.source.wavelength_nm;
  const materials::MaterialDescription& known = material.description();
  if (wavelength_nm < known.min_wavelength_nm || wavelength_nm > known.max_wavelength_nm)
    fail(key, fmt::format("{} = {} (known from {:.4g} to {:.4g} nm, the light has {} nm); give its index "
                          "n + ik instead, or a table of your own",
                          key, io::toml_text(material.name()), known.min_wavelength_nm,
                          known.max_wavelength_nm, wavelength_nm));
}

void Checker::check_stack(JobScope scope) {
  if (!job_.mask.pellicle.material.empty())
    check_material("mask.pellicle.material", job_.mask.pellicle.material);
  if (scope != JobScope::mirror && job_.mask.amplitudes != mask::Amplitudes::film_stack) return;
  if (!sound({"mask.amplitudes", "mask.absorber", "mask.film"})) return;
  const mask::FilmStack& stack = job_.mask.stack;
  check_material("mask.stack.cap_material", stack.cap_material);
  check_material("mask.stack.cap_interlayer_material", stack.cap_interlayer_material);
  check_material("mask.stack.spacer_material", stack.spacer_material);
  check_material("mask.stack.spacer_on_reflector_material", stack.spacer_on_reflector_material);
  check_material("mask.stack.reflector_material", stack.reflector_material);
  check_material("mask.stack.reflector_on_spacer_material", stack.reflector_on_spacer_material);
  check_material("mask.stack.substrate_material", stack.substrate_material);
  for (std::size_t i = 0; i < stack.absorber.size(); ++i) {
    const mask::FilmLayer& layer = stack.absorber[i];
    const std::string key = fmt::format("mask.absorber[{}]", i + 1);
    // Whether the table reaches the wavelength is told with the others of the stack, when the mask is made.
    if (!layer.index && !layer.material.empty())
      check_material(key + ".material", layer.material);
    else
      check_film(key, {.thickness_nm = layer.thickness_nm, .index = layer.index});
  }
  for (std::size_t i = 0; i < stack.films.size(); ++i)
    check_film(fmt::format("mask.film[{}]", i + 1), stack.films[i]);
}

void Checker::check_film(const std::string& key, const optics::MaterialFilm& film) {
  if (!film.index && film.material.empty()) {
    fail(key, key + " has neither material nor index; give one of them");
  } else if (film.index && (!(film.index->imag() >= 0) || !(film.index->real() > 0))) {
    fail(key + ".index",
         fmt::format(
             "{}.index = [{}, {}] (n must be > 0 and k >= 0: a film cannot amplify light); write [n, k]", key,
             film.index->real(), film.index->imag()));
  } else if (!film.index) {
    check_wafer_material(key + ".material", film.material);
  }
}

void Checker::check_imaging() {
  const imaging::ImagingParameters& p = job_.imaging;
  if (sound({"imaging.na", "imaging.medium_index"}) && !(p.na < p.medium_index))
    fail("imaging.na",
         fmt::format("imaging.na = {} (must be below imaging.medium_index = {}); use 0.33 or 0.55", p.na,
                     p.medium_index));
  check_zernike_terms();
  check_wafer_films();
  check_slit();
  check_kernels();
  check_flare();
}

void Checker::check_zernike_terms() {
  const imaging::ImagingParameters& p = job_.imaging;
  const auto check_index = [&](const std::string& key, optics::ZernikeSet set, int index) {
    const int first = set == optics::ZernikeSet::osa ? 0 : 1, last = optics::last_zernike_index(set);
    if (sound({key}) && (index < first || index > last))
      fail(key, fmt::format("{} = {} (this set goes from {} to {}); choose a term in it", key, index, first,
                            last));
  };
  for (std::size_t i = 0; i < p.aberrations.size(); ++i)
    check_index(fmt::format("imaging.aberration[{}].index", i + 1), p.aberrations[i].set,
                p.aberrations[i].index);
  for (std::size_t i = 0; i < p.jones.size(); ++i)
    check_index(fmt::format("imaging.jones[{}].index", i + 1), p.jones[i].set, p.jones[i].index);
}

void Checker::check_wafer_films() {
  const imaging::ImagingParameters& p = job_.imaging;
  for (std::size_t i = 0; i < p.films.size(); ++i)
    check_film(fmt::format("imaging.film[{}]", i + 1), p.films[i]);
  if (!p.films.empty() && !p.substrate_index)
    check_wafer_material("imaging.substrate_material", p.substrate_material);
  if (p.substrate_index && !(p.substrate_index->imag() >= 0 && p.substrate_index->real() > 0))
    fail("imaging.substrate_index",
         fmt::format("imaging.substrate_index = [{}, {}] (n must be > 0 and k >= 0); write [n, k]",
                     p.substrate_index->real(), p.substrate_index->imag()));
  if (p.films.empty() && p.depth_nm != 0)
    fail("imaging.depth_nm",
         fmt::format("imaging.depth_nm = {} (there are no films on the wafer); give [[imaging.film]]",
                     p.depth_nm));
  double films_nm = 0;
  for (const optics::MaterialFilm& film : p.films) films_nm += film.thickness_nm;
  if (!p.films.empty() && p.depth_nm > films_nm)
    faults_.warning(where_is(root_, "imaging.depth_nm"),
                    fmt::format("imaging.depth_nm = {} lies below the films (they are {} nm thick): this is "
                                "the image in the substrate",
                                p.depth_nm, films_nm));
  if (resist::has_film(job_.resist.model) && !p.films.empty() &&
      sound({"imaging.film", "resist.film.thickness_nm"}) &&
      std::abs(p.films.front().thickness_nm - job_.resist.film.thickness_nm) > 1e-6)
    fail("imaging.film[1].thickness_nm",
         fmt::format(
             "imaging.film[1].thickness_nm = {} (resist.film.thickness_nm = {}: with resist.model the first "
             "film is the resist); give both the same thickness, the resist first",
             p.films.front().thickness_nm, job_.resist.film.thickness_nm));
}

void Checker::check_slit() {
  if (job_.imaging.aberration_table_file.empty() && !job_.imaging.slit_position_mm.empty())
    fail("imaging.slit_position_mm",
         "imaging.slit_position_mm (there is no table of aberrations); give imaging.aberration_table_file");
  if (!job_.imaging.aberration_table_file.empty() && job_.imaging.slit_position_mm.empty() &&
      sound({"imaging.slit_position_mm", "imaging.aberration_table_file"}))
    fail(
        "imaging.aberration_table_file",
        "imaging.aberration_table_file (where on the slit is not said); give imaging.slit_position_mm = [0]");
  if (!job_.imaging.slit_weight.empty() &&
      job_.imaging.slit_weight.size() != job_.imaging.slit_position_mm.size() &&
      sound({"imaging.slit_weight", "imaging.slit_position_mm"}))
    fail(
        "imaging.slit_weight",
        fmt::format("imaging.slit_weight has {} numbers (imaging.slit_position_mm has {}); give one for each",
                    job_.imaging.slit_weight.size(), job_.imaging.slit_position_mm.size()));
}

void Checker::check_kernels() {
  if (job_.imaging.method == imaging::Method::abbe && !job_.imaging.kernel_file.empty())
    fail("imaging.kernel_file",
         "imaging.kernel_file (imaging.method is \"abbe\"); set imaging.method = \"socs\"");
  if (!job_.imaging.kernel_file.empty() && !job_.imaging.through_focus_nm.empty())
    fail("imaging.through_focus_nm",
         "imaging.through_focus_nm (the kernels of imaging.kernel_file belong to one plane); leave one of "
         "them out");
  if (!job_.imaging.kernel_file.empty() && job_.imaging.slit_position_mm.size() > 1)
    fail("imaging.slit_position_mm",
         "imaging.slit_position_mm has several positions (the kernels of imaging.kernel_file belong to one); "
         "give one of them");
  if (!job_.imaging.kernel_file.empty() && job_.imaging.spectrum == ImageSpectrum::source &&
      job_.imaging.n_wavelengths != 1 && job_.source.kind != source::SourceKind::monochromatic)
    fail("imaging.kernel_file",
         "imaging.kernel_file (its kernels belong to one wavelength, the source has many); set "
         "imaging.spectrum = \"line\"");
}

void Checker::check_flare() {
  if (job_.flare.model == FlareModel::power_law && job_.layout.file.empty())
    fail("imaging.flare.model",
         "imaging.flare.model = \"power_law\" (there is no layout.file around the clip); use \"constant\"");
  if (sound({"imaging.flare.inner_radius_um", "imaging.flare.outer_radius_um"}) &&
      !(job_.flare.psf.inner_radius_um < job_.flare.psf.outer_radius_um))
    fail("imaging.flare.outer_radius_um",
         fmt::format("imaging.flare.outer_radius_um = {} (must be above inner_radius_um = {}); enlarge it",
                     job_.flare.psf.outer_radius_um, job_.flare.psf.inner_radius_um));
}

void Checker::check_metrology() {
  if (!sound({"metrology.gauge"})) return;
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < job_.metrology.gauges.size(); ++i) {
    const std::string& name = job_.metrology.gauges[i].name;
    const std::string key = fmt::format("metrology.gauge[{}].name", i + 1);
    if (name.empty()) fail(key, key + " is empty (results are named by it); give the gauge a name");
    const auto [found, is_new] = first.emplace(name, i + 1);
    if (!is_new && !name.empty())
      fail(key, fmt::format("{} = {} (gauge {} has that name); give each gauge its own", key,
                            io::toml_text(name), found->second));
  }
  if (sound({"metrology.placement"}) && job_.metrology.placement == metrology::GaugePlacement::given &&
      job_.metrology.gauges.empty())
    faults_.warning(
        where_is(root_, "metrology.placement"),
        "nothing will be measured (metrology.placement = \"given\" but there is no [[metrology.gauge]])");
}

bool same_value(const TomlNode& a, const TomlNode& b) {
  const auto number = [](const TomlNode& node) -> std::optional<double> {
    if (const auto* i = std::get_if<std::int64_t>(&node.value)) return static_cast<double>(*i);
    if (const auto* d = std::get_if<double>(&node.value)) return *d;
    return std::nullopt;
  };
  if (number(a) && number(b)) return *number(a) == *number(b);
  return a.value == b.value &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), same_value);
}

void Checker::warn_of_idle_keys() {
  const Shape shape = job_.illuminator.shape;
  const bool ring = shape == Shape::annular || shape == Shape::dipole || shape == Shape::quasar;
  const bool poles = shape == Shape::dipole || shape == Shape::quasar;
  const bool film_stack = job_.mask.amplitudes == mask::Amplitudes::film_stack;
  const bool file = !job_.layout.file.empty();
  struct Rule {
    std::string key;
    bool used;
    std::string why;
  };
  const std::string other_shape = "the shape of the illumination does not use it";
  std::vector<Rule> rules = {
      {"layout.cell", file, "there is no layout.file"},
      {"layout.layer", file, "there is no layout.file"},
      {"layout.datatype", file, "there is no layout.file"},
      {"layout.combine", file, "there is no layout.file"},
      {"layout.pixel_nm", is_picture(), "layout.file is no .png or .npy"},
      {"layout.grey_threshold", is_picture(), "layout.file is no .png or .npy"},
      {"layout.window_nm", file, "there is no layout.file"},
      {"layout.boundary", file, "there is no layout.file"},
      {"layout.guard_nm", file && job_.layout.boundary == layout::Boundary::guard,
       "layout.boundary is not \"guard\""},
      {"illuminator.sigma_inner", ring, other_shape},
      {"illuminator.opening_deg", poles, other_shape},
      {"illuminator.rotation_deg", poles || shape == Shape::leaf_dipole, other_shape},
      {"illuminator.leaf_offset_sigma", shape == Shape::leaf_dipole, other_shape},
      {"illuminator.grid_points", shape != Shape::points && shape != Shape::map, other_shape},
      {"illuminator.points_file", shape == Shape::points, other_shape},
      {"illuminator.map_file", shape == Shape::map, other_shape},
      {"illuminator.rim_levels", shape != Shape::points && shape != Shape::map, other_shape},
      {"imaging.n_kernels",
       job_.imaging.method == imaging::Method::socs && !(job_.imaging.socs.requested_error > 0),
       "imaging.method is not \"socs\", or imaging.socs_error decides"},
      {"imaging.socs_error", job_.imaging.method == imaging::Method::socs, "imaging.method is not \"socs\""},
      {"imaging.spectral_error",
       job_.imaging.spectrum == ImageSpectrum::source && job_.imaging.n_wavelengths == 0,
       "imaging.n_wavelengths or imaging.spectrum decides"},
      {"imaging.n_wavelengths", job_.imaging.spectrum == ImageSpectrum::source,
       "imaging.spectrum is \"line\""},
      {"imaging.flare.tis", job_.flare.model != FlareModel::none && !(job_.flare.roughness_nm > 0),
       "imaging.flare.model is \"none\", or roughness_nm decides"},
      {"imaging.flare.roughness_nm", job_.flare.model != FlareModel::none, "imaging.flare.model is \"none\""},
      {"imaging.flare.exponent", job_.flare.model == FlareModel::power_law,
       "imaging.flare.model is not \"power_law\""},
      {"imaging.flare.surroundings_density", job_.flare.model == FlareModel::power_law,
       "imaging.flare.model is not \"power_law\""},
      {"mask.open_amplitude", !film_stack, "mask.amplitudes is \"film_stack\""},
      {"mask.absorber_amplitude", !film_stack, "mask.amplitudes is \"film_stack\""},
      {"mask.period_x_nm", has_shapes(), "there are no shapes in [mask]"},
      {"mask.period_y_nm", has_shapes(), "there are no shapes in [mask]"},
  };
  for (const char* name :
       {"cap_material", "cap_thickness_nm", "cap_interlayer_material", "cap_interlayer_thickness_nm",
        "n_bilayers", "spacer_material", "spacer_thickness_nm", "spacer_on_reflector_material",
        "spacer_on_reflector_thickness_nm", "reflector_material", "reflector_thickness_nm",
        "reflector_on_spacer_material", "reflector_on_spacer_thickness_nm", "period_grade_percent"})
    rules.push_back({fmt::format("mask.stack.{}", name), job_.mask.stack.films.empty(),
                     "[[mask.film]] gives the films of the mirror"});
  for (const Rule& rule : rules) {
    const TomlNode* node = find_node(root_, rule.key);
    if (rule.used || !node || !sound({rule.key})) continue;
    // A resolved job holds every default; only what somebody chose is worth a warning.
    const KeyInfo* key = find_key(rule.key);  // none for an array of tables, which is empty by default
    const bool usual =
        key ? same_value(*node,
                         io::parse_toml_argument("value", default_text(*key), "default").children.front())
            : node->children.empty();
    if (usual) continue;
    faults_.warning(node->location, fmt::format("{} has no effect ({})", rule.key, rule.why));
  }
}

}  // namespace

void check_job(const Job& job, const TomlNode& root, JobScope scope, Faults& faults) {
  Checker checker(job, root, faults);
  checker.check_source();
  checker.check_illuminator();
  checker.check_beamline();
  if (scope == JobScope::light) return;
  checker.check_stack(scope);
  if (scope == JobScope::mirror) return;
  checker.check_shapes();
  checker.check_layout();
  checker.check_imaging();
  checker.check_metrology();
  checker.warn_of_idle_keys();
}

}  // namespace undulith::job
