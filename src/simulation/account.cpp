#include "simulation/account.hpp"

#include "simulation/idea.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace vt::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kViolationsMax = 20;
constexpr Nanos kUnprotectedMax = 5s;
/// Reports and requests need so long to settle behind a start, a break or a pause.
constexpr Nanos kSettling = 1s;
constexpr double kAnnualVolatility = .6;
constexpr double kTurnover = 5e8;
/// Equity moves between the approval and the look at the venue.
constexpr double kLimitTolerance = 1.05;

paper::Params venue_params(const Params& params) {
    paper::Params venue = params.venue;
    venue.seed = params.seed;
    venue.faults = params.faults;
    return venue;
}

}  // namespace

Account::Account(const Params& params, const std::vector<std::unique_ptr<market::InstrumentState>>& markets)
    : params_(params), markets_(markets), draws_(params.seed, "simulation"), venue_(venue_params(params)) {
    for (const auto& market : markets_) venue_.follow(*market);
}

Timestamp Account::after(Timestamp now, Nanos mean) {
    if (mean <= Nanos{0}) return Timestamp::max();
    return now + Nanos{static_cast<std::int64_t>(draws_.exponential() * static_cast<double>(mean.count()))};
}

void Account::violated(Timestamp now, std::string what) {
    if (outcome_.violations.size() < kViolationsMax) outcome_.violations.push_back({now, std::move(what)});
}

void Account::start(Timestamp now) {
    if (kept_.boots == 0) {
        crash_at_ = after(now, params_.crash_every);
        disconnect_at_ = after(now, params_.disconnect_every);
        pause_at_ = after(now, params_.pause_every);
        kill_at_ = after(now, params_.kill_every);
        meddle_at_ = after(now, params_.meddle_every);
    }
    const execution::TradeId last_trade = kept_.trades.empty() ? 0 : kept_.trades.rbegin()->first;
    desk_ = std::make_unique<desk::Desk>(
        params_.desk, execution::Numbering{.boot = ++kept_.boots, .last_trade = last_trade}, "USDT");
    for (const auto& market : markets_) desk_->on_instrument(market->instrument(), now);
    if (!kept_.limits.empty()) desk_->restore_limits(kept_.limits, now);
    for (const auto& [id, trade] : kept_.trades) {
        if (trade.ended_at) continue;
        std::vector<trading::Order::Facts> orders;
        for (const auto& [order, kept] : kept_.orders)
            if (kept.first == id) orders.push_back(kept.second);
        desk_->resume(trade, std::move(orders), now);
    }
    connected_at_ = now;
    desk_->begin(now);
    carry_out(now);
}

void Account::crash(Timestamp now) {
    ++outcome_.crashes;
    desk_.reset();
    waiting_ = {};
    steps_to_crash_.reset();
    unprotected_since_.clear();
    down_until_ = now + Nanos{static_cast<std::int64_t>(draws_.uniform() * 3e9)};
    crash_at_ = after(now, params_.crash_every);
    if (release_at_) release_at_ = std::max(*release_at_, down_until_ + kSettling);
}

void Account::keep(const desk::Output& output) {
    if (const auto* trade = std::get_if<execution::RecordTrade>(&output))
        waiting_.trades.insert_or_assign(trade->trade.id, trade->trade);
    if (const auto* order = std::get_if<execution::RecordOrder>(&output))
        waiting_.orders.insert_or_assign(order->order.request.id, std::pair(order->trade, order->order));
}

void Account::flush() {
    for (auto& [id, trade] : waiting_.trades) kept_.trades.insert_or_assign(id, std::move(trade));
    for (auto& [id, order] : waiting_.orders) kept_.orders.insert_or_assign(id, std::move(order));
    waiting_ = {};
    kept_.limits = desk_->encode_limits();
    // who presses the switch is told so once it is on the disk
    if (desk_->limits().state().mode() == risk::Mode::halted) is_killed_ = true;
}

void Account::carry_out(Timestamp now) {
    const auto dies_here = [&] {
        if (!steps_to_crash_) return false;
        if (*steps_to_crash_ > 0) {
            --*steps_to_crash_;
            return false;
        }
        crash(now);
        return true;
    };
    const std::vector<desk::Output> outputs = desk_->take_outputs();
    if (outputs.empty()) return;
    if (!steps_to_crash_ && now >= crash_at_) steps_to_crash_ = static_cast<std::uint32_t>(draws_.below(8));
    for (const desk::Output& output : outputs) {
        if (dies_here()) return;
        note(output, now);
        keep(output);
        if (std::holds_alternative<risk::ModeChange>(output)) flush();
        const auto* request = std::get_if<trading::Request>(&output);
        if (request == nullptr) continue;
        flush();
        if (dies_here()) return;
        send(*request, now);
    }
    if (dies_here()) return;
    flush();
}

void Account::note(const desk::Output& output, Timestamp now) {
    if (std::holds_alternative<execution::Warning>(output)) ++outcome_.warnings;
    if (const auto* judgement = std::get_if<desk::Judgement>(&output)) {
        if (judgement->trade) approved_leverages_.insert_or_assign(*judgement->trade, judgement->approval->leverage);
        ++(judgement->trade ? outcome_.trades : outcome_.denied);
        const auto denial = std::ranges::find_if(judgement->checks, &risk::Check::denies);
        if (!judgement->obstacle.empty())
            ++outcome_.denials[std::string(judgement->obstacle)];
        else if (denial != judgement->checks.end())
            ++outcome_.denials[std::string(name(denial->code))];
    }
    scratch_.clear();
    scratch_.begin_array().value(to_ns(now)).value(static_cast<std::uint64_t>(output.index()));
    if (const auto* trade = std::get_if<execution::RecordTrade>(&output)) {
        const auto& position = trade->trade.position;
        scratch_.value(trade->trade.id).value(position.net.value()).value(position.realised.value());
        scratch_.value(position.fees.value()).value(position.funding.value());
    } else if (const auto* order = std::get_if<execution::RecordOrder>(&output)) {
        scratch_.value(to_string(order->order.request.id)).value(order->order.filled.value());
        scratch_.value(name(trading::Order(order->order).state()));
    } else if (const auto* request = std::get_if<trading::Request>(&output)) {
        scratch_.value(static_cast<std::uint64_t>(request->index()));
    }
    scratch_.end_array();
    digest_.update(scratch_.text());
}

void Account::send(const trading::Request& request, Timestamp now) {
    if (const auto* place = std::get_if<trading::Place>(&request)) {
        const trading::OrderRequest& order = place->order;
        if (!placed_.insert(order.id).second) violated(now, "order " + to_string(order.id) + " was sent twice");
        if (!order.is_reduce_only) {
            const std::uint32_t leverage = approved_leverages_.at(kept_.orders.at(order.id).first);
            entry_leverages_.insert_or_assign(order.id, leverage);
            position_leverages_.insert_or_assign(order.instrument, leverage);
            if (is_killed_) violated(now, "order " + to_string(order.id) + " would open after the kill switch");
            const auto worst = desk_->limits().exposure().worst_case().gross;
            const auto equity = venue_.equity();
            const double most = params_.desk.risk.gross_max * kLimitTolerance;
            if (worst && equity && trading::to_double(*worst) > most * trading::to_double(*equity))
                violated(now, "open in all would be " + to_string(*worst) + " of an equity of " + to_string(*equity));
        }
    }
    if (std::holds_alternative<trading::SetLeverage>(request)) ++outcome_.leverages;
    venue_.submit(request, now);
}

void Account::on_market(const market::Event& event, market::InstrumentState& state) {
    const Timestamp now = event.receive_time;
    venue_.advance(now);
    const auto outcome = state.apply(event);
    venue_.on_market(event);
    check_leverages(now);
    if (desk_ == nullptr || now < paused_until_) return;
    if (const auto* ticker = std::get_if<market::Ticker>(&event.body); ticker != nullptr && ticker->mark_price) {
        const auto ticks = std::llround(*ticker->mark_price / state.instrument().tick());
        desk_->on_terms(
            event.instrument,
            {.mark = Ticks{static_cast<std::int64_t>(ticks)}, .beta_bound = 1.5, .cluster = risk::ClusterId{1}});
    }
    const auto* trade = std::get_if<market::Trade>(&event.body);
    if (trade != nullptr && outcome.is_change()) desk_->on_price(event.instrument, trade->price, now);
    for (const trading::Report& report : venue_.take_reports()) {
        desk_->on_report(report, now);
        carry_out(now);
        if (desk_ == nullptr) return;
    }
    carry_out(now);
}

void Account::misbehave(Timestamp now) {
    if (connected_at_ && now >= disconnect_at_) {
        ++outcome_.disconnections;
        venue_.disconnect_stream();
        desk_->disconnected();
        connected_at_.reset();
        disconnect_at_ = now + Nanos{static_cast<std::int64_t>(draws_.uniform() * 20e9)};
    } else if (!connected_at_ && now >= disconnect_at_) {
        venue_.reconnect_stream();
        connected_at_ = now;
        disconnect_at_ = after(now, params_.disconnect_every);
        desk_->begin(now);
    }
    if (now >= pause_at_) {
        ++outcome_.pauses;
        paused_until_ = now + Nanos{static_cast<std::int64_t>(draws_.uniform() * 60e9)};
        pause_at_ = after(paused_until_, params_.pause_every);
    }
    if (now >= kill_at_) {
        ++outcome_.kills;
        desk_->halt(draws_.below(2) == 0, "simulation", "kill switch", now);
        release_at_ = now + 60s;
        kill_at_ = after(*release_at_, params_.kill_every);
    }
    if (now >= meddle_at_) {
        for (const auto& market : markets_) venue_.submit(trading::SetLeverage{market->instrument().id, 1}, now);
        meddle_at_ = after(now, params_.meddle_every);
    }
    if (release_at_ && now >= *release_at_) {
        release_at_.reset();
        // a mode that a restart lost would be a mode that came back by itself
        if (is_killed_ && desk_->limits().state().mode() != risk::Mode::halted)
            violated(now, "the kill switch was forgotten");
        if (desk_->release("simulation", "goes on", now)) is_killed_ = false;
    }
}

void Account::on_time(Timestamp now) {
    venue_.advance(now);
    check_leverages(now);
    if (now < paused_until_) return;
    if (desk_ == nullptr) {
        (void)venue_.take_reports();  // nobody hears them
        if (now < down_until_) return;
        if (!connected_at_) venue_.reconnect_stream();
        start(now);
        if (desk_ == nullptr) return;
    }
    misbehave(now);
    for (const trading::Report& report : venue_.take_reports()) {
        desk_->on_report(report, now);
        carry_out(now);
        if (desk_ == nullptr) return;
    }
    desk_->on_time(now);
    carry_out(now);
    check_protection(now);
}

bool Account::is_protected(market::InstrumentId instrument, Lots net) const {
    const auto side = net > Lots{} ? market::Side::sell : market::Side::buy;
    return std::ranges::any_of(venue_.open_orders(), [&](const auto& each) {
        const trading::OrderRequest& order = each.second.request;
        return order.instrument == instrument && order.side == side && order.is_reduce_only &&
               order.kind != trading::OrderKind::limit;
    });
}

void Account::check_protection(Timestamp now) {
    const bool is_settled =
        desk_ != nullptr && connected_at_ && now - *connected_at_ >= kSettling && now - paused_until_ >= kSettling;
    for (const auto& market : markets_) {
        const auto id = market->instrument().id;
        const auto* const position = venue_.position(id);
        if (position == nullptr || position->is_flat() || !is_settled || is_protected(id, position->net())) {
            unprotected_since_.erase(id);
            continue;
        }
        const Nanos since = now - unprotected_since_.try_emplace(id, now).first->second;
        outcome_.longest_unprotected = std::max(outcome_.longest_unprotected, since);
        if (since <= kUnprotectedMax) continue;
        violated(now, market->instrument().symbol + " has had no stop at the venue for more than 5 s");
        unprotected_since_.insert_or_assign(id, now);
    }
}

void Account::check_leverages(Timestamp now) {
    const auto check = [&](market::InstrumentId instrument, std::uint32_t named, const std::string& what) {
        const auto at_venue = venue_.leverage(instrument);
        if (at_venue == static_cast<int>(named)) return;
        violated(now, what + " is at the venue with a leverage of " + std::to_string(at_venue.value_or(0)) +
                          " instead of " + std::to_string(named));
    };
    for (const auto& [id, order] : venue_.open_orders())
        if (!order.request.is_reduce_only)
            check(order.request.instrument, entry_leverages_.at(id), "entry " + to_string(id));
    for (const auto& [instrument, named] : position_leverages_)
        if (!venue_.position(instrument)->is_flat())
            check(instrument, named, "a position in " + markets_[instrument.value()]->instrument().symbol);
}

void Account::on_idea(Timestamp now) {
    const market::InstrumentState& market = *markets_.at(draws_.below(markets_.size()));
    const auto side = draws_.below(2) == 0 ? market::Side::buy : market::Side::sell;
    const double atr_share = .0005 + .0025 * draws_.uniform();
    const bool is_patient = draws_.below(4) != 0;
    const auto mid = market.mid();
    if (desk_ == nullptr || now < paused_until_ || !mid) return;
    ++outcome_.ideas;
    const market::Instrument& instrument = market.instrument();
    const auto signal = idea_of(market,
                                {.id = "idea" + std::to_string(++signals_),
                                 .side = side,
                                 .atr_share = atr_share,
                                 .patience = is_patient ? Nanos{8min} : Nanos{1min}},
                                now);
    if (!signal) return;
    const auto bid = market.book().best(market::Side::buy);
    const auto ask = market.book().best(market::Side::sell);
    if (!bid || !ask) return;
    const auto& mark = market.ticker().mark_price;
    desk_->on_signal({.signal = *signal},
                     {.instrument = instrument,
                      .terms = {.mark = Ticks{std::llround(mark.value_or(*mid) / instrument.tick())},
                                .beta_bound = 1.5,
                                .cluster = risk::ClusterId{1}},
                      .spread_bps = 1e4 * (instrument.price(ask->price) - instrument.price(bid->price)) / *mid,
                      .book_age = Nanos{0},
                      .mark_age = Nanos{0},
                      .venue_latency = Nanos{200ms},
                      .is_venue_degraded = false,
                      .annual_volatility = kAnnualVolatility,
                      .turnover_24h = kTurnover},
                     now);
    carry_out(now);
}

bool Account::wind_up(Timestamp now) {
    crash_at_ = disconnect_at_ = pause_at_ = kill_at_ = meddle_at_ = Timestamp::max();
    release_at_.reset();
    steps_to_crash_.reset();
    if (!connected_at_ && desk_ != nullptr) {
        venue_.reconnect_stream();
        connected_at_ = now;
        desk_->begin(now);
    }
    if (desk_ == nullptr || now < paused_until_) return false;
    if (!is_killed_) desk_->halt(true, "simulation", "the end", now);
    is_killed_ = true;
    const bool is_open = std::ranges::any_of(desk_->executor().trades(),
                                             [](const auto& each) { return !each.second.ended_at.has_value(); });
    if (is_open && desk_->executor().is_halted()) desk_->halt(true, "simulation", "the end", now);
    carry_out(now);
    return !is_open && desk_->executor().is_reconciled();
}

void Account::settle(Timestamp now) {
    if (desk_ == nullptr) return violated(now, "the program did not start again");
    for (const auto& market : markets_) {
        const auto* const position = venue_.position(market->instrument().id);
        if (position != nullptr && !position->is_flat())
            violated(now, market->instrument().symbol + ": a position was left behind at the venue");
    }
    if (venue_.open_order_count() > 0) violated(now, "orders were left behind at the venue");
    const auto wallet = desk_->executor().wallet();
    if (!wallet || *wallet != venue_.wallet())
        violated(now, "the wallet is " + to_string(venue_.wallet()) + " at the venue, " +
                          (wallet ? to_string(*wallet) : "not known") + " here");
    // every trade of every start, from the disk
    trading::Money brought;
    for (const auto& [id, trade] : kept_.trades) brought += trading::Position(trade.position).wallet_change();
    if (params_.venue.deposit + brought != venue_.wallet())
        violated(now, "the trades brought " + to_string(brought) + ", the venue says " +
                          to_string(venue_.wallet() - params_.venue.deposit));
    for (const auto& [id, trade] : kept_.trades)
        if (trade.closing == execution::TradeEnd::leverage_refused ||
            trade.closing == execution::TradeEnd::leverage_unconfirmed)
            ++outcome_.without_leverage;
    const auto& counts = venue_.counts();
    outcome_.requests = counts.requests;
    outcome_.lost_requests = counts.lost_requests;
    outcome_.executions = counts.executions;
    outcome_.liquidations = counts.liquidations;
    outcome_.net = venue_.wallet() - params_.venue.deposit;
}

}  // namespace vt::simulation
