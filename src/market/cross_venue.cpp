#include "market/cross_venue.hpp"

#include "base/math.hpp"
#include "market/instrument_directory.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace vt::market {
namespace {

/// is_same() of two instruments of one coin against one quote currency.
bool is_same_market(const Instrument& a, const Instrument& b) {
    return a.category == b.category && a.settle == b.settle && a.is_dated == b.is_dated &&
           (!a.is_dated || a.delivers_at == b.delivers_at);
}

}  // namespace

bool is_same(const Instrument& a, const Instrument& b) {
    return a.quote == b.quote && is_same_market(a, b) && a.underlying().coin == b.underlying().coin;
}

CrossVenueMap::CrossVenueMap(std::span<const Instrument> instruments)
    : counterparts_(instruments.size()), spots_(instruments.size()) {
    std::map<std::pair<std::string, std::string>, std::vector<InstrumentId>> groups;
    for (const Instrument& one : instruments) {
        Underlying underlying = one.underlying();
        units_.push_back(underlying.units);
        groups[{std::move(underlying.coin), one.quote}].push_back(one.id);
    }
    for (auto& [name, members] : groups) {
        std::stable_sort(members.begin(), members.end(), [&](InstrumentId a, InstrumentId b) {
            return preference(instruments[a.value()]) < preference(instruments[b.value()]);
        });
        for (const InstrumentId id : members) {
            const Instrument& one = instruments[id.value()];
            std::optional<InstrumentId>& spot = spots_[id.value()];
            for (const InstrumentId other_id : members) {
                const Instrument& other = instruments[other_id.value()];
                if (other.venue != one.venue && is_same_market(one, other))
                    counterparts_[id.value()].push_back(other_id);
                if (one.category == Category::spot || other.category != Category::spot) continue;
                const bool is_own = other.venue == one.venue;
                if (!spot || (is_own && instruments[spot->value()].venue != one.venue)) spot = other_id;
            }
        }
        coins_.push_back({name.first, name.second, std::move(members)});
    }
}

std::span<const InstrumentId> CrossVenueMap::counterparts(InstrumentId instrument) const {
    if (instrument.value() >= counterparts_.size()) return {};
    return counterparts_[instrument.value()];
}

std::optional<InstrumentId> CrossVenueMap::spot_of(InstrumentId contract) const {
    return contract.value() < spots_.size() ? spots_[contract.value()] : std::nullopt;
}

double CrossVenueMap::units(InstrumentId instrument) const {
    return instrument.value() < units_.size() ? units_[instrument.value()] : 1;
}

std::optional<CrossMid> cross_mid(std::span<const VenueQuote> quotes, Nanos age_max) {
    CrossMid found;
    double weights = 0;
    double sum = 0;
    const auto counts = [&](const VenueQuote& quote) {
        return quote.bid > 0 && quote.ask > quote.bid && quote.age <= age_max;
    };
    for (const VenueQuote& quote : quotes) {
        if (!counts(quote)) continue;
        const double spread = quote.ask - quote.bid;
        const double weight = 1 / (spread * spread);
        weights += weight;
        sum += weight * (quote.bid + quote.ask) / 2;
        found.best_bid = std::max(found.best_bid, quote.bid);
        found.best_ask = found.venues == 0 ? quote.ask : std::min(found.best_ask, quote.ask);
        ++found.venues;
    }
    if (found.venues == 0) return std::nullopt;
    found.mid = sum / weights;
    found.is_crossed = found.best_bid >= found.best_ask;
    for (const VenueQuote& quote : quotes) {
        if (!counts(quote)) continue;
        const double apart = std::abs((quote.bid + quote.ask) / 2 - found.mid) / found.mid * 1e4;
        found.dispersion_bps = std::max(found.dispersion_bps, apart);
    }
    return found;
}

double basis_bps(double contract_mid, double spot_mid) { return math::log(contract_mid / spot_mid) * 1e4; }

std::optional<double> annualised_basis(double contract_mid, double spot_mid, Nanos until_delivery) {
    if (until_delivery <= Nanos{0}) return std::nullopt;
    const double days = static_cast<double>(until_delivery.count()) / 86'400e9;
    return math::log(contract_mid / spot_mid) * 365 / days;
}

}  // namespace vt::market
