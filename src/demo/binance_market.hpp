#pragma once

#include "base/ring.hpp"
#include "demo/binance_name.hpp"
#include "demo/binance_wire.hpp"
#include "demo/stream.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

/// A stream of one of Binance's markets, by the order in which they were first asked for.
using BinanceStreamId = Strong<struct BinanceStreamIdTag, std::uint32_t>;

/// One of Binance's markets, futures or spot, as a source of its stream frames and of what its REST answers need.
/// Only streams that are watched cost anything, beside the trades of each symbol.
class BinanceMarket {
public:
    /// in: segment: binance_futures or binance_spot, which `stream` must have. `stream` must outlive it.
    BinanceMarket(Stream& stream, Segment segment);
    ~BinanceMarket();
    BinanceMarket(const BinanceMarket&) = delete;
    BinanceMarket& operator=(const BinanceMarket&) = delete;

    /// out: nullopt for a stream that does not exist
    [[nodiscard]] std::optional<BinanceStreamId> find_stream(std::string_view name);
    [[nodiscard]] const std::string& stream_name(BinanceStreamId id) const;
    [[nodiscard]] BinanceName::Kind kind(BinanceStreamId id) const;
    void watch(BinanceStreamId id);
    void unwatch(BinanceStreamId id);
    /// Frames of the step that ended at `at`, without the wrapper of combined streams. in: sink: may be empty
    using Sink = std::function<void(BinanceStreamId id, std::string_view text)>;
    void on_step(Timestamp at, const Sink& sink);

    [[nodiscard]] Stream& stream() { return stream_; }
    [[nodiscard]] Segment segment() const { return segment_; }
    [[nodiscard]] bool is_spot() const { return segment_ == Segment::binance_spot; }
    /// The index in the Stream of a listed symbol (upper case).
    [[nodiscard]] std::optional<std::size_t> find(std::string_view symbol) const;
    /// The id of the last change of a book; the streams' ids are of the same count.
    [[nodiscard]] static std::uint64_t update_id(const SymbolView& view) { return kFirstUpdate + view.book_changes; }
    [[nodiscard]] const Ring<binance::Aggregate>& aggregates(std::size_t index) const;
    /// Trades within [from, to): exact since the start of the session; before it half of the volume was bought, a
    /// thousand of quote currency at a time.
    [[nodiscard]] binance::CandleFlow flow(std::size_t index, const market::Candle& candle) const;
    /// Candles of the venue's calendar, in published time, oldest first.
    [[nodiscard]] std::vector<market::Candle> candles(std::size_t index, Nanos interval, Timestamp from, Timestamp to,
                                                      std::size_t limit);

    struct Impl;

private:
    static constexpr std::uint64_t kFirstUpdate = 5'000'000'000;
    Stream& stream_;
    Segment segment_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::demo
