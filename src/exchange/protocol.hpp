#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::exchange {

/// One WebSocket connection of one venue; chosen by the venue's feed, unique in a run.
using ConnectionId = Strong<struct ConnectionIdTag, std::uint32_t>;
/// One REST request; unique in a run.
using RequestId = Strong<struct RequestIdTag, std::uint64_t>;

/// The hosts of a venue that share one budget of requests and connections: Binance runs its futures and its spot
/// market apart.
enum class Site : std::uint8_t { bybit, binance_futures, binance_spot };
inline constexpr std::size_t kSiteCount = 3;
[[nodiscard]] std::string_view name(Site site);
[[nodiscard]] market::Venue venue_of(Site site);

/// Which request goes first when the budget is short: what an order or the account waits for, what a live view waits
/// for, what can wait.
enum class Priority : std::uint8_t { order, live, history };
[[nodiscard]] std::string_view name(Priority priority);

// What a protocol state machine asks the world to do. It never does anything itself: the gateway obeys these in a
// live run, and in a replay they are only compared.

/// Open the connection. The gateway waits a jittered back-off that grows with `attempt` (0: at once).
struct Connect {
    ConnectionId connection;
    Site site = Site::bybit;
    std::string path;  ///< "/v5/public/linear"
    std::uint32_t attempt = 0;
};
struct Disconnect {
    ConnectionId connection;
    std::string reason;
};
struct SendText {
    ConnectionId connection;
    std::string text;
};
/// GET `target` of the site's REST host, not before `not_before`. A failure comes back as a reply with status 0.
struct HttpGet {
    RequestId request;
    Site site = Site::bybit;
    std::string target;  ///< path and query, exactly as sent
    Timestamp not_before;
    Priority priority = Priority::live;
    std::uint32_t weight = 1;  ///< what it costs of the site's budget, by the venue's table
};
using Action = std::variant<Connect, Disconnect, SendText, HttpGet>;

enum class StreamState : std::uint8_t { down, connecting, resyncing, live, stale };
[[nodiscard]] std::string_view name(StreamState state);

/// A stream of an instrument changed its state. `reason` is a short lower-case phrase ("sequence gap", "silent 5 s").
struct StreamChanged {
    market::InstrumentId instrument;
    market::Stream stream = market::Stream::book;
    StreamState state = StreamState::down;
    std::string reason;
};

/// A message that was refused: counted, named, and nothing guessed from it.
struct Rejected {
    std::string source;  ///< "bybit orderbook.50.BTCUSDT"
    std::string what;
};

/// The feed (un)listed or changed an instrument.
struct Listed {
    market::Instrument instrument;
};

/// Everything one step of a venue's feed has to say. Reused from step to step: `clear()` keeps the memory.
/// `events` may hold spans into `levels`; both are valid until the next clear().
struct Output {
    std::vector<market::Event> events;
    std::vector<market::Level> levels;
    std::vector<Action> actions;
    std::vector<StreamChanged> changes;
    std::vector<Rejected> rejections;
    std::vector<Listed> listings;

    void clear() {
        events.clear();
        levels.clear();
        actions.clear();
        changes.clear();
        rejections.clear();
        listings.clear();
    }
};

/// A REST reply as the gateway received it. status 0: no answer (`body` says why).
struct HttpReply {
    RequestId request;
    int status = 0;
    Timestamp sent;
    std::string_view body;
    std::string_view
        headers;  ///< "name: value\n" lines, names in lower case, of those that carry limits (retry-after, x-bapi-*)
};

}  // namespace vt::exchange
