#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "demo/fault.hpp"
#include "demo/stream.hpp"
#include "demo/venues.hpp"
#include "net/loop.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vt::demo {

struct ExchangeParams {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: a free one, see port()
    StreamParams stream;     ///< a default `start` becomes the present minute
    VenueLimits limits;
    std::vector<ScheduledFault> scenario;  ///< times count from listen()
    Nanos advance_every = std::chrono::milliseconds{20};
    /// The market's time runs so many times faster than the machine's from listen() on: for load, since a client's
    /// clock falls behind. At least 1.
    double speed = 1;
};

/// Exchanges on one loopback port, told apart by path, with a certificate of their own authority: Bybit v5 (HTTPS and
/// WebSocket under /v5) and, where the stream has its segments, Binance's futures and spot. Time is the machine's
/// (see `speed`). All calls on the loop's thread.
class Exchange {
public:
    /// `loop` must outlive it.
    Exchange(net::Loop& loop, ExchangeParams params);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Opens the port and starts the market (which first runs from its start to the present).
    ///   errors: io (port in use, ...), with the remedy
    [[nodiscard]] Result<void> listen();
    [[nodiscard]] std::uint16_t port() const;
    /// "https://127.0.0.1:PORT" and "wss://127.0.0.1:PORT".
    [[nodiscard]] std::string rest_url() const;
    [[nodiscard]] std::string websocket_url() const;
    /// What a client must trust, PEM.
    [[nodiscard]] const std::string& authority_pem() const;
    /// errors: io
    [[nodiscard]] Result<void> write_authority(const std::string& path) const;

    /// Something goes wrong now.
    void inject(const Fault& fault);
    [[nodiscard]] Stream& stream();
    [[nodiscard]] std::size_t sessions() const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::demo
