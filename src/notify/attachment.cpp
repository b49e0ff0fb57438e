#include "notify/attachment.hpp"

#include "base/digest.hpp"

#include <algorithm>

namespace vt::notify {
namespace {

constexpr std::size_t kFileNameMax = 64;

bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

std::string plain_name(std::string_view name, std::size_t index) {
    std::string plain;
    for (const char c : name.substr(0, kFileNameMax)) plain += is_plain(c) || c == '.' ? c : '_';
    if (plain.find_first_not_of("._") == std::string::npos) plain = "file-" + std::to_string(index + 1);
    while (plain.starts_with('.')) plain.erase(0, 1);
    return plain;
}

bool is_type(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto is_part = [](std::string_view part) {
        return !part.empty() && part.size() < 64 &&
               std::ranges::all_of(part, [](char c) { return is_plain(c) || c == '.' || c == '+'; });
    };
    return slash != std::string_view::npos && is_part(text.substr(0, slash)) && is_part(text.substr(slash + 1));
}

}  // namespace

std::vector<Attachment> sendable(std::vector<Attachment> attachments) {
    std::vector<Attachment> kept;
    std::size_t bytes = 0;
    for (Attachment& each : attachments) {
        if (kept.size() == kAttachmentsMax || each.bytes.size() > kAttachedBytesMax - bytes) continue;
        bytes += each.bytes.size();
        each.name = plain_name(each.name, kept.size());
        const bool is_taken = std::ranges::any_of(kept, [&](const Attachment& one) { return one.name == each.name; });
        if (is_taken) each.name.insert(0, std::to_string(kept.size() + 1) + "-");
        if (!is_type(each.content_type)) each.content_type = "application/octet-stream";
        kept.push_back(std::move(each));
    }
    return kept;
}

Form form_of(std::span<const FormPart> parts) {
    Digest digest;
    std::size_t size = 256;
    for (const FormPart& part : parts) {
        digest.update(part.name);
        digest.update(part.content);
        size += part.content.size() + 256;
    }
    const std::string boundary = "virtuoso-" + digest.hex().substr(0, 40);
    Form form{.content_type = "multipart/form-data; boundary=" + boundary, .body = {}};
    form.body.reserve(size);
    for (const FormPart& part : parts) {
        form.body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"");
        form.body.append(part.name).append("\"");
        if (!part.file_name.empty()) form.body.append("; filename=\"").append(part.file_name).append("\"");
        form.body += "\r\n";
        if (!part.content_type.empty()) form.body.append("Content-Type: ").append(part.content_type).append("\r\n");
        form.body.append("\r\n").append(part.content).append("\r\n");
    }
    form.body.append("--").append(boundary).append("--\r\n");
    return form;
}

}  // namespace vt::notify
