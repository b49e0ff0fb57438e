#include "config/file_text.hpp"

#include "config/binding.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace vt::config {
namespace {

constexpr std::string_view kHidden = "***";

/// A key of a file: where it and its value stand, in bytes.
struct Place {
    std::string key;
    std::size_t key_begin = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string exact;                ///< the value as its kind is written, for comparison
    std::optional<std::string> text;  ///< of a text
};

struct Places {
    std::vector<Place> keys;
    std::map<std::string, std::size_t> headers;  ///< of tables with one of their own: the byte behind it
};

/// Bytes of lines and columns as the parser counts them: from 1, characters of UTF-8.
class Positions {
public:
    explicit Positions(std::string_view text) : text_(text) {
        for (std::size_t at = 0; at != std::string_view::npos;) {
            lines_.push_back(at);
            const std::size_t end = text.find('\n', at);
            at = end == std::string_view::npos ? end : end + 1;
        }
    }
    [[nodiscard]] std::size_t byte(const toml::source_position& position) const {
        std::size_t at = position.line <= lines_.size() ? lines_[position.line - 1] : text_.size();
        for (toml::source_index column = 1; column < position.column && at < text_.size(); ++column) {
            ++at;
            while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80) ++at;
        }
        return at;
    }

private:
    std::string_view text_;
    std::vector<std::size_t> lines_;
};

std::string written(const toml::node& node) {
    std::ostringstream out;
    node.visit([&](const auto& value) { out << value; });
    return out.str();
}

void collect_places(const toml::table& table, const std::string& prefix, const Positions& positions, Places& found) {
    for (const auto& [name, node] : table) {
        const std::string key = prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str());
        const std::size_t begin = positions.byte(node.source().begin);
        const std::size_t end = positions.byte(node.source().end);
        if (const toml::table* inner = node.as_table()) {
            // A header stands around the name of its table; a table of one line behind it.
            if (begin <= positions.byte(name.source().begin) && !inner->is_inline()) found.headers[key] = end;
            collect_places(*inner, key, positions, found);
            continue;
        }
        found.keys.push_back({.key = key,
                              .key_begin = positions.byte(name.source().begin),
                              .begin = begin,
                              .end = end,
                              .exact = written(node),
                              .text = node.value_exact<std::string>()});
    }
}

Result<Places> places_of(std::string_view text) {
    Places found;
    try {
        const toml::table table = toml::parse(text);
        collect_places(table, "", Positions(text), found);
    } catch (const toml::parse_error& error) {
        return fail(Errc::configuration,
                    "line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
    }
    std::sort(found.keys.begin(), found.keys.end(), [](const Place& a, const Place& b) { return a.begin < b.begin; });
    return found;
}

const Binding* secret_binding(std::string_view key) {
    const Binding* binding = find_binding(key);
    return binding != nullptr && binding->knob.is_secret ? binding : nullptr;
}

/// What may be seen of a secret's value in a file, valid or not.
std::string shown(const Binding& binding, const Place& place) {
    Config config;
    if (place.text && binding.set(config, *place.text)) return binding.text(config);
    return quoted_text(std::string(kHidden));
}

/// What stands behind `name =` in a comment.
void hide_value(std::string& comment, std::string_view name) {
    for (std::size_t at = comment.find(name); at != std::string::npos; at = comment.find(name, at + 1)) {
        std::size_t value = comment.find_first_not_of(" \t", at + name.size());
        if (value == std::string::npos || comment[value] != '=') continue;
        value = comment.find_first_not_of(" \t", value + 1);
        if (value == std::string::npos || comment.compare(value, 2, "\"\"") == 0) continue;
        comment.replace(value, std::string::npos, kHidden);
    }
}

/// The password of each address in a comment, and the value of a key that holds secrets.
std::string redacted_comment(std::string comment) {
    for (const Binding& binding : bindings()) {
        if (!binding.knob.is_secret) continue;
        hide_value(comment, binding.knob.key.substr(binding.knob.key.rfind('.') + 1));
        if (!binding.knob.environment.empty()) hide_value(comment, binding.knob.environment);
    }
    for (std::size_t at = comment.find("://"); at != std::string::npos; at = comment.find("://", at + 3)) {
        const std::size_t end = std::min(comment.find_first_of(" \t\"'/", at + 3), comment.size());
        const std::size_t sign = comment.rfind('@', end);
        const std::size_t colon = comment.find(':', at + 3);
        if (sign == std::string::npos || sign >= end || sign < at || colon >= sign) continue;
        if (comment.compare(colon + 1, sign - colon - 1, "password") == 0) continue;  // of an example
        comment.replace(colon + 1, sign - colon - 1, kHidden);
    }
    return comment;
}

/// Every comment of the text, redacted. A '#' within a value is none.
std::string with_redacted_comments(std::string_view text, const Places& places) {
    std::string out;
    std::size_t at = 0;
    auto value = places.keys.begin();
    while (at < text.size()) {
        while (value != places.keys.end() && value->end <= at) ++value;
        const std::size_t sign = text.find('#', at);
        if (value != places.keys.end() && sign >= value->begin) {
            out += text.substr(at, value->end - at);
            at = value->end;
            continue;
        }
        if (sign == std::string_view::npos) break;
        const std::size_t end = std::min(text.find('\n', sign), text.size());
        out += text.substr(at, sign - at);
        out += redacted_comment(std::string(text.substr(sign, end - sign)));
        at = end;
    }
    out += text.substr(at);
    return out;
}

std::size_t line_begin(std::string_view text, std::size_t at) {
    const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

/// The byte behind the line of `at`.
std::size_t line_end(std::string_view text, std::size_t at) {
    const std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end + 1;
}

void remove_key(std::string& text, const Place& place) {
    const std::size_t begin = line_begin(text, place.key_begin);
    text.erase(begin, line_end(text, place.end) - begin);
}

void add_key(std::string& text, const Places& places, std::string_view key, const std::string& value) {
    const std::size_t dot = key.rfind('.');
    const std::string table(key.substr(0, dot));
    const std::string line = std::string(key.substr(dot + 1)) + " = " + value + "\n";
    if (const auto header = places.headers.find(table); header != places.headers.end()) {
        const std::size_t at = line_end(text, header->second);
        const bool ends_open = at > 0 && text[at - 1] != '\n';
        text.insert(at, (ends_open ? "\n" : "") + line);
        return;
    }
    if (!text.empty() && text.back() != '\n') text += '\n';
    text += (text.empty() ? "[" : "\n[") + table + "]\n" + line;
}

/// Whether `after` is `before` with exactly these changes.
bool is_changed_as_wanted(const Places& before, const Places& after, const FileChanges& changes) {
    std::map<std::string, std::string> wanted;
    for (const Place& place : before.keys) wanted[place.key] = place.exact;
    for (const auto& [key, value] : changes) {
        wanted.erase(key);
        if (!value) continue;
        try {
            wanted[key] = written(*toml::parse("v = " + *value).get("v"));
        } catch (const toml::parse_error&) {
            return false;
        }
    }
    std::map<std::string, std::string> found;
    for (const Place& place : after.keys) found[place.key] = place.exact;
    return found == wanted;
}

}  // namespace

Result<std::string> redacted_text(std::string_view text) {
    VT_TRY(const Places places, places_of(text));
    std::string out(text);
    for (auto place = places.keys.rbegin(); place != places.keys.rend(); ++place) {
        if (const Binding* binding = secret_binding(place->key))
            out.replace(place->begin, place->end - place->begin, shown(*binding, *place));
    }
    VT_TRY(const Places redacted, places_of(out));
    return with_redacted_comments(out, redacted);
}

Result<std::string> with_secrets_of(std::string_view text, std::string_view original) {
    VT_TRY(const Places places, places_of(text));
    VT_TRY(const Places before, places_of(original));
    std::string out(text);
    for (auto place = places.keys.rbegin(); place != places.keys.rend(); ++place) {
        const Binding* binding = secret_binding(place->key);
        if (binding == nullptr || !place->text || place->text->find(kHidden) == std::string::npos) continue;
        const auto known = std::find_if(before.keys.begin(), before.keys.end(),
                                        [&](const Place& other) { return other.key == place->key; });
        if (known == before.keys.end() || shown(*binding, *known) != quoted_text(*place->text))
            return fail(Errc::configuration, place->key +
                                                 " is \"***\", which stands for a secret that the file does "
                                                 "not hold; give the secret itself, or take the key out");
        out.replace(place->begin, place->end - place->begin,
                    original.substr(known->begin, known->end - known->begin));
    }
    return out;
}

Result<std::string> with_changes(std::string_view text, const FileChanges& changes) {
    VT_TRY(const Places before, places_of(text));
    std::string out(text);
    for (const auto& [key, value] : changes) {
        VT_TRY(const Places places, places_of(out));
        const auto place =
            std::find_if(places.keys.begin(), places.keys.end(),
                         [&, wanted = std::string_view(key)](const Place& one) { return one.key == wanted; });
        if (place == places.keys.end()) {
            if (value) add_key(out, places, key, *value);
        } else if (value) {
            out.replace(place->begin, place->end - place->begin, *value);
        } else {
            remove_key(out, *place);
        }
        const auto after = places_of(out);
        if (!after || !is_changed_as_wanted(places, *after, {{key, value}}))
            return fail(Errc::configuration, key +
                                                 " stands in the file in a way that only an editor can change "
                                                 "(several keys in one line, say); change it there");
    }
    return out;
}

}  // namespace vt::config
