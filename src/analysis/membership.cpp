#include "analysis/membership.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace vt::analysis {
namespace {

/// What stands for a currency, a metal or a share: its price has no beta to Bitcoin that would mean anything.
constexpr std::array<std::string_view, 38> kNoCrypto = {
    "USDT", "USDC", "DAI",  "FDUSD", "TUSD", "USDE",  "USDD", "BUSD", "PYUSD", "USD1", "USDP", "GUSD", "RLUSD",
    "USDS", "XUSD", "LUSD", "FRAX",  "USDY", "USDTB", "EUR",  "EURT", "EURC",  "EURI", "AEUR", "GBP",  "TRY",
    "BRL",  "AUD",  "JPY",  "PLN",   "USD",  "XAUT",  "PAXG", "XAU",  "XAG",   "TSLA", "COIN", "NVDA"};

bool is_crypto(std::string_view base) {
    return std::find(kNoCrypto.begin(), kNoCrypto.end(), base) == kNoCrypto.end();
}

}  // namespace

Memberships memberships_of(const market::Instrument& instrument) {
    Memberships memberships{};
    const auto set = [&](Dimension dimension, Membership membership) {
        memberships[static_cast<std::size_t>(dimension)] = membership;
    };
    set(Dimension::order_flow, Membership::member);
    const bool has_funding = instrument.kind() == market::ContractKind::perpetual;
    set(Dimension::sentiment, has_funding ? Membership::member : Membership::not_applicable);
    set(Dimension::liquidity, Membership::member);
    const bool has_beta = !instrument.is_bitcoin() && is_crypto(instrument.base);
    set(Dimension::bitcoin_beta, has_beta ? Membership::member : Membership::not_applicable);
    set(Dimension::smart_money, Membership::member);
    set(Dimension::machine_learning, Membership::not_applicable);  // until a model is promoted
    return memberships;
}

}  // namespace vt::analysis
