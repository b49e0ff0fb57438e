#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "exchange/binance/codec.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange::binance {

/// The spot catalogue is the longest reply: 17 MB with its permission sets, which are therefore not asked for.
inline constexpr std::size_t kMaxReplyBytes = 32U << 20U;

struct Catalogue {
    std::vector<market::Instrument> instruments;  ///< those with known steps; ids are not set
    std::uint32_t weight_per_minute = 0;          ///< rateLimits: REQUEST_WEIGHT; 0: not said
};

struct DayTicker {
    std::string symbol;
    double turnover_24h_quote = 0;
    market::Ticker ticker;
    std::optional<Timestamp> closed_at;
};

struct BookTop {
    std::string symbol;
    double bid = 0, bid_quantity = 0, ask = 0, ask_quantity = 0;
};

/// A perpetual whose funding is not the default: every 8 hours.
struct FundingTerms {
    std::string symbol;
    Nanos interval{};
};

struct PremiumRow {
    std::string symbol;
    market::Ticker ticker;  ///< mark, index, funding rate (the running estimate, whatever it is called), next funding
    std::optional<double> interest_per_8h;  ///< whatever the interval
    Timestamp at;
};

/// Whose history a reply carries. Its rows mostly do not repeat the symbol.
struct HistoryOf {
    market::InstrumentId instrument;
    std::string_view symbol;
};

/// The candles of a symbol that were asked for.
struct BarsOf {
    HistoryOf of;
    Nanos interval{};
    Timestamp server_now;
};

/// The long/short ratios of a symbol that were asked for: a reply does not say of whom they are.
struct RatiosOf {
    HistoryOf of;
    market::RatioOf kind = market::RatioOf::accounts;
};

/// Turns REST reply bodies into values. Events are appended oldest first, as the venue sends them; a refused body
/// appends none. What the venue itself refused ({"code","msg"}) is malformed here; `error_in`
/// (exchange/venue_error.hpp) reads it, and is asked first.
///   errors: malformed, out_of_range, refused (another symbol than asked)
///   cost:   O(length of the body)
///   source: github.com/binance/binance-spot-api-docs rest-api.md; for futures
///           https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api, read 2026-07
class RestCodec {
public:
    RestCodec();
    ~RestCodec();
    RestCodec(RestCodec&&) noexcept;
    RestCodec& operator=(RestCodec&&) noexcept;

    /// GET /fapi/v1/time, /api/v3/time.
    [[nodiscard]] Result<Timestamp> server_time(std::string_view body);
    /// GET /fapi/v1/exchangeInfo, /api/v3/exchangeInfo. Spot instruments are listed with the asset's precision as lot
    /// size: their books hold quantities finer than the present LOT_SIZE, which is in `limits.quantity_step`.
    [[nodiscard]] Result<Catalogue> exchange_info(std::string_view body, market::Category category);
    /// GET .../ticker/24hr: of all symbols, some, or one.
    [[nodiscard]] Result<std::vector<DayTicker>> day_tickers(std::string_view body);
    /// GET .../ticker/bookTicker: of all symbols, some, or one. A side without orders is 0.
    [[nodiscard]] Result<std::vector<BookTop>> book_tickers(std::string_view body);
    /// GET /fapi/v1/fundingInfo: symbols that are not named have the default terms.
    [[nodiscard]] Result<std::vector<FundingTerms>> funding_info(std::string_view body);
    /// GET /fapi/v1/premiumIndex: of all symbols or of one.
    [[nodiscard]] Result<std::vector<PremiumRow>> premium_index(std::string_view body);

    // Histories. out: the number of events appended

    /// GET .../klines. A bar is closed once its end is behind `server_now`.
    [[nodiscard]] Result<std::size_t> candles(std::string_view body, const BarsOf& bars, EventStamp stamp,
                                              Output& out);
    /// GET /fapi/v1/openInterest: one Ticker event; base currency, one side.
    [[nodiscard]] Result<std::size_t> open_interest(std::string_view body, HistoryOf of, EventStamp stamp,
                                                    Output& out);
    /// GET /futures/data/openInterestHist.
    [[nodiscard]] Result<std::size_t> open_interest_history(std::string_view body, HistoryOf of, EventStamp stamp,
                                                            Output& out);
    /// GET /futures/data/globalLongShortAccountRatio, topLongShortAccountRatio (shares of accounts) or
    /// topLongShortPositionRatio (shares of positions).
    [[nodiscard]] Result<std::size_t> long_short_ratio(std::string_view body, const RatiosOf& ratios,
                                                       EventStamp stamp, Output& out);
    /// GET /fapi/v1/fundingRate. fundingTime is some ms after the hour: rounded to the second before it.
    [[nodiscard]] Result<std::size_t> funding(std::string_view body, HistoryOf of, EventStamp stamp, Output& out);
    /// GET .../trades and .../aggTrades: Trade events; aggregates carry TradeId::high 1.
    [[nodiscard]] Result<std::size_t> trades(std::string_view body, const market::Instrument& instrument,
                                             EventStamp stamp, Output& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::binance
