#include "demo/topic.hpp"

#include <array>
#include <utility>

namespace vt::demo {

std::optional<Nanos> candle_interval(std::string_view name) {
    using std::chrono::minutes;
    constexpr std::array<std::pair<std::string_view, int>, 12> kMinutes{{{"1", 1},
                                                                         {"3", 3},
                                                                         {"5", 5},
                                                                         {"15", 15},
                                                                         {"30", 30},
                                                                         {"60", 60},
                                                                         {"120", 120},
                                                                         {"240", 240},
                                                                         {"360", 360},
                                                                         {"720", 720},
                                                                         {"D", 1440},
                                                                         {"W", 10080}}};
    for (const auto& [text, count] : kMinutes) {
        if (text == name) return minutes{count};
    }
    return std::nullopt;
}

std::optional<TopicName> parse_topic(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view family = text.substr(0, dot);
    std::string_view rest = text.substr(dot + 1);
    TopicName topic;
    if (family == "publicTrade" || family == "tickers" || family == "allLiquidation") {
        topic.kind = family == "publicTrade" ? TopicName::Kind::trades
                     : family == "tickers"   ? TopicName::Kind::ticker
                                             : TopicName::Kind::liquidations;
        topic.symbol = rest;
        return topic;
    }
    const std::size_t next = rest.find('.');
    if (next == std::string_view::npos) return std::nullopt;
    const std::string_view argument = rest.substr(0, next);
    topic.symbol = rest.substr(next + 1);
    if (family == "orderbook") {
        for (const auto& [name, depth] :
             {std::pair<std::string_view, std::uint32_t>{"1", 1U}, {"50", 50U}, {"200", 200U}, {"1000", 1000U}}) {
            if (name != argument) continue;
            topic.depth = depth;
            return topic;
        }
        return std::nullopt;
    }
    if (family != "kline") return std::nullopt;
    const auto interval = candle_interval(argument);
    if (!interval) return std::nullopt;
    topic.kind = TopicName::Kind::candles;
    topic.interval = *interval;
    topic.interval_name = argument;
    return topic;
}

}  // namespace vt::demo
