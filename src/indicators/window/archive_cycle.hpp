#pragma once

#include <cstdint>
#include <vector>

namespace vt::indicators {

/// Archives a buffer of fixed length that is filled round and round. A saved state of another length, or one that
/// points outside of the buffer, is refused and leaves an empty buffer.
template <class Archive, class T>
void archive_cycle(Archive& a, std::vector<T>& items, std::uint32_t& at, bool& is_full) {
    const std::size_t size = items.size();
    a(items, at, is_full);
    if constexpr (Archive::kIsReader) {
        if (items.size() == size && at < size) return;
        a.fail();
        items.assign(size, T{});
        at = 0;
        is_full = false;
    }
}

}  // namespace vt::indicators
