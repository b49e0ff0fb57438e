#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <variant>

namespace vt::market {

enum class Side : std::uint8_t { buy, sell };
[[nodiscard]] constexpr Side opposite(Side side) { return side == Side::buy ? Side::sell : Side::buy; }
[[nodiscard]] constexpr double sign(Side side) { return side == Side::buy ? 1.0 : -1.0; }

/// A venue's trade id, a number (low; high tells kinds of numbers apart, 0 and 1) or a 128-bit UUID. Numbers ascend
/// in the venue's order, UUIDs say nothing but whether they are equal.
struct TradeId {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    [[nodiscard]] bool is_number() const { return high <= 1; }
    auto operator<=>(const TradeId&) const = default;
};

/// One print. `aggressor` is the side of the taker.
struct Trade {
    TradeId id;
    Ticks price;
    Lots quantity;
    Side aggressor = Side::buy;
    bool is_block = false;  ///< negotiated off the book: no part of the flow
};

struct Level {
    Ticks price;
    Lots quantity;  ///< absolute; 0 removes the level
    bool operator==(const Level&) const = default;
};

/// A snapshot (replaces the book) or a delta (sets absolute quantities). The spans are valid until the decoder's next
/// call. The venue's sequence rules have been applied by its book_sync before an event is emitted.
struct BookUpdate {
    bool is_snapshot = false;
    std::uint32_t depth = 0;      ///< levels published for each side (Bybit 50, 200 ...); 0: not limited
    std::uint64_t update_id = 0;  ///< the venue's last update id in this update
    std::span<const Level> bids;
    std::span<const Level> asks;
};

/// Why the book of an instrument is not to be trusted until the next snapshot. The market state empties it.
enum class BookGap : std::uint8_t { sequence_gap, crossed, malformed, disconnected, service_restart, off_step };
struct BookInvalid {
    BookGap reason = BookGap::sequence_gap;
};

/// Best bid and offer as a venue publishes them apart from its depth (Binance bookTicker).
struct BestQuote {
    Level bid;
    Level ask;
    std::uint64_t update_id = 0;
};

/// Changed ticker values; absent means unchanged. Prices in quote currency, rates as fractions.
struct Ticker {
    std::optional<double> last_price, mark_price, index_price;
    std::optional<double> high_24h, low_24h, previous_price_24h, change_24h;  ///< change as a fraction
    std::optional<double> volume_24h_base, turnover_24h_quote;
    std::optional<double> open_interest_base;  ///< one side, base currency
    std::optional<double> funding_rate;        ///< running estimate for the current interval
    std::optional<Timestamp> next_funding_at;
    std::optional<Nanos> funding_interval;
};

enum class LiquidatedSide : std::uint8_t { long_position, short_position };
struct Liquidation {
    LiquidatedSide side = LiquidatedSide::long_position;
    double price = 0;          ///< bankruptcy (Bybit) or average (Binance) price
    double quantity = 0;       ///< base currency
    bool is_censored = false;  ///< the venue publishes only some of them
};

/// A candle of `interval`, from the venue. `is_closed` false: it will be sent again.
struct Candle {
    Timestamp open_time;
    Nanos interval{};
    double open = 0, high = 0, low = 0, close = 0;
    double volume_base = 0;
    double turnover_quote = 0;
    bool is_closed = false;
    bool operator==(const Candle&) const = default;
};

struct FundingSettlement {
    double rate = 0;
};
struct OpenInterestSample {
    double base = 0;  ///< one side
};
/// Whose shares a long/short ratio states. Top traders are the fifth of the accounts with the largest margin (Binance
/// only; Bybit publishes the first kind alone).
enum class RatioOf : std::uint8_t { accounts, top_accounts, top_positions };
inline constexpr std::size_t kRatioCount = 3;
/// Share of accounts (or of positions) that are long, and short; they add up to 1.
struct LongShortRatio {
    double long_share = 0;
    double short_share = 0;
    RatioOf of = RatioOf::accounts;
};

/// What one stream of one instrument is: for ages, staleness and the feed table.
enum class Stream : std::uint8_t { book, trades, ticker, liquidations, candles };
inline constexpr std::size_t kStreamCount = 5;
[[nodiscard]] std::string_view name(Stream stream);

/// The only things a venue can say about an instrument.
using EventBody = std::variant<Trade, BookUpdate, BookInvalid, BestQuote, Ticker, Liquidation, Candle,
                               FundingSettlement, OpenInterestSample, LongShortRatio>;

/// One fact from a venue. `exchange_time` is the matching engine's time where the venue gives it (Bybit trade T, book
/// cts, ticker ts; Binance T, else E); `receive_time` was stamped once, at the socket.
struct Event {
    InstrumentId instrument;
    Timestamp exchange_time;
    Timestamp receive_time;
    std::uint64_t source_sequence = 0;  ///< position of the input it came from in the run's journal
    EventBody body;
};

}  // namespace vt::market
