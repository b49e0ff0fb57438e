#include "history/csv.hpp"

#include "base/assert.hpp"
#include "history/import.hpp"
#include "history/test_rows.hpp"
#include "storage/compression.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace vt::history {
namespace {

constexpr std::string_view kHeader = "time_ms,open,high,low,close,volume\n";
constexpr std::string_view kGood =
    "1767225600000,100.10,101,99.5,100.5,12.000\n"
    "1767225660000,100.5,100.5,100.5,100.5,0\n"
    "1767225720000,100.5,102.25,100.25,102,3.5\n";
constexpr std::int64_t kNow = 1'800'000'000'000;

class Csv : public testing::Test {
protected:
    std::filesystem::path write(std::string_view bytes, const char* name = "bars.csv") {
        const std::filesystem::path path = directory_.path() / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    SeriesWriter writer(Kind kind = Kind::klines, std::int64_t step_ms = kTestStep) {
        auto opened = SeriesWriter::open(directory_.path() / "history",
                                         {.series = {.symbol = "BTCUSDT", .kind = kind, .step_ms = step_ms}});
        VT_ASSERT(opened.has_value());
        return std::move(*opened);
    }
    Table stored() { return *writer().stored().read_all(); }
    Result<ImportReport> import(std::string_view text, OnConflict on_conflict = OnConflict::refuse) {
        SeriesWriter out = writer();
        return import_csv(write(text), params_, out, on_conflict, kNow);
    }
    /// The text is refused, the refusal says all of `what`, and what was stored stays.
    void expect_refused(std::string_view text, std::initializer_list<const char*> what, const CsvParams& params) {
        SeriesWriter out = writer();
        const std::uint64_t before = out.stored().size();
        const auto refused = import_csv(write(text), params, out, OnConflict::refuse, kNow);
        ASSERT_FALSE(refused) << text;
        for (const char* part : what)
            EXPECT_NE(refused.error().what.find(part), std::string::npos) << refused.error().what;
        EXPECT_EQ(out.stored().size(), before);
    }
    void expect_refused(std::string_view text, std::initializer_list<const char*> what) {
        expect_refused(text, what, params_);
    }

    storage::TemporaryDirectory directory_{"vt-csv"};
    CsvParams params_{.kind = Kind::klines, .step_ms = kTestStep};
};

TEST_F(Csv, ImportsWhatItExports) {
    const auto report = import(std::string(kHeader) + std::string(kGood));
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->rows, 3U);
    EXPECT_EQ(report->stored.added, 3U);
    EXPECT_TRUE(report->gaps.gaps.empty());
    const Table rows = stored();
    std::string text = csv_header(Kind::klines) + "\n";
    for (std::size_t row = 0; row < rows.rows(); ++row) append_csv_row(rows, row, text);
    EXPECT_EQ(text,
              "time_ms,open,high,low,close,volume,turnover,trades,taker_buy_volume\n"
              "1767225600000,100.1,101,99.5,100.5,12,,,\n"
              "1767225660000,100.5,100.5,100.5,100.5,0,,,\n"
              "1767225720000,100.5,102.25,100.25,102,3.5,,,\n");
    const auto again = import(text);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->stored.equal, 3U);
    EXPECT_EQ(again->stored.added, 0U);
}

TEST_F(Csv, ReadsOtherExportersNamesOrderAndTimes) {
    EXPECT_EQ(import("close,open,high,low,volume,date\n100.5,100.1,101,99.5,12,2026-01-01 00:00:00+00:00\n")->rows,
              1U);
    EXPECT_EQ(import("timestamp,open,high,low,close,volume\n1767225600,100.1,101,99.5,100.5,12\n")->stored.equal, 1U);
    EXPECT_EQ(import("open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
                     "taker_buy_quote_volume,ignore\n1767225660000000,1,1,1,1,5,1767225719999999,7,3,2,2.5,0\r\n")
                  ->stored.added,
              1U);
    const Table rows = stored();
    ASSERT_EQ(rows.rows(), 2U);
    EXPECT_EQ(rows.times_ms[1], 1'767'225'660'000);
    EXPECT_EQ(rows.columns[5].at(1), (Decimal{7, 0}));
    EXPECT_EQ(rows.columns[6].at(1), (Decimal{3, 0}));
}

TEST_F(Csv, AWrongHeaderIsRefused) {
    expect_refused("time_ms,open,high,low,volume\n", {"bars.csv line 1", "lacks the column close", "time_ms,open"});
    expect_refused("time_ms,open,high,low,close,volume,mood\n", {"line 1", "'mood'", "not known for klines"});
    expect_refused("time_ms,open,high,low,close,close,volume\n", {"line 1", "'close' twice"});
    expect_refused("open,high,low,close,volume\n", {"line 1", "no column of times"});
    expect_refused("1767225600000,100.1,101,99.5,100.5,12\n", {"line 1", "'1767225600000'", "expected a header"});
    expect_refused("", {"is empty", "time_ms,open"});
    expect_refused(kHeader, {"holds no rows"});
    expect_refused(
        "\x7f"
        "ELF\x02\x01\x01",
        {"line 1", "expected a header"});
}

TEST_F(Csv, AWrongRowIsRefusedByItsLine) {
    const std::string start(kHeader);
    expect_refused(start + "1767225600000,100,101,99,100\n", {"line 2", "5 fields, expected 6", "cut off"});
    expect_refused(start + "1767225600000,100,101,99,100,1,7\n", {"line 2", "7 fields, expected 6"});
    expect_refused(start + "1767225600000,100,101,99,abc,1\n", {"line 2", "close", "'abc'"});
    expect_refused(start + "1767225600000,100,101,99,,1\n", {"line 2", "has no close"});
    expect_refused(start + "1767225600000,100,101,99,nan,1\n", {"line 2", "'nan'"});
    expect_refused(start + "1767225600000,100,101,99,0.1234567890123456789,1\n", {"line 2", "18 digits"});
    expect_refused(start + "1767225600001,100,101,99,100,1\n", {"line 2", "no bar of 1m begins", "--timeframe"});
    expect_refused(start + "1767225600,100,101,99,100,1\n", {"line 2", "milliseconds"});
    expect_refused(start + "x,100,101,99,100,1\n", {"line 2", "'x'"});
    expect_refused(start + "1767225600000,100,99.5,99,100,1\n", {"line 2", "high of 99.5 below"});
    expect_refused(start + "1767225600000,100,101,100.5,101,1\n", {"line 2", "low of 100.5 above"});
    expect_refused(start + "1767225600000,100,101,-1,100,1\n", {"line 2", "not positive"});
    expect_refused(start + "1767225600000,100,101,99,100,-1\n", {"line 2", "negative volume"});
    expect_refused(start + "1799999980000,100,101,99,100,1\n", {"line 2"});
    expect_refused(start + "1799999940000,100,101,99,100,1\n1800000000000,100,101,99,100,1\n",
                   {"line 3", "not over yet"});
}

TEST_F(Csv, DisorderIsRefused) {
    const std::string text =
        std::string(kHeader) + std::string(kGood) + "1767225600000,100.10,101,99.5,100.5,12.000\n";
    expect_refused(text, {"line 5", "goes back to 2026-01-01 00:00:00", "in line 4", "sort the rows"});
}

TEST_F(Csv, EqualDuplicatesAreCountedDifferentOnesRefused) {
    const std::string good = std::string(kHeader) + std::string(kGood);
    const auto report = import(good + "1767225720000,100.50,102.25,100.25,102.0,3.5\n");
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->repeated, 1U);
    EXPECT_EQ(report->rows, 3U);
    expect_refused(good + "1767225720000,100.5,102.25,100.25,102,3.6\n",
                   {"line 5", "another row for 2026-01-01 00:02:00 than line 4"});
}

TEST_F(Csv, ACutFileIsRefusedWhereverItIsCut) {
    const std::string good = std::string(kHeader) + std::string(kGood);
    for (std::size_t size = kHeader.size() + 1; size < good.size(); ++size) {
        if (good[size - 1] == '\n') continue;
        const std::string cut = good.substr(0, size);
        SeriesWriter out = writer();
        const auto refused = import_csv(write(cut), params_, out, OnConflict::refuse, kNow);
        ASSERT_FALSE(refused) << cut;
        EXPECT_NE(refused.error().what.find("line"), std::string::npos);
    }
    CsvParams open_end = params_;
    open_end.is_open_end_accepted = true;
    SeriesWriter out = writer();
    EXPECT_TRUE(import_csv(write(good.substr(0, good.size() - 1)), open_end, out, OnConflict::refuse, kNow));
}

TEST_F(Csv, ACutOrDamagedZstdFileIsRefused) {
    std::string packed;
    storage::Compressor(3).compress(std::string(kHeader) + std::string(kGood), packed);
    SeriesWriter out = writer();
    for (std::size_t size = 5; size < packed.size(); ++size)
        ASSERT_FALSE(import_csv(write(packed.substr(0, size)), params_, out, OnConflict::refuse, kNow)) << size;
    EXPECT_EQ(out.stored().read_all()->rows(), 0U);
    EXPECT_EQ(import_csv(write(packed), params_, out, OnConflict::refuse, kNow)->rows, 3U);
}

TEST_F(Csv, GapsAreReported) {
    const auto report = import(std::string(kHeader) +
                               "1767225600000,100,101,99,100,1\n1767225780000,100,101,99,100,1\n"
                               "1767225840000,100,101,99,100,1\n1767225960000,100,101,99,100,1\n");
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->gaps.gaps, (std::vector<Gap>{{{1'767'225'660'000, 1'767'225'780'000}, 2, false},
                                                   {{1'767'225'900'000, 1'767'225'960'000}, 1, false}}));
    EXPECT_EQ(report->gaps.unasked_rows, 3U);
}

TEST_F(Csv, ConflictsWithWhatIsStoredNameTheLine) {
    const std::string good = std::string(kHeader) + std::string(kGood);
    ASSERT_TRUE(import(good));
    std::string other = good;
    other.replace(other.rfind("3.5"), 3, "3.7");
    expect_refused(other, {"bars.csv line 4", "2026-01-01 00:02:00", "volume 3.5 is stored, 3.7 came",
                           "--replace-conflicts", "--keep-stored"});
    EXPECT_EQ(import(other, OnConflict::keep)->stored.conflicting, 1U);
    EXPECT_EQ(writer().stored().read_all()->columns[4].at(2), (Decimal{35, 1}));
    EXPECT_EQ(import(other, OnConflict::replace)->stored.conflicting, 1U);
    EXPECT_EQ(writer().stored().read_all()->columns[4].at(2), (Decimal{37, 1}));
}

TEST_F(Csv, ABadFileLeavesEveryStoredByteAsItWas) {
    const std::string good = std::string(kHeader) + std::string(kGood);
    ASSERT_TRUE(import(good));
    const std::filesystem::path path = writer().path();
    const auto bytes = [&path] {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const std::string before = bytes();
    const std::string next = "1767225780000,102,103,101,102,1\n";
    const std::pair<const char*, std::string> bad[] = {
        {"header", "time_ms,open,high,low,volume\n" + next},
        {"disorder", good + next + "1767225720000,100.5,102.25,100.25,102,3.5\n"},
        {"two rows of one time", good + next + "1767225780000,102,103,101,102,2\n"},
        {"a row that differs from the stored one", good.substr(0, good.size() - 2) + "7\n" + next},
        {"a good row before a bad one", good + next + "1767225840000,102,103,101,abc,1\n"},
        {"cut off", good + next + "1767225840000,102,10"},
    };
    for (const auto& [what, text] : bad) {
        const auto refused = import(text);
        EXPECT_FALSE(refused) << what;
        EXPECT_EQ(bytes(), before) << what;
    }
    ASSERT_TRUE(import(good + next));
    EXPECT_EQ(bytes().substr(0, before.size()), before) << "a good one is appended behind";
}

TEST_F(Csv, FundingMayBeNegativeAndOffTheHour) {
    SeriesWriter out = writer(Kind::funding, 0);
    const auto report = import_csv(write("ts_ms,funding_rate\n1767225600003,-0.00001004\n1767254400000,0.0001\n"),
                                   {.kind = Kind::funding}, out, OnConflict::refuse, kNow);
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(out.stored().read_all()->columns[0].at(0), (Decimal{-1004, 8}));
}

struct Recorded {
    const char* path;
    Kind kind;
    const char* timeframe;
};

/// How many records the list of the recorded data says a file has.
std::uint64_t listed_rows(const std::filesystem::path& data, std::string_view path) {
    std::ifstream list(data / "MANIFEST.tsv");
    for (std::string line; std::getline(list, line);) {
        if (!line.starts_with(std::string(path) + "\t")) continue;
        std::size_t at = 0;
        for (int field = 0; field < 9; ++field) at = line.find('\t', at) + 1;
        return std::strtoull(line.c_str() + at, nullptr, 10);
    }
    return 0;
}

TEST_F(Csv, TheRecordedFilesCanBeRead) {
    const char* shared = std::getenv("VIRTUOSO_SHARED");
    const std::filesystem::path data =
        (shared != nullptr ? std::filesystem::path(shared) : std::filesystem::path(VT_SOURCE_DIR) / "../shared") /
        "data";
    if (!std::filesystem::exists(data / "ohlcv")) GTEST_SKIP() << "no recorded data: " << data << " is not there";
    constexpr Recorded kFiles[] = {
        {"ohlcv/C_binance_1m_2025-05_06_GPL/klines_1m/binance_usdm_BTCUSDT.csv.zst", Kind::klines, "1m"},
        {"ohlcv/C_binance_1m_2025-05_06_GPL/mark_8h/binance_usdm_XRPUSDT.csv.zst", Kind::mark_klines, "8h"},
        {"ohlcv/C_binance_1m_2025-05_06_GPL/funding/binance_usdm_XRPUSDT.csv.zst", Kind::funding, ""},
        {"ohlcv/freqtrade/XRP_USDT_USDT-5m-futures.csv.zst", Kind::klines, "5m"},
        {"ohlcv/lean/cryptofuture_binance_adausdt_20221213_trade.csv", Kind::klines, "1m"},
        {"exchange-facts/A_bybit_2025-09_2026-07/klines_5m/bybit_linear_BTCUSDT.csv.zst", Kind::klines, "5m"},
        {"exchange-facts/A_bybit_2025-09_2026-07/mark_1h/bybit_linear_BTCUSDT.csv.zst", Kind::mark_klines, "1h"},
        {"exchange-facts/D_binance_spot_1m_2025-05_08/klines_1m/binance_spot_ETHUSDT.csv.zst", Kind::klines, "1m"},
    };
    for (const Recorded& file : kFiles) {
        CsvParams params{.kind = file.kind, .step_ms = parse_timeframe(file.timeframe).value_or(0)};
        if (std::string_view(file.path).find("/lean/") != std::string_view::npos) {
            params.day_start_ms = *parse_time_ms("2022-12-13");
            params.is_open_end_accepted = true;
        }
        auto opened = SeriesWriter::open(directory_.path() / file.path,
                                         {.series = {.symbol = "X", .kind = file.kind, .step_ms = params.step_ms}});
        ASSERT_TRUE(opened) << opened.error().what;
        const auto report = import_csv(data / file.path, params, *opened, OnConflict::refuse, kNow);
        ASSERT_TRUE(report) << report.error().what;
        EXPECT_EQ(report->rows, listed_rows(data, file.path)) << file.path;
        EXPECT_EQ(report->stored.added, report->rows);
        EXPECT_TRUE(report->gaps.gaps.empty()) << file.path;
    }
}

}  // namespace
}  // namespace vt::history
