#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/record_places.hpp"
#include "app/stop_signal.hpp"
#include "base/json_writer.hpp"
#include "net/loop.hpp"
#include "report/text.hpp"
#include "runtime/backfill.hpp"
#include "runtime/history_download.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

namespace vt::app {
namespace {

void print_backfill(const runtime::BackfillReport& report, bool as_json) {
    if (as_json) {
        JsonWriter out;
        out.begin_object()
            .field("from", to_ms(report.span.decide_from))
            .field("until", to_ms(report.span.decide_until));
        out.field("symbols", static_cast<std::uint64_t>(report.symbols.size()));
        out.field("raised", static_cast<std::uint64_t>(report.raised));
        out.field("held_back", static_cast<std::uint64_t>(report.held_back))
            .field("added", report.added)
            .end_object();
        std::printf("%s\n", std::string(out.text()).c_str());
        return;
    }
    std::printf("%s to %s, %zu symbols: %zu signals raised, %zu held back; %llu entries are new in the ledger\n",
                report::time_text(report.span.decide_from).c_str(),
                report::time_text(report.span.decide_until).c_str(), report.symbols.size(), report.raised,
                report.held_back, static_cast<unsigned long long>(report.added));
    std::printf(
        "They are `reconstructed`: of what candles tell, apart from the market's own (virtuoso signals "
        "--segment reconstructed)\n");
}

}  // namespace

Exit signals_backfill(const SignalsOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const config::Config& config = loaded->config;
    const std::vector<std::string>& symbols = config.market.symbols;
    const std::uint32_t days = options.days.value_or(config.backfill.days);
    if (symbols.empty() || days == 0) {
        std::fprintf(stderr, "virtuoso: say of which symbols and days: --symbols BTCUSDT,ETHUSDT --days 7\n");
        return Exit::usage;
    }
    const auto places = record_places(config);
    if (!places) return report(places.error());
    if (places->history_folder.empty())
        return report(Error{Errc::configuration, "no folder for history files: set history.directory"});
    auto hosts = runtime::site_hosts(config, exchange::Site::bybit);
    if (!hosts) return report(hosts.error());
    auto database = open_configured_records(options.config, true);
    if (!database) return report(database.error());
    auto repository = records::Repository::open(std::move(*database), net::wall_now());
    if (!repository) return report(repository.error());
    const StopSignal stop;
    const bool is_terminal = ::isatty(STDERR_FILENO) == 1 && !options.as_json;
    const auto made = runtime::backfill(config,
                                        {.symbols = symbols,
                                         .days = days,
                                         .market = "live",
                                         .history = places->history_folder,
                                         .hosts = std::move(*hosts),
                                         .now = net::wall_now()},
                                        *repository, [&](const std::string& doing, double share) {
                                            if (is_terminal)
                                                std::fprintf(stderr, "\r%s, %.0f %%   ", doing.c_str(), 100 * share);
                                            return !StopSignal::has_come();
                                        });
    if (is_terminal) std::fprintf(stderr, "\r");
    if (!made) return report(made.error());
    for (const std::string& why : made->left_out) std::fprintf(stderr, "virtuoso: left out: %s\n", why.c_str());
    print_backfill(*made, options.as_json);
    return made->symbols.empty() ? Exit::failed : Exit::ok;
}

}  // namespace vt::app
