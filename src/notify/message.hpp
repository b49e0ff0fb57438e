#pragma once

#include "alerts/alert.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "net/http_message.hpp"
#include "notify/attachment.hpp"
#include "notify/channel.hpp"

#include <span>
#include <string>
#include <vector>

// Alerts as each service takes them. Pure functions: the same alert gives the same bytes. Whatever an alert's texts
// hold, they are shown and do nothing: see inert_text.hpp.

namespace vt::notify {

/// What is posted, and its headers.
struct Payload {
    std::string body;
    std::vector<net::HttpHeader> headers;
};

/// How many alerts one message of this kind may hold.
[[nodiscard]] constexpr std::size_t alerts_in_message(ChannelKind kind) {
    return kind == ChannelKind::discord ? 10 : 1;
}

/// An embed for each alert: title, words, the score's bars, levels and figures as fields, reference, time; images in
/// the first embed and in some of their own. Nobody is mentioned. What exceeds a limit is cut, and says so.
///   in:     alerts: 1 to 10; attachments: sendable
///   source: Discord's developer documentation, "Execute Webhook", "Embed Limits", "Uploading Files"; lengths are
///           counted in UTF-16 code units
[[nodiscard]] Payload discord_payload(std::span<const alerts::Alert> alerts, std::span<const Attachment> attachments);

struct TelegramPayload {
    std::string method;  ///< "sendMessage", or "sendPhoto" where there is an image
    Payload payload;
};
/// The same in HTML, 4096 units, or 1024 under the first image; other attachments are left out. Links are not looked
/// up, and an `info` makes no sound.
///   source: Telegram's Bot API, "sendMessage", "sendPhoto", "HTML style"
[[nodiscard]] TelegramPayload telegram_payload(const alerts::Alert& alert, std::span<const Attachment> attachments,
                                               const std::string& chat);

/// The alert as JSON (docs/alerts.md has the schema), without attachments. With a key the headers prove who wrote it,
/// and when.
///   in: now: when it is sent, which is not when the alert was seen
[[nodiscard]] Payload webhook_payload(const alerts::Alert& alert, const Secret& signing_key, Timestamp now);

/// A whole mail, headers first, lines ended by CR LF: the subject as RFC 2047 words, the words as text/plain, the
/// attachments in base64. Message-ID is made of the alert's id: a mail that is sent twice is one to who reads it.
///   in: now: for Date
[[nodiscard]] std::string email_message(const alerts::Alert& alert, std::span<const Attachment> attachments,
                                        const EmailTarget& target, Timestamp now);

}  // namespace vt::notify
