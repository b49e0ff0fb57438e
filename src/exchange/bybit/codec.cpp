#include "exchange/bybit/codec.hpp"

#include "exchange/bybit/book_frame.hpp"
#include "exchange/bybit/codec_parts.hpp"
#include "exchange/json_walk.hpp"

#include <array>
#include <string>

namespace vt::exchange::bybit {
namespace {

using json::Fault;
namespace ondemand = simdjson::ondemand;

/// "orderbook.50.BTCUSDT" is a channel, an argument and a symbol; "publicTrade.BTCUSDT" has no argument.
struct TopicParts {
    std::string_view channel;
    std::string_view argument;
    std::string_view symbol;
};

TopicParts split(std::string_view topic) {
    const std::size_t first = topic.find('.');
    const std::size_t last = topic.rfind('.');
    if (first == std::string_view::npos) return {topic, {}, {}};
    TopicParts parts{topic.substr(0, first), {}, topic.substr(last + 1)};
    if (last > first) parts.argument = topic.substr(first + 1, last - first - 1);
    return parts;
}

std::string source_name(std::string_view topic) {
    std::string source = "bybit";
    if (!topic.empty()) source.append(" ").append(topic.substr(0, 64));
    return source;
}

}  // namespace

struct Codec::Impl {
    market::Category category;
    json::Document document;
    std::array<char, 128> topic_text{};  // outlives the walk: the caller may look at the message, never at the topic
    SymbolCache symbols;

    Frame refuse(Frame frame, std::string_view topic, Fault fault, Output& output) const;
    std::optional<Frame> read_fast(std::string_view text, const market::InstrumentDirectory& directory,
                                   Output& output);
    Frame read(const market::InstrumentDirectory& directory, EventStamp stamp, Output& output);
    Fault read_data(ondemand::object root, const TopicParts& parts, DataTarget& target, Frame& frame) const;
    Fault read_control(ondemand::object root, Frame& frame) const;
};

Frame Codec::Impl::refuse(Frame frame, std::string_view topic, Fault fault, Output& output) const {
    frame.kind = FrameKind::rejected;
    frame.defect = fault.is_off_step ? market::BookGap::off_step : market::BookGap::malformed;
    output.rejections.push_back({source_name(topic), fault.what});
    return frame;
}

std::optional<Frame> Codec::Impl::read_fast(std::string_view text, const market::InstrumentDirectory& directory,
                                            Output& output) {
    BookFrameReader reader(text);
    BookFrameHead head;
    if (!reader.read_head(head)) return std::nullopt;
    const auto instrument = symbols.find(head.symbol, category, directory);
    if (!instrument) return std::nullopt;
    const market::Instrument& traded = directory[*instrument];
    BookFrameBody body;
    const LevelMark mark(output);
    if (!reader.read_body(head, StepReader{traded.tick_size}, StepReader{traded.lot_size}, output.levels, body)) {
        mark.undo();
        return std::nullopt;
    }
    mark.keep();
    Frame frame;
    frame.kind = FrameKind::book;
    frame.instrument = instrument;
    frame.exchange_time = body.matched_at;
    frame.is_snapshot = head.is_snapshot;
    frame.depth = head.depth;
    frame.update_id = body.update_id;
    frame.cross_sequence = body.cross_sequence;
    frame.bid_count = body.bid_count;
    frame.ask_count = body.ask_count;
    return frame;
}

Frame Codec::Impl::read(const market::InstrumentDirectory& directory, EventStamp stamp, Output& output) {
    Frame frame;
    ondemand::object root;
    if (const Fault fault = document.open(root)) return refuse(frame, {}, fault, output);
    std::string_view topic;
    ondemand::value named;
    const auto missing = root.find_field_unordered("topic").get(named);
    if (missing == simdjson::NO_SUCH_FIELD) {
        if (root.reset().error()) return refuse(frame, {}, {"is cut off or not JSON"}, output);
        Fault fault = read_control(root, frame);
        if (!fault) fault = document.close();
        return fault ? refuse(Frame{}, {}, fault, output) : frame;
    }
    if (missing) return refuse(frame, {}, {"is cut off or not JSON"}, output);
    if (const Fault fault = json::text_of(named, topic)) return refuse(frame, {}, fault, output);
    if (topic.size() > topic_text.size()) return refuse(frame, topic, {"names an unknown topic"}, output);
    topic.copy(topic_text.data(), topic.size());
    topic = {topic_text.data(), topic.size()};
    const TopicParts parts = split(topic);
    const auto channel = channel_of(parts.channel);
    if (!channel) return refuse(frame, topic, {"names an unknown topic"}, output);
    frame.stream = channel->stream;
    const auto instrument = symbols.find(parts.symbol, category, directory);
    if (!instrument) return refuse(frame, topic, {"names an unknown symbol"}, output);
    frame.instrument = instrument;
    frame.kind = channel->kind;
    if (root.reset().error()) return refuse(frame, topic, {"is cut off or not JSON"}, output);
    DataTarget target{directory[*instrument], stamp, output};
    Fault fault = read_data(root, parts, target, frame);
    if (!fault) fault = document.close();
    if (fault) {
        target.undo();
        return refuse(frame, topic, fault, output);
    }
    target.keep();
    return frame;
}

Fault Codec::Impl::read_data(ondemand::object root, const TopicParts& parts, DataTarget& target, Frame& frame) const {
    Timestamp pushed_at;
    Timestamp matched_at;
    unsigned seen = 0;
    enum : unsigned { type_seen = 1, ts_seen = 2, cts_seen = 4, data_seen = 8, topic_seen = 16 };
    const auto once = [&](unsigned member) {
        const bool repeated = (seen & member) != 0;
        seen |= member;
        return repeated ? Fault{"repeats a member"} : Fault{};
    };
    Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "topic") {
            return once(topic_seen);  // read before; a text may be taken out of the parser's buffer once only
        }
        if (key == "type") {
            std::string_view type;
            if (const Fault repeated = once(type_seen)) return repeated;
            if (const Fault wrong = json::text_of(value, type)) return wrong;
            frame.is_snapshot = type == "snapshot";
            if (!frame.is_snapshot && type != "delta") return {"has an unknown type"};
            return {};
        }
        if (key == "ts") {
            const Fault repeated = once(ts_seen);
            return repeated ? repeated : json::instant_of(value, pushed_at);
        }
        if (key == "cts") {
            const Fault repeated = once(cts_seen);
            return repeated ? repeated : json::instant_of(value, matched_at);
        }
        if (key == "data") {
            if (const Fault repeated = once(data_seen)) return repeated;
            switch (frame.kind) {
                case FrameKind::book: return read_book(value, parts.symbol, parts.argument, target, frame);
                case FrameKind::trades: return read_trades(value, parts.symbol, target, frame);
                case FrameKind::ticker: return read_ticker(value, parts.symbol, target, frame);
                case FrameKind::liquidations: return read_liquidations(value, parts.symbol, target, frame);
                case FrameKind::candles: return read_candles(value, parts.argument, target);
                case FrameKind::rejected:
                case FrameKind::acknowledged:
                case FrameKind::pong: break;
            }
            return {"has data where none belongs"};
        }
        return json::pass_over(value);
    });
    if (fault) return fault;
    if ((seen & data_seen) == 0) return {"lacks its data"};
    if ((seen & ts_seen) == 0) return {"lacks its time ts"};
    if ((seen & type_seen) == 0) return {"lacks its type"};
    if (frame.kind == FrameKind::book) {
        // Level 1 and spot frames of before 2024 carry no cts: the time of the push is the nearest known.
        frame.exchange_time = (seen & cts_seen) != 0 ? matched_at : pushed_at;
    }
    if (frame.kind == FrameKind::ticker || frame.kind == FrameKind::candles) {
        frame.exchange_time = pushed_at;
        target.stamp_times(pushed_at);
    }
    return {};
}

Fault Codec::Impl::read_control(ondemand::object root, Frame& frame) const {
    std::string_view operation;
    bool is_success = false;
    bool has_success = false;
    const Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "op") return json::text_of(value, operation);
        if (key == "ret_msg") return json::text_of(value, frame.message);
        if (key == "success") {
            has_success = true;
            return json::flag_of(value, is_success);
        }
        if (key == "req_id") {
            ondemand::json_type type{};
            if (value.type().get(type)) return {"has a malformed req_id"};
            return type == ondemand::json_type::string ? json::text_of(value, frame.request_id)
                                                       : json::pass_over(value);
        }
        return json::pass_over(value);
    });
    if (fault) return fault;
    frame.is_success = is_success;
    if (operation == "pong" || (operation == "ping" && (frame.message == "pong" || is_success))) {
        frame.kind = FrameKind::pong;
        return {};
    }
    if (!has_success) return {"is neither data nor an acknowledgement"};
    frame.kind = FrameKind::acknowledged;
    return {};
}

Codec::Codec(market::Category category) : impl_(std::make_unique<Impl>()) { impl_->category = category; }
Codec::~Codec() = default;
Codec::Codec(Codec&&) noexcept = default;
Codec& Codec::operator=(Codec&&) noexcept = default;

Frame Codec::decode(std::string_view frame, const market::InstrumentDirectory& directory, EventStamp stamp,
                    Output& output) {
    if (frame.size() > kMaxFrameBytes) return impl_->refuse({}, {}, {"is longer than 4 MB"}, output);
    const std::string_view text = impl_->document.hold(frame);
    if (const auto fast = impl_->read_fast(text, directory, output)) return *fast;
    return impl_->read(directory, stamp, output);
}

Frame Codec::decode_generally(std::string_view frame, const market::InstrumentDirectory& directory, EventStamp stamp,
                              Output& output) {
    if (frame.size() > kMaxFrameBytes) return impl_->refuse({}, {}, {"is longer than 4 MB"}, output);
    impl_->document.hold(frame);
    return impl_->read(directory, stamp, output);
}

}  // namespace vt::exchange::bybit
