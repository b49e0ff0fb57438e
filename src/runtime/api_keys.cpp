#include "runtime/api_keys.hpp"

#include "config/credentials.hpp"

#include <algorithm>
#include <utility>

namespace vt::runtime {

std::vector<Check> ApiKeys::reload(const std::map<std::string, std::string>& environment) {
    std::vector<Check> checks;
    for (const market::Venue venue : {market::Venue::bybit, market::Venue::binance}) {
        reload_venue(venue, environment, checks);
    }
    return checks;
}

void ApiKeys::reload_venue(market::Venue venue, const std::map<std::string, std::string>& environment,
                           std::vector<Check>& checks) {
    const auto is_here = [&](const SiteToCheck& site) { return exchange::venue_of(site.site) == venue; };
    if (std::none_of(sites_.begin(), sites_.end(), is_here)) return;
    const auto say = [&](Finding finding, std::string text, std::string remedy) {
        checks.push_back({.subject = std::string(market::name(venue)),
                          .name = "key",
                          .finding = finding,
                          .text = std::move(text),
                          .remedy = std::move(remedy),
                          .value_ms = std::nullopt});
    };
    auto read = config::read_credentials(venue, environment);
    if (!read) say(Finding::failed, read.error().what, "correct it and send SIGHUP again");
    if (read && !*read) {
        say(Finding::note, "no key; market data needs none", "");
        in_use_.erase(venue);
        return;
    }
    const exchange::Credentials* const kept = of(venue);
    const bool is_same =
        read && kept != nullptr && kept->key == (*read)->key && kept->secret.reveal() == (*read)->secret.reveal();
    KeyStanding standing = read ? ask(venue, **read, checks) : KeyStanding::unknown;
    if (is_stopping_ && is_stopping_()) return;
    if (read && standing == KeyStanding::accepted) {
        in_use_.insert_or_assign(venue, std::move(**read));
        return;
    }
    if (kept == nullptr) return;
    const std::string name = exchange::masked(kept->key);
    if (!is_same) {
        say(Finding::note, name + " stays in use", "");
        standing = ask(venue, *kept, checks);
        if (is_stopping_ && is_stopping_()) return;
    } else if (standing == KeyStanding::unknown) {
        say(Finding::warning, name + " stays in use, although the venue did not say what it may do", "");
    }
    if (standing != KeyStanding::refused) return;
    say(Finding::failed, name + " is refused by the venue and no longer in use: there is no key now",
        "make a new key, put it where this one was, and send SIGHUP");
    in_use_.erase(venue);
}

KeyStanding ApiKeys::ask(market::Venue venue, const exchange::Credentials& credentials,
                         std::vector<Check>& checks) const {
    KeyStanding worst = KeyStanding::accepted;
    for (const SiteToCheck& site : sites_) {
        if (exchange::venue_of(site.site) != venue) continue;
        KeyCheck found = check_key(site, credentials, is_stopping_);
        worst = std::max(worst, found.standing);
        checks.push_back(std::move(found.check));
    }
    return worst;
}

const exchange::Credentials* ApiKeys::of(market::Venue venue) const {
    const auto found = in_use_.find(venue);
    return found == in_use_.end() ? nullptr : &found->second;
}

}  // namespace vt::runtime
