#include "storage/json_lines_file.hpp"

#include "storage/file_size_limit.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace vt::storage {
namespace {

std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(JsonLinesFile, AppearsWholeAtClose) {
    const TemporaryDirectory directory("json-lines");
    const std::filesystem::path path = directory.path() / "scores.jsonl";
    std::ofstream(path) << "old";
    Result<JsonLinesFile> file = JsonLinesFile::create(path);
    ASSERT_TRUE(file) << file.error().what;
    std::string expected;
    for (int i = 0; i < 10'000; ++i) {  // more than one buffer
        const std::string line = "{\"n\":" + std::to_string(i) + "}";
        ASSERT_TRUE(file->write(line));
        expected += line + "\n";
    }
    EXPECT_EQ(content(path), "old");
    ASSERT_TRUE(file->close());
    EXPECT_EQ(content(path), expected);
    EXPECT_EQ(file->lines(), 10'000U);
    EXPECT_FALSE(std::filesystem::exists(path.string() + ".partial"));
}

TEST(JsonLinesFile, RemainsOfAKilledRunAreReplaced) {
    const TemporaryDirectory directory("json-lines");
    const std::filesystem::path path = directory.path() / "f";
    std::ofstream(path.string() + ".partial") << "half a li";
    Result<JsonLinesFile> file = JsonLinesFile::create(path);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("{}"));
    ASSERT_TRUE(file->close());
    EXPECT_EQ(content(path), "{}\n");
}

TEST(JsonLinesFile, AFullDiskIsAClearErrorAndNothingHalfAppears) {
    const TemporaryDirectory directory("json-lines");
    const std::filesystem::path path = directory.path() / "scores.jsonl";
    const FileSizeLimit full(100'000);
    Result<JsonLinesFile> file = JsonLinesFile::create(path);
    ASSERT_TRUE(file);
    std::size_t errors = 0;
    for (int i = 0; i < 2000; ++i) {
        const Result<void> written = file->write(std::string(100, 'x'));
        if (written) continue;
        ++errors;
        EXPECT_EQ(written.error().code, Errc::io);
        EXPECT_NE(written.error().what.find("scores.jsonl"), std::string::npos);
    }
    EXPECT_GT(errors, 0U);
    EXPECT_FALSE(file->close());
    EXPECT_FALSE(std::filesystem::exists(path));
    const std::string kept = content(path.string() + ".partial");
    EXPECT_GT(kept.size(), 60'000U);
    EXPECT_EQ(kept.back(), '\n') << "whole lines only";
}

TEST(JsonLinesFile, AnUnwritablePlaceIsAClearError) {
    const TemporaryDirectory directory("json-lines");
    const Result<JsonLinesFile> file = JsonLinesFile::create(directory.path() / "absent" / "f");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Errc::io);
    EXPECT_NE(file.error().what.find("absent"), std::string::npos);
}

}  // namespace
}  // namespace vt::storage
