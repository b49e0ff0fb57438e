#include "net/detail/request_reader.hpp"

#include "base/assert.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace vt::net::detail {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kFirstBufferBytes = 2048;
constexpr std::size_t kBodyBufferBytes = 8192;
constexpr std::size_t kMaxChunkSizeLine = 18;  // 16 digits and the line's end
constexpr std::size_t kRequestLineSlack = 32;  // method, version, spaces

std::string_view view(const auto& text) { return {text.data(), text.size()}; }

bool is_list_with(std::string_view list, std::string_view wanted) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        std::string_view item = list.substr(0, comma);
        while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
        while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
        if (equal_ignoring_case(item, wanted)) return true;
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return false;
}

/// Digits and nothing else.
std::optional<std::size_t> whole_number(std::string_view text, int base) {
    std::size_t number = 0;
    if (text.empty() || text.front() == '-') return std::nullopt;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (problem != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string_view without_port(std::string_view host) {
    if (!host.empty() && host.front() == '[') {
        const std::size_t bracket = host.find(']');
        return bracket == std::string_view::npos ? host : host.substr(0, bracket + 1);
    }
    return host.substr(0, host.find(':'));
}

}  // namespace

/// Beast's grammar with views into our buffer instead of a container of fields.
class RequestReader::Parser : public http::basic_parser<true> {
public:
    explicit Parser(std::vector<HeaderView>& fields) : fields_(fields) {}
    http::verb verb = http::verb::unknown;
    std::string_view target;
    int version = 0;

private:
    void on_request_impl(http::verb method, boost::beast::string_view, boost::beast::string_view path, int number,
                         error_code&) override {
        verb = method;
        target = view(path);
        version = number;
    }
    void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
    void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                       error_code&) override {
        fields_.push_back({view(name), view(value)});
    }
    void on_header_impl(error_code&) override {}
    // Bodies are not Beast's work: see read_chunk().
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(boost::beast::string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    std::vector<HeaderView>& fields_;
};

RequestReader::RequestReader(const HttpServerLimits& limits) : limits_(limits), buffer_(kFirstBufferBytes) {}

std::span<char> RequestReader::space() {
    if (end_ == buffer_.size() && phase_ == Phase::header) {
        buffer_.resize(std::min(buffer_.size() * 2, limits_.max_header_bytes + kRequestLineSlack));
    }
    return std::span(buffer_).subspan(end_);
}

void RequestReader::commit(std::size_t count) {
    VT_ASSERT(end_ + count <= buffer_.size());
    end_ += count;
}

RequestReader::State RequestReader::refuse(int status, std::string_view detail) {
    phase_ = Phase::refused;
    status_ = status;
    detail_ = detail;
    keeps_alive_ = false;
    return State::refused;
}

RequestReader::State RequestReader::advance() {
    switch (phase_) {
        case Phase::header: return scan_header();
        case Phase::body: return parse_body();
        case Phase::complete: return State::complete;
        case Phase::refused: return State::refused;
    }
    return State::refused;
}

RequestReader::State RequestReader::scan_header() {
    while (line_count_ == 0 && line_start_ == 0 && end_ >= 2 && buffer_[0] == '\r' && buffer_[1] == '\n') {
        std::memmove(buffer_.data(), buffer_.data() + 2, end_ - 2);  // empty lines between requests are allowed
        end_ -= 2;
        scanned_ = 0;
    }
    if (end_ == 0) return State::needs_more;
    if ((buffer_[0] < 'A' || buffer_[0] > 'Z') && buffer_[0] != '\r') {
        return refuse(400, "This port speaks HTTP/1.1; the first byte is not the start of a request.");
    }
    while (const void* found = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_)) {
        const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
        const State state = scan_line(line_end);
        if (state != State::needs_more || phase_ != Phase::header) return state;
    }
    scanned_ = end_;
    if (line_count_ == 0 && end_ > limits_.max_target_bytes + kRequestLineSlack) {
        return refuse(414, "The request's target is too long.");
    }
    if (end_ >= limits_.max_header_bytes) return refuse(431, "The request's header fields are too large.");
    return State::needs_more;
}

RequestReader::State RequestReader::scan_line(std::size_t line_end) {
    if (line_end == line_start_ || buffer_[line_end - 1] != '\r') {
        return refuse(400, "A line ends without a carriage return.");
    }
    const std::string_view line(buffer_.data() + line_start_, line_end - 1 - line_start_);
    if (line.find('\r') != std::string_view::npos || line.find('\0') != std::string_view::npos) {
        return refuse(400, "A header line holds a carriage return or a zero byte.");
    }
    if (line.empty() && line_count_ > 0) {
        header_size_ = line_end + 1;
        if (header_size_ > limits_.max_header_bytes) return refuse(431, "The request's header fields are too large.");
        return parse_header();
    }
    if (line_count_ > 0 && (line.front() == ' ' || line.front() == '\t')) {
        return refuse(400, "A header line is folded.");
    }
    if (line_count_ == 0 && line.size() > limits_.max_target_bytes + kRequestLineSlack) {
        return refuse(414, "The request's target is too long.");
    }
    if (line_count_ > limits_.max_header_fields) return refuse(431, "The request has too many header fields.");
    ++line_count_;
    line_start_ = scanned_ = line_end + 1;
    return State::needs_more;
}

RequestReader::State RequestReader::parse_header() {
    const std::size_t body_space = header_size_ + kBodyBufferBytes;
    // The views below point into the buffer, so it must not grow after this; a request without a body does not need
    // to.
    if (buffer_.size() < body_space && (end_ > header_size_ || buffer_.size() - end_ < kFirstBufferBytes / 2)) {
        buffer_.resize(body_space);
    }
    fields_.clear();
    body_.clear();
    Parser parser(fields_);
    parser.eager(true);
    parser.skip(true);  // the header only
    parser.header_limit(static_cast<std::uint32_t>(limits_.max_header_bytes + kRequestLineSlack));
    error_code ec;
    (void)parser.put(boost::asio::buffer(buffer_.data(), header_size_), ec);
    if (ec || !parser.is_header_done()) return refuse(400, "The request is not well-formed HTTP/1.1.");
    return check_header(parser);
}

RequestReader::State RequestReader::check_header(const Parser& parser) {
    request_ = HttpRequest{.headers = fields_};
    is_http_1_0_ = parser.version == 10;
    keeps_alive_ = parser.keep_alive();
    is_head_ = false;
    switch (parser.verb) {
        case http::verb::get: request_.method = Method::get; break;
        case http::verb::head: is_head_ = true; break;
        case http::verb::post: request_.method = Method::post; break;
        case http::verb::put: request_.method = Method::put; break;
        case http::verb::patch: request_.method = Method::patch; break;
        case http::verb::delete_: request_.method = Method::remove; break;
        case http::verb::options: request_.method = Method::options; break;
        case http::verb::trace:
        case http::verb::connect: return refuse(405, "This method is not allowed here.");
        default: return refuse(501, "This method is not known here.");
    }
    const State checked = check_fields();
    if (checked == State::refused) return checked;
    if (check_target(parser.target) == State::refused) return State::refused;
    if (parser.upgrade()) detect_websocket();
    phase_ = Phase::body;
    return parse_body();
}

/// What could make another reader see another message: lengths, encodings and hosts that are doubled or odd.
RequestReader::State RequestReader::check_fields() {
    std::size_t lengths = 0;
    std::size_t encodings = 0;
    std::size_t hosts = 0;
    body_left_ = 0;
    for (const HeaderView& field : fields_) {
        if (equal_ignoring_case(field.name, "Content-Length")) {
            ++lengths;
            const auto length = whole_number(field.value, 10);
            if (!length) return refuse(400, "Content-Length is not a number.");
            body_left_ = *length;
        } else if (equal_ignoring_case(field.name, "Transfer-Encoding")) {
            ++encodings;
            if (!equal_ignoring_case(field.value, "chunked")) {
                return refuse(400, "Transfer-Encoding may only be \"chunked\".");
            }
        } else if (equal_ignoring_case(field.name, "Host")) {
            ++hosts;
            host_ = field.value;
        }
    }
    if (lengths > 1) return refuse(400, "Content-Length is given twice.");
    if (encodings > 1) return refuse(400, "Transfer-Encoding is given twice.");
    if (lengths > 0 && encodings > 0) return refuse(400, "Content-Length and Transfer-Encoding exclude each other.");
    if (encodings > 0 && is_http_1_0_) return refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
    if (hosts != 1 || host_.empty()) return refuse(400, "Exactly one Host is needed.");
    if (body_left_ > limits_.max_body_bytes) return refuse(413, "The request's body is too large.");
    body_part_ = encodings > 0 ? BodyPart::chunk_size : body_left_ > 0 ? BodyPart::plain : BodyPart::none;
    return State::complete;
}

RequestReader::State RequestReader::check_target(std::string_view target) {
    if (target.size() > limits_.max_target_bytes) return refuse(414, "The request's target is too long.");
    for (const std::string_view scheme : {"http://", "https://"}) {  // the absolute form, RFC 9112 3.2.2
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        const std::size_t end = std::min(target.find_first_of("/?"), target.size());
        host_ = target.substr(0, end);
        target.remove_prefix(end);
        if (target.empty()) target = "/";
        break;
    }
    const bool is_asterisk = target == "*" && request_.method == Method::options;
    if (!is_asterisk && (target.empty() || target.front() != '/')) {
        return refuse(400, "The request's target must begin with '/'.");
    }
    const bool is_visible = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f; });
    if (!is_visible || target.find('#') != std::string_view::npos) {
        return refuse(400, "The request's target holds a character that must be percent-encoded.");
    }
    const std::size_t question = target.find('?');
    request_.path = target.substr(0, question);
    if (question != std::string_view::npos) request_.query = target.substr(question + 1);
    return State::complete;
}

void RequestReader::detect_websocket() {
    if (is_http_1_0_ || request_.method != Method::get || is_head_) return;
    const auto upgrade = request_.header("Upgrade");
    const auto version = request_.header("Sec-WebSocket-Version");
    request_.wants_websocket = upgrade && is_list_with(*upgrade, "websocket") && version && *version == "13" &&
                               request_.header("Sec-WebSocket-Key").has_value();
}

/// One step through the body. Chunks are read here and not by Beast 1.81, whose chunk parser takes extensions and
/// trailers, and aborts (an assertion) on some that are malformed.
///   out: bytes used; 0: more are needed, or refused
std::size_t RequestReader::read_part(std::string_view bytes) {
    constexpr std::string_view kMalformed = "The request's body is not well-formed.";
    if (bytes.empty()) return 0;
    switch (body_part_) {
        case BodyPart::plain:
        case BodyPart::chunk_data: {
            const std::string_view part = bytes.substr(0, body_left_);
            body_.append(part);
            body_left_ -= part.size();
            if (body_left_ == 0) body_part_ = body_part_ == BodyPart::plain ? BodyPart::none : BodyPart::chunk_end;
            return part.size();
        }
        case BodyPart::chunk_end:
        case BodyPart::last_end: {
            if (bytes[0] != '\r' || (bytes.size() > 1 && bytes[1] != '\n')) refuse(400, kMalformed);
            if (bytes.size() < 2 || phase_ == Phase::refused) return 0;
            body_part_ = body_part_ == BodyPart::last_end ? BodyPart::none : BodyPart::chunk_size;
            return 2;
        }
        case BodyPart::chunk_size: {
            const std::size_t line_end = bytes.find('\n');
            if (line_end == std::string_view::npos && bytes.size() <= kMaxChunkSizeLine) return 0;
            const bool is_line = line_end != std::string_view::npos && line_end > 0 && bytes[line_end - 1] == '\r';
            const auto size = is_line ? whole_number(bytes.substr(0, line_end - 1), 16) : std::nullopt;
            if (!size) return refuse(400, kMalformed), 0;
            if (*size > limits_.max_body_bytes - body_.size()) {
                return refuse(413, "The request's body is too large."), 0;
            }
            body_left_ = *size;
            body_part_ = *size == 0 ? BodyPart::last_end : BodyPart::chunk_data;
            return line_end + 1;
        }
        case BodyPart::none: return 0;
    }
    return 0;
}

RequestReader::State RequestReader::parse_body() {
    std::size_t used = 0;
    const std::string_view bytes(buffer_.data() + header_size_, end_ - header_size_);
    while (body_part_ != BodyPart::none) {
        const std::size_t part = read_part(bytes.substr(used));
        if (part == 0) break;
        used += part;
    }
    if (phase_ == Phase::refused) return State::refused;
    if (used > 0) {  // the header stays where it is: views point to it
        std::memmove(buffer_.data() + header_size_, bytes.data() + used, bytes.size() - used);
        end_ -= used;
    }
    if (body_part_ == BodyPart::none) {
        request_.body = body_;
        phase_ = Phase::complete;
        return State::complete;
    }
    if (!told_to_continue_ && body_.empty() && end_ == header_size_) {
        const auto expect = request_.header("Expect");
        told_to_continue_ = true;
        if (expect && equal_ignoring_case(*expect, "100-continue") && !is_http_1_0_) return State::wants_continue;
    }
    return State::needs_more;
}

void RequestReader::next() {
    VT_ASSERT(phase_ == Phase::complete);
    std::memmove(buffer_.data(), buffer_.data() + header_size_, end_ - header_size_);
    end_ -= header_size_;
    line_start_ = scanned_ = line_count_ = header_size_ = 0;
    phase_ = Phase::header;
    told_to_continue_ = false;
    request_ = {};
    host_ = {};
}

bool is_allowed_host(std::string_view host, const std::vector<std::string>& allowed) {
    const std::string_view name = without_port(host);
    return std::ranges::any_of(allowed, [&](const std::string& each) { return equal_ignoring_case(each, name); });
}

bool is_same_origin(std::string_view origin, std::string_view host) {
    const std::size_t colon = origin.find("://");
    return colon != std::string_view::npos && equal_ignoring_case(origin.substr(colon + 3), host);
}

}  // namespace vt::net::detail
