#include "load/sockets.hpp"

#include "net/loop.hpp"
#include "net/url.hpp"
#include "net/websocket_client.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

namespace vt::load {
namespace {

constexpr Nanos kOpeningLimit = std::chrono::seconds{30};  // behind the last that was begun
constexpr Nanos kPace = std::chrono::milliseconds{20};
constexpr std::size_t kHeadBytes = 256;  // of a message: its time stands before its data

Nanos cpu_time_so_far() {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return std::chrono::seconds{spent.tv_sec} + Nanos{spent.tv_nsec};
}

/// The time that a message says it was made at.
std::optional<Timestamp> time_in(std::string_view message) {
    constexpr std::string_view kName = "\"timestamp\":";
    const std::string_view head = message.substr(0, kHeadBytes);
    const std::size_t at = head.find(kName);
    if (at == std::string_view::npos) return std::nullopt;
    std::int64_t ms = 0;
    for (const char c : head.substr(at + kName.size())) {
        if (c < '0' || c > '9') break;
        ms = ms * 10 + (c - '0');
    }
    return from_ms(ms);
}

/// The n-th of the loopback addresses after 127.0.0.1.
std::string loopback_address(std::size_t n) {
    const std::size_t number = n + 2;
    return "127.0." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 1);
}

class Readers {
public:
    Readers(const std::string& base_url, const SocketPlan& plan) : plan_(plan) {
        url_ = (base_url.starts_with("https") ? "wss" : "ws") + base_url.substr(base_url.find(':')) + "/ws";
        const auto parsed = net::parse_url(url_);
        is_near_ = parsed && (parsed->host == "127.0.0.1" || parsed->host == "localhost");
        all_.resize(plan.sockets);
    }

    SocketRun run() {
        open_more();
        const Nanos opening = std::chrono::nanoseconds{std::chrono::seconds{plan_.sockets}} /
                              static_cast<std::int64_t>(std::max<std::size_t>(plan_.opened_per_second, 1));
        (void)loop_.run_until([this] { return began_ == all_.size() && under_way_ == 0; }, opening + kOpeningLimit);
        is_measuring_ = true;
        const Nanos cpu_before = cpu_time_so_far();
        const Timestamp start = net::wall_now();
        (void)loop_.run_until([] { return false; }, plan_.length);
        is_measuring_ = false;
        found_.taken = net::wall_now() - start;
        found_.cpu_time = cpu_time_so_far() - cpu_before;
        found_.open_at_end = static_cast<std::size_t>(std::ranges::count_if(
            all_, [](const Reader& reader) { return reader.socket && reader.socket->is_open(); }));
        all_.clear();
        return std::move(found_);
    }

private:
    struct Reader {
        std::unique_ptr<net::WebSocketClient> socket;
        Timestamp began;
        bool has_picture = false;
    };

    void open_more() {
        const double each = static_cast<double>(plan_.opened_per_second) * to_seconds(kPace);
        due_ += each;
        while (due_ >= 1 && began_ < all_.size()) {
            due_ -= 1;
            open(began_++);
        }
        if (began_ < all_.size()) loop_.after(kPace, [this] { open_more(); });
    }

    void open(std::size_t n) {
        Reader& reader = all_[n];
        ++under_way_;
        net::WebSocketClientParams params{.url = url_};
        params.handshake_timeout = kOpeningLimit;
        if (is_near_) params.route.local_address = loopback_address(n / plan_.sockets_per_address);
        if (!plan_.token.empty()) params.headers.push_back({"Authorization", "Bearer " + plan_.token});
        reader.began = net::wall_now();
        reader.socket = std::make_unique<net::WebSocketClient>(
            loop_, std::move(params),
            net::WebSocketClientCallbacks{
                .on_open =
                    [this, n] {
                        (void)all_[n].socket->send(R"({"op":"subscribe","topics":[")" + plan_.topic + R"("]})");
                    },
                .on_text = [this, n](std::string_view text, Timestamp received) { take(all_[n], text, received); },
                .on_close =
                    [this, n](const net::CloseReason& reason) {
                        if (!all_[n].has_picture) --under_way_;
                        ++found_.closings[reason.text.empty() ? "closed" : reason.text];
                    }});
        reader.socket->connect();
    }

    void take(Reader& reader, std::string_view text, Timestamp received) {
        if (!reader.has_picture) {
            if (text.find("\"type\":\"snapshot\"") == std::string_view::npos) return;  // the hello
            reader.has_picture = true;
            --under_way_;
            ++found_.opened;
            found_.opening.add(received - reader.began);
            return;
        }
        if (!is_measuring_) return;
        ++found_.messages;
        found_.bytes += text.size();
        if (const auto made = time_in(text)) found_.delivery.add(std::max(received - *made, Nanos{0}));
    }

    const SocketPlan& plan_;
    std::string url_;
    bool is_near_ = false;
    bool is_measuring_ = false;
    std::size_t began_ = 0;
    std::size_t under_way_ = 0;
    double due_ = 0;
    SocketRun found_;
    net::Loop loop_;
    std::vector<Reader> all_;  // after the loop, which must outlive them
};

}  // namespace

SocketRun follow(const std::string& base_url, const SocketPlan& plan) { return Readers(base_url, plan).run(); }

}  // namespace vt::load
