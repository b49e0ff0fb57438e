#include "exchange/bybit/codec_parts.hpp"

#include <algorithm>
#include <charconv>

namespace vt::exchange::bybit {

std::optional<market::InstrumentId> SymbolCache::find(std::string_view symbol, market::Category category,
                                                      const market::InstrumentDirectory& directory) {
    if (directory_ != &directory) {
        entries_ = {};
        directory_ = &directory;
    }
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325ULL;  // FNV-1a
    for (const char c : symbol) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3ULL;
    Entry& entry = entries_[(hash ^ (hash >> 32)) % entries_.size()];
    if (entry.symbol == symbol && !symbol.empty()) return entry.id;
    const auto id = directory.find(market::Venue::bybit, category, symbol);
    if (id) {
        entry.symbol = symbol;
        entry.id = *id;
    }
    return id;
}

void LevelMark::undo() const {
    output_.levels.resize(size_);
    keep();
}

void LevelMark::keep() const {
    market::Level* const now = output_.levels.data();
    if (now == data_ || size_ == 0) return;
    for (std::size_t i = 0; i < events_; ++i) {
        auto* const update = std::get_if<market::BookUpdate>(&output_.events[i].body);
        if (update == nullptr) continue;
        const auto moved = [&](std::span<const market::Level> levels) {
            return levels.empty() ? levels
                                  : std::span<const market::Level>(now + (levels.data() - data_), levels.size());
        };
        update->bids = moved(update->bids);
        update->asks = moved(update->asks);
    }
}

void DataTarget::stamp_times(Timestamp exchange_time) {
    for (std::size_t i = first_event_; i < output_.events.size(); ++i)
        output_.events[i].exchange_time = exchange_time;
}

void DataTarget::reverse() {
    std::reverse(output_.events.begin() + static_cast<std::ptrdiff_t>(first_event_), output_.events.end());
}

void DataTarget::undo() {
    output_.events.resize(first_event_);
    mark_.undo();
}

std::optional<Channel> channel_of(std::string_view name) {
    if (name == "orderbook") return Channel{FrameKind::book, market::Stream::book};
    if (name == "publicTrade") return Channel{FrameKind::trades, market::Stream::trades};
    if (name == "tickers") return Channel{FrameKind::ticker, market::Stream::ticker};
    if (name == "allLiquidation") return Channel{FrameKind::liquidations, market::Stream::liquidations};
    if (name == "kline") return Channel{FrameKind::candles, market::Stream::candles};
    return std::nullopt;
}

std::optional<Nanos> interval_of(std::string_view text) {
    if (text == "D") return std::chrono::hours{24};
    if (text == "W") return std::chrono::hours{24 * 7};
    for (const int minutes : {1, 3, 5, 15, 30, 60, 120, 240, 360, 720}) {
        if (text == std::to_string(minutes)) return std::chrono::minutes{minutes};
    }
    return std::nullopt;
}

std::optional<market::TradeId> trade_id_of(std::string_view text) {
    market::TradeId id;
    if (text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-') {
        std::size_t nibbles = 0;
        for (const char c : text) {
            if (c == '-') continue;
            const unsigned nibble = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                                    : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                                    : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                           : 16U;
            if (nibble > 15) return std::nullopt;
            std::uint64_t& half = nibbles < 16 ? id.high : id.low;
            half = (half << 4) | nibble;
            ++nibbles;
        }
        return nibbles == 32 ? std::optional(id) : std::nullopt;
    }
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, id.low);
    return error == std::errc{} && at == end ? std::optional(id) : std::nullopt;
}

std::optional<double> one_sided(const OpenInterestReading& interest) {
    if (interest.one_side) return interest.one_side;
    if (interest.both_sides) return *interest.both_sides / 2;
    return std::nullopt;
}

void settle_units(market::Ticker& ticker, const OpenInterestReading& interest, market::Category category) {
    const auto side = one_sided(interest);
    if (category == market::Category::linear) ticker.open_interest_base = side;
    if (category != market::Category::inverse) return;
    std::swap(ticker.volume_24h_base, ticker.turnover_24h_quote);
    const auto price = ticker.mark_price ? ticker.mark_price : ticker.last_price;
    if (side && price && *price > 0) ticker.open_interest_base = *side / *price;
}

void settle_units(market::Candle& candle, market::Category category) {
    if (category == market::Category::inverse) std::swap(candle.volume_base, candle.turnover_quote);
}

}  // namespace vt::exchange::bybit
