#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "risk/breakers.hpp"
#include "risk/check.hpp"
#include "risk/exposure.hpp"
#include "risk/kelly.hpp"
#include "risk/margin.hpp"
#include "risk/params.hpp"
#include "risk/sizing.hpp"
#include "risk/trading_state.hpp"
#include "signals/levels.hpp"
#include "trading/money.hpp"
#include "trading/order.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::risk {

/// Whether a strategy still brings what it claims, as a cumulative sum of shortfalls and the level of its alarm.
struct EdgeHealth {
    double decay = 0;
    double alarm = 0;
};

/// An order that somebody would like to send.
struct OrderIntent {
    trading::ClientOrderId id;
    Timestamp at;
    trading::OrderKind kind = trading::OrderKind::market;
    market::Side side = market::Side::buy;
    Ticks entry;                       ///< what it is expected to be filled at, at worst
    std::optional<Ticks> stop;         ///< of an entry
    std::optional<Lots> quantity;      ///< taken whole or denied; absent: as large as may be
    signals::Costs costs;              ///< of the round trip
    std::optional<WinChance> chance;   ///< absent: not calibrated
    std::optional<EdgeHealth> health;  ///< absent: too few outcomes to watch
    bool is_reduce_only = false;
};

/// What is known of a market at that moment. Absent: not known, which denies.
struct MarketView {
    const market::Instrument& instrument;
    MarketTerms terms;
    std::optional<double> spread_bps;
    std::optional<Nanos> book_age;
    std::optional<Nanos> mark_age;
    std::optional<Nanos> venue_latency;  ///< of the last round trip to it
    std::optional<bool> is_venue_degraded;
    std::optional<double> annual_volatility;  ///< as a fraction
    std::optional<double> turnover_24h;       ///< quote currency
};

/// An order that may be sent; an entry is reserved.
struct Approval {
    Lots quantity;
    std::uint32_t leverage = 1;           ///< to be set before it is sent
    trading::Money risk;                  ///< lost at the stop, costs included; 0 of a reduction
    std::optional<double> liquidates_at;  ///< price, roughly; absent of a reduction and of what never is
    std::optional<SizeRule> bound_by;     ///< what kept it from being larger; absent where its size was asked for
};

struct Decision {
    std::optional<Approval> approval;  ///< absent: denied
    std::vector<Check> checks;         ///< all that were asked, in their order
    std::optional<Sizing> sizing;      ///< absent: nothing to size it by, or a reduction
    [[nodiscard]] bool is_approved() const { return approval.has_value(); }
    /// Why it was denied. out: empty: it was not
    [[nodiscard]] std::vector<DenialCode> denials() const;
};

/// Everything between a signal and an order, on one account in one-way mode.
///
/// Invariant: what is approved is reserved before it can be sent: two signals at once cannot pass a limit together.
/// What only makes a position smaller is let through in every mode.
class PreTrade {
public:
    /// in: the currency that the account is kept in. Limits that contradict each other deny every entry.
    PreTrade(const Params& params, std::string currency);

    /// Asks every question, and reserves what passes under the intent's id until `exposure()` hears of the order.
    ///   cost: O(what is open); allocates
    [[nodiscard]] Decision approve(const OrderIntent& intent, const MarketView& market);
    /// The same without reserving anything: why there would be no trade.
    [[nodiscard]] Decision judge(const OrderIntent& intent, const MarketView& market) const;

    /// What is open; to be told of each change of an order, a position or a price.
    [[nodiscard]] Exposure& exposure() { return exposure_; }
    [[nodiscard]] const Exposure& exposure() const { return exposure_; }
    [[nodiscard]] const Breakers& breakers() const { return breakers_; }
    [[nodiscard]] const TradingState& state() const { return state_; }
    [[nodiscard]] const Params& params() const { return params_; }
    /// What is wrong with the limits, in words.
    [[nodiscard]] const std::vector<std::string>& limit_contradictions() const { return contradictions_; }

    /// Positions and orders are the venue's (true), or in doubt (false): no entries until they are known again.
    void on_account_known(bool is_known) { is_account_known_ = is_known; }
    /// out: the change, where the drawdown asks for a safer mode
    std::optional<ModeChange> on_equity(Timestamp at, trading::Money equity);
    void on_transfer(trading::Money amount) { breakers_.on_transfer(amount); }
    void on_trade_closed(Timestamp at, trading::Money net) { breakers_.on_trade_closed(at, net); }
    void on_request_failed(Timestamp at) { breakers_.on_request_failed(at); }

    /// Kill switch (halted) and the like: needs nobody's leave. out: absent where it is as safe already
    std::optional<ModeChange> make_safer(Mode mode, Timestamp at, std::string_view who, std::string_view reason) {
        return state_.make_safer(mode, at, who, reason);
    }
    /// Back to a freer mode; the drawdown begins anew from the equity as it is.
    ///   errors: like TradingState::release
    Result<ModeChange> release(Mode mode, Timestamp at, std::string_view who, std::string_view reason);

    /// Mode and losses, for the database. What is open is not in it: a start asks the venue.
    void encode(std::string& out) const;
    /// Goes on from what was stored. Where it is damaged or of another version: halted, with that as the reason.
    void restore(std::string_view bytes, Timestamp at);

private:
    Params params_;
    std::string currency_;
    std::vector<std::string> contradictions_;
    Exposure exposure_;
    Breakers breakers_;
    TradingState state_;
    bool is_account_known_ = false;
};

}  // namespace vt::risk
