#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"
#include "storage/line_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vt::storage {

/// How a capture of a public market data stream is written down.
enum class CaptureFormat : std::uint8_t {
    stamped_frames,  ///< hftbacktest: "<receive ns> <json>" a line, Binance frames and a REST depth snapshot
    bybit_frames,    ///< the venue's order book archive: a frame a line, no receive time ("ts" stands for it)
    cryptofeed,  ///< "<seconds>: <json>" behind a line with the address, or "<address> -> <seconds>: <json>" for REST
};

/// What one line of a capture says.
struct CaptureRecord {
    Timestamp at;
    bool is_snapshot = false;  ///< a REST depth snapshot of `symbol`; else a frame
    std::string_view symbol;   ///< of a snapshot
    std::string_view text;
};

/// What a look through a capture tells.
struct CaptureContent {
    CaptureFormat format = CaptureFormat::stamped_frames;
    market::Venue venue = market::Venue::binance;
    market::Category category = market::Category::linear;
    std::vector<std::string> symbols;  ///< in the order of their first appearance
};

/// One capture, read line by line in bounded memory.
class CaptureFile {
public:
    /// Looks through the whole file once for what it holds.
    ///   errors: not_found, io, corrupt, unsupported (no known format, no symbol)
    [[nodiscard]] static Result<CaptureFile> open(const std::filesystem::path& path);

    [[nodiscard]] const CaptureContent& content() const { return content_; }
    /// The next record; its text is valid until the next call. Lines that hold none are passed over and counted.
    ///   out:    false: the end
    ///   errors: io, corrupt
    [[nodiscard]] Result<bool> next(CaptureRecord& record);
    /// Lines that should have held a record (a frame cut short, a stamp that is no number).
    [[nodiscard]] std::uint64_t skipped_lines() const { return skipped_lines_; }
    /// "file:line" of the first.
    [[nodiscard]] const std::string& first_skipped() const { return first_skipped_; }

private:
    CaptureFile(LineReader reader, CaptureContent content);
    bool take(std::string_view line, CaptureRecord& record) const;

    LineReader reader_;
    CaptureContent content_;
    std::uint64_t skipped_lines_ = 0;
    std::string first_skipped_;
};

}  // namespace vt::storage
