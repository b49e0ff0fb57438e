#include "storage/journal_writer.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "engine/event_codec.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace vt::storage {
namespace {

constexpr std::size_t kMaxBlockParamBytes = std::size_t{16} << 20U;
constexpr std::string_view kDroppedReason = "dropped before the journal: its queue was full";

std::int64_t hour_of(Timestamp at) { return std::chrono::floor<std::chrono::hours>(at).time_since_epoch().count(); }

Result<OutputFile> create_with_header(const std::filesystem::path& path, const JournalHeader& header) {
    VT_TRY(OutputFile file, OutputFile::create(path));
    if (const Result<void> written = file.append(encode_header(header)); !written) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);  // holds nothing
        return tl::unexpected<Error>(written.error());
    }
    return file;
}

}  // namespace

JournalWriter::JournalWriter(JournalHeader header, JournalParams params)
    : header_(std::move(header)), params_(params), compressor_(params.compression_level) {
    VT_ASSERT(params_.block_bytes <= kMaxBlockParamBytes);
    header_.segment = 0;
}

Result<JournalWriter> JournalWriter::create_run(std::filesystem::path directory, JournalHeader header,
                                                JournalParams params) {
    std::error_code failed;
    std::filesystem::create_directories(directory, failed);
    if (failed) {
        return fail(Errc::io, "cannot create the directory " + directory.string() + ": " + failed.message());
    }
    JournalWriter writer(std::move(header), params);
    writer.directory_ = std::move(directory);
    if (Result<void> opened = writer.open_segment(); !opened) return tl::unexpected<Error>(std::move(opened.error()));
    return writer;
}

Result<JournalWriter> JournalWriter::create_file(const std::filesystem::path& path, JournalHeader header,
                                                 JournalParams params) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) {
        return fail(Errc::already_exists, path.string() + " exists already; choose another name or remove it");
    }
    if (const std::string partial = path.string() + ".partial"; std::filesystem::exists(partial, ignored)) {
        return fail(Errc::already_exists, partial +
                                              " exists: a run that is going on, or one that did not end, which can " +
                                              "be read all the same; choose another name or remove it");
    }
    JournalWriter writer(std::move(header), params);
    writer.final_path_ = path;
    if (Result<void> opened = writer.open_segment(); !opened) return tl::unexpected<Error>(std::move(opened.error()));
    return writer;
}

Result<void> JournalWriter::append(std::string_view encoded_event) {
    if (encoded_event.size() > engine::kMaxEventBytes)
        return fail(Errc::malformed, "an event is too long for a journal");
    VT_TRY(const engine::EventStart start, engine::decode_start(encoded_event));
    if (start.sequence < next_sequence_) {
        return fail(Errc::malformed, "input " + std::to_string(start.sequence) + " comes after input " +
                                         std::to_string(next_sequence_ - 1));
    }
    Result<void> outcome;
    const bool follows_a_hole = start.sequence > next_sequence_;
    if (pending_.count > 0 &&
        (follows_a_hole || plain_.size() + sizeof(std::uint32_t) + encoded_event.size() > params_.block_bytes ||
         start.at - pending_.first_at >= params_.block_age || hour_of(start.at) != hour_of(pending_.first_at))) {
        outcome = write_pending();
    }
    if (follows_a_hole) note_lost(next_sequence_, start.sequence - 1, std::string(kDroppedReason));
    if (pending_.count == 0) {
        pending_.first_sequence = start.sequence;
        pending_.first_at = start.at;
    }
    ++pending_.count;
    pending_.last_sequence = start.sequence;
    pending_.last_at = start.at;
    append_text<std::uint32_t>(plain_, encoded_event);
    next_sequence_ = start.sequence + 1;
    return outcome;
}

Result<void> JournalWriter::flush() { return pending_.count > 0 || lost_ ? write_pending() : Result<void>{}; }

Result<void> JournalWriter::close(std::uint64_t last_sequence) {
    Result<void> outcome = flush();
    if (last_sequence >= next_sequence_) {
        note_lost(next_sequence_, last_sequence, std::string(kDroppedReason));
        next_sequence_ = last_sequence + 1;
    }
    if (lost_) {
        if (Result<void> noted = write_pending(); !noted && outcome) outcome = std::move(noted);
    }
    if (!file_) return outcome ? open_segment() : outcome;  // says why there is no file
    if (Result<void> ended = end_segment(BlockKind::end_of_run); !ended && outcome) outcome = std::move(ended);
    return outcome;
}

std::uint64_t JournalWriter::written_bytes() const { return closed_bytes_ + (file_ ? file_->size() : 0); }

Result<void> JournalWriter::open_segment() {
    JournalHeader header = header_;
    ++header.segment;
    path_ = directory_.empty() ? std::filesystem::path(final_path_.string() + ".partial")
                               : directory_ / segment_name(header.run_id, header.segment);
    VT_TRY(file_, create_with_header(path_, header));
    header_.segment = header.segment;
    is_segment_fresh_ = true;
    return {};
}

Result<void> JournalWriter::end_segment(BlockKind kind) {
    // What is lost and could not even be noted lies before the end of the run: the reader will miss it.
    std::uint64_t next = next_sequence_;
    if (kind == BlockKind::end_of_segment && pending_.count > 0) next = pending_.first_sequence;
    if (kind == BlockKind::end_of_segment && lost_) next = lost_->first_sequence;
    Result<void> outcome = write_block({.kind = kind, .first_sequence = next, .last_sequence = next - 1}, {});
    if (outcome && params_.sync == SyncPolicy::segment) outcome = file_->sync();
    if (outcome && kind == BlockKind::end_of_run && directory_.empty()) {
        outcome = file_->rename(final_path_);
        if (outcome) path_ = final_path_;
    }
    closed_bytes_ += file_->size();
    file_.reset();
    return outcome;
}

/// Writes down the hole before the pending events, then these. They are gone afterwards, one way or the other.
Result<void> JournalWriter::write_pending() {
    Result<void> outcome;
    if (file_ && !directory_.empty() && !is_segment_fresh_ && pending_.count > 0 &&
        (file_->size() >= params_.segment_bytes ||
         (params_.hourly_segments && hour_of(pending_.first_at) != segment_hour_))) {
        outcome = end_segment(BlockKind::end_of_segment);
    }
    if (!file_) outcome = open_segment();
    if (outcome && lost_) {
        const std::string reason = lost_->reason;
        outcome = write_block(
            {.kind = BlockKind::lost, .first_sequence = lost_->first_sequence, .last_sequence = lost_->last_sequence},
            reason);
        if (outcome) lost_.reset();
    }
    if (pending_.count == 0) return outcome;
    if (outcome) {
        outcome = write_block({.kind = BlockKind::events,
                               .count = pending_.count,
                               .first_sequence = pending_.first_sequence,
                               .last_sequence = pending_.last_sequence,
                               .first_at = pending_.first_at,
                               .last_at = pending_.last_at},
                              plain_);
    }
    if (outcome) {
        written_events_ += pending_.count;
        if (is_segment_fresh_) segment_hour_ = hour_of(pending_.first_at);
        is_segment_fresh_ = false;
    } else {
        note_lost(pending_.first_sequence, pending_.last_sequence, outcome.error().what);
    }
    pending_ = {};
    plain_.clear();
    if (outcome && params_.sync == SyncPolicy::block) {
        outcome = file_->sync();
        if (!outcome && !directory_.empty()) {  // what this file holds is unknown now: leave it, go on in the next
            closed_bytes_ += file_->size();
            file_.reset();
        }
    }
    return outcome;
}

Result<void> JournalWriter::write_block(BlockHeader header, std::string_view plain) {
    stored_.assign(kBlockHeaderBytes, '\0');
    if (header.kind == BlockKind::events) {
        compressor_.compress(plain, stored_);
    } else {
        stored_ += plain;
    }
    const std::string_view payload = std::string_view(stored_).substr(kBlockHeaderBytes);
    header.stored_bytes = static_cast<std::uint32_t>(payload.size());
    header.plain_bytes = static_cast<std::uint32_t>(plain.size());
    header.payload_hash = journal_hash(payload);
    std::string encoded;
    encode_block_header(header, encoded);
    std::copy(encoded.begin(), encoded.end(), stored_.begin());
    return file_->append(stored_);
}

void JournalWriter::note_lost(std::uint64_t first, std::uint64_t last, std::string reason) {
    lost_events_ += last - first + 1;
    if (lost_) {
        VT_ASSERT(first ==
                  lost_->last_sequence + 1);  // whatever came between was written, and the hole before it first
        lost_->last_sequence = last;
        return;
    }
    lost_ = Lost{.first_sequence = first, .last_sequence = last, .reason = std::move(reason)};
}

}  // namespace vt::storage
