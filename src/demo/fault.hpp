#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

/// Something that goes wrong on purpose.
struct Fault {
    enum class Kind : std::uint8_t {
        drop,       ///< cut every WebSocket connection without a word
        restart,    ///< the same, and refuse everything (503) for `duration`
        new_books,  ///< the book service restarts: every watched book begins anew with a snapshot of u = 1
        stall,      ///< say nothing on `topic` for `duration`; what happened meanwhile is not told later
        lose,       ///< leave out the next `count` frames of `topic`
        duplicate,  ///< send the next `count` frames of `topic` twice
        reorder,    ///< send the next `count` frames of `topic` each after the one that follows it
        malform,    ///< cut the next `count` frames of `topic` in half
        mute,       ///< answer no pings for `duration`
        overload,   ///< answer every REST request with 429 for `duration`
        ban,        ///< answer every REST request with 403 "access too frequent" for `duration`
    };
    Kind kind = Kind::drop;
    std::string topic;  ///< a whole name, or a beginning and '*': "orderbook.50.*"
    std::uint32_t count = 1;
    Nanos duration{0};

    [[nodiscard]] bool concerns(std::string_view name) const;
};

struct ScheduledFault {
    Nanos after{0};  ///< from the start of the exchange
    Fault fault;
};

/// A scenario file: one fault a line, `#` begins a comment.
///
///     10    stall orderbook.50.SOLUSDT 8     # from second 10, for 8 seconds
///     20.5  lose orderbook.* 3               # the next 3 frames
///     30    drop
///     40    restart 2
///     50    mute 30
///
///   errors: configuration, with the line and what would be right
[[nodiscard]] Result<std::vector<ScheduledFault>> parse_scenario(std::string_view text);

}  // namespace vt::demo
