#include "runtime/history_download.hpp"

#include "base/assert.hpp"

#include <utility>

namespace vt::runtime {
namespace {

exchange::Site site_of(const history::FetchParams& params) {
    for (const history::FetchOrder& order : params.orders) {
        const history::Series& series = order.series;
        const auto terms = exchange::history_terms(series.venue, series.category, series.kind, series.step_ms);
        if (terms) return terms->site;
    }
    return exchange::Site::bybit;
}

}  // namespace

Result<gateway::SiteHosts> site_hosts(const config::Config& config, exchange::Site site) {
    const config::Config::Binance& binance = config.binance;
    const bool is_bybit = site == exchange::Site::bybit;
    std::string rest_url = config.bybit.rest_url;
    if (site == exchange::Site::binance_futures) rest_url = binance.futures_rest_url;
    if (site == exchange::Site::binance_spot) rest_url = binance.spot_rest_url;
    VT_TRY(const net::Route route, config::route_of(config, is_bybit ? config.bybit.proxy : binance.proxy,
                                                    is_bybit ? config.bybit.local_address : binance.local_address));
    VT_TRY(const net::TlsContext tls,
           net::TlsContext::client({.authorities_file = is_bybit ? config.bybit.ca_file : binance.ca_file}));
    return gateway::SiteHosts{.rest_url = std::move(rest_url), .stream_url = {}, .tls = tls, .route = route};
}

HistoryDownload::HistoryDownload(net::Loop& loop, gateway::SiteHosts hosts, history::FetchParams params,
                                 double limit_share, std::function<void()> on_change)
    : site_(site_of(params)), fetch_(std::move(params)), on_change_(std::move(on_change)) {
    gateway_ = std::make_unique<gateway::Gateway>(
        loop, gateway::GatewayParams{.sites = {{site_, std::move(hosts)}}, .access = {.share = limit_share}},
        [this](const engine::EventBody& body, Timestamp at) {
            const auto* replied = std::get_if<engine::Replied>(&body);
            if (replied == nullptr) return;
            fetch_.reply(replied->reply, at, out_);
            perform();
            on_change_();
        });
}

HistoryDownload::~HistoryDownload() = default;

void HistoryDownload::start() {
    fetch_.start(net::wall_now(), out_);
    perform();
    on_change_();
}

void HistoryDownload::perform() {
    const std::vector<exchange::Action> actions = std::exchange(out_.actions, {});
    out_.clear();
    for (const exchange::Action& action : actions) gateway_->perform(action);
}

}  // namespace vt::runtime
