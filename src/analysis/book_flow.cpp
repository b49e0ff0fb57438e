#include "analysis/book_flow.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::analysis {

double TopLevels::bid_size() const {
    double sum = 0;
    for (std::size_t rank = 0; rank < bids; ++rank) sum += ranks[rank].bid_size;
    return sum;
}

double TopLevels::ask_size() const {
    double sum = 0;
    for (std::size_t rank = 0; rank < asks; ++rank) sum += ranks[rank].ask_size;
    return sum;
}

double TopLevels::mean_rank_size() const {
    double sum = 0;
    for (std::size_t rank = 0; rank < present(); ++rank) sum += (ranks[rank].bid_size + ranks[rank].ask_size) / 2;
    return present() > 0 ? sum / static_cast<double>(present()) : 0;
}

TopLevels top_levels(const BookFrame& frame) {
    TopLevels top{.generation = frame.book.generation()};
    const market::Units units(frame.instrument);
    frame.book.walk(market::Side::buy, [&](const market::Level& level) {
        RankState& rank = top.ranks[top.bids];
        rank.bid = level.price;
        rank.bid_size = units.base(level.quantity, units.price(level.price));
        return ++top.bids < kRanks;
    });
    frame.book.walk(market::Side::sell, [&](const market::Level& level) {
        RankState& rank = top.ranks[top.asks];
        rank.ask = level.price;
        rank.ask_size = units.base(level.quantity, units.price(level.price));
        return ++top.asks < kRanks;
    });
    return top;
}

void BookSums::add(const BookBin& second) {
    for (std::size_t rank = 0; rank < kRanks; ++rank) ofi[rank] += second.ofi[rank];
    rank_size_sum += second.rank_size_sum;
    frames += second.frames;
    valid_seconds += second.is_valid ? 1U : 0U;
    has_new_generation = has_new_generation || second.has_new_generation;
}

void BookSums::add(const BookSums& later) {
    for (std::size_t rank = 0; rank < kRanks; ++rank) ofi[rank] += later.ofi[rank];
    rank_size_sum += later.rank_size_sum;
    frames += later.frames;
    valid_seconds += later.valid_seconds;
    has_new_generation = has_new_generation || later.has_new_generation;
}

std::optional<double> BookSums::mean_rank_size() const {
    if (frames == 0) return std::nullopt;
    return rank_size_sum / static_cast<double>(frames);
}

void BookFlow::close_second(Timestamp u) {
    BookBin* bin = bins_.at(u - kSecond);
    bin->is_valid = top_.has_value();
    if (!top_) return;
    bin->bid_size = top_->bid_size();
    bin->ask_size = top_->ask_size();
    bin->last_time = last_time_;
}

void BookFlow::on_frame(const BookFrame& frame) {
    const Timestamp time = clock_.effective(frame.time);
    VT_ASSERT(clock_.now().has_value());
    BookBin* bin = bins_.at(time);
    const TopLevels top = top_levels(frame);
    if (!generation_ || *generation_ != top.generation) {
        bin->has_new_generation = generation_.has_value();
        generation_ = top.generation;
        snapshot_time_ = time;
    }
    ++bin->frames;
    bin->rank_size_sum += top.mean_rank_size();
    if (top_ && top_->generation == top.generation) {
        const std::size_t ranks = std::min(top_->present(), top.present());
        for (std::size_t rank = 0; rank < ranks; ++rank) {
            bin->ofi[rank] += order_flow_imbalance(top_->ranks[rank], top.ranks[rank]);
        }
    }
    top_ = top;
    last_time_ = time;
    last_sequence_ = frame.source_sequence;
}

void BookFlow::on_lost() { top_.reset(); }

void BookFlow::skip_to(Timestamp u) {
    bins_.clear();
    clock_.restart(u);
    top_.reset();
    (void)bins_.at(u);
}

BookSums BookFlow::sums(Timestamp u, std::size_t count) const {
    BookSums total;
    bins_.visit(u, count, [&](const BookBin& second) { total.add(second); });
    return total;
}

}  // namespace vt::analysis
