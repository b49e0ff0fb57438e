#pragma once

#include "analysis/grid.hpp"
#include "analysis/observation.hpp"
#include "analysis/ofi.hpp"
#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis {

inline constexpr std::size_t kRanks = 10;
using RankVector = std::array<double, kRanks>;

/// The book's first ten ranks after one frame.
struct TopLevels {
    std::array<RankState, kRanks> ranks;
    std::size_t bids = 0;  ///< ranks present
    std::size_t asks = 0;
    std::uint32_t generation = 0;

    [[nodiscard]] std::size_t present() const { return bids < asks ? bids : asks; }
    [[nodiscard]] double bid_size() const;
    [[nodiscard]] double ask_size() const;
    /// Mean over the present ranks of (qb + qa)/2.
    [[nodiscard]] double mean_rank_size() const;

    template <class Archive>
    void archive(Archive& a) {
        for (RankState& rank : ranks) a(rank.bid, rank.ask, rank.bid_size, rank.ask_size);
        a(bids, asks, generation);
        if (Archive::kIsReader && (bids > kRanks || asks > kRanks)) bids = asks = 0;
    }
};
/// cost: O(20 levels)
[[nodiscard]] TopLevels top_levels(const BookFrame& frame);

/// The book's frames of one second.
struct BookBin {
    RankVector ofi{};          ///< base currency, by rank, over pairs whose later frame is in this second
    double rank_size_sum = 0;  ///< base currency, over frames: mean rank size
    std::uint32_t frames = 0;
    bool has_new_generation = false;
    // The state at the end of the second.
    bool is_valid = false;
    double bid_size = 0, ask_size = 0;  ///< base currency, first ten ranks; meaningful where valid
    Timestamp last_time{};              ///< of the last frame; likewise

    template <class Archive>
    void archive(Archive& a) {
        a(ofi, rank_size_sum, frames, has_new_generation, is_valid, bid_size, ask_size, last_time);
    }
};

struct BookSums {
    RankVector ofi{};
    double rank_size_sum = 0;
    std::uint64_t frames = 0;
    std::uint32_t valid_seconds = 0;
    bool has_new_generation = false;

    void add(const BookBin& second);
    void add(const BookSums& later);
    /// Mean over frames of the mean rank size. out: absent without frames
    [[nodiscard]] std::optional<double> mean_rank_size() const;

    template <class Archive>
    void archive(Archive& a) {
        a(ofi, rank_size_sum, frames, valid_seconds, has_new_generation);
    }
};

/// The stream of book frames into seconds: order flow imbalance by rank, and when the book was valid.
class BookFlow {
public:
    /// Takes what is due up to `time`: calls sample(u) for each whole second reached, before any frame with time >=
    /// u.
    template <class Sample>
    void advance(Timestamp time, Sample&& sample) {
        clock_.advance(time, [&](Timestamp u) {
            close_second(u);
            sample(u);
        });
        (void)bins_.at(*clock_.now());
    }
    /// in: advance(frame.time) was called before the update was applied
    void on_frame(const BookFrame& frame);
    void on_lost();
    void skip_to(Timestamp u);

    [[nodiscard]] BookSums sums(Timestamp u, std::size_t count) const;
    [[nodiscard]] const BookBin& second_ending(Timestamp u) const { return bins_.ending_at(u); }
    template <class Visit>
    void visit(Timestamp u, std::size_t count, Visit&& visit) const {
        bins_.visit(u, count, visit);
    }
    /// The first ten ranks after the last frame. out: absent while the book is invalid
    [[nodiscard]] const std::optional<TopLevels>& top() const { return top_; }
    /// The time of the current generation's snapshot.
    [[nodiscard]] Timestamp snapshot_time() const { return snapshot_time_; }
    [[nodiscard]] std::uint64_t last_sequence() const { return last_sequence_; }

    template <class Archive>
    void archive(Archive& a) {
        a(bins_, clock_, top_, generation_, snapshot_time_, last_time_, last_sequence_);
    }

private:
    void close_second(Timestamp u);

    SecondBins<BookBin> bins_;
    StreamClock clock_;
    std::optional<TopLevels> top_;  // absent while the book is invalid
    std::optional<std::uint32_t> generation_;
    Timestamp snapshot_time_{};
    Timestamp last_time_{};
    std::uint64_t last_sequence_ = 0;
};

}  // namespace vt::analysis
