#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vt::cache {

/// A 64-bit hash is spread evenly already.
struct HashedAlready {
    using is_avalanching = void;
    std::size_t operator()(std::uint64_t hash) const { return hash; }
};

/// The newest `capacity` hashes of keys that left unasked. Names only, no values.
class GhostList {
public:
    explicit GhostList(std::size_t capacity) : ring_(capacity) {}

    void add(std::uint64_t hash) {
        if (ring_.empty()) return;
        Entry& oldest = ring_[next_];
        // An entry that was taken, or added again later, is not in the map under this place any more.
        if (const auto held = places_.find(oldest.hash);
            oldest.is_used && held != places_.end() && held->second == next_)
            places_.erase(held);
        oldest = {.hash = hash, .is_used = true};
        places_[hash] = next_;
        next_ = (next_ + 1) % ring_.size();
    }
    /// Whether it was there; it is not any more.
    bool take(std::uint64_t hash) { return places_.erase(hash) > 0; }
    void clear() { places_.clear(); }

private:
    struct Entry {
        std::uint64_t hash = 0;
        bool is_used = false;
    };
    std::vector<Entry> ring_;
    std::size_t next_ = 0;
    boost::unordered_flat_map<std::uint64_t, std::size_t, HashedAlready> places_;
};

}  // namespace vt::cache
