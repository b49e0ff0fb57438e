#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "desk/params.hpp"
#include "execution/executor.hpp"
#include "risk/pre_trade.hpp"
#include "signals/signal.hpp"
#include "trading/report.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace vt::desk {

/// A signal with what is known of it beside its levels.
struct Idea {
    const signals::Signal& signal;
    std::vector<execution::Attribution> attribution;
    std::optional<risk::WinChance> chance;   ///< absent: not calibrated
    std::optional<risk::EdgeHealth> health;  ///< absent: too few outcomes to watch
};

/// The obstacle of a signal whose strategy is not traded: no denial, it is not asked for.
inline constexpr std::string_view kStrategyNotTraded = "strategy_not_traded";

/// What became of an idea: a trade, or why there is none.
struct Judgement {
    std::string signal;
    market::InstrumentId instrument;
    Timestamp at;
    std::optional<execution::TradeId> trade;  ///< absent: it is not traded
    std::string_view obstacle;                ///< what stood in the way before any check; empty: nothing
    std::vector<risk::Check> checks;          ///< all that were asked
    std::optional<risk::Approval> approval;
};

/// An obstacle in words, and what can be done about it. in: of a Judgement, not empty
[[nodiscard]] std::string_view text_of_obstacle(std::string_view obstacle);
[[nodiscard]] std::string_view remedy_of_obstacle(std::string_view obstacle);

/// What the desk has to say, in this order: records are durable before the request behind them goes out.
using Output = std::variant<trading::Request, execution::RecordOrder, execution::RecordTrade, execution::Warning,
                            Judgement, risk::ModeChange>;

/// Trades signals on one account: judged by risk, taken to their end by the executor. What lies behind the port, a
/// simulated or a real venue, it does not know.
///
/// Invariant: nothing is opened that risk has not approved, and what is approved counts as open from that moment.
class Desk {
public:
    /// in: currency that the account is kept in
    Desk(const Params& params, execution::Numbering numbering, const std::string& currency);

    /// As it is listed now; before anything else of it.
    void on_instrument(const market::Instrument& instrument, Timestamp now);
    /// What exposure and equity are measured with. cost: O(log n); does not allocate
    void on_terms(market::InstrumentId instrument, const risk::MarketTerms& terms);
    /// The last price. cost: as Executor::on_price
    void on_price(market::InstrumentId instrument, Ticks last, Timestamp now);
    /// Judges a signal that was raised, and begins its trade where nothing stands in the way.
    void on_signal(const Idea& idea, const risk::MarketView& market, Timestamp now);
    void on_report(const trading::Report& report, Timestamp now);
    /// Some ten times a second.
    void on_time(Timestamp now);

    /// Trades and orders of an earlier run, and what its limits had counted; before begin().
    void resume(execution::Trade trade, std::vector<trading::Order::Facts> orders, Timestamp now);
    void restore_limits(std::string_view bytes, Timestamp now) { pre_trade_.restore(bytes, now); }
    [[nodiscard]] std::string encode_limits() const;
    /// Compares the account with the venue's: at a start, and after a connection was away.
    void begin(Timestamp now);
    void disconnected() { executor_.disconnected(); }

    /// The kill switch: no entries from now on, those that are open are cancelled, with `flatten` positions closed.
    void halt(bool flatten, std::string_view who, std::string_view reason, Timestamp now);
    /// No new positions; those that are open run to their end.
    void reduce(std::string_view who, std::string_view reason, Timestamp now);
    /// Back to trading. in: who was authenticated by the caller. errors: as risk::PreTrade::release
    [[nodiscard]] Result<void> release(std::string_view who, std::string_view reason, Timestamp now);
    /// The end of reduce(), and of nothing more. errors: as release(); refused where trading is halted
    [[nodiscard]] Result<void> end_reducing(std::string_view who, std::string_view reason, Timestamp now);
    /// Closes one trade at the market. errors: not_found
    [[nodiscard]] Result<void> close(execution::TradeId trade, Timestamp now);
    /// Takes one order back. errors: as execution::Executor::cancel
    [[nodiscard]] Result<void> cancel(trading::ClientOrderId order, Timestamp now);

    [[nodiscard]] std::vector<Output> take_outputs() { return std::exchange(outputs_, {}); }

    [[nodiscard]] const execution::Executor& executor() const { return executor_; }
    [[nodiscard]] const risk::PreTrade& limits() const { return pre_trade_; }
    /// Wallet, and what open trades gained at the mark. out: absent where one of them is not known
    [[nodiscard]] std::optional<trading::Money> equity() const;
    [[nodiscard]] const market::Instrument* instrument(market::InstrumentId id) const;
    /// The mark price that the equity was measured with. out: absent: none is known
    [[nodiscard]] std::optional<Ticks> mark(market::InstrumentId instrument) const;

private:
    void digest(execution::Actions& actions, Timestamp now);
    void follow(const execution::RecordTrade& record, Timestamp now);
    void hand_on_reservation(const execution::Trade& trade);
    void show_position(market::InstrumentId instrument, Timestamp now);
    void show_leverages(Timestamp now);
    void show_stop(const execution::Trade& trade, Timestamp now);
    void obey(const std::optional<risk::ModeChange>& change, bool flatten, Timestamp now);
    [[nodiscard]] std::string_view obstacle_to(const signals::Signal& signal) const;
    [[nodiscard]] execution::Plan plan_of(const Idea& idea, const market::Instrument& instrument,
                                          const risk::Approval& approval, Timestamp now) const;
    /// As the venue stated it last; else that which the open trade was entered with; else the one that binds most.
    [[nodiscard]] std::uint32_t leverage_of(market::InstrumentId instrument) const;

    Params params_;
    risk::PreTrade pre_trade_;
    execution::Executor executor_;
    std::map<market::InstrumentId, market::Instrument> instruments_;
    std::map<market::InstrumentId, risk::MarketTerms> terms_;
    std::map<market::InstrumentId, Lots> shown_external_;
    std::set<execution::TradeId> counted_;  ///< trades whose result the limits know
    /// Of trades whose entry was not sent: what was reserved with the approval.
    std::map<execution::TradeId, trading::ClientOrderId> reserved_;
    std::uint64_t reservations_ = 0;
    std::optional<Timestamp> marked_at_;
    std::vector<Output> outputs_;
    execution::Actions actions_;  ///< of the call in hand
};

}  // namespace vt::desk
