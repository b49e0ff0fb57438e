#include "runtime/warm_state.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "runtime/engine_params.hpp"

#include <cstdio>
#include <fstream>

namespace vt::app {

Exit warm_state(const WarmStateOptions& options) {
    auto market = runtime::warm_market();
    if (!market) return report(market.error());
    config::Config config;
    config.market.top_symbols = 200;
    const runtime::WarmState warm = runtime::make_warm_state(runtime::engine_params(config), *market, options.hours);
    const std::string bytes = runtime::encode_warm_state(warm);
    std::ofstream out(options.out, std::ios::binary);
    if (!out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush()) {
        return report(Error{Errc::io, "cannot write " + options.out});
    }
    std::printf("%s: %u hours, %zu bytes (%zu uncompressed)\n", options.out.c_str(), options.hours, bytes.size(),
                warm.state.size());
    return Exit::ok;
}

}  // namespace vt::app
