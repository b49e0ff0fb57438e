#include "influx/verdict.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>

namespace vt::influx {
namespace {

constexpr std::size_t kSaidMax = 200;
constexpr Nanos kWaitMax = std::chrono::minutes{5};

template <class Number>
std::optional<Number> number_at_start(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    return number;
}

/// What the server said, short and without control characters: it is shown and logged.
std::string said(const net::HttpResponse& response) {
    std::string text = response.body.substr(0, kSaidMax);
    std::replace_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return text.empty() ? std::string(net::reason_phrase(response.status)) : text;
}

std::optional<Nanos> asked_wait(const net::HttpResponse& response) {
    const auto header = response.header("Retry-After");
    if (!header) return std::nullopt;
    const auto seconds = number_at_start<std::int64_t>(*header);
    if (!seconds || *seconds < 0) return std::nullopt;
    return std::min<Nanos>(std::chrono::seconds{std::min<std::int64_t>(*seconds, 86'400)}, kWaitMax);
}

/// "partial write: ... dropped=3": the lines that are not in it are stored.
std::optional<std::uint64_t> dropped_lines(std::string_view body) {
    constexpr std::string_view kMark = "dropped=";
    const std::size_t at = body.find(kMark);
    if (at == std::string_view::npos) return std::nullopt;
    return number_at_start<std::uint64_t>(body.substr(at + kMark.size()));
}

}  // namespace

Verdict judge(const Result<net::HttpResponse>& answer) {
    if (!answer) {
        const bool is_refused = answer.error().code == Errc::refused;  // a certificate: its text has a remedy
        return {.fate = is_refused ? Fate::locked : Fate::later,
                .problem = "the time-series server does not answer: " + answer.error().what +
                           (is_refused ? "" : "; check INFLUXDB_URL, and what listens there")};
    }
    const net::HttpResponse& response = *answer;
    const int status = response.status;
    const std::string what = "the time-series server answered " + std::to_string(status) + ": " + said(response);
    if (status >= 200 && status < 300) return {.fate = Fate::stored};
    if (status == 401 || status == 403)
        return {.fate = Fate::locked, .problem = what + "; check INFLUXDB_TOKEN, and that it may write this bucket"};
    if (status == 404)
        return {.fate = Fate::locked,
                .problem = what + "; check INFLUXDB_URL, INFLUXDB_ORG and INFLUXDB_BUCKET, and influxdb.version"};
    if (status >= 300 && status < 400)
        return {.fate = Fate::locked, .problem = what + "; put the address that it points to into INFLUXDB_URL"};
    if (status == 413) return {.fate = Fate::too_large, .problem = what};
    if (status == 408 || status == 429 || status >= 500)
        return {.fate = Fate::later, .wait = asked_wait(response), .problem = what};
    const std::optional<std::uint64_t> dropped = dropped_lines(response.body);
    const bool is_partial = response.body.find("partial write") != std::string::npos;
    return {.fate = is_partial ? Fate::partly : Fate::refused, .refused_lines = dropped, .problem = what};
}

}  // namespace vt::influx
