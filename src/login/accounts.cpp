#include "login/accounts.hpp"

#include "login/totp.hpp"

#include <algorithm>
#include <utility>

namespace vt::login {

using records::LoginChange;
using records::SessionRow;
using records::TokenRow;
using records::UserRow;

std::string_view name(Role role) {
    switch (role) {
        case Role::viewer: return "viewer";
        case Role::trader: return "trader";
        case Role::admin: return "admin";
    }
    return "unknown";
}

std::optional<Role> role_of(std::string_view text) {
    for (const Role role : {Role::viewer, Role::trader, Role::admin}) {
        if (name(role) == text) return role;
    }
    return std::nullopt;
}

std::string_view name(Scope scope) {
    switch (scope) {
        case Scope::read: return "read";
        case Scope::trade: return "trade";
        case Scope::admin: return "admin";
    }
    return "unknown";
}

std::optional<Scope> scope_of(std::string_view text) {
    for (const Scope scope : {Scope::read, Scope::trade, Scope::admin}) {
        if (name(scope) == text) return scope;
    }
    return std::nullopt;
}

Scope scope_of(Role role) {
    switch (role) {
        case Role::viewer: return Scope::read;
        case Role::trader: return Scope::trade;
        case Role::admin: return Scope::admin;
    }
    return Scope::read;
}

namespace {

/// What is stored may be of a newer program: a role that is not known may only look.
Scope scope_of_user(const UserRow& user) { return scope_of(role_of(user.role).value_or(Role::viewer)); }

tl::unexpected<Error> no_user(std::string_view user) {
    return fail(Errc::not_found, "there is no user '" + std::string(user) + "'; `virtuoso user list` names all");
}

}  // namespace

bool is_user_name(std::string_view text) {
    const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !text.empty() && text.size() <= 32 && is_plain(text.front()) &&
           std::ranges::all_of(text, [&](char c) { return is_plain(c) || c == '.' || c == '-' || c == '_'; });
}

Accounts::Accounts(AccountsParams params) : params_(params) {}

void Accounts::replace(records::LoginContent content) {
    const auto codes = std::exchange(users_, {});
    const auto sessions = std::exchange(sessions_, {});
    tokens_.clear();
    for (UserRow& row : content.users) {
        if (const auto before = codes.find(row.name);
            before != codes.end() && before->second.totp_secret == row.totp_secret)
            row.totp_step = std::max(row.totp_step, before->second.totp_step);
        users_.emplace(row.name, std::move(row));
    }
    for (SessionRow& row : content.sessions) {
        if (const auto before = sessions.find(row.hash); before != sessions.end()) {
            row.last_used = std::max(row.last_used, before->second.last_used);
            row.second_factor = std::max(row.second_factor, before->second.second_factor);
        }
        sessions_.emplace(row.hash, std::move(row));
    }
    for (TokenRow& row : content.tokens) tokens_.emplace(row.id, std::move(row));
    setup_ = std::move(content.setup);
    is_known_ = true;
}

void Accounts::apply(const LoginChange& change) {
    if (change.ends_setup) setup_.reset();
    if (change.setup) setup_ = change.setup;
    for (const UserRow& row : change.users) {
        UserRow& kept = users_[row.name];
        const bool is_same_factor = kept.totp_secret == row.totp_secret;
        const std::int64_t step = kept.totp_step;
        kept = row;
        if (is_same_factor) kept.totp_step = std::max(kept.totp_step, step);
    }
    for (const std::string& gone : change.gone_users) {
        users_.erase(gone);
        std::erase_if(sessions_, [&](const auto& entry) { return entry.second.user == gone; });
        std::erase_if(tokens_, [&](const auto& entry) { return entry.second.user == gone; });
    }
    for (const std::string& gone : change.gone_sessions)
        std::erase_if(sessions_, [&](const auto& entry) { return entry.second.id == gone; });
    for (const std::string& gone : change.gone_tokens) tokens_.erase(gone);
    for (const SessionRow& row : change.sessions) sessions_[row.hash] = row;
    for (const TokenRow& row : change.tokens) tokens_[row.id] = row;
}

bool Accounts::has_admin() const {
    return std::ranges::any_of(users_, [](const auto& entry) { return entry.second.role == name(Role::admin); });
}

const UserRow* Accounts::user(std::string_view wanted) const {
    const auto found = users_.find(wanted);
    return found == users_.end() ? nullptr : &found->second;
}

std::vector<UserRow> Accounts::users() const {
    std::vector<UserRow> all;
    for (const auto& [user_name, row] : users_) all.push_back(row);
    return all;
}

std::vector<SessionRow> Accounts::sessions_of(std::string_view wanted, Timestamp now) const {
    std::vector<SessionRow> all;
    for (const auto& [hash, row] : sessions_) {
        if (row.user == wanted && !is_over(row, now)) all.push_back(row);
    }
    std::ranges::sort(all, [](const SessionRow& a, const SessionRow& b) { return a.last_used > b.last_used; });
    return all;
}

std::vector<TokenRow> Accounts::tokens() const {
    std::vector<TokenRow> all;
    for (const auto& [id, row] : tokens_) all.push_back(row);
    return all;
}

bool Accounts::is_over(const SessionRow& session, Timestamp now) const {
    return now - session.last_used >= params_.session_idle || now - session.created >= params_.session_life;
}

std::optional<Caller> Accounts::session(std::string_view secret, Timestamp now) {
    const auto found = sessions_.find(hash_of(secret));
    if (found == sessions_.end() || is_over(found->second, now)) return std::nullopt;
    const UserRow* who = user(found->second.user);
    if (who == nullptr) return std::nullopt;
    SessionRow& row = found->second;
    row.last_used = std::max(row.last_used, now);
    used_sessions_[row.id] = row.last_used;
    Caller caller{.user = row.user,
                  .scope = scope_of_user(*who),
                  .session = row.id,
                  .has_second_factor = !who->totp_secret.empty()};
    if (row.second_factor && now - *row.second_factor < params_.second_factor_life)
        caller.second_factor_until = *row.second_factor + params_.second_factor_life;
    return caller;
}

std::optional<Caller> Accounts::token(std::string_view text, Timestamp now) {
    const auto parts = parse_token(text);
    if (!parts) return std::nullopt;
    const std::string hash = hash_of(parts->secret);
    const auto found = tokens_.find(parts->id);
    if (found == tokens_.end() || !equal_in_constant_time(found->second.hash, hash) || now >= found->second.expires)
        return std::nullopt;
    const UserRow* who = user(found->second.user);
    if (who == nullptr) return std::nullopt;
    found->second.last_used = now;
    used_tokens_[found->second.id] = now;
    return Caller{.user = who->name,
                  .scope = std::min(scope_of_user(*who), scope_of(found->second.scope).value_or(Scope::read)),
                  .token = found->second.id};
}

bool Accounts::is_good(const Caller& caller, Timestamp now) const {
    if (user(caller.user) == nullptr) return false;
    if (!caller.token.empty()) {
        const auto found = tokens_.find(caller.token);
        return found != tokens_.end() && now < found->second.expires;
    }
    return std::ranges::any_of(sessions_, [&](const auto& entry) {
        return entry.second.id == caller.session && !is_over(entry.second, now);
    });
}

Issued Accounts::issue_setup(const Random& random, Timestamp now) const {
    Issued issued{.secret = random_hex(random, kSetupBytes)};
    issued.change.setup = records::SetupRow{.hash = hash_of(issued.secret), .expires = now + params_.setup_life};
    return issued;
}

bool Accounts::take_setup(std::string_view secret, Timestamp now) {
    if (!is_known_ || has_admin() || !setup_ || now >= setup_->expires) return false;
    if (setup_->hash == taken_setup_ || !equal_in_constant_time(setup_->hash, hash_of(secret))) return false;
    taken_setup_ = setup_->hash;
    return true;
}

Result<LoginChange> Accounts::make_user(std::string_view wanted, Role role, std::string phc, Timestamp now) const {
    if (!is_user_name(wanted))
        return fail(Errc::refused,
                    "a user's name is 1 to 32 of a-z, 0-9, dot, dash and underscore, a letter or digit first");
    if (user(wanted) != nullptr)
        return fail(Errc::already_exists, "there is a user '" + std::string(wanted) + "' already");
    if (users_.size() >= params_.users_max)
        return fail(Errc::out_of_range,
                    "there are " + std::to_string(params_.users_max) + " users, which is the limit");
    LoginChange change;
    change.users.push_back({.name = std::string(wanted),
                            .role = std::string(name(role)),
                            .password_hash = std::move(phc),
                            .created = now});
    change.ends_setup = role == Role::admin;
    return change;
}

Result<LoginChange> Accounts::change_password(std::string_view wanted, std::string phc) const {
    const UserRow* who = user(wanted);
    if (who == nullptr) return no_user(wanted);
    LoginChange change;
    change.users.push_back(*who);
    change.users.back().password_hash = std::move(phc);
    for (const auto& [hash, row] : sessions_) {
        if (row.user == wanted) change.gone_sessions.push_back(row.id);
    }
    return change;
}

Issued Accounts::begin_session(std::string_view wanted, std::string_view address, const Random& random,
                               Timestamp now) const {
    Issued issued{.secret = random_hex(random, kSecretBytes), .id = random_hex(random, kIdBytes)};
    issued.change.sessions.push_back({.id = issued.id,
                                      .hash = hash_of(issued.secret),
                                      .user = std::string(wanted),
                                      .address = std::string(address),
                                      .created = now,
                                      .last_used = now});
    const std::vector<SessionRow> all = sessions_of(wanted, now);
    for (std::size_t i = params_.sessions_of_user_max - 1; i < all.size(); ++i)
        issued.change.gone_sessions.push_back(all[i].id);
    return issued;
}

Result<LoginChange> Accounts::end_sessions(std::string_view wanted, std::string_view id) const {
    LoginChange change;
    for (const auto& [hash, row] : sessions_) {
        if (row.user == wanted && (id.empty() || row.id == id)) change.gone_sessions.push_back(row.id);
    }
    if (change.gone_sessions.empty())
        return fail(Errc::not_found, "there is no such session of yours; GET /api/auth/session lists them");
    return change;
}

Result<Issued> Accounts::issue_token(const TokenWish& wish, const Random& random, Timestamp now) const {
    const UserRow* who = user(wish.user);
    if (who == nullptr) return no_user(wish.user);
    const bool is_plain = std::ranges::all_of(wish.label, [](char c) { return c >= ' ' && c <= '~'; });
    if (wish.label.empty() || wish.label.size() > kLabelBytesMax || !is_plain)
        return fail(Errc::refused, "a token's label is 1 to 64 printable characters of ASCII: what uses it");
    if (wish.scope > scope_of_user(*who))
        return fail(Errc::refused, "a token's scope is not more than its user may do: " + wish.user + " may " +
                                       std::string(name(scope_of_user(*who))));
    if (wish.days == 0 || wish.days > kTokenDaysMax)
        return fail(Errc::out_of_range, "a token holds 1 to " + std::to_string(kTokenDaysMax) + " days");
    if (tokens_.size() >= params_.tokens_max)
        return fail(Errc::out_of_range, "there are " + std::to_string(params_.tokens_max) +
                                            " tokens, which is the limit; revoke those that nothing uses");
    Issued issued{.id = random_hex(random, kIdBytes)};
    const std::string secret = random_hex(random, kSecretBytes);
    issued.secret = token_text(issued.id, secret);
    issued.change.tokens.push_back({.id = issued.id,
                                    .hash = hash_of(secret),
                                    .user = wish.user,
                                    .label = wish.label,
                                    .scope = std::string(name(wish.scope)),
                                    .created = now,
                                    .expires = now + std::chrono::hours{24} * wish.days});
    return issued;
}

Result<LoginChange> Accounts::revoke_token(std::string_view id, std::string_view who) const {
    const auto found = tokens_.find(id);
    const UserRow* asking = user(who);
    const bool may = asking != nullptr && found != tokens_.end() &&
                     (found->second.user == who || scope_of_user(*asking) == Scope::admin);
    if (!may) return fail(Errc::not_found, "there is no token of this id; GET /api/tokens lists them");
    LoginChange change;
    change.gone_tokens.emplace_back(id);
    return change;
}

bool Accounts::take_code(std::string_view wanted, std::string_view session, std::string_view code, Timestamp now) {
    const auto found = users_.find(wanted);
    if (found == users_.end() || found->second.totp_secret.empty()) return false;
    const auto key = from_base32(found->second.totp_secret);
    if (!key) return false;
    const auto step = accept_totp(*key, code, now, found->second.totp_step);
    if (!step) return false;
    found->second.totp_step = *step;
    used_codes_.push_back({.user = std::string(wanted), .step = *step, .session = std::string(session), .at = now});
    for (auto& [hash, row] : sessions_) {
        if (row.id == session && row.user == wanted) row.second_factor = now;
    }
    return true;
}

Result<LoginChange> Accounts::change_second_factor(std::string_view wanted, std::string secret,
                                                   std::int64_t used_step) const {
    const UserRow* who = user(wanted);
    if (who == nullptr) return no_user(wanted);
    LoginChange change;
    change.users.push_back(*who);
    change.users.back().totp_secret = std::move(secret);
    change.users.back().totp_step = used_step;
    return change;
}

LoginChange Accounts::take_notes(Timestamp now) {
    LoginChange notes;
    for (auto& [id, at] : std::exchange(used_sessions_, {})) notes.used_sessions.push_back({id, at});
    for (auto& [id, at] : std::exchange(used_tokens_, {})) notes.used_tokens.push_back({id, at});
    notes.used_codes = std::exchange(used_codes_, {});
    for (const auto& [hash, row] : sessions_) {
        if (is_over(row, now)) notes.gone_sessions.push_back(row.id);
    }
    for (const auto& [id, row] : tokens_) {
        if (now >= row.expires) notes.gone_tokens.push_back(id);
    }
    return notes;
}

}  // namespace vt::login
