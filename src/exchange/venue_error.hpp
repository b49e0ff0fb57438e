#pragma once

#include "base/time.hpp"
#include "exchange/protocol.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::exchange {

/// Why a venue did not do what was asked. One list for all venues.
enum class ErrorClass : std::uint8_t {
    rate,             ///< asked too often: wait as told
    ban,              ///< this address is shut out for a while: no request at all
    clock,            ///< the time of the request was off: nothing was done; measure the clock anew
    authentication,   ///< key, signature or permission
    unknown_outcome,  ///< it may have been done
    overload,         ///< refused unseen: nothing was done
    busy,             ///< this order is being worked on: again in a moment
    parameters,       ///< a mistake in the request
    filter,           ///< price, quantity or notional against the instrument's rules
    funds,
    risk,         ///< position limits, leverage, risk rules
    post_only,    ///< would have taken
    trigger,      ///< a trigger or protective price on the wrong side
    reduce_only,  ///< nothing to reduce
    gone,         ///< no such order, or too late: its final state is to be fetched
    duplicate,    ///< an order with this id exists: the first attempt arrived
    no_change,    ///< already as wanted: as good as done
    halt,         ///< the instrument is not traded now
    geo_block,    ///< not served from where this program runs
    maintenance,
    malformed,     ///< an answer that is no answer: HTML, cut off, empty
    unreachable,   ///< no answer
    unclassified,  ///< a code that nobody here knows
};
inline constexpr std::size_t kErrorClassCount = 23;
[[nodiscard]] std::string_view name(ErrorClass kind);

/// What to do about it.
enum class Remedy : std::uint8_t {
    none,            ///< take it as done
    retry,           ///< again, with back-off
    wait,            ///< not before `VenueError::wait_until`, and then again
    reauthenticate,  ///< not again with these credentials: other ones, or a new session
    query,           ///< find out what became of it before anything else
    give_up,         ///< the same request will fail the same way
};
[[nodiscard]] std::string_view name(Remedy remedy);

/// A reply or the lack of one, as far as it says why something failed.
struct FailedReply {
    Site site = Site::bybit;
    int status = 200;          ///< HTTP; 0: no answer, and `body` says why
    std::string_view headers;  ///< "name: value\n", names in lower case
    std::string_view body;
    bool is_write = false;  ///< an order or a setting: what is uncertain must be queried, never sent again
    Timestamp received;
    Nanos clock_offset{};  ///< server time minus local time
};

struct VenueError {
    ErrorClass kind = ErrorClass::unclassified;
    Remedy remedy = Remedy::give_up;
    std::optional<Timestamp> wait_until;  ///< local time; with `wait`
    int status = 0;
    int code = 0;      ///< retCode (Bybit), code (Binance); 0: none was readable
    std::string text;  ///< "bybit 10006 Too many visits! (rate: wait)": what, and what is done about it
};

/// What a reply says went wrong; nullopt: it succeeded. A reply of status 200 is read as far as its code.
///   cost: O(bytes before the code)
[[nodiscard]] std::optional<VenueError> error_in(const FailedReply& reply);

/// The same for a code and message that were read before, as in a stream's refusal.
[[nodiscard]] VenueError classify(const FailedReply& reply, int code, std::string_view message);

}  // namespace vt::exchange
