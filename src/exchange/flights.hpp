#pragma once

#include "exchange/protocol.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace vt::exchange {

/// How long a REST request that failed `attempt` times before waits until it is asked again: half a second, doubling
/// to a minute.
[[nodiscard]] constexpr Nanos retry_delay(std::uint32_t attempt) {
    constexpr Nanos kFirst = std::chrono::milliseconds{500};
    constexpr Nanos kLongest = std::chrono::seconds{60};
    return std::min(kLongest, kFirst * (1U << std::min(attempt, 7U)));
}

/// The requests of a queue that were handed out and are not answered yet.
template <class Request>
class Flights {
public:
    void add(RequestId id, Request request, Timestamp now) { flights_.emplace(id, Flight{std::move(request), now}); }
    /// The request a reply belongs to; nullopt for one that nobody waits for.
    [[nodiscard]] std::optional<Request> take(RequestId id) {
        const auto found = flights_.find(id);
        if (found == flights_.end()) return std::nullopt;
        Request request = std::move(found->second.request);
        flights_.erase(found);
        return request;
    }
    /// Those without an answer for `timeout`: their reply was lost on the way.
    [[nodiscard]] std::vector<Request> take_lost(Timestamp now, Nanos timeout) {
        std::vector<Request> lost;
        for (auto flight = flights_.begin(); flight != flights_.end();) {
            const bool is_lost = now - flight->second.released_at >= timeout;
            if (is_lost) lost.push_back(std::move(flight->second.request));
            flight = is_lost ? flights_.erase(flight) : std::next(flight);
        }
        return lost;
    }
    [[nodiscard]] std::size_t size() const { return flights_.size(); }
    template <class Is>
    [[nodiscard]] std::size_t count_if(Is is) const {
        return static_cast<std::size_t>(std::count_if(flights_.begin(), flights_.end(),
                                                      [&](const auto& flight) { return is(flight.second.request); }));
    }

private:
    struct Flight {
        Request request;
        Timestamp released_at;
    };
    std::map<RequestId, Flight> flights_;
};

}  // namespace vt::exchange
