// Replies that are no market events: prices nobody traded at, and the venue's own state.

#include "exchange/bybit/rest_parts.hpp"

namespace vt::exchange::bybit {
namespace {

/// ["1670608800000","17164.16","17164.16","17121.5","17131.64"]
Fault read_bar(ondemand::value row, PriceBar& bar) {
    double* const into[] = {&bar.open, &bar.high, &bar.low, &bar.close};
    std::size_t count = 0;
    const Fault fault = json::each_element(row, [&](ondemand::value number) -> Fault {
        if (count > std::size(into)) return {"has a bar of more than five numbers"};
        const std::size_t place = count++;
        return place == 0 ? json::instant_of(number, bar.open_time)
                          : json::required_real_of(number, *into[place - 1]);
    });
    if (fault) return fault;
    if (count != 1 + std::size(into)) return {"has a bar of less than five numbers"};
    // A premium may be negative, and its open is the close of the bar before, which the extremes need not hold.
    return bar.low <= bar.high ? Fault{} : Fault{"has a bar whose high is below its low"};
}

Fault state_of(std::string_view text, Maintenance::State& state) {
    using enum Maintenance::State;
    if (text == "scheduled")
        state = scheduled;
    else if (text == "ongoing")
        state = ongoing;
    else if (text == "completed")
        state = completed;
    else if (text == "canceled")
        state = cancelled;
    else
        return {"has an unknown state"};
    return {};
}

}  // namespace

// https://bybit-exchange.github.io/docs/v5/market/mark-kline, index-kline and premium-index-kline, read 2026-07-24
// {"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"linear","list":[["1670608800000","17164.16",
//  "17164.16","17121.5","17131.64"]]},"retExtInfo":{},"time":1672026361839}
Result<std::vector<PriceBar>> RestCodec::price_bars(std::string_view body, HistoryOf of, Nanos interval) {
    Envelope envelope;
    std::vector<PriceBar> bars;
    bool has_list = false;
    const auto echo = echo_check(of.symbol, of.category);
    Fault fault = impl_->walk_result(body, envelope, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key != "list") return echo(key, value);
        has_list = true;
        return json::each_element(value, [&](ondemand::value row) -> Fault {
            PriceBar bar;
            if (const Fault wrong = read_bar(row, bar)) return wrong;
            if (!bars.empty() && bars.back().open_time <= bar.open_time) return {"is not ordered newest first"};
            bars.push_back(bar);
            return {};
        });
    });
    if (!fault && !has_list) fault = {"lacks its list"};
    if (!fault && envelope.server_time == Timestamp{}) fault = {"lacks its time"};
    if (fault) return refused("price kline", fault);
    std::reverse(bars.begin(), bars.end());
    for (PriceBar& bar : bars) bar.is_closed = bar.open_time + interval <= envelope.server_time;
    return bars;
}

// https://bybit-exchange.github.io/docs/v5/system-status, read 2026-07-24
// {"retCode":0,"retMsg":"","result":{"list":[{"id":"4d95b2a0-587f-11f0-bcc9-56f28c94d6ea","title":"t06",
//  "state":"completed","begin":"1751596902000","end":"1751597011000","href":"","serviceTypes":[2,3,4,5]}]},"time":..}
Result<std::vector<Maintenance>> RestCodec::system_status(std::string_view body) {
    Envelope envelope;
    std::vector<Maintenance> all;
    const auto row = [&](ondemand::object object) -> Fault {
        Maintenance one;
        bool has_state = false;
        const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            std::string_view text;
            if (key == "begin") return json::instant_of(value, one.begins_at);
            if (key != "title" && key != "state" && key != "end") return json::pass_over(value);
            if (key == "end") {
                Timestamp end;
                if (json::instant_of(value, end)) return {};  // "" or "0": open
                one.ends_at = end;
                return {};
            }
            if (const Fault wrong = json::text_of(value, text)) return wrong;
            if (key == "title") {
                one.title = text.substr(0, 200);
                return {};
            }
            has_state = true;
            return state_of(text, one.state);
        });
        if (fault) return fault;
        if (!has_state || one.begins_at == Timestamp{}) return {"has an entry without state or begin"};
        all.push_back(std::move(one));
        return {};
    };
    const Fault fault = impl_->walk_rows(
        body, envelope, row, [](std::string_view, ondemand::value value) -> Fault { return json::pass_over(value); });
    if (fault) return refused("system/status", fault);
    return all;
}

}  // namespace vt::exchange::bybit
