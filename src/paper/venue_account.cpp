#include "paper/venue.hpp"
#include "trading/margin_tier.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::paper {
namespace {

using market::Side;
using trading::Money;

/// Nothing that the largest deposit can carry at the highest leverage is worth more.
constexpr Money kOrderValueMost{20'000'000'000 * trading::kMoneyPerUnit};
constexpr std::size_t kAccountReportsKept = 256;

}  // namespace

Money Venue::margin_of(const Listing& listing) const {
    const Money whole =
        trading::initial_margin(listing.position.facts().cost, static_cast<std::uint32_t>(listing.leverage));
    return std::max(Money{}, whole - listing.margin_used);
}

/// What the orders of one side would open beyond the position of the other.
Money Venue::opened_by(const Listing& listing, Side side, const trading::OrderRequest* more, Ticks price) const {
    Money value;
    Lots lots;
    const auto add = [&](const trading::OrderRequest& request, Ticks at, Lots quantity) {
        if (request.side != side || request.is_reduce_only) return;
        value += trading::notional_of(listing.instrument(), at, quantity).value_or(kOrderValueMost);
        lots += quantity;
    };
    for (const auto* list : {&listing.resting(side), &listing.takers})
        for (const OpenOrder* order : *list)
            if (order->request.price) add(order->request, *order->request.price, order->remaining());
    if (more != nullptr) add(*more, price, more->quantity);
    const auto& position = listing.position;
    const Lots closing = position.is_flat() || position.side() == side ? Lots{} : position.size();
    if (lots <= closing) return Money{};
    return trading::scaled(value, (lots - closing).value(), lots.value()).value_or(value);
}

/// What they bind: the initial margin of that, and its fees both ways.
Money Venue::bound_by_side(const Listing& listing, Side side, const trading::OrderRequest* more, Ticks price) const {
    const Money opening = opened_by(listing, side, more, price);
    if (opening == Money{}) return Money{};
    const Money fee = fee_of(params_.fees, opening, false);
    return trading::initial_margin(opening, static_cast<std::uint32_t>(listing.leverage)) + fee + fee;
}

/// What an instrument binds of the wallet: the position's margin, the fee of its liquidation, and the side of orders
/// that asks for more, since the other one would close what this one opens.
Money Venue::bound_by(const Listing& listing, const trading::OrderRequest* more, Ticks price) const {
    const Money margin = margin_of(listing);
    const Money fee = fee_of(params_.fees, listing.position.facts().cost + margin, false);
    return margin + fee +
           std::max(bound_by_side(listing, Side::buy, more, price), bound_by_side(listing, Side::sell, more, price));
}

/// By the tier that the whole position would come into, and by what the wallet has left.
std::optional<Refusal> Venue::refusal_of_opening(const Listing& listing, const trading::OrderRequest& order,
                                                 Ticks price) const {
    const auto value = trading::notional_of(listing.instrument(), price, order.quantity);
    if (!value || *value > kOrderValueMost) return Refusal::no_margin;
    const auto& tiers = listing.instrument().margin_tiers;
    if (!tiers.empty() && !order.is_reduce_only) {
        const bool adds = !listing.position.is_flat() && listing.position.side() == order.side;
        const Money opened = opened_by(listing, order.side, &order, price);
        const Money whole = opened + (adds ? listing.position.facts().cost : Money{});
        const auto most = trading::worth_most_at(tiers, listing.leverage);
        if (opened > Money{} && (!most || whole > *most)) return Refusal::value_too_large;
    }
    const Money more = bound_by(listing, &order, price) - bound_by(listing, nullptr, price);
    if (more <= Money{} || more <= available()) return std::nullopt;
    return Refusal::no_margin;
}

/// As at the venues: what is set already is no refusal; else by range and tier, and by what position and open orders
/// would bind then.
std::optional<Refusal> Venue::refusal_of_leverage(Listing& listing, std::uint32_t leverage) const {
    const auto& terms = listing.instrument();
    const double most = terms.limits.leverage_max ? terms.limits.leverage_max->to_double() : kLeverageMost;
    if (leverage < 1 || leverage > most || leverage > kLeverageMost) return Refusal::leverage_out_of_range;
    const int wanted = static_cast<int>(leverage);
    const int before = listing.leverage;
    if (wanted == before) return std::nullopt;
    const auto& position = listing.position;
    if (!terms.margin_tiers.empty()) {
        const auto whole = [&](Side side) {
            const bool adds = !position.is_flat() && position.side() == side;
            return opened_by(listing, side, nullptr, Ticks{}) + (adds ? position.facts().cost : Money{});
        };
        const auto worth_most = trading::worth_most_at(terms.margin_tiers, wanted);
        if (!worth_most) return Refusal::leverage_out_of_range;
        if (std::max(whole(Side::buy), whole(Side::sell)) > *worth_most) return Refusal::value_too_large;
    }
    if (terms.venue == market::Venue::binance && wanted < before && !position.is_flat())
        return Refusal::leverage_with_position;
    const Money bound = bound_by(listing, nullptr, Ticks{});
    const Money free = available();
    listing.leverage = wanted;
    const Money more = bound_by(listing, nullptr, Ticks{}) - bound;
    const Money margin = margin_of(listing);
    listing.leverage = before;
    if (more > Money{} && more > free) return Refusal::leverage_below_margin;
    const auto price = listing.reference_price();
    const auto value = price ? value_at(terms, *price, position.size()) : std::nullopt;
    const auto held = value ? maintenance_of(terms, params_.margin, *value) : std::nullopt;
    if (held && is_liquidated(position, margin, *value, *held)) return Refusal::would_liquidate;
    return std::nullopt;
}

std::optional<int> Venue::leverage(market::InstrumentId instrument) const {
    if (position(instrument) == nullptr) return std::nullopt;
    return listings_.at(instrument.value()).leverage;
}

std::optional<Venue::Margin> Venue::margin(market::InstrumentId instrument) const {
    if (position(instrument) == nullptr || position(instrument)->is_flat()) return std::nullopt;
    const Listing& listing = listings_.at(instrument.value());
    const Money amount = margin_of(listing);
    return Margin{.amount = amount,
                  .leverage = listing.leverage,
                  .liquidation_price =
                      paper::liquidation_price(listing.instrument(), listing.position, amount, params_.margin)};
}

void Venue::Brought::add(const trading::Position::Facts& position) {
    realised += position.realised;
    fees += position.fees;
    funding += position.funding;
}

Venue::Brought Venue::brought() const {
    Brought sum = brought_by_unlisted_;
    for (const Listing& listing : listings_) sum.add(listing.position.facts());
    return sum;
}

Money Venue::margin_in_use() const {
    Money sum;
    for (const Listing& listing : listings_)
        if (listing.market != nullptr && !listing.position.is_flat()) sum += margin_of(listing);
    return sum;
}

Money Venue::available() const {
    Money rest = wallet_;
    for (const Listing& listing : listings_)
        if (listing.market != nullptr && !listing.is_idle()) rest -= bound_by(listing, nullptr, Ticks{});
    return rest;
}

std::optional<Money> Venue::equity() const {
    Money sum = wallet_;
    for (const Listing& listing : listings_) {
        if (listing.market == nullptr || listing.position.is_flat()) continue;
        const auto price = listing.reference_price();
        if (!price) return std::nullopt;
        const auto value = value_at(listing.instrument(), *price, listing.position.size());
        if (!value) return std::nullopt;
        const Money cost = listing.position.facts().cost;
        sum += listing.position.side() == Side::buy ? *value - cost : cost - *value;
    }
    return sum;
}

const trading::Position* Venue::position(market::InstrumentId instrument) const {
    const std::size_t index = instrument.value();
    if (index >= listings_.size() || listings_[index].market == nullptr) return nullptr;
    return &listings_[index].position;
}

/// out: false where the amounts do not fit; nothing is changed then
bool Venue::book_execution(Listing& listing, const trading::Fill& fill) {
    const Money before = listing.position.wallet_change();
    const bool was_long = listing.position.net() > Lots{};
    const bool was_flat = listing.position.is_flat();
    if (!listing.position.apply(fill, listing.instrument())) return false;
    wallet_ += listing.position.wallet_change() - before;
    ++counts_.executions;
    if (listing.position.is_flat() || was_long != (listing.position.net() > Lots{})) listing.margin_used = Money{};
    if (was_flat) listing.settled_until = std::max(listing.settled_until, clock_);  // earlier ones concern others
    if (const auto delivery = listing.instrument().delivers_at) schedule(*delivery);
    return true;
}

void Venue::note(Listing& listing, const market::Ticker& ticker) {
    if (ticker.last_price) listing.last = ticker.last_price;
    if (ticker.mark_price) listing.mark = ticker.mark_price;
    if (ticker.funding_rate) listing.funding_rate = ticker.funding_rate;
    if (!ticker.next_funding_at || *ticker.next_funding_at <= listing.settled_until) return;
    listing.next_funding_at = ticker.next_funding_at;
    schedule(*ticker.next_funding_at);
}

/// A settlement whose time has come is made with what was known before it: the ticker that follows is of the next.
void Venue::settle_due(Listing& listing) {
    if (!listing.next_funding_at || *listing.next_funding_at > clock_) return;
    const Timestamp at = *std::exchange(listing.next_funding_at, std::nullopt);
    if (listing.funding_rate) {
        settle(listing, at, *listing.funding_rate);
    } else if (!listing.position.is_flat()) {
        ++counts_.unsettled;
    }
}

void Venue::settle(Listing& listing, Timestamp at, double rate) {
    if (at <= listing.settled_until) return;
    listing.settled_until = at;
    if (listing.position.is_flat()) return;
    const auto price = listing.reference_price();
    const auto value = price ? value_at(listing.instrument(), *price, listing.position.size()) : std::nullopt;
    const auto exact_rate = trading::rate_of(rate);
    const auto amount = value && exact_rate ? trading::times(*value, *exact_rate) : std::nullopt;
    if (!amount) {
        ++counts_.unsettled;
        return;
    }
    const trading::FundingPaid paid{.instrument = listing.instrument().id,
                                    .settled_at = at,
                                    .amount = listing.position.side() == Side::buy ? -*amount : *amount};
    listing.position.apply(paid);
    wallet_ += paid.amount;
    // what the wallet has not left is taken from the position's own margin
    const Money missing = std::min(-std::min(available(), Money{}), -std::min(paid.amount, Money{}));
    listing.margin_used += std::min(missing, margin_of(listing));
    tell_of_account(paid);
}

void Venue::liquidate_if_due(Listing& listing, double price) {
    if (listing.position.is_flat()) return;
    const auto& instrument = listing.instrument();
    const auto value = value_at(instrument, price, listing.position.size());
    const Money margin = margin_of(listing);
    const auto held = value ? maintenance_of(instrument, params_.margin, *value) : std::nullopt;
    if (!held || !is_liquidated(listing.position, margin, *value, *held)) return;
    ++counts_.liquidations;
    cancel_all(listing, "CancelByPrepareLiq");
    const Ticks bankruptcy = bankruptcy_price(instrument, listing.position, margin);
    const auto closed = trading::notional_of(instrument, bankruptcy, listing.position.size());
    close_position(listing, trading::ExecutionKind::liquidation, bankruptcy,
                   fee_of(params_.fees, closed.value_or(Money{}), false));
}

/// The end of a market: what is open is delivered at the last mark price.
void Venue::deliver_if_due(Listing& listing) {
    const auto& instrument = listing.instrument();
    const bool is_due = instrument.status == market::TradingStatus::closed ||
                        (instrument.delivers_at && *instrument.delivers_at <= clock_);
    if (!is_due || listing.is_idle()) return;
    cancel_all(listing, "CancelBySettle");
    const auto price = listing.reference_price();
    if (!price || listing.position.is_flat()) return;
    const auto ticks = static_cast<std::int64_t>(std::nearbyint(*price / instrument.tick()));
    close_position(listing, trading::ExecutionKind::delivery, Ticks{std::max<std::int64_t>(1, ticks)}, Money{});
}

void Venue::close_position(Listing& listing, trading::ExecutionKind kind, Ticks price, Money fee) {
    const trading::Fill fill{.execution = trading::ExecutionId{counts_.executions + 1},
                             .order = std::nullopt,
                             .instrument = listing.instrument().id,
                             .side = market::opposite(listing.position.side()),
                             .kind = kind,
                             .price = price,
                             .quantity = listing.position.size(),
                             .fee = fee};
    if (book_execution(listing, fill)) tell_of_account(fill);
}

void Venue::tell_of_account(trading::ReportBody body) {
    account_reports_.push_back({.at = clock_, .body = body});
    if (account_reports_.size() > kAccountReportsKept) account_reports_.pop_front();
    tell(std::move(body), Outbox::Way::stream);
}

}  // namespace vt::paper
