#include "config/versioned_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace vt::config {
namespace {

class VersionedFileTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  ("versioned-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        path_ = folder_ / "a" / "v.toml";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] VersionedFile file() const { return VersionedFile(path_); }
    bool write(const std::string& text) const {
        const auto done = file().replace([&](const auto&) { return text; });
        EXPECT_TRUE(done) << done.error().what;
        return done.value_or(false);
    }
    [[nodiscard]] std::string kept_numbers() const {
        std::string all;
        const auto versions = file().versions();
        EXPECT_TRUE(versions) << versions.error().what;
        for (const FileVersion& one : *versions) all += std::to_string(one.number) + " ";
        return all;
    }
    static mode_t mode_of(const std::filesystem::path& path) {
        struct stat state{};
        EXPECT_EQ(::stat(path.c_str(), &state), 0) << path;
        return state.st_mode & 0777U;
    }

    std::filesystem::path folder_;
    std::filesystem::path path_;
};

}  // namespace

TEST_F(VersionedFileTest, KeepsWhatItReplaces) {
    EXPECT_EQ(*file().read(), std::nullopt);
    EXPECT_EQ(file().version(1).error().code, Errc::not_found);
    EXPECT_TRUE(write("one"));
    EXPECT_EQ(kept_numbers(), "") << "there was nothing to keep";
    EXPECT_TRUE(write("two"));
    EXPECT_FALSE(write("two")) << "nothing changed";
    EXPECT_TRUE(write("three"));
    EXPECT_EQ(*file().read(), "three");
    EXPECT_EQ(kept_numbers(), "1 2 ");
    EXPECT_EQ(*file().version(1), "one");
    EXPECT_EQ(*file().version(2), "two");
    EXPECT_EQ(file().versions()->back().bytes, 3U);
    EXPECT_EQ(file().version(9).error().what, "there is no version 9 of " + path_.string() + "; kept are 1 to 2");
}

TEST_F(VersionedFileTest, WhatAHandChangedIsKeptToo) {
    write("one");
    std::ofstream(path_) << "by hand";
    write("two");
    EXPECT_EQ(*file().version(1), "by hand");
    // A process that was killed between the history and the file: the same text is not kept twice.
    std::ofstream(file().history_folder() / "000002.toml") << "two";
    write("three");
    EXPECT_EQ(kept_numbers(), "1 2 ");
}

TEST_F(VersionedFileTest, TheHistoryIsBoundedAndNoNumberComesTwice) {
    for (int i = 0; i < 60; ++i) write(std::to_string(i));
    const auto versions = file().versions();
    ASSERT_TRUE(versions);
    EXPECT_EQ(versions->size(), VersionedFile::kVersionsMax);
    EXPECT_EQ(versions->front().number, 10U);
    EXPECT_EQ(versions->back().number, 59U);
    EXPECT_EQ(*file().version(59), "58");
}

TEST_F(VersionedFileTest, IsPrivateUnlessItWasNot) {
    write("one");
    EXPECT_EQ(mode_of(path_), 0600U);
    EXPECT_EQ(mode_of(path_.parent_path()), 0700U);
    ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
    write("two");
    EXPECT_EQ(mode_of(path_), 0644U);
    EXPECT_EQ(mode_of(file().history_folder() / "000001.toml"), 0600U);
}

TEST_F(VersionedFileTest, ASymbolicLinkStaysOne) {
    const auto target = folder_ / "target.toml";
    std::ofstream(target) << "one";
    std::filesystem::create_directories(path_.parent_path());
    std::filesystem::create_symlink(target, path_);
    write("two");
    EXPECT_TRUE(std::filesystem::is_symlink(path_));
    EXPECT_EQ(*VersionedFile(target).read(), "two");
}

TEST_F(VersionedFileTest, ARefusalOfTheMakerLeavesEverythingAsItWas) {
    write("one");
    const auto refused = file().replace([](const std::optional<std::string>& present) -> Result<std::string> {
        EXPECT_EQ(present, "one");
        return fail(Errc::refused, "no");
    });
    EXPECT_EQ(refused.error().what, "no");
    EXPECT_EQ(*file().read(), "one");
    EXPECT_EQ(kept_numbers(), "");
    const auto huge = file().replace([](const auto&) { return std::string(VersionedFile::kBytesMax + 1, '#'); });
    EXPECT_EQ(huge.error().code, Errc::out_of_range);
}

TEST_F(VersionedFileTest, OneProcessAtATime) {
    write("one");
    const int other = ::open((path_.string() + ".lock").c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(other, 0);
    ASSERT_EQ(::flock(other, LOCK_EX), 0);
    const auto refused = file().replace([](const auto&) { return std::string("two"); });
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_EQ(refused.error().what, path_.string() + " is being changed by another process; try again");
    ::close(other);
    EXPECT_TRUE(write("two"));
}

TEST_F(VersionedFileTest, WhatCannotBeWrittenIsNamed) {
    std::ofstream(folder_ / "file") << "x";
    const auto refused =
        VersionedFile(folder_ / "file" / "v.toml").replace([](const auto&) { return std::string(); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::io);
    EXPECT_NE(refused.error().what.find((folder_ / "file").string()), std::string::npos) << refused.error().what;
}

}  // namespace vt::config
