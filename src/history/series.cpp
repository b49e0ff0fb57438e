#include "history/series.hpp"

#include "base/percent_encoding.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace vt::history {
namespace {

constexpr std::array<std::string_view, 8> kKlineColumns = {"open",   "high",     "low",    "close",
                                                           "volume", "turnover", "trades", "taker_buy_volume"};
constexpr std::array<std::string_view, 4> kMarkColumns = {"open", "high", "low", "close"};
constexpr std::array<std::string_view, 1> kFundingColumns = {"rate"};
constexpr std::array<std::string_view, 2> kInterestColumns = {"open_interest", "open_interest_value"};
constexpr std::array<std::string_view, 2> kRatioColumns = {"long_share", "short_share"};

constexpr std::int64_t kMinute = 60'000;
constexpr std::array<std::pair<std::string_view, std::int64_t>, 12> kTimeframes = {{{"1m", kMinute},
                                                                                    {"3m", 3 * kMinute},
                                                                                    {"5m", 5 * kMinute},
                                                                                    {"15m", 15 * kMinute},
                                                                                    {"30m", 30 * kMinute},
                                                                                    {"1h", 60 * kMinute},
                                                                                    {"2h", 120 * kMinute},
                                                                                    {"4h", 240 * kMinute},
                                                                                    {"6h", 360 * kMinute},
                                                                                    {"8h", 480 * kMinute},
                                                                                    {"12h", 720 * kMinute},
                                                                                    {"1d", 1440 * kMinute}}};

/// Takes exactly `digits` digits off the front.
bool take_number(std::string_view& text, std::size_t digits, int& number) {
    if (text.size() < digits) return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (error != std::errc{} || end != text.data() + digits || number < 0) return false;
    text.remove_prefix(digits);
    return true;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> parse_calendar(std::string_view text) {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!take_number(text, 4, year) || !take(text, "-") || !take_number(text, 2, month) || !take(text, "-") ||
        !take_number(text, 2, day)) {
        return std::nullopt;
    }
    if (!text.empty()) {
        if (!take(text, "T ") || !take_number(text, 2, hour) || !take(text, ":") || !take_number(text, 2, minute))
            return std::nullopt;
        if (take(text, ":") && !take_number(text, 2, second)) return std::nullopt;
        if (!text.empty() && text != "Z") return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    return ((days * 24 + hour) * 60 + minute) * kMinute + std::int64_t{second} * 1000;
}

std::string two_digits(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

std::string_view name(Kind kind) {
    switch (kind) {
        case Kind::klines: return "klines";
        case Kind::mark_klines: return "mark_klines";
        case Kind::funding: return "funding";
        case Kind::open_interest: return "open_interest";
        case Kind::account_ratio: return "account_ratio";
        case Kind::top_account_ratio: return "top_account_ratio";
        case Kind::position_ratio: return "position_ratio";
    }
    return "unknown";
}

std::optional<Kind> parse_kind(std::string_view text) {
    const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [text](Kind kind) { return name(kind) == text; });
    return found == kKinds.end() ? std::nullopt : std::optional(*found);
}

std::span<const std::string_view> columns_of(Kind kind) {
    switch (kind) {
        case Kind::klines: return kKlineColumns;
        case Kind::mark_klines: return kMarkColumns;
        case Kind::funding: return kFundingColumns;
        case Kind::open_interest: return kInterestColumns;
        case Kind::account_ratio:
        case Kind::top_account_ratio:
        case Kind::position_ratio: return kRatioColumns;
    }
    return {};
}

std::size_t required_columns(Kind kind) {
    switch (kind) {
        case Kind::klines: return 5;
        case Kind::mark_klines: return 4;
        case Kind::funding:
        case Kind::open_interest: return 1;
        case Kind::account_ratio:
        case Kind::top_account_ratio:
        case Kind::position_ratio: return 2;
    }
    return 0;
}

std::optional<std::int64_t> parse_timeframe(std::string_view text) {
    for (const auto& [known, ms] : kTimeframes) {
        if (known == text) return ms;
    }
    return std::nullopt;
}

std::string timeframe_name(std::int64_t step_ms) {
    for (const auto& [known, ms] : kTimeframes) {
        if (ms == step_ms) return std::string(known);
    }
    return std::to_string(step_ms) + "ms";
}

std::string Series::title() const {
    std::string text = std::string(market::name(venue)) + " " + std::string(market::name(category)) + " " + symbol +
                       " " + std::string(history::name(kind));
    return step_ms > 0 ? text + " " + timeframe_name(step_ms) : text;
}

std::filesystem::path Series::file() const {
    std::string last(history::name(kind));
    if (step_ms > 0) last += "-" + timeframe_name(step_ms);
    return std::filesystem::path(market::name(venue)) / market::name(category) / percent_encoded(symbol, "-_") /
           (last + ".vth");
}

Result<void> check(const Series& series) {
    if (series.symbol.empty() || series.symbol.size() > 64) {
        return fail(Errc::configuration, "a symbol has 1 to 64 characters, e.g. BTCUSDT");
    }
    if (series.kind == Kind::funding) {
        if (series.step_ms == 0) return {};
        return fail(Errc::configuration, "funding has no timeframe: leave --timeframe away");
    }
    if (parse_timeframe(timeframe_name(series.step_ms))) return {};
    return fail(Errc::configuration, std::string(name(series.kind)) +
                                         " need a timeframe: 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h or 1d");
}

std::optional<market::Venue> parse_venue(std::string_view text) {
    for (const market::Venue venue : {market::Venue::bybit, market::Venue::binance}) {
        if (market::name(venue) == text) return venue;
    }
    return std::nullopt;
}

std::optional<market::Category> parse_category(std::string_view text) {
    for (const market::Category category :
         {market::Category::linear, market::Category::inverse, market::Category::spot}) {
        if (market::name(category) == text) return category;
    }
    return std::nullopt;
}

Result<std::int64_t> parse_time_ms(std::string_view text) {
    if (const std::optional<std::int64_t> time = parse_calendar(text)) return *time;
    std::int64_t ms = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    constexpr std::int64_t kLast = 9'000'000'000'000;  // the year 2255: what nanoseconds can hold
    if (error == std::errc{} && end == text.data() + text.size() && ms >= 0 && ms <= kLast && text.size() > 4) {
        return ms;
    }
    return fail(Errc::configuration, "'" + std::string(text.substr(0, 40)) +
                                         "' is no time; expected like 2026-01-31, 2026-01-31T12:30 (UTC) or "
                                         "milliseconds since 1970");
}

std::string format_time(std::int64_t ms) {
    using namespace std::chrono;
    const sys_time<milliseconds> at{milliseconds{ms}};
    const sys_days day = floor<days>(at);
    const year_month_day date{day};
    const std::int64_t rest = (at - day).count();
    std::string text = std::to_string(static_cast<int>(date.year())) + "-" +
                       two_digits(static_cast<unsigned>(date.month())) + "-" +
                       two_digits(static_cast<unsigned>(date.day())) + " " + two_digits(rest / 3'600'000) + ":" +
                       two_digits(rest / kMinute % 60) + ":" + two_digits(rest / 1000 % 60);
    if (rest % 1000 != 0) {
        std::string thousandths = std::to_string(rest % 1000);
        text += "." + std::string(3 - thousandths.size(), '0') + thousandths;
    }
    return text;
}

}  // namespace vt::history
