#include "base/assert.hpp"
#include "history/column_codec.hpp"
#include "history/series_reader.hpp"
#include "history/series_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace vt::history;

/// However the bytes are: what is read ascends, lies in the range asked for, and its values can be printed.
void read_to_the_end(std::string_view bytes) {
    auto reader = SeriesReader::open_memory(bytes, "fuzz");
    if (!reader) return;
    const TimeRange middle{1'767'225'660'000, 1'767'226'200'000};
    for (const TimeRange range : {TimeRange{0, INT64_MAX}, middle}) {
        const auto rows = reader->read(range);
        VT_ASSERT(rows.has_value());
        VT_ASSERT(rows->ascends());
        if (rows->empty()) continue;
        VT_ASSERT(rows->times_ms.front() >= range.from_ms);
        VT_ASSERT(rows->times_ms.back() < range.to_ms);
        for (const Column& column : rows->columns) {
            VT_ASSERT(column.size() == rows->rows());
            for (std::size_t row = 0; row < column.size(); ++row) {
                if (const auto value = column.at(row)) VT_ASSERT(!value->to_string().empty());
            }
        }
    }
    VT_ASSERT(reader->check_payloads().has_value());
    (void)reader->covered();
    (void)reader->extent();
}

/// A file whose checksums all hold, around these bytes as a block's columns: the first byte says how many rows.
std::string file_around(std::string_view plain, Kind kind) {
    const Series series{.symbol = "X", .kind = kind, .step_ms = kind == Kind::funding ? 0 : 60'000};
    std::string payload;
    vt::storage::Compressor(1).compress(plain, payload);
    std::string out = encode_file_header({.series = series});
    const std::uint32_t rows = plain.empty() ? 1U : 1U + static_cast<std::uint8_t>(plain.front()) % 64U;
    encode_block_header({.rows = rows,
                         .stored_bytes = static_cast<std::uint32_t>(payload.size()),
                         .plain_bytes = static_cast<std::uint32_t>(plain.size()),
                         .first_ms = 1'767'225'600'000,
                         .last_ms = 1'767'225'600'000 + (rows - 1) * std::int64_t{60'000},
                         .payload_hash = checksum(payload)},
                        out);
    return out + payload;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    read_to_the_end(bytes);
    if (size > kMaxPayloadBytes / 2) return 0;
    for (const Kind kind : {Kind::klines, Kind::funding, Kind::open_interest})
        read_to_the_end(file_around(bytes, kind));
    for (const std::size_t rows : {1U, 2U, 30U}) {
        const auto table = decode_columns(bytes, Kind::klines, {.rows = rows, .first_ms = 0, .step_ms = 60'000});
        if (!table) continue;
        // What decodes can be written again, and then says the same.
        const auto again = encode_columns(*table, 60'000);
        if (!again) continue;
        const auto back = decode_columns(*again, Kind::klines, {.rows = rows, .first_ms = 0, .step_ms = 60'000});
        VT_ASSERT(back.has_value());
        for (std::size_t row = 0; row < rows; ++row) VT_ASSERT(same_values(*table, row, *back, row));
    }
    return 0;
}
