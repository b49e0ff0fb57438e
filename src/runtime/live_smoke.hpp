#pragma once

#include "base/result.hpp"
#include "market/instrument.hpp"
#include "storage/journal_reader.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vt::runtime {

/// What a recording of real minutes says about our reading of a venue.
struct SmokeReport {
    std::uint64_t frames = 0;
    std::uint64_t replies = 0;
    std::uint64_t closes = 0;                             ///< connections that ended
    std::map<std::string, std::uint64_t> frames_by_kind;  ///< "bybit orderbook", "binance trade"
    std::map<std::string, std::uint64_t> refused;         ///< messages that were not understood, by source and reason
    std::map<std::string, std::uint64_t> resyncs;         ///< books emptied and asked for again, by reason
    std::map<std::string, std::uint64_t> unknown_kinds;   ///< frames of a kind that the documentation does not name
    std::map<std::string, std::uint64_t> unknown_fields;  ///< "bybit tickers.newField": not in the documentation
    std::vector<std::string> losses;                      ///< what the recording does not hold

    /// Everything was understood and there was something to understand.
    [[nodiscard]] bool is_good() const { return frames > 0 && refused.empty() && losses.empty(); }
};

/// Runs a recording through the core and looks at every frame besides.
///   errors: configuration (the recording's header)
[[nodiscard]] Result<SmokeReport> read_smoke(storage::JournalReader& journal);

/// Counts one frame by its kind, and its members that documented_fields() does not name.
///   in: the text of a frame; anything at all is accepted
void count_unknown_fields(std::string_view frame, market::Venue venue, SmokeReport& report);

}  // namespace vt::runtime
