#pragma once

#include "net/http_message.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vt::net {

/// What a response is made of.
struct ResponseParts {
    int status = 200;
    std::string content_type = {};  ///< empty: no body and no type
    std::string body = {};
    std::string gzip = {};    ///< the same body compressed; empty: none
    std::string brotli = {};  ///< the same body compressed; empty: none
    std::vector<HttpHeader> headers = {};  ///< security, caching; not Date, Connection, ETag, Content-*, Vary
    bool has_etag = false;  ///< ETag from the body's bytes, and 304 for who has it
};

/// A response ready for the wire, shared by all who ask for it. Immutable: made once, sent many times, one write
/// each.
struct PreparedResponse {
    struct Coded {
        std::string head;  ///< status line and headers, without the empty line that ends them
        std::string body;
        std::string not_modified;  ///< the head of a 304; empty when has_etag is false
    };
    int status = 200;
    std::string etag;  ///< without quotes; empty: none. The compressed forms add -gzip and -br
    Coded identity;
    Coded gzip;    ///< empty head: none
    Coded brotli;  ///< empty head: none

    /// The smallest form that `accept_encoding` (absent: identity) allows.
    [[nodiscard]] const Coded& choose(std::string_view accept_encoding) const;
    /// Whether an If-None-Match of this value names this response, in any of its forms.
    [[nodiscard]] bool matches(std::string_view if_none_match) const;
};
using PreparedResponsePtr = std::shared_ptr<const PreparedResponse>;

/// Header names and values must not hold line ends: VT_ASSERTed.
///   cost: O(body), allocates
[[nodiscard]] PreparedResponsePtr prepare(ResponseParts parts);

/// An RFC 9457 problem document (type about:blank) as a response.
///   in: detail: one sentence on what was wrong and what would be right; it goes to the client
[[nodiscard]] PreparedResponsePtr problem_response(int status, std::string_view detail,
                                                   const std::vector<HttpHeader>& headers = {});
/// The document alone: {"type","title","status","detail"}.
[[nodiscard]] std::string problem_json(int status, std::string_view detail);

}  // namespace vt::net
