#include "base/json_writer.hpp"
#include "notify/alert_text.hpp"
#include "notify/inert_text.hpp"
#include "notify/message.hpp"

#include <algorithm>
#include <array>

namespace vt::notify {
namespace {

constexpr std::size_t kEmbedsMax = 10;
constexpr std::size_t kTitleMax = 256;
constexpr std::size_t kDescriptionMax = 4096;
constexpr std::size_t kFieldsMax = 25;
constexpr std::size_t kFieldNameMax = 256;
constexpr std::size_t kFieldValueMax = 1024;
constexpr std::size_t kFooterMax = 256;  // Discord takes 2048
constexpr std::size_t kAllMax = 6000;    // of all embeds of a message
constexpr std::size_t kInlineMax = 40;   // a longer value has a line of its own

struct Look {
    int color;
    std::string_view mark;
};
constexpr std::array<Look, alerts::kSeverityNames.size()> kLooks{Look{0x3B82F6, "🔵"}, Look{0xEAB308, "🟡"},
                                                                 Look{0xF97316, "🟠"}, Look{0xDC2626, "🔴"}};

/// The bars between ``` fences, in at most `units`; the score's own line where all are too long.
std::string score_block(const alerts::Alert& alert, std::size_t units) {
    const std::vector<std::string> lines = score_lines(alert);
    if (lines.empty()) return {};
    const auto fenced = [](std::span<const std::string> some) {
        std::string block = "```\n";
        for (const std::string& line : some) block += written(line, Markup::discord_block, 200) + "\n";
        return block + "```";
    };
    std::string block = fenced(lines);
    if (utf16_length(block) <= units) return block;
    block = fenced(std::span(lines).first(1));
    return utf16_length(block) <= units ? block : std::string();
}

std::vector<Fact> fields_of(const alerts::Alert& alert, std::size_t units) {
    std::vector<Fact> fields;
    const std::vector<Fact> all = facts(alert);
    constexpr std::size_t kForMore = 80;  // units for the field that says that there are more
    std::size_t used = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        Fact field{written(all[i].name, Markup::discord, kFieldNameMax),
                   written(all[i].text, Markup::discord, kFieldValueMax)};
        const std::size_t size = utf16_length(field.name) + utf16_length(field.text);
        const bool is_last = i + 1 == all.size();
        if (used + size + (is_last ? 0 : kForMore) > units || (fields.size() + 1 == kFieldsMax && !is_last)) {
            if (used + kForMore <= units) {
                fields.push_back({"More", std::to_string(all.size() - i) + " figures had no room"});
            }
            break;
        }
        used += size;
        fields.push_back(std::move(field));
    }
    return fields;
}

std::size_t length_of(const std::vector<Fact>& fields) {
    std::size_t units = 0;
    for (const Fact& field : fields) units += utf16_length(field.name) + utf16_length(field.text);
    return units;
}

/// Words and bars, in at most `units`. The bars are short and go first when room is scarce.
std::string description_of(const alerts::Alert& alert, std::size_t units) {
    std::string block = score_block(alert, units);
    const std::size_t left = units - utf16_length(block);
    if (left < 2) return block;
    const std::string text = written(words(alert), Markup::discord, left - 1);
    if (text.empty() || block.empty()) return text + block;
    return text + "\n" + block;
}

void write_embed(JsonWriter& out, const alerts::Alert& alert, std::size_t units, const Attachment* image) {
    const Look& look = kLooks[static_cast<std::size_t>(alert.severity)];
    const std::string title =
        std::string(look.mark) + " " + written(headline(alert), Markup::discord, std::min(kTitleMax - 3, units / 4));
    const std::string footer = written(reference(alert), Markup::none, std::min(kFooterMax, units / 4));
    const std::size_t left = units - utf16_length(title) - utf16_length(footer);
    const std::size_t wanted = std::min(kDescriptionMax, utf16_length(description_of(alert, kDescriptionMax)));
    const std::vector<Fact> fields = fields_of(alert, std::max(left / 2, left - std::min(left, wanted)));
    const std::string description =
        description_of(alert, std::min(kDescriptionMax, left - std::min(left, length_of(fields))));
    out.begin_object().field("title", title);
    if (!description.empty()) out.field("description", description);
    out.field("color", look.color).field("timestamp", utc_text(alert.at));
    if (!fields.empty()) {
        out.key("fields").begin_array();
        for (const Fact& field : fields) {
            out.begin_object().field("name", field.name).field("value", field.text);
            out.field("inline", utf16_length(field.text) <= kInlineMax).end_object();
        }
        out.end_array();
    }
    if (image != nullptr) {
        out.key("image").begin_object().field("url", "attachment://" + image->name).end_object();
    }
    out.key("footer").begin_object().field("text", footer).end_object().end_object();
}

std::string payload_json(std::span<const alerts::Alert> alerts, std::span<const Attachment> attachments) {
    std::vector<const Attachment*> images;
    for (const Attachment& each : attachments) {
        if (each.is_image()) images.push_back(&each);
    }
    const std::size_t count = std::min(alerts.size(), kEmbedsMax);
    JsonWriter out;
    out.begin_object().field("username", "Virtuoso Signals");
    out.key("allowed_mentions").begin_object().key("parse").begin_array().end_array().end_object();
    out.key("embeds").begin_array();
    for (std::size_t i = 0; i < count; ++i) {
        write_embed(out, alerts[i], kAllMax / count, i == 0 && !images.empty() ? images[0] : nullptr);
    }
    for (std::size_t i = 1; i < images.size() && count + i <= kEmbedsMax; ++i) {
        out.begin_object().field("color", kLooks[static_cast<std::size_t>(alerts[0].severity)].color);
        out.key("image").begin_object().field("url", "attachment://" + images[i]->name).end_object().end_object();
    }
    out.end_array();
    if (!attachments.empty()) {
        out.key("attachments").begin_array();
        for (std::size_t i = 0; i < attachments.size(); ++i) {
            out.begin_object().field("id", static_cast<std::uint64_t>(i));
            out.field("filename", attachments[i].name).end_object();
        }
        out.end_array();
    }
    out.end_object();
    return out.take();
}

}  // namespace

Payload discord_payload(std::span<const alerts::Alert> alerts, std::span<const Attachment> attachments) {
    std::string json = payload_json(alerts, attachments);
    if (attachments.empty()) return {.body = std::move(json), .headers = {{"Content-Type", "application/json"}}};
    std::vector<FormPart> parts;
    parts.push_back({.name = "payload_json", .content = json, .content_type = "application/json"});
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        parts.push_back({.name = "files[" + std::to_string(i) + "]",
                         .content = attachments[i].bytes,
                         .file_name = attachments[i].name,
                         .content_type = attachments[i].content_type});
    }
    Form form = form_of(parts);
    return {.body = std::move(form.body), .headers = {{"Content-Type", std::move(form.content_type)}}};
}

}  // namespace vt::notify
