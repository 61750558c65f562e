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

struct SpectrumParameters {
  ImageSpectrum spectrum = ImageSpectrum::source;
  int n_wavelengths = 0;         ///< 0: doubled until the image changes by less than spectral_error
  double spectral_error = 1e-3;  ///< relative to the open frame
};

/// none; constant: the clear share of the clip itself; power_law: that of the whole layer around it.
enum class FlareModel { none, constant, power_law };

struct JobFlare {
  FlareModel model = FlareModel::none;
  double tis = 0.04;                  ///< total integrated scatter; not used when roughness_nm > 0
  double roughness_nm = 0;            ///< rms of each mirror; > 0: the total integrated scatter follows
  int n_mirrors = 6;                  ///< that scatter, for roughness_nm
  imaging::ScatterPsf psf;            ///< power_law
  double surroundings_density = 0.2;  ///< power_law: clear share beyond the layout
  double kirk_pad_um = 10;            ///< width of the dark pad for which the Kirk value is told
};

/// continuous: the ideal shape of [illuminator]; facets: the spots that the facets make of it.
enum class PupilModel { continuous, facets };

/// What a comparison of sources needs beside the job.
struct CompareParameters {
  double target_wafers_per_hour = 100;
  double absorbed_share = 0.14;        ///< of the photons, in the resist
  double blur_nm = 5;                  ///< over which the resist averages photons
  double same_image_tolerance = 1e-3;  ///< of the open frame
};
struct CompareSource {
  std::string file;
};

/// A parameter that undulith calibrate seeks, and where.
struct CalibrateKey {
  std::string key;
  double low = 0, high = 1;
};
struct CalibrateParameters {
  double dose_scale = 1;       ///< true dose over the one that was written down
  double focus_offset_nm = 0;  ///< true focus minus the one that was written down
};

/// One struct for each stage, in the order of the stages; table names in the job file are the names here.
struct Job {
  std::string title;

  layout::ClipParameters layout;  ///< [layout]; file is empty when the shapes are in [mask]
  std::shared_ptr<const io::FileContent> layout_content;  ///< of layout.file when the job was read

  source::SourceParameters source;  ///< [source], [source.beam], [source.undulator] and those of other kinds
  /// [source.file]: read into source.file.light
  std::string source_file;
  source::LightFormat source_file_format = source::LightFormat::automatic;
  double source_observation_distance_m = 0, source_repetition_rate_mhz = 0,
         source_acceptance_half_angle_urad = 0;

  illuminator::BeamlineParameters beamline;         ///< [beamline], [[beamline.mirror]]
  PupilModel pupil_model = PupilModel::continuous;  ///< facets.pupil
  illuminator::FacetParameters facets;              ///< [facets]
  double facet_path_difference_um = 1000;           ///< facets.path_difference_um

  illuminator::IlluminatorParameters illuminator;  ///< [illuminator]
  int rim_levels = 4;                              ///< illuminator.rim_levels
  std::string illuminator_points_file;  ///< illuminator.points_file: CSV sigma_x,sigma_y,weight[,s1,s2,s3]
  std::string illuminator_map_file;     ///< illuminator.map_file: PNG or npy

  mask::MaskParameters mask;                ///< [mask], [mask.stack], [[mask.absorber]]
  std::vector<JobRectangle> rectangles;     ///< [[mask.rectangle]]
  std::vector<JobPolygon> polygons;         ///< [[mask.polygon]]
  double period_x_nm = 0, period_y_nm = 0;  ///< mask.period_x_nm, mask.period_y_nm: cell of shapes in the job

  /// [imaging], [[imaging.aberration]], [[imaging.jones]], [[imaging.mirror]], [[imaging.film]];
  /// chief_ray_deg is mask.stack.incidence_deg, wavefront_wavelength_nm is source.wavelength_nm
  imaging::ImagingParameters imaging;
  Accuracy accuracy = Accuracy::standard;          ///< imaging.accuracy
  std::vector<double> through_focus_nm;            ///< imaging.through_focus_nm
  SpectrumParameters spectrum;                     ///< imaging.spectrum ...
  JobFlare flare;                                  ///< [imaging.flare]
  std::string phase_map_file, amplitude_map_file;  ///< imaging.phase_map_file ...: npy or CSV
  std::string aberration_table_file;               ///< imaging.aberration_table_file: CSV
  std::vector<double> slit_position_mm;            ///< imaging.slit_position_mm: several are averaged
  std::vector<double> slit_weight;                 ///< imaging.slit_weight: of each position; empty = alike
  std::string kernel_file;                         ///< imaging.kernel_file: npy
  double kernel_period_nm = 0;                     ///< imaging.kernel_period_nm; 0 = as the file says

  resist::ResistParameters resist;            ///< [resist], [resist.film], [resist.exposure] ...
  std::string blur_table_file;                ///< resist.blur.table_file: CSV radius_nm,density
  resist::StochasticsParameters stochastics;  ///< [stochastics]
  /// stochastics.dose_noise, stochastics.speckle_contrast; absent = as the light source makes them
  std::optional<double> stochastics_dose_noise, stochastics_speckle_contrast;
  metrology::WindowParameters window;      ///< [window]
  std::vector<double> window_focus_nm;     ///< window.focus_nm; empty = around imaging.focus_nm
  std::vector<double> window_dose_mj_cm2;  ///< window.dose_mj_cm2; empty = around throughput.dose_mj_cm2
  double cd_height = 0.5;                  ///< metrology.cd_height: share of the film above the substrate

  metrology::MetrologyParameters metrology;  ///< [metrology], [[metrology.gauge]]

  CalibrateParameters calibrate;             ///< [calibrate]
  std::vector<CalibrateKey> calibrate_keys;  ///< [[calibrate.parameter]]

  throughput::ScannerParameters scanner;       ///< [throughput]
  throughput::FactoryParameters factory;       ///< [factory]
  CompareParameters compare;                   ///< [compare]
  std::vector<CompareSource> compare_sources;  ///< [[compare.source]]
};

/// One --set key=value of the command line; the value in TOML's grammar.
struct Override {
  std::string key, value;
};

/// A job that has been read and checked, with what is needed to repeat it.
struct ReadJob {
  Job job;  ///< file names made absolute or relative to the working directory
  std::filesystem::path file;
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
/// @param file  empty: a job in which nothing is written down
/// @throws InputError  with all errors of the job at once: file:line:column, the source line and a caret, and
///                     what to do ("did you mean"); a missing or circular base
/// Format: docs/formats/job.md
/// @param reader  opens the layout file, once for all that needs its content
[[nodiscard]] ReadJob read_job(const std::filesystem::path& file, const std::vector<Override>& overrides = {},
                               JobScope scope = JobScope::whole,
                               const io::FileReader& reader = io::read_from_disk);

/// The same job with another source: its [source] and [beamline] are those of the source file, before the
/// overrides.
/// @throws InputError  as read_job; a source file with other tables
[[nodiscard]] ReadJob read_job_with_source(const std::filesystem::path& file,
                                           const std::filesystem::path& source_file,
                                           const std::vector<Override>& overrides = {});

/// The same job with every value written out, defaults included; reading it gives the same Job.
/// @param folder  where the text will be saved: file names are written relative to it
[[nodiscard]] std::string resolved_job(const Job& job, const std::filesystem::path& folder);

/// The layout file as it was when the job was read; opens it only where the job was made without reading one
/// or names another file by now.
/// @throws InputError  the file cannot be read
[[nodiscard]] std::shared_ptr<const io::FileContent> layout_content(const Job& job);

/// Sixteen hexadecimal digits that identify the resolved job and the content of the files it names (FNV-1a,
/// 64 bit); where the job and its files lie does not matter.
[[nodiscard]] std::string job_hash(const Job& job);

}  // namespace undulith::job
