#include "runtime/record_copying.hpp"

#include "obs/log.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <fstream>

namespace vt::runtime {
namespace {

class RecordCopyingTest : public testing::Test {
protected:
    void SetUp() override {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        auto database = records::open_database({.path = file_.string()});
        ASSERT_TRUE(database);
        ASSERT_TRUE(records::Repository::open(std::move(*database), from_ms(1)));
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    [[nodiscard]] RecordCopyingParams params(Nanos every) const {
        return {.database = file_, .every = every, .keep = 2, .retry_after = std::chrono::milliseconds{20}};
    }
    static bool comes_true(const std::function<bool()>& holds) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (!holds() && std::chrono::steady_clock::now() < end) ::poll(nullptr, 0, 5);
        return holds();
    }

    std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "vt-record-copying";
    std::filesystem::path file_ = folder_ / "records.db";
};

TEST_F(RecordCopyingTest, TheFirstCopyIsMadeAtOnceAndTheNextWhenItIsDue) {
    {
        RecordCopying copying(params(std::chrono::hours{1}));
        EXPECT_TRUE(comes_true([&] { return copying.newest_at().has_value(); })) << copying.hindrance();
    }
    ASSERT_EQ(records::copies_of(file_).size(), 1U);
    const Timestamp made_at = records::copies_of(file_)[0].made_at;
    {
        RecordCopying next_run(params(std::chrono::hours{1}));
        EXPECT_EQ(next_run.newest_at(), made_at) << "the next run knows it, and makes none";
    }
    EXPECT_EQ(records::copies_of(file_).size(), 1U);
    RecordCopying often(params(std::chrono::milliseconds{10}));
    EXPECT_TRUE(comes_true([&] { return *often.newest_at() > made_at + std::chrono::seconds{1}; }));
    often.stop();
    EXPECT_LE(records::copies_of(file_).size(), 2U) << "the oldest go";
}

TEST_F(RecordCopyingTest, WhatStandsInTheWayIsSaidOnceAndTriedAgain) {
    const obs::LogCapture log;
    std::ofstream(records::copies_folder(file_)) << "a file where the folder should be";
    RecordCopying copying(params(std::chrono::hours{1}));
    ASSERT_TRUE(comes_true([&] { return !copying.hindrance().empty(); }));
    EXPECT_NE(copying.hindrance().find(records::copies_folder(file_).string()), std::string::npos);
    ::poll(nullptr, 0, 100);  // several tries
    EXPECT_EQ(log.warnings().size(), 1U);
    std::filesystem::remove(records::copies_folder(file_));
    EXPECT_TRUE(comes_true([&] { return copying.hindrance().empty() && copying.newest_at(); }));
}

}  // namespace
}  // namespace vt::runtime
