#include "exchange/binance/request_queue.hpp"

#include "exchange/binance/codec.hpp"
#include "exchange/stream_status.hpp"

#include <algorithm>

namespace vt::exchange::binance {
namespace {

std::size_t rank_of(RequestKind kind) {
    switch (kind) {
        case RequestKind::time:
        case RequestKind::catalogue:
        case RequestKind::tickers:
        case RequestKind::funding_terms:
        case RequestKind::premium_index: return 0;
        case RequestKind::depth:
        case RequestKind::open_interest: return 1;
        case RequestKind::candles:
        case RequestKind::open_interest_history:
        case RequestKind::account_ratio:
        case RequestKind::top_account_ratio:
        case RequestKind::top_position_ratio:
        case RequestKind::funding: return 2;
    }
    return 2;
}

bool is_futures_data(RequestKind kind) { return kind == RequestKind::open_interest_history || ratio_of(kind); }

}  // namespace

std::string_view name(RequestKind kind) {
    switch (kind) {
        case RequestKind::time: return "time";
        case RequestKind::catalogue: return "exchangeInfo";
        case RequestKind::tickers: return "ticker/24hr";
        case RequestKind::funding_terms: return "fundingInfo";
        case RequestKind::premium_index: return "premiumIndex";
        case RequestKind::depth: return "depth";
        case RequestKind::open_interest: return "openInterest";
        case RequestKind::candles: return "klines";
        case RequestKind::open_interest_history: return "openInterestHist";
        case RequestKind::account_ratio: return "globalLongShortAccountRatio";
        case RequestKind::top_account_ratio: return "topLongShortAccountRatio";
        case RequestKind::top_position_ratio: return "topLongShortPositionRatio";
        case RequestKind::funding: return "fundingRate";
    }
    return "unknown";
}

std::optional<market::RatioOf> ratio_of(RequestKind kind) {
    switch (kind) {
        case RequestKind::account_ratio: return market::RatioOf::accounts;
        case RequestKind::top_account_ratio: return market::RatioOf::top_accounts;
        case RequestKind::top_position_ratio: return market::RatioOf::top_positions;
        case RequestKind::time:
        case RequestKind::catalogue:
        case RequestKind::tickers:
        case RequestKind::funding_terms:
        case RequestKind::premium_index:
        case RequestKind::depth:
        case RequestKind::open_interest:
        case RequestKind::candles:
        case RequestKind::open_interest_history:
        case RequestKind::funding: return std::nullopt;
    }
    return std::nullopt;
}

std::string target_of(const Request& request, Site site) {
    const bool is_spot = site == Site::binance_spot;
    const std::string prefix = is_futures_data(request.kind) ? "/futures/data/" : is_spot ? "/api/v3/" : "/fapi/v1/";
    const std::string path = prefix + std::string(name(request.kind));
    const std::string of_symbol = path + "?symbol=" + request.symbol;
    const std::string limit = "&limit=" + std::to_string(request.limit);
    switch (request.kind) {
        case RequestKind::time:
        case RequestKind::tickers:
        case RequestKind::funding_terms:
        case RequestKind::premium_index: return path;
        // 17 MB with everything: 3,600 symbols, most of them not traded, each with a list of permissions.
        case RequestKind::catalogue: return is_spot ? path + "?showPermissionSets=false&symbolStatus=TRADING" : path;
        case RequestKind::open_interest: return of_symbol;
        case RequestKind::depth:
        case RequestKind::funding: return of_symbol + limit;
        case RequestKind::open_interest_history: return of_symbol + "&period=5m" + limit;
        case RequestKind::account_ratio:
        case RequestKind::top_account_ratio:
        case RequestKind::top_position_ratio:
            // Their past is judged by the hour, over 30 days: 500 samples of five minutes would be 41 hours.
            return of_symbol + (request.is_history ? "&period=1h" : "&period=5m") + limit;
        case RequestKind::candles:
            return of_symbol + "&interval=" + interval_name(request.interval) +
                   "&startTime=" + std::to_string(to_ms(request.from)) + limit;
    }
    return path;
}

// https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api and rest-api.md, read
// 2026-07
std::uint32_t weight_of(const Request& request, Site site) {
    const bool is_spot = site == Site::binance_spot;
    switch (request.kind) {
        case RequestKind::time:
        case RequestKind::open_interest:
        case RequestKind::funding:
        case RequestKind::funding_terms: return 1;
        case RequestKind::premium_index: return 10;
        case RequestKind::catalogue: return is_spot ? 20 : 1;
        case RequestKind::tickers: return is_spot ? 80 : 40;
        case RequestKind::depth:
            if (is_spot)
                return request.limit <= 100 ? 5 : request.limit <= 500 ? 25 : request.limit <= 1000 ? 50 : 250;
            return request.limit <= 50 ? 2 : request.limit <= 100 ? 5 : request.limit <= 500 ? 10 : 20;
        case RequestKind::candles:
            if (is_spot) return 2;
            return request.limit < 100 ? 1 : request.limit < 500 ? 2 : request.limit <= 1000 ? 5 : 10;
        case RequestKind::open_interest_history:
        case RequestKind::account_ratio:
        case RequestKind::top_account_ratio:
        case RequestKind::top_position_ratio: return 0;
    }
    return 1;
}

RequestQueue::RequestQueue(Limits limits, Site site) : limits_(limits), site_(site) {
    weight_ = {.per_second = limits.weight_per_minute / 60.0,
               .most = static_cast<double>(limits.burst_weight),
               .left = static_cast<double>(limits.burst_weight),
               .filled_at = {}};
    data_ = {.per_second = limits.data_per_minute / 60.0, .most = 20, .left = 20, .filled_at = {}};
}

bool RequestQueue::Bucket::take(double weight, Timestamp now) {
    if (filled_at) {
        const double seconds = static_cast<double>((now - *filled_at).count()) / 1e9;
        left = std::min(most, left + std::max(0.0, seconds) * per_second);
    }
    filled_at = now;
    if (left < std::min(weight, most)) return false;
    left -= weight;
    return true;
}

bool RequestQueue::push(Request request) {
    std::deque<Request>& queue = queues_[rank_of(request.kind)];
    if (queue.size() >= limits_.waiting) return false;
    queue.push_back(std::move(request));
    return true;
}

void RequestQueue::release(Timestamp now, Output& out) {
    for (Request& request : flights_.take_lost(now, limits_.answer_timeout)) retry(std::move(request), now);
    if (now < paused_until_) return;
    for (std::deque<Request>& queue : queues_) {
        bool is_spent[2] = {false, false};  // the budget is: later ones of the same kind wait too
        for (auto next = queue.begin(); next != queue.end() && flights_.size() < limits_.in_flight;) {
            const bool is_data = is_futures_data(next->kind);
            const std::uint32_t weight = weight_of(*next, site_);
            if (next->not_before > now || is_spent[is_data ? 1 : 0]) {
                ++next;
                continue;
            }
            if (!(is_data ? data_.take(1, now) : weight_.take(weight, now))) {
                is_spent[is_data ? 1 : 0] = true;
                ++next;
                continue;
            }
            const std::uint64_t number = kLive | (site_ == Site::binance_spot ? kSpot : 0) | next_id_++;
            const RequestId id = request_id(market::Venue::binance, number);
            out.actions.emplace_back(HttpGet{.request = id,
                                             .site = site_,
                                             .target = target_of(*next, site_),
                                             .not_before = now,
                                             .priority = next->is_history ? Priority::history : Priority::live,
                                             .weight = weight});
            flights_.add(id, std::move(*next), now);
            next = queue.erase(next);
        }
        if (is_spent[0]) return;  // what is more urgent waits for weight: nothing behind it takes that away
    }
}

void RequestQueue::retry(Request request, Timestamp now) {
    request.not_before = now + retry_delay(request.attempt);
    ++request.attempt;
    queues_[rank_of(request.kind)].push_front(std::move(request));
}

std::size_t RequestQueue::history_count() const {
    const auto is_history = [](const Request& request) { return request.is_history; };
    std::size_t count = flights_.count_if(is_history);
    for (const std::deque<Request>& queue : queues_)
        count += static_cast<std::size_t>(std::count_if(queue.begin(), queue.end(), is_history));
    return count;
}

}  // namespace vt::exchange::binance
