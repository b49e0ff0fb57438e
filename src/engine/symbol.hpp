#pragma once

#include "alpha/strategies.hpp"
#include "analysis/evaluation.hpp"
#include "analysis/symbol_analysis.hpp"
#include "base/ring.hpp"
#include "confluence/confluence.hpp"
#include "engine/technical_frames.hpp"
#include "exchange/protocol.hpp"
#include "market/candle_frames.hpp"
#include "market/instrument_state.hpp"
#include "signals/gates.hpp"
#include "signals/symbol_signals.hpp"
#include "track_record/strategy_edge.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace vt::engine {

/// One instrument in the engine: what the market says, what the analysis makes of it, and the score.
class Symbol {
public:
    Symbol(const market::Instrument& instrument, const confluence::Params& params,
           const signals::Params& signal_params = {});

    /// Takes one fact. out: whether the book had to be emptied because of it (the feed must ask for a snapshot).
    [[nodiscard]] bool apply(const market::Event& event);
    /// The venue changed the instrument's terms.
    void relist(const market::Instrument& instrument);

    [[nodiscard]] const market::Instrument& instrument() const { return state_.instrument(); }
    [[nodiscard]] const market::InstrumentState& state() const { return state_; }
    [[nodiscard]] market::InstrumentState& state() { return state_; }
    /// The book is whole and its stream live, as of the last evaluation.
    [[nodiscard]] bool has_live_book() const {
        return state_.book().is_valid() &&
               stream_states[static_cast<std::size_t>(market::Stream::book)] == exchange::StreamState::live;
    }
    [[nodiscard]] analysis::SymbolAnalysis& analysis() { return analysis_; }
    [[nodiscard]] const analysis::SymbolAnalysis& analysis() const { return analysis_; }
    [[nodiscard]] confluence::Confluence& confluence() { return confluence_; }
    [[nodiscard]] const confluence::Confluence& confluence() const { return confluence_; }

    /// Closes the candles that end at `second`, and hands the analysis the 5-minute, 30-minute and 4-hour bars that
    /// it has not seen, oldest first, and the technical indicators those of all timeframes. Bars wait until the
    /// venue's history is there, so that none comes before an older one.
    void close_bars(Timestamp second, bool is_history_complete);
    /// Hands the analysis the bars that it has not seen, each with the same bar of the venue's Bitcoin.
    void pair_bars_with(const Symbol& bitcoin);
    [[nodiscard]] const TechnicalFrames& technical() const { return technical_; }
    [[nodiscard]] signals::SymbolSignals& signals() { return signals_; }
    [[nodiscard]] const signals::SymbolSignals& signals() const { return signals_; }

    /// A minute was closed, or passed over.
    void keep_minute(std::shared_ptr<const analysis::MinuteFeatures> minute);
    /// The last minutes, oldest first.
    [[nodiscard]] const Ring<std::shared_ptr<const analysis::MinuteFeatures>>& minutes() const { return minutes_; }
    static constexpr std::size_t kMinutesKept = 60;

    /// The score as of the newest evaluated second; before the first, one that says which dimensions there are.
    std::shared_ptr<const confluence::ScoreRecord> score;
    std::array<exchange::StreamState, market::kStreamCount> stream_states{};
    std::array<std::optional<exchange::ConnectionId>, market::kStreamCount> connections{};
    bool has_stream_change = false;              ///< since the last evaluation
    bool has_resync_change = false;              ///< of the book, likewise
    std::optional<Nanos> trades_connection_age;  ///< as of the last evaluation
    std::optional<Nanos> clock_offset;           ///< of ours to the venue's, likewise
    /// What the gates ask of each side, by market::Side, as of the last closed minute.
    std::array<signals::SideFacts, 2> side_facts{};
    /// What each strategy that is not off says, likewise; null before the first closed minute.
    std::shared_ptr<const std::vector<alpha::Judgement>> strategies;
    /// p of the own alpha by kBetaFrames, corrected for all that were tested, as of the last evaluation.
    std::array<std::optional<double>, analysis::kBetaFrames.size()> alpha_p{};
    double signal_distance = 20;    ///< points from 50 that a signal asks for, likewise
    double crossing_distance = 20;  ///< and a crossing
    /// What became of earlier signals, of all instruments; null: nothing is known.
    std::shared_ptr<const std::vector<track_record::StrategyEdge>> edges;
    std::uint64_t trade_count = 0;  ///< prints shown in the tape so far
    std::uint64_t liquidation_count = 0;
    std::uint64_t minute_revision = 0;  ///< changes with every closed minute: the same for what moves with the minute
    std::uint64_t revision = 0;         ///< changes with every fact: what was not touched need not be published again

private:
    void take_history(const market::Event& event);
    void follow_book(const market::Event& event, const market::ApplyOutcome& outcome);

    market::InstrumentState state_;
    analysis::SymbolAnalysis analysis_;
    confluence::Confluence confluence_;
    TechnicalFrames technical_;
    signals::SymbolSignals signals_;
    Ring<std::shared_ptr<const analysis::MinuteFeatures>> minutes_{kMinutesKept};
    std::array<Timestamp, market::kTimeframes.size()>
        bars_handed_until_{};  ///< end of the newest bar the analysis has seen
    std::array<Timestamp, market::kTimeframes.size()> bars_paired_until_{};  ///< likewise with Bitcoin's beside it
};

}  // namespace vt::engine
