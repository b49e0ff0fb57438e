#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::api {

/// Counts the changes of one topic in one run of the program. 0: nothing published yet.
using Sequence = std::uint64_t;

/// A member of an object: its name and its value as JSON text. Two equal values must have equal text.
struct JsonField {
    std::string name;
    std::string json;
};

/// A topic whose data is replaced whole (score.ID, book.ID, system).
class WholeTopic {
public:
    /// out: whether the text differs from before, so that the sequence moved on
    bool set(std::string json, Timestamp at);

    [[nodiscard]] Sequence sequence() const { return sequence_; }
    [[nodiscard]] Timestamp at() const { return at_; }
    [[nodiscard]] bool can_resume(Sequence since) const { return since <= sequence_; }
    [[nodiscard]] std::string snapshot() const { return json_; }
    [[nodiscard]] std::string delta(Sequence) const { return json_; }

private:
    std::string json_;
    Sequence sequence_ = 0;
    Timestamp at_{};
};

/// The state of a DocumentTopic as the publisher sees it now.
struct Document {
    struct Object {
        std::string name;
        std::vector<JsonField> fields;
    };
    struct Row {
        std::string id;
        std::vector<JsonField> fields;  ///< without "id"
    };
    std::vector<JsonField> members;  ///< each replaced whole: mode, system_status, alerts ...
    std::vector<Object> objects;     ///< each merged field by field: market_overview
    std::string rows_name;           ///< an array of objects with an "id", merged row by row and field by field: symbols
    std::vector<Row> rows;           ///< unique ids
};

/// A topic of which only what changed is sent (overview). Every field remembers the sequence number of its last change,
/// so one delta leads from any earlier state to this one. A snapshot is {"timestamp", members, objects, rows}; a delta
/// has the same shape with the changed parts only, and {"removed": [ids]}. Fields and members are never taken away.
class DocumentTopic {
public:
    /// Compares with the state before, field by field.
    ///   out:  whether anything changed, so that the sequence moved on
    ///   cost: O(fields)
    bool set(const Document& state, Timestamp at);

    [[nodiscard]] Sequence sequence() const { return sequence_; }
    [[nodiscard]] Timestamp at() const { return at_; }
    /// False for a state older than the removals that are still remembered.
    [[nodiscard]] bool can_resume(Sequence since) const { return since <= sequence_ && since >= forgotten_; }
    [[nodiscard]] std::string snapshot() const { return write(std::nullopt); }
    [[nodiscard]] std::string delta(Sequence since) const { return write(since); }

private:
    struct Versioned {
        std::string json;
        Sequence changed = 0;
    };
    using Fields = std::vector<std::pair<std::string, Versioned>>;  // in the publisher's order
    struct Row {
        std::string id;
        Fields fields;
        Sequence changed = 0;
    };
    static constexpr std::size_t kMaxRemoved = 1000;

    static bool update(Fields& fields, const std::vector<JsonField>& now, Sequence sequence);
    bool update_rows(const Document& state, Sequence sequence);
    [[nodiscard]] std::string write(std::optional<Sequence> since) const;

    Fields members_;
    std::vector<std::pair<std::string, Fields>> objects_;
    std::string rows_name_;
    std::vector<Row> rows_;
    std::map<std::string, Sequence, std::less<>> removed_;
    Sequence forgotten_ = 0;  // removals up to here are no longer known
    Sequence sequence_ = 0;
    Timestamp at_{};
};

struct SeriesRow {
    std::int64_t key = 0;  ///< ascending, e.g. the open time
    std::string json;
};

/// A topic of rows in ascending order, of which the newest `limit` are kept (candles, trades): a delta has the rows that
/// changed or came since.
class SeriesTopic {
public:
    /// in: head: further members of the snapshot, {"id", "symbol", ...}; rows_name: "candles", "trades"
    SeriesTopic(std::vector<JsonField> head, std::string rows_name, std::size_t limit);

    /// Puts each row at its key: a new one at its place, a known one replaced. Rows older than all that are kept, once
    /// the limit is reached, are ignored.
    ///   out: whether anything changed, so that the sequence moved on
    bool upsert(std::vector<SeriesRow> rows, Timestamp at);
    /// Puts rows at the end, whatever they hold.
    bool append(std::vector<std::string> rows, Timestamp at);

    [[nodiscard]] Sequence sequence() const { return sequence_; }
    [[nodiscard]] Timestamp at() const { return at_; }
    [[nodiscard]] bool can_resume(Sequence since) const { return since <= sequence_; }
    [[nodiscard]] std::string snapshot() const { return write(std::nullopt); }
    [[nodiscard]] std::string delta(Sequence since) const { return write(since); }

private:
    struct Row {
        std::int64_t key = 0;
        std::string json;
        Sequence changed = 0;
    };
    bool put(SeriesRow row, Sequence sequence);
    [[nodiscard]] std::string write(std::optional<Sequence> since) const;

    std::vector<JsonField> head_;
    std::string rows_name_;
    std::size_t limit_;
    std::deque<Row> rows_;
    Sequence sequence_ = 0;
    Timestamp at_{};
};

/// What clients subscribe to: a state that knows how it got here.
using Topic = std::variant<WholeTopic, DocumentTopic, SeriesTopic>;

[[nodiscard]] Sequence sequence_of(const Topic& topic);
/// {"type":"snapshot","topic":T,"seq":N,"timestamp":ms,"data":{...}}
[[nodiscard]] std::string snapshot_message(std::string_view name, const Topic& topic);
/// {"type":"delta","topic":T,"seq":N,"since":M,"timestamp":ms,"data":{...}}; a snapshot where the topic cannot resume
/// from `since`.
[[nodiscard]] std::string delta_message(std::string_view name, const Topic& topic, Sequence since);

}  // namespace vt::api
