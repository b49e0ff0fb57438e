#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

// What /ws follows. A topic is a state that knows, for each of its parts, at which sequence number it last changed,
// so that the difference since any earlier number is computed, not remembered: a reader that was away for an hour
// gets one message.

/// A document that is replaced as a whole: book, score, system.
class DocumentTopic {
public:
    /// out: whether it changed
    bool update(std::string_view document);
    [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
    [[nodiscard]] std::string_view snapshot() const { return document_; }
    [[nodiscard]] std::string_view delta(std::uint64_t /*since*/) const { return document_; }

private:
    std::string document_;
    std::uint64_t sequence_ = 0;
};

/// A list of entries by a rising key: candles by open time (an entry can change), trades by their number (it cannot).
/// Keeps the newest `capacity`.
class ListTopic {
public:
    /// `member` is the name of the array in the documents; `head` the members before it, ready written, without
    /// braces.
    ListTopic(std::string member, std::size_t capacity) : member_(std::move(member)), capacity_(capacity) {}

    void set_head(std::string head) { head_ = std::move(head); }
    /// Begins an update; entries follow by put().
    void begin() { has_changed_ = false; }
    void put(std::int64_t key, std::string_view entry);
    bool end();

    [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
    [[nodiscard]] std::string snapshot() const;
    /// Entries that are new or changed since. Complete as long as fewer than `capacity` came meanwhile: can_resume().
    [[nodiscard]] std::string delta(std::uint64_t since) const;
    [[nodiscard]] bool can_resume(std::uint64_t since) const { return since >= forgotten_sequence_; }

private:
    struct Entry {
        std::string text;
        std::uint64_t changed = 0;
    };
    [[nodiscard]] std::string documents(std::uint64_t since) const;

    std::string member_;
    std::string head_;
    std::size_t capacity_;
    std::map<std::int64_t, Entry> entries_;
    std::uint64_t sequence_ = 0;
    std::uint64_t forgotten_sequence_ = 0;  ///< the newest change that was dropped
    bool has_changed_ = false;
};

/// A table of rows by id and a few named sections: the overview. A section's or row's members change one by one.
class TableTopic {
public:
    struct Field {
        std::string name;
        std::string text;
        std::uint64_t changed = 0;
    };
    /// Begins an update; every section and row that exists follows, each with all its fields; end() removes the
    /// others.
    void begin();
    /// A member of the document that is replaced as a whole.
    void put_section(std::string_view name, std::string_view text);
    /// A member of a section whose members change one by one.
    void put_section_field(std::string_view section, std::string_view name, std::string_view text);
    void begin_row(std::string_view id);
    void put_row_field(std::string_view name, std::string_view text);
    /// out: whether anything changed
    bool end();

    [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
    [[nodiscard]] std::string snapshot() const { return document(0, true); }
    [[nodiscard]] std::string delta(std::uint64_t since) const { return document(since, false); }

private:
    struct Row {
        std::string id;
        std::vector<Field> fields;
        std::uint64_t added = 0;
        bool is_seen = false;
        std::size_t next_field = 0;  // fields come in the same order each time
    };
    struct Section {
        std::string name;
        std::vector<Field> fields;
        std::size_t next_field = 0;
    };
    struct Removed {
        std::string id;
        std::uint64_t at = 0;
    };
    void set_field(std::vector<Field>& fields, std::size_t& next, std::string_view name, std::string_view text);
    [[nodiscard]] std::uint64_t coming() const { return sequence_ + 1; }
    [[nodiscard]] std::string document(std::uint64_t since, bool is_snapshot) const;

    std::vector<Field> whole_;
    std::size_t next_whole_ = 0;
    std::vector<Section> sections_;
    std::vector<Row> rows_;
    std::map<std::string, std::size_t, std::less<>> row_index_;
    std::size_t current_row_ = 0;
    std::vector<Removed> removed_;
    std::uint64_t sequence_ = 0;
    bool has_changed_ = false;
};

}  // namespace vt::api
