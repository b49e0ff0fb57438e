#include "exchange/binance/depth_book.hpp"

namespace vt::exchange::binance {
namespace {

// Earlier events of this output may hold spans into its levels: when the vector moves, they move with it.
void emit(const Origin& origin, const market::BookUpdate& made, Output& out) {
    const market::Level* const before = out.levels.data();
    const std::size_t first = out.levels.size();
    out.levels.insert(out.levels.end(), made.bids.begin(), made.bids.end());
    out.levels.insert(out.levels.end(), made.asks.begin(), made.asks.end());
    const market::Level* const now = out.levels.data();
    for (std::size_t i = 0; now != before && first > 0 && i < out.events.size(); ++i) {
        auto* const update = std::get_if<market::BookUpdate>(&out.events[i].body);
        if (update == nullptr) continue;
        if (!update->bids.empty()) update->bids = {now + (update->bids.data() - before), update->bids.size()};
        if (!update->asks.empty()) update->asks = {now + (update->asks.data() - before), update->asks.size()};
    }
    const std::span<const market::Level> levels(now + first, made.bids.size() + made.asks.size());
    market::BookUpdate body = made;
    body.bids = levels.first(made.bids.size());
    body.asks = levels.subspan(made.bids.size());
    out.events.push_back({origin.instrument, origin.exchange_time, origin.received, origin.source_sequence, body});
}

}  // namespace

DepthBook::Step DepthBook::on_depth(const Message& message, const Origin& origin, Output& out) {
    const DepthIds ids{message.first_update_id, message.last_update_id, message.previous_update_id};
    Step step = Step::kept;
    switch (sync_.on_event(ids)) {
        case DepthVerdict::apply:
            emit(origin, {.update_id = ids.last, .bids = message.bids, .asks = message.asks}, out);
            return Step::applied;
        case DepthVerdict::ignore: return Step::ignored;
        case DepthVerdict::gap:
            invalidate(market::BookGap::sequence_gap, origin, out);
            step = Step::gap;
            break;
        case DepthVerdict::wait: break;
    }
    if (kept_.size() == kMaxPendingUpdates) {
        kept_.pop_front();
        step = Step::overflowed;
    }
    kept_.push_back(
        {ids, origin, {message.bids.begin(), message.bids.end()}, {message.asks.begin(), message.asks.end()}});
    return step;
}

DepthBook::Join DepthBook::on_snapshot(const DepthSnapshot& snapshot, const Origin& origin, Output& out) {
    const bool is_too_old = !kept_.empty() && snapshot.last_update_id + 1 < kept_.front().ids.first &&
                            kept_.front().ids.previous != snapshot.last_update_id;
    if (is_too_old) return Join::too_old;
    sync_.on_snapshot(snapshot.last_update_id);
    emit(origin,
         {.is_snapshot = true, .update_id = snapshot.last_update_id, .bids = snapshot.bids, .asks = snapshot.asks},
         out);
    while (!kept_.empty()) {
        const Kept kept = std::move(kept_.front());
        kept_.pop_front();
        const DepthVerdict verdict = sync_.on_event(kept.ids);
        if (verdict == DepthVerdict::apply)
            emit(kept.origin, {.update_id = kept.ids.last, .bids = kept.bids, .asks = kept.asks}, out);
        if (verdict != DepthVerdict::gap) continue;
        invalidate(market::BookGap::sequence_gap, kept.origin, out);
        return Join::gap;
    }
    return Join::joined;
}

void DepthBook::invalidate(market::BookGap why, const Origin& origin, Output& out) {
    sync_.reset();
    kept_.clear();
    out.events.push_back({origin.instrument, latest_.value_or(origin.exchange_time), origin.received,
                          origin.source_sequence, market::BookInvalid{why}});
}

}  // namespace vt::exchange::binance
