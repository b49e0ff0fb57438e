#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "base/json_writer.hpp"
#include "config/file_check.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace vt::app {
namespace {

void print_knob_json(JsonWriter& out, const config::Knob& knob, const config::Loaded& loaded) {
    out.begin_object()
        .field("key", knob.key)
        .key("value")
        .raw(*config::value_text(loaded.config, knob.key))
        .field("source", config::name(loaded.sources.at(std::string(knob.key))));
    const auto origin = loaded.origins.find(knob.key);
    if (origin != loaded.origins.end() && !origin->second.empty()) out.field("origin", origin->second);
    out.key("default")
        .raw(*config::value_text(config::Config{}, knob.key))
        .field("meaning", knob.meaning)
        .field("takes_effect", knob.is_live ? "live" : "restart");
    if (!knob.environment.empty()) out.field("environment", knob.environment);
    out.end_object();
}

/// "file v.toml:3", "environment APP_PORT", "flag", "default".
std::string setter(const config::Loaded& loaded, const std::string& key) {
    std::string text(config::name(loaded.sources.at(key)));
    const auto origin = loaded.origins.find(key);
    if (origin != loaded.origins.end() && !origin->second.empty()) text += " " + origin->second;
    return text;
}

void print(const JsonWriter& out) { std::printf("%s\n", std::string(out.text()).c_str()); }

}  // namespace

Exit config_check(const ConfigCommandOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const std::vector<std::string> problems = config::file_problems(loaded->config, credential_environment());
    if (options.as_json) {
        JsonWriter out;
        out.begin_object().field("valid", problems.empty()).key("problems").begin_array();
        for (const std::string& problem : problems) out.value(problem);
        print(out.end_array().end_object());
    }
    if (!problems.empty()) {
        for (const std::string& problem : problems) std::fprintf(stderr, "virtuoso: %s\n", problem.c_str());
        return Exit::configuration;
    }
    if (!options.as_json) {
        std::printf("The configuration is valid.\n");
        if (!loaded->config.machine_learning.model.empty()) {
            std::printf(
                "The model's card fits this program; it runs no models yet, so the side stays out of the score.\n");
        }
    }
    return Exit::ok;
}

Exit config_show(const ConfigCommandOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    if (options.as_json) {
        JsonWriter out;
        out.begin_array();
        for (const config::Knob& knob : config::knobs()) print_knob_json(out, knob, *loaded);
        print(out.end_array());
        return Exit::ok;
    }
    for (const config::Knob& knob : config::knobs()) {
        const std::string key(knob.key);
        std::printf("%-30s = %-30s # %s\n", key.c_str(), config::value_text(loaded->config, key)->c_str(),
                    std::string(config::name(loaded->sources.at(key))).c_str());
    }
    return Exit::ok;
}

Exit config_explain(const ConfigCommandOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto value = config::value_text(loaded->config, options.key);
    if (!value) return report(Error{Errc::configuration, value.error().what});
    const auto knob = std::find_if(config::knobs().begin(), config::knobs().end(),
                                   [&](const config::Knob& k) { return k.key == options.key; });
    if (options.as_json) {
        JsonWriter out;
        print_knob_json(out, *knob, *loaded);
        print(out);
        return Exit::ok;
    }
    std::printf("%s = %s\n  %s\n  set by: %s\n  default: %s\n", options.key.c_str(), value->c_str(),
                std::string(knob->meaning).c_str(), setter(*loaded, options.key).c_str(),
                config::value_text(config::Config{}, options.key)->c_str());
    if (!knob->environment.empty()) std::printf("  variable: %s\n", std::string(knob->environment).c_str());
    std::printf("  a change takes effect: %s\n",
                knob->is_live ? "at once, when the running program is sent SIGHUP" : "at the next start");
    return Exit::ok;
}

}  // namespace vt::app
