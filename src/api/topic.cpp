#include "api/topic.hpp"

#include "base/assert.hpp"
#include "base/json_writer.hpp"

#include <algorithm>

namespace vt::api {

namespace {

/// Where the state that a delta starts from ends: a field that changed later is part of it. A snapshot has them all.
bool is_part(Sequence changed, std::optional<Sequence> since) { return !since || changed > *since; }

template <class Fields>
bool any_part(const Fields& fields, std::optional<Sequence> since) {
    return std::ranges::any_of(fields, [&](const auto& field) { return is_part(field.second.changed, since); });
}

template <class Fields>
void write_fields(JsonWriter& out, const Fields& fields, std::optional<Sequence> since) {
    for (const auto& [name, field] : fields) {
        if (is_part(field.changed, since)) out.key(name).raw(field.json);
    }
}

}  // namespace

bool WholeTopic::set(std::string json, Timestamp at) {
    if (sequence_ > 0 && json == json_) return false;
    json_ = std::move(json);
    at_ = at;
    ++sequence_;
    return true;
}

bool DocumentTopic::update(Fields& fields, const std::vector<JsonField>& now, Sequence sequence) {
    bool has_changed = false;
    for (std::size_t i = 0; i < now.size(); ++i) {
        const bool is_in_place = i < fields.size() && fields[i].first == now[i].name;
        auto found = is_in_place ? fields.begin() + static_cast<std::ptrdiff_t>(i)
                                 : std::ranges::find(fields, now[i].name, &Fields::value_type::first);
        if (found == fields.end()) {
            fields.push_back({now[i].name, {now[i].json, sequence}});
            has_changed = true;
        } else if (found->second.json != now[i].json) {
            found->second = {now[i].json, sequence};
            has_changed = true;
        }
    }
    return has_changed;
}

bool DocumentTopic::update_rows(const Document& state, Sequence sequence) {
    bool has_changed = false;
    std::map<std::string_view, std::size_t> known;
    for (std::size_t i = 0; i < rows_.size(); ++i) known.emplace(rows_[i].id, i);
    std::vector<Row> rows;
    rows.reserve(state.rows.size());
    for (const Document::Row& now : state.rows) {
        const auto found = known.find(now.id);
        Row row;
        if (found == known.end()) {
            row = {now.id, {}, sequence};  // without fields it is still a row
            has_changed = true;
            removed_.erase(now.id);
        } else {
            row.id = rows_[found->second].id;
            row.fields = std::move(rows_[found->second].fields);
            row.changed = rows_[found->second].changed;
        }
        if (update(row.fields, now.fields, sequence)) {
            row.changed = sequence;
            has_changed = true;
        }
        if (found != known.end()) known.erase(found);
        rows.push_back(std::move(row));
    }
    for (const auto& [id, index] : known) {
        removed_[std::string(id)] = sequence;
        has_changed = true;
    }
    rows_ = std::move(rows);
    while (removed_.size() > kMaxRemoved) {
        const auto oldest = std::ranges::min_element(removed_, {}, [](const auto& entry) { return entry.second; });
        forgotten_ = std::max(forgotten_, oldest->second);
        removed_.erase(oldest);
    }
    return has_changed;
}

bool DocumentTopic::set(const Document& state, Timestamp at) {
    const Sequence next = sequence_ + 1;
    bool has_changed = update(members_, state.members, next);
    for (const Document::Object& object : state.objects) {
        auto found = std::ranges::find(objects_, object.name, &std::pair<std::string, Fields>::first);
        if (found == objects_.end()) found = objects_.insert(objects_.end(), {object.name, {}});
        has_changed = update(found->second, object.fields, next) || has_changed;
    }
    rows_name_ = state.rows_name;
    has_changed = update_rows(state, next) || has_changed;
    if (!has_changed && sequence_ > 0) return false;
    sequence_ = next;
    at_ = at;
    return true;
}

std::string DocumentTopic::write(std::optional<Sequence> since) const {
    JsonWriter out;
    out.begin_object();
    if (!since) out.field("timestamp", to_ms(at_));
    write_fields(out, members_, since);
    for (const auto& [name, fields] : objects_) {
        if (since && !any_part(fields, since)) continue;
        out.key(name).begin_object();
        write_fields(out, fields, since);
        out.end_object();
    }
    if (!rows_name_.empty() && (!since || std::ranges::any_of(rows_, [&](const Row& row) { return row.changed > *since; }))) {
        out.key(rows_name_).begin_array();
        for (const Row& row : rows_) {
            if (!is_part(row.changed, since)) continue;
            out.begin_object().field("id", row.id);
            write_fields(out, row.fields, since);
            out.end_object();
        }
        out.end_array();
    }
    if (since && std::ranges::any_of(removed_, [&](const auto& entry) { return entry.second > *since; })) {
        out.key("removed").begin_array();
        for (const auto& [id, sequence] : removed_) {
            if (sequence > *since) out.value(id);
        }
        out.end_array();
    }
    out.end_object();
    return out.take();
}

SeriesTopic::SeriesTopic(std::vector<JsonField> head, std::string rows_name, std::size_t limit)
    : head_(std::move(head)), rows_name_(std::move(rows_name)), limit_(limit) {
    VT_ASSERT(limit > 0);
}

bool SeriesTopic::put(SeriesRow row, Sequence sequence) {
    const auto place = std::ranges::lower_bound(rows_, row.key, {}, &Row::key);
    if (place != rows_.end() && place->key == row.key) {
        if (place->json == row.json) return false;
        place->json = std::move(row.json);
        place->changed = sequence;
        return true;
    }
    if (place == rows_.begin() && rows_.size() == limit_) return false;
    rows_.insert(place, {row.key, std::move(row.json), sequence});
    if (rows_.size() > limit_) rows_.pop_front();
    return true;
}

bool SeriesTopic::upsert(std::vector<SeriesRow> rows, Timestamp at) {
    bool has_changed = sequence_ == 0;
    for (SeriesRow& row : rows) has_changed = put(std::move(row), sequence_ + 1) || has_changed;
    if (!has_changed) return false;
    ++sequence_;
    at_ = at;
    return true;
}

bool SeriesTopic::append(std::vector<std::string> rows, Timestamp at) {
    std::vector<SeriesRow> keyed;
    keyed.reserve(rows.size());
    std::int64_t key = rows_.empty() ? 0 : rows_.back().key;
    for (std::string& row : rows) keyed.push_back({++key, std::move(row)});
    return upsert(std::move(keyed), at);
}

std::string SeriesTopic::write(std::optional<Sequence> since) const {
    JsonWriter out;
    out.begin_object();
    if (!since) {
        for (const JsonField& field : head_) out.key(field.name).raw(field.json);
        out.field("timestamp", to_ms(at_));
    }
    out.key(rows_name_).begin_array();
    for (const Row& row : rows_) {
        if (is_part(row.changed, since)) out.raw(row.json);
    }
    out.end_array().end_object();
    return out.take();
}

Sequence sequence_of(const Topic& topic) {
    return std::visit([](const auto& state) { return state.sequence(); }, topic);
}

namespace {

std::string message(std::string_view name, const Topic& topic, std::optional<Sequence> since) {
    return std::visit(
        [&](const auto& state) {
            JsonWriter out;
            out.begin_object();
            out.field("type", since ? "delta" : "snapshot").field("topic", name).field("seq", state.sequence());
            if (since) out.field("since", *since);
            out.field("timestamp", to_ms(state.at()));
            out.key("data").raw(since ? state.delta(*since) : state.snapshot());
            out.end_object();
            return out.take();
        },
        topic);
}

}  // namespace

std::string snapshot_message(std::string_view name, const Topic& topic) { return message(name, topic, std::nullopt); }

std::string delta_message(std::string_view name, const Topic& topic, Sequence since) {
    const bool can_resume = std::visit([&](const auto& state) { return state.can_resume(since); }, topic);
    if (since == 0 || !can_resume) return snapshot_message(name, topic);
    return message(name, topic, since);
}

}  // namespace vt::api
