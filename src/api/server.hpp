#pragma once

#include "api/cached_answers.hpp"
#include "api/configuration.hpp"
#include "api/decision_replay.hpp"
#include "api/history_pages.hpp"
#include "api/hub.hpp"
#include "api/jobs.hpp"
#include "api/login_desk.hpp"
#include "api/memory_return.hpp"
#include "api/route.hpp"
#include "api/score_history.hpp"
#include "api/signal_pages.hpp"
#include "api/topics.hpp"
#include "api/track_pages.hpp"
#include "api/trade_pages.hpp"
#include "api/trading_request.hpp"
#include "base/json_writer.hpp"
#include "confluence/params.hpp"
#include "market/instrument_directory.hpp"
#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "obs/metrics.hpp"
#include "views/snapshot.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::api {

/// A bounded queue between two threads.
struct QueueState {
    std::string name;
    std::uint64_t bytes = 0;
    std::uint64_t bytes_max = 0;
    std::uint64_t lost = 0;  ///< inputs that found no room
};

struct ServerParams {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8003;
    std::uint16_t monitoring_port = 8001;
    std::vector<std::string> allowed_hosts;  ///< besides loopback
    confluence::Params confluence;
    std::string run;
    views::MarketMode mode = views::MarketMode::live;
    std::function<void(JsonWriter&)> write_records;   ///< how the keeping of records stands; absent: nothing is kept
    std::function<void(JsonWriter&)> write_series;    ///< how the sending of series stands; absent: nothing is sent
    ReadScores read_scores;                           ///< absent: nothing is kept
    FindRecord find_record;                           ///< likewise
    ReadSignals read_signals;                         ///< likewise
    ReadEntries read_entries;                         ///< likewise
    ReadTrackRecord read_track_record;                ///< likewise
    ReadTrades read_trades;                           ///< likewise
    ReadTrade read_trade;                             ///< likewise
    bool trades = false;                              ///< signals are traded in this run
    AskTrading ask_trading;                           ///< absent: nothing is traded
    ListHistory list_history;                         ///< absent: there is no folder for it
    ReadHistory read_history;                         ///< likewise
    StartDownload start_download;                     ///< likewise
    ListJobs list_jobs;                               ///< absent: there are none
    CancelJob cancel_job;                             ///< likewise
    StartReplay start_replay;                         ///< absent: no decisions are kept
    ReadReplay read_replay;                           ///< likewise
    std::function<std::vector<QueueState>()> queues;  ///< absent: there are none
    CachingParams caching;
    LoginParams login;
    std::optional<net::TlsContext> tls;  ///< a server context, for both ports; absent: plain
    AskConfiguration ask_configuration;  ///< absent: nobody answers for it
    /// Answers of one publication that are kept; beyond it each is written anew.
    std::size_t kept_bytes_max = std::size_t{64} << 20U;
};

/// What can be changed of a server while it serves.
struct LiveAccess {
    std::vector<std::string> allowed_hosts;  ///< besides loopback
    std::vector<std::string> trusted_proxies;
    AnonymousRead anonymous_read = AnonymousRead::loopback;
    std::optional<net::TlsContext> tls;
};

/// An answer that is true for a moment only.
[[nodiscard]] net::PreparedResponsePtr moment_json(JsonWriter& out);

/// Pages, API, /ws and monitoring, on two ports of one loop. Sees published snapshots only; an answer is written at
/// most once for each publication and sent from memory after that.
class Server {
public:
    Server(net::Loop& loop, ServerParams params, obs::Metrics& metrics);
    ~Server();

    /// errors: io, with the port and the remedy
    [[nodiscard]] Result<void> listen();
    [[nodiscard]] std::uint16_t port() const { return pages_.port(); }
    [[nodiscard]] std::uint16_t monitoring_port() const { return monitoring_.port(); }
    /// The newest picture of the market. Loop thread.
    void publish(std::shared_ptr<const views::Snapshot> snapshot);
    /// Who may come in. Loop thread.
    [[nodiscard]] LoginDesk& login() { return login_; }
    /// From now on. Where it is another rule, sockets that were opened without a login end, so that those who still
    /// may come again. Loop thread.
    void change_access(LiveAccess access);
    /// Says goodbye to everybody; `done` when nobody is left.
    void stop(std::function<void()> done);

    [[nodiscard]] const RouteTable& routes() const { return routes_; }
    [[nodiscard]] const RouteTable& monitoring_routes() const { return monitoring_routes_; }

private:
    [[nodiscard]] net::HttpReply handle(const net::HttpRequest& request);
    [[nodiscard]] net::HttpReply handle_monitoring(const net::HttpRequest& request);
    [[nodiscard]] net::WebSocketSessionCallbacks open_socket(const net::WebSocketSessionPtr& session,
                                                             const Visitor& visitor);
    [[nodiscard]] net::HttpReply answer_socket(const net::HttpRequest& request);
    /// A reader has come or left: once many have left, gives back to the system what they needed.
    void mind_memory();
    /// Ends the sockets of those who may not come in any more.
    void close_sockets_without_login();
    void list_instruments(const views::Snapshot& snapshot);
    void add_routes();
    void add_health_routes(RouteTable& table);
    void add_dashboard_routes();
    void add_log_routes();
    void add_symbol_routes();
    void add_minute_routes();
    void add_signal_routes();
    [[nodiscard]] net::HttpReply signal_page(const Call& call);
    [[nodiscard]] net::HttpReply signal_history(const Call& call);
    [[nodiscard]] net::HttpReply track_page(const Call& call, void (*write)(JsonWriter&, const TrackRecord&));
    void add_replay_routes();
    [[nodiscard]] net::HttpReply start_replay(const Call& call);
    [[nodiscard]] net::HttpReply replayed_decision(const Call& call);
    void add_trading_routes();
    [[nodiscard]] net::HttpReply trade_page(const Call& call);
    [[nodiscard]] net::HttpReply kept_trade(const Call& call);
    void add_trading_writes();
    [[nodiscard]] net::HttpReply turn_kill_switch(const Call& call);
    [[nodiscard]] net::HttpReply turn_reduce_only(const Call& call);
    [[nodiscard]] net::HttpReply close_position(const Call& call);
    [[nodiscard]] net::HttpReply cancel_order(const Call& call);
    /// in: request: all but who; action: for the audit
    [[nodiscard]] net::HttpReply ask_trading(const Call& call, TradingRequest request, const char* action);
    void add_history_routes();
    [[nodiscard]] net::HttpReply history_list(const Call& call);
    [[nodiscard]] net::HttpReply history_page(const Call& call);
    [[nodiscard]] net::HttpReply start_download(const Call& call);
    void add_job_routes();
    [[nodiscard]] std::optional<Job> find_job(const std::string& id) const;
    [[nodiscard]] net::HttpReply cancel_job(const std::string& id);
    /// Tells those who follow the jobs how far they are, from now on: they go on where no picture is published.
    void follow_jobs();
    void add_cache_routes();
    void add_configuration_routes();
    [[nodiscard]] net::HttpReply ask_configuration(ConfigurationRequest request) const;
    void add_monitoring_routes();
    /// The answer with this body, kept under `key` until the next publication.
    [[nodiscard]] net::PreparedResponsePtr written_once(
        const std::string& key, const std::function<void(JsonWriter&)>& write,
        const std::vector<net::HttpHeader>& headers = published_headers());
    using MarketWriter = std::function<void(JsonWriter&, const views::Snapshot&)>;
    using SymbolWriter = std::function<void(JsonWriter&, const views::Snapshot&, std::size_t row)>;
    /// A document of the newest picture, or a problem where there is none yet.
    [[nodiscard]] net::PreparedResponsePtr for_market(
        const std::string& key, const MarketWriter& write,
        const std::vector<net::HttpHeader>& headers = published_headers());
    /// The symbol that a call names, or a problem.
    [[nodiscard]] tl::expected<market::InstrumentId, net::PreparedResponsePtr> symbol_of(const Call& call) const;
    /// The path id of the instrument that the query's `symbol` names, or a problem; empty: it names none.
    [[nodiscard]] tl::expected<std::string, net::PreparedResponsePtr> instrument_asked_for(const Call& call) const;
    /// A document of the symbol that a call names, or a problem.
    [[nodiscard]] net::PreparedResponsePtr for_symbol(const Call& call, const std::string& key,
                                                      const SymbolWriter& write);
    /// Stored scores of a symbol: another thread looks them up.
    [[nodiscard]] net::HttpReply score_history(const Call& call);
    [[nodiscard]] Subject score_history_subject(records::ScoreQuery query) const;
    /// A stored score with everything it was made of.
    [[nodiscard]] net::HttpReply score_record(const Call& call);
    /// A document of the symbol's last closed minute, or a problem.
    ///   in: part: of the route's pattern; parameter: what else the document depends on
    [[nodiscard]] net::HttpReply for_minute(const Call& call, const std::string& part, const std::string& parameter,
                                            const SymbolWriter& write);
    [[nodiscard]] Subject beta_subject();
    /// What is warmed though nobody asked.
    [[nodiscard]] std::vector<Subject> always_warm();
    [[nodiscard]] net::PreparedResponsePtr health(bool is_short) const;
    /// A page or a file of the pages; null where there is none at this path.
    [[nodiscard]] net::PreparedResponsePtr page(const net::HttpRequest& request);
    [[nodiscard]] net::PreparedResponsePtr embedded(std::string_view path);
    void add_measurement_routes();
    /// From now on the time from an exchange's socket to a page's pixels is counted.
    void measure_painting();
    [[nodiscard]] std::vector<QueueState> queues() const;
    [[nodiscard]] std::string metrics_text();

    net::Loop& loop_;
    ServerParams params_;
    obs::Metrics& metrics_;
    market::InstrumentDirectory instruments_;  ///< of the newest picture; an id is the row's index
    Topics topics_;
    CachedAnswers answers_;
    Hub hub_;
    LoginDesk login_;
    struct Socket {
        net::WebSocketSessionPtr session;
        std::optional<login::Caller> caller;  ///< absent: it needed none
    };
    std::map<ReaderId, Socket> sessions_;
    MemoryReturn memory_return_;
    net::TimerId memory_timer_{};  ///< runs once those who leave have left
    net::TimerId jobs_timer_{};
    RouteTable routes_;
    RouteTable monitoring_routes_;
    std::map<std::string, net::PreparedResponsePtr> kept_;  ///< of this publication, at most kept_bytes_max
    std::size_t kept_bytes_ = 0;
    std::string betas_revision_;  ///< of this publication; empty: not asked for yet
    std::map<std::string, net::PreparedResponsePtr> pages_kept_;
    net::PreparedResponsePtr openapi_;
    net::PreparedResponsePtr monitoring_openapi_;
    net::HttpServer pages_;
    net::HttpServer monitoring_;
};

}  // namespace vt::api
