#pragma once

#include "market/event.hpp"
#include "sim/book.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace vt::sim {

/// The best `depth` levels of each side as a venue publishes them: what was published last, and what changed since. A
/// level that leaves the window is published with quantity 0; one that enters it, with its quantity.
class DepthWindow {
public:
    explicit DepthWindow(std::uint32_t depth) : depth_(depth) {}

    /// Takes the book's present window as published, and says what changed.
    ///   out: whether anything did; the changes are in bid_changes() and ask_changes(), best price first
    ///   cost: O(depth); nothing when the book has not changed since
    bool refresh(const Book& book);
    [[nodiscard]] std::span<const market::Level> bid_changes() const { return bid_changes_; }
    [[nodiscard]] std::span<const market::Level> ask_changes() const { return ask_changes_; }
    /// What is published, best price first.
    [[nodiscard]] std::span<const market::Level> bids() const { return bids_; }
    [[nodiscard]] std::span<const market::Level> asks() const { return asks_; }
    [[nodiscard]] std::uint32_t depth() const { return depth_; }
    /// Forgets what was published: the next refresh() reports every level.
    void clear();

private:
    std::uint32_t depth_;
    std::uint64_t seen_changes_ = 0;
    std::vector<market::Level> bids_, asks_, next_;
    std::vector<market::Level> bid_changes_, ask_changes_;
};

}  // namespace vt::sim
