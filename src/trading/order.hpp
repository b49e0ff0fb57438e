#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::trading {

/// The name under which a venue knows an order of ours, unique for ever: the program's start, and a count within it.
struct ClientOrderId {
    std::uint32_t boot = 0;  ///< counts the starts of the program on this database, from 1
    std::uint64_t sequence = 0;
    auto operator<=>(const ClientOrderId&) const = default;
};
/// "v12-345": within every venue's 36 characters of letters, digits and dashes.
[[nodiscard]] std::string to_string(ClientOrderId id);
/// out: absent for an order that is not ours
[[nodiscard]] std::optional<ClientOrderId> parse_client_order_id(std::string_view text);

enum class OrderKind : std::uint8_t {
    market,
    limit,
    stop_market,  ///< rests at the venue; becomes a market order when its trigger is reached
};
[[nodiscard]] std::string_view name(OrderKind kind);

enum class TimeInForce : std::uint8_t {
    good_till_cancelled,
    immediate_or_cancel,  ///< what is not filled at once is cancelled
    fill_or_kill,         ///< whole at once, or not at all
    post_only,            ///< cancelled rather than taking
};
[[nodiscard]] std::string_view name(TimeInForce time_in_force);

/// Which price reaches a trigger.
enum class TriggerBy : std::uint8_t { last, mark };
[[nodiscard]] std::string_view name(TriggerBy trigger);

/// What an order is for, in the life of a position.
enum class Purpose : std::uint8_t {
    entry,
    stop,       ///< the protection that rests at the venue
    target,     ///< one rung of the take-profit ladder
    exit,       ///< at the market: expiry, kill switch, a request
    emergency,  ///< at the market, since no stop was confirmed in time
};
[[nodiscard]] std::string_view name(Purpose purpose);

/// What is asked of a venue. Nothing of it changes but by an amendment.
struct OrderRequest {
    ClientOrderId id;
    market::InstrumentId instrument;
    market::Side side = market::Side::buy;
    OrderKind kind = OrderKind::market;
    TimeInForce time_in_force = TimeInForce::good_till_cancelled;
    Lots quantity;                 ///< positive
    std::optional<Ticks> price;    ///< of a limit order
    std::optional<Ticks> trigger;  ///< of a stop
    TriggerBy trigger_by = TriggerBy::last;
    bool is_reduce_only = false;  ///< never opens or turns a position; the venue cuts it to what is there
    bool operator==(const OrderRequest&) const = default;
};

/// The venue's name of an execution, unique for the account and instrument.
using ExecutionId = Strong<struct ExecutionIdTag, std::uint64_t>;

enum class OrderState : std::uint8_t {
    intent,  ///< written down, nothing sent yet
    sent,
    open,
    partially_filled,
    filled,
    cancelled,
    rejected,
    unknown,  ///< the venue may or may not have it: asked for until it is known
};
[[nodiscard]] std::string_view name(OrderState state);
[[nodiscard]] constexpr bool is_final(OrderState state) {
    return state == OrderState::filled || state == OrderState::cancelled || state == OrderState::rejected;
}

/// An order with everything that is known of it.
///
/// Invariant: what is known only grows. Each report adds a fact (acknowledged, filled so much by that execution,
/// over), and the state is read off the facts: reports that come twice, late or in another order end in the same
/// state and the same fills.
class Order {
public:
    /// What is written down, and gone on from after a restart.
    struct Facts {
        OrderRequest request;
        Purpose purpose = Purpose::entry;
        Timestamp created_at;
        std::uint32_t revision = 0;  ///< of the last amendment that is known to hold
        Lots filled;
        std::vector<ExecutionId> executions;  ///< as many as it was filled in parts
        bool is_sent = false;
        bool is_accepted = false;
        bool is_unanswered = false;
        bool is_rejected = false;
        bool is_cancelled = false;
        std::string reason;  ///< why it was refused or cancelled; empty else
        bool operator==(const Facts&) const = default;
    };

    Order(const OrderRequest& request, Purpose purpose, Timestamp created_at)
        : facts_{.request = request, .purpose = purpose, .created_at = created_at} {}
    explicit Order(Facts facts) : facts_(std::move(facts)) {}

    void on_sent() { facts_.is_sent = true; }
    /// The venue has it.
    void on_accepted() { facts_.is_accepted = true; }
    /// Sent, and no answer that says whether it arrived.
    void on_unanswered() { facts_.is_unanswered = true; }
    /// It will never be at the venue: refused, or proven absent.
    void on_rejected(std::string reason);
    /// No more of it will be filled, but for what was filled before.
    void on_cancelled(std::string reason);
    /// Quantity, price or trigger are now these, by the amendment with this number.
    void on_amended(std::uint32_t revision, const OrderRequest& now);
    /// More than was asked for counts, too: an amendment that raised the quantity may be heard of later.
    ///   out: false where the execution is known already: nothing changed
    [[nodiscard]] bool on_filled(ExecutionId execution, Lots quantity);

    [[nodiscard]] OrderState state() const;
    [[nodiscard]] const Facts& facts() const { return facts_; }
    [[nodiscard]] const OrderRequest& request() const { return facts_.request; }
    [[nodiscard]] ClientOrderId id() const { return facts_.request.id; }
    [[nodiscard]] Purpose purpose() const { return facts_.purpose; }
    [[nodiscard]] Lots filled() const { return facts_.filled; }
    [[nodiscard]] bool is_over() const { return is_final(state()); }
    /// What may still be filled: 0 once it is over.
    [[nodiscard]] Lots remaining() const;
    /// Why it was refused or cancelled; empty else.
    [[nodiscard]] const std::string& reason() const { return facts_.reason; }

private:
    Facts facts_;
};

}  // namespace vt::trading
