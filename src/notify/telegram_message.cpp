#include "base/json_writer.hpp"
#include "notify/alert_text.hpp"
#include "notify/inert_text.hpp"
#include "notify/message.hpp"

#include <algorithm>
#include <array>

namespace vt::notify {
namespace {

constexpr std::size_t kTextUnits = 4096;
constexpr std::size_t kCaptionUnits = 1024;
constexpr std::size_t kTitleUnits = 256;
constexpr std::array<std::string_view, alerts::kSeverityNames.size()> kMarks{"🔵", "🟡", "🟠", "🔴"};

/// The whole alert in at most `units`, tags and entities counted too, which is stricter than the service. Parts go in
/// or stay out whole, so that no tag is left open.
std::string html_of(const alerts::Alert& alert, std::size_t units) {
    std::string html = std::string(kMarks[static_cast<std::size_t>(alert.severity)]) + " <b>" +
                       written(headline(alert), Markup::html, kTitleUnits) + "</b>";
    const std::string last = "\n<code>" + written(reference(alert), Markup::html, 160) + "</code>";
    std::size_t left = units - utf16_length(html) - utf16_length(last);
    const auto add = [&](const std::string& part) {
        const std::size_t size = utf16_length(part);
        if (size > left) return false;
        html += part;
        left -= size;
        return true;
    };
    std::string block;
    for (const std::string& line : score_lines(alert)) block += written(line, Markup::html, 200) + "\n";
    if (!block.empty()) block = "\n<pre>" + block + "</pre>";
    std::vector<std::string> lines;
    std::size_t wanted = utf16_length(block);
    for (const Fact& fact : facts(alert)) {
        lines.push_back("\n<b>" + written(fact.name, Markup::html, 256) + "</b> " +
                        written(fact.text, Markup::html, 1024));
        wanted += utf16_length(lines.back());
    }
    // The words take what bars and figures leave, and half of the room at least.
    const std::size_t for_words = std::max(left / 2, left - std::min(left, wanted));
    if (for_words > 1) {
        const std::string text = written(words(alert), Markup::html, for_words - 1);
        if (!text.empty()) (void)add("\n" + text);
    }
    if (!block.empty()) (void)add(block);
    for (const std::string& line : lines) {
        if (!add(line)) {
            (void)add("\n…");
            break;
        }
    }
    return html + last;
}

}  // namespace

TelegramPayload telegram_payload(const alerts::Alert& alert, std::span<const Attachment> attachments,
                                 const std::string& chat) {
    const bool is_silent = alert.severity == alerts::Severity::info;
    const auto image = std::ranges::find_if(attachments, &Attachment::is_image);
    if (image == attachments.end()) {
        JsonWriter out;
        out.begin_object().field("chat_id", chat).field("text", html_of(alert, kTextUnits));
        out.field("parse_mode", "HTML").field("disable_notification", is_silent);
        out.key("link_preview_options").begin_object().field("is_disabled", true).end_object().end_object();
        return {.method = "sendMessage",
                .payload = {.body = out.take(), .headers = {{"Content-Type", "application/json"}}}};
    }
    const std::string caption = html_of(alert, kCaptionUnits);
    const std::array parts{
        FormPart{.name = "chat_id", .content = chat},
        FormPart{.name = "caption", .content = caption},
        FormPart{.name = "parse_mode", .content = "HTML"},
        FormPart{.name = "disable_notification", .content = is_silent ? "true" : "false"},
        FormPart{
            .name = "photo", .content = image->bytes, .file_name = image->name, .content_type = image->content_type},
    };
    Form form = form_of(parts);
    return {.method = "sendPhoto",
            .payload = {.body = std::move(form.body), .headers = {{"Content-Type", std::move(form.content_type)}}}};
}

}  // namespace vt::notify
