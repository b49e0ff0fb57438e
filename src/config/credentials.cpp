#include "config/credentials.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <utility>

namespace vt::config {
namespace {

constexpr std::size_t kMaxBytes = 16U << 10U;
/// Where containers and systemd mount secrets that only this one program sees, whatever their mode says.
constexpr std::string_view kPrivateFolders[] = {"/run/secrets/", "/run/credentials/"};

std::string found(const std::map<std::string, std::string>& environment, const std::string& name) {
    const auto at = environment.find(name);
    return at == environment.end() ? std::string{} : at->second;
}

Result<void> check_file(const std::string& path, const std::string& variable) {
    const std::string what = variable + ": " + path;
    struct stat state{};
    if (::stat(path.c_str(), &state) != 0)
        return fail(Errc::configuration, what + " cannot be opened; check the path and who may read it");
    if (!S_ISREG(state.st_mode)) return fail(Errc::configuration, what + " is not a file");
    if (state.st_uid != ::geteuid() && state.st_uid != 0)
        return fail(Errc::configuration, what + " belongs to another user; make a copy of your own");
    const bool is_private = std::any_of(std::begin(kPrivateFolders), std::end(kPrivateFolders),
                                        [&](std::string_view folder) { return path.starts_with(folder); });
    if (!is_private && (state.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(Errc::configuration, what + " is open to other users; run: chmod 600 " + path);
    if (state.st_size == 0) return fail(Errc::configuration, what + " is empty");
    if (std::cmp_greater(state.st_size, kMaxBytes))
        return fail(Errc::configuration, what + " is longer than 16 KB: not a key");
    return {};
}

Result<std::string> file_text(const std::string& path, const std::string& variable) {
    if (const Result<void> checked = check_file(path, variable); !checked)
        return fail(checked.error().code, checked.error().what);
    std::ifstream in(path, std::ios::binary);
    std::string text(kMaxBytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || in.gcount() == 0) return fail(Errc::configuration, variable + ": " + path + " cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

/// A PEM may have several lines; everything else is one word.
Result<void> check_value(const std::string& value, const std::string& variable) {
    const bool is_pem = value.find("-----BEGIN") != std::string::npos;
    for (const char c : value) {
        const bool is_word = c > ' ' && c < '\x7F';
        if (!is_word && !(is_pem && (c == ' ' || c == '\n' || c == '\r')))
            return fail(Errc::configuration,
                        variable + " holds a space or a control character; copy the value again");
    }
    return {};
}

}  // namespace

Result<Secret> read_secret(const std::string& name, const std::map<std::string, std::string>& environment) {
    std::string value = found(environment, name);
    const std::string path = found(environment, name + "_FILE");
    std::string variable = name;
    if (!path.empty()) {
        if (!value.empty()) {
            wipe(value);
            return fail(Errc::configuration, name + " and " + name + "_FILE are both set; unset one of them");
        }
        variable += "_FILE";
        VT_TRY(value, file_text(path, variable));
        while (!value.empty() && (value.back() == '\n' || value.back() == '\r' || value.back() == ' '))
            value.pop_back();
        if (value.empty()) return fail(Errc::configuration, variable + ": " + path + " is empty");
    }
    const Result<void> checked = check_value(value, variable);
    if (!checked) {
        wipe(value);
        return fail(checked.error().code, checked.error().what);
    }
    return Secret(std::move(value));
}

std::vector<std::string> credential_variable_names() {
    std::vector<std::string> names;
    for (const CredentialVariables& variables : kCredentialVariables) {
        for (const std::string_view part : {variables.key, variables.secret}) {
            names.emplace_back(part);
            names.push_back(std::string(part) + "_FILE");
        }
    }
    return names;
}

Result<std::optional<exchange::Credentials>> read_credentials(market::Venue venue,
                                                              const std::map<std::string, std::string>& environment) {
    const auto variables = std::find_if(std::begin(kCredentialVariables), std::end(kCredentialVariables),
                                        [&](const CredentialVariables& known) { return known.venue == venue; });
    if (variables == std::end(kCredentialVariables)) return std::nullopt;
    const std::string key_name(variables->key);
    const std::string secret_name(variables->secret);
    VT_TRY(const Secret key, read_secret(key_name, environment));
    VT_TRY(Secret secret, read_secret(secret_name, environment));
    if (key.empty() && secret.empty()) return std::nullopt;
    if (key.empty() || secret.empty()) {
        return fail(Errc::configuration, (key.empty() ? secret_name : key_name) + " is set without " +
                                             (key.empty() ? key_name : secret_name) + "; set both or neither");
    }
    return exchange::Credentials{std::string(key.reveal()), std::move(secret)};
}

}  // namespace vt::config
