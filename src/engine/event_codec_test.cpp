#include "engine/event_codec.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::engine {
namespace {

market::Instrument bitcoin() {
    return {.id = market::InstrumentId{7},
            .venue = market::Venue::binance,
            .category = market::Category::linear,
            .symbol = "BTCUSDT",
            .base = "BTC",
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = {1, 1},
            .lot_size = {1, 3},
            .funding_interval = std::chrono::hours{8}};
}

std::string encoded(const Event& event) {
    std::string out;
    encode(event, out);
    return out;
}

/// One event of each kind, with texts that hold a line end and a zero byte.
std::vector<Event> one_of_each_kind() {
    using namespace std::string_view_literals;
    const exchange::ConnectionId connection{0x01000002};
    const std::vector<EventBody> bodies = {
        Opened{connection},
        FrameReceived{connection, "{\"topic\":\"x\"}\n\0"sv},
        Closed{connection, "the other side said goodbye"},
        Replied{{.request = exchange::RequestId{9},
                 .status = -1,
                 .sent = from_ns(5),
                 .body = "{}",
                 .headers = "retry-after: 1\n"}},
        Tick{},
        Dropped{connection, std::numeric_limits<std::uint64_t>::max()},
        StartFeed{market::Venue::binance},
        ListInstrument{bitcoin()},
        LoadState{"state\n\0"sv, std::chrono::minutes{-3}},
        ResumeSignal{.instrument = "bybit-linear-BTCUSDT", .signal = "signal\0"sv},
        ResumeTrading{.saved = "trades\0"sv},
        TradingCommand{.number = 9, .wish = TradingWish::close, .trade = 41, .who = "ann", .reason = "enough"},
        TradingCommand{.number = 10, .wish = TradingWish::cancel, .order = {3, 77}, .who = "ann", .reason = ""},
        EdgeKnown{"edges\n\0"sv},
    };
    std::vector<Event> events;
    for (const EventBody& body : bodies) {
        events.push_back({.sequence = events.size() + 1, .at = from_ns(-1), .body = body});
    }
    return events;
}

std::string random_text(Prng& random) {
    std::string text(random.below(40), '\0');
    for (char& c : text) c = static_cast<char>(random.below(256));
    return text;
}

TEST(EventCodec, LayoutIsTheDocumentedOne) {
    const Event event{.sequence = 0x0102, .at = from_ns(3), .body = FrameReceived{exchange::ConnectionId{4}, "hey"}};
    using namespace std::string_literals;
    EXPECT_EQ(encoded(event),
              "\x02"
              "\x02\x01\0\0\0\0\0\0"
              "\x03\0\0\0\0\0\0\0"
              "\x04\0\0\0"
              "\x03\0\0\0hey"s);
}

TEST(EventCodec, EveryKindComesBackWithEveryField) {
    const std::vector<Event> events = one_of_each_kind();
    std::set<std::size_t> kinds;
    for (const Event& event : events) {
        const std::string bytes = encoded(event);
        const Result<Event> back = decode(bytes);
        ASSERT_TRUE(back) << back.error().what;
        EXPECT_EQ(back->sequence, event.sequence);
        EXPECT_EQ(back->at, event.at);
        EXPECT_EQ(back->body.index(), event.body.index());
        EXPECT_EQ(encoded(*back), bytes);
        kinds.insert(event.body.index());
    }
    EXPECT_EQ(kinds.size(), std::variant_size_v<EventBody>) << "an event kind has no test";

    const std::string bytes = encoded(events[3]);
    const Event replied = *decode(bytes);
    const exchange::HttpReply& reply = std::get<Replied>(replied.body).reply;
    EXPECT_EQ(reply.request.value(), 9U);
    EXPECT_EQ(reply.status, -1);
    EXPECT_EQ(reply.sent, from_ns(5));
    EXPECT_EQ(reply.body, "{}");
    EXPECT_EQ(reply.headers, "retry-after: 1\n");

    const std::string listing = encoded(events[7]);
    const Event listed = *decode(listing);
    const market::Instrument& instrument = std::get<ListInstrument>(listed.body).instrument;
    const market::Instrument expected = bitcoin();
    EXPECT_EQ(instrument.id, expected.id);
    EXPECT_EQ(instrument.path_id(), expected.path_id());
    EXPECT_EQ(instrument.unified_symbol(), expected.unified_symbol());
    EXPECT_EQ(instrument.tick_size, expected.tick_size);
    EXPECT_EQ(instrument.lot_size, expected.lot_size);
    EXPECT_EQ(instrument.funding_interval, expected.funding_interval);
    EXPECT_TRUE(instrument.is_trading());
}

TEST(EventCodec, RandomEventsComeBackByteForByte) {
    Prng random(1, "event_codec");
    for (int round = 0; round < 2000; ++round) {
        const std::string a = random_text(random);
        const std::string b = random_text(random);
        const exchange::ConnectionId connection{static_cast<std::uint32_t>(random.next())};
        market::Instrument instrument = bitcoin();
        instrument.symbol = a;
        instrument.settle = b;
        instrument.lot_size = {static_cast<std::int64_t>(1 + random.below(1000)),
                               static_cast<std::int8_t>(random.below(19))};
        if (random.below(2) == 0) instrument.status = market::TradingStatus::halted;
        if (random.below(2) == 0) instrument.funding_interval.reset();
        const std::vector<EventBody> bodies = {Opened{connection},
                                               FrameReceived{connection, a},
                                               Closed{connection, b},
                                               Replied{{.request = exchange::RequestId{random.next()},
                                                        .status = static_cast<int>(random.below(600)),
                                                        .sent = from_ns(static_cast<std::int64_t>(random.next())),
                                                        .body = a,
                                                        .headers = b}},
                                               Tick{},
                                               Dropped{connection, random.next()},
                                               StartFeed{static_cast<market::Venue>(random.below(2))},
                                               ListInstrument{instrument}};
        const Event event{.sequence = random.next(),
                          .at = from_ns(static_cast<std::int64_t>(random.next())),
                          .body = bodies[random.below(bodies.size())]};
        const std::string bytes = encoded(event);
        const Result<Event> back = decode(bytes);
        ASSERT_TRUE(back) << back.error().what;
        ASSERT_EQ(encoded(*back), bytes);
        const Result<EventStart> start = decode_start(bytes);
        ASSERT_TRUE(start);
        ASSERT_EQ(start->sequence, event.sequence);
        ASSERT_EQ(start->at, event.at);
    }
}

TEST(EventCodec, EveryTruncationIsMalformed) {
    for (const Event& event : one_of_each_kind()) {
        const std::string bytes = encoded(event);
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            const Result<Event> back = decode(std::string_view(bytes).substr(0, length));
            ASSERT_FALSE(back) << "kind " << int{bytes[0]} << " cut to " << length;
            ASSERT_EQ(back.error().code, Errc::malformed);
        }
    }
}

TEST(EventCodec, AByteTooManyIsMalformed) {
    for (const Event& event : one_of_each_kind()) {
        const Result<Event> back = decode(encoded(event) + 'x');
        ASSERT_FALSE(back);
        EXPECT_EQ(back.error().code, Errc::malformed);
    }
}

TEST(EventCodec, AnUnknownKindIsUnsupported) {
    std::string bytes = encoded({.sequence = 1, .at = {}, .body = Tick{}});
    for (const int kind : {0, 14, 255}) {
        bytes[0] = static_cast<char>(kind);
        ASSERT_FALSE(decode(bytes));
        EXPECT_EQ(decode(bytes).error().code, Errc::unsupported);
        ASSERT_FALSE(decode_start(bytes));
        EXPECT_EQ(decode_start(bytes).error().code, Errc::unsupported);
    }
}

TEST(EventCodec, ValuesOutsideTheirRangeAreMalformed) {
    const std::string listing = encoded({.sequence = 1, .at = {}, .body = ListInstrument{bitcoin()}});
    constexpr std::size_t kBody = 17;
    struct Case {
        std::size_t offset;
        char value;
        std::string_view what;
    };
    const std::vector<Case> cases = {
        {kBody + 4, 2, "venue"},
        {kBody + 5, 3, "category"},
        {kBody + 6, 7, "unknown flag"},
        {kBody + 6, 1, "funding interval without its flag"},
        {kBody + 15, 0, "tick size 0"},
        {kBody + 23, 19, "scale"},
        {kBody + 23, -1, "negative scale"},
    };
    ASSERT_TRUE(decode(listing));
    for (const Case& c : cases) {
        std::string bytes = listing;
        bytes[c.offset] = c.value;
        ASSERT_FALSE(decode(bytes)) << c.what;
        EXPECT_EQ(decode(bytes).error().code, Errc::malformed) << c.what;
    }
    std::string start = encoded({.sequence = 1, .at = {}, .body = StartFeed{}});
    start.back() = 2;
    EXPECT_FALSE(decode(start));
}

TEST(EventCodec, ATextBeyondTheLimitIsMalformed) {
    std::string bytes = encoded({.sequence = 1, .at = {}, .body = FrameReceived{exchange::ConnectionId{1}, ""}});
    const std::string within =
        bytes.substr(0, bytes.size() - 4) + std::string("\0\0\0\1", 4) + std::string(kMaxTextBytes, 'x');
    EXPECT_TRUE(decode(within));
    const std::string beyond =
        bytes.substr(0, bytes.size() - 4) + std::string("\1\0\0\1", 4) + std::string(kMaxTextBytes + 1, 'x');
    ASSERT_FALSE(decode(beyond));
    EXPECT_EQ(decode(beyond).error().code, Errc::malformed);
}

/// The fuzz target's corpus and its property, in every test run.
TEST(EventCodec, CorpusDecodesToItselfOrIsRefused) {
    std::size_t files = 0;
    std::size_t decoded = 0;
    for (const auto& entry : std::filesystem::directory_iterator(VT_SOURCE_DIR "/tests/corpus/event_codec")) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        ++files;
        if (const Result<Event> event = decode(bytes)) {
            ++decoded;
            EXPECT_EQ(encoded(*event), bytes) << entry.path();
        }
    }
    EXPECT_GE(files, 10U);
    EXPECT_GE(decoded, 8U);
}

}  // namespace
}  // namespace vt::engine
