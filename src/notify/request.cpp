#include "notify/request.hpp"

#include "base/assert.hpp"
#include "notify/answer.hpp"
#include "notify/message.hpp"

#include <utility>

namespace vt::notify {

net::HttpCall request_of(const Channel& channel, std::span<const alerts::Alert> alerts,
                         std::span<const Attachment> attachments, Timestamp now, const Origins& origins) {
    VT_ASSERT(!alerts.empty() && alerts.size() <= alerts_in_message(channel.kind()));
    net::HttpCall call{.url = {}, .method = net::Method::post, .max_body_bytes = kAnswerBytesMax};
    Payload payload;
    if (const auto* discord = std::get_if<DiscordTarget>(&channel.target)) {
        payload = discord_payload(alerts, attachments);
        const std::string_view address = discord->url.reveal();
        call.url = origins.discord.empty() ? std::string(address)
                                           : origins.discord + std::string(address.substr(discord->path));
        call.url += "?wait=true";  // then the answer is the message, with its id
    } else if (const auto* webhook = std::get_if<WebhookTarget>(&channel.target)) {
        payload = webhook_payload(alerts.front(), webhook->signing_key, now);
        call.url = webhook->url.reveal();
    } else {
        const auto* telegram = std::get_if<TelegramTarget>(&channel.target);
        VT_ASSERT(telegram != nullptr);
        TelegramPayload made = telegram_payload(alerts.front(), attachments, telegram->chat);
        payload = std::move(made.payload);
        call.url = origins.telegram + "/bot" + std::string(telegram->token.reveal()) + "/" + made.method;
    }
    call.body = std::move(payload.body);
    call.headers = std::move(payload.headers);
    return call;
}

}  // namespace vt::notify
