#include "history/series_writer.hpp"
#include "history/test_rows.hpp"
#include "storage/file_size_limit.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <iterator>
#include <set>

namespace vt::history {
namespace {

FileHeader test_header() {
    return {.series = {.symbol = "BTCUSDT", .kind = Kind::klines, .step_ms = kTestStep},
            .tick_size = Decimal{1, 1},
            .lot_size = Decimal{1, 3},
            .program = "test"};
}

class HistoryFile : public testing::Test {
protected:
    SeriesWriter writer() {
        auto opened = SeriesWriter::open(directory_.path(), test_header());
        EXPECT_TRUE(opened) << opened.error().what;
        return std::move(*opened);
    }
    std::string bytes() const {
        std::ifstream file(path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write_bytes(const std::string& bytes) const {
        std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    }
    std::filesystem::path path() const { return directory_.path() / test_header().series.file(); }
    Table stored() const {
        auto reader = SeriesReader::open(path());
        EXPECT_TRUE(reader) << reader.error().what;
        return *reader->read_all();
    }
    /// Three appends of ten bars each.
    void write_three() {
        SeriesWriter out = writer();
        for (int i = 0; i < 3; ++i) {
            const std::int64_t start = kTestStart + i * 10 * kTestStep;
            const auto kept = out.store(test_bars(10, static_cast<std::uint64_t>(i + 1), start),
                                        {start, start + 10 * kTestStep}, Source::venue, OnConflict::refuse);
            ASSERT_TRUE(kept) << kept.error().what;
            EXPECT_EQ(kept->added, 10U);
        }
    }

    storage::TemporaryDirectory directory_{"vt-history"};
};

TEST_F(HistoryFile, GivesBackWhatWasStored) {
    {
        SeriesWriter out = writer();
        const Table bars = test_bars(10'000);
        ASSERT_TRUE(out.store(bars, {}, Source::import, OnConflict::refuse));
        EXPECT_TRUE(same(*out.stored().read_all(), bars));
    }
    auto reader = SeriesReader::open(path());
    ASSERT_TRUE(reader) << reader.error().what;
    EXPECT_EQ(reader->header(), test_header());
    EXPECT_EQ(reader->blocks().size(), 3U);
    EXPECT_TRUE(same(*reader->read_all(), test_bars(10'000)));
    EXPECT_TRUE(reader->damages().empty());
    EXPECT_TRUE(reader->covered().empty());
    EXPECT_EQ(reader->extent(), (TimeRange{kTestStart, kTestStart + 9'999 * kTestStep + 1}));
}

TEST_F(HistoryFile, ReadsARangeFromItsBlocksOnly) {
    {
        SeriesWriter out = writer();
        ASSERT_TRUE(out.store(test_bars(3 * kMaxBlockRows), {}, Source::import, OnConflict::refuse));
    }
    auto reader = std::move(*SeriesReader::open(path()));
    std::string damaged = bytes();
    damaged[reader.blocks()[0].offset + kBlockHeaderBytes + 5] ^= 1;
    damaged[reader.blocks()[2].offset + kBlockHeaderBytes + 5] ^= 1;
    write_bytes(damaged);  // the neighbours are damaged; the middle reads without noticing
    auto middle = std::move(*SeriesReader::open(path()));
    const std::int64_t first = kTestStart + (kMaxBlockRows + 7) * kTestStep;
    const Table rows = *middle.read({first, first + 3 * kTestStep});
    EXPECT_EQ(rows.times_ms, (std::vector<std::int64_t>{first, first + kTestStep, first + 2 * kTestStep}));
    EXPECT_TRUE(middle.damages().empty());
    EXPECT_EQ(middle.read_all()->rows(), kMaxBlockRows);
    EXPECT_EQ(middle.damages().size(), 2U);
}

TEST_F(HistoryFile, AppendingNeverTouchesWhatIsStored) {
    write_three();
    const std::string before = bytes();
    ASSERT_TRUE(writer().store(test_bars(5, 9, kTestStart - 5 * kTestStep), {}, Source::import, OnConflict::refuse));
    EXPECT_TRUE(bytes().starts_with(before));
    const Table all = stored();
    EXPECT_EQ(all.rows(), 35U);
    EXPECT_TRUE(all.ascends());
}

TEST_F(HistoryFile, EqualRowsAreNotStoredTwice) {
    write_three();
    const std::string before = bytes();
    const auto again = writer().store(test_bars(10, 1, kTestStart), {kTestStart, kTestStart + 10 * kTestStep},
                                      Source::venue, OnConflict::refuse);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->equal, 10U);
    EXPECT_EQ(again->added, 0U);
    EXPECT_EQ(bytes(), before);
}

TEST_F(HistoryFile, ConflictsAreRefusedKeptOrReplaced) {
    write_three();
    const std::string before = bytes();
    Table changed = test_bars(11, 1, kTestStart - kTestStep);
    changed.times_ms.clear();
    for (std::int64_t i = 0; i < 11; ++i) changed.times_ms.push_back(kTestStart + (i - 1) * kTestStep);
    const auto refused = writer().store(changed, {}, Source::import, OnConflict::refuse);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_NE(refused.error().what.find("2026-01-01 00:00:00"), std::string::npos) << refused.error().what;
    EXPECT_EQ(bytes(), before);

    const auto kept = writer().store(changed, {}, Source::import, OnConflict::keep);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->added, 1U);
    EXPECT_EQ(kept->conflicting, 10U);
    const Table first_ten = test_bars(10, 1, kTestStart);
    EXPECT_TRUE(same_values(stored(), 1, first_ten, 0));

    const auto replaced = writer().store(changed, {}, Source::import, OnConflict::replace);
    ASSERT_TRUE(replaced);
    EXPECT_EQ(replaced->conflicting, 10U);
    const Table now = stored();
    EXPECT_EQ(now.rows(), 31U);
    for (std::size_t i = 0; i < 11; ++i) EXPECT_TRUE(same_values(now, i, changed, i)) << i;
    EXPECT_TRUE(bytes().starts_with(before));
}

TEST_F(HistoryFile, AHoleOfTheVenueIsRemembered) {
    {
        SeriesWriter out = writer();
        ASSERT_TRUE(out.store(Table(Kind::klines), {0, 600'000}, Source::venue, OnConflict::refuse));
        ASSERT_TRUE(out.store(Table(Kind::klines), {0, 300'000}, Source::venue, OnConflict::refuse));
    }
    auto reader = SeriesReader::open(path());
    EXPECT_EQ(reader->covered(), (Ranges{{0, 600'000}}));
    EXPECT_EQ(reader->blocks().size(), 1U);
    EXPECT_FALSE(reader->extent());
}

TEST_F(HistoryFile, TwoWritersDoNotMeet) {
    const SeriesWriter first = writer();
    const auto second = SeriesWriter::open(directory_.path(), test_header());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::unavailable);
}

TEST_F(HistoryFile, AFullDiskLosesNothing) {
    write_three();
    const std::string before = bytes();
    {
        SeriesWriter out = writer();
        const storage::FileSizeLimit full(before.size() + 100);
        const auto kept =
            out.store(test_bars(500, 7, kTestStart + 100 * kTestStep), {}, Source::import, OnConflict::refuse);
        ASSERT_FALSE(kept);
        EXPECT_EQ(kept.error().code, Errc::io);
    }
    EXPECT_EQ(bytes(), before);
    EXPECT_EQ(stored().rows(), 30U);
}

TEST_F(HistoryFile, CutAnywhereItKeepsEveryWholeAppendAndGoesOn) {
    write_three();
    const std::string whole = bytes();
    std::vector<std::uint64_t> ends;
    {
        auto reader = std::move(*SeriesReader::open(path()));
        for (const StoredBlock& block : reader.blocks())
            ends.push_back(block.offset + kBlockHeaderBytes + block.header.stored_bytes);
    }
    const std::size_t header_bytes = encode_file_header(test_header()).size();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        write_bytes(whole.substr(0, size));
        const auto kept = static_cast<std::size_t>(
            std::count_if(ends.begin(), ends.end(), [size](std::uint64_t end) { return end <= size; }));
        if (size < header_bytes) {
            EXPECT_FALSE(SeriesReader::open(path())) << size;
        } else {
            auto reader = std::move(*SeriesReader::open(path()));
            EXPECT_EQ(reader.read_all()->rows(), 10 * kept) << size;
            const bool is_between = size == header_bytes || std::count(ends.begin(), ends.end(), size) > 0;
            EXPECT_EQ(reader.damages().size(), is_between ? 0U : 1U) << size;
        }
        // Each append waits for the device, so a writer goes on behind every third cut only, and around the ends.
        const bool is_near = std::any_of(ends.begin(), ends.end(), [size](std::uint64_t end) {
            return size + 2 >= end && size <= end + kBlockHeaderBytes + 2;
        });
        if (size % 3 != 0 && !is_near) continue;
        SeriesWriter out = writer();
        EXPECT_EQ(out.stored().read_all()->rows(), 10 * kept) << size;
        EXPECT_TRUE(out.stored().damages().empty()) << size;
        ASSERT_TRUE(out.store(test_bars(10, 3, kTestStart + 20 * kTestStep), {}, Source::venue, OnConflict::refuse));
        EXPECT_EQ(out.stored().read_all()->rows(), kept == 3 ? 30U : 10 * (kept + 1)) << size;
    }
}

TEST_F(HistoryFile, EveryFlippedByteIsNoticedAndTheOthersStay) {
    write_three();
    const std::string whole = bytes();
    const Table all = stored();
    const std::size_t header_bytes = encode_file_header(test_header()).size();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const unsigned flip : {0x01U, 0x80U}) {
            std::string damaged = whole;
            damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ flip);
            auto reader = SeriesReader::open_memory(damaged, "flipped");
            if (at < header_bytes) {
                EXPECT_FALSE(reader) << at;
                continue;
            }
            ASSERT_TRUE(reader) << at;
            const auto rows = reader->read_all();
            ASSERT_TRUE(rows) << at;
            EXPECT_EQ(reader->damages().size(), 1U) << at;
            ASSERT_EQ(rows->rows(), 20U) << at;
            std::set<std::int64_t> times(rows->times_ms.begin(), rows->times_ms.end());
            for (std::size_t row = 0; row < all.rows(); ++row) {
                if (!times.contains(all.times_ms[row])) continue;
                const std::size_t place = rows->first_from(all.times_ms[row]);
                EXPECT_TRUE(same_values(all, row, *rows, place)) << at;
            }
        }
    }
}

TEST_F(HistoryFile, ADamagedBlockCountsAsNotStoredAndIsReplaced) {
    write_three();
    std::string damaged = bytes();
    const StoredBlock middle = SeriesReader::open(path())->blocks()[1];
    damaged[middle.offset + kBlockHeaderBytes] ^= 1;
    write_bytes(damaged);
    SeriesWriter out = writer();
    EXPECT_EQ(out.stored().damages().size(), 1U);
    const TimeRange lost{kTestStart + 10 * kTestStep, kTestStart + 20 * kTestStep};
    EXPECT_EQ(missing_from({kTestStart, kTestStart + 30 * kTestStep}, out.stored().covered()), (Ranges{lost}));
    ASSERT_TRUE(out.store(test_bars(10, 2, lost.from_ms), lost, Source::venue, OnConflict::refuse));
    EXPECT_EQ(out.stored().read_all()->rows(), 30U);
}

TEST_F(HistoryFile, ReadsTheFirstVersionForEver) {
    const std::string golden = std::string(VT_SOURCE_DIR) + "/tests/golden/history/v1.vth";
    auto reader = SeriesReader::open(golden);
    ASSERT_TRUE(reader) << reader.error().what;
    EXPECT_EQ(reader->header().series.title(), "bybit linear BTCUSDT klines 1m");
    EXPECT_TRUE(same(*reader->read({kTestStart, kTestStart + 10 * kTestStep}), test_bars(10, 1, kTestStart)));
    EXPECT_EQ(reader->read_all()->rows(), 30U);
    EXPECT_EQ(reader->covered(), (Ranges{{kTestStart, kTestStart + 30 * kTestStep}}));
}

TEST_F(HistoryFile, RefusesWhatIsNotItsOwn) {
    write_three();
    Table none(Kind::klines);
    FileHeader other = test_header();
    other.series.symbol = "ETHUSDT";
    std::filesystem::create_directories((directory_.path() / other.series.file()).parent_path());
    std::filesystem::copy_file(path(), directory_.path() / other.series.file());
    const auto wrong = SeriesWriter::open(directory_.path(), other);
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().what.find("BTCUSDT"), std::string::npos);
    write_bytes("time,open\n1,2\n");
    const auto text = SeriesReader::open(path());
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, Errc::malformed);
    std::string later = encode_file_header(test_header());
    later[8] = 2;
    write_bytes(later);
    EXPECT_EQ(SeriesReader::open(path()).error().code, Errc::unsupported);
}

}  // namespace
}  // namespace vt::history
