#include "execution/trade_codec.hpp"

#include "base/member_codec.hpp"
#include "trading/members.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

namespace vt::execution {

constexpr std::uint8_t value_count(TradeEnd) { return 12; }

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Rung>
void members(T& rung, Archive& archive) {
    archive(rung.price, rung.share);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Trailing>
void members(T& trailing, Archive& archive) {
    archive(trailing.distance_ticks, trailing.step_ticks);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Attribution>
void members(T& attribution, Archive& archive) {
    archive(attribution.dimension, attribution.share);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Plan>
void members(T& plan, Archive& archive) {
    archive(plan.signal, plan.strategy, plan.side, plan.quantity, plan.reference, plan.limit, plan.stop, plan.ladder,
            plan.break_even_cost_bps, plan.trailing, plan.enter_by, plan.expires_at, plan.attribution);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Trade>
void members(T& trade, Archive& archive) {
    archive(trade.id, trade.plan, trade.decided_at, trade.entry, trade.stop, trade.exit, trade.targets,
            trade.has_ladder, trade.target_renewed_at, trade.target_renewals, trade.first_fill_at,
            trade.unprotected_since, trade.stop_attempts, trade.funded_until, trade.closing, trade.ended_at,
            trade.position, trade.entered, trade.entry_value, trade.stop_wanted, trade.best, trade.worst, trade.exits,
            trade.exit_not_before, trade.stop_amended_at);
}

namespace {

constexpr std::uint8_t kOrderVersion = 1;
// Each version put members behind those of the one before.
constexpr std::uint8_t kTradeVersion = 3;
constexpr std::uint8_t kTradeVersionWithoutLeverage = 2;
constexpr std::uint8_t kTradeVersionWithoutWithdrawn = 1;

template <class... T>
std::string encoded(std::uint8_t version, const T&... values) {
    std::string out;
    append_little_endian(out, version);
    MemberEncoder encoder(out);
    encoder(values...);
    return out;
}

std::optional<std::uint8_t> version_of(std::string_view bytes) {
    return bytes.empty() ? std::nullopt : std::optional(static_cast<std::uint8_t>(bytes.front()));
}

tl::unexpected<Error> of_another_version(const std::string& what) {
    return fail(Errc::unsupported, "a kept " + what +
                                       " is of another version of the program: start the one that wrote it, and "
                                       "close what is open");
}

tl::unexpected<Error> damaged(const std::string& what) {
    return fail(Errc::malformed, "a kept " + what + " is damaged: restore a copy of the database");
}

}  // namespace

std::string encode_trade(const Trade& trade) {
    return encoded(kTradeVersion, trade, trade.withdrawn, trade.plan.leverage);
}

Result<Trade> decode_trade(std::string_view bytes, market::InstrumentId instrument) {
    const auto version = version_of(bytes);
    if (version < kTradeVersionWithoutWithdrawn || version > kTradeVersion) return of_another_version("trade");
    Trade trade;
    MemberDecoder decoder(bytes.substr(1));
    decoder(trade);
    if (version > kTradeVersionWithoutWithdrawn) decoder(trade.withdrawn);
    if (version > kTradeVersionWithoutLeverage) decoder(trade.plan.leverage);
    if (!decoder.is_whole()) return damaged("trade");
    trade.plan.instrument = instrument;
    return trade;
}

std::string encode_order(const trading::Order::Facts& order) { return encoded(kOrderVersion, order); }

Result<trading::Order::Facts> decode_order(std::string_view bytes, market::InstrumentId instrument) {
    if (version_of(bytes) != kOrderVersion) return of_another_version("order");
    trading::Order::Facts facts;
    MemberDecoder decoder(bytes.substr(1));
    decoder(facts);
    if (!decoder.is_whole()) return damaged("order");
    facts.request.instrument = instrument;
    return facts;
}

}  // namespace vt::execution
