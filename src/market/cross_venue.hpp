#pragma once

#include "base/time.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vt::market {

/// The same thing to trade, on whatever venue: coin, quote, settlement, category and day of delivery agree.
[[nodiscard]] bool is_same(const Instrument& a, const Instrument& b);

/// Which instruments of a directory belong together. Made anew when something is listed.
///   cost: O(n log n) to make
class CrossVenueMap {
public:
    CrossVenueMap() = default;
    explicit CrossVenueMap(std::span<const Instrument> instruments);

    /// The same instrument on the other venues, by id.
    [[nodiscard]] std::span<const InstrumentId> counterparts(InstrumentId instrument) const;
    /// The spot market that a contract's basis is measured against: of the same venue, else of another.
    ///   out: nothing for spot itself, and where no venue lists the coin against that quote
    [[nodiscard]] std::optional<InstrumentId> spot_of(InstrumentId contract) const;
    /// Coins in one unit of the instrument: a price divided by it is the price of one coin.
    [[nodiscard]] double units(InstrumentId instrument) const;

    /// A coin against one quote currency, with all its markets, the preferred one first.
    struct Coin {
        std::string coin;
        std::string quote;
        std::vector<InstrumentId> instruments;
    };
    /// By coin, then by quote currency.
    [[nodiscard]] std::span<const Coin> coins() const { return coins_; }

private:
    std::vector<Coin> coins_;
    std::vector<double> units_;
    std::vector<std::vector<InstrumentId>> counterparts_;
    std::vector<std::optional<InstrumentId>> spots_;
};

/// The best bid and ask of one venue, for one coin each.
struct VenueQuote {
    double bid = 0;
    double ask = 0;
    Nanos age{};  ///< since the venue last said so
};

struct CrossMid {
    double mid = 0;
    double dispersion_bps = 0;  ///< of the mid furthest from it
    double best_bid = 0;
    double best_ask = 0;
    std::uint32_t venues = 0;
    bool is_crossed = false;  ///< one venue bids above another's ask: one of them is late, or it is an arbitrage
};

/// One price of several venues: the mean of their mids, each weighted by 1/spread^2, since a quote is about as wrong
/// as its spread is wide. Quotes older than `age_max`, empty or crossed in themselves are left out; nothing is left:
/// absent.
[[nodiscard]] std::optional<CrossMid> cross_mid(std::span<const VenueQuote> quotes, Nanos age_max);

/// ln(contract/spot) in basis points. Both positive.
[[nodiscard]] double basis_bps(double contract_mid, double spot_mid);
/// ln(contract/spot) for a year of 365 days, as a fraction; for contracts with a day of delivery.
///   out: nothing from the day of delivery on
[[nodiscard]] std::optional<double> annualised_basis(double contract_mid, double spot_mid, Nanos until_delivery);

}  // namespace vt::market
