#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace vt::api {

/// What is wanted of the configuration; each is a route.
enum class ConfigurationWish : std::uint8_t { show, schema, diff, history, change, roll_back };

struct ConfigurationRequest {
    ConfigurationWish wish = ConfigurationWish::show;
    std::string body;                      ///< of a change and of a rollback: JSON
    std::optional<std::string> if_match;   ///< the tag that the change was made from
    std::optional<std::uint32_t> version;  ///< of a difference; absent: to the defaults
};

struct ConfigurationAnswer {
    int status = 200;
    std::string text;  ///< 200: JSON; else what was wrong and what would be right
};

/// Asks who keeps the configuration's file: disk work, so it is answered later, once, on the server's loop.
using AskConfiguration = std::function<void(ConfigurationRequest request,
                                            const std::function<void(const ConfigurationAnswer& answer)>& done)>;

}  // namespace vt::api
