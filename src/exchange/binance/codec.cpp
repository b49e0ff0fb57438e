#include "exchange/binance/codec.hpp"

#include "exchange/json_walk.hpp"

#include <algorithm>
#include <string>

namespace vt::exchange::binance {

using json::Fault;
namespace ondemand = json::ondemand;

namespace {

/// The text of the members that need the instrument's steps, until the symbol is known.
struct Pending {
    std::string_view event;
    std::string_view symbol;
    std::string_view price, quantity;                       // trade: p, q
    std::string_view bid, bid_quantity, ask, ask_quantity;  // bookTicker
    std::string_view execution;                             // X
    std::uint64_t trade_id = 0;
    std::optional<bool> is_buyer_maker;
    std::optional<Timestamp> event_time;    // E
    std::optional<Timestamp> matched_time;  // T
    std::optional<std::uint64_t> first, last, previous;
    bool has_bids = false;
    bool has_asks = false;
};

using TextLevel = std::pair<std::string_view, std::string_view>;

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

Fault optional_instant(ondemand::value value, std::optional<Timestamp>& out) {
    Timestamp at;
    const Fault fault = json::instant_of(value, at);
    if (!fault) out = at;
    return fault;
}

Fault optional_count(ondemand::value value, std::optional<std::uint64_t>& out) {
    std::uint64_t count = 0;
    const Fault fault = json::count_of(value, count);
    if (!fault) out = count;
    return fault;
}

Result<Message> refused(Errc code, std::string_view stream, const char* what) {
    return fail(code, "binance " + std::string(stream.substr(0, 64)) + (stream.empty() ? "" : " ") + what);
}

}  // namespace

struct Codec::Impl {
    json::Document document;
    std::vector<TextLevel> bid_texts, ask_texts;
    std::vector<market::Level> bids, asks;

    Fault read_member(std::string_view key, ondemand::value value, Pending& pending);
    Fault finish(const Pending& pending, const market::Instrument& instrument, bool is_spot, Message& message);
    Fault finish_trade(const Pending& pending, const market::Instrument& instrument, bool is_spot,
                       Message& message) const;
};

// b and a are lists in a depthUpdate and texts in a bookTicker; B and A are the latter's quantities.
Fault Codec::Impl::read_member(std::string_view key, ondemand::value value, Pending& pending) {
    if (key == "b" || key == "a") {
        const bool is_bid = key == "b";
        bool& has_side = is_bid ? pending.has_bids : pending.has_asks;
        if (has_side) return {"repeats a member"};
        has_side = true;
        ondemand::json_type type{};
        if (value.type().get(type)) return {"has a malformed side"};
        if (type == ondemand::json_type::array) return text_levels(value, is_bid ? bid_texts : ask_texts);
        return json::text_of(value, is_bid ? pending.bid : pending.ask);
    }
    if (key == "e") return json::text_of(value, pending.event);
    if (key == "s") return json::text_of(value, pending.symbol);
    if (key == "E") return optional_instant(value, pending.event_time);
    if (key == "T") return optional_instant(value, pending.matched_time);
    if (key == "U") return optional_count(value, pending.first);
    if (key == "u") return optional_count(value, pending.last);
    if (key == "pu") return optional_count(value, pending.previous);
    if (key == "B") return json::text_of(value, pending.bid_quantity);
    if (key == "A") return json::text_of(value, pending.ask_quantity);
    if (key == "p") return json::text_of(value, pending.price);
    if (key == "q") return json::text_of(value, pending.quantity);
    if (key == "X") return json::text_of(value, pending.execution);
    if (key == "t") return json::count_of(value, pending.trade_id);
    if (key != "m") return json::pass_over(value);
    bool is_buyer_maker = false;
    const Fault fault = json::flag_of(value, is_buyer_maker);
    if (!fault) pending.is_buyer_maker = is_buyer_maker;
    return fault;
}

// {"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}
// m true: the buyer was the maker, so the aggressor sold. X other than MARKET (INSURANCE_FUND, ADL, NA) is no print
// of the market.
Fault Codec::Impl::finish_trade(const Pending& pending, const market::Instrument& instrument, bool is_spot,
                                Message& message) const {
    if (!is_spot && pending.execution != "MARKET") return {};
    if (!pending.matched_time || !pending.is_buyer_maker || pending.price.empty() || pending.quantity.empty()) {
        return {"lacks T, m, p or q"};
    }
    market::Level level;
    if (const Fault fault = level_of({pending.price, pending.quantity}, instrument, level)) return fault;
    if (level.quantity <= Lots{0}) return {"has a quantity that is not positive"};
    message.kind = MessageKind::trade;
    message.exchange_time = pending.matched_time;
    message.trade = {{0, pending.trade_id},
                     level.price,
                     level.quantity,
                     *pending.is_buyer_maker ? market::Side::sell : market::Side::buy,
                     false};
    return {};
}

// {"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,
//  "b":[["58710.20","0.014"],["61510.90","0.000"]],"a":[["61800.30","2.510"]]}
// {"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,
//  "E":1723161256313}   spot: {"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":...,"A":...}
Fault Codec::Impl::finish(const Pending& pending, const market::Instrument& instrument, bool is_spot,
                          Message& message) {
    message.instrument = instrument.id;
    if (pending.event == "trade") return finish_trade(pending, instrument, is_spot, message);
    if (!pending.last) return {"lacks u"};
    message.last_update_id = *pending.last;
    message.exchange_time = pending.matched_time ? pending.matched_time : pending.event_time;
    if (pending.event == "depthUpdate") {
        if (!pending.first || !pending.has_bids || !pending.has_asks || !pending.event_time)
            return {"lacks U, E, b or a"};
        if (!is_spot && (!pending.previous || !pending.matched_time)) return {"lacks pu or T"};
        if (!pending.bid.empty() || !pending.ask.empty()) return {"has a text where levels belong"};
        if (*pending.first > *pending.last) return {"has update ids out of order"};
        if (const Fault fault = levels_of(bid_texts, instrument, bids)) return fault;
        if (const Fault fault = levels_of(ask_texts, instrument, asks)) return fault;
        message.kind = MessageKind::depth;
        message.first_update_id = *pending.first;
        message.previous_update_id = pending.previous;
        message.bids = bids;
        message.asks = asks;
        return {};
    }
    message.kind = MessageKind::best_quote;
    message.quote.update_id = *pending.last;
    if (const Fault fault = level_of({pending.bid, pending.bid_quantity}, instrument, message.quote.bid))
        return fault;
    return level_of({pending.ask, pending.ask_quantity}, instrument, message.quote.ask);
}

Codec::Codec() : impl_(std::make_unique<Impl>()) {}
Codec::~Codec() = default;
Codec::Codec(Codec&&) noexcept = default;
Codec& Codec::operator=(Codec&&) noexcept = default;

Result<Message> Codec::decode(std::string_view frame, market::Category category,
                              const market::InstrumentDirectory& directory) {
    if (frame.size() > kMaxFrameBytes) return refused(Errc::malformed, {}, "frame is longer than 4 MB");
    Impl& impl = *impl_;
    impl.bid_texts.clear();
    impl.ask_texts.clear();
    impl.document.hold(frame);
    ondemand::object root;
    if (const Fault fault = impl.document.open(root)) return refused(Errc::malformed, {}, fault.what);
    Pending pending;
    std::string_view stream;
    bool is_wrapped = false;
    bool is_reply = false;
    Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "stream") return json::text_of(value, stream);
        if (key == "result" || key == "error" || key == "code") {
            is_reply = true;
            return json::pass_over(value);
        }
        if (key != "data") return impl.read_member(key, value, pending);
        if (is_wrapped) return {"repeats a member"};
        is_wrapped = true;
        ondemand::object data;
        if (const Fault wrong = json::object_of(value, data)) return wrong;
        return json::each_member(data, [&](std::string_view inner, ondemand::value content) -> Fault {
            return impl.read_member(inner, content, pending);
        });
    });
    if (!fault) fault = impl.document.close();
    if (fault) return refused(Errc::malformed, stream, fault.what);
    Message message;
    if (is_reply && pending.symbol.empty()) return message;
    if (pending.symbol.empty()) return refused(Errc::malformed, stream, "lacks its symbol");
    const bool is_quote = pending.event == "bookTicker" || (pending.event.empty() && !pending.bid.empty());
    if (!is_quote && pending.event != "depthUpdate" && pending.event != "trade") {
        return refused(Errc::unsupported, stream, "is of an unknown kind");
    }
    const auto instrument = directory.find(market::Venue::binance, category, pending.symbol);
    if (!instrument) return refused(Errc::not_found, stream, "names an unknown symbol");
    fault = impl.finish(pending, directory[*instrument], category == market::Category::spot, message);
    if (fault) return refused(Errc::malformed, stream, fault.what);
    return message;
}

// {"lastUpdateId":5123107852948,"E":1723161256501,"T":1723161256493,"bids":[["61800.20","2.909"]],"asks":[["61800.30","1.0"]]}
Result<DepthSnapshot> Codec::depth_snapshot(std::string_view body, const market::Instrument& instrument) {
    const auto refuse = [&](const char* what) {
        return fail(Errc::malformed, "binance depth " + instrument.symbol + " " + what);
    };
    if (body.size() > kMaxFrameBytes) return refuse("is longer than 4 MB");
    Impl& impl = *impl_;
    impl.bid_texts.clear();
    impl.ask_texts.clear();
    impl.document.hold(body);
    ondemand::object root;
    if (const Fault fault = impl.document.open(root)) return refuse(fault.what);
    std::optional<std::uint64_t> last;
    std::optional<Timestamp> event_time;
    std::optional<Timestamp> matched_time;
    unsigned sides = 0;
    Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "lastUpdateId") return optional_count(value, last);
        if (key == "E") return optional_instant(value, event_time);
        if (key == "T") return optional_instant(value, matched_time);
        if (key != "bids" && key != "asks") return json::pass_over(value);
        const unsigned side = key == "bids" ? 1U : 2U;
        if ((sides & side) != 0) return {"repeats a member"};
        sides |= side;
        return text_levels(value, side == 1U ? impl.bid_texts : impl.ask_texts);
    });
    if (!fault) fault = impl.document.close();
    if (!fault && (!last || sides != 3)) fault = {"lacks lastUpdateId, bids or asks"};
    if (!fault) fault = levels_of(impl.bid_texts, instrument, impl.bids);
    if (!fault) fault = levels_of(impl.ask_texts, instrument, impl.asks);
    if (fault) return refuse(fault.what);
    return DepthSnapshot{*last, matched_time ? matched_time : event_time, impl.bids, impl.asks};
}

}  // namespace vt::exchange::binance
