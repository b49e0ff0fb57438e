#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "desk/saved_trading.hpp"
#include "engine/paper_trading.hpp"
#include "market/instrument_directory.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "records/run_claim.hpp"
#include "records/trades.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
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

/// Keeps what trading says: a thread and a connection of its own. What waits is one transaction; of a trade or an
/// order that changes again while the database is away only the newest form waits, so that little piles up.
class TradeKeeping {
public:
    /// Beyond so many rows that wait, new ones are lost, which is said: by then the database has been away for days.
    static constexpr std::size_t kWaitingMax = 100'000;

    /// Opens the database and reads what this run goes on from. The demo market begins anew with each run: what was
    /// open there is closed as abandoned.
    ///   errors: as records::Repository::open and records::begin_trading; as RunClaim
    [[nodiscard]] static Result<std::unique_ptr<TradeKeeping>> start(const records::DatabaseUrl& url,
                                                                     std::shared_ptr<records::RunClaim> claim,
                                                                     const std::string& market, Timestamp now);
    ~TradeKeeping();
    TradeKeeping(const TradeKeeping&) = delete;
    TradeKeeping& operator=(const TradeKeeping&) = delete;

    /// What the engine goes on from.
    [[nodiscard]] const desk::SavedTrading& saved() const { return saved_; }
    /// The engine's thread.
    void keep(const engine::TradingStep& step, const market::InstrumentDirectory& instruments);
    /// Calls `done` once everything that was kept so far is on the disk, or with what stands in the way at the next
    /// try. Any thread; `done` is called on the keeping's.
    void after_stored(std::function<void(const Result<void>&)> done);
    /// After the last keep(): stores what waits.
    void stop();
    /// What stands in the way of keeping trades, in a sentence; empty: nothing. Any thread.
    [[nodiscard]] std::string hindrance() const;

private:
    TradeKeeping(records::DatabaseUrl url, std::shared_ptr<records::RunClaim> claim, std::string market)
        : url_(std::move(url)), claim_(std::move(claim)), market_(std::move(market)) {}
    void run();
    /// Stores what waits, and tells those who wait for it. out: false where it could not be stored
    [[nodiscard]] bool store_waiting();
    [[nodiscard]] Result<void> store_batch();

    records::DatabaseUrl url_;
    std::shared_ptr<records::RunClaim> claim_;
    std::string market_;
    desk::SavedTrading saved_;
    std::optional<records::Repository> repository_;  // of the thread
    mutable std::mutex mutex_;                       // of what follows
    std::map<std::uint64_t, records::TradeRow> trades_;
    std::map<std::string, records::OrderRow> orders_;
    std::map<std::string, records::StateRow> states_;
    std::vector<std::function<void(const Result<void>&)>> waiting_;
    std::uint64_t lost_ = 0;
    std::string problem_;
    std::atomic<bool> is_stopping_{false};
    std::thread thread_;
};

}  // namespace vt::runtime
