#pragma once

#include "demo/accounts.hpp"
#include "demo/binance_front.hpp"
#include "demo/bybit_front.hpp"
#include "demo/fault.hpp"
#include "demo/front.hpp"
#include "demo/stream.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::demo {

struct VenueLimits {
    BybitLimits bybit;
    BinanceLimits binance;
};

/// Every venue's front over one market, told apart by path: what one port of the demo exchange serves. It moves the
/// market and plays the scenario; the shell, or a virtual venue, brings bytes in and obeys the actions.
class Venues {
public:
    /// `stream` must outlive it; Binance is served if it has both of its segments.
    ///   in: now: when the exchange starts; scheduled faults count from here
    Venues(Stream& stream, const VenueLimits& limits, std::uint64_t seed, Timestamp now);
    ~Venues();
    Venues(const Venues&) = delete;
    Venues& operator=(const Venues&) = delete;

    /// out: status 0 when there is no answer at all
    [[nodiscard]] RestAnswer on_request(const FrontRequest& request, Timestamp now);
    /// Whether this address may open a WebSocket on this path now.
    ///   out: nothing, or the answer that refuses it (404, 403, 503; 0: the connection breaks)
    [[nodiscard]] std::optional<RestAnswer> refuses_session(const FrontRequest& request, Timestamp now);
    /// in: a request that was not refused
    [[nodiscard]] SessionId on_open(const FrontRequest& request, Timestamp now);
    void on_text(SessionId session, std::string_view text, Timestamp now);
    /// The peer's answer to a SessionPing, or a pong of its own accord.
    void on_pong(SessionId session, std::string_view payload, Timestamp now);
    void on_close(SessionId session);

    /// Time goes on to `now`: the market moves, subscribers get their frames, limits expire, faults happen.
    void advance(Timestamp now);
    void inject(const Fault& fault, Timestamp now);
    void schedule(std::vector<ScheduledFault> faults);

    /// What was decided since the last call; of each session, in order. A session that was dropped gets nothing more,
    /// and needs no on_close().
    [[nodiscard]] std::vector<FrontAction> take_actions();
    [[nodiscard]] std::size_t sessions() const;
    /// The certificate of the port is to be one that nobody trusts.
    [[nodiscard]] bool is_tls_broken(Timestamp now) const;

private:
    [[nodiscard]] bool is_binance(SessionId session) const { return (session.value() & 1U) != 0; }

    Stream& stream_;
    Accounts accounts_{demo_keys()};
    BybitFront bybit_;
    std::unique_ptr<BinanceFront> binance_;
    Timestamp started_;
    Timestamp now_;
    std::uint32_t next_session_ = 1;
    std::vector<ScheduledFault> scheduled_;
    std::size_t next_scheduled_ = 0;
};

}  // namespace vt::demo
