#include <fmt/format.h>

#include "source/import_formats.hpp"
#include "undulith/core/error.hpp"

#ifdef UNDULITH_HAVE_HDF5

#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

#include "undulith/core/constants.hpp"

namespace undulith::source {
namespace {

/// An HDF5 identifier that closes itself.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  [[nodiscard]] hid_t get() const { return id_; }
  [[nodiscard]] bool good() const { return id_ >= 0; }

 private:
  hid_t id_;
  Close close_;
};

struct Array {
  std::vector<hsize_t> shape;
  std::vector<double> values;
};

class File {
 public:
  explicit File(const std::filesystem::path& path) : name_(path.string()), file_(open(path), H5Fclose) {
    if (!file_.good()) throw InputError(fmt::format("{} is a damaged HDF5 file; write it again", name_));
  }
  [[nodiscard]] bool has(const std::string& path) const {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos && slash > 0 && !has(path.substr(0, slash))) return false;
    return H5Lexists(file_.get(), path.c_str(), H5P_DEFAULT) > 0;
  }
  [[nodiscard]] Array read(const std::string& path) const {
    if (!has(path))
      throw InputError(
          fmt::format("{} has no dataset {} (must be the .out.h5 of Genesis 1.3 version 4); give that "
                      "file",
                      name_, path));
    const Handle set(H5Dopen2(file_.get(), path.c_str(), H5P_DEFAULT), H5Dclose);
    if (!set.good()) throw InputError(fmt::format("{}: {} is no dataset; give the .out.h5", name_, path));
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    Array array;
    const int rank = H5Sget_simple_extent_ndims(space.get());
    array.shape.resize(static_cast<std::size_t>(std::max(0, rank)));
    H5Sget_simple_extent_dims(space.get(), array.shape.data(), nullptr);
    double size = 1;
    for (const hsize_t n : array.shape) size *= static_cast<double>(n);
    if (size > kMostValues || size < 1)
      throw InputError(fmt::format("{}: {} holds {} values (must be 1 to {:g}); it is damaged or too large",
                                   name_, path, size, kMostValues));
    array.values.resize(static_cast<std::size_t>(size));
    if (H5Dread(set.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()) < 0)
      throw InputError(fmt::format("{}: {} cannot be read as numbers; it is damaged", name_, path));
    for (const double value : array.values)
      if (!std::isfinite(value))
        throw InputError(
            fmt::format("{}: {} holds a value that is no number; run the simulation again", name_, path));
    return array;
  }
  [[nodiscard]] double scalar(const std::string& path) const { return read(path).values.front(); }

 private:
  static hid_t open(const std::filesystem::path& path) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // messages are ours
    return H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  }
  std::string name_;
  Handle file_;
};

}  // namespace

bool reads_hdf5() {
  return true;
}

ImportedLight import_genesis(const std::filesystem::path& path, const ImportOptions& options) {
  const File file(path);
  if (file.has("/slice000001") || file.has("/gridpoints"))
    throw InputError(fmt::format(
        "{} is a field dump (.fld.h5; its far field is not computed); give the .out.h5", path.string()));
  const double wavelength_m = file.scalar("/Global/lambdaref"), sample = file.scalar("/Global/sample");
  const Array power = file.read("/Field/power");
  if (!(wavelength_m > 0) || !(sample > 0))
    throw InputError(fmt::format("{}: lambdaref = {}, sample = {} (must be > 0); run the simulation again",
                                 path.string(), wavelength_m, sample));
  const std::size_t n = power.shape.back();
  // The end of the undulator: the last row of (z, s).
  const std::size_t last = power.values.size() - n;
  std::vector<double> phase(n, 0.0);
  ImportedLight light;
  light.format = LightFormat::genesis;
  if (file.has("/Field/phase-farfield")) {
    const Array far = file.read("/Field/phase-farfield");
    if (far.values.size() != power.values.size())
      throw InputError(
          fmt::format("{}: phase-farfield and power differ in shape; it is damaged", path.string()));
    std::copy(far.values.end() - static_cast<std::ptrdiff_t>(n), far.values.end(), phase.begin());
  } else {
    light.notes.push_back("The file has no phase of the far field: the spectrum is that of the power alone.");
  }
  const double step_s = wavelength_m * sample / constants::kSpeedOfLight;
  double energy_j = 0, mean = 0, square = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double p = power.values[last + i], t = static_cast<double>(i) * step_s;
    if (p < 0)
      throw InputError(fmt::format("{}: a power of {} W (must be >= 0); it is damaged", path.string(), p));
    energy_j += p * step_s;
    mean += p * step_s * t;
    square += p * step_s * t * t;
  }
  if (!(energy_j > 0))
    throw InputError(fmt::format("{}: no light at the end of the undulator", path.string()));
  mean /= energy_j;
  light.pulse_energy_j = energy_j;
  light.pulse_length_fs = 1e15 * std::sqrt(std::max(0.0, square / energy_j - mean * mean));
  // /Global/frequency is not used: some versions compute it with a wrong constant.
  const double reference_ev = constants::energy_ev_of(1e9 * wavelength_m);
  const double step_ev =
      constants::kPlanck / constants::kElementaryCharge / (static_cast<double>(n) * step_s);
  const double rate_hz = 1e6 * options.repetition_rate_mhz;
  if (!(rate_hz > 0))
    throw InputError(
        fmt::format("source.file.repetition_rate_mhz is missing ({} describes one pulse of {:.3g} uJ); give "
                    "the pulses a second",
                    path.string(), 1e6 * energy_j));
  for (std::size_t k = 0; k < n; ++k) {
    const auto shift = static_cast<double>(k) - std::floor(static_cast<double>(n) / 2);
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      sum += std::polar(std::sqrt(power.values[last + i]),
                        phase[i] + 2 * std::numbers::pi *
                                       std::fmod(shift * static_cast<double>(i), static_cast<double>(n)) /
                                       static_cast<double>(n));
    const double energy_ev = reference_ev + shift * step_ev;
    if (!(energy_ev > 0)) continue;
    // Parseval: the sum of |FFT|^2/n is the sum of the powers. Power in step_ev, as photons/s in 0.1 %.
    const double watt = std::norm(sum) / static_cast<double>(n) * step_s * rate_hz;
    light.photon_energy_ev.push_back(energy_ev);
    light.spectral_flux.push_back(watt / (1e3 * constants::kElementaryCharge * step_ev));
  }
  light.notes.push_back(
      "Genesis: the spectrum at the end of the undulator, all photons of a slice together; the polarisation "
      "is not "
      "in the file and taken as none.");
  return light;
}

}  // namespace undulith::source

#else

namespace undulith::source {

bool reads_hdf5() {
  return false;
}

ImportedLight import_genesis(const std::filesystem::path& file, const ImportOptions&) {
  throw InputError(fmt::format(
      "{} is an HDF5 file (this build of undulith does not read them); install libhdf5-dev and build again",
      file.string()));
}

}  // namespace undulith::source

#endif
