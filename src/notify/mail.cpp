#include "notify/mail.hpp"

#include "base/assert.hpp"
#include "base/whole_number.hpp"
#include "net/ip_address.hpp"
#include "notify/public_address.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>
#include <string_view>

namespace vt::notify {
namespace {

constexpr std::size_t kReplyMax = 512;
constexpr Nanos kGoodbye = std::chrono::seconds{2};

using SteadyTime = std::chrono::steady_clock::time_point;

/// What the callbacks of one transfer see and leave behind.
struct Transfer {
    std::string_view message;
    std::size_t read = 0;
    bool is_all_read = false;
    bool allow_private = false;
    const std::atomic<bool>* is_stopping = nullptr;
    SteadyTime end;                ///< no reply is waited for beyond it
    std::string refused_address;   ///< the last one that may not be connected to
    std::string refusal;           ///< the last reply of 400 or more
    bool is_refusal_last = false;  ///< nothing but the goodbye came after it
    std::string verdict;           ///< the reply to the whole mail
};

std::size_t give_message(char* buffer, std::size_t size, std::size_t count, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    const std::size_t part = std::min(size * count, transfer.message.size() - transfer.read);
    std::memcpy(buffer, transfer.message.data() + transfer.read, part);
    transfer.read += part;
    transfer.is_all_read = transfer.is_all_read || transfer.read == transfer.message.size();
    return part;
}

std::size_t take_reply(char* line, std::size_t size, std::size_t count, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    std::string_view text(line, size * count);
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    const bool is_last = text.size() < 4 || text[3] != '-';
    if (text.starts_with('4') || text.starts_with('5')) {
        transfer.refusal = text.substr(0, kReplyMax);
        transfer.is_refusal_last = true;
    } else if (!text.starts_with("221")) {
        transfer.is_refusal_last = false;  // of a recipient of several, or of a greeting that has an older form
    }
    if (is_last && transfer.is_all_read && transfer.verdict.empty()) {
        transfer.verdict = text.substr(0, kReplyMax);
        transfer.end = std::min(transfer.end, std::chrono::steady_clock::now() + kGoodbye);
    }
    return size * count;
}

curl_socket_t open_vetted(void* context, curlsocktype purpose, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(context);
    if (purpose == CURLSOCKTYPE_IPCXN && !transfer.allow_private) {
        net::IpAddress plain;
        if (address->family == AF_INET) {
            sockaddr_in v4{};
            std::memcpy(&v4, &address->addr, sizeof(v4));
            std::memcpy(plain.bytes.data(), &v4.sin_addr, 4);
        } else if (address->family == AF_INET6) {
            sockaddr_in6 v6{};
            std::memcpy(&v6, &address->addr, std::min<std::size_t>(address->addrlen, sizeof(v6)));
            std::memcpy(plain.bytes.data(), &v6.sin6_addr, 16);
            plain.is_v6 = true;
        } else {
            return CURL_SOCKET_BAD;
        }
        if (!is_public(plain)) {
            transfer.refused_address = net::to_text(plain);
            return CURL_SOCKET_BAD;
        }
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int go_on(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto& transfer = *static_cast<Transfer*>(context);
    return transfer.is_stopping->load() || std::chrono::steady_clock::now() > transfer.end ? 1 : 0;
}

struct Freed {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Freed>;
using List = std::unique_ptr<curl_slist, Freed>;

/// Every option here is one that this library has: a no is a mistake of this program, and none may be skipped.
template <class Value>
void set(const Handle& handle, CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(handle.get(), option, value);
    VT_ASSERT(code == CURLE_OK);
}

long milliseconds(Nanos span) {
    return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(span).count());
}

void set_security(const Handle& handle, const MailJob& job, MailTls tls) {
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (tls != MailTls::none) set(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    if (!job.authorities_pem.empty()) {
        curl_blob blob{.data = const_cast<char*>(job.authorities_pem.data()),
                       .len = job.authorities_pem.size(),
                       .flags = CURL_BLOB_COPY};
        set(handle, CURLOPT_CAINFO_BLOB, &blob);
        set(handle, CURLOPT_CAPATH, static_cast<char*>(nullptr));
    } else if (!job.authorities_file.empty()) {
        set(handle, CURLOPT_CAINFO, job.authorities_file.c_str());
        set(handle, CURLOPT_CAPATH, static_cast<char*>(nullptr));
    }
}

void set_route(const Handle& handle, const net::Route& route) {
    if (!route.local_address.empty()) {
        set(handle, CURLOPT_INTERFACE, ("host!" + route.local_address).c_str());
    }
    if (!route.proxy) {
        set(handle, CURLOPT_PROXY, "");  // not the one of the environment
        return;
    }
    const net::Proxy& proxy = *route.proxy;
    const bool is_http = proxy.kind == net::ProxyKind::http_connect;
    set(handle, CURLOPT_PROXY, proxy.host.c_str());
    set(handle, CURLOPT_PROXYPORT, static_cast<long>(proxy.port));
    set(handle, CURLOPT_PROXYTYPE, static_cast<long>(is_http ? CURLPROXY_HTTP : CURLPROXY_SOCKS5_HOSTNAME));
    set(handle, CURLOPT_HTTPPROXYTUNNEL, 1L);
    set(handle, CURLOPT_NOPROXY, "");
    if (proxy.user.empty()) return;
    set(handle, CURLOPT_PROXYUSERNAME, proxy.user.c_str());
    set(handle, CURLOPT_PROXYPASSWORD, proxy.password.c_str());
}

std::string url_of(const EmailTarget& target) {
    const std::string host = target.host.find(':') == std::string::npos ? target.host : "[" + target.host + "]";
    // Behind the slash: the name that the server is greeted with; else it would be this machine's.
    return (target.tls == MailTls::tls ? "smtps://" : "smtp://") + host + ":" + std::to_string(target.port) + "/" +
           target.from.substr(target.from.find('@') + 1);
}

/// The number at the beginning of a reply; 0: there is none.
int code_of(std::string_view reply) { return whole_number<int>(reply.substr(0, 3)).value_or(0); }

/// What came of it, where the server's last reply is not what decides.
Outcome failed(CURLcode code, const Transfer& transfer, const EmailTarget& target, std::string_view said) {
    const std::string where = "mail server " + target.host + ":" + std::to_string(target.port);
    if (!transfer.refused_address.empty() && code != CURLE_OPERATION_TIMEDOUT) {
        return {.fate = Fate::refused,
                .problem = where + " is at an address that is not on the public internet: " +
                           transfer.refused_address + "; set allow_private if the machine is yours"};
    }
    const bool is_no_tls = code == CURLE_USE_SSL_FAILED && !transfer.refusal.starts_with('4');
    if (is_no_tls) {
        return {.fate = Fate::refused,
                .problem = where +
                           " offers no STARTTLS, and without TLS nothing is sent; use tls with its port, "
                           "usually 465, or another server"};
    }
    Outcome outcome{.may_have_arrived = transfer.is_all_read};
    outcome.problem = where + ": " + (said.empty() ? curl_easy_strerror(code) : std::string(said));
    if (code == CURLE_PEER_FAILED_VERIFICATION) outcome.problem += "; its certificate is not accepted";
    return outcome;
}

}  // namespace

Outcome send_mail(const MailJob& job, const std::atomic<bool>& is_stopping) {
    static std::once_flag once;
    std::call_once(once, [] { VT_ASSERT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
    const auto& target = std::get<EmailTarget>(job.channel->target);
    Transfer transfer{.message = job.message,
                      .allow_private = job.channel->allow_private || job.route.proxy.has_value(),
                      .is_stopping = &is_stopping,
                      .end = std::chrono::steady_clock::now() + job.timeout + kGoodbye};
    std::array<char, CURL_ERROR_SIZE> said{};
    List recipients;
    for (const std::string& each : target.to) {
        recipients.reset(curl_slist_append(recipients.release(), ("<" + each + ">").c_str()));
        VT_ASSERT(recipients != nullptr);
    }
    const Handle handle(curl_easy_init());
    VT_ASSERT(handle != nullptr);
    set(handle, CURLOPT_URL, url_of(target).c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set_security(handle, job, target.tls);
    set_route(handle, job.route);
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_FORBID_REUSE, 1L);  // the goodbye is then part of the transfer, and of its limits
    set(handle, CURLOPT_QUICK_EXIT, 1L);    // a resolver that hangs is left behind
    set(handle, CURLOPT_ERRORBUFFER, said.data());
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(job.connect_timeout));
    set(handle, CURLOPT_TIMEOUT_MS, milliseconds(job.timeout));
    set(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(milliseconds(job.timeout) / 1000 + 1));
    set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_vetted);
    set(handle, CURLOPT_OPENSOCKETDATA, &transfer);
    set(handle, CURLOPT_XFERINFOFUNCTION, &go_on);
    set(handle, CURLOPT_XFERINFODATA, &transfer);
    set(handle, CURLOPT_NOPROGRESS, 0L);
    set(handle, CURLOPT_HEADERFUNCTION, &take_reply);
    set(handle, CURLOPT_HEADERDATA, &transfer);
    set(handle, CURLOPT_READFUNCTION, &give_message);
    set(handle, CURLOPT_READDATA, &transfer);
    set(handle, CURLOPT_UPLOAD, 1L);
    set(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(job.message.size()));
    set(handle, CURLOPT_MAIL_FROM, ("<" + target.from + ">").c_str());
    set(handle, CURLOPT_MAIL_RCPT, recipients.get());
    set(handle, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    if (!target.user.empty()) {
        set(handle, CURLOPT_USERNAME, target.user.c_str());
        set(handle, CURLOPT_PASSWORD, std::string(target.password.reveal()).c_str());
    }
    const CURLcode code = curl_easy_perform(handle.get());
    if (transfer.verdict.starts_with('2')) {
        Outcome outcome = read_mail_reply(code_of(transfer.verdict), transfer.verdict, true);
        if (!transfer.refusal.empty()) outcome.problem = "a recipient was refused: " + transfer.refusal;
        return outcome;
    }
    if (transfer.is_refusal_last && code != CURLE_USE_SSL_FAILED)
        return read_mail_reply(code_of(transfer.refusal), transfer.refusal, false);
    return failed(code, transfer, target, said.data());
}

}  // namespace vt::notify
