#pragma once

#include "base/result.hpp"
#include "exchange/clock_offset.hpp"
#include "exchange/protocol.hpp"
#include "exchange/signature.hpp"
#include "exchange/venue_error.hpp"
#include "gateway/gateway.hpp"
#include "net/http_client.hpp"
#include "net/loop.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vt::runtime {

/// Is the program to end? Asked every few milliseconds by who waits for an answer, so that he stops at once.
using StopCheck = std::function<bool()>;

/// Single questions to one site, on a loop of its own: each call waits for its answer, six seconds at most, and not
/// beyond the moment at which `is_stopping` says so. For what is asked now and then (a key's rights), not for market
/// data.
class SiteClient {
public:
    SiteClient(exchange::Site site, gateway::SiteHosts hosts, StopCheck is_stopping = {});

    /// errors: as HttpClient's; unavailable: no answer in time, or stopped. Any status is a success.
    [[nodiscard]] Result<net::HttpResponse> get(net::HttpCall call);

    /// Asks for the venue's time and learns from the answer.
    ///   out:    the answer, whatever it says
    ///   errors: as get()'s
    [[nodiscard]] Result<net::HttpResponse> ask_time();
    /// The venue's clock minus ours, by the quickest of the last answers; absent before the first.
    [[nodiscard]] std::optional<Nanos> clock_offset() const { return clock_.offset(); }

    /// A signed GET. The clock is measured first where that has not happened; a refusal for its time measures it
    /// anew and asks once more, for nothing was done.
    ///   errors: as get()'s; malformed: no time in the answer; configuration: an unusable secret
    [[nodiscard]] Result<net::HttpResponse> get_signed(std::string_view target,
                                                       const exchange::Credentials& credentials);

    [[nodiscard]] net::Loop& loop() { return loop_; }

private:
    [[nodiscard]] Result<net::HttpResponse> sign_and_get(std::string_view target,
                                                         const exchange::Credentials& credentials);

    exchange::Site site_;
    gateway::SiteHosts hosts_;
    StopCheck is_stopping_;
    net::Loop loop_;
    net::HttpClient client_;
    exchange::ClockOffset clock_;
};

/// What an answer says went wrong; nullopt: it succeeded.
[[nodiscard]] std::optional<exchange::VenueError> refusal_in(exchange::Site site, const net::HttpResponse& answer);

}  // namespace vt::runtime
