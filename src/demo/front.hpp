#pragma once

// What the fronts of all venues share: what is asked of them, and what they want done.

#include "base/strong.hpp"
#include "base/time.hpp"
#include "net/http_message.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::demo {

struct RestAnswer {
    int status = 200;  ///< 0: no answer, the connection breaks
    std::string content_type = "application/json";
    std::string body;
    std::vector<net::HttpHeader> headers = {};
    Nanos delay{0};  ///< how much later it is sent
};
[[nodiscard]] RestAnswer plain_answer(int status, std::string_view text);

/// A GET as a front sees it. Views are valid during the call.
struct FrontRequest {
    std::string_view address;  ///< who asks
    std::string_view path;
    std::string_view query = {};
    std::span<const net::HeaderView> headers = {};

    [[nodiscard]] std::string_view header(std::string_view name) const;  ///< empty when absent
};

/// A longer message of a client is answered as no JSON.
inline constexpr std::size_t kMaxMessageBytes = 64 << 10;

using SessionId = Strong<struct SessionIdTag, std::uint32_t>;

/// What a front wants done to a connection.
struct SessionSend {
    SessionId session;
    std::shared_ptr<const std::string> text;  ///< shared by all who receive it
};
struct SessionDrop {
    SessionId session;
    std::string reason;
};
/// A protocol ping. Its pong is to be handed to the front.
struct SessionPing {
    SessionId session;
    std::string payload;
};
using FrontAction = std::variant<SessionSend, SessionDrop, SessionPing>;

/// Something counted for each address that asks, for a thousand of them; further ones share one count.
template <class Counts>
class PerAddress {
public:
    Counts& operator[](std::string_view address) {
        const auto found = counts_.find(address);
        if (found != counts_.end()) return found->second;
        return counts_[counts_.size() < kMaxAddresses ? std::string(address) : std::string("others")];
    }

private:
    static constexpr std::size_t kMaxAddresses = 1024;
    std::map<std::string, Counts, std::less<>> counts_;
};

/// At most `most` within `window`, which rolls.
class RollingCount {
public:
    /// out: whether one more fits; it is counted then
    bool take(Timestamp now, Nanos window, std::size_t most) {
        while (!times_.empty() && times_.front() <= now - window) times_.pop_front();
        if (times_.size() >= most) return false;
        times_.push_back(now);
        return true;
    }
    void clear() { times_.clear(); }

private:
    std::deque<Timestamp> times_;
};

}  // namespace vt::demo
