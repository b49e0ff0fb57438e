#include "paper/venue.hpp"

#include <algorithm>
#include <cmath>

namespace vt::paper {
namespace {

using market::Side;
using trading::OrderKind;
using trading::TimeInForce;

constexpr std::string_view kNothingMore = "EC_NoImmediateQtyToFill";
constexpr std::string_view kWouldTake = "EC_PostOnlyWillTakeLiquidity";
constexpr std::string_view kReduceOnly = "CancelByReduceOnly";

Ticks nearest_ticks(const market::Instrument& instrument, double price) {
    return Ticks{std::max<std::int64_t>(1, static_cast<std::int64_t>(std::nearbyint(price / instrument.tick())))};
}

/// A price that became worse for that side by a share of itself, away from us to the whole tick.
Ticks slipped(const market::Instrument& instrument, Side side, double price, Decimal share) {
    const double worse = price * (1 + market::sign(side) * share.to_double()) / instrument.tick();
    // a price on its tick stays there whatever the last bit of the division is
    const double whole = side == Side::buy ? std::ceil(worse - 1e-9) : std::floor(worse + 1e-9);
    return Ticks{std::max<std::int64_t>(1, static_cast<std::int64_t>(whole))};
}

bool is_immediate(const trading::OrderRequest& request) {
    return request.kind != OrderKind::limit || request.time_in_force == TimeInForce::immediate_or_cancel ||
           request.time_in_force == TimeInForce::fill_or_kill;
}

}  // namespace

void Venue::on_print(Listing& listing, const market::Trade& trade, Timestamp at) {
    hits_.clear();
    collect_hits(listing, Side::buy, trade, at);
    collect_hits(listing, Side::sell, trade, at);
    for (const Hit& hit : hits_)  // a fill may end other orders
        if (const auto found = orders_.find(hit.id); found != orders_.end())
            fill(listing, found->second, {*found->second.request.price, hit.quantity}, true);
    trigger_stops(listing, trading::TriggerBy::last, listing.instrument().price(trade.price), at);
}

/// The orders of one side that a print reaches: those at a better price were met before it, those at its price have
/// their turn when what is ahead of them is through. What one of ours took, the next does not get.
void Venue::collect_hits(Listing& listing, Side side, const market::Trade& trade, Timestamp at) {
    Lots left = trade.quantity;
    for (OpenOrder* order : listing.resting(side)) {
        const Ticks price = *order->request.price;
        if (!is_as_good(side, price, trade.price)) break;
        if (!order->queue.is_after_joining(at)) continue;
        Lots reached = order->remaining();
        if (price == trade.price) {
            if (trade.aggressor == side) continue;
            reached = std::min(reached, order->queue.on_print(left, at));
        }
        if (reached == Lots{}) continue;
        hits_.push_back({order->request.id, reached});
        left = std::max(Lots{}, left - reached);
    }
}

void Venue::on_ticker(Listing& listing, const market::Ticker& ticker, Timestamp at) {
    if (ticker.last_price) trigger_stops(listing, trading::TriggerBy::last, *ticker.last_price, at);
    if (ticker.mark_price) trigger_stops(listing, trading::TriggerBy::mark, *ticker.mark_price, at);
}

void Venue::trigger_stops(Listing& listing, trading::TriggerBy by, double price, Timestamp at) {
    for (std::size_t i = 0; i < listing.stops.size();) {
        OpenOrder& order = *listing.stops[i];
        const double trigger = listing.instrument().price(*order.request.trigger);
        if (order.request.trigger_by != by || !is_reached(order.request.side, trigger, price)) {
            ++i;
            continue;
        }
        listing.unfile(order);
        order.phase = Phase::taking;
        order.fresh_from = at;
        order.patient_until = clock_ + params_.book_patience;
        listing.file(order);
        schedule(order.patient_until);
    }
}

void Venue::on_book(Listing& listing, const market::BookUpdate& update, Timestamp at) {
    if (!listing.market->book().is_valid()) return;
    listing.taken.refresh(listing.market->book());
    run_takers(listing, at);
    for (const Side side : {Side::buy, Side::sell}) {
        if (listing.resting(side).empty()) continue;
        meet_crossing_book(listing, side);
        follow_queues(listing, side, side == Side::buy ? update.bids : update.asks, at);
    }
}

/// Orders of others that are displayed at our price or beyond met ours on their way.
void Venue::meet_crossing_book(Listing& listing, Side side) {
    const auto& book = listing.market->book();
    const auto opposite = book.best(market::opposite(side));
    if (!opposite) return;
    names_.clear();
    for (const OpenOrder* order : listing.resting(side)) {
        if (!is_as_good(side, *order->request.price, opposite->price)) break;
        names_.push_back(order->request.id);
    }
    for (const trading::ClientOrderId id : names_) {
        const auto found = orders_.find(id);
        if (found == orders_.end()) continue;
        const Ticks price = *found->second.request.price;
        listing.taken.walk(book, side, found->second.remaining(), price, takes_);
        Lots met;
        for (const Take& take : takes_) {
            listing.taken.take(market::opposite(side), take);
            met += take.quantity;
        }
        if (met > Lots{}) fill(listing, found->second, {price, met}, true);
    }
}

void Venue::follow_queues(Listing& listing, Side side, std::span<const market::Level> levels, Timestamp at) {
    const auto& orders = listing.resting(side);
    for (const market::Level& level : levels) {
        const auto is_before = [side](const OpenOrder* order, Ticks price) {
            return *order->request.price != price && is_as_good(side, *order->request.price, price);
        };
        auto order = std::lower_bound(orders.begin(), orders.end(), level.price, is_before);
        if (order == orders.end() || *(*order)->request.price != level.price) continue;
        const auto displayed = listing.displayed_at(side, level.price);
        if (!displayed) continue;  // the window of displayed levels has left this price: nothing is said of it
        for (; order != orders.end() && *(*order)->request.price == level.price; ++order)
            (*order)->queue.on_level(*displayed, at);
    }
}

void Venue::run_takers(Listing& listing, Timestamp book_time) {
    if (params_.fill_by != FillBy::book || !listing.market->book().is_valid()) return;
    for (std::size_t i = 0; i < listing.takers.size();) {
        OpenOrder& order = *listing.takers[i];
        if (order.fresh_from > book_time && order.patient_until > clock_) {
            ++i;
            continue;
        }
        meet_book(listing, order);  // with a valid book it leaves the list, and may take others with it
        i = 0;
    }
}

std::optional<Ticks> Venue::limit_of(const Listing& listing, const trading::OrderRequest& request) const {
    if (request.kind == OrderKind::limit) return request.price;
    const auto best = listing.market->book().best(market::opposite(request.side));
    if (!best) return std::nullopt;
    return slipped(listing.instrument(), request.side, listing.instrument().price(best->price),
                   params_.market_order_band);
}

/// An order that arrived, or was triggered, meets the displayed book. Where none is valid it waits for the next.
void Venue::meet_book(Listing& listing, OpenOrder& order) {
    const auto& book = listing.market->book();
    if (!book.is_valid()) return;
    const trading::OrderRequest& request = order.request;
    Lots wanted = order.remaining();
    if (request.is_reduce_only) {
        const bool reduces = !listing.position.is_flat() && listing.position.side() != request.side;
        if (!reduces) return cancel_order(order, kReduceOnly);
        wanted = std::min(wanted, listing.position.size());
    }
    listing.taken.walk(book, request.side, wanted, limit_of(listing, request), takes_);
    take_or_rest(listing, order, takes_, wanted);
}

void Venue::take_or_rest(Listing& listing, OpenOrder& order, std::span<const Take> takes, Lots wanted) {
    const trading::OrderRequest& request = order.request;
    const auto opposite = listing.market->book().best(market::opposite(request.side));
    if (request.time_in_force == TimeInForce::post_only) {
        if (opposite && is_as_good(request.side, *request.price, opposite->price))
            return cancel_order(order, kWouldTake);
        return rest(listing, order);
    }
    Lots reached;
    for (const Take& take : takes) reached += take.quantity;
    if (request.time_in_force == TimeInForce::fill_or_kill && reached < wanted)
        return cancel_order(order, kNothingMore);
    if (request.kind != OrderKind::limit && !takes.empty()) {
        if (const auto refusal = refusal_of_opening(listing, request, takes.back().price))
            return cancel_order(order, words_of(*refusal, listing.instrument().venue));
    }
    for (const Take& take : takes) {
        listing.taken.take(market::opposite(request.side), take);
        if (!fill(listing, order, take, false)) return;
    }
    if (is_immediate(request)) return cancel_order(order, kNothingMore);
    rest(listing, order);
}

void Venue::rest(Listing& listing, OpenOrder& order) {
    listing.unfile(order);
    order.phase = Phase::resting;
    order.queue = QueuePosition(listing.displayed_at(order.request.side, *order.request.price), listing.book_time());
    listing.file(order);
}

bool Venue::fill(Listing& listing, OpenOrder& order, Take take, bool is_maker) {
    const trading::ClientOrderId id = order.request.id;
    const auto& instrument = listing.instrument();
    trading::Fill fill{.execution = trading::ExecutionId{counts_.executions + 1},
                       .order = id,
                       .instrument = instrument.id,
                       .side = order.request.side,
                       .price = take.price,
                       .quantity = std::min(take.quantity, order.remaining()),
                       .is_maker = is_maker};
    if (order.request.is_reduce_only) {
        const bool reduces = !listing.position.is_flat() && listing.position.side() != fill.side;
        if (!reduces) {
            cancel_order(order, kReduceOnly);
            return false;
        }
        fill.quantity = std::min(fill.quantity, listing.position.size());
    }
    const auto value = trading::notional_of(instrument, fill.price, fill.quantity);
    fill.fee = value ? fee_of(params_.fees, *value, is_maker) : trading::Money{};
    if (!value || !book_execution(listing, fill)) {
        cancel_order(order, words_of(Refusal::value_too_large, instrument.venue));
        return false;
    }
    order.filled += fill.quantity;
    order.fills.push_back({.at = clock_, .body = fill});
    tell(fill, Outbox::Way::stream, order.visible_from);
    if (order.remaining() == Lots{}) close(order, trading::OrderState::filled);
    cancel_what_reduces_nothing(listing);
    return orders_.contains(id);
}

void Venue::cancel_what_reduces_nothing(Listing& listing) {
    const auto& position = listing.position;
    for (auto* list : {&listing.takers, &listing.stops, &listing.bids, &listing.asks}) {
        for (std::size_t i = list->size(); i > 0; --i) {
            OpenOrder& order = *(*list)[i - 1];
            const bool is_useless = position.is_flat() || position.side() == order.request.side;
            if (order.request.is_reduce_only && is_useless) cancel_order(order, kReduceOnly);
        }
    }
}

// Out of bars. An order counts from the first bar on that opened when it had been sent, and a price counts as reached
// by a limit order only when the bar went beyond it.

void Venue::on_bar(Listing& listing, const market::Candle& bar) {
    if (!bar.is_closed || bar.interval != params_.bars.interval) return;
    fill_takers_at_open(listing, bar);
    fill_stops_in_bar(listing, bar);  // before what would have gained in the same bar
    fill_limits_in_bar(listing, bar);
    listing.last = bar.close;
    if (listing.position.is_flat() || listing.mark) return;
    liquidate_if_due(listing, listing.position.side() == Side::buy ? bar.low : bar.high);
}

void Venue::name_those_in_bar(const std::vector<OpenOrder*>& orders, const market::Candle& bar) {
    names_.clear();
    for (const OpenOrder* order : orders)
        if (order->sent_at <= bar.open_time) names_.push_back(order->request.id);
}

void Venue::fill_takers_at_open(Listing& listing, const market::Candle& bar) {
    const Ticks open = nearest_ticks(listing.instrument(), bar.open);
    name_those_in_bar(listing.takers, bar);
    for (const trading::ClientOrderId id : names_) {
        const auto found = orders_.find(id);
        if (found == orders_.end()) continue;
        OpenOrder& order = found->second;
        const auto& request = order.request;
        const bool is_limit = request.kind == OrderKind::limit;
        const bool is_met = !is_limit || is_as_good(request.side, *request.price, open);
        if (is_met && request.time_in_force == TimeInForce::post_only) {
            cancel_order(order, kWouldTake);
        } else if (!is_met && is_immediate(request)) {
            cancel_order(order, kNothingMore);
        } else if (!is_met) {
            rest(listing, order);
        } else {
            fill_beyond(listing, order, bar.open);
        }
    }
}

void Venue::fill_stops_in_bar(Listing& listing, const market::Candle& bar) {
    name_those_in_bar(listing.stops, bar);
    for (const trading::ClientOrderId id : names_) {
        const auto found = orders_.find(id);
        if (found == orders_.end()) continue;
        OpenOrder& order = found->second;
        const bool sells = order.request.side == Side::sell;
        const double trigger = listing.instrument().price(*order.request.trigger);
        if (!is_reached(order.request.side, trigger, sells ? bar.low : bar.high)) continue;
        listing.unfile(order);
        order.phase = Phase::taking;
        listing.file(order);
        fill_beyond(listing, order, sells ? std::min(bar.open, trigger) : std::max(bar.open, trigger));
    }
}

void Venue::fill_limits_in_bar(Listing& listing, const market::Candle& bar) {
    for (const Side side : {Side::buy, Side::sell}) {
        const Ticks reached = nearest_ticks(listing.instrument(), side == Side::buy ? bar.low : bar.high);
        name_those_in_bar(listing.resting(side), bar);
        for (const trading::ClientOrderId id : names_) {
            const auto found = orders_.find(id);
            if (found == orders_.end()) continue;
            OpenOrder& order = found->second;
            const Ticks price = *order.request.price;
            if (price == reached || !is_as_good(side, price, reached)) continue;
            fill(listing, order, {price, order.remaining()}, true);
        }
    }
}

/// All of a taking order at a price that slips against it, a limit order's not beyond its own.
void Venue::fill_beyond(Listing& listing, OpenOrder& order, double from) {
    const auto& request = order.request;
    Ticks price = slipped(listing.instrument(), request.side, from, params_.bars.slippage);
    if (request.kind == OrderKind::limit) {
        price = request.side == Side::buy ? std::min(price, *request.price) : std::max(price, *request.price);
    } else if (const auto refusal = refusal_of_opening(listing, request, price)) {
        return cancel_order(order, words_of(*refusal, listing.instrument().venue));
    }
    fill(listing, order, {price, order.remaining()}, false);
}

}  // namespace vt::paper
