#pragma once

#include "app/commands.hpp"
#include "base/result.hpp"
#include "login/accounts.hpp"
#include "records/login_repository.hpp"

#include <string>

namespace vt::app {

/// The database of the records, and who may come in as it says.
struct OpenedAccounts {
    records::LoginRepository repository;
    login::Accounts accounts;
};

/// errors: configuration (no database), those of opening it
[[nodiscard]] Result<OpenedAccounts> open_accounts(const ConfigOptions& options);

/// Stores a change with its line of the audit, as the command line's.
[[nodiscard]] Result<void> store_change(OpenedAccounts& opened, records::LoginChange change, const char* action,
                                        const std::string& subject);

/// A new password's hash: from the file's first line, from the standard input ("-"), or, where no file is named,
/// asked for twice on the terminal.
///   errors: configuration (no terminal, no such file), refused (not the same twice, against the rules)
[[nodiscard]] Result<std::string> hashed_password(const std::string& user, const std::string& password_file);

}  // namespace vt::app
