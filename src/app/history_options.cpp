#include "app/history_options.hpp"

#include "app/environment.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <limits>

namespace vt::app {
namespace {

/// "klines, mark_klines, ... and position_ratio"
std::string kinds_there_are() {
    std::string text;
    for (const history::Kind kind : history::kKinds) {
        if (!text.empty()) text += kind == history::kKinds.back() ? " and " : ", ";
        text += history::name(kind);
    }
    return text;
}

void add_series_flags(CLI::App& command, HistoryOptions& options) {
    command.add_option("--config", options.config.file, "Configuration file (TOML)");
    command.add_option("--dir", options.directory, "Folder of the history files (default: history.directory)");
    command.add_option("--venue", options.venue, "bybit or binance");
    command.add_option("--category", options.category, "linear, inverse or spot");
    command.add_option("--symbols,--symbol", options.symbols, "As the venue writes them, separated by commas")
        ->delimiter(',');
    command.add_option("--kind", options.kinds, "Some of " + kinds_there_are())->delimiter(',');
    command.add_option("--timeframe", options.timeframe, "1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d");
    command.add_flag("--json", options.as_json, "The report as JSON");
}

void add_range_flags(CLI::App& command, HistoryOptions& options) {
    command.add_option("--from", options.from, "2026-01-31, 2026-01-31T12:30 (UTC) or ms since 1970");
    command.add_option("--to", options.to, "The same; not included");
}

}  // namespace

Result<std::filesystem::path> history_directory(const HistoryOptions& options, const config::Config& config) {
    if (!options.directory.empty()) return std::filesystem::path(options.directory);
    if (!config.history.directory.empty()) return std::filesystem::path(config.history.directory);
    if (const std::filesystem::path folder = data_folder(); !folder.empty()) return folder / "history";
    return fail(Errc::configuration, "no folder for history files: set history.directory, or give --dir");
}

Exit report_usage(const Error& error) {
    std::fprintf(stderr, "virtuoso: %s\nRun with --help for more information.\n", error.what.c_str());
    return Exit::usage;
}

Result<history::Selection> history_selection(const HistoryOptions& options) {
    history::Selection selection{.symbols = options.symbols};
    if (!options.venue.empty()) {
        selection.venue = history::parse_venue(options.venue);
        if (!selection.venue)
            return fail(Errc::configuration, "--venue is bybit or binance, not '" + options.venue + "'");
    }
    if (!options.category.empty()) {
        selection.category = history::parse_category(options.category);
        if (!selection.category)
            return fail(Errc::configuration, "--category is linear, inverse or spot, not '" + options.category + "'");
    }
    for (const std::string& text : options.kinds) {
        const auto kind = history::parse_kind(text);
        if (!kind) {
            return fail(Errc::configuration, "--kind '" + text + "' is not known; there are " + kinds_there_are());
        }
        selection.kinds.push_back(*kind);
    }
    if (!options.timeframe.empty()) {
        selection.step_ms = history::parse_timeframe(options.timeframe);
        if (!selection.step_ms) {
            return fail(Errc::configuration, "--timeframe '" + options.timeframe +
                                                 "' is not known; there are 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, "
                                                 "8h, 12h and 1d");
        }
    }
    return selection;
}

Result<history::Series> history_series(const HistoryOptions& options) {
    VT_TRY(const history::Selection selection, history_selection(options));
    if (selection.symbols.size() != 1 || selection.kinds.size() != 1)
        return fail(Errc::configuration, "name one series: --symbol BTCUSDT --kind klines --timeframe 1m");
    history::Series series{.venue = selection.venue.value_or(market::Venue::bybit),
                           .category = selection.category.value_or(market::Category::linear),
                           .symbol = selection.symbols.front(),
                           .kind = selection.kinds.front(),
                           .step_ms = selection.step_ms.value_or(0)};
    if (Result<void> checked = history::check(series); !checked)
        return tl::unexpected<Error>(std::move(checked.error()));
    return series;
}

Result<std::optional<history::TimeRange>> history_range(const HistoryOptions& options) {
    if (options.from.empty() && options.to.empty()) return std::nullopt;
    history::TimeRange range{0, std::numeric_limits<std::int64_t>::max()};
    if (!options.from.empty()) {
        VT_TRY(range.from_ms, history::parse_time_ms(options.from));
    }
    if (!options.to.empty()) {
        VT_TRY(range.to_ms, history::parse_time_ms(options.to));
    }
    if (range.empty()) return fail(Errc::configuration, "--to must be later than --from");
    return range;
}

void add_history_commands(CLI::App& app, const std::shared_ptr<HistoryOptions>& options,
                          std::function<Exit()>& chosen) {
    CLI::App* history = app.add_subcommand(
        "history",
        "Bars, funding, open interest and ratios on disk\n\n"
        "Examples:\n  virtuoso history fetch --symbols BTCUSDT --kind klines --timeframe 1m --from 2026-01-01\n"
        "  virtuoso history list\n  virtuoso history gaps\n"
        "  virtuoso history export --symbol BTCUSDT --kind funding > funding.csv");
    history->require_subcommand(1);
    const auto add = [&](const char* name, const char* meaning, Exit (*command)(const HistoryOptions&)) {
        CLI::App* sub = history->add_subcommand(name, meaning);
        add_series_flags(*sub, *options);
        sub->callback([&chosen, options, command] { chosen = [options, command] { return command(*options); }; });
        return sub;
    };
    CLI::App* fetch = add("fetch",
                          "Downloads what is missing; a run that is stopped goes on where it ended\n\n"
                          "Examples:\n  virtuoso history fetch --symbols BTCUSDT,ETHUSDT --kind klines "
                          "--timeframe 1m --from 2026-01-01\n  virtuoso history fetch --venue binance --symbols "
                          "BTCUSDT --kind funding --from 2024-01-01",
                          history_fetch);
    add_range_flags(*fetch, *options);
    fetch->add_flag("--replace-conflicts", options->replace_conflicts,
                    "Rows of the venue take the place of imported ones that differ");
    add("list", "What is stored: rows, span, size", history_list);
    add_range_flags(*add("gaps",
                         "Where rows are missing: at the venue itself, or because nobody asked\n\n"
                         "Example:\n  virtuoso history gaps --symbols BTCUSDT --from 2026-01-01",
                         history_gaps),
                    *options);
    add("verify", "Reads every block and compares it with its checksum", history_verify);
    CLI::App* to_csv =
        add("export",
            "Writes one series as CSV to standard output or a file\n\n"
            "Example:\n  virtuoso history export --symbol BTCUSDT --kind klines --timeframe 1m --out btc.csv",
            history_export);
    add_range_flags(*to_csv, *options);
    to_csv->add_option("--out", options->file, "File to write (default: standard output)");
    CLI::App* from_csv =
        add("import",
            "Reads a CSV file, plain or zstd, into one series\n\n"
            "Example:\n  virtuoso history import btc.csv --symbol BTCUSDT --kind klines --timeframe 1m",
            history_import);
    from_csv->add_option("file", options->file, "CSV file with a header, e.g. time_ms,open,high,low,close,volume")
        ->required();
    from_csv->add_option("--day", options->day, "The file has no header and counts its times from this day's start");
    from_csv->add_flag("--accept-open-end", options->is_open_end_accepted,
                       "The file is whole although its last line has no end");
    CLI::Option* replace = from_csv->add_flag("--replace-conflicts", options->replace_conflicts,
                                              "Rows that differ from stored ones take their place");
    from_csv->add_flag("--keep-stored", options->keep_stored, "Rows that differ from stored ones are left out")
        ->excludes(replace);
    CLI::App* smaller = add("prune",
                            "Removes old rows and what damaged or superseded blocks take\n\n"
                            "Example:\n  virtuoso history prune --keep-days 365 --dry-run",
                            history_prune);
    smaller->add_option("--keep-days", options->keep_days, "Rows older than this go (default: history.keep_days)");
    smaller->add_option("--bytes-max", options->bytes_max, "Largest file of a series (default: history.bytes_max)");
    smaller->add_flag("--dry-run", options->is_dry_run, "Says what would be removed");
}

}  // namespace vt::app
