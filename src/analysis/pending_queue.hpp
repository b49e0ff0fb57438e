#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace vt::analysis {

/// Records that have arrived but may belong to a second that is not evaluated yet, in the order of arrival. Each
/// record has a `time`. The owner empties it when it is full: it never holds more than `limit`.
template <class Record>
class PendingQueue {
public:
    explicit PendingQueue(std::size_t limit) : limit_(limit) {}

    [[nodiscard]] bool is_full() const { return records_.size() >= limit_; }
    void push(const Record& record) { records_.push_back(record); }
    /// Hands over the records with time < u in the order of arrival; keeps the others. cost: O(records)
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
    std::size_t limit_;
    std::vector<Record> records_;
};

}  // namespace vt::analysis
