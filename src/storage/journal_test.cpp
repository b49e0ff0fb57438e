#include "base/bytes.hpp"
#include "base/prng.hpp"
#include "engine/event_codec.hpp"
#include "storage/file_size_limit.hpp"
#include "storage/journal_reader.hpp"
#include "storage/journal_writer.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace vt::storage {
namespace {

constexpr Timestamp kStart = from_ns(1'723'161'255'030'314'667);

class JournalFiles : public testing::Test {
protected:
    TemporaryDirectory own_{"journal"};
    std::filesystem::path directory_ = own_.path();
};

JournalHeader header() {
    return {.run_id = 0xFEDC,
            .created_at = kStart,
            .program = "virtuoso 0.1.0",
            .configuration = "[feed]\ntop_n = 30\n",
            .venues = "binance",
            .origin = "test"};
}

/// Input `sequence` of the test run: frames of many lengths, now and then another kind.
std::string encoded_input(std::uint64_t sequence, Nanos spacing = std::chrono::milliseconds{100}) {
    const exchange::ConnectionId connection{1};
    const std::string text =
        "{\"n\":" + std::to_string(sequence) + ",\"pad\":\"" + std::string(sequence * 7 % 50, 'x') + "\"}";
    engine::EventBody body = engine::FrameReceived{connection, text};
    if (sequence == 1) body = engine::Opened{connection};
    if (sequence % 10 == 0) body = engine::Tick{};
    std::string out;
    engine::encode({.sequence = sequence, .at = kStart + static_cast<std::int64_t>(sequence) * spacing, .body = body},
                   out);
    return out;
}

std::string file_bytes(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Reading {
    std::vector<std::uint64_t> sequences;
    std::vector<Loss> losses;
    std::vector<std::string> remarks;
    bool all_equal_what_was_written = true;
};

Reading read_all(JournalReader& reader) {
    Reading reading;
    engine::Event event;
    for (;;) {
        const ReadOutcome outcome = reader.next(event);
        if (outcome == ReadOutcome::end) break;
        if (outcome == ReadOutcome::loss) {
            reading.losses.push_back(reader.loss());
            continue;
        }
        reading.sequences.push_back(event.sequence);
        if (reader.encoded() != encoded_input(event.sequence)) reading.all_equal_what_was_written = false;
    }
    EXPECT_EQ(reader.next(event), ReadOutcome::end);
    EXPECT_EQ(reading.losses.size(), reader.losses().size());
    reading.remarks.assign(reader.remarks().begin(), reader.remarks().end());
    return reading;
}

Reading read_memory(std::string_view bytes) {
    Result<JournalReader> reader = JournalReader::open_memory(bytes, "memory");
    EXPECT_TRUE(reader) << reader.error().what;
    return read_all(*reader);
}

std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> result;
    for (std::uint64_t n = first; n <= last; ++n) result.push_back(n);
    return result;
}

/// 60 events in blocks of 10, closed.
std::string small_journal(const std::filesystem::path& path) {
    Result<JournalWriter> writer =
        JournalWriter::create_file(path, header(), {.block_age = std::chrono::seconds{1}, .sync = SyncPolicy::never});
    EXPECT_TRUE(writer) << writer.error().what;
    for (std::uint64_t n = 1; n <= 60; ++n) EXPECT_TRUE(writer->append(encoded_input(n)));
    EXPECT_TRUE(writer->close());
    return file_bytes(path);
}

/// Where each block starts.
std::vector<std::size_t> block_offsets(std::string_view bytes) {
    std::vector<std::size_t> offsets;
    std::size_t at = decode_header(bytes)->size;
    while (const auto block = decode_block_header(bytes.substr(at))) {
        offsets.push_back(at);
        at += kBlockHeaderBytes + block->stored_bytes;
        if (at >= bytes.size()) break;
    }
    EXPECT_EQ(at, bytes.size());
    return offsets;
}

TEST_F(JournalFiles, GivesBackWhatWasWritten) {
    const std::string bytes = small_journal(directory_ / "a.vtj");
    EXPECT_FALSE(std::filesystem::exists(directory_ / "a.vtj.partial"));
    EXPECT_EQ(block_offsets(bytes).size(), 7U);  // six of events, one end
    Result<JournalReader> reader = JournalReader::open(directory_ / "a.vtj");
    ASSERT_TRUE(reader) << reader.error().what;
    JournalHeader expected = header();
    expected.segment = 1;
    EXPECT_EQ(reader->header(), expected);
    for (int round = 0; round < 2; ++round) {
        const Reading reading = read_all(*reader);
        EXPECT_EQ(reading.sequences, numbers(1, 60));
        EXPECT_TRUE(reading.all_equal_what_was_written);
        EXPECT_TRUE(reading.losses.empty());
        EXPECT_TRUE(reading.remarks.empty());
        EXPECT_EQ(reader->stats().events, 60U);
        EXPECT_EQ(reader->stats().blocks, 6U);
        EXPECT_EQ(reader->stats().last_at, kStart + std::chrono::seconds{6});
        reader->rewind();
    }
}

TEST_F(JournalFiles, CutAtEveryByteKeepsAllWholeBlocksAndSaysSo) {
    const std::string bytes = small_journal(directory_ / "a.vtj");
    const std::size_t header_size = decode_header(bytes)->size;
    const std::vector<std::size_t> offsets = block_offsets(bytes);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::string_view cut = std::string_view(bytes).substr(0, length);
        if (length < header_size) {
            ASSERT_FALSE(JournalReader::open_memory(cut, "cut")) << length;
            continue;
        }
        const auto whole = static_cast<std::uint64_t>(
            std::count_if(offsets.begin() + 1, offsets.end(), [length](std::size_t at) { return at <= length; }));
        const Reading reading = read_memory(cut);
        ASSERT_EQ(reading.sequences, numbers(1, whole * 10)) << length;
        ASSERT_TRUE(reading.all_equal_what_was_written);
        ASSERT_EQ(reading.losses.size(), 1U) << length;
        ASSERT_EQ(reading.losses[0].first_sequence, whole * 10 + 1);
        ASSERT_FALSE(reading.losses[0].last_sequence);
        ASSERT_EQ(reading.losses[0].reason, LossReason::unfinished);
    }
}

TEST_F(JournalFiles, EachFlippedByteOfABlockLosesThatBlockAndNamesIt) {
    const std::string bytes = small_journal(directory_ / "a.vtj");
    const std::vector<std::size_t> offsets = block_offsets(bytes);
    std::vector<std::uint64_t> kept = numbers(1, 20);
    const std::vector<std::uint64_t> after = numbers(31, 60);
    kept.insert(kept.end(), after.begin(), after.end());
    for (std::size_t at = offsets[2]; at < offsets[3]; ++at) {
        for (const unsigned mask : {0x01U, 0x80U, 0xFFU}) {
            std::string damaged = bytes;
            damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ mask);
            const Reading reading = read_memory(damaged);
            ASSERT_EQ(reading.sequences, kept) << "byte " << at - offsets[2];
            ASSERT_TRUE(reading.all_equal_what_was_written);
            ASSERT_EQ(reading.losses.size(), 1U);
            ASSERT_EQ(reading.losses[0].first_sequence, 21U);
            ASSERT_EQ(reading.losses[0].last_sequence, 30U);
            ASSERT_EQ(reading.losses[0].reason, LossReason::damaged);
        }
    }
}

TEST_F(JournalFiles, EachFlippedByteOfTheEndIsNoticed) {
    const std::string bytes = small_journal(directory_ / "a.vtj");
    for (std::size_t at = block_offsets(bytes).back(); at < bytes.size(); ++at) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        const Reading reading = read_memory(damaged);
        ASSERT_EQ(reading.sequences, numbers(1, 60));
        ASSERT_EQ(reading.losses.size(), 1U);
        ASSERT_FALSE(reading.losses[0].last_sequence);
        ASSERT_EQ(reading.losses[0].reason, LossReason::damaged);
    }
}

TEST_F(JournalFiles, EachFlippedByteOfTheHeaderIsRefused) {
    const std::string bytes = small_journal(directory_ / "a.vtj");
    for (std::size_t at = 0; at < decode_header(bytes)->size; ++at) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        ASSERT_FALSE(JournalReader::open_memory(damaged, "damaged")) << at;
    }
}

TEST_F(JournalFiles, ABlockTakenOutIsMissing) {
    std::string bytes = small_journal(directory_ / "a.vtj");
    const std::vector<std::size_t> offsets = block_offsets(bytes);
    bytes.erase(offsets[1], offsets[3] - offsets[1]);
    const Reading reading = read_memory(bytes);
    ASSERT_EQ(reading.losses.size(), 1U);
    EXPECT_EQ(reading.losses[0].first_sequence, 11U);
    EXPECT_EQ(reading.losses[0].last_sequence, 30U);
    EXPECT_EQ(reading.losses[0].reason, LossReason::missing);
    EXPECT_EQ(reading.sequences.size(), 40U);
}

TEST_F(JournalFiles, ATornBlockInTheMiddleThatLostNothingIsRemarked) {
    std::string bytes = small_journal(directory_ / "a.vtj");
    const std::vector<std::size_t> offsets = block_offsets(bytes);
    bytes.insert(offsets[3], bytes.substr(offsets[3], 100));  // as a failed write leaves it that could not be cut off
    const Reading reading = read_memory(bytes);
    EXPECT_EQ(reading.sequences, numbers(1, 60));
    EXPECT_TRUE(reading.losses.empty());
    EXPECT_EQ(reading.remarks.size(), 1U);
}

TEST_F(JournalFiles, ARepeatedBlockIsPassedOverAndRemarked) {
    std::string bytes = small_journal(directory_ / "a.vtj");
    const std::vector<std::size_t> offsets = block_offsets(bytes);
    bytes.insert(offsets[3], bytes.substr(offsets[1], offsets[2] - offsets[1]));
    const Reading reading = read_memory(bytes);
    EXPECT_EQ(reading.sequences, numbers(1, 60));
    EXPECT_TRUE(reading.losses.empty());
    EXPECT_EQ(reading.remarks.size(), 1U);
}

TEST_F(JournalFiles, AHoleInTheSequencesIsWrittenDownAsLost) {
    Result<JournalWriter> writer = JournalWriter::create_file(directory_ / "a.vtj", header(), {});
    ASSERT_TRUE(writer);
    for (std::uint64_t n = 3; n <= 40; ++n) {
        if (n < 10 || n > 19) {
            ASSERT_TRUE(writer->append(encoded_input(n)));
        }
    }
    ASSERT_TRUE(writer->close(45));
    EXPECT_EQ(writer->lost_events(), 2U + 10U + 5U);
    const Reading reading = read_memory(file_bytes(directory_ / "a.vtj"));
    ASSERT_EQ(reading.losses.size(), 3U);
    const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected = {{1, 2}, {10, 19}, {41, 45}};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(reading.losses[i].first_sequence, expected[i].first);
        EXPECT_EQ(reading.losses[i].last_sequence, expected[i].second);
        EXPECT_EQ(reading.losses[i].reason, LossReason::recorded);
    }
    EXPECT_EQ(reading.sequences.size(), 28U);
    EXPECT_TRUE(reading.all_equal_what_was_written);
}

TEST_F(JournalFiles, LossesComeAtTheirPlaceInTheOrder) {
    std::string bytes = small_journal(directory_ / "a.vtj");
    bytes[block_offsets(bytes)[2] + kBlockHeaderBytes] ^= 1;
    Result<JournalReader> reader = JournalReader::open_memory(bytes, "memory");
    ASSERT_TRUE(reader);
    engine::Event event;
    for (int i = 0; i < 20; ++i) ASSERT_EQ(reader->next(event), ReadOutcome::event);
    ASSERT_EQ(reader->next(event), ReadOutcome::loss);
    EXPECT_EQ(reader->loss().text().substr(0, 32), "inputs 21 to 30 are lost: damage");
    ASSERT_EQ(reader->next(event), ReadOutcome::event);
    EXPECT_EQ(event.sequence, 31U);
}

TEST_F(JournalFiles, WriterRefusesWhatIsNoLaterEvent) {
    Result<JournalWriter> writer = JournalWriter::create_file(directory_ / "a.vtj", header(), {});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append(encoded_input(1)));
    EXPECT_EQ(writer->append(encoded_input(1)).error().code, Errc::malformed);
    EXPECT_EQ(writer->append("junk").error().code, Errc::malformed);
    ASSERT_TRUE(writer->append(encoded_input(2)));
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(read_memory(file_bytes(directory_ / "a.vtj")).sequences, numbers(1, 2));
}

TEST_F(JournalFiles, WriterRefusesToReplaceAJournal) {
    (void)small_journal(directory_ / "a.vtj");
    const Result<JournalWriter> again = JournalWriter::create_file(directory_ / "a.vtj", header(), {});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::already_exists);
    ASSERT_TRUE(JournalWriter::create_run(directory_ / "run", header(), {}));
    const Result<JournalWriter> second = JournalWriter::create_run(directory_ / "run", header(), {});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::already_exists);
}

TEST_F(JournalFiles, AnUnwritableDirectoryIsAClearError) {
    std::ofstream(directory_ / "file") << "x";
    const Result<JournalWriter> writer = JournalWriter::create_run(directory_ / "file" / "run", header(), {});
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code, Errc::io);
    EXPECT_NE(writer.error().what.find("run"), std::string::npos);
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// A run of 300 events, one each minute, rotated at the full hours.
void write_hourly_run(const std::filesystem::path& directory) {
    Result<JournalWriter> writer = JournalWriter::create_run(directory, header(), {.sync = SyncPolicy::never});
    ASSERT_TRUE(writer) << writer.error().what;
    for (std::uint64_t n = 1; n <= 300; ++n) ASSERT_TRUE(writer->append(encoded_input(n, std::chrono::minutes{1})));
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(writer->written_events(), 300U);
}

TEST_F(JournalFiles, RotatesAtTheFullHour) {
    write_hourly_run(directory_);
    const auto files = files_of(directory_);
    ASSERT_EQ(files.size(), 6U);  // 23:55 to 04:54
    EXPECT_EQ(files[0].filename(), "run-000000000000fedc-0001.vtj");
    Result<JournalReader> reader = JournalReader::open(directory_);
    ASSERT_TRUE(reader) << reader.error().what;
    const Reading reading = read_all(*reader);
    EXPECT_EQ(reading.sequences, numbers(1, 300));
    EXPECT_TRUE(reading.losses.empty());
    EXPECT_TRUE(reading.remarks.empty());
    Result<JournalReader> second = JournalReader::open(files[1]);
    ASSERT_TRUE(second);
    engine::Event event;
    ASSERT_EQ(second->next(event), ReadOutcome::loss) << "a later segment alone is not the run";
    ASSERT_EQ(second->next(event), ReadOutcome::event);
    EXPECT_LT(event.at - std::chrono::floor<std::chrono::hours>(event.at), std::chrono::minutes{1});
}

TEST_F(JournalFiles, RotatesBySize) {
    Result<JournalWriter> writer = JournalWriter::create_run(
        directory_, header(),
        {.block_age = std::chrono::seconds{1}, .segment_bytes = 1000, .sync = SyncPolicy::block});
    ASSERT_TRUE(writer);
    for (std::uint64_t n = 1; n <= 200; ++n) ASSERT_TRUE(writer->append(encoded_input(n)));
    ASSERT_TRUE(writer->close());
    std::uint64_t bytes = 0;
    for (const auto& file : files_of(directory_)) {
        bytes += std::filesystem::file_size(file);
        EXPECT_LT(std::filesystem::file_size(file), 1700U);
    }
    EXPECT_GT(files_of(directory_).size(), 2U);
    EXPECT_EQ(writer->written_bytes(), bytes);
    Result<JournalReader> reader = JournalReader::open(directory_);
    ASSERT_TRUE(reader);
    EXPECT_EQ(read_all(*reader).sequences, numbers(1, 200));
}

TEST_F(JournalFiles, AMissingSegmentIsALoss) {
    write_hourly_run(directory_);
    const auto files = files_of(directory_);
    std::filesystem::remove(files[2]);
    std::filesystem::remove(files[5]);
    Result<JournalReader> reader = JournalReader::open(directory_);
    ASSERT_TRUE(reader);
    const Reading reading = read_all(*reader);
    ASSERT_EQ(reading.losses.size(), 2U);
    EXPECT_EQ(reading.losses[0].reason, LossReason::missing);
    EXPECT_EQ(*reading.losses[0].last_sequence - reading.losses[0].first_sequence + 1, 60U);
    EXPECT_EQ(reading.losses[1].reason, LossReason::missing);
    EXPECT_FALSE(reading.losses[1].last_sequence);
    EXPECT_EQ(reading.sequences.size(), reading.losses[1].first_sequence - 1 - 60);
}

TEST_F(JournalFiles, ADamagedHeaderOfALaterSegmentLosesNoInput) {
    write_hourly_run(directory_);
    const auto files = files_of(directory_);
    std::string bytes = file_bytes(files[1]);
    bytes[20] ^= 1;
    std::ofstream(files[1], std::ios::binary) << bytes;
    Result<JournalReader> reader = JournalReader::open(directory_);
    ASSERT_TRUE(reader);
    const Reading reading = read_all(*reader);
    EXPECT_EQ(reading.sequences, numbers(1, 300));
    EXPECT_EQ(reading.remarks.size(), 1U);
}

TEST_F(JournalFiles, OfSeveralRunsInOneDirectoryOneHasToBeNamed) {
    JournalHeader other = header();
    other.run_id = 1;
    ASSERT_TRUE(JournalWriter::create_run(directory_, header(), {}));
    ASSERT_TRUE(JournalWriter::create_run(directory_, other, {}));
    const Result<JournalReader> reader = JournalReader::open(directory_);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, Errc::configuration);
    const Result<JournalReader> one = JournalReader::open_run(directory_, 1);
    ASSERT_TRUE(one) << "named, it is found among them";
    EXPECT_EQ(one->header().run_id, 1U);
    EXPECT_EQ(JournalReader::open_run(directory_, 2).error().code, Errc::not_found);
    EXPECT_EQ(JournalReader::open_run(directory_ / "none", 1).error().code, Errc::not_found);
}

TEST_F(JournalFiles, WhatIsNoJournalIsNamed) {
    std::ofstream(directory_ / "text") << "not a journal";
    const Result<JournalReader> text = JournalReader::open(directory_ / "text");
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, Errc::malformed);
    EXPECT_NE(text.error().what.find("text"), std::string::npos);
    EXPECT_EQ(JournalReader::open(directory_ / "absent").error().code, Errc::not_found);
    std::filesystem::create_directory(directory_ / "empty");
    EXPECT_EQ(JournalReader::open(directory_ / "empty").error().code, Errc::not_found);
}

TEST_F(JournalFiles, ALaterFormatIsUnsupported) {
    std::string bytes = small_journal(directory_ / "a.vtj");
    bytes[8] = 2;
    const Result<JournalReader> reader = JournalReader::open_memory(bytes, "later");
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, Errc::unsupported);
}

TEST_F(JournalFiles, AFullDiskIsAClearErrorAndLosesNothingWritten) {
    const std::string whole = small_journal(directory_ / "whole.vtj");
    const std::vector<std::size_t> offsets = block_offsets(whole);
    for (std::size_t limit = offsets[0]; limit < whole.size(); limit += 13) {
        const std::filesystem::path path = directory_ / ("limited-" + std::to_string(limit) + ".vtj");
        std::size_t errors = 0;
        std::uint64_t written = 0;
        {
            const FileSizeLimit full(limit);
            Result<JournalWriter> writer = JournalWriter::create_file(
                path, header(), {.block_age = std::chrono::seconds{1}, .sync = SyncPolicy::never});
            ASSERT_TRUE(writer) << writer.error().what;
            for (std::uint64_t n = 1; n <= 60; ++n) {
                if (const Result<void> taken = writer->append(encoded_input(n)); !taken) {
                    ++errors;
                    ASSERT_EQ(taken.error().code, Errc::io);
                    ASSERT_NE(taken.error().what.find(path.string()), std::string::npos);
                }
            }
            ASSERT_FALSE(writer->close());
            written = writer->written_events();
            ASSERT_EQ(writer->lost_events(), 60 - written);
        }
        // Where the end still fitted behind a lost block, the file has its final name.
        const bool has_an_end = std::filesystem::exists(path);
        const Reading reading = read_memory(file_bytes(has_an_end ? path.string() : path.string() + ".partial"));
        ASSERT_EQ(reading.sequences.size(), written);
        ASSERT_TRUE(reading.all_equal_what_was_written);
        ASSERT_TRUE(errors > 0 || written >= 50) << limit;
        ASSERT_FALSE(reading.losses.empty()) << limit;
    }
}

TEST_F(JournalFiles, GoesOnWhenTheDiskHasRoomAgain) {
    const std::filesystem::path path = directory_ / "a.vtj";
    Result<JournalWriter> writer =
        JournalWriter::create_file(path, header(), {.block_age = std::chrono::seconds{1}, .sync = SyncPolicy::never});
    ASSERT_TRUE(writer);
    for (std::uint64_t n = 1; n <= 20; ++n) ASSERT_TRUE(writer->append(encoded_input(n)));
    {
        const FileSizeLimit full(400);
        for (std::uint64_t n = 21; n <= 45; ++n) (void)writer->append(encoded_input(n));
    }
    for (std::uint64_t n = 46; n <= 60; ++n) ASSERT_TRUE(writer->append(encoded_input(n)));
    ASSERT_TRUE(writer->close());
    const Reading reading = read_memory(file_bytes(path));
    ASSERT_EQ(reading.losses.size(), 1U);
    EXPECT_EQ(reading.losses[0].reason, LossReason::recorded);
    EXPECT_NE(reading.losses[0].where.find("may not grow"), std::string::npos) << reading.losses[0].where;
    EXPECT_EQ(reading.sequences.size(),
              60 - (*reading.losses[0].last_sequence - reading.losses[0].first_sequence + 1));
    EXPECT_TRUE(reading.all_equal_what_was_written);
    EXPECT_EQ(writer->lost_events(), 60 - reading.sequences.size());
}

/// The fuzz target's corpus and its property, in every test run.
TEST(JournalCorpus, IsReadToItsEndInOrder) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(VT_SOURCE_DIR "/tests/corpus/journal_reader")) {
        ++files;
        const std::string bytes = file_bytes(entry.path());
        Result<JournalReader> reader = JournalReader::open_memory(bytes, entry.path().string());
        if (!reader) continue;
        engine::Event event;
        std::uint64_t next = 1;
        for (ReadOutcome outcome = reader->next(event); outcome != ReadOutcome::end; outcome = reader->next(event)) {
            if (outcome == ReadOutcome::event) {
                EXPECT_EQ(event.sequence, next++);
            } else {
                EXPECT_EQ(reader->loss().first_sequence, next);
                next = reader->loss().last_sequence.value_or(next - 1) + 1;
            }
        }
    }
    EXPECT_GE(files, 5U);
}

/// The first version's fixture is read for ever. VT_UPDATE=1 writes it where there is none.
TEST_F(JournalFiles, TheFixtureOfVersionOneIsRead) {
    const std::filesystem::path fixture = VT_SOURCE_DIR "/tests/golden/journal/v1.vtj";
    if (std::getenv("VT_UPDATE") != nullptr && !std::filesystem::exists(fixture)) {
        (void)small_journal(directory_ / "v1.vtj");
        std::filesystem::copy_file(directory_ / "v1.vtj", fixture);
    }
    Result<JournalReader> reader = JournalReader::open(fixture);
    ASSERT_TRUE(reader) << reader.error().what;
    EXPECT_EQ(reader->header().program, "virtuoso 0.1.0");
    EXPECT_EQ(reader->header().configuration, "[feed]\ntop_n = 30\n");
    EXPECT_EQ(reader->header().run_id, 0xFEDCU);
    EXPECT_EQ(reader->header().created_at, kStart);
    const Reading reading = read_all(*reader);
    EXPECT_EQ(reading.sequences, numbers(1, 60));
    EXPECT_TRUE(reading.all_equal_what_was_written);
    EXPECT_TRUE(reading.losses.empty());
}

TEST(JournalFormat, SegmentNamesComeBack) {
    const std::string name = segment_name(0x0123'4567'89AB'CDEF, 12345);
    EXPECT_EQ(name, "run-0123456789abcdef-12345.vtj");
    EXPECT_EQ(parse_segment_name(name), (SegmentName{0x0123'4567'89AB'CDEF, 12345}));
    EXPECT_EQ(parse_segment_name(segment_name(0, 1)), (SegmentName{0, 1}));
    for (const std::string_view other :
         {"", "run-.vtj", "run-0123456789abcdef-.vtj", "run-0123456789abcdef-1.vtj.partial",
          "run-0123456789abcdeg-1.vtj", "run-0123456789abcdef-1x.vtj", "a.vtj"}) {
        EXPECT_FALSE(parse_segment_name(other)) << other;
    }
}

TEST(JournalFormat, ImplausibleBlockHeadersAreNone) {
    const BlockHeader good{.count = 3, .stored_bytes = 9, .plain_bytes = 9, .first_sequence = 5, .last_sequence = 7};
    const auto round = [](const BlockHeader& header) {
        std::string bytes;
        encode_block_header(header, bytes);
        return decode_block_header(bytes);
    };
    EXPECT_EQ(round(good), good);
    BlockHeader bad = good;
    bad.count = 4;
    EXPECT_FALSE(round(bad));
    bad = good;
    bad.plain_bytes = kMaxBlockBytes + 1;
    EXPECT_FALSE(round(bad));
    bad = good;
    bad.first_sequence = 0;
    bad.last_sequence = 2;
    EXPECT_FALSE(round(bad));
    EXPECT_FALSE(round({.kind = BlockKind::lost, .first_sequence = 5, .last_sequence = 4}));
    EXPECT_FALSE(round({.kind = BlockKind::end_of_run, .first_sequence = 5, .last_sequence = 5}));
}

}  // namespace
}  // namespace vt::storage
