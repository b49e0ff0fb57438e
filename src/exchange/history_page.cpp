#include "exchange/history_page.hpp"

#include "base/percent_encoding.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace vt::exchange {
namespace {

constexpr std::int64_t kMinute = 60'000;

struct Step {
    std::int64_t ms;
    std::string_view text;
};
constexpr Step kBybitBars[] = {{kMinute, "1"},         {3 * kMinute, "3"},     {5 * kMinute, "5"},
                               {15 * kMinute, "15"},   {30 * kMinute, "30"},   {60 * kMinute, "60"},
                               {120 * kMinute, "120"}, {240 * kMinute, "240"}, {360 * kMinute, "360"},
                               {720 * kMinute, "720"}, {1440 * kMinute, "D"}};
constexpr Step kBybitSamples[] = {{5 * kMinute, "5min"}, {15 * kMinute, "15min"}, {30 * kMinute, "30min"},
                                  {60 * kMinute, "1h"},  {240 * kMinute, "4h"},   {1440 * kMinute, "1d"}};
constexpr Step kBinanceBars[] = {{kMinute, "1m"},       {3 * kMinute, "3m"},    {5 * kMinute, "5m"},
                                 {15 * kMinute, "15m"}, {30 * kMinute, "30m"},  {60 * kMinute, "1h"},
                                 {120 * kMinute, "2h"}, {240 * kMinute, "4h"},  {360 * kMinute, "6h"},
                                 {480 * kMinute, "8h"}, {720 * kMinute, "12h"}, {1440 * kMinute, "1d"}};
constexpr Step kBinanceSamples[] = {{5 * kMinute, "5m"},   {15 * kMinute, "15m"},  {30 * kMinute, "30m"},
                                    {60 * kMinute, "1h"},  {120 * kMinute, "2h"},  {240 * kMinute, "4h"},
                                    {360 * kMinute, "6h"}, {720 * kMinute, "12h"}, {1440 * kMinute, "1d"}};

bool is_bars(HistoryKind kind) { return kind == HistoryKind::klines || kind == HistoryKind::mark_klines; }

std::span<const Step> steps_of(market::Venue venue, HistoryKind kind) {
    if (venue == market::Venue::bybit)
        return is_bars(kind) ? std::span<const Step>(kBybitBars) : std::span<const Step>(kBybitSamples);
    return is_bars(kind) ? std::span<const Step>(kBinanceBars) : std::span<const Step>(kBinanceSamples);
}

std::string_view step_text(const HistoryPage& page) {
    for (const Step& step : steps_of(page.venue, page.kind)) {
        if (step.ms == page.step_ms) return step.text;
    }
    return {};
}

Result<void> check_step(market::Venue venue, HistoryKind kind, std::int64_t step_ms) {
    const std::span<const Step> steps = steps_of(venue, kind);
    if (kind == HistoryKind::funding) return {};
    if (std::any_of(steps.begin(), steps.end(), [step_ms](const Step& step) { return step.ms == step_ms; }))
        return {};
    std::string there;
    for (const Step& step : steps) {
        const std::int64_t minutes = step.ms / kMinute;
        there += there.empty() ? "" : ", ";
        there += minutes % 1440 == 0 ? std::to_string(minutes / 1440) + "d"
                 : minutes % 60 == 0 ? std::to_string(minutes / 60) + "h"
                                     : std::to_string(minutes) + "m";
    }
    return fail(Errc::unsupported, std::string(name(venue)) + " does not publish this timeframe; there are " + there);
}

Result<HistoryTerms> bybit_terms(market::Category category, HistoryKind kind) {
    HistoryTerms terms{.site = Site::bybit, .is_newest_first = true};
    switch (kind) {
        case HistoryKind::klines: terms.limit = 1000; return terms;
        case HistoryKind::mark_klines: terms.limit = 1000; break;
        case HistoryKind::funding:
        case HistoryKind::open_interest: terms.limit = 200; break;
        case HistoryKind::account_ratio: terms.limit = 500; break;
        case HistoryKind::top_account_ratio:
        case HistoryKind::position_ratio:
            return fail(Errc::unsupported, "bybit publishes no ratio of top traders; it has account_ratio");
    }
    if (category == market::Category::spot)
        return fail(Errc::unsupported, "bybit spot has klines only; the other kinds are of linear and inverse");
    return terms;
}

Result<HistoryTerms> binance_terms(market::Category category, HistoryKind kind) {
    if (category == market::Category::inverse)
        return fail(Errc::unsupported, "binance inverse (COIN-M) is not supported; there are linear and spot");
    if (category == market::Category::spot) {
        if (kind == HistoryKind::klines) return HistoryTerms{.site = Site::binance_spot, .limit = 1000, .weight = 2};
        return fail(Errc::unsupported, "binance spot has klines only; the other kinds are of linear");
    }
    // Klines cost 1 below 100 rows, 2 below 500, 5 up to 1000, 10 up to 1500: 499 rows for 2 are the cheapest.
    switch (kind) {
        case HistoryKind::klines:
        case HistoryKind::mark_klines: return HistoryTerms{.site = Site::binance_futures, .limit = 499, .weight = 2};
        case HistoryKind::funding: return HistoryTerms{.site = Site::binance_futures, .limit = 1000, .weight = 1};
        case HistoryKind::open_interest:
        case HistoryKind::account_ratio:
        case HistoryKind::top_account_ratio:
        case HistoryKind::position_ratio: break;
    }
    return HistoryTerms{.site = Site::binance_futures, .limit = 500, .weight = 1, .days_kept = 30};
}

std::string_view bybit_path(HistoryKind kind) {
    switch (kind) {
        case HistoryKind::klines: return "kline";
        case HistoryKind::mark_klines: return "mark-price-kline";
        case HistoryKind::funding: return "funding/history";
        case HistoryKind::open_interest: return "open-interest";
        case HistoryKind::account_ratio:
        case HistoryKind::top_account_ratio:
        case HistoryKind::position_ratio: return "account-ratio";
    }
    return {};
}

std::string_view binance_path(const HistoryPage& page) {
    switch (page.kind) {
        case HistoryKind::klines:
            return page.category == market::Category::spot ? "/api/v3/klines" : "/fapi/v1/klines";
        case HistoryKind::mark_klines: return "/fapi/v1/markPriceKlines";
        case HistoryKind::funding: return "/fapi/v1/fundingRate";
        case HistoryKind::open_interest: return "/futures/data/openInterestHist";
        case HistoryKind::account_ratio: return "/futures/data/globalLongShortAccountRatio";
        case HistoryKind::top_account_ratio: return "/futures/data/topLongShortAccountRatio";
        case HistoryKind::position_ratio: return "/futures/data/topLongShortPositionRatio";
    }
    return {};
}

std::string parameter(const char* name, std::int64_t value) { return std::string(name) + std::to_string(value); }

}  // namespace

Result<HistoryTerms> history_terms(market::Venue venue, market::Category category, HistoryKind kind,
                                   std::int64_t step_ms) {
    VT_TRY(const HistoryTerms terms,
           venue == market::Venue::bybit ? bybit_terms(category, kind) : binance_terms(category, kind));
    if (Result<void> checked = check_step(venue, kind, step_ms); !checked)
        return tl::unexpected<Error>(std::move(checked.error()));
    return terms;
}

std::string history_target(const HistoryPage& page) {
    const std::string step(step_text(page));
    const std::string symbol = "symbol=" + percent_encoded(page.symbol);
    if (page.venue == market::Venue::binance) {
        std::string target = std::string(binance_path(page)) + "?" + symbol;
        if (is_bars(page.kind)) target += "&interval=" + step;
        if (!is_bars(page.kind) && !step.empty()) target += "&period=" + step;
        return target + parameter("&startTime=", page.from_ms) + parameter("&endTime=", page.to_ms - 1) +
               parameter("&limit=", page.limit);
    }
    std::string target = "/v5/market/" + std::string(bybit_path(page.kind)) +
                         "?category=" + std::string(name(page.category)) + "&" + symbol;
    if (is_bars(page.kind)) {
        target += "&interval=" + step + parameter("&start=", page.from_ms) + parameter("&end=", page.to_ms - 1);
        return target + parameter("&limit=", page.limit);
    }
    if (page.kind == HistoryKind::open_interest) target += "&intervalTime=" + step;
    if (page.kind == HistoryKind::account_ratio) target += "&period=" + step;
    return target + parameter("&startTime=", page.from_ms) + parameter("&endTime=", page.to_ms - 1) +
           parameter("&limit=", page.limit);
}

}  // namespace vt::exchange
