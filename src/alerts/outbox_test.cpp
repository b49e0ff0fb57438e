#include "alerts/outbox.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace vt::alerts {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kMidnight = from_ms(1'700'006'400'000);
constexpr Timestamp kNoon = kMidnight + hours{12};
static_assert(floor_to(kMidnight, kDay) == kMidnight);

std::shared_ptr<const Alert> alert(const std::string& id, Severity severity = Severity::info) {
    Alert made{.id = id, .severity = severity, .title = "title " + id};
    return std::make_shared<const Alert>(std::move(made));
}

ChannelTerms terms(std::string name = "discord") { return {.name = std::move(name)}; }

Outcome delivered(std::string receipt = "r") {
    return {.kind = Outcome::Kind::delivered, .receipt = std::move(receipt)};
}
Outcome retry(std::optional<Nanos> after = {}) {
    return {.kind = Outcome::Kind::retry, .after = after, .problem = "it does not answer"};
}

struct Box {
    explicit Box(std::vector<ChannelTerms> channels, Timestamp now = kNoon) { made.set_channels(channels, now); }
    /// Ids in the next message; empty: nothing is due.
    std::vector<std::string> next(Timestamp now) {
        message = made.next(now);
        std::vector<std::string> ids;
        if (message)
            for (const auto& one : message->alerts) ids.push_back(one->id);
        keep();
        return ids;
    }
    void keep() {
        for (Delivery& delivery : made.take_changes())
            kept.insert_or_assign({delivery.channel, delivery.alert}, std::move(delivery));
    }
    void answer(const Outcome& outcome, Timestamp now) {
        made.on_outcome(message->channel, outcome, now);
        keep();
    }
    [[nodiscard]] const Delivery& of(const std::string& id, const std::string& channel = "discord") const {
        return kept.at({channel, id});
    }
    Outbox made;
    std::optional<Message> message;
    std::map<std::pair<std::string, std::string>, Delivery> kept;
};

TEST(Outbox, DeliversInOrderOneAtATimeAndKeepsTheReceipt) {
    Box box({terms()});
    EXPECT_EQ(box.made.put(alert("a"), {}, kNoon), 1U);
    EXPECT_EQ(box.made.put(alert("b"), {}, kNoon), 1U);
    EXPECT_EQ(box.next(kNoon), std::vector<std::string>{"a"});
    EXPECT_EQ(box.of("a").state, DeliveryState::sending);
    EXPECT_EQ(box.of("a").attempts, 1U);
    EXPECT_EQ(box.of("b").state, DeliveryState::waiting);
    EXPECT_TRUE(box.made.next(kNoon) == std::nullopt) << "one is on its way";
    EXPECT_EQ(box.made.due(kNoon), std::nullopt);
    box.answer(delivered("4711"), kNoon + seconds{1});
    EXPECT_EQ(box.of("a").state, DeliveryState::delivered);
    EXPECT_EQ(box.of("a").receipt, "4711");
    EXPECT_EQ(box.of("a").settled_at, kNoon + seconds{1});
    EXPECT_EQ(box.next(kNoon + seconds{1}), std::vector<std::string>{"b"});
    box.made.on_outcome("another", delivered(), kNoon);
    EXPECT_EQ(box.made.waiting("discord"), 1U);
}

TEST(Outbox, ChannelsDoNotWaitForEachOther) {
    Box box({terms("discord"), terms("telegram")});
    EXPECT_EQ(box.made.put(alert("a"), {}, kNoon), 2U);
    EXPECT_EQ(box.made.put(alert("b"), {"telegram"}, kNoon), 1U);
    EXPECT_EQ(box.next(kNoon), std::vector<std::string>{"a"});
    EXPECT_EQ(box.message->channel, "discord");  // and it never answers
    EXPECT_EQ(box.next(kNoon), std::vector<std::string>{"a"});
    EXPECT_EQ(box.message->channel, "telegram");
    box.answer(delivered(), kNoon);
    EXPECT_EQ(box.next(kNoon), std::vector<std::string>{"b"});
}

TEST(Outbox, ChannelsGetWhatIsSevereEnough) {
    ChannelTerms loud = terms();
    loud.severity_min = Severity::high;
    Box box({loud});
    EXPECT_EQ(box.made.put(alert("a", Severity::warn), {}, kNoon), 0U);
    EXPECT_EQ(box.made.put(alert("b", Severity::high), {}, kNoon), 1U);
}

TEST(Outbox, WaitsAsLongAsTheServiceAsks) {
    Box box({terms()});
    box.made.put(alert("a"), {}, kNoon);
    (void)box.next(kNoon);
    box.answer(retry(milliseconds{64'570}), kNoon);
    EXPECT_EQ(box.of("a").state, DeliveryState::waiting);
    EXPECT_EQ(box.of("a").problem, "it does not answer");
    EXPECT_EQ(box.made.due(kNoon), kNoon + milliseconds{64'570});
    EXPECT_TRUE(box.next(kNoon + milliseconds{64'569}).empty());
    EXPECT_EQ(box.next(kNoon + milliseconds{64'570}), std::vector<std::string>{"a"});
    box.answer(retry(hours{1'000}), kNoon + minutes{2});
    EXPECT_EQ(box.made.due(kNoon), kNoon + minutes{2} + Outbox::kLongestAsked)
        << "no service may silence us for weeks";
}

TEST(Outbox, TriesMoreAndMoreRarely) {
    Box box({terms()});
    box.made.put(alert("a"), {}, kNoon);
    std::vector<std::int64_t> waits;
    Timestamp now = kNoon;
    for (int i = 0; i < 12; ++i) {
        ASSERT_FALSE(box.next(now).empty());
        box.answer(retry(), now);
        const Timestamp due = *box.made.due(now);
        waits.push_back((due - now) / seconds{1});
        now = due;
        if (i >= 8) now += minutes{1};  // for the hour's budget
    }
    EXPECT_EQ(waits, (std::vector<std::int64_t>{2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900}));
}

TEST(Outbox, WhatIsCriticalGoesFirstAloneAndAlways) {
    ChannelTerms strict = terms();
    strict.per_hour = 1;
    strict.burst = 1;
    strict.quiet_from_minute = 0;
    strict.quiet_until_minute = 1'439;
    Box box({strict});
    box.made.put(alert("a"), {}, kNoon);
    for (const char* id : {"x", "y", "z"}) box.made.put(alert(id, Severity::critical), {}, kNoon);
    for (const char* id : {"x", "y", "z"}) {
        EXPECT_EQ(box.next(kNoon), std::vector<std::string>{id});
        box.answer(delivered(), kNoon);
    }
    EXPECT_TRUE(box.next(kNoon).empty()) << "quiet hours";
}

TEST(Outbox, ABudgetThatIsSpentMakesOneDigestOfWhatWaits) {
    ChannelTerms strict = terms();
    strict.per_hour = 30;
    strict.burst = 2;
    Box box({strict});
    for (const char* id : {"a", "b", "c", "d"}) box.made.put(alert(id), {}, kNoon);
    EXPECT_EQ(box.next(kNoon), std::vector<std::string>{"a"});
    box.answer(delivered(), kNoon);
    EXPECT_EQ(box.next(kNoon), (std::vector<std::string>{"b", "c", "d"})) << "the last token takes all";
    box.answer(delivered("digest"), kNoon);
    EXPECT_EQ(box.of("d").receipt, "digest");
    EXPECT_EQ(box.of("d").message, "b");
    box.made.put(alert("e"), {}, kNoon);
    EXPECT_TRUE(box.next(kNoon + seconds{119}).empty());
    ASSERT_TRUE(box.made.due(kNoon + seconds{119}));
    EXPECT_LE(*box.made.due(kNoon + seconds{119}) - (kNoon + seconds{120}), milliseconds{1});
    EXPECT_EQ(box.next(kNoon + seconds{121}), std::vector<std::string>{"e"});
}

TEST(Outbox, QuietHoursEndWithOneDigest) {
    ChannelTerms quiet = terms();
    quiet.quiet_from_minute = 22 * 60;
    quiet.quiet_until_minute = 7 * 60;
    Box box({quiet}, kMidnight);
    for (const char* id : {"a", "b"}) box.made.put(alert(id), {}, kMidnight + hours{1});
    EXPECT_EQ(box.made.due(kMidnight + hours{1}), kMidnight + hours{7});
    EXPECT_TRUE(box.next(kMidnight + hours{7} - seconds{1}).empty());
    box.made.put(alert("c"), {}, kMidnight + hours{7});
    EXPECT_EQ(box.next(kMidnight + hours{7}), (std::vector<std::string>{"a", "b"}));
    box.answer(delivered(), kMidnight + hours{7});
    EXPECT_EQ(box.next(kMidnight + hours{7}), std::vector<std::string>{"c"});
    box.answer(delivered(), kMidnight + hours{7});
    box.made.put(alert("d"), {}, kMidnight + hours{23});
    EXPECT_EQ(box.made.due(kMidnight + hours{23}), kMidnight + hours{31});
}

TEST(Outbox, AMessageThatFailedGoesAgainWholeWithItsKey) {
    ChannelTerms strict = terms();
    strict.burst = 1;
    Box box({strict});
    for (const char* id : {"a", "b"}) box.made.put(alert(id), {}, kNoon);
    EXPECT_EQ(box.next(kNoon).size(), 2U);
    EXPECT_EQ(box.message->key, "a");
    EXPECT_FALSE(box.message->is_repeat);
    Outcome cut_off = retry();
    cut_off.may_have_arrived = true;
    box.answer(cut_off, kNoon);
    box.made.put(alert("c"), {}, kNoon);
    EXPECT_EQ(box.next(kNoon + hours{1}), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(box.message->key, "a");
    EXPECT_TRUE(box.message->is_repeat);
}

TEST(Outbox, ARefusalIsTheEndAndSaysWhy) {
    Box box({terms()});
    box.made.put(alert("a"), {}, kNoon);
    box.made.put(alert("b"), {}, kNoon);
    (void)box.next(kNoon);
    box.answer({.kind = Outcome::Kind::refused, .problem = "the webhook is gone: make a new one"}, kNoon);
    EXPECT_EQ(box.of("a").state, DeliveryState::dead);
    EXPECT_EQ(box.of("a").problem, "the webhook is gone: make a new one");
    EXPECT_EQ(box.next(kNoon), std::vector<std::string>{"b"}) << "the next one is tried";
}

TEST(Outbox, ADayWithoutTheServiceLosesNothingThatIsCritical) {
    Box box({terms()});
    std::set<std::string> critical;
    Timestamp now = kMidnight;
    for (int minute = 0; minute < 24 * 60; ++minute, now += minutes{1}) {
        const std::string id = std::to_string(minute);
        const bool is_critical = minute % 60 == 0;
        if (is_critical) critical.insert(id);
        box.made.put(alert(id, is_critical ? Severity::critical : Severity::warn), {}, now);
        while (!box.next(now).empty()) box.answer(retry(), now);
        EXPECT_LE(box.made.waiting("discord"), Outbox::kMostWaiting + critical.size());
    }
    std::size_t messages = 0;
    std::map<std::string, int> arrived;
    for (int i = 0; i < 60 * 24 && box.made.waiting("discord") > 0; ++i, now += minutes{1}) {
        while (!box.next(now).empty()) {
            ++messages;
            for (const auto& one : box.message->alerts) ++arrived[one->id];
            box.answer(delivered(), now);
        }
    }
    for (const std::string& id : critical) EXPECT_EQ(arrived[id], 1) << id;
    std::size_t dead = 0;
    for (const auto& [key, delivery] : box.kept) {
        EXPECT_TRUE(delivery.settled_at.has_value());
        if (delivery.state == DeliveryState::dead) {
            ++dead;
            EXPECT_NE(delivery.problem, "");
            EXPECT_EQ(arrived[delivery.alert], 0);
        } else {
            EXPECT_EQ(arrived[delivery.alert], 1) << delivery.alert;
        }
    }
    EXPECT_EQ(box.kept.size(), 1'440U);
    EXPECT_GT(dead, 0U);
    EXPECT_LT(messages, critical.size() + 40) << "what waited comes in few messages";
}

TEST(Outbox, AFullQueueGivesUpTheOldestThatIsNotCritical) {
    Box box({terms()});
    box.made.put(alert("first", Severity::critical), {}, kNoon);
    for (std::size_t i = 0; i <= Outbox::kMostWaiting; ++i) box.made.put(alert(std::to_string(i)), {}, kNoon);
    box.keep();
    EXPECT_EQ(box.of("0").state, DeliveryState::dead);
    EXPECT_NE(box.of("0").problem.find("no room: 500"), std::string::npos);
    EXPECT_EQ(box.of("1").state, DeliveryState::waiting);
    EXPECT_EQ(box.of("first").state, DeliveryState::waiting);
}

TEST(Outbox, WhatNobodyTakesForADayIsGivenUpAndSaysWhatWasWrong) {
    Box box({terms()});
    box.made.put(alert("a"), {}, kNoon);
    (void)box.next(kNoon);
    box.answer(retry(), kNoon);
    EXPECT_TRUE(box.next(kNoon + Outbox::kPatience + seconds{1}).empty());
    EXPECT_EQ(box.of("a").state, DeliveryState::dead);
    EXPECT_EQ(box.of("a").problem, "not delivered within 24 hours: it does not answer");
}

TEST(Outbox, AChannelThatIsGoneGivesUpWhatWaitedForIt) {
    Box box({terms("discord"), terms("telegram")});
    box.made.put(alert("a"), {}, kNoon);
    box.made.set_channels({terms("telegram")}, kNoon);
    box.keep();
    EXPECT_EQ(box.of("a", "discord").state, DeliveryState::dead);
    EXPECT_EQ(box.of("a", "telegram").state, DeliveryState::waiting);
    box.made.resume({.alert = "b", .channel = "discord"}, alert("b"), kNoon);
    box.keep();
    EXPECT_EQ(box.of("b", "discord").state, DeliveryState::dead);
}

/// The service and the disk live on; everything else is lost between any two steps.
TEST(Outbox, ACrashBetweenAnyTwoStepsLosesNothingAndRepeatsOneMessageAtMostWithItsKey) {
    for (int crash_at = 0; crash_at < 60; ++crash_at) {
        std::map<std::string, std::shared_ptr<const Alert>> alerts;
        std::vector<std::string> order;
        std::map<std::string, Delivery> disk;
        std::map<std::string, std::vector<std::string>> arrived;  // message key: what it held, each time
        std::map<std::string, int> times;
        int step = 0;
        bool has_crashed = false;
        const auto crashes = [&] { return !has_crashed && ++step == crash_at; };
        const auto keep = [&](Outbox& box) {
            for (Delivery& delivery : box.take_changes()) disk.insert_or_assign(delivery.alert, std::move(delivery));
        };
        int made = 0;
        Timestamp now = kNoon;
        const auto run = [&] {
            Outbox box;
            box.set_channels({{.name = "discord", .burst = 2}}, now);
            for (const std::string& id : order)
                if (!disk.at(id).settled_at) box.resume(disk.at(id), alerts.at(id), now);
            for (; made < 8 || box.waiting("discord") > 0; now += minutes{3}) {
                for (int i = 0; i < 2 && made < 8; ++i) {
                    const std::string id = std::to_string(made++);
                    alerts.emplace(id, alert(id));
                    order.push_back(id);
                    box.put(alerts.at(id), {}, now);
                    keep(box);  // with the alert, in one transaction
                    if (crashes()) return;
                }
                while (auto message = box.next(now)) {
                    if (crashes()) return;
                    keep(box);
                    if (crashes()) return;
                    const int time = ++times[message->key];
                    EXPECT_TRUE(time == 1 || message->is_repeat) << crash_at;
                    for (const auto& one : message->alerts) arrived[one->id].push_back(message->key);
                    if (crashes()) return;
                    box.on_outcome("discord", delivered(), now);
                    if (crashes()) return;
                    keep(box);
                    if (crashes()) return;
                }
            }
        };
        run();
        has_crashed = true;
        run();
        int repeated = 0;
        for (const auto& [id, keys] : arrived) {
            EXPECT_LE(keys.size(), 2U) << crash_at;
            for (const std::string& key : keys) EXPECT_EQ(key, keys.front()) << "known by its key";
        }
        for (const auto& [key, count] : times) repeated += count - 1;
        EXPECT_LE(repeated, 1) << crash_at;
        EXPECT_EQ(arrived.size(), 8U) << crash_at;
        for (const auto& [id, delivery] : disk) EXPECT_EQ(delivery.state, DeliveryState::delivered) << crash_at;
    }
}

}  // namespace
}  // namespace vt::alerts
