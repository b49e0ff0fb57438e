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
    bool is_refused = !read;
    if (!read) say(Finding::failed, read.error().what, "correct it and send SIGHUP again");
    if (read && !*read) {
        say(Finding::note, "no key; market data needs none", "");
        in_use_.erase(venue);
        return;
    }
    const auto ask_all = [&](const exchange::Credentials& credentials) {
        bool is_good = true;
        for (const SiteToCheck& site : sites_) {
            if (!is_here(site)) continue;
            checks.push_back(check_key(site, credentials));
            is_good &= checks.back().finding != Finding::failed;
        }
        return is_good;
    };
    if (read) is_refused = !ask_all(**read);
    if (!is_refused) {
        in_use_.insert_or_assign(venue, std::move(**read));
        return;
    }
    const exchange::Credentials* const kept = of(venue);
    if (kept == nullptr) return;
    say(Finding::note, exchange::masked(kept->key) + " stays in use", "");
    (void)ask_all(*kept);
}

const exchange::Credentials* ApiKeys::of(market::Venue venue) const {
    const auto found = in_use_.find(venue);
    return found == in_use_.end() ? nullptr : &found->second;
}

}  // namespace vt::runtime
