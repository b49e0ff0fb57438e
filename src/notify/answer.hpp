#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "net/http_message.hpp"
#include "notify/channel.hpp"

#include <optional>
#include <string>
#include <string_view>

// What a service's answer means for the alert that was sent. Pure functions.

namespace vt::notify {

enum class Fate : std::uint8_t {
    delivered,  ///< the service has said that it has it
    retry,      ///< not now: after `wait`, or by the caller's back-off
    refused,    ///< never, until somebody changes the channel: `problem` says what
};

struct Outcome {
    Fate fate = Fate::retry;
    std::string receipt = {};  ///< delivered: the service's id of the message; empty where it says none
    /// Nothing may go to this channel for so long, whatever the fate; at most a day. Absent: the service asks none.
    std::optional<Nanos> wait = {};
    bool is_wait_global = false;    ///< the wait holds for all channels of this kind
    bool may_have_arrived = false;  ///< not delivered, yet the service may have it: the next may be a second
    int status = 0;                 ///< of the answer: HTTP's or SMTP's; 0: there was none
    std::string problem = {};       ///< what, where, the remedy; no secret. Of delivered: what went wrong beside
};

inline constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 10U;
inline constexpr Nanos kWaitMax = kDay;

/// What an HTTP service said, or why it said nothing.
///   in: kind: not email; answer: as net::HttpClient gives it
///   source: Discord's developer documentation, "Rate Limits"; Telegram's Bot API, "Making requests" and
///           "ResponseParameters"; RFC 9110 10.2.3 and 15
[[nodiscard]] Outcome read_answer(ChannelKind kind, const Result<net::HttpResponse>& answer);

/// What a mail server said, by its last reply code.
///   in: code: 250, 450, 550 ...; said: its text; is_accepted: the reply to the mail itself
///   source: RFC 5321 4.2
[[nodiscard]] Outcome read_mail_reply(int code, std::string_view said, bool is_accepted);

}  // namespace vt::notify
