#include "history/page.hpp"

#include "history/series_writer.hpp"
#include "history/test_rows.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace vt::history {
namespace {

/// A file of one-minute bars, and its reader.
class StoredBars {
public:
    explicit StoredBars(const Table& rows) {
        const Series series{.symbol = "BTCUSDT", .kind = Kind::klines, .step_ms = kTestStep};
        auto writer = SeriesWriter::open(folder_.path(), {.series = series, .program = "test"});
        EXPECT_TRUE(writer) << writer.error().what;
        const auto stored = writer->store(rows, {}, Source::import, OnConflict::refuse);
        EXPECT_TRUE(stored) << stored.error().what;
        path_ = folder_.path() / series.file();
    }
    [[nodiscard]] SeriesReader reader() const { return *SeriesReader::open(path_); }

private:
    storage::TemporaryDirectory folder_{"history-page"};
    std::filesystem::path path_;
};

/// Rows with holes: some short, one of a month.
Table sparse_bars() {
    Table all = test_bars(9'000, 3);
    Table kept(Kind::klines);
    Prng prng(8, "holes");
    for (std::size_t i = 0; i < all.rows(); ++i) {
        if (prng.below(5) == 0 || (i > 4'000 && i < 4'050)) continue;
        kept.append(all, i, 1);
    }
    const Table later = test_bars(700, 4, kTestStart + 70LL * 24 * 3'600'000);
    kept.append(later, 0, later.rows());
    return kept;
}

constexpr TimeRange kAlways{0, INT64_MAX};

/// Every page, one after the other, put together in ascending order.
Table all_pages(SeriesReader reader, TimeRange range, std::size_t limit, bool newest_first) {
    std::vector<Page> pages;
    do {
        auto page = read_page(reader, {range, limit, newest_first});
        EXPECT_TRUE(page);
        EXPECT_LE(page->rows.rows(), limit);
        EXPECT_FALSE(page->is_damaged);
        pages.push_back(std::move(*page));
        const auto next = pages.back().next_ms;
        if (!next) break;
        EXPECT_EQ(pages.back().rows.rows(), limit) << "only the last page is short";
        (newest_first ? range.to_ms : range.from_ms) = *next;
    } while (pages.size() < 10'000);
    if (newest_first) std::reverse(pages.begin(), pages.end());
    Table whole(Kind::klines);
    for (const Page& page : pages) whole.append(page.rows, 0, page.rows.rows());
    return whole;
}

}  // namespace

TEST(HistoryPage, PagesFromEitherEndAddUpToAllRows) {
    const Table rows = sparse_bars();
    const StoredBars stored(rows);
    for (const std::size_t limit : {std::size_t{1'000}, std::size_t{1'777}, rows.rows(), rows.rows() + 1}) {
        for (const bool newest_first : {true, false})
            EXPECT_TRUE(same(all_pages(stored.reader(), kAlways, limit, newest_first), rows))
                << limit << (newest_first ? " newest" : " oldest");
    }
}

TEST(HistoryPage, ARangeIsFromIncludedToExcluded) {
    const Table rows = test_bars(50);
    const StoredBars stored(rows);
    SeriesReader reader = stored.reader();
    const TimeRange middle{rows.times_ms[10], rows.times_ms[20]};
    const Page newest = *read_page(reader, {middle, 4, true});
    EXPECT_EQ(newest.rows.times_ms, std::vector(rows.times_ms.begin() + 16, rows.times_ms.begin() + 20));
    EXPECT_EQ(newest.next_ms, rows.times_ms[16]);
    const Page oldest = *read_page(reader, {middle, 4, false});
    EXPECT_EQ(oldest.rows.times_ms, std::vector(rows.times_ms.begin() + 10, rows.times_ms.begin() + 14));
    EXPECT_EQ(oldest.next_ms, rows.times_ms[13] + 1);
    const Page whole = *read_page(reader, {middle, 10, true});
    EXPECT_EQ(whole.rows.rows(), 10U);
    EXPECT_FALSE(whole.next_ms) << "exactly as many as there are";
    for (const TimeRange nothing : {TimeRange{0, kTestStart}, TimeRange{rows.times_ms.back() + 1, INT64_MAX},
                                    TimeRange{middle.to_ms, middle.from_ms}}) {
        const Page none = *read_page(reader, {nothing, 10, true});
        EXPECT_TRUE(none.rows.empty());
        EXPECT_FALSE(none.next_ms);
    }
}

}  // namespace vt::history
