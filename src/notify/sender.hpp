#pragma once

#include "alerts/alert.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "net/loop.hpp"
#include "net/proxy.hpp"
#include "notify/answer.hpp"
#include "notify/attachment.hpp"
#include "notify/channel.hpp"
#include "notify/request.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::notify {

struct SenderParams {
    std::string authorities_pem = {};   ///< trust these and only these; empty: see authorities_file
    std::string authorities_file = {};  ///< a PEM file, trusted alone; empty: the system's authorities
    net::Route route = {};
    Origins origins = {};
    Nanos connect_timeout = std::chrono::seconds{5};  ///< name, connection, proxy and TLS together
    Nanos timeout = std::chrono::seconds{5};          ///< from the call to the answer's last byte
    Nanos upload_timeout = std::chrono::seconds{20};  ///< the same, with attachments
    Nanos mail_timeout = std::chrono::seconds{30};    ///< a mail server may look at a mail for long
    std::size_t mails_max = 16;                       ///< under way at once, each on a thread of its own
};

/// Carries alerts to channels, each once: what is sent when, and again, is the caller's. HTTP on the loop, mail on
/// threads of its own; no channel waits for another. Redirects are not followed, no answer is read beyond 64 KB, and
/// an address is vetted as it is connected to, unless its channel allows private ones. With a proxy the proxy
/// resolves names, and its rules decide where they lead; a host that is an address is vetted here all the same.
/// All calls and callbacks on the loop's thread. Destroying it drops what is under way, without a callback; a mail is
/// then broken off within about a second.
class Sender {
public:
    using Callback = std::function<void(Outcome)>;

    /// errors: configuration (authorities)
    [[nodiscard]] static Result<std::unique_ptr<Sender>> make(net::Loop& loop, SenderParams params);
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    /// in:     alerts: 1 to alerts_in_message(); attachments: what does not fit is left out, see sendable();
    ///         callback: called once, never inside this call; may destroy the sender
    /// errors: in_use (something is under way to a channel of this name; too many mails are), out_of_range (alerts);
    ///         the callback is then not called
    [[nodiscard]] Result<void> send(const std::shared_ptr<const Channel>& channel,
                                    std::span<const alerts::Alert> alerts, std::vector<Attachment> attachments,
                                    Callback callback);
    /// Something is under way to the channel of this name.
    [[nodiscard]] bool is_busy(std::string_view channel) const;

private:
    struct Impl;
    explicit Sender(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace vt::notify
