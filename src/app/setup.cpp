#include "app/setup.hpp"

#include "app/configuration.hpp"
#include "app/opened_accounts.hpp"
#include "app/qr_code.hpp"
#include "app/setup_certificate.hpp"
#include "base/json_writer.hpp"
#include "config/default_file.hpp"
#include "config/file_text.hpp"
#include "config/versioned_file.hpp"
#include "net/certificate_facts.hpp"
#include "net/loop.hpp"
#include "runtime/api_access.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

namespace vt::app {
namespace {

constexpr const char* kTokenLabel = "setup";

/// What was done, for the end.
struct SetUp {
    std::string file;
    bool is_file_changed = false;
    std::string user;  ///< the admin; empty: there is no database for one
    bool is_new_user = false;
    std::string token;  ///< empty: none was made
    std::string fingerprint;
    std::string certificate_file;
    std::vector<std::string> urls;
    std::string monitoring_url;
};

bool may_ask(const SetupOptions& options) { return !options.no_input && isatty(STDIN_FILENO) != 0; }

/// A line of the terminal; empty for Enter.
std::string answer_to(const char* question) {
    std::fprintf(stderr, "%s", question);
    std::string line;
    std::getline(std::cin, line);
    return line;
}

/// Which cover a public port gets.
enum class Cover : std::uint8_t { kept, given, self_signed, plain };

Result<Cover> chosen_cover(const SetupOptions& options, const config::Config::Server& server) {
    const bool has_files = !options.certificate_file.empty() || !options.key_file.empty();
    if (static_cast<int>(has_files) + static_cast<int>(options.self_signed) + static_cast<int>(options.plain_http) >
        1)
        return fail(Errc::configuration, "one of --certificate with --key, --self-signed and --plain-http");
    if (has_files && (options.certificate_file.empty() || options.key_file.empty()))
        return fail(Errc::configuration, "--certificate and --key belong together");
    if (has_files) return Cover::given;
    if (options.self_signed) return Cover::self_signed;
    if (options.plain_http) return Cover::plain;
    const bool is_covered =
        !server.tls_certificate_file.empty() || !server.trusted_proxies.empty() || server.allow_insecure_http;
    return is_covered ? Cover::kept : Cover::self_signed;
}

std::string toml_text(const std::string& text) { return JsonWriter().value(text).take(); }

std::string toml_list(const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + toml_text(text);
    return "[" + list + "]";
}

/// How a name stands in a Host header: an IPv6 address in brackets.
std::string host_form(const std::string& name) {
    return name.find(':') != std::string::npos && !name.starts_with('[') ? "[" + name + "]" : name;
}

/// The names beyond loopback that the pages are asked for under.
std::vector<std::string> public_names(const SetupOptions& options, const config::Config::Server& server) {
    if (!options.names.empty()) return options.names;
    if (!server.allowed_hosts.empty()) return server.allowed_hosts;
    return names_of_this_machine();
}

/// What the flags of the configuration set, as it stands in a file.
Result<config::FileChanges> flag_changes(const ConfigOptions& options, const config::Config& merged) {
    config::FileChanges changes;
    for (const auto& [key, text] : options.flags) {
        const auto known = std::ranges::find(config::knobs(), key, &config::Knob::key);
        const bool is_masked = known != config::knobs().end() && known->is_secret;
        if (is_masked) {
            changes[key] = toml_text(text);
        } else {
            VT_TRY(changes[key], config::value_text(merged, key));
        }
    }
    return changes;
}

Result<void> add_public_changes(const SetupOptions& options, const std::filesystem::path& folder,
                                const config::Config::Server& server, config::FileChanges& changes) {
    VT_TRY(const Cover cover, chosen_cover(options, server));
    const std::vector<std::string> names = public_names(options, server);
    if (names.empty())
        return fail(Errc::configuration, "this machine has no address but its own: name it with --name");
    std::vector<std::string> hosts;
    for (const std::string& name : names) hosts.push_back(host_form(name));
    changes["server.host"] = toml_text("0.0.0.0");
    changes["server.allowed_hosts"] = toml_list(hosts);
    const auto use_files = [&](const std::string& certificate, const std::string& key) {
        changes["server.tls_certificate_file"] = toml_text(certificate);
        changes["server.tls_key_file"] = toml_text(key);
        changes["server.allow_insecure_http"] = std::nullopt;
    };
    switch (cover) {
        case Cover::kept: break;
        case Cover::given:
            use_files(std::filesystem::absolute(options.certificate_file).string(),
                      std::filesystem::absolute(options.key_file).string());
            break;
        case Cover::self_signed: {
            std::vector<std::string> all;
            for (const std::string& name : names)
                all.push_back(name.starts_with('[') ? name.substr(1, name.size() - 2) : name);
            for (const char* local : {"localhost", "127.0.0.1", "::1"}) {
                if (std::ranges::find(all, local) == all.end()) all.emplace_back(local);
            }
            VT_TRY(const CertificateFiles files, own_certificate(folder / "tls", all, net::wall_now()));
            use_files(files.certificate, files.key);
            break;
        }
        case Cover::plain:
            changes["server.allow_insecure_http"] = "1";
            changes["server.tls_certificate_file"] = std::nullopt;
            changes["server.tls_key_file"] = std::nullopt;
            break;
    }
    return {};
}

void ask_symbols(SetupOptions& options, const config::Loaded& loaded) {
    if (!may_ask(options) || options.config.flags.contains("market.symbols") ||
        loaded.sources.at("market.symbols") != config::Source::built_in)
        return;
    const std::string symbols = answer_to("Symbols, separated by commas (Enter: the thirty largest by turnover): ");
    if (!symbols.empty()) options.config.flags["market.symbols"] = symbols;
}

/// Writes what is to be written, once it has been read as a start would read it.
Result<config::Loaded> write_configuration(const SetupOptions& options, const config::Inputs& inputs, SetUp& set_up) {
    const config::VersionedFile file(inputs.file_name);
    set_up.file = file.path().string();
    std::optional<config::Loaded> made;
    const auto written = file.replace([&](const std::optional<std::string>& present) -> Result<std::string> {
        VT_TRY(const config::Loaded merged, load_configuration_text(inputs, present));
        VT_TRY(config::FileChanges changes, flag_changes(options.config, merged.config));
        if (options.is_public) {
            const auto added = add_public_changes(options, file.path().parent_path(), merged.config.server, changes);
            if (!added) return tl::unexpected(added.error());
        }
        const std::string before = present ? *present : config::first_file();
        VT_TRY(std::string text, config::with_changes(before, changes));
        VT_TRY(made, load_configuration_text(inputs, text));
        if (const auto tls = runtime::server_tls(made->config.server); !tls) return tl::unexpected(tls.error());
        return text;
    });
    if (!written) return tl::unexpected(written.error());
    set_up.is_file_changed = *written;
    return std::move(*made);
}

/// The admin who is there, or a new one.
Result<void> ensure_admin(const SetupOptions& options, OpenedAccounts& opened, SetUp& set_up) {
    for (const records::UserRow& user : opened.accounts.users()) {
        if (user.role != "admin") continue;
        set_up.user = user.name;
        return {};
    }
    if (options.password_file.empty() && !may_ask(options))
        return fail(Errc::configuration,
                    "there is no admin yet, and nobody to ask for a password: give --password-file "
                    "FILE, or --password-file - for the standard input");
    const Timestamp now = from_ms(to_ms(net::wall_now()));
    VT_TRY([[maybe_unused]] const records::LoginChange checked,
           opened.accounts.make_user(options.user, login::Role::admin, "", now));
    if (options.password_file.empty())
        std::fprintf(stderr, "A password for %s, of 12 characters or more.\n", options.user.c_str());
    VT_TRY(std::string phc, hashed_password(options.user, options.password_file));
    VT_TRY(records::LoginChange change,
           opened.accounts.make_user(options.user, login::Role::admin, std::move(phc), now));
    const records::LoginChange applied = change;
    if (auto stored = store_change(opened, std::move(change), "setup", options.user + " admin"); !stored)
        return stored;
    opened.accounts.apply(applied);
    set_up.user = options.user;
    set_up.is_new_user = true;
    return {};
}

/// A token to read with, once; with --new-token in the place of the one before.
Result<void> ensure_token(const SetupOptions& options, OpenedAccounts& opened, SetUp& set_up) {
    const Timestamp now = from_ms(to_ms(net::wall_now()));
    records::LoginChange gone;
    for (const records::TokenRow& token : opened.accounts.tokens()) {
        if (token.label != kTokenLabel) continue;
        if (token.expires > now && !options.new_token) return {};
        gone.gone_tokens.push_back(token.id);
    }
    VT_TRY(login::Issued issued,
           opened.accounts.issue_token({.user = set_up.user, .label = kTokenLabel, .scope = login::Scope::read},
                                       login::system_random(), now));
    issued.change.gone_tokens = std::move(gone.gone_tokens);
    if (auto stored = store_change(opened, std::move(issued.change), "token create", issued.id + " read"); !stored)
        return stored;
    set_up.token = std::move(issued.secret);
    return {};
}

std::string url_of(const config::Config::Server& server, const std::string& host, std::uint16_t port) {
    const bool is_tls = !server.tls_certificate_file.empty();
    const bool is_usual = port == (is_tls ? 443 : 80);
    return (is_tls ? "https://" : "http://") + host_form(host) + (is_usual ? "" : ":" + std::to_string(port));
}

void say_addresses(const config::Config::Server& server, SetUp& set_up) {
    const bool is_open = server.host == "0.0.0.0" || server.host == "::";
    std::vector<std::string> hosts = server.allowed_hosts;
    if (hosts.empty() || !is_open)
        hosts.insert(hosts.begin(), is_open || server.host == "127.0.0.1" ? "localhost" : server.host);
    for (const std::string& host : hosts) set_up.urls.push_back(url_of(server, host, server.port) + "/");
    set_up.monitoring_url = url_of(server, hosts.front(), server.monitoring_port) + "/";
    if (server.tls_certificate_file.empty()) return;
    set_up.certificate_file = server.tls_certificate_file;
    std::ifstream in(server.tls_certificate_file, std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(in), {}};
    if (const auto facts = net::read_certificate(pem)) set_up.fingerprint = facts->fingerprint;
}

void print_json(const SetUp& set_up) {
    JsonWriter out;
    const auto text = [&](std::string_view name, const std::string& value) {
        out.field(name, value.empty() ? std::nullopt : std::optional(value));
    };
    out.begin_object().field("file", set_up.file).field("changed", set_up.is_file_changed);
    text("user", set_up.user);
    out.field("new_user", set_up.is_new_user).key("urls").begin_array();
    for (const std::string& url : set_up.urls) out.value(url);
    out.end_array().field("monitoring_url", set_up.monitoring_url);
    text("certificate_file", set_up.certificate_file);
    text("fingerprint", set_up.fingerprint);
    text("token", set_up.token);
    std::printf("%s\n", std::string(out.end_object().text()).c_str());
}

void print_text(const SetUp& set_up, bool is_public) {
    std::printf("Configuration  %s%s\n", set_up.file.c_str(), set_up.is_file_changed ? "" : " (unchanged)");
    if (set_up.user.empty()) {
        std::printf("Login          no database: the running program prints a setup token at its start\n");
    } else {
        std::printf("Login          %s%s\n", set_up.user.c_str(), set_up.is_new_user ? "" : " (was there already)");
    }
    for (const std::string& url : set_up.urls)
        std::printf("%-13s  %s   (phone: %smobile)\n", url == set_up.urls.front() ? "Pages" : "", url.c_str(),
                    url.c_str());
    std::printf("Monitoring     %smetrics\n", set_up.monitoring_url.c_str());
    if (!set_up.fingerprint.empty())
        std::printf(
            "Fingerprint    SHA-256 %s\n               A browser asks once about a self-signed certificate: compare "
            "it.\n",
            set_up.fingerprint.c_str());
    if (!set_up.token.empty())
        std::printf("Read token     %s\n               Shown once; for programs: Authorization: Bearer ...\n",
                    set_up.token.c_str());
    if (is_public) std::printf("\n%s", qr_code(set_up.urls.front() + "mobile").c_str());
    std::printf(
        "\nStart it with `virtuoso run`, or `virtuoso run --market demo`; `virtuoso doctor` looks at all of it.\n");
}

Result<SetUp> set_everything_up(SetupOptions options) {
    VT_TRY(config::Inputs inputs, configuration_inputs(options.config));
    if (inputs.file_name.empty())
        return fail(Errc::configuration, "neither HOME nor XDG_CONFIG_HOME is set; name the file: --config FILE");
    const config::VersionedFile file(inputs.file_name);
    VT_TRY(const std::optional<std::string> present, file.read());
    VT_TRY(const config::Loaded before, load_configuration_text(inputs, present));
    ask_symbols(options, before);
    inputs.flags = options.config.flags;
    SetUp set_up;
    VT_TRY(const config::Loaded loaded, write_configuration(options, inputs, set_up));
    if (loaded.config.records.database_url != "off") {
        options.config.file = inputs.file_name;
        VT_TRY(OpenedAccounts opened, open_accounts(options.config));
        if (auto made = ensure_admin(options, opened, set_up); !made) return tl::unexpected(made.error());
        if (options.is_public) {
            if (auto made = ensure_token(options, opened, set_up); !made) return tl::unexpected(made.error());
        }
    } else if (options.is_public) {
        return fail(Errc::configuration,
                    "records.database_url is off, and without a database nobody has a password: "
                    "other machines would not be let in");
    }
    say_addresses(loaded.config.server, set_up);
    return set_up;
}

}  // namespace

Exit setup(const SetupOptions& options) {
    const auto set_up = set_everything_up(options);
    if (!set_up) {
        Error error = set_up.error();
        if (error.code == Errc::unsupported) error.code = Errc::configuration;
        return report(error);
    }
    if (options.as_json) {
        print_json(*set_up);
    } else {
        print_text(*set_up, options.is_public);
    }
    return Exit::ok;
}

void add_setup_flags(CLI::App& command, SetupOptions& options) {
    command.add_flag("--public", options.is_public, "Reached from other machines: certificate, both ports, a token");
    command.add_option("--name", options.names,
                       "Name or address under which it is asked for; may be given again (default: this machine's)");
    command.add_option("--certificate", options.certificate_file, "PEM file of your certificate, its chain after it");
    command.add_option("--key", options.key_file, "PEM file of its key");
    command.add_flag("--self-signed", options.self_signed, "A certificate of its own (the default)");
    command.add_flag("--plain-http", options.plain_http, "No certificate: passwords cross the network as they are");
    command.add_option("--user", options.user, "The first admin's name")->capture_default_str();
    command.add_option("--password-file", options.password_file,
                       "File whose first line is the password; - is the standard input");
    command.add_flag("--new-token", options.new_token, "A new read token in the place of the one before");
    command.add_flag("--no-input", options.no_input, "Asks nothing");
    command.add_flag("--json", options.as_json, "As JSON");
}

}  // namespace vt::app
