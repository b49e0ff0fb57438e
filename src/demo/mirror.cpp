#include "demo/mirror.hpp"

#include "base/assert.hpp"
#include "sim/laws.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace vt::demo {

using market::Level;
using market::Side;

namespace {

constexpr std::int64_t kBasisEverySeconds = 10;
constexpr double kLeastMoveBps = .25;

/// An inverse contract's quantity is dollars; its tape counts coins, as fine as the coin is divided.
sim::SymbolParams on_tape(const Mirror::Params& params, std::int64_t basis_ticks) {
    sim::SymbolParams symbol = params.source;
    symbol.price += static_cast<double>(basis_ticks) * params.listed.tick();
    symbol.lot_size = params.listed.category == market::Category::inverse ? Decimal{.mantissa = 1, .scale = 8}
                                                                          : params.listed.lot_size;
    return symbol;
}

std::string stream_name(const Mirror::Params& params) { return params.listed.path_id() + "/basis"; }

}  // namespace

Mirror::Mirror(std::uint64_t seed, const Params& params, sim::FactorHistory& history)
    : params_(params),
      is_inverse_(params.listed.category == market::Category::inverse),
      tick_(params.listed.tick()),
      source_lot_(params.source.lot_size.to_double()),
      lot_(params.listed.lot()),
      basis_draws_(seed, stream_name(params)),
      basis_second_(static_cast<std::int64_t>(basis_draws_.below(kBasisEverySeconds))),
      basis_(basis_draws_.normal()),
      basis_ticks_(std::llround(basis_ * params.terms.basis_sd_bps * 1e-4 * params.source.price / tick_)),
      tape_(seed, on_tape(params, basis_ticks_),
            {.start = params.start, .mean_minute_quote = params.mean_minute_quote * params.terms.size}, history),
      book_(params.window_ticks) {
    // Spot markets number their trades; contracts give them a UUID.
    if (params.listed.category != market::Category::spot && params.listed.venue == market::Venue::bybit)
        trade_id_high_ = basis_draws_.next();
}

Lots Mirror::served(Lots quantity, Ticks price) const {
    if (quantity.value() == 0) return quantity;
    const double base = static_cast<double>(quantity.value()) * source_lot_ * params_.terms.size;
    const double amount = is_inverse_ ? base * static_cast<double>(price.value()) * tick_ : base / lot_;
    return Lots{std::max<std::int64_t>(1, std::llround(amount))};
}

void Mirror::on_trade(const market::Trade& trade, Timestamp at) { due_.push_back({at + params_.terms.lag, trade}); }

void Mirror::on_liquidation(const market::Liquidation& liquidation, Timestamp at) {
    due_.push_back({at + params_.terms.lag, liquidation});
}

Mirror::Batch Mirror::changes_of(const sim::Book& source, Timestamp due) {
    Batch batch{.due = due, .centre = source.centre(), .changes = {}};
    if (!source_window_.refresh(source)) return batch;
    batch.changes.reserve(source_window_.bid_changes().size() + source_window_.ask_changes().size());
    for (const Level& level : source_window_.bid_changes()) batch.changes.push_back({Side::buy, level});
    for (const Level& level : source_window_.ask_changes()) batch.changes.push_back({Side::sell, level});
    return batch;
}

void Mirror::apply(const Batch& batch) {
    const Ticks centre = batch.centre + Ticks{basis_ticks_};
    if (book_.level_count(Side::buy) + book_.level_count(Side::sell) == 0) {
        book_.reset(centre);
    } else if (book_.centre() != centre) {
        book_.recentre(centre);
    }
    for (const Change& change : batch.changes) {
        const Ticks price = change.level.price + Ticks{basis_ticks_};
        if (price.value() <= 0) continue;
        const Lots quantity = served(change.level.quantity, price);
        if (book_.quantity_at(change.side, price) != quantity) book_.set(change.side, price, quantity);
    }
}

void Mirror::refresh(const sim::Book& source) {
    if (followers_ == 0) apply(changes_of(source, {}));
}

void Mirror::follow(const sim::Book& source) {
    refresh(source);
    ++followers_;
}

void Mirror::unfollow() {
    VT_ASSERT(followers_ > 0);
    if (--followers_ > 0) return;
    for (const Batch& batch : batches_) apply(batch);
    batches_.clear();
}

void Mirror::shift_book(std::int64_t ticks) {
    std::vector<Change> levels;
    for (const Side side : {Side::buy, Side::sell}) {
        book_.walk(side, [&](const Level& level) {
            levels.push_back({side, level});
            return true;
        });
    }
    const Ticks moved{ticks};
    book_.reset(book_.centre() + moved);
    for (const Change& change : levels) {
        if ((change.level.price + moved).value() > 0)
            book_.set(change.side, change.level.price + moved, change.level.quantity);
    }
}

void Mirror::move_basis(const sim::Derivatives& contract) {
    const double keeps =
        sim::half_life_weight(static_cast<double>(kBasisEverySeconds), params_.terms.basis_half_life_min * 60);
    basis_ = basis_ * keeps + std::sqrt(1 - keeps * keeps) * basis_draws_.normal();
    const double price = contract.mark_price();
    double wanted = basis_ * params_.terms.basis_sd_bps * 1e-4 * price;
    if (params_.listed.category == market::Category::spot) wanted += contract.index_price() - price;
    const double least = std::max(1.0, kLeastMoveBps * 1e-4 * price / tick_);
    const double target = wanted / tick_;
    if (std::abs(target - static_cast<double>(basis_ticks_)) < least) return;
    const std::int64_t before = basis_ticks_;
    basis_ticks_ = std::llround(target);
    if (followers_ > 0 || book_.level_count(Side::buy) > 0) shift_book(basis_ticks_ - before);
}

void Mirror::tell_trade(market::Trade trade, Timestamp at, const sim::Sink& sink) {
    const Ticks price = trade.price + Ticks{basis_ticks_};
    if (price.value() <= 0) return;
    trade.quantity = served(trade.quantity, price);
    trade.price = price;
    trade.id = {.high = trade_id_high_, .low = ++trades_};
    tape_.advance(at);
    const double base = static_cast<double>(trade.quantity.value()) / (static_cast<double>(price.value()) * tick_);
    tape_.on_trade(price, is_inverse_ ? Lots{std::max<std::int64_t>(1, std::llround(base * 1e8))} : trade.quantity);
    sink({.instrument = params_.listed.id, .exchange_time = at, .receive_time = at, .body = trade});
}

void Mirror::advance(Timestamp at, const sim::Book& source, const sim::Derivatives& contract, const sim::Sink& sink) {
    if (followers_ > 0) {
        Batch batch = changes_of(source, at + params_.terms.lag);
        if (!batch.changes.empty()) batches_.push_back(std::move(batch));
        for (; !batches_.empty() && batches_.front().due <= at; batches_.pop_front()) apply(batches_.front());
    }
    for (; !due_.empty() && due_.front().at <= at; due_.pop_front()) {
        const Due& one = due_.front();
        if (const auto* trade = std::get_if<market::Trade>(&one.body)) {
            tell_trade(*trade, one.at, sink);
        } else if (const auto* closed = std::get_if<market::Liquidation>(&one.body)) {
            market::Liquidation here = *closed;
            here.price += static_cast<double>(basis_ticks_) * tick_;
            here.quantity *= params_.terms.size;
            sink({.instrument = params_.listed.id, .exchange_time = one.at, .receive_time = one.at, .body = here});
        }
    }
    if (to_ns(at) % kSecondNs != 0) return;
    tape_.advance(at);
    if (to_ns(at) / kSecondNs % kBasisEverySeconds == basis_second_) move_basis(contract);
}

}  // namespace vt::demo
