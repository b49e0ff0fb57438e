#include "app/configuration.hpp"

#include "app/environment.hpp"
#include "config/credentials.hpp"
#include "config/model_card_file.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

namespace vt::app {
namespace {

/// Where the user's own file lies, whether or not it exists; empty without a home.
std::string user_file() {
    std::string folder = environment_variable("XDG_CONFIG_HOME");
    if (folder.empty() && !environment_variable("HOME").empty()) folder = environment_variable("HOME") + "/.config";
    return folder.empty() ? "" : folder + "/virtuoso/virtuoso.toml";
}

Result<std::string> read_text(const std::string& file, const char* what) {
    std::ifstream in(file);
    std::ostringstream text;
    // To `<<` an empty file is a failure.
    const bool is_empty = in.is_open() && in.peek() == std::ifstream::traits_type::eof() && !in.bad();
    if (!is_empty && (!in || !(text << in.rdbuf())))
        return fail(Errc::configuration, "cannot read " + std::string(what) + " " + file);
    return text.str();
}

/// The variables that a file may hold instead.
std::vector<std::string> file_variables() {
    std::vector<std::string> names;
    for (const config::Knob& knob : config::knobs()) {
        if (knob.has_file_variable) names.emplace_back(knob.environment);
    }
    return names;
}

std::map<std::string, std::string> secret_environment(const std::string& name) {
    std::map<std::string, std::string> found;
    for (const std::string& one : {name, name + "_FILE"}) {
        if (std::string value = environment_variable(one.c_str()); !value.empty()) found[one] = std::move(value);
    }
    return found;
}

/// The promoted model is checked before anything starts: a model that this program cannot feed must not be found out
/// by its predictions.
Result<void> check_model(const config::Config& config) {
    const std::string& file = config.machine_learning.model;
    if (file.empty()) return {};
    VT_TRY(const std::string text, read_text(file, "the card of the model (machine_learning.model),"));
    if (auto card = config::read_model_card(file, text); !card) return tl::unexpected(card.error());
    return {};
}

}  // namespace

Result<config::Inputs> configuration_inputs(const ConfigOptions& options) {
    config::Inputs inputs;
    inputs.flags = options.flags;
    for (const std::string& name : config::variable_names()) {
        if (const std::string value = environment_variable(name.c_str()); !value.empty())
            inputs.environment[name] = value;
    }
    for (const std::string& name : file_variables()) {
        VT_TRY(const Secret secret, config::read_secret(name, secret_environment(name)));
        if (!secret.empty()) inputs.environment[name] = std::string(secret.reveal());
    }
    inputs.file_name = options.file.empty() ? user_file() : options.file;
    return inputs;
}

Result<config::Loaded> load_configuration_text(config::Inputs inputs, std::optional<std::string> text) {
    inputs.file_text = std::move(text);
    VT_TRY(config::Loaded loaded, config::load(inputs));
    for (const std::string& name : file_variables()) {
        for (auto& [key, origin] : loaded.origins) {
            if (origin == name && environment_variable(name.c_str()).empty()) origin += "_FILE";
        }
    }
    if (auto checked = check_model(loaded.config); !checked) return tl::unexpected(checked.error());
    return loaded;
}

Result<config::Loaded> load_configuration(const ConfigOptions& options) {
    VT_TRY(config::Inputs inputs, configuration_inputs(options));
    std::optional<std::string> text;
    if (!options.file.empty() || (!inputs.file_name.empty() && std::filesystem::exists(inputs.file_name))) {
        VT_TRY(text, read_text(inputs.file_name, "the configuration file"));
    }
    return load_configuration_text(std::move(inputs), std::move(text));
}

std::map<std::string, std::string> credential_environment() {
    std::map<std::string, std::string> found;
    for (const std::string& name : config::credential_variable_names()) {
        if (std::string value = environment_variable(name.c_str()); !value.empty()) found[name] = std::move(value);
    }
    return found;
}

Exit report(const Error& error) {
    std::fprintf(stderr, "virtuoso: %s\n", error.what.c_str());
    if (error.code == Errc::configuration) return Exit::configuration;
    return error.code == Errc::in_use ? Exit::in_use : Exit::failed;
}

}  // namespace vt::app
