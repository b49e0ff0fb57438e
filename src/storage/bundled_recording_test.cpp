#include "storage/bundled_recording.hpp"

#include "exchange/binance/replay_feed.hpp"
#include "exchange/capture.hpp"
#include "market/order_book.hpp"
#include "storage/capture_import.hpp"
#include "storage/journal_reader.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::storage {
namespace {

JournalReader bundled() {
    Result<JournalReader> reader =
        JournalReader::open_memory(bundled_recording(), std::string(kBundledRecordingName));
    EXPECT_TRUE(reader) << reader.error().what;
    return std::move(*reader);
}

TEST(BundledRecording, IsWholeAndNamesItsOrigin) {
    JournalReader reader = bundled();
    EXPECT_NE(reader.header().origin.find("hftbacktest"), std::string::npos);
    EXPECT_NE(reader.header().origin.find("MIT"), std::string::npos);
    EXPECT_EQ(reader.header().venues, "binance");
    std::map<std::string, int> listed;
    engine::Event event;
    ReadOutcome outcome = reader.next(event);
    for (; outcome == ReadOutcome::event; outcome = reader.next(event)) {
        if (const auto* listing = std::get_if<engine::ListInstrument>(&event.body))
            ++listed[listing->instrument.path_id()];
    }
    ASSERT_EQ(outcome, ReadOutcome::end) << reader.loss().text();
    EXPECT_EQ(listed, (std::map<std::string, int>{{"binance-linear-BTCUSDT", 1}, {"binance-spot-ETHUSDT", 1}}));
    EXPECT_EQ(reader.stats().events, 127'923U);
    EXPECT_TRUE(reader.remarks().empty());
}

TEST(BundledRecording, IsWhatTheImporterMakesOfTheCaptures) {
    const TemporaryDirectory directory("bundled");
    ImportParams params{.out = directory.path() / "o.vtj", .compression_level = 1};
    for (const std::string name :
         {"binance/ws-usdm/btcusdt_20240808.log.zst", "binance/ws-spot/ethusdt_20240808.log.zst"}) {
        const std::string path = exchange::capture_path(name);
        VT_SKIP_WITHOUT(path, name);
        params.captures.emplace_back(path);
    }
    const Result<ImportReport> report = import_capture(params);
    ASSERT_TRUE(report) << report.error().what;
    Result<JournalReader> made = JournalReader::open(params.out);
    ASSERT_TRUE(made);
    JournalReader reader = bundled();
    EXPECT_EQ(made->header().run_id, reader.header().run_id);
    engine::Event event;
    engine::Event again;
    while (reader.next(event) == ReadOutcome::event) {
        ASSERT_EQ(made->next(again), ReadOutcome::event);
        ASSERT_EQ(made->encoded(), reader.encoded());
    }
    EXPECT_EQ(made->next(again), ReadOutcome::end);
}

/// "61800.2" in 1e-8, read by nothing but this file.
std::int64_t hundred_millionths(std::string_view text) {
    std::int64_t value = 0;
    int decimals = 0;
    bool is_behind_point = false;
    for (const char c : text) {
        if (c == '.') {
            is_behind_point = true;
        } else {
            value = value * 10 + (c - '0');
            if (is_behind_point) ++decimals;
        }
    }
    for (; decimals < 8; ++decimals) value *= 10;
    return value;
}

/// A book as simple as can be: what the frames say, in a sorted map, prices and quantities in 1e-8.
class SlowBook {
public:
    explicit SlowBook(bool is_futures) : is_futures_(is_futures) {}

    void on_snapshot(std::string_view json) {
        update_id_ = std::strtoull(std::string(after(json, "\"lastUpdateId\":")).c_str(), nullptr, 10);
        has_snapshot_ = true;
        apply(after(json, "\"bids\":"), bids);
        apply(after(json, "\"asks\":"), asks);
        for (const std::string& frame : waiting_) on_depth(frame);
        waiting_.clear();
    }
    void on_depth(std::string_view json) {
        if (!has_snapshot_) {
            waiting_.emplace_back(json);
            return;
        }
        const std::uint64_t last = std::strtoull(std::string(after(json, "\"u\":")).c_str(), nullptr, 10);
        if (is_futures_ ? last < update_id_ : last <= update_id_) return;  // already in the snapshot
        update_id_ = last;
        apply(after(json, "\"b\":"), bids);
        apply(after(json, "\"a\":"), asks);
    }

    std::map<std::int64_t, std::int64_t> bids, asks;

private:
    static std::string_view after(std::string_view json, std::string_view key) {
        return json.substr(json.find(key) + key.size());
    }
    /// `[["61800.20","2.909"],...]`
    static void apply(std::string_view levels, std::map<std::int64_t, std::int64_t>& side) {
        std::vector<std::string> texts;
        int depth = 0;
        for (std::size_t i = 0; i < levels.size(); ++i) {
            if (levels[i] == '[') ++depth;
            if (levels[i] == ']' && --depth == 0) break;
            if (levels[i] != '"') continue;
            const std::size_t end = levels.find('"', i + 1);
            texts.emplace_back(levels.substr(i + 1, end - i - 1));
            i = end;
        }
        for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
            const std::int64_t price = hundred_millionths(texts[i]);
            const std::int64_t quantity = hundred_millionths(texts[i + 1]);
            side.erase(price);
            if (quantity != 0) side[price] = quantity;
        }
    }
    bool is_futures_;
    bool has_snapshot_ = false;
    std::uint64_t update_id_ = 0;
    std::vector<std::string> waiting_;
};

/// Levels that differ, from the best outwards.
template <class Iterator>
std::size_t differences(const market::OrderBook& book, market::Side side, const market::Instrument& instrument,
                        std::pair<Iterator, Iterator> slow) {
    const std::int64_t tick = hundred_millionths(instrument.tick_size.to_string());
    const std::int64_t lot = hundred_millionths(instrument.lot_size.to_string());
    std::size_t wrong = 0;
    book.walk(side, [&](const market::Level& level) {
        const bool is_equal = slow.first != slow.second && slow.first->first == level.price.value() * tick &&
                              slow.first->second == level.quantity.value() * lot;
        if (!is_equal) ++wrong;
        if (slow.first != slow.second) ++slow.first;
        return wrong == 0;
    });
    return wrong + (slow.first == slow.second ? 0U : 1U);
}

struct Replayed {
    market::Instrument instrument;
    market::OrderBook book;
    SlowBook slow;
    std::size_t compared = 0;
};

/// The whole books are compared after every frame that changes one: a sample of prices would hide a stray level.
TEST(BundledRecording, BooksEqualASlowModelAfterEveryFrame) {
    JournalReader reader = bundled();
    market::InstrumentDirectory directory;
    exchange::binance::ReplayFeed feed(directory);
    exchange::Output out;
    std::vector<Replayed> markets;
    engine::Event event;
    while (reader.next(event) == ReadOutcome::event) {
        if (const auto* listing = std::get_if<engine::ListInstrument>(&event.body)) {
            ASSERT_EQ(directory.list(listing->instrument).value(), markets.size());
            markets.push_back({listing->instrument, market::OrderBook(),
                               SlowBook(listing->instrument.category == market::Category::linear), 0});
        } else if (const auto* reply = std::get_if<engine::Replied>(&event.body)) {
            feed.on_reply(reply->reply, event.at, event.sequence, out);
            markets[exchange::binance::snapshot_instrument(reply->reply.request).value()].slow.on_snapshot(
                reply->reply.body);
        } else if (const auto* frame = std::get_if<engine::FrameReceived>(&event.body)) {
            feed.on_text(frame->connection, frame->text, event.at, event.sequence, out);
            const std::size_t index = frame->connection == exchange::binance::kSpotConnection ? 1 : 0;
            if (frame->text.find("\"depthUpdate\"") != std::string_view::npos)
                markets[index].slow.on_depth(frame->text);
        }
        ASSERT_TRUE(out.rejections.empty()) << out.rejections[0].what;
        bool is_changed = false;
        for (const market::Event& fact : out.events) {
            ASSERT_FALSE(std::holds_alternative<market::BookInvalid>(fact.body));
            const auto* update = std::get_if<market::BookUpdate>(&fact.body);
            if (update == nullptr) continue;
            is_changed = true;
            ASSERT_EQ(markets[fact.instrument.value()].book.apply(*update), market::ApplyResult::applied);
        }
        for (std::size_t i = 0; is_changed && i < markets.size(); ++i) {
            Replayed& one = markets[i];
            if (!one.book.is_valid() || out.events.front().instrument.value() != i) continue;
            ASSERT_EQ(differences(one.book, market::Side::buy, one.instrument,
                                  std::pair(one.slow.bids.rbegin(), one.slow.bids.rend())),
                      0U)
                << "input " << event.sequence;
            ASSERT_EQ(differences(one.book, market::Side::sell, one.instrument,
                                  std::pair(one.slow.asks.begin(), one.slow.asks.end())),
                      0U)
                << "input " << event.sequence;
            ++one.compared;
        }
        out.clear();
    }
    ASSERT_EQ(markets.size(), 2U);
    EXPECT_EQ(markets[0].compared, 6546U);
    EXPECT_EQ(markets[1].compared, 3433U);
}

}  // namespace
}  // namespace vt::storage
