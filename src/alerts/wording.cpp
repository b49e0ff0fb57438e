#include "alerts/wording.hpp"

#include "alerts/kind_terms.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace vt::alerts {
namespace {

std::string fixed(double number, int decimals) {
    std::array<char, 400> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
    return {text.data(), static_cast<std::size_t>(size)};
}

/// Who moved: of an order its taker, of a liquidation the position that was ended.
std::string_view word_of(Kind kind, Side side) {
    const bool is_up = side == Side::up;
    switch (kind) {
        case Kind::signal:
        case Kind::score_cross:
        case Kind::trade:
        case Kind::alpha:
        case Kind::correlation_break: return is_up ? "long" : "short";
        case Kind::large_order:
        case Kind::whale_cluster:
        case Kind::iceberg: return is_up ? "buyer" : "seller";
        case Kind::liquidation_single:
        case Kind::liquidation_burst:
        case Kind::cascade: return is_up ? "shorts" : "longs";
        case Kind::funding_extreme: return is_up ? "longs pay" : "shorts pay";
        default: return is_up ? "up" : "down";
    }
}

std::string title_of(const Occurrence& seen, std::uint32_t count) {
    std::string title(terms_of(seen.kind).title);
    if (count > 1) title = std::to_string(count) + " x " + title;
    if (!seen.symbol.empty()) title += ": " + seen.symbol;
    if (seen.side) title += ", " + std::string(word_of(seen.kind, *seen.side));
    if (terms_of(seen.kind).unit != Unit::none) title += ", " + sized(seen.kind, seen.size);
    if (seen.symbol.empty() && !seen.what.empty()) title += ": " + seen.what;
    return title;
}

}  // namespace

std::string compact(double amount) {
    constexpr std::array<std::string_view, 5> kPowers{"", "K", "M", "B", "T"};
    double left = std::abs(amount);
    std::size_t power = 0;
    // 999.96 would be written as 1000
    while (left >= 999.5 && power + 1 < kPowers.size()) {
        left /= 1000;
        ++power;
    }
    const int decimals = power == 0 ? (left == std::floor(left) ? 0 : 2) : left < 9.995 ? 2 : left < 99.95 ? 1 : 0;
    return (amount < 0 ? "-" : "") + fixed(left, decimals) + std::string(kPowers.at(power));
}

std::string sized(Kind kind, double size) {
    const Unit unit = terms_of(kind).unit;
    std::string text;
    switch (unit) {
        case Unit::quote: text = compact(size); break;
        case Unit::share: text = fixed(size, 2); break;
        case Unit::score:
        case Unit::points: text = fixed(size, 1); break;
        default: text = fixed(size, size < 10 ? 1 : 0);
    }
    const std::string_view behind = suffix(unit);
    if (behind.empty()) return text;
    return text + (unit == Unit::percent ? "" : " ") + std::string(behind);
}

void put_into_words(const Occurrence& seen, Alert& alert) {
    const KindTerms& terms = terms_of(seen.kind);
    alert.title = title_of(seen, alert.count);
    alert.text = std::string(terms.meaning);
    if (!alert.text.empty())
        alert.text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(alert.text.front())));
    alert.text += ".";
    if (!seen.what.empty() && !seen.symbol.empty()) alert.text += " " + seen.what;
    alert.figures.clear();
    if (terms.unit != Unit::none)
        alert.figures.push_back({alert.count > 1 ? "Largest" : "Size", sized(seen.kind, seen.size)});
    if (seen.usual) alert.figures.push_back({"Usual", sized(seen.kind, *seen.usual)});
    if (seen.price) alert.figures.push_back({"Price", fixed(*seen.price, seen.price_decimals)});
    if (seen.count > 1) alert.figures.push_back({"Made of", std::to_string(seen.count)});
    if (alert.count > 1) alert.figures.push_back({"Seen", std::to_string(alert.count) + " times"});
    if (seen.coverage) alert.figures.push_back({"Coverage", fixed(100 * *seen.coverage, 0) + "%"});
}

void put_into_words(const Reading& seen, double level, Side side, Alert& alert) {
    const bool is_price = seen.kind == Kind::price_level;
    const std::string at = fixed(level, seen.decimals);
    const std::string_view way = side == Side::up ? "above" : "below";
    alert.title = seen.symbol + (is_price ? " " : ": score ") + std::string(way) + " " + at;
    alert.text = std::string(is_price ? "The price" : "The score") + " crossed " + at + " from " +
                 (side == Side::up ? "below" : "above") + ".";
    alert.figures = {{"Level", at}, {"Now", fixed(seen.last, seen.decimals)}};
}

}  // namespace vt::alerts
