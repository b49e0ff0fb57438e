#include "notify/sender.hpp"

#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "notify/mail.hpp"
#include "notify/message.hpp"
#include "notify/public_address.hpp"

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace vt::notify {
namespace {

/// A connection for every channel that may share a host: one that hangs holds up no other.
constexpr std::size_t kConnectionsPerHost = 256;

net::HttpClientParams client_params(const SenderParams& params, const net::TlsContext& tls, bool allow_private) {
    return {.tls = tls,
            .connections_per_host = kConnectionsPerHost,
            .route = params.route,
            .connect_timeout = params.connect_timeout,
            .may_connect = allow_private ? net::AddressFilter{} : net::AddressFilter{&is_public}};
}

}  // namespace

struct Sender::Impl {
    Impl(net::Loop& on, SenderParams with, const net::TlsContext& tls)
        : loop(on),
          params(std::move(with)),
          vetted(on, client_params(params, tls, false)),
          unvetted(on, client_params(params, tls, true)) {}

    /// What came of a delivery. The caller hears of it last: it may destroy the sender.
    void finish(const std::string& name, const Channel& channel, Outcome outcome, const Callback& callback) {
        busy.erase(name);
        outcome.problem = without_secrets(std::move(outcome.problem), channel);
        outcome.receipt = without_secrets(std::move(outcome.receipt), channel);
        callback(std::move(outcome));
    }

    void send_by_http(const std::shared_ptr<const Channel>& channel, std::span<const alerts::Alert> alerts,
                      const std::vector<Attachment>& attachments, Callback callback) {
        net::HttpCall call = request_of(*channel, alerts, attachments, net::wall_now(), params.origins);
        call.timeout = attachments.empty() ? params.timeout : params.upload_timeout;
        // Of two clients, so that a vetted channel never travels over a kept connection that nobody vetted.
        net::HttpClient& client = channel->allow_private ? unvetted : vetted;
        client.send(std::move(call),
                    [this, channel, callback = std::move(callback)](const Result<net::HttpResponse>& answer) {
                        finish(channel->name, *channel, read_answer(channel->kind(), answer), callback);
                    });
    }

    static void send_by_mail(const std::shared_ptr<Impl>& self, const std::shared_ptr<const Channel>& channel,
                             const alerts::Alert& alert, const std::vector<Attachment>& attachments,
                             Callback callback) {
        MailJob job{
            .channel = channel,
            .message = email_message(alert, attachments, std::get<EmailTarget>(channel->target), net::wall_now()),
            .authorities_pem = self->params.authorities_pem,
            .authorities_file = self->params.authorities_file,
            .route = self->params.route,
            .connect_timeout = self->params.connect_timeout,
            .timeout = self->params.mail_timeout};
        // The thread holds no share of the sender, which joins it when it goes.
        self->mails[channel->name] =
            std::thread([&loop = self->loop, &stop = self->is_stopping, weak = std::weak_ptr<Impl>(self),
                         job = std::move(job), callback = std::move(callback)]() mutable {
                Outcome outcome = send_mail(job, stop);
                loop.post([weak = std::move(weak), channel = job.channel, outcome = std::move(outcome),
                           callback = std::move(callback)] {
                    const auto impl = weak.lock();
                    if (!impl || impl->is_stopping) return;
                    const auto mail = impl->mails.find(channel->name);
                    mail->second.join();
                    impl->mails.erase(mail);
                    impl->finish(channel->name, *channel, outcome, callback);
                });
            });
    }

    net::Loop& loop;
    SenderParams params;
    net::HttpClient vetted;
    net::HttpClient unvetted;
    std::set<std::string, std::less<>> busy;   // names of channels
    std::map<std::string, std::thread> mails;  // by the channel's name
    std::atomic<bool> is_stopping = false;
};

Result<std::unique_ptr<Sender>> Sender::make(net::Loop& loop, SenderParams params) {
    VT_TRY(const net::TlsContext tls, net::TlsContext::client({.authorities_pem = params.authorities_pem,
                                                               .authorities_file = params.authorities_file}));
    return std::unique_ptr<Sender>(new Sender(std::make_shared<Impl>(loop, std::move(params), tls)));
}

Sender::Sender(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Sender::~Sender() {
    impl_->is_stopping = true;
    for (auto& [name, thread] : impl_->mails) thread.join();
    impl_->mails.clear();
}

Result<void> Sender::send(const std::shared_ptr<const Channel>& channel, std::span<const alerts::Alert> alerts,
                          std::vector<Attachment> attachments, Callback callback) {
    const std::size_t most = alerts_in_message(channel->kind());
    if (alerts.empty() || alerts.size() > most) {
        return fail(Errc::out_of_range, "a message of a " + std::string(notify::name(channel->kind())) +
                                            " channel holds 1 to " + std::to_string(most) + " alerts, not " +
                                            std::to_string(alerts.size()));
    }
    if (impl_->busy.contains(channel->name))
        return fail(Errc::in_use, "something is under way to channel \"" + channel->name + "\"");
    const bool is_mail = channel->kind() == ChannelKind::email;
    if (is_mail && impl_->mails.size() >= impl_->params.mails_max)
        return fail(Errc::in_use, std::to_string(impl_->mails.size()) + " mails are under way already");
    impl_->busy.insert(channel->name);
    const std::vector<Attachment> sent = sendable(std::move(attachments));
    if (is_mail) {
        Impl::send_by_mail(impl_, channel, alerts.front(), sent, std::move(callback));
    } else {
        impl_->send_by_http(channel, alerts, sent, std::move(callback));
    }
    return {};
}

bool Sender::is_busy(std::string_view channel) const { return impl_->busy.contains(channel); }

}  // namespace vt::notify
