#include "exchange/bybit/request_queue.hpp"

#include "exchange/stream_status.hpp"

#include <algorithm>
#include <vector>

namespace vt::exchange::bybit {
namespace {

/// Cursors come percent-encoded and go back as they are; what could break a request line is encoded.
std::string encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "-._~%";
    std::string out;
    for (const char c : text) {
        const bool is_alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_alphanumeric || kPlain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4U];
        out += kHex[byte & 15U];
    }
    return out;
}

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
        case RequestKind::funding: return false;
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
    }
    return "unknown";
}

std::string target_of(const Request& request) {
    std::string path = "/v5/market/" + std::string(name(request.kind));  // returned as it is by some
    const std::string of_category = path + "?category=" + std::string(market::name(request.category));
    const std::string of_symbol = of_category + "&symbol=" + encoded(request.symbol);
    const std::string limit = "&limit=" + std::to_string(request.limit);
    switch (request.kind) {
        case RequestKind::time: return path;
        case RequestKind::tickers: return of_category;
        case RequestKind::instruments: {
            const std::string page = request.cursor.empty() ? "" : "&cursor=" + encoded(request.cursor);
            // Spot knows no limit and no pages: it answers with everything.
            return of_category + (request.category == market::Category::spot ? "" : "&limit=1000") + page;
        }
        case RequestKind::candles: {
            const Timestamp last = request.from + request.interval * (std::max(request.limit, 1U) - 1);
            return of_symbol + "&interval=" + interval_name(request.interval) +
                   "&start=" + std::to_string(to_ms(request.from)) + "&end=" + std::to_string(to_ms(last)) + limit;
        }
        case RequestKind::open_interest: return of_symbol + "&intervalTime=5min" + limit;
        case RequestKind::account_ratio: return of_symbol + "&period=5min" + limit;
        case RequestKind::funding: return of_symbol + limit;
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
    std::vector<Request> unanswered;
    for (auto flight = flights_.begin(); flight != flights_.end();) {
        const bool is_lost = now - flight->second.released_at >= limits_.answer_timeout;
        if (is_lost) unanswered.push_back(std::move(flight->second.request));
        flight = is_lost ? flights_.erase(flight) : std::next(flight);
    }
    for (Request& request : unanswered) retry(std::move(request), now);
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
            flights_.emplace(id, Flight{std::move(*next), now});
            next = queue->erase(next);
        }
    }
}

std::optional<Request> RequestQueue::take(RequestId id) {
    const auto found = flights_.find(id);
    if (found == flights_.end()) return std::nullopt;
    Request request = std::move(found->second.request);
    flights_.erase(found);
    return request;
}

void RequestQueue::retry(Request request, Timestamp now) {
    constexpr Nanos kFirst = std::chrono::milliseconds{500};
    constexpr Nanos kLongest = std::chrono::seconds{60};
    const std::uint32_t doublings = std::min(request.attempt, 7U);
    request.not_before = now + std::min(kLongest, kFirst * (1U << doublings));
    ++request.attempt;
    std::deque<Request>& queue = is_urgent(request) ? urgent_ : waiting_;
    queue.push_front(std::move(request));
}

std::size_t RequestQueue::history_count() const {
    const auto is_history = [](const Request& request) { return request.is_history; };
    const auto waiting = std::count_if(waiting_.begin(), waiting_.end(), is_history);
    const auto flying = std::count_if(flights_.begin(), flights_.end(),
                                      [](const auto& flight) { return flight.second.request.is_history; });
    return static_cast<std::size_t>(waiting + flying);
}

}  // namespace vt::exchange::bybit
