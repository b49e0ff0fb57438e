#pragma once

#include "base/time.hpp"
#include "confluence/confluence.hpp"
#include "confluence/score_record.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace vt::confluence {

/// What the gates ask of a market besides its score. Absent: not known.
struct GateFacts {
    bool is_trading = false;
    std::optional<Nanos> listed_for;
    std::optional<double> turnover_24h_usd;
    std::optional<Nanos> book_age;      ///< since the last frame of a book that is whole
    std::optional<Nanos> trades_age;    ///< of the connection
    std::optional<Nanos> clock_offset;  ///< of ours to the venue's
    bool has_funding = false;           ///< the market settles funding
    std::optional<Nanos> to_funding;    ///< until the next settlement
};

/// One condition between a score and a signal. All are judged; the first that fails is the reason why there is none.
struct Gate {
    std::string_view name;
    std::optional<double> value;
    std::optional<double> threshold;
    std::string_view unit;       ///< of value and threshold; where there are none, why
    std::optional<bool> passes;  ///< absent: what it asks for is not known, or no part of this version
    /// How far the value is on the good side of the threshold; negative where it fails.
    [[nodiscard]] std::optional<double> distance() const;
    bool is_ceiling = false;  ///< the value must not exceed the threshold; else it must reach it
};

/// The eighteen gates in their order.
[[nodiscard]] std::vector<Gate> gates(const ScoreRecord& record, const Past& past, const GateFacts& facts);

/// Writes them as a JSON array.
void write_gates(JsonWriter& out, const std::vector<Gate>& gates);

}  // namespace vt::confluence
