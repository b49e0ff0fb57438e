#include "paper/venue.hpp"

#include "base/assert.hpp"
#include "base/prng.hpp"

#include <algorithm>
#include <utility>

namespace vt::paper {
namespace {

using trading::ClientOrderId;
using trading::OrderKind;
using trading::OrderRequest;
using trading::Report;

constexpr std::size_t kOpenOrdersMax = 4'096;  // of all instruments: what can be written down

/// Of a request that names one; absent for what is asked of an instrument or of the whole account.
std::optional<ClientOrderId> id_of(const trading::Request& request) {
    struct {
        std::optional<ClientOrderId> operator()(const trading::Place& place) const { return place.order.id; }
        std::optional<ClientOrderId> operator()(const trading::Amend& amend) const { return amend.order.id; }
        std::optional<ClientOrderId> operator()(const trading::Cancel& cancel) const { return cancel.id; }
        std::optional<ClientOrderId> operator()(const trading::FindOrder& find) const { return find.id; }
        std::optional<ClientOrderId> operator()(const trading::FindAccount&) const { return std::nullopt; }
        std::optional<ClientOrderId> operator()(const trading::SetLeverage&) const { return std::nullopt; }
    } visitor;
    return std::visit(visitor, request);
}

/// in: a request that is no question of the whole account
trading::ReportBody unanswered(const trading::Request& request) {
    if (const auto* setting = std::get_if<trading::SetLeverage>(&request))
        return trading::LeverageUnanswered{setting->instrument, setting->leverage};
    return trading::Unanswered{*id_of(request)};
}

bool is_question(const trading::Request& request) {
    return std::holds_alternative<trading::FindOrder>(request) ||
           std::holds_alternative<trading::FindAccount>(request);
}

trading::OrderFound found_of(const OpenOrder& order, trading::OrderState state) {
    return {.order = order.request, .state = state, .filled = order.filled, .revision = order.revision};
}

}  // namespace

Venue::Venue(Params params) : params_(std::move(params)), wallet_(params_.deposit) {
    VT_ASSERT(check(params_).has_value());
    seed_ = Prng(params_.seed, "paper").next();  // so that neighbouring seeds have nothing in common
}

void Venue::follow(const market::InstrumentState& market) {
    const std::size_t index = market.instrument().id.value();
    if (index >= listings_.size()) listings_.resize(index + 1);
    Listing& listing = listings_[index];
    VT_ASSERT(listing.market == nullptr);
    listing.market = &market;
    listing.leverage = default_leverage(market.instrument());
    note(listing, market.ticker());
    if (!market.trades().empty()) listing.last = market.last_price();
}

int Venue::default_leverage(const market::Instrument& instrument) const {
    const auto& most = instrument.limits.leverage_max;
    if (!most) return params_.margin.leverage;
    return std::clamp(params_.margin.leverage, 1, std::max(1, static_cast<int>(most->to_double())));
}

void Venue::submit(const trading::Request& request, Timestamp now) {
    advance(now);
    const std::uint64_t number = ++counts_.requests;
    UnderWay under_way{.request = request,
                       .sent_at = now,
                       .arrives_at = now + round_trip(params_.latency, seed_, number),
                       .fate = {}};
    if (!is_question(request)) under_way.fate = request_fate(params_.faults, seed_, number);
    if (under_way.fate.is_lost) {
        ++counts_.lost_requests;
        tell(unanswered(request), Outbox::Way::answer, now + params_.faults.time_out);
        return;
    }
    if (under_way_.size() >= params_.counts.under_way) {
        refuse(request, Refusal::too_many_requests, under_way);
        return;
    }
    // one connection: requests arrive in the order in which they were sent
    under_way.arrives_at = last_arrival_ = std::max(last_arrival_, under_way.arrives_at);
    under_way_.push_back(std::move(under_way));
}

void Venue::advance(Timestamp now) {
    for (;;) {
        const Timestamp arrival = under_way_.empty() ? Timestamp::max() : under_way_.front().arrives_at;
        const Timestamp next = std::min(arrival, next_check_);
        if (next > now) break;
        clock_ = std::max(clock_, next);
        if (arrival <= next_check_) {
            const UnderWay arrived = std::move(under_way_.front());
            under_way_.pop_front();
            arrive(arrived);
        } else {
            check_timers();
        }
    }
    clock_ = std::max(clock_, now);
}

void Venue::check_timers() {
    next_check_ = Timestamp::max();
    for (Listing& listing : listings_) {
        if (listing.market == nullptr) continue;
        settle_due(listing);
        if (listing.next_funding_at) schedule(*listing.next_funding_at);
        if (listing.is_idle()) continue;
        run_takers(listing, Timestamp::min());
        deliver_if_due(listing);
        for (const OpenOrder* order : listing.takers)
            if (order->patient_until > clock_) schedule(order->patient_until);
        if (const auto delivery = listing.instrument().delivers_at; delivery && *delivery > clock_)
            schedule(*delivery);
    }
}

void Venue::on_market(const market::Event& event) {
    advance(event.receive_time);
    Listing* const listing = listing_of(event.instrument);
    if (listing == nullptr) return;
    const auto* const ticker = std::get_if<market::Ticker>(&event.body);
    const auto* const trade = std::get_if<market::Trade>(&event.body);
    if (trade != nullptr && trade->is_block) return;  // agreed elsewhere at another price
    if (ticker != nullptr) note(*listing, *ticker);
    if (trade != nullptr) listing->last = listing->instrument().price(trade->price);
    if (listing->is_idle()) return;
    if (const auto* bar = std::get_if<market::Candle>(&event.body); bar != nullptr && params_.fill_by == FillBy::bars)
        on_bar(*listing, *bar);
    if (params_.fill_by == FillBy::book) {
        if (trade != nullptr) on_print(*listing, *trade, event.exchange_time);
        if (ticker != nullptr) on_ticker(*listing, *ticker, event.exchange_time);
        if (const auto* update = std::get_if<market::BookUpdate>(&event.body))
            on_book(*listing, *update, event.exchange_time);
    }
    if (const auto* settlement = std::get_if<market::FundingSettlement>(&event.body))
        settle(*listing, floor_to(event.exchange_time + std::chrono::seconds{30}, std::chrono::minutes{1}),
               settlement->rate);
    const auto price = listing->mark ? listing->mark : listing->last;
    if (price && (trade != nullptr || ticker != nullptr)) liquidate_if_due(*listing, *price);
    deliver_if_due(*listing);
}

void Venue::arrive(const UnderWay& under_way) {
    if (const auto* find = std::get_if<trading::FindOrder>(&under_way.request)) return find_order(*find);
    if (std::holds_alternative<trading::FindAccount>(under_way.request)) return find_account();
    if (under_way.fate.is_refused) return refuse(under_way.request, Refusal::no_cause, under_way);
    if (!is_within_rate(under_way.request.index()))
        return refuse(under_way.request, Refusal::too_many_requests, under_way);
    if (const auto* placing = std::get_if<trading::Place>(&under_way.request)) place(*placing, under_way);
    if (const auto* amending = std::get_if<trading::Amend>(&under_way.request)) amend(*amending, under_way);
    if (const auto* cancelling = std::get_if<trading::Cancel>(&under_way.request)) cancel(*cancelling, under_way);
    if (const auto* setting = std::get_if<trading::SetLeverage>(&under_way.request))
        set_leverage(*setting, under_way);
}

void Venue::place(const trading::Place& placing, const UnderWay& under_way) {
    const OrderRequest& request = placing.order;
    Listing* const listing = listing_of(request.instrument);
    if (listing == nullptr) return refuse(under_way.request, Refusal::unknown_market, under_way);
    if (const auto refusal = refusal_of_placing(request, *listing))
        return refuse(under_way.request, *refusal, under_way);
    OpenOrder& order = orders_[request.id];
    order.request = request;
    order.sent_at = under_way.sent_at;
    order.visible_from = under_way.fate.is_hidden ? clock_ + params_.faults.hidden : clock_;
    order.arrival = ++arrivals_;
    order.phase = request.kind == OrderKind::stop_market ? Phase::waiting : Phase::taking;
    listing->file(order);
    if (const auto delivery = listing->instrument().delivers_at) schedule(*delivery);
    answer(trading::Accepted{request.id}, under_way);
    if (order.phase == Phase::taking && params_.fill_by == FillBy::book) meet_book(*listing, order);
}

std::optional<Refusal> Venue::refusal_of_placing(const OrderRequest& order, const Listing& listing) {
    if (orders_.contains(order.id) || history_.was_used(order.id)) return Refusal::duplicate;
    const auto& instrument = listing.instrument();
    if (const auto refusal = refusal_of(order, {instrument, listing.position, listing.last, listing.mark}))
        return refusal;
    if (orders_.size() >= kOpenOrdersMax) return Refusal::too_many_orders;
    if (order.kind == OrderKind::stop_market) {
        if (listing.stops.size() >= params_.counts.stops) return Refusal::too_many_stops;
        return std::nullopt;  // binds no margin before it is triggered
    }
    if (order.kind == OrderKind::limit &&
        listing.bids.size() + listing.asks.size() + listing.takers.size() >= params_.counts.active)
        return Refusal::too_many_orders;
    const auto& book = listing.market->book();
    if (instrument.venue == market::Venue::binance && order.time_in_force == trading::TimeInForce::post_only) {
        const auto opposite = book.best(market::opposite(order.side));
        if (opposite && is_as_good(order.side, *order.price, opposite->price)) return Refusal::would_take;
    }
    std::optional<Ticks> price = order.price;
    if (order.kind == OrderKind::market) {  // at the worst level that it would meet; judged later where none is seen
        listing.taken.walk(book, order.side, order.quantity, limit_of(listing, order), takes_);
        price = takes_.empty() ? std::nullopt : std::optional(takes_.back().price);
    }
    return price ? refusal_of_opening(listing, order, *price) : std::nullopt;
}

void Venue::amend(const trading::Amend& amending, const UnderWay& under_way) {
    const auto found = orders_.find(amending.order.id);
    if (found == orders_.end()) return refuse(under_way.request, Refusal::not_found, under_way);
    OpenOrder& order = found->second;
    Listing& listing = *listing_of(order.request.instrument);
    if (amending.revision <= order.revision)
        return answer(trading::Amended{order.request, order.revision}, under_way);
    OrderRequest now = order.request;
    now.quantity = amending.order.quantity;
    now.price = amending.order.price;
    now.trigger = amending.order.trigger;
    const bool was_triggered = now.kind == OrderKind::stop_market && order.phase != Phase::waiting;
    auto refusal = refusal_of(now, {listing.instrument(), listing.position, listing.last, listing.mark});
    if (was_triggered) refusal = Refusal::not_found;
    if (!refusal && now.quantity <= order.filled) refusal = Refusal::quantity_below_least;
    listing.unfile(order);
    if (!refusal && now.kind == OrderKind::limit) {
        OrderRequest rest = now;
        rest.quantity -= order.filled;
        refusal = refusal_of_opening(listing, rest, *now.price);
    }
    if (refusal) {
        listing.file(order);
        return refuse(under_way.request, *refusal, under_way);
    }
    // as at the venues: less at the same price keeps the place in the queue, everything else loses it
    const bool keeps_place = now.price == order.request.price && now.quantity <= order.request.quantity;
    order.request = now;
    order.revision = amending.revision;
    if (order.phase == Phase::resting && !keeps_place) {
        order.phase = Phase::taking;
        order.arrival = ++arrivals_;
        order.sent_at = under_way.sent_at;
    }
    listing.file(order);
    answer(trading::Amended{now, order.revision}, under_way);
    if (order.phase == Phase::taking && params_.fill_by == FillBy::book) meet_book(listing, order);
}

void Venue::cancel(const trading::Cancel& cancelling, const UnderWay& under_way) {
    const auto found = orders_.find(cancelling.id);
    if (found == orders_.end()) return refuse(under_way.request, Refusal::not_found, under_way);
    OpenOrder& order = found->second;
    answer(trading::Cancelled{order.request.id, "requested"}, under_way);
    close(order, trading::OrderState::cancelled);
}

void Venue::set_leverage(const trading::SetLeverage& setting, const UnderWay& under_way) {
    Listing* const listing = listing_of(setting.instrument);
    if (listing == nullptr) return refuse(under_way.request, Refusal::unknown_market, under_way);
    if (const auto refusal = refusal_of_leverage(*listing, setting.leverage))
        return refuse(under_way.request, *refusal, under_way);
    listing->leverage = static_cast<int>(setting.leverage);
    answer(trading::LeverageSet{setting.instrument, setting.leverage}, under_way);
}

void Venue::find_order(const trading::FindOrder& find) {
    const auto report_again = [&](const std::vector<Report>& fills) {
        for (const Report& fill : fills) outbox_.push(fill, Outbox::Way::answer, clock_ + params_.latency.report);
    };
    if (const auto open = orders_.find(find.id); open != orders_.end() && open->second.visible_from <= clock_) {
        report_again(open->second.fills);
        tell(found_of(open->second, open->second.state()), Outbox::Way::answer);
    } else if (const auto* closed = history_.find(find.id); closed != nullptr && closed->visible_from <= clock_) {
        report_again(closed->fills);
        tell(closed->found, Outbox::Way::answer);
    } else {
        tell(trading::OrderAbsent{find.id}, Outbox::Way::answer);
    }
}

void Venue::find_account() {
    trading::AccountFound account{.wallet = wallet_};
    const Timestamp due = clock_ + params_.latency.report;
    for (const Report& report : account_reports_) outbox_.push(report, Outbox::Way::answer, due);
    for (const auto& [id, order] : orders_) {
        if (order.visible_from > clock_) continue;
        for (const Report& fill : order.fills) outbox_.push(fill, Outbox::Way::answer, due);
        account.open_orders.push_back(found_of(order, order.state()));
    }
    for (const Listing& listing : listings_) {
        if (listing.market == nullptr || listing.position.is_flat()) continue;
        const auto& instrument = listing.instrument();
        account.positions.push_back(
            {.instrument = instrument.id,
             .net = listing.position.net(),
             .average_price = listing.position.average_price(instrument),
             .liquidation_price = liquidation_price(instrument, listing.position, margin_of(listing), params_.margin),
             .leverage = static_cast<std::uint32_t>(listing.leverage)});
    }
    tell(std::move(account), Outbox::Way::answer);
}

bool Venue::is_within_rate(std::size_t kind) {
    auto& recent = recent_requests_[kind];
    while (!recent.empty() && clock_ - recent.front() >= std::chrono::seconds{1}) recent.pop_front();
    if (recent.size() >= params_.counts.requests_per_s) return false;
    recent.push_back(clock_);
    return true;
}

Listing* Venue::listing_of(market::InstrumentId instrument) {
    const std::size_t index = instrument.value();
    if (index >= listings_.size() || listings_[index].market == nullptr) return nullptr;
    return &listings_[index];
}

void Venue::answer(trading::ReportBody body, const UnderWay& under_way) {
    if (under_way.fate.is_silent) {
        tell(unanswered(under_way.request), Outbox::Way::answer, under_way.sent_at + params_.faults.time_out);
        return;
    }
    Timestamp not_before = under_way.fate.is_acknowledged_late ? clock_ + params_.faults.late : clock_;
    const auto id = id_of(under_way.request);
    if (const auto open = id ? orders_.find(*id) : orders_.end(); open != orders_.end())
        not_before = std::max(not_before, open->second.visible_from);
    tell(std::move(body), Outbox::Way::answer, not_before);
}

void Venue::refuse(const trading::Request& request, Refusal refusal, const UnderWay& under_way) {
    ++counts_.refused;
    const trading::RefusalCode code = code_of(refusal);
    const auto instrument = std::visit(
        [](const auto& body) {
            if constexpr (requires { body.order; })
                return body.order.instrument;
            else if constexpr (requires { body.instrument; })
                return body.instrument;
            else
                return market::InstrumentId{};
        },
        request);
    const Listing* const listing = listing_of(instrument);
    const auto venue = listing == nullptr ? market::Venue::bybit : listing->instrument().venue;
    std::string text(words_of(refusal, venue));
    const ClientOrderId id = id_of(request).value_or(ClientOrderId{});
    if (const auto* setting = std::get_if<trading::SetLeverage>(&request)) {
        answer(trading::LeverageRefused{setting->instrument, setting->leverage, code, std::move(text)}, under_way);
    } else if (const auto* amending = std::get_if<trading::Amend>(&request)) {
        answer(trading::AmendRefused{id, amending->revision, code, std::move(text)}, under_way);
    } else if (std::holds_alternative<trading::Cancel>(request)) {
        answer(trading::CancelRefused{id, code, std::move(text)}, under_way);
    } else {
        answer(trading::Refused{id, code, std::move(text)}, under_way);
    }
}

void Venue::tell(trading::ReportBody body, Outbox::Way way, Timestamp not_before) {
    const ReportFate fate = report_fate(params_.faults, seed_, ++reports_);
    Timestamp due = std::max(clock_, not_before) + params_.latency.report;
    if (fate.is_late) due += params_.faults.late;
    Report report{.at = clock_, .body = std::move(body)};
    if (fate.is_twice) outbox_.push(report, way, due + params_.faults.late);
    outbox_.push(std::move(report), way, due);
}

void Venue::close(OpenOrder& order, trading::OrderState state) {
    listing_of(order.request.instrument)->unfile(order);
    const ClientOrderId id = order.request.id;
    history_.add(
        {.found = found_of(order, state), .fills = std::move(order.fills), .visible_from = order.visible_from});
    orders_.erase(id);
}

void Venue::cancel_order(OpenOrder& order, std::string_view reason) {
    tell(trading::Cancelled{order.request.id, std::string(reason)}, Outbox::Way::stream, order.visible_from);
    close(order, trading::OrderState::cancelled);
}

void Venue::cancel_all(Listing& listing, std::string_view reason) {
    for (auto* list : {&listing.takers, &listing.stops, &listing.bids, &listing.asks})
        while (!list->empty()) cancel_order(*list->back(), reason);
}

}  // namespace vt::paper
