#include "runtime/doctor.hpp"

#include "config/credentials.hpp"
#include "exchange/access/limits.hpp"
#include "exchange/access/verdict.hpp"
#include "exchange/key_information.hpp"
#include "exchange/signature.hpp"
#include "net/websocket_client.hpp"
#include "runtime/site_address.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <utility>

namespace vt::runtime {
namespace {

namespace access = exchange::access;
using exchange::Site;

constexpr int kProbes = 5;
/// No more questions for the round trip once so much has passed: on a slow way one must do.
constexpr Nanos kProbing = std::chrono::milliseconds{1200};
constexpr Nanos kClockLimit = std::chrono::seconds{1};
constexpr auto kOldKey = std::chrono::hours{24 * 365};
constexpr auto kSoon = std::chrono::hours{24 * 14};

std::string ms_text(Nanos span) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.1f ms", to_seconds(span) * 1e3);
    return text;
}

std::string stream_path(Site site, const config::Config& config) {
    switch (site) {
        case Site::bybit:
            return "/v5/public/" + (config.bybit.categories.empty() ? "linear" : config.bybit.categories.front());
        case Site::binance_futures: return "/public/ws";
        case Site::binance_spot: return "/ws";
    }
    return "/";
}

struct OpenedStream {
    std::optional<Nanos> opened_after;            ///< absent: it did not open
    std::optional<net::CloseReason> closed = {};  ///< absent: nothing was said
};

/// Opens a site's stream, on a loop of its own.
OpenedStream open_stream(const SiteToCheck& site, Nanos limit) {
    net::Loop loop;
    bool is_open = false;
    OpenedStream stream;
    net::WebSocketClient socket(
        loop, {.url = site.hosts.stream_url + site.stream_path, .tls = site.hosts.tls, .route = site.hosts.route},
        {.on_open = [&] { is_open = true; },
         .on_text = {},
         .on_close = [&](const net::CloseReason& reason) { stream.closed = reason; }});
    socket.connect();
    const Timestamp began = net::wall_now();
    (void)loop.run_until([&] { return is_open || stream.closed; }, limit);
    if (is_open) stream.opened_after = net::wall_now() - began;
    return stream;
}

/// True from `limit` from now on.
StopCheck stops_after(Nanos limit) {
    return [until = std::chrono::steady_clock::now() + limit] { return std::chrono::steady_clock::now() >= until; };
}

/// One visit to a site: the checks grow as it goes.
class Visit {
public:
    explicit Visit(const SiteToCheck& site, StopCheck is_stopping = {})
        : site_(site), is_stopping_(is_stopping), client_(site.site, site.hosts, std::move(is_stopping)) {}

    std::vector<Check> run(const std::map<std::string, std::string>& credentials, Nanos limit) {
        auto stream = std::async(std::launch::async, [&] { return open_stream(site_, limit); });
        say_route();
        const bool is_reached = probe();
        say_stream(stream.get());
        if (is_reached) say_limits();
        check_key(credentials, is_reached);
        return std::move(checks_);
    }

    KeyCheck run_key(const exchange::Credentials& credentials) {
        ask_key(credentials);
        return {std::move(checks_.back()), standing_};
    }

private:
    Check& add(std::string name, Finding finding, std::string text, std::string remedy = {}) {
        checks_.push_back({.subject = std::string(exchange::name(site_.site)),
                           .name = std::move(name),
                           .finding = finding,
                           .text = std::move(text),
                           .remedy = std::move(remedy),
                           .value_ms = std::nullopt});
        return checks_.back();
    }

    void say_route() {
        const net::Route& route = site_.hosts.route;
        std::string text = site_.hosts.rest_url + ", " + site_.hosts.stream_url;
        if (route.proxy) {
            text += route.proxy->kind == net::ProxyKind::socks5 ? ", by SOCKS5 " : ", by HTTP CONNECT ";
            text += route.proxy->host + ":" + std::to_string(route.proxy->port);
        } else {
            text += ", direct";
        }
        if (!route.local_address.empty()) text += ", from " + route.local_address;
        add("route", Finding::good, std::move(text));
    }

    static std::string remedy_for(const Error& error) {
        if (error.what.find("resolve") != std::string::npos) return "check the name, the resolver, or use a proxy";
        if (error.what.find("proxy") != std::string::npos) return "check network.proxy, HTTPS_PROXY, ALL_PROXY";
        if (error.what.find("certificate") != std::string::npos)
            return "check the clock and ca_file; a proxy that reads TLS needs its authority there";
        return "check the network and the firewall, or use a proxy ([network] in the configuration)";
    }

    /// REST, latency and clock.
    bool probe() {
        std::vector<Nanos> round_trips;
        const Timestamp began = net::wall_now();
        for (int i = 0; i <= kProbes; ++i) {  // the first pays for the connection
            const Timestamp sent = net::wall_now();
            if (i > 1 && sent - began > kProbing) break;
            const auto answer = client_.ask_time();
            if (!answer) {
                add("REST", Finding::failed, answer.error().what, remedy_for(answer.error()));
                return false;
            }
            if (const auto why = access::geo_block(answer->status, answer->body)) {
                add("REST", Finding::failed, *why, "set a proxy or the venue's regional host");
                return false;
            }
            if (answer->status != 200 || !client_.clock_offset()) {
                add("REST", Finding::failed, "HTTP " + std::to_string(answer->status) + " and no server time",
                    answer->status == 403 ? "this address is banned: ask nothing for ten minutes"
                                          : "is rest_url the venue's REST host?");
                return false;
            }
            last_ = *answer;
            if (i == 0) continue;
            round_trips.push_back(answer->received - sent);
        }
        std::sort(round_trips.begin(), round_trips.end());
        const Nanos median = round_trips[round_trips.size() / 2];
        add("REST", Finding::good, "reached over TLS, median round trip " + ms_text(median)).value_ms =
            to_seconds(median) * 1e3;
        const Nanos offset = *client_.clock_offset();
        const bool is_off = std::chrono::abs(offset) > kClockLimit;
        add("clock", is_off ? Finding::warning : Finding::good,
            "the venue's clock is " + ms_text(std::chrono::abs(offset)) + (offset < Nanos{0} ? " behind" : " ahead") +
                ", known to " + ms_text(round_trips.front() / 2),
            is_off ? "set this machine's clock (NTP)" : "")
            .value_ms = to_seconds(offset) * 1e3;
        return true;
    }

    void say_stream(const OpenedStream& stream) {
        if (stream.opened_after) {
            add("stream", Finding::good, "open after " + ms_text(*stream.opened_after));
            return;
        }
        const std::string why = stream.closed ? stream.closed->text : "no handshake in time";
        const auto blocked =
            stream.closed ? access::geo_block(stream.closed->http_status, stream.closed->text) : std::nullopt;
        add("stream", Finding::failed, blocked.value_or(why),
            blocked ? "set a proxy or the venue's regional host" : remedy_for({Errc::unavailable, why}));
    }

    void say_limits() {
        std::string text;
        for (const access::PublishedLimit& limit : access::published_limits(site_.site).requests) {
            text += (text.empty() ? "" : ", ") + std::to_string(limit.limit) +
                    (limit.counts_weight ? " weight in " : " requests in ") +
                    std::to_string(limit.span / std::chrono::seconds{1}) + " s" +
                    (limit.pool == access::Pool::analytics ? " (/futures/data)" : "");
        }
        if (const auto used = last_.header("x-mbx-used-weight-1m")) text += "; used now: " + std::string(*used);
        add("limits", Finding::good, text + "; planned with 80 %");
    }

    void check_key(const std::map<std::string, std::string>& environment, bool is_reached) {
        const auto credentials = config::read_credentials(exchange::venue_of(site_.site), environment);
        if (!credentials) {
            add("key", Finding::failed, credentials.error().what, "market data needs no key: unset the variables");
            return;
        }
        if (!*credentials) {
            add("key", Finding::note, "no key; market data needs none");
            return;
        }
        if (!is_reached) return;
        ask_key(**credentials);
    }

    void ask_key(const exchange::Credentials& credentials) {
        const std::string key = exchange::masked(credentials.key);
        const auto answer = client_.get_signed(exchange::key_information_target(site_.site), credentials);
        if (!answer) {
            add("key", Finding::failed, key + ": " + answer.error().what,
                answer.error().code == Errc::configuration ? "check the secret" : remedy_for(answer.error()));
            return;
        }
        if (const auto refusal = refusal_in(site_.site, *answer)) {
            if (refusal->kind == exchange::ErrorClass::authentication) standing_ = KeyStanding::refused;
            add("key", Finding::failed, key + ": " + refusal->text, remedy_for_key(*refusal));
            return;
        }
        auto information = exchange::read_key_information(site_.site, answer->body);
        if (!information) {
            add("key", Finding::failed, key + ": " + information.error().what, "is rest_url the venue's REST host?");
            return;
        }
        const std::string why_unknown = information->may_withdraw ? "" : ask_rights(credentials, *information);
        judge_key(key, *information, why_unknown);
    }

    /// Asks the site of the same venue that knows the key what it may do.
    ///   out: why that stays unknown; empty when it was said
    std::string ask_rights(const exchange::Credentials& credentials, exchange::KeyInformation& information) {
        constexpr Site kKnowing = Site::binance_spot;
        if (!site_.rights_hosts) return "this site does not say";
        SiteClient client(kKnowing, *site_.rights_hosts, is_stopping_);
        const std::string where = site_.rights_hosts->rest_url + ": ";
        const auto answer = client.get_signed(exchange::key_information_target(kKnowing), credentials);
        if (!answer) return where + answer.error().what;
        if (const auto refusal = refusal_in(kKnowing, *answer)) return where + refusal->text;
        const auto rights = exchange::read_key_information(kKnowing, answer->body);
        if (!rights) return where + rights.error().what;
        information.may_withdraw = rights->may_withdraw;
        information.is_address_bound = rights->is_address_bound;
        information.created_at = rights->created_at;
        information.expires_at = rights->expires_at;
        return {};
    }

    static std::string remedy_for_key(const exchange::VenueError& refusal) {
        if (refusal.kind == exchange::ErrorClass::clock) return "set this machine's clock (NTP)";
        if (refusal.code == 33004) return "make a new key: this one has ended";
        if (refusal.code == 10005) return "give the key the right to read";
        if (refusal.code == 10004 || refusal.code == -1022) return "check the secret: it is not this key's";
        return "a key belongs to one environment (main, testnet, demo), may have ended or be bound to an address";
    }

    void judge_key(const std::string& key, const exchange::KeyInformation& information,
                   const std::string& why_unknown) {
        const Timestamp now = net::wall_now();
        std::string text = key + (information.may_trade() ? " may trade" : " may only read");
        if (information.created_at) {
            text += ", " + std::to_string((now - *information.created_at) / std::chrono::hours{24}) + " days old";
        }
        if (information.expires_at) {
            text += ", ends in " + std::to_string((*information.expires_at - now) / std::chrono::hours{24}) + " days";
        }
        if (information.may_withdraw.value_or(false)) {
            standing_ = KeyStanding::refused;
            add("key", Finding::failed, text + ", and may WITHDRAW: refused",
                "make a key without the right to withdraw, and delete this one");
            return;
        }
        standing_ = KeyStanding::accepted;
        if (!information.may_withdraw) text += ", and whether it may WITHDRAW is unknown (" + why_unknown + ")";
        const bool is_ending = information.expires_at && *information.expires_at - now < kSoon;
        const bool is_old = information.created_at && now - *information.created_at > kOldKey;
        const bool is_loose = information.is_address_bound == false;
        std::string remedy;
        const auto advise = [&](std::string_view what) {
            if (!remedy.empty()) remedy += "; ";
            remedy += what;
        };
        if (!information.may_withdraw) advise("look at the venue's page of keys: this one must not withdraw");
        if (is_loose) advise("bind it to this machine's address");
        if (is_ending || is_old) advise("make a new key");
        const Finding finding = remedy.empty() ? Finding::good : Finding::warning;
        add("key", finding, text + (is_loose ? ", from any address" : ""), std::move(remedy));
    }

    const SiteToCheck& site_;
    StopCheck is_stopping_;
    SiteClient client_;
    KeyStanding standing_ = KeyStanding::unknown;
    net::HttpResponse last_;
    std::vector<Check> checks_;
};

}  // namespace

Result<std::vector<SiteToCheck>> configured_sites(const config::Config& config) {
    std::vector<SiteToCheck> sites;
    for (const SiteAddress& address : configured_addresses(config)) {
        VT_TRY(const net::TlsContext tls, net::TlsContext::client({.authorities_file = address.ca_file}));
        gateway::SiteHosts hosts{.rest_url = address.rest_url, .stream_url = address.stream_url, .tls = tls};
        VT_TRY(hosts.route, config::route_of(config, address.proxy, address.local_address));
        SiteToCheck site{address.site, std::move(hosts), stream_path(address.site, config)};
        if (address.site == Site::binance_futures) {
            site.rights_hosts = site.hosts;
            site.rights_hosts->rest_url = config.binance.spot_rest_url;
        }
        sites.push_back(std::move(site));
    }
    return sites;
}

std::vector<Check> check_site(const SiteToCheck& site, const std::map<std::string, std::string>& credentials,
                              Nanos limit) {
    std::vector<Check> checks = Visit(site, stops_after(limit)).run(credentials, limit);
    for (Check& check : checks) {
        if (check.finding == Finding::failed && check.text.ends_with("stopped")) {
            check.text.resize(check.text.size() - std::string_view("stopped").size());
            check.text += "no answer within " + ms_text(limit);
        }
    }
    return checks;
}

KeyCheck check_key(const SiteToCheck& site, const exchange::Credentials& credentials, StopCheck is_stopping) {
    return Visit(site, std::move(is_stopping)).run_key(credentials);
}

}  // namespace vt::runtime
