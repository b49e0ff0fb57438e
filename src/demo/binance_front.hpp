#pragma once

#include "base/time.hpp"
#include "demo/accounts.hpp"
#include "demo/binance_market.hpp"
#include "demo/fault.hpp"
#include "demo/front.hpp"
#include "demo/stream.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::demo {

/// The venue's limits, as documented; those of weight as exchangeInfo tells them.
struct BinanceLimits {
    std::uint32_t futures_weight = 2400;  ///< of one address in a minute; beyond it 429 until the minute is over
    std::uint32_t spot_weight = 6000;
    std::size_t data_requests = 1000;  ///< to /futures/data in five minutes
    std::size_t funding_requests = 500;
    Nanos request_window = std::chrono::minutes{5};
    std::uint32_t patience = 10;          ///< requests after a 429 in the same minute; beyond them 418
    Nanos ban = std::chrono::minutes{2};  ///< the first one; each further one is twice as long
    Nanos longest_ban = std::chrono::hours{72};
    std::size_t connections_per_window = 300;
    Nanos connection_window = std::chrono::minutes{5};
    std::size_t streams = 1024;         ///< of one connection
    std::size_t futures_messages = 10;  ///< of one connection in a second; beyond it the connection is cut
    std::size_t spot_messages = 5;
    Nanos life = std::chrono::hours{24};
    Nanos futures_ping_every = std::chrono::minutes{3};  ///< the venue pings
    Nanos futures_pong_timeout = std::chrono::minutes{10};
    Nanos spot_ping_every = std::chrono::seconds{20};
    Nanos spot_pong_timeout = std::chrono::seconds{60};
    std::size_t max_sessions = 1000;
};

/// Binance's public side, USDT-M futures and spot, as a state machine without sockets. On the venue each has a host;
/// here the paths tell them apart: /fapi, /futures/data, /public, /market and /private are the futures', /api, /sapi,
/// /ws and /stream are spot's.
class BinanceFront {
public:
    /// `stream`, which has both of Binance's segments, and `accounts` must outlive it.
    BinanceFront(Stream& stream, const Accounts& accounts, const BinanceLimits& limits);
    ~BinanceFront();
    BinanceFront(const BinanceFront&) = delete;
    BinanceFront& operator=(const BinanceFront&) = delete;

    [[nodiscard]] static bool serves(std::string_view path);
    [[nodiscard]] RestAnswer on_request(const FrontRequest& request, Timestamp now);
    /// out: nothing, or the answer that refuses the WebSocket (404, 403, 503)
    [[nodiscard]] std::optional<RestAnswer> refuses_session(const FrontRequest& request, Timestamp now);
    /// in: request: the path says the market and the route, the path or `streams` what is subscribed at once
    void on_open(SessionId session, const FrontRequest& request, Timestamp now);
    void on_text(SessionId session, std::string_view text, Timestamp now);
    /// in: payload: of the pong; only a copy of the newest ping's counts, an unsolicited one does not
    void on_pong(SessionId session, std::string_view payload, Timestamp now);
    void on_close(SessionId session);

    /// The market has made a step. Frames go out.
    void on_step(Timestamp at, Timestamp now);
    /// Time goes on to `now`: limits expire, delayed frames go out.
    void advance(Timestamp now);
    void inject(const Fault& fault, Timestamp now);
    [[nodiscard]] bool is_tls_broken(Timestamp now) const;

    [[nodiscard]] std::vector<FrontAction> take_actions();
    [[nodiscard]] std::size_t sessions() const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::demo
