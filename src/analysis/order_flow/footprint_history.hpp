#pragma once

#include "analysis/order_flow/footprint_level.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vt::analysis::order_flow {

/// The footprints of the last closed minutes, to be shown: at most kMinutes of them, and at most kLevels levels in
/// all. Where both do not fit, the oldest minute goes; a minute that alone has more levels is not kept.
/// They are not saved: a hundred instruments' would take a megabyte for an hour that comes again.
///   cost: O(levels kept) once a minute; at most 52 kB; does not allocate
class FootprintHistory {
public:
    static constexpr std::size_t kMinutes = 60;
    static constexpr std::size_t kLevels = 2048;

    struct Minute {
        Timestamp end;
        std::int64_t bucket_ticks = 1;  ///< height of a bucket: bucket b holds the ticks from b * bucket_ticks on
        Stacks stacks;
        std::uint32_t level_count = 0;
    };

    FootprintHistory();
    /// in: ascending buckets of the minute that ends at `end`; none is a minute without prints
    void push(const Minute& minute, std::span<const FootprintLevel> levels);
    void clear();

    /// Oldest first.
    [[nodiscard]] std::span<const Minute> minutes() const { return minutes_; }
    /// Calls visit(minute, levels), oldest first.
    template <class Visit>
    void visit(Visit&& visit) const {
        std::size_t first = 0;
        for (const Minute& minute : minutes_) {
            visit(minute, std::span(levels_).subspan(first, minute.level_count));
            first += minute.level_count;
        }
    }

private:
    void drop_oldest();

    std::vector<Minute> minutes_;
    std::vector<FootprintLevel> levels_;  // of all minutes, one after the other
};

}  // namespace vt::analysis::order_flow
