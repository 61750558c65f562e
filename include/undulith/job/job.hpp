// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "undulith/illuminator/beamline.hpp"
#include "undulith/illuminator/facets.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/imaging/flare.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/io/file_content.hpp"
#include "undulith/io/toml.hpp"
#include "undulith/job/optimise_table.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/metrology/process_window.hpp"
#include "undulith/resist/parameters.hpp"
#include "undulith/source/source.hpp"
#include "undulith/throughput/throughput.hpp"

/// A simulation, as its user wrote it down.
namespace undulith::job {

/// A shape written in the job itself.
struct JobRectangle {
  double x0_nm = 0, y0_nm = 0, x1_nm = 0, y1_nm = 0;
};
struct JobPolygon {
  std::vector<double> x_nm, y_nm;
};

/// How fine a job is computed where it does not say so itself.
enum class Accuracy { draft, standard, reference };

/// Light that makes the image: the wavelength of the job alone, or the spectrum of the source behind the
/// mirrors.
enum class ImageSpectrum { line, source };

/// none; constant: the clear share of the clip itself; power_law: that of the whole layer around it.
enum class FlareModel { none, constant, power_law };

/// Files of `undulith run` beside its numbers. pictures: PNG; arrays: npy; volumes: films for ParaView; review:
/// contours and findings for KLayout.
enum class Output { pictures, arrays, volumes, review };

/// continuous: the ideal shape of [illuminator]; facets: the spots that the facets make of it.
enum class PupilModel { continuous, facets };

// One struct per table: the parameters of the stage, and what the job file alone knows of the table.

/// [source.file]: read into source.file.light.
struct SourceFileTable {
  std::string file;
  source::LightFormat format = source::LightFormat::automatic;
  double observation_distance_m = 0, repetition_rate_mhz = 0, acceptance_half_angle_urad = 0;
};

/// [facets]
struct FacetsTable : illuminator::FacetParameters {
  PupilModel pupil = PupilModel::continuous;
  double path_difference_um = 1000;
};

/// [illuminator]
struct IlluminatorTable : illuminator::IlluminatorParameters {
  int rim_levels = 4;
  std::string points_file;  ///< CSV sigma_x,sigma_y,weight[,s1,s2,s3]
  std::string map_file;     ///< PNG or npy
};

/// [mask], [mask.stack], [[mask.absorber]] ...
struct MaskTable : mask::MaskParameters {
  std::vector<JobRectangle> rectangles;     ///< [[mask.rectangle]]
  std::vector<JobPolygon> polygons;         ///< [[mask.polygon]]
  double period_x_nm = 0, period_y_nm = 0;  ///< cell of shapes in the job
};

/// [imaging], [[imaging.aberration]], [[imaging.jones]], [[imaging.mirror]], [[imaging.film]];
/// chief_ray_deg is mask.stack.incidence_deg, wavefront_wavelength_nm is source.wavelength_nm
struct ImagingTable : imaging::ImagingParameters {
  Accuracy accuracy = Accuracy::standard;
  std::vector<double> through_focus_nm;
  Precision output_precision = Precision::float64;  ///< of the numbers in aerial_image.npy
  ImageSpectrum spectrum = ImageSpectrum::source;
  int n_wavelengths = 0;         ///< 0: doubled until the error of the sum is below spectral_error
  double spectral_error = 1e-3;  ///< relative to the open frame
  double omitted_light = 1e-4;   ///< largest share of the light that is left out
  std::string phase_map_file, amplitude_map_file;  ///< npy or CSV
  std::string aberration_table_file;               ///< CSV
  std::vector<double> slit_position_mm;            ///< several are averaged
  std::vector<double> slit_weight;                 ///< of each position; empty = equal weights
  std::string kernel_file;                         ///< npy
  double kernel_period_nm = 0;                     ///< 0 = as the file says
};

/// [imaging.flare]
struct FlareTable {
  FlareModel model = FlareModel::none;
  double tis = 0.04;                  ///< total integrated scatter; not used when roughness_nm > 0
  double roughness_nm = 0;            ///< rms of each mirror; > 0: the total integrated scatter follows
  int n_mirrors = 6;                  ///< that scatter, for roughness_nm
  imaging::ScatterPsf psf;            ///< power_law
  double surroundings_density = 0.2;  ///< power_law: clear share beyond the layout
  double kirk_pad_um = 10;            ///< width of the dark pad of the reported Kirk value
};

/// [resist], [resist.film], [resist.exposure] ...
struct ResistTable : resist::ResistParameters {
  std::string blur_table_file;  ///< resist.blur.table_file: CSV radius_nm,density
};

/// [stochastics]
struct StochasticsTable : resist::StochasticsParameters {
  /// stochastics.dose_noise, stochastics.speckle_contrast; absent = as the light source makes them
  std::optional<double> given_dose_noise, given_speckle_contrast;
};

/// [window]
struct WindowTable : metrology::WindowParameters {
  std::vector<double> focus_nm;     ///< empty = around imaging.focus_nm
  std::vector<double> dose_mj_cm2;  ///< empty = around throughput.dose_mj_cm2
};

/// [metrology], [[metrology.gauge]]
struct MetrologyTable : metrology::MetrologyParameters {
  double cd_height = 0.5;  ///< share of the film above the substrate
};

/// A parameter that undulith calibrate seeks, and where.
struct CalibrateKey {
  std::string key;
  double low = 0, high = 1;
};

/// [calibrate], [[calibrate.parameter]]
struct CalibrateTable {
  double dose_scale = 1;       ///< true dose over the one that was written down
  double focus_offset_nm = 0;  ///< true focus minus the one that was written down
  std::vector<CalibrateKey> parameters;
};

struct CompareSource {
  std::string file;
};

/// How the points of a sweep are made of the values of its keys.
///   grid: every combination, the last key changing fastest
///   in_step: the first value of each key, the second of each ...
///   sampled: a Latin hypercube between the first and the last value of each key
///   listed: the lines of a file
enum class SweepPoints { grid, in_step, sampled, listed };

/// A key that undulith sweep varies, and its values as the command line writes them: "-60:60:13", "20,25,30".
struct SweepVary {
  std::string key, values;
};

/// [sweep], [[sweep.vary]]: the points of undulith sweep; the command line replaces them.
struct SweepTable {
  SweepPoints points = SweepPoints::grid;
  int n_samples = 0;        ///< sampled
  int seed = 1;             ///< sampled
  std::string points_file;  ///< listed: CSV
  std::vector<SweepVary> vary;
};

/// [compare], [[compare.source]]: what a comparison of sources needs beside the job.
struct CompareTable {
  double target_wafers_per_hour = 100;
  double absorbed_share = 0.14;        ///< of the photons, in the resist
  double blur_nm = 5;                  ///< over which the resist averages photons
  double same_image_tolerance = 1e-3;  ///< of the open frame
  std::vector<CompareSource> sources;
};

/// A job: one struct per table of the file, in the order of the stages, under the name of the table.
struct Job {
  std::string title;
  std::vector<Output> outputs{Output::pictures, Output::arrays, Output::volumes, Output::review};
  layout::ClipParameters layout;                          ///< file is empty when the shapes are in [mask]
  std::shared_ptr<const io::FileContent> layout_content;  ///< of layout.file when the job was read
  source::SourceParameters source;  ///< [source], [source.beam], [source.undulator] and those of other kinds
  SourceFileTable source_file;
  illuminator::BeamlineParameters beamline;  ///< [beamline], [[beamline.mirror]]
  FacetsTable facets;
  IlluminatorTable illuminator;
  MaskTable mask;
  ImagingTable imaging;
  FlareTable flare;
  ResistTable resist;
  StochasticsTable stochastics;
  WindowTable window;
  MetrologyTable metrology;
  CalibrateTable calibrate;
  throughput::ScannerParameters throughput;
  throughput::FactoryParameters factory;
  CompareTable compare;
  SweepTable sweep;
  OptimiseTable optimise;
};

/// One --set key=value of the command line; the value in TOML's grammar.
struct Override {
  std::string key, value;
};

/// A job that has been read and checked, with what is needed to repeat it.
struct ReadJob {
  Job job;  ///< file names made absolute or relative to the working directory
  std::filesystem::path file;
  std::vector<Override> overrides;  ///< of the command line
  std::vector<std::string> warnings;
  io::TomlNode tree;  ///< what was written, file and overrides merged: where each key stands
};

/// whole: all that an image needs; light: source, beamline, illuminator and throughput, no mask; mirror: the
/// films of the mask, no shapes.
enum class JobScope { whole, light, mirror };

/// Reads a job file: TOML, `extends = "base.toml"` merged below it, overrides on top, every key checked
/// against the table of keys, files it names loaded where a stage needs their content (illuminator points and
/// map).
///
/// File names in a job are relative to the folder of the file that names them.
/// @param file  empty: a job in which nothing is written down; a manifest of results (.json): the job that gave them
/// @throws InputError  with all errors of the job at once: file:line:column, the source line and a caret, and
///                     what to do ("did you mean"); a missing or circular base
/// Format: docs/formats/job.md
/// @param reader  opens the layout file, once for all that needs its content
[[nodiscard]] ReadJob read_job(const std::filesystem::path& file, const std::vector<Override>& overrides = {},
                               JobScope scope = JobScope::whole,
                               const io::FileReader& reader = io::read_from_disk);

/// The same job with another source: its [source] and [beamline] are those of the source file, before the
/// overrides. A source file may carry its machine in [throughput]: its keys replace those of the job, all but the
/// dose, which is the job's.
/// @throws InputError  as read_job; a source file with other tables
[[nodiscard]] ReadJob read_job_with_source(const std::filesystem::path& file,
                                           const std::filesystem::path& source_file,
                                           const std::vector<Override>& overrides = {});

/// The same job with every value written out, defaults included; reading it gives the same Job.
/// @param folder  where the text will be saved: file names are written relative to it
[[nodiscard]] std::string resolved_job(const Job& job, const std::filesystem::path& folder);

/// The files that the resolved job names, each once, and those that are read because they lie beside one of them.
struct NamedFile {
  std::string name;  ///< in that text
  std::filesystem::path path;
  std::string beside;  ///< the name of the other file; empty for one that the job names
};
[[nodiscard]] std::vector<NamedFile> named_files(const Job& job, const std::filesystem::path& folder);

/// The layout file as it was when the job was read; opens it only where the job was made without reading one
/// or names another file by now.
/// @throws InputError  the file cannot be read
[[nodiscard]] std::shared_ptr<const io::FileContent> layout_content(const Job& job);

/// All values of these tables and of the tables within them, and the content of the files that they name instead of their
/// place: what a stage that reads no other tables depends on.
[[nodiscard]] std::string tables_with_content(const Job& job, std::span<const std::string_view> tables);

/// Sixteen hexadecimal digits that identify the resolved job and the content of the files it names (the first of a
/// SHA-256 hash); where the job and its files lie, which files are written and [sweep] do not matter.
[[nodiscard]] std::string job_hash(const Job& job);

}  // namespace undulith::job
