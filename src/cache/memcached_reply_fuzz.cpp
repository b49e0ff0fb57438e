#include "base/assert.hpp"
#include "cache/memcached_reply.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Whatever a server sends is refused, waits for more, or is one whole reply; a value is never longer than what came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto reply = vt::cache::read_get_reply(bytes, "key", 100'000); reply && *reply && (*reply)->value)
        VT_ASSERT((*reply)->value->size() < size);
    (void)vt::cache::read_status_reply(bytes);
    return 0;
}
