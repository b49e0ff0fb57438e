#include "cache/test_fake_server.hpp"
#include "cache/test_loop.hpp"
#include "cache/tiered_cache.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace vt::cache {
namespace {

using std::chrono::seconds;

constexpr Key kPage{.ttl_class = TtlClass::scores, .text = "page"};

/// Computations that are ended by the test, from whatever thread it likes.
class LateOrigin : public testing::Test {
protected:
    obs::LogCapture log_;
    TestLoop loop_;
    FakeServer server_;
    std::int64_t now_ms_ = 1'700'000'000'000;
    std::vector<TieredCache::Finish> begun_;

    std::unique_ptr<TieredCache> cache(bool has_server) {
        return std::make_unique<TieredCache>(
            TieredCacheParams{.clock = [this] { return from_ms(now_ms_); }, .executor = loop_.executor()},
            has_server ? std::make_unique<RemoteTier>(RemoteTierParams{
                             .name = "second", .connect = server_.connect(), .deadline = seconds{20}})
                       : nullptr,
            nullptr);
    }
    TieredCache::LateOrigin origin() {
        return [this](TieredCache::Finish finish) { begun_.push_back(std::move(finish)); };
    }
    void ask(TieredCache& cache, std::optional<Result<Answer>>& got) {
        cache.fetch(kPage, origin(), [&got](const Result<Answer>& answer) { got = answer; });
    }
};

}  // namespace

TEST_F(LateOrigin, IsBegunOnceAndAnswersAllOnTheExecutorsThread) {
    for (const bool has_server : {false, true}) {
        SCOPED_TRACE(has_server);
        begun_.clear();
        const auto tiers = cache(has_server);
        const auto here = std::this_thread::get_id();
        std::size_t answered = 0;
        for (int i = 0; i < 3; ++i)
            tiers->fetch(kPage, origin(), [&](const Result<Answer>& answer) {
                EXPECT_EQ(std::this_thread::get_id(), here);
                ASSERT_TRUE(answer);
                EXPECT_EQ(*answer->value.bytes, "scores");
                EXPECT_EQ(answer->source, Source::origin);
                EXPECT_EQ(to_ms(answer->value.made_at), now_ms_);
                ++answered;
            });
        ASSERT_TRUE(loop_.run_until([&] { return begun_.size() == 1; }));
        std::thread([&] {
            begun_[0](shared_bytes("scores"));
            begun_[0](shared_bytes("not these"));  // the first counts
        }).join();
        EXPECT_EQ(answered, 0U) << "not on the other thread";
        ASSERT_TRUE(loop_.run_until([&] { return answered == 3; }));
        EXPECT_EQ(tiers->counters().joined, 2U);
        EXPECT_EQ(*tiers->find(kPage)->value.bytes, "scores");
        EXPECT_EQ(begun_.size(), 1U);
        server_.flush();
    }
}

TEST_F(LateOrigin, WhatFailsIsGivenUpOrThrowsIsNotKept) {
    const auto tiers = cache(false);
    std::optional<Result<Answer>> got;
    ask(*tiers, got);
    begun_[0](fail(Errc::unavailable, "the database is away"));
    ASSERT_TRUE(loop_.run_until([&] { return got.has_value(); }));
    EXPECT_EQ(got->error().what, "the database is away");
    got.reset();
    ask(*tiers, got);
    begun_.clear();
    ASSERT_TRUE(loop_.run_until([&] { return got.has_value(); })) << "nobody is left who could tell";
    EXPECT_FALSE(*got);
    got.reset();
    tiers->fetch(
        kPage, [](TieredCache::Finish) { throw std::runtime_error("no memory"); },
        [&](const Result<Answer>& answer) { got = answer; });
    ASSERT_TRUE(loop_.run_until([&] { return got.has_value(); }));
    EXPECT_NE(got->error().what.find("no memory"), std::string::npos);
    EXPECT_FALSE(tiers->find(kPage));
    EXPECT_EQ(tiers->counters().origin_failures, 3U);
}

TEST_F(LateOrigin, WhoWaitsAtTheEndIsToldOnce) {
    auto tiers = cache(false);
    int told = 0;
    const auto count = [&](const Result<Answer>& answer) {
        EXPECT_FALSE(answer);
        ++told;
    };
    tiers->fetch(kPage, origin(), count);
    tiers->erase(kPage);  // who asks from now on waits for another computation
    tiers->fetch(kPage, origin(), count);
    ASSERT_EQ(begun_.size(), 2U);
    tiers.reset();
    EXPECT_EQ(told, 2);
    for (const auto& finish : begun_) finish(shared_bytes("too late"));
    EXPECT_TRUE(loop_.run_until([&] { return told == 2; }));
}

TEST_F(LateOrigin, ARenewalTellsWhoWantsToKnow) {
    const auto tiers = cache(false);
    std::optional<Result<Answer>> got;
    ask(*tiers, got);
    begun_[0](shared_bytes("old"));
    ASSERT_TRUE(loop_.run_until([&] { return got.has_value(); }));
    now_ms_ += 1'000;
    std::optional<Result<Answer>> renewed;
    tiers->renew(kPage, (*got)->value.made_at, origin(), [&](const Result<Answer>& answer) { renewed = answer; });
    EXPECT_EQ(*tiers->find(kPage)->value.bytes, "old") << "served meanwhile";
    ASSERT_EQ(begun_.size(), 2U);
    begun_[1](shared_bytes("new"));
    ASSERT_TRUE(loop_.run_until([&] { return renewed.has_value(); }));
    EXPECT_EQ(*(*renewed)->value.bytes, "new");
    EXPECT_EQ(*tiers->find(kPage)->value.bytes, "new");
}

TEST_F(LateOrigin, WhatWasThereBeforeAllWasForgottenIsNotServedThoughTheServerHasIt) {
    auto tiers = cache(true);
    std::optional<Result<Answer>> got;
    ask(*tiers, got);
    ASSERT_TRUE(loop_.run_until([&] { return begun_.size() == 1; }));
    begun_[0](shared_bytes("before"));
    ASSERT_TRUE(loop_.run_until([&] { return got.has_value() && tiers->counters().second->writes == 1; }));
    // Another is under way when all is forgotten: those who wait get it, and it is not kept.
    std::optional<Result<Answer>> waiting;
    tiers->fetch({.ttl_class = TtlClass::scores, .text = "other"}, origin(),
                 [&](const Result<Answer>& answer) { waiting = answer; });
    ASSERT_TRUE(loop_.run_until([&] { return begun_.size() == 2; }));
    tiers->erase_all();
    begun_[1](shared_bytes("begun before"));
    ASSERT_TRUE(loop_.run_until([&] { return waiting.has_value(); }));
    EXPECT_TRUE(*waiting);
    EXPECT_FALSE(tiers->find({.ttl_class = TtlClass::scores, .text = "other"}));
    now_ms_ += 1;
    got.reset();
    ask(*tiers, got);
    ASSERT_TRUE(loop_.run_until([&] { return begun_.size() == 3; })) << "the server's value is from before";
    EXPECT_EQ(tiers->counters().too_old, 1U);
    begun_[2](shared_bytes("after"));
    ASSERT_TRUE(loop_.run_until([&] { return got.has_value(); }));
    EXPECT_EQ(*tiers->find(kPage)->value.bytes, "after");
}

}  // namespace vt::cache
