#include "net/http_client.hpp"

#include "net/detail/stream.hpp"
#include "net/detail/tls_context.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <deque>
#include <map>

namespace vt::net {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using detail::error_code;
using detail::kAwait;
using detail::Stream;
using detail::Task;

namespace {

/// One call from send() to its callback.
struct Pending {
    HttpCall call;
    Url url;
    HttpClient::Callback callback;
    std::shared_ptr<Stream> stream;  // while it is on the wire
    TimerId timer{};
    bool is_done = false;
};
using PendingPtr = std::shared_ptr<Pending>;

/// A connection that waits for the next request to its host.
struct Idle {
    std::shared_ptr<Stream> stream;
    detail::SteadyTime since;
};

struct Host {
    std::vector<Idle> idle;
    std::deque<PendingPtr> waiting;
    std::size_t busy = 0;
};

/// How one exchange over one connection ended.
struct Outcome {
    Result<HttpResponse> response;
    bool is_reusable = false;
    bool had_no_answer = false;  ///< cut before the first byte of an answer
};

std::string request_text(const Pending& pending) {
    std::string out;
    out += name(pending.call.method);
    out += ' ';
    out += pending.url.target;
    out += " HTTP/1.1\r\nHost: ";
    out += pending.url.authority();
    out += "\r\nUser-Agent: virtuoso\r\nAccept-Encoding: identity\r\n";
    for (const HttpHeader& each : pending.call.headers) out += each.name + ": " + each.value + "\r\n";
    if (!pending.call.body.empty() || pending.call.method == Method::post || pending.call.method == Method::put) {
        out += "Content-Length: " + std::to_string(pending.call.body.size()) + "\r\n";
    }
    out += "\r\n";
    out += pending.call.body;
    return out;
}

bool holds_line_end(const std::vector<HttpHeader>& headers) {
    constexpr std::string_view kLineEnds("\r\n\0", 3);
    return std::ranges::any_of(headers, [&](const HttpHeader& each) {
        return each.name.find_first_of(kLineEnds) != std::string::npos ||
               each.value.find_first_of(kLineEnds) != std::string::npos;
    });
}

/// The answer as a value, or why it cannot be used.
Result<HttpResponse> converted(http::response<http::string_body>&& message, Timestamp received) {
    HttpResponse response{.status = static_cast<int>(message.result_int()), .received = received};
    for (const auto& field : message) {
        response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    const auto encoding = response.header("Content-Encoding");
    if (encoding && !equal_ignoring_case(*encoding, "identity")) {
        return fail(Errc::unsupported,
                    "the body is compressed (" + std::string(*encoding) + ") although it must not be");
    }
    const auto transfer = response.header("Transfer-Encoding");
    if (transfer && !equal_ignoring_case(*transfer, "chunked")) {
        return fail(Errc::malformed, "Transfer-Encoding \"" + std::string(*transfer) + "\" is not chunked");
    }
    response.body = std::move(message.body());
    return response;
}

tl::unexpected<Error> read_failed(error_code problem, const Pending& pending) {
    const std::string where = "answer of " + pending.url.host + ": ";
    if (problem == http::error::body_limit) {
        return fail(Errc::out_of_range,
                    where + "the body is longer than " + std::to_string(pending.call.max_body_bytes) + " bytes");
    }
    const bool is_format = problem.category() == http::make_error_code(http::error::end_of_stream).category();
    const bool is_cut = problem == http::error::end_of_stream || problem == http::error::partial_message;
    return fail(is_format && !is_cut ? Errc::malformed : Errc::unavailable, where + problem.message());
}

/// Writes the request and reads the whole answer. A free coroutine: `pending` and `stream` are held by its frame.
Task<Outcome> exchange(PendingPtr pending, std::shared_ptr<Stream> stream) {
    const std::string request = request_text(*pending);
    auto [write_problem, written] =
        co_await detail::asio::async_write(*stream, detail::asio::buffer(request), kAwait);
    if (write_problem) {
        co_return Outcome{
            .response = fail(Errc::unavailable, "request to " + pending->url.host + ": " + write_problem.message()),
            .had_no_answer = true};
    }
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(pending->call.max_body_bytes);
    parser.header_limit(64U << 10U);
    auto [problem, count] = co_await http::async_read(*stream, buffer, parser, kAwait);
    if (problem) {
        const bool had_no_answer = !parser.got_some() && problem != http::error::body_limit;
        co_return Outcome{.response = read_failed(problem, *pending), .had_no_answer = had_no_answer};
    }
    const bool is_reusable = parser.keep_alive() && buffer.size() == 0;
    co_return Outcome{.response = converted(parser.release(), stream->received()), .is_reusable = is_reusable};
}

}  // namespace

struct HttpClient::Impl {
    using Self = std::shared_ptr<Impl>;
    Impl(Loop& loop_, HttpClientParams params_) : loop(loop_), params(std::move(params_)) {}

    Loop& loop;
    HttpClientParams params;
    std::map<std::string, Host> hosts;  // by scheme://authority
    std::vector<PendingPtr> calls;      // every call whose callback is still to come
    std::size_t queued = 0;
    TimerId sweep{};
    bool is_sweeping = false;
    bool is_dropped = false;

    static std::string key_of(const Url& url) { return url.scheme + "://" + url.authority(); }

    void finish(const PendingPtr& pending, Result<HttpResponse> result) {
        if (pending->is_done) return;
        pending->is_done = true;
        loop.cancel(pending->timer);
        std::erase(calls, pending);
        if (pending->stream) pending->stream->close();
        detail::guarded(loop.impl(), "HTTP callback", [&] { pending->callback(std::move(result)); });
    }

    /// A kept connection to the host, the youngest first, that the other side has not closed meanwhile.
    std::shared_ptr<Stream> take_idle(Host& host) {
        while (!host.idle.empty()) {
            auto stream = std::move(host.idle.back().stream);
            host.idle.pop_back();
            error_code problem;
            const bool is_quiet = stream->socket().available(problem) == 0 && !problem;
            char probe = 0;
            stream->socket().non_blocking(true, problem);
            stream->socket().receive(boost::asio::buffer(&probe, 1), boost::asio::socket_base::message_peek, problem);
            if (is_quiet && problem == boost::asio::error::would_block) return stream;
            stream->close();
        }
        return nullptr;
    }

    static void start_waiting(const Self& self, const std::string& key) {
        Host& host = self->hosts[key];
        while (!host.waiting.empty() && host.busy < self->params.connections_per_host) {
            PendingPtr pending = std::move(host.waiting.front());
            host.waiting.pop_front();
            --self->queued;
            if (pending->is_done) continue;
            ++host.busy;
            detail::spawn(self->loop.impl(), "HTTP client", run(self, std::move(pending)));
        }
    }

    static Task<void> run(Self self, PendingPtr pending) {
        const std::string key = key_of(pending->url);
        std::shared_ptr<Stream> stream = self->take_idle(self->hosts[key]);
        bool is_fresh = stream == nullptr;
        Outcome outcome{.response = fail(Errc::unavailable, "not tried")};
        while (!pending->is_done) {
            if (is_fresh) {
                const auto tls = pending->url.is_secure() ? self->params.tls->impl() : nullptr;
                stream = std::make_shared<Stream>(detail::Socket(self->loop.impl().context), tls);
            }
            pending->stream = stream;
            if (is_fresh) {
                const TimerId limit = self->loop.after(self->params.connect_timeout, [stream] { stream->close(); });
                const Result<void> connected = co_await stream->connect(
                    pending->url, self->params.route, *self->loop.impl().names, self->params.may_connect);
                self->loop.cancel(limit);
                if (!connected) {
                    outcome = {.response = tl::unexpected<Error>(connected.error())};
                    break;
                }
                if (pending->is_done) break;
            }
            outcome = co_await exchange(pending, stream);
            if (is_fresh || !outcome.had_no_answer || pending->call.method != Method::get) break;
            is_fresh = true;  // the kept connection was dead: once more on a new one
        }
        pending->stream.reset();
        if (outcome.is_reusable && !self->is_dropped && !stream->is_closed()) {
            self->hosts[key].idle.push_back({stream, detail::steady_now()});
            schedule_sweep(self);
        } else if (stream) {
            stream->close();
        }
        --self->hosts[key].busy;
        self->finish(pending, std::move(outcome.response));
        if (!self->is_dropped) start_waiting(self, key);
    }

    /// Drops idle connections when their time is over; runs only while there are some.
    static void schedule_sweep(const Self& self) {
        if (self->is_sweeping) return;
        self->is_sweeping = true;
        self->sweep = self->loop.after(std::chrono::seconds{1}, [self] {
            self->is_sweeping = false;
            const auto limit = detail::steady_now() - self->params.keep_alive;
            bool has_idle = false;
            for (auto& [key, host] : self->hosts) {
                std::erase_if(host.idle, [&](const Idle& idle) { return idle.since < limit; });
                has_idle = has_idle || !host.idle.empty();
            }
            std::erase_if(self->hosts, [](const auto& entry) {
                return entry.second.idle.empty() && entry.second.waiting.empty() && entry.second.busy == 0;
            });
            if (has_idle) schedule_sweep(self);
        });
    }

    [[nodiscard]] Result<Url> usable_url(const HttpCall& call) const {
        Result<Url> url = parse_url(call.url);
        if (!url) return url;
        if (url->scheme != "http" && url->scheme != "https") {
            return fail(Errc::malformed, "address \"" + call.url + "\" must begin with http:// or https://");
        }
        if (url->is_secure() && !params.tls) return fail(Errc::configuration, call.url + " needs a TLS context");
        if (holds_line_end(call.headers)) return fail(Errc::malformed, "a request header holds a line end");
        if (queued >= params.max_queued) return fail(Errc::refused, "too many HTTP requests are waiting");
        return url;
    }
};

HttpClient::HttpClient(Loop& loop, HttpClientParams params)
    : impl_(std::make_shared<Impl>(loop, std::move(params))) {}

HttpClient::~HttpClient() {
    impl_->is_dropped = true;
    impl_->loop.cancel(impl_->sweep);
    for (const PendingPtr& pending : impl_->calls) {
        pending->is_done = true;
        impl_->loop.cancel(pending->timer);
        if (pending->stream) pending->stream->close();
    }
    for (auto& [key, host] : impl_->hosts) {
        host.waiting.clear();
        for (const Idle& idle : host.idle) idle.stream->close();
        host.idle.clear();
    }
}

void HttpClient::send(HttpCall call, Callback callback) {
    Result<Url> url = impl_->usable_url(call);
    auto pending = std::make_shared<Pending>();
    pending->call = std::move(call);
    pending->callback = std::move(callback);
    impl_->calls.push_back(pending);
    if (!url) {
        impl_->loop.post([impl = impl_, pending, error = std::move(url.error())] {
            impl->finish(pending, tl::unexpected<Error>(error));
        });
        return;
    }
    pending->url = std::move(*url);
    pending->timer = impl_->loop.after(pending->call.timeout, [impl = impl_, pending] {
        impl->finish(pending,
                     fail(Errc::unavailable, "no answer of " + pending->url.host + " within the time limit"));
    });
    const std::string key = Impl::key_of(pending->url);
    impl_->hosts[key].waiting.push_back(std::move(pending));
    ++impl_->queued;
    impl_->loop.post([impl = impl_, key] {
        if (!impl->is_dropped) Impl::start_waiting(impl, key);
    });
}

std::size_t HttpClient::open_connections() const {
    std::size_t count = 0;
    for (const auto& [key, host] : impl_->hosts) count += host.idle.size() + host.busy;
    return count;
}

}  // namespace vt::net
