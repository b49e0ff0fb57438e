#pragma once

#include "base/time.hpp"
#include "exchange/access/breaker.hpp"
#include "exchange/access/budget.hpp"
#include "exchange/access/limits.hpp"
#include "exchange/access/order_budget.hpp"
#include "exchange/access/verdict.hpp"
#include "exchange/protocol.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange::access {

struct AccessParams {
    double share = kPlannedShare;       ///< of the published limits, 0 .. 1; the rest is for other processes
    std::size_t waiting_max = 4096;     ///< requests of one priority that may wait
    std::size_t in_flight_max = 8;      ///< requests under way
    std::size_t history_in_flight = 4;  ///< of these, for history
    std::size_t askers_max = 16;        ///< of one request
};

/// A request that will not be sent, and why.
struct Refused {
    RequestId request;
    std::string why;
};

/// What to do now.
struct NextStep {
    std::optional<HttpGet> send;       ///< this one, now; ask again for the next
    std::optional<Timestamp> look_at;  ///< nothing now: ask again then (or after the next answer)
};

/// Why a site is not asked, for the status page and the log.
struct Block {
    Standing standing = Standing::fine;
    Timestamp until;
    std::string reason;
};

/// The discipline of one site, shared by everyone who asks it: what goes when, so that the venue never has to say
/// "too many". Equal requests that wait or are under way become one. Orders go before live data, live data before
/// history; the last fifth of every burst is kept for orders, the fifth before it for live data. A ban is kept to the
/// nanosecond and ends with one request at a time until one succeeds.
/// A state machine in whatever time its caller lives in: no clock, no socket.
///   cost: O(waiting) for each next()
class SiteAccess {
public:
    explicit SiteAccess(Site site, AccessParams params = {});

    /// Takes a request. When as many wait as may, the youngest request for history gives way to one that is not.
    ///   out: those that will not be sent: the new one, or one that gave way to it; the caller answers them
    [[nodiscard]] std::vector<Refused> ask(const HttpGet& get);
    [[nodiscard]] NextStep next(Timestamp now);
    /// The answer to a request that next() handed out.
    ///   out: everyone who asked; empty for a request that is not under way
    [[nodiscard]] std::vector<RequestId> answered(RequestId request, const Answer& answer);
    /// Reserves the next free slot for a WebSocket connection.
    ///   out: when to connect, not before `wanted`
    [[nodiscard]] Timestamp connect_at(Timestamp wanted);
    /// A WebSocket opened: the site is there, and endpoints that failed are tried again, one request each.
    void connected();
    /// The host refused a WebSocket upgrade with this status.
    void upgrade_refused(int status, std::string_view body, Timestamp now);

    [[nodiscard]] Site site() const { return site_; }
    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
    /// The present ban, overload or geo-block; nullopt when the site may be asked.
    [[nodiscard]] std::optional<Block> block(Timestamp now) const;
    /// Paths whose breaker is open.
    [[nodiscard]] std::vector<std::string> broken_paths(Timestamp now) const;
    [[nodiscard]] const SiteLimits& limits() const { return limits_; }
    /// What the account may place, beside what the address may ask.
    [[nodiscard]] OrderBudget& orders() { return orders_; }

private:
    static constexpr std::size_t kPriorities = 3;
    struct Flight {
        HttpGet get;
        std::vector<RequestId> askers;
        bool is_sent = false;
    };
    struct Endpoint {
        Breaker breaker;
        Timestamp held_until;
        bool is_one_at_a_time = false;
        std::size_t in_flight = 0;
    };
    struct Counted {
        PublishedLimit published;
        Budget budget;
    };
    /// What the venue itself says was used of this minute.
    struct Observed {
        std::uint32_t used = 0;
        Timestamp until;
    };

    [[nodiscard]] std::deque<RequestId>& queue(Priority priority) {
        return queues_[static_cast<std::size_t>(priority)];
    }
    [[nodiscard]] Endpoint& endpoint(std::string_view path);
    [[nodiscard]] Timestamp ready_at(const Flight& flight) const;
    [[nodiscard]] Timestamp paid_at(const HttpGet& get, Timestamp now) const;
    [[nodiscard]] bool has_turn(const HttpGet& get) const;
    [[nodiscard]] bool make_room(Priority priority, std::vector<Refused>& refused);
    void send(Flight& flight, Timestamp now);
    void drop(RequestId leader, std::string_view why, std::vector<Refused>& refused);
    void stop_site(const Verdict& verdict, Timestamp now);
    void learn_limits(std::string_view body);
    void apply(const Verdict& verdict, Endpoint& of, Timestamp now);

    Site site_;
    AccessParams params_;
    SiteLimits limits_;
    std::vector<Counted> counted_;
    Budget connects_;
    OrderBudget orders_;
    std::array<std::deque<RequestId>, kPriorities> queues_;
    std::map<RequestId, Flight> flights_;                      ///< by the first who asked
    std::map<std::string, RequestId, std::less<>> by_target_;  ///< the same, by what is asked
    std::map<std::string, Endpoint, std::less<>> endpoints_;
    std::optional<Observed> observed_;
    std::optional<Block> block_;
    bool is_probing_ = false;  ///< after a block: one request at a time until one succeeds
    std::uint32_t overloads_ = 0;
    std::size_t in_flight_ = 0;
    std::size_t history_in_flight_ = 0;
    std::uint32_t weight_in_flight_ = 0;  ///< of the general pool
};

}  // namespace vt::exchange::access
