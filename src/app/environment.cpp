#include "app/environment.hpp"

#include <cstdlib>

namespace vt::app {

std::string environment_variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::filesystem::path data_folder() {
    if (const std::string data = environment_variable("XDG_DATA_HOME"); !data.empty())
        return std::filesystem::path(data) / "virtuoso";
    if (const std::string home = environment_variable("HOME"); !home.empty())
        return std::filesystem::path(home) / ".local" / "share" / "virtuoso";
    return {};
}

std::filesystem::path state_folder() {
    if (const std::string state = environment_variable("XDG_STATE_HOME"); !state.empty())
        return std::filesystem::path(state) / "virtuoso";
    if (const std::string home = environment_variable("HOME"); !home.empty())
        return std::filesystem::path(home) / ".local" / "state" / "virtuoso";
    return {};
}

}  // namespace vt::app
