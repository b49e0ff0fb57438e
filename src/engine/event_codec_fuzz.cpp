#include "base/assert.hpp"
#include "engine/event_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Whatever decodes has exactly one form: the bytes it was decoded from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const auto event = vt::engine::decode(bytes);
    if (event) {
        std::string again;
        vt::engine::encode(*event, again);
        VT_ASSERT(again == bytes);
        const auto start = vt::engine::decode_start(bytes);
        VT_ASSERT(start && start->sequence == event->sequence && start->at == event->at);
    }
    return 0;
}
