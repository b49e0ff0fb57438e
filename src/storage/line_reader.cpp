#include "storage/line_reader.hpp"

#include "base/assert.hpp"

#include <zstd.h>

#include <utility>

namespace vt::storage {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10U;
constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";

std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

struct LineReader::Impl {
    explicit Impl(InputFile input) : file(std::move(input)) {}
    ~Impl() { ZSTD_freeDStream(stream); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    /// Appends more text to `text`; false at the end of the file.
    Result<bool> fill() {
        if (stream == nullptr) {
            if (Result<bool> read = read_chunk(); !read || !*read) return read;
            text += chunk;
            return true;
        }
        if (taken == chunk.size() && !is_output_waiting) {
            VT_TRY(const bool is_more, read_chunk());
            if (!is_more && !is_frame_open) return false;
            if (!is_more) return fail(Errc::corrupt, file.name() + " is cut inside its zstd data");
        }
        const std::size_t before = text.size();
        text.resize(before + kChunkBytes);
        ZSTD_inBuffer in{chunk.data(), chunk.size(), taken};
        ZSTD_outBuffer out{&text[before], kChunkBytes, 0};
        const std::size_t left = ZSTD_decompressStream(stream, &out, &in);
        text.resize(before + out.pos);
        if (ZSTD_isError(left) != 0) {
            return fail(Errc::corrupt, file.name() + " holds damaged zstd data: " + ZSTD_getErrorName(left));
        }
        taken = in.pos;
        is_frame_open = left != 0;
        is_output_waiting = out.pos == out.size;  // there may be more without further input
        return true;
    }

    Result<bool> read_chunk() {
        if (Result<void> read = file.read(offset, kChunkBytes, chunk); !read) {
            return tl::unexpected<Error>(std::move(read.error()));
        }
        offset += chunk.size();
        taken = 0;
        return !chunk.empty();
    }

    InputFile file;
    ZSTD_DStream* stream = nullptr;  // nullptr: plain text
    bool is_frame_open = false;
    bool is_output_waiting = false;
    std::uint64_t offset = 0;  // of the file, behind the chunk
    std::string chunk;
    std::size_t taken = 0;  // of the chunk, by the decompressor
    std::string text;
    std::size_t start = 0;  // of the next line in the text
    std::uint64_t line = 0;
};

LineReader::LineReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;

Result<LineReader> LineReader::open(const std::filesystem::path& path) {
    VT_TRY(InputFile file, InputFile::open(path));
    auto impl = std::make_unique<Impl>(std::move(file));
    std::string magic;
    if (Result<void> read = impl->file.read(0, kZstdMagic.size(), magic); !read) {
        return tl::unexpected<Error>(std::move(read.error()));
    }
    if (magic == kZstdMagic) {
        impl->stream = ZSTD_createDStream();
        VT_ASSERT(impl->stream != nullptr);
    }
    return LineReader(std::move(impl));
}

Result<std::optional<std::string_view>> LineReader::next() {
    std::size_t searched = impl_->start;
    for (;;) {
        const std::size_t end = impl_->text.find('\n', searched);
        if (end != std::string::npos) {
            const std::string_view line = std::string_view(impl_->text).substr(impl_->start, end - impl_->start);
            impl_->start = end + 1;
            ++impl_->line;
            return without_return(line);
        }
        impl_->text.erase(0, impl_->start);
        impl_->start = 0;
        searched = impl_->text.size();
        if (searched > kMaxLineBytes) {
            return fail(Errc::malformed, impl_->file.name() + " has a line longer than 16 MB after line " +
                                             std::to_string(impl_->line));
        }
        VT_TRY(const bool is_more, impl_->fill());
        if (!is_more) break;
    }
    if (impl_->text.empty()) return std::nullopt;
    impl_->start = impl_->text.size();
    ++impl_->line;
    return without_return(impl_->text);
}

std::uint64_t LineReader::line_number() const { return impl_->line; }
const std::string& LineReader::name() const { return impl_->file.name(); }

}  // namespace vt::storage
