#include "market/cross_venue.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace vt::market {
namespace {

/// The multipliers that venues put before or behind a coin's name, longest first.
constexpr std::array<std::pair<std::string_view, double>, 5> kMultipliers{
    {{"1000000", 1e6}, {"100000", 1e5}, {"10000", 1e4}, {"1000", 1e3}, {"1M", 1e6}}};

}  // namespace

Underlying underlying_of(const Instrument& instrument) {
    const std::string_view base = instrument.base;
    for (const auto& [text, units] : kMultipliers) {
        if (base.size() > text.size() && base.starts_with(text))
            return {std::string(base.substr(text.size())), units};
        const bool is_digits = text != "1M";
        if (is_digits && base.size() > text.size() && base.ends_with(text))
            return {std::string(base.substr(0, base.size() - text.size())), units};
    }
    return {instrument.base, 1};
}

bool is_same(const Instrument& a, const Instrument& b) {
    return a.category == b.category && a.quote == b.quote && a.settle == b.settle && a.is_dated == b.is_dated &&
           (!a.is_dated || a.delivers_at == b.delivers_at) && underlying_of(a).coin == underlying_of(b).coin;
}

CrossVenueMap::CrossVenueMap(std::span<const Instrument> instruments)
    : counterparts_(instruments.size()), spots_(instruments.size()) {
    for (std::size_t i = 0; i < instruments.size(); ++i) {
        const Instrument& one = instruments[i];
        const std::string coin = underlying_of(one).coin;
        for (const Instrument& other : instruments) {
            if (other.venue != one.venue && is_same(one, other)) counterparts_[i].push_back(other.id);
            const bool is_spot = one.category != Category::spot && other.category == Category::spot &&
                                 other.quote == one.quote && underlying_of(other).coin == coin;
            if (!is_spot) continue;
            if (!spots_[i] || (other.venue == one.venue && instruments[spots_[i]->value()].venue != one.venue))
                spots_[i] = other.id;
        }
    }
}

std::span<const InstrumentId> CrossVenueMap::counterparts(InstrumentId instrument) const {
    if (instrument.value() >= counterparts_.size()) return {};
    return counterparts_[instrument.value()];
}

std::optional<InstrumentId> CrossVenueMap::spot_of(InstrumentId contract) const {
    return contract.value() < spots_.size() ? spots_[contract.value()] : std::nullopt;
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
