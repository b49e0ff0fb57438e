#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

/// What a browser can say over /ws.
struct ClientMessage {
    enum class Kind : std::uint8_t { subscribe, unsubscribe, ping, painted };
    Kind kind = Kind::ping;
    std::vector<std::string> topics;
    std::map<std::string, std::uint64_t> since;  ///< by topic
    std::string run;                             ///< the run that `since` belongs to
    std::int64_t ping_id = 0;
    std::uint64_t painted = 0;  ///< sequence number of the overview
};

/// in:     {"op":"subscribe","topics":["overview"],"since":{"overview":12},"run":"..."}, {"op":"painted","seq":12}
/// errors: malformed, with what is wrong and what would be right
[[nodiscard]] Result<ClientMessage> parse_client_message(std::string_view text);

}  // namespace vt::api
