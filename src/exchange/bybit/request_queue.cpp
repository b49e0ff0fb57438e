#include "exchange/bybit/request_queue.hpp"

#include "base/percent_encoding.hpp"
#include "exchange/stream_status.hpp"

#include <algorithm>

namespace vt::exchange::bybit {
namespace {

std::string interval_name(Nanos interval) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(interval).count();
    return minutes == 24 * 60 ? "D" : std::to_string(minutes);
}

bool is_urgent(const Request& request) {
    switch (request.kind) {
        case RequestKind::time:
        case RequestKind::instruments:
        case RequestKind::tickers: return true;
        case RequestKind::candles:
        case RequestKind::open_interest:
        case RequestKind::account_ratio:
        case RequestKind::funding:
        case RequestKind::margin_tiers: return false;
    }
    return false;
}

}  // namespace

std::string_view name(RequestKind kind) {
    switch (kind) {
        case RequestKind::time: return "time";
        case RequestKind::instruments: return "instruments-info";
        case RequestKind::tickers: return "tickers";
        case RequestKind::candles: return "kline";
        case RequestKind::open_interest: return "open-interest";
        case RequestKind::account_ratio: return "account-ratio";
        case RequestKind::funding: return "funding/history";
        case RequestKind::margin_tiers: return "risk-limit";
    }
    return "unknown";
}

std::string target_of(const Request& request) {
    std::string path = "/v5/market/" + std::string(name(request.kind));  // returned as it is by some
    const std::string of_category = path + "?category=" + std::string(market::name(request.category));
    const std::string of_symbol = of_category + "&symbol=" + percent_encoded(request.symbol);
    const std::string limit = "&limit=" + std::to_string(request.limit);
    switch (request.kind) {
        case RequestKind::time: return path;
        case RequestKind::tickers: return of_category;
        case RequestKind::instruments: {
            // Cursors come percent-encoded and go back as they are; what could break a request line is encoded.
            const std::string page =
                request.cursor.empty() ? "" : "&cursor=" + percent_encoded(request.cursor, "-._~%");
            // Spot knows no limit and no pages: it answers with everything.
            return of_category + (request.category == market::Category::spot ? "" : "&limit=1000") + page;
        }
        case RequestKind::candles: {
            const Timestamp last = request.from + request.interval * (std::max(request.limit, 1U) - 1);
            return of_symbol + "&interval=" + interval_name(request.interval) +
                   "&start=" + std::to_string(to_ms(request.from)) + "&end=" + std::to_string(to_ms(last)) + limit;
        }
        case RequestKind::open_interest: return of_symbol + "&intervalTime=5min" + limit;
        case RequestKind::account_ratio:
            // Its past is judged by the hour, over 30 days: 500 samples of five minutes would be 41 hours.
            return of_symbol + (request.is_history ? "&period=1h" : "&period=5min") + limit;
        case RequestKind::funding: return of_symbol + limit;
        case RequestKind::margin_tiers: return of_symbol;
    }
    return path;
}

bool RequestQueue::push(Request request) {
    std::deque<Request>& queue = is_urgent(request) ? urgent_ : waiting_;
    if (queue.size() >= limits_.waiting) return false;
    queue.push_back(std::move(request));
    return true;
}

void RequestQueue::release(Timestamp now, Output& out) {
    for (Request& request : flights_.take_lost(now, limits_.answer_timeout)) retry(std::move(request), now);
    if (now < paused_until_) return;
    const Nanos pace = Nanos{std::chrono::seconds{1}} / std::max(1U, limits_.per_second);
    for (std::deque<Request>* queue : {&urgent_, &waiting_}) {
        for (auto next = queue->begin(); next != queue->end() && flights_.size() < limits_.in_flight;) {
            if (next->not_before > now) {
                ++next;
                continue;
            }
            const RequestId id = request_id(market::Venue::bybit, next_id_++);
            const Timestamp slot = std::max(now, next_slot_);
            next_slot_ = slot + pace;
            out.actions.emplace_back(HttpGet{.request = id,
                                             .site = Site::bybit,
                                             .target = target_of(*next),
                                             .not_before = slot,
                                             .priority = next->is_history ? Priority::history : Priority::live});
            flights_.add(id, std::move(*next), now);
            next = queue->erase(next);
        }
    }
}

void RequestQueue::retry(Request request, Timestamp now) {
    request.not_before = now + retry_delay(request.attempt);
    ++request.attempt;
    std::deque<Request>& queue = is_urgent(request) ? urgent_ : waiting_;
    queue.push_front(std::move(request));
}

std::size_t RequestQueue::history_count() const {
    const auto is_history = [](const Request& request) { return request.is_history; };
    const auto waiting = std::count_if(waiting_.begin(), waiting_.end(), is_history);
    return static_cast<std::size_t>(waiting) + flights_.count_if(is_history);
}

}  // namespace vt::exchange::bybit
