#include "storage/compression.hpp"

#include "base/assert.hpp"

#include <zstd.h>

namespace vt::storage {

struct Compressor::Impl {
    explicit Impl(int level) : context(ZSTD_createCCtx()) {
        VT_ASSERT(context != nullptr);
        VT_ASSERT(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)) == 0);
    }
    ~Impl() { ZSTD_freeCCtx(context); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ZSTD_CCtx* context;
};

Compressor::Compressor(int level) : impl_(std::make_unique<Impl>(level)) {}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;

void Compressor::compress(std::string_view plain, std::string& out) {
    const std::size_t before = out.size();
    out.resize(before + ZSTD_compressBound(plain.size()));
    const std::size_t size =
        ZSTD_compress2(impl_->context, &out[before], out.size() - before, plain.data(), plain.size());
    VT_ASSERT(ZSTD_isError(size) == 0);  // the room is enough by ZSTD_compressBound
    out.resize(before + size);
}

struct Decompressor::Impl {
    Impl() : context(ZSTD_createDCtx()) { VT_ASSERT(context != nullptr); }
    ~Impl() { ZSTD_freeDCtx(context); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ZSTD_DCtx* context;
};

Decompressor::Decompressor() : impl_(std::make_unique<Impl>()) {}
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;

Result<void> Decompressor::decompress(std::string_view stored, std::size_t plain_bytes, std::string& out) {
    out.resize(plain_bytes);
    const std::size_t size =
        ZSTD_decompressDCtx(impl_->context, out.data(), out.size(), stored.data(), stored.size());
    if (ZSTD_isError(size) != 0) {
        out.clear();
        return fail(Errc::corrupt, std::string("not zstd of the size announced: ") + ZSTD_getErrorName(size));
    }
    if (size != plain_bytes) {
        out.clear();
        return fail(Errc::corrupt, "holds fewer bytes than announced");
    }
    return {};
}

}  // namespace vt::storage
