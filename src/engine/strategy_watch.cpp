#include "engine/strategy_watch.hpp"

#include "alpha/strategies.hpp"
#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "analysis/coverage.hpp"
#include "market/instrument_directory.hpp"
#include "statistics/multiple_tests.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace vt::engine {
namespace {

using analysis::Frame;
using analysis::bitcoin_beta::BitcoinBeta;

const analysis::Component* component_of(const BitcoinBeta& beta, std::string_view name) {
    const auto& components = beta.score().components;
    const auto found = std::ranges::find(components, name, &analysis::Component::name);
    return found == components.end() ? nullptr : &*found;
}

const analysis::Leaf* leaf_of(const analysis::Component* component, Frame frame) {
    if (component == nullptr) return nullptr;
    const auto found = std::ranges::find(component->leaves, frame, &analysis::Leaf::frame);
    return found == component->leaves.end() ? nullptr : &*found;
}

/// Of bars of a frame that closed last at `newest`.
double age_share(Frame frame, const std::optional<Timestamp>& newest, Timestamp second) {
    if (!newest) return 0;
    const analysis::Input input = analysis::kBetaFrames[analysis::beta_index(frame)].input;
    return analysis::age_coverage(second - *newest, analysis::age_plan(input)).value_or(0);
}

}  // namespace

alpha::Bars StrategyWatch::bars_of(const Symbol& symbol, Frame frame, Timestamp second) {
    const auto& returns = symbol.analysis().bitcoin_beta()->returns()[analysis::beta_index(frame)];
    returns.copy_unbroken(x_, y_);
    analysis::Flags flags;
    flags.set(analysis::Flag::kline_based, returns.is_kline_based());
    const double share = static_cast<double>(y_.size()) / static_cast<double>(returns.window());
    return {.bitcoin = x_,
            .own = y_,
            .coverage = share * analysis::flag_coverage(flags) * age_share(frame, returns.newest(), second)};
}

/// The break that is surest of the four hours of minutes and of the day of five minutes: two tests, so its p counts
/// twice.
void StrategyWatch::measure_shift(const Symbol& symbol, Timestamp second, alpha::Measured& measured) {
    for (const Frame frame : {Frame::m1, Frame::m5}) {
        const auto& estimates = symbol.analysis().bitcoin_beta()->estimates()[analysis::beta_index(frame)];
        if (!estimates || !estimates->broken) continue;
        const alpha::Bars bars = bars_of(symbol, frame, second);
        const auto broken = indicators::beta_break(bars.bitcoin, bars.own);
        if (!broken) continue;
        const auto kalman = estimates->kalman ? std::optional(estimates->kalman->beta) : std::nullopt;
        auto found = alpha::measure_shift(bars, *broken, kalman);
        if (!found) continue;
        found->p = std::min(1.0, 2 * found->p);
        if (!measured.shift || found->p < measured.shift->p) measured.shift = found;
    }
}

alpha::Measured StrategyWatch::measure(const Symbol& symbol, Timestamp second) {
    alpha::Measured measured;
    measured.momentum = alpha::measure_momentum(bars_of(symbol, Frame::m30, second), params_);
    const alpha::Bars five_minutes = bars_of(symbol, Frame::m5, second);
    measured.level = alpha::measure_level(five_minutes);
    measured.correlation = alpha::measure_correlation(five_minutes, params_);
    const auto& estimates = symbol.analysis().bitcoin_beta()->estimates();
    const auto& day = estimates[analysis::beta_index(Frame::m5)];
    const auto& week = estimates[analysis::beta_index(Frame::m30)];
    if (day && week) measured.divergence = alpha::measure_divergence(five_minutes, *day, *week);
    measure_shift(symbol, second, measured);
    return measured;
}

/// One market of each coin: the preferred one, and of equals the one that was listed first.
void StrategyWatch::measure_sectors(std::span<const Symbol* const> of, Timestamp second) {
    std::vector<std::string> names;
    std::vector<int> preferences;
    std::vector<alpha::OwnMove> moves;
    for (const Symbol* symbol : of) {
        const auto move = alpha::measure_own_move(bars_of(*symbol, Frame::m5, second));
        if (!move) continue;
        std::string coin = market::underlying_of(symbol->instrument().base).coin;
        const int preference = market::preference(symbol->instrument());
        const auto known = static_cast<std::size_t>(std::ranges::find(names, coin) - names.begin());
        if (known == names.size()) {
            names.push_back(std::move(coin));
            preferences.push_back(preference);
            moves.push_back(*move);
        } else if (preference < preferences[known]) {
            preferences[known] = preference;
            moves[known] = *move;
        }
    }
    std::vector<alpha::CoinMove> coins;
    coins.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) coins.push_back({.coin = names[i], .move = moves[i]});
    for (std::size_t i = 0; i < of.size(); ++i) {
        const std::string coin = market::underlying_of(of[i]->instrument().base).coin;
        batch_[i].sector = alpha::measure_sector(coin, coins, params_);
    }
}

/// The leads' p among all instruments that were looked at; one whose earlier tests failed has the p of chance.
void StrategyWatch::correct_leads(std::span<const Symbol* const> of) {
    p_.clear();
    for (const Symbol* symbol : of)
        if (const auto& lead = symbol->analysis().bitcoin_beta()->lead_lag()) p_.push_back(lead->p.value_or(1));
    statistics::benjamini_hochberg(p_, order_);
    std::size_t next = 0;
    for (const Symbol* symbol : of) {
        const bool has_lead = symbol->analysis().bitcoin_beta()->lead_lag().has_value();
        lead_q_[symbol->instrument().id.value()] = has_lead ? std::optional(p_[next++]) : std::nullopt;
    }
}

void StrategyWatch::refresh(market::Venue venue, Timestamp second, std::span<const std::unique_ptr<Symbol>> symbols) {
    if (second - floor_to(second, kMeasuredEvery) != kMeasuredAfter) return;
    measured_.resize(std::max(measured_.size(), symbols.size()));
    lead_q_.resize(measured_.size());
    std::vector<const Symbol*> of;
    batch_.clear();
    for (const auto& symbol : symbols) {
        if (symbol->instrument().venue != venue || symbol->analysis().bitcoin_beta() == nullptr) continue;
        of.push_back(symbol.get());
        batch_.push_back(measure(*symbol, second));
    }
    measure_sectors(of, second);
    alpha::correct_for_many(batch_, p_, order_);
    for (std::size_t i = 0; i < of.size(); ++i) measured_[of[i]->instrument().id.value()] = std::move(batch_[i]);
    correct_leads(of);
}

alpha::Facts StrategyWatch::facts(const Symbol& symbol, Timestamp second,
                                  const std::optional<double>& round_trip_bps) const {
    alpha::Facts facts{.round_trip_bps = round_trip_bps};
    const BitcoinBeta* beta = symbol.analysis().bitcoin_beta();
    if (beta == nullptr) return facts;
    facts.is_applicable = true;
    facts.lead_lag = beta->lead_lag();
    if (const auto* gap = leaf_of(component_of(*beta, "lead_lag_gap"), Frame::m1)) {
        facts.gap_bps = gap->value;
        facts.gap_coverage = gap->coverage;
    }
    if (const auto* residual = leaf_of(component_of(*beta, "residual_return"), Frame::m30))
        facts.residual_30m = residual->value;
    for (std::size_t i = 0; i < facts.alphas.size(); ++i) {
        const auto& estimates = beta->estimates()[i];
        if (!estimates) continue;
        const double fresh = age_share(analysis::kBetaFrames[i].frame, estimates->at, second);
        facts.alphas[i] = alpha::Alpha{.t = estimates->least_squares.intercept_t_hac,
                                       .q = symbol.alpha_p[i],
                                       .n = estimates->n,
                                       .coverage = estimates->coverage * fresh};
    }
    const std::size_t index = symbol.instrument().id.value();
    if (index < measured_.size()) {
        facts.measured = measured_[index];
        facts.lead_q = lead_q_[index];
    }
    return facts;
}

}  // namespace vt::engine
