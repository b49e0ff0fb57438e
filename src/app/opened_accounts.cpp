#include "app/opened_accounts.hpp"

#include "app/configuration.hpp"
#include "app/record_places.hpp"
#include "base/secret.hpp"
#include "login/password.hpp"
#include "net/loop.hpp"
#include "records/database_url.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <utility>

namespace vt::app {
namespace {

/// A line of the terminal that is not shown while it is typed.
std::string hidden_line(const char* prompt) {
    std::fprintf(stderr, "%s", prompt);
    termios shown{};
    const bool is_terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    if (is_terminal) {
        termios hidden = shown;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    std::string line;
    std::getline(std::cin, line);
    if (is_terminal) (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    std::fprintf(stderr, "\n");
    return line;
}

Result<Secret> read_password(const std::string& password_file) {
    std::string line;
    if (password_file.empty()) {
        if (isatty(STDIN_FILENO) == 0)
            return fail(Errc::configuration,
                        "there is no terminal to ask for the password: give --password-file "
                        "FILE, or --password-file - for the standard input");
        line = hidden_line("Password: ");
        std::string again = hidden_line("Again: ");
        const bool is_same = line == again;
        wipe(again);
        if (!is_same) {
            wipe(line);
            return fail(Errc::refused, "the two are not the same; nothing was changed");
        }
    } else if (password_file == "-") {
        std::getline(std::cin, line);
    } else {
        std::ifstream in(password_file);
        if (!std::getline(in, line)) return fail(Errc::configuration, "cannot read a password from " + password_file);
    }
    return Secret(std::move(line));
}

}  // namespace

Result<OpenedAccounts> open_accounts(const ConfigOptions& options) {
    VT_TRY(const config::Loaded loaded, load_configuration(options));
    VT_TRY(const runtime::RecordPlaces places, record_places(loaded.config));
    if (places.url.empty()) {
        return fail(Errc::configuration,
                    "records.database_url is off: without a database the running program keeps who may log in in its "
                    "memory only, and takes the setup token that it prints at its start; name a database with "
                    "--database");
    }
    VT_TRY(const records::DatabaseUrl url, records::parse_database_url(places.url));
    VT_TRY(std::unique_ptr<records::Database> database, records::open_database(url));
    VT_TRY(records::LoginRepository repository, records::LoginRepository::open(std::move(database), net::wall_now()));
    VT_TRY(records::LoginContent content, repository.content());
    OpenedAccounts opened{.repository = std::move(repository), .accounts = login::Accounts()};
    opened.accounts.replace(std::move(content));
    return opened;
}

Result<void> store_change(OpenedAccounts& opened, records::LoginChange change, const char* action,
                          const std::string& subject) {
    change.audit.push_back({.id = login::random_hex(login::system_random(), login::kIdBytes),
                            .at = from_ms(to_ms(net::wall_now())),
                            .user = "(command line)",
                            .address = "this machine",
                            .action = action,
                            .subject = subject,
                            .outcome = "done"});
    return opened.repository.store(change);
}

Result<std::string> hashed_password(const std::string& user, const std::string& password_file) {
    VT_TRY(const Secret password, read_password(password_file));
    if (auto fine = login::check_password(password.reveal(), user); !fine)
        return tl::unexpected<Error>(std::move(fine.error()));
    return login::hash_password(password.reveal(), {});
}

}  // namespace vt::app
