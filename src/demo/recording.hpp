#pragma once

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

/// What a recorded symbol is served as.
struct RecordedAs {
    std::string recorded_symbol;  ///< "btcusdt", as in the stream's name
    Decimal tick_size;            ///< of the served symbol; recorded prices must be whole steps of it
    Decimal lot_size;             ///< recorded quantities are rounded to it, to at least one lot
};

/// One change of a recorded market.
struct RecordedChange {
    enum class Kind : std::uint8_t {
        bid,
        ask,
        bought,
        sold
    };                        ///< a level's absolute quantity, or a print by its taker
    std::uint32_t at_ms = 0;  ///< since the start of the recording
    Kind kind = Kind::bid;
    std::int32_t price = 0;  ///< ticks
    std::int32_t lots = 0;
};

/// A book as it was at the start of a recording, and everything that followed.
struct RecordedSymbol {
    std::vector<market::Level> bids, asks;  ///< best price first
    std::vector<RecordedChange> changes;    ///< in order of time
    double mean_minute_quote = 0;
};

/// A stretch of real market data of several symbols on one clock, ready to be played.
struct Recording {
    std::vector<RecordedSymbol> symbols;  ///< in the order of the RecordedAs
    std::uint32_t duration_ms = 0;
};

/// Makes a Recording from Binance frames (depthUpdate and trade of combined streams, and one REST depth snapshot for
/// each symbol), in the order in which they were received. Other frames are passed over.
class RecordingBuilder {
public:
    explicit RecordingBuilder(std::vector<RecordedAs> symbols);
    ~RecordingBuilder();

    /// One frame, as received. in: json: `{"stream":"btcusdt@depth@0ms","data":{...}}`
    ///   errors: malformed; corrupt (updates are missing)
    [[nodiscard]] Result<void> add_frame(Timestamp received, std::string_view json);
    /// The REST snapshot of one symbol.
    [[nodiscard]] Result<void> add_snapshot(std::string_view recorded_symbol, Timestamp received,
                                            std::string_view json);
    /// errors: malformed (a symbol without a snapshot, or with nothing after it)
    [[nodiscard]] Result<Recording> build();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A capture of one symbol in lines of `<receive ns> <json>`, where a line without "stream" is the REST snapshot.
///   errors: malformed, with the number of the line
[[nodiscard]] Result<void> add_capture(RecordingBuilder& builder, std::string_view recorded_symbol,
                                       std::string_view lines);

}  // namespace vt::demo
