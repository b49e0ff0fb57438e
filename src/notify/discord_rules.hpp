#pragma once

// What Discord's documentation says of an "Execute Webhook" body, written down anew, for tests: this file takes no
// number from the code that it judges.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vt::notify {

/// UTF-16 code units of valid UTF-8: a lead byte of four bytes is two, every other lead byte one.
inline std::size_t discord_length(std::string_view text) {
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        units += byte >= 0xF0 ? 2U : (byte & 0xC0U) != 0x80U ? 1U : 0U;
    }
    return units;
}

/// Judges payloads as a strict server would; `problems` says what it would answer 400 to.
class DiscordRules {
public:
    explicit DiscordRules(std::string_view json, const std::set<std::string>& files = {}) : files_(files) {
        const simdjson::padded_string padded(json);
        simdjson::dom::object root;
        if (parser_.parse(padded).get(root) != simdjson::SUCCESS) {
            say("no JSON object");
            return;
        }
        only(root, {"content", "username", "avatar_url", "tts", "embeds", "allowed_mentions", "attachments"});
        if (const auto content = text(root, "content")) limit("content", *content, 2000);
        if (const auto username = text(root, "username")) {
            limit("username", *username, 80);
            if (username->find("discord") != std::string_view::npos || username->empty()) say("username");
        }
        simdjson::dom::array parse;
        const bool has_parse = root["allowed_mentions"]["parse"].get(parse) == simdjson::SUCCESS;
        if (!has_parse || parse.size() != 0) say("allowed_mentions.parse is not []");
        simdjson::dom::array embeds;
        if (root["embeds"].get(embeds) != simdjson::SUCCESS || embeds.size() == 0) {
            say("no embeds");
            return;
        }
        if (embeds.size() > 10) say("more than 10 embeds");
        for (const simdjson::dom::element each : embeds) judge_embed(each);
        if (all_ > 6000) say("all embeds together: " + std::to_string(all_));
        simdjson::dom::array attachments;
        if (root["attachments"].get(attachments) == simdjson::SUCCESS) {
            if (attachments.size() > 10) say("more than 10 attachments");
            if (attachments.size() != files_.size()) say("attachments are not the files");
        }
    }

    std::vector<std::string> problems;
    std::size_t embed_count = 0;
    std::vector<std::string> titles;
    std::vector<std::string> texts;  ///< of everything that is shown

private:
    void say(std::string what) { problems.push_back(std::move(what)); }
    void only(simdjson::dom::object object, const std::set<std::string_view>& known) {
        for (const auto field : object) {
            if (!known.contains(field.key)) say("unknown key " + std::string(field.key));
        }
    }
    static std::optional<std::string_view> text(simdjson::dom::object object, std::string_view key) {
        std::string_view found;
        if (object[key].get(found) != simdjson::SUCCESS) return std::nullopt;
        return found;
    }
    void limit(const std::string& what, std::string_view found, std::size_t most) {
        if (discord_length(found) > most) say(what + " has " + std::to_string(discord_length(found)));
        texts.emplace_back(found);
    }
    /// A text of an embed: counted among the 6000, and never blank.
    void part(const std::string& what, std::optional<std::string_view> found, std::size_t most, bool is_needed) {
        if (!found) {
            if (is_needed) say(what + " is missing");
            return;
        }
        limit(what, *found, most);
        all_ += discord_length(*found);
        if (found->find_first_not_of(" \n\t") == std::string_view::npos) say(what + " is blank");
    }
    void judge_embed(simdjson::dom::element element) {
        simdjson::dom::object embed;
        if (element.get(embed) != simdjson::SUCCESS) return say("an embed is no object");
        ++embed_count;
        only(embed, {"title", "type", "description", "url", "timestamp", "color", "footer", "image", "thumbnail",
                     "author", "fields"});
        part("title", text(embed, "title"), 256, false);
        if (const auto title = text(embed, "title")) titles.emplace_back(*title);
        part("description", text(embed, "description"), 4096, false);
        std::int64_t color = -1;
        if (embed["color"].get(color) != simdjson::SUCCESS || color < 0 || color > 0xFFFFFF) say("color");
        if (const auto at = text(embed, "timestamp")) {
            const bool is_iso = at->size() == 24 && (*at)[10] == 'T' && at->back() == 'Z' && (*at)[19] == '.';
            if (!is_iso) say("timestamp");
        }
        simdjson::dom::array fields;
        if (embed["fields"].get(fields) == simdjson::SUCCESS) {
            if (fields.size() > 25) say("more than 25 fields");
            for (const simdjson::dom::element each : fields) {
                simdjson::dom::object field;
                if (each.get(field) != simdjson::SUCCESS) return say("a field is no object");
                only(field, {"name", "value", "inline"});
                part("field name", text(field, "name"), 256, true);
                part("field value", text(field, "value"), 1024, true);
            }
        }
        simdjson::dom::object footer;
        if (embed["footer"].get(footer) == simdjson::SUCCESS) part("footer", text(footer, "text"), 2048, true);
        simdjson::dom::object image;
        if (embed["image"].get(image) == simdjson::SUCCESS) {
            constexpr std::string_view kScheme = "attachment://";
            const auto url = text(image, "url");
            const bool is_file = url && url->starts_with(kScheme);
            if (!is_file || !files_.contains(std::string(url->substr(kScheme.size())))) say("image of no file");
        }
    }

    simdjson::dom::parser parser_;
    std::set<std::string> files_;
    std::size_t all_ = 0;
};

}  // namespace vt::notify
