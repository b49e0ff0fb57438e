#include "net/gzip.hpp"

#include "base/assert.hpp"

#include <zlib.h>

#include <algorithm>

namespace vt::net {
namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window, and gzip's header instead of zlib's
constexpr int kFast = 1;              // lines repeat themselves: more effort saves little (measured: docs/storage.md)
constexpr int kMemory = 8;

Bytef* bytes(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

std::string gzipped(std::string_view plain) {
    z_stream stream{};
    VT_ASSERT(deflateInit2(&stream, kFast, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
    stream.next_in = bytes(plain);
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = bytes(packed);
    stream.avail_out = static_cast<uInt>(packed.size());
    VT_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    (void)deflateEnd(&stream);
    return packed;
}

Result<std::string> gunzipped(std::string_view packed, std::size_t bytes_max) {
    z_stream stream{};
    VT_ASSERT(inflateInit2(&stream, kGzipWindow) == Z_OK);
    stream.next_in = bytes(packed);
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string plain;
    int outcome = Z_OK;
    while (outcome == Z_OK && plain.size() <= bytes_max) {
        const std::size_t before = plain.size();
        plain.resize(before + std::max<std::size_t>(packed.size() * 4, 4096));
        stream.next_out = bytes(plain) + before;
        stream.avail_out = static_cast<uInt>(plain.size() - before);
        outcome = inflate(&stream, Z_NO_FLUSH);
        plain.resize(plain.size() - stream.avail_out);
    }
    (void)inflateEnd(&stream);
    if (plain.size() > bytes_max)
        return fail(Errc::out_of_range, "more than " + std::to_string(bytes_max) + " bytes");
    if (outcome != Z_STREAM_END || stream.avail_in != 0) return fail(Errc::corrupt, "this is not whole gzip");
    return plain;
}

}  // namespace vt::net
