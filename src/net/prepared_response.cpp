#include "net/prepared_response.hpp"

#include "base/assert.hpp"
#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "net/gzip.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>

namespace vt::net {

namespace {

constexpr std::string_view kSpace = " \t";
constexpr std::size_t kEtagDigits = 32;  // of SHA-256's 64: 128 bits

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// Calls `visit` with each member of a comma-separated list until it says true.
template <class Visit>
bool any_in_list(std::string_view list, Visit visit) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (visit(trimmed(list.substr(0, comma)))) return true;
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return false;
}

/// Whether Accept-Encoding allows `coding` ("gzip", "gzip;q=0.5", but not "gzip;q=0").
bool allows(std::string_view accept_encoding, std::string_view coding) {
    return any_in_list(accept_encoding, [&](std::string_view item) {
        const std::size_t semicolon = item.find(';');
        if (!equal_ignoring_case(trimmed(item.substr(0, semicolon)), coding)) return false;
        if (semicolon == std::string_view::npos) return true;
        const std::string_view parameter = trimmed(item.substr(semicolon + 1));
        return parameter.find_first_of("123456789") != std::string_view::npos;
    });
}

std::string status_line(int status) {
    return "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_phrase(status)) + "\r\n";
}

/// No character that ends a field. One loop over the text: find_first_of calls memchr for each character, a seventh
/// of the time of a short answer.
bool is_field_text(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
    VT_ASSERT(is_field_text(name));
    VT_ASSERT(is_field_text(value));
    head.append(name).append(": ").append(value).append("\r\n");
}

struct CodedParts {
    std::string_view coding;  // empty: identity
    std::string body;
    std::string etag;  // empty: none
    bool varies = false;
};

std::string fields_of(const ResponseParts& parts, const CodedParts& form) {
    std::string fields;
    for (const HttpHeader& each : parts.headers) append_header(fields, each.name, each.value);
    if (form.varies) append_header(fields, "Vary", "Accept-Encoding");
    if (!form.etag.empty()) append_header(fields, "ETag", "\"" + form.etag + "\"");
    return fields;
}

PreparedResponse::Coded coded(const ResponseParts& parts, CodedParts form) {
    const std::string fields = fields_of(parts, form);
    PreparedResponse::Coded out;
    if (!form.etag.empty()) out.not_modified = status_line(304) + fields;
    out.head = status_line(parts.status);
    if (!parts.content_type.empty()) append_header(out.head, "Content-Type", parts.content_type);
    if (!form.coding.empty()) append_header(out.head, "Content-Encoding", form.coding);
    if (parts.status != 204) append_header(out.head, "Content-Length", std::to_string(form.body.size()));
    out.head += fields;
    out.body = std::move(form.body);
    return out;
}

}  // namespace

/// What the gzip form is made of when somebody asks for it.
struct PreparedResponse::Later {
    ResponseParts parts;  ///< without bodies
    std::string etag;
    std::string not_modified;
    std::once_flag once;
    std::atomic<bool> is_made = false;
    Coded made;

    const Coded& form(std::string_view body) {
        std::call_once(once, [&] {
            made = coded(parts, {"gzip", gzipped(body), etag, true});
            is_made = true;
        });
        return made;
    }
};

const PreparedResponse::Coded& PreparedResponse::choose(std::string_view accept_encoding) const {
    const Coded* best = &identity;
    if (later && allows(accept_encoding, "gzip")) best = &later->form(identity.body);
    if (!brotli.head.empty() && brotli.body.size() < best->body.size() && allows(accept_encoding, "br"))
        best = &brotli;
    if (!gzip.head.empty() && gzip.body.size() < best->body.size() && allows(accept_encoding, "gzip")) best = &gzip;
    return *best;
}

const std::string& PreparedResponse::not_modified(std::string_view accept_encoding) const {
    if (later && allows(accept_encoding, "gzip")) return later->not_modified;
    return later ? identity.not_modified : choose(accept_encoding).not_modified;
}

bool PreparedResponse::is_packed() const { return later && later->is_made; }

bool PreparedResponse::matches(std::string_view if_none_match) const {
    if (etag.empty()) return false;
    return any_in_list(if_none_match, [this](std::string_view item) {
        if (item == "*") return true;
        if (item.starts_with("W/")) item.remove_prefix(2);
        if (item.size() < 2 || item.front() != '"' || item.back() != '"') return false;
        item = item.substr(1, item.size() - 2);
        if (!item.starts_with(etag)) return false;
        item.remove_prefix(etag.size());
        return item.empty() || item == "-gzip" || item == "-br";
    });
}

PreparedResponsePtr prepare(ResponseParts parts) {
    VT_ASSERT(parts.body.empty() || !parts.content_type.empty());
    auto response = std::make_shared<PreparedResponse>();
    response->status = parts.status;
    if (parts.has_etag) {
        Digest digest;
        digest.update(parts.body);
        response->etag = digest.hex().substr(0, kEtagDigits);
    }
    response->tells_time = parts.tells_time;
    const bool is_made_later = parts.packs_when_asked && parts.gzip.empty() && parts.brotli.empty() &&
                               parts.body.size() >= PreparedResponse::kWorthPacking;
    const bool varies = is_made_later || !parts.gzip.empty() || !parts.brotli.empty();
    const auto tagged = [&](std::string_view suffix) {
        return response->etag.empty() ? std::string() : response->etag + std::string(suffix);
    };
    if (!parts.gzip.empty()) response->gzip = coded(parts, {"gzip", std::move(parts.gzip), tagged("-gzip"), varies});
    if (!parts.brotli.empty())
        response->brotli = coded(parts, {"br", std::move(parts.brotli), tagged("-br"), varies});
    response->identity = coded(parts, {"", std::move(parts.body), tagged(""), varies});
    if (is_made_later) {
        response->later = std::make_shared<PreparedResponse::Later>();
        response->later->etag = tagged("-gzip");
        if (parts.has_etag)
            response->later->not_modified =
                status_line(304) + fields_of(parts, {"gzip", {}, response->later->etag, true});
        response->later->parts = std::move(parts);
    }
    return response;
}

std::string problem_json(int status, std::string_view detail) {
    JsonWriter json;
    json.begin_object();
    json.field("type", "about:blank").field("title", reason_phrase(status));
    json.field("status", status).field("detail", detail);
    json.end_object();
    return json.take();
}

PreparedResponsePtr problem_response(int status, std::string_view detail, const std::vector<HttpHeader>& headers) {
    return prepare({.status = status,
                    .content_type = "application/problem+json",
                    .body = problem_json(status, detail),
                    .headers = headers});
}

}  // namespace vt::net
