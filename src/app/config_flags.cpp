#include "app/config_flags.hpp"

#include <string>

namespace vt::app {

void add_config_flags(CLI::App& command, ConfigOptions& options) {
    command.add_option("--config", options.file, "Configuration file (TOML)");
    const auto knob = [&](const char* flag, const char* key, const char* meaning) {
        command.add_option_function<std::string>(
            flag, [&options, key](const std::string& text) { options.flags[key] = text; }, meaning);
    };
    knob("--port", "server.port", "Port of the pages and the API; 0 takes any free port");
    knob("--monitoring-port", "server.monitoring_port", "Port of the monitoring API; 0 takes any free port");
    knob("--symbols", "market.symbols", "Exactly these symbols, separated by commas");
    knob("--database", "records.database_url", "Where records are kept: sqlite:///file, postgresql://..., or off");
    knob("--seed", "demo.seed", "Seed of the demo market");
    knob("--demo-symbols", "demo.symbols", "How many symbols the demo market lists");
    knob("--demo-warm", "demo.warm", "0 starts the demo market cold");
    knob("--log-level", "log.level", "debug, info, warn or error");
}

}  // namespace vt::app
