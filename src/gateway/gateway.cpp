#include "gateway/gateway.hpp"

#include "base/assert.hpp"
#include "base/prng.hpp"
#include "obs/log.hpp"

namespace vt::gateway {
namespace {

namespace access = exchange::access;

/// Binance's spot catalogue has a dozen megabytes; the queue to the engine holds sixteen.
constexpr std::size_t kLargestBody = std::size_t{15} << 20U;

/// The reply headers that carry limits; the rest is of no use to a protocol and would only fill the journal.
std::string limit_headers(const net::HttpResponse& response) {
    std::string lines;
    for (const char* name :
         {"retry-after", "x-bapi-limit", "x-bapi-limit-status", "x-bapi-limit-reset-timestamp",
          "x-mbx-used-weight-1m", "x-mbx-order-count-10s", "x-mbx-order-count-1m", "x-mbx-order-count-1d", "date"}) {
        if (const auto value = response.header(name)) lines += std::string(name) + ": " + std::string(*value) + "\n";
    }
    return lines;
}

std::string closing_text(const net::CloseReason& reason) {
    return std::to_string(static_cast<unsigned>(reason.code)) + (reason.text.empty() ? "" : " " + reason.text);
}

/// The time that budgets and bans are kept in: nobody can set this clock while a ban runs.
Timestamp steady_now() {
    return Timestamp{std::chrono::duration_cast<Nanos>(std::chrono::steady_clock::now().time_since_epoch())};
}

}  // namespace

Gateway::Gateway(net::Loop& loop, GatewayParams params, Sink sink)
    : loop_(loop), params_(std::move(params)), sink_(std::move(sink)) {
    for (const auto& [site, hosts] : params_.sites) {
        net::HttpClientParams client{
            .tls = hosts.tls, .connections_per_host = params_.access.in_flight_max, .route = hosts.route};
        sites_.emplace(site, SiteState{.hosts = hosts,
                                       .access = access::SiteAccess(site, params_.access),
                                       .client = std::make_unique<net::HttpClient>(loop_, std::move(client))});
    }
}

Gateway::~Gateway() {
    for (const auto& [id, connection] : connections_) loop_.cancel(connection.timer);
    for (const auto& [id, site] : sites_) loop_.cancel(site.timer);
}

Gateway::SiteState& Gateway::site_of(exchange::Site site) {
    const auto found = sites_.find(site);
    VT_ASSERT(found != sites_.end());
    return found->second;
}

void Gateway::perform(const exchange::Action& action) {
    std::visit([this](const auto& one) { perform_one(one); }, action);
}

void Gateway::perform_one(const exchange::Connect& connect) {
    SiteState& site = site_of(connect.site);
    const auto [entry, is_new] = connections_.try_emplace(
        connect.connection,
        Connection{.client = {},
                   .backoff = net::Backoff(params_.backoff,
                                           Prng(params_.seed, std::to_string(connect.connection.value())))});
    Connection& connection = entry->second;
    loop_.cancel(connection.timer);
    connection.client.reset();
    if (connect.attempt <= 1) connection.backoff.succeeded();
    const Timestamp now = steady_now();
    const Nanos wait = connect.attempt == 0 ? Nanos{0} : connection.backoff.next(now);
    connection.timer =
        loop_.after(site.access.connect_at(now + wait) - now,
                    [this, id = connect.connection, of = connect.site, path = connect.path] { open(id, of, path); });
}

void Gateway::open(exchange::ConnectionId id, exchange::Site site, const std::string& path) {
    const SiteHosts& hosts = site_of(site).hosts;
    Connection& connection = connections_.at(id);
    connection.client = std::make_unique<net::WebSocketClient>(
        loop_, net::WebSocketClientParams{.url = hosts.stream_url + path, .tls = hosts.tls, .route = hosts.route},
        net::WebSocketClientCallbacks{
            .on_open =
                [this, id, site] {
                    sink_(engine::Opened{id}, net::wall_now());
                    site_of(site).access.connected();
                    pump(site);
                },
            .on_text = [this, id](std::string_view frame,
                                  Timestamp received) { sink_(engine::FrameReceived{id, frame}, received); },
            .on_close = [this, id, site](const net::CloseReason& reason) { on_close(id, site, reason); }});
    connection.client->connect();
}

void Gateway::on_close(exchange::ConnectionId id, exchange::Site site, const net::CloseReason& reason) {
    std::string text = closing_text(reason);
    if (reason.http_status != 0) {
        SiteState& state = site_of(site);
        state.access.upgrade_refused(reason.http_status, reason.text, steady_now());
        note_block(state);
        // The page that a refusal comes with is not for a journal or a status line.
        text = access::geo_block(reason.http_status, reason.text)
                   .value_or("WebSocket upgrade refused with HTTP " + std::to_string(reason.http_status));
    }
    sink_(engine::Closed{id, text}, net::wall_now());
}

void Gateway::perform_one(const exchange::Disconnect& disconnect) {
    const auto found = connections_.find(disconnect.connection);
    if (found == connections_.end() || !found->second.client) return;
    // The session has given up on this socket; a polite goodbye could wait for a peer that no longer reads.
    found->second.client->abort(disconnect.reason);
}

void Gateway::perform_one(const exchange::SendText& send) {
    const auto found = connections_.find(send.connection);
    if (found == connections_.end() || !found->second.client) return;
    if (const auto sent = found->second.client->send(send.text); !sent) {
        found->second.client->abort("cannot send: " + sent.error().what);
    }
}

void Gateway::perform_one(const exchange::HttpGet& get) {
    SiteState& site = site_of(get.site);
    exchange::HttpGet timed = get;
    timed.not_before = steady_now() + std::max(Nanos{0}, get.not_before - net::wall_now());
    for (access::Refused& refused : site.access.ask(timed)) {
        obs::log_warning("gateway", "a request to " + std::string(exchange::name(get.site)) +
                                        " is not sent: " + refused.why + " (" + get.target + ")");
        loop_.post([this, refused = std::move(refused)] { reply_without_answer(refused.request, refused.why); });
    }
    pump(get.site);
}

/// Sends what may go now and sets the timer for what may go later.
void Gateway::pump(exchange::Site of) {
    SiteState& site = site_of(of);
    loop_.cancel(site.timer);
    const Timestamp now = steady_now();
    access::NextStep step = site.access.next(now);
    for (; step.send; step = site.access.next(now)) request(site, *step.send);
    note_block(site);
    if (step.look_at) site.timer = loop_.after(std::max(Nanos{0}, *step.look_at - now), [this, of] { pump(of); });
}

void Gateway::request(SiteState& site, const exchange::HttpGet& get) {
    const Timestamp sent = net::wall_now();
    net::HttpCall call{
        .url = site.hosts.rest_url + get.target, .timeout = std::chrono::seconds{20}, .max_body_bytes = kLargestBody};
    site.client->send(std::move(call),
                      [this, of = get.site, request = get.request, sent](Result<net::HttpResponse> response) {
                          answer(of, request, sent, response);
                      });
}

void Gateway::answer(exchange::Site of, exchange::RequestId request, Timestamp sent,
                     const Result<net::HttpResponse>& response) {
    SiteState& site = site_of(of);
    const std::string headers = response ? limit_headers(*response) : std::string();
    const int status = response ? response->status : 0;
    const std::string_view body =
        response ? std::string_view(response->body) : std::string_view(response.error().what);
    const auto askers =
        site.access.answered(request, {.status = status, .body = body, .headers = headers, .received = steady_now()});
    for (const exchange::RequestId asker : askers) {
        sink_(engine::Replied{{.request = asker, .status = status, .sent = sent, .body = body, .headers = headers}},
              response ? response->received : net::wall_now());
    }
    pump(of);
}

/// Says once that a site is not asked, and once that it is again.
void Gateway::note_block(SiteState& site) {
    const Timestamp now = steady_now();
    const auto block = site.access.block(now);
    if (block.has_value() == site.was_blocked) return;
    site.was_blocked = block.has_value();
    const std::string name(exchange::name(site.access.site()));
    if (!block) return obs::log_info("gateway", name + " is asked again");
    obs::log_warning("gateway", name + " is not asked for " +
                                    std::to_string((block->until - now) / std::chrono::seconds{1}) + " s (" +
                                    std::string(access::name(block->standing)) + "): " + block->reason);
}

std::vector<SiteReport> Gateway::report() const {
    std::vector<SiteReport> reports;
    const Timestamp now = steady_now();
    for (const auto& [site, state] : sites_) {
        const auto block = state.access.block(now);
        reports.push_back({.site = site,
                           .block = block,
                           .block_left = block ? block->until - now : Nanos{0},
                           .broken_paths = state.access.broken_paths(now),
                           .waiting = state.access.waiting(),
                           .in_flight = state.access.in_flight()});
    }
    return reports;
}

void Gateway::reply_without_answer(exchange::RequestId request, std::string_view why) {
    const Timestamp now = net::wall_now();
    sink_(engine::Replied{{.request = request, .status = 0, .sent = now, .body = why, .headers = {}}}, now);
}

}  // namespace vt::gateway
