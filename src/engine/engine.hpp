#pragma once

#include "alpha/params.hpp"
#include "confluence/confluence.hpp"
#include "engine/beta_cross_section.hpp"
#include "engine/cross_venues.hpp"
#include "engine/effect.hpp"
#include "engine/event.hpp"
#include "engine/market_internals.hpp"
#include "engine/occurrence_watch.hpp"
#include "engine/paper_trading.hpp"
#include "engine/signal_watch.hpp"
#include "engine/symbol.hpp"
#include "engine/venue_clock.hpp"
#include "exchange/binance/feed.hpp"
#include "exchange/bybit/feed.hpp"
#include "exchange/stream_status.hpp"
#include "market/instrument_directory.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::engine {

/// Everything that changes what the engine computes. A recording carries it, so that a replay uses the same.
struct Params {
    exchange::bybit::FeedParams bybit;
    exchange::binance::FeedParams binance;  ///< neither of its markets is followed unless it says so
    confluence::Params confluence;
    signals::Params signals;
    TradingParams trading;
    alpha::Params alpha;
    /// How long after a whole second ended it is evaluated.
    Nanos evaluation_delay = std::chrono::seconds{1};
};

struct Counters {
    std::uint64_t events = 0;
    std::uint64_t frames = 0;
    std::uint64_t rejected = 0;
    std::uint64_t lost = 0;
    std::uint64_t evaluations = 0;
};

/// The core: a deterministic function from the inputs so far to effects. Runs the venues' protocols, keeps the state
/// of every instrument, evaluates each whole second, and writes score records. No clock, no I/O, no thread.
///   order: a venue's due second is evaluated for Bitcoin first, then by instrument id
///   cost:  a depth frame a few microseconds; a second O(instruments x leaves)
class Engine {
public:
    explicit Engine(Params params);

    /// Takes one input and appends what follows from it. The order of `effects` is part of the result.
    ///   in: sequences ascend by 1; a jump means that inputs were lost, and is treated as such
    void step(const Event& event, std::vector<Effect>& effects);

    /// Appends the analysis state of all instruments, for LoadState.
    void save(std::string& out) const;

    // What views read, between two steps.

    [[nodiscard]] const market::InstrumentDirectory& instruments() const { return directory_; }
    /// By instrument id.
    [[nodiscard]] std::span<const std::unique_ptr<Symbol>> symbols() const { return symbols_; }
    [[nodiscard]] std::span<const exchange::StreamStatus> bybit_streams() const { return bybit_.streams(); }
    [[nodiscard]] std::span<const exchange::StreamStatus> binance_streams() const { return binance_.streams(); }
    [[nodiscard]] std::optional<Nanos> clock_offset() const { return bybit_.clock_offset(); }
    [[nodiscard]] std::optional<Nanos> clock_offset(market::Venue venue) const;
    [[nodiscard]] const CrossVenues& cross_venues() const { return cross_venues_; }
    /// The market as a whole, as of the newest whole minute.
    [[nodiscard]] const MarketInternals& internals() const { return market_watch_.internals(); }
    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] const PaperTrading& trading() const { return trading_; }

private:
    void take(const Opened& opened, const Event& event);
    void take(const FrameReceived& frame, const Event& event);
    void take(const Closed& closed, const Event& event);
    void take(const Replied& replied, const Event& event);
    void take(const Tick& tick, const Event& event);
    void take(const Dropped& dropped, const Event& event);
    void take(const StartFeed& start, const Event& event);
    void take(const ListInstrument& listing, const Event& event);
    void take(const LoadState& load, const Event& event);
    void take(const ResumeSignal& resume, const Event& event);
    void take(const EdgeKnown& known, const Event& event);
    void take(const ResumeTrading& resume, const Event& event);
    void take(const TradingCommand& command, const Event& event);

    template <class Call>
    void with_feed(market::Venue venue, Call&& call);
    [[nodiscard]] bool is_backfilled(market::Venue venue) const;
    [[nodiscard]] std::optional<Nanos> connection_age(exchange::ConnectionId connection) const;
    void inputs_missing(const Event& event, std::vector<Effect>& effects);
    /// Applies what a feed's step said, and passes the rest on as effects.
    void absorb(std::vector<Effect>& effects);
    void apply(const market::Event& fact, std::vector<Effect>& effects);
    void list(const market::Instrument& instrument);
    void restore(Symbol& symbol);
    void pass_on(exchange::Output& output, std::vector<Effect>& effects);
    void evaluate_due(std::vector<Effect>& effects);
    void evaluate_second(market::Venue venue, VenueClock::Due due, std::vector<Effect>& effects);
    void evaluate_symbol(Symbol& symbol, Timestamp second, std::vector<Effect>& effects);
    [[nodiscard]] analysis::EvaluationInputs evaluation_inputs(const Symbol& symbol, Timestamp second) const;
    void speak_for_bitcoin(const Symbol& symbol, const analysis::Evaluation& found);
    [[nodiscard]] std::optional<double> other_venue_bps(const Symbol& symbol) const;
    void gather_stream_states();

    Params params_;
    market::InstrumentDirectory directory_;
    exchange::bybit::Feed bybit_;
    exchange::binance::Feed binance_;
    std::array<VenueClock, 2> clocks_;
    std::vector<std::unique_ptr<Symbol>> symbols_;
    CrossVenues cross_venues_;
    MarketWatch market_watch_;
    BetaCrossSection beta_cross_section_;
    SignalWatch signal_watch_;
    OccurrenceWatch occurrence_watch_;
    PaperTrading trading_;
    std::optional<TradingAnswered> trading_answer_;  ///< of the event in hand
    std::vector<market::InstrumentId> order_;        ///< of evaluation: Bitcoin first, then by id
    exchange::Output output_;
    exchange::Output healing_;  ///< of on_book_crossed, asked for while output_ is being read
    std::map<std::string, std::string, std::less<>> saved_;  ///< by path id: states that wait for their instrument
    Nanos saved_shift_{};
    Timestamp now_;  ///< of the event in hand
    std::uint64_t last_sequence_ = 0;
    std::optional<double> btc_return_bps_;    ///< of the minute that closes at the second in hand
    const Symbol* bitcoin_ = nullptr;         ///< the venue's, once it was evaluated at the second in hand
    analysis::BitcoinInputs bitcoin_inputs_;  ///< of that second
    Counters counters_;
};

}  // namespace vt::engine
