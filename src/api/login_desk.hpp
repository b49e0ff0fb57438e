#pragma once

#include "api/route.hpp"
#include "api/visitor.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "login/accounts.hpp"
#include "login/guess_limit.hpp"
#include "login/password_hashing.hpp"
#include "login/secrets.hpp"
#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "records/login_repository.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::api {

/// Who may read the market without a login.
enum class AnonymousRead : std::uint8_t { loopback, never, always };

struct LoginParams {
    using Stored = std::function<void(Result<void>)>;
    using Audited = std::function<void(Result<records::AuditPage>)>;

    AnonymousRead anonymous_read = AnonymousRead::loopback;
    std::vector<std::string> trusted_proxies;
    bool has_tls = false;
    login::AccountsParams accounts;
    login::GuessLimitParams guesses;
    login::PasswordHashingParams hashing;
    login::Random random = login::system_random();
    std::function<Timestamp()> clock = &net::wall_now;
    /// Stores a change and says so on the loop's thread; absent: nothing is stored, and all of it ends with the
    /// program.
    std::function<void(records::LoginChange change, Stored done)> store;
    /// Absent: the audit of this run is kept in memory, the newest kAuditMax.
    std::function<void(std::size_t limit, std::string cursor, Audited done)> read_audit;
};

/// The one place where it is decided who may do what: it tells who a request is from, what it may call, and carries
/// out login, logout, passwords, tokens and codes. On the loop's thread.
class LoginDesk {
public:
    static constexpr std::size_t kAuditMax = 1000;
    static constexpr Nanos kNotesEvery = std::chrono::minutes{1};
    /// Refusals that are written into the audit: so many at once, and so many a minute; the others are counted.
    static constexpr double kRefusalsPerMinute = 6;

    LoginDesk(net::Loop& loop, LoginParams params);
    ~LoginDesk();
    LoginDesk(const LoginDesk&) = delete;
    LoginDesk& operator=(const LoginDesk&) = delete;

    /// Who asks, where it may; else the problem that says why not.
    [[nodiscard]] tl::expected<Visitor, net::PreparedResponsePtr> admit(const Route& route,
                                                                        const net::HttpRequest& request);
    /// Who asks, whatever for.
    [[nodiscard]] Visitor visitor_of(const net::HttpRequest& request);
    [[nodiscard]] bool may_read_market(const Visitor& visitor) const;
    /// Why a visitor whom a route let in may not trade: the right to, and the code of those who have one. Null: they
    /// may.
    [[nodiscard]] net::PreparedResponsePtr refuse_trading(const Visitor& visitor) const;
    /// Writes down that a visitor did something, once it is known what came of it: "done", or why not.
    [[nodiscard]] std::function<void(std::string outcome)> line_for(const Visitor& visitor, const char* action,
                                                                    std::string subject);
    /// What is stored, as it is now.
    void replace(records::LoginContent content);
    /// Called after each change of who may come in, and once a minute.
    void on_change(std::function<void()> call) { changed_ = std::move(call); }
    /// From now on.
    void change_access(AnonymousRead anonymous_read, std::vector<std::string> trusted_proxies, bool has_tls);
    [[nodiscard]] bool is_good(const login::Caller& caller) const;
    /// A new setup token, once it is stored; errors: as LoginParams::store
    void issue_setup(std::function<void(Result<std::string> secret)> done);
    [[nodiscard]] const login::Accounts& accounts() const { return accounts_; }

    /// Adds its routes.
    void add_to(RouteTable& routes);

private:
    using Done = net::PendingResponse::Done;
    /// The members of a call's body.
    class Body;
    /// What a password opens, once it was found right.
    using Then = std::function<void()>;

    [[nodiscard]] net::PreparedResponsePtr refuse_change(const Route& route, const net::HttpRequest& request,
                                                         const Visitor& visitor) const;
    [[nodiscard]] net::HttpReply set_up(const Call& call);
    [[nodiscard]] net::HttpReply log_in(const Call& call);
    [[nodiscard]] net::HttpReply log_out(const Call& call);
    [[nodiscard]] net::HttpReply session(const Call& call) const;
    [[nodiscard]] net::HttpReply end_session(const Call& call);
    [[nodiscard]] net::HttpReply change_password(const Call& call);
    [[nodiscard]] net::HttpReply give_code(const Call& call);
    [[nodiscard]] net::HttpReply begin_codes(const Call& call);
    [[nodiscard]] net::HttpReply end_codes(const Call& call);
    [[nodiscard]] net::HttpReply list_tokens(const Call& call) const;
    [[nodiscard]] net::HttpReply create_token(const Call& call);
    [[nodiscard]] net::HttpReply revoke_token(const Call& call);
    [[nodiscard]] net::HttpReply audit(const Call& call);
    void add_session_routes(RouteTable& routes);
    void add_token_routes(RouteTable& routes);

    /// A guess of a password or code is taken, or the answer to one too many.
    [[nodiscard]] net::PreparedResponsePtr take_guess(const Visitor& visitor);
    /// Goes on with `then` where it is the user's password; else answers `done`. Takes a guess.
    void with_password(const Visitor& visitor, std::string user, Secret password, const char* action, Done done,
                       Then then);
    void with_hash(Secret password, Done done, std::function<void(std::string phc)> then);
    /// Stores the change with its line of the audit, applies it, then answers.
    void carry_out(records::LoginChange change, records::AuditRow line, Done done,
                   std::function<net::PreparedResponsePtr()> answer);
    void open_session(const Visitor& visitor, const std::string& user, const char* action, records::LoginChange with,
                      Done done);
    [[nodiscard]] records::AuditRow line_of(const Visitor& visitor, std::string user, const char* action,
                                            std::string subject, std::string outcome) const;
    void note_refusal(records::AuditRow line);
    void store(records::LoginChange change, LoginParams::Stored done);
    void keep_line(const records::AuditRow& line);
    void keep_notes();
    [[nodiscard]] std::string session_json(const login::Caller& caller, const std::string& secret) const;
    [[nodiscard]] std::vector<net::HttpHeader> cookie(const Place& place, const std::string& secret) const;
    [[nodiscard]] static const char* cookie_name(const Place& place);
    /// `call` on the loop's thread, if the desk is still there.
    template <class Function>
    [[nodiscard]] auto on_loop(Function call);

    net::Loop& loop_;
    LoginParams params_;
    login::Accounts accounts_;
    login::GuessLimit guesses_;
    login::GuessLimit refusals_;
    std::uint64_t refusals_left_out_ = 0;
    std::map<std::string, std::string> offered_codes_;  ///< secrets that users have not confirmed yet
    std::deque<records::AuditRow> audit_;
    std::function<void()> changed_;
    net::TimerId timer_{};
    std::shared_ptr<bool> is_there_ = std::make_shared<bool>(true);
    login::PasswordHashing hashing_;  // last: its threads call what is above
};

}  // namespace vt::api
