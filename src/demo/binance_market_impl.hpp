#pragma once

// The inside of demo::BinanceMarket, for its two .cpp files.

#include "demo/binance_market.hpp"
#include "sim/depth_window.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::demo {

struct BinanceMarket::Impl {
    static constexpr std::size_t kRecentAggregates = 1000;
    static constexpr std::size_t kFlowMinutes = 1500;

    struct MinuteFlow {
        Timestamp open;
        binance::CandleFlow flow;
    };
    struct Symbol {
        std::size_t index = 0;  // in the Stream
        std::string lower;
        Ring<binance::Aggregate> aggregates{kRecentAggregates};
        std::uint64_t next_aggregate = 1;
        std::vector<binance::Aggregate> fresh;      // of the present step
        std::deque<MinuteFlow> minutes;             // since the start of the session
        std::vector<WireLiquidation> liquidations;  // of the present second
    };
    struct Topic {
        BinanceStreamId id;
        std::string text;
        BinanceName name;
        std::optional<std::size_t> symbol;  // in `symbols`; nothing: of all
        std::uint32_t watchers = 0;
        sim::DepthWindow window{1000};
        std::uint64_t last_update = 0;
        std::optional<market::Candle> candle;
        std::optional<TickerFields> ticker;
        std::map<std::size_t, std::int64_t> last_of;  // what the frames of all symbols said last

        [[nodiscard]] bool needs_book() const {
            return name.kind == BinanceName::Kind::depth || name.kind == BinanceName::Kind::partial_depth ||
                   name.kind == BinanceName::Kind::best_quote;
        }
    };

    Impl(BinanceMarket& owner, Stream& from);
    void take_trades(Symbol& symbol);
    /// One frame of a topic, into `text`. out: whether there is one
    bool depth(Topic& topic, Timestamp at);
    bool partial_depth(Topic& topic, Timestamp at);
    bool best_quote(Topic& topic, Timestamp at);
    bool mark_price(Topic& topic, Timestamp at);
    bool ticker(Topic& topic, Timestamp at);
    bool mini_tickers(Topic& topic, Timestamp at);
    bool average_price(Topic& topic, Timestamp at);
    void trades(Topic& topic, Timestamp at, const Sink& sink);
    void aggregates(Topic& topic, Timestamp at, const Sink& sink);
    void candles(Topic& topic, Timestamp at, const Sink& sink);
    void liquidations(Topic& topic, Timestamp at, const Sink& sink);
    void publish(Topic& topic, Timestamp at, const Sink& sink);
    [[nodiscard]] SymbolView view(const Topic& topic) { return stream.symbol(symbols[*topic.symbol].index); }
    void begin(std::string_view event, std::int64_t at_ms, std::string_view symbol);
    void append_mini(const Symbol& symbol, const TickerFields& fields, const binance::Figures& figures,
                     std::int64_t at_ms);
    void append_mark(const Symbol& symbol, std::int64_t at_ms);

    BinanceMarket& market;
    Stream& stream;
    bool is_spot;
    std::vector<Symbol> symbols;
    std::map<std::string, std::size_t, std::less<>> by_lower;
    std::vector<std::unique_ptr<Topic>> topics;
    std::map<std::string, BinanceStreamId, std::less<>> by_name;
    std::string text;
};

}  // namespace vt::demo
