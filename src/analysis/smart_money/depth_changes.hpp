#pragma once

#include "analysis/book_flow.hpp"
#include "analysis/observation.hpp"
#include "analysis/pending_queue.hpp"
#include "analysis/smart_money/level_change.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::smart_money {

/// The differences between consecutive frames over the first ten ranks of each side, waiting until the prints of
/// their second are here too. A level that grew by a large order stays in sight for five more seconds, wherever its
/// rank goes. A price that comes into the ten ranks from beyond them is sighted, not added.
///   cost: O(20 levels + watched) a frame; at most kMaxWaiting changes wait: the owner takes them all when it is full
class DepthChanges {
public:
    static constexpr std::size_t kMaxWaiting = 2048;
    static constexpr std::size_t kMaxWatched = 16;  ///< large orders; beyond it the oldest goes out of sight
    static constexpr Nanos kWatchFor = std::chrono::seconds{5};

    DepthChanges();

    /// in: `levels` the frame's first ten ranks; `frame.time` not before the last one's; `large_shown` in quote
    /// currency: what makes an order one to watch, absent where that is not known
    void on_frame(const BookFrame& frame, const TopLevels& levels, std::optional<double> large_shown);
    void on_lost(Timestamp time);
    /// Room for another frame's changes is not certain: take them first.
    [[nodiscard]] bool is_full() const { return waiting_.size() + kMaxOfFrame > kMaxWaiting; }
    /// Hands over the changes with time < until (all without `until`), in order of time.
    template <class Take>
    void release(Timestamp until, Take&& take) {
        std::size_t taken = 0;
        while (taken < waiting_.size() && waiting_[taken].time < until) take(waiting_[taken++]);
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    /// Nothing was seen for a while, or the steps changed.
    void clear();

    template <class Archive>
    void archive(Archive& a) {
        a(levels_, has_levels_, watched_, waiting_, last_time_);
        if constexpr (Archive::kIsReader) {
            if (watched_.size() > kMaxWatched || waiting_.size() > kMaxWaiting) {
                a.fail();
                clear();
            }
        }
    }

private:
    static constexpr std::size_t kMaxOfFrame = 4 * kRanks + kMaxWatched + 1;
    struct Watched {
        Ticks price;
        market::Side side = market::Side::buy;
        Timestamp since;
        double size = 0;  // when last seen
        template <class Archive>
        void archive(Archive& a) {
            a(price, side, since, size);
            if constexpr (Archive::kIsReader) {
                if (side > market::Side::sell) a.fail();
            }
        }
    };
    void compare(market::Side side, const BookFrame& frame, const TopLevels& now, std::optional<double> large_shown);
    void follow_watched(const BookFrame& frame, const TopLevels& now);
    void push(const LevelChange& change, std::optional<double> large_shown);

    TopLevels levels_;
    bool has_levels_ = false;
    std::vector<Watched> watched_;
    std::vector<LevelChange> waiting_;
    Timestamp last_time_{};
};

}  // namespace vt::analysis::smart_money
