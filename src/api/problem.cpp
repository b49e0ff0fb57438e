#include "api/problem.hpp"

namespace vt::api {

std::vector<net::HttpHeader> security_headers() {
    return {{"X-Content-Type-Options", "nosniff"},
            {"X-Frame-Options", "DENY"},
            {"Referrer-Policy", "no-referrer"},
            {"Cross-Origin-Opener-Policy", "same-origin"},
            {"Cross-Origin-Resource-Policy", "same-origin"},
            {"Content-Security-Policy",
             "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
             "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}};
}

net::PreparedResponsePtr problem(int status, std::string_view detail) {
    std::vector<net::HttpHeader> headers = security_headers();
    headers.push_back({"Cache-Control", "no-store"});
    return net::problem_response(status, detail, headers);
}

net::PreparedResponsePtr json_response(std::string body) {
    std::vector<net::HttpHeader> headers = security_headers();
    headers.push_back({"Cache-Control", "no-cache"});
    return net::prepare({.content_type = "application/json",
                         .body = std::move(body),
                         .headers = std::move(headers),
                         .has_etag = true});
}

}  // namespace vt::api
