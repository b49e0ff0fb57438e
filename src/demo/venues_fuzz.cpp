// Any bytes from a client: a message on a stream of each venue, a REST target, the target of a WebSocket, a scenario.
// No crash, and an answer that is what it says it is.

#include "base/assert.hpp"
#include "demo/roster.hpp"
#include "demo/venues.hpp"

#include <simdjson.h>

#include <algorithm>

namespace vt::demo {
namespace {

constexpr Timestamp kStart = from_ms(1'700'000'040'000);

struct Fixture {
    Fixture() : stream(params()), venues(stream, limits(), 1, kStart) {
        stream.advance(kStart + std::chrono::seconds{5}, {});
    }
    static StreamParams params() {
        StreamParams params{.seed = 5, .start = kStart, .generated = {}, .others = all_other_segments()};
        params.generated.push_back(generated_symbols().front());
        return params;
    }
    static VenueLimits limits() {
        VenueLimits limits;
        limits.bybit.requests_per_window = limits.bybit.requests_per_second = 1'000'000'000;
        limits.bybit.connections_per_window = limits.binance.connections_per_window = 1'000'000'000;
        limits.binance.futures_weight = limits.binance.spot_weight = 2'000'000'000;
        limits.binance.data_requests = limits.binance.funding_requests = 1'000'000'000;
        return limits;
    }
    Stream stream;
    Venues venues;
    Timestamp now = kStart + std::chrono::seconds{5};
};

FrontRequest request_of(std::string_view target) {
    const std::size_t mark = std::min(target.find('?'), target.size());
    return {.address = "127.0.0.1",
            .path = target.substr(0, mark),
            .query = mark < target.size() ? target.substr(mark + 1) : std::string_view{}};
}

void expect_json(std::string_view text) {
    simdjson::dom::parser parser;
    VT_ASSERT(parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS);
}

void say(Fixture& fixture, std::string_view path, std::string_view text) {
    const SessionId session = fixture.venues.on_open({.address = "127.0.0.1", .path = path}, fixture.now);
    fixture.venues.on_text(session, text, fixture.now);
    fixture.now += std::chrono::milliseconds{20};
    fixture.venues.advance(fixture.now);
    for (const FrontAction& action : fixture.venues.take_actions()) {
        if (const auto* send = std::get_if<SessionSend>(&action)) expect_json(*send->text);
    }
    fixture.venues.on_close(session);
}

}  // namespace
}  // namespace vt::demo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt::demo;
    static Fixture fixture;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0]) {
        case '0': say(fixture, "/market/ws", text); break;
        case '1': say(fixture, "/ws", text); break;
        case '2': say(fixture, "/v5/public/linear", text); break;
        case '3': say(fixture, "/v5/public/inverse", text); break;
        case '4': {
            const RestAnswer answer = fixture.venues.on_request(request_of(text), fixture.now);
            if (answer.content_type == "application/json") expect_json(answer.body);
            break;
        }
        case '5': {
            const FrontRequest request = request_of(text);
            if (fixture.venues.refuses_session(request, fixture.now)) break;
            fixture.venues.on_close(fixture.venues.on_open(request, fixture.now));
            break;
        }
        default: (void)parse_scenario(text); break;
    }
    return 0;
}
