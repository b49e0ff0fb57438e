#pragma once

#include "engine/effect.hpp"
#include "engine/symbol_occurrences.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace vt::engine {

/// What is worth telling, of all instruments, of the venues' streams, and of trading: an effect each. Rules and
/// people are behind it (vt::alerts); it knows neither.
class OccurrenceWatch {
public:
    static constexpr std::size_t kEndedKept = 1'000;               ///< trades whose end was told
    static constexpr Nanos kSilentFor = std::chrono::seconds{10};  ///< a stream that was live, until it is told

    /// After a second of one instrument was evaluated. in: `effects` from `first` on are of this second
    void on_second(const Symbol& symbol, Timestamp second, std::vector<Effect>& effects, std::size_t first);
    /// After a second of a venue was evaluated: how many of its streams went silent.
    void on_streams(market::Venue venue, Timestamp second, std::span<const std::unique_ptr<Symbol>> symbols,
                    std::vector<Effect>& effects);
    /// What trading said.
    void on_trading(const TradingStep& step, const market::InstrumentDirectory& instruments,
                    std::vector<Effect>& effects);

private:
    struct Streams {
        std::map<market::InstrumentId, std::array<bool, market::kStreamCount>> were_live;
        std::optional<Timestamp> worse_since;  ///< twice as many as were told are silent
        std::uint32_t told = 0;                ///< of those that are silent
    };
    [[nodiscard]] std::optional<alerts::Occurrence> of_trade(const execution::Trade& trade,
                                                             const market::Instrument& instrument);
    void emit(alerts::Occurrence occurrence, std::vector<Effect>& effects);

    std::map<market::InstrumentId, SymbolOccurrences> symbols_;
    std::array<Streams, 2> streams_;
    std::optional<Timestamp> began_at_;             ///< of what trading said
    std::set<execution::TradeId> entered_, ended_;  ///< that were told, or were known before
    std::vector<alerts::Occurrence> seen_;          // scratch
};

}  // namespace vt::engine
