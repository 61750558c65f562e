// SPDX-License-Identifier: MIT
#include "undulith/io/png.hpp"
#include "undulith/io/file_kind.hpp"

#include <fmt/core.h>
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <new>
#include <span>
#include <stdexcept>

#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"

// libpng reports errors by longjmp, which must not skip the destructors of a frame. Therefore the functions
// marked "plain frame" below hold no C++ object, and everything that owns memory is in their callers.

namespace undulith::io {

namespace {

constexpr int kMaxSide = 16384;
constexpr std::size_t kMaxInterlacedBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxPixels = std::size_t{1} << 24;
constexpr std::size_t kMaxText = std::size_t{8} << 20;

/// State shared by the callbacks and the caller.
struct Stream {
  const std::byte* input = nullptr;
  std::size_t input_size = 0, position = 0;
  std::vector<std::byte>* output = nullptr;
  char message[160] = "";
};

extern "C" {

[[noreturn]] static void on_error(png_structp png, png_const_charp message) {
  auto* stream = static_cast<Stream*>(png_get_error_ptr(png));
  std::strncpy(stream->message, message, sizeof stream->message - 1);
  png_longjmp(png, 1);
}

static void on_warning(png_structp, png_const_charp) {}

static void on_read(png_structp png, png_bytep to, size_t size) {
  auto* stream = static_cast<Stream*>(png_get_io_ptr(png));
  if (stream->input_size - stream->position < size) png_error(png, "it ends too early");
  std::memcpy(to, stream->input + stream->position, size);
  stream->position += size;
}

static void on_write(png_structp png, png_bytep from, size_t size) {
  auto* stream = static_cast<Stream*>(png_get_io_ptr(png));
  bool stored = true;
  try {
    const auto* bytes = reinterpret_cast<const std::byte*>(from);
    stream->output->insert(stream->output->end(), bytes, bytes + size);
  } catch (const std::bad_alloc&) {
    stored = false;
  }
  if (!stored) png_error(png, "out of memory");
}

static void on_flush(png_structp) {}

}  // extern "C"

/// libpng's two structs for writing.
class Writer {
 public:
  explicit Writer(Stream& stream)
      : png_(png_create_write_struct(PNG_LIBPNG_VER_STRING, &stream, on_error, on_warning)) {
    if (png_) info_ = png_create_info_struct(png_);
    if (!info_) {
      png_destroy_write_struct(&png_, &info_);
      throw std::bad_alloc();
    }
    png_set_write_fn(png_, &stream, on_write, on_flush);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { png_destroy_write_struct(&png_, &info_); }
  [[nodiscard]] png_structp png() const { return png_; }
  [[nodiscard]] png_infop info() const { return info_; }

 private:
  png_structp png_;
  png_infop info_ = nullptr;
};

/// libpng's two structs for reading, with every size bounded.
class Reader {
 public:
  explicit Reader(Stream& stream)
      : png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, &stream, on_error, on_warning)) {
    if (png_) info_ = png_create_info_struct(png_);
    if (!info_) {
      png_destroy_read_struct(&png_, &info_, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png_, &stream, on_read);
    png_set_user_limits(png_, kMaxSide, kMaxSide);
    png_set_chunk_malloc_max(png_, kMaxText);
    png_set_chunk_cache_max(png_, 256);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  [[nodiscard]] png_structp png() const { return png_; }
  [[nodiscard]] png_infop info() const { return info_; }

 private:
  png_structp png_;
  png_infop info_ = nullptr;
};

/// Plots are flat areas and lines: without row filters they are smaller and compressed in less than half the
/// time. Larger pictures take a level that trades a tenth of the size for half of the time.
[[nodiscard]] int compression_level(png_uint_32 width, png_uint_32 height) {
  constexpr double kSmall = 1e6, kLarge = 8e6;  // pixels
  const double pixels = static_cast<double>(width) * height;
  return pixels <= kSmall ? 6 : pixels <= kLarge ? 3 : 1;
}

/// Plain frame. Writes the whole file.
[[nodiscard]] bool write_file(png_structp png, png_infop info, png_uint_32 width, png_uint_32 height,
                              png_textp text, int n_text, png_bytepp rows) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_compression_level(png, compression_level(width, height));
  if (n_text > 0) png_set_text(png, info, text, n_text);
  png_write_info(png, info);
  png_write_image(png, rows);
  png_write_end(png, info);
  return true;
}

/// Plain frame. Reads up to the pixels and requests grey or colour with 8 or 16 bits, and alpha if there is
/// any.
[[nodiscard]] bool read_header(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_info(png, info);
  png_set_expand(png);  // palette to colour, fewer bits to 8, a transparent colour to alpha
  png_set_swap(png);    // 16 bits are big-endian in the file
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

/// Plain frame. Reads the next row of a picture that is not interlaced.
[[nodiscard]] bool read_row(png_structp png, png_bytep row) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_row(png, row, nullptr);
  return true;
}

/// Plain frame. Reads the chunks after the pixels.
[[nodiscard]] bool read_end(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_end(png, info);
  return true;
}

/// Plain frame. Reads all pixels of an interlaced picture.
[[nodiscard]] bool read_all_rows(png_structp png, png_bytepp rows) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_image(png, rows);
  return true;
}

/// Plain frame. Reads the whole file and discards the pixels: text chunks may follow them.
[[nodiscard]] bool read_text_only(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_info(png, info);
  const int n_passes = png_set_interlace_handling(png);
  png_start_read_image(png);
  for (int pass = 0; pass < n_passes; ++pass) {
    for (png_uint_32 y = 0; y < png_get_image_height(png, info); ++y) png_read_row(png, nullptr, nullptr);
  }
  png_read_end(png, info);
  return true;
}

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why) {
  throw InputError(
      fmt::format("cannot read {} as a PNG picture ({}); save it again as PNG", path.string(), why));
}

void require_chunks(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  if (bytes.size() < 8 || png_sig_cmp(reinterpret_cast<png_const_bytep>(bytes.data()), 0, 8) != 0) {
    const std::string other = wrong_kind(path.string(), kind_of(head_of(bytes)), "a PNG picture");
    if (!other.empty()) throw InputError(other);
    fail(path, "it does not begin like a PNG");
  }
  // libpng allocates memory for a chunk before it knows that the file contains it.
  const auto number = [&](std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::size_t>(bytes[at + i]);
    return value;
  };
  constexpr std::size_t kEnd = 0x49454E44;  // IEND
  for (std::size_t at = 8; bytes.size() - at >= 8;) {
    const std::size_t length = number(at), left = bytes.size() - at - 8;
    if (length > left)
      fail(path, fmt::format("it ends too early: the chunk at byte {} claims {} bytes, {} are left", at,
                             length, left));
    if (number(at + 4) == kEnd) break;
    at += std::min<std::size_t>(8 + length + 4, bytes.size() - at);
  }
}

/// One row of decoded samples.
struct RawRow {
  png_const_bytep bytes;
  std::size_t channels, depth;
};

void grey_row(const RawRow& row, std::vector<double>& values) {
  const auto sample = [&](std::size_t x, std::size_t channel) {
    const std::size_t i = x * row.channels + channel;
    if (row.depth != 16) return row.bytes[i] / 255.0;
    std::uint16_t value = 0;
    std::memcpy(&value, row.bytes + 2 * i, 2);
    return value / 65535.0;
  };
  for (std::size_t x = 0; x < values.size(); ++x) {
    double value = sample(x, 0);
    if (row.channels >= 3) {
      value = 0.2126 * value + 0.7152 * sample(x, 1) + 0.0722 * sample(x, 2);
      value = std::min(value, 1.0);
    }
    if (row.channels == 2 || row.channels == 4) value *= sample(x, row.channels - 1);
    values[x] = value;
  }
}

void check_key(const std::string& key) {
  const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
  const bool blanks =
      key.empty() || key.front() == ' ' || key.back() == ' ' || key.find("  ") != std::string::npos;
  if (key.size() > 79 || blanks || !printable) {
    throw std::invalid_argument("write_png: a key must be 1 to 79 ASCII characters without outer blanks: " +
                                key);
  }
}

}  // namespace

void write_png(const std::filesystem::path& path, const RgbImage& image,
               const std::map<std::string, std::string>& text) {
  if (image.width < 1 || image.height < 1 ||
      image.pixels.size() !=
          std::size_t{3} * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height)) {
    throw std::invalid_argument("write_png: the number of pixels does not match the picture");
  }
  std::vector<png_text> chunks;
  for (const auto& [key, value] : text) {
    check_key(key);
    if (value.find('\0') != std::string::npos)
      throw std::invalid_argument("write_png: the text has a zero byte: " + key);
    png_text chunk{};
    // tEXt is Latin-1, iTXt is UTF-8.
    const bool ascii =
        std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    chunk.compression = ascii ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
    chunk.key = const_cast<char*>(key.c_str());
    chunk.text = const_cast<char*>(value.c_str());
    (ascii ? chunk.text_length : chunk.itxt_length) = value.size();
    chunks.push_back(chunk);
  }
  std::vector<png_bytep> rows(static_cast<std::size_t>(image.height));
  for (std::size_t y = 0; y < rows.size(); ++y) {
    rows[y] = const_cast<png_bytep>(image.pixels.data()) + y * 3 * static_cast<std::size_t>(image.width);
  }

  std::vector<std::byte> file;
  Stream stream;
  stream.output = &file;
  Writer writer(stream);
  if (!write_file(writer.png(), writer.info(), static_cast<png_uint_32>(image.width),
                  static_cast<png_uint_32>(image.height), chunks.data(), static_cast<int>(chunks.size()),
                  rows.data())) {
    throw IoError(fmt::format("cannot write {} ({}); free some memory or write a smaller picture",
                              path.string(), stream.message));
  }
  write_atomic(path, file);
}

GreyImage read_png_grey(const std::filesystem::path& path) {
  return read_png_grey(read_bytes(path), path);
}

void read_png_rows(std::span<const std::byte> bytes, const std::filesystem::path& path, const GreyRow& take) {
  require_chunks(bytes, path);
  Stream stream;
  stream.input = bytes.data();
  stream.input_size = bytes.size();
  Reader reader(stream);
  if (!read_header(reader.png(), reader.info())) {
    if (std::strstr(stream.message, "Invalid IHDR")) {
      fail(path,
           fmt::format("its size or kind is not valid, or it has more than {} pixels per side", kMaxSide));
    }
    fail(path, stream.message);
  }
  const std::size_t width = png_get_image_width(reader.png(), reader.info());
  const std::size_t height = png_get_image_height(reader.png(), reader.info());
  const std::size_t channels = png_get_channels(reader.png(), reader.info());
  const std::size_t depth = png_get_bit_depth(reader.png(), reader.info());
  const std::size_t row_bytes = png_get_rowbytes(reader.png(), reader.info());
  // Deflate compresses by a factor of at most 1032, and one bit expands to at most four bytes (palette with
  // alpha). A file too small for its claimed size is damaged, and is refused before memory is allocated.
  if (row_bytes * height / 32 / 1032 > bytes.size()) fail(path, "it is far too short for its claimed size");

  const bool interlaced = png_get_interlace_type(reader.png(), reader.info()) != PNG_INTERLACE_NONE;
  if (interlaced && row_bytes * height > kMaxInterlacedBytes) {
    fail(path,
         fmt::format("it is interlaced and has {} bytes of pixels (at most {}); save it without interlacing",
                     row_bytes * height, kMaxInterlacedBytes));
  }
  std::vector<png_byte> raw(interlaced ? row_bytes * height : row_bytes);
  if (interlaced) {
    std::vector<png_bytep> rows(height);
    for (std::size_t y = 0; y < height; ++y) rows[y] = raw.data() + y * row_bytes;
    if (!read_all_rows(reader.png(), rows.data())) fail(path, stream.message);
  }
  std::vector<double> values(width);
  for (std::size_t y = 0; y < height; ++y) {
    if (!interlaced && !read_row(reader.png(), raw.data())) fail(path, stream.message);
    grey_row({raw.data() + (interlaced ? y * row_bytes : 0), channels, depth}, values);
    take(static_cast<int>(width), static_cast<int>(height), static_cast<int>(y), values);
  }
  if (!read_end(reader.png(), reader.info())) fail(path, stream.message);
}

GreyImage read_png_grey(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  GreyImage image;
  read_png_rows(bytes, path, [&](int width, int height, int, std::span<const double> values) {
    const std::size_t n = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    if (n > kMaxPixels) {
      throw InputError(
          fmt::format("{}: a picture of {} x {} pixels (at most {} million are read here); make it smaller",
                      path.string(), width, height, kMaxPixels / 1'000'000));
    }
    image.width = width, image.height = height;
    image.values.reserve(n);
    image.values.insert(image.values.end(), values.begin(), values.end());
  });
  return image;
}

std::map<std::string, std::string> read_png_text(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_bytes(path);
  require_chunks(bytes, path);
  Stream stream;
  stream.input = bytes.data();
  stream.input_size = bytes.size();
  Reader reader(stream);
  if (!read_text_only(reader.png(), reader.info())) fail(path, stream.message);
  png_textp chunks = nullptr;
  int n_chunks = 0;
  png_get_text(reader.png(), reader.info(), &chunks, &n_chunks);
  std::map<std::string, std::string> text;
  for (const png_text& chunk : std::span(chunks, static_cast<std::size_t>(n_chunks))) {
    text[chunk.key] = chunk.text ? chunk.text : "";
  }
  return text;
}

}  // namespace undulith::io
