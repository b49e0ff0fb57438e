#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

/// Something that goes wrong, or just happens, on purpose.
struct Fault {
    enum class Kind : std::uint8_t {
        drop,         ///< cut every WebSocket connection without a word
        restart,      ///< the same, and refuse everything (503) for `duration`
        new_books,    ///< the book service restarts: every watched book begins anew (Bybit: a snapshot of u = 1)
        stall,        ///< say nothing on `topic` for `duration`; what happened meanwhile is not told later
        lose,         ///< leave out the next `count` frames of `topic`
        duplicate,    ///< send the next `count` frames of `topic` twice
        reorder,      ///< send the next `count` frames of `topic` each after the one that follows it
        malform,      ///< cut the next `count` frames of `topic` in half
        slow,         ///< for `duration`, frames of `topic` arrive `amount` late, in their order
        slow_rest,    ///< for `duration`, every answer to a REST request comes `amount` late
        mute,         ///< answer no pings for `duration`
        overload,     ///< answer every REST request with 429 for `duration`
        ban,          ///< answer every REST request with 403 (Binance: 418) for `duration`
        forbid,       ///< answer every REST request with 403, as a firewall does, for `duration`
        tls,          ///< show a certificate of an authority that nobody trusts for `duration`
        maintenance,  ///< announce it, cut the connections and refuse requests for `duration`
        clock,        ///< the venue's clock is wrong by `amount` for `duration`
        delist,       ///< the coin of `topic`, a linear symbol, is taken off every market
        list,         ///< and comes (back)
        liquidate,    ///< tell of a liquidation of `quantity` of the linear symbol `topic`
    };
    Kind kind = Kind::drop;
    std::string topic;  ///< a whole name, or a beginning and '*': "orderbook.50.*"
    std::uint32_t count = 1;
    Nanos duration{0};
    Nanos amount{0};
    double quantity = 0;
    bool is_long = true;                 ///< of a liquidation: longs are liquidated
    std::optional<market::Venue> venue;  ///< whose front it concerns; absent: every venue's

    [[nodiscard]] bool concerns(std::string_view name) const;
    [[nodiscard]] bool concerns(market::Venue which) const { return !venue || *venue == which; }
};

struct ScheduledFault {
    Nanos after{0};  ///< from the start of the exchange
    Fault fault;
};

/// A scenario file: one fault a line, `#` begins a comment. A venue's name behind the time limits it to that venue.
///
///     10    stall orderbook.50.SOLUSDT 8     # from second 10, for 8 seconds
///     20.5  lose orderbook.* 3               # the next 3 frames
///     30    binance drop
///     40    restart 2
///     50    clock -2.5 30                    # 2.5 s behind, for 30 seconds
///
///   errors: configuration, with the line and what would be right
[[nodiscard]] Result<std::vector<ScheduledFault>> parse_scenario(std::string_view text);

}  // namespace vt::demo
