#pragma once

#include "base/time.hpp"
#include "exchange/binance/book_sync.hpp"
#include "exchange/binance/codec.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace vt::exchange::binance {

/// Where and when an event came from.
struct Origin {
    market::InstrumentId instrument;
    Timestamp exchange_time;
    Timestamp received;
    std::uint64_t source_sequence = 0;
};

/// One instrument's depth stream joined with its REST snapshots: keeps what came before the snapshot, says what to
/// apply, and when a snapshot is needed. Says nothing about who asks for it.
///   out: BookUpdate (depth 0: not limited) and BookInvalid events
class DepthBook {
public:
    /// Deltas that wait for a snapshot; then the oldest go, and the snapshot under way is of no use.
    static constexpr std::size_t kMaxPendingUpdates = 4096;

    explicit DepthBook(market::Category category) : sync_(category) {}

    enum class Step : std::uint8_t {
        applied,
        ignored,     ///< older than the book
        kept,        ///< a snapshot is needed, or under way
        overflowed,  ///< kept, but older ones went: a snapshot under way is too old
        gap,         ///< BookInvalid was said; kept for the next snapshot
    };
    Step on_depth(const Message& message, const Origin& origin, Output& out);

    enum class Join : std::uint8_t {
        joined,
        too_old,  ///< deltas between the snapshot and what was kept are missing: ask again
        gap,      ///< what was kept has a hole: BookInvalid was said, ask again
    };
    Join on_snapshot(const DepthSnapshot& snapshot, const Origin& origin, Output& out);

    /// Nothing of the book is to be believed until the next snapshot: says BookInvalid.
    void invalidate(market::BookGap why, const Origin& origin, Output& out);
    /// The same stream goes on over another connection: the next event may overlap what is known.
    void continue_elsewhere() { sync_.continue_elsewhere(); }

    [[nodiscard]] bool has_snapshot() const { return sync_.has_snapshot(); }
    [[nodiscard]] bool has_kept() const { return !kept_.empty(); }
    /// The largest exchange time seen on the symbol, which stands for those that have none.
    [[nodiscard]] std::optional<Timestamp> latest() const { return latest_; }
    void note_time(Timestamp at) {
        if (!latest_ || *latest_ < at) latest_ = at;
    }

private:
    /// A depth event that waits for its snapshot; owns its levels.
    struct Kept {
        DepthIds ids;
        Origin origin;
        std::vector<market::Level> bids;
        std::vector<market::Level> asks;
    };

    BookSync sync_;
    std::deque<Kept> kept_;
    std::optional<Timestamp> latest_;
};

}  // namespace vt::exchange::binance
