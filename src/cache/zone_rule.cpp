#include "cache/zone_rule.hpp"

#include "base/whole_number.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace vt::cache {
namespace {

using std::chrono::seconds;

constexpr std::string_view kNewYork = "America/New_York";
constexpr std::string_view kNewYorkRule = "EST5EDT,M3.2.0,M11.1.0";  // where the machine has no zone files

tl::unexpected<Error> no_rule(std::string_view text) {
    return fail(Errc::malformed,
                "'" + std::string(text) + "' is no rule of a time zone; one is written like EST5EDT,M3.2.0,M11.1.0");
}

/// Takes what precedes the first character that `ends` accepts.
template <class Ends>
std::string_view take_until(std::string_view& text, Ends ends) {
    const auto end = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ends) - text.begin());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end);
    return taken;
}

/// The letters of a name, or what stands between < and >.
bool take_name(std::string_view& text) {
    if (text.starts_with('<')) {
        const std::size_t end = text.find('>');
        if (end == std::string_view::npos || end < 4) return false;
        text.remove_prefix(end + 1);
        return true;
    }
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    return take_until(text, [&](char c) { return !is_letter(c); }).size() >= 3;
}

/// "5", "-3:30", "02:00:00".
///   in: hours_max: 24 of an offset, 167 of a time of day (RFC 8536)
std::optional<seconds> seconds_of(std::string_view text, int hours_max) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    std::array<int, 3> parts{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string_view part = take_until(text, [](char c) { return c == ':'; });
        const auto value = whole_number<int>(part);
        if (!value || *value < 0 || *value > (i == 0 ? hours_max : 59)) return std::nullopt;
        parts[i] = *value;
        if (text.empty()) break;
        text.remove_prefix(1);
        if (i + 1 == parts.size()) return std::nullopt;
    }
    const seconds value = std::chrono::hours{parts[0]} + std::chrono::minutes{parts[1]} + seconds{parts[2]};
    return is_negative ? -value : value;
}

std::optional<seconds> take_offset(std::string_view& text) {
    const std::string_view given =
        take_until(text, [](char c) { return c != ':' && c != '+' && c != '-' && (c < '0' || c > '9'); });
    const auto west = seconds_of(given, 24);  // POSIX counts to the west
    return west ? std::optional(-*west) : std::nullopt;
}

}  // namespace

Result<ZoneRule::Change> ZoneRule::parse_change(std::string_view text) {
    Change change;
    std::string_view rest = text;
    if (!rest.starts_with('M')) return no_rule(text);
    rest.remove_prefix(1);
    std::string_view day = take_until(rest, [](char c) { return c == '/'; });
    const auto number = [&](unsigned low, unsigned high) -> std::optional<unsigned> {
        const auto value = whole_number<unsigned>(take_until(day, [](char c) { return c == '.'; }));
        if (!day.empty()) day.remove_prefix(1);
        return value && *value >= low && *value <= high ? value : std::nullopt;
    };
    const auto month = number(1, 12), week = number(1, 5), weekday = number(0, 6);
    if (!month || !week || !weekday || !day.empty()) return no_rule(text);
    change.month = *month;
    change.week = *week;
    change.weekday = *weekday;
    if (rest.empty()) return change;
    const auto time = seconds_of(rest.substr(1), 167);
    if (!time) return no_rule(text);
    change.time = *time;
    return change;
}

Result<ZoneRule> ZoneRule::parse(std::string_view text) {
    ZoneRule rule;
    std::string_view rest = text;
    if (!take_name(rest)) return no_rule(text);
    const auto standard = take_offset(rest);
    if (!standard) return no_rule(text);
    rule.standard_ = *standard;
    if (rest.empty()) return rule;
    Summer summer{.offset = rule.standard_ + std::chrono::hours{1}, .begins = {}, .ends = {}};
    if (!take_name(rest)) return no_rule(text);
    if (!rest.starts_with(',')) {
        const auto offset = take_offset(rest);
        if (!offset) return no_rule(text);
        summer.offset = *offset;
    }
    if (!rest.starts_with(',')) return no_rule(text);
    rest.remove_prefix(1);
    const std::string_view begins = take_until(rest, [](char c) { return c == ','; });
    if (rest.empty()) return no_rule(text);
    VT_TRY(summer.begins, parse_change(begins));
    VT_TRY(summer.ends, parse_change(rest.substr(1)));
    rule.summer_ = summer;
    return rule;
}

Result<ZoneRule> ZoneRule::named(const std::string& name, const std::string& folder) {
    if (auto rule = parse(name)) return rule;
    const bool is_name = !name.empty() && !name.starts_with('/') && name.find("..") == std::string::npos;
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    std::string content;
    if (std::error_code problem; is_name && std::filesystem::is_regular_file(path, problem)) {
        std::ifstream file(path, std::ios::binary);
        content.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    // RFC 8536: a file ends with the rule of what comes after its table, between two line feeds.
    if (content.starts_with("TZif") && content.ends_with('\n')) {
        const std::size_t begin = content.rfind('\n', content.size() - 2);
        if (begin != std::string::npos) return parse(content.substr(begin + 1, content.size() - begin - 2));
    }
    if (name == kNewYork) return parse(kNewYorkRule);
    return fail(Errc::not_found, "there is no time zone '" + name + "' in " + folder +
                                     "; install tzdata, correct the name (America/New_York), or give the zone's "
                                     "rule, like EST5EDT,M3.2.0,M11.1.0");
}

std::chrono::sys_seconds ZoneRule::local_instant(const Change& change, std::chrono::year year) {
    using namespace std::chrono;
    const year_month month = year / std::chrono::month{change.month};
    const weekday day{change.weekday};
    const sys_days date = change.week == 5 ? sys_days(month / day[last]) : sys_days(month / day[change.week]);
    return date + change.time;
}

std::chrono::seconds ZoneRule::offset_at(Timestamp at) const {
    if (!summer_) return standard_;
    using namespace std::chrono;
    const sys_seconds now{floor<seconds>(at.time_since_epoch())};
    const year this_year = year_month_day{floor<days>(now + standard_)}.year();
    const sys_seconds begins = local_instant(summer_->begins, this_year) - standard_;
    const sys_seconds ends = local_instant(summer_->ends, this_year) - summer_->offset;
    const bool is_summer =
        begins < ends ? now >= begins && now < ends : now >= begins || now < ends;  // south of the equator
    return is_summer ? summer_->offset : standard_;
}

}  // namespace vt::cache
