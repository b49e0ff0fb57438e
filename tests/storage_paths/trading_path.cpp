#include "trading_path.hpp"

#include "base/prng.hpp"
#include "engine/paper_trading.hpp"
#include "engine/symbol.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "records/trades.hpp"
#include "runtime/kept_trading.hpp"
#include "sim/market.hpp"
#include "simulation/idea.hpp"

#include "telling.hpp"
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace vt {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart = from_ms(1'780'272'000'000);
constexpr Nanos kStep = 100ms;
constexpr int kStepsToIdea = 8;
constexpr Nanos kProtectedWithin = 5s;
/// An order that was under way is absent only once it was not found three times over more than ten seconds.
constexpr Nanos kReconciledWithin = 20s;
constexpr const char* kMarket = "live";  // the one that goes on
constexpr std::uint64_t kSeed = 11;

sim::Params market_params() {
    sim::Params params;
    params.market.start = params.market.truths_start = kStart;
    params.market.history_minutes = 2;
    return params;
}

engine::TradingParams trading_params() {
    engine::TradingParams params{.is_on = true};
    params.venue.seed = kSeed;
    return params;
}

/// A market of two symbols, and trading in it from a moment on; the same seed, the same bytes.
class TradedMarket {
public:
    /// in: from: until then the market goes on alone
    TradedMarket(desk::SavedTrading saved, Timestamp from)
        : market_(kSeed, market_params(),
                  {{.symbol = "SOLUSDT", .base = "SOL", .tick_size = {1, 2}, .lot_size = {1, 1}, .price = 150}}),
          trading_(trading_params()) {
        for (market::Instrument instrument : market_.instruments()) {
            instrument.limits = {.quantity_min = instrument.lot_size,
                                 .quantity_max = Decimal{1'000'000, 0},
                                 .market_quantity_max = Decimal{100'000, 0},
                                 .notional_min = Decimal{5, 0},
                                 .leverage_max = Decimal{50, 0}};
            directory_.list(instrument);
            symbols_.push_back(std::make_unique<engine::Symbol>(instrument, confluence::Params{}));
            take_last_hour(*symbols_.back());
        }
        while (now_ < from) advance_market(false);
        trading_.resume(std::move(saved), now_);
        for (const auto& symbol : symbols_) trading_.on_listed(*symbol, now_);
    }

    /// 100 ms more. out: absent: there is nothing to keep
    std::optional<engine::TradingStep> advance(bool with_ideas) {
        advance_market(true);
        trading_.on_time(now_);
        if (with_ideas && ++steps_ % kStepsToIdea == 0) have_an_idea();
        return trading_.take_step(now_);
    }

    [[nodiscard]] const market::InstrumentDirectory& instruments() const { return directory_; }
    [[nodiscard]] const engine::PaperTrading& trading() const { return trading_; }
    [[nodiscard]] Timestamp now() const { return now_; }

private:
    /// Closed minutes that move a little: what the volatility is measured on.
    void take_last_hour(engine::Symbol& symbol) {
        const double price = symbol.instrument().base == "SOL" ? 150 : market_params().factor_symbol.price;
        for (int i = 61; i > 0; --i) {
            const double close = price * (1 + .0005 * (i % 3 - 1));
            (void)symbol.apply({.instrument = symbol.instrument().id,
                                .exchange_time = kStart - i * 1min + 1min,
                                .receive_time = kStart - i * 1min + 1min,
                                .body = market::Candle{.open_time = kStart - i * 1min,
                                                       .interval = 1min,
                                                       .open = price,
                                                       .high = price * 1.001,
                                                       .low = price * .999,
                                                       .close = close,
                                                       .volume_base = 10,
                                                       .turnover_quote = 10 * price,
                                                       .is_closed = true}});
        }
    }
    void advance_market(bool is_traded) {
        now_ += kStep;
        market_.advance(now_, [&](const market::Event& event) {
            newest_ = std::max(newest_, event.exchange_time);
            market::Event received = event;
            received.receive_time = newest_;
            engine::Symbol& symbol = *symbols_[event.instrument.value()];
            if (is_traded) trading_.advance(newest_);
            (void)symbol.apply(received);
            symbol.stream_states[static_cast<std::size_t>(market::Stream::book)] = exchange::StreamState::live;
            if (is_traded) trading_.on_market(received, symbol, newest_);
        });
        newest_ = std::max(newest_, now_);
        if (is_traded) trading_.advance(now_);
    }
    void have_an_idea() {
        engine::Symbol& symbol = *symbols_[draws_.below(symbols_.size())];
        const auto signal =
            simulation::idea_of(symbol.state(),
                                {.id = "idea" + std::to_string(steps_),
                                 .side = draws_.below(2) == 0 ? market::Side::buy : market::Side::sell,
                                 .atr_share = .0005,
                                 .patience = 30s},
                                now_);
        if (signal) trading_.on_signal(*signal, symbol, now_);
    }

    sim::Market market_;
    engine::PaperTrading trading_;
    market::InstrumentDirectory directory_;
    std::vector<std::unique_ptr<engine::Symbol>> symbols_;
    Prng draws_{kSeed, "storage_paths.trading"};
    Timestamp now_ = kStart;
    Timestamp newest_ = kStart;
    std::uint64_t steps_ = 0;
};

/// A few times: a disk that says no once is asked again, as the program does.
template <typename Task>
auto tried(const Task& task) {
    auto outcome = task();
    for (int tries = 0; tries < 3 && !outcome; ++tries) outcome = task();
    if (!outcome) end(3, outcome.error().what);
    return outcome;
}

Result<records::Repository> open_trades(const std::string& file) {
    VT_TRY(std::unique_ptr<records::Database> database, records::open_database({.path = file}));
    return records::Repository::open(std::move(database), kStart);
}

struct KeptRows {
    std::map<std::uint64_t, records::TradeRow> trades;
    std::map<std::string, records::OrderRow> orders;
    std::map<std::string, std::string> states;
    bool operator==(const KeptRows&) const = default;

    void take(records::TradingBatch batch) {
        for (auto& trade : batch.trades) trades.insert_or_assign(trade.number, std::move(trade));
        for (auto& order : batch.orders) orders.insert_or_assign(order.order, std::move(order));
        for (auto& state : batch.states) states.insert_or_assign(state.name, std::move(state.content));
    }
};

KeptRows rows_in(records::Database& database) {
    KeptRows rows;
    const auto page = records::trades_of(database, {.market = kMarket, .limit = records::kTradePageMax});
    if (!page) end(1, page.error().what);
    if (!page->cursor.empty()) end(1, "more trades than a page holds");
    for (const records::TradeRow& trade : page->trades) {
        rows.trades.emplace(trade.number, trade);
        const auto orders = records::orders_of_trade(database, kMarket, trade.number);
        if (!orders) end(1, orders.error().what);
        for (const records::OrderRow& order : *orders) rows.orders.emplace(order.order, order);
    }
    for (const char* name : {"limits", "paper_venue"}) {
        const auto state = records::trading_state(database, kMarket, name);
        if (!state) end(1, state.error().what);
        if (*state) rows.states.emplace(name, **state);
    }
    return rows;
}

/// in: ours and the venue's
void check_positions(const TradedMarket& market) {
    const paper::Venue& venue = *market.trading().venue();
    std::map<market::InstrumentId, Lots> ours;
    for (const auto& [id, trade] : market.trading().desk()->executor().trades())
        if (!trade.ended_at) ours[trade.plan.instrument] += trade.position.net;
    for (const market::Instrument& instrument : market.instruments().all()) {
        const auto* const position = venue.position(instrument.id);
        const Lots theirs = position == nullptr ? Lots{} : position->net();
        if (theirs != ours[instrument.id]) end(1, instrument.symbol + ": the position is not the venue's");
        const bool has_stop = std::ranges::any_of(venue.open_orders(), [&](const auto& each) {
            const trading::OrderRequest& order = each.second.request;
            return order.instrument == instrument.id && order.is_reduce_only &&
                   order.kind != trading::OrderKind::limit;
        });
        if (theirs != Lots{} && !has_stop) end(1, instrument.symbol + ": a position without its stop");
    }
}

/// Requests that were under way are lost with the program: what became of them is found out, a position whose stop
/// was among them is closed, and a trade that waited for its leverage ends. All else is wrong.
bool is_of_the_way(const execution::Warning& warning) {
    using Kind = execution::WarningKind;
    return warning.kind == Kind::order_unknown || warning.kind == Kind::order_absent ||
           warning.kind == Kind::exit_failed || warning.kind == Kind::unprotected ||
           warning.kind == Kind::leverage_not_set;
}

/// Whether the next run goes on from what there is: nothing else happens than the market.
void check_resumed(desk::SavedTrading saved, Timestamp from) {
    TradedMarket market(std::move(saved), from);
    const auto is_reconciled = [&] {
        const desk::Desk* desk = market.trading().desk();
        return desk != nullptr && desk->executor().is_reconciled();
    };
    while (market.now() < from + kReconciledWithin && !(is_reconciled() && market.now() > from + kProtectedWithin)) {
        const auto step = market.advance(false);
        if (market.now() == from + kProtectedWithin && market.trading().desk() != nullptr) check_positions(market);
        if (!step) continue;
        for (const desk::Output& output : step->outputs)
            if (const auto* warning = std::get_if<execution::Warning>(&output); warning && !is_of_the_way(*warning))
                end(1, "warned of: " + warning->text);
    }
    if (!is_reconciled()) end(1, "not reconciled within 20 s");
    check_positions(market);
    const execution::Executor& executor = market.trading().desk()->executor();
    const trading::Money wallet = market.trading().venue()->wallet();
    if (executor.wallet() != wallet) end(1, "the wallet is not the venue's");
}

}  // namespace

void run_trading(const std::string& database, std::uint64_t steps) {
    auto repository = tried([&] { return open_trades(database); });
    auto saved = tried([&] { return runtime::trading_left(repository->database(), kMarket, kStart); });
    TradedMarket market(std::move(*saved), kStart);
    for (std::uint64_t kept = 0; kept < steps;) {
        const auto step = market.advance(true);
        if (!step) continue;
        const auto batch = runtime::trading_rows(*step, market.instruments(), kMarket);
        tried([&]() -> Result<void> {
            if (!repository->database().is_usable()) {
                VT_TRY(*repository, open_trades(database));
            }
            return records::store_trading(repository->database(), batch);
        });
        acknowledge(std::to_string(++kept));
    }
}

void check_trading(const std::string& database, std::uint64_t kept) {
    auto repository = open_trades(database);
    if (!repository) end(1, repository.error().what);
    if (const auto whole = repository->database().verify(); !whole) end(1, whole.error().what);
    const KeptRows there = rows_in(repository->database());
    // the same trading once more, without a disk
    TradedMarket market({.numbering = {.boot = 1}}, kStart);
    KeptRows wanted;
    Timestamp stored_at = kStart;
    const auto step_once = [&] {
        auto step = market.advance(true);
        while (!step) step = market.advance(true);
        wanted.take(runtime::trading_rows(*step, market.instruments(), kMarket));
        stored_at = market.now();
    };
    for (std::uint64_t i = 0; i < kept; ++i) step_once();
    if (!(there == wanted)) step_once();
    if (!(there == wanted) && !(kept == 0 && there == KeptRows{}))
        end(1, "what is kept is not what step " + std::to_string(kept) + " left");
    auto saved = runtime::trading_left(repository->database(), kMarket, kStart);
    if (!saved) end(1, saved.error().what);
    check_resumed(std::move(*saved), stored_at);
}

}  // namespace vt
