// What Binance's streams say, step by step.

#include "demo/binance_market_impl.hpp"

#include <algorithm>
#include <cmath>

namespace vt::demo {

using binance::append_count;
using binance::append_price;
using binance::append_quantity;
using binance::append_text;
using binance::Figures;
using binance::figures_of;
using market::Side;

namespace {

/// Steps of 20 ms do not divide every cadence: due is the first one at or behind each multiple.
bool is_due_in(Timestamp at, Nanos every) {
    const std::int64_t ns = to_ns(at);
    return ns / every.count() != (ns - sim::kStepNs) / every.count();
}

bool is_same_quote(const TickerFields& a, const TickerFields& b) {
    return a.bid == b.bid && a.bid_lots == b.bid_lots && a.ask == b.ask && a.ask_lots == b.ask_lots;
}

}  // namespace

void BinanceMarket::Impl::begin(std::string_view event, std::int64_t at_ms, std::string_view symbol) {
    text.push_back('{');
    append_text(text, "e", event);
    append_count(text, "E", at_ms);
    append_text(text, "s", symbol);
}

bool BinanceMarket::Impl::depth(Topic& topic, Timestamp at) {
    const SymbolView of = view(topic);
    const std::uint64_t update = BinanceMarket::update_id(of);
    if (!topic.window.refresh(of.book)) return false;
    begin("depthUpdate", to_ms(at), of.instrument.symbol);
    if (!is_spot) append_count(text, "T", to_ms(at));
    append_count(text, "U", topic.last_update + 1);
    append_count(text, "u", update);
    if (!is_spot) append_count(text, "pu", topic.last_update);
    topic.last_update = update;
    text.append(",\"b\":");
    binance::append_levels(text, topic.window.bid_changes(), figures_of(of));
    text.append(",\"a\":");
    binance::append_levels(text, topic.window.ask_changes(), figures_of(of));
    text.push_back('}');
    return true;
}

bool BinanceMarket::Impl::partial_depth(Topic& topic, Timestamp at) {
    const SymbolView of = view(topic);
    if (!topic.window.refresh(of.book)) return false;
    const std::uint64_t update = BinanceMarket::update_id(of);
    if (is_spot) {
        text.push_back('{');
        append_count(text, "lastUpdateId", update);
        text.append(",\"bids\":");
    } else {
        begin("depthUpdate", to_ms(at), of.instrument.symbol);
        append_count(text, "T", to_ms(at));
        append_count(text, "U", topic.last_update + 1);
        append_count(text, "u", update);
        append_count(text, "pu", topic.last_update);
        text.append(",\"b\":");
    }
    topic.last_update = update;
    binance::append_levels(text, topic.window.bids(), figures_of(of));
    text.append(is_spot ? ",\"asks\":" : ",\"a\":");
    binance::append_levels(text, topic.window.asks(), figures_of(of));
    text.push_back('}');
    return true;
}

bool BinanceMarket::Impl::best_quote(Topic& topic, Timestamp at) {
    const SymbolView of = view(topic);
    const auto bid = of.book.best(Side::buy);
    const auto ask = of.book.best(Side::sell);
    if (!bid || !ask) return false;
    TickerFields now;
    now.bid = bid->price.value();
    now.bid_lots = bid->quantity.value();
    now.ask = ask->price.value();
    now.ask_lots = ask->quantity.value();
    if (topic.ticker && is_same_quote(*topic.ticker, now)) return false;
    topic.ticker = now;
    const Figures figures = figures_of(of);
    text.push_back('{');
    if (!is_spot) append_text(text, "e", "bookTicker");
    append_count(text, "u", BinanceMarket::update_id(of));
    append_text(text, "s", of.instrument.symbol);
    append_price(text, "b", now.bid, figures);
    append_quantity(text, "B", now.bid_lots, figures);
    append_price(text, "a", now.ask, figures);
    append_quantity(text, "A", now.ask_lots, figures);
    if (!is_spot) {
        append_count(text, "T", to_ms(at));
        append_count(text, "E", to_ms(at));
    }
    text.push_back('}');
    return true;
}

void BinanceMarket::Impl::trades(Topic& topic, Timestamp at, const Sink& sink) {
    const Symbol& symbol = symbols[*topic.symbol];
    const SymbolView of = stream.symbol(symbol.index);
    for (const WireTrade& one : stream.step_of(symbol.index).trades) {
        text.clear();
        begin("trade", to_ms(at), of.instrument.symbol);
        append_count(text, "T", one.at_ms);
        append_count(text, "t", one.trade.id.low);
        append_price(text, "p", one.trade.price.value(), figures_of(of));
        append_quantity(text, "q", one.trade.quantity.value(), figures_of(of));
        if (!is_spot) append_text(text, "X", "MARKET");
        text.append(one.trade.aggressor == Side::sell ? ",\"m\":true" : ",\"m\":false");
        text.append(is_spot ? ",\"M\":true}" : "}");
        sink(topic.id, text);
    }
}

void BinanceMarket::Impl::aggregates(Topic& topic, Timestamp at, const Sink& sink) {
    const Symbol& symbol = symbols[*topic.symbol];
    const SymbolView of = stream.symbol(symbol.index);
    for (const binance::Aggregate& one : symbol.fresh) {
        text.clear();
        begin("aggTrade", to_ms(at), of.instrument.symbol);
        append_count(text, "a", one.id);
        append_price(text, "p", one.ticks, figures_of(of));
        append_quantity(text, "q", one.lots, figures_of(of));
        append_count(text, "f", one.first);
        append_count(text, "l", one.last);
        append_count(text, "T", one.at_ms);
        text.append(one.aggressor == Side::sell ? ",\"m\":true" : ",\"m\":false");
        text.append(is_spot ? ",\"M\":true}" : "}");
        sink(topic.id, text);
    }
}

void BinanceMarket::Impl::candles(Topic& topic, Timestamp at, const Sink& sink) {
    const Symbol& symbol = symbols[*topic.symbol];
    const Nanos interval = topic.name.interval;
    for (const market::Candle& candle : market.candles(symbol.index, interval, at - 2 * interval, at, 2)) {
        const bool is_new = !topic.candle || candle.open_time >= topic.candle->open_time;
        if (!is_new || candle == topic.candle || (!topic.candle && candle.is_closed)) continue;
        topic.candle = candle;
        const SymbolView of = stream.symbol(symbol.index);
        const Figures figures = figures_of(of);
        const binance::CandleFlow flow = market.flow(symbol.index, candle);
        text.clear();
        begin("kline", to_ms(at), of.instrument.symbol);
        text.append(",\"k\":{");
        append_count(text, "t", to_ms(candle.open_time));
        append_count(text, "T", to_ms(candle.open_time + candle.interval) - 1);
        append_text(text, "s", of.instrument.symbol);
        append_text(text, "i", topic.name.interval_name);
        append_count(text, "f", flow.first);
        append_count(text, "L", flow.last);
        const auto price = [&](std::string_view key, double value) {
            append_price(text, key, std::llround(value / of.instrument.tick()), figures);
        };
        price("o", candle.open);
        price("c", candle.close);
        price("h", candle.high);
        price("l", candle.low);
        text.append(",\"v\":\"");
        figures.append_base(text, candle.volume_base);
        text.append("\"");
        append_count(text, "n", flow.count);
        text.append(candle.is_closed ? ",\"x\":true,\"q\":\"" : ",\"x\":false,\"q\":\"");
        figures.append_quote(text, candle.turnover_quote);
        text.append("\",\"V\":\"");
        figures.append_base(text, flow.bought_base);
        text.append("\",\"Q\":\"");
        figures.append_quote(text, flow.bought_quote);
        text.append("\",\"B\":\"0\"}}");
        sink(topic.id, text);
    }
}

void BinanceMarket::Impl::append_mark(const Symbol& symbol, std::int64_t at_ms) {
    const SymbolView of = stream.symbol(symbol.index);
    const double basis = static_cast<double>(of.basis_ticks) * of.instrument.tick();
    begin("markPriceUpdate", at_ms, of.instrument.symbol);
    const auto price = [&](std::string_view key, double value) {
        text.append(",\"").append(key).append("\":\"");
        append_fixed(text, value, 8);
        text.push_back('"');
    };
    price("p", of.derivatives.mark_price() + basis);
    price("ap", of.derivatives.mark_price() + basis);
    price("P", of.derivatives.mark_price() + basis);
    price("i", of.derivatives.index_price());
    price("r", of.derivatives.funding_rate());
    append_count(text, "T", to_ms(of.derivatives.next_funding() + stream.shift()));
    text.push_back('}');
}

bool BinanceMarket::Impl::mark_price(Topic& topic, Timestamp at) {
    if (topic.symbol) {
        append_mark(symbols[*topic.symbol], to_ms(at));
        return true;
    }
    text.push_back('[');
    for (const Symbol& symbol : symbols) {
        if (!stream.symbol(symbol.index).is_listed) continue;
        if (text.size() > 1) text.push_back(',');
        append_mark(symbol, to_ms(at));
    }
    text.push_back(']');
    return true;
}

void BinanceMarket::Impl::append_mini(const Symbol& symbol, const TickerFields& fields, const Figures& figures,
                                      std::int64_t at_ms) {
    begin("24hrMiniTicker", at_ms, stream.symbol(symbol.index).instrument.symbol);
    append_price(text, "c", fields.last, figures);
    append_price(text, "o", fields.open_24h, figures);
    append_price(text, "h", fields.high_24h, figures);
    append_price(text, "l", fields.low_24h, figures);
    text.append(",\"v\":\"");
    figures.append_quantity(text, std::llround(fields.volume_lots));
    text.append("\",\"q\":\"");
    figures.append_quote(text, fields.turnover);
    text.append("\"}");
}

bool BinanceMarket::Impl::mini_tickers(Topic& topic, Timestamp at) {
    if (topic.symbol) {
        const Symbol& symbol = symbols[*topic.symbol];
        const TickerFields now = stream.ticker(symbol.index);
        if (topic.ticker == now) return false;
        topic.ticker = now;
        append_mini(symbol, now, figures_of(stream.symbol(symbol.index)), to_ms(at));
        return true;
    }
    text.push_back('[');
    for (std::size_t i = 0; i < symbols.size(); ++i) {  // only those that have traded since
        const SymbolView of = stream.symbol(symbols[i].index);
        const auto traded = static_cast<std::int64_t>(symbols[i].next_aggregate);
        if (!of.is_listed || topic.last_of[i] == traded) continue;
        topic.last_of[i] = traded;
        if (text.size() > 1) text.push_back(',');
        append_mini(symbols[i], stream.ticker(symbols[i].index), figures_of(of), to_ms(at));
    }
    text.push_back(']');
    return text.size() > 2;
}

bool BinanceMarket::Impl::ticker(Topic& topic, Timestamp at) {
    const Symbol& symbol = symbols[*topic.symbol];
    const TickerFields now = stream.ticker(symbol.index);
    if (topic.ticker == now) return false;
    topic.ticker = now;
    const SymbolView of = stream.symbol(symbol.index);
    const Figures figures = figures_of(of);
    begin("24hrTicker", to_ms(at), of.instrument.symbol);
    append_price(text, "p", now.last - now.open_24h, figures);
    text.append(",\"P\":\"");
    append_fixed(text, static_cast<double>(now.change_ppm) / 1e4, 3);
    text.append("\",\"w\":\"");
    const double volume = now.volume_lots * of.instrument.lot();
    append_fixed(text, volume > 0 ? now.turnover / volume : of.instrument.price(Ticks{now.last}), 8);
    text.push_back('"');
    if (is_spot) append_price(text, "x", now.open_24h, figures);
    append_price(text, "c", now.last, figures);
    const std::int64_t last_lots = of.recent_trades.empty() ? 0 : of.recent_trades.back().trade.quantity.value();
    append_quantity(text, "Q", last_lots, figures);
    if (is_spot) {
        append_price(text, "b", now.bid, figures);
        append_quantity(text, "B", now.bid_lots, figures);
        append_price(text, "a", now.ask, figures);
        append_quantity(text, "A", now.ask_lots, figures);
    }
    append_price(text, "o", now.open_24h, figures);
    append_price(text, "h", now.high_24h, figures);
    append_price(text, "l", now.low_24h, figures);
    text.append(",\"v\":\"");
    figures.append_quantity(text, std::llround(now.volume_lots));
    text.append("\",\"q\":\"");
    figures.append_quote(text, now.turnover);
    text.append("\"");
    append_count(text, "O", to_ms(at) - 86'400'000);
    append_count(text, "C", to_ms(at));
    append_count(text, "F", std::int64_t{1});
    append_count(text, "L", of.recent_trades.empty() ? 0 : of.recent_trades.back().trade.id.low);
    append_count(text, "n", of.recent_trades.empty() ? 0 : of.recent_trades.back().trade.id.low);
    text.push_back('}');
    return true;
}

bool BinanceMarket::Impl::average_price(Topic& topic, Timestamp at) {
    const Symbol& symbol = symbols[*topic.symbol];
    const SymbolView of = stream.symbol(symbol.index);
    double base = 0;
    double quote = 0;
    for (const market::Candle& one :
         market.candles(symbol.index, std::chrono::minutes{1}, at - std::chrono::minutes{5}, at, 5)) {
        base += one.volume_base;
        quote += one.turnover_quote;
    }
    begin("avgPrice", to_ms(at), of.instrument.symbol);
    append_text(text, "i", "5m");
    text.append(",\"w\":\"");
    append_fixed(text, base > 0 ? quote / base : of.instrument.price(of.tape.last_price()), 8);
    text.append("\"");
    append_count(text, "T", to_ms(at));
    text.push_back('}');
    return true;
}

// Of all liquidations of a symbol within a second only the last one is told. S is the order's side: a long is sold.
void BinanceMarket::Impl::liquidations(Topic& topic, Timestamp at, const Sink& sink) {
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        if ((topic.symbol && *topic.symbol != i) || symbols[i].liquidations.empty()) continue;
        const WireLiquidation& last = symbols[i].liquidations.back();
        const SymbolView of = stream.symbol(symbols[i].index);
        const Figures figures = figures_of(of);
        const bool is_long = last.liquidation.side == market::LiquidatedSide::long_position;
        text.clear();
        text.push_back('{');
        append_text(text, "e", "forceOrder");
        append_count(text, "E", to_ms(at));
        text.append(",\"o\":{");
        append_text(text, "s", of.instrument.symbol);
        append_text(text, "S", is_long ? "SELL" : "BUY");
        append_text(text, "o", "LIMIT");
        append_text(text, "f", "IOC");
        const auto lots = std::max<std::int64_t>(1, std::llround(last.liquidation.quantity / of.instrument.lot()));
        append_quantity(text, "q", lots, figures);
        const std::int64_t ticks = std::llround(last.liquidation.price / of.instrument.tick());
        append_price(text, "p", ticks, figures);
        append_price(text, "ap", ticks, figures);
        append_text(text, "X", "FILLED");
        append_quantity(text, "l", lots, figures);
        append_quantity(text, "z", lots, figures);
        append_count(text, "T", last.at_ms);
        text.append("}}");
        sink(topic.id, text);
    }
}

void BinanceMarket::Impl::publish(Topic& topic, Timestamp at, const Sink& sink) {
    using Kind = BinanceName::Kind;
    if (!sink || (topic.symbol && !stream.symbol(symbols[*topic.symbol].index).is_listed)) return;
    text.clear();
    bool has_frame = false;
    const bool due = topic.name.every == Nanos{0} || is_due_in(at, topic.name.every);
    switch (topic.name.kind) {
        case Kind::trade: return trades(topic, at, sink);
        case Kind::aggregate_trade: return aggregates(topic, at, sink);
        case Kind::best_quote: has_frame = best_quote(topic, at); break;
        case Kind::depth: has_frame = due && depth(topic, at); break;
        case Kind::partial_depth: has_frame = due && partial_depth(topic, at); break;
        case Kind::candles: return due ? candles(topic, at, sink) : void();
        case Kind::mark_price: has_frame = due && mark_price(topic, at); break;
        case Kind::ticker: has_frame = due && ticker(topic, at); break;
        case Kind::mini_ticker: has_frame = due && mini_tickers(topic, at); break;
        case Kind::liquidations: return due ? liquidations(topic, at, sink) : void();
        case Kind::average_price: has_frame = due && average_price(topic, at); break;
        case Kind::shutdown: break;
    }
    if (has_frame) sink(topic.id, text);
}

}  // namespace vt::demo
