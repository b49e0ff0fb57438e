#include "runtime/alert_keeping.hpp"

#include "alerts/alert_codec.hpp"
#include "net/loop.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>

namespace vt::runtime {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// A database of its own; what is told is collected.
class AlertKeepingTest : public ::testing::Test {
protected:
    AlertKeepingTest() : folder_(std::filesystem::temp_directory_path() / ("alerts_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~AlertKeepingTest() override { std::filesystem::remove_all(folder_); }
    using Done = std::function<void(alerts::Outcome)>;
    [[nodiscard]] std::unique_ptr<AlertKeeping> start(bool has_database = true) {
        AlertKeeping::Params params{.claim = claim_, .market = "live", .run = "r" + std::to_string(++runs_)};
        if (has_database) params.url = url_;
        params.tell = [this](const std::vector<alerts::Alert>& told) {
            const std::lock_guard lock(mutex_);
            told_.insert(told_.end(), told.begin(), told.end());
            changed_.notify_all();
        };
        if (send_) params.channels = {{.name = "discord"}};
        params.send = send_;
        auto keeping = AlertKeeping::start(std::move(params), now_);
        EXPECT_TRUE(keeping.has_value()) << keeping.error().what;
        return keeping ? std::move(*keeping) : nullptr;
    }
    [[nodiscard]] std::shared_ptr<const alerts::Occurrence> seen(Nanos after, double size = 300'000) const {
        return std::make_shared<const alerts::Occurrence>(alerts::Occurrence{.kind = alerts::Kind::large_order,
                                                                             .instrument = "bybit-linear-BTCUSDT",
                                                                             .symbol = "BTCUSDT",
                                                                             .side = alerts::Side::up,
                                                                             .at = now_ + after,
                                                                             .size = size});
    }
    [[nodiscard]] std::shared_ptr<const alerts::Occurrence> marker() const {
        return std::make_shared<const alerts::Occurrence>(
            alerts::Occurrence{.kind = alerts::Kind::account, .at = now_, .severity = alerts::Severity::critical});
    }
    [[nodiscard]] std::size_t told_within(std::size_t count) {
        std::unique_lock lock(mutex_);
        (void)changed_.wait_for(lock, seconds{30}, [&] { return told_.size() >= count; });
        return told_.size();
    }
    [[nodiscard]] std::size_t told_so_far() {
        const std::lock_guard lock(mutex_);
        return told_.size();
    }
    [[nodiscard]] records::Repository repository() const {
        return records::Repository::open(records::open_database(url_).value(), now_).value();
    }

    std::filesystem::path folder_;
    records::DatabaseUrl url_{.path = (folder_ / "records.db").string()};
    std::shared_ptr<records::RunClaim> claim_ = std::make_shared<records::RunClaim>(url_, "live");
    Timestamp now_ = net::wall_now();
    int runs_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<alerts::Alert> told_;
    std::function<void(const alerts::Message& message, Done done)> send_;  ///< absent: there is no channel
};

std::string state_of(records::Repository& kept, const std::string& alert) {
    const auto rows = records::deliveries_of(kept.database(), "live", alert).value();
    return rows.empty() ? "none" : rows[0].state;
}

TEST_F(AlertKeepingTest, WhatIsSentWasStoredBeforeAndIsSettledByItsOutcome) {
    std::string before;
    send_ = [&](const alerts::Message& message, const Done& done) {
        auto kept = repository();
        before = state_of(kept, message.key);
        done({.kind = alerts::Outcome::Kind::delivered, .receipt = "4711"});
    };
    auto keeping = start();
    keeping->see(seen(seconds{0}));
    keeping->stop();
    EXPECT_EQ(before, "sending");
    auto kept = repository();
    const auto rows = records::deliveries_of(kept.database(), "live", told_.at(0).id).value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].state, "delivered");
    EXPECT_EQ(rows[0].receipt, "4711");
}

TEST_F(AlertKeepingTest, AMessageWithoutAnAnswerIsRepeatedByTheNextRunWithItsKey) {
    std::vector<alerts::Message> sent;
    send_ = [&](const alerts::Message& message, const Done&) { sent.push_back(message); };
    auto first = start();
    first->see(seen(seconds{0}));
    first->stop();  // for two seconds it waits for an answer
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_FALSE(sent[0].is_repeat);
    send_ = [&](const alerts::Message& message, const Done& done) {
        sent.push_back(message);
        done({.kind = alerts::Outcome::Kind::delivered});
    };
    start()->stop();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_TRUE(sent[1].is_repeat);
    EXPECT_EQ(sent[1].key, sent[0].key);
    EXPECT_EQ(*sent[1].alerts.at(0), *sent[0].alerts.at(0));
    start()->stop();
    EXPECT_EQ(sent.size(), 2U) << "it is settled";
}

TEST_F(AlertKeepingTest, ADatabaseThatIsAwayKeepsNothingFromBeingSent) {
    std::atomic<int> sent{0};
    send_ = [&](const alerts::Message&, const Done& done) {
        ++sent;
        done({.kind = alerts::Outcome::Kind::delivered});
    };
    auto keeping = start();
    auto other = records::open_database(url_).value();
    ASSERT_TRUE(other->begin(records::Access::exclusive).has_value());
    keeping->see(seen(seconds{0}));
    const auto deadline = std::chrono::steady_clock::now() + seconds{60};
    while (sent == 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    EXPECT_EQ(sent, 1);
    other->rollback();
    keeping->stop();
    auto kept = repository();
    EXPECT_EQ(state_of(kept, told_.at(0).id), "delivered");
}

TEST_F(AlertKeepingTest, WhatIsToldAndWhatWasSeenAreKept) {
    auto keeping = start();
    keeping->see(seen(seconds{0}));
    keeping->see(seen(seconds{1}));
    keeping->see(seen(seconds{2}, 1'000));
    keeping->stop();
    EXPECT_EQ(told_within(1), 1U) << "the cooldown holds";
    EXPECT_EQ(keeping->hindrance(), "");
    auto kept = repository();
    const auto page = records::alerts_of(kept.database(), {.market = "live"}).value();
    ASSERT_EQ(page.alerts.size(), 1U);
    EXPECT_EQ(page.alerts[0].id, told_[0].id);
    EXPECT_EQ(page.alerts[0].kind, "large_order");
    const auto whole = records::alert_with_id(kept.database(), "live", told_[0].id).value();
    EXPECT_EQ(alerts::decode_alert(whole->follow).value(), told_[0]);
    const auto rows = records::occurrences_since(kept.database(), "live", "", now_ - minutes{1}, 10).value();
    ASSERT_EQ(rows.size(), 3U) << "whatever the rules say";
    EXPECT_EQ(alerts::decode_occurrence(rows[0].body)->size, 300'000);
}

TEST_F(AlertKeepingTest, ALaterRunGoesOnInTheCooldowns) {
    auto first = start();
    first->see(seen(seconds{0}));
    first->stop();
    auto second = start();
    second->see(seen(seconds{10}));
    second->see(seen(minutes{6}));
    second->stop();
    EXPECT_EQ(told_within(2), 2U)
        << "one held back by the old cooldown; then its digest, and the new one within that";
    EXPECT_EQ(told_[1].count, 1U);
    EXPECT_EQ(told_[1].at, now_ + minutes{5});
}

TEST_F(AlertKeepingTest, OwnRulesHoldInPlaceOfTheUsualOnesAndDamagedOnesAreLeftOut) {
    {
        auto kept = repository();
        ASSERT_TRUE(records::replace_alert_rules(
            kept.database(), "live",
            {{"live", "huge", R"({"name": "huge", "kind": "large_order", "minimum": 1e6, "cooldown_seconds": 0})"},
             {"live", "odd", R"({"name": "odd", "kind": "of another version"})"}}));
    }
    auto keeping = start();
    ASSERT_EQ(keeping->rules().size(), 1U);
    EXPECT_EQ(keeping->rules()[0].name, "huge");
    keeping->see(seen(seconds{0}));
    keeping->see(seen(seconds{1}, 2e6));
    keeping->see(seen(seconds{2}, 2e6));
    keeping->stop();
    EXPECT_EQ(told_within(2), 2U);
}

TEST_F(AlertKeepingTest, ADatabaseThatIsAwayHoldsNothingBackAndGetsEverythingLater) {
    auto keeping = start();
    keeping->see(seen(seconds{0}));
    ASSERT_EQ(told_within(1), 1U);
    const auto deadline = std::chrono::steady_clock::now() + seconds{10};
    auto other = records::open_database(url_).value();
    ASSERT_TRUE(other->begin(records::Access::exclusive).has_value());  // nobody else may write
    keeping->see(seen(minutes{10}));
    EXPECT_EQ(told_within(2), 2U) << "told at once";
    while (keeping->hindrance().empty() && std::chrono::steady_clock::now() < deadline + seconds{50})
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    EXPECT_NE(keeping->hindrance().find("alerts are not stored"), std::string::npos);
    other->rollback();
    keeping->stop();
    EXPECT_EQ(keeping->hindrance(), "");
    auto kept = repository();
    EXPECT_EQ(records::alerts_of(kept.database(), {.market = "live"})->alerts.size(), 2U);
}

TEST_F(AlertKeepingTest, WithoutADatabaseItTellsAllTheSame) {
    auto keeping = start(false);
    keeping->see(seen(seconds{0}));
    keeping->stop();
    EXPECT_EQ(told_within(1), 1U);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "records.db"));
}

TEST_F(AlertKeepingTest, AStormLosesNothingThatIsCritical) {
    auto keeping = start(false);
    constexpr std::size_t kCritical = 50;
    alerts::Occurrence halted{.kind = alerts::Kind::account, .severity = alerts::Severity::critical};
    for (std::size_t i = 0; i < 5 * AlertKeeping::kSeenMax; ++i) {
        keeping->see(seen(std::chrono::milliseconds{i}));
        if (i % AlertKeeping::kSeenMax != 0) continue;
        for (std::size_t n = 0; n < kCritical / 5; ++n) {
            halted.at = now_ + std::chrono::milliseconds{i} + Nanos{n};
            keeping->see(std::make_shared<const alerts::Occurrence>(halted));
        }
    }
    keeping->stop();
    std::size_t critical = 0;
    for (const alerts::Alert& alert : told_) critical += alert.severity == alerts::Severity::critical ? 1 : 0;
    EXPECT_EQ(critical, kCritical);
}

TEST_F(AlertKeepingTest, ARuleThatSpeaksOnceIsOffInTheNextRunToo) {
    {
        auto kept = repository();
        ASSERT_TRUE(records::replace_alert_rules(
            kept.database(), "live",
            {{"live", "score", R"({"name": "score", "kind": "score_level", "level": 70, "once": true})"}}));
    }
    const auto reads = [&](AlertKeeping& keeping, Nanos after, double score) {
        auto record = std::make_shared<confluence::ScoreRecord>();
        record->at = floor_to(now_, minutes{1}) + after;
        record->score = score;
        keeping.read({.record = std::move(record)}, {.symbol = "BTCUSDT"});
    };
    auto first = start();
    reads(*first, minutes{0}, 65);
    reads(*first, minutes{1}, 69);
    reads(*first, minutes{2}, 71);
    first->stop();
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_[0].title, "BTCUSDT: score above 70.0");
    auto second = start();
    EXPECT_FALSE(second->rules().at(0).is_on);
    reads(*second, minutes{3}, 65);
    reads(*second, minutes{4}, 75);
    second->stop();
    EXPECT_EQ(told_.size(), 1U);
}

TEST_F(AlertKeepingTest, ALevelIsReadOffThePublishedCandles) {
    {
        auto kept = repository();
        ASSERT_TRUE(records::replace_alert_rules(
            kept.database(), "live", {{"live", "up", R"({"name": "up", "kind": "price_level", "level": 100})"}}));
    }
    auto keeping = start();
    const Timestamp minute = floor_to(now_, minutes{1});
    views::Snapshot picture;
    picture.rows.resize(1);
    picture.rows[0].instrument.symbol = "BTCUSDT";
    const auto show = [&](Nanos after, double high, double close) {
        views::SymbolDetail detail;
        auto& candles = detail.candles[static_cast<std::size_t>(market::Timeframe::m1)];
        candles.open = market::Candle{.open_time = floor_to(minute + after, minutes{1}),
                                      .interval = minutes{1},
                                      .open = 99,
                                      .high = high,
                                      .low = 99,
                                      .close = close};
        picture.details = {std::make_shared<const views::SymbolDetail>(detail)};
        picture.at = minute + after;
        keeping->look(picture);
        // what is seen behind it is told behind it
        const std::size_t before = told_so_far();
        keeping->see(marker());
        EXPECT_GT(told_within(before + 1), before);
    };
    show(seconds{1}, 99.5, 99.5);
    show(seconds{62}, 99.9, 99.9);
    EXPECT_EQ(told_so_far(), 2U) << "the markers";
    show(seconds{64}, 100.5, 99.9);
    keeping->stop();
    ASSERT_EQ(told_.size(), 4U);
    EXPECT_EQ(std::ranges::count(told_, "BTCUSDT above 100", &alerts::Alert::title), 1);
}

}  // namespace
}  // namespace vt::runtime
