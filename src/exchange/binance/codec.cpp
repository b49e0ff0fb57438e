#include "exchange/binance/codec.hpp"

#include "exchange/binance/codec_parts.hpp"

#include <algorithm>
#include <string>

namespace vt::exchange::binance {

using json::Fault;
namespace ondemand = json::ondemand;

namespace {

enum class EventName : std::uint8_t {
    none,
    depth,
    book_ticker,
    trade,
    aggregate_trade,
    day_ticker,
    mini_ticker,
    mark_price,
    kline,
    force_order,
    contract,
    shutdown,
    unknown,
};

EventName event_of(std::string_view name) {
    constexpr std::pair<std::string_view, EventName> kNames[] = {{"depthUpdate", EventName::depth},
                                                                 {"bookTicker", EventName::book_ticker},
                                                                 {"trade", EventName::trade},
                                                                 {"aggTrade", EventName::aggregate_trade},
                                                                 {"24hrTicker", EventName::day_ticker},
                                                                 {"24hrMiniTicker", EventName::mini_ticker},
                                                                 {"markPriceUpdate", EventName::mark_price},
                                                                 {"kline", EventName::kline},
                                                                 {"forceOrder", EventName::force_order},
                                                                 {"contractInfo", EventName::contract},
                                                                 {"serverShutdown", EventName::shutdown},
                                                                 {"", EventName::none}};
    for (const auto& [text, event] : kNames) {
        if (text == name) return event;
    }
    return EventName::unknown;
}

/// What a reply to a control message says, beside the members.
struct Reply {
    bool has_result = false;
    bool has_error = false;
    std::string_view id;
    std::string_view code;
    std::string_view text;
};

tl::unexpected<Error> refused(Errc code, std::string_view stream, const char* what) {
    return fail(code, "binance " + std::string(stream.substr(0, 64)) + (stream.empty() ? "" : " ") + what);
}

bool is_list(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '[';
}

}  // namespace

struct Codec::Impl {
    json::Document document;
    LevelTexts levels;
    std::vector<market::Level> bids, asks;
    Members members;
    Members inner;  ///< of the object k or o

    Fault read_member(std::string_view key, ondemand::value value, Members& into, bool is_inner);
    Fault read_letter(char letter, ondemand::value value, Members& into, bool is_inner);
    Fault read_frame(std::string_view& stream, Reply& reply, bool& is_whole_market);
    Fault read_error(ondemand::value value, Reply& reply);
    Fault read_depth(const market::Instrument& instrument, bool is_spot, Message& message);
    Fault read_event(EventName event, const market::Instrument& instrument, bool is_spot, Message& message);
};

Fault Codec::Impl::read_letter(char letter, ondemand::value value, Members& into, bool is_inner) {
    const std::size_t place = Members::place_of(letter);
    if (into.has(letter)) return {"repeats a member"};
    into.seen |= std::uint64_t{1} << place;
    ondemand::json_type type{};
    if (value.type().get(type)) return {"has a malformed value"};
    if (type == ondemand::json_type::array) {
        if (is_inner || (letter != 'b' && letter != 'a')) return json::pass_over(value);
        (letter == 'b' ? into.has_bids : into.has_asks) = true;
        return text_levels(value, letter == 'b' ? levels.bids : levels.asks);
    }
    if (type != ondemand::json_type::object) return scalar_of(value, type, into.texts[place]);
    if (is_inner || (letter != 'k' && letter != 'o')) return json::pass_over(value);
    ondemand::object object;
    if (const Fault fault = json::object_of(value, object)) return fault;
    return json::each_member(object, [&](std::string_view key, ondemand::value content) -> Fault {
        return read_member(key, content, inner, true);
    });
}

Fault Codec::Impl::read_member(std::string_view key, ondemand::value value, Members& into, bool is_inner) {
    const bool is_letter = key.size() == 1 && ((key[0] >= 'A' && key[0] <= 'Z') || (key[0] >= 'a' && key[0] <= 'z'));
    if (is_letter) return read_letter(key[0], value, into, is_inner);
    std::string_view* const target = key == "pu"   ? &into.previous
                                     : key == "st" ? &into.market
                                     : key == "ap" ? &into.average
                                                   : nullptr;
    ondemand::json_type type{};
    if (target == nullptr) return json::pass_over(value);
    if (value.type().get(type)) return {"has a malformed value"};
    if (type == ondemand::json_type::array || type == ondemand::json_type::object) return json::pass_over(value);
    return scalar_of(value, type, *target);
}

// {"result":null,"id":1}   {"error":{"code":2,"msg":"Invalid request"},"id":1}   {"code":2,"msg":"Invalid request"}
Fault Codec::Impl::read_error(ondemand::value value, Reply& reply) {
    reply.has_error = true;
    ondemand::json_type type{};
    if (value.type().get(type)) return {"has a malformed error"};
    if (type != ondemand::json_type::object) return json::pass_over(value);
    ondemand::object object;
    if (const Fault fault = json::object_of(value, object)) return fault;
    return json::each_member(object, [&](std::string_view key, ondemand::value content) -> Fault {
        std::string_view* const target = key == "code" ? &reply.code : key == "msg" ? &reply.text : nullptr;
        ondemand::json_type kind{};
        if (target == nullptr) return json::pass_over(content);
        if (content.type().get(kind)) return {"has a malformed value"};
        return scalar_of(content, kind, *target);
    });
}

Fault Codec::Impl::read_frame(std::string_view& stream, Reply& reply, bool& is_whole_market) {
    bool is_wrapped = false;
    ondemand::object root;
    if (const Fault fault = document.open(root)) return fault;
    const auto scalar = [](ondemand::value value, std::string_view& into) -> Fault {
        ondemand::json_type type{};
        if (value.type().get(type)) return {"has a malformed value"};
        return scalar_of(value, type, into);
    };
    const Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "stream") return json::text_of(value, stream);
        if (key == "id") return scalar(value, reply.id);
        if (key == "msg") return scalar(value, reply.text);
        if (key == "error") return read_error(value, reply);
        if (key == "code") {
            reply.has_error = true;
            return scalar(value, reply.code);
        }
        if (key == "result") {
            reply.has_result = true;
            return json::pass_over(value);
        }
        if (key != "data") return read_member(key, value, members, false);
        if (is_wrapped) return {"repeats a member"};
        is_wrapped = true;
        ondemand::json_type type{};
        if (value.type().get(type)) return {"has a malformed value"};
        if (type == ondemand::json_type::array) {
            is_whole_market = true;
            return json::pass_over(value);
        }
        ondemand::object data;
        if (const Fault wrong = json::object_of(value, data)) return wrong;
        return json::each_member(data, [&](std::string_view name, ondemand::value content) -> Fault {
            return read_member(name, content, members, false);
        });
    });
    return fault ? fault : document.close();
}

// {"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,
//  "b":[["58710.20","0.014"],["61510.90","0.000"]],"a":[["61800.30","2.510"]]}
Fault Codec::Impl::read_depth(const market::Instrument& instrument, bool is_spot, Message& message) {
    if (members['u'].empty()) return {"lacks u"};
    if (const Fault fault = count_in(members['u'], message.last_update_id)) return fault;
    if (members.has('b') != members.has_bids || members.has('a') != members.has_asks)
        return {"has a text where levels belong"};
    if (members['U'].empty() || !members.has_bids || !members.has_asks || members['E'].empty())
        return {"lacks U, E, b or a"};
    if (!is_spot && (members.previous.empty() || members['T'].empty())) return {"lacks pu or T"};
    if (const Fault fault = count_in(members['U'], message.first_update_id)) return fault;
    if (const Fault fault = optional_count(members.previous, message.previous_update_id)) return fault;
    if (message.first_update_id > message.last_update_id) return {"has update ids out of order"};
    if (const Fault fault = levels_of(levels.bids, instrument, bids)) return fault;
    if (const Fault fault = levels_of(levels.asks, instrument, asks)) return fault;
    message.kind = MessageKind::depth;
    message.bids = bids;
    message.asks = asks;
    return {};
}

Fault Codec::Impl::read_event(EventName event, const market::Instrument& instrument, bool is_spot, Message& message) {
    if (event == EventName::depth || event == EventName::book_ticker || event == EventName::none) {
        const std::string_view matched = members['T'].empty() ? members['E'] : members['T'];
        if (const Fault fault = optional_instant(matched, message.exchange_time)) return fault;
    }
    switch (event) {
        case EventName::depth: return read_depth(instrument, is_spot, message);
        case EventName::none:
        case EventName::book_ticker: return read_quote(members, instrument, message);
        case EventName::trade: return read_trade(members, instrument, is_spot, message);
        case EventName::aggregate_trade: return read_aggregate_trade(members, instrument, message);
        case EventName::day_ticker: return read_day_ticker(members, false, message);
        case EventName::mini_ticker: return read_day_ticker(members, true, message);
        case EventName::mark_price: return read_mark_price(members, message);
        case EventName::kline: return read_candle(members, inner, message);
        case EventName::force_order: return read_liquidation(inner, message);
        case EventName::contract:
        case EventName::shutdown:
        case EventName::unknown: break;
    }
    return {};
}

Codec::Codec() : impl_(std::make_unique<Impl>()) {}
Codec::~Codec() = default;
Codec::Codec(Codec&&) noexcept = default;
Codec& Codec::operator=(Codec&&) noexcept = default;

Result<Message> Codec::decode(std::string_view frame, market::Category category,
                              const market::InstrumentDirectory& directory) {
    if (frame.size() > kMaxFrameBytes) return refused(Errc::malformed, {}, "frame is longer than 4 MB");
    Impl& impl = *impl_;
    impl.levels.bids.clear();
    impl.levels.asks.clear();
    impl.members = {};
    impl.inner = {};
    impl.document.hold(frame);
    Message message;
    if (is_list(frame)) {
        if (const Fault fault = impl.document.check_list()) return refused(Errc::malformed, {}, fault.what);
        message.text = "a list of the whole market";
        return message;
    }
    std::string_view stream;
    Reply reply;
    bool is_whole_market = false;
    Fault fault = impl.read_frame(stream, reply, is_whole_market);
    if (!fault) fault = optional_count(reply.id, message.request_id);
    if (fault) return refused(Errc::malformed, stream, fault.what);

    const Members& members = impl.members;
    const EventName event = event_of(members['e']);
    const bool is_reply = (reply.has_result || reply.has_error) && event == EventName::none && members['s'].empty();
    if (is_reply) {
        message.kind = reply.has_error ? MessageKind::refused : MessageKind::acknowledged;
        message.text = reply.text;
        std::from_chars(reply.code.data(), reply.code.data() + reply.code.size(), message.code);
        return message;
    }
    message.text = is_whole_market ? "a list of the whole market" : members['e'].empty() ? stream : members['e'];
    if (is_whole_market || event == EventName::unknown) return message;
    if (members.market == "2") {
        message.text = "of the COIN-M market";
        return message;
    }
    if (event == EventName::shutdown || event == EventName::contract) {
        message.kind = event == EventName::shutdown ? MessageKind::shutdown : MessageKind::contract;
        message.text = members['s'];
        return message;
    }
    const bool is_quote = event == EventName::none && !members['u'].empty() && !members['b'].empty();
    const std::string_view symbol = event == EventName::force_order ? impl.inner['s'] : members['s'];
    if (event == EventName::none && !is_quote && symbol.empty()) return message;
    if (symbol.empty()) return refused(Errc::malformed, stream, "lacks its symbol");
    const auto instrument = directory.find(market::Venue::binance, category, symbol);
    if (!instrument) return refused(Errc::not_found, stream, "names an unknown symbol");
    message.instrument = *instrument;
    fault = impl.read_event(event, directory[*instrument], category == market::Category::spot, message);
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
    impl.levels.bids.clear();
    impl.levels.asks.clear();
    impl.document.hold(body);
    ondemand::object root;
    if (const Fault fault = impl.document.open(root)) return refuse(fault.what);
    std::optional<std::uint64_t> last;
    std::optional<Timestamp> event_time;
    std::optional<Timestamp> matched_time;
    unsigned sides = 0;
    Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "lastUpdateId") return json::count_of(value, last.emplace());
        if (key == "E") return json::instant_of(value, event_time.emplace());
        if (key == "T") return json::instant_of(value, matched_time.emplace());
        if (key != "bids" && key != "asks") return json::pass_over(value);
        const unsigned side = key == "bids" ? 1U : 2U;
        if ((sides & side) != 0) return {"repeats a member"};
        sides |= side;
        return text_levels(value, side == 1U ? impl.levels.bids : impl.levels.asks);
    });
    if (!fault) fault = impl.document.close();
    if (!fault && (!last || sides != 3)) fault = {"lacks lastUpdateId, bids or asks"};
    if (!fault) fault = levels_of(impl.levels.bids, instrument, impl.bids);
    if (!fault) fault = levels_of(impl.levels.asks, instrument, impl.asks);
    if (fault) return refuse(fault.what);
    return DepthSnapshot{*last, matched_time ? matched_time : event_time, impl.bids, impl.asks};
}

}  // namespace vt::exchange::binance
