#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "login/secrets.hpp"
#include "records/login_rows.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::login {

/// What somebody is trusted with; each includes those before it.
enum class Role : std::uint8_t { viewer, trader, admin };
[[nodiscard]] std::string_view name(Role role);
[[nodiscard]] std::optional<Role> role_of(std::string_view name);

/// What a route asks for, and a token allows; each includes those before it.
enum class Scope : std::uint8_t { read, trade, admin };
[[nodiscard]] std::string_view name(Scope scope);
[[nodiscard]] std::optional<Scope> scope_of(std::string_view name);
/// The most that a role may do.
[[nodiscard]] Scope scope_of(Role role);

/// Somebody who showed a session's cookie or a token.
struct Caller {
    std::string user;
    Scope scope = Scope::read;                     ///< of the user's role, and of the token where it is one
    std::string session;                           ///< id; empty: a token
    std::string token;                             ///< id; empty: a session
    bool has_second_factor = false;                ///< the user has one to give
    std::optional<Timestamp> second_factor_until;  ///< it was given, and holds so long
};

struct AccountsParams {
    Nanos session_idle = std::chrono::hours{12};
    Nanos session_life = std::chrono::hours{24 * 7};
    Nanos second_factor_life = std::chrono::minutes{5};
    Nanos setup_life = std::chrono::minutes{15};
    std::size_t users_max = 64;
    std::size_t sessions_of_user_max = 16;  ///< a further one ends the one that was not used for the longest time
    std::size_t tokens_max = 256;
};

/// A secret that is told once, and the change that makes it good.
struct Issued {
    std::string secret;
    std::string id;
    records::LoginChange change;
};

/// Who may come in: users, sessions and tokens, in memory. It makes changes and does not carry them out: they are
/// stored first, and then applied here, so that nothing is true that would be gone after a restart. Only what was
/// used when, and which code was used, is noted at once. No clock and no randomness of its own; one thread.
///   limits: AccountsParams; a user or token over them is refused
class Accounts {
public:
    explicit Accounts(AccountsParams params = {});

    /// What is stored, as it is now. What was noted here and is newer stays.
    void replace(records::LoginContent content);
    void apply(const records::LoginChange& change);
    /// Whether what is stored was ever read: before that nobody is let in, and nobody may set up.
    [[nodiscard]] bool is_known() const { return is_known_; }
    [[nodiscard]] bool has_admin() const;
    [[nodiscard]] const records::UserRow* user(std::string_view name) const;
    [[nodiscard]] std::vector<records::UserRow> users() const;
    [[nodiscard]] std::vector<records::SessionRow> sessions_of(std::string_view user, Timestamp now) const;
    [[nodiscard]] std::vector<records::TokenRow> tokens() const;

    /// Who shows this cookie, and notes the use; nobody for one that is unknown, idle or old.
    [[nodiscard]] std::optional<Caller> session(std::string_view secret, Timestamp now);
    /// Who shows this token, and notes the use; nobody for one that is unknown or expired.
    [[nodiscard]] std::optional<Caller> token(std::string_view text, Timestamp now);

    /// Whether what the caller showed is still good. Notes no use.
    [[nodiscard]] bool is_good(const Caller& caller, Timestamp now) const;

    [[nodiscard]] Issued issue_setup(const Random& random, Timestamp now) const;
    /// Whether this is the setup token. It is good once: of two who show it at the same time one is refused.
    [[nodiscard]] bool take_setup(std::string_view secret, Timestamp now);
    /// errors: refused (name, role), out_of_range (too many)
    [[nodiscard]] Result<records::LoginChange> make_user(std::string_view user, Role role, std::string phc,
                                                         Timestamp now) const;
    /// A new password. Ends all sessions of the user. errors: not_found
    [[nodiscard]] Result<records::LoginChange> change_password(std::string_view user, std::string phc) const;
    [[nodiscard]] Issued begin_session(std::string_view user, std::string_view address, const Random& random,
                                       Timestamp now) const;
    /// Ends one session of the user, or all of them where `id` is empty. errors: not_found
    [[nodiscard]] Result<records::LoginChange> end_sessions(std::string_view user, std::string_view id) const;
    struct TokenWish {
        std::string user;
        std::string label;
        Scope scope = Scope::read;
        std::uint32_t days = 90;
    };
    static constexpr std::uint32_t kTokenDaysMax = 366;
    static constexpr std::size_t kLabelBytesMax = 64;
    /// errors: refused (label, more than the user may), out_of_range (days, too many), not_found
    [[nodiscard]] Result<Issued> issue_token(const TokenWish& wish, const Random& random, Timestamp now) const;
    /// errors: not_found: none of that id, or somebody else's where `user` is not an admin
    [[nodiscard]] Result<records::LoginChange> revoke_token(std::string_view id, std::string_view user) const;
    /// Whether the code is right; it is not taken again, and the session holds it for second_factor_life.
    [[nodiscard]] bool take_code(std::string_view user, std::string_view session, std::string_view code,
                                 Timestamp now);
    /// Puts, or takes away where empty, the second factor. errors: not_found
    [[nodiscard]] Result<records::LoginChange> change_second_factor(std::string_view user, std::string secret,
                                                                    std::int64_t used_step) const;

    /// What was noted since the last call, and sessions and tokens that are over.
    [[nodiscard]] records::LoginChange take_notes(Timestamp now);
    [[nodiscard]] const AccountsParams& params() const { return params_; }

private:
    [[nodiscard]] bool is_over(const records::SessionRow& session, Timestamp now) const;

    AccountsParams params_;
    bool is_known_ = false;
    std::map<std::string, records::UserRow, std::less<>> users_;
    std::map<std::string, records::SessionRow, std::less<>> sessions_;  ///< by hash
    std::map<std::string, records::TokenRow, std::less<>> tokens_;      ///< by id
    std::optional<records::SetupRow> setup_;
    std::string taken_setup_;                                      ///< hash: good once, whatever is stored
    std::map<std::string, Timestamp, std::less<>> used_sessions_;  ///< by id
    std::map<std::string, Timestamp, std::less<>> used_tokens_;
    std::vector<records::LoginChange::UsedCode> used_codes_;
};

/// Whether it may be a user's name: 1 to 32 of a-z, 0-9, dot, dash and underscore, a letter or digit first.
[[nodiscard]] bool is_user_name(std::string_view name);

}  // namespace vt::login
