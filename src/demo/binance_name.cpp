#include "demo/binance_name.hpp"

#include <array>
#include <utility>

namespace vt::demo {
namespace {

using std::chrono::milliseconds;

std::optional<Nanos> speed_of(std::string_view text, bool is_spot) {
    if (text.empty()) return milliseconds{is_spot ? 1000 : 250};
    if (text == "100ms") return milliseconds{100};
    if (is_spot) return std::nullopt;
    if (text == "500ms") return milliseconds{500};
    if (text == "0ms") return milliseconds{20};
    return std::nullopt;
}

std::optional<BinanceName::Kind> plain_kind(std::string_view name, bool is_spot) {
    constexpr std::array<std::pair<std::string_view, BinanceName::Kind>, 5> kBoth{
        {{"bookTicker", BinanceName::Kind::best_quote},
         {"trade", BinanceName::Kind::trade},
         {"aggTrade", BinanceName::Kind::aggregate_trade},
         {"ticker", BinanceName::Kind::ticker},
         {"miniTicker", BinanceName::Kind::mini_ticker}}};
    for (const auto& [text, kind] : kBoth) {
        if (text == name) return kind;
    }
    if (name == "forceOrder" && !is_spot) return BinanceName::Kind::liquidations;
    if (name == "avgPrice" && is_spot) return BinanceName::Kind::average_price;
    return std::nullopt;
}

std::optional<BinanceName> of_all_symbols(std::string_view text, bool is_spot) {
    const Nanos second = std::chrono::seconds{1};
    if (text == "!serverShutdown") return BinanceName{.kind = BinanceName::Kind::shutdown};
    if (text == "!miniTicker@arr") return BinanceName{.kind = BinanceName::Kind::mini_ticker, .every = second};
    if (is_spot) return std::nullopt;
    if (text == "!forceOrder@arr") return BinanceName{.kind = BinanceName::Kind::liquidations, .every = second};
    if (text == "!markPrice@arr") return BinanceName{.kind = BinanceName::Kind::mark_price, .every = 3 * second};
    if (text == "!markPrice@arr@1s") return BinanceName{.kind = BinanceName::Kind::mark_price, .every = second};
    return std::nullopt;
}

/// "depth", "depth5" and so on, with the speed behind them.
std::optional<BinanceName> book_of(std::string_view levels, std::string_view speed, bool is_spot) {
    const auto every = speed_of(speed, is_spot);
    if (!every) return std::nullopt;
    if (levels.empty()) return BinanceName{.kind = BinanceName::Kind::depth, .every = *every};
    for (const auto& [text, count] :
         {std::pair<std::string_view, std::uint32_t>{"5", 5U}, {"10", 10U}, {"20", 20U}}) {
        if (levels == text)
            return BinanceName{.kind = BinanceName::Kind::partial_depth, .levels = count, .every = *every};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Nanos> binance_interval(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, int>, 14> kMinutes{{{"1m", 1},
                                                                         {"3m", 3},
                                                                         {"5m", 5},
                                                                         {"15m", 15},
                                                                         {"30m", 30},
                                                                         {"1h", 60},
                                                                         {"2h", 120},
                                                                         {"4h", 240},
                                                                         {"6h", 360},
                                                                         {"8h", 480},
                                                                         {"12h", 720},
                                                                         {"1d", 1440},
                                                                         {"3d", 4320},
                                                                         {"1w", 10080}}};
    for (const auto& [text, count] : kMinutes) {
        if (text == name) return std::chrono::minutes{count};
    }
    return std::nullopt;
}

std::optional<BinanceName> parse_binance_name(std::string_view text, bool is_spot) {
    if (text.starts_with('!')) return of_all_symbols(text, is_spot);
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0) return std::nullopt;
    std::string symbol;
    for (const char c : text.substr(0, at)) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return std::nullopt;  // lower case only
        symbol.push_back(static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c));
    }
    std::string_view rest = text.substr(at + 1);
    const std::size_t next = rest.find('@');
    const std::string_view speed = next == std::string_view::npos ? std::string_view{} : rest.substr(next + 1);
    rest = rest.substr(0, next);
    std::optional<BinanceName> found;
    if (rest.starts_with("depth")) {
        found = book_of(rest.substr(5), speed, is_spot);
    } else if (rest == "markPrice" && !is_spot && (speed.empty() || speed == "1s")) {
        found =
            BinanceName{.kind = BinanceName::Kind::mark_price, .every = std::chrono::seconds{speed.empty() ? 3 : 1}};
    } else if (rest.starts_with("kline_") && speed.empty()) {
        const auto interval = binance_interval(rest.substr(6));
        if (!interval) return std::nullopt;
        found = BinanceName{.kind = BinanceName::Kind::candles,
                            .every = milliseconds{is_spot ? 1000 : 250},
                            .interval = *interval,
                            .interval_name = std::string(rest.substr(6))};
    } else if (const auto kind = plain_kind(rest, is_spot); kind && speed.empty()) {
        const bool is_slow =
            !is_spot && (*kind == BinanceName::Kind::ticker || *kind == BinanceName::Kind::mini_ticker);
        found = BinanceName{.kind = *kind, .every = std::chrono::seconds{is_slow ? 2 : 1}};
    }
    if (found) found->symbol = std::move(symbol);
    return found;
}

BinanceRoute route_of(BinanceName::Kind kind) {
    switch (kind) {
        case BinanceName::Kind::depth:
        case BinanceName::Kind::partial_depth:
        case BinanceName::Kind::best_quote:
        case BinanceName::Kind::trade: return BinanceRoute::public_data;
        default: return BinanceRoute::market_data;
    }
}

}  // namespace vt::demo
