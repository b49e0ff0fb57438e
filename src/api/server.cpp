#include "api/server.hpp"

#include "api/embedded_pages.hpp"
#include "api/internals_json.hpp"
#include "api/json.hpp"
#include "api/openapi.hpp"
#include "base/version.hpp"
#include "obs/log.hpp"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace vt::api {
namespace {

/// Who lost their connection together are back, or gone for good.
constexpr Nanos kCalmAfterLeaving = std::chrono::seconds{5};

std::vector<std::string> with_loopback(const std::vector<std::string>& hosts) {
    std::vector<std::string> all = {"localhost", "127.0.0.1", "[::1]"};
    all.insert(all.end(), hosts.begin(), hosts.end());
    return all;
}

std::vector<net::HttpHeader> headers_of_all(bool has_tls) {
    if (!has_tls) return {};
    return {{"Strict-Transport-Security", "max-age=31536000"}};
}

net::HttpServerParams server_params(const ServerParams& params, std::uint16_t port) {
    net::HttpServerParams made{.address = params.address,
                               .port = port,
                               .tls = params.tls,
                               .allowed_hosts = with_loopback(params.allowed_hosts),
                               .proxies = params.login.trusted_proxies,
                               .error_headers = security_headers()};
    made.every_headers = headers_of_all(params.tls.has_value());
    return made;
}

net::PreparedResponsePtr published_json(std::string body, const std::vector<net::HttpHeader>& headers) {
    return net::prepare({.content_type = "application/json",
                         .body = std::move(body),
                         .headers = headers,
                         .has_etag = true,
                         .packs_when_asked = true,
                         .tells_time = true});
}

net::PreparedResponsePtr moved(int status, std::string to) {
    std::vector<net::HttpHeader> headers = live_headers();
    headers.push_back({"Location", std::move(to)});
    return net::prepare({.status = status, .headers = std::move(headers)});
}

/// Where a path with its slash leads that is a page without it. Its links are relative, so that they hold below a
/// sub-path, and so is this.
std::optional<std::string> other_spelling(std::string_view path) {
    if (path == "/methods") return "methods/";
    if (path == "/redoc") return "docs";
    for (const std::string_view page : {"/mobile", "/docs", "/login"}) {
        if (path.size() == page.size() + 1 && path.starts_with(page) && path.ends_with('/'))
            return ".." + std::string(page);
    }
    return std::nullopt;
}

}  // namespace

Server::Server(net::Loop& loop, ServerParams params, obs::Metrics& metrics)
    : loop_(loop),
      params_(std::move(params)),
      metrics_(metrics),
      topics_(params_.confluence, params_.list_jobs),
      answers_(loop, params_.caching, [this] { return always_warm(); }),
      hub_(topics_, params_.run, params_.mode, params_.trades),
      login_(loop, params_.login),
      pages_(loop, server_params(params_, params_.port),
             [this](const net::HttpRequest& request) { return handle(request); }),
      monitoring_(loop, server_params(params_, params_.monitoring_port),
                  [this](const net::HttpRequest& request) { return handle_monitoring(request); }) {
    login_.add_to(routes_);
    login_.on_change([this] { close_sockets_without_login(); });
    monitoring_routes_.admit_by(
        [this](const Route& route, const net::HttpRequest& request) { return login_.admit(route, request); });
    add_health_routes(routes_);
    add_health_routes(monitoring_routes_);
    add_dashboard_routes();
    add_routes();
    add_log_routes();
    add_symbol_routes();
    add_minute_routes();
    add_signal_routes();
    add_replay_routes();
    add_trading_routes();
    add_trading_writes();
    add_history_routes();
    add_job_routes();
    add_cache_routes();
    add_configuration_routes();
    add_monitoring_routes();
    add_measurement_routes();
    measure_painting();
    for (const auto& [table, document] :
         {std::pair{&routes_, &openapi_}, {&monitoring_routes_, &monitoring_openapi_}})
        *document = net::prepare({.content_type = "application/json",
                                  .body = openapi_document(*table),
                                  .headers = stored_headers(),
                                  .has_etag = true,
                                  .packs_when_asked = true});
}

Server::~Server() {
    loop_.cancel(memory_timer_);
    loop_.cancel(jobs_timer_);
}

Result<void> Server::listen() {
    if (auto listening = pages_.listen(); !listening) return listening;
    if (auto listening = monitoring_.listen(); !listening) return listening;
    answers_.start();
    if (params_.list_jobs) follow_jobs();
    return {};
}

void Server::publish(std::shared_ptr<const views::Snapshot> snapshot) {
    kept_.clear();
    kept_bytes_ = 0;
    betas_revision_.clear();
    list_instruments(*snapshot);
    topics_.publish(std::move(snapshot));
    hub_.flush(net::wall_now());
}

void Server::list_instruments(const views::Snapshot& snapshot) {
    const auto is_same = [](const market::Instrument& listed, const views::Row& row) {
        return listed.venue == row.instrument.venue && listed.category == row.instrument.category &&
               listed.symbol == row.instrument.symbol;
    };
    const auto known = instruments_.all();
    // An id is the row's index: rows in another order are another directory.
    if (known.size() > snapshot.rows.size() ||
        !std::equal(known.begin(), known.end(), snapshot.rows.begin(), is_same)) {
        instruments_ = {};
    }
    for (std::size_t i = instruments_.all().size(); i < snapshot.rows.size(); ++i)
        (void)instruments_.list(snapshot.rows[i].instrument);
}

void Server::change_access(LiveAccess access) {
    for (net::HttpServer* server : {&pages_, &monitoring_})
        server->change({.tls = access.tls,
                        .allowed_hosts = with_loopback(access.allowed_hosts),
                        .proxies = access.trusted_proxies,
                        .every_headers = headers_of_all(access.tls.has_value())});
    const bool has_tls = access.tls.has_value();
    const bool is_same = access.anonymous_read == params_.login.anonymous_read &&
                         access.trusted_proxies == params_.login.trusted_proxies;
    params_.login.anonymous_read = access.anonymous_read;
    params_.login.trusted_proxies = access.trusted_proxies;
    login_.change_access(access.anonymous_read, std::move(access.trusted_proxies), has_tls);
    if (is_same) return;
    std::vector<net::WebSocketSessionPtr> unknown;
    for (const auto& [id, socket] : sessions_) {
        if (!socket.caller) unknown.push_back(socket.session);
    }
    for (const net::WebSocketSessionPtr& session : unknown)
        session->close(net::CloseCode::try_again_later, "who may come in has changed");
}

void Server::stop(std::function<void()> done) {
    auto both = std::make_shared<std::pair<int, std::function<void()>>>(2, std::move(done));
    const auto one = [both] {
        if (--both->first == 0 && both->second) both->second();
    };
    pages_.stop(one);
    monitoring_.stop(one);
}

net::HttpReply Server::handle(const net::HttpRequest& request) {
    if (request.path == "/ws") return answer_socket(request);
    if (auto other = other_spelling(request.path)) return moved(308, std::move(*other));
    if (auto found = page(request)) {
        if (request.method == net::Method::get) return found;
        std::vector<net::HttpHeader> headers = live_headers();
        headers.push_back({"Allow", "GET, HEAD"});
        return net::problem_response(405, "this path answers GET, HEAD", headers);
    }
    return routes_.answer(request);
}

net::HttpReply Server::handle_monitoring(const net::HttpRequest& request) {
    return monitoring_routes_.answer(request);
}

net::HttpReply Server::answer_socket(const net::HttpRequest& request) {
    if (!request.wants_websocket) {
        std::vector<net::HttpHeader> headers = live_headers();
        headers.push_back({"Upgrade", "websocket"});
        return net::problem_response(426, "this path speaks WebSocket only", headers);
    }
    // Its topics are what the routes of the market say, and for the same people.
    auto visitor = login_.admit(Route{.pattern = "/ws", .access = Access::market_read, .handler = {}}, request);
    if (!visitor) return visitor.error();
    return net::WebSocketAccept{
        .open = [this, visitor = std::move(*visitor)](const net::WebSocketSessionPtr& session) {
            return open_socket(session, visitor);
        }};
}

void Server::close_sockets_without_login() {
    std::vector<net::WebSocketSessionPtr> gone;
    for (const auto& [id, socket] : sessions_) {
        if (socket.caller && !login_.is_good(*socket.caller)) gone.push_back(socket.session);
    }
    for (const net::WebSocketSessionPtr& session : gone) session->close(net::CloseCode::policy, "logged out");
}

net::WebSocketSessionCallbacks Server::open_socket(const net::WebSocketSessionPtr& session, const Visitor& visitor) {
    // The hub's reader must not keep a session alive that is gone: sessions_ is the one owner.
    net::WebSocketSession* const raw = session.get();
    const ReaderId id = hub_.connect(
        {.send = [raw](std::shared_ptr<const std::string> message) { return raw->send(std::move(message)); },
         .pending = [raw] { return raw->pending_bytes(); }},
        net::wall_now(), visitor.caller.has_value());
    sessions_.emplace(id, Socket{.session = session, .caller = visitor.caller});
    mind_memory();
    return {.on_text = [this, id](std::string_view text, Timestamp received) { hub_.receive(id, text, received); },
            .on_writable = [this, id] { hub_.writable(id, net::wall_now()); },
            .on_close =
                [this, id](const net::CloseReason&) {
                    hub_.disconnect(id);
                    sessions_.erase(id);
                    mind_memory();
                }};
}

void Server::mind_memory() {
    if (!memory_return_.is_due(sessions_.size()) || memory_timer_ != net::TimerId{}) return;
    memory_timer_ = loop_.after(kCalmAfterLeaving, [this] {
        memory_timer_ = {};
        (void)::malloc_trim(0);  // the free pages of every thread's heap, not only those at its end
    });
}

net::PreparedResponsePtr Server::page(const net::HttpRequest& request) {
    net::PreparedResponsePtr found = embedded(request.path);
    if (!found || !has_embedded_pages() || !is_page_of_the_market(request.path)) return found;
    if (login_.may_read_market(login_.visitor_of(request))) return found;
    const std::string_view name = request.path.substr(1);
    return moved(303, "login" + (name.empty() ? std::string() : "?next=" + std::string(name)));
}

net::PreparedResponsePtr Server::embedded(std::string_view path) {
    const auto kept = pages_kept_.find(std::string(path));
    if (kept != pages_kept_.end()) return kept->second;
    const auto found = embedded_page(path);
    if (!found) return nullptr;
    std::vector<net::HttpHeader> headers = security_headers();
    headers.push_back({"Cache-Control", found->is_immutable ? "public, max-age=31536000, immutable" : "no-cache"});
    const auto prepared = net::prepare({.content_type = std::string(found->content_type),
                                        .body = std::string(found->identity),
                                        .gzip = std::string(found->gzip),
                                        .brotli = std::string(found->brotli),
                                        .headers = std::move(headers),
                                        .has_etag = true});
    pages_kept_.emplace(path, prepared);
    return prepared;
}

net::PreparedResponsePtr Server::written_once(const std::string& key, const std::function<void(JsonWriter&)>& write,
                                              const std::vector<net::HttpHeader>& headers) {
    if (const auto kept = kept_.find(key); kept != kept_.end()) return kept->second;
    JsonWriter out;
    write(out);
    net::PreparedResponsePtr made = published_json(out.take(), headers);
    const std::size_t bytes = made->identity.body.size() + key.size();
    if (kept_bytes_ + bytes > params_.kept_bytes_max) return made;
    kept_bytes_ += bytes;
    kept_.emplace(key, made);
    return made;
}

net::PreparedResponsePtr Server::for_market(const std::string& key, const MarketWriter& write,
                                            const std::vector<net::HttpHeader>& headers) {
    if (!topics_.snapshot()) return problem(503, "the program has just started; try again in a moment");
    return written_once(key, [&](JsonWriter& out) { write(out, *topics_.snapshot()); }, headers);
}

tl::expected<market::InstrumentId, net::PreparedResponsePtr> Server::symbol_of(const Call& call) const {
    if (!topics_.snapshot()) {
        return tl::unexpected(
            problem(503, "the program has just started and knows no symbol yet; try again in a moment"));
    }
    const auto id = instruments_.resolve(call.parameters.at("symbol"));
    if (!id) return tl::unexpected(problem(404, id.error().what));
    return *id;
}

tl::expected<std::string, net::PreparedResponsePtr> Server::instrument_asked_for(const Call& call) const {
    const auto symbol = call.query("symbol");
    if (!symbol || symbol->empty()) return std::string();
    Call named = call;
    named.parameters["symbol"] = *symbol;
    const auto id = symbol_of(named);
    if (!id) return tl::unexpected(id.error());
    return instruments_[*id].path_id();
}

net::PreparedResponsePtr Server::for_symbol(const Call& call, const std::string& key, const SymbolWriter& write) {
    const auto id = symbol_of(call);
    if (!id) return id.error();
    const std::size_t row = id->value();
    return written_once(key + " " + std::to_string(row),
                        [&](JsonWriter& out) { write(out, *topics_.snapshot(), row); });
}

net::PreparedResponsePtr Server::health(bool is_short) const {
    const auto& picture = topics_.snapshot();
    JsonWriter out;
    out.begin_object().field("status", picture ? views::name(picture->health) : std::string_view("down"));
    if (!is_short) {
        out.key("reasons").begin_array();
        if (picture) {
            for (const std::string& reason : picture->reasons) out.value(reason);
        } else {
            out.value("the program has just started");
        }
        out.end_array().field("version", kVersion);
        out.field("uptime_seconds", picture ? std::chrono::floor<std::chrono::seconds>(picture->uptime).count() : 0);
    }
    out.end_object();
    return live_json(out.take());
}

void Server::add_health_routes(RouteTable& table) {
    table.add({.pattern = "/health",
               .access = Access::open,
               .summary = "Whether the program works; why not, only for who may read the market",
               .schema = "Health",
               .handler = [this](const Call& call) { return health(!login_.may_read_market(call.visitor)); }});
    table.add({.pattern = "/health/live",
               .access = Access::open,
               .summary = "The process answers",
               .schema = "Health",
               .handler = [](const Call&) { return live_json(R"({"status":"ok"})"); }});
    table.add({.pattern = "/health/ready",
               .access = Access::open,
               .summary = "200 once market data flows, else 503",
               .schema = "Health",
               .handler = [this](const Call&) {
                   const auto picture = topics_.snapshot();
                   const bool is_ready =
                       picture && std::any_of(picture->feeds.begin(), picture->feeds.end(), [](const auto& feed) {
                           return feed.state == exchange::StreamState::live;
                       });
                   return is_ready ? health(true) : problem(503, "no market data yet");
               }});
}

void Server::add_routes() {
    const auto add = [this](std::string pattern, std::string summary, std::string schema,
                            void (*write)(JsonWriter&, const views::Snapshot&)) {
        routes_.add({.pattern = pattern,
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .handler = [this, pattern, write](const Call&) { return for_market(pattern, write); }});
    };
    add("/api/symbols", "The instruments with their steps", "Instruments", write_instruments);
    add("/api/markets", "Each coin over all venues: its price, its markets and their bases, and who leads", "Markets",
        write_markets);
    add("/api/market/internals", "The market as a whole: breadth, dispersion, dominance, fear and greed",
        "MarketInternals", write_internals);
    routes_.add(
        {.pattern = "/openapi.json", .summary = "This document", .schema = "", .handler = [this](const Call&) {
             return openapi_;
         }});
}

}  // namespace vt::api
