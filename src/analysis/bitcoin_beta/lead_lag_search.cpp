#include "analysis/bitcoin_beta/lead_lag_search.hpp"

#include "analysis/bitcoin_beta/lead_lag_slope.hpp"
#include "indicators/lagged_product.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace vt::analysis::bitcoin_beta {
namespace {

constexpr std::uint64_t kSeed = 0;

using Returns = std::span<const float>;

/// The lag, in seconds and of either sign, at which the sum of products is largest; the smallest of equals.
std::ptrdiff_t best_lag(Returns x, Returns y) {
    std::ptrdiff_t best = 0;
    double most = std::abs(indicators::lagged_product(x, y, 0));
    for (const std::size_t lag : LeadLagSearch::kLags) {
        for (const auto signed_lag : {static_cast<std::ptrdiff_t>(lag), -static_cast<std::ptrdiff_t>(lag)}) {
            const double product = std::abs(indicators::lagged_product(x, y, signed_lag));
            if (product <= most) continue;
            most = product;
            best = signed_lag;
        }
    }
    return best;
}

/// Slope of y, `lag` seconds later, on x through zero, without the seconds in which x jumped. The two books digest a
/// jump at speeds of their own, and by its square it would outweigh all that they have in common.
///   out: absent where x never moves otherwise
std::optional<double> beta_without_jumps(Returns x, Returns y, std::ptrdiff_t lag, double limit) {
    const auto n = static_cast<std::ptrdiff_t>(x.size());
    double xx = 0;
    double xy = 0;
    for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(0, -lag); i < std::min(n, n - lag); ++i) {
        const auto now = static_cast<double>(x[static_cast<std::size_t>(i)]);
        if (std::abs(now) > limit) continue;
        xx += now * now;
        xy += now * static_cast<double>(y[static_cast<std::size_t>(i + lag)]);
    }
    return xx > 0 ? std::optional(xy / xx) : std::nullopt;
}

std::uint32_t changes_of(Returns returns) {
    return static_cast<std::uint32_t>(std::ranges::count_if(returns, [](float one) { return one != 0; }));
}

}  // namespace

struct LeadLagSearch::Window {
    Returns x, y;
};

void LeadLagSearch::begin(Timestamp u, SecondReturns& returns) {
    returns.trim();
    end_ = returns.size();
    first_ = end_ - std::min(end_, SecondReturns::kKept);
    draft_ = {.at = u,
              .seconds = static_cast<std::uint32_t>(end_ - first_),
              .known_seconds = static_cast<std::uint32_t>(returns.count_known(first_, end_))};
    if (draft_.known_seconds >= kMinSeconds) stage_ = Stage::contrast;
}

void LeadLagSearch::abandon() { stage_ = Stage::idle; }

void LeadLagSearch::clear() {
    abandon();
    estimate_.reset();
}

void LeadLagSearch::finish() {
    const bool passes = draft_.p && *draft_.p < kMaxP && draft_.t_hac > kMinT && draft_.stability >= kMinStability;
    draft_.lambda = passes ? std::clamp(draft_.slope, 0.0, 1.0) : 0;
    estimate_ = draft_;
    stage_ = Stage::idle;
}

void LeadLagSearch::find_lag(const Window& window) {
    const double variance_x = indicators::lagged_product(window.x, window.x, 0);
    const double variance_y = indicators::lagged_product(window.y, window.y, 0);
    draft_.changes = std::min(changes_of(window.x), changes_of(window.y));
    draft_.own_sd_bps = 1e4 * std::sqrt(variance_y / static_cast<double>(std::max(1U, draft_.known_seconds)));
    if (!(variance_x > 0) || !(variance_y > 0)) return finish();  // one of the two stands still
    const double scale = std::sqrt(variance_x * variance_y);
    draft_.correlation_now = indicators::lagged_product(window.x, window.y, 0) / scale;
    const std::ptrdiff_t lag = best_lag(window.x, window.y);
    draft_.correlation = indicators::lagged_product(window.x, window.y, lag) / scale;
    const double rms_x = std::sqrt(variance_x / std::max(1U, draft_.known_seconds));
    draft_.beta = beta_without_jumps(window.x, window.y, lag, kJump * rms_x).value_or(0);
    if (lag <= 0 || draft_.beta == 0) return finish();  // in step, or Bitcoin follows
    draft_.lag_s = static_cast<std::uint32_t>(lag);
    stage_ = Stage::stability;
}

void LeadLagSearch::judge_stability(const Window& window) {
    const std::size_t length = window.x.size() / kParts;
    std::size_t same = 0;
    for (std::size_t part = 0; part < kParts; ++part) {
        const std::ptrdiff_t lag =
            best_lag(window.x.subspan(part * length, length), window.y.subspan(part * length, length));
        if (lag == static_cast<std::ptrdiff_t>(draft_.lag_s)) ++same;
    }
    draft_.stability = static_cast<double>(same) / static_cast<double>(kParts);
    stage_ = Stage::slope;
    if (draft_.stability < kMinStability) finish();
}

void LeadLagSearch::judge_slope(const Window& window) {
    const auto found = lead_lag_slope(window.x, window.y, draft_.beta, draft_.lag_s);
    if (!found) return finish();
    draft_.slope = found->lambda;
    draft_.answered = found->answered;
    draft_.t_hac = found->t_hac;
    draft_.own_sd_bps = 1e4 * found->own_sd;
    if (draft_.t_hac <= kMinT) return finish();
    double observed = 0;
    for (const std::size_t lag : kLags) {
        observed = std::max(
            observed, std::abs(indicators::lagged_product(window.x, window.y, static_cast<std::ptrdiff_t>(lag))));
    }
    shifts_ = indicators::BlockShift(observed, kSeed);
    stage_ = Stage::shifts;
}

void LeadLagSearch::advance(Timestamp u, SecondReturns& returns) {
    if ((u - offset_).time_since_epoch() % kEvery == Nanos{0}) begin(u, returns);
    if (stage_ == Stage::idle) return;
    if (end_ > returns.size()) return abandon();  // a damaged state
    const Window window{returns.bitcoin().subspan(first_, end_ - first_),
                        returns.own().subspan(first_, end_ - first_)};
    switch (stage_) {
        case Stage::idle: break;
        case Stage::contrast: find_lag(window); break;
        case Stage::stability: judge_stability(window); break;
        case Stage::slope: judge_slope(window); break;
        case Stage::shifts:
            shifts_.advance(window.x, window.y, kLags, kShiftsPerSecond);
            if (!shifts_.is_done()) break;
            draft_.p = shifts_.p();
            finish();
            break;
    }
}

}  // namespace vt::analysis::bitcoin_beta
