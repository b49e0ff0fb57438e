#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "execution/action.hpp"
#include "execution/leverage_keeper.hpp"
#include "execution/order_keeper.hpp"
#include "execution/params.hpp"
#include "execution/trade.hpp"
#include "market/instrument.hpp"
#include "trading/report.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::execution {

/// Takes approved plans to their end: entry, stop, ladder, exit. The same for a simulated and a real venue; all that
/// it hears comes as reports, prices and time, all that it wants leaves as actions.
///
/// What holds at each step:
///   - a position has a confirmed stop at the venue within `protect_within` of its first fill, or is being closed at
///     the market;
///   - nothing is sent before it was recorded, and nothing that could open a position is sent twice;
///   - one trade at a time for an instrument;
///   - nothing is entered before the account was compared with the venue's, nor while they differ;
///   - nothing is entered with another leverage than that of its plan. Stops, exits and targets wait for no leverage.
class Executor {
public:
    Executor(const Params& params, Numbering numbering)
        : params_(params), keeper_(params, numbering.boot), leverages_(params), last_trade_(numbering.last_trade) {}

    /// An instrument as it is listed now, before any plan for it; one that is not trading any more ends its trade.
    void on_instrument(const market::Instrument& instrument, Timestamp now, Actions& out);
    /// The way to the account is broken: no entries until begin() was called and the venue has spoken.
    void disconnected();
    /// Compares everything with the venue: at a start, and after a connection was away.
    void begin(Timestamp now, Actions& out);
    /// A trade of an earlier run and its orders, before begin(). One whose entry was not sent ends there: what was
    /// approved for it has gone with that run.
    void resume(Trade trade, std::vector<trading::Order::Facts> orders, Timestamp now);

    /// Why a plan cannot be begun now. A plan of less than a lot, or with its stop on the wrong side, is a
    /// programmer's error: risk refuses it.
    enum class Refusal : std::uint8_t {
        not_reconciled,
        halted,
        instrument_busy,
        instrument_unknown,
        too_many_orders,
        order_rate  ///< a second's orders are spent, but for the stops to come
    };
    [[nodiscard]] std::optional<Refusal> refusal(market::InstrumentId instrument) const;
    /// Begins a trade. Its entry waits until the venue has confirmed the leverage of the plan, no longer than
    /// `enter_by`. in: refusal() of its instrument is absent. out: its number
    TradeId open(const Plan& plan, Timestamp now, Actions& out);

    /// Cancels what is not filled of the entry and closes the rest at the market.
    ///   out: false where there is no such trade, or it has ended
    bool close(TradeId trade, TradeEnd why, Timestamp now, Actions& out);
    /// Takes an entry or a target back, until it is over; a target is not placed anew. What was filled stays.
    ///   errors: not_found (not ours, or over), refused (what protects or closes a position)
    [[nodiscard]] Result<void> cancel(trading::ClientOrderId order, Timestamp now, Actions& out);
    /// No new trades and no open entries from now on; with `flatten` every position is closed. Stops stay until then.
    void halt(bool flatten, Timestamp now, Actions& out);
    /// Ends the trades whose entry was not sent yet.
    void abandon_waiting(TradeEnd why, Timestamp now, Actions& out);
    void release() { is_halted_ = false; }

    void on_report(const trading::Report& report, Timestamp now, Actions& out);
    /// The last price of an instrument. cost: O(1) for one without a trade; does not allocate but for actions
    void on_price(market::InstrumentId instrument, Ticks last, Timestamp now, Actions& out);
    /// Some ten times a second.
    void on_time(Timestamp now, Actions& out);

    /// By number; those that ended stay for a while.
    [[nodiscard]] const std::map<TradeId, Trade>& trades() const { return trades_; }
    [[nodiscard]] const OrderKeeper& orders() const { return keeper_; }
    [[nodiscard]] const LeverageKeeper& leverages() const { return leverages_; }
    /// What the venue stated first, moved by what every trade brought since.
    ///   out:  absent before the first statement
    ///   cost: O(trades that are kept)
    [[nodiscard]] std::optional<trading::Money> wallet() const;
    /// The venue's positions that no trade of ours explains, in lots; these count in the exposure.
    [[nodiscard]] const std::map<market::InstrumentId, Lots>& external() const { return external_; }
    [[nodiscard]] bool is_reconciled() const { return is_reconciled_; }
    [[nodiscard]] bool is_halted() const { return is_halted_; }

private:
    [[nodiscard]] Trade* open_trade(market::InstrumentId instrument);
    [[nodiscard]] const trading::Order* order(const std::optional<trading::ClientOrderId>& id) const {
        return id ? keeper_.find(*id) : nullptr;
    }
    [[nodiscard]] bool is_live(const std::optional<trading::ClientOrderId>& id) const {
        const auto* const found = order(id);
        return found != nullptr && !found->is_over();
    }
    void book(const trading::Fill& fill, Trade& trade, Actions& out);
    void take_foreign(const trading::Fill& fill, Timestamp now, Actions& out);
    void take(const trading::FundingPaid& paid, Actions& out);
    void take(const trading::AccountFound& account, Timestamp at, Timestamp now, Actions& out);
    /// out: whether it was about a leverage
    bool take_leverage(const trading::Report& report, Timestamp now, Actions& out);
    [[nodiscard]] trading::Money brought_by_trades() const;
    void record(const Trade& trade, Actions& out);
    [[nodiscard]] bool compare_positions(const trading::AccountFound& account, Timestamp now, Actions& out);
    void protect_unheard(const trading::PositionFound& position, Timestamp now, Actions& out);
    void compare_wallet(trading::Money venue, Actions& out);
    void adopt(market::InstrumentId instrument, Lots venue, Actions& out);
    [[nodiscard]] Lots own_net(market::InstrumentId instrument) const;

    // What a trade wants next, read off its state; called after everything that may have changed it.
    void drive(Trade& trade, Timestamp now, Actions& out);
    void drive_open(Trade& trade, Timestamp now, Actions& out);
    void drive_closing(Trade& trade, Timestamp now, Actions& out);
    void await_leverage(Trade& trade, Timestamp now, Actions& out);
    void place_entry(Trade& trade, Timestamp now, Actions& out);
    void protect(Trade& trade, Timestamp now, Actions& out);
    void watch_unheard(Trade& trade, Timestamp now, Actions& out);
    void place_stop(Trade& trade, Timestamp now, Actions& out);
    void place_ladder(Trade& trade, Timestamp now, Actions& out);
    void place_target(Trade& trade, std::size_t rung, Lots quantity, Timestamp now, Actions& out);
    void renew_targets(Trade& trade, Timestamp now, Actions& out);
    [[nodiscard]] bool has_room_for(std::size_t orders) const;
    void move_stop(Trade& trade, Timestamp now, Actions& out);
    void place_exit(Trade& trade, Lots size, Timestamp now, Actions& out);
    void begin_closing(Trade& trade, TradeEnd why);
    void reopen(Trade& trade);
    void end(Trade& trade, Timestamp now, Actions& out);
    [[nodiscard]] TradeEnd end_of_flat(const Trade& trade) const;
    void forget_old(Timestamp now);

    static constexpr const char* kNotConfirmed =
        "no stop was confirmed in time: the position is closed at the market";

    Params params_;
    OrderKeeper keeper_;
    LeverageKeeper leverages_;
    std::map<market::InstrumentId, market::Instrument> instruments_;
    std::map<TradeId, Trade> trades_;
    std::map<market::InstrumentId, TradeId> open_;  ///< the trade of an instrument that has not ended
    std::map<market::InstrumentId, Lots> external_;
    std::map<market::InstrumentId, Timestamp> differs_since_;
    std::optional<trading::Money> wallet_base_;  ///< the wallet without the trades that are kept
    std::optional<Timestamp> ask_account_at_;
    Timestamp last_account_at_;                  ///< when the account was asked for last
    std::optional<Timestamp> account_asked_at_;  ///< not answered yet
    std::deque<trading::ExecutionId> foreign_;  ///< executions of no order of ours that were booked, the last of them
    bool is_changed_ = false;                   ///< the trade that is being driven
    TradeId last_trade_;
    bool is_reconciled_ = false;
    bool is_halted_ = false;
};
[[nodiscard]] std::string_view name(Executor::Refusal refusal);

}  // namespace vt::execution
