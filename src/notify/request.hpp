#pragma once

#include "alerts/alert.hpp"
#include "net/http_client.hpp"
#include "notify/attachment.hpp"
#include "notify/channel.hpp"

#include <span>
#include <string>

namespace vt::notify {

/// Where the services are. For a Bot API server of one's own, and for tests.
struct Origins {
    std::string discord = {};  ///< instead of the one in a webhook's address; empty: that one
    std::string telegram = "https://api.telegram.org";
};

/// The request that carries alerts to a channel. Its address is a secret of Discord, Telegram and many webhooks.
///   in: channel: not email; alerts: 1 to alerts_in_message(); attachments: sendable; now: when it is sent
[[nodiscard]] net::HttpCall request_of(const Channel& channel, std::span<const alerts::Alert> alerts,
                                       std::span<const Attachment> attachments, Timestamp now,
                                       const Origins& origins = {});

}  // namespace vt::notify
