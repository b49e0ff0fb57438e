#include "base/assert.hpp"
#include "cache/envelope.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Whatever a server returns is refused, or is a value that seals to the same bytes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt::cache;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    constexpr std::uint32_t kSchema = 1;
    const vt::Timestamp now = vt::from_ns(std::int64_t{4'000'000'000'000'000'000});
    if (const auto value = unseal(bytes, "key", kSchema, now)) {
        if (value->made_at < now) VT_ASSERT(seal("key", *value, kSchema) == bytes);
    }
    return 0;
}
