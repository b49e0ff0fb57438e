#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/config_flags.hpp"
#include "app/history.hpp"
#include "app/login_commands.hpp"
#include "app/setup.hpp"
#include "app/trading_options.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <functional>
#include <utility>

namespace {

using namespace vt::app;

struct Options {
    RunOptions run;
    RecordOptions record;
    ReplayOptions replay;
    ImportOptions import;
    DemoExchangeOptions demo;
    WarmStateOptions warm;
    ScoreOptions score;
    ConfigCommandOptions config;
    DoctorOptions doctor;
    StorageOptions storage;
    CacheCommandOptions cache;
    SignalsOptions signals;
    LoginOptions login;
    LoadtestOptions loadtest;
    ValidateOptions validate;
    SimulateOptions simulate;
    TradesOptions trades;
    TradingOptions trading;
    SetupOptions setup;
    std::string shell;
    std::string load_profile = "seed";
    bool version_as_json = false;
    bool components_as_json = false;
};

using Chosen = std::function<Exit()>;

void add_market_commands(CLI::App& app, Options& options, Chosen& chosen) {
    CLI::App* run_command = app.add_subcommand("run",
                                               "Feeds, analysis, the pages and the API\n\n"
                                               "Examples:\n  virtuoso run --market demo\n  virtuoso run --symbols "
                                               "BTCUSDT,ETHUSDT\n  virtuoso run --market replay:recordings/day");
    add_config_flags(*run_command, options.run.config);
    run_command->add_option("--market", options.run.market, "live, demo or replay:PATH")->capture_default_str();
    run_command
        ->add_option_function<std::string>(
            "--trade",
            [&](const std::string& mode) { options.run.config.flags.insert_or_assign("trading.mode", mode); },
            "off or paper (trading.mode); this version places no orders at a real venue")
        ->check(CLI::IsMember({"off", "paper"}));
    run_command->callback([&] { chosen = [&] { return run(options.run); }; });

    CLI::App* record_command = app.add_subcommand("record",
                                                  "Writes every frame received, compressed and checksummed\n\n"
                                                  "Example:\n  virtuoso record --out recordings --symbols BTCUSDT");
    add_config_flags(*record_command, options.record.config);
    record_command->add_option("--out", options.record.directory, "Folder of the recording")->required();
    record_command->add_option("--market", options.record.market, "live or demo")
        ->check(CLI::IsMember({"live", "demo"}))
        ->capture_default_str();
    record_command->add_option("--seconds", options.record.seconds,
                               "Stop after so many seconds; without it, at Ctrl-C");
    record_command->callback([&] { chosen = [&] { return record(options.record); }; });

    CLI::App* replay_command = app.add_subcommand("replay",
                                                  "Runs a recording through the core as fast as it can\n\n"
                                                  "Examples:\n  virtuoso replay\n  virtuoso replay recordings/day "
                                                  "--scores scores.jsonl --features features.jsonl\n"
                                                  "  virtuoso replay recordings/day --record 17");
    replay_command->add_option("path", options.replay.path, "A recording: file or folder (default: the bundled one)");
    replay_command->add_option("--config", options.replay.config.file, "Configuration file (TOML)");
    replay_command->add_option("--features", options.replay.features_file,
                               "Writes the features of each minute as JSON lines");
    replay_command->add_option("--scores", options.replay.scores_file, "Writes the score records as JSON lines");
    replay_command->add_option("--signals", options.replay.signals_file,
                               "Writes what became of signals as JSON lines, raised and held back alike");
    replay_command->add_option("--effects", options.replay.effects_file,
                               "Writes every effect, as it enters the digest");
    replay_command
        ->add_option("--record", options.replay.record,
                     "Makes this score record again, counted from 1 as in the lines of --scores, and prints it")
        ->check(CLI::PositiveNumber);
    replay_command->add_flag("--json", options.replay.as_json, "The summary as JSON");
    replay_command->callback([&] { chosen = [&] { return replay(options.replay); }; });

    CLI::App* import_command =
        app.add_subcommand("import",
                           "Makes one recording from captures of raw frames, merged by receive time\n\n"
                           "Examples:\n  virtuoso import btcusdt_20240808.log.zst --out btc.vtj\n"
                           "  virtuoso import futures.log.zst spot.log.zst --out both.vtj");
    import_command->add_option("captures", options.import.captures, "The captures, less than a day apart")
        ->required();
    import_command->add_option("--out", options.import.out, "The recording to write")->required();
    import_command->add_option("--instrument", options.import.instruments,
                               "Steps of a symbol, e.g. binance-linear-BTCUSDT:0.1:0.001; may be given again");
    import_command->add_flag("--json", options.import.as_json, "The report as JSON");
    import_command->callback([&] { chosen = [&] { return import(options.import); }; });

    CLI::App* demo_command =
        app.add_subcommand("demo-exchange",
                           "Serves a recording and generated symbols as Bybit v5 and as Binance, on loopback\n\n"
                           "Example:\n  virtuoso demo-exchange --port 9443 --ca-out ca.pem");
    demo_command->add_option("path", options.demo.path, "A recording (default: the bundled one)");
    demo_command->add_option("--port", options.demo.port, "Port; 0 takes any free port")->capture_default_str();
    demo_command->add_option("--ca-out", options.demo.ca_out, "Writes the certificate of its test authority here");
    demo_command->add_option("--scenario", options.demo.scenario, "File of scripted faults");
    demo_command->add_option("--symbols", options.demo.symbols, "How many symbols it lists")->capture_default_str();
    demo_command
        ->add_option("--speed", options.demo.speed,
                     "Runs the market so many times faster than the clock: for load tests")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 100.0));
    demo_command->add_option("--seed", options.demo.seed, "Seed of the generated market")->capture_default_str();
    CLI::App* warm_command =
        app.add_subcommand("warm-state", "Makes the demo market's warm state, for a build of the program");
    warm_command->group("");  // of no use to a user: not in the help
    warm_command->add_option("--out", options.warm.out, "File to write")->required();
    warm_command->add_option("--hours", options.warm.hours, "Hours of market")->capture_default_str();
    warm_command->callback([&] { chosen = [&] { return warm_state(options.warm); }; });

    demo_command->callback([&] { chosen = [&] { return demo_exchange(options.demo); }; });
}

void add_question_commands(CLI::App& app, Options& options, Chosen& chosen) {
    CLI::App* score_command =
        app.add_subcommand("score",
                           "The score of a symbol of the running program, and why\n\n"
                           "Examples:\n  virtuoso score BTCUSDT\n  virtuoso score BTC/USDT:USDT --explain");
    score_command->add_option("symbol", options.score.symbol, "BTCUSDT, BTC/USDT:USDT, bybit-linear-BTCUSDT")
        ->required();
    add_config_flags(*score_command, options.score.config);
    score_command->add_flag("--explain", options.score.explain,
                            "Every component and timeframe with value, n, coverage and its test");
    score_command->add_flag("--json", options.score.as_json, "The API's answer as it is");
    score_command->callback([&] { chosen = [&] { return score(options.score); }; });

    CLI::App* why_command =
        app.add_subcommand("why",
                           "The score of a symbol of the running program in words, and what stops a signal\n\n"
                           "Examples:\n  virtuoso why BTCUSDT\n  virtuoso why ETH/USDT:USDT --json");
    why_command->add_option("symbol", options.score.symbol, "BTCUSDT, BTC/USDT:USDT, bybit-linear-BTCUSDT")
        ->required();
    add_config_flags(*why_command, options.score.config);
    why_command->add_flag("--json", options.score.as_json, "The API's answer as it is");
    why_command->callback([&] { chosen = [&] { return why(options.score); }; });

    CLI::App* components_command =
        app.add_subcommand("components",
                           "What a score is made of: every component with its weight and timeframes\n\n"
                           "Example:\n  virtuoso components");
    components_command->add_flag("--json", options.components_as_json, "As JSON");
    components_command->callback([&] { chosen = [&] { return components(options.components_as_json); }; });

    CLI::App* doctor_command =
        app.add_subcommand("doctor",
                           "Looks at this machine, at the servers behind the program, at the way to each venue, at "
                           "its clock and at the key, and says what to do\n\n"
                           "Examples:\n  virtuoso doctor\n  virtuoso doctor --live-smoke --seconds 60 --out smoke");
    add_config_flags(*doctor_command, options.doctor.config);
    doctor_command->add_flag("--json", options.doctor.as_json, "As JSON");
    doctor_command->add_flag(
        "--live-smoke", options.doctor.is_live_smoke,
        "Reads the venues for some minutes, records every frame, and says what was not understood");
    doctor_command->add_option_function<std::uint64_t>(
        "--minutes", [&](const std::uint64_t& minutes) { options.doctor.seconds = minutes * 60; },
        "How long (default 5)");
    doctor_command->add_option("--seconds", options.doctor.seconds, "How long, in seconds");
    doctor_command->add_option("--out", options.doctor.out, "Folder of the recording")->capture_default_str();
    doctor_command->callback([&] { chosen = [&] { return doctor(options.doctor); }; });

    CLI::App* version_command = app.add_subcommand("version", "The program's version");
    version_command->add_flag("--json", options.version_as_json, "As JSON");
    version_command->callback([&] { chosen = [&] { return version(options.version_as_json); }; });
}

void add_config_commands(CLI::App& app, Options& options, Chosen& chosen) {
    CLI::App* config_command = app.add_subcommand(
        "config",
        "The configuration: a file, its history, and what sets each value\n\n"
        "Examples:\n  virtuoso config init\n  virtuoso config check\n  virtuoso config explain server.port\n"
        "  virtuoso config diff\n  virtuoso config rollback");
    config_command->require_subcommand(1);
    const auto add = [&](const char* name, const char* meaning, Exit (*command)(const ConfigCommandOptions&)) {
        CLI::App* sub = config_command->add_subcommand(name, meaning);
        add_config_flags(*sub, options.config.config);
        sub->add_flag("--json", options.config.as_json, "As JSON");
        sub->callback(
            [&chosen, &options, command] { chosen = [&options, command] { return command(options.config); }; });
        return sub;
    };
    add("init", "Writes a first file with every knob, its default and its meaning", config_init)
        ->add_flag("--force", options.config.force, "In the place of a file that is there, which its history keeps");
    add("check", "Reads everything and says what is wrong", config_check);
    add("show", "Every key with its value and who set it", config_show);
    add("explain", "One key: meaning, value, and which file, variable or flag set it", config_explain)
        ->add_option("key", options.config.key, "Dotted key, e.g. server.port")
        ->required();
    add("diff", "What differs from the defaults, or from an earlier version of the file", config_diff)
        ->add_option("--version", options.config.version, "Number of `config history`");
    add("history", "The versions of the file that were replaced, the oldest first", config_history);
    add("rollback", "Puts an earlier version in the file's place, once it has been checked", config_rollback)
        ->add_option("version", options.config.version, "Number of `config history` (default: the newest)");
}

void add_storage_commands(CLI::App& app, Options& options, Chosen& chosen) {
    CLI::App* storage = app.add_subcommand("storage",
                                           "What the program has kept: score records in SQLite or PostgreSQL\n\n"
                                           "Examples:\n  virtuoso storage check\n"
                                           "  virtuoso storage backup records-2026-01-31.db\n"
                                           "  virtuoso storage restore records-2026-01-31.db --database "
                                           "postgresql://virtuoso@db.example/records")
                            ->alias("db");
    storage->require_subcommand(1);
    const auto add = [&](const char* name, const char* meaning, Exit (*command)(const StorageOptions&)) {
        CLI::App* sub = storage->add_subcommand(name, meaning);
        add_config_flags(*sub, options.storage.config);
        sub->add_flag("--json", options.storage.as_json, "As JSON");
        sub->callback(
            [&chosen, &options, command] { chosen = [&options, command] { return command(options.storage); }; });
        return sub;
    };
    add("check", "Reads everything, says what is there and whether it is whole", storage_check);
    add("backup", "Writes all of it into one file, while the program goes on", storage_backup)
        ->add_option("file", options.storage.file, "A new file")
        ->required();
    CLI::App* restore =
        add("restore", "Brings a backup into an empty database, SQLite or PostgreSQL", storage_restore);
    restore->add_option("file", options.storage.file, "A file of `storage backup`")->required();
    restore->add_flag("--merge", options.storage.merge, "Into a database that holds something; what is there stays");
    add("migrate", "Brings the schema to the newest version, or back", storage_migrate)
        ->add_option("--to", options.storage.to_schema, "Version; a lower one removes what the later ones brought");
}

void add_report_flags(CLI::App& command, ReportOptions& output) {
    command.add_option("--json", output.json, "The report as JSON into this file; alone or with -: printed")
        ->expected(0, 1)
        ->default_str("-");
    command.add_option("--html", output.html, "The report as one HTML page into this file");
}

void add_measurement_commands(CLI::App& app, Options& options, Chosen& chosen) {
    LoadtestOptions& load = options.loadtest;
    CLI::App* command = app.add_subcommand(
        "loadtest",
        "Puts load on the running program, in an open loop, and judges its answers\n\n"
        "Examples:\n  virtuoso loadtest\n  virtuoso loadtest --maximum --html load.html\n"
        "  virtuoso loadtest --rate 100 --seconds 10 --paths /health,/api/dashboard/data --json\n"
        "  virtuoso loadtest --sockets 1000 --topic overview --seconds 30\n\n"
        "Exit code: 0 every goal was reached; 1 one was not, or the program is not there; 2 usage; 78 configuration");
    add_config_flags(*command, load.config);
    command->add_option("--url", load.url, "Where the program is (default: its configured port on this machine)");
    command->add_option("--profile", options.load_profile, "seed: 633.6 requests/s for 60 s over five routes")
        ->check(CLI::IsMember({"seed"}))
        ->capture_default_str();
    command->add_option("--rate", load.rate, "Requests a second instead of the profile's")
        ->check(CLI::Range(0.1, 1e6));
    command->add_option("--seconds", load.seconds, "For how long, instead of the profile's time")
        ->check(CLI::Range(1, 86'400));
    command->add_option("--paths", load.paths, "Separated by commas, asked in turn, instead of the profile's");
    command
        ->add_option("--connections", load.connections,
                     "At most so many at once; the program takes 64 of one address")
        ->check(CLI::Range(1, 60))
        ->capture_default_str();
    command->add_option("--sockets", load.sockets, "So many readers of /ws at once, instead of requests")
        ->check(CLI::Range(1, 60'000));
    command->add_option("--topic", load.topic, "That each of them follows")->capture_default_str();
    command->add_flag("--maximum", load.maximum, "Then looks for the highest rate that is held");
    command->add_option("--maximum-seconds", load.maximum_seconds, "For how long each rate is tried")
        ->check(CLI::Range(1, 3'600))
        ->capture_default_str();
    add_report_flags(*command, load.output);
    command->callback([&] { chosen = [&] { return loadtest(options.loadtest); }; });

    ValidateOptions& validation = options.validate;
    command = app.add_subcommand(
        "validate",
        "Holds what is claimed of the cache's tiers against what is measured, with the configured servers\n\n"
        "Examples:\n  virtuoso validate\n  virtuoso validate --html cache.html\n"
        "  CACHE_TYPE=memcached virtuoso validate --flush --restart-redis 'systemctl restart redis'\n\n"
        "Exit code: 0 no claim has failed (what could not be measured says so); 1 one has; 2 usage; 78 "
        "configuration");
    add_config_flags(*command, validation.config);
    command->add_option("--url", validation.url,
                        "Where the program is (default: its configured port on this machine)");
    command->add_flag("--flush", validation.flush,
                      "May empty memcached, all of it: it destroys what others keep there");
    command->add_option("--restart-redis", validation.restart_redis,
                        "A command that restarts the configured Redis and ends when it is there again");
    add_report_flags(*command, validation.output);
    command->callback([&] { chosen = [&] { return validate(options.validate); }; });
}

void add_trades_command(CLI::App& app, Options& options, Chosen& chosen) {
    TradesOptions& given = options.trades;
    CLI::App* command =
        app.add_subcommand("trades",
                           "What was traded, newest first: entry, stop, how it ended and what it brought\n\n"
                           "Examples:\n  virtuoso trades\n  virtuoso trades --market demo --state open --orders");
    add_config_flags(*command, given.config);
    command->add_option("--market", given.market, "live or demo")->capture_default_str();
    command->add_option("--state", given.state, "open, closed or abandoned")
        ->check(CLI::IsMember({"open", "closed", "abandoned"}));
    command->add_option("--limit", given.limit, "How many at most")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--cursor", given.cursor, "Where the page before ended");
    command->add_flag("--orders", given.with_orders, "With every order of each");
    command->add_flag("--json", given.as_json, "As JSON (docs/formats/trades.md)");
    command->callback([&] { chosen = [&] { return trades(options.trades); }; });
}

void add_simulate_command(CLI::App& app, Options& options, Chosen& chosen) {
    SimulateOptions& simulation = options.simulate;
    CLI::App* command = app.add_subcommand(
        "simulate",
        "A paper account in a simulated market in which everything goes wrong: refused, lost and late requests, "
        "crashes, "
        "broken connections, pauses, the kill switch; checked after each event\n\n"
        "Examples:\n  virtuoso simulate --seed 7\n  virtuoso simulate --seed 1 --seeds 200 --minutes 20\n"
        "  virtuoso simulate --calm --minutes 1440 --json\n\n"
        "Exit code: 0 all held, 1 something did not (the seed and the instant are said), 2 usage");
    command->add_option("--seed", simulation.seed, "The same seed gives the same bytes")->capture_default_str();
    command->add_option("--seeds", simulation.seeds, "So many, one after another")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    command->add_option("--minutes", simulation.minutes, "Of simulated time")
        ->check(CLI::Range(1, 60 * 24 * 366))
        ->capture_default_str();
    command->add_option("--symbols", simulation.symbols, "Markets")->check(CLI::Range(1, 50))->capture_default_str();
    command->add_flag("--calm", simulation.is_calm, "Nothing goes wrong");
    command->add_flag("--json", simulation.as_json, "One object a seed, a line each");
    command->callback([&] { chosen = [&] { return simulate(options.simulate); }; });
}

void add_signal_commands(CLI::App& app, Options& options, Chosen& chosen) {
    SignalsOptions& signals = options.signals;
    CLI::App* parent = app.add_subcommand(
        "signals",
        "The ledger of signals: raised, held back, and what became of each\n\n"
        "Examples:\n  virtuoso signals\n  virtuoso signals --symbol BTCUSDT --state closed\n"
        "  virtuoso signals show 0f3a5c7e9b1d2f40\n  virtuoso signals export signals.csv\n  virtuoso signals verify");
    parent->require_subcommand(0, 1);
    add_config_flags(*parent, signals.config);
    parent->add_flag("--json", signals.as_json, "As JSON");
    parent->add_option("--symbol", signals.symbol, "Of this symbol only");
    parent->add_option("--state", signals.state, "open, closed or suppressed")
        ->check(CLI::IsMember({"open", "closed", "suppressed"}));
    parent->add_option("--direction", signals.direction, "long or short")->check(CLI::IsMember({"long", "short"}));
    parent->add_option("--strategy", signals.strategy, "confluence, lead_lag and so on (docs/alpha.md)");
    parent->add_option("--limit", signals.limit, "How many at most")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    parent->add_option("--segment", signals.segment, "reconstructed: of the past, from candles")
        ->check(CLI::IsMember({"reconstructed"}));
    parent->add_option("--cursor", signals.cursor, "Where the page before ended");
    parent->callback([&chosen, &signals, parent] {
        if (parent->get_subcommands().empty()) chosen = [&signals] { return signals_list(signals); };
    });
    const auto add = [&](const char* name, const char* meaning, Exit (*command)(const SignalsOptions&)) {
        CLI::App* sub = parent->add_subcommand(name, meaning);
        add_config_flags(*sub, signals.config);
        sub->add_flag("--json", signals.as_json, "As JSON");
        sub->callback([&chosen, &signals, command] { chosen = [&signals, command] { return command(signals); }; });
        return sub;
    };
    add("show", "One signal: its levels, its outcome and every entry about it", signals_show)
        ->add_option("id", signals.id, "Its id, as listed")
        ->required();
    CLI::App* page = add("report",
                         "One signal as a page: candles, levels, what made its score, what became of it; or a day\n\n"
                         "Examples:\n  virtuoso signals report 0f3a5c7e9b1d2f40 signal.html\n"
                         "  virtuoso signals report --day 2026-11-30 day.pdf",
                         signals_report);
    page->add_option("id", signals.id, "Its id, as listed; left out with --day");
    page->add_option("file", signals.file, "signal.html, or signal.pdf where Chromium is installed");
    page->add_option("--day", signals.day, "All signals of this day (UTC) instead: 2026-11-30");
    page->callback([&chosen, &signals] {
        // With --day the only name that is given is the file's.
        if (!signals.day.empty() && signals.file.empty()) std::swap(signals.id, signals.file);
        if (signals.file.empty()) throw CLI::RequiredError("file");
        if (signals.day.empty() == signals.id.empty())
            throw CLI::ValidationError("report", "takes an id and a file, or --day and a file");
        chosen = [&signals] { return signals.day.empty() ? signals_report(signals) : signals_day_report(signals); };
    });
    add("performance", "The track record: targets, stops and results beside what chance gives", signals_performance);
    CLI::App* save = add("export", "Every signal as it stands into a file: .csv, else JSON lines", signals_export);
    save->add_option("file", signals.file, "A new file")->required();
    save->add_option("--market", signals.market, "live, demo, replay or live-reconstructed")->capture_default_str();
    CLI::App* again = add("replay", "Makes the decision about a signal anew from a recording and compares every byte",
                          signals_replay);
    again->add_option("id", signals.id, "Its id, as listed")->required();
    again
        ->add_option("--recording", signals.recording,
                     "The recording of the run that decided: a file, or a folder that holds it")
        ->required();
    CLI::App* past = add("backfill",
                         "Reconstructs signals of the past from candles, into a ledger of their own\n\n"
                         "Example:\n  virtuoso signals backfill --symbols BTCUSDT,ETHUSDT --days 7",
                         signals_backfill);
    past->add_option("--days", signals.days, "So many days before yesterday (default: backfill.days)")
        ->check(CLI::Range(1, 90));
    add("verify", "Makes every hash of the ledger anew and says where one does not fit", signals_verify);
}

void add_cache_commands(CLI::App& app, Options& options, Chosen& chosen) {
    CLI::App* cache = app.add_subcommand("cache",
                                         "The cache tiers of the running program\n\n"
                                         "Examples:\n  virtuoso cache stats\n  virtuoso cache warm --json");
    cache->require_subcommand(1);
    const auto add = [&](const char* name, const char* meaning, Exit (*command)(const CacheCommandOptions&)) {
        CLI::App* sub = cache->add_subcommand(name, meaning);
        add_config_flags(*sub, options.cache.config);
        sub->add_flag("--json", options.cache.as_json, "The API's answer as it is");
        sub->callback(
            [&chosen, &options, command] { chosen = [&options, command] { return command(options.cache); }; });
    };
    add("stats", "What each tier did for those who asked, and how warming goes", cache_stats);
    add("warm", "Computes anew what was asked for lately and what is always wanted", cache_warm);
    add("flush", "Forgets every kept answer, here and over Redis in other processes", cache_flush);
}

void add_login_commands(CLI::App& app, Options& options, Chosen& chosen) {
    LoginOptions& login = options.login;
    const auto add = [&](CLI::App* parent, const char* name, const char* meaning,
                         Exit (*command)(const LoginOptions&)) {
        CLI::App* sub = parent->add_subcommand(name, meaning);
        add_config_flags(*sub, login.config);
        sub->add_flag("--json", login.as_json, "As JSON");
        sub->callback([&chosen, &login, command] { chosen = [&login, command] { return command(login); }; });
        return sub;
    };
    const auto with_password = [&](CLI::App* sub) {
        sub->add_option("name", login.user, "The user's name")->required();
        sub->add_option("--password-file", login.password_file,
                        "File whose first line is the password; - is the standard input");
        return sub;
    };
    CLI::App* user = app.add_subcommand("user",
                                        "Who may log in\n\nExamples:\n  virtuoso user add ann --role admin\n"
                                        "  virtuoso user passwd ann");
    user->require_subcommand(1);
    with_password(add(user, "add", "Somebody who may log in", user_add))
        ->add_option("--role", login.role, "viewer, trader or admin")
        ->capture_default_str();
    with_password(
        add(user, "passwd", "A new password; ends the sessions, takes the second factor away", user_passwd));
    add(user, "list", "Everybody who may log in", user_list);
    CLI::App* token =
        app.add_subcommand("token",
                           "Ways in for programs\n\nExamples:\n  virtuoso token create --user ann --label "
                           "grafana\n  virtuoso token revoke 0123456789abcdef");
    token->require_subcommand(1);
    CLI::App* create = add(token, "create", "A token, shown once", token_create);
    create->add_option("--user", login.user, "Whose it is")->required();
    create->add_option("--label", login.label, "What uses it")->required();
    create->add_option("--scope", login.scope, "read, trade or admin")->capture_default_str();
    create->add_option("--days", login.days, "How long it holds")->capture_default_str();
    add(token, "list", "All tokens, without their secrets", token_list);
    add(token, "revoke", "Ends a token", token_revoke)->add_option("id", login.id, "Of `token list`")->required();
    add(&app, "setup-token", "A new one-time token to make the first admin with", setup_token);
}

void add_setup_command(CLI::App& app, Options& options, Chosen& chosen) {
    CLI::App* command = app.add_subcommand(
        "setup",
        "The first configuration: a password, symbols, and what other machines need to reach the pages\n\n"
        "Examples:\n  virtuoso setup\n  virtuoso setup --public\n  virtuoso setup --public --name box.example "
        "--certificate fullchain.pem --key privkey.pem\n  virtuoso setup --public --self-signed --no-input "
        "--password-file password.txt --symbols BTCUSDT,ETHUSDT --json\n\n"
        "What is there already stays. Flags of the configuration (--port, --symbols ...) are written into its file.");
    add_config_flags(*command, options.setup.config);
    add_setup_flags(*command, options.setup);
    command->callback([&] { chosen = [&] { return setup(options.setup); }; });
}

void add_completion_command(CLI::App& app, Options& options, Chosen& chosen) {
    CLI::App* command = app.add_subcommand(
        "completion",
        "The script by which a shell completes subcommands and flags\n\n"
        "Examples:\n  virtuoso completion bash > ~/.local/share/bash-completion/completions/virtuoso\n"
        "  virtuoso completion zsh > ~/.zfunc/_virtuoso\n"
        "  virtuoso completion fish > ~/.config/fish/completions/virtuoso.fish");
    command->add_option("shell", options.shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([&] {
        chosen = [&] {
            std::fputs(completion_script(app, options.shell).c_str(), stdout);
            return Exit::ok;
        };
    });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Virtuoso analyses crypto markets and explains every score.\n\n"
        "Examples:\n  virtuoso run --market demo      a complete market, no key and no network needed\n"
        "  virtuoso run                    live public data of Bybit\n  virtuoso score BTCUSDT --explain");
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);
    Options options;
    Chosen chosen;
    add_market_commands(app, options, chosen);
    add_history_commands(app, std::make_shared<HistoryOptions>(), chosen);
    add_question_commands(app, options, chosen);
    add_config_commands(app, options, chosen);
    add_storage_commands(app, options, chosen);
    add_cache_commands(app, options, chosen);
    add_trades_command(app, options, chosen);
    add_trading_commands(app, options.trading, chosen);
    add_simulate_command(app, options, chosen);
    add_signal_commands(app, options, chosen);
    add_login_commands(app, options, chosen);
    add_setup_command(app, options, chosen);
    add_completion_command(app, options, chosen);
    add_measurement_commands(app, options, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        std::fprintf(stderr, "virtuoso: %s\n", error.what());
        if (const std::string near = suggestion(app, {argv + 1, argv + argc}); !near.empty()) {
            std::fprintf(stderr, "Did you mean `virtuoso %s`?\n", near.c_str());
        }
        std::fprintf(stderr, "Run with --help for more information.\n");
        return static_cast<int>(Exit::usage);
    }
    try {
        return static_cast<int>(chosen());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "virtuoso: %s\n", error.what());
        return static_cast<int>(Exit::failed);
    }
}
