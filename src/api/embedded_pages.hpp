#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace vt::api {

/// One file of the built pages, as it is inside the program.
struct EmbeddedPage {
    std::string_view path;          ///< "/index.html", "/assets/app-3f2a.js"
    std::string_view content_type;  ///< "text/html; charset=utf-8"
    std::string_view etag;          ///< of the bytes, without quotes
    bool is_immutable = false;      ///< its name holds a hash: it may be cached for ever
    std::string_view identity;
    std::string_view gzip;    ///< empty: no smaller than identity
    std::string_view brotli;  ///< likewise
};

/// True when the program was built with its pages.
[[nodiscard]] bool has_embedded_pages();

/// The page served at `path`: "/" is index.html, "/mobile" is mobile.html, and so "/login" and "/docs", "/methods/"
/// and "/methods/NAME" are the method pages, anything else is the file of that name. A program built without pages
/// has only the first two, and they say how to build them.
///   out: nullopt when there is none
///   cost: O(log pages)
[[nodiscard]] std::optional<EmbeddedPage> embedded_page(std::string_view path);

/// Whether a path is of a page that shows the market: not of the login, the method pages, or of what pages are made
/// of.
[[nodiscard]] bool is_page_of_the_market(std::string_view path);

/// How many files the program holds.
[[nodiscard]] std::size_t embedded_page_count();

namespace embedded {

struct Part {
    std::size_t offset = 0;
    std::size_t length = 0;
};
/// A row of the table that tools/embed_pages.py makes, sorted by path.
struct Row {
    std::string_view path;
    std::string_view content_type;
    std::string_view etag;
    bool is_immutable;
    Part identity, gzip, brotli;
};
extern const char* const bytes;
extern const Row rows[];  // NOLINT(modernize-avoid-c-arrays): its length is known to the made file alone
extern const std::size_t row_count;

}  // namespace embedded
}  // namespace vt::api
