#pragma once

#include "base/time.hpp"
#include "exchange/flights.hpp"
#include "exchange/protocol.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace vt::exchange::bybit {

enum class RequestKind : std::uint8_t {
    time,
    instruments,
    tickers,
    candles,
    open_interest,
    account_ratio,
    funding,
    margin_tiers
};
[[nodiscard]] std::string_view name(RequestKind kind);

/// One REST question and how often it was asked.
struct Request {
    RequestKind kind = RequestKind::time;
    market::Category category = market::Category::linear;  ///< of all but time
    std::string symbol;                                    ///< of the histories and the margin tiers
    std::string cursor;                                    ///< of instruments: the page
    Nanos interval{};                                      ///< of candles
    Timestamp from;                                        ///< of candles: the first open time
    std::uint32_t limit = 0;                               ///< rows
    std::uint32_t attempt = 0;
    bool is_history = false;  ///< part of the start: `is_backfilled` waits for it
    Timestamp not_before;
};

/// The path and query of a request, exactly as sent.
[[nodiscard]] std::string target_of(const Request& request);

/// The requests of one venue: paced, few in flight, the catalogue before the histories, stopped while the venue says
/// so. Bybit's budget is 600 requests in 5 s for an IP; this stays a twelfth of it.
///   cost: O(waiting) for each release
class RequestQueue {
public:
    struct Limits {
        std::uint32_t per_second = 10;
        std::size_t in_flight = 3;
        std::size_t waiting = 20'000;
        Nanos answer_timeout = std::chrono::seconds{60};  ///< a reply lost on the way counts as no answer
        std::uint64_t first_id = 1;                       ///< numbers of two queues of a venue must not meet
    };
    explicit RequestQueue(Limits limits) : limits_(limits), next_id_(limits.first_id) {}

    /// False: the queue is full and the request was not taken.
    [[nodiscard]] bool push(Request request);
    /// Hands out what the pace, the flight limit and a pause allow.
    void release(Timestamp now, Output& out);
    /// The request a reply belongs to; nullopt for one that nobody waits for.
    [[nodiscard]] std::optional<Request> take(RequestId id) { return flights_.take(id); }
    /// Asks again after retry_delay().
    void retry(Request request, Timestamp now);
    /// Nothing is handed out before `until`.
    void pause_until(Timestamp until) { paused_until_ = std::max(paused_until_, until); }
    [[nodiscard]] Timestamp paused_until() const { return paused_until_; }
    [[nodiscard]] std::size_t history_count() const;

private:
    Limits limits_;
    std::deque<Request> urgent_;
    std::deque<Request> waiting_;
    Flights<Request> flights_;
    std::uint64_t next_id_;
    Timestamp next_slot_;
    Timestamp paused_until_;
};

}  // namespace vt::exchange::bybit
