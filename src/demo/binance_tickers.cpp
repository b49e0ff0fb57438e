// Tickers of Binance's markets.

#include "demo/binance_rest.hpp"

#include <simdjson.h>

#include <cmath>

namespace vt::demo::binance {
namespace {

std::uint64_t trade_count(const SymbolView& view) {
    return view.recent_trades.empty() ? 0 : view.recent_trades.back().trade.id.low;
}

void append_day(std::string& out, const SymbolView& view, const TickerFields& now, Timestamp at) {
    const Figures figures = figures_of(view);
    const double volume = now.volume_lots * view.instrument.lot();
    out.push_back('{');
    append_text(out, "symbol", view.instrument.symbol);
    append_price(out, "priceChange", now.last - now.open_24h, figures);
    out.append(",\"priceChangePercent\":\"");
    append_fixed(out, static_cast<double>(now.change_ppm) / 1e4, 3);
    out.append("\",\"weightedAvgPrice\":\"");
    append_fixed(out, volume > 0 ? now.turnover / volume : view.instrument.price(Ticks{now.last}), 8);
    out.push_back('"');
    if (figures.is_spot) append_price(out, "prevClosePrice", now.open_24h, figures);
    append_price(out, "lastPrice", now.last, figures);
    append_quantity(out, "lastQty", view.recent_trades.empty() ? 0 : view.recent_trades.back().trade.quantity.value(),
                    figures);
    if (figures.is_spot) {
        append_price(out, "bidPrice", now.bid, figures);
        append_quantity(out, "bidQty", now.bid_lots, figures);
        append_price(out, "askPrice", now.ask, figures);
        append_quantity(out, "askQty", now.ask_lots, figures);
    }
    append_price(out, "openPrice", now.open_24h, figures);
    append_price(out, "highPrice", now.high_24h, figures);
    append_price(out, "lowPrice", now.low_24h, figures);
    append_quantity(out, "volume", std::llround(now.volume_lots), figures);
    out.append(",\"quoteVolume\":\"");
    figures.append_quote(out, now.turnover);
    out.push_back('"');
    append_count(out, "openTime", to_ms(at) - 86'400'000);
    append_count(out, "closeTime", to_ms(at));
    append_count(out, "firstId", std::int64_t{1});
    append_count(out, "lastId", trade_count(view));
    append_count(out, "count", trade_count(view));
    out.push_back('}');
}

/// The same object for one symbol, or a list of them.
template <class Append>
Answer<std::string> listed(const Request& request, Append&& append) {
    const auto which = named(request);
    if (!which) return tl::unexpected(which.error());
    std::string out = which->is_one ? "" : "[";
    for (const std::size_t index : which->indices) {
        if (out.size() > 1) out.push_back(',');
        append(out, request.market.stream().symbol(index), index);
    }
    if (!which->is_one) out.push_back(']');
    return out;
}

}  // namespace

Answer<Named> named(const Request& request) {
    Named result;
    if (request.has_symbol()) {
        const auto index = request.symbol();
        if (!index) return tl::unexpected(index.error());
        result = {.indices = {*index}, .is_one = true};
        return result;
    }
    const std::string some = request.text("symbols");
    if (request.market.is_spot() && !some.empty()) {
        simdjson::dom::parser parser;
        simdjson::dom::array names;
        if (parser.parse(some).get(names) != simdjson::SUCCESS)
            return refuse(-1100, "Illegal characters found in parameter 'symbols'.");
        for (const simdjson::dom::element name : names) {
            std::string_view text;
            const auto index =
                name.get(text) == simdjson::SUCCESS ? request.market.find(text) : std::optional<std::size_t>();
            if (!index) return refuse(-1121, "Invalid symbol.");
            result.indices.push_back(*index);
        }
        return result;
    }
    const auto [begin, end] = request.market.stream().indices(request.market.segment());
    for (std::size_t i = begin; i < end; ++i) {
        if (request.market.stream().symbol(i).is_listed) result.indices.push_back(i);
    }
    return result;
}

Answer<std::string> day_tickers(const Request& request) {
    return listed(request, [&](std::string& out, const SymbolView& view, std::size_t index) {
        append_day(out, view, request.market.stream().ticker(index), request.now);
    });
}

Answer<std::string> prices(const Request& request) {
    return listed(request, [&](std::string& out, const SymbolView& view, std::size_t) {
        out.push_back('{');
        append_text(out, "symbol", view.instrument.symbol);
        append_price(out, "price", view.tape.last_price().value(), figures_of(view));
        if (!request.market.is_spot()) append_count(out, "time", to_ms(request.now));
        out.push_back('}');
    });
}

Answer<std::string> best_quotes(const Request& request) {
    return listed(request, [&](std::string& out, const SymbolView& view, std::size_t index) {
        const TickerFields now = request.market.stream().ticker(index);
        const Figures figures = figures_of(view);
        out.push_back('{');
        append_text(out, "symbol", view.instrument.symbol);
        append_price(out, "bidPrice", now.bid, figures);
        append_quantity(out, "bidQty", now.bid_lots, figures);
        append_price(out, "askPrice", now.ask, figures);
        append_quantity(out, "askQty", now.ask_lots, figures);
        if (!figures.is_spot) {
            append_count(out, "time", to_ms(request.now));
            append_count(out, "lastUpdateId", BinanceMarket::update_id(view));
        }
        out.push_back('}');
    });
}

Answer<std::string> average_price(const Request& request) {
    const auto index = request.symbol();
    if (!index) return tl::unexpected(index.error());
    const SymbolView view = request.market.stream().symbol(*index);
    double base = 0;
    double quote = 0;
    const Timestamp from = request.now - std::chrono::minutes{5};
    for (const market::Candle& one : request.market.candles(*index, std::chrono::minutes{1}, from, request.now, 5)) {
        base += one.volume_base;
        quote += one.turnover_quote;
    }
    std::string out = R"({"mins":5,"price":")";
    append_fixed(out, base > 0 ? quote / base : view.instrument.price(view.tape.last_price()), 8);
    out.push_back('"');
    append_count(out, "closeTime", to_ms(request.now));
    out.push_back('}');
    return out;
}

}  // namespace vt::demo::binance
