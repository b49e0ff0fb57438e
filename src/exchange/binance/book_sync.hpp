#pragma once

#include "market/instrument.hpp"

#include <cstdint>
#include <optional>

namespace vt::exchange::binance {

/// The update ids of a depth event.
struct DepthIds {
    std::uint64_t first = 0;                ///< U
    std::uint64_t last = 0;                 ///< u
    std::optional<std::uint64_t> previous;  ///< pu: futures only
};

enum class DepthVerdict : std::uint8_t {
    apply,
    ignore,  ///< older than the book
    gap,     ///< something is missing: fetch a snapshot
    wait,    ///< no snapshot yet: keep it
};

/// Binance's rules for joining a depth stream with a REST snapshot of last update id L.
///   futures: drop u < L; the first applied has U <= L <= u or pu == L; then each pu is the u before
///   spot:    drop u <= L; the first applied has U <= L + 1 <= u; then each U is the u before + 1
/// Invariant: with a snapshot, the book equals the venue's at `last u` (or L before the first event).
///   source: "How to manage a local order book correctly", both venues' documentation, read 2026-07
class BookSync {
public:
    explicit BookSync(market::Category category) : is_spot_(category == market::Category::spot) {}

    [[nodiscard]] DepthVerdict on_event(const DepthIds& ids);
    void on_snapshot(std::uint64_t last_update_id);
    /// Wait for a snapshot.
    void reset() { has_snapshot_ = is_joined_ = false; }
    /// The stream goes on over another connection, whose events may be cut differently: the next one is judged like
    /// the first after a snapshot of the last id applied. Quantities are absolute, so an overlap changes nothing.
    void continue_elsewhere() { is_joined_ = false; }
    [[nodiscard]] bool has_snapshot() const { return has_snapshot_; }

private:
    bool is_spot_;
    bool has_snapshot_ = false;
    bool is_joined_ = false;  ///< an event has been applied since the snapshot
    std::uint64_t last_ = 0;
};

}  // namespace vt::exchange::binance
