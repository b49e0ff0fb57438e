#include "runtime/replay.hpp"

#include "storage/bundled_recording.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

ReplaySummary replayed(const ReplayOutputs& outputs) {
    auto journal = storage::JournalReader::open_memory(storage::bundled_recording(),
                                                       std::string(storage::kBundledRecordingName));
    EXPECT_TRUE(journal);
    auto summary = replay(*journal, outputs);
    EXPECT_TRUE(summary) << summary.error().what;
    return summary ? *summary : ReplaySummary{};
}

}  // namespace

TEST(Replay, AnyScoreRecordIsMadeAgainByteForByte) {
    const storage::TemporaryDirectory folder("replay-test");
    const std::filesystem::path file = folder.path() / "scores.jsonl";
    const ReplaySummary whole = replayed({.scores_file = file.string()});
    std::vector<std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    ASSERT_EQ(lines.size(), whole.scores);
    ASSERT_GT(lines.size(), 10U);
    for (const std::size_t number : {std::size_t{1}, lines.size() / 3, lines.size() / 2, lines.size()}) {
        const ReplaySummary again = replayed({.record = number});
        ASSERT_TRUE(again.record) << number;
        EXPECT_EQ(*again.record, lines[number - 1]) << number;
        EXPECT_LE(again.events, whole.events);
    }
    EXPECT_FALSE(replayed({.record = lines.size() + 1}).record);
    EXPECT_NE(lines.back().find(R"("versions":{"weights":"equal-1","config":")"), std::string::npos) << lines.back();
    EXPECT_NE(lines.back().find(R"("first_seq":)"), std::string::npos);
}

}  // namespace vt::runtime
