// The part of the feed that chooses what to follow and keeps the choice in step with what the venue lists.

#include "exchange/bybit/feed_parts.hpp"

#include <algorithm>

namespace vt::exchange::bybit {
namespace {

bool is_closed(const market::Instrument& instrument) { return instrument.status == market::TradingStatus::closed; }

const market::Instrument* find_in(const std::vector<market::Instrument>& list, const std::string& symbol) {
    const auto found = std::find_if(
        list.begin(), list.end(), [&](const market::Instrument& instrument) { return instrument.symbol == symbol; });
    return found == list.end() ? nullptr : &*found;
}

/// What is chosen by turnover: perpetuals and pairs in the category's usual quote currency.
bool is_candidate(const market::Instrument& instrument) {
    if (!instrument.is_trading() || instrument.kind() == market::ContractKind::dated) return false;
    switch (instrument.category) {
        case market::Category::linear: return instrument.quote == "USDT" && instrument.settle == "USDT";
        case market::Category::inverse: return instrument.quote == "USD";
        case market::Category::spot: return instrument.quote == "USDT";
    }
    return false;
}

std::size_t count_open(const std::vector<market::Instrument>& chosen) {
    return static_cast<std::size_t>(std::count_if(
        chosen.begin(), chosen.end(), [](const market::Instrument& instrument) { return !is_closed(instrument); }));
}

bool has_new_terms(const market::Instrument& fresh, const market::Instrument& known) {
    return fresh.status != known.status || fresh.funding_interval != known.funding_interval ||
           fresh.delivers_at != known.delivers_at || fresh.limits != known.limits;
}

}  // namespace

Result<void> check_capabilities(const FeedParams& params) {
    if (params.categories.empty())
        return fail(Errc::configuration, "bybit: no category to follow; it offers linear, inverse and spot");
    const auto check_depth = [](std::uint32_t depth, const std::string& of) -> Result<void> {
        if (std::find(kBookDepths.begin(), kBookDepths.end(), depth) != kBookDepths.end()) return {};
        return fail(Errc::configuration, "bybit: a book of " + std::to_string(depth) + " levels" + of +
                                             " is not offered; 1, 50, 200 and 1000 are. 50 are taken");
    };
    if (Result<void> usual = check_depth(params.depth, ""); !usual) return usual;
    for (const NamedDepth& named : params.depths) {
        if (Result<void> one = check_depth(named.depth, " for " + named.symbol); !one) return one;
    }
    return {};
}

std::vector<market::Instrument> select(const FeedParams& params, const std::vector<market::Instrument>& catalogue,
                                       const std::vector<TickerRow>& tickers,
                                       const std::vector<market::Instrument>& chosen) {
    std::vector<market::Instrument> fresh;
    for (const std::string& symbol : params.symbols) {
        const market::Instrument* const found = find_in(catalogue, symbol);
        const bool is_known = find_in(chosen, symbol) != nullptr || find_in(fresh, symbol) != nullptr;
        if (found != nullptr && found->is_trading() && !is_known) fresh.push_back(*found);
    }
    if (!params.symbols.empty()) return fresh;
    struct Candidate {
        double turnover = 0;
        const market::Instrument* instrument = nullptr;
    };
    std::map<std::string_view, double> turnovers;
    for (const TickerRow& row : tickers) turnovers[row.symbol] = row.turnover_24h_quote;
    std::vector<Candidate> candidates;
    for (const market::Instrument& instrument : catalogue) {
        const auto turnover = turnovers.find(instrument.symbol);
        if (turnover == turnovers.end() || !is_candidate(instrument)) continue;
        if (find_in(chosen, instrument.symbol) == nullptr) candidates.push_back({turnover->second, &instrument});
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.turnover != b.turnover ? a.turnover > b.turnover : a.instrument->symbol < b.instrument->symbol;
    });
    const std::size_t followed = count_open(chosen);
    for (const Candidate& candidate : candidates) {
        if (followed + fresh.size() >= params.top_n) break;
        fresh.push_back(*candidate.instrument);
    }
    return fresh;
}

bool Feed::Impl::has_vacancy(const FeedPart& part) const {
    if (!part.is_selected) return true;
    if (params.symbols.empty()) return count_open(part.chosen) < params.top_n;
    return std::any_of(params.symbols.begin(), params.symbols.end(), [&](const std::string& symbol) {
        const market::Instrument* const found = find_in(part.catalogue, symbol);
        return found != nullptr && found->is_trading() && find_in(part.chosen, symbol) == nullptr;
    });
}

void Feed::Impl::choose(FeedPart& part, const std::vector<TickerRow>& tickers, Timestamp now, Output& out) {
    for (const market::Instrument& instrument : select(params, part.catalogue, tickers, part.chosen)) {
        part.chosen.push_back(instrument);
        part.announced.push_back(instrument.symbol);
        out.listings.push_back({instrument});
        queue_history(instrument, now, out);
    }
    if (part.is_selected) return;
    part.is_selected = true;
    name_missing(out);
}

// A name is missing when every category has answered and none trades it.
void Feed::Impl::name_missing(Output& out) const {
    std::string searched;
    bool has_any = false;
    for (const FeedPart& part : parts) {
        if (!part.is_selected) return;
        searched += (searched.empty() ? "" : ", ") + std::string(market::name(part.category));
        has_any = has_any || !part.chosen.empty();
    }
    for (const std::string& symbol : params.symbols) {
        const bool is_followed = std::any_of(parts.begin(), parts.end(), [&](const FeedPart& part) {
            return find_in(part.chosen, symbol) != nullptr;
        });
        if (!is_followed)
            out.rejections.push_back(
                {"bybit catalogue",
                 std::string("'").append(symbol).append("' is not traded now in: ").append(searched)});
    }
    if (!has_any)
        out.rejections.push_back(
            {"bybit catalogue", "no instrument to follow in: " + searched + "; check the configured symbols"});
}

// A book counted in the old steps must not meet an update in the new ones.
void Feed::Impl::relist_changed(FeedPart& part, Timestamp now, Output& out) {
    part.next_refresh_at = std::max(part.next_refresh_at, now + std::chrono::seconds{60});
    for (market::Instrument& known : part.chosen) {
        const market::Instrument* const fresh = find_in(part.catalogue, known.symbol);
        const bool was_closed = is_closed(known);
        if (fresh == nullptr && was_closed) continue;
        const bool has_new_steps =
            fresh != nullptr && (fresh->tick_size != known.tick_size || fresh->lot_size != known.lot_size);
        if (fresh != nullptr && !has_new_steps && !has_new_terms(*fresh, known)) continue;
        auto tiers = std::move(known.margin_tiers);  // the catalogue does not have them
        if (fresh != nullptr)
            known = *fresh;
        else
            known.status = market::TradingStatus::closed;
        known.margin_tiers = std::move(tiers);
        out.listings.push_back({known});
        const auto id = directory.find(market::Venue::bybit, part.category, known.symbol);
        if (!id) continue;
        for (FeedConnection& connection : connections) {
            if (is_closed(known) != was_closed)
                connection.session->set_listed(*id, !is_closed(known), now, out);
            else if (has_new_steps)
                connection.session->resync_book(*id, market::BookGap::off_step, "price or size step changed", now,
                                                out);
        }
    }
}

}  // namespace vt::exchange::bybit
