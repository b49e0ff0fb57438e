#pragma once

#include "alpha/params.hpp"
#include "alpha/strategies.hpp"
#include "base/time.hpp"
#include "engine/effect.hpp"
#include "engine/strategy_watch.hpp"
#include "engine/symbol.hpp"
#include "signals/params.hpp"
#include "signals/score_level.hpp"
#include "signals/signal.hpp"

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::engine {

/// What the gates ask of a market as it stands, at `now` by the receiver's clock, for one strategy.
///   in:   `score` of that strategy; of confluence it is the symbol's own
///   cost: O(signals that are followed)
[[nodiscard]] signals::GateFacts gate_facts(const Symbol& symbol, Timestamp now,
                                            std::string_view strategy = signals::kConfluence,
                                            const std::optional<double>& score = std::nullopt);

/// What became of a strategy's signals as strong as this score. Absent where nothing is known.
struct KnownEdge {
    std::optional<signals::Edge> edge;
    std::optional<signals::Decay> decay;
};
[[nodiscard]] KnownEdge edge_at(const Symbol& symbol, std::string_view strategy, double score, market::Side side);

/// The newest confirmed swing of 30 minutes on the side where the stop of `side` would lie.
[[nodiscard]] std::optional<double> last_swing(const Symbol& symbol, market::Side side);
/// Puts what levels and costs say among what the gates ask of a side.
void take_levels(signals::SideFacts& facts, const signals::SideLevels& levels);

/// Correlation of the returns of the minutes that both have seen, of the last hour.
///   out: absent under 30 common minutes, and where one of them did not move
[[nodiscard]] std::optional<double> minute_correlation(const Symbol& one, const Symbol& other);

/// Raises and follows the signals of all instruments, and knows what lies between them: how many were raised in the
/// last hour, and which are open in markets that move together.
class SignalWatch {
public:
    /// Without strategies' knobs: the score alone.
    explicit SignalWatch(const signals::Params& params) : SignalWatch(params, {.modes = {}}) {}
    SignalWatch(const signals::Params& params, alpha::Params strategies)
        : params_(params), strategies_(std::move(strategies)) {}

    /// A second of one instrument was evaluated. in: `now` by the receiver's clock
    void on_second(Symbol& symbol, Timestamp second, Timestamp now, std::span<const std::unique_ptr<Symbol>> all,
                   std::vector<Effect>& effects);
    /// After a second of a venue was evaluated: what the strategies ask is measured, where it is due.
    void measure(market::Venue venue, Timestamp second, std::span<const std::unique_ptr<Symbol>> all) {
        strategies_.refresh(venue, second, all);
    }
    /// A signal of an earlier run, for an instrument that may not be listed yet.
    void resume(const std::string& path_id, signals::Signal signal, std::span<const std::unique_ptr<Symbol>> all);
    void on_listed(Symbol& symbol);
    /// What became of earlier signals, in place of what was known before.
    void know(std::vector<track_record::StrategyEdge> edges, std::span<const std::unique_ptr<Symbol>> all);

private:
    [[nodiscard]] std::uint32_t open_in_cluster(const Symbol& symbol, market::Side side,
                                                std::span<const std::unique_ptr<Symbol>> all) const;
    static void report(Symbol& symbol, std::vector<Effect>& effects);
    void count_raised(Timestamp at);
    /// Points from 50 that a signal asks for, where a crossing asks for `crossing`.
    [[nodiscard]] double signal_distance(double crossing) const;
    void enter_placebos(Symbol& symbol, const signals::GateFacts& facts, const signals::EntryFacts& entry,
                        const std::array<signals::SideLevels, 2>& sides) const;
    void decide(Symbol& symbol, Timestamp second, Timestamp now, std::span<const std::unique_ptr<Symbol>> all);
    /// What a closed minute offers for an entry, and the levels of both sides.
    struct Entry {
        signals::EntryFacts facts;
        std::array<signals::SideLevels, 2> sides;
    };
    void judge_strategies(Symbol& symbol, Timestamp second, Timestamp now, const Entry& entry);
    [[nodiscard]] alpha::Judgement judge(alpha::Strategy strategy, const alpha::Facts& facts, const Symbol& symbol,
                                         Timestamp now) const;
    void count_in_hour(Symbol& symbol) const;

    signals::Params params_;
    StrategyWatch strategies_;
    signals::ScoreLevel level_;
    std::shared_ptr<const std::vector<track_record::StrategyEdge>> edges_;
    std::deque<Timestamp> raised_;  ///< of the last hour, oldest first; those of earlier runs too
    std::map<std::string, std::vector<signals::Signal>, std::less<>> waiting_;  ///< by path id
};

}  // namespace vt::engine
