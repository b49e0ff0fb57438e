#include "load/run.hpp"

#include "net/blocking_call.hpp"
#include "net/http_client.hpp"
#include "net/loop.hpp"

#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>
#include <utility>

namespace vt::load {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Nanos kQuestionLimit = std::chrono::seconds{15};

Nanos own_cpu_time() {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return std::chrono::seconds{spent.tv_sec} + Nanos{spent.tv_nsec};
}

/// One run: sends what is due, and sleeps until the next is.
class Runner {
public:
    Runner(const std::string& base_url, const Plan& plan)
        : plan_(plan),
          open_loop_(plan),
          client_(loop_, {.connections_per_host = plan.connections, .max_queued = plan.connections}) {
        for (const std::string& path : plan.paths) urls_.push_back(base_url + path);
    }

    LoadRun run() {
        LoadRun out{.plan = plan_, .started_at = net::wall_now()};
        const Nanos cpu_before = own_cpu_time();
        start_ = Clock::now();
        send_due();
        wait_for_next();
        // Each request ends at its timeout at the latest; the rest is for the turns of the loop.
        (void)loop_.run_until([this] { return open_loop_.is_done(); },
                              plan_.length + plan_.timeout + std::chrono::seconds{5});
        out.taken = open_loop_.taken();
        out.cpu_time = own_cpu_time() - cpu_before;
        out.figures = open_loop_.figures();
        return out;
    }

private:
    [[nodiscard]] Nanos now() const { return Clock::now() - start_; }

    void send_due() {
        while (const auto request = open_loop_.take(now())) {
            client_.send({.url = urls_[request->path],
                          .headers = login_headers(plan_.token),
                          .timeout = std::max<Nanos>(plan_.timeout - (request->sent - request->planned),
                                                     std::chrono::milliseconds{1})},
                         [this, request = *request](const Result<net::HttpResponse>& answer) {
                             open_loop_.ended(request, now(), ending_of(request, answer));
                             send_due();
                         });
        }
    }

    void wait_for_next() {
        const auto due = open_loop_.next_due(now());
        if (!due) return;
        loop_.after(std::max(*due - now(), Nanos{0}), [this] {
            send_due();
            wait_for_next();
        });
    }

    [[nodiscard]] Ending ending_of(const OpenLoop::Request& request, const Result<net::HttpResponse>& answer) const {
        if (answer && answer->status == 200) return {.status = 200, .bytes = answer->body.size()};
        if (answer) return {.error = ErrorKind::status, .status = answer->status, .bytes = answer->body.size()};
        if (answer.error().code == Errc::unavailable && now() - request.planned >= plan_.timeout)
            return {.error = ErrorKind::timeout};
        return {.error = answer.error().code == Errc::unavailable ? ErrorKind::no_connection : ErrorKind::malformed};
    }

    const Plan& plan_;
    OpenLoop open_loop_;
    std::vector<std::string> urls_;
    Clock::time_point start_{};
    net::Loop loop_;
    net::HttpClient client_;  // after the loop, which must outlive it
};

Result<net::HttpResponse> ask(const std::string& url, const std::string& token) {
    return net::call_and_wait({.url = url, .headers = login_headers(token), .timeout = kQuestionLimit});
}

tl::unexpected<Error> not_this_program(const std::string& base_url, const std::string& why) {
    return fail(Errc::malformed, "what answers at " + base_url + " is not this program: " + why +
                                     "; give its address with --url or --port");
}

}  // namespace

double LoadRun::achieved_per_second() const {
    const double seconds = to_seconds(std::max(taken, plan.length));
    return seconds > 0 ? static_cast<double>(all().answered) / seconds : 0;
}

LoadRun run(const std::string& base_url, const Plan& plan) { return Runner(base_url, plan).run(); }

std::vector<net::HttpHeader> login_headers(const std::string& token) {
    if (token.empty()) return {};
    return {{"Authorization", "Bearer " + token}};
}

Result<Program> look_at(const std::string& base_url, const std::string& token) {
    auto health = ask(base_url + "/health", token);
    if (!health) {
        return fail(health.error().code,
                    "the program does not answer at " + base_url + ": " + health.error().what +
                        "; start it with `virtuoso run`, or give its address with --url or --port");
    }
    simdjson::dom::parser parser;
    Program out;
    std::string_view text;
    if (parser.parse(health->body)["version"].get(text) != simdjson::SUCCESS)
        return not_this_program(base_url, "/health names no version");
    out.version = text;
    if (parser.parse(health->body)["status"].get(text) == simdjson::SUCCESS) out.status = text;
    VT_TRY(const net::HttpResponse document, ask(base_url + "/openapi.json", token));
    simdjson::dom::object paths;
    if (parser.parse(document.body)["paths"].get(paths) != simdjson::SUCCESS)
        return not_this_program(base_url, "/openapi.json lists no paths");
    for (const auto& [path, methods] : paths) {
        if (path.find('{') != std::string_view::npos) continue;
        if (methods["get"].error() == simdjson::SUCCESS) out.routes.emplace_back(path);
    }
    return out;
}

Result<std::optional<Timestamp>> published_at(const std::string& base_url, const std::string& token) {
    VT_TRY(const net::HttpResponse answer, ask(base_url + "/api/market/internals", token));
    if (answer.status == 401 || answer.status == 403)
        return fail(Errc::refused, base_url + " wants to know who asks; " + std::string(kTokenRemedy));
    simdjson::dom::parser parser;
    std::int64_t at = 0;
    if (answer.status != 200 || parser.parse(answer.body)["timestamp"].get(at) != simdjson::SUCCESS)
        return std::nullopt;
    return from_ms(at);
}

}  // namespace vt::load
