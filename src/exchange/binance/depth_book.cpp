#include "exchange/binance/depth_book.hpp"

namespace vt::exchange::binance {
namespace {

// Earlier events of this output may hold spans into its levels: when the vector moves, they move with it.
void emit(const Origin& origin, std::span<const market::Level> bids, std::span<const market::Level> asks,
          std::uint64_t update_id, bool is_snapshot, Output& out) {
    const market::Level* const before = out.levels.data();
    const std::size_t first = out.levels.size();
    out.levels.insert(out.levels.end(), bids.begin(), bids.end());
    out.levels.insert(out.levels.end(), asks.begin(), asks.end());
    const market::Level* const now = out.levels.data();
    for (std::size_t i = 0; now != before && first > 0 && i < out.events.size(); ++i) {
        auto* const update = std::get_if<market::BookUpdate>(&out.events[i].body);
        if (update == nullptr) continue;
        if (!update->bids.empty()) update->bids = {now + (update->bids.data() - before), update->bids.size()};
        if (!update->asks.empty()) update->asks = {now + (update->asks.data() - before), update->asks.size()};
    }
    const std::span<const market::Level> levels(now + first, bids.size() + asks.size());
    out.events.push_back(
        {origin.instrument, origin.exchange_time, origin.received, origin.source_sequence,
         market::BookUpdate{is_snapshot, 0, update_id, levels.first(bids.size()), levels.subspan(bids.size())}});
}

}  // namespace

DepthBook::Step DepthBook::on_depth(const Message& message, const Origin& origin, Output& out) {
    const DepthIds ids{message.first_update_id, message.last_update_id, message.previous_update_id};
    Step step = Step::kept;
    switch (sync_.on_event(ids)) {
        case DepthVerdict::apply:
            emit(origin, message.bids, message.asks, ids.last, false, out);
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
    emit(origin, snapshot.bids, snapshot.asks, snapshot.last_update_id, true, out);
    while (!kept_.empty()) {
        const Kept kept = std::move(kept_.front());
        kept_.pop_front();
        const DepthVerdict verdict = sync_.on_event(kept.ids);
        if (verdict == DepthVerdict::apply) emit(kept.origin, kept.bids, kept.asks, kept.ids.last, false, out);
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
