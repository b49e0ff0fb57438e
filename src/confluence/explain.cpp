#include "confluence/explain.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace vt::confluence {
namespace {

using analysis::Dimension;

constexpr std::array kChecks = {
    ComponentCheck{Dimension::order_flow, "trade_imbalance", "TradeImbalance.EqualsTheOracle"},
    ComponentCheck{Dimension::order_flow, "count_imbalance", "CountImbalance.EqualsTheOracle"},
    ComponentCheck{Dimension::order_flow, "ofi_best", "OfiBest.EqualsTheOracle"},
    ComponentCheck{Dimension::order_flow, "ofi_multi", "OfiMulti.ItsFirstRankIsTheBestOfTheBook"},
    ComponentCheck{Dimension::order_flow, "absorption", "AbsorptionTest.SellersWhoDoNotMoveThePriceSpeakForTheBid"},
    ComponentCheck{Dimension::order_flow, "cvd_divergence", "CvdDivergence.EqualsV2"},
    ComponentCheck{Dimension::order_flow, "footprint_stack", "FootprintStack.FindsThreeDominatedBucketsInARow"},
    ComponentCheck{Dimension::order_flow, "vpin", "Vpin.EqualsTheOracle"},
    ComponentCheck{Dimension::order_flow, "kyle_lambda", "KyleLambda.EqualsTheOracle"},
    ComponentCheck{Dimension::liquidity, "book_imbalance", "Liquidity.StreamingEqualsBatch"},
    ComponentCheck{Dimension::liquidity, "queue_imbalance", "Liquidity.StreamingEqualsBatch"},
    ComponentCheck{Dimension::liquidity, "impact_asymmetry", "Liquidity.StreamingEqualsBatch"},
    ComponentCheck{Dimension::liquidity, "sr_zones", "ZoneMap.AFloorThatHoldsIsProvenAndPullsTheBalanceUp"},
    ComponentCheck{Dimension::liquidity, "profile_location", "ProfileLocation.PlacesTheCloseInTheValueAreaOfTheDay"},
    ComponentCheck{Dimension::liquidity, "liquidity_sweep", "LiquiditySweep.AHighThatIsSweptAndLostPointsDown"},
};

enum class Align : std::uint8_t { left, right };
struct Column {
    std::string_view title;
    std::size_t width;
    Align align;
};
constexpr std::array kColumns = {
    Column{"component", 20, Align::left}, Column{"frame", 5, Align::left},      Column{"value", 12, Align::right},
    Column{"unit", 16, Align::left},      Column{"n", 6, Align::right},         Column{"coverage", 8, Align::right},
    Column{"score", 7, Align::right},     Column{"weight", 7, Align::right},    Column{"contrib", 8, Align::right},
    Column{"flags", 28, Align::left},     Column{"checked by", 0, Align::left},
};
using Cells = std::array<std::string, kColumns.size()>;

std::string fixed(double value, int digits) {
    std::array<char, 64> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
    if (error != std::errc{}) return "?";
    return {text.data(), end};
}

std::string significant(const std::optional<double>& value) {
    if (!value) return "-";
    std::array<char, 64> text{};
    constexpr int kDigits = 6;
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), *value == 0 ? 0.0 : *value,
                                            std::chars_format::general, kDigits);
    if (error != std::errc{}) return "?";
    return {text.data(), end};
}

std::string signed_points(double points) { return (points > 0 ? "+" : "") + fixed(points == 0 ? 0.0 : points, 3); }

std::string score_text(const std::optional<double>& score) { return score ? fixed(*score, 2) : "-"; }

std::string flag_text(analysis::Flags flags) {
    std::string text;
    flags.for_each([&](analysis::Flag flag) {
        if (!text.empty()) text += ',';
        text += analysis::name(flag);
    });
    return text.empty() ? "-" : text;
}

void append_line(std::string& out, const Cells& cells) {
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        const Column& column = kColumns[i];
        const std::string pad(column.width > cells[i].size() ? column.width - cells[i].size() : 0, ' ');
        if (column.align == Align::right) out += pad;
        out += cells[i];
        if (i + 1 == kColumns.size()) break;
        if (column.align == Align::left) out += pad;
        out += "  ";
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
}

void append_leaf(std::string& out, const Part& part, const analysis::Component& component,
                 const analysis::Leaf& leaf) {
    analysis::Flags flags = leaf.flags;
    if (component.is_shadow) flags.set(analysis::Flag::shadow);
    const double weight = component.is_shadow ? 0 : part.weight * component.weight * leaf.weight;
    const double points = leaf.score ? leaf_gain(part, component, leaf) * (*leaf.score - 50) : 0;
    const auto test = test_of(part.opinion.dimension, component.name);
    append_line(out,
                {"  " + std::string(component.name), std::string(analysis::name(leaf.frame)), significant(leaf.value),
                 std::string(component.unit), std::to_string(leaf.n), fixed(leaf.coverage, 3), score_text(leaf.score),
                 fixed(weight, 4), signed_points(points), flag_text(flags), std::string(test.value_or("-"))});
}

void append_part(std::string& out, const Part& part) {
    const std::string name(analysis::name(part.opinion.dimension));
    if (part.membership != Membership::member) {
        const bool is_installed = part.membership != Membership::not_installed;
        append_line(out,
                    {name, "", "-", "", "", "", "-", "", "", is_installed ? "not applicable" : "not installed", ""});
        return;
    }
    append_line(out, {name, "", "", "", "", fixed(part.opinion.coverage, 3), score_text(part.opinion.score),
                      fixed(part.weight, 4), signed_points(part.contribution), "", ""});
    for (const analysis::Component& component : part.opinion.components) {
        for (const analysis::Leaf& leaf : component.leaves) append_leaf(out, part, component, leaf);
    }
}

void append_total(std::string& out, std::string_view name, const std::string& points) {
    append_line(out, {std::string(name), "", "", "", "", "", "", "", points, "", ""});
}

}  // namespace

std::span<const ComponentCheck> component_checks() { return kChecks; }

std::optional<std::string_view> test_of(analysis::Dimension dimension, std::string_view component) {
    for (const ComponentCheck& check : kChecks) {
        if (check.dimension == dimension && check.component == component) return check.test;
    }
    return std::nullopt;
}

std::string explain(const ScoreRecord& record) {
    std::string out;
    Cells titles;
    for (std::size_t i = 0; i < kColumns.size(); ++i) titles[i] = kColumns[i].title;
    append_line(out, titles);
    for (const Part& part : record.parts) append_part(out, part);
    append_total(out, "adj_data", signed_points(record.adjustments.data));
    append_total(out, "adj_liquidity", signed_points(record.adjustments.liquidity));
    append_total(out, "adj_toxicity", signed_points(record.adjustments.toxicity));
    append_total(out, "50 + all of the above", fixed(record.sum, 3));
    out += "score " + score_text(record.score) + ", coverage " + fixed(record.coverage, 3) + ", confidence " +
           (record.confidence ? fixed(*record.confidence, 3) : "-") + ", direction " +
           (record.direction ? std::string(name(*record.direction)) : "-") + "\n";
    return out;
}

}  // namespace vt::confluence
