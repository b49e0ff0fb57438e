#include "demo/recording.hpp"

#include "base/decimal.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace vt::demo {
namespace {

struct Change {
    std::int64_t at_ns = 0;
    RecordedChange::Kind kind = RecordedChange::Kind::bid;
    std::int64_t price = 0;
    std::int64_t lots = 0;
};

/// A depthUpdate that waits for the snapshot.
struct Update {
    std::uint64_t first = 0;     // U
    std::uint64_t last = 0;      // u
    std::uint64_t previous = 0;  // pu; 0 on spot
    std::size_t changes_begin = 0, changes_end = 0;
};

Result<std::string_view> text_of(simdjson::dom::element object, std::string_view key) {
    std::string_view text;
    if (object[key].get(text) != simdjson::SUCCESS)
        return fail(Errc::malformed, "recorded frame: no " + std::string(key));
    return text;
}

Result<std::uint64_t> number_of(simdjson::dom::element object, std::string_view key) {
    std::uint64_t number = 0;
    if (object[key].get(number) != simdjson::SUCCESS) {
        return fail(Errc::malformed, "recorded frame: no number " + std::string(key));
    }
    return number;
}

}  // namespace

struct RecordingBuilder::Impl {
    struct Symbol {
        RecordedAs as;
        std::vector<Change> changes;
        std::vector<Update> waiting;
        std::map<std::int64_t, std::int64_t> bids, asks;
        std::uint64_t last_update = 0;
        std::int64_t snapshot_ns = 0;
        bool has_snapshot = false;
        bool has_continued = false;
    };
    std::vector<Symbol> symbols;
    simdjson::dom::parser parser;

    Symbol* find(std::string_view name) {
        for (Symbol& symbol : symbols) {
            if (symbol.as.recorded_symbol == name) return &symbol;
        }
        return nullptr;
    }
    static Result<void> add_level(Symbol& symbol, Change change, std::string_view price, std::string_view quantity);
    static Result<void> add_levels(Symbol& symbol, std::int64_t at_ns, simdjson::dom::element data, bool is_bid,
                                   std::string_view key);
    static Result<void> add_depth(Symbol& symbol, std::int64_t at_ns, simdjson::dom::element data);
    static Result<void> add_trade(Symbol& symbol, std::int64_t at_ns, simdjson::dom::element data);
    static Result<bool> continues(Symbol& symbol, const Update& update);
};

Result<void> RecordingBuilder::Impl::add_level(Symbol& symbol, Change change, std::string_view price,
                                               std::string_view quantity) {
    VT_TRY(change.price, parse_steps(price, symbol.as.tick_size));
    VT_TRY(const Decimal exact, parse_decimal(quantity));
    const double lots = exact.to_double() / symbol.as.lot_size.to_double();
    change.lots = exact.mantissa == 0 ? 0 : std::max<std::int64_t>(1, std::llround(lots));
    if (change.price > std::numeric_limits<std::int32_t>::max() ||
        change.lots > std::numeric_limits<std::int32_t>::max()) {
        return fail(Errc::out_of_range, "recorded level " + std::string(price) + " x " + std::string(quantity));
    }
    symbol.changes.push_back(change);
    return {};
}

Result<void> RecordingBuilder::Impl::add_levels(Symbol& symbol, std::int64_t at_ns, simdjson::dom::element data,
                                                bool is_bid, std::string_view key) {
    simdjson::dom::array levels;
    if (data[key].get(levels) != simdjson::SUCCESS) return fail(Errc::malformed, "recorded depth: no levels");
    for (const simdjson::dom::element level : levels) {
        std::string_view price;
        std::string_view quantity;
        if (level.at(0).get(price) != simdjson::SUCCESS || level.at(1).get(quantity) != simdjson::SUCCESS) {
            return fail(Errc::malformed, "recorded depth: a level is not [price, quantity]");
        }
        const auto kind = is_bid ? RecordedChange::Kind::bid : RecordedChange::Kind::ask;
        if (auto done = add_level(symbol, Change{.at_ns = at_ns, .kind = kind}, price, quantity); !done)
            return tl::unexpected<Error>(std::move(done.error()));
    }
    return {};
}

Result<bool> RecordingBuilder::Impl::continues(Symbol& symbol, const Update& update) {
    if (update.last <= symbol.last_update) return false;
    if (symbol.has_continued) {
        const bool follows =
            update.previous != 0 ? update.previous == symbol.last_update : update.first == symbol.last_update + 1;
        if (!follows) {
            return fail(Errc::corrupt, "recorded depth of " + symbol.as.recorded_symbol +
                                           ": updates are missing after " + std::to_string(symbol.last_update));
        }
    } else if (update.first > symbol.last_update + 1) {
        return fail(Errc::corrupt, "recorded depth of " + symbol.as.recorded_symbol + ": begins after its snapshot");
    }
    symbol.has_continued = true;
    symbol.last_update = update.last;
    return true;
}

Result<void> RecordingBuilder::Impl::add_depth(Symbol& symbol, std::int64_t at_ns, simdjson::dom::element data) {
    Update update;
    VT_TRY(update.first, number_of(data, "U"));
    VT_TRY(update.last, number_of(data, "u"));
    if (const auto previous = number_of(data, "pu")) update.previous = *previous;
    update.changes_begin = symbol.changes.size();
    if (auto done = add_levels(symbol, at_ns, data, true, "b"); !done)
        return tl::unexpected<Error>(std::move(done.error()));
    if (auto done = add_levels(symbol, at_ns, data, false, "a"); !done)
        return tl::unexpected<Error>(std::move(done.error()));
    update.changes_end = symbol.changes.size();
    if (!symbol.has_snapshot) {
        symbol.waiting.push_back(update);
        return {};
    }
    VT_TRY(const bool is_new, continues(symbol, update));
    if (!is_new) symbol.changes.resize(update.changes_begin);
    return {};
}

Result<void> RecordingBuilder::Impl::add_trade(Symbol& symbol, std::int64_t at_ns, simdjson::dom::element data) {
    if (!symbol.has_snapshot) return {};
    std::string_view kind;
    if (data["X"].get(kind) == simdjson::SUCCESS && kind != "MARKET") return {};  // not from the book
    bool is_seller_taker = false;
    if (data["m"].get(is_seller_taker) != simdjson::SUCCESS) return fail(Errc::malformed, "recorded trade: no m");
    VT_TRY(const std::string_view price, text_of(data, "p"));
    VT_TRY(const std::string_view quantity, text_of(data, "q"));
    const auto side = is_seller_taker ? RecordedChange::Kind::sold : RecordedChange::Kind::bought;
    if (auto done = add_level(symbol, Change{.at_ns = at_ns, .kind = side}, price, quantity); !done)
        return tl::unexpected<Error>(std::move(done.error()));
    if (symbol.changes.back().lots == 0) symbol.changes.pop_back();
    return {};
}

RecordingBuilder::RecordingBuilder(std::vector<RecordedAs> symbols) : impl_(std::make_unique<Impl>()) {
    for (RecordedAs& as : symbols) impl_->symbols.push_back(Impl::Symbol{.as = std::move(as)});
}

RecordingBuilder::~RecordingBuilder() = default;

Result<void> RecordingBuilder::add_frame(Timestamp received, std::string_view json) {
    simdjson::dom::element frame;
    if (impl_->parser.parse(json.data(), json.size()).get(frame) != simdjson::SUCCESS) {
        return fail(Errc::malformed, "recorded frame: not JSON");
    }
    VT_TRY(const std::string_view stream, text_of(frame, "stream"));
    simdjson::dom::element data;
    if (frame["data"].get(data) != simdjson::SUCCESS) return fail(Errc::malformed, "recorded frame: no data");
    const std::size_t at = stream.find('@');
    Impl::Symbol* symbol = impl_->find(stream.substr(0, at));
    if (symbol == nullptr || at == std::string_view::npos) return {};
    const std::string_view topic = stream.substr(at + 1);
    if (topic.starts_with("depth")) return Impl::add_depth(*symbol, to_ns(received), data);
    if (topic == "trade") return Impl::add_trade(*symbol, to_ns(received), data);
    return {};
}

Result<void> RecordingBuilder::add_snapshot(std::string_view recorded_symbol, Timestamp received,
                                            std::string_view json) {
    Impl::Symbol* symbol = impl_->find(recorded_symbol);
    if (symbol == nullptr || symbol->has_snapshot) return {};  // the first one is where the recording starts
    simdjson::dom::element data;
    if (impl_->parser.parse(json.data(), json.size()).get(data) != simdjson::SUCCESS) {
        return fail(Errc::malformed, "recorded snapshot: not JSON");
    }
    VT_TRY(symbol->last_update, number_of(data, "lastUpdateId"));
    const std::vector<Change> before = std::exchange(symbol->changes, {});
    if (auto done = Impl::add_levels(*symbol, to_ns(received), data, true, "bids"); !done)
        return tl::unexpected<Error>(std::move(done.error()));
    if (auto done = Impl::add_levels(*symbol, to_ns(received), data, false, "asks"); !done)
        return tl::unexpected<Error>(std::move(done.error()));
    for (const Change& level : symbol->changes) {
        (level.kind == RecordedChange::Kind::bid ? symbol->bids : symbol->asks)[level.price] = level.lots;
    }
    symbol->changes.clear();
    symbol->has_snapshot = true;
    symbol->snapshot_ns = to_ns(received);
    for (const Update& update : std::exchange(symbol->waiting, {})) {
        VT_TRY(const bool is_new, Impl::continues(*symbol, update));
        if (!is_new) continue;
        for (std::size_t i = update.changes_begin; i < update.changes_end; ++i) {
            Change change = before[i];
            change.at_ns = to_ns(received);
            symbol->changes.push_back(change);
        }
    }
    return {};
}

Result<Recording> RecordingBuilder::build() {
    Recording recording;
    std::int64_t start = 0;
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
    for (const Impl::Symbol& symbol : impl_->symbols) {
        if (!symbol.has_snapshot || symbol.changes.empty()) {
            return fail(Errc::malformed, "the recording has no book of " + symbol.as.recorded_symbol);
        }
        start = std::max(start, symbol.snapshot_ns);
        end = std::min(end, symbol.changes.back().at_ns);
    }
    if (end - start < 1'000'000'000) return fail(Errc::malformed, "the recording is shorter than a second");
    recording.duration_ms = static_cast<std::uint32_t>((end - start) / 1'000'000);
    for (Impl::Symbol& symbol : impl_->symbols) {
        RecordedSymbol made;
        double quote = 0;
        for (const Change& change : symbol.changes) {
            const bool is_level =
                change.kind == RecordedChange::Kind::bid || change.kind == RecordedChange::Kind::ask;
            if (change.at_ns < start) {  // before the common start: part of the first book
                if (!is_level) continue;
                auto& side = change.kind == RecordedChange::Kind::bid ? symbol.bids : symbol.asks;
                if (change.lots == 0) {
                    side.erase(change.price);
                } else {
                    side[change.price] = change.lots;
                }
                continue;
            }
            if (change.at_ns >= end) break;
            made.changes.push_back(
                RecordedChange{.at_ms = static_cast<std::uint32_t>((change.at_ns - start) / 1'000'000),
                               .kind = change.kind,
                               .price = static_cast<std::int32_t>(change.price),
                               .lots = static_cast<std::int32_t>(change.lots)});
            if (is_level) continue;
            quote += static_cast<double>(change.price) * symbol.as.tick_size.to_double() *
                     static_cast<double>(change.lots) * symbol.as.lot_size.to_double();
        }
        for (auto level = symbol.bids.rbegin(); level != symbol.bids.rend(); ++level) {
            made.bids.push_back({.price = Ticks{level->first}, .quantity = Lots{level->second}});
        }
        for (const auto& [price, lots] : symbol.asks)
            made.asks.push_back({.price = Ticks{price}, .quantity = Lots{lots}});
        if (made.bids.empty() || made.asks.empty()) {
            return fail(Errc::malformed, "the recorded book of " + symbol.as.recorded_symbol + " has one side only");
        }
        made.mean_minute_quote = quote / (static_cast<double>(recording.duration_ms) / 60'000);
        recording.symbols.push_back(std::move(made));
    }
    return recording;
}

Result<void> add_capture(RecordingBuilder& builder, std::string_view recorded_symbol, std::string_view lines) {
    for (std::size_t number = 1; !lines.empty(); ++number) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (line.empty()) continue;
        const std::size_t space = line.find(' ');
        std::int64_t ns = 0;
        const auto parsed =
            parse_steps(line.substr(0, std::min(space, line.size())), Decimal{.mantissa = 1, .scale = 0});
        if (!parsed || space == std::string_view::npos) {
            return fail(Errc::malformed, "capture line " + std::to_string(number) + ": no receive time");
        }
        ns = *parsed;
        const std::string_view json = line.substr(space + 1);
        const auto added = json.starts_with("{\"stream\"") ? builder.add_frame(from_ns(ns), json)
                                                           : builder.add_snapshot(recorded_symbol, from_ns(ns), json);
        if (!added) {
            return fail(added.error().code, "capture line " + std::to_string(number) + ": " + added.error().what);
        }
    }
    return {};
}

}  // namespace vt::demo
