#include "runtime/engine_params.hpp"

#include "base/digest.hpp"
#include "history/series.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace vt::runtime {
namespace {

/// What engine_params() reads, besides the weights and what makes signals.
constexpr std::array<std::string_view, 13> kEngineKeys = {
    "market.symbols",         "market.top_symbols",   "market.book_depth",          "market.deep_symbols",
    "market.deep_book_depth", "market.backfill_bars", "bybit.categories",           "binance.markets",
    "binance.symbols",        "binance.top_symbols",  "confluence.direction_enter", "confluence.direction_leave",
    "confluence.coverage_min"};

/// Of the configuration's SHA-256: enough to tell any two apart that somebody will ever have.
constexpr std::size_t kHashDigits = 16;

market::Category category_of(std::string_view name) {
    if (name == market::name(market::Category::spot)) return market::Category::spot;
    return name == market::name(market::Category::inverse) ? market::Category::inverse : market::Category::linear;
}

signals::Params signal_params(const config::Config::Signals& given) {
    signals::Params params;
    params.score = given.score_max;
    params.level_floor = given.score_min;
    params.level_share = given.score_share;
    params.coverage_min = given.coverage_min;
    params.confidence_min = given.confidence_min;
    params.opposition_max = given.opposition_max;
    params.listed_days_min = given.listed_days_min;
    params.turnover_min_usd = given.turnover_min_usd;
    params.spread_max_bps = given.spread_max_bps;
    params.cost_share_max = given.cost_share_max;
    params.stop_atr = given.stop_atr;
    params.stop_atr_max = given.stop_atr_max;
    params.taker_fee_bps = given.taker_fee_bps;
    params.order_quote = given.order_quote;
    params.leverage = given.leverage;
    params.risk_share = given.risk_pct / 100;
    params.expiry = std::chrono::minutes{given.expiry_minutes};
    params.cooldown = std::chrono::minutes{given.cooldown_minutes};
    params.cooldown_after_stop = std::chrono::minutes{given.cooldown_after_stop_minutes};
    params.new_per_hour_max = given.new_per_hour_max;
    params.cluster_max = given.cluster_max;
    params.edge_effective_min = given.edge_effective_min;
    return params;
}

engine::TradingParams trading_params(const config::Config& config) {
    const config::Config::Trading& given = config.trading;
    engine::TradingParams params{.is_on = given.mode == "paper"};
    params.desk.risk = config.risk;
    params.venue = config.paper;
    params.desk.strategies = given.strategies;
    params.desk.entry_slippage_max_bps = given.entry_slippage_max_bps;
    params.desk.enter_within = std::chrono::seconds{given.enter_within_seconds};
    params.desk.trailing_stop_share = given.trailing_stop_share;
    return params;
}

}  // namespace

engine::Params engine_params(const config::Config& config) {
    engine::Params params;
    params.bybit.categories.clear();
    for (const std::string& name : config.bybit.categories) params.bybit.categories.push_back(category_of(name));
    params.bybit.symbols = config.market.symbols;
    params.bybit.top_n = config.market.top_symbols;
    params.bybit.depth = config.market.book_depth;
    params.bybit.depths.clear();
    for (const std::string& symbol : config.market.deep_symbols)
        params.bybit.depths.push_back({symbol, config.market.deep_book_depth});
    auto& backfill = params.bybit.backfill;
    for (std::uint32_t* bars : {&backfill.minutes_1, &backfill.minutes_5, &backfill.minutes_30, &backfill.hours_4}) {
        *bars = std::min(*bars, config.market.backfill_bars);
    }
    const auto choose = [&](std::string_view market) {
        const auto& markets = config.binance.markets;
        const bool is_followed = std::find(markets.begin(), markets.end(), market) != markets.end();
        return exchange::binance::MarketChoice{
            .is_followed = is_followed,
            .symbols = config.binance.symbols.empty() ? config.market.symbols : config.binance.symbols,
            .top_n = config.binance.top_symbols};
    };
    params.binance.futures = choose("futures");
    params.binance.spot = choose("spot");
    auto& more = params.binance.backfill;
    for (std::uint32_t* bars : {&more.minutes_1, &more.minutes_5, &more.minutes_30, &more.hours_4})
        *bars = std::min(*bars, config.market.backfill_bars);
    params.confluence.direction_enter = config.confluence.direction_enter;
    params.confluence.direction_leave = config.confluence.direction_leave;
    params.confluence.coverage_min = config.confluence.coverage_min;
    params.confluence.weights = config.weights;
    params.signals = signal_params(config.signals);
    params.trading = trading_params(config);
    params.bybit.asks_margin = params.trading.is_on;
    params.trading.cluster_correlation = params.signals.cluster_correlation;
    params.alpha = config.alpha;
    Digest digest;
    digest.update(engine_configuration(config));
    params.confluence.configuration_hash = digest.hex().substr(0, kHashDigits);
    return params;
}

track_record::EdgePlan edge_plan(const config::Config& config, track_record::Segment segment) {
    track_record::EdgePlan plan{.segment = segment};
    plan.counting.thin_below = signals::Params{}.calibrated_effective_min;
    plan.decay.threshold = config.signals.edge_decay_alarm;
    if (const auto since = history::parse_time_ms(config.signals.edge_decay_since))
        plan.decay_since = from_ms(*since);
    return plan;
}

std::string engine_configuration(const config::Config& config) {
    std::string text;
    std::string table;
    const auto add = [&](std::string_view key) {
        const std::size_t dot = key.find('.');
        if (key.substr(0, dot) != table) {
            table = key.substr(0, dot);
            text += "[" + table + "]\n";
        }
        text += std::string(key.substr(dot + 1)) + " = " + *config::value_text(config, key) + "\n";
    };
    for (const std::string_view key : kEngineKeys) add(key);
    for (const config::Knob& knob : config::knobs()) {
        // What is judged outside comes in with its result (engine::EdgeKnown).
        if (knob.key.starts_with("signals.edge_decay")) continue;
        if (knob.key.starts_with("weights.") || knob.key.starts_with("signals.") || knob.key.starts_with("alpha."))
            add(knob.key);
    }
    if (config.trading.mode == "off") return text;  // a score is the same whether it is traded or not
    for (const config::Knob& knob : config::knobs()) {
        if (knob.key.starts_with("trading.") || knob.key.starts_with("risk.") || knob.key.starts_with("paper."))
            add(knob.key);
    }
    return text;
}

Result<engine::Params> recorded_engine_params(std::string_view configuration) {
    config::Inputs inputs{.file_name = "the recording's header",
                          .file_text = std::string(configuration),
                          .environment = {},
                          .flags = {}};
    VT_TRY(const config::Loaded loaded, config::load(inputs));
    return engine_params(loaded.config);
}

}  // namespace vt::runtime
