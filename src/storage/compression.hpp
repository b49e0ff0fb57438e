#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace vt::storage {

/// zstd, one frame for each call; keeps its working memory from call to call.
class Compressor {
public:
    /// in: `level` 1 (fast) .. 19 (small)
    explicit Compressor(int level);
    ~Compressor();
    Compressor(Compressor&&) noexcept;
    Compressor& operator=(Compressor&&) noexcept;

    /// Appends the compressed form of `plain` to `out`.
    void compress(std::string_view plain, std::string& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class Decompressor {
public:
    Decompressor();
    ~Decompressor();
    Decompressor(Decompressor&&) noexcept;
    Decompressor& operator=(Decompressor&&) noexcept;

    /// Replaces `out` by the `plain_bytes` bytes that `stored`, one or more whole zstd frames, holds.
    ///   errors: corrupt (not zstd, or not of that size); nothing larger than `plain_bytes` is ever allocated
    [[nodiscard]] Result<void> decompress(std::string_view stored, std::size_t plain_bytes, std::string& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::storage
