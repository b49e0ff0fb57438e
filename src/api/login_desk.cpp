#include "api/login_desk.hpp"

#include "api/write_access.hpp"
#include "base/json_writer.hpp"
#include "login/password.hpp"
#include "login/totp.hpp"
#include "obs/log.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace vt::api {
namespace {

using records::LoginChange;

constexpr std::string_view kUnknownYet =
    "who may come in cannot be read from the database yet; the log says why. Nobody is let in until then";

net::PreparedResponsePtr unauthorized(std::string_view detail) {
    std::vector<net::HttpHeader> headers = live_headers();
    headers.push_back({"WWW-Authenticate", "Bearer realm=\"virtuoso\""});
    return net::problem_response(401, detail, headers);
}

net::PreparedResponsePtr too_soon(Nanos wait, std::string_view detail) {
    std::vector<net::HttpHeader> headers = live_headers();
    headers.push_back({"Retry-After", std::to_string(std::max<std::int64_t>(
                                          1, std::chrono::ceil<std::chrono::seconds>(wait).count()))});
    return net::problem_response(429, detail, headers);
}

constexpr std::string_view kRequestTokenHeader = "X-CSRF-Token";

net::PreparedResponsePtr refuse_scope(const login::Caller& caller, login::Scope needed) {
    if (caller.scope >= needed) return nullptr;
    return problem(403, "this needs the scope '" + std::string(login::name(needed)) + "'; yours is '" +
                            std::string(login::name(caller.scope)) + "'");
}

net::PreparedResponsePtr refuse_without_code(const login::Caller& caller) {
    if (caller.session.empty() || !caller.has_second_factor || caller.second_factor_until) return nullptr;
    return problem(403, "this needs a code of your authenticator first: POST /api/auth/totp; it holds five minutes");
}

bool is_change(const net::HttpRequest& request) {
    return request.method != net::Method::get && request.method != net::Method::options;
}

}  // namespace

LoginDesk::LoginDesk(net::Loop& loop, LoginParams params)
    : loop_(loop),
      params_(std::move(params)),
      accounts_(params_.accounts),
      guesses_(params_.guesses),
      refusals_({.guesses_per_minute = kRefusalsPerMinute}),
      hashing_(params_.hashing) {
    if (!params_.store) accounts_.replace({});
    keep_notes();
}

LoginDesk::~LoginDesk() { loop_.cancel(timer_); }

Visitor LoginDesk::visitor_of(const net::HttpRequest& request) {
    Visitor visitor{.place = place_of(request, params_.trusted_proxies, params_.has_tls)};
    const Timestamp now = params_.clock();
    if (const auto given = request.header("Authorization")) {
        constexpr std::string_view kBearer = "Bearer ";
        if (net::equal_ignoring_case(given->substr(0, kBearer.size()), kBearer))
            visitor.caller = accounts_.token(given->substr(kBearer.size()), now);
        return visitor;  // who shows a token is judged by it alone
    }
    const std::string_view secret = cookie_of(request, cookie_name(visitor.place));
    if (secret.empty()) return visitor;
    visitor.caller = accounts_.session(secret, now);
    if (visitor.caller) visitor.session_secret = secret;
    return visitor;
}

bool LoginDesk::may_read_market(const Visitor& visitor) const {
    return visitor.caller || params_.anonymous_read == AnonymousRead::always ||
           (params_.anonymous_read == AnonymousRead::loopback && visitor.place.is_local);
}

tl::expected<Visitor, net::PreparedResponsePtr> LoginDesk::admit(const Route& route,
                                                                 const net::HttpRequest& request) {
    Visitor visitor = visitor_of(request);
    const auto refuse = [](net::PreparedResponsePtr answer) {
        return tl::expected<Visitor, net::PreparedResponsePtr>(tl::unexpect, std::move(answer));
    };
    if (route.access == Access::open) {
        if (is_change(request) && !is_of_own_page(request, visitor.place.is_secure))
            return refuse(problem(403, "this is not taken from pages of another origin"));
        if (is_change(request) && !is_json(request))
            return refuse(problem(415, "this is sent with Content-Type: application/json"));
        return visitor;
    }
    if (route.access == Access::market_read) {
        if (may_read_market(visitor)) return visitor;
        return refuse(
            unauthorized("log in, or send a token: Authorization: Bearer vt_... (`virtuoso token create`)"));
    }
    if (!accounts_.is_known()) return refuse(problem(503, kUnknownYet));
    const bool is_before_login = route.access == Access::write && !route.needs_session && !accounts_.has_admin();
    if (is_before_login) {  // as long as there is nobody to log in, this machine's user changes what is to be changed
        if (const auto refusal = write_refusal(request)) return refuse(problem(refusal->status, refusal->detail));
        return visitor;
    }
    if (!visitor.caller) {
        return refuse(unauthorized(accounts_.has_admin()
                                       ? "log in, or send a token: Authorization: Bearer vt_..."
                                       : "nobody can log in yet: make the first admin with the setup token that the "
                                         "program printed, or with `virtuoso user add NAME --role admin`"));
    }
    if (net::PreparedResponsePtr answer = refuse_change(route, request, visitor)) return refuse(std::move(answer));
    return visitor;
}

net::PreparedResponsePtr LoginDesk::refuse_change(const Route& route, const net::HttpRequest& request,
                                                  const Visitor& visitor) const {
    const login::Caller& caller = *visitor.caller;
    const login::Scope needed =
        route.scope.value_or(route.access == Access::write ? login::Scope::trade : login::Scope::read);
    if (net::PreparedResponsePtr refusal = refuse_scope(caller, needed)) return refusal;
    if (route.needs_session && caller.session.empty())
        return problem(403, "this is for somebody who is logged in, not for a token");
    if (route.access != Access::write) return nullptr;
    if (!request.body.empty() && !is_json(request))
        return problem(415, "a change is sent with Content-Type: application/json");
    if (caller.session.empty()) return nullptr;
    if (!is_of_own_page(request, visitor.place.is_secure))
        return problem(403, "changes are not taken from pages of another origin");
    if (!login::equal_in_constant_time(request.header(kRequestTokenHeader).value_or(""),
                                       login::request_token(visitor.session_secret)))
        return problem(403, "a change needs the header X-CSRF-Token with the csrf_token of GET /api/auth/session");
    return route.takes_code ? nullptr : refuse_without_code(caller);
}

net::PreparedResponsePtr LoginDesk::refuse_trading(const Visitor& visitor) const {
    if (!visitor.caller) return nullptr;  // nobody can log in yet, and it was let in
    if (net::PreparedResponsePtr refusal = refuse_scope(*visitor.caller, login::Scope::trade)) return refusal;
    return refuse_without_code(*visitor.caller);
}

std::function<void(std::string)> LoginDesk::line_for(const Visitor& visitor, const char* action,
                                                     std::string subject) {
    const std::string user = visitor.caller ? visitor.caller->user : "";
    return [this, there = std::weak_ptr<bool>(is_there_),
            line = line_of(visitor, user, action, std::move(subject), "done")](std::string outcome) mutable {
        if (!there.lock()) return;
        line.outcome = std::move(outcome);
        keep_line(line);
        LoginChange change;
        change.audit.push_back(line);
        store(std::move(change), [](const Result<void>& stored) {
            if (!stored) obs::log_error("login", stored.error().what);
        });
    };
}

void LoginDesk::replace(records::LoginContent content) {
    accounts_.replace(std::move(content));
    if (changed_) changed_();
}

void LoginDesk::change_access(AnonymousRead anonymous_read, std::vector<std::string> trusted_proxies, bool has_tls) {
    params_.anonymous_read = anonymous_read;
    params_.trusted_proxies = std::move(trusted_proxies);
    params_.has_tls = has_tls;
}

bool LoginDesk::is_good(const login::Caller& caller) const { return accounts_.is_good(caller, params_.clock()); }

void LoginDesk::issue_setup(std::function<void(Result<std::string> secret)> done) {
    login::Issued issued = accounts_.issue_setup(params_.random, params_.clock());
    store(issued.change, [this, issued, done = std::move(done)](const Result<void>& stored) {
        if (!stored) return done(tl::unexpected<Error>(stored.error()));
        accounts_.apply(issued.change);
        done(issued.secret);
    });
}

template <class Function>
auto LoginDesk::on_loop(Function call) {
    return [loop = &loop_, there = std::weak_ptr<bool>(is_there_), call = std::move(call)](auto result) {
        loop->post([there, call, result = std::move(result)] {
            if (there.lock()) call(result);
        });
    };
}

void LoginDesk::store(LoginChange change, LoginParams::Stored done) {
    if (!params_.store) return done({});
    params_.store(std::move(change),
                  [there = std::weak_ptr<bool>(is_there_), done = std::move(done)](const Result<void>& stored) {
                      if (there.lock()) done(stored);
                  });
}

void LoginDesk::carry_out(LoginChange change, records::AuditRow line, Done done,
                          std::function<net::PreparedResponsePtr()> answer) {
    change.audit.push_back(std::move(line));
    store(change, [this, change, done = std::move(done), answer = std::move(answer)](const Result<void>& stored) {
        if (!stored) {
            obs::log_error("login", stored.error().what);
            return done(problem(503, "this could not be stored, and was not done; the log says why"));
        }
        accounts_.apply(change);
        for (const records::AuditRow& row : change.audit) keep_line(row);
        if (changed_) changed_();
        done(answer());
    });
}

net::PreparedResponsePtr LoginDesk::take_guess(const Visitor& visitor) {
    const auto wait = guesses_.take(visitor.place.address, params_.clock());
    if (!wait) return nullptr;
    return too_soon(*wait, "too many wrong passwords or codes; Retry-After says when the next is looked at");
}

void LoginDesk::with_hash(Secret password, Done done, std::function<void(std::string phc)> then) {
    hashing_.hash(std::move(password),
                  on_loop([done = std::move(done), then = std::move(then)](const Result<std::string>& phc) {
                      if (!phc) return done(problem(503, phc.error().what));
                      then(*phc);
                  }));
}

void LoginDesk::with_password(const Visitor& visitor, std::string user, Secret password, const char* action,
                              Done done, Then then) {
    if (net::PreparedResponsePtr wait = take_guess(visitor)) return done(std::move(wait));
    const records::UserRow* row = accounts_.user(user);
    const std::string phc = row != nullptr ? row->password_hash : "";
    hashing_.compare(phc, std::move(password),
                     on_loop([this, visitor, user = std::move(user), phc, action, done = std::move(done),
                              then = std::move(then)](const Result<bool>& is_right) {
                         if (!is_right) return done(problem(503, is_right.error().what));
                         // Meanwhile it may have been changed: then it is the old one that was right.
                         const records::UserRow* now = accounts_.user(user);
                         if (!*is_right || now == nullptr || now->password_hash != phc) {
                             note_refusal(line_of(visitor, user, action, "", "wrong name or password"));
                             return done(unauthorized("the name or the password is wrong"));
                         }
                         guesses_.was_right(visitor.place.address, params_.clock());
                         then();
                     }));
}

records::AuditRow LoginDesk::line_of(const Visitor& visitor, std::string user, const char* action,
                                     std::string subject, std::string outcome) const {
    // What somebody typed into the name's field may be his password: only what is a name is written down.
    const bool is_known = accounts_.user(user) != nullptr;
    return {.id = login::random_hex(params_.random, login::kIdBytes),
            .at = from_ms(to_ms(params_.clock())),
            .user = is_known || outcome == "done" ? std::move(user) : "(unknown)",
            .address = visitor.place.address,
            .action = action,
            .subject = std::move(subject),
            .outcome = std::move(outcome)};
}

void LoginDesk::note_refusal(records::AuditRow line) {
    if (refusals_.take("all", line.at)) {
        ++refusals_left_out_;
        return;
    }
    if (const std::uint64_t more = std::exchange(refusals_left_out_, 0); more > 0)
        line.outcome += "; " + std::to_string(more) + " more before it";
    obs::log_info("login", line.action + " of " + line.user + " from " + line.address + ": " + line.outcome);
    keep_line(line);
    LoginChange change;
    change.audit.push_back(std::move(line));
    store(std::move(change), [](const Result<void>& stored) {
        if (!stored) obs::log_error("login", stored.error().what);
    });
}

void LoginDesk::keep_line(const records::AuditRow& line) {
    if (params_.read_audit) return;
    audit_.push_front(line);
    if (audit_.size() > kAuditMax) audit_.pop_back();
}

void LoginDesk::keep_notes() {
    timer_ = loop_.after(kNotesEvery, [this] { keep_notes(); });
    if (!accounts_.is_known()) return;
    LoginChange notes = accounts_.take_notes(params_.clock());
    const bool is_empty = notes.used_sessions.empty() && notes.used_tokens.empty() && notes.used_codes.empty() &&
                          notes.gone_sessions.empty() && notes.gone_tokens.empty();
    if (is_empty) return;
    store(notes, [this, notes](const Result<void>& stored) {
        if (!stored) return obs::log_error("login", stored.error().what);
        accounts_.apply(notes);
        if (changed_) changed_();
    });
}

const char* LoginDesk::cookie_name(const Place& place) { return place.is_secure ? "__Host-vs" : "vs"; }

std::vector<net::HttpHeader> LoginDesk::cookie(const Place& place, const std::string& secret) const {
    std::vector<net::HttpHeader> headers = live_headers();
    const std::int64_t seconds =
        secret.empty() ? 0 : std::chrono::floor<std::chrono::seconds>(params_.accounts.session_life).count();
    headers.push_back({"Set-Cookie", std::string(cookie_name(place)) + "=" + secret +
                                         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) +
                                         (place.is_secure ? "; Secure" : "")});
    if (secret.empty()) headers.push_back({"Clear-Site-Data", "\"cookies\", \"storage\""});
    return headers;
}

}  // namespace vt::api
