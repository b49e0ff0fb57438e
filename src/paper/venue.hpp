#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument_state.hpp"
#include "paper/listing.hpp"
#include "paper/order_check.hpp"
#include "paper/order_history.hpp"
#include "paper/outbox.hpp"
#include "paper/params.hpp"
#include "trading/money.hpp"
#include "trading/position.hpp"
#include "trading/report.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::paper {

/// A venue's account that meets the public market with orders which are not in it: one-way positions in linear
/// contracts, isolated margin from one wallet. What is filled, paid and refused: docs/paper_trading.md.
///
/// It has the port of a real venue (trading/report.hpp): requests arrive later, answers come later still, fills when
/// they happen. All instants are of one clock, that of our receive times. The same calls give the same reports, bit
/// for bit.
///
/// Invariant: wallet = deposit + what trading brought(), to the last unit.
class Venue {
public:
    /// in: params that check() takes
    explicit Venue(Params params);

    /// Lists an instrument. in: market: outlives the venue, stays where it is, and has taken an event before
    /// on_market() is told of it
    void follow(const market::InstrumentState& market);
    /// Round trips as they are from now on.
    void set_latency(LatencyParams latency) { params_.latency = std::move(latency); }

    /// Sends a request. in: now: not before that of an earlier call
    void submit(const trading::Request& request, Timestamp now);
    /// Time passes: requests arrive, funding is settled, what waits for a book stops waiting. To be called with an
    /// event's receive time before the instrument's state takes the event, so that what arrived earlier meets the
    /// book of then.
    void advance(Timestamp now);
    /// The market moved. in: an event that the instrument's state has taken
    ///   cost: O(1) without orders and position; else O(orders at the prices concerned), O(levels) for a book update
    void on_market(const market::Event& event);
    /// What has reached us, in order.
    [[nodiscard]] std::vector<trading::Report> take_reports() { return outbox_.take(clock_); }

    /// The stream of fills, funding and cancellations breaks: its reports wait until it is back. Questions are
    /// answered meanwhile.
    void disconnect_stream() { outbox_.set_stream_down(true); }
    void reconnect_stream() { outbox_.set_stream_down(false); }

    // The venue's own ledger.
    [[nodiscard]] trading::Money wallet() const { return wallet_; }
    /// What no position and no order binds; negative after a loss by funding.
    [[nodiscard]] trading::Money available() const;
    /// Wallet and what the open positions gained at the mark prices. out: absent where a price is not known
    [[nodiscard]] std::optional<trading::Money> equity() const;
    /// out: null where the instrument is not listed
    [[nodiscard]] const trading::Position* position(market::InstrumentId instrument) const;
    /// What trading changed the wallet by since the account began: realised - fees + funding.
    struct Brought {
        trading::Money realised;  ///< without fees and funding
        trading::Money fees;      ///< positive: paid
        trading::Money funding;   ///< negative: paid
        bool operator==(const Brought&) const = default;
        void add(const trading::Position::Facts& position);
    };
    /// Of every instrument, those too that are not listed any more. cost: O(instruments)
    [[nodiscard]] Brought brought() const;
    /// What all positions bind as their margin. cost: O(instruments)
    [[nodiscard]] trading::Money margin_in_use() const;
    /// What the instrument's position binds as its margin, with which leverage, and the mark price that takes it.
    struct Margin {
        trading::Money amount;
        int leverage = 1;
        std::optional<double> liquidation_price;  ///< absent: no price does it
    };
    /// out: absent where there is no position
    [[nodiscard]] std::optional<Margin> margin(market::InstrumentId instrument) const;
    /// out: absent where the instrument is not listed
    [[nodiscard]] std::optional<int> leverage(market::InstrumentId instrument) const;
    [[nodiscard]] std::size_t open_order_count() const { return orders_.size(); }
    [[nodiscard]] const std::map<trading::ClientOrderId, OpenOrder>& open_orders() const { return orders_; }

    struct Counts {
        std::uint64_t requests = 0, lost_requests = 0, refused = 0, executions = 0, liquidations = 0;
        std::uint64_t unsettled = 0;  ///< settlements for which no price or rate was known
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }

    /// The account in bytes, for the next run to go on from: wallet, positions, leverages, open orders, and the
    /// newest of those that are over. What is under way is not: requests count as lost, and reports are given when
    /// they are asked for again. A resting order will stand behind everything that is displayed then.
    ///   cost: O(open orders + kOrdersWritten)
    void encode(std::string& out) const;
    static constexpr std::size_t kOrdersWritten = 256;  ///< of those that are over
    /// in: a venue that has listed its instruments and was asked nothing; its deposit does not matter
    ///   errors: unsupported (another version), malformed, not_found (a position or order of what is not listed); the
    ///           venue is not to be used then
    [[nodiscard]] Result<void> restore(std::string_view bytes);

private:
    struct UnderWay {
        trading::Request request;
        Timestamp sent_at;
        Timestamp arrives_at;
        RequestFate fate;
    };
    struct Hit {
        trading::ClientOrderId id;
        Lots quantity;
    };

    // venue.cpp: requests and answers
    void arrive(const UnderWay& under_way);
    void place(const trading::Place& place, const UnderWay& under_way);
    void amend(const trading::Amend& amend, const UnderWay& under_way);
    void cancel(const trading::Cancel& cancel, const UnderWay& under_way);
    void set_leverage(const trading::SetLeverage& setting, const UnderWay& under_way);
    void find_order(const trading::FindOrder& find);
    void find_account();
    [[nodiscard]] std::optional<Refusal> refusal_of_placing(const trading::OrderRequest& order,
                                                            const Listing& listing);
    [[nodiscard]] bool is_within_rate(std::size_t kind);
    [[nodiscard]] int default_leverage(const market::Instrument& instrument) const;
    [[nodiscard]] Listing* listing_of(market::InstrumentId instrument);
    void answer(trading::ReportBody body, const UnderWay& under_way);
    void refuse(const trading::Request& request, Refusal refusal, const UnderWay& under_way);
    void tell(trading::ReportBody body, Outbox::Way way, Timestamp not_before = {});
    void close(OpenOrder& order, trading::OrderState state);
    void cancel_order(OpenOrder& order, std::string_view reason);
    void cancel_all(Listing& listing, std::string_view reason);
    void check_timers();
    void schedule(Timestamp at) { next_check_ = std::min(next_check_, at); }

    // venue_fills.cpp: orders and the market
    void on_print(Listing& listing, const market::Trade& trade, Timestamp at);
    void on_ticker(Listing& listing, const market::Ticker& ticker, Timestamp at);
    void collect_hits(Listing& listing, market::Side side, const market::Trade& trade, Timestamp at);
    void on_book(Listing& listing, const market::BookUpdate& update, Timestamp at);
    void meet_crossing_book(Listing& listing, market::Side side);
    void follow_queues(Listing& listing, market::Side side, std::span<const market::Level> levels, Timestamp at);
    void on_bar(Listing& listing, const market::Candle& bar);
    void name_those_in_bar(const std::vector<OpenOrder*>& orders, const market::Candle& bar);
    void fill_takers_at_open(Listing& listing, const market::Candle& bar);
    void fill_stops_in_bar(Listing& listing, const market::Candle& bar);
    void fill_limits_in_bar(Listing& listing, const market::Candle& bar);
    void fill_beyond(Listing& listing, OpenOrder& order, double from);
    void trigger_stops(Listing& listing, trading::TriggerBy by, double price, Timestamp at);
    void run_takers(Listing& listing, Timestamp book_time);
    void meet_book(Listing& listing, OpenOrder& order);
    void take_or_rest(Listing& listing, OpenOrder& order, std::span<const Take> takes, Lots wanted);
    void rest(Listing& listing, OpenOrder& order);
    [[nodiscard]] std::optional<Ticks> limit_of(const Listing& listing, const trading::OrderRequest& request) const;
    /// out: true while the order is still open
    bool fill(Listing& listing, OpenOrder& order, Take take, bool is_maker);
    void cancel_what_reduces_nothing(Listing& listing);

    // venue_account.cpp: money
    bool book_execution(Listing& listing, const trading::Fill& fill);
    [[nodiscard]] trading::Money margin_of(const Listing& listing) const;
    [[nodiscard]] trading::Money bound_by(const Listing& listing, const trading::OrderRequest* more,
                                          Ticks price) const;
    [[nodiscard]] trading::Money bound_by_side(const Listing& listing, market::Side side,
                                               const trading::OrderRequest* more, Ticks price) const;
    [[nodiscard]] trading::Money opened_by(const Listing& listing, market::Side side,
                                           const trading::OrderRequest* more, Ticks price) const;
    [[nodiscard]] std::optional<Refusal> refusal_of_opening(const Listing& listing,
                                                            const trading::OrderRequest& order, Ticks price) const;
    [[nodiscard]] std::optional<Refusal> refusal_of_leverage(Listing& listing, std::uint32_t leverage) const;
    void note(Listing& listing, const market::Ticker& ticker);
    void settle_due(Listing& listing);
    void settle(Listing& listing, Timestamp at, double rate);
    void liquidate_if_due(Listing& listing, double price);
    void deliver_if_due(Listing& listing);
    void close_position(Listing& listing, trading::ExecutionKind kind, Ticks price, trading::Money fee);
    void tell_of_account(trading::ReportBody body);

    Params params_;
    std::uint64_t seed_;
    Timestamp clock_ = Timestamp::min();
    Timestamp next_check_ = Timestamp::max();
    Timestamp last_arrival_ = Timestamp::min();
    trading::Money wallet_;
    std::vector<Listing> listings_;  // by instrument
    Brought brought_by_unlisted_;    // in earlier runs, by what was not listed when this one began
    std::map<trading::ClientOrderId, OpenOrder> orders_;
    OrderHistory history_;
    std::deque<trading::Report> account_reports_;  // the newest that belong to no order
    std::deque<UnderWay> under_way_;               // by arrival
    std::array<std::deque<Timestamp>, std::variant_size_v<trading::Request>> recent_requests_;
    Outbox outbox_;
    std::uint64_t reports_ = 0;
    std::uint64_t arrivals_ = 0;
    Counts counts_;
    std::vector<Hit> hits_;                      // of the event in hand
    std::vector<Take> takes_;                    // of the order in hand
    std::vector<trading::ClientOrderId> names_;  // of the orders in hand
};

}  // namespace vt::paper
