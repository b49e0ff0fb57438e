#pragma once

#include "base/time.hpp"
#include "desk/desk.hpp"
#include "desk/saved_trading.hpp"
#include "engine/event.hpp"
#include "engine/market_past.hpp"
#include "engine/symbol.hpp"
#include "market/event.hpp"
#include "paper/params.hpp"
#include "paper/venue.hpp"
#include "signals/signal.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::engine {

struct TradingParams {
    bool is_on = false;
    desk::Params desk;
    paper::Params venue;
    /// Of minutes' returns, from which on two markets are one risk: the gate `crowding` has the same.
    double cluster_correlation = 0.7;
    std::string currency = "USDT";  ///< of the account: contracts settled in another are not traded
};

/// What trading said in one step, in its order, and what a later run goes on from.
struct TradingStep {
    Timestamp at;
    std::vector<desk::Output> outputs;  ///< without the requests: they went to the paper venue
    std::string limits;                 ///< Desk::encode_limits
    std::string venue;                  ///< the paper venue's account
};

/// Trades the signals on paper, inside the engine: the venue is simulated from the same events, so a replay trades
/// the same. Linear perpetuals of Bybit that are settled in the account's currency.
class PaperTrading {
public:
    explicit PaperTrading(const TradingParams& params);

    /// What a run goes on from; before the first instrument is listed, or it begins anew.
    void resume(desk::SavedTrading saved, Timestamp now);
    void on_listed(const Symbol& symbol, Timestamp now);
    /// With each event's receive time, before the instrument's state takes it.
    void advance(Timestamp now);
    /// An event that the instrument's state has taken.
    void on_market(const market::Event& event, const Symbol& symbol, Timestamp now);
    /// A signal that was raised.
    void on_signal(const signals::Signal& signal, const Symbol& symbol, Timestamp now);
    void on_time(Timestamp now);
    /// errors: as the desk's, and unavailable before trading began; who asked for a halt then has it as soon as it
    /// begins
    [[nodiscard]] Result<void> obey(const TradingCommand& command, Timestamp now);

    /// What was said since it was last asked; absent: nothing.
    [[nodiscard]] std::optional<TradingStep> take_step(Timestamp now);

    [[nodiscard]] bool is_on() const { return params_.is_on; }
    /// Null before it begins: until every instrument with an open trade is listed.
    [[nodiscard]] const desk::Desk* desk() const { return desk_.get(); }
    [[nodiscard]] const paper::Venue* venue() const { return venue_.get(); }
    /// Instruments with an open trade that are not listed: what it waits for.
    [[nodiscard]] std::vector<std::string> missing() const;
    /// Why nothing is traded in this run, with the remedy: what was left cannot be gone on from. Empty: it can.
    [[nodiscard]] const std::string& given_up() const { return given_up_; }
    [[nodiscard]] const std::string& currency() const { return params_.currency; }

private:
    void begin(Timestamp now);
    [[nodiscard]] bool is_tradable(const market::Instrument& instrument) const;
    void pump(Timestamp now);
    void give_up(const Error& error);
    void tell_terms(Timestamp now);
    [[nodiscard]] risk::ClusterId cluster_of(const Symbol& symbol) const;
    [[nodiscard]] risk::MarketTerms terms_of(const Symbol& symbol);

    TradingParams params_;
    std::optional<desk::SavedTrading> saved_;  ///< until every instrument of it is listed
    std::unique_ptr<desk::Desk> desk_;
    std::unique_ptr<paper::Venue> venue_;
    std::map<market::InstrumentId, const Symbol*> listed_;      ///< those that can be traded
    std::map<market::InstrumentId, risk::ClusterId> clusters_;  ///< of what is open
    MarketPast past_;
    std::optional<Timestamp> waiting_since_, terms_at_;
    std::vector<desk::Output> said_;
    std::string given_up_;
    struct EarlyHalt {
        bool flattens = false;
        std::string who, reason;
    };
    std::optional<EarlyHalt> early_halt_;  ///< asked for before it began
};

}  // namespace vt::engine
