#include "app/configuration.hpp"
#include "app/history_options.hpp"
#include "app/stop_signal.hpp"
#include "base/json_writer.hpp"
#include "base/version.hpp"
#include "history/progress_line.hpp"
#include "net/loop.hpp"
#include "runtime/history_download.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <thread>

namespace vt::app {
namespace {

using history::FetchProgress;
using history::FetchState;

/// What is to be fetched: every symbol of every kind.
Result<std::vector<history::FetchOrder>> orders_of(const HistoryOptions& options) {
    VT_TRY(const history::Selection selection, history_selection(options));
    if (selection.symbols.empty() || selection.kinds.empty() || options.from.empty()) {
        return fail(Errc::configuration,
                    "say what and since when: --symbols BTCUSDT --kind klines --timeframe 1m --from 2026-01-01");
    }
    VT_TRY(const std::optional<history::TimeRange> range, history_range(options));
    std::vector<history::FetchOrder> orders;
    for (const std::string& symbol : selection.symbols) {
        for (const history::Kind kind : selection.kinds) {
            const bool has_step = kind != history::Kind::funding;
            history::Series series{.venue = selection.venue.value_or(market::Venue::bybit),
                                   .category = selection.category.value_or(market::Category::linear),
                                   .symbol = symbol,
                                   .kind = kind,
                                   .step_ms = has_step ? selection.step_ms.value_or(0) : 0};
            if (Result<void> checked = history::check(series); !checked)
                return tl::unexpected<Error>(std::move(checked.error()));
            const auto terms = exchange::history_terms(series.venue, series.category, kind, series.step_ms);
            if (!terms) return fail(Errc::configuration, terms.error().what);
            orders.push_back({std::move(series), *range});
        }
    }
    return orders;
}

/// What the loop's thread says of its work, for the thread that prints.
class Board {
public:
    void write(const history::Fetch& fetch) {
        const std::lock_guard lock(mutex_);
        progress_ = fetch.progress();
        waiting_for_ = fetch.waiting_for();
        is_done_ = fetch.is_done();
    }
    [[nodiscard]] std::vector<FetchProgress> progress() const {
        const std::lock_guard lock(mutex_);
        return progress_;
    }
    [[nodiscard]] std::string waiting_for() const {
        const std::lock_guard lock(mutex_);
        return waiting_for_;
    }
    [[nodiscard]] bool is_done() const {
        const std::lock_guard lock(mutex_);
        return is_done_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<FetchProgress> progress_;
    std::string waiting_for_;
    bool is_done_ = false;
};

const char* word_of(FetchState state) {
    switch (state) {
        case FetchState::waiting:
        case FetchState::checking:
        case FetchState::fetching: return "stopped";
        case FetchState::done: return "done";
        case FetchState::failed: return "failed";
    }
    return "unknown";
}

void print_report(const std::vector<FetchProgress>& progress) {
    for (const FetchProgress& one : progress) {
        std::printf("%s: %s, %zu new rows, %zu stored already, %llu requests\n", one.series.title().c_str(),
                    word_of(one.state), one.stored.added, one.stored.equal,
                    static_cast<unsigned long long>(one.requests));
        if (one.reaches_from_ms) {
            std::printf("  the venue keeps no older rows than of %s\n",
                        history::format_time(*one.reaches_from_ms).c_str());
        }
        if (one.stored.conflicting > 0) {
            std::printf("  %zu rows differ from stored ones, which were kept; the first %s\n", one.stored.conflicting,
                        one.stored.first_conflict.c_str());
        }
        if (one.left_out > 0) {
            std::printf("  %llu turnovers have more than 18 digits and were left out\n",
                        static_cast<unsigned long long>(one.left_out));
        }
        if (one.state == FetchState::failed)
            std::fprintf(stderr, "virtuoso: %s: %s\n", one.series.title().c_str(), one.problem.c_str());
    }
}

void print_json(const std::vector<FetchProgress>& progress) {
    JsonWriter out;
    out.begin_array();
    for (const FetchProgress& one : progress) {
        out.begin_object().field("series", one.series.title()).field("state", word_of(one.state));
        out.field("added", static_cast<std::uint64_t>(one.stored.added));
        out.field("equal", static_cast<std::uint64_t>(one.stored.equal));
        out.field("conflicting", static_cast<std::uint64_t>(one.stored.conflicting));
        out.field("requests", one.requests).field("left_ms", one.left_ms).field("left_out", one.left_out);
        out.field("reaches_from_ms", one.reaches_from_ms);
        out.field("problem", one.problem.empty() ? std::nullopt : std::optional(one.problem)).end_object();
    }
    out.end_array();
    std::printf("%s\n", std::string(out.text()).c_str());
}

}  // namespace

Exit history_fetch(const HistoryOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto directory = history_directory(options, loaded->config);
    if (!directory) return report(directory.error());
    auto orders = orders_of(options);
    if (!orders) return report_usage(orders.error());
    const history::Series& first = orders->front().series;
    const auto terms = exchange::history_terms(first.venue, first.category, first.kind, first.step_ms);
    auto hosts = runtime::site_hosts(loaded->config, terms->site);
    if (!hosts) return report(hosts.error());

    StopSignal stop;
    net::Loop loop;
    Board board;
    history::FetchParams params{
        .orders = std::move(*orders),
        .directory = *directory,
        .program = "virtuoso " + std::string(kVersion),
        .on_conflict = options.replace_conflicts ? history::OnConflict::replace : history::OnConflict::keep};
    std::unique_ptr<runtime::HistoryDownload> download;
    download = std::make_unique<runtime::HistoryDownload>(loop, std::move(*hosts), std::move(params),
                                                          loaded->config.history.limit_share, [&] {
                                                              board.write(download->fetch());
                                                              if (download->fetch().is_done()) loop.stop();
                                                          });
    board.write(download->fetch());  // the first line knows already how many series there are
    loop.post([&] { download->start(); });
    std::thread fetching([&] { loop.run(); });
    // On standard error, so that standard output stays a report.
    history::ProgressLine line(::isatty(STDERR_FILENO) == 1);
    const auto show = [&](std::string_view text) {
        if (!options.as_json) std::fwrite(text.data(), 1, text.size(), stderr);
    };
    bool is_stopped = false;
    while (!board.is_done() && !is_stopped) {
        show(line.look(board.progress(), board.waiting_for()));
        is_stopped = stop.wait_for(std::chrono::seconds{1});
    }
    loop.stop();
    fetching.join();
    show(line.clear());
    const std::vector<FetchProgress> progress = board.progress();
    if (options.as_json) {
        print_json(progress);
    } else {
        print_report(progress);
    }
    if (is_stopped) std::fprintf(stderr, "virtuoso: stopped; the same command goes on where this one ended\n");
    const bool is_whole = std::all_of(progress.begin(), progress.end(),
                                      [](const FetchProgress& one) { return one.state == FetchState::done; });
    return is_whole ? Exit::ok : Exit::failed;
}

}  // namespace vt::app
