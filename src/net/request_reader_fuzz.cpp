#include "net/detail/request_reader.hpp"

#include "base/assert.hpp"

#include <cstdint>
#include <cstring>

/// Any bytes, in parts of any size: no crash, no endless loop, limits kept, views inside what was sent.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using vt::net::detail::RequestReader;
    if (size < 1) return 0;
    const std::size_t step = data[0] == 0 ? size : data[0];
    std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    RequestReader reader(
        {.max_target_bytes = 256, .max_header_bytes = 1024, .max_header_fields = 8, .max_body_bytes = 512});
    for (;;) {
        const auto state = reader.advance();
        if (state == RequestReader::State::refused) {
            VT_ASSERT(reader.status() >= 400);
            return 0;
        }
        if (state == RequestReader::State::complete) {
            VT_ASSERT(reader.request().body.size() <= 512);
            VT_ASSERT(reader.request().headers.size() <= 8);
            VT_ASSERT(!reader.host().empty());
            reader.next();
            continue;
        }
        if (bytes.empty()) return 0;
        const auto space = reader.space();
        VT_ASSERT(!space.empty());
        const std::size_t count = std::min({space.size(), step, bytes.size()});
        std::memcpy(space.data(), bytes.data(), count);
        reader.commit(count);
        bytes.remove_prefix(count);
    }
}
