#pragma once

#include "base/result.hpp"
#include "base/ring.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"
#include "demo/recording.hpp"
#include "demo/segment.hpp"
#include "demo/topic.hpp"
#include "demo/wire.hpp"
#include "market/instrument.hpp"
#include "sim/market.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

using TopicId = Strong<struct TopicIdTag, std::uint32_t>;

struct StreamParams {
    std::uint64_t seed = 1;
    Timestamp start;        ///< of the session, in its own time: a whole minute
    Nanos shift{0};         ///< whole minutes, added to every time that is published or asked for
    Nanos truths_after{0};  ///< planted truths count from so long after the start
    std::shared_ptr<const Recording> recording;  ///< of BTCUSDT and ETHUSDT; absent: both come from the generator too
    std::vector<sim::SymbolParams> generated;    ///< empty: generated_symbols()
    Nanos funding_interval = std::chrono::hours{1};
    std::vector<Segment>
        others;  ///< markets beside Bybit's linear one, made from it; each costs time with every step
};

/// One frame, as every subscriber of the topic receives it. `text` is valid during the call.
using FrameSink = std::function<void(TopicId topic, std::string_view text, Timestamp at)>;

/// What there is to say about one symbol now.
struct SymbolView {
    const market::Instrument& instrument;
    const sim::Book& book;
    sim::Tape& tape;
    sim::Derivatives& derivatives;
    const Ring<WireTrade>& recent_trades;  ///< times already shifted
    std::uint64_t sequence = 0;
    bool is_listed = true;
    Segment segment = Segment::bybit_linear;
    std::int64_t basis_ticks = 0;    ///< of its price, to the linear contract's, whose `derivatives` these are
    double size = 1;                 ///< of its amounts, relative to that contract's
    std::uint64_t book_changes = 0;  ///< counts changes of the book
};

/// What happened in one symbol within a step. Valid during the call of the observer.
struct StepView {
    std::span<const WireTrade> trades;
    std::span<const WireLiquidation> liquidations;
};
using StepObserver = std::function<void(Timestamp at)>;

/// The demo market as a source of Bybit wire frames in virtual time, without sockets: the recording (looped, mirrored
/// every second time) as BTCUSDT and ETHUSDT, and generated symbols whose factor is that Bitcoin price.
/// Deterministic: the same parameters and the same calls give the same bytes; `shift` moves times and changes nothing
/// else.
///
/// Only topics that are watched cost anything. In steps of 20 ms, for each symbol: trades, liquidations, books,
/// ticker, candles. All times in the interface are published times (session time plus shift).
class Stream {
public:
    explicit Stream(StreamParams params);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// errors: not_found (no such family, depth, interval or listed symbol; symbols are upper case)
    [[nodiscard]] Result<TopicId> topic(std::string_view name, Segment segment = Segment::bybit_linear);
    [[nodiscard]] const std::string& topic_name(TopicId topic) const;
    /// Begins to make the topic's frames; each watch() needs its unwatch().
    void watch(TopicId topic);
    void unwatch(TopicId topic);
    /// What a new subscriber of a watched topic receives first: a book's or ticker's snapshot, to which the next
    /// delta belongs. Nothing for the other families.
    void append_first_frame(TopicId topic, std::string& out) const;

    /// Runs to `until`, in whole steps. in: sink: may be empty
    void advance(Timestamp until, const FrameSink& sink);
    [[nodiscard]] Timestamp now() const;
    /// The service "restarts": every watched book begins anew with a snapshot of u = 1.
    void restart_books(const FrameSink& sink);

    /// Who is told of each step, after the frames of the topics; one only.
    void observe(StepObserver observer);
    [[nodiscard]] StepView step_of(std::size_t index) const;
    /// The symbol's book lags behind its source's, as it would on its venue, for as long as somebody follows it.
    void follow_book(std::size_t index);
    void unfollow_book(std::size_t index);
    /// Something that a scenario plants: a listing, a delisting (of the coin, everywhere), a liquidation.
    ///   out: whether there is such a linear symbol
    bool set_listed(std::string_view symbol, bool is_listed);
    bool liquidate(std::string_view symbol, market::LiquidatedSide side, double quantity);

    /// How many symbols the linear market has; they come first.
    [[nodiscard]] std::size_t size() const;
    struct Indices {
        std::size_t begin = 0, end = 0;
    };
    [[nodiscard]] Indices indices(Segment segment) const;
    [[nodiscard]] SymbolView symbol(std::size_t index);
    [[nodiscard]] std::optional<std::size_t> find(std::string_view symbol,
                                                  Segment segment = Segment::bybit_linear) const;
    [[nodiscard]] TickerFields ticker(std::size_t index);
    /// What a watched book topic has published last; nullptr when nobody watches it.
    struct PublishedBook {
        const sim::DepthWindow& window;
        std::uint64_t update_id = 0;
        std::uint64_t sequence = 0;
        Timestamp at;
    };
    [[nodiscard]] std::optional<PublishedBook> published_book(std::size_t index, std::uint32_t depth) const;
    [[nodiscard]] Nanos shift() const;
    [[nodiscard]] Nanos funding_interval() const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::demo
