#include "market/time_ring.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <map>

namespace vt::market {
namespace {

struct Record {
    Timestamp at;
    int value = 0;
};

}  // namespace

TEST(TimeRing, EqualsTheNewestOfASortedMap) {
    for (const std::size_t capacity : {std::size_t{1}, std::size_t{2}, std::size_t{50}}) {
        Prng prng(capacity, "time_ring");
        TimeRing<Record, &Record::at> ring(capacity);
        std::map<Timestamp, int> slow;
        for (int i = 0; i < 20'000; ++i) {
            const Timestamp at = from_ns(i / 10 + static_cast<std::int64_t>(prng.below(80)));
            const bool is_wanted = slow.size() < capacity || at >= slow.begin()->first;
            if (is_wanted) slow[at] = i;
            if (slow.size() > capacity) slow.erase(slow.begin());
            ASSERT_EQ(ring.put({at, i}), is_wanted);
            ASSERT_EQ(ring.size(), slow.size());
            std::size_t index = 0;
            for (const auto& [time, value] : slow) {
                ASSERT_EQ(ring[index].at, time);
                ASSERT_EQ(ring[index].value, value);
                ++index;
            }
            const Timestamp probe = from_ns(i / 10 + static_cast<std::int64_t>(prng.below(80)));
            ASSERT_EQ(ring.lower_bound(probe),
                      static_cast<std::size_t>(std::distance(slow.begin(), slow.lower_bound(probe))));
            const Record* found = ring.find(probe);
            ASSERT_EQ(found != nullptr, slow.contains(probe));
        }
    }
}

}  // namespace vt::market
