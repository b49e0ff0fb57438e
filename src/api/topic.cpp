#include "api/topic.hpp"

#include "base/assert.hpp"
#include "base/json_writer.hpp"

#include <algorithm>

namespace vt::api {

bool DocumentTopic::update(std::string_view document) {
    if (document == document_) return false;
    document_ = document;
    ++sequence_;
    return true;
}

void ListTopic::put(std::int64_t key, std::string_view entry) {
    if (entries_.size() >= capacity_ && key < entries_.begin()->first) return;
    Entry& known = entries_[key];
    if (known.text == entry) return;
    known.text = entry;
    known.changed = sequence_ + 1;
    has_changed_ = true;
}

bool ListTopic::end() {
    if (!has_changed_ && sequence_ > 0) return false;  // an empty list is a first state too
    ++sequence_;
    while (entries_.size() > capacity_) {
        forgotten_sequence_ = std::max(forgotten_sequence_, entries_.begin()->second.changed);
        entries_.erase(entries_.begin());
    }
    return true;
}

std::string ListTopic::documents(std::uint64_t since) const {
    std::string text = "\"" + member_ + "\":[";
    bool is_first = true;
    for (const auto& [key, entry] : entries_) {
        if (entry.changed <= since) continue;
        if (!is_first) text += ',';
        is_first = false;
        text += entry.text;
    }
    return text + "]";
}

std::string ListTopic::snapshot() const { return "{" + head_ + (head_.empty() ? "" : ",") + documents(0) + "}"; }
std::string ListTopic::delta(std::uint64_t since) const { return "{" + documents(since) + "}"; }

void TableTopic::begin() {
    has_changed_ = false;
    next_whole_ = 0;
    for (Section& section : sections_) section.next_field = 0;
    for (Row& row : rows_) row.is_seen = false;
}

void TableTopic::set_field(std::vector<Field>& fields, std::size_t& next, std::string_view name,
                           std::string_view text) {
    if (next == fields.size()) fields.push_back({.name = std::string(name)});
    Field& field = fields[next++];
    VT_ASSERT(field.name == name);
    if (field.changed != 0 && field.text == text) return;
    field.text = text;
    field.changed = coming();
    has_changed_ = true;
}

void TableTopic::put_section(std::string_view name, std::string_view text) {
    set_field(whole_, next_whole_, name, text);
}

void TableTopic::put_section_field(std::string_view section, std::string_view name, std::string_view text) {
    auto found =
        std::find_if(sections_.begin(), sections_.end(), [&](const Section& each) { return each.name == section; });
    if (found == sections_.end()) found = sections_.insert(sections_.end(), Section{.name = std::string(section)});
    set_field(found->fields, found->next_field, name, text);
}

void TableTopic::begin_row(std::string_view id) {
    const auto known = row_index_.find(id);
    if (known == row_index_.end()) {
        row_index_.emplace(id, rows_.size());
        rows_.push_back({.id = std::string(id), .added = coming()});
        current_row_ = rows_.size() - 1;
        has_changed_ = true;
        std::erase_if(removed_, [&](const Removed& removed) { return removed.id == id; });
    } else {
        current_row_ = known->second;
    }
    rows_[current_row_].is_seen = true;
    rows_[current_row_].next_field = 0;
}

void TableTopic::put_row_field(std::string_view name, std::string_view text) {
    Row& row = rows_[current_row_];
    set_field(row.fields, row.next_field, name, text);
}

bool TableTopic::end() {
    for (const Row& row : rows_) {
        if (!row.is_seen) removed_.push_back({row.id, coming()});
    }
    if (std::erase_if(rows_, [](const Row& row) { return !row.is_seen; }) > 0) {
        has_changed_ = true;
        row_index_.clear();
        for (std::size_t i = 0; i < rows_.size(); ++i) row_index_.emplace(rows_[i].id, i);
    }
    if (has_changed_) ++sequence_;
    return has_changed_;
}

std::string TableTopic::document(std::uint64_t since, bool is_snapshot) const {
    JsonWriter out;
    out.begin_object();
    for (const Field& field : whole_) {
        if (field.changed > since) out.key(field.name).raw(field.text);
    }
    for (const Section& section : sections_) {
        bool is_open = false;
        for (const Field& field : section.fields) {
            if (field.changed <= since) continue;
            if (!is_open) out.key(section.name).begin_object();
            is_open = true;
            out.key(field.name).raw(field.text);
        }
        if (is_open) out.end_object();
    }
    out.key("symbols").begin_array();
    for (const Row& row : rows_) {
        const bool is_new = row.added > since;
        bool is_open = is_new;
        if (is_new) out.begin_object().field("id", row.id);
        for (const Field& field : row.fields) {
            if (!is_new && field.changed <= since) continue;
            if (!is_open) out.begin_object().field("id", row.id);
            is_open = true;
            out.key(field.name).raw(field.text);
        }
        if (is_open) out.end_object();
    }
    out.end_array();
    if (!is_snapshot) {
        out.key("removed").begin_array();
        for (const Removed& removed : removed_) {
            if (removed.at > since) out.value(removed.id);
        }
        out.end_array();
    }
    out.end_object();
    return out.take();
}

}  // namespace vt::api
