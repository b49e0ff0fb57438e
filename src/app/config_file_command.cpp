#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "base/json_writer.hpp"
#include "config/default_file.hpp"
#include "config/file_text.hpp"
#include "config/versioned_file.hpp"

#include <cstdio>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

/// What `virtuoso config` does with the file and its history.
namespace vt::app {
namespace {

constexpr const char* kTakenUp =
    "A running program takes up what can be changed live when it is sent SIGHUP, and the rest when it is started "
    "again.";

Result<config::VersionedFile> user_configuration(const ConfigOptions& options) {
    VT_TRY(const config::Inputs inputs, configuration_inputs(options));
    if (inputs.file_name.empty())
        return fail(Errc::configuration, "neither HOME nor XDG_CONFIG_HOME is set; name the file: --config FILE");
    return config::VersionedFile(inputs.file_name);
}

/// The configuration that a file of this text would make alone, without variables and flags.
Result<config::Config> alone(const std::string& name, std::optional<std::string> text) {
    VT_TRY(config::Loaded loaded, config::load({.file_name = name, .file_text = std::move(text)}));
    return std::move(loaded.config);
}

std::string utc_text(Timestamp at) {
    const std::time_t seconds = to_ms(at) / 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/// in: version: absent: the newest that is kept
Result<std::uint32_t> chosen_version(const config::VersionedFile& file, std::optional<std::uint32_t> version) {
    if (version) return *version;
    VT_TRY(const std::vector<config::FileVersion> kept, file.versions());
    if (kept.empty())
        return fail(Errc::not_found, "no earlier version of " + file.path().string() + " was kept so far");
    return kept.back().number;
}

int print_differences(const config::Config& before, const config::Config& after, bool as_json) {
    JsonWriter out;
    out.begin_array();
    const std::vector<std::string> keys = config::changed_keys(before, after);
    for (const std::string& key : keys) {
        const std::string from = *config::value_text(before, key);
        const std::string to = *config::value_text(after, key);
        out.begin_object().field("key", key).key("before").raw(from).key("after").raw(to).end_object();
        if (!as_json) std::printf("%s: %s -> %s\n", key.c_str(), from.c_str(), to.c_str());
    }
    if (as_json) std::printf("%s\n", std::string(out.end_array().text()).c_str());
    return static_cast<int>(keys.size());
}

Exit print_done(const ConfigCommandOptions& options, const std::string& file, const std::string& sentence) {
    if (options.as_json) {
        std::printf("%s\n", std::string(JsonWriter().begin_object().field("file", file).end_object().text()).c_str());
    } else {
        std::printf("%s\n", sentence.c_str());
    }
    return Exit::ok;
}

}  // namespace

Exit config_init(const ConfigCommandOptions& options) {
    auto file = user_configuration(options.config);
    if (!file) return report(file.error());
    const auto written = file->replace([&](const std::optional<std::string>& present) -> Result<std::string> {
        if (present && !options.force)
            return fail(Errc::already_exists, file->path().string() +
                                                  " is there already; edit it, or put a new one in its place with "
                                                  "--force: the old one stays in its history");
        return config::first_file();
    });
    if (!written) return report(written.error());
    return print_done(options, file->path(),
                      "Wrote " + file->path().string() +
                          ": every knob with its default, commented out. Take the '#' away "
                          "from those you change.");
}

Exit config_diff(const ConfigCommandOptions& options) {
    if (!options.version) {
        const auto loaded = load_configuration(options.config);
        if (!loaded) return report(loaded.error());
        if (print_differences({}, loaded->config, options.as_json) == 0 && !options.as_json)
            std::printf("Everything is as by default.\n");
        return Exit::ok;
    }
    auto file = user_configuration(options.config);
    if (!file) return report(file.error());
    const auto earlier = file->version(*options.version);
    if (!earlier) return report(earlier.error());
    const auto present = file->read();
    if (!present) return report(present.error());
    const auto before = alone("version " + std::to_string(*options.version), *earlier);
    if (!before) return report(before.error());
    const auto after = alone(file->path(), *present);
    if (!after) return report(after.error());
    if (print_differences(*before, *after, options.as_json) == 0 && !options.as_json)
        std::printf("Every value is as in version %u.\n", *options.version);
    return Exit::ok;
}

Exit config_history(const ConfigCommandOptions& options) {
    auto file = user_configuration(options.config);
    if (!file) return report(file.error());
    const auto versions = file->versions();
    if (!versions) return report(versions.error());
    if (options.as_json) {
        JsonWriter out;
        out.begin_object().field("file", file->path().string()).key("versions").begin_array();
        for (const config::FileVersion& one : *versions) {
            out.begin_object()
                .field("version", one.number)
                .field("replaced_at", to_ms(one.replaced))
                .field("bytes", one.bytes)
                .end_object();
        }
        std::printf("%s\n", std::string(out.end_array().end_object().text()).c_str());
        return Exit::ok;
    }
    if (versions->empty()) std::printf("No earlier version of %s was kept so far.\n", file->path().c_str());
    for (const config::FileVersion& one : *versions)
        std::printf("%6u  until %s  %llu bytes\n", one.number, utc_text(one.replaced).c_str(),
                    static_cast<unsigned long long>(one.bytes));
    return Exit::ok;
}

Exit config_rollback(const ConfigCommandOptions& options) {
    auto file = user_configuration(options.config);
    if (!file) return report(file.error());
    const auto number = chosen_version(*file, options.version);
    if (!number) return report(number.error());
    const auto earlier = file->version(*number);
    if (!earlier) return report(earlier.error());
    auto inputs = configuration_inputs(options.config);
    if (!inputs) return report(inputs.error());
    inputs->file_name = "version " + std::to_string(*number);
    if (const auto valid = load_configuration_text(*inputs, *earlier); !valid)
        return report(Error{valid.error().code, valid.error().what + "; the file stays as it is"});
    const auto written = file->replace([&](const auto& /*present*/) { return *earlier; });
    if (!written) return report(written.error());
    if (!*written)
        return print_done(options, file->path(), "The file is version " + std::to_string(*number) + " already.");
    return print_done(options, file->path(),
                      file->path().string() + " is version " + std::to_string(*number) +
                          " again; what it was is in its history. " + kTakenUp);
}

}  // namespace vt::app
