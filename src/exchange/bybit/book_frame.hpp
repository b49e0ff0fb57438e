#pragma once

#include "base/time.hpp"
#include "exchange/step_reader.hpp"
#include "market/event.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace vt::exchange::bybit {

/// The part of a book frame in front of its data.
struct BookFrameHead {
    std::string_view topic;   ///< "orderbook.50.BTCUSDT"
    std::string_view symbol;  ///< "BTCUSDT"
    std::uint32_t depth = 0;
    bool is_snapshot = false;
    Timestamp pushed_at;  ///< ts
};

struct BookFrameBody {
    std::uint64_t update_id = 0;
    std::uint64_t cross_sequence = 0;
    Timestamp matched_at;  ///< cts
    std::size_t bid_count = 0;
    std::size_t ask_count = 0;
};

/// Reads a book frame that is written byte for byte as the venue writes it today: known members in the documented
/// order, no spaces, plain decimals. Anything else is left to the general parser, so this never has to explain a
/// refusal.
///   in:   text that ends in a zero byte behind its last (frames held by json::Document do)
///   cost: one pass over the bytes
class BookFrameReader {
public:
    explicit BookFrameReader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    [[nodiscard]] bool read_head(BookFrameHead& head);
    /// Appends the levels, bids first. False: `levels` may have grown.
    [[nodiscard]] bool read_body(const BookFrameHead& head, StepReader prices, StepReader quantities,
                                 std::vector<market::Level>& levels, BookFrameBody& body);

private:
    [[nodiscard]] bool expect(std::string_view text);
    [[nodiscard]] bool read_count(std::uint64_t& count);
    [[nodiscard]] bool read_instant(Timestamp& instant);
    [[nodiscard]] bool read_side(StepReader prices, StepReader quantities, std::vector<market::Level>& levels);

    const char* at_;
    const char* end_;
};

}  // namespace vt::exchange::bybit
