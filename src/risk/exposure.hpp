#pragma once

#include "base/strong.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "risk/expected_shortfall.hpp"
#include "risk/params.hpp"
#include "trading/money.hpp"
#include "trading/order.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace vt::risk {

/// A group of markets that move together. Every market is in one at most.
using ClusterId = Strong<struct ClusterIdTag, std::uint32_t>;

/// What is known of a market beside its orders. Absent: not known.
struct MarketTerms {
    std::optional<Ticks> mark;
    std::optional<double> beta_bound;  ///< upper bound of its beta to Bitcoin, without its sign
    std::optional<ClusterId> cluster;
    std::shared_ptr<const MarketMoves> moves;  ///< null: too little is known of its past
};

/// An order that is going to be asked for.
struct Reservation {
    trading::ClientOrderId id;
    market::Side side = market::Side::buy;
    Lots quantity;
    Ticks stop;
    trading::Money risk;  ///< lost where all of it is filled and stopped
    std::uint32_t leverage = 1;
};

/// What positions and orders come to, whichever of the orders are filled. Amounts are absent where a market's price,
/// or what else they are made of, is not known, or where they do not fit.
struct WorstCase {
    std::optional<trading::Money> instrument;  ///< worth of the one that was asked for; else the largest
    std::optional<trading::Money> cluster;     ///< of the larger side of its cluster; likewise
    std::optional<trading::Money> net;         ///< of the larger side: what is net once the other is closed
    std::optional<trading::Money> gross;
    std::optional<trading::Money> beta;       ///< gross, each times its beta's bound
    std::optional<trading::Money> open_risk;  ///< lost from here where every stop is reached
    std::optional<trading::Money> margin;     ///< set aside
    std::uint32_t positions = 0;
    std::uint32_t orders = 0;  ///< that may still open something
};

/// Everything that is open, or may become so: positions, open and unknown orders, and what is reserved for orders
/// that are not sent yet.
///
/// Invariant: an order counts in full from the moment it is reserved until it is known what became of it. One that is
/// cancelled counts a little longer, since its fills may come after the word of it.
class Exposure {
public:
    explicit Exposure(const Params& params) : late_fill_grace_(params.late_fill_grace) {}

    /// Makes room taken before the order is sent. in: an id that is not held yet
    void reserve(const market::Instrument& instrument, const Reservation& reservation, const MarketTerms& terms);
    /// The reservation's order was made, under this id.
    void on_ordered(market::InstrumentId instrument, trading::ClientOrderId reserved, trading::ClientOrderId order);
    /// After each change of an order, also one that was not reserved (found at a start). Those that only reduce do
    /// not count.
    void on_order(const market::Instrument& instrument, const trading::Order& order, Timestamp at);
    /// The order was never made: what was reserved for it is free.
    void on_abandoned(market::InstrumentId instrument, trading::ClientOrderId id);
    /// in: net negative: short; leverage as the venue has it
    void on_position(const market::Instrument& instrument, Lots net, std::uint32_t leverage, Timestamp at);
    /// The stop that the venue confirmed. Absent: there is none.
    void on_stop(market::InstrumentId instrument, std::optional<Ticks> stop, Timestamp at);
    /// Of a market where nothing is open it is not kept.
    ///   cost: O(log n) in what is open, does not allocate
    void on_terms(market::InstrumentId instrument, const MarketTerms& terms);
    /// Lets go of what was cancelled long enough ago.
    void expire(Timestamp now);

    [[nodiscard]] bool is_held(trading::ClientOrderId id) const;
    /// Whether an order of this side would be against a position, or an order that may open one.
    [[nodiscard]] bool opposes(market::InstrumentId instrument, market::Side side) const;
    /// Negative: short.
    [[nodiscard]] Lots net(market::InstrumentId instrument) const;
    /// Of what is open there. out: absent where nothing is
    [[nodiscard]] std::optional<std::uint32_t> leverage(market::InstrumentId instrument) const;
    /// The longest time for which a position has had no stop at the venue. out: 0: none is without
    [[nodiscard]] Nanos longest_unprotected(Timestamp now) const;
    /// Of one market as it stands. out: 0 where nothing is open; absent: not known
    [[nodiscard]] std::optional<trading::Money> notional(market::InstrumentId instrument) const;

    /// What is lost from here where the stops of one side are reached, in markets of the cluster and in those that
    /// are in none. in: cluster absent: of all. out: absent: not known
    [[nodiscard]] std::optional<trading::Money> open_risk(std::optional<ClusterId> cluster, market::Side side) const;

    /// Of the positions as they stand: netted, without orders. out: as risk::expected_shortfall
    [[nodiscard]] std::optional<Shortfall> expected_shortfall() const;
    /// With every order filled that loses by it, and none of the gains counted, since what brings them may be closed.
    [[nodiscard]] std::optional<Shortfall> worst_shortfall() const;
    /// The same as if this were reserved, too.
    [[nodiscard]] std::optional<Shortfall> worst_shortfall_with(const market::Instrument& instrument,
                                                                const Reservation& added,
                                                                const MarketTerms& terms) const;

    /// With nothing added.
    ///   cost: O(n^2) in what is open; allocates
    [[nodiscard]] WorstCase worst_case() const;
    /// As if this were reserved, too.
    ///   cost: O(what is open); allocates
    [[nodiscard]] WorstCase worst_case_with(const market::Instrument& instrument, const Reservation& added,
                                            const MarketTerms& terms) const;

private:
    struct Hold {
        trading::ClientOrderId id;
        market::Side side = market::Side::buy;
        Lots quantity;
        Lots remaining;
        std::optional<trading::Money> risk;  ///< of the whole quantity; absent: no stop is known
        std::optional<Timestamp> ends_at;    ///< it is over, and counts until then
    };
    struct Entry {
        market::Instrument instrument;
        MarketTerms terms;
        Lots net;
        std::uint32_t leverage = 1;
        std::optional<Ticks> planned_stop;
        std::optional<Ticks> confirmed_stop;
        std::optional<Timestamp> unprotected_since;
        std::vector<Hold> holds;
    };
    struct Reach;

    Entry& entry_of(const market::Instrument& instrument);
    [[nodiscard]] const Entry* find(market::InstrumentId instrument) const;
    void drop_if_empty(market::InstrumentId instrument);
    [[nodiscard]] static Reach reach_of(const Entry& entry);
    [[nodiscard]] static std::optional<trading::Money> open_risk_of(const Entry& entry);
    static void reserve_in(Entry& entry, const Reservation& reservation, const MarketTerms& terms);
    [[nodiscard]] static WorstCase sum(const std::vector<const Entry*>& entries, const Entry* asked);
    [[nodiscard]] static std::optional<Shortfall> worst_shortfall_of(const std::vector<const Entry*>& entries);
    [[nodiscard]] std::vector<const Entry*> all_entries() const;
    /// All of them with `asked` in its place.
    [[nodiscard]] std::vector<const Entry*> entries_with(const Entry& asked) const;
    /// The market's entry as if this were reserved, too.
    [[nodiscard]] Entry entry_with(const market::Instrument& instrument, const Reservation& added,
                                   const MarketTerms& terms) const;

    Nanos late_fill_grace_;
    std::map<market::InstrumentId, Entry> entries_;  ///< as many as have a position or an order
};

}  // namespace vt::risk
