#pragma once

#include "base/time.hpp"
#include "confluence/score_record.hpp"
#include "market/candle_series.hpp"
#include "market/event.hpp"
#include "signals/follow.hpp"
#include "signals/gates.hpp"
#include "signals/levels.hpp"
#include "signals/params.hpp"
#include "signals/placebo.hpp"
#include "signals/signal.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::signals {

/// What a closed minute has to offer for an entry. Absent: not known.
struct EntryFacts {
    std::optional<double> mid;                          ///< of the book as it stands now
    std::optional<Timestamp> quote_at;                  ///< the time of that book
    std::optional<double> atr;                          ///< of 30 minutes, quote currency
    std::array<std::optional<double>, 2> slippage_bps;  ///< of a market order against the mid, by market::Side
    std::array<std::optional<double>, 2> structure;     ///< last confirmed swing on the stop's side, by market::Side
    double tick = 0;
};

/// Costs and levels of both sides, as far as they can be known.
struct SideLevels {
    std::optional<Costs> costs;
    std::optional<Levels> levels;
};
[[nodiscard]] std::array<SideLevels, 2> levels_of_sides(const EntryFacts& facts, const Params& params);

/// An entry of the ledger: the signal as it stood when it changed.
struct SignalChange {
    Change change = Change::raised;
    Timestamp at;
    Signal signal;
};

/// What a strategy that is not the score says of a closed minute.
struct StrategyMinute {
    std::string_view strategy;  ///< its name, a literal
    Timestamp at;               ///< the minute's end
    double score = 50;          ///< its strength on the score's scale; 50: it says nothing
    double coverage = 0;
    bool is_crossing = false;     ///< its own conditions are met, whatever the gates say of the market
    double signal_distance = 20;  ///< points from 50 that its threshold lies at
    Nanos horizon{};              ///< after so long a position is closed at the market
    std::vector<std::string> reasons = {};
    std::optional<Edge> edge = {};  ///< of its scores on the side that it leans to; absent: never calibrated
};

/// The signals of one instrument: raised by closed minutes, followed by trades and seconds.
///
/// A crossing is a minute whose score lies beyond the signal's level and whose predecessor lies beyond that of
/// persistence. It raises a signal where every gate lets it through; where one does not, the first crossing since the
/// score came back is written down as held back by that gate, once, and followed like the others: what a gate costs
/// or saves can be seen. A signal of one side at a time; the next asks for its cooldown and for a score that came
/// back. Each strategy has its own sides, cooldowns and crossings; the room for what is followed is one for all.
class SymbolSignals {
public:
    /// What is followed at once: beyond it, the oldest that was held back is let go, its later horizons unknown.
    static constexpr std::size_t kFollowedMax = 32;
    /// Trades ahead of the evaluated second that are kept to be judged once a hole is filled.
    static constexpr std::size_t kAheadMax = 8192;
    /// Placebos that wait for their minute: beyond it none is planned.
    static constexpr std::size_t kPlannedMax = 64;
    /// Settlements of the past that are kept: two days of hourly ones, twice what a signal is followed for.
    static constexpr std::size_t kSettlementsMax = 48;

    explicit SymbolSignals(const Params& params) : params_(params) {}

    /// One trade, in the order of arrival. cost: O(followed); nothing where none is
    void on_trade(Timestamp at, double price);
    /// A second, before what its minute decides. in: `next_funding_at` and `funding_rate` as the ticker has them;
    /// what the facts say of the time before this run is set here
    void on_second(SecondFacts facts, std::optional<Timestamp> next_funding_at, std::optional<double> funding_rate);

    /// From the venue's history, in any order, each as often as it likes: for signals that were open when nobody was
    /// there to charge it. in: a rate as a fraction of the notional
    void on_settlement(Timestamp at, double rate);

    /// What the gates ask of a strategy's signals of a side, as of `now`. Where another strategy has one open of that
    /// side, nothing moves with this market more closely: it is one more to open_in_cluster.
    void fill(SideFacts& facts, market::Side side, Timestamp now, std::string_view strategy = kConfluence) const;

    /// What a closed minute brings. in: its record, its gates, the levels of both sides
    ///   out: the signal that was raised or held back; null: neither
    struct Minute {
        const confluence::ScoreRecord& record;
        const std::vector<Gate>& gates;
        const std::array<SideLevels, 2>& sides;
        const EntryFacts& entry;
        double signal_distance = 20;  ///< points from 50 that a signal asks for
        /// And from which on a minute is a crossing: no more than signal_distance. What lies between is held back by
        /// the gate `score`, and followed, so that it shows whether the level is right.
        double crossing_distance = 20;
        std::optional<Edge> edge = {};  ///< of such scores on the side that it leans to; absent: never calibrated
    };
    const Signal* decide(const Minute& minute, const market::Instrument& instrument);
    /// Likewise of another strategy. in: its gates (strategy_gates); the levels of both sides
    const Signal* decide(const StrategyMinute& minute, const std::vector<Gate>& gates,
                         const std::array<SideLevels, 2>& sides, const EntryFacts& entry,
                         const market::Instrument& instrument);

    /// What a closed minute offers to placebos.
    struct PlaceboMinute {
        const confluence::ScoreRecord& record;
        const std::array<bool, 2>& may_enter;  ///< by market::Side: the gates that are not about scores let through
        const std::array<SideLevels, 2>& sides;
        const EntryFacts& entry;
    };
    [[nodiscard]] bool has_placebo_due(Timestamp minute_end) const;
    /// Enters the placebos whose time has come, one for each signal that was raised. They are followed like signals,
    /// are none, and count for no gate.
    void enter_placebos(const PlaceboMinute& minute, const market::Instrument& instrument);

    /// Takes over a signal of an earlier run, or a placebo. What happened since is a hole in its trades; the cooldown
    /// behind its end goes on.
    void resume(Signal signal);

    /// Newest last.
    [[nodiscard]] const std::vector<Signal>& followed() const { return followed_; }
    [[nodiscard]] std::vector<SignalChange> take_changes() { return std::exchange(changes_, {}); }
    [[nodiscard]] const Params& params() const { return params_; }

private:
    struct SideState {
        bool is_crossed = false;  ///< beyond the level since the score last came back, and written down
        bool is_rearmed = true;
        std::optional<Timestamp> cooldown_until;
    };
    struct StrategyState {
        std::string strategy;
        std::array<SideState, 2> sides;
    };
    struct AheadTrade {
        Timestamp at;
        double price = 0;
    };
    [[nodiscard]] SideState& side_state(std::string_view strategy, market::Side side);
    void come_back(std::string_view strategy, double score, double signal_distance);
    [[nodiscard]] static bool begins(SideState& state, const Gate* held);
    [[nodiscard]] Signal made(const Minute& minute, market::Side side, const market::Instrument& instrument) const;
    [[nodiscard]] Signal made(const StrategyMinute& minute, market::Side side,
                              const market::Instrument& instrument) const;
    void place(Signal& signal, const SideLevels& found, const EntryFacts& entry, Nanos expiry) const;
    const Signal* keep(Signal signal, const Gate* held);
    void note(const Signal& signal, std::vector<Change>& changes, Timestamp at);
    void begin_cooldown(const Signal& ended);
    void plan_placebo(const Signal& raised);
    void make_room();

    Params params_;
    std::vector<StrategyState> states_;  // one for each strategy that ever had something to say, in that order
    std::vector<Signal> followed_;
    std::vector<PlannedPlacebo> planned_;
    std::vector<AheadTrade> ahead_;
    std::vector<SignalChange> changes_;
    std::vector<Change> new_;  // of the call in hand
    std::optional<std::pair<Timestamp, double>> next_settlement_;
    std::optional<Timestamp> began_;  // the first second
    std::vector<Settlement> settlements_;
};

}  // namespace vt::signals
