// Funding, open interest and ratios of Binance's futures.

#include "demo/binance_rest.hpp"
#include "demo/wire.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace vt::demo::binance {
namespace {

constexpr Nanos kKept = std::chrono::hours{24 * 30};

void append_value(std::string& out, std::string_view key, double value, int digits) {
    out.append(out.back() == '{' ? "\"" : ",\"").append(key).append("\":\"");
    append_fixed(out, value, digits);
    out.push_back('"');
}

struct Range {
    Timestamp from, to;
    bool has_start = false;
};

Answer<Range> range_of(const Request& request) {
    const auto start = request.number("startTime");
    const auto end = request.number("endTime");
    if (!start) return tl::unexpected(start.error());
    if (!end) return tl::unexpected(end.error());
    Range range{.from = {}, .to = request.now, .has_start = start->has_value()};
    if (*start) range.from = instant_of(**start);
    if (*end) range.to = std::min(range.to, instant_of(**end));
    if (*start && *end && **start > **end) return refuse(-1128, "Combination of optional parameters invalid.");
    return range;
}

std::optional<Nanos> period_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, int>, 9> kPeriods{{{"5m", 5},
                                                                        {"15m", 15},
                                                                        {"30m", 30},
                                                                        {"1h", 60},
                                                                        {"2h", 120},
                                                                        {"4h", 240},
                                                                        {"6h", 360},
                                                                        {"12h", 720},
                                                                        {"1d", 1440}}};
    for (const auto& [text, count] : kPeriods) {
        if (text == name) return std::chrono::minutes{count};
    }
    return std::nullopt;
}

/// A page of /futures/data: the newest of the range, or from its start on; thirty days are kept.
struct Page {
    std::size_t index = 0;
    Timestamp from, to;
    Nanos period{0};
    std::size_t limit = 0;
};

Answer<Page> page_of(const Request& request) {
    const auto index = request.symbol();
    if (!index) return tl::unexpected(index.error());
    const auto period = period_of(request.text("period"));
    if (!period) return refuse(-1130, "Data sent for parameter 'period' is not valid.");
    const auto limit = request.limit(30, 500);
    if (!limit) return tl::unexpected(limit.error());
    const auto range = range_of(request);
    if (!range) return tl::unexpected(range.error());
    Page page{.index = *index, .from = range->from, .to = range->to, .period = *period, .limit = *limit};
    const Timestamp oldest = request.now - kKept;
    if (range->has_start && page.from < oldest - *period)
        return refuse(-1130, "Data sent for parameter 'startTime' is not valid.");
    page.from = std::max(page.from, oldest);
    if (range->has_start && request.text("endTime").empty())
        page.to = std::min(page.to, page.from + static_cast<std::int64_t>(*limit) * *period - Nanos{1});
    return page;
}

void append_premium(std::string& out, const Request& request, std::size_t index) {
    const SymbolView view = request.market.stream().symbol(index);
    const double mark =
        view.derivatives.mark_price() + static_cast<double>(view.basis_ticks) * view.instrument.tick();
    out.push_back('{');
    append_text(out, "symbol", view.instrument.symbol);
    append_value(out, "markPrice", mark, 8);
    append_value(out, "indexPrice", view.derivatives.index_price(), 8);
    append_value(out, "estimatedSettlePrice", mark, 8);
    append_value(out, "lastFundingRate", view.derivatives.funding_rate(), 8);
    append_value(out, "interestRate", 1e-4, 8);
    append_count(out, "nextFundingTime", to_ms(view.derivatives.next_funding() + request.market.stream().shift()));
    append_count(out, "time", to_ms(request.now));
    out.push_back('}');
}

}  // namespace

Answer<std::string> premium_index(const Request& request) {
    const auto which = named(request);
    if (!which) return tl::unexpected(which.error());
    std::string out = which->is_one ? "" : "[";
    for (const std::size_t index : which->indices) {
        if (out.size() > 1) out.push_back(',');
        append_premium(out, request, index);
    }
    if (!which->is_one) out.push_back(']');
    return out;
}

// Settlements are a few milliseconds behind the hour, as on the venue: the last digit of the hour says how many.
Answer<std::string> funding_rates(const Request& request) {
    const auto limit = request.limit(100, 1000);
    if (!limit) return tl::unexpected(limit.error());
    const auto range = range_of(request);
    if (!range) return tl::unexpected(range.error());
    const auto which = named(request);
    if (!which) return tl::unexpected(which.error());
    Stream& stream = request.market.stream();
    const Nanos shift = stream.shift();
    std::string out = "[";
    for (const std::size_t index : which->indices) {
        const SymbolView view = stream.symbol(index);
        Timestamp to = range->to;
        if (range->has_start)  // a page forward
            to = std::min(to, range->from + static_cast<std::int64_t>(*limit) * stream.funding_interval() - Nanos{1});
        const std::size_t count = which->is_one ? *limit : 1;
        for (const sim::Sample& one : view.derivatives.settlements(range->from - shift, to - shift, count)) {
            const Timestamp at = one.at + shift;
            const auto candle =
                view.tape.candles(stream.funding_interval(), one.at - stream.funding_interval(), one.at, 1, shift);
            if (out.size() > 1) out.push_back(',');
            out.push_back('{');
            append_text(out, "symbol", view.instrument.symbol);
            append_count(out, "fundingTime", to_ms(at) + to_ms(at) / 3'600'000 % 10);
            append_value(out, "fundingRate", one.value, 8);
            append_value(out, "markPrice", candle.empty() ? view.derivatives.mark_price() : candle.back().close, 8);
            out.push_back('}');
        }
    }
    out.push_back(']');
    return out;
}

// Only what is not settled every eight hours is in this list.
Answer<std::string> funding_info(const Request& request) {
    Stream& stream = request.market.stream();
    const std::int64_t hours = stream.funding_interval() / std::chrono::hours{1};
    std::string out = "[";
    const auto [begin, end] = stream.indices(request.market.segment());
    for (std::size_t i = begin; i < end && hours != 8; ++i) {
        if (i > begin) out.push_back(',');
        out.push_back('{');
        append_text(out, "symbol", stream.symbol(i).instrument.symbol);
        append_text(out, "adjustedFundingRateCap", "0.00500000");
        append_text(out, "adjustedFundingRateFloor", "-0.00500000");
        append_count(out, "fundingIntervalHours", hours);
        out.append(",\"disclaimer\":false");
        append_count(out, "updateTime", to_ms(stream.symbol(i).tape.earliest() + stream.shift()));
        out.push_back('}');
    }
    out.push_back(']');
    return out;
}

// One side, in base currency: half of what Bybit's openInterest counts.
Answer<std::string> open_interest(const Request& request) {
    const auto index = request.symbol();
    if (!index) return tl::unexpected(index.error());
    const SymbolView view = request.market.stream().symbol(*index);
    std::string out = "{";
    append_text(out, "symbol", view.instrument.symbol);
    append_quantity(out, "openInterest", request.market.stream().ticker(*index).interest_lots, figures_of(view));
    append_count(out, "time", to_ms(request.now));
    out.push_back('}');
    return out;
}

Answer<std::string> open_interest_history(const Request& request) {
    const auto page = page_of(request);
    if (!page) return tl::unexpected(page.error());
    const SymbolView view = request.market.stream().symbol(page->index);
    const Nanos shift = request.market.stream().shift();
    std::string out = "[";
    for (const sim::Sample& one :
         view.derivatives.open_interest(page->period, page->from - shift, page->to - shift, page->limit)) {
        const double base = one.value * view.size;
        const auto candle =
            view.tape.candles(std::chrono::minutes{30}, one.at - std::chrono::minutes{30}, one.at, 1, shift);
        const double price = candle.empty() ? view.derivatives.mark_price() : candle.back().close;
        if (out.size() > 1) out.push_back(',');
        out.push_back('{');
        append_text(out, "symbol", view.instrument.symbol);
        append_value(out, "sumOpenInterest", base, 8);
        append_value(out, "sumOpenInterestValue", base * price, 8);
        append_count(out, "timestamp", to_ms(one.at + shift));
        out.push_back('}');
    }
    out.push_back(']');
    return out;
}

Answer<std::string> long_short_ratio(const Request& request) {
    auto of = market::RatioOf::accounts;
    if (request.asked.path.ends_with("/topLongShortAccountRatio")) of = market::RatioOf::top_accounts;
    if (request.asked.path.ends_with("/topLongShortPositionRatio")) of = market::RatioOf::top_positions;
    const auto page = page_of(request);
    if (!page) return tl::unexpected(page.error());
    const SymbolView view = request.market.stream().symbol(page->index);
    const Nanos shift = request.market.stream().shift();
    std::string out = "[";
    for (const sim::Sample& one :
         view.derivatives.long_shares(of, page->period, page->from - shift, page->to - shift, page->limit)) {
        if (out.size() > 1) out.push_back(',');
        out.push_back('{');
        append_text(out, "symbol", view.instrument.symbol);
        append_value(out, "longAccount", one.value, 4);
        append_value(out, "longShortRatio", one.value / (1 - one.value), 4);
        append_value(out, "shortAccount", 1 - one.value, 4);
        append_count(out, "timestamp", to_ms(one.at + shift));
        out.push_back('}');
    }
    out.push_back(']');
    return out;
}

Answer<std::string> taker_ratio(const Request& request) {
    const auto page = page_of(request);
    if (!page) return tl::unexpected(page.error());
    std::string out = "[";
    for (const market::Candle& candle : request.market.candles(page->index, page->period, page->from,
                                                               floor_to(page->to, page->period), page->limit)) {
        const double bought = request.market.flow(page->index, candle).bought_base;
        const double sold = candle.volume_base - bought;
        if (out.size() > 1) out.push_back(',');
        out.push_back('{');
        append_value(out, "buySellRatio", sold > 0 ? bought / sold : 0, 4);
        append_value(out, "sellVol", sold, 4);
        append_value(out, "buyVol", bought, 4);
        append_count(out, "timestamp", to_ms(candle.open_time));
        out.push_back('}');
    }
    out.push_back(']');
    return out;
}

}  // namespace vt::demo::binance
