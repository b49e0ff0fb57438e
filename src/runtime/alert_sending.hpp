#pragma once

#include "alerts/outbox.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "net/loop.hpp"
#include "notify/channel.hpp"
#include "notify/sender.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace vt::runtime {

/// Carries the outbox's messages to the configured channels: a loop and a thread of its own.
class AlertSending {
public:
    /// errors: configuration (a channel, a proxy, the authorities)
    [[nodiscard]] static Result<std::unique_ptr<AlertSending>> start(const config::Config& config);
    ~AlertSending();
    AlertSending(const AlertSending&) = delete;
    AlertSending& operator=(const AlertSending&) = delete;

    /// How the outbox is to speak to them.
    [[nodiscard]] const std::vector<alerts::ChannelTerms>& terms() const { return terms_; }
    /// Any thread; `done` is called once on the loop's, unless this ends before.
    void send(const alerts::Message& message, std::function<void(alerts::Outcome)> done);
    /// Drops what is under way.
    void stop();

private:
    AlertSending() = default;

    std::vector<alerts::ChannelTerms> terms_;
    std::map<std::string, std::shared_ptr<const notify::Channel>> channels_;
    net::Loop loop_;
    std::unique_ptr<notify::Sender> sender_;  // of the loop
    std::thread thread_;
};

}  // namespace vt::runtime
