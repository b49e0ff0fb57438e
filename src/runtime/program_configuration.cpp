#include "obs/log.hpp"
#include "runtime/api_access.hpp"
#include "runtime/program.hpp"

#include <random>
#include <utility>

/// The running program's part in its own configuration: a thread that reads and writes the file.
namespace vt::runtime {
namespace {

/// Questions of the API that wait for the disk; a further one is turned away.
constexpr std::size_t kConfigurationWaitingMax = 16;

std::string joined(const std::vector<std::string>& keys) {
    std::string text;
    for (const std::string& key : keys) text += (text.empty() ? "" : ", ") + key;
    return text;
}

}  // namespace

void Program::start_configuration() {
    if (!params_.live_configuration) return;
    std::random_device entropy;
    LiveConfigurationParams params = *params_.live_configuration;
    params.apply = [this, others = std::move(params.apply)](const config::Config& config) {
        if (others) others(config);
        change_access(config);
    };
    params.check = [](const config::Config& config) -> Result<void> {
        // There is an admin where there had to be one at the start, or the ports are of this machine only.
        if (auto may = may_listen(config.server, true); !may) return may;
        if (const auto tls = server_tls(config.server); !tls) return tl::unexpected(tls.error());
        return {};
    };
    live_configuration_ = std::make_unique<LiveConfiguration>(
        std::move(params), params_.loaded, (static_cast<std::uint64_t>(entropy()) << 32U) | entropy());
    configuration_thread_.start("configuration");
}

void Program::change_access(const config::Config& config) {
    auto tls = server_tls(config.server);
    if (!tls) {  // between the check and now
        obs::log_error("config", tls.error().what + "; the certificate in use stays so");
        return;
    }
    api::LiveAccess access{.allowed_hosts = allowed_hosts(config.server),
                           .trusted_proxies = config.server.trusted_proxies,
                           .anonymous_read = anonymous_read(config),
                           .tls = std::move(*tls)};
    api_thread_.loop.post([this, access = std::move(access)]() mutable {
        if (server_) server_->change_access(std::move(access));
    });
}

api::AskConfiguration Program::ask_configuration() {
    if (!live_configuration_) return nullptr;
    return
        [this](api::ConfigurationRequest request, const std::function<void(const api::ConfigurationAnswer&)>& done) {
            if (configuration_waiting_.fetch_add(1) >= kConfigurationWaitingMax) {
                configuration_waiting_.fetch_sub(1);
                done({503, "many ask for the configuration at once, or the disk is slow; try again"});
                return;
            }
            configuration_thread_.loop.post([this, request = std::move(request), done] {
                api::ConfigurationAnswer answer = live_configuration_->answer(request);
                configuration_waiting_.fetch_sub(1);
                api_thread_.loop.post([done, answer = std::move(answer)] { done(answer); });
            });
        };
}

void Program::reload_configuration() {
    if (!live_configuration_) return;
    configuration_thread_.loop.post([this] {
        const auto taken = live_configuration_->reload();
        if (!taken) {
            obs::log_error("config", taken.error().what + "; what is in use stays so");
            return;
        }
        if (!taken->applied.empty()) obs::log_info("config", "taken up: " + joined(taken->applied));
        if (!taken->needs_restart.empty())
            obs::log_warning("config", "needs a restart: " + joined(taken->needs_restart));
        if (taken->applied.empty() && taken->needs_restart.empty()) obs::log_info("config", "nothing has changed");
    });
}

}  // namespace vt::runtime
