#include "base/assert.hpp"
#include "storage/compression.hpp"
#include "storage/journal_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using vt::storage::ReadOutcome;

/// However the bytes are: every input is told once, in order, as an event or inside a loss, and reading ends.
void read_to_the_end(std::string_view bytes) {
    auto reader = vt::storage::JournalReader::open_memory(bytes, "fuzz");
    if (!reader) return;
    vt::engine::Event event;
    std::uint64_t next = 1;
    for (;;) {
        const ReadOutcome outcome = reader->next(event);
        if (outcome == ReadOutcome::end) return;
        if (outcome == ReadOutcome::event) {
            VT_ASSERT(event.sequence == next);
            ++next;
        } else {
            VT_ASSERT(reader->loss().first_sequence == next);
            if (reader->loss().last_sequence) {
                VT_ASSERT(*reader->loss().last_sequence >= next);
                next = *reader->loss().last_sequence + 1;
            }
        }
    }
}

/// A file whose checksums all hold, around these bytes: as a block's events, and as a block's compressed payload.
std::string journal_around(std::string_view plain, bool is_compressed) {
    std::string payload;
    if (is_compressed) {
        payload = plain;
    } else {
        vt::storage::Compressor(1).compress(plain, payload);
    }
    std::string out = vt::storage::encode_header({.run_id = 1});
    vt::storage::encode_block_header({.count = 3,
                                      .stored_bytes = static_cast<std::uint32_t>(payload.size()),
                                      .plain_bytes = static_cast<std::uint32_t>(plain.size()),
                                      .first_sequence = 1,
                                      .last_sequence = 3,
                                      .payload_hash = vt::storage::journal_hash(payload)},
                                     out);
    return out + payload;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    read_to_the_end(bytes);
    read_to_the_end(journal_around(bytes, false));
    read_to_the_end(journal_around(bytes, true));
    return 0;
}
