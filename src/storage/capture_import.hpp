#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::storage {

struct ImportParams {
    std::vector<std::filesystem::path> captures;  ///< merged by receive time; those of one market share a connection
    std::filesystem::path out;                    ///< the journal, one file
    /// Steps for symbols that known_instruments() does not hold, or others for those it does.
    std::vector<market::Instrument> instruments;
    std::string program;  ///< for the journal's header
    std::string origin;   ///< where the captures come from and under which licence
    int compression_level = 19;
    std::size_t block_bytes = std::size_t{2} << 20U;  ///< larger blocks are smaller in sum
};

struct ImportReport {
    std::vector<market::Instrument> instruments;  ///< as listed, ids filled
    std::uint64_t events = 0;                     ///< written, of every kind
    std::uint64_t frames = 0;
    std::uint64_t snapshots = 0;
    std::uint64_t ticks = 0;
    std::uint64_t skipped_lines = 0;  ///< of the captures: no record could be read from them
    std::string first_skipped;        ///< "file:line" of the first
    Timestamp first_at;
    Timestamp last_at;
    std::uint64_t bytes = 0;  ///< of the journal
};

/// Instruments that captures are known of, with the steps of the time of the capture.
[[nodiscard]] std::span<const market::Instrument> known_instruments();

/// Reads "binance-linear-BTCUSDT:0.1:0.001": market, tick and lot.
///   errors: configuration
[[nodiscard]] Result<market::Instrument> parse_instrument(std::string_view text);

/// Turns captures of public streams into a journal that replays like a live run: ListInstrument for each symbol,
/// Opened at the first frame of each connection, every frame and REST snapshot at the receive time that the capture
/// gives (Bybit's archive has none: its "ts"), a Tick at each full second of it, Closed behind the last frame. The
/// same captures give the same bytes.
///   errors: those of CaptureFile and JournalWriter; not_found (no steps are known for a symbol: says how to give
///           them); out_of_range (captures more than a day apart)
[[nodiscard]] Result<ImportReport> import_capture(const ImportParams& params);

}  // namespace vt::storage
