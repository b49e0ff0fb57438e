#include "views/perpetuals_pulse.hpp"

#include "base/math.hpp"
#include "views/builder.hpp"
#include "views/known_sum.hpp"

#include <set>

namespace vt::views {
namespace {

/// The share of long accounts that sentiment went by; its component has ln(long/short).
std::optional<double> long_pct_of(const Row& row) {
    if (!row.score) return std::nullopt;
    const auto& opinion = row.score->parts[static_cast<std::size_t>(analysis::Dimension::sentiment)].opinion;
    for (const analysis::Component& component : opinion.components) {
        if (component.name != "long_short_accounts" || component.leaves.empty()) continue;
        const auto& value = component.leaves.front().value;
        if (value) return 100 / (1 + math::exp(-*value));
    }
    return std::nullopt;
}

}  // namespace

PerpetualsPulse perpetuals_pulse(const Snapshot& snapshot) {
    PerpetualsPulse pulse;
    KnownSum funding, funding_z, longs, interest, volume, basis;
    std::set<market::InstrumentId> followed;
    for (const Row* row : preferred_rows(snapshot.rows)) {
        if (row->instrument.kind() != market::ContractKind::perpetual) continue;
        ++pulse.coins_count;
        followed.insert(market::InstrumentId{static_cast<std::uint32_t>(row - snapshot.rows.data())});
        funding.add(row->funding_rate);
        funding_z.add(row->funding_zscore);
        longs.add(long_pct_of(*row));
        interest.add(row->open_interest_usd);
        volume.add(row->turnover_24h_usd);
    }
    for (const CoinMarkets& coin : snapshot.coins) {
        for (const CoinMarket& market : coin.markets) {
            if (market.spot_basis_bps && followed.contains(market.instrument))
                basis.add(*market.spot_basis_bps / 100);
        }
    }
    pulse.funding_rate = funding.mean();
    pulse.funding_zscore = funding_z.mean();
    pulse.long_pct = longs.mean();
    pulse.open_interest_usd = interest.total();
    pulse.volume_24h_usd = volume.total();
    pulse.basis_pct = basis.mean();
    return pulse;
}

}  // namespace vt::views
