#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vt::records {

/// Somebody who may log in.
struct UserRow {
    std::string name;
    std::string role;            ///< "viewer", "trader", "admin"
    std::string password_hash;   ///< PHC string of argon2id
    std::string totp_secret;     ///< base32; empty: no second factor
    std::int64_t totp_step = 0;  ///< the last one that was used: it and those before it are not taken again
    Timestamp created;
    bool operator==(const UserRow&) const = default;
};

/// A login that goes on. Of its secret the SHA-256 is kept.
struct SessionRow {
    std::string id;  ///< what lists call it; opens nothing
    std::string hash;
    std::string user;
    std::string address;  ///< where it began
    Timestamp created;
    Timestamp last_used;
    std::optional<Timestamp> second_factor;  ///< when a code was given last
    bool operator==(const SessionRow&) const = default;
};

/// A program's way in. Of its secret the SHA-256 is kept.
struct TokenRow {
    std::string id;
    std::string hash;
    std::string user;
    std::string label;
    std::string scope;  ///< "read", "trade", "admin"
    Timestamp created;
    Timestamp expires;
    std::optional<Timestamp> last_used;
    bool operator==(const TokenRow&) const = default;
};

/// Who did what, from where, and what came of it. Never a secret.
struct AuditRow {
    std::string id;  ///< of its own, so that a row that is stored twice is there once
    Timestamp at;
    std::string user;  ///< as given; empty: nobody
    std::string address;
    std::string action;   ///< "login", "token create"
    std::string subject;  ///< what it was done to; may be empty
    std::string outcome;  ///< "done", or why not
    bool operator==(const AuditRow&) const = default;
};

/// The one-time secret that makes the first admin.
struct SetupRow {
    std::string hash;
    Timestamp expires;
    bool operator==(const SetupRow&) const = default;
};

/// All that decides who may come in.
struct LoginContent {
    std::vector<UserRow> users;
    std::vector<SessionRow> sessions;
    std::vector<TokenRow> tokens;
    std::optional<SetupRow> setup;
    std::int64_t revision = 0;
};

/// A change of it, which happens whole or not at all.
struct LoginChange {
    struct Used {
        std::string id;
        Timestamp at;
    };
    struct UsedCode {
        std::string user;
        std::int64_t step = 0;
        std::string session;  ///< whose second factor it was; empty: none
        Timestamp at;
    };
    bool ends_setup = false;  ///< before `setup` is put
    std::optional<SetupRow> setup;
    std::vector<UserRow> users;  ///< new, or in place of the one of that name
    std::vector<SessionRow> sessions;
    std::vector<TokenRow> tokens;
    std::vector<std::string> gone_users;  ///< with all their sessions and tokens
    std::vector<std::string> gone_sessions;
    std::vector<std::string> gone_tokens;
    std::vector<Used> used_sessions;  ///< that are still there
    std::vector<Used> used_tokens;
    std::vector<UsedCode> used_codes;
    std::vector<AuditRow> audit;
};

}  // namespace vt::records
