#pragma once

#include "base/time.hpp"
#include "confluence/params.hpp"
#include "engine/beta_cross_section.hpp"
#include "engine/effect.hpp"
#include "engine/symbol.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "signals/params.hpp"
#include "signals/score_level.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace vt::engine {

struct ReconstructionParams {
    confluence::Params confluence;  ///< of the live score; its coverage_min is not used
    signals::Params signals;        ///< of live signals; their coverage_min is not used
    /// Share of the evidence that has to be alive: what candles tell never reaches what a live signal asks for.
    double coverage_min = 0.10;
    Timestamp decide_from;   ///< minutes that end before are only learned from
    Timestamp decide_until;  ///< a minute that ends here or later raises nothing: its outcome would not be known
};

/// The signals that would have been raised in the past, as far as minute candles, funding, open interest and ratios
/// tell: the same analysis, confluence, levels and following as live, without order book and trades.
///
/// * The score is that of the evidence that candles tell: 50 + (S - 50)/C, where S and C are the score and the
///   coverage of all evidence. `coverage` of a signal stays C, and each says in its reasons what was not known.
/// * Gates that ask for a book, for trades, for a clock, or for several sides that agree are not judged; all others
///   are, as live.
/// * The entry is the close of the deciding minute, and an order at the market pays half the widest spread that the
///   gate lets pass: costs of fills are assumed, and rather too high.
/// * What follows is judged by minute candles, in which the stop counts before any target.
///
/// Pure: the same facts in the same order give the same effects.
///   cost: some tenths of a millisecond a minute of an instrument, 1.3 MB each
class Reconstruction {
public:
    /// in: instruments of one venue; their ids are given anew, in this order, Bitcoin's first
    Reconstruction(ReconstructionParams params, std::vector<market::Instrument> instruments);

    /// A fact that is known from `at` on: a candle from its close on, a sample or a settlement from its own time on.
    /// It may come long before; a settlement has to, by a minute, to be charged to who is in a position then.
    ///   in: `index` as in instrument()
    void take(std::size_t index, Timestamp at, market::EventBody body);
    /// Lives through the minutes until then, of each only the seconds at which something is made of candles.
    ///   in: a whole minute; the first one may be any, each next one is later
    void advance_to(Timestamp minute_end, std::vector<Signalled>& found);

    [[nodiscard]] const market::Instrument& instrument(std::size_t index) const {
        return symbols_[index]->instrument();
    }
    [[nodiscard]] std::size_t size() const { return symbols_.size(); }
    /// The newest score of all evidence, as of the last minute.
    [[nodiscard]] const confluence::ScoreRecord& score(std::size_t index) const { return *symbols_[index]->score; }

private:
    struct Past {
        std::multimap<Timestamp, market::Event> waiting;       ///< facts by when they are known
        std::deque<std::pair<Timestamp, double>> settlements;  ///< still to come, with their rates
        std::optional<double> score_before;                    ///< what candles told a minute before
    };
    void take_known(std::size_t index, Timestamp minute_end);
    void make_estimates(std::size_t index, Timestamp minute_begin);
    void evaluate_minute(Timestamp minute_end);
    [[nodiscard]] analysis::Evaluation evaluate(std::size_t index, Timestamp second);
    void follow(std::size_t index, Timestamp minute_end);
    void decide(std::size_t index, Timestamp minute_end);
    [[nodiscard]] confluence::ScoreRecord told_by_candles(const confluence::ScoreRecord& all) const;
    [[nodiscard]] signals::EntryFacts entry_facts(const Symbol& symbol, Timestamp minute_end) const;
    [[nodiscard]] signals::GateFacts gate_facts(const Symbol& symbol, Timestamp minute_end) const;
    void fill_sides(Symbol& symbol, const std::array<signals::SideLevels, 2>& sides);
    void report(std::size_t index, std::vector<Signalled>& found);

    ReconstructionParams params_;
    std::vector<std::unique_ptr<Symbol>> symbols_;
    std::vector<Past> past_;  // by index
    BetaCrossSection beta_cross_section_;
    signals::ScoreLevel level_;
    std::deque<Timestamp> raised_;  // of the last hour, oldest first
    std::optional<Timestamp> lived_until_;
    analysis::BitcoinInputs bitcoin_;  // of the second in hand
};

}  // namespace vt::engine
