#include "exchange/binance/codec_parts.hpp"

#include "exchange/candle_check.hpp"

#include <algorithm>
#include <charconv>

namespace vt::exchange::binance {

using json::Fault;
namespace ondemand = json::ondemand;

Fault scalar_of(ondemand::value value, ondemand::json_type type, std::string_view& out) {
    if (type == ondemand::json_type::string) return json::text_of(value, out);
    out = {};
    if (type == ondemand::json_type::null) return {};
    std::string_view token = value.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
    out = token;
    return {};
}

Fault count_in(std::string_view text, std::uint64_t& out) {
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc{} || at != end) return {"has a text that is not a whole number"};
    return {};
}

Fault optional_count(std::string_view text, std::optional<std::uint64_t>& out) {
    if (text.empty()) return {};
    std::uint64_t count = 0;
    const Fault fault = count_in(text, count);
    if (!fault) out = count;
    return fault;
}

Fault optional_instant(std::string_view text, std::optional<Timestamp>& out) {
    constexpr std::uint64_t kLast = 9'000'000'000'000;  // the year 2255
    if (text.empty()) return {};
    std::uint64_t ms = 0;
    if (const Fault fault = count_in(text, ms)) return fault;
    if (ms == 0 || ms > kLast) return {"has a time out of range"};
    out = from_ms(static_cast<std::int64_t>(ms));
    return {};
}

Fault required_instant(std::string_view text, Timestamp& out) {
    std::optional<Timestamp> at;
    if (const Fault fault = optional_instant(text, at)) return fault;
    if (!at) return {"lacks a time that must be there"};
    out = *at;
    return {};
}

Fault required_real(std::string_view text, double& out) {
    std::optional<double> number;
    if (const Fault fault = json::real_in(text, number)) return fault;
    if (!number) return {"lacks a number that must be there"};
    out = *number;
    return {};
}

Fault text_levels(ondemand::value list, std::vector<TextLevel>& levels) {
    return json::each_element(list, [&](ondemand::value entry) -> Fault {
        std::string_view texts[2];
        std::size_t count = 0;
        const Fault fault = json::each_element(entry, [&](ondemand::value number) -> Fault {
            if (count == 2) return {"has a level of more than price and quantity"};
            return json::text_of(number, texts[count++]);
        });
        if (fault) return fault;
        if (count != 2) return {"has a level without price or quantity"};
        levels.emplace_back(texts[0], texts[1]);
        return {};
    });
}

Fault level_of(const TextLevel& text, const market::Instrument& instrument, market::Level& level) {
    std::int64_t price = 0;
    std::int64_t quantity = 0;
    if (const Fault fault = json::steps_of(text.first, instrument.tick_size, price)) return fault;
    if (const Fault fault = json::steps_of(text.second, instrument.lot_size, quantity)) return fault;
    if (price <= 0 || quantity < 0) return {"has a negative quantity or a price that is not positive"};
    level = {Ticks{price}, Lots{quantity}};
    return {};
}

Fault levels_of(const std::vector<TextLevel>& texts, const market::Instrument& instrument,
                std::vector<market::Level>& levels) {
    levels.resize(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (const Fault fault = level_of(texts[i], instrument, levels[i])) return fault;
    }
    return {};
}

// {"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}
// m true: the buyer was the maker, so the aggressor sold. X other than MARKET (INSURANCE_FUND, ADL, NA) is no print
// of the market.
Fault read_trade(const Members& members, const market::Instrument& instrument, bool is_spot, Message& message) {
    if (!members['t'].empty()) {
        if (const Fault fault = count_in(members['t'], message.trade.id.low)) return fault;
    }
    if (!is_spot && members['X'] != "MARKET") {
        message.text = "a futures trade that is not MARKET";
        return {};
    }
    const bool is_buyer_maker = members['m'] == "true";
    if (!members.has('T') || members['p'].empty() || members['q'].empty() ||
        (!is_buyer_maker && members['m'] != "false"))
        return {"lacks T, m, p or q"};
    if (const Fault fault = optional_instant(members['T'], message.exchange_time)) return fault;
    market::Level level;
    if (const Fault fault = level_of({members['p'], members['q']}, instrument, level)) return fault;
    if (level.quantity <= Lots{0}) return {"has a quantity that is not positive"};
    message.kind = MessageKind::trade;
    message.trade.price = level.price;
    message.trade.quantity = level.quantity;
    message.trade.aggressor = is_buyer_maker ? market::Side::sell : market::Side::buy;
    return {};
}

// {"e":"aggTrade","E":1723161256322,"a":26129,"s":"BTCUSDT","p":"0.01633102","q":"4.70443515","f":27781,"l":27781,
//  "T":1498793709153,"m":true}
// Its ids are of another kind than a trade's: `high` keeps the two apart.
Fault read_aggregate_trade(const Members& members, const market::Instrument& instrument, Message& message) {
    if (members['a'].empty()) return {"lacks a"};
    Message read;
    if (const Fault fault = read_trade(members, instrument, true, read)) return fault;
    read.instrument = message.instrument;
    read.kind = MessageKind::aggregate_trade;
    read.trade.id.high = 1;
    message = read;
    return count_in(members['a'], message.trade.id.low);
}

// {"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,
//  "E":1723161256313}   spot: {"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":...,"A":...}
Fault read_quote(const Members& members, const market::Instrument& instrument, Message& message) {
    if (members['u'].empty()) return {"lacks u"};
    if (const Fault fault = count_in(members['u'], message.last_update_id)) return fault;
    message.kind = MessageKind::best_quote;
    message.quote.update_id = message.last_update_id;
    if (const Fault fault = level_of({members['b'], members['B']}, instrument, message.quote.bid)) return fault;
    return level_of({members['a'], members['A']}, instrument, message.quote.ask);
}

// {"e":"24hrTicker","E":123456789,"s":"BTCUSDT","p":"0.0015","P":"250.00","w":"0.0018","c":"0.0025","Q":"10","o":"0.0010",
//  "h":"0.0025","l":"0.0010","v":"10000","q":"18","O":0,"C":86400000,"F":0,"L":18150,"n":18151}; P is in percent.
// {"e":"24hrMiniTicker","E":123456789,"s":"BNBBTC","c":"0.0025","o":"0.0010","h":"0.0025","l":"0.0010","v":"10000","q":"18"}
Fault read_day_ticker(const Members& members, bool is_mini, Message& message) {
    market::Ticker& ticker = message.ticker;
    const std::pair<char, std::optional<double>*> wanted[] = {
        {'c', &ticker.last_price}, {'o', &ticker.previous_price_24h}, {'h', &ticker.high_24h},
        {'l', &ticker.low_24h},    {'v', &ticker.volume_24h_base},    {'q', &ticker.turnover_24h_quote},
        {'P', &ticker.change_24h}};
    for (const auto& [letter, target] : wanted) {
        if (letter == 'P' && is_mini) continue;
        if (const Fault fault = json::real_in(members[letter], *target)) return fault;
        if (!*target) return {"lacks c, o, h, l, v, q or P"};
        if (letter != 'P' && **target < 0) return {"has a negative price or volume"};
    }
    if (!is_mini)
        ticker.change_24h = *ticker.change_24h / 100;
    else if (*ticker.previous_price_24h > 0)
        ticker.change_24h = *ticker.last_price / *ticker.previous_price_24h - 1;
    // A symbol that did not trade has zeros, which are no prices.
    for (std::optional<double>* const price :
         {&ticker.last_price, &ticker.previous_price_24h, &ticker.high_24h, &ticker.low_24h}) {
        if (**price == 0) price->reset();
    }
    message.kind = is_mini ? MessageKind::mini_ticker : MessageKind::day_ticker;
    return required_instant(members['E'], message.exchange_time.emplace());
}

// {"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15","ap":"11790","i":"11784.62","P":"11784.25","r":"0.00038167",
//  "T":1562306400000}; T is the next funding. Dated contracts: r is empty and T 0.
Fault read_mark_price(const Members& members, Message& message) {
    market::Ticker& ticker = message.ticker;
    if (const Fault fault = json::real_in(members['p'], ticker.mark_price)) return fault;
    if (const Fault fault = json::real_in(members['i'], ticker.index_price)) return fault;
    if (const Fault fault = json::real_in(members['r'], ticker.funding_rate)) return fault;
    if (!ticker.mark_price || *ticker.mark_price <= 0) return {"lacks its mark price"};
    if (ticker.index_price && *ticker.index_price <= 0) ticker.index_price.reset();
    if (members['T'] != "0") {
        if (const Fault fault = optional_instant(members['T'], ticker.next_funding_at)) return fault;
    }
    if (!ticker.next_funding_at) ticker.funding_rate.reset();
    message.kind = MessageKind::mark_price;
    return required_instant(members['E'], message.exchange_time.emplace());
}

// {"e":"kline","E":1638747660000,"s":"BTCUSDT","k":{"t":1638747660000,"T":1638747719999,"s":"BTCUSDT","i":"1m","f":100,"L":200,
//  "o":"0.0010","c":"0.0020","h":"0.0025","l":"0.0015","v":"1000","n":100,"x":false,"q":"1.0000","V":"500","Q":"0.500","B":"1"}}
Fault read_candle(const Members& members, const Members& inner, Message& message) {
    market::Candle& candle = message.candle;
    const auto interval = interval_of(inner['i']);
    if (!interval) {
        message.text = "a candle without a fixed length";
        return {};
    }
    candle.interval = *interval;
    if (const Fault fault = required_instant(inner['t'], candle.open_time)) return fault;
    const std::pair<char, double*> wanted[] = {{'o', &candle.open},        {'h', &candle.high},
                                               {'l', &candle.low},         {'c', &candle.close},
                                               {'v', &candle.volume_base}, {'q', &candle.turnover_quote}};
    for (const auto& [letter, target] : wanted) {
        if (const Fault fault = required_real(inner[letter], *target)) return fault;
    }
    candle.is_closed = inner['x'] == "true";
    if (!candle.is_closed && inner['x'] != "false") return {"lacks x"};
    if (const char* const defect = candle_defect(candle)) return {defect};
    message.kind = MessageKind::candle;
    return required_instant(members['E'], message.exchange_time.emplace());
}

// {"e":"forceOrder","E":1568014460893,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.014","p":"9910","ap":"9910",
//  "X":"FILLED","l":"0.014","z":"0.014","T":1568014460893}}
// S is the side of the order: SELL closes a long position. Only the last order of each second is published.
Fault read_liquidation(const Members& inner, Message& message) {
    market::Liquidation& liquidation = message.liquidation;
    const bool is_sale = inner['S'] == "SELL";
    if (!is_sale && inner['S'] != "BUY") return {"lacks S"};
    liquidation.side = is_sale ? market::LiquidatedSide::long_position : market::LiquidatedSide::short_position;
    liquidation.is_censored = true;
    std::optional<double> average;
    std::optional<double> filled;
    if (const Fault fault = json::real_in(inner.average, average)) return fault;
    if (const Fault fault = json::real_in(inner['z'], filled)) return fault;
    if (const Fault fault = required_real(inner['p'], liquidation.price)) return fault;
    if (const Fault fault = required_real(inner['q'], liquidation.quantity)) return fault;
    if (average && *average > 0) liquidation.price = *average;
    if (filled && *filled > 0) liquidation.quantity = *filled;
    if (liquidation.price <= 0 || liquidation.quantity <= 0) return {"has a price or quantity that is not positive"};
    message.kind = MessageKind::liquidation;
    return required_instant(inner['T'], message.exchange_time.emplace());
}

std::optional<Nanos> interval_of(std::string_view text) {
    std::int64_t count = 0;
    if (text.size() < 2) return std::nullopt;
    const char* const unit = text.data() + text.size() - 1;
    const auto [at, error] = std::from_chars(text.data(), unit, count);
    if (error != std::errc{} || at != unit || count <= 0 || count > 1000) return std::nullopt;
    switch (*unit) {
        case 's': return std::chrono::seconds{count};
        case 'm': return std::chrono::minutes{count};
        case 'h': return std::chrono::hours{count};
        case 'd': return std::chrono::hours{24 * count};
        case 'w': return std::chrono::hours{24 * 7 * count};
        default: return std::nullopt;
    }
}

std::string interval_name(Nanos interval) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(interval).count();
    if (minutes % (24 * 60) == 0) return std::to_string(minutes / (24 * 60)) + "d";
    return minutes % 60 == 0 ? std::to_string(minutes / 60) + "h" : std::to_string(minutes) + "m";
}

}  // namespace vt::exchange::binance
