#pragma once

#include "base/time.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <optional>

namespace vt::exchange::bybit {

/// The three numbers of a book frame that the sequence rules look at.
struct BookHeader {
    bool is_snapshot = false;
    std::uint32_t depth = 0;
    std::uint64_t update_id = 0;
    std::uint64_t cross_sequence = 0;
};

enum class BookVerdict : std::uint8_t {
    snapshot,  ///< replaces the book; a break of continuity since the last frame is in `broken`
    delta,     ///< continues the book
    ignore,    ///< a repetition of what is already in the book, or a delta while a snapshot is awaited
    gap,       ///< something is missing: the book is not to be trusted, ask for a snapshot
};

struct BookStep {
    BookVerdict verdict = BookVerdict::ignore;
    std::optional<market::BookGap> broken;  ///< set: tell the market that the book's history ends here
};

/// Bybit's sequence rules for one subscribed book.
///   * a snapshot at any time replaces the book, unless its seq is below the last one: it was overtaken by a newer
///   * u == 1 is a snapshot whatever its type says (the service restarted)
///   * a delta continues only if u == last u + 1; at depth 1 each frame is a snapshot and a repeated u a heartbeat
///   * a delta with u and seq not above the last ones is a repetition and is dropped; with u not above but seq
///     above it comes from a restarted service whose snapshot was lost: a gap
/// Invariant: `is_synced()` means that the book equals the venue's at update `last u`.
///   source: https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook, read 2026-07-24
class BookSync {
public:
    [[nodiscard]] BookStep on_frame(const BookHeader& frame);
    /// The subscription was sent, or the book was found wrong: wait for a snapshot.
    void await_snapshot() { is_synced_ = false; }
    [[nodiscard]] bool is_synced() const { return is_synced_; }

private:
    std::uint64_t update_id_ = 0;
    std::uint64_t cross_sequence_ = 0;
    bool is_synced_ = false;
};

/// When a topic may be subscribed again: at once the first time, then not before 0.25 s, doubling to 30 s. A minute
/// of health forgets the past.
class ResyncPacing {
public:
    /// The instant of the next attempt, which is taken to happen.
    [[nodiscard]] Timestamp next(Timestamp now);
    void note_healthy(Timestamp now);

private:
    Timestamp allowed_at_;
    Nanos back_off_{};
    std::optional<Timestamp> healthy_since_;
};

}  // namespace vt::exchange::bybit
