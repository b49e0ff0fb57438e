#include "notify/alert_text.hpp"

#include "notify/inert_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace vt::notify {
namespace {

constexpr std::size_t kBarWidth = 15;
constexpr std::size_t kNameWidth = 15;
constexpr std::size_t kSidesMax = 12;
constexpr std::size_t kTargetsMax = 10;
constexpr std::size_t kIdMax = 64;
constexpr std::string_view kNothing = "–";

std::string decimal(double number, int places, bool with_sign) {
    if (!std::isfinite(number)) return "unknown";
    char text[64];
    const double shown = std::clamp(number, -1e9, 1e9);
    const int size = with_sign ? std::snprintf(text, sizeof(text), "%+.*f", places, shown)
                               : std::snprintf(text, sizeof(text), "%.*f", places, shown);
    return {text, static_cast<std::size_t>(size)};
}

std::string percent(double part) {
    return std::isfinite(part) ? decimal(part * 100, 0, false) + " %" : std::string("unknown");
}

std::string bar(std::optional<double> score) {
    std::size_t filled = 0;
    const bool is_known = score && std::isfinite(*score);
    if (is_known) {
        filled = static_cast<std::size_t>(std::lround(std::clamp(*score, 0.0, 100.0) / 100 * kBarWidth));
    }
    std::string text;
    for (std::size_t i = 0; i < kBarWidth; ++i) text += !is_known ? "·" : i < filled ? "█" : "░";
    return text;
}

/// A line's name in a column of its own. Characters are counted, which is right for all but the widest scripts.
std::string column(std::string_view name) {
    std::string text = written(inert_line(name), Markup::none, kNameWidth);
    for (std::size_t width = utf16_length(text); width < kNameWidth + 1; ++width) text += ' ';
    return text;
}

std::string score_text(std::optional<double> score) { return score ? decimal(*score, 1, false) : "unknown"; }

std::string or_nothing(const std::string& text) { return text.empty() ? std::string(kNothing) : text; }

}  // namespace

std::string utc_text(Timestamp at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at - day).count();
    char text[48];
    const int size = std::snprintf(
        text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(ms / 3'600'000),
        static_cast<int>(ms / 60'000 % 60), static_cast<int>(ms / 1000 % 60), static_cast<int>(ms % 1000));
    return {text, static_cast<std::size_t>(size)};
}

std::string headline(const alerts::Alert& alert) {
    std::string title = inert_line(alert.title);
    if (title.empty()) {
        title = name(alert.kind);
        const std::string symbol = inert_line(alert.symbol);
        if (!symbol.empty()) title += " " + symbol;
    }
    if (alert.side) title.insert(0, *alert.side == alerts::Side::up ? "▲ " : "▼ ");
    if (alert.count > 1) title += " (" + std::to_string(alert.count) + " occurrences)";
    return title;
}

std::string words(const alerts::Alert& alert) {
    std::string text = inert(alert.text);
    if (alert.count <= 1) return text;
    const std::string digest = "A digest: it stands for " + std::to_string(alert.count) + " occurrences.";
    return text.empty() ? digest : digest + "\n" + text;
}

std::vector<std::string> score_lines(const alerts::Alert& alert) {
    std::vector<std::string> lines;
    if (!alert.score) return lines;
    const alerts::ScoreFigures& score = *alert.score;
    lines.push_back(column("Score") + bar(score.score) + " " + score_text(score.score));
    for (std::size_t i = 0; i < std::min(score.sides.size(), kSidesMax); ++i) {
        const alerts::SideScore& side = score.sides[i];
        lines.push_back(column(side.name) + bar(side.score) + " " + score_text(side.score) + "  " +
                        decimal(side.contribution, 1, true));
    }
    std::string last = "coverage " + percent(score.coverage);
    if (score.confidence) last += ", confidence " + percent(*score.confidence);
    const std::string direction = written(inert_line(score.direction), Markup::none, 20);
    lines.push_back(last + ", direction " + (direction.empty() ? "unknown" : direction));
    return lines;
}

std::vector<Fact> facts(const alerts::Alert& alert) {
    std::vector<Fact> list;
    if (alert.levels) {
        list.push_back({"Entry", or_nothing(inert_line(alert.levels->entry))});
        list.push_back({"Stop", or_nothing(inert_line(alert.levels->stop))});
        const auto& targets = alert.levels->targets;
        for (std::size_t i = 0; i < std::min(targets.size(), kTargetsMax); ++i) {
            list.push_back({"Target " + std::to_string(i + 1), or_nothing(inert_line(targets[i]))});
        }
    }
    for (const alerts::Figure& figure : alert.figures) {
        list.push_back({or_nothing(inert_line(figure.name)), or_nothing(inert(figure.text))});
    }
    if (const std::string market = inert_line(alert.instrument); !market.empty()) list.push_back({"Market", market});
    return list;
}

std::string safe_id(const alerts::Alert& alert) {
    std::string id;
    for (const char c : alert.id) {
        const bool is_good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        if (is_good && id.size() < kIdMax) id += c;
    }
    return id;
}

std::string reference(const alerts::Alert& alert) {
    std::string text = "alert " + safe_id(alert) + ", " + std::string(name(alert.severity));
    const std::string rule = inert_line(alert.rule);
    return rule.empty() ? text : text + ", rule " + written(rule, Markup::none, 64);
}

}  // namespace vt::notify
