#pragma once

#include "base/decimal.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::market {

/// A dense index, given in the order in which instruments are listed in a run.
using InstrumentId = Strong<struct InstrumentIdTag, std::uint32_t>;

enum class Venue : std::uint8_t { bybit, binance };
enum class Category : std::uint8_t { linear, inverse, spot };

[[nodiscard]] std::string_view name(Venue venue);
[[nodiscard]] std::string_view name(Category category);

enum class ContractKind : std::uint8_t { perpetual, dated, spot };
[[nodiscard]] std::string_view name(ContractKind kind);

/// What the venue lets be done with an instrument now.
enum class TradingStatus : std::uint8_t {
    trading,
    pre_launch,  ///< announced, or in its opening auction
    halted,      ///< orders can at most be cancelled
    delivering,  ///< being settled or delisted: no new positions
    closed,      ///< no longer listed
};
[[nodiscard]] std::string_view name(TradingStatus status);

/// What an order must keep to. Absent: the venue does not say, or does not limit it. Quantities in the instrument's
/// unit.
struct OrderLimits {
    std::optional<Decimal> quantity_min;
    std::optional<Decimal> quantity_max;
    std::optional<Decimal> market_quantity_max;  ///< of a market order
    std::optional<Decimal> market_lot_size;      ///< quantity step of a market order, where it is not `lot_size`
    std::optional<Decimal> notional_min;         ///< quote currency; closing a position is mostly exempt
    std::optional<Decimal> price_min;
    std::optional<Decimal> price_max;
    std::optional<Decimal> leverage_max;
    std::optional<Decimal> quantity_step;    ///< of an order, where it is coarser than `lot_size` (Binance spot)
    std::optional<Decimal> price_ratio_min;  ///< of a limit price to the mark price
    std::optional<Decimal> price_ratio_max;
    bool operator==(const OrderLimits&) const = default;
};

/// What a venue asks of positions up to a worth in quote currency; the tier of the whole position counts.
struct MarginTier {
    Decimal worth_max;
    Decimal maintenance_rate;       ///< of the worth: with less margin the position is liquidated
    Decimal maintenance_deduction;  ///< taken off it, in quote currency, so that it does not jump between tiers; or 0
    Decimal leverage_max;
    bool operator==(const MarginTier&) const = default;
};

/// The coin behind a symbol and how many of it one unit is: "1000PEPE" (Binance, Bybit) is 1000 PEPE, and so are
/// "SHIB1000" (Bybit) beside "1000SHIB" (Binance), "1MBABYDOGE" beside "1000000BABYDOGE", and "kPEPE".
struct Underlying {
    std::string coin;
    double units = 1;  ///< the price of one coin is the instrument's price divided by this
};
/// in: the base as the venue writes it. A name that would leave a single letter behind its digits is a coin itself.
[[nodiscard]] Underlying underlying_of(std::string_view base);

/// What is traded: its names, the steps in which its prices and quantities are counted, and its further terms.
struct Instrument {
    InstrumentId id;
    Venue venue = Venue::bybit;
    Category category = Category::linear;
    std::string symbol;                     ///< as the venue writes it: "BTCUSDT"
    std::string base;                       ///< "BTC"
    std::string quote;                      ///< "USDT"
    std::string settle;                     ///< "USDT"; empty for spot
    Decimal tick_size;                      ///< price step, quote currency
    Decimal lot_size;                       ///< quantity step; base currency (linear, spot) or contracts (inverse)
    std::optional<Nanos> funding_interval;  ///< perpetuals
    /// The interest within their funding, as a fraction for 8 hours. Absent: the venue publishes none.
    std::optional<double> interest_per_8h;
    TradingStatus status = TradingStatus::trading;
    bool is_dated = false;                 ///< a contract with a day of delivery; false for spot
    Decimal contract_size{1, 0};           ///< of one unit of quantity: base currency, or quote currency if inverse
    std::optional<Timestamp> launched_at;  ///< since when it is, or will be, traded
    std::optional<Timestamp> delivers_at;  ///< of a dated contract; of a perpetual: when it is delisted
    OrderLimits limits;
    std::vector<MarginTier> margin_tiers;  ///< ascending by worth; empty: not known

    [[nodiscard]] Underlying underlying() const { return underlying_of(base); }
    /// The coin that the others are held against, not something made of it (WBTC, 1000BTC).
    [[nodiscard]] bool is_bitcoin() const { return base == "BTC"; }
    [[nodiscard]] bool is_trading() const { return status == TradingStatus::trading; }
    [[nodiscard]] ContractKind kind() const {
        if (category == Category::spot) return ContractKind::spot;
        return is_dated ? ContractKind::dated : ContractKind::perpetual;
    }
    /// A quantity in base currency: of inverse contracts, what they are worth at `price`.
    [[nodiscard]] double base_quantity(double quantity, double price) const {
        const double worth = quantity * contract_size.to_double();
        return category == Category::inverse ? worth / price : worth;
    }
    /// A quantity in quote currency at `price`.
    [[nodiscard]] double notional(double quantity, double price) const {
        const double worth = quantity * contract_size.to_double();
        return category == Category::inverse ? worth : worth * price;
    }

    [[nodiscard]] double price(Ticks ticks) const { return static_cast<double>(ticks.value()) * tick(); }
    [[nodiscard]] double quantity(Lots lots) const { return static_cast<double>(lots.value()) * lot(); }
    [[nodiscard]] double tick() const { return tick_size.to_double(); }
    [[nodiscard]] double lot() const { return lot_size.to_double(); }

    /// "bybit-linear-BTCUSDT": safe in paths and topics.
    [[nodiscard]] std::string path_id() const;
    /// "BTC/USDT:USDT" (perpetual), "BTC/USDT:USDT-250926" (dated, delivered on that day), "BTC/USDT" (spot).
    [[nodiscard]] std::string unified_symbol() const;
};

/// An instrument's steps as doubles, asked for once and not for each level or print.
struct Units {
    explicit Units(const Instrument& instrument)
        : tick(instrument.tick()),
          lot(instrument.lot() * instrument.contract_size.to_double()),
          is_inverse(instrument.category == Category::inverse) {}
    [[nodiscard]] double price(Ticks ticks) const { return static_cast<double>(ticks.value()) * tick; }
    /// In base currency.
    [[nodiscard]] double base(Lots lots, double price) const {
        const double worth = static_cast<double>(lots.value()) * lot;
        return is_inverse ? worth / price : worth;
    }
    /// In quote currency.
    [[nodiscard]] double quote(Lots lots, double price) const {
        const double worth = static_cast<double>(lots.value()) * lot;
        return is_inverse ? worth : price * worth;
    }

    double tick;
    double lot;  ///< of base currency, or of quote currency if inverse
    bool is_inverse;
};

}  // namespace vt::market
