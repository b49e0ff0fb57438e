#include "runtime/trade_keeping.hpp"

#include "execution/trade_codec.hpp"
#include "execution/trade_json.hpp"
#include "net/loop.hpp"
#include "obs/log.hpp"
#include "runtime/named_thread.hpp"

#include <chrono>

namespace vt::runtime {
namespace {

constexpr std::chrono::milliseconds kLookForTrades{20};
constexpr std::chrono::seconds kStoreAgainAfter{2};
constexpr const char* kLimits = "limits";
constexpr const char* kVenue = "paper_venue";

Result<records::Repository> open_trades(const records::DatabaseUrl& url) {
    VT_TRY(std::unique_ptr<records::Database> database, records::open_database(url));
    return records::Repository::open(std::move(database), net::wall_now());
}

Result<desk::SavedTrading> left_by_earlier_runs(records::Database& database, const std::string& market,
                                                Timestamp now) {
    desk::SavedTrading saved;
    VT_TRY(const records::TradingStart start, records::begin_trading(database, market, now));
    saved.numbering = {.boot = start.boot, .last_trade = start.last_trade};
    VT_TRY(records::TradingBatch open, records::open_trading(database, market));
    if (market != "live") {
        for (records::TradeRow& trade : open.trades) {
            trade.state = "abandoned";
            trade.follow.clear();
        }
        open.orders.clear();
        if (Result<void> stored = records::store_trading(database, open); !stored)
            return tl::unexpected<Error>(std::move(stored.error()));
        return saved;
    }
    for (records::TradeRow& trade : open.trades)
        saved.trades.push_back({trade.number, trade.instrument, std::move(trade.follow)});
    for (records::OrderRow& order : open.orders)
        saved.orders.push_back({order.trade, order.instrument, std::move(order.follow)});
    VT_TRY(auto limits, records::trading_state(database, market, kLimits));
    VT_TRY(auto venue, records::trading_state(database, market, kVenue));
    saved.limits = std::move(limits).value_or("");
    saved.venue = std::move(venue).value_or("");
    return saved;
}

}  // namespace

Result<std::unique_ptr<TradeKeeping>> TradeKeeping::start(const records::DatabaseUrl& url, const std::string& market,
                                                          Timestamp now) {
    std::unique_ptr<TradeKeeping> keeping(new TradeKeeping(url, market));
    VT_TRY(records::Repository repository, open_trades(url));
    VT_TRY(keeping->saved_, left_by_earlier_runs(repository.database(), market, now));
    keeping->repository_ = std::move(repository);
    keeping->thread_ = named_thread("trades", [raw = keeping.get()] { raw->run(); });
    return keeping;
}

TradeKeeping::~TradeKeeping() { stop(); }

void TradeKeeping::keep(const engine::TradingStep& step, const market::InstrumentDirectory& instruments) {
    const Timestamp at = from_ms(to_ms(step.at));
    const std::lock_guard lock(mutex_);
    if (trades_.size() + orders_.size() >= kWaitingMax) {
        ++lost_;
        return;
    }
    for (const desk::Output& output : step.outputs) {
        if (const auto* record = std::get_if<execution::RecordTrade>(&output)) {
            const execution::Trade& trade = record->trade;
            const market::Instrument& instrument = instruments[trade.plan.instrument];
            JsonWriter body;
            execution::write_trade(body, trade, instrument, std::nullopt);
            trades_.insert_or_assign(
                trade.id, records::TradeRow{.market = market_,
                                            .number = trade.id,
                                            .at = at,
                                            .instrument = instrument.path_id(),
                                            .signal = trade.plan.signal,
                                            .state = trade.ended_at ? "closed" : "open",
                                            .body = body.take(),
                                            .follow = trade.ended_at ? "" : execution::encode_trade(trade)});
        } else if (const auto* order = std::get_if<execution::RecordOrder>(&output)) {
            const trading::Order known(order->order);
            const market::Instrument& instrument = instruments[known.request().instrument];
            JsonWriter body;
            execution::write_order(body, order->trade, known, instrument);
            const std::string id = to_string(known.id());
            orders_.insert_or_assign(id, records::OrderRow{.market = market_,
                                                           .order = id,
                                                           .trade = order->trade,
                                                           .at = at,
                                                           .instrument = instrument.path_id(),
                                                           .state = std::string(name(known.state())),
                                                           .body = body.take(),
                                                           .follow = execution::encode_order(known.facts())});
        }
    }
    states_.insert_or_assign(kLimits, records::StateRow{market_, kLimits, at, step.limits});
    states_.insert_or_assign(kVenue, records::StateRow{market_, kVenue, at, step.venue});
}

bool TradeKeeping::store_waiting() {
    records::TradingBatch batch;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [number, trade] : trades_) batch.trades.push_back(trade);
        for (const auto& [id, order] : orders_) batch.orders.push_back(order);
        for (const auto& [name, state] : states_) batch.states.push_back(state);
    }
    if (batch.is_empty()) return true;
    Result<void> stored;
    if (!repository_ || !repository_->database().is_usable()) {
        auto opened = open_trades(url_);
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
        return false;
    }
    problem_.clear();
    // what came meanwhile waits on; a row that is as it was stored does not
    for (const auto& trade : batch.trades)
        if (const auto at = trades_.find(trade.number); at != trades_.end() && at->second == trade) trades_.erase(at);
    for (const auto& order : batch.orders)
        if (const auto at = orders_.find(order.order); at != orders_.end() && at->second == order) orders_.erase(at);
    for (const auto& state : batch.states)
        if (const auto at = states_.find(state.name); at != states_.end() && at->second == state) states_.erase(at);
    return true;
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
