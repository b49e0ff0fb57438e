#include "runtime/kill_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace vt::runtime {
namespace {

using namespace std::chrono_literals;

class KillFileTest : public ::testing::Test {
protected:
    KillFileTest() : path_(std::filesystem::temp_directory_path() / ("KILL_" + std::to_string(::getpid()))) {}
    ~KillFileTest() override { std::filesystem::remove(path_); }
    void write(const std::string& text) const { std::ofstream(path_) << text; }

    std::filesystem::path path_;
    std::vector<KillFile> pressed_;
    bool is_halted_ = true;
    KillFileWatch watch_{path_.string(), [this](const KillFile& file) { pressed_.push_back(file); },
                         [this] { return is_halted_; }};
    std::chrono::steady_clock::time_point at_{};
};

TEST_F(KillFileTest, WhatItSaysIsTheReason) {
    EXPECT_FALSE(read_kill_file(path_.string()));
    write("");
    EXPECT_FALSE(read_kill_file(path_.string())->flattens) << "to be there is enough";
    EXPECT_EQ(read_kill_file(path_.string())->reason, "the file " + path_.string());
    write("flatten\nsecond line");
    EXPECT_TRUE(read_kill_file(path_.string())->flattens);
    EXPECT_TRUE(read_kill_file(path_.string())->reason.ends_with(": flatten"));
    write("the venue\tis odd");
    EXPECT_FALSE(read_kill_file(path_.string())->flattens);
    EXPECT_TRUE(read_kill_file(path_.string())->reason.ends_with(": the venueis odd"));
    write(std::string(10'000, 'x'));
    EXPECT_EQ(read_kill_file(path_.string())->reason.size(), 200U);
}

TEST_F(KillFileTest, ALinkToNowhereAndAPipeCountAndAreNotWaitedFor) {
    std::filesystem::create_symlink("/nowhere/at/all", path_);
    EXPECT_TRUE(read_kill_file(path_.string()));
    std::filesystem::remove(path_);
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    EXPECT_TRUE(read_kill_file(path_.string()));
}

TEST_F(KillFileTest, ItIsPressedOnceAndAgainOnlyWhereTradingGoesOnBesideIt) {
    watch_.look(at_);
    EXPECT_TRUE(pressed_.empty());
    write("");
    watch_.look(at_);
    EXPECT_EQ(pressed_.size(), 1U);
    watch_.look(at_ + 2s);
    EXPECT_EQ(pressed_.size(), 1U) << "it is halted";
    is_halted_ = false;
    watch_.look(at_ + 999ms);
    EXPECT_EQ(pressed_.size(), 1U) << "too soon";
    watch_.look(at_ + 1s);
    EXPECT_EQ(pressed_.size(), 2U) << "released while the file was there";
    is_halted_ = true;
    std::filesystem::remove(path_);
    watch_.look(at_ + 2s);
    EXPECT_EQ(pressed_.size(), 2U) << "its removal turns nothing off, and presses nothing";
    write("");
    watch_.look(at_ + 2s);
    EXPECT_EQ(pressed_.size(), 3U) << "a new one";
}

}  // namespace
}  // namespace vt::runtime
