#pragma once

#include "base/time.hpp"
#include "exchange/protocol.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::exchange::access {

/// What an answer means to those who want to ask again.
enum class Standing : std::uint8_t {
    fine,            ///< answered, whatever the answer says
    failed,          ///< no answer, or the server's own error
    endpoint_limit,  ///< this endpoint's bucket is empty
    overload,        ///< the whole site asks us to wait
    banned,          ///< the whole site refuses this address for a time
    geo_blocked,     ///< the site does not serve this address's country
};
[[nodiscard]] std::string_view name(Standing standing);

struct Verdict {
    Standing standing = Standing::fine;
    std::optional<Nanos> wait;  ///< what the venue said, from the moment of the answer; nullopt: it did not say
    std::string reason;         ///< for people; empty when fine
    std::optional<std::uint32_t> used_weight;    ///< of the server's present minute, by everyone at this address
    std::optional<Nanos> minute_left;            ///< until that minute ends, by the answer's Date
    std::optional<std::uint32_t> endpoint_left;  ///< requests left in the endpoint's bucket
};

/// An answer as it came: `status` 0 is none (`body` says why); `headers` as in HttpReply, with "date" where it came.
struct Answer {
    int status = 0;
    std::string_view body;
    std::string_view headers;
    Timestamp received;
};

/// Reads what an answer says about limits. Every wait is relative, so that a wrong clock of ours does no harm:
/// Bybit's reset is compared with the time in the same body, Binance's end of a ban with the answer's Date.
///   source: Bybit v5 "Rate Limit" and error codes 10006, 10018, 10429; Binance "LIMITS" (429, 418, Retry-After,
///           -1003)
[[nodiscard]] Verdict judge(Site site, const Answer& answer);

/// Why the host says that it does not serve this country; nullopt for any other answer.
///   in: a REST answer, or the refusal of a WebSocket upgrade
[[nodiscard]] std::optional<std::string> geo_block(int status, std::string_view body);

/// One header of an HttpReply's lines; `name` in lower case.
[[nodiscard]] std::optional<std::string_view> header(std::string_view lines, std::string_view name);
/// "Tue, 24 Nov 2026 22:39:41 GMT"
[[nodiscard]] std::optional<Timestamp> parse_http_date(std::string_view text);

}  // namespace vt::exchange::access
