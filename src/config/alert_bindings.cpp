#include "alerts/alert.hpp"
#include "config/alert_channels.hpp"
#include "config/binding.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vt::config {
namespace {

constexpr std::size_t kQuietSize = std::string_view("22:00-07:00").size();

bool is_severity(const std::string& text) { return alerts::severity_named(text).has_value(); }
bool is_mail_tls(const std::string& text) { return text == "starttls" || text == "tls" || text == "none"; }
bool is_any(const std::string&) { return true; }

/// "22:00": minutes of the day.
std::optional<std::uint16_t> minute_of(std::string_view clock) {
    std::uint16_t hour = 0, minute = 0;
    const auto whole = [](std::string_view digits, std::uint16_t& number) {
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return error == std::errc() && end == digits.data() + digits.size();
    };
    if (clock.size() != 5 || clock[2] != ':' || !whole(clock.substr(0, 2), hour) || !whole(clock.substr(3), minute) ||
        hour > 23 || minute > 59)
        return std::nullopt;
    return static_cast<std::uint16_t>(hour * 60 + minute);
}

struct QuietHours {
    std::uint16_t from = 0, until = 0;
};
std::optional<QuietHours> quiet_hours_in(const std::string& text) {
    if (text.empty()) return QuietHours{};
    if (text.size() != kQuietSize || text[5] != '-') return std::nullopt;
    const auto from = minute_of(std::string_view(text).substr(0, 5)),
               until = minute_of(std::string_view(text).substr(6));
    if (!from || !until || *from == *until) return std::nullopt;
    return QuietHours{*from, *until};
}
bool are_quiet_hours(const std::string& text) { return quiet_hours_in(text).has_value(); }

Secret copied(const std::string& text) { return Secret(std::string(text)); }

tl::unexpected<Error> incomplete(const std::string& what) {
    return fail(Errc::configuration, what + " belong together: set both, or neither");
}

}  // namespace

std::vector<Binding> alert_bindings() {
    return {
        text(
            {"alerts.severity_min", "", "what is less severe stays in the inbox and is not sent"},
            [](Config& c) -> std::string& { return c.alerts.severity_min; }, is_severity,
            R"("info", "warn", "high" or "critical")"),
        whole_number(
            {"alerts.messages_per_hour", "", "to each channel; what finds no room is sent as one message"},
            [](Config& c) -> std::uint32_t& { return c.alerts.messages_per_hour; }, 1, 3600),
        whole_number(
            {"alerts.messages_at_once", "", "of them, before the hour's pace holds"},
            [](Config& c) -> std::uint32_t& { return c.alerts.messages_at_once; }, 1, 100),
        text(
            {"alerts.quiet_hours", "", "UTC, in which only what is critical is sent, like 22:00-07:00; empty: none"},
            [](Config& c) -> std::string& { return c.alerts.quiet_hours; }, are_quiet_hours,
            R"(empty, or two times of the day like "22:00-07:00")"),
        secret({"alerts.discord_webhook_url", "DISCORD_WEBHOOK_URL", "of the Discord channel that alerts go to"},
               [](Config& c) -> std::string& { return c.alerts.discord_webhook_url; }),
        secret({"alerts.telegram_bot_token", "TELEGRAM_BOT_TOKEN", "of the bot that alerts are sent by"},
               [](Config& c) -> std::string& { return c.alerts.telegram_bot_token; }),
        text(
            {"alerts.telegram_chat", "", "its chat: a number, or @name of a public channel"},
            [](Config& c) -> std::string& { return c.alerts.telegram_chat; }, is_any, "a text"),
        secret({"alerts.webhook_url", "ALERTS_WEBHOOK_URL", "https address that alerts are posted to as JSON"},
               [](Config& c) -> std::string& { return c.alerts.webhook_url; }),
        secret({"alerts.webhook_signing_key", "ALERTS_WEBHOOK_SIGNING_KEY",
                "that its messages are signed with; empty: they are not"},
               [](Config& c) -> std::string& { return c.alerts.webhook_signing_key; }),
        whole_number(
            {"alerts.webhook_allow_http", "", "1: without TLS: what is sent can be read and changed on its way"},
            [](Config& c) -> bool& { return c.alerts.webhook_allow_http; }, 0, 1),
        whole_number(
            {"alerts.webhook_allow_private", "", "1: it may be an address of this machine or its network"},
            [](Config& c) -> bool& { return c.alerts.webhook_allow_private; }, 0, 1),
        text(
            {"alerts.email_host", "", "mail server that alerts are sent by; empty: none"},
            [](Config& c) -> std::string& { return c.alerts.email_host; }, is_any, "a text"),
        whole_number(
            {"alerts.email_port", "", "its port"}, [](Config& c) -> std::uint16_t& { return c.alerts.email_port; }, 1,
            65535),
        text(
            {"alerts.email_tls", "", "starttls, tls from the first byte, or none (to this machine only)"},
            [](Config& c) -> std::string& { return c.alerts.email_tls; }, is_mail_tls,
            R"("starttls", "tls" or "none")"),
        text(
            {"alerts.email_user", "", "who logs in there; empty: nobody"},
            [](Config& c) -> std::string& { return c.alerts.email_user; }, is_any, "a text"),
        secret({"alerts.email_password", "ALERTS_EMAIL_PASSWORD", "its password"},
               [](Config& c) -> std::string& { return c.alerts.email_password; }),
        text(
            {"alerts.email_from", "", "the sender's address"},
            [](Config& c) -> std::string& { return c.alerts.email_from; }, is_any, "a text"),
        text_list({"alerts.email_to", "", "the recipients' addresses"},
                  [](Config& c) -> Texts& { return c.alerts.email_to; }),
        text(
            {"alerts.authorities_file", "",
             "PEM file of the authorities that channels trust, alone; empty: the system's"},
            [](Config& c) -> std::string& { return c.alerts.authorities_file; }, is_any, "a path"),
    };
}

Result<std::vector<notify::Channel>> alert_channels(const Config& config) {
    const Config::Alerts& given = config.alerts;
    std::vector<notify::Channel> channels;
    const auto add = [&](Result<notify::Channel> made) -> Result<void> {
        if (!made) return tl::unexpected<Error>(std::move(made.error()));
        channels.push_back(std::move(*made));
        return {};
    };
    if (!given.discord_webhook_url.empty())
        if (Result<void> made = add(notify::make_discord("discord", copied(given.discord_webhook_url))); !made)
            return tl::unexpected<Error>(std::move(made.error()));
    if (given.telegram_bot_token.empty() != given.telegram_chat.empty())
        return incomplete("alerts.telegram_bot_token and alerts.telegram_chat");
    if (!given.telegram_bot_token.empty())
        if (Result<void> made =
                add(notify::make_telegram("telegram", copied(given.telegram_bot_token), given.telegram_chat));
            !made)
            return tl::unexpected<Error>(std::move(made.error()));
    if (!given.webhook_url.empty())
        if (Result<void> made = add(notify::make_webhook("webhook", {.url = copied(given.webhook_url),
                                                                     .signing_key = copied(given.webhook_signing_key),
                                                                     .allow_http = given.webhook_allow_http,
                                                                     .allow_private = given.webhook_allow_private}));
            !made)
            return tl::unexpected<Error>(std::move(made.error()));
    if (given.email_host.empty() != given.email_to.empty())
        return incomplete("alerts.email_host and alerts.email_to");
    if (!given.email_host.empty())
        if (Result<void> made = add(notify::make_email("email", {.host = given.email_host,
                                                                 .port = given.email_port,
                                                                 .tls = given.email_tls,
                                                                 .user = given.email_user,
                                                                 .password = copied(given.email_password),
                                                                 .from = given.email_from,
                                                                 .to = given.email_to}));
            !made)
            return tl::unexpected<Error>(std::move(made.error()));
    return channels;
}

Result<void> check_alerts(const Config& config) {
    const auto channels = alert_channels(config);
    if (!channels) return fail(Errc::configuration, "alerts: " + channels.error().what);
    return {};
}

std::vector<alerts::ChannelTerms> channel_terms(const Config& config, const std::vector<notify::Channel>& channels) {
    const QuietHours quiet = quiet_hours_in(config.alerts.quiet_hours).value_or(QuietHours{});
    std::vector<alerts::ChannelTerms> terms;
    for (const notify::Channel& channel : channels)
        terms.push_back(
            {.name = channel.name,
             .severity_min = alerts::severity_named(config.alerts.severity_min).value_or(alerts::Severity::info),
             .per_hour = config.alerts.messages_per_hour,
             .burst = config.alerts.messages_at_once,
             .quiet_from_minute = quiet.from,
             .quiet_until_minute = quiet.until});
    return terms;
}

}  // namespace vt::config
