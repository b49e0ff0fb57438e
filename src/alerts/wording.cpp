#include "alerts/wording.hpp"

#include "alerts/kind_terms.hpp"
#include "base/assert.hpp"
#include "base/page_format.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace vt::alerts {
namespace {

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

std::string sized(Kind kind, double size) {
    const Unit unit = terms_of(kind).unit;
    std::string text;
    switch (unit) {
        case Unit::quote: text = compact_text(size); break;
        case Unit::share: text = number_text(size, 2); break;
        case Unit::score:
        case Unit::points: text = number_text(size, 1); break;
        default: text = number_text(size, size < 10 ? 1 : 0);
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
    if (seen.price) alert.figures.push_back({"Price", number_text(*seen.price, seen.price_decimals)});
    if (seen.count > 1) alert.figures.push_back({"Made of", std::to_string(seen.count)});
    if (alert.count > 1) alert.figures.push_back({"Seen", std::to_string(alert.count) + " times"});
    if (seen.coverage) alert.figures.push_back({"Coverage", share_text(seen.coverage)});
}

void put_into_words(const Reading& seen, double level, Side side, Alert& alert) {
    const bool is_price = seen.kind == Kind::price_level;
    const std::string at = number_text(level, seen.decimals);
    const std::string_view way = side == Side::up ? "above" : "below";
    alert.title = seen.symbol + (is_price ? " " : ": score ") + std::string(way) + " " + at;
    alert.text = std::string(is_price ? "The price" : "The score") + " crossed " + at + " from " +
                 (side == Side::up ? "below" : "above") + ".";
    alert.figures = {{"Level", at}, {"Now", number_text(seen.last, seen.decimals)}};
}

Alert digest_of(std::span<const std::shared_ptr<const Alert>> alerts, const std::string& key) {
    VT_ASSERT(!alerts.empty());
    Alert digest = *alerts.front();
    if (alerts.size() == 1) return digest;
    digest = {.id = key, .rule = "digest", .kind = alerts.front()->kind, .at = alerts.front()->at, .count = 0};
    std::size_t lines = 0;
    for (const auto& alert : alerts) {
        digest.severity = std::max(digest.severity, alert->severity);
        digest.at = std::max(digest.at, alert->at);
        digest.count += alert->count;
        if (lines++ < kLinesMost)
            digest.text += (digest.text.empty() ? "" : "\n") + instant_text(alert->at) + "  " + alert->title;
    }
    digest.title = std::to_string(alerts.size()) + " alerts that had to wait";
    if (alerts.size() > kLinesMost)
        digest.text += "\n" + std::to_string(alerts.size() - kLinesMost) + " more are in the inbox.";
    return digest;
}

}  // namespace vt::alerts
