#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Where alerts go to. A channel is made by one of the make_ functions below, and by nothing else: whoever holds one
// holds an address that was checked. Errors name the channel, what is wrong and the remedy, and never a secret.

namespace vt::notify {

enum class ChannelKind : std::uint8_t { discord, webhook, telegram, email };
inline constexpr std::array<std::string_view, 4> kChannelKindNames{"discord", "webhook", "telegram", "email"};
[[nodiscard]] constexpr std::string_view name(ChannelKind kind) {
    return kChannelKindNames[static_cast<std::size_t>(kind)];
}
/// errors: configuration, with the kinds that there are
[[nodiscard]] Result<ChannelKind> parse_channel_kind(std::string_view text);

struct DiscordTarget {
    Secret url;            ///< https://discord.com/api/webhooks/<digits>/<token>
    std::string webhook;   ///< the digits: no secret, and enough to find the webhook by
    std::size_t path = 0;  ///< where "/api/webhooks/..." begins in the address
};
struct WebhookTarget {
    Secret url;
    Secret signing_key;  ///< of the HMAC; empty: messages are not signed
};
struct TelegramTarget {
    Secret token;      ///< <digits>:<35 characters>
    std::string chat;  ///< "-1001234567890" or "@name"
};
enum class MailTls : std::uint8_t {
    starttls,  ///< begins in plain text, and goes no further without TLS
    tls,       ///< from the first byte
    none,      ///< to this machine only
};
struct EmailTarget {
    std::string host;
    std::uint16_t port = 0;
    MailTls tls = MailTls::starttls;
    std::string user;  ///< empty: no login
    Secret password;
    std::string from;
    std::vector<std::string> to;
};

/// A place that alerts are sent to. What there is of it to show is its name, kind and shown_address().
struct Channel {
    std::string name;
    std::variant<DiscordTarget, WebhookTarget, TelegramTarget, EmailTarget> target;  ///< in the order of ChannelKind
    bool allow_private = false;  ///< also to addresses that only this machine or its network can reach

    [[nodiscard]] ChannelKind kind() const { return static_cast<ChannelKind>(target.index()); }
};

/// 1 to 32 of a-z, 0-9, '-' and '_'.
///   errors: configuration
[[nodiscard]] Result<void> check_channel_name(std::string_view name);

/// in:     url: as Discord shows it under "Copy webhook URL"
/// errors: configuration
[[nodiscard]] Result<Channel> make_discord(std::string name, Secret url);

struct WebhookSettings {
    Secret url;
    Secret signing_key = {};     ///< at least 16 characters, or empty
    bool allow_http = false;     ///< plain HTTP as well: what is sent can be read and changed on its way
    bool allow_private = false;  ///< see Channel
};
/// errors: configuration
[[nodiscard]] Result<Channel> make_webhook(std::string name, WebhookSettings settings);

/// in:     token: as BotFather gives it; chat: a number, or "@name" of a public channel
/// errors: configuration
[[nodiscard]] Result<Channel> make_telegram(std::string name, Secret token, std::string chat);

struct EmailSettings {
    std::string host;
    std::uint16_t port = 587;
    std::string tls = "starttls";  ///< "starttls", "tls", or "none"
    std::string user = {};
    Secret password = {};
    std::string from;
    std::vector<std::string> to;
    bool allow_private = false;  ///< see Channel
};
/// errors: configuration
[[nodiscard]] Result<Channel> make_email(std::string name, EmailSettings settings);

/// What of the address may be shown: "discord.com, webhook 1234", "hooks.example.com", "chat -100123",
/// "a@example.com by mail.example.com:587".
[[nodiscard]] std::string shown_address(const Channel& channel);
/// The text with "***" in place of each of the channel's secrets, also as parts of an address or in base64: for texts
/// that another side wrote.
[[nodiscard]] std::string without_secrets(std::string text, const Channel& channel);

}  // namespace vt::notify
