#include "api/embedded_pages.hpp"

#include <algorithm>
#include <string>

namespace vt::api {
namespace {

constexpr std::string_view kMissing =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Virtuoso: no pages</title>"
    "<h1>This program was built without its pages</h1>"
    "<p>The API works: <a href=\"/api/dashboard/data\">/api/dashboard/data</a>, <a href=\"/health\">/health</a>.</p>"
    "<p>To get the pages, run <code>make web</code> and then <code>make build</code> in the source "
    "folder.</p></html>\n";

std::string_view part(const embedded::Part& where) { return {embedded::bytes + where.offset, where.length}; }

constexpr std::string_view kMethods = "/methods/";

std::string file_of(std::string_view path) {
    if (path == "/") return "/index.html";
    if (path == "/mobile" || path == "/login" || path == "/docs") return std::string(path) + ".html";
    if (path == kMethods) return "/methods/index.html";
    const bool is_method = path.starts_with(kMethods) && path.find('.') == std::string_view::npos;
    return is_method ? std::string(path) + ".html" : std::string(path);
}

}  // namespace

bool has_embedded_pages() { return embedded::row_count > 0; }
bool is_page_of_the_market(std::string_view path) {
    const std::string file = file_of(path);
    return file == "/index.html" || file == "/mobile.html" || file == "/docs.html";
}
std::size_t embedded_page_count() { return embedded::row_count; }

std::optional<EmbeddedPage> embedded_page(std::string_view path) {
    const std::string file = file_of(path);
    if (!has_embedded_pages()) {
        if (file != "/index.html" && file != "/mobile.html") return std::nullopt;
        return EmbeddedPage{.path = file == "/index.html" ? "/index.html" : "/mobile.html",
                            .content_type = "text/html; charset=utf-8",
                            .etag = "no-pages",
                            .identity = kMissing};
    }
    const embedded::Row* const end = embedded::rows + embedded::row_count;
    const embedded::Row* const row =
        std::lower_bound(embedded::rows, end, file,
                         [](const embedded::Row& one, const std::string& sought) { return one.path < sought; });
    if (row == end || row->path != file) return std::nullopt;
    return EmbeddedPage{.path = row->path,
                        .content_type = row->content_type,
                        .etag = row->etag,
                        .is_immutable = row->is_immutable,
                        .identity = part(row->identity),
                        .gzip = part(row->gzip),
                        .brotli = part(row->brotli)};
}

}  // namespace vt::api
