#pragma once

// The inside of the Bybit codecs. Included by their .cpp files only.

#include "exchange/bybit/codec.hpp"
#include "exchange/json_walk.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "market/instrument_directory.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vt::exchange::bybit {

/// Ids by symbol, in front of the directory's ordered search. The directory never forgets, so an entry never ages.
class SymbolCache {
public:
    [[nodiscard]] std::optional<market::InstrumentId> find(std::string_view symbol, market::Category category,
                                                           const market::InstrumentDirectory& directory);

private:
    struct Entry {
        std::string symbol;
        market::InstrumentId id;
    };
    std::array<Entry, 512> entries_;
    const market::InstrumentDirectory* directory_ = nullptr;
};

/// Where a frame's levels begin in an Output. Events of earlier frames may hold spans into the levels: when the
/// vector moves, they move with it.
class LevelMark {
public:
    explicit LevelMark(Output& output)
        : output_(output), size_(output.levels.size()), data_(output.levels.data()), events_(output.events.size()) {}
    void undo() const;
    void keep() const;
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    Output& output_;
    std::size_t size_;
    market::Level* data_;
    std::size_t events_;
};

/// Where the events of one frame go, all or none.
class DataTarget {
public:
    DataTarget(const market::Instrument& instrument, EventStamp stamp, Output& output)
        : instrument_(instrument),
          stamp_(stamp),
          output_(output),
          mark_(output),
          first_event_(output.events.size()) {}

    [[nodiscard]] const market::Instrument& instrument() const { return instrument_; }
    void add(Timestamp exchange_time, market::EventBody body) {
        output_.events.push_back(
            {instrument_.id, exchange_time, stamp_.received, stamp_.source_sequence, std::move(body)});
    }
    [[nodiscard]] std::vector<market::Level>& levels() { return output_.levels; }
    /// Events whose time stands behind them in the frame.
    void stamp_times(Timestamp exchange_time);
    /// The order that came newest first is turned around.
    void reverse();
    void undo();
    void keep() const { mark_.keep(); }
    [[nodiscard]] std::size_t event_count() const { return output_.events.size() - first_event_; }

private:
    const market::Instrument& instrument_;
    EventStamp stamp_;
    Output& output_;
    LevelMark mark_;
    std::size_t first_event_;
};

struct Channel {
    FrameKind kind = FrameKind::rejected;
    market::Stream stream = market::Stream::book;
};
[[nodiscard]] std::optional<Channel> channel_of(std::string_view name);
/// "1" is a minute, "240" four hours, "D" a day; months have no length.
[[nodiscard]] std::optional<Nanos> interval_of(std::string_view text);
[[nodiscard]] std::optional<market::TradeId> trade_id_of(std::string_view text);

[[nodiscard]] json::Fault read_book(json::ondemand::value data, std::string_view symbol, std::string_view depth,
                                    DataTarget& target, Frame& frame);
[[nodiscard]] json::Fault read_trades(json::ondemand::value data, std::string_view symbol, DataTarget& target,
                                      Frame& frame);
[[nodiscard]] json::Fault read_ticker(json::ondemand::value data, std::string_view symbol, DataTarget& target,
                                      Frame& frame);
[[nodiscard]] json::Fault read_liquidations(json::ondemand::value data, std::string_view symbol, DataTarget& target,
                                            Frame& frame);
[[nodiscard]] json::Fault read_candles(json::ondemand::value data, std::string_view interval, DataTarget& target);

/// Prices positive and inside the extremes, volumes not negative.
[[nodiscard]] json::Fault check_candle(const market::Candle& candle);
/// Levels of one side: [["price","size"],...].
[[nodiscard]] json::Fault read_levels(json::ondemand::value list, const market::Instrument& instrument,
                                      std::vector<market::Level>& levels);
/// One member of a ticker, of a stream or of REST. `moves_book` is set by what only a moving book can change.
struct OpenInterestReading {
    std::optional<double> one_side;
    std::optional<double> both_sides;
};
[[nodiscard]] json::Fault read_ticker_member(std::string_view key, json::ondemand::value value,
                                             market::Ticker& ticker, OpenInterestReading& interest, bool& moves_book);
/// One side where the venue says it, else half of both sides. Linear contracts count in base currency.
[[nodiscard]] std::optional<double> one_sided(const OpenInterestReading& interest);
/// Turns what was read into the units of market::Ticker: inverse contracts count volume and open interest in quote
/// currency and turnover in base currency. Open interest is converted at the mark price of the same message, else its
/// last price; without either it is absent.
void settle_units(market::Ticker& ticker, const OpenInterestReading& interest, market::Category category);
/// The same for a candle, whose volume comes before its turnover.
void settle_units(market::Candle& candle, market::Category category);

}  // namespace vt::exchange::bybit
