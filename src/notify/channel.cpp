#include "notify/channel.hpp"

#include "base/edit_distance.hpp"
#include "net/url.hpp"
#include "notify/base64.hpp"
#include "notify/public_address.hpp"

#include <algorithm>
#include <utility>

namespace vt::notify {
namespace {

constexpr std::size_t kNameMax = 32;
constexpr std::size_t kAddressMax = 2048;
constexpr std::size_t kKeyMin = 16;
constexpr std::size_t kRecipientsMax = 16;
constexpr std::size_t kMailAddressMax = 254;  // RFC 5321 4.5.3.1.3, without its angle brackets
constexpr std::array<std::string_view, 4> kDiscordHosts{"discord.com", "discordapp.com", "ptb.discord.com",
                                                        "canary.discord.com"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_token_character(char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; }
bool are_digits(std::string_view text, std::size_t most) {
    return !text.empty() && text.size() <= most && std::ranges::all_of(text, is_digit);
}
bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

tl::unexpected<Error> bad_channel(std::string_view name, std::string_view why) {
    return fail(Errc::configuration, "channel \"" + std::string(name) + "\": " + std::string(why));
}

bool is_mail_address(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == 0 || at == std::string_view::npos || at > 64 || text.size() > kMailAddressMax) return false;
    const std::string_view domain = text.substr(at + 1);
    constexpr std::string_view kSigns = "!#$%&'*+/=?^_`{|}~-.";
    const auto is_local = [&](char c) {
        return is_digit(c) || is_letter(c) || kSigns.find(c) != std::string_view::npos;
    };
    const auto is_dotted = [](std::string_view part) {
        return !part.starts_with('.') && !part.ends_with('.') && part.find("..") == std::string_view::npos;
    };
    return std::ranges::all_of(text.substr(0, at), is_local) && is_dotted(text.substr(0, at)) && !domain.empty() &&
           is_dotted(domain) &&
           std::ranges::all_of(domain, [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '.'; });
}

/// Whether the bytes of an address are those of one, without the scheme's name.
Result<net::Url> checked_url(std::string_view name, const Secret& url, std::string_view kind) {
    if (url.reveal().empty()) return bad_channel(name, "the " + std::string(kind) + " has no address");
    if (url.reveal().size() > kAddressMax) return bad_channel(name, "the address is longer than 2048 characters");
    Result<net::Url> parsed = net::parse_url(url.reveal());
    if (!parsed || url.reveal().find('#') != std::string_view::npos) {
        // Its text may hold the address, which is a secret.
        return bad_channel(name,
                           "the address is not one: it has a scheme and a host, no user, no password, no space, no # "
                           "and no sign beyond ASCII; copy it again");
    }
    return parsed;
}

void replace_all(std::string& text, std::string_view what) {
    if (what.size() < 4) return;  // a shorter one is in any text, and no secret
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 3)) {
        text.replace(at, what.size(), "***");
    }
}

}  // namespace

Result<ChannelKind> parse_channel_kind(std::string_view text) {
    std::string_view closest;
    for (std::size_t i = 0; i < kChannelKindNames.size(); ++i) {
        if (kChannelKindNames[i] == text) return static_cast<ChannelKind>(i);
        if (text.size() < 20 && edit_distance(kChannelKindNames[i], text) <= 2) closest = kChannelKindNames[i];
    }
    std::string why = "there is no channel of the kind \"" + std::string(text.substr(0, 40)) +
                      "\"; the kinds are discord, webhook, telegram and email";
    if (!closest.empty()) why += "; did you mean " + std::string(closest) + "?";
    return fail(Errc::configuration, std::move(why));
}

Result<void> check_channel_name(std::string_view name) {
    const bool is_good = !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    });
    if (is_good) return {};
    return fail(Errc::configuration, "the name of a channel has 1 to 32 of the letters a-z, digits, '-' and '_'");
}

Result<Channel> make_discord(std::string name, Secret url) {
    if (const Result<void> good = check_channel_name(name); !good) return tl::unexpected<Error>(good.error());
    VT_TRY(const net::Url parsed, checked_url(name, url, "Discord channel"));
    constexpr std::string_view kRemedy =
        "; in Discord, open the channel's settings, Integrations, Webhooks, and copy the webhook's address";
    const auto refuse = [&](std::string_view why) { return bad_channel(name, std::string(why).append(kRemedy)); };
    if (parsed.scheme != "https") return refuse("Discord's webhooks begin with https://");
    if (std::ranges::find(kDiscordHosts, parsed.host) == kDiscordHosts.end() || parsed.port != 443)
        return refuse("the host is none of discord.com, discordapp.com, ptb.discord.com and canary.discord.com");
    constexpr std::string_view kPath = "/api/webhooks/";
    const std::string_view target(parsed.target);
    const std::string_view rest = target.starts_with(kPath) ? target.substr(kPath.size()) : std::string_view{};
    const std::size_t slash = rest.find('/');
    const std::string_view token = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    if (!are_digits(rest.substr(0, slash), 20) || token.size() < 20 || token.size() > 128 ||
        !std::ranges::all_of(token, is_token_character)) {
        return refuse("the address is not that of a webhook: /api/webhooks/<digits>/<token>, and nothing behind it");
    }
    DiscordTarget discord{.url = {}, .webhook = std::string(rest.substr(0, slash))};
    discord.path = url.reveal().find(kPath);
    discord.url = std::move(url);
    return Channel{.name = std::move(name), .target = std::move(discord)};
}

Result<Channel> make_webhook(std::string name, WebhookSettings settings) {
    if (const Result<void> good = check_channel_name(name); !good) return tl::unexpected<Error>(good.error());
    VT_TRY(const net::Url parsed, checked_url(name, settings.url, "webhook"));
    if (parsed.scheme != "https" && !(parsed.scheme == "http" && settings.allow_http)) {
        return bad_channel(name, parsed.scheme == "http"
                                     ? "the address begins with http://, so anybody on the way can read and change "
                                       "the alerts; use https://, or set allow_http"
                                     : "the address must begin with https://");
    }
    if (const Result<void> good = check_host(parsed.host, settings.allow_private); !good)
        return bad_channel(name, good.error().what);
    const std::size_t key_size = settings.signing_key.reveal().size();
    if (key_size > 0 && (key_size < kKeyMin || key_size > 256)) {
        return bad_channel(name,
                           "the key that messages are signed with has 16 to 256 characters; "
                           "`openssl rand -hex 32` makes a good one");
    }
    return Channel{
        .name = std::move(name),
        .target = WebhookTarget{.url = std::move(settings.url), .signing_key = std::move(settings.signing_key)},
        .allow_private = settings.allow_private};
}

Result<Channel> make_telegram(std::string name, Secret token, std::string chat) {
    if (const Result<void> good = check_channel_name(name); !good) return tl::unexpected<Error>(good.error());
    const std::string_view text = token.reveal();
    const std::size_t colon = text.find(':');
    const std::string_view key = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    if (!are_digits(text.substr(0, colon), 16) || key.size() != 35 || !std::ranges::all_of(key, is_token_character)) {
        return bad_channel(name,
                           "the token is not a bot's: <digits>:<35 characters>; @BotFather shows it under "
                           "/mybots, API Token");
    }
    const std::string_view digits = chat.starts_with('-') ? std::string_view(chat).substr(1) : std::string_view(chat);
    const bool is_number = are_digits(digits, 18) && !digits.starts_with('0');
    const bool is_name =
        chat.size() >= 5 && chat.size() <= 33 && chat.front() == '@' && is_letter(chat[1]) &&
        std::ranges::all_of(chat.substr(1), [](char c) { return is_token_character(c) && c != '-'; });
    if (!is_number && !is_name) {
        return bad_channel(name,
                           "the chat is a number such as -1001234567890, or the @name of a public channel; "
                           "write to the bot and read chat.id under getUpdates");
    }
    return Channel{.name = std::move(name),
                   .target = TelegramTarget{.token = std::move(token), .chat = std::move(chat)}};
}

Result<Channel> make_email(std::string name, EmailSettings settings) {
    if (const Result<void> good = check_channel_name(name); !good) return tl::unexpected<Error>(good.error());
    EmailTarget mail{.host = std::move(settings.host), .port = settings.port, .user = std::move(settings.user)};
    if (mail.port == 0) return bad_channel(name, "the port of the mail server is 1 to 65535; usual are 587 and 465");
    if (const Result<void> good = check_host(mail.host, settings.allow_private); !good)
        return bad_channel(name, good.error().what);
    if (settings.tls == "starttls") {
        mail.tls = MailTls::starttls;
    } else if (settings.tls == "tls") {
        mail.tls = MailTls::tls;
    } else if (settings.tls == "none") {
        mail.tls = MailTls::none;
        if (!is_loopback_host(mail.host))
            return bad_channel(name,
                               "without TLS mail goes to localhost, 127.0.0.1 or ::1 only; use starttls or tls");
    } else {
        return bad_channel(name, "tls is starttls (usual with port 587), tls (usual with port 465) or none");
    }
    if (!is_visible(mail.user) || mail.user.size() > 256)
        return bad_channel(name, "the user holds a space, a control sign or a sign beyond ASCII");
    const std::string_view password = settings.password.reveal();
    if (mail.user.empty() != password.empty())
        return bad_channel(name, "user and password go together: both, or none for a server without login");
    if (password.size() > 256 || password.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
        return bad_channel(name, "the password holds a line end, or is longer than 256 characters");
    if (!is_mail_address(settings.from))
        return bad_channel(name, "from is one plain address such as alerts@example.com, without a name");
    if (settings.to.empty() || settings.to.size() > kRecipientsMax)
        return bad_channel(name, "to has 1 to 16 addresses");
    for (const std::string& each : settings.to) {
        if (!is_mail_address(each)) return bad_channel(name, "to holds plain addresses such as me@example.com only");
    }
    mail.password = std::move(settings.password);
    mail.from = std::move(settings.from);
    mail.to = std::move(settings.to);
    return Channel{.name = std::move(name), .target = std::move(mail), .allow_private = settings.allow_private};
}

std::string shown_address(const Channel& channel) {
    if (const auto* discord = std::get_if<DiscordTarget>(&channel.target)) {
        return "discord.com, webhook " + discord->webhook;
    }
    if (const auto* webhook = std::get_if<WebhookTarget>(&channel.target)) {
        const Result<net::Url> url = net::parse_url(webhook->url.reveal());
        return url ? url->authority() : std::string("(no address)");
    }
    if (const auto* telegram = std::get_if<TelegramTarget>(&channel.target)) return "chat " + telegram->chat;
    const auto& mail = std::get<EmailTarget>(channel.target);
    std::string shown;
    for (const std::string& each : mail.to) shown += (shown.empty() ? "" : ", ") + each;
    return shown + " by " + mail.host + ":" + std::to_string(mail.port);
}

std::string without_secrets(std::string text, const Channel& channel) {
    const auto hide_url = [&](const Secret& url) {
        replace_all(text, url.reveal());
        const std::size_t host = url.reveal().find("://");
        if (host == std::string_view::npos) return;
        const std::size_t path = url.reveal().find_first_of("/?", host + 3);
        if (path != std::string_view::npos) replace_all(text, url.reveal().substr(path));
    };
    if (const auto* discord = std::get_if<DiscordTarget>(&channel.target)) {
        hide_url(discord->url);
        replace_all(text, discord->url.reveal().substr(discord->url.reveal().rfind('/') + 1));
    } else if (const auto* webhook = std::get_if<WebhookTarget>(&channel.target)) {
        hide_url(webhook->url);
        replace_all(text, webhook->signing_key.reveal());
    } else if (const auto* telegram = std::get_if<TelegramTarget>(&channel.target)) {
        const std::string_view token = telegram->token.reveal();
        replace_all(text, token);
        replace_all(text, token.substr(token.find(':') + 1));
    } else {
        const auto& mail = std::get<EmailTarget>(channel.target);
        const std::string_view password = mail.password.reveal();
        if (password.empty()) return text;
        replace_all(text, base64(std::string(1, '\0').append(mail.user).append(1, '\0').append(password)));
        replace_all(text, base64(password));
        replace_all(text, password);
    }
    return text;
}

}  // namespace vt::notify
