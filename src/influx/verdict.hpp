#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "net/http_message.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace vt::influx {

/// What an answer to a write means for the batch.
enum class Fate : std::uint8_t {
    stored,
    partly,     ///< some lines were refused, the others are stored; it is not sent again
    refused,    ///< the server will never take it
    too_large,  ///< halves may be taken
    later,      ///< the server is away or busy
    locked,     ///< somebody has to act: token, bucket, address
};

struct Verdict {
    Fate fate = Fate::stored;
    std::optional<Nanos> wait;                   ///< that the server asked for
    std::optional<std::uint64_t> refused_lines;  ///< as far as the server says
    std::string problem;                         ///< what, and the remedy; empty where it is stored
};

/// source: docs.influxdata.com, "/api/v2/write" and "/write" (v1): status codes
[[nodiscard]] Verdict judge(const Result<net::HttpResponse>& answer);

}  // namespace vt::influx
