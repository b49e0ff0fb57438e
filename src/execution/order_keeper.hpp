#pragma once

#include "base/time.hpp"
#include "execution/action.hpp"
#include "execution/order_counts.hpp"
#include "execution/params.hpp"
#include "trading/order.hpp"
#include "trading/report.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace vt::execution {

/// Keeps the orders that are ours until each has come to a known end.
///
/// An order is written down before it is sent. A request that is not answered makes its order doubtful: the venue is
/// asked for it, soon and then ever more rarely, until it says what became of it or has not known it often and long
/// enough. Nothing is sent twice.
class OrderKeeper {
public:
    OrderKeeper(const Params& params, std::uint32_t boot) : params_(params), boot_(boot) {}

    /// Writes an order down and sends it under a new id. in: everything but the id
    ///   cost: O(log orders); allocates
    trading::ClientOrderId place(trading::OrderRequest request, trading::Purpose purpose, TradeId trade,
                                 Timestamp now, Actions& out);
    /// Nothing happens to an order that is over or being cancelled, or while an earlier amendment is under way.
    ///   out: whether it was sent
    bool amend_trigger(trading::ClientOrderId id, Ticks trigger, Timestamp now, Actions& out);
    /// Nothing happens to an order that is over, or whose cancellation is under way.
    void cancel(trading::ClientOrderId id, Timestamp now, Actions& out);

    /// What a report was about.
    struct Subject {
        TradeId trade = 0;
        trading::ClientOrderId order;
        bool is_new_fill = false;  ///< the report is an execution that was not known
    };
    /// out: absent where it speaks of no order of ours
    std::optional<Subject> on_report(const trading::Report& report, Timestamp now, Actions& out);
    /// What the venue says of its open orders: those of ours that should be among them and are not are asked for.
    void on_open_orders(const std::vector<trading::OrderFound>& open, Timestamp now, Actions& out);
    /// Deadlines and questions that are due.
    void on_time(Timestamp now, Actions& out);

    /// An order of an earlier run. One that is not over is asked for.
    void resume(TradeId trade, trading::Order::Facts facts, Timestamp now);
    /// Everything that is not over is asked for: the connection was away.
    void doubt_all(Timestamp now);
    /// Cancels what is not over of a trade. out: whether there was any
    bool cancel_all(TradeId trade, Timestamp now, Actions& out);
    void forget(TradeId trade);

    [[nodiscard]] const trading::Order* find(trading::ClientOrderId id) const;
    [[nodiscard]] std::size_t size() const { return orders_.size(); }
    /// Orders that were sent within a second before the last place() or on_time().
    [[nodiscard]] std::size_t placed_lately() const { return placed_at_.size(); }
    /// An order and what is being done about it.
    struct Standing {
        const trading::Order& order;
        TradeId trade = 0;
        bool is_cancelling = false;
        std::uint32_t asked = 0;  ///< how often the venue was asked what became of it, since it came into doubt
    };
    /// Every one that is kept, by id.
    template <class Tell>
    void each(Tell tell) const {
        for (const auto& [id, kept] : orders_) tell(standing_of(kept));
    }
    /// out: absent: no order of ours, or over for long
    [[nodiscard]] std::optional<Standing> standing(trading::ClientOrderId id) const;
    /// Orders whose existence nobody can tell at the moment.
    [[nodiscard]] std::size_t unknown_count() const;
    [[nodiscard]] const OrderCounts& counts() const { return counts_; }

private:
    void let_go_of_placed(Timestamp now);

    struct Doubt {
        Timestamp ask_at;
        std::uint32_t asked = 0;
        std::uint32_t absences = 0;
        std::optional<Timestamp> first_absence_at;
    };
    struct Kept {
        trading::Order order;
        TradeId trade = 0;
        std::optional<Timestamp> sent_at;  ///< of a request that was not answered yet
        std::optional<trading::OrderRequest> amending;
        std::uint32_t amendments = 0;  ///< that were asked for
        bool is_cancelling = false;
        std::optional<Doubt> doubt;
    };
    [[nodiscard]] Kept* kept(trading::ClientOrderId id);
    [[nodiscard]] static Standing standing_of(const Kept& kept) {
        return {.order = kept.order,
                .trade = kept.trade,
                .is_cancelling = kept.is_cancelling,
                .asked = kept.doubt ? kept.doubt->asked : 0};
    }
    void begin_doubt(Kept& kept, Timestamp now);
    void found(Kept& kept, const trading::OrderFound& what);
    void absent(Kept& kept, Timestamp now, Actions& out);
    static void record(const Kept& kept, Actions& out);
    /// Records what changed since `before`, if anything did.
    void record_change(const Kept& kept, const trading::Order::Facts& before, Actions& out);
    void answer(Kept& kept, const trading::ReportBody& body, Timestamp now, Actions& out);

    Params params_;
    std::uint32_t boot_;
    std::uint64_t placed_ = 0;
    OrderCounts counts_;
    std::deque<Timestamp> placed_at_;  ///< of the last second
    std::map<trading::ClientOrderId, Kept> orders_;
    std::map<TradeId, std::vector<trading::ClientOrderId>> of_trade_;
};

}  // namespace vt::execution
