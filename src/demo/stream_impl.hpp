#pragma once

// The inside of demo::Stream, for its two .cpp files.

#include "demo/mirror.hpp"
#include "demo/recorded_market.hpp"
#include "demo/stream.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::demo {

inline constexpr std::size_t kRecentTrades = 1000;         // as many as the venue's REST gives
inline constexpr std::uint64_t kFirstUpdate = 10'000'000;  // never 1: that says "the service restarted"

struct Stream::Impl {
    struct Topic {
        TopicId id;
        std::string text;
        TopicName name;  // views into text
        std::size_t symbol = 0;
        std::uint32_t watchers = 0;
        sim::DepthWindow window{1};
        std::uint64_t update_id = kFirstUpdate;
        std::uint64_t sequence = 0;
        Timestamp published;
        TickerFields ticker;
        std::optional<market::Candle> candle;
        std::vector<WireLiquidation> liquidations;

        [[nodiscard]] bool needs_book() const {
            return name.kind == TopicName::Kind::book || name.kind == TopicName::Kind::ticker;
        }
    };
    struct Symbol {
        market::Instrument instrument;
        RecordedMarket* recorded = nullptr;
        sim::SymbolMarket* generated = nullptr;
        Segment segment = Segment::bybit_linear;
        std::unique_ptr<Mirror> mirror = nullptr;  // of the symbol `source`, in another segment
        std::size_t source = 0;
        std::vector<std::size_t> mirrors = {};
        bool is_delisted = false;
        std::vector<TopicId> topics = {};    // in the order in which they are published
        std::vector<WireTrade> trades = {};  // of the present step
        std::vector<WireLiquidation> liquidations = {};
        Ring<WireTrade> recent{kRecentTrades};
        Ticks last{0};
        bool is_up = true;
        std::string_view direction = "ZeroPlusTick";
    };

    explicit Impl(StreamParams given);
    void step(Timestamp at, const FrameSink& sink);
    void on_event(Symbol& symbol, const market::Event& event);
    void publish(std::size_t index, Timestamp at, const FrameSink& sink);
    void publish_book(Topic& topic, const Symbol& symbol, Timestamp at, const FrameSink& sink);
    void publish_ticker(std::size_t index, Topic& topic, Timestamp at, const FrameSink& sink);
    void publish_candle(Topic& topic, const Symbol& symbol, Timestamp at, const FrameSink& sink);
    void append_ticker(std::string& out, const Topic& topic, const TickerFields& fields,
                       const TickerFields* before) const;
    void restart(std::size_t index, Timestamp at, const FrameSink& sink);
    void send(TopicId topic, Timestamp at, const FrameSink& sink);
    [[nodiscard]] TickerFields ticker_of(std::size_t index);
    [[nodiscard]] std::int64_t published_ms(Timestamp session) const { return to_ms(session + params.shift); }

    void mirror_into(Segment segment);

    static const sim::Book& book(const Symbol& symbol) {
        if (symbol.mirror) return symbol.mirror->book();
        return symbol.recorded != nullptr ? symbol.recorded->book() : symbol.generated->book();
    }
    static sim::Tape& tape(const Symbol& symbol) {
        if (symbol.mirror) return symbol.mirror->tape();
        return symbol.recorded != nullptr ? symbol.recorded->tape() : symbol.generated->tape();
    }
    [[nodiscard]] sim::Derivatives& derivatives(const Symbol& symbol) const {
        if (symbol.mirror) return derivatives(symbols[symbol.source]);
        return symbol.recorded != nullptr ? symbol.recorded->derivatives() : symbol.generated->derivatives();
    }
    static std::uint64_t sequence(const Symbol& symbol) {
        if (symbol.mirror) return symbol.mirror->sequence();
        return symbol.recorded != nullptr ? symbol.recorded->sequence() : symbol.generated->sequence();
    }
    [[nodiscard]] bool is_listed(const Symbol& symbol) const {
        if (symbol.mirror) return is_listed(symbols[symbol.source]);
        if (symbol.is_delisted) return false;
        return symbol.recorded != nullptr || symbol.generated->is_listed();
    }
    static Steps steps(const Symbol& symbol) {
        return Steps{.tick = symbol.instrument.tick_size,
                     .lot = symbol.instrument.lot_size,
                     .category = symbol.instrument.category};
    }

    StreamParams params;
    std::unique_ptr<sim::Market> market;
    std::vector<std::unique_ptr<RecordedMarket>> recorded;
    std::vector<Symbol> symbols;
    std::array<std::map<std::string, std::size_t, std::less<>>, kSegmentCount> by_symbol;
    std::array<Indices, kSegmentCount> indices{};
    std::vector<std::unique_ptr<Topic>> topics;
    std::array<std::map<std::string, TopicId, std::less<>>, kSegmentCount> by_name;
    StepObserver observer;
    std::vector<market::Event> planted;  // liquidations of a scenario, told with the next step
    Timestamp session_now;
    std::string text;
    std::vector<market::Level> scratch;
};

}  // namespace vt::demo
