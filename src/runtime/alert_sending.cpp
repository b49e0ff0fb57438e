#include "runtime/alert_sending.hpp"

#include "alerts/wording.hpp"
#include "config/alert_channels.hpp"
#include "notify/message.hpp"
#include "runtime/named_thread.hpp"

#include <utility>

namespace vt::runtime {
namespace {

alerts::Outcome outcome_of(notify::Outcome&& answer) {
    using Kind = alerts::Outcome::Kind;
    alerts::Outcome outcome{.may_have_arrived = answer.may_have_arrived,
                            .receipt = std::move(answer.receipt),
                            .after = answer.wait,
                            .problem = std::move(answer.problem)};
    switch (answer.fate) {
        case notify::Fate::delivered: outcome.kind = Kind::delivered; break;
        case notify::Fate::retry: outcome.kind = Kind::retry; break;
        case notify::Fate::refused: outcome.kind = Kind::refused; break;
    }
    return outcome;
}

/// As many alerts as the channel takes in one message, or all of them as one.
std::vector<alerts::Alert> alerts_for(const alerts::Message& message, const notify::Channel& channel) {
    if (message.alerts.size() > notify::alerts_in_message(channel.kind()))
        return {alerts::digest_of(message.alerts, message.key)};
    std::vector<alerts::Alert> each;
    for (const auto& alert : message.alerts) each.push_back(*alert);
    return each;
}

}  // namespace

Result<std::unique_ptr<AlertSending>> AlertSending::start(const config::Config& config) {
    VT_TRY(std::vector<notify::Channel> channels, config::alert_channels(config));
    std::unique_ptr<AlertSending> sending(new AlertSending());
    sending->terms_ = config::channel_terms(config, channels);
    for (notify::Channel& channel : channels) {
        std::string name = channel.name;
        sending->channels_.emplace(std::move(name), std::make_shared<const notify::Channel>(std::move(channel)));
    }
    notify::SenderParams params{.authorities_file = config.alerts.authorities_file};
    VT_TRY(params.route, config::route_of(config, "", ""));
    VT_TRY(sending->sender_, notify::Sender::make(sending->loop_, std::move(params)));
    sending->thread_ = named_thread("alert-sender", [raw = sending.get()] { raw->loop_.run(); });
    return sending;
}

AlertSending::~AlertSending() { stop(); }

void AlertSending::send(const alerts::Message& message, std::function<void(alerts::Outcome)> done) {
    loop_.post([this, message, done = std::move(done)] {
        const auto channel = channels_.find(message.channel);
        if (channel == channels_.end() || !sender_) return;
        const Result<void> sent =
            sender_->send(channel->second, alerts_for(message, *channel->second), {},
                          [done](notify::Outcome answer) { done(outcome_of(std::move(answer))); });
        if (!sent) done({.kind = alerts::Outcome::Kind::retry, .problem = sent.error().what});
    });
}

void AlertSending::stop() {
    if (!thread_.joinable()) return;
    loop_.post([this] {
        sender_.reset();
        loop_.stop();
    });
    thread_.join();
}

}  // namespace vt::runtime
