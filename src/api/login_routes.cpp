#include "api/login_desk.hpp"
#include "base/json_writer.hpp"
#include "login/password.hpp"
#include "login/totp.hpp"

#include <simdjson.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

/// What the routes of the login do, one function each.
namespace vt::api {
namespace {

using records::LoginChange;

constexpr std::size_t kFieldBytesMax = 2048;
constexpr std::size_t kTotpSecretBytes = 20;
/// A hash takes its turn behind at most 16 others, and the database its time.
constexpr Nanos kLoginLimit = std::chrono::seconds{30};

net::PreparedResponsePtr login_json(std::string body, std::vector<net::HttpHeader> headers = live_headers()) {
    return net::prepare({.content_type = "application/json", .body = std::move(body), .headers = std::move(headers)});
}

net::PreparedResponsePtr done_json() { return login_json(R"({"done":true})"); }

int status_of(const Error& error) {
    switch (error.code) {
        case Errc::not_found: return 404;
        case Errc::already_exists: return 409;
        case Errc::unavailable: return 503;
        default: return 400;
    }
}

net::PreparedResponsePtr problem_of(const Error& error) { return problem(status_of(error), error.what); }

void write_token(JsonWriter& out, const records::TokenRow& row) {
    out.begin_object()
        .field("id", row.id)
        .field("user", row.user)
        .field("label", row.label)
        .field("scope", row.scope)
        .field("created_at", to_ms(row.created))
        .field("expires_at", to_ms(row.expires));
    out.key("last_used_at");
    if (row.last_used) {
        out.value(to_ms(*row.last_used));
    } else {
        out.null();
    }
    out.end_object();
}

BodyMember secret_member(std::string name, std::string meaning) {
    return {.name = std::move(name), .meaning = std::move(meaning), .is_required = true, .is_secret = true};
}

/// What the routes of one's own session take.
std::vector<BodyMember> own_body(net::Method method, std::string_view pattern) {
    if (pattern == "/api/auth/logout")
        return {{.name = "everywhere", .type = BodyType::truth, .meaning = "all sessions of the user"}};
    if (pattern == "/api/auth/password")
        return {secret_member("current", "the password so far"), secret_member("new", "of 12 characters and more")};
    if (pattern != "/api/auth/totp") return {};
    if (method == net::Method::post) return {secret_member("code", "six digits of the authenticator")};
    return {secret_member("password", "of the user")};
}

/// A page of the audit of a run without a database; the cursor is the id of the last line before it.
std::optional<records::AuditPage> page_of(const std::deque<records::AuditRow>& audit, std::size_t limit,
                                          const std::string& cursor) {
    auto first = audit.begin();
    if (!cursor.empty()) {
        first = std::ranges::find(audit, cursor, &records::AuditRow::id);
        if (first == audit.end()) return std::nullopt;
        ++first;
    }
    const auto end = first + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(limit), audit.end() - first);
    return records::AuditPage{.rows = {first, end}, .cursor = end == audit.end() ? "" : std::prev(end)->id};
}

net::PendingResponse later(std::function<void(net::PendingResponse::Done)> begin) {
    return {.begin = std::move(begin), .limit = kLoginLimit};
}

}  // namespace

class LoginDesk::Body {
public:
    explicit Body(std::string_view text) {
        is_object_ = parser_.parse(text.data(), text.size()).get(root_) == simdjson::SUCCESS && root_.is_object();
    }
    [[nodiscard]] bool is_object() const { return is_object_; }
    /// out: empty: not given, not a text, or too long to be what it should be
    [[nodiscard]] std::string text(std::string_view name) const {
        std::string_view value;
        if (!is_object_ || root_[name].get(value) != simdjson::SUCCESS || value.size() > kFieldBytesMax) return {};
        return std::string(value);
    }
    [[nodiscard]] Secret secret(std::string_view name) const { return Secret(text(name)); }
    [[nodiscard]] bool flag(std::string_view name) const {
        bool value = false;
        return is_object_ && root_[name].get(value) == simdjson::SUCCESS && value;
    }
    /// out: `standard` where it is not given, 0 where it is no number that fits
    [[nodiscard]] std::uint32_t number(std::string_view name, std::uint32_t standard) const {
        if (!is_object_ || root_[name].error() == simdjson::NO_SUCH_FIELD) return standard;
        std::uint64_t value = 0;
        return root_[name].get(value) == simdjson::SUCCESS && value <= 1'000'000 ? static_cast<std::uint32_t>(value)
                                                                                 : 0;
    }

private:
    simdjson::dom::parser parser_;
    simdjson::dom::element root_;
    bool is_object_ = false;
};

std::string LoginDesk::session_json(const login::Caller& caller, const std::string& secret) const {
    JsonWriter out;
    out.begin_object().field("user", caller.user).field("scope", login::name(caller.scope));
    const records::UserRow* row = accounts_.user(caller.user);
    out.field("role", row != nullptr ? row->role : "");
    out.key("session");
    if (caller.session.empty()) {
        out.null();
    } else {
        out.value(caller.session);
    }
    out.key("csrf_token");
    if (secret.empty()) {
        out.null();
    } else {
        out.value(login::request_token(secret));
    }
    out.field("has_second_factor", row != nullptr && !row->totp_secret.empty());
    out.key("second_factor_until");
    if (caller.second_factor_until) {
        out.value(to_ms(*caller.second_factor_until));
    } else {
        out.null();
    }
    out.key("sessions").begin_array();
    if (!caller.session.empty()) {
        for (const records::SessionRow& session : accounts_.sessions_of(caller.user, params_.clock())) {
            out.begin_object()
                .field("id", session.id)
                .field("address", session.address)
                .field("created_at", to_ms(session.created))
                .field("last_used_at", to_ms(session.last_used))
                .end_object();
        }
    }
    out.end_array().field("needs_setup", false).field("may_read_market", true).end_object();
    return out.take();
}

void LoginDesk::open_session(const Visitor& visitor, const std::string& user, const char* action, LoginChange with,
                             Done done) {
    login::Issued issued = accounts_.begin_session(user, visitor.place.address, params_.random, params_.clock());
    with.sessions = issued.change.sessions;
    with.gone_sessions.insert(with.gone_sessions.end(), issued.change.gone_sessions.begin(),
                              issued.change.gone_sessions.end());
    // Who logs in again gets another session, and the one that he had ends: nobody can hand him one beforehand.
    if (visitor.caller && !visitor.caller->session.empty()) with.gone_sessions.push_back(visitor.caller->session);
    carry_out(std::move(with), line_of(visitor, user, action, "", "done"), std::move(done),
              [this, visitor, secret = issued.secret] {
                  const auto caller = accounts_.session(secret, params_.clock());
                  if (!caller) return problem(503, "the session has ended already; log in again");
                  return login_json(session_json(*caller, secret), cookie(visitor.place, secret));
              });
}

net::HttpReply LoginDesk::set_up(const Call& call) {
    const Body body(call.request.body);
    const std::string user = body.text("user");
    if (!accounts_.is_known()) return problem(503, "what is stored is not read yet; try again in a moment");
    if (accounts_.has_admin()) return problem(409, "there is an admin already: log in");
    if (net::PreparedResponsePtr wait = take_guess(call.visitor)) return wait;
    auto password = std::make_shared<Secret>(body.secret("password"));
    // Before the token: it is good once, and a weak password must not use it up.
    if (!login::is_user_name(user))
        return problem(400, "user is 1 to 32 of a-z, 0-9, dot, dash and underscore, a letter or digit first");
    if (const auto fine = login::check_password(password->reveal(), user); !fine) return problem_of(fine.error());
    if (!accounts_.take_setup(body.text("token"), params_.clock())) {
        note_refusal(line_of(call.visitor, user, "setup", "", "wrong setup token"));
        return problem(403,
                       "the setup token is wrong, used or older than a quarter of an hour; `virtuoso setup-token` "
                       "makes a new one");
    }
    guesses_.was_right(call.visitor.place.address, params_.clock());
    return later([this, visitor = call.visitor, user, password](const Done& done) {
        with_hash(std::move(*password), done, [this, visitor, user, done](std::string phc) {
            auto change = accounts_.make_user(user, login::Role::admin, std::move(phc), params_.clock());
            if (!change) return done(problem_of(change.error()));
            open_session(visitor, user, "setup", std::move(*change), done);
        });
    });
}

net::HttpReply LoginDesk::log_in(const Call& call) {
    const Body body(call.request.body);
    if (!accounts_.is_known()) return problem(503, "what is stored is not read yet; try again in a moment");
    auto password = std::make_shared<Secret>(body.secret("password"));
    if (!body.is_object() || password->empty() || body.text("user").empty())
        return problem(400, "the body is a JSON object with user and password");
    return later([this, visitor = call.visitor, user = body.text("user"), password](const Done& done) {
        with_password(visitor, user, std::move(*password), "login", done,
                      [this, visitor, user, done] { open_session(visitor, user, "login", {}, done); });
    });
}

net::HttpReply LoginDesk::log_out(const Call& call) {
    const login::Caller& caller = *call.visitor.caller;
    const bool everywhere = Body(call.request.body).flag("everywhere");
    auto change = accounts_.end_sessions(caller.user, everywhere ? "" : caller.session);
    if (!change) return problem_of(change.error());
    return later([this, visitor = call.visitor, everywhere, change = std::move(*change)](const Done& done) {
        carry_out(change,
                  line_of(visitor, visitor.caller->user, everywhere ? "logout everywhere" : "logout", "", "done"),
                  done, [this, visitor] { return login_json(R"({"done":true})", cookie(visitor.place, "")); });
    });
}

net::HttpReply LoginDesk::session(const Call& call) const {
    if (call.visitor.caller) return login_json(session_json(*call.visitor.caller, call.visitor.session_secret));
    JsonWriter out;
    out.begin_object();
    for (const char* name : {"user", "scope", "role", "session", "csrf_token"}) out.key(name).null();
    out.field("has_second_factor", false).key("second_factor_until").null();
    out.key("sessions").begin_array().end_array();
    out.field("needs_setup", accounts_.is_known() && !accounts_.has_admin());
    out.field("may_read_market", may_read_market(call.visitor)).end_object();
    return login_json(out.take());
}

net::HttpReply LoginDesk::end_session(const Call& call) {
    const std::string id = call.query("id").value_or("");
    if (id.empty()) return problem(400, "id names the session; GET /api/auth/session lists them");
    auto change = accounts_.end_sessions(call.visitor.caller->user, id);
    if (!change) return problem_of(change.error());
    return later([this, visitor = call.visitor, id, change = std::move(*change)](const Done& done) {
        carry_out(change, line_of(visitor, visitor.caller->user, "session end", id, "done"), done, done_json);
    });
}

net::HttpReply LoginDesk::change_password(const Call& call) {
    const Body body(call.request.body);
    const std::string user = call.visitor.caller->user;
    auto current = std::make_shared<Secret>(body.secret("current"));
    auto wanted = std::make_shared<Secret>(body.secret("new"));
    if (const auto fine = login::check_password(wanted->reveal(), user); !fine) return problem_of(fine.error());
    return later([this, visitor = call.visitor, user, current, wanted](const Done& done) {
        with_password(visitor, user, std::move(*current), "password", done, [this, visitor, user, wanted, done] {
            with_hash(std::move(*wanted), done, [this, visitor, user, done](std::string phc) {
                auto change = accounts_.change_password(user, std::move(phc));
                if (!change) return done(problem_of(change.error()));
                open_session(visitor, user, "password", std::move(*change), done);
            });
        });
    });
}

net::HttpReply LoginDesk::give_code(const Call& call) {
    const login::Caller& caller = *call.visitor.caller;
    const std::string code = Body(call.request.body).text("code");
    if (net::PreparedResponsePtr wait = take_guess(call.visitor)) return wait;
    const Timestamp now = params_.clock();
    const auto refuse = [&]() -> net::HttpReply {
        note_refusal(line_of(call.visitor, caller.user, "code", "", "wrong or used code"));
        return problem(403, "the code is wrong, late or used already; wait for the next one");
    };
    if (const auto offered = offered_codes_.find(caller.user); offered != offered_codes_.end()) {
        const auto step = login::accept_totp(*login::from_base32(offered->second), code, now, 0);
        if (!step) return refuse();
        guesses_.was_right(call.visitor.place.address, now);
        auto change = accounts_.change_second_factor(caller.user, offered->second, *step);
        if (!change) return problem_of(change.error());
        offered_codes_.erase(offered);
        return later([this, visitor = call.visitor, change = std::move(*change)](const Done& done) {
            carry_out(change, line_of(visitor, visitor.caller->user, "second factor on", "", "done"), done,
                      done_json);
        });
    }
    if (!accounts_.take_code(caller.user, caller.session, code, now)) return refuse();
    guesses_.was_right(call.visitor.place.address, now);
    return later([this, visitor = call.visitor](const Done& done) {
        LoginChange change = accounts_.take_notes(params_.clock());
        carry_out(std::move(change), line_of(visitor, visitor.caller->user, "code", "", "done"), done, done_json);
    });
}

net::HttpReply LoginDesk::begin_codes(const Call& call) {
    const Body body(call.request.body);
    const std::string user = call.visitor.caller->user;
    return later([this, visitor = call.visitor, user,
                  password = std::make_shared<Secret>(body.secret("password"))](const Done& done) {
        with_password(visitor, user, std::move(*password), "second factor", done, [this, user, done] {
            std::string bytes(kTotpSecretBytes, '\0');
            params_.random(std::span(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()));
            const std::string secret = login::base32(bytes);
            offered_codes_[user] = secret;  // users are bounded, and so are these
            JsonWriter out;
            out.begin_object().field("secret", secret).field("address", login::totp_address(user, secret));
            out.end_object();
            done(login_json(out.take()));
        });
    });
}

net::HttpReply LoginDesk::end_codes(const Call& call) {
    const Body body(call.request.body);
    const std::string user = call.visitor.caller->user;
    return later([this, visitor = call.visitor, user,
                  password = std::make_shared<Secret>(body.secret("password"))](const Done& done) {
        with_password(visitor, user, std::move(*password), "second factor", done, [this, visitor, user, done] {
            offered_codes_.erase(user);
            auto change = accounts_.change_second_factor(user, "", 0);
            if (!change) return done(problem_of(change.error()));
            carry_out(std::move(*change), line_of(visitor, user, "second factor off", "", "done"), done, done_json);
        });
    });
}

net::HttpReply LoginDesk::list_tokens(const Call& call) const {
    const login::Caller& caller = *call.visitor.caller;
    JsonWriter out;
    out.begin_object().key("tokens").begin_array();
    for (const records::TokenRow& row : accounts_.tokens()) {
        if (row.user == caller.user || caller.scope == login::Scope::admin) write_token(out, row);
    }
    out.end_array().end_object();
    return login_json(out.take());
}

net::HttpReply LoginDesk::create_token(const Call& call) {
    const Body body(call.request.body);
    const auto scope = login::scope_of(body.text("scope").empty() ? "read" : body.text("scope"));
    if (!scope) return problem(400, "scope is read, trade or admin");
    login::Accounts::TokenWish wish{.user = call.visitor.caller->user,
                                    .label = body.text("label"),
                                    .scope = *scope,
                                    .days = body.number("days", 90)};
    return later([this, visitor = call.visitor, wish = std::move(wish),
                  password = std::make_shared<Secret>(body.secret("password"))](const Done& done) {
        with_password(visitor, wish.user, std::move(*password), "token create", done, [this, visitor, wish, done] {
            auto issued = accounts_.issue_token(wish, params_.random, params_.clock());
            if (!issued) return done(problem_of(issued.error()));
            const records::TokenRow row = issued->change.tokens.front();
            carry_out(std::move(issued->change),
                      line_of(visitor, wish.user, "token create", row.id + " " + row.scope, "done"), done,
                      [row, secret = issued->secret] {
                          JsonWriter out;
                          out.begin_object().field("token", secret).key("details");
                          write_token(out, row);
                          out.end_object();
                          return login_json(out.take());
                      });
        });
    });
}

net::HttpReply LoginDesk::revoke_token(const Call& call) {
    const std::string id = call.query("id").value_or("");
    auto change = accounts_.revoke_token(id, call.visitor.caller->user);
    if (!change) return problem_of(change.error());
    return later([this, visitor = call.visitor, id, change = std::move(*change)](const Done& done) {
        carry_out(change, line_of(visitor, visitor.caller->user, "token revoke", id, "done"), done, done_json);
    });
}

net::HttpReply LoginDesk::audit(const Call& call) {
    const auto limit = call.count("limit", 100, records::LoginRepository::kPageMax);
    if (!limit) return count_problem("limit", records::LoginRepository::kPageMax);
    const auto answer = [](const records::AuditPage& page) {
        JsonWriter out;
        out.begin_object().key("entries").begin_array();
        for (const records::AuditRow& row : page.rows) {
            out.begin_object()
                .field("at", to_ms(row.at))
                .field("user", row.user)
                .field("address", row.address)
                .field("action", row.action)
                .field("subject", row.subject)
                .field("outcome", row.outcome)
                .end_object();
        }
        out.end_array().field("next_cursor", page.cursor).end_object();
        return login_json(out.take());
    };
    if (!params_.read_audit) {
        const auto page = page_of(audit_, *limit, call.query("cursor").value_or(""));
        return page ? answer(*page) : problem(400, "cursor must be the next_cursor of a page");
    }
    return later([this, answer, limit = *limit, cursor = call.query("cursor").value_or("")](const Done& done) {
        params_.read_audit(limit, cursor, [done, answer](const Result<records::AuditPage>& page) {
            done(page ? answer(*page) : problem_of(page.error()));
        });
    });
}

void LoginDesk::add_to(RouteTable& routes) {
    routes.admit_by([this](const Route& route, const net::HttpRequest& request) { return admit(route, request); });
    add_session_routes(routes);
    add_token_routes(routes);
}

void LoginDesk::add_session_routes(RouteTable& routes) {
    const auto add = [&routes](Route route, auto answer) {
        route.handler = answer;
        routes.add(std::move(route));
    };
    using net::Method;
    add({.method = Method::post,
         .pattern = "/api/auth/setup",
         .access = Access::open,
         .summary = "Makes the first admin: {token, user, password}; sets the session's cookie",
         .schema = "Session",
         .body = {{.name = "token", .meaning = "the setup token", .is_required = true, .is_secret = true},
                  {.name = "user", .meaning = "1 to 32 of a-z, 0-9, dot, dash, underscore", .is_required = true},
                  secret_member("password", "of 12 characters and more")},
         .handler = {}},
        [this](const Call& call) { return set_up(call); });
    add({.method = Method::post,
         .pattern = "/api/auth/login",
         .access = Access::open,
         .summary = "Logs in: {user, password}; sets the session's cookie",
         .schema = "Session",
         .body = {{.name = "user", .meaning = "who", .is_required = true}, secret_member("password", "of the user")},
         .handler = {}},
        [this](const Call& call) { return log_in(call); });
    add({.pattern = "/api/auth/session",
         .access = Access::open,
         .summary = "Who is asking, his sessions, and the csrf_token that changes need; nulls for nobody",
         .schema = "Session",
         .handler = {}},
        [this](const Call& call) { return session(call); });
    const auto own = [&add](Method method, std::string pattern, std::string summary, bool takes_code, auto answer) {
        Route route{.method = method,
                    .pattern = std::move(pattern),
                    .access = Access::write,
                    .summary = std::move(summary),
                    .schema = "Done",
                    .scope = login::Scope::read,
                    .needs_session = true,
                    .takes_code = takes_code,
                    .handler = {}};
        if (route.pattern == "/api/auth/password") route.schema = "Session";
        if (route.pattern == "/api/auth/totp" && method == Method::put) route.schema = "OfferedCodes";
        route.body = own_body(method, route.pattern);
        if (method == Method::remove && route.pattern != "/api/auth/totp")
            route.query = {{.name = "id", .schema = R"({"type":"string"})", .meaning = "which one"}};
        add(std::move(route), answer);
    };
    own(Method::post, "/api/auth/logout", "Ends this session; {everywhere: true} all of the user's", true,
        [this](const Call& call) { return log_out(call); });
    own(Method::remove, "/api/auth/session", "Ends one of the user's sessions", true,
        [this](const Call& call) { return end_session(call); });
    own(Method::post, "/api/auth/password", "A new password: {current, new}; ends all other sessions", false,
        [this](const Call& call) { return change_password(call); });
    own(Method::post, "/api/auth/totp",
        "Gives a code: {code}; opens changes for five minutes, or confirms PUT's secret", true,
        [this](const Call& call) { return give_code(call); });
    own(Method::put, "/api/auth/totp", "Offers a secret for an authenticator: {password}; POST a code to begin",
        false, [this](const Call& call) { return begin_codes(call); });
    own(Method::remove, "/api/auth/totp", "Changes need no code any more: {password}", false,
        [this](const Call& call) { return end_codes(call); });
}

void LoginDesk::add_token_routes(RouteTable& routes) {
    routes.add({.pattern = "/api/tokens",
                .access = Access::account_read,
                .summary = "The tokens of the user, for an admin of all; never their secrets",
                .schema = "Tokens",
                .handler = [this](const Call& call) { return list_tokens(call); }});
    routes.add({.method = net::Method::post,
                .pattern = "/api/tokens",
                .access = Access::write,
                .summary = "Makes a token: {label, scope, days, password}; shown once",
                .schema = "CreatedToken",
                .body = {{.name = "label", .meaning = "what it is for", .is_required = true},
                         {.name = "scope", .meaning = "read (default), trade or admin"},
                         {.name = "days", .type = BodyType::number, .meaning = "how long it holds, 90 by default"},
                         secret_member("password", "of the user")},
                .scope = login::Scope::read,
                .needs_session = true,
                .handler = [this](const Call& call) { return create_token(call); }});
    routes.add({.method = net::Method::remove,
                .pattern = "/api/tokens",
                .access = Access::write,
                .summary = "Revokes a token",
                .schema = "Done",
                .query = {{.name = "id", .schema = R"({"type":"string"})", .meaning = "which one"}},
                .scope = login::Scope::read,
                .needs_session = true,
                .takes_code = true,
                .handler = [this](const Call& call) { return revoke_token(call); }});
    routes.add(
        {.pattern = "/api/audit",
         .access = Access::account_read,
         .summary = "Who did what, from where, and what came of it; the newest first",
         .schema = "Audit",
         .query = {count_parameter("limit", 100, records::LoginRepository::kPageMax),
                   {.name = "cursor", .schema = R"({"type":"string"})", .meaning = "next_cursor of the page before"}},
         .scope = login::Scope::admin,
         .handler = [this](const Call& call) { return audit(call); }});
}

}  // namespace vt::api
