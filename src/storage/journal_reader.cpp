#include "storage/journal_reader.hpp"

#include "base/bytes.hpp"
#include "engine/event_codec.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace vt::storage {
namespace {

constexpr std::size_t kSearchWindowBytes = std::size_t{64} << 10U;

/// A header is at most this long, with its fixed part and its checksum.
constexpr std::size_t kHeaderReadBytes = kMaxHeaderBytes + 64;

using Segments = std::vector<std::pair<SegmentName, std::filesystem::path>>;

/// Of every run, in order.
Result<Segments> segments_in(const std::filesystem::path& directory) {
    Segments found;
    std::error_code failed;
    for (std::filesystem::directory_iterator it(directory, failed), end; !failed && it != end; it.increment(failed)) {
        if (const auto name = parse_segment_name(it->path().filename().string()))
            found.emplace_back(*name, it->path());
    }
    if (failed) {
        const bool is_absent = failed == std::errc::no_such_file_or_directory;
        return fail(is_absent ? Errc::not_found : Errc::io,
                    "cannot list " + directory.string() + ": " + failed.message());
    }
    std::sort(found.begin(), found.end());
    return found;
}

Result<Segments> segments_of_one_run(const std::filesystem::path& directory) {
    VT_TRY(Segments found, segments_in(directory));
    if (found.empty()) return fail(Errc::not_found, directory.string() + " holds no run-<id>-<n>.vtj");
    if (found.front().first.run_id != found.back().first.run_id) {
        return fail(Errc::configuration, directory.string() + " holds several runs (" +
                                             found.front().second.filename().string() + ", " +
                                             found.back().second.filename().string() +
                                             "); name a file, or give each run its own directory");
    }
    return found;
}

}  // namespace

std::string_view name(LossReason reason) {
    switch (reason) {
        case LossReason::damaged: return "damaged";
        case LossReason::missing: return "missing";
        case LossReason::recorded: return "recorded as lost";
        case LossReason::unreadable: return "unreadable";
        case LossReason::unfinished: return "unfinished";
    }
    return "unknown";
}

std::string Loss::text() const {
    const std::string range = last_sequence ? "inputs " + std::to_string(first_sequence) + " to " +
                                                  std::to_string(*last_sequence) + " are lost"
                                            : "inputs from " + std::to_string(first_sequence) + " on may be lost";
    return range + ": " + std::string(name(reason)) + ", " + where;
}

Result<JournalReader> JournalReader::open(const std::filesystem::path& path) {
    JournalReader reader;
    std::error_code failed;
    if (std::filesystem::is_directory(path, failed)) {
        VT_TRY(const Segments found, segments_of_one_run(path));
        for (const auto& [name, file] : found) reader.segments_.push_back({.path = file, .number = name.segment});
    } else {
        reader.segments_.push_back({.path = path});
    }
    if (Result<void> found = reader.find_header(); !found) return tl::unexpected<Error>(std::move(found.error()));
    return reader;
}

Result<JournalReader> JournalReader::open_run(const std::filesystem::path& directory, std::uint64_t run_id) {
    VT_TRY(const Segments found, segments_in(directory));
    JournalReader reader;
    for (const auto& [name, file] : found) {
        if (name.run_id == run_id) reader.segments_.push_back({.path = file, .number = name.segment});
    }
    if (reader.segments_.empty())
        return fail(Errc::not_found, directory.string() + " holds no " + segment_name(run_id, 1));
    if (Result<void> begun = reader.find_header(); !begun) return tl::unexpected<Error>(std::move(begun.error()));
    return reader;
}

Result<JournalReader> JournalReader::open_memory(std::string_view bytes, std::string name) {
    JournalReader reader;
    reader.name_ = std::move(name);
    reader.segments_.push_back({.memory = bytes});
    if (Result<void> found = reader.find_header(); !found) return tl::unexpected<Error>(std::move(found.error()));
    return reader;
}

ReadOutcome JournalReader::next(engine::Event& event) {
    for (;;) {
        if (told_ < losses_.size()) {
            ++told_;
            return ReadOutcome::loss;
        }
        if (cursor_ < plain_.size()) {
            if (take_event(event)) return ReadOutcome::event;
            cursor_ = plain_.size();  // nothing behind an unreadable event can be trusted
            continue;
        }
        if (is_ended_) return ReadOutcome::end;
        advance();
    }
}

void JournalReader::rewind() {
    next_sequence_ = 1;
    damage_.reset();
    is_ended_ = false;
    plain_.clear();
    cursor_ = 0;
    losses_.clear();
    told_ = 0;
    remarks_.clear();
    stats_ = {};
    enter_segment(0);
}

/// Takes the header of the first segment that has an intact one, and starts reading.
Result<void> JournalReader::find_header() {
    std::optional<Error> first_error;
    for (Segment& segment : segments_) {
        if (segment.path.empty()) {
            file_ = InputFile::memory(segment.memory, name_);
        } else {
            VT_TRY(file_, InputFile::open(segment.path));
        }
        std::string start;
        if (Result<void> read = file_->read(0, kHeaderReadBytes, start); !read) return read;
        Result<DecodedHeader> decoded = decode_header(start);
        if (decoded) {
            header_ = std::move(decoded->header);
            if (segments_.size() == 1) segment.number = header_.segment;
            rewind();
            return {};
        }
        if (!first_error) {
            first_error = Error{decoded.error().code, "cannot read " + file_->name() + ": " + decoded.error().what};
        }
    }
    return tl::unexpected<Error>(std::move(*first_error));
}

void JournalReader::enter_segment(std::size_t index) {
    const std::uint32_t expected = index == 0 ? 1 : segments_[segment_].number + 1;
    segment_ = index;
    file_.reset();
    position_ = 0;
    if (index >= segments_.size()) return;
    const Segment& segment = segments_[index];
    if (segment.path.empty()) {
        file_ = InputFile::memory(segment.memory, name_);
    } else if (Result<InputFile> opened = InputFile::open(segment.path)) {
        file_ = std::move(*opened);
    } else {
        note(LossReason::unreadable, opened.error().what);
        return;
    }
    if (segment.number != expected) note(LossReason::missing, "segment " + std::to_string(expected) + " is not here");
    std::string start;
    if (const Result<void> read = file_->read(0, kHeaderReadBytes, start); !read) {
        note(LossReason::unreadable, read.error().what);
        file_.reset();
        return;
    }
    const Result<DecodedHeader> decoded = decode_header(start);
    if (!decoded) {
        note(LossReason::damaged, decoded.error().what);
    } else if (decoded->header.run_id != header_.run_id) {
        note(LossReason::damaged, "it belongs to another run");
        file_.reset();
    } else {
        position_ = decoded->size;
    }
}

/// Goes on by one block, one damaged place or one segment.
void JournalReader::advance() {
    if (segment_ >= segments_.size()) return finish();
    if (!file_) return enter_segment(segment_ + 1);
    if (position_ >= file_->size()) {
        note(LossReason::unfinished, "it stops without its end");
        return enter_segment(segment_ + 1);
    }
    std::string bytes;
    if (const Result<void> read = file_->read(position_, kBlockHeaderBytes, bytes); !read) {
        note(LossReason::unreadable, read.error().what);
        return enter_segment(segment_ + 1);
    }
    const std::optional<BlockHeader> header = decode_block_header(bytes);
    if (!header) {
        const bool is_cut = bytes.size() < kBlockHeaderBytes;
        note(is_cut ? LossReason::unfinished : LossReason::damaged,
             is_cut ? "it is cut here" : "no block starts here");
        return search(position_ + 1);
    }
    if (const Result<void> read = file_->read(position_ + kBlockHeaderBytes, header->stored_bytes, stored_); !read) {
        note(LossReason::unreadable, read.error().what);
        return search(position_ + kBlockHeaderBytes);
    }
    if (stored_.size() < header->stored_bytes) {
        note(LossReason::unfinished, "it is cut inside this block");
        return search(position_ + kBlockHeaderBytes);
    }
    if (journal_hash(stored_) != header->payload_hash) {
        note(LossReason::damaged, "this block fails its checksum");
        return search(position_ + kBlockHeaderBytes);
    }
    take_block(*header);
}

void JournalReader::take_block(const BlockHeader& header) {
    const std::uint64_t end = position_ + kBlockHeaderBytes + header.stored_bytes;
    if (header.first_sequence < next_sequence_) {
        remarks_.push_back(place("a block that repeats earlier inputs was passed over"));
        position_ = end;
        return;
    }
    switch (header.kind) {
        case BlockKind::events:
            if (const auto done = decompressor_.decompress(stored_, header.plain_bytes, plain_); !done) {
                cursor_ = 0;
                note(LossReason::damaged, done.error().what);
                return search(position_ + kBlockHeaderBytes);
            }
            catch_up(header.first_sequence);
            cursor_ = 0;
            ++stats_.blocks;
            stats_.stored_bytes += kBlockHeaderBytes + header.stored_bytes;
            stats_.plain_bytes += header.plain_bytes;
            break;
        case BlockKind::lost:
            catch_up(header.first_sequence);
            lose(header.last_sequence, {.reason = LossReason::recorded, .where = place(stored_)});
            break;
        case BlockKind::end_of_segment:
            catch_up(header.first_sequence);
            if (segment_ + 1 == segments_.size())
                note(LossReason::missing, "the run goes on in a file that is not here");
            return enter_segment(segment_ + 1);
        case BlockKind::end_of_run:
            catch_up(header.first_sequence);
            if (end < file_->size() || segment_ + 1 < segments_.size()) {
                remarks_.push_back(place("the run ends here, what follows was passed over"));
            }
            is_ended_ = true;
            break;
    }
    position_ = end;
}

/// Goes to the next place behind `from` where an intact block header stands; without one, to the next segment.
void JournalReader::search(std::uint64_t from) {
    std::string window;
    std::string candidate;
    while (from < file_->size()) {
        if (!file_->read(from, kSearchWindowBytes, window)) break;
        const std::size_t hit = window.find(kBlockMagic);
        if (hit == std::string::npos) {
            if (window.size() < kSearchWindowBytes) break;
            from += window.size() - (kBlockMagic.size() - 1);
            continue;
        }
        if (!file_->read(from + hit, kBlockHeaderBytes, candidate)) break;
        if (decode_block_header(candidate)) {
            position_ = from + hit;
            return;
        }
        from += hit + 1;
    }
    enter_segment(segment_ + 1);
}

void JournalReader::finish() {
    lose(std::nullopt, damage_
                           ? *std::exchange(damage_, std::nullopt)
                           : Damage{.reason = LossReason::unfinished, .where = place("it stops without its end")});
    is_ended_ = true;
}

bool JournalReader::take_event(engine::Event& event) {
    ByteReader in(std::string_view(plain_).substr(cursor_));
    const std::string_view encoded = in.text<std::uint32_t>();
    if (!in.is_intact()) {
        note(LossReason::damaged, "the events of a block do not fill it");
        return false;
    }
    Result<engine::Event> decoded = engine::decode(encoded);
    if (!decoded || decoded->sequence != next_sequence_) {
        note(LossReason::damaged, decoded ? "an input is out of sequence" : decoded.error().what);
        return false;
    }
    event = std::move(*decoded);
    encoded_ = encoded;
    cursor_ = plain_.size() - in.remaining();
    ++next_sequence_;
    ++stats_.events;
    if (!stats_.first_at) stats_.first_at = event.at;
    stats_.last_at = event.at;
    return true;
}

/// Remembers what is wrong here until it is known what it cost. The first cause stands for what follows from it.
void JournalReader::note(LossReason reason, std::string_view what) {
    if (!damage_) damage_ = Damage{.reason = reason, .where = place(what)};
}

/// An intact block starts with `first_sequence`: what is missing before it is lost.
void JournalReader::catch_up(std::uint64_t first_sequence) {
    std::optional<Damage> damage = std::exchange(damage_, std::nullopt);
    if (first_sequence > next_sequence_) {
        if (!damage)
            damage = Damage{.reason = LossReason::missing, .where = place("blocks before this place are not here")};
        lose(first_sequence - 1, std::move(*damage));
    } else if (damage) {
        remarks_.push_back(std::move(damage->where));
    }
}

void JournalReader::lose(std::optional<std::uint64_t> last_sequence, Damage damage) {
    losses_.push_back({.first_sequence = next_sequence_,
                       .last_sequence = last_sequence,
                       .reason = damage.reason,
                       .where = std::move(damage.where)});
    if (last_sequence) next_sequence_ = *last_sequence + 1;
}

std::string JournalReader::place(std::string_view what) const {
    const std::string prefix = file_ ? file_->name() + " at byte " + std::to_string(position_) + ": " : std::string();
    return prefix + std::string(what);
}

}  // namespace vt::storage
