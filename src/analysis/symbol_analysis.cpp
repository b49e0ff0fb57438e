#include "analysis/symbol_analysis.hpp"

#include "analysis/archive.hpp"
#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "analysis/book_flow.hpp"
#include "analysis/book_range.hpp"
#include "analysis/features/band_sampler.hpp"
#include "analysis/features/minute_builder.hpp"
#include "analysis/input_log.hpp"
#include "analysis/liquidity/liquidity.hpp"
#include "analysis/minute_history.hpp"
#include "analysis/order_flow/order_flow.hpp"
#include "analysis/pending_queue.hpp"
#include "analysis/quality_tracker.hpp"
#include "analysis/quote_flow.hpp"
#include "analysis/regime_tracker.hpp"
#include "analysis/sentiment/sentiment.hpp"
#include "analysis/smart_money/recent_event.hpp"
#include "analysis/smart_money/smart_money.hpp"
#include "analysis/ticker_state.hpp"
#include "analysis/trade_flow.hpp"
#include "base/assert.hpp"

#include <algorithm>

namespace vt::analysis {
namespace {

/// How much before the first record after a load the caller's first evaluation may be.
constexpr Nanos kResumeMargin = std::chrono::seconds{3};
constexpr std::uint32_t kMagic = 0x4E415456;  // "VTAN"
constexpr std::uint32_t kStateVersion = 5;
constexpr std::size_t kMinuteSeconds = 60;
constexpr std::size_t kMaxPendingPrints = 8192;
constexpr std::size_t kMaxPendingOthers = 1024;

sentiment::SentimentParams sentiment_params(const market::Instrument& instrument, const AnalysisParams& params) {
    return {.liquidation_flags = params.liquidation_flags,
            .has_top_traders = params.has_top_traders,
            .phase = instrument.id.value()};
}

}  // namespace

struct SymbolAnalysis::State {
    market::Instrument instrument;
    AnalysisParams params;
    Memberships memberships;

    std::optional<Timestamp> first_record;
    std::optional<Timestamp> evaluated;     // the last grid second
    std::optional<Timestamp> closed_until;  // minutes before this are over: closed, or passed over
    bool is_resumed = false;                // loaded, and nothing has come since
    std::uint64_t n_late = 0;
    std::optional<Timestamp> missing_from, missing_until;  // rows that wait to be fetched

    PendingQueue<Print> prints{kMaxPendingPrints};
    PendingQueue<TickerUpdate> tickers{kMaxPendingOthers};
    PendingQueue<LiquidationPrint> liquidations{kMaxPendingOthers};
    TradeFlow trades;
    QuoteFlow quotes;
    BookFlow books;
    BandSampler bands;
    TickerState ticker;
    double liquidated_long = 0, liquidated_short = 0;  // of the open minute
    bool has_seen_liquidations = false;
    MinuteHistory history;
    order_flow::OrderFlow order_flow;
    sentiment::Sentiment sentiment;
    std::optional<FearAndGreed> fear_and_greed;  // of the evaluation in hand
    liquidity::Liquidity liquidity;
    std::optional<bitcoin_beta::BitcoinBeta> bitcoin_beta;  // of members only
    smart_money::SmartMoney smart_money;
    QualityTracker quality;
    // Not archived: a venue's history gives the regime's bars back at each start, and sequences are of one run's
    // journal.
    RegimeTracker regime;
    InputLog inputs_seen;
    MinuteFeatures closed_minute;
    std::vector<float> scratch;

    State(const market::Instrument& of, const AnalysisParams& with)
        : instrument(of),
          params(with),
          memberships(memberships_of(of)),
          sentiment(sentiment_params(of, with)),
          liquidity(instrument, params) {
        scratch.reserve(normaliser_plan(Frame::m1).n_kept);
        if (is_member(Dimension::bitcoin_beta)) bitcoin_beta.emplace(instrument, params.quote_flags);
    }

    template <class Archive>
    void archive(Archive& a) {
        a(first_record, evaluated, closed_until, n_late, missing_from, missing_until, prints, tickers, liquidations,
          trades, quotes, books, bands, ticker, liquidated_long, liquidated_short, has_seen_liquidations, history,
          order_flow, sentiment, liquidity, smart_money, quality);
        if (bitcoin_beta) a(*bitcoin_beta);
    }
    [[nodiscard]] bool is_member(Dimension dimension) const {
        return memberships[static_cast<std::size_t>(dimension)] == Membership::member;
    }

    /// A record further ahead than the bins reach cannot be placed: the caller evaluates first, so its time is wrong.
    [[nodiscard]] Timestamp reach() const {
        return evaluated ? *evaluated + kSecond * static_cast<std::int64_t>(kSecondsAhead) : Timestamp::max();
    }
    /// After a load, the first thing that comes may be much later than what was saved.
    void resume(Timestamp time) {
        if (!is_resumed) return;
        is_resumed = false;
        if (time < reach()) return;
        // The caller's first evaluation may be of a second or two before this record.
        const Timestamp until = floor_to(time, kSecond) - kResumeMargin;
        if (until - *evaluated > kSecond * static_cast<std::int64_t>(kSecondsKept)) {
            pass_over(floor_to(time, kSecond));
        } else {
            wait_through(until);
        }
    }
    /// Nothing was seen until now, but the hole is shorter than the rolling windows: its seconds are missing, what
    /// lies before them still counts.
    void wait_through(Timestamp until) {
        books.on_lost();
        smart_money.on_book_lost(*evaluated + Nanos{1});
        lose_quote(*evaluated + Nanos{1});
        EvaluationInputs inputs{.trades_missing = true};
        if (bitcoin_beta) inputs.bitcoin.priors = bitcoin_beta->priors();
        catch_up(until, market::OrderBook{}, inputs);
    }
    void catch_up(Timestamp until, const market::OrderBook& book, const EvaluationInputs& inputs);
    /// False for a record of a minute that is over, or of a time to come: it is counted and must be dropped.
    bool admit(Timestamp time) {
        resume(time);
        if ((closed_until && time < *closed_until) || time >= reach()) {
            ++n_late;
            return false;
        }
        if (!first_record) first_record = time;
        return true;
    }
    /// What the book does cannot be dropped: such an update counts at the nearest time that can be placed.
    [[nodiscard]] Timestamp placed(Timestamp time) const { return std::min(time, reach() - Nanos{1}); }
    void pass_over(Timestamp u);
    void advance_streams(Timestamp u, const market::OrderBook& book, const EvaluationInputs& inputs);
    void take_print(const Print& print) {
        trades.add(print);
        order_flow.on_print(print, ticker.volume_24h_base);
        smart_money.on_print(print);
    }
    void take_liquidation(const LiquidationPrint& liquidation) {
        (liquidation.is_long ? liquidated_long : liquidated_short) += liquidation.notional;
        has_seen_liquidations = true;
        sentiment.on_liquidation(liquidation);
    }
    void take_quote(const Quote& quote) {
        quotes.on_quote(quote);
        liquidity.on_quote(quote);
    }
    void lose_quote(Timestamp time) {
        quotes.on_lost(time);
        liquidity.on_quote_lost(time);
    }
    void sample_book(Timestamp u, const market::OrderBook& book) {
        const bool is_known = book.is_valid() && book.best(market::Side::buy) && book.best(market::Side::sell);
        if (!is_known) {
            bands.add(u, nullptr, nullptr);
            liquidity.sample_book(u, nullptr, nullptr);
            return;
        }
        const BookFrame frame{
            .time = u, .book = book, .instrument = instrument, .source_sequence = books.last_sequence()};
        const BookRange range(frame, books.snapshot_time());
        bands.add(u, &frame, &range);
        liquidity.sample_book(u, &frame, &range);
    }
    void advance_book(Timestamp time, const market::OrderBook& book) {
        books.advance(time, [&](Timestamp u) { sample_book(u, book); });
    }
    [[nodiscard]] Ages ages(Timestamp u, const EvaluationInputs& inputs) const;
    void close_minute(Timestamp u, const EvaluationInputs& inputs);
    void evaluate_dimensions(Timestamp u, const Ages& at, const BitcoinInputs& bitcoin);
    /// As of the last evaluation; null for those that are no members.
    [[nodiscard]] std::array<const DimensionScore*, kDimensionCount> scores() const {
        std::array<const DimensionScore*, kDimensionCount> result{};
        const auto set = [&](const DimensionScore& score) {
            const auto d = static_cast<std::size_t>(score.dimension);
            if (memberships[d] == Membership::member) result[d] = &score;
        };
        set(order_flow.score());
        set(sentiment.score());
        set(liquidity.score());
        if (bitcoin_beta) set(bitcoin_beta->score());
        set(smart_money.score());
        return result;
    }
};

Ages SymbolAnalysis::State::ages(Timestamp u, const EvaluationInputs& inputs) const {
    Ages result{.trades = inputs.trades_connection_age, .liquidations = inputs.liquidations_connection_age};
    if (const QuoteBin& quote = quotes.second_ending(u); quote.mid_end) result.quote = u - quote.last_time;
    if (const BookBin& book = books.second_ending(u); book.is_valid) result.book = u - book.last_time;
    if (ticker.time) result.ticker = u - *ticker.time;
    return result;
}

void SymbolAnalysis::State::close_minute(Timestamp u, const EvaluationInputs& inputs) {
    MinuteSources sources{.u = u, .trades = trades, .quotes = quotes, .books = books, .ticker = ticker};
    sources.trade_sums = trades.sums(u, kMinuteSeconds);
    sources.quote_sums = quotes.sums(u, kMinuteSeconds);
    sources.book_sums = books.sums(u, kMinuteSeconds);
    sources.bands = bands.minute(u);
    sources.parents = trades.close_minute(u);
    if (params.has_liquidations && (inputs.liquidations_connection_age || has_seen_liquidations)) {
        sources.liquidated_long = liquidated_long;
        sources.liquidated_short = liquidated_short;
    }
    sources.n_late = n_late;
    sources.is_complete = *first_record < u - kMinute;
    closed_minute = build_minute(sources);
    history.push(
        {.trades = sources.trade_sums, .quotes = sources.quote_sums, .ret_mid_bps = closed_minute.ret_mid_bps_1m},
        sources.book_sums);
    closed_minute.sigma_1m_bps = history.sigma_1m_bps();
    closed_minute.btc_ret_bps_1m = instrument.is_bitcoin() ? closed_minute.ret_mid_bps_1m : inputs.btc_ret_bps_1m;
    order_flow.close_minute(u, sources.trade_sums, instrument.tick());
    liquidity.close_minute(closed_minute);
    quality.close_minute(u, closed_minute, liquidity.depth_quote(), order_flow.vpin());
    liquidated_long = liquidated_short = 0;
    n_late = 0;
}

void SymbolAnalysis::State::advance_streams(Timestamp u, const market::OrderBook& book,
                                            const EvaluationInputs& inputs) {
    prints.release(u, [&](const Print& print) { take_print(print); });
    smart_money.advance(u);
    tickers.release(u, [&](const TickerUpdate& update) { ticker.apply(update); });
    liquidations.release(u, [&](const LiquidationPrint& liquidation) { take_liquidation(liquidation); });
    quotes.advance(u);
    advance_book(u, book);
    const bool prints_are_here = inputs.trades_connection_age.has_value() && !inputs.trades_missing;
    trades.close_second(u, prints_are_here);
    if (!prints_are_here) order_flow.mark_trade_gap();
    inputs_seen.close_second(u);
    evaluated = u;
}

/// Nothing was seen until u, the next second to be evaluated.
void SymbolAnalysis::State::pass_over(Timestamp u) {
    const Timestamp open = floor_to(*evaluated, kMinute);  // the minute that was under way is not whole any more
    const Timestamp until = floor_to(u, kMinute);
    if (first_record && until > open) {
        if (!missing_from) missing_from = std::max(open, floor_to(*first_record, kMinute));
        missing_until = until;
        const auto missed = std::min<std::int64_t>((until - open) / kMinute, MinuteHistory::kMinutes);
        for (std::int64_t i = 0; i < missed; ++i) history.push({}, {});
        quality.skip_minutes();
        closed_until = until;
    }
    inputs_seen.skip_minutes(*evaluated, u - kSecond);
    sentiment.skip(u - kSecond - *evaluated);
    evaluated = u - kSecond;
    prints.clear();
    tickers.clear();
    liquidations.clear();
    trades.skip_to(*evaluated);
    quotes.skip_to(*evaluated);
    books.skip_to(*evaluated);
    bands.skip_to(*evaluated);
    liquidated_long = liquidated_short = 0;
    order_flow.skip_to();
    liquidity.skip_to(*evaluated);
    smart_money.skip_to();
}

/// Goes on to `until` second by second without anybody asking for the scores. A minute that ends on the way is
/// missing.
void SymbolAnalysis::State::catch_up(Timestamp until, const market::OrderBook& book, const EvaluationInputs& inputs) {
    // Bitcoin's mid and score are as of another second; where the betas lie is not.
    const BitcoinInputs bitcoin{.priors = inputs.bitcoin.priors, .alpha_p = inputs.bitcoin.alpha_p};
    while (*evaluated + kSecond <= until) {
        const Timestamp u = *evaluated + kSecond;
        advance_streams(u, book, inputs);
        const bool is_over = closed_until && u <= *closed_until;
        if (floor_to(u, kMinute) == u && !is_over && first_record && *first_record < u) {
            if (!missing_from) missing_from = u - kMinute;
            missing_until = u;
            history.push({}, {});
            order_flow.skip_minute();
            quality.skip_minutes();
            closed_until = u;
        }
        evaluate_dimensions(u, ages(u, inputs), bitcoin);
    }
}

void SymbolAnalysis::State::evaluate_dimensions(Timestamp u, const Ages& at, const BitcoinInputs& bitcoin) {
    order_flow::FlowContext context{.second = {.u = u, .scratch = scratch},
                                    .trades = trades,
                                    .quotes = quotes,
                                    .books = books,
                                    .history = history,
                                    .ages = at,
                                    .quote_flags = params.quote_flags,
                                    .book_flags = params.book_flags};
    context.trades_1m = trades.sums(u, kMinuteSeconds);
    context.quotes_1m = quotes.sums(u, kMinuteSeconds);
    context.books_1m = books.sums(u, kMinuteSeconds);
    // The five minutes are the four before and this one: each second is added up once.
    const Timestamp before = u - kMinute;
    context.trades_5m = trades.sums(before, kSecondsKept - kMinuteSeconds);
    context.quotes_5m = quotes.sums(before, kSecondsKept - kMinuteSeconds);
    context.books_5m = books.sums(before, kSecondsKept - kMinuteSeconds);
    context.trades_5m.add(context.trades_1m);
    context.quotes_5m.add(context.quotes_1m);
    context.books_5m.add(context.books_1m);
    order_flow.evaluate(context);
    if (is_member(Dimension::sentiment)) {
        sentiment.evaluate({.second = {.u = u, .scratch = scratch},
                            .ages = at,
                            .ticker = ticker,
                            .mid = quotes.second_ending(u).mid_end,
                            .sigma_1m_bps = history.sigma_1m_bps(),
                            .fear_and_greed = fear_and_greed,
                            .interest_per_8h = instrument.interest_per_8h});
    }
    liquidity.take_bars(
        u, [&] { smart_money.restart_bars(); },
        [&](liquidity::BarSize size, const liquidity::PriceBar& bar, const liquidity::BarHistory& bars) {
            smart_money.on_bar(size, bar, bars);
        });
    smart_money.evaluate(context, order_flow);
    liquidity.set_spoof_like(smart_money.spoof_like(u));
    liquidity.evaluate(u, at, trades.large_threshold(), scratch);
    if (bitcoin_beta) bitcoin_beta->evaluate(u, quotes.second_ending(u).mid_end, at, bitcoin, scratch);
}

SymbolAnalysis::SymbolAnalysis(const market::Instrument& instrument, const AnalysisParams& params)
    : state_(std::make_unique<State>(instrument, params)) {}
SymbolAnalysis::~SymbolAnalysis() = default;
SymbolAnalysis::SymbolAnalysis(SymbolAnalysis&&) noexcept = default;
SymbolAnalysis& SymbolAnalysis::operator=(SymbolAnalysis&&) noexcept = default;

const order_flow::OrderFlow& SymbolAnalysis::order_flow() const { return state_->order_flow; }
const liquidity::Liquidity& SymbolAnalysis::liquidity() const { return state_->liquidity; }

void SymbolAnalysis::on_print(const Print& print) {
    State& s = *state_;
    if (!s.admit(print.time)) return;
    s.inputs_seen.note(print.time, print.source_sequence);
    if (s.prints.is_full()) s.prints.release(Timestamp::max(), [&](const Print& early) { s.take_print(early); });
    s.prints.push(print);
}

void SymbolAnalysis::on_quote(const Quote& quote) {
    VT_ASSERT(state_->params.quote_source == QuoteSource::quotes);
    if (!state_->admit(quote.time)) return;
    state_->inputs_seen.note(quote.time, quote.source_sequence);
    state_->take_quote(quote);
}

void SymbolAnalysis::before_book(Timestamp time, const market::OrderBook& book) {
    state_->resume(time);
    state_->advance_book(state_->placed(time), book);
}

void SymbolAnalysis::on_book(const BookFrame& frame) {
    State& s = *state_;
    const auto bid = frame.book.best(market::Side::buy);
    const auto ask = frame.book.best(market::Side::sell);
    if (!bid || !ask) return on_book_invalid(frame.time);
    (void)s.admit(frame.time);  // a late frame still changed the book: it counts from now on
    const Timestamp time = s.placed(frame.time);
    s.inputs_seen.note(time, frame.source_sequence);
    const BookFrame placed{
        .time = time, .book = frame.book, .instrument = frame.instrument, .source_sequence = frame.source_sequence};
    s.books.on_frame(placed);
    s.smart_money.on_book(placed, *s.books.top(), s.trades.large_threshold());
    if (s.params.quote_source != QuoteSource::book) return;
    Quote quote = quote_of({.bid = *bid, .ask = *ask}, s.instrument, time, frame.source_sequence);
    quote.generation = frame.book.generation();
    s.take_quote(quote);
}

void SymbolAnalysis::on_book_invalid(Timestamp time) {
    State& s = *state_;
    s.books.on_lost();
    s.smart_money.on_book_lost(s.placed(time));
    if (s.params.quote_source == QuoteSource::book) s.lose_quote(s.placed(time));
}

void SymbolAnalysis::on_ticker(const market::Ticker& ticker, Timestamp time, std::uint64_t source_sequence) {
    State& s = *state_;
    if (!s.admit(time)) return;
    s.inputs_seen.note(time, source_sequence);
    if (s.tickers.is_full()) s.tickers.release(Timestamp::max(), [&](const auto& early) { s.ticker.apply(early); });
    s.tickers.push(ticker_update(ticker, time));
}

void SymbolAnalysis::on_candle(const market::Candle& candle) {
    state_->liquidity.on_candle(candle);
    state_->sentiment.on_candle(candle);
    state_->regime.on_candle(candle);
}

void SymbolAnalysis::on_open_interest(const market::OpenInterestSample& sample, Timestamp time) {
    state_->sentiment.on_open_interest(time, sample.base);
}

void SymbolAnalysis::on_long_short_ratio(const market::LongShortRatio& ratio, Timestamp time) {
    state_->sentiment.on_long_short_ratio(time, ratio);
}

void SymbolAnalysis::on_settlement(const market::FundingSettlement& settlement, Timestamp time) {
    state_->sentiment.on_settlement(time, settlement.rate, state_->instrument.interest_per_8h);
}

void SymbolAnalysis::on_bitcoin_candle(const market::Candle& own, const market::Candle& bitcoin) {
    State& s = *state_;
    if (s.bitcoin_beta) s.bitcoin_beta->on_candles(own, bitcoin, s.scratch);
}

void SymbolAnalysis::on_liquidation(const market::Liquidation& liquidation, Timestamp time,
                                    std::uint64_t source_sequence) {
    State& s = *state_;
    if (!s.admit(time)) return;
    s.inputs_seen.note(time, source_sequence);
    if (s.liquidations.is_full()) {
        s.liquidations.release(Timestamp::max(), [&](const auto& early) { s.take_liquidation(early); });
    }
    s.liquidations.push({.time = time,
                         .is_long = liquidation.side == market::LiquidatedSide::long_position,
                         .notional = liquidation.price * liquidation.quantity});
}

void SymbolAnalysis::on_interest_changed(std::optional<double> per_8h) {
    state_->instrument.interest_per_8h = per_8h;
}

void SymbolAnalysis::on_contract_changed(const market::Instrument& instrument) {
    state_->instrument = instrument;
    state_->order_flow.clear_prices();
    state_->sentiment.clear_prices();
    state_->liquidity.clear_prices(instrument);
    if (state_->bitcoin_beta) state_->bitcoin_beta->clear_prices();
    state_->smart_money.clear_prices();
    state_->regime.clear_prices();
}

Evaluation SymbolAnalysis::evaluate(Timestamp u, const market::OrderBook& book, const EvaluationInputs& inputs) {
    VT_ASSERT(floor_to(u, kSecond) == u);
    if (state_->evaluated && u <= *state_->evaluated) {
        // Time went back: what is known is of a future that has not happened.
        state_ = std::make_unique<State>(state_->instrument, state_->params);
    }
    State& s = *state_;
    s.is_resumed = false;
    s.fear_and_greed = inputs.fear_and_greed;
    if (s.evaluated && u > *s.evaluated + kSecond) {
        if (u < s.reach()) {
            s.catch_up(u - kSecond, book, inputs);
        } else {
            s.pass_over(u);
        }
    }
    s.advance_streams(u, book, inputs);
    const bool is_over = s.closed_until && u <= *s.closed_until;
    const bool closes = floor_to(u, kMinute) == u && !is_over && s.first_record && *s.first_record < u;
    if (closes) {
        s.close_minute(u, inputs);
        s.closed_until = u;
    }
    const Ages ages = s.ages(u, inputs);
    s.evaluate_dimensions(u, ages, inputs.bitcoin);
    return {.at = u,
            .dimensions = s.scores(),
            .memberships = s.memberships,
            .quality = s.quality.quality(inputs),
            .market = s.regime.state(),
            .first_sequences = s.inputs_seen.firsts(),
            .closed_minute = closes ? &s.closed_minute : nullptr,
            .mid = s.quotes.second_ending(u).mid_end,
            .mid_age = ages.quote};
}

const bitcoin_beta::BitcoinBeta* SymbolAnalysis::bitcoin_beta() const {
    return state_->bitcoin_beta ? &*state_->bitcoin_beta : nullptr;
}

const sentiment::Facts* SymbolAnalysis::sentiment_facts() const {
    return state_->is_member(Dimension::sentiment) ? &state_->sentiment.facts() : nullptr;
}

void SymbolAnalysis::skip_to(Timestamp u) {
    VT_ASSERT(floor_to(u, kSecond) == u);
    if (state_->evaluated && u > *state_->evaluated + kSecond) state_->pass_over(u);
}

std::optional<MinuteFeatures> SymbolAnalysis::next_missing_minute() {
    State& s = *state_;
    if (!s.missing_from || *s.missing_from >= *s.missing_until) {
        s.missing_from.reset();
        return std::nullopt;
    }
    MinuteFeatures minute{.start = *s.missing_from, .is_missing = true};
    *s.missing_from += kMinute;
    return minute;
}

const smart_money::SmartMoney& SymbolAnalysis::smart_money() const { return state_->smart_money; }

std::vector<smart_money::RecentEvent> SymbolAnalysis::recent_events() const {
    return smart_money::recent_events(state_->smart_money, state_->order_flow, state_->liquidity);
}

const Ring<Whale>& SymbolAnalysis::whales() const { return state_->trades.whales(); }

void SymbolAnalysis::save(std::string& out) const {
    StateWriter writer(out);
    std::uint32_t magic = kMagic;
    std::uint32_t version = kStateVersion;
    Decimal tick = state_->instrument.tick_size;
    Decimal lot = state_->instrument.lot_size;
    writer(magic, version, tick.mantissa, tick.scale, lot.mantissa, lot.scale, *state_);
}

Result<void> SymbolAnalysis::load(std::string_view bytes, Nanos shift) {
    VT_ASSERT(shift % kMinute == Nanos{0});
    auto fresh = std::make_unique<State>(state_->instrument, state_->params);
    StateReader reader(bytes, shift);
    std::uint32_t magic = 0;
    std::uint32_t version = 0;
    Decimal tick;
    Decimal lot;
    reader(magic, version, tick.mantissa, tick.scale, lot.mantissa, lot.scale);
    state_ = std::make_unique<State>(fresh->instrument, fresh->params);
    if (reader.failed() || magic != kMagic) return fail(Errc::corrupt, "analysis state: these bytes are none");
    if (version != kStateVersion) {
        return fail(Errc::unsupported, "analysis state: version " + std::to_string(version) +
                                           ", this program reads " + std::to_string(kStateVersion));
    }
    if (!(tick == fresh->instrument.tick_size) || !(lot == fresh->instrument.lot_size)) {
        return fail(Errc::unsupported, "analysis state: made for other price or quantity steps of " +
                                           fresh->instrument.symbol + "; start without it");
    }
    reader(*fresh);
    if (reader.failed() || reader.remaining() != 0)
        return fail(Errc::corrupt, "analysis state: cut short or damaged");
    state_ = std::move(fresh);
    state_->is_resumed = true;
    return {};
}

void SymbolAnalysis::begin_prices_anew() {
    state_->quotes.forget_mids();
    state_->order_flow.forget_close();
    state_->sentiment.join_to_next_prices();
    if (state_->bitcoin_beta) state_->bitcoin_beta->join_to_next_prices();
}

}  // namespace vt::analysis
