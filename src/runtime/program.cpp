#include "runtime/program.hpp"

#include "base/version.hpp"
#include "demo/journal_recording.hpp"
#include "demo/roster.hpp"
#include "obs/log.hpp"
#include "runtime/api_access.hpp"
#include "runtime/engine_params.hpp"
#include "storage/bundled_recording.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <random>
#include <utility>

namespace vt::runtime {
namespace {

constexpr std::chrono::milliseconds kRecorderRest{20};

std::string hex(std::uint64_t number) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = 0; i < 16; ++i) text[15 - i] = kDigits[(number >> (4 * i)) & 15U];
    return text;
}

void log_effect(const engine::Effect& effect) {
    if (const auto* rejected = std::get_if<exchange::Rejected>(&effect)) {
        obs::log_warning("engine", rejected->source + ": " + rejected->what);
    } else if (const auto* lost = std::get_if<engine::InputsLost>(&effect)) {
        obs::log_warning("engine", std::to_string(lost->count) + " inputs are missing");
    } else if (const auto* change = std::get_if<exchange::StreamChanged>(&effect)) {
        obs::log_debug("feed", std::string(market::name(change->stream)) + " of instrument " +
                                   std::to_string(change->instrument.value()) + " is " +
                                   std::string(exchange::name(change->state)) +
                                   (change->reason.empty() ? "" : ": " + change->reason));
    }
}

/// The segments of the demo market that are followed, beside Bybit's linear one.
std::vector<demo::Segment> segments_of(const config::Config& config) {
    std::vector<demo::Segment> segments;
    for (const std::string& category : config.bybit.categories) {
        if (category == "spot") segments.push_back(demo::Segment::bybit_spot);
        if (category == "inverse") segments.push_back(demo::Segment::bybit_inverse);
    }
    if (config.binance.markets.empty()) return segments;
    segments.push_back(demo::Segment::binance_futures);  // both: the venue is served whole or not at all
    segments.push_back(demo::Segment::binance_spot);
    return segments;
}

}  // namespace

void Program::LoopThread::run(const std::function<void()>& task) {
    std::mutex mutex;
    std::condition_variable done;
    bool is_done = false;
    loop.post([&] {
        task();
        const std::lock_guard lock(mutex);
        is_done = true;
        done.notify_one();
    });
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return is_done; });
}

Program::Program(ProgramParams params) : params_(std::move(params)), queue_(kQueueBytes) {}

Program::~Program() { stop(); }

Result<void> Program::start() {
    is_started_ = true;
    memory_.start();
    if (auto started = start_records(); !started) return started;
    if (auto started = start_trading(); !started) return started;
    if (auto started = start_alerts(); !started) return started;
    if (auto started = start_series(); !started) return started;
    start_configuration();
    if (params_.has_api) {
        if (auto started = start_api(); !started) return started;
    }
    if (auto started = start_recorder(); !started) return started;
    if (params_.mode == views::MarketMode::replay) {
        auto journal = params_.replay_path == "-"
                           ? storage::JournalReader::open_memory(storage::bundled_recording(),
                                                                 std::string(storage::kBundledRecordingName))
                           : storage::JournalReader::open(params_.replay_path);
        if (!journal) return tl::unexpected(journal.error());
        auto recorded = recorded_engine_params(journal->header().configuration);
        if (!recorded) return tl::unexpected(recorded.error());
        start_engine();
        start_replay(std::make_shared<storage::JournalReader>(std::move(*journal)));
        return {};
    }
    if (params_.mode == views::MarketMode::demo) {
        if (auto started = start_exchange(); !started) return started;
    }
    start_engine();
    if (auto started = start_feed(); !started) return started;
    start_backfill();
    return {};
}

Result<void> Program::start_exchange() {
    demo::StreamParams stream = params_.demo_stream;
    stream.seed = params_.config.demo.seed;
    if (stream.others.empty()) stream.others = segments_of(params_.config);
    if (!stream.recording) {
        auto recording = demo::bundled_recording();
        if (!recording) return tl::unexpected(recording.error());
        stream.recording = std::move(*recording);
    }
    if (stream.generated.empty())
        stream.generated = demo::generated_symbols(params_.config.demo.symbols - demo::recorded_symbols().size());
    exchange_ = std::make_unique<demo::Exchange>(
        exchange_thread_.loop, demo::ExchangeParams{.port = params_.config.demo.port, .stream = std::move(stream)});
    if (auto listening = exchange_->listen(); !listening) return listening;
    exchange_thread_.start("demo");
    return {};
}

Result<void> Program::start_recorder() {
    const config::Config& config = params_.config;
    if (config.recording.directory.empty()) return {};
    const storage::JournalHeader header{.run_id = params_.run_id,
                                        .created_at = net::wall_now(),
                                        .program = "virtuoso " + std::string(kVersion),
                                        .configuration = engine_configuration(config),
                                        .venues = config.binance.markets.empty() ? "bybit" : "bybit, binance",
                                        .origin = std::string(views::name(params_.mode))};
    auto writer = storage::JournalWriter::create_run(config.recording.directory, header,
                                                     {.segment_bytes = config.recording.segment_bytes_max});
    if (!writer) return tl::unexpected(writer.error());
    recorder_ = std::make_unique<storage::Recorder>(std::move(*writer), kQueueBytes);
    recorder_in_use_.store(recorder_.get());
    recording_disk_.emplace(config.recording.directory, "name another recording.directory");
    recorder_thread_ = named_thread("recorder", [this] {
        while (!is_engine_done_.load()) {
            if (const auto low = recording_disk_->look(net::wall_now())) obs::log_warning("recorder", *low);
            if (recorder_->do_work() == 0) std::this_thread::sleep_for(kRecorderRest);
            if (const auto error = recorder_->take_error()) obs::log_error("recorder", error->what);
        }
        while (recorder_->do_work() > 0) {
        }
        if (auto closed = recorder_->close(); !closed) obs::log_error("recorder", closed.error().what);
    });
    return {};
}

Result<void> Program::start_records() {
    if (params_.records.url.empty() || params_.mode == views::MarketMode::replay) return {};
    const confluence::Params decisions = engine_params(params_.config).confluence;
    records::RunRow run{.run = hex(params_.run_id),
                        .market = std::string(views::name(params_.mode)),
                        .started = from_ms(to_ms(net::wall_now())),
                        .program = "virtuoso " + std::string(kVersion),
                        .configuration = decisions.configuration_hash,
                        .weights = decisions.weights.version};
    VT_TRY(records::DatabaseUrl url, records::parse_database_url(params_.records.url));
    claim_ = std::make_shared<records::RunClaim>(url, run.market);
    auto started =
        RecordKeeping::start(params_.records, params_.config.records, claim_, std::move(run), metrics_, &jobs_);
    if (!started) {
        Error error = std::move(started.error());
        // A password, rights, a newer schema: the configuration names what cannot be used.
        if (error.code == Errc::refused || error.code == Errc::unsupported) error.code = Errc::configuration;
        return tl::unexpected<Error>(std::move(error));
    }
    records_ = std::move(*started);
    reading_ = std::make_unique<RecordReading>(std::move(url));
    return {};
}

/// A replay tells nothing: what it shows is over.
Result<void> Program::start_alerts() {
    if (params_.mode == views::MarketMode::replay || !params_.has_api) return {};
    AlertKeeping::Params params{.claim = claim_,
                                .market = std::string(views::name(params_.mode)),
                                .run = hex(params_.run_id),
                                .tell = [](const std::vector<alerts::Alert>& told) {
                                    for (const alerts::Alert& alert : told)
                                        obs::log_info("alerts",
                                                      std::string(name(alert.severity)) + ": " + alert.title);
                                }};
    if (claim_) {
        VT_TRY(params.url, records::parse_database_url(params_.records.url));
    }
    VT_TRY(alert_sending_, AlertSending::start(params_.config));
    params.channels = alert_sending_->terms();
    params.send = [this](const alerts::Message& message, std::function<void(alerts::Outcome)> done) {
        alert_sending_->send(message, std::move(done));
    };
    VT_TRY(alerts_, AlertKeeping::start(std::move(params), net::wall_now()));
    return {};
}

std::vector<std::string> Program::hindrances() {
    std::vector<std::string> all;
    {
        const std::lock_guard lock(hindrances_mutex_);
        all = hindrances_;
    }
    if (recording_disk_) {
        if (std::string low = recording_disk_->hindrance(); !low.empty()) all.push_back(std::move(low));
    }
    if (cache_tiers_) {
        for (const views::TierRow& tier : cache_tiers_->rows()) {
            if (!tier.is_in_use) all.push_back(tier.server + " does not answer: answers are made without it");
        }
    }
    for (std::string kept : {records_ ? records_->hindrance() : "", trades_ ? trades_->hindrance() : "",
                             alerts_ ? alerts_->hindrance() : ""})
        if (!kept.empty()) all.push_back(std::move(kept));
    return all;
}

std::vector<api::QueueState> Program::queues() const {
    std::vector<api::QueueState> all = {
        {.name = "engine", .bytes = queue_.size_bytes(), .bytes_max = kQueueBytes, .lost = queue_.dropped()}};
    if (const storage::Recorder* recorder = recorder_in_use_.load()) {
        const storage::RecorderStats stats = recorder->stats();
        all.push_back(
            {.name = "recorder", .bytes = stats.queued_bytes, .bytes_max = kQueueBytes, .lost = stats.lost});
    }
    return all;
}

Result<api::CachingParams> Program::start_cache() {
    const config::Config::Cache& config = params_.config.cache;
    VT_TRY(const cache::WarmSchedule schedule, warm_schedule(config));
    std::random_device entropy;  // not the run's number, which every client is told
    cache_tiers_ = std::make_unique<CacheTiers>(
        config,
        CacheTiersParams{.executor = [this](std::function<void()> task) { api_thread_.loop.post(std::move(task)); },
                         .clock = &net::wall_now,
                         .seed = (static_cast<std::uint64_t>(entropy()) << 32U) | entropy()});
    const auto shown = [](const char* kind, const std::optional<cache::ServerAddress>& server) {
        return server ? shown_server(kind, *server) : std::string();
    };
    const std::string second = shown("memcached", cache_tiers_->servers().memcached);
    const std::string third = shown("redis", cache_tiers_->servers().redis);
    if (!second.empty() || !third.empty())
        obs::log_info(
            "cache", "answers are also kept in " + second + (second.empty() || third.empty() ? "" : " and ") + third);
    return api::CachingParams{.tiers = &cache_tiers_->cache(),
                              .second_server = second,
                              .third_server = third,
                              .items_max = config.l1.max_items,
                              .bytes_max = config.l1.max_bytes,
                              .schedule = schedule,
                              .warm_keys_max = config.warm.keys_max,
                              .warm_budget = std::chrono::milliseconds{config.warm.budget_ms},
                              .records_identity = records_identity(params_.records.url, machine_name())};
}

Result<void> Program::start_api() {
    const config::Config& config = params_.config;
    VT_TRY(api::CachingParams caching, start_cache());
    VT_TRY(auto content, start_login());
    start_history();
    if (reading_)
        decision_replays_ = std::make_unique<DecisionReplays>(
            DecisionReplays::Params{.directory = config.recording.directory, .run = hex(params_.run_id)}, jobs_);
    const auto tls = server_tls(config.server);
    if (!tls) return tl::unexpected(tls.error());
    server_ = std::make_unique<api::Server>(
        api_thread_.loop,
        api::ServerParams{.address = config.server.host == "localhost" ? "127.0.0.1" : config.server.host,
                          .port = config.server.port,
                          .monitoring_port = config.server.monitoring_port,
                          .allowed_hosts = allowed_hosts(config.server),
                          .confluence = engine_params(config).confluence,
                          .run = hex(params_.run_id),
                          .mode = params_.mode,
                          .write_records =
                              [this](JsonWriter& out) {
                                  if (records_) return records_->write_status(out);
                                  out.null();
                              },
                          .write_series =
                              [this](JsonWriter& out) {
                                  if (series_) return series_->write_status(out);
                                  out.null();
                              },
                          .read_scores = read_scores(),
                          .find_record = find_record(),
                          .read_signals = read_signals(),
                          .read_entries = read_entries(),
                          .read_track_record = read_track_record(),
                          .read_trades = read_trades(),
                          .read_trade = read_trade(),
                          .trades = config.trading.mode != "off",
                          .ask_trading = asks_trading(),
                          .list_history = list_history(),
                          .read_history = read_history(),
                          .start_download = start_download(),
                          .list_jobs = [this] { return jobs_.jobs(); },
                          .cancel_job = [this](const std::string& id) { return jobs_.cancel(id); },
                          .start_replay = start_decision_replay(),
                          .read_replay = read_decision_replay(),
                          .queues = [this] { return queues(); },
                          .caching = std::move(caching),
                          .login = login_params(),
                          .tls = *tls,
                          .ask_configuration = ask_configuration()},
        metrics_);
    if (auto listening = server_->listen(); !listening) return listening;
    port_ = server_->port();
    monitoring_port_ = server_->monitoring_port();
    begin_login(std::move(content));
    api_thread_.start("api");
    return {};
}

Result<std::optional<records::LoginContent>> Program::start_login() {
    std::optional<records::LoginContent> content;
    if (params_.records.url.empty()) {
        content.emplace();  // in memory: nobody yet
    } else {
        login_ = std::make_unique<LoginKeeping>(*records::parse_database_url(params_.records.url));
        auto read = login_->read();
        if (!read && (read.error().code == Errc::refused || read.error().code == Errc::unsupported))
            return fail(Errc::configuration, read.error().what);
        if (read) {
            content = std::move(*read);
        } else {
            obs::log_warning("login",
                             "who may log in cannot be read yet, and nobody is let in: " + read.error().what);
        }
    }
    std::optional<bool> has_admin;
    if (content) {
        has_admin = std::any_of(content->users.begin(), content->users.end(),
                                [](const records::UserRow& user) { return user.role == "admin"; });
    }
    if (auto may = may_listen(params_.config.server, has_admin); !may) return tl::unexpected<Error>(may.error());
    return content;
}

api::LoginParams Program::login_params() {
    const config::Config& config = params_.config;
    api::LoginParams params{.anonymous_read = anonymous_read(config),
                            .trusted_proxies = config.server.trusted_proxies,
                            .has_tls = !config.server.tls_certificate_file.empty()};
    if (!login_) return params;
    params.store = [this](records::LoginChange change, api::LoginParams::Stored done) {
        login_->store(std::move(change), [this, done = std::move(done)](Result<void> stored) {
            api_thread_.loop.post([done, stored = std::move(stored)] { done(stored); });
        });
    };
    params.read_audit = [this](std::size_t limit, std::string cursor, api::LoginParams::Audited done) {
        login_->audit(limit, std::move(cursor), [this, done = std::move(done)](Result<records::AuditPage> page) {
            api_thread_.loop.post([done, page = std::move(page)] { done(page); });
        });
    };
    return params;
}

void Program::begin_login(std::optional<records::LoginContent> content) {
    if (content) server_->login().replace(std::move(*content));
    if (login_) {
        login_->begin([this](records::LoginContent fresh) {
            api_thread_.loop.post([this, fresh = std::move(fresh)]() mutable {
                if (server_) server_->login().replace(std::move(fresh));
            });
        });
    }
    const api::LoginDesk& desk = server_->login();
    if (!params_.tell_setup_token || !desk.accounts().is_known() || desk.accounts().has_admin()) return;
    server_->login().issue_setup([tell = params_.tell_setup_token](const Result<std::string>& token) {
        if (token) return tell(*token);
        obs::log_warning("login", "no setup token could be stored: " + token.error().what);
    });
}

void Program::start_engine() {
    agent_ = std::make_unique<EngineAgent>(
        engine_params(params_.config), queue_, params_.mode,
        EngineOutlets{
            .perform = [this](std::vector<exchange::Action> actions) { perform(std::move(actions)); },
            .publish = [this](std::shared_ptr<const views::Snapshot> picture) { publish(std::move(picture)); },
            .report = log_effect,
            .hindrances = [this] { return hindrances(); },
            .tiers = [this] { return cache_tiers_ ? cache_tiers_->rows() : std::vector<views::TierRow>(); },
            .keep =
                [this](const engine::Scored& scored, const market::Instrument& instrument) {
                    if (records_) records_->keep(scored, instrument);
                    if (series_) series_->send(scored, instrument);
                    if (alerts_) alerts_->read(scored, instrument);
                },
            .keep_signal =
                [this](const engine::Signalled& signalled, const market::Instrument& instrument) {
                    if (records_) records_->keep(signalled, instrument);
                    if (signalled.change->change == signals::Change::ended) edge_schedule_.count_end();
                },
            .keep_trading =
                [this](const engine::TradingStep& step, const market::InstrumentDirectory& instruments) {
                    log_trading(step);
                    if (trades_) trades_->keep(step, instruments);
                },
            .notice =
                [this](std::shared_ptr<const alerts::Occurrence> seen) {
                    if (alerts_) alerts_->see(std::move(seen));
                },
            .trading_answered = [this](const engine::TradingAnswered& answer) { trading_answered(answer); },
            .recorder = recorder_.get(),
            .applied = [age = metrics_.histogram(
                            {"virtuoso_frame_applied_seconds",
                             "Age of an exchange's frame, from its stamp at the socket, once the engine "
                             "has taken it"},
                            obs::duration_bounds_seconds(1e-5, 1))](
                           Nanos passed) mutable { age.observe(std::chrono::duration<double>(passed).count()); },
            .stages = &stages_});
    engine_thread_ = named_thread("engine", [this] {
        while (!is_stopping_.load()) {
            if (agent_->do_work() == 0) queue_.wait();
        }
        is_engine_done_.store(true);
    });
}

/// Plays a journal at its own pace, once, with its times moved to the present.
void Program::start_replay(std::shared_ptr<storage::JournalReader> journal) {
    replay_thread_ = named_thread("replay", [this, journal] {
        JobList::Ticket ticket =
            jobs_.add("replay", params_.replay_path == "-" ? "the bundled recording" : params_.replay_path);
        ticket.start();
        engine::Event event;
        std::optional<Timestamp> first;
        const auto began = std::chrono::steady_clock::now();
        while (!is_stopping_.load()) {
            const auto outcome = journal->next(event);
            if (outcome == storage::ReadOutcome::end) break;
            if (outcome == storage::ReadOutcome::loss) continue;
            if (!first) first = event.at;
            std::this_thread::sleep_until(began + (event.at - *first));
            queue_.push(event.body, event.at);
        }
        if (is_stopping_.load()) return ticket.cancelled();
        ticket.done();
        obs::log_info("replay", "the recording has ended");
    });
}

void Program::perform(std::vector<exchange::Action> actions) {
    if (params_.mode == views::MarketMode::replay) return;  // they were carried out when it was recorded
    feed_thread_.loop.post([this, actions = std::move(actions)] {
        for (const exchange::Action& action : actions) gateway_->perform(action);
    });
}

void Program::publish(std::shared_ptr<const views::Snapshot> picture) {
    if (alerts_) alerts_->look(*picture);
    {
        const std::lock_guard lock(snapshot_mutex_);
        snapshot_ = std::move(picture);
    }
    if (!server_ || is_publication_waiting_.exchange(true)) return;  // the API takes the newest when it gets to it
    api_thread_.loop.post([this] {
        is_publication_waiting_.store(false);
        const auto began = std::chrono::steady_clock::now();
        server_->publish(snapshot());
        stages_.took(Stage::publish, std::chrono::steady_clock::now() - began);
    });
}

std::shared_ptr<const views::Snapshot> Program::snapshot() const {
    const std::lock_guard lock(snapshot_mutex_);
    return snapshot_;
}

void Program::inject(const demo::Fault& fault) {
    exchange_thread_.run([&] { exchange_->inject(fault); });
}

std::optional<storage::RecorderStats> Program::recorder_stats() const {
    if (!recorder_) return std::nullopt;
    return recorder_->stats();
}

void Program::stop() {
    if (!is_started_) return;
    is_started_ = false;
    is_stopping_.store(true);
    if (kill_file_) kill_file_->stop();
    if (replay_thread_.joinable()) replay_thread_.join();
    if (feed_thread_.thread.joinable()) {
        feed_thread_.run([this] {
            gateway_.reset();
            feed_thread_.loop.stop();  // in the same task: no tick and no action may still come to what is gone
        });
    }
    feed_thread_.stop();
    queue_.wake();
    if (engine_thread_.joinable()) engine_thread_.join();
    is_engine_done_.store(true);
    if (recorder_thread_.joinable()) recorder_thread_.join();
    if (backfill_thread_.joinable()) backfill_thread_.join();
    if (records_) records_->stop();
    if (reading_) reading_->stop();
    if (decision_replays_) decision_replays_->stop();
    if (trades_) trades_->stop();
    if (alerts_) alerts_->stop();
    if (alert_sending_) alert_sending_->stop();
    if (history_reading_) history_reading_->stop();
    if (history_jobs_) history_jobs_->stop();
    if (login_) login_->stop();
    if (series_) series_->stop();
    configuration_thread_.stop();
    memory_.stop();
    if (api_thread_.thread.joinable()) {
        std::mutex mutex;
        std::condition_variable gone;
        bool is_gone = false;
        api_thread_.loop.post([&] {
            server_->stop([&] {
                const std::lock_guard lock(mutex);
                is_gone = true;
                gone.notify_one();
            });
        });
        std::unique_lock lock(mutex);
        (void)gone.wait_for(lock, std::chrono::seconds{4}, [&] { return is_gone; });
        lock.unlock();
        api_thread_.run([this] {
            server_.reset();
            cache_tiers_.reset();
        });
    }
    api_thread_.stop();
    server_.reset();
    cache_tiers_.reset();
    if (exchange_thread_.thread.joinable()) exchange_thread_.run([this] { exchange_.reset(); });
    exchange_thread_.stop();
    exchange_.reset();
}

}  // namespace vt::runtime
