#include "history/store.hpp"

#include "history/gaps.hpp"
#include "history/test_rows.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace vt::history {
namespace {

class Store : public testing::Test {
protected:
    SeriesWriter writer(const char* symbol = "BTCUSDT", Kind kind = Kind::klines) {
        return std::move(*SeriesWriter::open(
            directory_.path(),
            {.series = {.symbol = symbol, .kind = kind, .step_ms = kind == Kind::funding ? 0 : kTestStep}}));
    }
    static std::int64_t minute(std::int64_t count) { return kTestStart + count * kTestStep; }

    storage::TemporaryDirectory directory_{"vt-store"};
};

TEST_F(Store, ListsWhatMatches) {
    (void)writer("BTCUSDT").store(test_bars(5), {}, Source::import, OnConflict::refuse);
    (void)writer("ETHUSDT").store(test_bars(5), {}, Source::import, OnConflict::refuse);
    (void)writer("ETHUSDT", Kind::funding);
    std::ofstream(directory_.path() / "bybit" / "odd.vth") << "not ours";
    const auto all = list(directory_.path(), {});
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 4U);
    EXPECT_EQ((*all)[3].problem.find("odd.vth") != std::string::npos, true) << (*all)[3].problem;
    EXPECT_EQ(list(directory_.path(), {.symbols = {"ETHUSDT"}, .kinds = {Kind::funding}})->size(), 2U);
    EXPECT_TRUE(list(directory_.path() / "nowhere", {})->empty());
}

TEST_F(Store, GapsAreTheVenuesOrNobodysYet) {
    SeriesWriter out = writer();
    Table rows = test_bars(10);
    Table kept(Kind::klines);
    for (const std::size_t row : {0U, 1U, 4U, 9U}) kept.append(rows, row, 1);
    ASSERT_TRUE(out.store(kept, {minute(0), minute(7)}, Source::venue, OnConflict::refuse));
    const auto report = find_gaps(out.stored(), std::nullopt);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->rows, 4U);
    EXPECT_EQ(report->gaps, (std::vector<Gap>{{{minute(2), minute(4)}, 2, true},
                                              {{minute(5), minute(7)}, 2, true},
                                              {{minute(7), minute(9)}, 2, false}}));
    EXPECT_EQ(report->venue_rows, 4U);
    EXPECT_EQ(report->unasked_rows, 2U);
    const auto wider = find_gaps(out.stored(), TimeRange{minute(-3), minute(12)});
    EXPECT_EQ(wider->gaps.front(), (Gap{{minute(-3), minute(0)}, 3, false}));
    EXPECT_EQ(wider->gaps.back(), (Gap{{minute(10), minute(12)}, 2, false}));
}

TEST_F(Store, OfFundingOnlyWhatWasNotAskedForIsAGap) {
    SeriesWriter out = writer("BTCUSDT", Kind::funding);
    Table rows(Kind::funding);
    add_row(rows, 1'000'000, {"0.0001"});
    add_row(rows, 9'000'000, {"0.0001"});
    ASSERT_TRUE(out.store(rows, {0, 5'000'000}, Source::venue, OnConflict::refuse));
    const auto report = find_gaps(out.stored(), std::nullopt);
    EXPECT_EQ(report->gaps, (std::vector<Gap>{{{5'000'000, 9'000'001}, 0, false}}));
}

TEST_F(Store, SettledIsWhatNeedsNoQuestion) {
    Table rows = test_bars(10);
    Table kept(Kind::klines);
    for (const std::size_t row : {0U, 1U, 4U}) kept.append(rows, row, 1);
    EXPECT_EQ(settled(kept, kTestStep, {{minute(2), minute(3)}}),
              (Ranges{{minute(0), minute(3)}, {minute(4), minute(5)}}));
}

TEST_F(Store, PruneByAgeKeepsTheRestExactly) {
    const Table rows = test_bars(10'000);
    std::filesystem::path path;
    {
        SeriesWriter out = writer();
        path = out.path();
        ASSERT_TRUE(out.store(rows, {minute(0), minute(10'500)}, Source::venue, OnConflict::refuse));
        EXPECT_EQ(prune(path, {.keep_from_ms = minute(6000)}).error().code, Errc::unavailable);
    }
    const PruneParams params{.keep_from_ms = minute(6000), .is_dry_run = true};
    EXPECT_EQ(prune(path, params)->rows_after, 4000U);
    EXPECT_EQ(SeriesReader::open(path)->read_all()->rows(), 10'000U);
    const auto report = prune(path, {.keep_from_ms = minute(6000)});
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_LT(report->bytes_after, report->bytes_before);
    auto reader = std::move(*SeriesReader::open(path));
    Table expected(Kind::klines);
    expected.append(rows, 6000, 4000);
    EXPECT_TRUE(same(*reader.read_all(), expected));
    EXPECT_EQ(reader.covered(), (Ranges{{minute(6000), minute(10'500)}}));
    EXPECT_EQ(reader.size(), report->bytes_after);
}

TEST_F(Store, PruneBySizeDropsTheOldest) {
    std::filesystem::path path;
    {
        SeriesWriter out = writer();
        path = out.path();
        ASSERT_TRUE(out.store(test_bars(10'000), {minute(0), minute(10'000)}, Source::venue, OnConflict::refuse));
    }
    const auto report = prune(path, {.bytes_max = 30'000});
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_LE(std::filesystem::file_size(path), 30'000U);
    EXPECT_GT(std::filesystem::file_size(path), 25'000U);
    auto reader = std::move(*SeriesReader::open(path));
    EXPECT_EQ(reader.read_all()->times_ms.back(), minute(9'999));
    EXPECT_EQ(reader.read_all()->rows(), report->rows_after);
    EXPECT_EQ(reader.covered().front().from_ms, reader.extent()->from_ms);
}

TEST_F(Store, PruneJoinsSmallBlocksAndLeavesNoSupersededRow) {
    std::filesystem::path path;
    const Table rows = test_bars(200);
    {
        SeriesWriter out = writer();
        path = out.path();
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            Table one(Kind::klines);
            one.append(rows, rows.rows() - 1 - row, 1);
            ASSERT_TRUE(out.store(one, {}, Source::import, OnConflict::refuse));
        }
        ASSERT_TRUE(out.store(test_bars(200, 2), {}, Source::import, OnConflict::replace));
    }
    ASSERT_TRUE(prune(path, {}));
    auto reader = std::move(*SeriesReader::open(path));
    EXPECT_EQ(reader.blocks().size(), 1U);
    EXPECT_TRUE(same(*reader.read_all(), test_bars(200, 2)));
    EXPECT_FALSE(prune(path, {})->is_changed());
}

TEST_F(Store, RowsAreCountedAsAReaderSeesThem) {
    std::filesystem::path path;
    {
        SeriesWriter out = writer();
        path = out.path();
        ASSERT_TRUE(out.store(test_bars(200), {}, Source::import, OnConflict::refuse));
        ASSERT_TRUE(out.store(test_bars(50, 3, minute(200)), {}, Source::venue, OnConflict::refuse));
    }
    EXPECT_EQ(*std::move(*SeriesReader::open(path)).count_rows(), 250U) << "blocks that do not overlap";
    {
        SeriesWriter out = writer();
        ASSERT_TRUE(out.store(test_bars(120, 2), {}, Source::venue, OnConflict::replace));
    }
    auto reader = std::move(*SeriesReader::open(path));
    EXPECT_GT(reader.blocks()[2].header.rows, 0U) << "what was replaced is still in the file";
    EXPECT_EQ(*reader.count_rows(), 250U);
    const StoredBlock last = reader.blocks()[1];
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(last.offset + kBlockHeaderBytes + 3));
    file << 'x';
    file.close();
    auto damaged = std::move(*SeriesReader::open(path));
    EXPECT_EQ(*damaged.count_rows(), 200U) << "rows that cannot be read do not count";
    EXPECT_EQ(damaged.damages().size(), 1U);
}

TEST_F(Store, VerifyFindsDamage) {
    std::filesystem::path path;
    {
        SeriesWriter out = writer();
        path = out.path();
        ASSERT_TRUE(out.store(test_bars(10), {}, Source::import, OnConflict::refuse));
    }
    auto whole = std::move(*SeriesReader::open(path));
    EXPECT_TRUE(verify(whole)->damages.empty());
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(whole.blocks()[0].offset + kBlockHeaderBytes + 3));
    file << 'x';
    file.close();
    auto reader = std::move(*SeriesReader::open(path));
    const auto report = verify(reader);
    ASSERT_EQ(report->damages.size(), 1U);
    EXPECT_EQ(report->damages[0].lost, (TimeRange{minute(0), minute(9) + 1}));
    EXPECT_EQ(report->rows, 0U);
}

}  // namespace
}  // namespace vt::history
