#pragma once

// For tests only: reads recorded Binance captures (lines "<receive ns> <json>"), USDT-M futures and spot, without the
// exchange module, so that the feature row can be checked apart from it.

#include "analysis/test_stream.hpp"
#include "base/decimal.hpp"

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace vt::analysis::test {

inline std::string shared_folder() {
    if (const char* folder = std::getenv("VIRTUOSO_SHARED")) return folder;
    return std::string(VT_SOURCE_DIR) + "/../shared";
}

/// The text after `"key":`, up to a comma, a bracket or the closing quote.
inline std::string_view field(std::string_view json, std::string_view key, std::size_t from = 0) {
    const std::string quoted = "\"" + std::string(key) + "\":";
    const std::size_t at = json.find(quoted, from);
    if (at == std::string_view::npos) return {};
    std::string_view rest = json.substr(at + quoted.size());
    if (rest.front() == '"') return rest.substr(1, rest.find('"', 1) - 1);
    return rest.substr(0, rest.find_first_of(",]}"));
}

inline std::uint64_t number(std::string_view text) { return std::strtoull(std::string(text).c_str(), nullptr, 10); }

/// The levels of `"key":[["p","q"],...]`.
inline std::vector<market::Level> levels(std::string_view json, std::string_view key, Decimal tick, Decimal lot) {
    std::vector<market::Level> result;
    const std::string quoted = "\"" + std::string(key) + "\":[";
    std::size_t at = json.find(quoted) + quoted.size();
    while (json[at] == '[' || (json[at] == ',' && json[at + 1] == '[')) {
        const std::size_t p = json.find('"', at) + 1;
        const std::size_t p_end = json.find('"', p);
        const std::size_t q = json.find('"', p_end + 1) + 1;
        const std::size_t q_end = json.find('"', q);
        result.push_back({Ticks{*parse_steps(json.substr(p, p_end - p), tick)},
                          Lots{*parse_steps(json.substr(q, q_end - q), lot)}});
        at = json.find(']', q_end) + 1;
    }
    return result;
}

struct Capture {
    market::Instrument instrument;
    std::vector<Record> records;
};

inline market::Instrument btcusdt_futures() {
    market::Instrument instrument;
    instrument.venue = market::Venue::binance;
    instrument.symbol = "BTCUSDT";
    instrument.base = "BTC";
    instrument.quote = instrument.settle = "USDT";
    instrument.tick_size = {1, 1};
    instrument.lot_size = {1, 3};
    return instrument;
}

inline market::Instrument spot(std::string base, Decimal lot) {
    market::Instrument instrument;
    instrument.venue = market::Venue::binance;
    instrument.category = market::Category::spot;
    instrument.symbol = base + "USDT";
    instrument.base = std::move(base);
    instrument.quote = "USDT";
    instrument.tick_size = {1, 2};
    instrument.lot_size = lot;
    return instrument;
}

class CaptureReader {
public:
    explicit CaptureReader(market::Instrument of) { capture.instrument = std::move(of); }

    void line(std::string_view text) {
        const std::string_view json = text.substr(text.find(' ') + 1);
        if (json.find("\"lastUpdateId\":") != std::string_view::npos) return snapshot(json);
        const std::string_view event = field(json, "e");
        // Spot depth has the time of the frame only, its best quotes none at all: they are left out.
        const std::string_view ms = field(json, "T").empty() ? field(json, "E") : field(json, "T");
        if (ms.empty()) return;
        const Timestamp time = from_ms(static_cast<std::int64_t>(number(ms)));
        last_time_ = time;
        if (event == "trade") return trade(json, time);
        if (event == "bookTicker") {
            capture.records.push_back(
                {time, market::BestQuote{.bid = {price(field(json, "b")), size(field(json, "B"))},
                                         .ask = {price(field(json, "a")), size(field(json, "A"))}}});
        }
        if (event == "depthUpdate") depth(json, time);
    }
    Capture capture;

private:
    struct Waiting {
        std::uint64_t first, last;
        Record record;
    };
    [[nodiscard]] Ticks price(std::string_view text) const {
        return Ticks{*parse_steps(text, capture.instrument.tick_size)};
    }
    [[nodiscard]] Lots size(std::string_view text) const {
        return Lots{*parse_steps(text, capture.instrument.lot_size)};
    }
    void trade(std::string_view json, Timestamp time) {
        const std::string_view kind = field(json, "X");
        if (!kind.empty() && kind != "MARKET") return;
        const bool buyer_is_maker = field(json, "m") == "true";
        capture.records.push_back(
            {time, market::Trade{.price = price(field(json, "p")),
                                 .quantity = size(field(json, "q")),
                                 .aggressor = buyer_is_maker ? market::Side::sell : market::Side::buy}});
    }
    void depth(std::string_view json, Timestamp time) {
        const market::Instrument& of = capture.instrument;
        Record record{time, OwnedUpdate{.bids = levels(json, "b", of.tick_size, of.lot_size),
                                        .asks = levels(json, "a", of.tick_size, of.lot_size)}};
        const std::uint64_t last = number(field(json, "u"));
        if (!has_snapshot_) {
            waiting_.push_back({number(field(json, "U")), last, std::move(record)});
        } else if (last >= snapshot_id_) {
            capture.records.push_back(std::move(record));
        }
    }
    void snapshot(std::string_view json) {
        const market::Instrument& of = capture.instrument;
        has_snapshot_ = true;
        snapshot_id_ = number(field(json, "lastUpdateId"));
        const std::string_view ms = field(json, "T");
        const Timestamp time = ms.empty() ? last_time_ : from_ms(static_cast<std::int64_t>(number(ms)));
        capture.records.push_back({time, OwnedUpdate{.is_snapshot = true,
                                                     .bids = levels(json, "bids", of.tick_size, of.lot_size),
                                                     .asks = levels(json, "asks", of.tick_size, of.lot_size)}});
        for (Waiting& waiting : waiting_) {
            if (waiting.last >= snapshot_id_) capture.records.push_back(std::move(waiting.record));
        }
        waiting_.clear();
    }

    Timestamp last_time_{};
    bool has_snapshot_ = false;
    std::uint64_t snapshot_id_ = 0;
    std::vector<Waiting> waiting_;
};

/// The files of the recorded data one after the other. Empty where one, or the zstd program, is absent.
inline Capture read_captures(const market::Instrument& instrument, std::initializer_list<std::string_view> files) {
    CaptureReader reader(instrument);
    for (const std::string_view file : files) {
        const std::size_t before = reader.capture.records.size();
        const std::string path = shared_folder() + "/data/raw/binance/" + std::string(file);
        const std::string command = "zstd -dc '" + path + "' 2>/dev/null";
        FILE* pipe = popen(command.c_str(), "r");
        if (pipe == nullptr) return {};
        char* line = nullptr;
        std::size_t capacity = 0;
        for (ssize_t length = 0; (length = getline(&line, &capacity, pipe)) > 0;) {
            reader.line(std::string_view(line, static_cast<std::size_t>(length)));
        }
        std::free(line);
        pclose(pipe);
        if (reader.capture.records.size() == before) return {};
    }
    return std::move(reader.capture);
}

inline Capture read_capture() { return read_captures(btcusdt_futures(), {"ws-usdm/btcusdt_20240808.log.zst"}); }

}  // namespace vt::analysis::test
