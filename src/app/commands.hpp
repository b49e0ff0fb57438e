#pragma once

#include "app/report_output.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The subcommands of `virtuoso`, one small file each. main() parses the command line and calls exactly one of them.
namespace vt::app {

/// Exit codes of every subcommand.
enum class Exit : int { ok = 0, failed = 1, usage = 2, in_use = 75, configuration = 78 };

/// What every subcommand that reads the configuration is given.
struct ConfigOptions {
    std::string file;                          ///< --config; empty: the user's file, if there is one
    std::map<std::string, std::string> flags;  ///< by dotted key
};

struct RunOptions {
    ConfigOptions config;
    std::string market = "live";  ///< live, demo or replay:PATH
};
[[nodiscard]] Exit run(const RunOptions& options);

/// What the subcommands of `virtuoso storage` are told; each reads what concerns it.
struct StorageOptions {
    ConfigOptions config;
    std::string file;                        ///< of a backup
    std::optional<std::uint32_t> to_schema;  ///< absent: the newest
    bool merge = false;
    bool as_json = false;
};
[[nodiscard]] Exit storage_check(const StorageOptions& options);
[[nodiscard]] Exit storage_backup(const StorageOptions& options);
[[nodiscard]] Exit storage_restore(const StorageOptions& options);
[[nodiscard]] Exit storage_migrate(const StorageOptions& options);

struct RecordOptions {
    ConfigOptions config;
    std::string directory;
    std::string market = "live";
    std::optional<std::uint64_t> seconds;
};
[[nodiscard]] Exit record(const RecordOptions& options);

struct ReplayOptions {
    ConfigOptions config;
    std::string path;  ///< empty: the bundled recording
    std::string features_file;
    std::string scores_file;
    std::string signals_file;
    std::string effects_file;
    std::optional<std::uint64_t> record;  ///< print this score record only, counted from 1
    bool as_json = false;
};
[[nodiscard]] Exit replay(const ReplayOptions& options);

struct ImportOptions {
    std::vector<std::string> captures;  ///< merged by receive time
    std::string out;
    std::vector<std::string> instruments;  ///< steps of symbols that are not known
    bool as_json = false;
};
[[nodiscard]] Exit import(const ImportOptions& options);

struct DemoExchangeOptions {
    std::string path;  ///< empty: the bundled recording
    std::uint16_t port = 0;
    std::string ca_out;
    std::string scenario;
    std::uint64_t seed = 1;
    std::uint32_t symbols = 34;
    double speed = 1;
};
[[nodiscard]] Exit demo_exchange(const DemoExchangeOptions& options);

struct WarmStateOptions {
    std::string out;
    std::uint32_t hours = 16;
};
/// Makes the file that the program bundles as data/warm/demo.vtw.
[[nodiscard]] Exit warm_state(const WarmStateOptions& options);

struct ScoreOptions {
    ConfigOptions config;
    std::string symbol;
    bool explain = false;
    bool as_json = false;
};
[[nodiscard]] Exit score(const ScoreOptions& options);
/// The score in words, and the gates between it and a signal.
[[nodiscard]] Exit why(const ScoreOptions& options);

struct SignalsOptions {
    ConfigOptions config;
    std::string symbol;     ///< of a list; empty: all
    std::string state;      ///< likewise
    std::string direction;  ///< likewise
    std::string strategy;   ///< likewise
    std::string segment;    ///< "reconstructed"; empty: the market's own
    std::string cursor;
    std::uint32_t limit = 30;
    std::optional<std::uint32_t> days;  ///< of a backfill; absent: as configured
    std::string id;
    std::string file;
    std::string day;        ///< "2026-11-30"
    std::string recording;  ///< a file, or a folder that holds the run
    std::string market = "live";
    bool as_json = false;
};
/// The ledger of the running program: its signals, one of them.
[[nodiscard]] Exit signals_list(const SignalsOptions& options);
[[nodiscard]] Exit signals_show(const SignalsOptions& options);
[[nodiscard]] Exit signals_performance(const SignalsOptions& options);
/// One signal as a page without scripts, or as PDF where a Chromium is installed.
[[nodiscard]] Exit signals_report(const SignalsOptions& options);
/// Likewise all signals of a day.
[[nodiscard]] Exit signals_day_report(const SignalsOptions& options);
/// The ledger in the database: into a file; whether every entry is what its hash says.
[[nodiscard]] Exit signals_export(const SignalsOptions& options);
[[nodiscard]] Exit signals_verify(const SignalsOptions& options);
/// Makes the decision about a signal anew from the recording of its run, and compares it byte for byte.
[[nodiscard]] Exit signals_replay(const SignalsOptions& options);
/// Reconstructs signals of the past from candles, into a ledger of their own.
[[nodiscard]] Exit signals_backfill(const SignalsOptions& options);

/// Every component of a score: its weight where the venue publishes every input, its timeframes, how it becomes a
/// score.
[[nodiscard]] Exit components(bool as_json);

struct CacheCommandOptions {
    ConfigOptions config;
    bool as_json = false;
};
/// The tiers of the running program: what they did for those who asked; a cycle of warming; forgetting all of it.
[[nodiscard]] Exit cache_stats(const CacheCommandOptions& options);
[[nodiscard]] Exit cache_warm(const CacheCommandOptions& options);
[[nodiscard]] Exit cache_flush(const CacheCommandOptions& options);

struct ConfigCommandOptions {
    ConfigOptions config;
    std::string key;
    std::optional<std::uint32_t> version;  ///< of the file's history
    bool force = false;
    bool as_json = false;
};
/// Writes a first configuration file, every knob commented out.
[[nodiscard]] Exit config_init(const ConfigCommandOptions& options);
/// What differs from the defaults, or from an earlier version of the file.
[[nodiscard]] Exit config_diff(const ConfigCommandOptions& options);
/// The kept versions of the file; one of them in its place.
[[nodiscard]] Exit config_history(const ConfigCommandOptions& options);
[[nodiscard]] Exit config_rollback(const ConfigCommandOptions& options);
[[nodiscard]] Exit config_check(const ConfigCommandOptions& options);
[[nodiscard]] Exit config_show(const ConfigCommandOptions& options);
[[nodiscard]] Exit config_explain(const ConfigCommandOptions& options);

struct DoctorOptions {
    ConfigOptions config;
    bool as_json = false;
    bool is_live_smoke = false;
    std::uint64_t seconds = 300;     ///< of the live smoke
    std::string out = "live-smoke";  ///< its recording
};
/// Looks at the machine and at every configured venue, or reads the venues for some minutes.
[[nodiscard]] Exit doctor(const DoctorOptions& options);

struct LoadtestOptions {
    ConfigOptions config;
    std::string url;             ///< empty: the configuration's port on this machine
    std::optional<double> rate;  ///< requests a second; these three: absent, as the profile says
    std::optional<std::uint64_t> seconds;
    std::string paths;  ///< separated by commas
    std::size_t connections = 32;
    bool maximum = false;                ///< look for the highest rate that is held, too
    std::uint64_t maximum_seconds = 10;  ///< of each try
    std::size_t sockets = 0;             ///< readers of /ws instead of requests
    std::string topic = "overview";      ///< that they follow
    ReportOptions output;
};
/// Puts load on a running program and judges how it bears it.
[[nodiscard]] Exit loadtest(const LoadtestOptions& options);

struct ValidateOptions {
    ConfigOptions config;
    std::string url;            ///< of the running program; empty: the configuration's port on this machine
    bool flush = false;         ///< memcached may be emptied, whoever else keeps something there
    std::string restart_redis;  ///< a command of the shell; empty: Redis is left alone
    ReportOptions output;
};
/// Holds the claims made of the cache's tiers against what is measured.
[[nodiscard]] Exit validate(const ValidateOptions& options);

struct TradesOptions {
    ConfigOptions config;
    std::string market = "live";
    std::string state;  ///< empty: all
    std::string cursor;
    std::uint32_t limit = 30;
    bool with_orders = false;
    bool as_json = false;
};
/// What was traded, from the database, newest first.
[[nodiscard]] Exit trades(const TradesOptions& options);

/// Of the commands that ask the running program what it trades.
struct TradingOptions {
    ConfigOptions config;
    std::string reason;
    std::string order;  ///< id of the one that is taken back
    bool flatten = false;
    bool is_confirmed = false;  ///< --yes
    bool as_json = false;
};
[[nodiscard]] Exit positions(const TradingOptions& options);
[[nodiscard]] Exit orders(const TradingOptions& options);
[[nodiscard]] Exit orders_cancel(const TradingOptions& options);
[[nodiscard]] Exit kill_switch_status(const TradingOptions& options);
[[nodiscard]] Exit kill_switch_on(const TradingOptions& options);
[[nodiscard]] Exit kill_switch_off(const TradingOptions& options);
/// Begins the paper account anew, where no program runs.
[[nodiscard]] Exit paper_reset(const TradingOptions& options);

struct SimulateOptions {
    std::uint64_t seed = 1;
    std::uint64_t seeds = 1;  ///< so many, one after another
    std::uint32_t minutes = 60;
    std::uint32_t symbols = 5;
    bool is_calm = false;  ///< nothing goes wrong
    bool as_json = false;
};
/// A paper account in a simulated market in which everything goes wrong, and whether what must hold does.
[[nodiscard]] Exit simulate(const SimulateOptions& options);

[[nodiscard]] Exit version(bool as_json);

}  // namespace vt::app
