#include "records/run_claim.hpp"

#include "records/test_databases.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

namespace vt::records {
namespace {

template <class On>
class RunClaimOn : public ::testing::Test {
protected:
    void SetUp() override {
        if (!On::is_there()) GTEST_SKIP() << "postgresql-15 is not installed";
        on = std::make_unique<On>();
    }
    std::unique_ptr<On> on;
};

using ClaimedBackends = ::testing::Types<OnSqlite, OnPostgres>;
TYPED_TEST_SUITE(RunClaimOn, ClaimedBackends);

TYPED_TEST(RunClaimOn, OneRunAtATimeHasAMarket) {
    auto first = std::make_unique<RunClaim>(this->on->url, "live");
    ASSERT_TRUE(first->hold());
    EXPECT_TRUE(first->hold()) << "again costs nothing";
    RunClaim second(this->on->url, "live");
    const auto held = second.hold();
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().code, Errc::in_use);
    EXPECT_NE(held.error().what.find("market live"), std::string::npos) << held.error().what;
    EXPECT_EQ(held.error().what.find(TestServer::kPassword), std::string::npos) << held.error().what;
    RunClaim of_another_market(this->on->url, "demo");
    EXPECT_TRUE(of_another_market.hold());
    first.reset();
    EXPECT_TRUE(second.hold());
}

TEST(RunClaim, NamesTheProcessThatHasIt) {
    const OnSqlite on;
    RunClaim first(on.url, "demo");
    ASSERT_TRUE(first.hold());
    RunClaim second(on.url, "demo");
    EXPECT_NE(second.hold().error().what.find("(process " + std::to_string(::getpid()) + ")"), std::string::npos);
}

TEST(RunClaim, AFolderThatCannotBeMadeIsNamed) {
    const OnSqlite on;
    std::ofstream(on.folder.path() / "file") << "no folder";
    RunClaim claim({.path = (on.folder.path() / "file" / "records.db").string()}, "demo");
    const auto held = claim.hold();
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().code, Errc::io);
    EXPECT_NE(held.error().what.find("records.db.demo.lock"), std::string::npos) << held.error().what;
}

/// A server that was started anew has forgotten who had it: the first that asks again gets it.
TEST(RunClaim, OfAServerThatWasStartedAnewIsTakenAgain) {
    if (!OnPostgres::is_there()) GTEST_SKIP() << "postgresql-15 is not installed";
    const OnPostgres on;
    RunClaim first(on.url, "live"), second(on.url, "live");
    ASSERT_TRUE(first.hold());
    TestServer::shared()->stop();
    EXPECT_EQ(first.hold().error().code, Errc::unavailable);
    ASSERT_TRUE(TestServer::shared()->start());
    ASSERT_TRUE(second.hold());
    EXPECT_EQ(first.hold().error().code, Errc::in_use);
}

}  // namespace
}  // namespace vt::records
