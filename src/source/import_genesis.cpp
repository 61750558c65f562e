// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "source/import_formats.hpp"
#include "undulith/core/error.hpp"

#ifdef UNDULITH_HAVE_HDF5

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/math/fft.hpp"

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
  /// The numbers of a dataset of at most two dimensions; of two dimensions: its last row, which is the
  /// end of the undulator.
  [[nodiscard]] std::vector<double> last_row(const std::string& path) const {
    if (!has(path))
      throw InputError(
          fmt::format("{} has no dataset {} (must be the .out.h5 of Genesis 1.3 version 4); give that file",
                      name_, path));
    const Handle set(H5Dopen2(file_.get(), path.c_str(), H5P_DEFAULT), H5Dclose);
    if (!set.good()) throw InputError(fmt::format("{}: {} is not a dataset; give the .out.h5", name_, path));
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    const int rank = H5Sget_simple_extent_ndims(space.get());
    const bool is_scalar = H5Sget_simple_extent_type(space.get()) == H5S_SCALAR;
    if (!is_scalar && rank != 1 && rank != 2)
      throw InputError(
          fmt::format("{}: {} has {} dimensions (must be 0, 1 or 2); it is damaged", name_, path, rank));
    if (is_scalar) return checked({read_scalar(set.get(), path)}, path);
    std::array<hsize_t, 2> shape{}, first{}, count{};
    H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr);
    const hsize_t length = shape[rank - 1];
    if (length < 1 || shape[0] < 1 || static_cast<double>(length) > kMostValues)
      throw InputError(
          fmt::format("{}: {} holds {} values per row (must be 1 to {:g}); it is damaged or too large", name_,
                      path, length, kMostValues));
    first = {rank == 2 ? shape[0] - 1 : 0, 0};
    count = {rank == 2 ? 1 : length, length};
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr);
    const Handle memory(H5Screate_simple(1, &length, nullptr), H5Sclose);
    std::vector<double> values(length);
    if (H5Dread(set.get(), H5T_NATIVE_DOUBLE, memory.get(), space.get(), H5P_DEFAULT, values.data()) < 0)
      throw InputError(fmt::format("{}: {} cannot be read as numbers; it is damaged", name_, path));
    return checked(std::move(values), path);
  }
  [[nodiscard]] double scalar(const std::string& path) const { return last_row(path).front(); }
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(fmt::format("{}: {}", name_, message));
  }

 private:
  /// A dataset without dimensions, as h5py and other writers store single numbers.
  [[nodiscard]] double read_scalar(hid_t set, const std::string& path) const {
    double value = 0;
    if (H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) < 0)
      throw InputError(fmt::format("{}: {} cannot be read as a number; it is damaged", name_, path));
    return value;
  }
  [[nodiscard]] std::vector<double> checked(std::vector<double> values, const std::string& path) const {
    for (const double value : values)
      if (!std::isfinite(value) || std::abs(value) > kLargestValue)
        throw InputError(
            fmt::format("{}: {} holds {} (not a number, or larger than {:g}); run the simulation again",
                        name_, path, value, kLargestValue));
    return values;
  }
  static hid_t open(const std::filesystem::path& path) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // messages are ours
    return H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  }
  std::string name_;
  Handle file_;
};

/// |sum_m u_m exp(-2 pi i k m/n)|^2 for k = 0 .. n-1, u = sqrt(power) exp(i phase).
///
/// Genesis drives its field by i exp(-i theta), theta = (k + k_u) z - c k t of an electron, and numbers
/// slices from the tail on: the field behind u is u(s) exp(i k s), so that a phase that rises with s is a
/// photon energy above that of lambdaref.
std::vector<double> spectral_power(const std::vector<double>& power, const std::vector<double>& phase) {
  const int n = static_cast<int>(power.size());
  const math::InverseFft2D transform(n, 1, 1);
  auto workspace = transform.make_workspace();
  // The sign of this transform is +: it is that of the conjugate, which has the same modulus.
  for (std::size_t i = 0; i < power.size(); ++i)
    workspace.input.values()[i] = std::polar(std::sqrt(power[i]), -phase[i]);
  transform.run(workspace);
  std::vector<double> result(power.size());
  for (std::size_t k = 0; k < power.size(); ++k)
    result[k] = std::norm(workspace.output.values()[k * transform.column_stride()]);
  return result;
}

}  // namespace

bool reads_hdf5() {
  return true;
}

ImportedLight import_genesis(const std::filesystem::path& path, const ImportOptions& options) {
  const File file(path);
  if (file.has("/slicecount") || file.has("/slice000001"))
    file.fail("a dump of the field or the beam (.fld.h5, .par.h5; not read); give the .out.h5");
  const double wavelength_m = file.scalar("/Global/lambdaref"), sample = file.scalar("/Global/sample");
  // Bounds that keep every photon energy below positive.
  if (!(wavelength_m >= 1e-12 && wavelength_m <= 1) || !(sample >= 1 && sample <= 1e9))
    file.fail(fmt::format("lambdaref = {} m, sample = {} (must be in [1e-12, 1] and [1, 1e9]); it is damaged",
                          wavelength_m, sample));
  const std::vector<double> power = file.last_row("/Field/power");
  const std::size_t n = power.size();
  const auto set = [&](const char* name) { return file.has(name) && file.scalar(name) != 0; };
  if (n < 2 || (file.has("/Global/time") && !set("/Global/time")) || set("/Global/scan"))
    file.fail("a steady-state run or a scan (has no pulse against time); run Genesis with &time");

  ImportedLight light;
  light.format = LightFormat::genesis;
  std::vector<double> phase(n, 0.0);
  const char* phase_name =
      file.has("/Field/phase-farfield") ? "/Field/phase-farfield" : "/Field/phase-nearfield";
  if (file.has(phase_name)) {
    phase = file.last_row(phase_name);
    if (phase.size() != n)
      file.fail(
          fmt::format("{} has {} slices and /Field/power {}; it is damaged", phase_name, phase.size(), n));
  } else {
    light.notes.push_back(
        "Genesis: the file has no phase of the field; the spectrum is that of the power alone.");
  }
  const double step_s = wavelength_m * sample / constants::kSpeedOfLight;
  double sum = 0, first = 0, second = 0;  // moments of the power over the slices
  for (std::size_t i = 0; i < n; ++i) {
    if (power[i] < 0) file.fail(fmt::format("a power of {} W (must be >= 0); it is damaged", power[i]));
    const auto slice = static_cast<double>(i);
    sum += power[i];
    first += power[i] * slice;
    second += power[i] * slice * slice;
  }
  if (!(sum > 0)) file.fail("no light at the end of the undulator; run the simulation again");
  light.pulse_energy_j = sum * step_s;
  light.pulse_length_fs =
      1e15 * step_s * std::sqrt(std::max(0.0, second / sum - (first / sum) * (first / sum)));
  const double rate_hz = 1e6 * options.repetition_rate_mhz;
  if (!(rate_hz > 0 && rate_hz <= 1e15))
    throw InputError(
        fmt::format("source.file.repetition_rate_mhz is missing ({} describes one pulse of {:.3g} uJ); give "
                    "the pulses per second",
                    path.string(), 1e6 * light.pulse_energy_j));

  // /Global/frequency is not used: Genesis computes it with a wrong constant (1023.842 for 1239.842).
  const double reference_ev = constants::energy_ev_of(1e9 * wavelength_m);
  const double step_ev =
      constants::kPlanck / constants::kElementaryCharge / (static_cast<double>(n) * step_s);
  const std::vector<double> spectrum = spectral_power(power, phase);
  // Parseval: the sum of |FFT|^2/n is the sum of the powers. Watts in step_ev, as photons/s in 0.1 %.
  const double to_flux =
      step_s * rate_hz / static_cast<double>(n) / (1e3 * constants::kElementaryCharge * step_ev);
  for (std::size_t k = 0; k < n; ++k) {
    const double shift = static_cast<double>(k) - static_cast<double>(n / 2);
    light.photon_energy_ev.push_back(reference_ev + shift * step_ev);
    light.spectral_flux.push_back(spectrum[(k + n - n / 2) % n] * to_flux);
  }
  light.notes.push_back(
      "Genesis: the spectrum at the end of the undulator, of the fundamental alone, each slice with one "
      "phase; the polarisation is not in the file and is taken as none.");
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
