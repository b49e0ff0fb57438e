#include "records/login_repository.hpp"

#include "base/assert.hpp"
#include "records/schema.hpp"

#include <charconv>
#include <initializer_list>
#include <limits>
#include <utility>

namespace vt::records {
namespace {

constexpr Column kAuditColumns[] = {{"at_ms", Kind::integer}, {"id", Kind::text},     {"user_name", Kind::text},
                                    {"address", Kind::text},  {"action", Kind::text}, {"subject", Kind::text},
                                    {"outcome", Kind::text}};
constexpr Table kAudit = {"audit", kAuditColumns, 2};

std::string text_of(const Row& row, std::size_t at) { return optional_of<std::string>(row.at(at)).value_or(""); }

Timestamp time_of(const Row& row, std::size_t at) {
    return from_ms(optional_of<std::int64_t>(row.at(at)).value_or(0));
}

/// One statement whose answer is of no interest.
Result<void> tell(Database& database, const char* statement, std::initializer_list<Value> values) {
    VT_TRY([[maybe_unused]] const Answer done, database.ask(statement, std::span(values.begin(), values.size())));
    return {};
}

}  // namespace

#define VT_DO(expression) \
    if (Result<void> vt_done = (expression); !vt_done) return vt_done

Result<LoginRepository> LoginRepository::open(std::unique_ptr<Database> database, Timestamp now) {
    VT_ASSERT(database != nullptr);
    if (Result<void> known = refuse_newer(*database); !known) return tl::unexpected<Error>(std::move(known.error()));
    VT_TRY([[maybe_unused]] const std::string copy, migrate(*database, latest_version(), now));
    return LoginRepository(std::move(database));
}

Result<std::int64_t> LoginRepository::revision() {
    VT_TRY(const Answer answer, database_->ask("SELECT max(number) FROM login_revision", {}));
    return optional_of<std::int64_t>(answer.rows.at(0).at(0)).value_or(0);
}

Result<LoginContent> LoginRepository::content() {
    VT_TRY(Transaction transaction, Transaction::begin(*database_, Access::read));
    LoginContent content;
    VT_TRY(content.revision, revision());
    VT_TRY(const Answer users,
           database_->ask("SELECT name, role, password_hash, totp_secret, totp_step, created_ms FROM users", {}));
    for (const Row& row : users.rows) {
        content.users.push_back({.name = text_of(row, 0),
                                 .role = text_of(row, 1),
                                 .password_hash = text_of(row, 2),
                                 .totp_secret = text_of(row, 3),
                                 .totp_step = optional_of<std::int64_t>(row.at(4)).value_or(0),
                                 .created = time_of(row, 5)});
    }
    VT_TRY(const Answer sessions,
           database_->ask(
               "SELECT id, hash, user_name, address, created_ms, last_used_ms, second_factor_ms FROM sessions", {}));
    for (const Row& row : sessions.rows) {
        content.sessions.push_back({.id = text_of(row, 0),
                                    .hash = text_of(row, 1),
                                    .user = text_of(row, 2),
                                    .address = text_of(row, 3),
                                    .created = time_of(row, 4),
                                    .last_used = time_of(row, 5),
                                    .second_factor = optional_time(row.at(6))});
    }
    VT_TRY(const Answer tokens,
           database_->ask(
               "SELECT id, hash, user_name, label, scope, created_ms, expires_ms, last_used_ms FROM tokens", {}));
    for (const Row& row : tokens.rows) {
        content.tokens.push_back({.id = text_of(row, 0),
                                  .hash = text_of(row, 1),
                                  .user = text_of(row, 2),
                                  .label = text_of(row, 3),
                                  .scope = text_of(row, 4),
                                  .created = time_of(row, 5),
                                  .expires = time_of(row, 6),
                                  .last_used = optional_time(row.at(7))});
    }
    VT_TRY(const Answer setup, database_->ask("SELECT hash, expires_ms FROM setup_token", {}));
    if (!setup.rows.empty())
        content.setup = SetupRow{.hash = text_of(setup.rows.front(), 0), .expires = time_of(setup.rows.front(), 1)};
    if (Result<void> done = transaction.commit(); !done) return tl::unexpected<Error>(std::move(done.error()));
    return content;
}

Result<void> LoginRepository::put(const LoginChange& change) {
    if (change.ends_setup || change.setup) VT_DO(tell(*database_, "DELETE FROM setup_token", {}));
    if (change.setup)
        VT_DO(tell(*database_, "INSERT INTO setup_token (hash, expires_ms) VALUES ($1, $2)",
                   {change.setup->hash, to_ms(change.setup->expires)}));
    for (const UserRow& row : change.users) {
        VT_DO(tell(*database_,
                   "INSERT INTO users (name, role, password_hash, totp_secret, totp_step, created_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO UPDATE SET role = excluded.role,"
                   " password_hash = excluded.password_hash, totp_secret = excluded.totp_secret,"
                   " totp_step = excluded.totp_step",
                   {row.name, row.role, row.password_hash, row.totp_secret, row.totp_step, to_ms(row.created)}));
    }
    for (const SessionRow& row : change.sessions) {
        VT_DO(tell(*database_,
                   "INSERT INTO sessions (id, hash, user_name, address, created_ms, last_used_ms, second_factor_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                   {row.id, row.hash, row.user, row.address, to_ms(row.created), to_ms(row.last_used),
                    value_of_time(row.second_factor)}));
    }
    for (const TokenRow& row : change.tokens) {
        VT_DO(tell(*database_,
                   "INSERT INTO tokens (id, hash, user_name, label, scope, created_ms, expires_ms, last_used_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                   {row.id, row.hash, row.user, row.label, row.scope, to_ms(row.created), to_ms(row.expires),
                    value_of_time(row.last_used)}));
    }
    return {};
}

Result<void> LoginRepository::remove(const LoginChange& change) {
    for (const std::string& user : change.gone_users) {
        VT_DO(tell(*database_, "DELETE FROM users WHERE name = $1", {user}));
        VT_DO(tell(*database_, "DELETE FROM sessions WHERE user_name = $1", {user}));
        VT_DO(tell(*database_, "DELETE FROM tokens WHERE user_name = $1", {user}));
    }
    for (const std::string& id : change.gone_sessions)
        VT_DO(tell(*database_, "DELETE FROM sessions WHERE id = $1", {id}));
    for (const std::string& id : change.gone_tokens)
        VT_DO(tell(*database_, "DELETE FROM tokens WHERE id = $1", {id}));
    return {};
}

Result<void> LoginRepository::note(const LoginChange& change) {
    for (const auto& [id, at] : change.used_sessions)
        VT_DO(tell(*database_, "UPDATE sessions SET last_used_ms = $2 WHERE id = $1 AND last_used_ms < $2",
                   {id, to_ms(at)}));
    for (const auto& [id, at] : change.used_tokens)
        VT_DO(tell(*database_, "UPDATE tokens SET last_used_ms = $2 WHERE id = $1", {id, to_ms(at)}));
    for (const LoginChange::UsedCode& code : change.used_codes) {
        VT_DO(tell(*database_, "UPDATE users SET totp_step = $2 WHERE name = $1 AND totp_step < $2",
                   {code.user, code.step}));
        if (!code.session.empty())
            VT_DO(tell(*database_, "UPDATE sessions SET second_factor_ms = $2 WHERE id = $1",
                       {code.session, to_ms(code.at)}));
    }
    std::vector<Row> rows;
    for (const AuditRow& row : change.audit)
        rows.push_back({to_ms(row.at), row.id, row.user, row.address, row.action, row.subject, row.outcome});
    if (!rows.empty()) {
        VT_TRY([[maybe_unused]] const std::uint64_t added, database_->append(kAudit, rows));
    }
    return {};
}

Result<void> LoginRepository::store(const LoginChange& change) {
    VT_TRY(Transaction transaction, Transaction::begin(*database_, Access::write));
    const bool is_new = change.ends_setup || change.setup || !change.users.empty() || !change.sessions.empty() ||
                        !change.tokens.empty() || !change.gone_users.empty() || !change.gone_sessions.empty() ||
                        !change.gone_tokens.empty();
    if (is_new) VT_DO(tell(*database_, "UPDATE login_revision SET number = number + 1", {}));
    VT_DO(put(change));
    VT_DO(remove(change));
    VT_DO(note(change));
    return transaction.commit();
}

Result<AuditPage> LoginRepository::audit(std::size_t limit, const std::string& cursor) {
    if (limit == 0 || limit > kPageMax)
        return fail(Errc::out_of_range, "limit is from 1 to " + std::to_string(kPageMax));
    std::int64_t before_ms = std::numeric_limits<std::int64_t>::max();
    std::string before_id;
    if (!cursor.empty()) {
        const char* end = cursor.data() + cursor.size();
        const auto [dot, error] = std::from_chars(cursor.data(), end, before_ms);
        if (error != std::errc{} || dot == end || *dot != '.')
            return fail(Errc::malformed, "the cursor is not one that a page gave");
        before_id.assign(dot + 1, end);
    }
    const Value values[] = {before_ms, before_id, static_cast<std::int64_t>(limit + 1)};
    VT_TRY(const Answer answer,
           database_->ask("SELECT at_ms, id, user_name, address, action, subject, outcome FROM audit"
                          " WHERE (at_ms, id) < ($1, $2) ORDER BY at_ms DESC, id DESC LIMIT $3",
                          values));
    AuditPage page;
    for (const Row& row : answer.rows) {
        if (page.rows.size() == limit) {
            page.cursor = std::to_string(to_ms(page.rows.back().at)) + "." + page.rows.back().id;
            break;
        }
        page.rows.push_back({.id = text_of(row, 1),
                             .at = time_of(row, 0),
                             .user = text_of(row, 2),
                             .address = text_of(row, 3),
                             .action = text_of(row, 4),
                             .subject = text_of(row, 5),
                             .outcome = text_of(row, 6)});
    }
    return page;
}

Result<void> LoginRepository::shorten_audit(std::int64_t done_max, std::int64_t refused_max) {
    VT_TRY(Transaction transaction, Transaction::begin(*database_, Access::write));
    VT_DO(tell(*database_,
               "DELETE FROM audit WHERE outcome = 'done' AND (at_ms, id) IN (SELECT at_ms, id FROM audit"
               " WHERE outcome = 'done' ORDER BY at_ms DESC, id DESC LIMIT 1000000 OFFSET $1)",
               {done_max}));
    VT_DO(tell(*database_,
               "DELETE FROM audit WHERE outcome <> 'done' AND (at_ms, id) IN (SELECT at_ms, id FROM audit"
               " WHERE outcome <> 'done' ORDER BY at_ms DESC, id DESC LIMIT 1000000 OFFSET $1)",
               {refused_max}));
    return transaction.commit();
}

#undef VT_DO

}  // namespace vt::records
