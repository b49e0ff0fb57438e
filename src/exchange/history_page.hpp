#pragma once

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "exchange/protocol.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange {

/// What a venue can be asked the past of.
enum class HistoryKind : std::uint8_t {
    klines,
    mark_klines,
    funding,
    open_interest,
    account_ratio,      ///< of all accounts
    top_account_ratio,  ///< of the accounts of top traders
    position_ratio,     ///< of the positions of top traders
};

/// What a page of a history may be, by the venue's documentation.
struct HistoryTerms {
    Site site = Site::bybit;
    std::uint32_t limit = 0;                ///< rows of a page
    std::uint32_t weight = 1;               ///< of a full page in the site's budget
    bool is_newest_first = false;           ///< a page that cannot hold all of its time holds the newest rows
    std::optional<std::int64_t> days_kept;  ///< older rows are not to be had
};

/// errors: unsupported (the venue does not publish this kind, or not with this step; says what there is)
[[nodiscard]] Result<HistoryTerms> history_terms(market::Venue venue, market::Category category, HistoryKind kind,
                                                 std::int64_t step_ms);

/// One question: the rows with from <= time < to, in ms since 1970.
struct HistoryPage {
    market::Venue venue = market::Venue::bybit;
    market::Category category = market::Category::linear;
    std::string symbol;
    HistoryKind kind = HistoryKind::klines;
    std::int64_t step_ms = 0;  ///< 0 for funding
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
    std::uint32_t limit = 0;
};
/// Path and query, exactly as sent.
///   in: a page that history_terms() allows
[[nodiscard]] std::string history_target(const HistoryPage& page);

/// Rows ascending by time. Values are the venue's decimals, exactly: candles are open, high, low, close, volume,
/// turnover, trades, taker buy volume (mark candles the first four), funding is the rate, open interest is one side
/// in base currency and its value in quote currency, ratios are the long and the short share.
struct HistoryRows {
    std::vector<std::int64_t> times_ms;
    std::vector<std::vector<std::optional<Decimal>>> columns;
    std::uint32_t left_out = 0;  ///< turnovers of more than 18 digits
};

/// Reads the replies to history pages.
///   errors: malformed (not such a reply, or of another symbol; a row outside the page or off its step; more rows
///           than the limit; order)
///   source: bybit-exchange.github.io/docs/v5/market/*, developers.binance.com, read 2026-07
class HistoryCodec {
public:
    HistoryCodec();
    ~HistoryCodec();
    HistoryCodec(HistoryCodec&&) noexcept;
    HistoryCodec& operator=(HistoryCodec&&) noexcept;

    [[nodiscard]] Result<HistoryRows> rows(std::string_view body, const HistoryPage& page);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange
