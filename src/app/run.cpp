#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/environment.hpp"
#include "app/file_limit.hpp"
#include "app/history_options.hpp"
#include "app/record_places.hpp"
#include "app/stop_signal.hpp"
#include "config/file_check.hpp"
#include "obs/background_log.hpp"
#include "obs/log.hpp"
#include "obs/log_output.hpp"
#include "runtime/api_keys.hpp"
#include "runtime/doctor.hpp"
#include "runtime/program.hpp"
#include "runtime/warm_state.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <random>
#include <vector>

namespace vt::app {
namespace {

/// A name for this run; nothing is decided by it.
std::uint64_t fresh_run_id() {
    std::random_device entropy;
    return (static_cast<std::uint64_t>(entropy()) << 32U) | entropy();
}

void configure_logging(const config::Config& config) {
    obs::LogParams log = obs::log_params_from_environment();
    log.level = obs::LogLevel::info;  // DEBUG is one of the configuration's variables, and a flag beats it
    if (config.log.level == "debug") log.level = obs::LogLevel::debug;
    if (config.log.level == "warn") log.level = obs::LogLevel::warning;
    if (config.log.level == "error") log.level = obs::LogLevel::error;
    obs::configure_log(log);
}

/// Files beside standard error, unless the journal has it. A folder that cannot be used costs the files only.
void open_log(const config::Config& config) {
    const bool is_journal = obs::is_standard_error_the_journal();
    obs::LogOutput output{.file_bytes_max = config.log.file_bytes_max, .files_max = config.log.files_max};
    if (is_journal) output.format = obs::LogFormat::journal;
    if (config.log.format == "json") output.format = obs::LogFormat::json;
    output.folder = config.log.directory;
    if (output.folder.empty() && !is_journal && !state_folder().empty()) output.folder = state_folder() / "logs";
    if (output.folder == "off") output.folder.clear();
    if (const auto set = obs::set_log_output(output); !set) obs::log_warning("log", set.error().what);
}

/// in: is_serving: it is `run`, which has log files and an API
Result<runtime::ProgramParams> program_params(const ConfigOptions& options, const std::string& market,
                                              bool is_serving) {
    VT_TRY(const config::Loaded loaded, load_configuration(options));
    runtime::ProgramParams params{.config = loaded.config, .run_id = fresh_run_id()};
    VT_TRY(const config::Inputs inputs, configuration_inputs(options));
    if (!inputs.file_name.empty()) {
        params.live_configuration = runtime::LiveConfigurationParams{
            .file = inputs.file_name,
            .load = [inputs](std::optional<std::string> text) -> Result<config::Loaded> {
                VT_TRY(config::Loaded made, load_configuration_text(inputs, std::move(text)));
                const auto problems = config::file_problems(made.config, credential_environment());
                if (!problems.empty()) return fail(Errc::configuration, problems.front());
                return made;
            },
            .apply =
                [is_serving](const config::Config& config) {
                    configure_logging(config);
                    if (is_serving) open_log(config);
                }};
        params.loaded = loaded;
    }
    if (market == "demo") {
        params.mode = views::MarketMode::demo;
        if (params.config.market.top_symbols < params.config.demo.symbols &&
            loaded.sources.at("market.top_symbols") == config::Source::built_in) {
            params.config.market.top_symbols = params.config.demo.symbols;
        }
        if (params.config.demo.warm) {
            const runtime::WarmState warm = runtime::bundled_warm_state();
            params.warm_state = warm.state;
            params.warm_state_end = warm.end;
        }
    } else if (market.starts_with("replay:")) {
        params.mode = views::MarketMode::replay;
        params.replay_path = market.substr(7).empty() ? "-" : market.substr(7);
    } else if (market != "live") {
        return fail(Errc::configuration, "--market is live, demo or replay:PATH, not '" + market + "'");
    }
    return params;
}

/// Reads the keys (their files may have changed) and says what they may do. Without keys, nothing.
void reload_keys(runtime::ApiKeys& keys) {
    const auto credentials = credential_environment();
    if (credentials.empty()) obs::log_info("keys", "no API key is set; market data needs none");
    const std::vector<runtime::Check> checks = keys.reload(credentials);
    if (StopSignal::has_come()) return;  // what was not answered any more is no finding
    for (const runtime::Check& check : checks) {
        const std::string text =
            check.subject + ": " + check.text + (check.remedy.empty() ? "" : "; " + check.remedy);
        if (check.finding == runtime::Finding::failed) {
            obs::log_error("keys", text);
        } else if (check.finding == runtime::Finding::warning) {
            obs::log_warning("keys", text);
        } else {
            obs::log_info("keys", text);
        }
    }
}

}  // namespace

Exit run(const RunOptions& options) {
    auto params = program_params(options.config, options.market, true);
    if (!params) return report(params.error());
    auto places = record_places(params->config);
    if (!places) return report(places.error());
    params->records = std::move(*places);
    params->kill_file = kill_file(params->config);
    if (auto folder = history_directory({}, params->config)) params->history_folder = folder->string();
    raise_file_limit();
    configure_logging(params->config);
    open_log(params->config);
    StopSignal stop;
    const obs::BackgroundLog log;  // its thread takes no signal: the stop is prepared
    const std::string market = options.market;
    const std::string trading = params->config.trading.mode == "paper" ? "on paper" : "off";
    std::optional<runtime::ApiKeys> keys;
    if (params->mode == views::MarketMode::live) {
        auto sites = runtime::configured_sites(params->config);
        if (!sites) return report(sites.error());
        keys.emplace(std::move(*sites), StopSignal::has_come);
    }
    params->tell_setup_token = [](const std::string& token) {
        std::fprintf(stderr,
                     "virtuoso: there is no admin yet. The setup token of the next 15 minutes is %s (POST "
                     "/api/auth/setup); `virtuoso user add NAME --role admin` does without.\n",
                     token.c_str());
    };
    const char* const scheme = params->config.server.tls_certificate_file.empty() ? "http" : "https";
    runtime::Program program(std::move(*params));
    if (auto started = program.start(); !started) return report(started.error());
    std::printf(
        "virtuoso: %s://localhost:%u/   (phone: /mobile, API: /openapi.json, monitoring: "
        "%s://localhost:%u/metrics)\n",
        scheme, program.port(), scheme, program.monitoring_port());
    std::printf("virtuoso: market %s, trading %s. Stop with Ctrl-C.\n", market.c_str(), trading.c_str());
    std::fflush(stdout);
    if (keys && !credential_environment().empty()) reload_keys(*keys);
    stop.wait(
        [&] {
            program.reload_configuration();
            if (keys) reload_keys(*keys);
        },
        [&] { program.press_kill_switch("signal", "SIGUSR1"); });
    program.stop();
    return Exit::ok;
}

Exit record(const RecordOptions& options) {
    ConfigOptions config = options.config;
    config.flags["recording.directory"] = options.directory;
    auto params = program_params(config, options.market, false);
    if (!params) return report(params.error());
    params->has_api = false;
    if (params->mode == views::MarketMode::live) params->limit_share = params->config.recording.limit_share;
    configure_logging(params->config);
    const double limit_share = params->limit_share;
    StopSignal stop;
    const obs::BackgroundLog log;  // its thread takes no signal: the stop is prepared
    runtime::Program program(std::move(*params));
    if (auto started = program.start(); !started) return report(started.error());
    std::fprintf(stderr, "virtuoso: recording into %s. Stop with Ctrl-C.\n", options.directory.c_str());
    if (options.market == "live") {
        std::fprintf(stderr,
                     "virtuoso: asks the venues for %.2f of what they allow your address "
                     "(recording.limit_share), so that a run beside it has the rest.\n",
                     limit_share);
    }
    if (options.seconds) {
        (void)stop.wait_for(std::chrono::seconds{*options.seconds});
    } else {
        stop.wait();
    }
    program.stop();
    const storage::RecorderStats stats = program.recorder_stats().value_or(storage::RecorderStats{});
    std::printf("%llu inputs, %llu bytes, %llu lost\n", static_cast<unsigned long long>(stats.written_events),
                static_cast<unsigned long long>(stats.written_bytes), static_cast<unsigned long long>(stats.lost));
    return stats.lost == 0 ? Exit::ok : Exit::failed;
}

}  // namespace vt::app
