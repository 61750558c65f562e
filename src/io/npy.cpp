// SPDX-License-Identifier: MIT
#include "undulith/io/npy.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "undulith/core/error.hpp"
#include "undulith/io/atomic_file.hpp"
#include "undulith/io/file_kind.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/finite.hpp"

namespace undulith::io {

static_assert(std::endian::native == std::endian::little,
              "the .npy writer stores native doubles as little-endian");

namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kMaxHeader = 65536;   // numpy's own headers are under 1 kB
constexpr std::size_t kMaxDimensions = 32;  // numpy's limit

/// Number of elements; empty if it overflows.
[[nodiscard]] std::optional<std::size_t> element_count(const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t n : shape) {
    if (n == 0) return 0;
  }
  for (const std::size_t n : shape) {
    if (count > std::numeric_limits<std::size_t>::max() / 16 / n) return {};
    count *= n;
  }
  return count;
}

struct Header {
  std::string type;  ///< like "<f8"
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

/// The header: a Python dictionary literal with three known keys.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {}

  [[nodiscard]] Header parse() {
    Header header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !has_type) {
        if (peek() != '\'' && peek() != '"') fail("its elements are records; save one plain array");
        header.type = quoted();
        has_type = true;
      } else if (key == "fortran_order" && !has_order) {
        header.fortran_order = boolean();
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        header.shape = tuple();
        has_shape = true;
      } else {
        fail("its header has an unknown or repeated key");
      }
      if (!accept(',') && peek() != '}') fail("its header is malformed");
    }
    skip_blank();
    if (!text_.empty()) fail("its header continues after the dictionary");
    if (!has_type || !has_order || !has_shape) fail("its header lacks descr, fortran_order or shape");
    return header;
  }

 private:
  [[noreturn]] void fail(const char* why) const {
    throw InputError(
        fmt::format("cannot read {} as a .npy file ({}); save it again with numpy.save", name_, why));
  }
  void skip_blank() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t'))
      text_.remove_prefix(1);
  }
  [[nodiscard]] char peek() {
    skip_blank();
    return text_.empty() ? '\0' : text_[0];
  }
  [[nodiscard]] bool accept(char c) {
    if (peek() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail("its header is malformed");
  }
  [[nodiscard]] std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail("its header is malformed");
    text_.remove_prefix(1);
    const auto end = text_.find(quote);
    if (end > 64) fail("its header is malformed");  // npos as well
    std::string result(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return result;
  }
  [[nodiscard]] bool boolean() {
    skip_blank();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}}) {
      if (text_.starts_with(word)) {
        text_.remove_prefix(word.size());
        return value;
      }
    }
    fail("its header is malformed");
  }
  [[nodiscard]] std::vector<std::size_t> tuple() {
    std::vector<std::size_t> result;
    expect('(');
    while (!accept(')')) {
      skip_blank();
      std::size_t value = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
      if (error != std::errc{}) fail("its shape is malformed or too large");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      result.push_back(value);
      if (result.size() > kMaxDimensions) fail("it has more than 32 dimensions");
      if (!accept(',') && peek() != ')') fail("its shape is malformed");
    }
    return result;
  }

  std::string_view text_;
  std::string name_;
};

template <class T>
[[nodiscard]] T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Converts by bits, so that a signalling NaN becomes a quiet one without raising a floating-point
/// exception.
[[nodiscard]] double from_float(const std::byte* from) {
  const auto bits = load<std::uint32_t>(from);
  if ((bits & 0x7f800000u) == 0x7f800000u && (bits & 0x7fffffu) != 0)
    return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(std::bit_cast<float>(bits));
}

[[nodiscard]] double from_double(const std::byte* from) {
  const auto bits = load<std::uint64_t>(from);
  constexpr std::uint64_t kExponent = 0x7ff0000000000000u;
  if ((bits & kExponent) == kExponent && bits << 12 != 0) return std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<double>(bits);
}

[[nodiscard]] double from_half(const std::byte* from) {
  const auto bits = load<std::uint16_t>(from);
  const int exponent = (bits >> 10) & 0x1f, mantissa = bits & 0x3ff;
  const double sign = (bits & 0x8000) ? -1.0 : 1.0;
  if (exponent == 0x1f) {
    return mantissa ? std::numeric_limits<double>::quiet_NaN()
                    : sign * std::numeric_limits<double>::infinity();
  }
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

using Convert = double (*)(const std::byte*);
struct ElementType {
  std::string_view name;  ///< kind and size, without the byte order
  std::size_t size;
  Convert convert;
};

template <class T>
[[nodiscard]] double from_number(const std::byte* from) {
  return static_cast<double>(load<T>(from));
}

constexpr ElementType kTypes[] = {
    {"b1", 1, [](const std::byte* p) { return *p == std::byte{0} ? 0.0 : 1.0; }},
    {"i1", 1, from_number<std::int8_t>},
    {"u1", 1, from_number<std::uint8_t>},
    {"i2", 2, from_number<std::int16_t>},
    {"u2", 2, from_number<std::uint16_t>},
    {"i4", 4, from_number<std::int32_t>},
    {"u4", 4, from_number<std::uint32_t>},
    {"i8", 8, from_number<std::int64_t>},
    {"u8", 8, from_number<std::uint64_t>},
    {"f2", 2, from_half},
    {"f4", 4, from_float},
    {"f8", 8, from_double},
};

[[nodiscard]] const ElementType& element_type(const std::string& type, const std::string& name) {
  if (type.size() == 3) {
    for (const ElementType& candidate : kTypes) {
      if (type.substr(1) != candidate.name) continue;
      if (type[0] == '<' || type[0] == '=' || type[0] == '|' || candidate.size == 1) return candidate;
    }
  }
  std::string shown = type;
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  }
  throw InputError(fmt::format(
      "cannot read {} (its elements have the type '{}'); save it as little-endian real numbers, for example "
      "array.astype('<f8')",
      name, shown));
}

/// The same values with the last index fastest.
[[nodiscard]] std::vector<double> to_c_order(const std::vector<double>& values,
                                             const std::vector<std::size_t>& shape) {
  std::vector<double> result(values.size());
  std::vector<std::size_t> index(shape.size(),
                                 0);  // index of the element in Fortran order: first index fastest
  std::vector<std::size_t> stride(shape.size(), 1);  // strides in C order
  for (std::size_t d = shape.size(); d-- > 1;) stride[d - 1] = stride[d] * shape[d];
  std::size_t target = 0;
  for (const double value : values) {
    result[target] = value;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      target += stride[d];
      if (++index[d] < shape[d]) break;
      target -= stride[d] * shape[d];
      index[d] = 0;
    }
  }
  return result;
}

}  // namespace

namespace {

// Magic, version and header of an array.
std::string npy_head(const char* type, std::size_t n_elements, const std::vector<std::size_t>& shape) {
  const std::optional<std::size_t> count = element_count(shape);
  if (!count || *count != n_elements || shape.size() > kMaxDimensions)
    throw std::invalid_argument("write_npy: the number of values is not that of the shape");
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", type,
                                   fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  // Blanks and a newline align the data to a multiple of 64 bytes, as the format requires.
  const std::size_t preamble = kMagic.size() + 4;
  header.append(63 - (preamble + header.size()) % 64, ' ');
  header.push_back('\n');
  std::string head(reinterpret_cast<const char*>(kMagic.data()), kMagic.size());
  for (const std::size_t byte : {std::size_t{1}, std::size_t{0}, header.size() & 0xff, header.size() >> 8})
    head.push_back(static_cast<char>(byte));
  return head + header;
}

void write_elements(const std::filesystem::path& path, const char* type, std::size_t n_elements,
                    std::span<const std::byte> elements, const std::vector<std::size_t>& shape) {
  const std::string head = npy_head(type, n_elements, shape);
  write_atomic(path, std::array{std::as_bytes(std::span(head)), elements});
}

/// Reads real elements; complex elements if there is a list for their imaginary parts.
NpyArray read_elements(std::span<const std::byte> bytes, const std::filesystem::path& path,
                       std::vector<double>* imaginary) {
  const std::string name = path.string();
  const auto fail = [&name](const std::string& why) {
    throw InputError(
        fmt::format("cannot read {} as a .npy file ({}); save it again with numpy.save", name, why));
  };
  if (bytes.size() < 10 || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
    const std::string other = wrong_kind(name, kind_of(head_of(bytes)), "an array of numpy (.npy)");
    if (!other.empty()) throw InputError(other);
    fail(bytes.size() < 10 ? "it is shorter than a .npy header" : "it does not begin like a .npy file");
  }
  const int version = std::to_integer<int>(bytes[6]);
  if (version < 1 || version > 3) fail(fmt::format("its format version is {}", version));
  const std::size_t length_size = version == 1 ? 2 : 4;
  const std::size_t start = 8 + length_size;
  if (bytes.size() < start) fail("it is shorter than a .npy header");
  const std::size_t header_size =
      version == 1 ? load<std::uint16_t>(bytes.data() + 8) : load<std::uint32_t>(bytes.data() + 8);
  if (header_size > kMaxHeader) fail(fmt::format("its header claims {} bytes", header_size));
  if (bytes.size() - start < header_size)
    fail(fmt::format("it ends within the header, at byte {}", bytes.size()));

  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + start, header_size);
  Header header = HeaderParser(text, name).parse();
  // A complex number is two floats of half its size.
  const bool is_complex = imaginary && (header.type == "<c8" || header.type == "<c16");
  const ElementType& type =
      element_type(is_complex ? (header.type == "<c8" ? "<f4" : "<f8") : header.type, name);
  const std::size_t size = is_complex ? 2 * type.size : type.size;
  const std::optional<std::size_t> count = element_count(header.shape);
  const std::size_t available = bytes.size() - start - header_size;
  if (!count || *count * size != available) {
    fail(fmt::format("shape ({}) of '{}' needs {} bytes after the header, there are {}",
                     fmt::join(header.shape, ", "), header.type,
                     count ? std::to_string(*count * size) : "too many", available));
  }

  NpyArray array;
  array.values.resize(*count);
  const std::byte* data = bytes.data() + start + header_size;
  for (std::size_t i = 0; i < *count; ++i) array.values[i] = type.convert(data + i * size);
  if (imaginary) imaginary->assign(*count, 0.0);
  if (is_complex)
    for (std::size_t i = 0; i < *count; ++i) (*imaginary)[i] = type.convert(data + i * size + type.size);
  if (header.fortran_order && header.shape.size() > 1) {
    array.values = to_c_order(array.values, header.shape);
    if (imaginary) *imaginary = to_c_order(*imaginary, header.shape);
  }
  array.shape = std::move(header.shape);
  return array;
}

/// The last guard before a file: no result may be NaN or infinite.
[[noreturn]] void refuse_element(const std::filesystem::path& path, std::size_t index,
                                 const std::string& value, const std::vector<std::size_t>& shape) {
  std::vector<std::size_t> place(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    place[axis] = shape[axis] > 0 ? index % shape[axis] : 0;
    index /= std::max<std::size_t>(1, shape[axis]);
  }
  refuse_result(path.filename().string(), fmt::format("element [{}]", fmt::join(place, ", ")), value);
}

}  // namespace

void write_npy(const std::filesystem::path& path, const std::function<void(const TakeValues&)>& make,
               const std::vector<std::size_t>& shape, Precision precision) {
  const bool single = precision == Precision::float32;
  const std::size_t n_elements = element_count(shape).value_or(0);
  AtomicFile file(path);
  file.append(npy_head(single ? "<f4" : "<f8", n_elements, shape));
  std::size_t n_taken = 0;
  std::vector<float> rounded;
  make([&](std::span<const double> values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!std::isfinite(values[i])) refuse_element(path, n_taken + i, fmt::format("{}", values[i]), shape);
    n_taken += values.size();
    if (single) rounded.assign(values.begin(), values.end());
    file.append(single ? std::as_bytes(std::span<const float>(rounded)) : std::as_bytes(values));
  });
  if (n_taken != n_elements)
    throw std::invalid_argument("write_npy: the number of values is not that of the shape");
  file.commit();
}

void write_npy(const std::filesystem::path& path, std::span<const std::span<const double>> pieces,
               const std::vector<std::size_t>& shape) {
  write_npy(
      path, [&](const TakeValues& take) { std::ranges::for_each(pieces, take); }, shape);
}

void write_npy(const std::filesystem::path& path, std::span<const double> values,
               const std::vector<std::size_t>& shape) {
  write_npy(path, std::span(&values, 1), shape);
}

void write_npy(const std::filesystem::path& path, std::span<const std::complex<double>> values,
               const std::vector<std::size_t>& shape) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i].real()) || !std::isfinite(values[i].imag()))
      refuse_element(path, i, fmt::format("{} + {}i", values[i].real(), values[i].imag()), shape);
  write_elements(path, "<c16", values.size(), std::as_bytes(values), shape);
}

NpyArray read_npy(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  return read_elements(bytes, path, nullptr);
}

NpyArray read_npy(const std::filesystem::path& path) {
  return read_elements(read_bytes(path), path, nullptr);
}

NpyComplexArray read_npy_complex(const std::filesystem::path& path) {
  std::vector<double> imaginary;
  NpyArray real = read_elements(read_bytes(path), path, &imaginary);
  NpyComplexArray array{std::move(real.shape), {}};
  array.values.reserve(imaginary.size());
  for (std::size_t i = 0; i < imaginary.size(); ++i) array.values.emplace_back(real.values[i], imaginary[i]);
  return array;
}

}  // namespace undulith::io
