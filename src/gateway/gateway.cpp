#include "gateway/gateway.hpp"

#include "base/assert.hpp"
#include "base/prng.hpp"
#include "obs/log.hpp"

namespace vt::gateway {
namespace {

/// The reply headers that carry limits; the rest is of no use to a protocol and would only fill the journal.
std::string limit_headers(const net::HttpResponse& response) {
    std::string lines;
    for (const char* name : {"retry-after", "x-bapi-limit", "x-bapi-limit-status", "x-bapi-limit-reset-timestamp",
                             "x-mbx-used-weight-1m"}) {
        if (const auto value = response.header(name)) lines += std::string(name) + ": " + std::string(*value) + "\n";
    }
    return lines;
}

std::string closing_text(const net::CloseReason& reason) {
    return std::to_string(static_cast<unsigned>(reason.code)) + (reason.text.empty() ? "" : " " + reason.text);
}

}  // namespace

Gateway::Gateway(net::Loop& loop, GatewayParams params, Sink sink)
    : loop_(loop), params_(std::move(params)), sink_(std::move(sink)) {
    for (const auto& [site, hosts] : params_.sites) {
        clients_[site] = std::make_unique<net::HttpClient>(loop_, net::HttpClientParams{.tls = hosts.tls});
    }
}

Gateway::~Gateway() {
    for (const auto& [id, connection] : connections_) loop_.cancel(connection.timer);
    for (const auto& [id, timer] : waiting_) loop_.cancel(timer);
}

void Gateway::perform(const exchange::Action& action) {
    std::visit([this](const auto& one) { perform_one(one); }, action);
}

void Gateway::perform_one(const exchange::Connect& connect) {
    const auto hosts = params_.sites.find(connect.site);
    VT_ASSERT(hosts != params_.sites.end());
    const auto [entry, is_new] = connections_.try_emplace(
        connect.connection,
        Connection{.client = {},
                   .backoff = net::Backoff(params_.backoff,
                                           Prng(params_.seed, std::to_string(connect.connection.value())))});
    Connection& connection = entry->second;
    loop_.cancel(connection.timer);
    connection.client.reset();
    if (connect.attempt <= 1) connection.backoff.succeeded();
    const Nanos wait = connect.attempt == 0 ? Nanos{0} : connection.backoff.next(net::wall_now());
    connection.timer =
        loop_.after(wait, [this, id = connect.connection, url = hosts->second.stream_url + connect.path,
                           tls = hosts->second.tls] { open(id, url, tls); });
}

void Gateway::open(exchange::ConnectionId id, const std::string& url, const net::TlsContext& tls) {
    Connection& connection = connections_.at(id);
    connection.client = std::make_unique<net::WebSocketClient>(
        loop_, net::WebSocketClientParams{.url = url, .tls = tls},
        net::WebSocketClientCallbacks{
            .on_open = [this, id] { sink_(engine::Opened{id}, net::wall_now()); },
            .on_text = [this, id](std::string_view frame,
                                  Timestamp received) { sink_(engine::FrameReceived{id, frame}, received); },
            .on_close =
                [this, id](const net::CloseReason& reason) {
                    const std::string text = closing_text(reason);
                    sink_(engine::Closed{id, text}, net::wall_now());
                }});
    connection.client->connect();
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
    const auto hosts = params_.sites.find(get.site);
    VT_ASSERT(hosts != params_.sites.end());
    if (waiting_.size() >= params_.max_waiting_requests) {
        obs::log_warning("gateway", "more than " + std::to_string(params_.max_waiting_requests) +
                                        " requests wait; refused " + get.target);
        loop_.post([this, request = get.request] {
            reply_without_answer(request, net::wall_now(), "too many requests wait");
        });
        return;
    }
    const Nanos wait = std::max(Nanos{0}, get.not_before - net::wall_now());
    waiting_[get.request] = loop_.after(wait, [this, get, &hosts = hosts->second] {
        waiting_.erase(get.request);
        request(get, hosts);
    });
}

void Gateway::request(const exchange::HttpGet& get, const SiteHosts& hosts) {
    const Timestamp sent = net::wall_now();
    clients_.at(get.site)->get(hosts.rest_url + get.target,
                               [this, request = get.request, sent](Result<net::HttpResponse> response) {
                                   if (!response) {
                                       reply_without_answer(request, sent, response.error().what);
                                       return;
                                   }
                                   const std::string headers = limit_headers(*response);
                                   sink_(engine::Replied{{.request = request,
                                                          .status = response->status,
                                                          .sent = sent,
                                                          .body = response->body,
                                                          .headers = headers}},
                                         response->received);
                               });
}

void Gateway::reply_without_answer(exchange::RequestId request, Timestamp sent, std::string_view why) {
    sink_(engine::Replied{{.request = request, .status = 0, .sent = sent, .body = why, .headers = {}}},
          net::wall_now());
}

}  // namespace vt::gateway
