#pragma once

#include "api/server.hpp"
#include "api/test_schema_check.hpp"
#include "confluence/confluence.hpp"
#include "execution/trade_json.hpp"
#include "history/test_rows.hpp"
#include "net/net_fixture.hpp"
#include "records/test_rows.hpp"
#include "signals/test_signal.hpp"
#include "views/beta_view.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::api {

/// Three instruments, and what is known of them:
///   0 BTC/USDT, spot: listed, nothing known   1 BTC/USDT:USDT: everything known   2 ETH/USDT:USDT: warming
class SmallMarket {
public:
    /// The picture `step` tenths of a second after the first; the Bitcoin perpetual costs `price`.
    [[nodiscard]] static std::shared_ptr<views::Snapshot> picture(int step, double price) {
        auto made = std::make_shared<views::Snapshot>();
        made->at = from_ms(1'750'000'000'000 + 100 * step);
        made->publication = static_cast<std::uint64_t>(step) + 1;
        made->mode = views::MarketMode::demo;
        made->overview = {.btc_price = price, .gainers_count = 1};
        made->health = views::Health::degraded;
        made->reasons = {"1 book stream is not live"};
        made->uptime = std::chrono::seconds{90};
        made->events = 1234;
        made->rows = {{.instrument = instrument("BTC", market::Category::spot), .score = unevaluated()},
                      bitcoin(made->at, price),
                      {.instrument = instrument("ETH", market::Category::linear),
                       .score = warming(made->at),
                       .beta = beta(made->at),
                       .flags = {"book stale"}}};
        for (std::size_t i = 0; i < made->rows.size(); ++i)
            made->details.push_back(i == 1 ? known_detail(made->at, price) : empty_detail());
        made->coins = coins(price);
        signals::Signal closed = signals::test_signal(market::Side::sell);
        closed.path.ended_at = signals::kEntered + std::chrono::hours{1};
        closed.path.first_barrier = signals::Ending::stop;
        made->signals =
            std::make_shared<const std::vector<signals::Signal>>(std::vector{signals::test_signal(), closed});
        made->internals = internals(made->at);
        made->overview.coins_count = 1;
        made->overview.markets = {{.category = market::Category::linear, .instruments = 2, .volume_24h_usd = 1e9},
                                  {.category = market::Category::spot, .instruments = 1}};
        made->feeds = {{.instrument = market::InstrumentId{1},
                        .age = std::chrono::milliseconds{1500},
                        .gaps = 2,
                        .resyncs = 1,
                        .state = exchange::StreamState::live},
                       {.instrument = market::InstrumentId{2}, .state = exchange::StreamState::stale}};
        made->tiers = {{.name = "l1", .server = "memory"},
                       {.name = "l3", .server = "redis 127.0.0.1:6379", .is_in_use = false}};
        return made;
    }

    [[nodiscard]] static market::Instrument instrument(const std::string& base, market::Category category) {
        return {.category = category,
                .symbol = base + "USDT",
                .base = base,
                .quote = "USDT",
                .settle = category == market::Category::spot ? "" : "USDT",
                .tick_size = {1, 1},
                .lot_size = {1, 3}};
    }

private:
    /// Two coins; of the mood only volatility and breadth are known.
    static engine::MarketInternals internals(Timestamp at) {
        engine::MarketInternals made{.at = floor_to(at, std::chrono::minutes{1}), .n_coins = 2, .n_changes = 2};
        made.n_advancing = made.n_declining = 1;
        made.dispersion_24h = 0.031;
        made.btc_turnover_share = 0.75;
        made.btc_turnover_coverage = 1;
        made.parts[0] = {.value = 20, .coverage = 1};
        made.parts[6] = {.value = 50, .coverage = 1};
        made.fear_greed = engine::fear_greed_of(made.parts);
        made.fear_greed_coverage = 0.3;
        made.cascades = {{.instrument = market::InstrumentId{1},
                          .cascade = {.began_at = at - std::chrono::minutes{9},
                                      .seen_at = at - std::chrono::minutes{8},
                                      .count = 41,
                                      .usual_count = 0.5,
                                      .usual_deviation = 1.5,
                                      .return_sigmas = -4.5,
                                      .interest_change = -0.03,
                                      .liquidated_quote = 2.5e6}}};
        made.divergences = {
            {.instrument = market::InstrumentId{1},
             .divergence = {.at = made.at, .ranks = {.correlation = -0.8, .lower = -0.95, .upper = -0.4}}}};
        return made;
    }
    /// Bitcoin's perpetual lives beside a spot market that is down; of ETH nothing is known.
    static std::vector<views::CoinMarkets> coins(double price) {
        views::CoinMarkets bitcoin{.coin = "BTC", .quote = "USDT", .venues_followed = 2};
        bitcoin.price = market::CrossMid{.mid = price, .best_bid = price - 1, .best_ask = price + 1, .venues = 1};
        bitcoin.markets = {{.instrument = market::InstrumentId{1},
                            .mid = price,
                            .age = std::chrono::milliseconds{40},
                            .state = exchange::StreamState::live},
                           {.instrument = market::InstrumentId{0}}};
        bitcoin.leads = {{.first = market::InstrumentId{1},
                          .second = market::InstrumentId{0},
                          .at = from_ms(1'749'999'600'000),
                          .coverage = 0.75,
                          .agreement = {{.lag = std::chrono::seconds{1}, .correlation = 0.5, .ratio = 3}},
                          .leader = market::InstrumentId{1}}};
        views::CoinMarkets ether{.coin = "ETH", .quote = "USDT", .venues_followed = 1};
        ether.markets = {{.instrument = market::InstrumentId{2}}};
        return {bitcoin, ether};
    }
    static analysis::DimensionScore opinion(analysis::Dimension dimension, std::optional<double> score,
                                            double coverage) {
        analysis::DimensionScore made{.dimension = dimension};
        analysis::Component component{
            .name = "trade_imbalance", .unit = "1", .weight = 1, .map = analysis::MapKind::z0};
        for (const analysis::Frame frame : {analysis::Frame::m1, analysis::Frame::m5}) {
            component.leaves.push_back({.frame = frame,
                                        .weight = 0.5,
                                        .score = score,
                                        .value = score ? std::optional(0.25) : std::nullopt,
                                        .coverage = coverage,
                                        .n = 100,
                                        .n_min = 60,
                                        .age = std::chrono::milliseconds{250},
                                        .source_sequence = 77,
                                        .map = {.kind = analysis::MapKind::z0,
                                                .sign = 1,
                                                .spread = {.centre = 0, .spread = 1, .is_degenerate = false}}});
        }
        if (!score) component.leaves[0].ready_in = std::chrono::minutes{42};
        made.components.push_back(std::move(component));
        analysis::combine(made);
        return made;
    }
    static confluence::ScoreRecord record(Timestamp at, const analysis::DimensionScore& flow,
                                          const analysis::DimensionScore& liquidity) {
        confluence::Opinions opinions{.at = floor_to(at, std::chrono::seconds{1})};
        opinions.dimensions[static_cast<std::size_t>(analysis::Dimension::order_flow)] = &flow;
        opinions.dimensions[static_cast<std::size_t>(analysis::Dimension::liquidity)] = &liquidity;
        opinions.memberships = memberships();
        opinions.quality = {.q_data = 0.9, .q_liquidity = 0.8, .q_toxicity = 0.95};
        return confluence::combine(opinions, {}, confluence::Params{});
    }
    static std::shared_ptr<const confluence::ScoreRecord> unevaluated() {
        return std::make_shared<const confluence::ScoreRecord>(
            confluence::unevaluated(memberships(), confluence::Params{}));
    }
    /// Order flow and liquidity; a beta would not apply.
    static analysis::Memberships memberships() {
        analysis::Memberships made{};
        made[static_cast<std::size_t>(analysis::Dimension::order_flow)] = analysis::Membership::member;
        made[static_cast<std::size_t>(analysis::Dimension::liquidity)] = analysis::Membership::member;
        made[static_cast<std::size_t>(analysis::Dimension::bitcoin_beta)] = analysis::Membership::not_applicable;
        return made;
    }
    static std::shared_ptr<const confluence::ScoreRecord> warming(Timestamp at) {
        auto made = record(at, opinion(analysis::Dimension::order_flow, std::nullopt, 0),
                           opinion(analysis::Dimension::liquidity, 55, 0.3));
        made.ready_in = std::chrono::minutes{42};
        return std::make_shared<const confluence::ScoreRecord>(std::move(made));
    }
    /// One that was not measured, one that its condition stops, one that would be a signal.
    static std::vector<alpha::Judgement> strategies() {
        alpha::Judgement silent{.mode = alpha::Mode::shadow,
                                .verdict = alpha::not_measured(alpha::Strategy::residual_momentum)};
        silent.gates = silent.verdict.conditions;
        alpha::Judgement held{.mode = alpha::Mode::on, .verdict = {.strategy = alpha::Strategy::lead_lag}};
        held.verdict.conditions = held.gates = {signals::at_least("worth", .8, 1, "round trips still to come")};
        alpha::conclude(held.verdict, 2, 2, std::chrono::minutes{15}, {});
        alpha::Judgement raised{.mode = alpha::Mode::on, .verdict = {.strategy = alpha::Strategy::beta_shift}};
        alpha::conclude(raised.verdict, -4, 3, std::chrono::hours{4}, {"one", "two"});
        return {silent, held, raised};
    }
    static views::Row bitcoin(Timestamp at, double price) {
        views::Row row{.instrument = instrument("BTC", market::Category::linear)};
        row.price = price;
        row.change_24h_pct = 2.5;
        row.high_24h = price + 100;
        row.low_24h = price - 100;
        row.volume_24h = 1234.5;
        row.turnover_24h_usd = 1e9;
        row.funding_rate = 0.0001;
        row.funding_interval_hours = 8;
        row.funding_zscore = -1.25;
        row.next_funding_at = at + std::chrono::hours{1};
        row.open_interest_usd = 5e9;
        row.open_interest_change_1h_pct = -0.4;
        row.spread_bps = 0.02;
        auto score = record(at, opinion(analysis::Dimension::order_flow, 81.7, 0.93),
                            opinion(analysis::Dimension::liquidity, 34.1, 0.77));
        score.direction = confluence::Direction::neutral;
        row.score = std::make_shared<const confluence::ScoreRecord>(std::move(score));
        row.score_change = 1.5;
        row.score_history = {{at - std::chrono::minutes{5}, 51.5}};
        row.age = std::chrono::milliseconds{120};
        row.gates = std::make_shared<const std::vector<signals::Gate>>(signals::gates(*row.score, {}, {}, {}));
        row.gate = views::GateView{.name = "coverage",
                                   .value = 0.62,
                                   .threshold = 0.8,
                                   .unit = "of the evidence",
                                   .is_known = true,
                                   .text = "62 % of the evidence is alive, 80 % are needed",
                                   .remedy = "wait"};
        row.reasons = {"buyers lift the ask"};
        row.strategies = std::make_shared<const std::vector<alpha::Judgement>>(strategies());
        return row;
    }
    /// Five-minute bars by every estimator, four-hour bars by those that need few, no search for a lag yet.
    static std::shared_ptr<const views::BetaView> beta(Timestamp at) {
        analysis::bitcoin_beta::BetaEstimates few{.at = floor_to(at, std::chrono::minutes{5}), .n = 12};
        few.least_squares = {.slope = 1.5, .slope_error = 0.1, .slope_error_hac = 0.2, .correlation = 0.8, .n = 12};
        few.vasicek = {.weight = 0.9, .beta = 1.47, .error = 0.09};
        few.blume = {1.3, 0.07, 12};
        analysis::bitcoin_beta::BetaEstimates all = few;
        all.n = 288;
        all.coverage = 1;
        all.correlation = indicators::Interval{0.75, 0.84};
        all.ewma = all.kalman = all.scholes_williams = all.dimson = {1.4, 0.15, 288};
        all.up_down =
            indicators::UpDownBeta{.up = 1.4, .down = 1.6, .wald = 2, .p = 0.16, .n_up = 140, .n_down = 148};
        all.broken = indicators::BreakTest{.statistic = 0.8, .p = 0.54, .at = 100};
        auto made = std::make_shared<views::BetaView>();
        made->frames[analysis::beta_index(analysis::Frame::m5)] = all;
        made->frames[analysis::beta_index(analysis::Frame::h4)] = few;
        return made;
    }
    static std::shared_ptr<views::SymbolDetail> empty_detail() {
        auto made = std::make_shared<views::SymbolDetail>();
        for (auto& candles : made->candles) candles.closed = std::make_shared<const std::vector<market::Candle>>();
        made->liquidations = std::make_shared<const std::vector<market::TimedLiquidation>>();
        return made;
    }
    static std::shared_ptr<const views::SymbolDetail> known_detail(Timestamp at, double price) {
        auto made = empty_detail();
        const auto ticks = static_cast<std::int64_t>(10 * price);
        made->book = {
            .state = exchange::StreamState::live, .generation = 3, .at = at - std::chrono::milliseconds{40}};
        for (std::int64_t level = 0; level < 25; ++level) {
            made->book.bids.push_back({Ticks{ticks - 1 - level}, Lots{1000 + level}});
            made->book.asks.push_back({Ticks{ticks + 1 + level}, Lots{2000 + level}});
        }
        made->trades = {{.at = at,
                         .trade = {.price = Ticks{ticks}, .quantity = Lots{500}, .aggressor = market::Side::sell},
                         .sequence = 1}};
        auto closed = std::make_shared<std::vector<market::Candle>>();
        const Timestamp minute = floor_to(at, std::chrono::minutes{1});
        for (int i = 3; i >= 1; --i) closed->push_back(candle(minute - i * std::chrono::minutes{1}, price - i, true));
        made->candles[0] = {.closed = closed, .open = candle(minute, price, false)};
        made->liquidations =
            std::make_shared<const std::vector<market::TimedLiquidation>>(std::vector<market::TimedLiquidation>{
                {from_ms(1'749'999'998'000), {market::LiquidatedSide::long_position, 59'000, 0.5}},
                {from_ms(1'749'999'999'000), {market::LiquidatedSide::short_position, 59'000.5, 0.25}}});
        made->minute = closed_minute(minute);
        return made;
    }
    /// The same for all pictures of that minute.
    static std::shared_ptr<const views::MinuteDetail> closed_minute(Timestamp at) {
        auto made = std::make_shared<views::MinuteDetail>();
        made->at = at;
        for (int i = 3; i >= 1; --i)
            made->minutes.push_back(std::make_shared<const analysis::MinuteFeatures>(
                analysis::MinuteFeatures{.start = at - i * std::chrono::minutes{1}, .close_1m = 59'990.0 + i}));
        made->measures = {{.name = "spread", .unit = "bps", .value = 0.02, .n = 1, .coverage = 1, .age = Nanos{0}},
                          {.name = "impact_buy_1m", .unit = "bps", .flags = {analysis::Flag::not_covered}}};
        using analysis::liquidity::ZoneKind;
        made->zones = {
            .atr = 120, .placebo = {.touches = 100, .bounces = 60, .penetration_atr = 0.3}, .placebo_rate = 0.6};
        made->zones.zones = {{.price = 59'900.5,
                              .kinds = 1U << static_cast<unsigned>(ZoneKind::swing_4h) |
                                       1U << static_cast<unsigned>(ZoneKind::round_number),
                              .born = at - std::chrono::hours{24},
                              .strength = 1.5,
                              .support = {.touches = 10,
                                          .bounces = 9,
                                          .bounce_rate = {.lower = 0.65, .upper = 0.98},
                                          .penetration_atr = 0.2},
                              .value = 0.02,
                              .distance_atr = -0.8}};
        made->profile = views::ProfileView{
            .closed_until = at,
            .row_height = 10,
            .area = {.point_of_control = 59'990, .high = 60'000, .low = 59'990, .volume = 30, .total = 35},
            .rows = {{59'980, 5}, {59'990, 20}, {60'000, 10}}};
        made->footprints = {
            {.minute = {.end = at - std::chrono::minutes{1}, .bucket_ticks = 5}, .levels = {}},
            {.minute = {.end = at, .bucket_ticks = 5, .stacks = {.buy = 1, .sell = 0}},
             .levels = {{.bucket = 119'980, .bought = 2, .sold = 0.5}, {.bucket = 119'981, .bought = 3}}}};
        made->liquidation_levels = {.levels = {{59'400, 1e6, 0}, {60'600, 0, 2e6}},
                                    .explained_share = 0.4,
                                    .announced = {.trials = {.reached = 20, .hits = 15, .liquidated_quote = 4e6},
                                                  .hit_rate = {.lower = 0.57, .upper = 0.87}}};
        using analysis::smart_money::EventKind;
        using analysis::smart_money::EventState;
        made->events = {{.kind = EventKind::fair_value_gap,
                         .state = EventState::open,
                         .direction = 1,
                         .bars = analysis::Frame::m5,
                         .t_event = at - std::chrono::minutes{15},
                         .t_confirm = at - std::chrono::minutes{10},
                         .low = 59'950,
                         .high = 59'970,
                         .displacement_atr = 1.4},
                        {.kind = EventKind::vanished_order,
                         .resting_side = market::Side::sell,
                         .t_event = at - std::chrono::seconds{9},
                         .t_confirm = at - std::chrono::seconds{6},
                         .low = 60'100,
                         .high = 60'100,
                         .notional_quote = 4e6,
                         .strength = 0.95}};
        views::TechnicalView technical{.closed_until = at, .bars = 30};
        technical.values[static_cast<std::size_t>(indicators::TechnicalValue::sma_20)] = 59'990;
        made->technical[static_cast<std::size_t>(market::Timeframe::m5)] = technical;
        return made;
    }
    static market::Candle candle(Timestamp open_time, double close, bool is_closed) {
        return {.open_time = open_time,
                .interval = std::chrono::minutes{1},
                .open = close - 1,
                .high = close + 2,
                .low = close - 3,
                .close = close,
                .volume_base = 12.5,
                .is_closed = is_closed};
    }
};

/// A server on free ports of its own loop, and a client. A warning in the log fails the test.
class ServerTest : public testing::Test {
protected:
    ServerTest() {
        const auto listening = server.listen();
        EXPECT_TRUE(listening) << listening.error().what;
    }
    net::HttpResponse ask(std::string url, net::Method method = net::Method::get,
                          std::vector<net::HttpHeader> headers = {}) {
        std::optional<Result<net::HttpResponse>> result;
        client.send({.url = std::move(url), .method = method, .headers = std::move(headers)},
                    [&](Result<net::HttpResponse> answer) { result = std::move(answer); });
        EXPECT_TRUE(loop.run_until([&] { return result.has_value(); }));
        if (!result || !*result) {
            ADD_FAILURE() << (result ? result->error().what : std::string("no answer"));
            return {};
        }
        return **result;
    }
    net::HttpResponse get(const std::string& path, std::vector<net::HttpHeader> headers = {}) {
        return ask("http://127.0.0.1:" + std::to_string(server.port()) + path, net::Method::get, std::move(headers));
    }
    net::HttpResponse monitoring(const std::string& path) {
        return ask("http://127.0.0.1:" + std::to_string(server.monitoring_port()) + path);
    }
    /// What a raw request is answered, to the end of the head.
    std::string head_of(const std::string& request) {
        net::RawSocket socket(server.port());
        socket.write(request);
        EXPECT_TRUE(loop.run_until([&] {
            socket.drain();
            return socket.is_ended || socket.received.find("\r\n\r\n") != std::string::npos;
        }));
        return socket.received;
    }

    /// Of two hundred signals that meet their target more often the stronger they are.
    static TrackRecord made_track_record(std::string market) {
        std::vector<track_record::Judged> all;
        for (int i = 0; i < 200; ++i) {
            track_record::Judged one{.strategy = "confluence",
                                     .symbol = i % 2 == 0 ? "bybit-linear-BTCUSDT" : "bybit-linear-ETHUSDT",
                                     .confirmed_at = signals::kEntered + i * std::chrono::hours{9},
                                     .segment = track_record::Segment::demo};
            one.ended_at = one.confirmed_at + std::chrono::hours{1};
            one.side = i % 3 == 0 ? -1 : 1;
            const double strength = 60 + i % 20;
            one.score = one.side > 0 ? strength : 100 - strength;
            one.barrier = i % 7 < (i % 20) / 4 ? track_record::Barrier::target : track_record::Barrier::stop;
            one.net_r = one.barrier == track_record::Barrier::target ? 1.2 : -1.1;
            one.horizons[0] = {.gross = Bps{i % 11 - 5.0}, .net = Bps{i % 11 - 15.0}};
            all.push_back(std::move(one));
        }
        const auto segment = track_record::Segment::demo;
        return {.market = std::move(market),
                .segment = segment,
                .segments = {{segment, all.size()}},
                .trials = 1,
                .calibrations = {{"confluence", track_record::calibrate(all, {.segment = segment})}},
                .edges = track_record::edges_of(all, {.segment = segment}),
                .performance = track_record::evaluate(all, {.segment = segment}, {})};
    }
    static std::vector<records::StoredEntry> ledger_of(const signals::Signal& signal) {
        JsonWriter body;
        const market::Instrument bitcoin = SmallMarket::instrument("BTC", market::Category::linear);
        signals::write_signal(body, signal, bitcoin);
        return {{.number = 1,
                 .entry = {.market = "demo",
                           .signal = signal.id,
                           .entry = "raised",
                           .at = signal.confirmed_at,
                           .run = "run-7",
                           .instrument = bitcoin.path_id(),
                           .direction = "long",
                           .strategy = signal.strategy,
                           .state = "open",
                           .score = signal.score,
                           .body = body.take()},
                 .hash = std::string(64, 'a')}};
    }

    /// One that can be read, one whose rows are damaged, one that cannot be read.
    static std::vector<StoredHistory> stored_histories() {
        const history::Series bars{.symbol = "BTCUSDT", .kind = history::Kind::klines, .step_ms = 60'000};
        const history::Series funding{.symbol = "BTCUSDT", .kind = history::Kind::funding};
        return {{.file = "bybit/linear/BTCUSDT/funding.vth", .series = funding, .bytes = 72, .is_damaged = true},
                {.file = "bybit/linear/BTCUSDT/klines-1m.vth",
                 .series = bars,
                 .extent = history::TimeRange{1'767'225'600'000, 1'767'225'720'000},
                 .bytes = 300},
                {.file = "bybit/linear/ODD/klines-1m.vth", .problem = "is no history file"}};
    }
    /// Two minutes; of the second the turnover is not known. There are older ones.
    static history::Page two_bars() {
        history::Page page{.rows = history::Table(history::Kind::klines), .next_ms = 1'767'225'600'000};
        history::add_row(page.rows, 1'767'225'600'000, {"90000.5", "90010", "89999", "90001", "12.50", "1125000"});
        history::add_row(page.rows, 1'767'225'660'000, {"90001", "90002", "90000", "90002", "0.001"});
        return page;
    }

    /// Of the Bitcoin perpetual, with its entry.
    static KeptTrade kept_trade_7() {
        const market::Instrument bitcoin = SmallMarket::instrument("BTC", market::Category::linear);
        execution::Trade trade{.id = 7, .plan = {.strategy = "confluence", .stop = Ticks{594'000}}};
        trade.closing = execution::TradeEnd::not_entered;
        trade.ended_at = from_ms(1'750'000'000'000);
        JsonWriter body, order;
        execution::write_trade(body, trade, bitcoin, std::nullopt);
        execution::write_order(order, 7, trading::Order({.id = {1, 1}}, trading::Purpose::entry, *trade.ended_at),
                               bitcoin);
        return {{.market = "demo", .number = 7, .at = *trade.ended_at, .state = "closed", .body = body.take()},
                {{.market = "demo", .order = "v1-1", .trade = 7, .body = order.take()}}};
    }

    obs::FailOnWarning log;
    obs::Metrics metrics;
    net::Loop loop;
    std::vector<records::TradeQuery> trades_asked;
    Result<records::ScorePage> stored =
        records::ScorePage{.scores = records::made_batch(1, 2).scores, .cursor = "next"};
    std::vector<records::ScoreQuery> asked;
    std::vector<records::SignalQuery> signals_asked;
    std::vector<std::optional<track_record::Segment>> segments_asked;
    Result<std::vector<StoredHistory>> histories = stored_histories();
    Result<history::Page> history_page = two_bars();
    std::vector<std::pair<history::Series, history::PageQuery>> history_asked;
    std::vector<Job> jobs = {{.id = "2",
                              .kind = "history_download",
                              .what = "bybit linear BTCUSDT funding",
                              .state = JobState::running,
                              .progress = 0.25,
                              .asked_at = from_ms(1'750'000'000'000),
                              .started_at = from_ms(1'750'000'001'000),
                              .can_be_cancelled = true},
                             {.id = "1",
                              .kind = "record_copy",
                              .what = "records.db",
                              .state = JobState::failed,
                              .asked_at = from_ms(1'750'000'000'000),
                              .ended_at = from_ms(1'750'000'002'000),
                              .error = "the disk is full: make room"}};
    std::vector<DownloadOrder> downloads;
    Result<Job> download = jobs[0];
    Result<Job> replay = Job{.id = "3",
                             .kind = "decision_replay",
                             .what = "00000000000000ab of bybit-linear-BTCUSDT",
                             .asked_at = from_ms(1'750'000'000'000),
                             .can_be_cancelled = true};
    std::vector<std::pair<std::string, std::string>> replays_asked;
    Result<ReplayedDecision> replayed =
        ReplayedDecision{.signal = "00000000000000ab",
                         .entry = "raised",
                         .instrument = "bybit-linear-BTCUSDT",
                         .run = "00000000000000aa",
                         .at = from_ms(1'750'000'000'000),
                         .record_number = 17,
                         .recording = "run-00000000000000aa-*.vtj",
                         .job = std::nullopt,
                         .found = ReplayFound{.outcome = ReplayOutcome::equal,
                                              .score_record = {.is_kept = true, .is_made = true, .bytes = 900},
                                              .signal = {.is_kept = true, .is_made = true, .bytes = 400},
                                              .events = 5000,
                                              .replayed_at = from_ms(1'750'000'003'000),
                                              .took = std::chrono::milliseconds{250}}};
    std::vector<std::string> cancelled;
    Result<void> cancelling = {};
    std::vector<records::StoredEntry> ledger = ledger_of(signals::test_signal());
    Server server{
        loop,
        {.port = 0,
         .monitoring_port = 0,
         .run = "run-7",
         .mode = views::MarketMode::demo,
         .read_scores =
             [this](records::ScoreQuery query, const auto& done) {
                 asked.push_back(std::move(query));
                 done(stored);
             },
         .find_record =
             [](const std::string&, const std::string& instrument, Timestamp at, const RecordFound& done) {
                 const bool is_there = at == from_ms(1'700'000'060'000);
                 done(is_there ? std::optional(R"({"id":")" + instrument + R"(","score":61.25})") : std::nullopt);
             },
         .read_signals =
             [this](records::SignalQuery query, const auto& done) {
                 signals_asked.push_back(std::move(query));
                 done(records::SignalPage{.signals = ledger, .cursor = "7"});
             },
         .read_entries =
             [this](const std::string&, const std::string& signal, const api::EntriesRead& done) {
                 done(signal == ledger[0].entry.signal ? ledger : std::vector<records::StoredEntry>{});
             },
         .read_track_record =
             [this](std::string market, std::optional<track_record::Segment> segment,
                    const api::TrackRecordRead& done) {
                 segments_asked.push_back(segment);
                 done(std::make_shared<const TrackRecord>(made_track_record(std::move(market))));
             },
         .read_trades =
             [this](records::TradeQuery query, const auto& done) {
                 trades_asked.push_back(std::move(query));
                 done(records::TradePage{.trades = {kept_trade_7().trade}, .cursor = "7"});
             },
         .read_trade =
             [](const std::string&, std::uint64_t number, const TradeRead& done) {
                 done(number == 7 ? std::optional(kept_trade_7()) : std::nullopt);
             },
         .list_history = [this](const HistoryListed& done) { done(histories); },
         .read_history =
             [this](history::Series series, const history::PageQuery& query, const HistoryRead& done) {
                 history_asked.emplace_back(std::move(series), query);
                 done(history_page);
             },
         .start_download =
             [this](const DownloadOrder& order) {
                 downloads.push_back(order);
                 return download;
             },
         .list_jobs = [this] { return jobs; },
         .cancel_job =
             [this](const std::string& id) {
                 cancelled.push_back(id);
                 return cancelling;
             },
         .start_replay =
             [this](std::string market, std::string signal, const ReplayStarted& done) {
                 replays_asked.emplace_back(std::move(market), std::move(signal));
                 done(replay);
             },
         .read_replay = [this](const std::string&, const std::string&, const ReplayRead& done) { done(replayed); }},
        metrics};
    net::HttpClient client{loop, {}};
};

}  // namespace vt::api
