#pragma once

#include "base/time.hpp"
#include "desk/desk.hpp"
#include "execution/trade.hpp"
#include "market/event.hpp"
#include "paper/venue.hpp"
#include "risk/breakers.hpp"
#include "risk/expected_shortfall.hpp"
#include "risk/limit_use.hpp"
#include "risk/trading_state.hpp"
#include "trading/money.hpp"
#include "trading/order.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::engine {
class PaperTrading;
struct TradingStep;
}  // namespace vt::engine

namespace vt::views {

enum class TradingState : std::uint8_t {
    off,
    waiting,  ///< until what was open is listed again
    on,
    stopped,  ///< what an earlier run left cannot be gone on from
};
[[nodiscard]] std::string_view name(TradingState state);

/// A trade that has not ended, and what it stands in at the venue.
struct PositionView {
    execution::Trade trade;
    std::optional<Ticks> mark;
    std::optional<Ticks> confirmed_stop;  ///< as the venue has it
    std::optional<double> worth;          ///< at the mark
    std::optional<double> open_r;         ///< what it brought and would bring at the mark, in units of its risk
    std::optional<paper::Venue::Margin> margin;
};

/// An order with what is being done about it.
struct OrderView {
    trading::Order order;
    execution::TradeId trade = 0;
    bool is_cancelling = false;
    std::uint32_t asked = 0;
};

/// What the account holds, in its currency. Absent: not known.
struct AccountView {
    std::optional<trading::Money> equity, wallet, available, margin, unrealised;
    paper::Venue::Brought brought;
    std::optional<trading::Money> peak;
    std::optional<double> drawdown;  ///< share of the peak
    std::optional<risk::Breakers::Span> day, week;
};

/// What stands between signals and orders.
struct RiskView {
    risk::Mode mode = risk::Mode::active;
    std::optional<risk::ModeChange> last_change;  ///< absent: it was active from the beginning
    bool is_reconciled = false;
    std::optional<Nanos> equity_age;
    double size_multiplier = 1;
    Nanos loss_cooldown_left{}, venue_cooldown_left{};
    /// Of the positions as they stand, and with every order filled and no gain counted. Absent: not known
    std::optional<risk::Shortfall> shortfall, worst_shortfall;
    std::vector<risk::LimitUse> limits;
};

struct TradingWarning {
    Timestamp at;
    execution::Warning warning;
};

/// Trading as screens show it.
struct TradingView {
    TradingState state = TradingState::off;
    std::string reason;    ///< why it is not on, with the remedy; empty: it is
    std::string currency;  ///< of the account; empty while it is off
    AccountView account;   ///< this and what follows: of trading that is on
    RiskView risk;
    std::vector<PositionView> positions;            ///< by the trade's number
    std::vector<OrderView> orders;                  ///< of these, and whatever else is not over; by id
    std::map<market::InstrumentId, Lots> external;  ///< the venue's positions that no trade explains
    std::deque<desk::Judgement> denials;            ///< the newest first
    std::deque<TradingWarning> warnings;            ///< likewise
    execution::OrderCounts order_counts;
    std::map<std::string_view, std::uint64_t> denial_counts;  ///< of this run, by code or obstacle; absent: never

    [[nodiscard]] bool is_on() const { return state == TradingState::on; }
    /// out: absent: not known, since trading has not begun
    [[nodiscard]] std::optional<bool> is_halted() const {
        return is_on() ? std::optional(risk.mode == risk::Mode::halted) : std::nullopt;
    }
};

/// What trading said and does not know itself any more: the last denials and warnings, and how often each reason for
/// a denial was given.
class TradingTalk {
public:
    static constexpr std::size_t kDenialsShown = 20;
    static constexpr std::size_t kWarningsShown = 20;

    void hear(const engine::TradingStep& step);
    [[nodiscard]] const std::deque<desk::Judgement>& denials() const { return denials_; }
    [[nodiscard]] const std::deque<TradingWarning>& warnings() const { return warnings_; }
    [[nodiscard]] const std::map<std::string_view, std::uint64_t>& denial_counts() const { return denial_counts_; }

private:
    void count(const desk::Judgement& denial);

    std::deque<desk::Judgement> denials_;
    std::deque<TradingWarning> warnings_;
    std::map<std::string_view, std::uint64_t> denial_counts_;
};

/// Trading as it stands between two steps of the engine.
///   cost: O(trades and orders that are kept); allocates
[[nodiscard]] TradingView trading_view_of(const engine::PaperTrading& trading, const TradingTalk& talk,
                                          Timestamp now);

}  // namespace vt::views
