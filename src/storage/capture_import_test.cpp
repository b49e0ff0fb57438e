#include "storage/capture_import.hpp"

#include "engine/engine.hpp"
#include "exchange/binance/replay_feed.hpp"
#include "exchange/capture.hpp"
#include "storage/capture_file.hpp"
#include "storage/compression.hpp"
#include "storage/journal_reader.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vt::storage {
namespace {

void write(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

constexpr std::string_view kFutures =
    R"(1723161255030314667 {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","s":"BTCUSDT","pu":1}}
1723161255319702566 {"lastUpdateId":5,"bids":[],"asks":[]}
1723161256999999999 {"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT"}}
1723161259000000000 {"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":2}}
)";

/// One line for each event: its time in ms of the minute and what it is.
std::vector<std::string> told(const std::filesystem::path& journal) {
    Result<JournalReader> reader = JournalReader::open(journal);
    EXPECT_TRUE(reader) << reader.error().what;
    struct Teller {
        std::string operator()(const engine::Opened& e) const {
            return "opened " + std::to_string(e.connection.value());
        }
        std::string operator()(const engine::FrameReceived& e) const {
            return "frame " + std::to_string(e.connection.value()) + " " + std::string(e.text.substr(11, 14));
        }
        std::string operator()(const engine::Closed& e) const {
            return "closed " + std::to_string(e.connection.value());
        }
        std::string operator()(const engine::Replied& e) const {
            return "replied " + std::to_string(exchange::binance::snapshot_instrument(e.reply.request).value()) +
                   " " + std::to_string(e.reply.status) + " " + std::string(e.reply.body);
        }
        std::string operator()(const engine::Tick&) const { return "tick"; }
        std::string operator()(const engine::Dropped&) const { return "dropped"; }
        std::string operator()(const engine::StartFeed&) const { return "start"; }
        std::string operator()(const engine::LoadState&) const { return "load"; }
        std::string operator()(const engine::ResumeSignal&) const { return "resume"; }
        std::string operator()(const engine::ResumeTrading&) const { return "resume trading"; }
        std::string operator()(const engine::TradingCommand&) const { return "command"; }
        std::string operator()(const engine::EdgeKnown&) const { return "edge"; }
        std::string operator()(const engine::ListInstrument& e) const { return "list " + e.instrument.path_id(); }
    };
    std::vector<std::string> lines;
    engine::Event event;
    while (reader->next(event) == ReadOutcome::event) {
        lines.push_back(std::to_string(to_ms(event.at) % 60'000) + " " + std::visit(Teller{}, event.body));
    }
    EXPECT_TRUE(reader->losses().empty());
    return lines;
}

TEST(CaptureImport, ReplaysLikeALiveRun) {
    const TemporaryDirectory directory("import");
    write(directory.path() / "c.log", kFutures);
    const Result<ImportReport> report =
        import_capture({.captures = {directory.path() / "c.log"}, .out = directory.path() / "o.vtj"});
    ASSERT_TRUE(report) << report.error().what;
    const std::string connection = std::to_string(exchange::binance::kFuturesConnection.value());
    const std::vector<std::string> expected = {
        "15030 list binance-linear-BTCUSDT",
        "15030 opened " + connection,
        "15030 frame " + connection + " btcusdt@depth@",
        "15319 replied 0 200 {\"lastUpdateId\":5,\"bids\":[],\"asks\":[]}",
        "16000 tick",
        "16999 frame " + connection + " btcusdt@trade\"",
        "17000 tick",
        "18000 tick",
        "19000 tick",
        "19000 frame " + connection + " btcusdt@trade\"",
        "19000 closed " + connection,
    };
    EXPECT_EQ(told(directory.path() / "o.vtj"), expected);
    EXPECT_EQ(report->events, expected.size());
    EXPECT_EQ(report->frames, 3U);
    EXPECT_EQ(report->snapshots, 1U);
    EXPECT_EQ(report->ticks, 4U);
    EXPECT_EQ(report->skipped_lines, 0U);
    EXPECT_EQ(report->bytes, std::filesystem::file_size(directory.path() / "o.vtj"));
}

TEST(CaptureImport, TheSameCapturesGiveTheSameBytes) {
    const TemporaryDirectory directory("import");
    write(directory.path() / "c.log", kFutures);
    for (const char* name : {"a.vtj", "b.vtj"}) {
        ASSERT_TRUE(import_capture({.captures = {directory.path() / "c.log"}, .out = directory.path() / name}));
    }
    EXPECT_EQ(content(directory.path() / "a.vtj"), content(directory.path() / "b.vtj"));
}

TEST(CaptureImport, MergesByReceiveTimeAndClosesEachConnectionOnce) {
    const TemporaryDirectory directory("import");
    write(directory.path() / "futures.log", kFutures);
    write(directory.path() / "spot1.log",
          "1723161255100000000 {\"stream\":\"btcusdt@trade\",\"data\":{\"s\":\"BTCUSDT\"}}\n");
    write(directory.path() / "spot2.log",
          "1723161256500000000 {\"stream\":\"ethusdt@trade\",\"data\":{\"s\":\"ETHUSDT\"}}\n");
    const Result<ImportReport> report =
        import_capture({.captures = {directory.path() / "futures.log", directory.path() / "spot1.log",
                                     directory.path() / "spot2.log"},
                        .out = directory.path() / "o.vtj"});
    ASSERT_TRUE(report) << report.error().what;
    ASSERT_EQ(report->instruments.size(), 3U);
    EXPECT_EQ(report->instruments[2].path_id(), "binance-spot-ETHUSDT");
    EXPECT_EQ(report->instruments[2].id.value(), 2U);
    const std::vector<std::string> lines = told(directory.path() / "o.vtj");
    const std::string spot = std::to_string(exchange::binance::kSpotConnection.value());
    EXPECT_EQ(std::count(lines.begin(), lines.end(), "16500 closed " + spot), 1);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), "15100 opened " + spot), 1);
    EXPECT_EQ(lines[5], "15100 opened " + spot);
}

TEST(CaptureImport, ALineThatIsCutIsCountedAndNamed) {
    const TemporaryDirectory directory("import");
    write(directory.path() / "c.log", std::string(kFutures) + "1723161259100000000 {\"stream\":\"btcus");
    const Result<ImportReport> report =
        import_capture({.captures = {directory.path() / "c.log"}, .out = directory.path() / "o.vtj"});
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->skipped_lines, 1U);
    EXPECT_EQ(report->first_skipped, (directory.path() / "c.log").string() + ":5");
    EXPECT_EQ(report->frames, 3U);
}

TEST(CaptureImport, UnknownStepsAreAskedForAndCanBeGiven) {
    const TemporaryDirectory directory("import");
    write(directory.path() / "c.log", "1723161255100000000 {\"stream\":\"x\",\"data\":{\"s\":\"DOGEUSDT\"}}\n");
    ImportParams params{.captures = {directory.path() / "c.log"}, .out = directory.path() / "o.vtj"};
    const Result<ImportReport> refused = import_capture(params);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::not_found);
    EXPECT_NE(refused.error().what.find("binance-spot-DOGEUSDT:TICK:LOT"), std::string::npos);
    params.instruments.push_back(*parse_instrument("binance-spot-DOGEUSDT:0.00001:1"));
    const Result<ImportReport> report = import_capture(params);
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->instruments[0].tick_size, (Decimal{1, 5}));
}

TEST(CaptureImport, WhatIsNoCaptureIsRefusedAndNothingIsLeft) {
    const TemporaryDirectory directory("import");
    write(directory.path() / "text", "hello\n");
    write(directory.path() / "empty", "");
    write(directory.path() / "nosymbol", "1723161255100000000 {\"stream\":\"x\",\"data\":{}}\n");
    for (const char* name : {"text", "empty", "nosymbol"}) {
        const Result<ImportReport> report =
            import_capture({.captures = {directory.path() / name}, .out = directory.path() / "o.vtj"});
        ASSERT_FALSE(report) << name;
        EXPECT_EQ(report.error().code, Errc::unsupported) << name;
    }
    EXPECT_EQ(import_capture({.captures = {"absent"}, .out = "o.vtj"}).error().code, Errc::not_found);
    EXPECT_EQ(import_capture({.captures = {}, .out = "o.vtj"}).error().code, Errc::configuration);
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "o.vtj"));
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "o.vtj.partial"));
}

TEST(CaptureImport, CapturesFarApartAreRefusedAndNothingIsLeft) {
    const TemporaryDirectory directory("import");
    write(directory.path() / "c.log", std::string(kFutures) + "1823161259100000000 {\"s\":\"BTCUSDT\"}\n");
    const Result<ImportReport> report =
        import_capture({.captures = {directory.path() / "c.log"}, .out = directory.path() / "o.vtj"});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Errc::out_of_range);
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "o.vtj.partial"));
}

TEST(CaptureImport, InstrumentsAreReadFromText) {
    const Result<market::Instrument> linear = parse_instrument("binance-linear-BTCUSDT:0.10:0.001");
    ASSERT_TRUE(linear) << linear.error().what;
    EXPECT_EQ(linear->path_id(), "binance-linear-BTCUSDT");
    EXPECT_EQ(linear->unified_symbol(), "BTC/USDT:USDT");
    EXPECT_EQ(linear->tick_size, (Decimal{1, 1}));
    EXPECT_EQ(linear->lot_size, (Decimal{1, 3}));
    EXPECT_EQ(parse_instrument("binance-spot-BLZETH:1e-8:1")->unified_symbol(), "BLZ/ETH");
    for (const char* text :
         {"", ":", "::", "BTCUSDT", "BTCUSDT:1", "binance-linear-:1:1", "binance-linear-BTCUSDT:0:1",
          "binance-linear-BTCUSDT:1:x", "kraken-spot-BTCUSDT:1:1", "binance-spot-BTCXYZ:1:1"}) {
        const Result<market::Instrument> refused = parse_instrument(text);
        ASSERT_FALSE(refused) << text;
        EXPECT_EQ(refused.error().code, Errc::configuration) << text;
    }
}

TEST(CaptureFile, ReadsCryptofeedStampsToTheLastDigit) {
    const TemporaryDirectory directory("import");
    write(directory.path() / "ws",
          "wss://fstream.binance.com/stream?streams=sushiusdt@depth <-> 1\n"
          "1626992741.06217: {\"data\":{\"s\":\"SUSHIUSDT\"}}\n1626992742: {\"data\":{\"s\":\"SUSHIUSDT\"}}\n"
          "configuration: {\"trades\":[]}\n");
    write(directory.path() / "http",
          "https://fapi.binance.com/fapi/v1/exchangeInfo -> 1.5: {}\n"
          "https://fapi.binance.com/fapi/v1/depth?symbol=SUSHIUSDT&limit=5 -> 1626992741.301402: "
          "{\"lastUpdateId\":6}\n");
    Result<CaptureFile> frames = CaptureFile::open(directory.path() / "ws");
    ASSERT_TRUE(frames) << frames.error().what;
    EXPECT_EQ(frames->content().category, market::Category::linear);
    CaptureRecord record;
    ASSERT_TRUE(*frames->next(record));
    EXPECT_EQ(record.at, from_ns(1'626'992'741'062'170'000));
    ASSERT_TRUE(*frames->next(record));
    EXPECT_EQ(record.at, from_ns(1'626'992'742'000'000'000));
    EXPECT_FALSE(*frames->next(record));
    EXPECT_EQ(frames->skipped_lines(), 0U);
    Result<CaptureFile> replies = CaptureFile::open(directory.path() / "http");
    ASSERT_TRUE(replies) << replies.error().what;
    ASSERT_TRUE(*replies->next(record));
    EXPECT_TRUE(record.is_snapshot);
    EXPECT_EQ(record.symbol, "SUSHIUSDT");
    EXPECT_EQ(record.text, "{\"lastUpdateId\":6}");
    EXPECT_EQ(record.at, from_ns(1'626'992'741'301'402'000));
    EXPECT_FALSE(*replies->next(record));
}

// The recorded captures.

/// What the frames of a journal are, by the word behind the first '@' of their stream.
struct Counts {
    std::map<std::string, std::size_t> frames;
    std::size_t snapshots = 0;
    std::size_t trades = 0, quotes = 0, updates = 0;  // out of the feed
    std::size_t rejections = 0, gaps = 0;
    std::string first_rejection;
};

void replay(const engine::Event& event, exchange::binance::ReplayFeed& feed, exchange::Output& out, Counts& counts) {
    if (const auto* frame = std::get_if<engine::FrameReceived>(&event.body)) {
        const std::size_t at = frame->text.find('@');
        ++counts.frames[std::string(frame->text.substr(at + 1, frame->text.find('"', at) - at - 1))];
        feed.on_text(frame->connection, frame->text, event.at, event.sequence, out);
    } else if (const auto* replied = std::get_if<engine::Replied>(&event.body)) {
        ++counts.snapshots;
        feed.on_reply(replied->reply, event.at, event.sequence, out);
    } else if (const auto* opened = std::get_if<engine::Opened>(&event.body)) {
        feed.on_open(opened->connection, event.at, out);
    }
    for (const exchange::Rejected& refused : out.rejections) {
        if (refused.what.find("@aggTrade") != std::string::npos) continue;  // streams that the feed does not read
        if (refused.what.find("@kline") != std::string::npos) continue;
        if (counts.rejections++ == 0) counts.first_rejection = refused.what;
    }
    for (const market::Event& fact : out.events) {
        if (std::holds_alternative<market::Trade>(fact.body)) ++counts.trades;
        if (std::holds_alternative<market::BestQuote>(fact.body)) ++counts.quotes;
        if (std::holds_alternative<market::BookUpdate>(fact.body)) ++counts.updates;
        if (std::holds_alternative<market::BookInvalid>(fact.body)) ++counts.gaps;
    }
    out.clear();
}

Counts counts_of(const std::filesystem::path& journal) {
    Counts counts;
    Result<JournalReader> reader = JournalReader::open(journal);
    EXPECT_TRUE(reader) << reader.error().what;
    market::InstrumentDirectory directory;
    exchange::binance::ReplayFeed feed(directory);
    exchange::Output out;
    engine::Event event;
    while (reader->next(event) == ReadOutcome::event) {
        if (const auto* listing = std::get_if<engine::ListInstrument>(&event.body)) {
            EXPECT_EQ(directory.list(listing->instrument), listing->instrument.id);
        }
        replay(event, feed, out, counts);
    }
    EXPECT_TRUE(reader->losses().empty());
    return counts;
}

/// Every frame of the journal is, byte for byte and in order, a line of the capture, with its stamp.
void expect_all_lines(const std::filesystem::path& journal, const std::vector<std::string>& lines) {
    Result<JournalReader> reader = JournalReader::open(journal);
    ASSERT_TRUE(reader) << reader.error().what;
    std::size_t line = 0;
    engine::Event event;
    while (reader->next(event) == ReadOutcome::event) {
        std::string_view text;
        if (const auto* frame = std::get_if<engine::FrameReceived>(&event.body)) text = frame->text;
        if (const auto* replied = std::get_if<engine::Replied>(&event.body)) text = replied->reply.body;
        if (text.empty()) continue;
        ASSERT_LT(line, lines.size());
        ASSERT_EQ(std::to_string(to_ns(event.at)) + " " + std::string(text), lines[line]);
        ++line;
    }
    EXPECT_EQ(line, lines.size());
}

struct Expected {  // of data/MANIFEST.tsv
    std::vector<std::string> captures;
    std::map<std::string, std::size_t> frames;
    std::size_t snapshots = 0;
};

void check_capture(const Expected& expected) {
    const TemporaryDirectory directory("import");
    ImportParams params{.out = directory.path() / "o.vtj", .compression_level = 1};
    std::vector<std::string> lines;
    for (const std::string& name : expected.captures) {
        const std::string path = exchange::capture_path(name);
        VT_SKIP_WITHOUT(path, name);
        params.captures.emplace_back(path);
        for (std::string& line : exchange::capture_lines(path)) lines.push_back(std::move(line));
    }
    const Result<ImportReport> report = import_capture(params);
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->skipped_lines, 0U);
    EXPECT_EQ(report->frames + report->snapshots, lines.size());
    expect_all_lines(params.out, lines);
    const Counts counts = counts_of(params.out);
    EXPECT_EQ(counts.frames, expected.frames);
    EXPECT_EQ(counts.snapshots, expected.snapshots);
    EXPECT_EQ(counts.trades, expected.frames.at("trade"));
    EXPECT_EQ(counts.rejections, 0U) << counts.first_rejection;
    EXPECT_EQ(counts.gaps, 0U);
}

TEST(CaptureImport, BitcoinFuturesEqualTheManifest) {
    check_capture({{"binance/ws-usdm/btcusdt_20240808.log.zst"},
                   {{"depth@0ms", 6551}, {"bookTicker", 66'089}, {"trade", 21'313}},
                   1});
}

TEST(CaptureImport, BitcoinSpotOverTwoFilesEqualsTheManifest) {
    check_capture({{"binance/ws-spot/btcusdt_20240808.log.zst", "binance/ws-spot/btcusdt_20240809.log.zst"},
                   {{"depth@100ms", 3451 + 3044}, {"bookTicker", 28'040 + 45'134}, {"trade", 9757 + 10'147}},
                   1});
}

TEST(CaptureImport, EtherSpotEqualsTheManifest) {
    check_capture({{"binance/ws-spot/ethusdt_20240808.log.zst"},
                   {{"depth@100ms", 3434}, {"bookTicker", 24'077}, {"trade", 6106}},
                   1});
}

TEST(CaptureImport, BybitArchiveKeepsEveryFrame) {
    const std::string name = "bybit/ws-linear/2024-12-01_XRPUSDT_ob500.head50.jsonl.zst";
    const std::string path = exchange::capture_path(name);
    VT_SKIP_WITHOUT(path, name);
    const TemporaryDirectory directory("import");
    const Result<ImportReport> report = import_capture({.captures = {path}, .out = directory.path() / "o.vtj"});
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->frames, 50U);
    EXPECT_EQ(report->first_at, from_ms(1'733'011'200'691));
    EXPECT_EQ(report->last_at, from_ms(1'733'011'205'490));
    EXPECT_EQ(report->instruments[0].path_id(), "bybit-linear-XRPUSDT");
    Result<JournalReader> reader = JournalReader::open(directory.path() / "o.vtj");
    ASSERT_TRUE(reader);
    const std::vector<std::string> lines = exchange::capture_lines(path);
    std::size_t line = 0;
    engine::Event event;
    while (reader->next(event) == ReadOutcome::event) {
        const auto* frame = std::get_if<engine::FrameReceived>(&event.body);
        if (frame == nullptr) continue;
        ASSERT_EQ(std::string(frame->text) + "\r", lines.at(line));
        EXPECT_EQ(exchange::venue_of(frame->connection), market::Venue::bybit);
        ++line;
    }
    EXPECT_EQ(line, 50U);
}

// What the archive holds, counted by another program: 500 levels a side and their sums after its 50 frames.
TEST(CaptureImport, BybitArchiveReplaysToItsBook) {
    const std::string name = "bybit/ws-linear/2024-12-01_XRPUSDT_ob500.head50.jsonl.zst";
    const std::string path = exchange::capture_path(name);
    VT_SKIP_WITHOUT(path, name);
    const TemporaryDirectory directory("import");
    ASSERT_TRUE(import_capture({.captures = {path}, .out = directory.path() / "o.vtj"}));
    Result<JournalReader> reader = JournalReader::open(directory.path() / "o.vtj");
    ASSERT_TRUE(reader);
    engine::Engine engine{engine::Params{}};
    std::vector<engine::Effect> effects;
    engine::Event event;
    bool is_compared = false;
    while (reader->next(event) == ReadOutcome::event) {
        if (std::holds_alternative<engine::Closed>(event.body)) {
            ASSERT_EQ(engine.symbols().size(), 1U);
            const market::OrderBook& book = engine.symbols()[0]->state().book();
            ASSERT_TRUE(book.is_valid());
            EXPECT_EQ(book.update_id(), 20'254'918U);
            EXPECT_EQ(book.best(market::Side::buy), (market::Level{Ticks{19'537}, Lots{10'605}}));
            EXPECT_EQ(book.best(market::Side::sell), (market::Level{Ticks{19'538}, Lots{6'702}}));
            for (const auto& [side, total] :
                 {std::pair{market::Side::buy, 8'328'816}, std::pair{market::Side::sell, 9'911'460}}) {
                std::int64_t sum = 0;
                book.walk(side, [&](const market::Level& level) {
                    sum += level.quantity.value();
                    return true;
                });
                EXPECT_EQ(book.level_count(side), 500U);
                EXPECT_EQ(sum, total);
            }
            is_compared = true;
        }
        engine.step(event, effects);
    }
    EXPECT_TRUE(is_compared);
    EXPECT_FALSE(engine.symbols()[0]->state().book().is_valid()) << "the archive has ended";
    for (const engine::Effect& effect : effects) EXPECT_FALSE(std::holds_alternative<exchange::Rejected>(effect));
}

void check_cryptofeed(const std::vector<std::string>& names, const std::vector<std::string>& instruments,
                      const std::map<std::string, std::size_t>& frames) {
    const TemporaryDirectory directory("import");
    ImportParams params{.out = directory.path() / "o.vtj"};
    for (const std::string& text : instruments) params.instruments.push_back(*parse_instrument(text));
    for (const std::string& name : names) {
        const std::string path = exchange::capture_path(name);
        VT_SKIP_WITHOUT(path, name);
        params.captures.emplace_back(path);
    }
    const Result<ImportReport> report = import_capture(params);
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->skipped_lines, 0U) << report->first_skipped;
    EXPECT_EQ(report->instruments.size(), 4U);
    const Counts counts = counts_of(params.out);
    EXPECT_EQ(counts.frames, frames);
    EXPECT_EQ(counts.snapshots, 4U);
    EXPECT_EQ(counts.rejections, 0U) << counts.first_rejection;
    EXPECT_EQ(counts.gaps, 0U);
}

// The steps are the finest that the snapshots show: older orders rest at finer steps than the venue lists.
TEST(CaptureImport, CryptofeedFuturesHaveNoGap) {
    check_cryptofeed({"binance/cryptofeed-usdm/BINANCE_FUTURES.ws.1.0.zst",
                      "binance/cryptofeed-usdm/BINANCE_FUTURES.http.0.0.zst"},
                     {"binance-linear-SUSHIUSDT:0.001:1", "binance-linear-AKROUSDT:0.00001:1",
                      "binance-linear-KEEPUSDT:0.0001:1", "binance-linear-CTKUSDT:0.00001:1"},
                     {{"aggTrade", 91}, {"bookTicker", 613}, {"depth@100ms", 764}, {"kline_1m", 67}});
}

TEST(CaptureImport, CryptofeedSpotHasNoGap) {
    check_cryptofeed({"binance/cryptofeed-spot/BINANCE.ws.1.0.zst", "binance/cryptofeed-spot/BINANCE.http.0.0.zst"},
                     {"binance-spot-NKNUSDT:0.00001:0.1", "binance-spot-BLZETH:1e-8:1", "binance-spot-LRCBTC:1e-8:1",
                      "binance-spot-RUNEEUR:0.001:0.1"},
                     {{"aggTrade", 2}, {"bookTicker", 84}, {"depth@100ms", 177}, {"kline_1m", 2}});
}

}  // namespace
}  // namespace vt::storage
