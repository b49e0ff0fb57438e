#include "runtime/record_reading.hpp"

#include "records/test_rows.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

namespace vt::runtime {
namespace {

using Page = Result<records::ScorePage>;

struct Reading {
    storage::TemporaryDirectory folder{"reading"};
    records::DatabaseUrl url{.path = (folder.path() / "records.db").string()};

    records::Repository keeper() { return *records::Repository::open(*records::open_database(url), records::kStart); }
    static records::ScoreQuery newest(std::size_t limit) {
        return {.market = "demo",
                .instrument = "bybit-linear-BTCUSDT",
                .from = records::kStart,
                .to = records::kStart + std::chrono::hours{24},
                .limit = limit,
                .newest_first = true};
    }
    static void scores(RecordReading& reading, records::ScoreQuery query, std::function<void(const Page&)> done) {
        reading.ask<records::ScorePage>(
            [query = std::move(query)](records::Repository& repository) { return repository.scores(query); },
            std::move(done));
    }
    static Page ask(RecordReading& reading, records::ScoreQuery query) {
        std::promise<Page> got;
        scores(reading, std::move(query), [&](const Page& page) { got.set_value(page); });
        return got.get_future().get();
    }
};

TEST(RecordReading, SeesWhatTheKeeperStoresMeanwhile) {
    Reading r;
    records::Repository keeper = r.keeper();
    ASSERT_TRUE(keeper.append(records::made_batch(1, 30)).has_value());
    RecordReading reading(r.url);
    const Page page = Reading::ask(reading, Reading::newest(20));
    ASSERT_TRUE(page.has_value()) << page.error().what;
    ASSERT_EQ(page->scores.size(), 20U);
    EXPECT_EQ(page->scores.front().key.number, 30U);
    ASSERT_TRUE(keeper.append(records::made_batch(31, 1)).has_value());
    EXPECT_EQ(Reading::ask(reading, Reading::newest(1))->scores.front().key.number, 31U);
    records::ScoreQuery wrong = Reading::newest(1);
    wrong.cursor = "nonsense";
    EXPECT_EQ(Reading::ask(reading, wrong).error().code, Errc::malformed);
    EXPECT_EQ(Reading::ask(reading, Reading::newest(1))->scores.size(), 1U) << "goes on";
}

TEST(RecordReading, APlaceThatCannotBeOpenedIsAnErrorAndLeftAloneForAWhile) {
    Reading r;
    r.url.path = (r.folder.path() / "file" / "records.db").string();
    std::ofstream(r.folder.path() / "file") << "no folder";
    std::atomic<int> passed_s = 0;
    RecordReading reading(
        r.url, [&] { return std::chrono::steady_clock::time_point{} + std::chrono::seconds{passed_s.load()}; });
    const Page first = Reading::ask(reading, Reading::newest(1));
    ASSERT_FALSE(first.has_value());
    std::filesystem::remove(r.folder.path() / "file");
    passed_s = 4;
    const Page second = Reading::ask(reading, Reading::newest(1));
    ASSERT_FALSE(second.has_value()) << "not tried again yet";
    EXPECT_EQ(second.error().what, first.error().what);
    passed_s = 5;
    EXPECT_TRUE(Reading::ask(reading, Reading::newest(1)).has_value());
}

TEST(RecordReading, NobodyWaitsForEverAndTheQueueHasALimit) {
    Reading r;
    std::atomic<std::size_t> answers = 0;
    std::atomic<std::size_t> refusals = 0;
    std::promise<void> is_held;
    std::promise<void> may_go;
    {
        RecordReading reading(r.url);
        Reading::scores(reading, Reading::newest(1), [&](const Page&) {
            is_held.set_value();
            may_go.get_future().wait();
        });
        is_held.get_future().wait();
        for (std::size_t i = 0; i < QuestionThread::kQueueMax + 5; ++i) {
            Reading::scores(reading, Reading::newest(1), [&](const Page& page) { ++(page ? answers : refusals); });
        }
        EXPECT_EQ(refusals.load(), 5U);
        may_go.set_value();
    }
    EXPECT_EQ(answers.load() + refusals.load(), QuestionThread::kQueueMax + 5) << "each was told";
}

}  // namespace
}  // namespace vt::runtime
