#include "engine/event_codec.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"

#include <utility>

namespace vt::engine {
namespace {

/// The first byte of an encoded event. A number is never reused: a body that changes gets a new one.
enum class Kind : std::uint8_t {
    opened = 1,
    frame_received = 2,
    closed = 3,
    replied = 4,
    tick = 5,
    dropped = 6,
    start_feed = 7,
    list_instrument = 8,
    load_state = 9,
    resume_signal = 10,
    edge_known = 11,
    resume_trading = 12,
    trading_command = 13,
};

constexpr std::uint8_t kIsTrading = 1;
constexpr std::uint8_t kHasFundingInterval = 2;
constexpr std::int8_t kMaxScale = 18;

Kind kind_of(const EventBody& body) {
    struct Visitor {
        Kind operator()(const Opened&) const { return Kind::opened; }
        Kind operator()(const FrameReceived&) const { return Kind::frame_received; }
        Kind operator()(const Closed&) const { return Kind::closed; }
        Kind operator()(const Replied&) const { return Kind::replied; }
        Kind operator()(const Tick&) const { return Kind::tick; }
        Kind operator()(const Dropped&) const { return Kind::dropped; }
        Kind operator()(const StartFeed&) const { return Kind::start_feed; }
        Kind operator()(const ListInstrument&) const { return Kind::list_instrument; }
        Kind operator()(const LoadState&) const { return Kind::load_state; }
        Kind operator()(const ResumeSignal&) const { return Kind::resume_signal; }
        Kind operator()(const EdgeKnown&) const { return Kind::edge_known; }
        Kind operator()(const ResumeTrading&) const { return Kind::resume_trading; }
        Kind operator()(const TradingCommand&) const { return Kind::trading_command; }
    };
    return std::visit(Visitor{}, body);
}

class BodyEncoder {
public:
    explicit BodyEncoder(std::string& out) : out_(out) {}

    void operator()(const Opened& body) { number(body.connection.value()); }
    void operator()(const FrameReceived& body) {
        number(body.connection.value());
        text(body.text);
    }
    void operator()(const Closed& body) {
        number(body.connection.value());
        text(body.reason);
    }
    void operator()(const Replied& body) {
        number(body.reply.request.value());
        number(static_cast<std::int32_t>(body.reply.status));
        number(to_ns(body.reply.sent));
        text(body.reply.body);
        text(body.reply.headers);
    }
    void operator()(const Tick&) {}
    void operator()(const Dropped& body) {
        number(body.connection.value());
        number(body.count);
    }
    void operator()(const StartFeed& body) { number(static_cast<std::uint8_t>(body.venue)); }
    void operator()(const ListInstrument& body) {
        const market::Instrument& instrument = body.instrument;
        number(instrument.id.value());
        number(static_cast<std::uint8_t>(instrument.venue));
        number(static_cast<std::uint8_t>(instrument.category));
        number(static_cast<std::uint8_t>((instrument.is_trading() ? kIsTrading : 0) |
                                         (instrument.funding_interval ? kHasFundingInterval : 0)));
        number(instrument.funding_interval.value_or(Nanos{0}).count());
        step(instrument.tick_size);
        step(instrument.lot_size);
        name(instrument.symbol);
        name(instrument.base);
        name(instrument.quote);
        name(instrument.settle);
    }
    void operator()(const LoadState& body) {
        number(body.shift.count());
        text(body.state);
    }
    void operator()(const ResumeSignal& body) {
        name(body.instrument);
        text(body.signal);
    }
    void operator()(const EdgeKnown& body) { text(body.edges); }
    void operator()(const ResumeTrading& body) { text(body.saved); }
    void operator()(const TradingCommand& body) {
        number(body.number);
        number(static_cast<std::uint8_t>(body.wish));
        number(body.trade);
        name(body.who);
        text(body.reason);
        if (body.wish != TradingWish::cancel) return;
        number(body.order.boot);
        number(body.order.sequence);
    }

private:
    template <class T>
    void number(T value) {
        append_little_endian(out_, value);
    }
    void text(std::string_view value) {
        VT_ASSERT(value.size() <= kMaxTextBytes);
        number(static_cast<std::uint32_t>(value.size()));
        out_.append(value);
    }
    void name(std::string_view value) {
        VT_ASSERT(value.size() <= 255);
        number(static_cast<std::uint8_t>(value.size()));
        out_.append(value);
    }
    void step(const Decimal& value) {
        VT_ASSERT(value.mantissa > 0 && value.scale >= 0 && value.scale <= kMaxScale);
        number(value.mantissa);
        number(value.scale);
    }
    std::string& out_;
};

template <class Enum>
Enum checked_enum(ByteReader& in, Enum last, bool& is_valid) {
    const auto raw = in.integer<std::uint8_t>();
    if (raw <= static_cast<std::uint8_t>(last)) return static_cast<Enum>(raw);
    is_valid = false;
    return last;
}

Decimal decode_step(ByteReader& in, bool& is_valid) {
    Decimal step;
    step.mantissa = in.integer<std::int64_t>();
    step.scale = in.integer<std::int8_t>();
    if (step.mantissa <= 0 || step.scale < 0 || step.scale > kMaxScale) is_valid = false;
    return step;
}

market::Instrument decode_instrument(ByteReader& in, bool& is_valid) {
    market::Instrument instrument;
    instrument.id = market::InstrumentId{in.integer<std::uint32_t>()};
    instrument.venue = checked_enum(in, market::Venue::binance, is_valid);
    instrument.category = checked_enum(in, market::Category::spot, is_valid);
    const auto flags = in.integer<std::uint8_t>();
    const Nanos funding_interval{in.integer<std::int64_t>()};
    if ((flags & kIsTrading) == 0) instrument.status = market::TradingStatus::halted;
    if ((flags & kHasFundingInterval) != 0) instrument.funding_interval = funding_interval;
    if ((flags & ~(kIsTrading | kHasFundingInterval)) != 0) is_valid = false;
    if (!instrument.funding_interval && funding_interval != Nanos{0}) is_valid = false;
    instrument.tick_size = decode_step(in, is_valid);
    instrument.lot_size = decode_step(in, is_valid);
    instrument.symbol = in.text<std::uint8_t>();
    instrument.base = in.text<std::uint8_t>();
    instrument.quote = in.text<std::uint8_t>();
    instrument.settle = in.text<std::uint8_t>();
    return instrument;
}

std::string_view decode_text(ByteReader& in, bool& is_valid) {
    const std::string_view text = in.text<std::uint32_t>();
    if (text.size() > kMaxTextBytes) is_valid = false;
    return text;
}

exchange::ConnectionId decode_connection(ByteReader& in) {
    return exchange::ConnectionId{in.integer<std::uint32_t>()};
}

Replied decode_replied(ByteReader& in, bool& is_valid) {
    Replied body;
    body.reply.request = exchange::RequestId{in.integer<std::uint64_t>()};
    body.reply.status = in.integer<std::int32_t>();
    body.reply.sent = from_ns(in.integer<std::int64_t>());
    body.reply.body = decode_text(in, is_valid);
    body.reply.headers = decode_text(in, is_valid);
    return body;
}

LoadState decode_load_state(ByteReader& in, bool& is_valid) {
    LoadState body;
    body.shift = Nanos{in.integer<std::int64_t>()};
    if (body.shift % std::chrono::minutes{1} != Nanos{0}) is_valid = false;
    body.state = decode_text(in, is_valid);
    return body;
}

/// Values are assigned in the order of the bytes: designated initialisers are evaluated in that order.
EventBody decode_body(Kind kind, ByteReader& in, bool& is_valid) {
    switch (kind) {
        case Kind::opened: return Opened{.connection = decode_connection(in)};
        case Kind::frame_received:
            return FrameReceived{.connection = decode_connection(in), .text = decode_text(in, is_valid)};
        case Kind::closed: return Closed{.connection = decode_connection(in), .reason = decode_text(in, is_valid)};
        case Kind::replied: return decode_replied(in, is_valid);
        case Kind::tick: return Tick{};
        case Kind::dropped: return Dropped{.connection = decode_connection(in), .count = in.integer<std::uint64_t>()};
        case Kind::start_feed: return StartFeed{.venue = checked_enum(in, market::Venue::binance, is_valid)};
        case Kind::list_instrument: return ListInstrument{.instrument = decode_instrument(in, is_valid)};
        case Kind::load_state: return decode_load_state(in, is_valid);
        case Kind::resume_signal:
            return ResumeSignal{.instrument = in.text<std::uint8_t>(), .signal = decode_text(in, is_valid)};
        case Kind::edge_known: return EdgeKnown{.edges = decode_text(in, is_valid)};
        case Kind::resume_trading: return ResumeTrading{decode_text(in, is_valid)};
        case Kind::trading_command: {
            TradingCommand command;
            command.number = in.integer<std::uint64_t>();
            command.wish = checked_enum(in, TradingWish::cancel, is_valid);
            command.trade = in.integer<std::uint64_t>();
            command.who = in.text<std::uint8_t>();
            command.reason = decode_text(in, is_valid);
            if (command.wish != TradingWish::cancel) return command;
            command.order.boot = in.integer<std::uint32_t>();
            command.order.sequence = in.integer<std::uint64_t>();
            return command;
        }
    }
    is_valid = false;
    return Tick{};
}

struct Start {
    Kind kind = Kind::tick;
    EventStart start;
};

Result<Start> read_start(ByteReader& in) {
    const auto kind = in.integer<std::uint8_t>();
    Start result;
    result.start.sequence = in.integer<std::uint64_t>();
    result.start.at = from_ns(in.integer<std::int64_t>());
    if (!in.is_intact()) return fail(Errc::malformed, "an encoded event is cut short");
    if (kind < static_cast<std::uint8_t>(Kind::opened) || kind > static_cast<std::uint8_t>(Kind::trading_command)) {
        return fail(Errc::unsupported, "an encoded event is of the unknown kind " + std::to_string(kind));
    }
    result.kind = static_cast<Kind>(kind);
    return result;
}

}  // namespace

void encode(const Event& event, std::string& out) {
    append_little_endian(out, static_cast<std::uint8_t>(kind_of(event.body)));
    append_little_endian(out, event.sequence);
    append_little_endian(out, to_ns(event.at));
    BodyEncoder encoder(out);
    std::visit([&encoder](const auto& body) { encoder(body); }, event.body);
}

Result<Event> decode(std::string_view bytes) {
    ByteReader in(bytes);
    VT_TRY(const Start start, read_start(in));
    bool is_valid = true;
    Event event{
        .sequence = start.start.sequence, .at = start.start.at, .body = decode_body(start.kind, in, is_valid)};
    if (!in.is_intact()) return fail(Errc::malformed, "an encoded event is cut short");
    if (in.remaining() != 0) return fail(Errc::malformed, "bytes follow an encoded event");
    if (!is_valid) return fail(Errc::malformed, "an encoded event holds a value outside its range");
    return event;
}

Result<EventStart> decode_start(std::string_view bytes) {
    ByteReader in(bytes);
    VT_TRY(const Start start, read_start(in));
    return start.start;
}

}  // namespace vt::engine
