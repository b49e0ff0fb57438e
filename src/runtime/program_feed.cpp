// The part of the program that hears the venues: what it begins with, and the tick that goes with it.

#include "engine/saved_state.hpp"
#include "obs/log.hpp"
#include "runtime/program.hpp"
#include "runtime/site_address.hpp"

#include <chrono>
#include <utility>

namespace vt::runtime {
namespace {

constexpr std::chrono::milliseconds kWarmStateRest{5};  ///< between looks whether there is room for more of it

/// Why a site is not asked, or not all of it; empty when nothing hinders.
std::string hindrance_of(const gateway::SiteReport& report) {
    const std::string site(exchange::name(report.site));
    if (report.block) {
        return site + " is not asked for " +
               std::to_string(std::chrono::ceil<std::chrono::seconds>(report.block_left).count()) + " s (" +
               std::string(exchange::access::name(report.block->standing)) + "): " + report.block->reason;
    }
    if (report.broken_paths.empty()) return {};
    return site + " does not answer " + report.broken_paths.front() +
           (report.broken_paths.size() > 1 ? " and " + std::to_string(report.broken_paths.size() - 1) + " more" : "");
}

/// The hosts of every site that is followed: the exchange in this process, or those of the configuration.
Result<gateway::GatewayParams> gateway_params(const config::Config& config, const demo::Exchange* inside) {
    gateway::GatewayParams params;
    for (const SiteAddress& address : configured_addresses(config)) {
        net::ClientTlsParams trust{.authorities_file = address.ca_file};
        gateway::SiteHosts hosts{
            .rest_url = address.rest_url, .stream_url = address.stream_url, .tls = *net::TlsContext::client({})};
        if (inside != nullptr) {
            trust = {.authorities_pem = inside->authority_pem()};
            hosts.rest_url = inside->rest_url();
            hosts.stream_url = inside->websocket_url();
        } else {
            VT_TRY(hosts.route, config::route_of(config, address.proxy, address.local_address));
            if (hosts.route.proxy) {
                obs::log_info("runtime", std::string(exchange::name(address.site)) +
                                             " is reached through the proxy " + hosts.route.proxy->host + ":" +
                                             std::to_string(hosts.route.proxy->port));
            }
        }
        auto tls = net::TlsContext::client(trust);
        if (!tls) return tl::unexpected(tls.error());
        hosts.tls = *tls;
        params.sites.emplace(address.site, std::move(hosts));
    }
    return params;
}

}  // namespace

Result<void> Program::start_feed() {
    const config::Config& config = params_.config;
    VT_TRY(gateway::GatewayParams params, gateway_params(config, exchange_.get()));
    params.seed = params_.run_id;
    params.access.share = params_.limit_share;
    if (const auto bybit = params.sites.find(exchange::Site::bybit); bybit != params.sites.end())
        backfill_hosts_ = bybit->second;
    gateway_ = std::make_unique<gateway::Gateway>(
        feed_thread_.loop, std::move(params),
        [this](const engine::EventBody& body, Timestamp at) { queue_.push(body, at); });
    feed_thread_.start("feed");
    feed_thread_.loop.post([this] { load_warm_state(); });
    return {};
}

/// The warm state first, then what is left of earlier runs, then the market.
void Program::load_warm_state() {
    const auto parts = engine::saved_state_parts(params_.warm_state);
    if (!parts && !params_.warm_state.empty())
        obs::log_error("runtime", "the warm state is not used: " + parts.error().what);
    std::string().swap(params_.warm_state);
    const Nanos shift = floor_to(net::wall_now(), std::chrono::minutes{1}) - params_.warm_state_end;
    push_warm_state(std::make_shared<StateLoading>(parts.value_or(std::vector<std::string>{}), shift));
}

void Program::push_warm_state(const std::shared_ptr<StateLoading>& loading) {
    const std::size_t behind = recorder_ ? recorder_->stats().queued_bytes : 0;
    if (loading->push_some(queue_, kQueueBytes / 2, behind, net::wall_now())) {
        begin_market();
    } else {
        feed_thread_.loop.after(kWarmStateRest, [this, loading] { push_warm_state(loading); });
    }
}

void Program::begin_market() {
    const Timestamp now = net::wall_now();
    if (records_) {
        for (const records::LedgerEntry& left : records_->left_open())
            queue_.push(engine::ResumeSignal{.instrument = left.instrument, .signal = left.follow}, now);
    }
    resume_trading(now);
    queue_.push(engine::StartFeed{market::Venue::bybit}, now);
    if (!params_.config.binance.markets.empty()) queue_.push(engine::StartFeed{market::Venue::binance}, now);
    tick();
}

void Program::tick() {
    queue_.push(engine::Tick{}, net::wall_now());
    refresh_edge();
    std::vector<std::string> hindrances;
    for (const gateway::SiteReport& report : gateway_->report()) {
        if (auto why = hindrance_of(report); !why.empty()) hindrances.push_back(std::move(why));
    }
    {
        const std::lock_guard lock(hindrances_mutex_);
        hindrances_ = std::move(hindrances);
    }
    feed_thread_.loop.after(engine::kTickEvery, [this] { tick(); });
}

}  // namespace vt::runtime
