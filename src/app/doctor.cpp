#include "runtime/doctor.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/environment.hpp"
#include "app/journal.hpp"
#include "app/record_places.hpp"
#include "app/stop_signal.hpp"
#include "base/json_writer.hpp"
#include "config/credentials.hpp"
#include "obs/log.hpp"
#include "runtime/doctor_servers.hpp"
#include "runtime/live_smoke.hpp"
#include "runtime/program.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace vt::app {
namespace {

using runtime::Check;
using runtime::Finding;

void print_table(const std::vector<Check>& checks) {
    std::string subject;
    for (const Check& check : checks) {
        if (check.subject != subject) std::printf("%s\n", check.subject.c_str());
        subject = check.subject;
        std::printf("  %-7s  %-22s  %s\n", std::string(runtime::name(check.finding)).c_str(), check.name.c_str(),
                    check.text.c_str());
        if (!check.remedy.empty()) std::printf("  %-7s  %-22s  -> %s\n", "", "", check.remedy.c_str());
    }
}

void print_json(const std::vector<Check>& checks, bool is_good, std::chrono::milliseconds took) {
    JsonWriter out;
    out.begin_object().field("ok", is_good).field("took_ms", took.count()).key("checks").begin_array();
    for (const Check& check : checks) {
        out.begin_object()
            .field("subject", check.subject)
            .field("name", check.name)
            .field("finding", runtime::name(check.finding))
            .field("text", check.text)
            .field("value_ms", check.value_ms)
            .field("remedy", check.remedy)
            .end_object();
    }
    out.end_array().end_object();
    std::printf("%s\n", std::string(out.text()).c_str());
}

void write_counts(JsonWriter& out, std::string_view name, const std::map<std::string, std::uint64_t>& counts) {
    out.key(name).begin_object();
    for (const auto& [what, count] : counts) out.field(what, count);
    out.end_object();
}

void print_counts(const char* title, const std::map<std::string, std::uint64_t>& counts) {
    std::printf("%s:%s\n", title, counts.empty() ? " none" : "");
    for (const auto& [what, count] : counts) {
        std::printf("  %10llu  %s\n", static_cast<unsigned long long>(count), what.c_str());
    }
}

void print_smoke(const runtime::SmokeReport& report, const std::string& path, bool as_json) {
    if (as_json) {
        JsonWriter out;
        out.begin_object()
            .field("ok", report.is_good())
            .field("recording", path)
            .field("frames", report.frames)
            .field("replies", report.replies)
            .field("closes", report.closes);
        write_counts(out, "frames_by_kind", report.frames_by_kind);
        write_counts(out, "refused", report.refused);
        write_counts(out, "resyncs", report.resyncs);
        write_counts(out, "unknown_kinds", report.unknown_kinds);
        write_counts(out, "unknown_fields", report.unknown_fields);
        out.key("losses").begin_array();
        for (const std::string& loss : report.losses) out.value(loss);
        out.end_array().end_object();
        std::printf("%s\n", std::string(out.text()).c_str());
        return;
    }
    std::printf("%llu frames, %llu replies, %llu connections ended; recorded in %s\n",
                static_cast<unsigned long long>(report.frames), static_cast<unsigned long long>(report.replies),
                static_cast<unsigned long long>(report.closes), path.c_str());
    print_counts("Frames", report.frames_by_kind);
    print_counts("Refused", report.refused);
    print_counts("Books asked for again", report.resyncs);
    print_counts("Kinds of frames that our documentation does not name", report.unknown_kinds);
    print_counts("Fields that our documentation does not name", report.unknown_fields);
    for (const std::string& loss : report.losses) std::printf("Lost: %s\n", loss.c_str());
}

/// Follows the configured venues for a while, records everything, and reads the recording.
Exit live_smoke(const DoctorOptions& options) {
    ConfigOptions with_folder = options.config;
    with_folder.flags["recording.directory"] = options.out;
    const auto loaded = load_configuration(with_folder);
    if (!loaded) return report(loaded.error());
    obs::configure_log(obs::log_params_from_environment());
    std::random_device entropy;
    StopSignal stop;
    runtime::Program program({.config = loaded->config,
                              .has_api = false,
                              .run_id = entropy(),
                              .limit_share = exchange::access::kBesideShare});
    if (auto started = program.start(); !started) return report(started.error());
    std::fprintf(stderr,
                 "virtuoso: reading the venues for %llu s. Nothing is written to them; Ctrl-C ends it early.\n",
                 static_cast<unsigned long long>(options.seconds));
    (void)stop.wait_for(std::chrono::seconds{options.seconds});
    program.stop();
    auto journal = open_recording(options.out);
    if (!journal) return report(journal.error());
    const auto smoke = runtime::read_smoke(*journal);
    if (!smoke) return report(smoke.error());
    print_smoke(*smoke, options.out, options.as_json);
    return smoke->is_good() ? Exit::ok : Exit::failed;
}

/// What is not there by then hangs.
constexpr std::chrono::milliseconds kLookingLimit{2800};

Result<runtime::OwnFiles> own_files(const DoctorOptions& options, const config::Loaded& loaded) {
    VT_TRY(const config::Inputs inputs, configuration_inputs(options.config));
    const std::string& log = loaded.config.log.directory;
    runtime::OwnFiles files{.config_file = inputs.file_name,
                            .data_folder = data_folder().string(),
                            .log_folder = log == "off"  ? ""
                                          : log.empty() ? (state_folder() / "logs").string()
                                                        : log};
    std::vector<std::string> names = config::credential_variable_names();
    for (const config::Knob& knob : config::knobs()) {
        if (knob.has_file_variable) names.push_back(std::string(knob.environment) + "_FILE");
    }
    for (const std::string& name : names) {
        if (!name.ends_with("_FILE")) continue;
        if (std::string file = environment_variable(name.c_str()); !file.empty())
            files.secret_files.push_back(std::move(file));
    }
    return files;
}

}  // namespace

Exit doctor(const DoctorOptions& options) {
    if (options.is_live_smoke) return live_smoke(options);
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto places = record_places(loaded->config);
    if (!places) return report(places.error());
    const auto sites = runtime::configured_sites(loaded->config);
    if (!sites) return report(sites.error());
    const auto files = own_files(options, *loaded);
    if (!files) return report(files.error());
    std::vector<runtime::Examination> all =
        runtime::examinations(loaded->config, credential_environment(), *sites, *files);
    all.push_back({"servers", "servers", [config = loaded->config, url = places->url] {
                       return runtime::check_servers(config, url);
                   }});
    const auto began = std::chrono::steady_clock::now();
    const auto [checks, is_complete] = runtime::examine(std::move(all), kLookingLimit);
    const auto took = std::chrono::steady_clock::now() - began;
    const bool is_good = std::none_of(checks.begin(), checks.end(),
                                      [](const Check& check) { return check.finding == Finding::failed; });
    if (options.as_json) {
        print_json(checks, is_good, std::chrono::duration_cast<std::chrono::milliseconds>(took));
    } else {
        print_table(checks);
    }
    const Exit code = is_good ? Exit::ok : Exit::failed;
    if (is_complete) return code;
    std::fflush(nullptr);
    std::quick_exit(static_cast<int>(code));  // what hangs is not waited for
}

}  // namespace vt::app
