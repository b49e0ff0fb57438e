#include "alpha/strategies.hpp"

#include "alpha/alpha_breakout.hpp"
#include "alpha/lead_lag.hpp"
#include "statistics/multiple_tests.hpp"

namespace vt::alpha {

Verdict judge(Strategy strategy, const Facts& facts, const Params& params) {
    switch (strategy) {
        case Strategy::lead_lag: return judge_lead_lag(facts, params);
        case Strategy::residual_momentum: return judge_residual_momentum(facts, params);
        case Strategy::residual_reversion: return judge_residual_reversion(facts, params);
        case Strategy::alpha_breakout: return judge_alpha_breakout(facts, params);
        case Strategy::correlation_breakdown: return judge_correlation_breakdown(facts, params);
        case Strategy::beta_shift: return judge_beta_shift(facts, params);
        case Strategy::beta_divergence: return judge_beta_divergence(facts, params);
        case Strategy::sector_rotation: return judge_sector_rotation(facts, params);
    }
    return {};
}

void correct_for_many(std::span<Measured> all, std::vector<double>& p, std::vector<std::size_t>& order) {
    const auto correct = [&](auto kind) {
        p.clear();
        for (const Measured& one : all)
            if (const auto& found = one.*kind) p.push_back(found->p);
        statistics::benjamini_hochberg(p, order);
        std::size_t next = 0;
        for (Measured& one : all)
            if (auto& found = one.*kind) found->q = p[next++];
    };
    correct(&Measured::momentum);
    correct(&Measured::level);
    correct(&Measured::correlation);
    correct(&Measured::shift);
    correct(&Measured::divergence);
    correct(&Measured::sector);
}

}  // namespace vt::alpha
