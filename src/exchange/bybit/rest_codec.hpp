#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "exchange/bybit/codec.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange::bybit {

/// The outer members of every REST reply. Success is `ret_code` 0 alone; HTTP is 200 for nearly every refusal.
struct Envelope {
    int ret_code = 0;
    std::string ret_message;
    Timestamp server_time;
};

struct InstrumentsPage {
    std::vector<market::Instrument> instruments;  ///< contracts of the category with known steps; ids are not set
    std::string next_cursor;                      ///< empty: the last page
};

struct TickerRow {
    std::string symbol;
    double turnover_24h_quote = 0;
    market::Ticker ticker;
};

/// A book as REST gives it, for comparison with the streamed one.
struct BookSnapshot {
    std::string symbol;
    std::uint64_t update_id = 0;
    std::uint64_t cross_sequence = 0;
    Timestamp matched_at;  ///< cts, or ts where the reply has none
    std::vector<market::Level> bids;
    std::vector<market::Level> asks;
};

/// A bar of prices that nobody traded at: the mark price, the index or the premium of the mark over it.
struct PriceBar {
    Timestamp open_time;
    double open = 0, high = 0, low = 0, close = 0;
    bool is_closed = false;
    bool operator==(const PriceBar&) const = default;
};

struct Maintenance {
    enum class State : std::uint8_t { scheduled, ongoing, completed, cancelled };
    std::string title;
    State state = State::scheduled;
    Timestamp begins_at;
    std::optional<Timestamp> ends_at;
};

/// Whose history a reply carries. REST rows mostly do not repeat the symbol.
struct HistoryOf {
    market::InstrumentId instrument;
    std::string_view symbol;
    market::Category category = market::Category::linear;
};

/// Turns REST reply bodies of Bybit v5 into values. Call `envelope` first; the others expect its ret_code to be 0 and
/// check that the reply speaks of what was asked (category, symbol). Events are appended oldest first; a refused body
/// appends none.
///   errors: malformed, out_of_range, refused (another symbol or category than asked)
///   cost:   O(length of the body)
///   source: https://bybit-exchange.github.io/docs/v5/market/*, read 2026-07-24
class RestCodec {
public:
    RestCodec();
    ~RestCodec();
    RestCodec(RestCodec&&) noexcept;
    RestCodec& operator=(RestCodec&&) noexcept;

    [[nodiscard]] Result<Envelope> envelope(std::string_view body);
    /// GET /v5/market/time, to the nanosecond.
    [[nodiscard]] Result<Timestamp> server_time(std::string_view body);
    /// GET /v5/market/instruments-info, one page.
    [[nodiscard]] Result<InstrumentsPage> instruments(std::string_view body, market::Category category);
    /// GET /v5/market/tickers.
    [[nodiscard]] Result<std::vector<TickerRow>> tickers(std::string_view body, market::Category category);
    /// GET /v5/market/risk-limit of one linear contract: what its margin depends on, ascending by worth.
    [[nodiscard]] Result<std::vector<market::MarginTier>> margin_tiers(std::string_view body,
                                                                       std::string_view symbol);
    /// GET /v5/market/kline: Candle events. The last bar is open unless it ended before the reply's own time.
    ///   out: the number of candles appended
    [[nodiscard]] Result<std::size_t> candles(std::string_view body, HistoryOf of, Nanos interval, EventStamp stamp,
                                              Output& out);
    /// GET /v5/market/open-interest: OpenInterestSample events, one-sided; linear contracts only.
    [[nodiscard]] Result<std::size_t> open_interest(std::string_view body, HistoryOf of, EventStamp stamp,
                                                    Output& out);
    /// GET /v5/market/account-ratio: LongShortRatio events.
    [[nodiscard]] Result<std::size_t> account_ratio(std::string_view body, HistoryOf of, EventStamp stamp,
                                                    Output& out);
    /// GET /v5/market/funding/history: FundingSettlement events.
    [[nodiscard]] Result<std::size_t> funding(std::string_view body, HistoryOf of, EventStamp stamp, Output& out);
    /// GET /v5/market/recent-trade: Trade events.
    [[nodiscard]] Result<std::size_t> trades(std::string_view body, const market::Instrument& instrument,
                                             EventStamp stamp, Output& out);
    /// GET /v5/market/mark-price-kline, index-price-kline, premium-index-price-kline: ascending.
    [[nodiscard]] Result<std::vector<PriceBar>> price_bars(std::string_view body, HistoryOf of, Nanos interval);
    /// GET /v5/system/status: what is down, will be or was.
    [[nodiscard]] Result<std::vector<Maintenance>> system_status(std::string_view body);
    /// GET /v5/market/orderbook.
    [[nodiscard]] Result<BookSnapshot> book(std::string_view body, const market::Instrument& instrument);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::bybit
