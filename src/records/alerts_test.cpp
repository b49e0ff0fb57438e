#include "records/alerts.hpp"

#include "records/repository.hpp"
#include "records/schema.hpp"
#include "records/test_databases.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace vt::records {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Timestamp kMorning = from_ms(1'780'000'000'000);

AlertRow made_alert(int number, const std::string& severity = "info") {
    return {.market = "live",
            .id = "id" + std::to_string(number),
            .at = kMorning + seconds{number},
            .kind = number % 2 == 0 ? "signal" : "price_move",
            .severity = severity,
            .instrument = number % 3 == 0 ? "" : "bybit-linear-BTCUSDT",
            .rule = "rule",
            .body = R"({"number":)" + std::to_string(number) + "}",
            .follow = std::string("go\0on", 5)};
}

DeliveryRow made_delivery(int number, const std::string& channel, const std::string& state = "waiting") {
    DeliveryRow row{.market = "live",
                    .alert = "id" + std::to_string(number),
                    .channel = channel,
                    .state = state,
                    .queued_at = kMorning + seconds{number}};
    if (state == "delivered" || state == "dead") row.settled_at = kMorning + hours{1};
    return row;
}

OccurrenceRow made_occurrence(std::uint64_t number, const std::string& kind = "large_order") {
    return {.market = "live",
            .at = kMorning + seconds{number},
            .run = "run",
            .number = number,
            .kind = kind,
            .body = std::string("\0\1", 2)};
}

template <class On>
class AlertsOn : public ::testing::Test {
protected:
    void SetUp() override {
        if (!On::is_there()) GTEST_SKIP() << "postgresql-15 is not installed";
        on.emplace();
        repository.emplace(Repository::open(std::move(*open_database(on->url)), kMorning).value());
    }
    Database& database() { return repository->database(); }
    void store(const AlertBatch& batch) {
        const auto stored = store_alerts(database(), batch);
        ASSERT_TRUE(stored.has_value()) << stored.error().what;
    }
    std::vector<std::string> inbox(AlertQuery query) {
        query.market = "live";
        std::vector<std::string> ids;
        do {
            const auto page = alerts_of(database(), query);
            EXPECT_TRUE(page.has_value()) << page.error().what;
            if (!page) break;
            for (const AlertRow& alert : page->alerts) {
                ids.push_back(alert.id);
                EXPECT_EQ(alert.follow, "") << "not for lists";
            }
            query.cursor = page->cursor;
        } while (!query.cursor.empty());
        return ids;
    }

    std::optional<On> on;
    std::optional<Repository> repository;
};

using AlertBackends = ::testing::Types<OnSqlite, OnPostgres>;
TYPED_TEST_SUITE(AlertsOn, AlertBackends);

TYPED_TEST(AlertsOn, TheInboxIsReadFromTheNewestBackAndCanBeNarrowed) {
    AlertBatch batch;
    for (int i = 1; i <= 5; ++i) batch.alerts.push_back(made_alert(i, i == 5 ? "critical" : "info"));
    batch.alerts.push_back(made_alert(6));
    batch.alerts.back().at = made_alert(5).at;  // the same millisecond
    batch.alerts.push_back(made_alert(7));
    batch.alerts.back().market = "demo";
    this->store(batch);
    using Ids = std::vector<std::string>;
    EXPECT_EQ(this->inbox({.limit = 2}), (Ids{"id6", "id5", "id4", "id3", "id2", "id1"}));
    EXPECT_EQ(this->inbox({.limit = 1}), (Ids{"id6", "id5", "id4", "id3", "id2", "id1"}));
    EXPECT_EQ(this->inbox({.severity = "critical"}), Ids{"id5"});
    EXPECT_EQ(this->inbox({.kind = "signal"}), (Ids{"id6", "id4", "id2"}));
    EXPECT_EQ(this->inbox({.instrument = "bybit-linear-BTCUSDT"}), (Ids{"id5", "id4", "id2", "id1"}));
    EXPECT_EQ(alerts_of(this->database(), {.market = "live", .cursor = "x"}).error().code, Errc::malformed);
    EXPECT_EQ(alerts_of(this->database(), {.market = "live", .cursor = "5"}).error().code, Errc::malformed);
    EXPECT_EQ(alerts_of(this->database(), {.market = "live", .limit = 0}).error().code, Errc::out_of_range);
    EXPECT_EQ(alert_with_id(this->database(), "live", "id5").value(), made_alert(5, "critical"));
    EXPECT_EQ(alert_with_id(this->database(), "live", "id7").value(), std::nullopt);
}

TYPED_TEST(AlertsOn, AnAlertIsAcknowledgedOnceAndByTheFirst) {
    this->store({.alerts = {made_alert(1), made_alert(2), made_alert(3)}});
    EXPECT_EQ(acknowledge(this->database(), "live", {"id1", "id9"}, "ann", kMorning).value(), 1U);
    EXPECT_EQ(acknowledge(this->database(), "live", {"id1"}, "bob", kMorning + seconds{9}).value(), 0U);
    EXPECT_EQ(acknowledge(this->database(), "demo", {}, "bob", kMorning).value(), 0U);
    EXPECT_EQ(this->inbox({.only_open = true}), (std::vector<std::string>{"id3", "id2"}));
    EXPECT_EQ(acknowledge(this->database(), "live", {}, "bob", kMorning + seconds{9}).value(), 2U);
    const auto first = alert_with_id(this->database(), "live", "id1").value();
    EXPECT_EQ(first->acknowledged_by, "ann");
    EXPECT_EQ(first->acknowledged_at, kMorning);
    this->store({.alerts = {made_alert(1)}});
    EXPECT_EQ(alert_with_id(this->database(), "live", "id1").value(), first) << "kept again, it stays as it is";
}

TYPED_TEST(AlertsOn, ALaterRunGoesOnFromWhatIsNotSettled) {
    this->store({.alerts = {made_alert(1), made_alert(2), made_alert(3)},
                 .deliveries = {made_delivery(3, "discord"), made_delivery(1, "discord"), made_delivery(2, "discord"),
                                made_delivery(1, "telegram")}});
    DeliveryRow sending = made_delivery(1, "discord", "sending");
    sending.attempts = 1;
    sending.message = "id1";
    DeliveryRow delivered = made_delivery(2, "discord", "delivered");
    delivered.receipt = "4711";
    this->store({.deliveries = {sending, delivered}});
    const auto left = unsettled_alerts(this->database(), "live").value();
    EXPECT_EQ(left.deliveries, (std::vector{sending, made_delivery(1, "telegram"), made_delivery(3, "discord")}));
    EXPECT_EQ(left.alerts, (std::vector{made_alert(1), made_alert(3)}));
    EXPECT_EQ(deliveries_of(this->database(), "live", "id1").value(),
              (std::vector{sending, made_delivery(1, "telegram")}));
    EXPECT_EQ(delivery_log(this->database(), "live", "discord", 2).value(),
              (std::vector{made_delivery(3, "discord"), delivered}));
    EXPECT_EQ(delivery_log(this->database(), "live", "", 100)->size(), 4U);
}

TYPED_TEST(AlertsOn, RulesAreReplacedWhole) {
    const std::vector<RuleRow> rules{{"live", "a", "{}"}, {"live", "b", "{\"kind\":\"signal\"}"}};
    ASSERT_TRUE(replace_alert_rules(this->database(), "demo", {{"demo", "a", "other"}}).has_value());
    ASSERT_TRUE(replace_alert_rules(this->database(), "live", {{"live", "c", "{}"}}).has_value());
    ASSERT_TRUE(replace_alert_rules(this->database(), "live", rules).has_value());
    EXPECT_EQ(alert_rules(this->database(), "live").value(), rules);
    EXPECT_EQ(alert_rules(this->database(), "demo")->size(), 1U);
}

TYPED_TEST(AlertsOn, WhatWasSeenIsReadInOrderOfTime) {
    AlertBatch batch;
    for (std::uint64_t i = 1; i <= 6; ++i)
        batch.occurrences.push_back(made_occurrence(i, i % 2 == 0 ? "large_order" : "iceberg"));
    this->store(batch);
    this->store(batch);  // once
    const auto all = occurrences_since(this->database(), "live", "", kMorning + seconds{2}, 100).value();
    ASSERT_EQ(all.size(), 5U);
    EXPECT_EQ(all.front(), made_occurrence(2));
    const auto newest = occurrences_since(this->database(), "live", "large_order", kMorning, 2).value();
    ASSERT_EQ(newest.size(), 2U);
    EXPECT_EQ(newest[0], made_occurrence(4));
    EXPECT_EQ(newest[1], made_occurrence(6));
}

TYPED_TEST(AlertsOn, WhatIsOldIsForgottenButForWhatIsStillOnItsWay) {
    this->store({.alerts = {made_alert(1), made_alert(2), made_alert(3)},
                 .deliveries = {made_delivery(1, "discord", "delivered"), made_delivery(2, "discord"),
                                made_delivery(2, "telegram", "dead"), made_delivery(3, "discord", "delivered")},
                 .occurrences = {made_occurrence(1), made_occurrence(2)}});
    const Timestamp second = kMorning + seconds{2}, third = kMorning + seconds{3};
    EXPECT_EQ(forget_alerts(this->database(), second, third).value(), 3U);
    EXPECT_EQ(this->inbox({}), (std::vector<std::string>{"id3", "id2"}));
    EXPECT_EQ(deliveries_of(this->database(), "live", "id1")->size(), 0U);
    EXPECT_EQ(deliveries_of(this->database(), "live", "id2")->size(), 2U);
    EXPECT_EQ(occurrences_since(this->database(), "live", "", kMorning, 9)->size(), 1U);
}

TYPED_TEST(AlertsOn, TheDigestSeesThemAndTheLastStepGoesBack) {
    const auto before = this->repository->digest().value();
    this->store({.alerts = {made_alert(1)}});
    EXPECT_NE(this->repository->digest().value(), before);
    ASSERT_TRUE(migrate(this->database(), 5, kMorning).has_value());
    EXPECT_FALSE(this->database().has_table("alerts").value());
    ASSERT_TRUE(migrate(this->database(), latest_version(), kMorning).has_value());
    EXPECT_TRUE(this->inbox({}).empty());
}

}  // namespace
}  // namespace vt::records
