#include "app/login_commands.hpp"

#include "app/configuration.hpp"
#include "app/opened_accounts.hpp"
#include "base/json_writer.hpp"
#include "login/accounts.hpp"
#include "net/loop.hpp"

#include <cstdio>
#include <ctime>
#include <utility>

namespace vt::app {
namespace {

Exit told_of_login(Error error) {
    if (error.code == Errc::unsupported) error.code = Errc::configuration;
    return report(error);
}

std::string day_of(Timestamp at) {
    const std::time_t seconds = static_cast<std::time_t>(to_ms(at) / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[16];
    std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
    return text;
}

Result<void> add_user(const LoginOptions& options) {
    const auto role = login::role_of(options.role);
    if (!role) return fail(Errc::configuration, "--role is viewer, trader or admin");
    VT_TRY(OpenedAccounts opened, open_accounts(options.config));
    // Before a password is asked for.
    VT_TRY([[maybe_unused]] const records::LoginChange checked,
           opened.accounts.make_user(options.user, *role, "", net::wall_now()));
    VT_TRY(std::string phc, hashed_password(options.user, options.password_file));
    VT_TRY(records::LoginChange change,
           opened.accounts.make_user(options.user, *role, std::move(phc), from_ms(to_ms(net::wall_now()))));
    return store_change(opened, std::move(change), "user add", options.user + " " + options.role);
}

Result<void> set_password(const LoginOptions& options) {
    VT_TRY(OpenedAccounts opened, open_accounts(options.config));
    VT_TRY([[maybe_unused]] const records::LoginChange checked, opened.accounts.change_password(options.user, ""));
    VT_TRY(std::string phc, hashed_password(options.user, options.password_file));
    VT_TRY(records::LoginChange change, opened.accounts.change_password(options.user, std::move(phc)));
    // Who lost his password may have lost his telephone as well; this command is for who owns the database anyway.
    change.users.front().totp_secret.clear();
    return store_change(opened, std::move(change), "user passwd", options.user);
}

Exit done(const Result<void>& result, const std::string& text) {
    if (!result) return told_of_login(result.error());
    std::printf("%s\n", text.c_str());
    return Exit::ok;
}

/// The end of a list: the document, or, where there is nothing in it, why.
Exit listed(const LoginOptions& options, JsonWriter& document, bool is_empty, const char* why) {
    document.end_array();
    if (options.as_json) {
        std::printf("%s\n", std::string(document.text()).c_str());
    } else if (is_empty) {
        std::fprintf(stderr, "virtuoso: %s\n", why);
    }
    return Exit::ok;
}

}  // namespace

Exit user_add(const LoginOptions& options) {
    return done(add_user(options), options.user + " may log in as " + options.role);
}

Exit user_passwd(const LoginOptions& options) {
    return done(set_password(options),
                options.user + " has a new password; all sessions are ended and the second factor is off");
}

Exit user_list(const LoginOptions& options) {
    const auto opened = open_accounts(options.config);
    if (!opened) return told_of_login(opened.error());
    JsonWriter out;
    out.begin_array();
    for (const records::UserRow& user : opened->accounts.users()) {
        const std::size_t sessions = opened->accounts.sessions_of(user.name, net::wall_now()).size();
        out.begin_object()
            .field("name", user.name)
            .field("role", user.role)
            .field("created_at", to_ms(user.created))
            .field("has_second_factor", !user.totp_secret.empty())
            .field("sessions", sessions)
            .end_object();
        if (!options.as_json)
            std::printf("%-32s  %-7s  since %s  %zu session(s)%s\n", user.name.c_str(), user.role.c_str(),
                        day_of(user.created).c_str(), sessions, user.totp_secret.empty() ? "" : ", second factor");
    }
    return listed(options, out, opened->accounts.users().empty(),
                  "nobody may log in yet; `virtuoso user add NAME --role admin` makes the first");
}

Exit token_create(const LoginOptions& options) {
    const auto scope = login::scope_of(options.scope);
    if (!scope) return report(Error{Errc::configuration, "--scope is read, trade or admin"});
    auto opened = open_accounts(options.config);
    if (!opened) return told_of_login(opened.error());
    auto issued = opened->accounts.issue_token(
        {.user = options.user, .label = options.label, .scope = *scope, .days = options.days}, login::system_random(),
        from_ms(to_ms(net::wall_now())));
    if (!issued) return told_of_login(issued.error());
    const records::TokenRow row = issued->change.tokens.front();
    if (const auto stored =
            store_change(*opened, std::move(issued->change), "token create", row.id + " " + row.scope);
        !stored)
        return told_of_login(stored.error());
    if (options.as_json) {
        JsonWriter out;
        out.begin_object()
            .field("token", issued->secret)
            .field("id", row.id)
            .field("scope", row.scope)
            .field("expires_at", to_ms(row.expires))
            .end_object();
        std::printf("%s\n", std::string(out.text()).c_str());
        return Exit::ok;
    }
    std::fprintf(stderr, "virtuoso: scope %s, until %s. This is shown once:\n", row.scope.c_str(),
                 day_of(row.expires).c_str());
    std::printf("%s\n", issued->secret.c_str());
    return Exit::ok;
}

Exit token_list(const LoginOptions& options) {
    const auto opened = open_accounts(options.config);
    if (!opened) return told_of_login(opened.error());
    JsonWriter out;
    out.begin_array();
    for (const records::TokenRow& token : opened->accounts.tokens()) {
        out.begin_object()
            .field("id", token.id)
            .field("user", token.user)
            .field("label", token.label)
            .field("scope", token.scope)
            .field("expires_at", to_ms(token.expires))
            .end_object();
        if (!options.as_json)
            std::printf("%s  %-16s  %-5s  until %s  %s  %s\n", token.id.c_str(), token.user.c_str(),
                        token.scope.c_str(), day_of(token.expires).c_str(),
                        token.last_used ? ("used " + day_of(*token.last_used)).c_str() : "never used",
                        token.label.c_str());
    }
    return listed(options, out, opened->accounts.tokens().empty(),
                  "there is no token; `virtuoso token create --user NAME --label TEXT` makes one");
}

Exit token_revoke(const LoginOptions& options) {
    auto opened = open_accounts(options.config);
    if (!opened) return told_of_login(opened.error());
    for (const records::TokenRow& token : opened->accounts.tokens()) {
        if (token.id != options.id) continue;
        records::LoginChange change;
        change.gone_tokens.push_back(token.id);
        return done(store_change(*opened, std::move(change), "token revoke", token.id), token.id + " is revoked");
    }
    return report(Error{Errc::not_found, "there is no token '" + options.id + "'; `virtuoso token list` names all"});
}

Exit setup_token(const LoginOptions& options) {
    auto opened = open_accounts(options.config);
    if (!opened) return told_of_login(opened.error());
    if (opened->accounts.has_admin()) {
        return report(Error{Errc::already_exists,
                            "there is an admin already; `virtuoso user passwd NAME` gives him a new password"});
    }
    login::Issued issued = opened->accounts.issue_setup(login::system_random(), from_ms(to_ms(net::wall_now())));
    if (const auto stored = store_change(*opened, std::move(issued.change), "setup-token", ""); !stored)
        return told_of_login(stored.error());
    std::fprintf(stderr, "virtuoso: for 15 minutes, once; the running program takes it in two seconds:\n");
    std::printf("%s\n", issued.secret.c_str());
    return Exit::ok;
}

}  // namespace vt::app
