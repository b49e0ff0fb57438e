#pragma once

#include "alerts/occurrence.hpp"
#include "alerts/outbox.hpp"
#include "alerts/rule_book.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/effect.hpp"
#include "records/alerts.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "records/run_claim.hpp"
#include "views/snapshot.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace vt::runtime {

/// Holds what the engine noticed against the rules, keeps what is told and what was seen, and sees what is told to
/// its channels: a thread and a connection of its own. What is sent was stored before, and that it is being sent too,
/// unless the database is away: an alert that comes late is worse than one that a crash repeats or loses. Without a
/// database it tells and sends all the same, and the next run knows nothing of it.
class AlertKeeping {
public:
    /// What waits for the thread; beyond it the oldest that is not critical is lost, which is counted and said.
    static constexpr std::size_t kSeenMax = 10'000;
    /// Rows that wait for a database that is away: half as many each of what is told, seen and delivered. Beyond
    /// it the oldest go, of deliveries those that are settled.
    static constexpr std::size_t kRowsMax = 50'000;
    static constexpr std::chrono::seconds kFlush{2};  ///< at the end: for what is due and on its way
    static constexpr Nanos kOccurrencesKept = 7 * kDay;
    static constexpr Nanos kAlertsKept = 90 * kDay;

    struct Params {
        std::optional<records::DatabaseUrl> url;  ///< absent: nothing is kept
        std::shared_ptr<records::RunClaim> claim;
        std::string market;  ///< "live", "demo"
        std::string run;
        /// What is told, as it is told; on the thread of this.
        std::function<void(const std::vector<alerts::Alert>& told)> tell;
        std::vector<alerts::ChannelTerms> channels = {};  ///< where it is sent to
        /// Sends a message. It calls `done` once, on any thread, or never: then the channel has this message on its
        /// way until the end. On the thread of this.
        std::function<void(const alerts::Message& message, std::function<void(alerts::Outcome)> done)> send = {};
    };
    /// Reads the rules (where there are none yet, the usual ones hold) and the cooldowns that go on. A server that is
    /// merely away is no error: the usual rules hold until it is back.
    ///   errors: as records::Repository::open and RunClaim; a rule that is damaged is left out and said
    [[nodiscard]] static Result<std::unique_ptr<AlertKeeping>> start(Params params, Timestamp now);
    ~AlertKeeping();
    AlertKeeping(const AlertKeeping&) = delete;
    AlertKeeping& operator=(const AlertKeeping&) = delete;

    /// The engine's thread.
    void see(std::shared_ptr<const alerts::Occurrence> seen);
    /// The engine's thread: a score that levels are held against.
    void read(const engine::Scored& scored, const market::Instrument& instrument);
    /// A published picture: what time it is, and once a second the prices that levels are held against. Any thread.
    void look(const views::Snapshot& picture);
    /// After the last see(): stores what waits, and sends what is due, for kFlush at most.
    void stop();

    [[nodiscard]] std::vector<alerts::Rule> rules() const;
    /// What stands in the way of keeping alerts, in a sentence; empty: nothing. Any thread.
    [[nodiscard]] std::string hindrance() const;

private:
    /// What became of messages; outlives this where a sender does.
    struct Outcomes {
        std::mutex mutex;
        std::vector<std::pair<std::string, alerts::Outcome>> by_channel;
    };

    explicit AlertKeeping(Params params) : params_(std::move(params)) {}
    [[nodiscard]] Result<void> load(Timestamp now);
    [[nodiscard]] Result<void> open();
    void use_rules(std::vector<alerts::Rule> rules);
    void run();
    void take_seen();
    void keep_rows(const std::vector<alerts::Alert>& told);
    /// Deliveries of an earlier run that were not settled.
    [[nodiscard]] Result<void> resume_deliveries(Timestamp now);
    void keep_deliveries();
    void take_outcomes();
    /// Begins what is due, stores that it has begun, and sends it.
    void send_due();
    void flush();
    [[nodiscard]] bool store_rows();
    [[nodiscard]] Result<void> store_rules();
    void forget_old(Timestamp now);

    Params params_;
    std::optional<records::Repository> repository_;  // of the thread
    alerts::RuleBook book_;                          // of the thread
    alerts::Outbox outbox_;                          // of the thread
    std::vector<alerts::Message> begun_;             // of the thread: not sent yet
    records::AlertBatch rows_;                       // of the thread: what is not stored yet
    bool is_loaded_ = false;
    std::map<std::pair<std::string, std::string>, records::DeliveryRow> deliveries_;  // likewise: the newest of each
    std::chrono::steady_clock::time_point store_after_;                               // of the thread
    std::optional<Timestamp> timed_at_;                                               // of the thread
    std::uint64_t number_ = 0;                                                        // of occurrences
    std::optional<Timestamp> forgot_at_;
    mutable std::mutex mutex_;  // of what follows
    std::deque<std::shared_ptr<const alerts::Occurrence>> seen_;
    std::vector<alerts::Reading> readings_;
    std::shared_ptr<Outcomes> outcomes_ = std::make_shared<Outcomes>();
    std::vector<alerts::Rule> rules_;
    std::vector<alerts::Reading> scores_;
    bool has_price_levels_ = false, has_score_levels_ = false;
    bool are_rules_changed_ = false;  // of the thread: one has spoken for the only time
    std::optional<Timestamp> now_, looked_at_;
    std::uint64_t lost_ = 0;
    std::string problem_;
    std::atomic<bool> is_stopping_{false};
    std::thread thread_;
};

}  // namespace vt::runtime
