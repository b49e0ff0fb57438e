#pragma once

#include "api/topic.hpp"
#include "base/result.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::api {

struct Subscribe {
    std::vector<std::string> topics;
    std::map<std::string, Sequence, std::less<>> since;  ///< what the client has
    std::string run;                                     ///< the run its numbers belong to
};
struct Unsubscribe {
    std::vector<std::string> topics;
};
struct Ping {
    std::string id_json;  ///< a number or a string, given back as it is; "null" when absent
};
using ClientMessage = std::variant<Subscribe, Unsubscribe, Ping>;

/// Reads what clients of /ws say. Strict: one whole JSON object of at most 8 levels, no member twice, none unknown.
class ClientMessageReader {
public:
    ClientMessageReader();
    ~ClientMessageReader();
    ClientMessageReader(const ClientMessageReader&) = delete;
    ClientMessageReader& operator=(const ClientMessageReader&) = delete;

    /// errors: malformed, with one sentence for the client
    [[nodiscard]] Result<ClientMessage> read(std::string_view text);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::api
