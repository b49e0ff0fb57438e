#include "engine/beta_cross_section.hpp"

#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "indicators/confidence.hpp"
#include "statistics/multiple_tests.hpp"

#include <algorithm>
#include <cmath>

namespace vt::engine {
namespace {

using analysis::bitcoin_beta::BetaEstimates;
using analysis::bitcoin_beta::kMinReturns;

/// Calls visit(id, frame, estimates) for every estimate of the venue that rests on enough returns.
template <class Visit>
void each_estimate(market::Venue venue, std::span<const std::unique_ptr<Symbol>> symbols, Visit&& visit) {
    for (const auto& symbol : symbols) {
        const auto* beta = symbol->analysis().bitcoin_beta();
        if (beta == nullptr || symbol->instrument().venue != venue) continue;
        for (std::size_t frame = 0; frame < analysis::kBetaFrames.size(); ++frame) {
            const std::optional<BetaEstimates>& estimates = beta->estimates()[frame];
            if (estimates && estimates->n >= kMinReturns) visit(symbol->instrument().id, frame, *estimates);
        }
    }
}

/// Mean and standard deviation of betas, in two passes over what visit_all hands out.
template <class VisitAll>
indicators::BetaPrior prior_of(std::size_t frame, VisitAll&& visit_all) {
    double sum = 0;
    double squares = 0;
    std::size_t count = 0;
    visit_all([&](market::InstrumentId, std::size_t of, const BetaEstimates& estimates) {
        if (of != frame) return;
        sum += estimates.least_squares.slope;
        ++count;
    });
    if (count < BetaCrossSection::kMinBetas) return {};
    const double mean = sum / static_cast<double>(count);
    visit_all([&](market::InstrumentId, std::size_t of, const BetaEstimates& estimates) {
        if (of != frame) return;
        const double distance = estimates.least_squares.slope - mean;
        squares += distance * distance;
    });
    const double sd = std::sqrt(squares / static_cast<double>(count - 1));
    return {.mean = mean, .sd = std::max(BetaCrossSection::kMinPriorSd, sd)};
}

}  // namespace

void BetaCrossSection::prepare(market::Venue venue, std::span<const std::unique_ptr<Symbol>> symbols) {
    if (!is_made_[static_cast<std::size_t>(venue)]) make(venue, symbols);
}

void BetaCrossSection::refresh(market::Venue venue, Timestamp second,
                               std::span<const std::unique_ptr<Symbol>> symbols) {
    if (second - floor_to(second, kEvery) == kOffset) make(venue, symbols);
}

void BetaCrossSection::make(market::Venue venue, std::span<const std::unique_ptr<Symbol>> symbols) {
    is_made_[static_cast<std::size_t>(venue)] = true;
    const auto visit_all = [&](auto&& visit) { each_estimate(venue, symbols, visit); };
    for (std::size_t frame = 0; frame < kFrames; ++frame)
        priors_[static_cast<std::size_t>(venue)][frame] = prior_of(frame, visit_all);

    alpha_p_.resize(std::max(alpha_p_.size(), symbols.size()));
    for (const auto& symbol : symbols) {
        if (symbol->instrument().venue == venue) alpha_p_[symbol->instrument().id.value()] = {};
    }
    p_.clear();
    visit_all([&](market::InstrumentId, std::size_t, const BetaEstimates& estimates) {
        p_.push_back(indicators::two_sided_p(estimates.least_squares.intercept_t_hac));
    });
    statistics::benjamini_hochberg(p_, order_);
    std::size_t next = 0;
    visit_all([&](market::InstrumentId id, std::size_t frame, const BetaEstimates&) {
        alpha_p_[id.value()][frame] = p_[next++];
    });
}

void BetaCrossSection::tell(const market::Instrument& instrument, analysis::BitcoinInputs& inputs) const {
    inputs.priors = priors_[static_cast<std::size_t>(instrument.venue)];
    if (instrument.id.value() < alpha_p_.size()) inputs.alpha_p = alpha_p_[instrument.id.value()];
}

}  // namespace vt::engine
