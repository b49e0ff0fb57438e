#pragma once

#include "base/time.hpp"
#include "exchange/flights.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace vt::exchange::binance {

enum class RequestKind : std::uint8_t {
    time,
    catalogue,
    tickers,
    funding_terms,
    premium_index,
    depth,
    open_interest,
    candles,
    open_interest_history,
    account_ratio,
    top_account_ratio,
    top_position_ratio,
    funding,
};
[[nodiscard]] std::string_view name(RequestKind kind);
/// The requests for long/short ratios, each for one kind of them.
inline constexpr std::array kRatioRequests = {RequestKind::account_ratio, RequestKind::top_account_ratio,
                                              RequestKind::top_position_ratio};
[[nodiscard]] std::optional<market::RatioOf> ratio_of(RequestKind kind);

/// One REST question and how often it was asked.
struct Request {
    RequestKind kind = RequestKind::time;
    std::string symbol;
    Nanos interval{};         ///< of candles
    Timestamp from;           ///< of candles: the first open time
    std::uint32_t limit = 0;  ///< rows, or levels
    std::uint32_t attempt = 0;
    bool is_history = false;  ///< part of the start: `is_backfilled` waits for it
    Timestamp not_before;
};

/// The path and query of a request, exactly as sent, and what it costs by the venue's table.
[[nodiscard]] std::string target_of(const Request& request, Site site);
[[nodiscard]] std::uint32_t weight_of(const Request& request, Site site);

/// The requests of one site: catalogue before snapshots before polls and histories, few in flight, within a share of
/// the site's weight for each minute, stopped while the venue says so. /futures/data has a budget of its own there.
///   cost: O(waiting) for each release
class RequestQueue {
public:
    struct Limits {
        std::uint32_t weight_per_minute = 1200;  ///< half of what the venue allows
        std::uint32_t burst_weight = 400;
        std::uint32_t data_per_minute = 100;  ///< /futures/data: half of 1000 in 5 minutes
        std::size_t in_flight = 4;
        std::size_t waiting = 20'000;
        Nanos answer_timeout = std::chrono::seconds{60};  ///< a reply lost on the way counts as no answer
    };
    RequestQueue(Limits limits, Site site);

    /// False: the queue is full and the request was not taken.
    [[nodiscard]] bool push(Request request);
    void release(Timestamp now, Output& out);
    /// The request a reply belongs to; nullopt for one that nobody waits for.
    [[nodiscard]] std::optional<Request> take(RequestId id) { return flights_.take(id); }
    /// Asks again after retry_delay().
    void retry(Request request, Timestamp now);
    void pause_until(Timestamp until) { paused_until_ = std::max(paused_until_, until); }
    [[nodiscard]] Timestamp paused_until() const { return paused_until_; }
    [[nodiscard]] std::size_t history_count() const;

    /// Is this the id of a request of a queue, and not of a recording's snapshot?
    [[nodiscard]] static bool is_live(RequestId id) { return (id.value() & kLive) != 0; }
    [[nodiscard]] static Site site_of(RequestId id) {
        return (id.value() & kSpot) != 0 ? Site::binance_spot : Site::binance_futures;
    }

private:
    static constexpr std::uint64_t kLive = std::uint64_t{1} << 55U;
    static constexpr std::uint64_t kSpot = std::uint64_t{1} << 54U;

    /// Weight that refills evenly.
    struct Bucket {
        double per_second = 0;
        double most = 0;
        double left = 0;
        std::optional<Timestamp> filled_at;
        [[nodiscard]] bool take(double weight, Timestamp now);
    };

    Limits limits_;
    Site site_;
    std::array<std::deque<Request>, 3> queues_;  ///< catalogue; snapshots and polls; histories
    Bucket weight_;
    Bucket data_;
    Flights<Request> flights_;
    std::uint64_t next_id_ = 1;
    Timestamp paused_until_;
};

}  // namespace vt::exchange::binance
