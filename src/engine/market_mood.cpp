#include "engine/market_mood.hpp"

#include "analysis/sentiment/oi_price.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::engine {
namespace {

using Part = MarketInternals::Part;

constexpr std::uint32_t kMinLiquidated = 5;  ///< coins with liquidations, below which their balance is half known

double fifty_and(double strength) { return 50 + 50 * strength; }

/// The middle of the coins that have a value.
Part median_part(std::vector<double>& values, std::size_t coins) {
    if (values.empty() || coins == 0) return {};
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    const double middle = n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
    return {.value = middle, .coverage = static_cast<double>(n) / static_cast<double>(coins)};
}

template <class Value>
Part median_over(const Mood& mood, Value&& value) {
    std::vector<double> values;
    for (std::size_t i = 0; i < mood.coins.size(); ++i) {
        if (const std::optional<double> one = value(*mood.coins[i], mood.pasts[i])) values.push_back(*one);
    }
    return median_part(values, mood.coins.size());
}

/// z of the price about its mean of N bars: a random walk is sigma sqrt(N/3) from it.
std::optional<double> momentum(const Symbol& coin, const CoinPast& past) {
    const auto price = coin.state().last_price();
    if (!price || !past.mean_30d || !past.turnover_ratio || !(past.sigma_4h > 0)) return std::nullopt;
    const auto z = [&](double mean, std::size_t days) {
        const auto bars = static_cast<double>(days * CoinPast::kBarsOfDay);
        return (math::log(*price) - mean) / (past.sigma_4h * std::sqrt(bars / 3));
    };
    double both = z(*past.mean_30d, CoinPast::kDays);
    if (past.mean_90d) both = (both + z(*past.mean_90d, 3 * CoinPast::kDays)) / 2;
    return fifty_and(analysis::sentiment::quadrant_strength(both, *past.turnover_ratio));
}

/// The mean of what funding and premium are among their own past.
std::optional<double> funding(const Symbol& coin) {
    const auto& opinion = coin.score->parts[static_cast<std::size_t>(analysis::Dimension::sentiment)].opinion;
    double sum = 0;
    double n = 0;
    for (const analysis::Component& component : opinion.components) {
        if (component.name != "funding_excess" && component.name != "premium") continue;
        if (!component.leaves.front().score) continue;
        sum += *component.leaves.front().score;
        n += 1;
    }
    return n > 0 ? std::optional(sum / n) : std::nullopt;
}

std::optional<double> open_interest(const Symbol& coin) {
    const auto* facts = coin.analysis().sentiment_facts();
    if (facts == nullptr || !facts->interest_z) return std::nullopt;
    return fifty_and(math::tanh(*facts->interest_z / 2));
}

/// Turnover outside Bitcoin: the last 24 h among the days before, over the coins whose bars reach as far as
/// Bitcoin's.
Part dominance(const Mood& mood) {
    if (!mood.bitcoin) return {};
    const CoinPast& bitcoin = mood.pasts[*mood.bitcoin];
    const std::size_t days = bitcoin.turnovers.size();
    if (days <= CoinPast::kMinDays) return {};
    std::vector<double> all(days);
    std::size_t n = 0;
    for (const CoinPast& past : mood.pasts) {
        if (past.until != bitcoin.until || past.turnovers.size() != days) continue;
        ++n;
        for (std::size_t day = 0; day < days; ++day) all[day] += past.turnovers[day];
    }
    if (n < 2 || !(all.front() > 0)) return {};
    const double now = bitcoin.turnovers.front() / all.front();
    std::vector<double> shares;
    for (std::size_t day = 1; day < days; ++day) {
        if (all[day] > 0) shares.push_back(bitcoin.turnovers[day] / all[day]);
    }
    if (shares.size() < CoinPast::kMinDays) return {};
    return {.value = percent_above(shares, now),
            .coverage = static_cast<double>(n) / static_cast<double>(mood.coins.size())};
}

Part liquidations(const Mood& mood) {
    double longs = 0;
    double shorts = 0;
    std::size_t watched = 0;
    std::uint32_t hit = 0;
    for (const Symbol* coin : mood.coins) {
        const auto* facts = coin->analysis().sentiment_facts();
        if (facts == nullptr || !facts->liquidated_long_quote) continue;
        ++watched;
        longs += *facts->liquidated_long_quote;
        shorts += *facts->liquidated_short_quote;
        if (*facts->liquidated_long_quote + *facts->liquidated_short_quote > 0) ++hit;
    }
    if (watched == 0) return {};
    const double share = static_cast<double>(watched) / static_cast<double>(mood.coins.size());
    if (hit == 0) return {.value = 50, .coverage = share};  // watched, and nobody was liquidated
    return {.value = fifty_and((shorts - longs) / (shorts + longs)),
            .coverage = share * std::min(1.0, static_cast<double>(hit) / kMinLiquidated)};
}

Part breadth(const Mood& mood) {
    double up = 0;
    double moved = 0;
    double known = 0;
    for (const Symbol* coin : mood.coins) {
        const auto change = coin->state().ticker().change_24h;
        if (!change) continue;
        known += 1;
        if (*change > 0) up += 1;
        if (*change != 0) moved += 1;
    }
    if (!(known > 0)) return {};
    return {.value = moved > 0 ? 100 * up / moved : 50, .coverage = known / static_cast<double>(mood.coins.size())};
}

}  // namespace

std::string_view name(MoodPart part) {
    switch (part) {
        case MoodPart::volatility: return "volatility";
        case MoodPart::momentum: return "momentum";
        case MoodPart::funding: return "funding";
        case MoodPart::open_interest: return "open_interest";
        case MoodPart::dominance: return "dominance";
        case MoodPart::liquidations: return "liquidations";
        case MoodPart::breadth: return "breadth";
    }
    return "unknown";
}

double weight_of(MoodPart part) {
    switch (part) {
        case MoodPart::volatility: return 0.25;
        case MoodPart::momentum: return 0.25;
        case MoodPart::funding: return 0.15;
        case MoodPart::open_interest: return 0.10;
        case MoodPart::dominance: return 0.10;
        case MoodPart::liquidations: return 0.10;
        case MoodPart::breadth: return 0.05;
    }
    return 0;
}

std::optional<double> fear_greed_of(const std::array<Part, kMoodParts>& parts) {
    double sum = 0;
    double weights = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parts[i].value) continue;
        const double weight = weight_of(static_cast<MoodPart>(i)) * parts[i].coverage;
        sum += weight * *parts[i].value;
        weights += weight;
    }
    return weights > 0 ? std::optional(sum / weights) : std::nullopt;
}

std::array<Part, kMoodParts> mood_parts(const Mood& mood) {
    std::array<Part, kMoodParts> parts{};
    const auto set = [&](MoodPart part, const Part& value) { parts[static_cast<std::size_t>(part)] = value; };
    set(MoodPart::volatility,
        median_over(mood, [](const Symbol&, const CoinPast& past) { return past.calm_percentile; }));
    set(MoodPart::momentum, median_over(mood, momentum));
    set(MoodPart::funding, median_over(mood, [](const Symbol& coin, const CoinPast&) { return funding(coin); }));
    set(MoodPart::open_interest,
        median_over(mood, [](const Symbol& coin, const CoinPast&) { return open_interest(coin); }));
    set(MoodPart::dominance, dominance(mood));
    set(MoodPart::liquidations, liquidations(mood));
    set(MoodPart::breadth, breadth(mood));
    return parts;
}

}  // namespace vt::engine
