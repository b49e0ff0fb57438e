#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

namespace vt::analysis {

/// Records that have arrived but may belong to a second that is not evaluated yet, in the order of their `time`,
/// equal ones by `rank` where the record has one and then as they arrived: what is overtaken on its way and still
/// comes before its second is evaluated changes nothing. The owner empties it when it is full: it never holds more
/// than `limit`.
template <class Record>
class PendingQueue {
public:
    explicit PendingQueue(std::size_t limit) : limit_(limit) {}

    [[nodiscard]] bool is_full() const { return records_.size() >= limit_; }
    /// cost: O(1) in order, O(records that it was overtaken by) otherwise
    void push(const Record& record) {
        records_.push_back(record);
        for (auto at = records_.end() - 1; at != records_.begin() && is_before(record, *(at - 1)); --at)
            std::iter_swap(at, at - 1);
    }
    /// Hands over the records with time < u in their order; keeps the others. cost: O(records)
    template <class Take>
    void release(Timestamp u, Take&& take) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < records_.size(); ++i) {
            if (records_[i].time < u) {
                take(std::as_const(records_[i]));
            } else {
                if (kept != i) records_[kept] = records_[i];
                ++kept;
            }
        }
        records_.erase(records_.begin() + static_cast<std::ptrdiff_t>(kept), records_.end());
    }
    void clear() { records_.clear(); }

    template <class Archive>
    void archive(Archive& a) {
        a(records_);
    }

private:
    [[nodiscard]] static bool is_before(const Record& a, const Record& b) {
        if constexpr (requires { a.rank; }) {
            return std::tie(a.time, a.rank) < std::tie(b.time, b.rank);
        } else {
            return a.time < b.time;
        }
    }

    std::size_t limit_;
    std::vector<Record> records_;
};

}  // namespace vt::analysis
