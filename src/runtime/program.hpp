#pragma once

#include "api/server.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "demo/exchange.hpp"
#include "gateway/gateway.hpp"
#include "net/loop.hpp"
#include "obs/metrics.hpp"
#include "runtime/alert_keeping.hpp"
#include "runtime/alert_sending.hpp"
#include "runtime/cache_tiers.hpp"
#include "runtime/decision_replays.hpp"
#include "runtime/disk_watch.hpp"
#include "runtime/edge_schedule.hpp"
#include "runtime/engine_agent.hpp"
#include "runtime/history_jobs.hpp"
#include "runtime/input_queue.hpp"
#include "runtime/job_list.hpp"
#include "runtime/kill_file.hpp"
#include "runtime/live_configuration.hpp"
#include "runtime/login_keeping.hpp"
#include "runtime/memory_return.hpp"
#include "runtime/named_thread.hpp"
#include "runtime/question_thread.hpp"
#include "runtime/record_keeping.hpp"
#include "runtime/record_reading.hpp"
#include "runtime/series_sending.hpp"
#include "runtime/stage_times.hpp"
#include "runtime/state_loading.hpp"
#include "runtime/trade_keeping.hpp"
#include "runtime/trading_answers.hpp"
#include "storage/journal_reader.hpp"
#include "storage/recorder.hpp"
#include "views/snapshot.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace vt::runtime {

struct ProgramParams {
    config::Config config;
    views::MarketMode mode = views::MarketMode::live;
    bool has_api = true;  ///< false for `record`: nothing is served
    /// Demo mode: the state of the same market after some hours, as Engine::save makes it; empty: a cold start.
    std::string warm_state;
    Timestamp warm_state_end;  ///< the session time at which it was saved
    std::string replay_path;   ///< replay mode; "-" is the bundled recording
    std::uint64_t run_id = 0;
    /// Told the setup token as long as there is no admin; absent: none is made. On the API's thread.
    std::function<void(const std::string& token)> tell_setup_token = {};
    std::string history_folder;                            ///< of the history files; empty: there is none
    std::string kill_file;                                 ///< turns the kill switch on; empty: there is none
    RecordPlaces records;                                  ///< where decisions are kept; a replay keeps none
    double limit_share = exchange::access::kPlannedShare;  ///< of what the venues allow this address
    /// The configuration's file, which the API may show and change; absent: it is not known.
    std::optional<LiveConfigurationParams> live_configuration = {};
    config::Loaded loaded = {};           ///< what that began with
    demo::StreamParams demo_stream = {};  ///< for tests; filled from the configuration where it is not set
};

/// The running program: the feed, engine, API, recorder and (in demo mode) exchange threads with their queues.
/// start() builds everything in the order of the data, stop() takes it down in the same order.
class Program {
public:
    explicit Program(ProgramParams params);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// errors: io (a port in use), configuration (certificates), those of the recorder and of a replayed journal
    [[nodiscard]] Result<void> start();
    void stop();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::uint16_t monitoring_port() const { return monitoring_port_; }
    /// Reads the configuration's file again, soon: what can be changed live is, and the log says what needs a
    /// restart.
    void reload_configuration();
    /// Turns the kill switch on, soon; where nothing is traded the log says so. Any thread.
    void press_kill_switch(std::string who, std::string reason);
    /// The newest published picture; null before the first. Any thread.
    [[nodiscard]] std::shared_ptr<const views::Snapshot> snapshot() const;
    /// Asks something of trading. Any thread. in: who was authenticated
    ///   out: done: called once, on another thread, after it was done and is on the disk. errors: as api::AskTrading
    void ask_trading(api::TradingRequest request, TradingAnswers::Done done);
    /// Demo mode: something goes wrong in the exchange now.
    void inject(const demo::Fault& fault);
    /// What the recorder did; absent when nothing is recorded.
    [[nodiscard]] std::optional<storage::RecorderStats> recorder_stats() const;

private:
    /// Of the engine's and of the recorder's queue: seconds of the busiest market.
    static constexpr std::size_t kQueueBytes = std::size_t{16} << 20U;

    /// A loop with a thread of its own.
    struct LoopThread {
        net::Loop loop;
        std::thread thread;
        void start(const char* name) {
            thread = named_thread(name, [this] { loop.run(); });
        }
        void stop() {
            loop.stop();
            if (thread.joinable()) thread.join();
        }
        /// Runs `task` on the loop's thread and waits for it.
        void run(const std::function<void()>& task);
    };

    [[nodiscard]] Result<void> start_exchange();
    [[nodiscard]] Result<void> start_recorder();
    [[nodiscard]] Result<void> start_records();
    [[nodiscard]] Result<void> start_trading();
    [[nodiscard]] Result<void> start_alerts();
    void resume_trading(Timestamp now);
    void press(const KillFile& file);
    /// in: number: under which it is answered; 0: nobody waits
    void command_trading(api::TradingRequest request, std::uint64_t number);
    void trading_answered(const engine::TradingAnswered& answer);
    [[nodiscard]] api::AskTrading asks_trading();
    void log_trading(const engine::TradingStep& step);
    [[nodiscard]] Result<void> start_series();
    [[nodiscard]] Result<void> start_api();
    void start_configuration();
    /// Who may come in, and by which certificate, from now on. The configuration's thread.
    void change_access(const config::Config& config);
    [[nodiscard]] api::AskConfiguration ask_configuration();
    [[nodiscard]] Result<api::CachingParams> start_cache();
    /// What is stored of who may log in; absent: it cannot be read yet. errors: as start_records
    [[nodiscard]] Result<std::optional<records::LoginContent>> start_login();
    [[nodiscard]] api::LoginParams login_params();
    void begin_login(std::optional<records::LoginContent> content);
    [[nodiscard]] api::ReadScores read_scores();
    [[nodiscard]] api::FindRecord find_record();
    [[nodiscard]] api::ReadSignals read_signals();
    [[nodiscard]] api::ReadEntries read_entries();
    [[nodiscard]] api::ReadTrackRecord read_track_record();
    [[nodiscard]] api::StartReplay start_decision_replay();
    [[nodiscard]] api::ReadReplay read_decision_replay();
    [[nodiscard]] api::ReadTrades read_trades();
    [[nodiscard]] api::ReadTrade read_trade();
    void start_history();
    [[nodiscard]] api::ListHistory list_history();
    [[nodiscard]] api::ReadHistory read_history();
    [[nodiscard]] api::StartDownload start_download();
    [[nodiscard]] std::vector<std::string> hindrances();
    /// Of the feed and of the recorder. Any thread.
    [[nodiscard]] std::vector<api::QueueState> queues() const;
    void start_engine();
    [[nodiscard]] Result<void> start_feed();
    // The feed thread, one after the other.
    void load_warm_state();
    void push_warm_state(const std::shared_ptr<StateLoading>& loading);
    void begin_market();
    /// A ledger that nothing is known in gets the past, beside everything else.
    void start_backfill();
    void run_backfill(const gateway::SiteHosts& hosts);
    /// The symbols whose past is reconstructed; empty: the program was stopped before any was listed.
    [[nodiscard]] std::vector<std::string> backfill_symbols() const;
    void start_replay(std::shared_ptr<storage::JournalReader> journal);
    void tick();
    /// The feed thread: reads what became of signals, when it is time, and tells the engine.
    void refresh_edge();
    void perform(std::vector<exchange::Action> actions);
    void publish(std::shared_ptr<const views::Snapshot> snapshot);

    ProgramParams params_;
    obs::Metrics metrics_;
    StageTimes stages_{metrics_};
    JobList jobs_;
    InputQueue queue_;
    LoopThread exchange_thread_;
    LoopThread feed_thread_;
    LoopThread api_thread_;
    LoopThread configuration_thread_;
    std::atomic<std::size_t> configuration_waiting_{0};
    std::unique_ptr<LiveConfiguration> live_configuration_;
    std::unique_ptr<demo::Exchange> exchange_;
    std::unique_ptr<gateway::Gateway> gateway_;
    std::unique_ptr<CacheTiers> cache_tiers_;  // outlive the server
    std::unique_ptr<api::Server> server_;
    std::unique_ptr<storage::Recorder> recorder_;
    std::shared_ptr<records::RunClaim> claim_;  // null: nothing is kept
    std::unique_ptr<RecordKeeping> records_;
    std::unique_ptr<RecordReading> reading_;
    std::unique_ptr<DecisionReplays> decision_replays_;
    std::unique_ptr<TradeKeeping> trades_;
    TradingAnswers trading_answers_;
    std::unique_ptr<KillFileWatch> kill_file_;
    std::unique_ptr<AlertSending> alert_sending_;  // outlives what hands it messages
    std::unique_ptr<AlertKeeping> alerts_;
    MemoryReturn memory_;
    EdgeSchedule edge_schedule_;
    std::unique_ptr<QuestionThread> history_reading_;
    std::unique_ptr<HistoryJobs> history_jobs_;
    std::unique_ptr<LoginKeeping> login_;
    std::unique_ptr<SeriesSending> series_;
    std::unique_ptr<EngineAgent> agent_;
    std::thread engine_thread_;
    std::atomic<const storage::Recorder*> recorder_in_use_{
        nullptr};  ///< for the API's thread, which starts before it
    std::optional<DiskWatch> recording_disk_;
    std::thread recorder_thread_;
    std::thread replay_thread_;
    std::thread backfill_thread_;
    std::optional<gateway::SiteHosts> backfill_hosts_;  ///< where candles are asked for; absent: they are not
    std::atomic<bool> is_stopping_{false};
    std::atomic<bool> is_engine_done_{false};
    std::atomic<bool> is_publication_waiting_{false};
    std::mutex hindrances_mutex_;
    std::vector<std::string> hindrances_;  ///< what keeps us from a venue, as the feed thread saw it last
    mutable std::mutex snapshot_mutex_;
    std::shared_ptr<const views::Snapshot> snapshot_;
    std::uint16_t port_ = 0;
    std::uint16_t monitoring_port_ = 0;
    bool is_started_ = false;
};

}  // namespace vt::runtime
