#include "storage/line_reader.hpp"

#include "storage/compression.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace vt::storage {
namespace {

void write(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

Result<std::vector<std::string>> lines_of(const std::filesystem::path& path) {
    VT_TRY(LineReader reader, LineReader::open(path));
    std::vector<std::string> lines;
    for (;;) {
        VT_TRY(const auto line, reader.next());
        if (!line) return lines;
        lines.emplace_back(*line);
        EXPECT_EQ(reader.line_number(), lines.size());
    }
}

std::vector<std::string> many_lines() {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < 3000; ++i) lines.push_back(std::to_string(i) + std::string(i * 31 % 977, 'x'));
    lines[1500] = std::string(700'000, 'y');  // longer than a chunk
    lines[7].clear();
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

TEST(LineReader, ReadsPlainAndCompressedAlike) {
    const TemporaryDirectory directory("lines");
    const std::vector<std::string> lines = many_lines();
    std::string compressed;
    Compressor(3).compress(joined(lines), compressed);
    write(directory.path() / "plain", joined(lines));
    write(directory.path() / "compressed", compressed);
    EXPECT_EQ(*lines_of(directory.path() / "plain"), lines);
    EXPECT_EQ(*lines_of(directory.path() / "compressed"), lines);
}

TEST(LineReader, SeveralFramesAreOneText) {
    const TemporaryDirectory directory("lines");
    std::string compressed;
    Compressor(3).compress("a\nb", compressed);
    Compressor(3).compress("c\nd", compressed);
    write(directory.path() / "f", compressed);
    EXPECT_EQ(*lines_of(directory.path() / "f"), (std::vector<std::string>{"a", "bc", "d"}));
}

TEST(LineReader, ALastLineWithoutAnEndCounts) {
    const TemporaryDirectory directory("lines");
    write(directory.path() / "f", "a\n\nb");
    EXPECT_EQ(*lines_of(directory.path() / "f"), (std::vector<std::string>{"a", "", "b"}));
    write(directory.path() / "f", "a\r\n\r\nb\r");
    EXPECT_EQ(*lines_of(directory.path() / "f"), (std::vector<std::string>{"a", "", "b"}));
    write(directory.path() / "empty", "");
    EXPECT_TRUE(lines_of(directory.path() / "empty")->empty());
}

TEST(LineReader, CutCompressedDataIsCorrupt) {
    const TemporaryDirectory directory("lines");
    std::string compressed;
    Compressor(3).compress(joined(many_lines()), compressed);
    for (const std::size_t length : {compressed.size() - 1, compressed.size() / 2, std::size_t{9}}) {
        write(directory.path() / "f", compressed.substr(0, length));
        const auto lines = lines_of(directory.path() / "f");
        ASSERT_FALSE(lines) << length;
        EXPECT_EQ(lines.error().code, Errc::corrupt);
    }
}

TEST(LineReader, AbsentFilesAreNamed) {
    const Result<LineReader> reader = LineReader::open("absent.log");
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, Errc::not_found);
    EXPECT_NE(reader.error().what.find("absent.log"), std::string::npos);
}

}  // namespace
}  // namespace vt::storage
