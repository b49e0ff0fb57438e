#include "config/file_check.hpp"

#include "net/certificate.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace vt::config {
namespace {

class FileCheck : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  ("file-check-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name, const std::string& text, mode_t mode = 0600) {
        const std::string path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path;
    }
    /// The only problem of a configuration with this file of Bybit's authorities.
    static std::string problem_of(const std::string& path) {
        Config config;
        config.bybit.ca_file = path;
        const auto problems = file_problems(config, {});
        return problems.size() == 1 ? problems.front() : "(" + std::to_string(problems.size()) + " problems)";
    }

    std::filesystem::path folder_;
};

TEST_F(FileCheck, NothingNamedIsNothingWrong) { EXPECT_TRUE(file_problems({}, {}).empty()); }

TEST_F(FileCheck, WhatCanBeUsedIsNoProblem) {
    Config config;
    config.bybit.ca_file = config.binance.ca_file =
        file("ca.pem", net::make_test_authority("test authority")->certificate_pem(), 0644);
    EXPECT_TRUE(file_problems(config, {{"BYBIT_API_KEY", "abc"}, {"BYBIT_API_SECRET_FILE", file("secret", "hush\n")}})
                    .empty());
}

TEST_F(FileCheck, AFileOfAuthoritiesIsNamedWithWhatIsWrong) {
    const std::string nowhere = folder_ / "nowhere.pem";
    EXPECT_EQ(problem_of(nowhere),
              "bybit.ca_file: " + nowhere + " cannot be opened (No such file or directory); check the path");
    EXPECT_EQ(problem_of(folder_), "bybit.ca_file: " + folder_.string() + " is not a file");
    const std::string text = file("text.pem", "no certificate\n");
    EXPECT_TRUE(problem_of(text).starts_with("bybit.ca_file: " + text + " holds no usable certificates"))
        << problem_of(text);
    const std::string open = file("open.pem", net::make_test_authority("test authority")->certificate_pem(), 0666);
    EXPECT_TRUE(problem_of(open).ends_with("run: chmod o-w " + open)) << problem_of(open);
}

TEST_F(FileCheck, EveryProblemIsToldOfEveryVenueAndNoSecret) {
    Config config;
    config.bybit.ca_file = folder_ / "a.pem";
    config.binance.ca_file = folder_ / "b.pem";
    const auto problems = file_problems(config, {{"BYBIT_API_KEY", "abc"},
                                                 {"BYBIT_API_SECRET_FILE", file("secret", "hush", 0644)},
                                                 {"BINANCE_API_KEY_FILE", folder_ / "nowhere"}});
    ASSERT_EQ(problems.size(), 4U);
    EXPECT_TRUE(problems[0].starts_with("bybit.ca_file: "));
    EXPECT_TRUE(problems[1].starts_with("binance.ca_file: "));
    EXPECT_NE(problems[2].find("BYBIT_API_SECRET_FILE"), std::string::npos) << problems[2];
    EXPECT_NE(problems[2].find("chmod 600"), std::string::npos) << problems[2];
    EXPECT_NE(problems[3].find("BINANCE_API_KEY_FILE"), std::string::npos) << problems[3];
    for (const std::string& problem : problems) EXPECT_EQ(problem.find("hush"), std::string::npos) << problem;
}

}  // namespace
}  // namespace vt::config
