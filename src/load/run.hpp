#pragma once

#include "base/result.hpp"
#include "load/open_loop.hpp"
#include "net/http_message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vt::load {

/// What one run found out.
struct LoadRun {
    Plan plan;
    Timestamp started_at{};
    Nanos taken{};                 ///< from the first planned time to the last ending
    Nanos cpu_time{};              ///< that this process used meanwhile: near `taken`, the client was the limit
    std::vector<Figures> figures;  ///< by path, as planned

    [[nodiscard]] Figures all() const { return sum_of(figures); }
    /// Good answers a second, until the last of them.
    [[nodiscard]] double achieved_per_second() const;
};

/// Puts the planned load on a server over kept connections, and waits for the last answer: at most the plan's length
/// and timeout. Blocks; one thread. Bodies are asked for uncompressed.
///   in: base_url: "http://127.0.0.1:8003"
[[nodiscard]] LoadRun run(const std::string& base_url, const Plan& plan);

/// What a program that is to be measured says of itself.
struct Program {
    std::string version;
    std::string status;               ///< of /health
    std::vector<std::string> routes;  ///< that are read with GET and take no parameter in their path
};

/// in:     token: that is shown; empty: none
/// errors: unavailable (it is not there; with the remedy), malformed (what is there is another program), refused (it
///         wants to know who asks)
[[nodiscard]] Result<Program> look_at(const std::string& base_url, const std::string& token = {});
/// When the program last published what its engine found out; nothing before the first time.
[[nodiscard]] Result<std::optional<Timestamp>> published_at(const std::string& base_url,
                                                            const std::string& token = {});

/// What shows a token to the program; nothing for an empty one.
[[nodiscard]] std::vector<net::HttpHeader> login_headers(const std::string& token);
/// What to do where the program answers that it wants to know who asks.
inline constexpr std::string_view kTokenRemedy =
    "set VIRTUOSO_TOKEN to a token of `virtuoso token create --user NAME --label cli --scope admin`";

}  // namespace vt::load
