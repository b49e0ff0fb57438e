#include "exchange/access/verdict.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace vt::exchange::access {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Errors are short; the data of a success is not searched.
constexpr std::size_t kErrorBytes = 4096;
constexpr Nanos kBybitBan = minutes{10};
constexpr Nanos kFirewallBan = minutes{10};
constexpr Nanos kLongestWait = minutes{60 * 24 * 3};  ///< the longest ban that Binance documents

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end == text.data() || value < 0 || value > 9'000'000'000'000) return std::nullopt;
    return value;
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + mark.size());
    if (!text.empty() && text.front() == '"') text.remove_prefix(1);
    const bool is_negative = !text.empty() && text.front() == '-';
    const auto value = whole(is_negative ? text.substr(1) : text);
    if (!value) return std::nullopt;
    return is_negative ? -*value : *value;
}

std::optional<std::int64_t> header_number(const Answer& answer, std::string_view name) {
    const auto text = header(answer.headers, name);
    return text ? whole(*text) : std::nullopt;
}

/// The wait that Retry-After asks for. Seconds only: no venue sends a date.
std::optional<Nanos> retry_after(const Answer& answer) {
    const auto wanted = header_number(answer, "retry-after");
    if (!wanted) return std::nullopt;
    return std::min(Nanos{seconds{std::min<std::int64_t>(*wanted, 10'000'000)}}, kLongestWait);
}

std::optional<Nanos> until_server_time(std::int64_t then_ms, std::optional<Timestamp> server_now,
                                       const Answer& answer) {
    const Timestamp now = server_now.value_or(answer.received);
    return std::clamp(from_ms(then_ms) - now, Nanos{0}, kLongestWait);
}

std::string beginning(std::string_view body) {
    std::string text;
    for (const char c : body.substr(0, 120)) text += c >= 0x20 && c < 0x7f ? c : ' ';
    return text;
}

Verdict failed(const Answer& answer) {
    return {.standing = Standing::failed,
            .wait = retry_after(answer),
            .reason = answer.status == 0 ? std::string(answer.body.substr(0, 200))
                                         : "HTTP " + std::to_string(answer.status)};
}

Verdict blocked(std::string why) {
    return {.standing = Standing::geo_blocked, .wait = kBybitBan, .reason = std::move(why)};
}

Verdict judge_bybit(const Answer& answer) {
    const std::string_view head = answer.body.substr(0, kErrorBytes);
    if (answer.status == 403) {
        return {.standing = Standing::banned,
                .wait = kBybitBan,
                .reason = "HTTP 403, too many requests of this address; nothing is asked for 10 minutes"};
    }
    const auto sent_at_ms = number_after(
        answer.body.substr(answer.body.size() - std::min<std::size_t>(answer.body.size(), 64)), "\"time\":");
    const auto server_now = sent_at_ms ? std::optional(from_ms(*sent_at_ms)) : std::nullopt;
    const auto reset_ms = header_number(answer, "x-bapi-limit-reset-timestamp");
    const auto reset = reset_ms ? until_server_time(*reset_ms, server_now, answer) : std::nullopt;
    const auto ret_code = number_after(head.substr(0, 64), "\"retCode\":").value_or(0);
    if (answer.status == 429 || ret_code == 429 || ret_code == 10429) {
        const auto said = retry_after(answer);
        return {
            .standing = Standing::overload, .wait = said ? said : reset, .reason = "429, the venue is overloaded"};
    }
    if (ret_code == 10018) {
        return {.standing = Standing::banned, .wait = kBybitBan, .reason = "retCode 10018, too many of this address"};
    }
    Verdict verdict;
    if (const auto left = header_number(answer, "x-bapi-limit-status")) {
        verdict.endpoint_left = static_cast<std::uint32_t>(std::min<std::int64_t>(*left, 1'000'000));
    }
    verdict.wait = reset;
    if (ret_code == 10006) {
        verdict.standing = Standing::endpoint_limit;
        verdict.reason = "retCode 10006, too many requests of this endpoint";
    }
    return verdict;
}

Verdict judge_binance(const Answer& answer) {
    const std::string_view head = answer.body.substr(0, kErrorBytes);
    const auto date_text = header(answer.headers, "date");
    const auto date = date_text ? parse_http_date(*date_text) : std::nullopt;
    Verdict verdict;
    if (const auto used = header_number(answer, "x-mbx-used-weight-1m")) {
        verdict.used_weight = static_cast<std::uint32_t>(std::min<std::int64_t>(*used, 100'000'000));
        verdict.minute_left =
            date ? Nanos{minutes{1}} - (*date - floor_to(*date, minutes{1})) + seconds{1} : Nanos{minutes{1}};
    }
    const bool is_limit = answer.status == 429 || answer.status == 418;
    if (is_limit) {
        const auto until_ms = number_after(head, "banned until ");
        const auto ban = until_ms ? until_server_time(*until_ms, date, answer) : std::nullopt;
        const auto said = retry_after(answer);
        verdict.standing = answer.status == 418 ? Standing::banned : Standing::overload;
        verdict.wait = said || ban ? std::optional(std::max(said.value_or(Nanos{0}), ban.value_or(Nanos{0})))
                                   : std::optional(Nanos{minutes{answer.status == 418 ? 10 : 1}});
        verdict.reason = "HTTP " + std::to_string(answer.status) + ": " + beginning(head);
    } else if (answer.status == 403) {
        verdict.standing = Standing::banned;
        verdict.wait = retry_after(answer).value_or(kFirewallBan);
        verdict.reason = "HTTP 403, the venue's firewall refuses this address";
    }
    return verdict;
}

}  // namespace

std::string_view name(Standing standing) {
    switch (standing) {
        case Standing::fine: return "fine";
        case Standing::failed: return "failed";
        case Standing::endpoint_limit: return "endpoint limit";
        case Standing::overload: return "overload";
        case Standing::banned: return "banned";
        case Standing::geo_blocked: return "geo-blocked";
    }
    return "unknown";
}

Verdict judge(Site site, const Answer& answer) {
    if (auto why = geo_block(answer.status, answer.body)) return blocked(std::move(*why));
    if (answer.status == 0 || answer.status >= 500) return failed(answer);
    return venue_of(site) == market::Venue::bybit ? judge_bybit(answer) : judge_binance(answer);
}

std::optional<std::string> geo_block(int status, std::string_view body) {
    if (status != 403 && status != 451) return std::nullopt;
    constexpr std::array<std::string_view, 6> kMarks = {
        "block access from your country",  // CloudFront's page, before Bybit
        "restricted location",             // Binance: "Service unavailable from a restricted location"
        "your country",
        "your region",
        "your jurisdiction",
        "Eligibility",
    };
    const std::string_view head = body.substr(0, kErrorBytes);
    const auto mark = std::find_if(kMarks.begin(), kMarks.end(),
                                   [&](std::string_view text) { return head.find(text) != std::string_view::npos; });
    if (status == 403 && mark == kMarks.end()) return std::nullopt;
    std::string why = "HTTP " + std::to_string(status) + ": the venue does not serve this address's country";
    if (head.find("CloudFront") != std::string_view::npos) why += " (its CloudFront edge says so)";
    return why + "; use a proxy or another regional host";
}

std::optional<std::string_view> header(std::string_view lines, std::string_view name) {
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (line.starts_with(name) && line.substr(name.size()).starts_with(": ")) return line.substr(name.size() + 2);
    }
    return std::nullopt;
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(25) != " GMT" || text[3] != ',' || text[19] != ':') return std::nullopt;
    const auto field = [&](std::size_t at, std::size_t length) {
        return whole(text.substr(at, length)).value_or(-1);
    };
    const std::size_t month = kMonths.find(text.substr(8, 3));
    if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
    const auto date = std::chrono::year_month_day(std::chrono::year(static_cast<int>(field(12, 4))),
                                                  std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                                  std::chrono::day(static_cast<unsigned>(field(5, 2))));
    const auto hour = field(17, 2);
    const auto minute = field(20, 2);
    const auto second = field(23, 2);
    if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    return std::chrono::time_point_cast<Nanos>(std::chrono::sys_days(date)) + std::chrono::hours{hour} +
           minutes{minute} + seconds{second};
}

}  // namespace vt::exchange::access
