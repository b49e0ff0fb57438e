#pragma once

#include "net/http_message.hpp"
#include "net/http_server.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::net::detail {

/// Bytes of one connection -> requests, one after the other. No I/O: what is read goes into space(), advance() says
/// what it amounts to. Stricter than Beast's parser, which does the grammar: whatever two servers could read in two
/// ways (bare LF, folded lines, any Transfer-Encoding but `chunked`, doubled lengths, chunk extensions, trailers) is
/// refused, and nothing over a limit is kept.
///   cost: no allocation for a request that fits the buffer of an earlier one
///   source: RFC 9112; the corpus is in request_reader_test.cpp
class RequestReader {
public:
    enum class State : std::uint8_t {
        needs_more,
        wants_continue,  ///< once: the client waits for "100 Continue" before it sends the body
        complete,        ///< request() is valid until next()
        refused,         ///< status() and detail() say why; the rest of the connection cannot be trusted
    };

    explicit RequestReader(const HttpServerLimits& limits);
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;

    /// Where to read to; never empty while advance() says needs_more or wants_continue.
    [[nodiscard]] std::span<char> space();
    void commit(std::size_t count);
    [[nodiscard]] State advance();

    [[nodiscard]] HttpRequest& request() { return request_; }
    [[nodiscard]] std::string_view host() const { return host_; }  ///< what the Host field, or the target, names
    [[nodiscard]] bool is_head() const { return is_head_; }
    [[nodiscard]] bool keeps_alive() const { return keeps_alive_; }
    [[nodiscard]] bool is_http_1_0() const { return is_http_1_0_; }
    /// The request and what follows it, as they came: for a WebSocket upgrade.
    [[nodiscard]] std::string_view raw() const { return {buffer_.data(), end_}; }

    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] std::string_view detail() const { return detail_; }

    /// Forgets the request; keeps what has been read of the following one.
    void next();
    /// No byte of a request has come yet.
    [[nodiscard]] bool is_idle() const { return phase_ == Phase::header && end_ == 0; }
    [[nodiscard]] bool is_in_body() const { return phase_ == Phase::body; }

private:
    enum class Phase : std::uint8_t { header, body, complete, refused };
    enum class BodyPart : std::uint8_t { none, plain, chunk_size, chunk_data, chunk_end, last_end };
    class Parser;

    State refuse(int status, std::string_view detail);
    State scan_header();
    State scan_line(std::size_t line_end);
    State parse_header();
    State check_header(const Parser& parser);
    State check_fields();
    State check_target(std::string_view target);
    State parse_body();
    std::size_t read_part(std::string_view bytes);
    void detect_websocket();

    HttpServerLimits limits_;
    std::vector<char> buffer_;
    std::size_t end_ = 0;          // bytes in the buffer
    std::size_t line_start_ = 0;   // of the line being scanned
    std::size_t scanned_ = 0;      // no line end before this
    std::size_t line_count_ = 0;
    std::size_t header_size_ = 0;  // once complete, with the empty line
    std::size_t body_left_ = 0;    // of the body, or of the chunk
    BodyPart body_part_ = BodyPart::none;
    std::vector<HeaderView> fields_;
    std::string body_;
    HttpRequest request_;
    std::string_view host_;
    Phase phase_ = Phase::header;
    bool is_head_ = false;
    bool keeps_alive_ = false;
    bool is_http_1_0_ = false;
    bool told_to_continue_ = false;
    int status_ = 0;
    std::string_view detail_;
};

/// Whether `host` (with or without a port) is one of `allowed` (without). Case does not matter.
[[nodiscard]] bool is_allowed_host(std::string_view host, const std::vector<std::string>& allowed);
/// Whether a page of `origin` (an Origin header) came from `host` (a Host header).
[[nodiscard]] bool is_same_origin(std::string_view origin, std::string_view host);

}  // namespace vt::net::detail
