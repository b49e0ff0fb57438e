#pragma once

#include "base/time.hpp"
#include "net/proxy.hpp"
#include "notify/answer.hpp"
#include "notify/channel.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace vt::notify {

/// All that it takes to hand one mail to a server; owns its texts, so that a thread can.
struct MailJob {
    std::shared_ptr<const Channel> channel;  ///< of the kind email
    std::string message;                     ///< as of email_message()
    std::string authorities_pem;             ///< trust these and only these; empty: see authorities_file
    std::string authorities_file;            ///< a PEM file, trusted alone; empty: the system's authorities
    net::Route route;
    Nanos connect_timeout{};
    Nanos timeout{};  ///< from the name to the server's word on the mail
};

/// Hands the mail to the server and says what came of it. Blocks, at most for the job's timeout and two seconds for
/// the goodbye; once `is_stopping`, for about a second. With TLS the certificate and the name in it are verified
/// before anything but the greeting is said; there is no way to verify nothing. Each address is vetted as it is
/// connected to, but for a proxy's, which resolves the name itself.
[[nodiscard]] Outcome send_mail(const MailJob& job, const std::atomic<bool>& is_stopping);

}  // namespace vt::notify
