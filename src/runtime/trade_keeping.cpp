#include "runtime/trade_keeping.hpp"

#include "net/loop.hpp"
#include "obs/log.hpp"
#include "runtime/kept_trading.hpp"
#include "runtime/named_thread.hpp"

#include <chrono>

namespace vt::runtime {
namespace {

constexpr std::chrono::milliseconds kLookForTrades{20};
constexpr std::chrono::seconds kStoreAgainAfter{2};

Result<records::Repository> open_trades(const records::DatabaseUrl& url, records::RunClaim& claim) {
    return claim.hold()
        .and_then([&] { return records::open_database(url); })
        .and_then([](std::unique_ptr<records::Database> database) {
            return records::Repository::open(std::move(database), net::wall_now());
        });
}

}  // namespace

Result<std::unique_ptr<TradeKeeping>> TradeKeeping::start(const records::DatabaseUrl& url,
                                                          std::shared_ptr<records::RunClaim> claim,
                                                          const std::string& market, Timestamp now) {
    std::unique_ptr<TradeKeeping> keeping(new TradeKeeping(url, std::move(claim), market));
    VT_TRY(records::Repository repository, open_trades(url, *keeping->claim_));
    VT_TRY(keeping->saved_, trading_left(repository.database(), market, now));
    keeping->repository_ = std::move(repository);
    keeping->thread_ = named_thread("trades", [raw = keeping.get()] { raw->run(); });
    return keeping;
}

TradeKeeping::~TradeKeeping() { stop(); }

void TradeKeeping::keep(const engine::TradingStep& step, const market::InstrumentDirectory& instruments) {
    records::TradingBatch rows = trading_rows(step, instruments, market_);
    const std::lock_guard lock(mutex_);
    if (trades_.size() + orders_.size() >= kWaitingMax) {
        ++lost_;
        return;
    }
    for (records::TradeRow& trade : rows.trades) trades_.insert_or_assign(trade.number, std::move(trade));
    for (records::OrderRow& order : rows.orders) orders_.insert_or_assign(order.order, std::move(order));
    for (records::StateRow& state : rows.states) states_.insert_or_assign(state.name, std::move(state));
}

void TradeKeeping::after_stored(std::function<void(const Result<void>&)> done) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(done));
}

bool TradeKeeping::store_waiting() {
    std::vector<std::function<void(const Result<void>&)>> told;
    {
        const std::lock_guard lock(mutex_);
        told.swap(waiting_);
    }
    const Result<void> stored = store_batch();
    for (const auto& done : told) done(stored);
    return stored.has_value();
}

Result<void> TradeKeeping::store_batch() {
    records::TradingBatch batch;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [number, trade] : trades_) batch.trades.push_back(trade);
        for (const auto& [id, order] : orders_) batch.orders.push_back(order);
        for (const auto& [name, state] : states_) batch.states.push_back(state);
    }
    if (batch.is_empty()) return {};
    Result<void> stored;
    if (!repository_ || !repository_->database().is_usable()) {
        auto opened = open_trades(url_, *claim_);
        if (opened)
            repository_ = std::move(*opened);
        else
            stored = tl::unexpected<Error>(opened.error());
    }
    if (stored) stored = records::store_trading(repository_->database(), batch);
    const std::lock_guard lock(mutex_);
    if (!stored) {
        if (problem_.empty()) obs::log_error("trades", stored.error().what);
        problem_ = stored.error().what;
        return stored;
    }
    problem_.clear();
    // what came meanwhile waits on; a row that is as it was stored does not
    for (const auto& trade : batch.trades)
        if (const auto at = trades_.find(trade.number); at != trades_.end() && at->second == trade) trades_.erase(at);
    for (const auto& order : batch.orders)
        if (const auto at = orders_.find(order.order); at != orders_.end() && at->second == order) orders_.erase(at);
    for (const auto& state : batch.states)
        if (const auto at = states_.find(state.name); at != states_.end() && at->second == state) states_.erase(at);
    return {};
}

void TradeKeeping::run() {
    auto next = std::chrono::steady_clock::now();
    while (!is_stopping_.load()) {
        std::this_thread::sleep_for(kLookForTrades);
        if (std::chrono::steady_clock::now() < next) continue;
        if (!store_waiting()) next = std::chrono::steady_clock::now() + kStoreAgainAfter;
    }
    if (!store_waiting()) obs::log_error("trades", "what trading said last could not be stored");
}

void TradeKeeping::stop() {
    is_stopping_.store(true);
    if (thread_.joinable()) thread_.join();
}

std::string TradeKeeping::hindrance() const {
    const std::lock_guard lock(mutex_);
    if (lost_ > 0) return std::to_string(lost_) + " changes of trades could not be kept: " + problem_;
    return problem_.empty() ? std::string() : "trades are not stored: " + problem_;
}

}  // namespace vt::runtime
