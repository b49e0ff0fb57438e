#include "analysis/membership.hpp"

namespace vt::analysis {

Memberships memberships_of(const market::Instrument& instrument) {
    Memberships memberships{};
    const auto set = [&](Dimension dimension, Membership membership) {
        memberships[static_cast<std::size_t>(dimension)] = membership;
    };
    set(Dimension::order_flow, Membership::member);
    const bool has_funding = instrument.kind() == market::ContractKind::perpetual;
    set(Dimension::sentiment, has_funding ? Membership::member : Membership::not_applicable);
    set(Dimension::liquidity, Membership::member);
    return memberships;
}

}  // namespace vt::analysis
