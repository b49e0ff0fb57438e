#pragma once

#include "net/http_message.hpp"

#include <cstddef>
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
    std::string gzip = {};                 ///< the same body compressed; empty: none
    std::string brotli = {};               ///< the same body compressed; empty: none
    std::vector<HttpHeader> headers = {};  ///< security, caching; not Date, Connection, ETag, Content-*, Vary
    bool has_etag = false;                 ///< ETag from the body's bytes, and 304 for who has it
    /// The gzip form of a body worth it is made when the first asks who takes it. Not where a body holds a secret
    /// beside something that the asker chose: its length would tell.
    bool packs_when_asked = false;
    bool tells_time = false;  ///< Server-Timing: how long it took from the request to this response
};

/// A response ready for the wire, shared by all who ask for it. Immutable: made once, sent many times, one write
/// each.
struct PreparedResponse {
    /// A body that is shorter is sent as it is.
    static constexpr std::size_t kWorthPacking = 1024;

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
    struct Later;
    std::shared_ptr<Later> later;  ///< the gzip form that is made when it is asked for; null: none
    bool tells_time = false;

    /// The smallest form that `accept_encoding` (absent: identity) allows.
    ///   cost: of the first call that allows a form which is made when asked for: O(body), allocates. Any thread
    [[nodiscard]] const Coded& choose(std::string_view accept_encoding) const;
    /// The head of the 304 to who asks so; empty where there is none. Makes no form.
    [[nodiscard]] const std::string& not_modified(std::string_view accept_encoding) const;
    /// Whether somebody asked for the form that is made when asked for.
    [[nodiscard]] bool is_packed() const;
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
