#include "engine/market_internals.hpp"

#include "analysis/grid.hpp"
#include "base/assert.hpp"
#include "base/math.hpp"
#include "engine/market_mood.hpp"
#include "market/coin_choice.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::engine {
namespace {

using std::chrono::hours;

constexpr Nanos kCascadeKept = hours{1};
constexpr Nanos kBehind = std::chrono::minutes{10};

std::optional<double> share_of(double part, double whole) {
    return whole > 0 ? std::optional(part / whole) : std::nullopt;
}

std::optional<double> open_interest_quote(const Symbol& symbol) {
    const auto base = symbol.state().open_interest_base();
    const auto price = symbol.state().last_price();
    return base && price ? std::optional(*base * *price) : std::nullopt;
}

double root_mean_square(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value * value;
    return std::sqrt(sum / static_cast<double>(values.size()));
}

double mean_of(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

}  // namespace

double percent_above(std::span<const double> past, double now) {
    double above = 0;
    for (const double then : past) above += then > now ? 1 : then == now ? .5 : 0;
    return 100 * above / static_cast<double>(past.size());
}

CoinPast coin_past(const market::CandleSeries& bars) {
    constexpr std::size_t kBarsOfDay = CoinPast::kBarsOfDay;
    CoinPast past{.n_bars = bars.size()};
    std::size_t n = bars.size();
    if (n > 0 && !bars.back().is_closed) --n;
    if (n == 0) return past;
    const market::Candle last = bars[n - 1];
    past.until = last.open_time + last.interval;
    // Only what reaches back without a hole: an interval in which nobody traded has no bar.
    std::vector<double> closes, turnovers;  // newest first
    for (std::size_t i = n; i-- > 0;) {
        const market::Candle bar = bars[i];
        if (bar.open_time + bar.interval != *past.until - static_cast<std::int64_t>(closes.size()) * bar.interval)
            break;
        if (!(bar.close > 0)) break;
        closes.push_back(math::log(bar.close));
        turnovers.push_back(bar.turnover_quote);
    }
    const std::size_t wanted = CoinPast::kDays * kBarsOfDay;
    if (closes.size() >= wanted) past.mean_30d = mean_of(std::span(closes).first(wanted));
    if (closes.size() >= 3 * wanted) past.mean_90d = mean_of(std::span(closes).first(3 * wanted));
    std::vector<double> returns;
    for (std::size_t i = 0; i + 1 < std::min(closes.size(), wanted + 1); ++i)
        returns.push_back(closes[i] - closes[i + 1]);
    if (!returns.empty()) past.sigma_4h = root_mean_square(returns);

    const std::size_t days = std::min(closes.size() / kBarsOfDay, CoinPast::kDays);
    for (std::size_t day = 0; day < days; ++day) {
        double sum = 0;
        for (std::size_t i = 0; i < kBarsOfDay; ++i) sum += turnovers[day * kBarsOfDay + i];
        past.turnovers.push_back(sum);
    }
    const std::size_t moved_days = returns.size() / kBarsOfDay;
    if (moved_days <= CoinPast::kMinDays) return past;
    const auto move_of = [&](std::size_t day) {
        return root_mean_square(std::span(returns).subspan(day * kBarsOfDay, kBarsOfDay));
    };
    std::vector<double> moves;
    for (std::size_t day = 1; day < moved_days; ++day) moves.push_back(move_of(day));
    past.calm_percentile = percent_above(moves, move_of(0));
    const double mean_day = mean_of(std::span(past.turnovers).subspan(1));
    if (mean_day > 0 && past.turnovers.front() > 0)
        past.turnover_ratio = math::log(past.turnovers.front() / mean_day);
    return past;
}

void MarketWatch::choose(std::span<const std::unique_ptr<Symbol>> symbols) {
    std::vector<const Symbol*> perpetuals;
    std::vector<market::Speaker> speakers;
    for (const auto& symbol : symbols) {
        if (symbol->instrument().kind() != market::ContractKind::perpetual) continue;
        const market::InstrumentState& state = symbol->state();
        perpetuals.push_back(symbol.get());
        speakers.push_back(
            {.instrument = &symbol->instrument(),
             .voice = market::voice_of(state.last_price().has_value(), market::data_age(state, internals_.at))});
    }
    std::vector<const Symbol*> chosen;
    for (const std::size_t index : market::one_of_each_coin(speakers)) chosen.push_back(perpetuals[index]);
    if (chosen == coins_) return;
    // Another market speaks for a coin: what is known of the others' past stays.
    std::vector<CoinPast> pasts(chosen.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const auto known = std::find(coins_.begin(), coins_.end(), chosen[i]);
        if (known != coins_.end()) pasts[i] = std::move(pasts_[static_cast<std::size_t>(known - coins_.begin())]);
    }
    coins_ = std::move(chosen);
    pasts_ = std::move(pasts);
    bitcoin_ = nullptr;
    for (std::size_t i = 0; i < coins_.size(); ++i) {
        if (!coins_[i]->instrument().is_bitcoin()) continue;
        bitcoin_ = coins_[i];
        bitcoin_index_ = i;
    }
}

void MarketWatch::take_pasts() {
    for (std::size_t i = 0; i < coins_.size(); ++i) {
        const market::CandleSeries& bars = coins_[i]->state().candles()[market::Timeframe::h4];
        if (bars.empty()) continue;
        // A bar that is still open says when the newest closed one ended. Older bars come later, from the venue's
        // history: only their number tells.
        const market::Candle last = bars.back();
        const Timestamp until = last.is_closed ? last.open_time + last.interval : last.open_time;
        const bool is_new = !pasts_[i].until || until > *pasts_[i].until || bars.size() != pasts_[i].n_bars;
        if (is_new) pasts_[i] = coin_past(bars);
    }
}

void MarketWatch::take_changes() {
    std::vector<double> changes;
    std::uint32_t above = 0;
    std::uint32_t known = 0;
    for (std::size_t i = 0; i < coins_.size(); ++i) {
        if (const auto change = coins_[i]->state().ticker().change_24h) {
            changes.push_back(*change);
            if (*change > 0) ++internals_.n_advancing;
            if (*change < 0) ++internals_.n_declining;
        }
        const auto price = coins_[i]->state().last_price();
        if (!price || !pasts_[i].mean_30d) continue;
        ++known;
        if (math::log(*price) > *pasts_[i].mean_30d) ++above;
    }
    internals_.n_changes = static_cast<std::uint32_t>(changes.size());
    internals_.above_mean_30d_share = share_of(above, known);
    if (changes.size() < 2) return;
    const double mean = mean_of(changes);
    for (double& change : changes) change -= mean;
    const auto n = static_cast<double>(changes.size());
    internals_.dispersion_24h = root_mean_square(changes) * std::sqrt(n / (n - 1));
}

void MarketWatch::take_share(const std::optional<double>& bitcoins, std::span<const double> known,
                             std::optional<double>& share, double& coverage) const {
    if (coins_.empty()) return;
    coverage = static_cast<double>(known.size()) / static_cast<double>(coins_.size());
    if (!bitcoins || 2 * known.size() < coins_.size()) return;
    double sum = 0;
    for (const double one : known) sum += one;
    share = share_of(*bitcoins, sum);
}

void MarketWatch::take_dominance() {
    if (bitcoin_ == nullptr) return;
    std::vector<double> turnovers, interests;
    for (const Symbol* coin : coins_) {
        if (const auto turnover = coin->state().ticker().turnover_24h_quote) turnovers.push_back(*turnover);
        if (const auto interest = open_interest_quote(*coin)) interests.push_back(*interest);
    }
    take_share(bitcoin_->state().ticker().turnover_24h_quote, turnovers, internals_.btc_turnover_share,
               internals_.btc_turnover_coverage);
    take_share(open_interest_quote(*bitcoin_), interests, internals_.btc_open_interest_share,
               internals_.btc_open_interest_coverage);
}

void MarketWatch::take_mood() {
    const Mood mood{.coins = coins_,
                    .pasts = pasts_,
                    .bitcoin = bitcoin_ != nullptr ? std::optional(bitcoin_index_) : std::nullopt};
    internals_.parts = mood_parts(mood);
    internals_.fear_greed = fear_greed_of(internals_.parts);
    for (std::size_t i = 0; i < kMoodParts; ++i) {
        internals_.fear_greed_coverage += weight_of(static_cast<MoodPart>(i)) * internals_.parts[i].coverage;
    }
}

void MarketWatch::take_events() {
    for (const Symbol* coin : coins_) {
        const auto* facts = coin->analysis().sentiment_facts();
        if (facts == nullptr) continue;
        const market::InstrumentId id = coin->instrument().id;
        if (facts->cascade && internals_.at - facts->cascade->seen_at <= kCascadeKept)
            internals_.cascades.push_back({id, *facts->cascade});
        if (facts->divergence && facts->divergence->ranks.upper < 0)
            internals_.divergences.push_back({id, *facts->divergence});
    }
    const auto by_id = [](const auto& a, const auto& b) { return a.instrument.value() < b.instrument.value(); };
    std::sort(internals_.cascades.begin(), internals_.cascades.end(), by_id);
    std::sort(internals_.divergences.begin(), internals_.divergences.end(), by_id);
}

void MarketWatch::refresh(std::span<const std::unique_ptr<Symbol>> symbols, Timestamp second) {
    VT_ASSERT(floor_to(second, analysis::kMinute) == second);
    // The other venue may be a little behind; further back, time itself was set back.
    if (second <= internals_.at && internals_.at - second <= kBehind) return;
    internals_ = {.at = second};
    choose(symbols);
    internals_.n_coins = static_cast<std::uint32_t>(coins_.size());
    take_pasts();
    take_changes();
    take_dominance();
    take_mood();
    take_events();
}

}  // namespace vt::engine
