#pragma once

#include "base/result.hpp"
#include "config/config.hpp"
#include "gateway/gateway.hpp"
#include "history/fetch.hpp"
#include "net/loop.hpp"

#include <functional>
#include <memory>

namespace vt::runtime {

/// Where the configuration says the REST host of a site is.
///   errors: configuration (a file of authorities that cannot be read)
[[nodiscard]] Result<gateway::SiteHosts> site_hosts(const config::Config& config, exchange::Site site);

/// Runs history::Fetch over the gateway, which shares out the site's limits. Everything on the loop's thread.
class HistoryDownload {
public:
    /// in: `limit_share` of what the site allows this address; `on_change` is called after each reply
    HistoryDownload(
        net::Loop& loop, gateway::SiteHosts hosts, history::FetchParams params,
        double limit_share = exchange::access::kBesideShare, std::function<void()> on_change = [] {});
    ~HistoryDownload();

    void start();
    [[nodiscard]] const history::Fetch& fetch() const { return fetch_; }

private:
    void perform();

    exchange::Site site_;
    history::Fetch fetch_;
    exchange::Output out_;
    std::function<void()> on_change_;
    std::unique_ptr<gateway::Gateway> gateway_;
};

}  // namespace vt::runtime
