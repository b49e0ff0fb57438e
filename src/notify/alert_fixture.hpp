#pragma once

#include "alerts/alert.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vt::notify {

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}
inline std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

/// A signal with everything that an alert can have.
inline alerts::Alert full_alert() {
    return {.id = "0123456789abcdef0123456789abcdef",
            .rule = "signals",
            .kind = alerts::Kind::signal,
            .severity = alerts::Severity::high,
            .instrument = "bybit-linear-BTCUSDT",
            .symbol = "BTCUSDT",
            .side = alerts::Side::up,
            .at = from_ms(1'784'883'903'120),  // 2026-07-24T09:05:03.120Z
            .title = "LONG SIGNAL: BTCUSDT",
            .text = "The score crossed 68.\nOrder flow leads.",
            .figures = {{"Spread", "12.4 bps"}, {"Funding", "0.0100 %"}},
            .count = 1,
            .score = alerts::ScoreFigures{.score = 71.3,
                                          .coverage = 0.92,
                                          .confidence = 0.81,
                                          .direction = "long",
                                          .sides = {{"Order flow", 78.0, 5.6},
                                                    {"Liquidity", 61.2, 2.2},
                                                    {"Technical", 50.0, 0.0},
                                                    {"Price structure", 44.4, -1.1},
                                                    {"Sentiment", std::nullopt, 0.0},
                                                    {"Smart money", 100.0, 14.6}}},
            .levels = alerts::Levels{
                .entry = "64,250.0", .stop = "63,100.0", .targets = {"65,400.0", "66,550.0", "68,000.0"}}};
}

/// Texts that would do something, where they are not made inert.
inline std::vector<std::string> hostile_texts() {
    return {"@everyone",
            "@here <@123456789012345678> <@&123456789012345678> <#123456789012345678>",
            "``` ```ansi\n\x1b[31mred\x1b[0m```",
            "**bold** __under__ ~~gone~~ ||spoiler|| `code` > quote",
            "# head\n## head\n-# small\n> quote\n- item\n1. item",
            "[click](https://evil.test/) https://evil.test/ <https://evil.test>",
            "\x1b]8;;https://evil.test\x1b\\link\x1b]8;;\x1b\\ \x1b[2J\x1b[1;1H\x07\x08",
            "<b>bold</b><script>alert(1)</script>&amp;<a href=\"tg://user?id=1\">x</a></pre></code>",
            "BTC\u202eTDSU\u202c \u2066x\u2069",
            "a\u200bb\u200c\u200d\u2060\ufeff\U000e0041",
            std::string(10'000, 'X'),
            std::string(10'000, '*'),
            std::string(10'000, '<'),
            std::string(10'000, '\n'),
            std::string(300, '\0'),
            "\xff\xfe\xc0\xaf\xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82",
            "a\r\nBcc: victim@example.com\r\n\r\nbody\r\n.\r\nQUIT",
            "\"},\"allowed_mentions\":{\"parse\":[\"everyone\"]},\"x\":{\"y\":\"",
            "\u2028\u2029\u0085",
            "   ",
            "",
            "\\",
            "🟢🟢🟢🟢" + std::string(5000, 'e') + "🟢"};
}

/// One text wherever an alert has one.
inline alerts::Alert alert_of(const std::string& text) {
    alerts::Alert alert = full_alert();
    alert.rule = alert.instrument = alert.symbol = alert.title = alert.text = text;
    alert.figures.assign(30, {text, text});
    alert.score->direction = text;
    for (alerts::SideScore& side : alert.score->sides) side.name = text;
    alert.levels = alerts::Levels{.entry = text, .stop = text, .targets = {text, text, text, text}};
    return alert;
}

}  // namespace vt::notify
