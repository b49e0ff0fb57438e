// Our side of the comparison with ccxt: each kind of payload through our codecs, under ccxt's names.

#include "exchange/binance/account_codec.hpp"
#include "exchange/binance/codec.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/bybit/account_codec.hpp"
#include "exchange/bybit/codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/ccxt_agreement.hpp"
#include "market/instrument_directory.hpp"

#include <algorithm>
#include <cstdio>

namespace vt::exchange {
namespace {

using Rows = std::vector<OurRow>;

constexpr Timestamp kNow = from_ms(1'900'000'000'000);

std::optional<double> number(const std::optional<Decimal>& value) {
    return value ? std::optional(value->to_double()) : std::nullopt;
}
std::optional<double> number(const std::optional<Timestamp>& value) {
    return value ? std::optional(static_cast<double>(to_ms(*value))) : std::nullopt;
}
std::optional<double> number(Timestamp value) { return static_cast<double>(to_ms(value)); }
std::optional<std::string> text(const std::string& value) {
    return value.empty() ? std::nullopt : std::optional(value);
}
std::optional<std::string> flag(bool value) { return value ? "true" : "false"; }
std::optional<std::string> side_text(market::Side side) { return side == market::Side::buy ? "buy" : "sell"; }

market::Category category_of(const CcxtCase& payload) {
    if (payload.category == "spot") return market::Category::spot;
    return payload.category == "inverse" ? market::Category::inverse : market::Category::linear;
}

market::Instrument instrument_of(const CcxtCase& payload) {
    market::Instrument instrument;
    instrument.venue = payload.venue == "bybit" ? market::Venue::bybit : market::Venue::binance;
    instrument.category = category_of(payload);
    instrument.symbol = payload.symbol;
    instrument.base = payload.base;
    instrument.quote = payload.quote;
    instrument.settle = payload.settle;
    instrument.tick_size = *parse_decimal(payload.tick);
    instrument.lot_size = *parse_decimal(payload.lot);
    return instrument;
}

std::string id_text(market::TradeId id) {
    if (id.high <= 1) return std::to_string(id.low);  // 1: Binance's aggregates
    char buffer[40];
    std::snprintf(
        buffer, sizeof buffer, "%08llx-%04llx-%04llx-%04llx-%012llx", static_cast<unsigned long long>(id.high >> 32),
        static_cast<unsigned long long>((id.high >> 16) & 0xFFFF), static_cast<unsigned long long>(id.high & 0xFFFF),
        static_cast<unsigned long long>(id.low >> 48), static_cast<unsigned long long>(id.low & 0xFFFF'FFFF'FFFFULL));
    return buffer;
}

OurRow row_of(const market::Instrument& instrument) {
    const market::OrderLimits& limits = instrument.limits;
    const auto& step = limits.quantity_step ? *limits.quantity_step : instrument.lot_size;
    const char* const type = instrument.kind() == market::ContractKind::spot    ? "spot"
                             : instrument.kind() == market::ContractKind::dated ? "future"
                                                                                : "swap";
    const bool is_spot = instrument.category == market::Category::spot;
    OurRow row{.of = instrument.symbol, .numbers = {}, .texts = {}};
    row.texts = {{"id", instrument.symbol},
                 {"symbol", instrument.unified_symbol()},
                 {"base", instrument.base},
                 {"quote", instrument.quote},
                 {"settle", text(instrument.settle)},
                 {"type", type},
                 {"active", flag(instrument.is_trading())}};
    row.numbers = {{"precision.price", instrument.tick()},
                   {"precision.amount", step.to_double()},
                   {"contractSize", is_spot ? std::nullopt : std::optional(instrument.contract_size.to_double())},
                   {"created", number(instrument.launched_at)},
                   {"expiry", instrument.is_dated ? number(instrument.delivers_at) : std::nullopt},
                   {"limits.amount.min", number(limits.quantity_min)},
                   {"limits.amount.max", number(limits.quantity_max)},
                   {"limits.price.min", number(limits.price_min)},
                   {"limits.price.max", number(limits.price_max)},
                   {"limits.cost.min", number(limits.notional_min)},
                   {"limits.leverage.max", number(limits.leverage_max)}};
    return row;
}

OurRow row_of(const market::Ticker& ticker) {
    OurRow row;
    row.numbers = {{"last", ticker.last_price},
                   {"high", ticker.high_24h},
                   {"low", ticker.low_24h},
                   {"open", ticker.previous_price_24h},
                   {"percentage", ticker.change_24h ? std::optional(*ticker.change_24h * 100) : std::nullopt},
                   {"baseVolume", ticker.volume_24h_base},
                   {"quoteVolume", ticker.turnover_24h_quote},
                   {"markPrice", ticker.mark_price},
                   {"indexPrice", ticker.index_price}};
    return row;
}

OurRow row_of(const market::Trade& trade, Timestamp at, const market::Instrument& instrument) {
    OurRow row;
    row.numbers = {{"price", instrument.price(trade.price)},
                   {"amount", instrument.quantity(trade.quantity)},
                   {"timestamp", number(at)}};
    row.texts = {{"id", id_text(trade.id)}, {"side", side_text(trade.aggressor)}};
    return row;
}

OurRow row_of(const market::Candle& candle) {
    OurRow row;
    row.numbers = {{"0", number(candle.open_time)},
                   {"1", candle.open},
                   {"2", candle.high},
                   {"3", candle.low},
                   {"4", candle.close},
                   {"5", candle.volume_base}};
    return row;
}

OurRow row_of(const market::Liquidation& liquidation, Timestamp at) {
    OurRow row;
    row.numbers = {{"contracts", liquidation.quantity}, {"price", liquidation.price}, {"timestamp", number(at)}};
    // ccxt names the side of the order that closed the position.
    row.texts = {{"side", liquidation.side == market::LiquidatedSide::long_position ? "sell" : "buy"}};
    return row;
}

OurRow row_of(const OrderReport& order) {
    const auto time_in_force = [&]() -> std::string {
        switch (order.time_in_force) {
            case TimeInForce::gtc: return "GTC";
            case TimeInForce::ioc: return "IOC";
            case TimeInForce::fok: return "FOK";
            case TimeInForce::post_only: return "PO";
            case TimeInForce::gtd: return "GTD";
        }
        return "";
    };
    const auto status = [&]() -> std::string {
        switch (order.state) {
            case OrderState::waiting:
            case OrderState::open:
            case OrderState::partly_filled: return "open";
            case OrderState::filled: return "closed";
            case OrderState::cancelled: return "canceled";
            case OrderState::rejected: return "rejected";
            case OrderState::expired: return "expired";
        }
        return "";
    };
    OurRow row;
    row.texts = {{"id", order.id},
                 {"clientOrderId", text(order.client_id)},
                 {"side", side_text(order.side)},
                 {"type", std::string(name(order.kind))},
                 {"timeInForce", time_in_force()},
                 {"postOnly", flag(order.time_in_force == TimeInForce::post_only)},
                 {"reduceOnly", flag(order.is_reduce_only)},
                 {"status", status()}};
    row.numbers = {{"price", number(order.price)},
                   {"amount", number(order.quantity)},
                   {"filled", number(order.filled)},
                   {"average", order.average_price},
                   {"cost", order.filled_value},
                   {"triggerPrice", number(order.trigger_price)},
                   {"takeProfitPrice", number(order.take_profit)},
                   {"stopLossPrice", number(order.stop_loss)},
                   {"timestamp", number(order.created_at)},
                   {"lastUpdateTimestamp", number(order.updated_at)}};
    return row;
}

OurRow row_of(const ExecutionReport& execution) {
    OurRow row;
    row.texts = {
        {"id", execution.id},
        {"order", text(execution.order_id)},
        {"side", side_text(execution.side)},
        {"takerOrMaker",
         execution.is_maker ? std::optional<std::string>(*execution.is_maker ? "maker" : "taker") : std::nullopt},
        {"fee.currency", text(execution.fee_currency)}};
    row.numbers = {{"price", number(execution.price)},
                   {"amount", number(execution.quantity)},
                   {"cost", execution.value},
                   {"fee.cost", execution.fee},
                   {"timestamp", number(execution.at)}};
    return row;
}

OurRow row_of(const PositionReport& position) {
    OurRow row;
    row.texts = {{"side", position.side
                              ? std::optional<std::string>(*position.side == market::Side::buy ? "long" : "short")
                              : std::nullopt}};
    row.numbers = {{"contracts", number(position.quantity)}, {"entryPrice", position.entry_price},
                   {"markPrice", position.mark_price},       {"liquidationPrice", position.liquidation_price},
                   {"leverage", position.leverage},          {"unrealizedPnl", position.unrealised}};
    return row;
}

OurRow row_of(const BalanceReport& balance) {
    OurRow row{.of = balance.currency, .numbers = {}, .texts = {}};
    row.numbers = {{"total", balance.total}, {"free", balance.free}, {"used", balance.locked}};
    return row;
}

template <class T>
Result<Rows> rows_of(const Result<std::vector<T>>& values) {
    if (!values) return fail(values.error().code, values.error().what);
    Rows rows;
    for (const T& value : *values) rows.push_back(row_of(value));
    return rows;
}

Rows level_rows(std::span<const market::Level> bids, std::span<const market::Level> asks,
                const market::Instrument& instrument) {
    Rows rows;
    const auto add = [&](std::span<const market::Level> levels, const char* side) {
        for (std::size_t i = 0; i < levels.size(); ++i) {
            OurRow row{.of = std::string(side) + "." + std::to_string(i), .numbers = {}, .texts = {}};
            row.numbers = {{"0", instrument.price(levels[i].price)}, {"1", instrument.quantity(levels[i].quantity)}};
            rows.push_back(std::move(row));
        }
    };
    add(bids, "bids");
    add(asks, "asks");
    return rows;
}

/// The rows of what a history appended, which is oldest first.
Rows event_rows(const Output& out, const market::Instrument& instrument, bool is_reversed) {
    Rows rows;
    for (const market::Event& event : out.events) {
        OurRow row;
        if (const auto* candle = std::get_if<market::Candle>(&event.body)) row = row_of(*candle);
        if (const auto* trade = std::get_if<market::Trade>(&event.body))
            row = row_of(*trade, event.exchange_time, instrument);
        if (const auto* liquidation = std::get_if<market::Liquidation>(&event.body))
            row = row_of(*liquidation, event.exchange_time);
        if (const auto* ticker = std::get_if<market::Ticker>(&event.body)) row = row_of(*ticker);
        if (const auto* settlement = std::get_if<market::FundingSettlement>(&event.body))
            row.numbers = {{"fundingRate", settlement->rate}, {"timestamp", number(event.exchange_time)}};
        if (const auto* sample = std::get_if<market::OpenInterestSample>(&event.body))
            row.numbers = {{"openInterestAmount", sample->base}, {"timestamp", number(event.exchange_time)}};
        if (const auto* ratio = std::get_if<market::LongShortRatio>(&event.body))
            row.numbers = {{"longShortRatio", ratio->long_share / ratio->short_share},
                           {"timestamp", number(event.exchange_time)}};
        rows.push_back(std::move(row));
    }
    if (is_reversed) std::reverse(rows.begin(), rows.end());
    return rows;
}

Result<Rows> bybit_frame(const CcxtCase& payload, const market::InstrumentDirectory& directory) {
    bybit::Codec codec(category_of(payload));
    Output out;
    const bybit::Frame frame = codec.decode(payload.body, directory, {kNow, 1}, out);
    if (frame.kind == bybit::FrameKind::rejected)
        return fail(Errc::malformed, out.rejections.back().source + " " + out.rejections.back().what);
    if (frame.kind != bybit::FrameKind::book) return event_rows(out, directory[market::InstrumentId{0}], false);
    const std::span<const market::Level> levels(out.levels);
    return level_rows(levels.first(frame.bid_count), levels.subspan(frame.bid_count),
                      directory[market::InstrumentId{0}]);
}

Result<Rows> bybit_rows(const CcxtCase& payload) {
    const std::string& kind = payload.kind;
    bybit::RestCodec rest;
    bybit::AccountCodec account;
    market::InstrumentDirectory directory;
    directory.list(instrument_of(payload));
    const market::Instrument& instrument = directory[market::InstrumentId{0}];
    const bybit::HistoryOf of{instrument.id, payload.symbol, instrument.category};
    const bybit::EventStamp stamp{kNow, 1};
    const Nanos minute = std::chrono::minutes{1};
    if (kind.starts_with("ws-")) return bybit_frame(payload, directory);
    if (kind == "order") return rows_of(account.orders(payload.body));
    if (kind == "mytrade") return rows_of(account.executions(payload.body));
    if (kind == "position") return rows_of(account.positions(payload.body));
    if (kind == "balance") return rows_of(account.balances(payload.body));
    if (kind == "market") {
        VT_TRY(const bybit::InstrumentsPage page, rest.instruments(payload.body, instrument.category));
        Rows rows;
        for (const market::Instrument& one : page.instruments) rows.push_back(row_of(one));
        return rows;
    }
    if (kind == "ticker") {
        VT_TRY(const std::vector<bybit::TickerRow> tickers, rest.tickers(payload.body, instrument.category));
        Rows rows;
        for (const bybit::TickerRow& one : tickers) rows.push_back(row_of(one.ticker));
        return rows;
    }
    if (kind == "orderbook") {
        VT_TRY(const bybit::BookSnapshot book, rest.book(payload.body, instrument));
        return level_rows(book.bids, book.asks, instrument);
    }
    if (kind == "pricebar") {
        VT_TRY(const std::vector<bybit::PriceBar> bars, rest.price_bars(payload.body, of, minute));
        Rows rows;
        for (const bybit::PriceBar& bar : bars) {
            OurRow row;
            row.numbers = {
                {"0", number(bar.open_time)}, {"1", bar.open}, {"2", bar.high}, {"3", bar.low}, {"4", bar.close}};
            rows.push_back(std::move(row));
        }
        std::reverse(rows.begin(), rows.end());
        return rows;
    }
    Output out;
    Result<std::size_t> count = fail(Errc::unsupported, "a kind that nobody reads: " + kind);
    if (kind == "ohlcv") count = rest.candles(payload.body, of, minute, stamp, out);
    if (kind == "trade") count = rest.trades(payload.body, instrument, stamp, out);
    if (kind == "fundinghistory") count = rest.funding(payload.body, of, stamp, out);
    if (kind == "openinterest") count = rest.open_interest(payload.body, of, stamp, out);
    if (kind == "longshort") count = rest.account_ratio(payload.body, of, stamp, out);
    if (!count) return fail(count.error().code, count.error().what);
    return event_rows(out, instrument, true);
}

Result<Rows> binance_frame(const CcxtCase& payload, const market::InstrumentDirectory& directory) {
    binance::Codec codec;
    VT_TRY(const binance::Message message, codec.decode(payload.body, category_of(payload), directory));
    const market::Instrument& instrument = directory[market::InstrumentId{0}];
    const Timestamp at = message.exchange_time.value_or(Timestamp{});
    using enum binance::MessageKind;
    switch (message.kind) {
        case trade:
        case aggregate_trade: return Rows{row_of(message.trade, at, instrument)};
        case day_ticker: return Rows{row_of(message.ticker)};
        case candle: return Rows{row_of(message.candle)};
        case liquidation: return Rows{row_of(message.liquidation, at)};
        default: return fail(Errc::unsupported, "passed over: " + std::string(message.text));
    }
}

Result<Rows> binance_rows(const CcxtCase& payload) {
    const std::string& kind = payload.kind;
    binance::RestCodec rest;
    binance::AccountCodec account;
    market::InstrumentDirectory directory;
    directory.list(instrument_of(payload));
    const market::Instrument& instrument = directory[market::InstrumentId{0}];
    const binance::HistoryOf of{instrument.id, payload.symbol};
    const binance::EventStamp stamp{kNow, 1};
    if (kind == "ws-order") {
        VT_TRY(const binance::AccountCodec::Event event, account.event(payload.body));
        return rows_of(Result<std::vector<OrderReport>>(event.orders));
    }
    if (kind.starts_with("ws-")) return binance_frame(payload, directory);
    if (kind == "order") return rows_of(account.orders(payload.body));
    if (kind == "mytrade") return rows_of(account.executions(payload.body));
    if (kind == "position") return rows_of(account.positions(payload.body));
    if (kind == "balance") return rows_of(account.balances(payload.body));
    if (kind == "market") {
        VT_TRY(const binance::Catalogue catalogue, rest.exchange_info(payload.body, instrument.category));
        Rows rows;
        for (const market::Instrument& one : catalogue.instruments) rows.push_back(row_of(one));
        return rows;
    }
    if (kind == "ticker") {
        VT_TRY(const std::vector<binance::DayTicker> tickers, rest.day_tickers(payload.body));
        Rows rows;
        for (const binance::DayTicker& one : tickers) rows.push_back(row_of(one.ticker));
        return rows;
    }
    if (kind == "fundingrate") {
        VT_TRY(const std::vector<binance::PremiumRow> premiums, rest.premium_index(payload.body));
        Rows rows;
        for (const binance::PremiumRow& one : premiums) {
            OurRow row;
            row.numbers = {{"fundingRate", one.ticker.funding_rate},
                           {"fundingTimestamp", number(one.ticker.next_funding_at)},
                           {"markPrice", one.ticker.mark_price},
                           {"indexPrice", one.ticker.index_price},
                           {"timestamp", number(one.at)}};
            rows.push_back(std::move(row));
        }
        return rows;
    }
    if (kind == "orderbook") {
        binance::Codec codec;
        VT_TRY(const binance::DepthSnapshot book, codec.depth_snapshot(payload.body, instrument));
        return level_rows(book.bids, book.asks, instrument);
    }
    Output out;
    Result<std::size_t> count = fail(Errc::unsupported, "a kind that nobody reads: " + kind);
    if (kind == "ohlcv" || kind == "pricebar")
        count = rest.candles(payload.body, {of, std::chrono::minutes{1}, kNow}, stamp, out);
    if (kind == "trade" || kind == "aggtrade") count = rest.trades(payload.body, instrument, stamp, out);
    if (kind == "fundinghistory") count = rest.funding(payload.body, of, stamp, out);
    if (kind == "openinterest") count = rest.open_interest_history(payload.body, of, stamp, out);
    if (kind == "longshort") count = rest.long_short_ratio(payload.body, {of}, stamp, out);
    if (kind == "openinterest-now") {
        count = rest.open_interest(payload.body, of, stamp, out);
        if (!count) return fail(count.error().code, count.error().what);
        OurRow row;
        row.numbers = {{"openInterestAmount", std::get<market::Ticker>(out.events.at(0).body).open_interest_base},
                       {"timestamp", number(out.events.at(0).exchange_time)}};
        return Rows{row};
    }
    if (!count) return fail(count.error().code, count.error().what);
    return event_rows(out, instrument, false);
}

}  // namespace

Result<std::vector<OurRow>> our_rows(const CcxtCase& payload) {
    return payload.venue == "bybit" ? bybit_rows(payload) : binance_rows(payload);
}

}  // namespace vt::exchange
