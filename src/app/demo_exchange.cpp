#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/stop_signal.hpp"
#include "demo/exchange.hpp"
#include "demo/journal_recording.hpp"
#include "demo/roster.hpp"
#include "net/loop.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

namespace vt::app {
namespace {

Result<demo::ExchangeParams> exchange_params(const DemoExchangeOptions& options) {
    demo::ExchangeParams params{.port = options.port};
    params.stream.seed = options.seed;
    params.speed = options.speed;
    params.stream.others = demo::all_other_segments();
    if (options.symbols < 3 || options.symbols > 500)
        return fail(Errc::configuration, "--symbols must be from 3 to 500");
    params.stream.generated = demo::generated_symbols(options.symbols - demo::recorded_symbols().size());
    VT_TRY(params.stream.recording,
           options.path.empty() ? demo::bundled_recording() : demo::open_recording(options.path));
    if (!options.scenario.empty()) {
        std::ifstream in(options.scenario);
        std::ostringstream text;
        if (!in || !(text << in.rdbuf())) return fail(Errc::io, "cannot read the scenario " + options.scenario);
        VT_TRY(params.scenario, demo::parse_scenario(text.str()));
    }
    return params;
}

}  // namespace

Exit demo_exchange(const DemoExchangeOptions& options) {
    auto params = exchange_params(options);
    if (!params) return report(params.error());
    StopSignal stop;
    net::Loop loop;
    demo::Exchange exchange(loop, std::move(*params));
    if (auto listening = exchange.listen(); !listening) return report(listening.error());
    if (!options.ca_out.empty()) {
        if (auto written = exchange.write_authority(options.ca_out); !written) return report(written.error());
    }
    std::printf("virtuoso: Bybit v5 and Binance (USDT-M futures, spot) at %s and %s\n", exchange.rest_url().c_str(),
                exchange.websocket_url().c_str());
    if (!options.ca_out.empty()) std::printf("virtuoso: trust the authority in %s\n", options.ca_out.c_str());
    std::fflush(stdout);
    std::thread serving([&] { loop.run(); });
    stop.wait();
    loop.stop();
    serving.join();
    return Exit::ok;
}

}  // namespace vt::app
