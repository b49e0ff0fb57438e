#include "engine/symbol.hpp"

#include "analysis/grid.hpp"
#include "analysis/observation.hpp"

#include <utility>

namespace vt::engine {
namespace {

analysis::AnalysisParams analysis_params(const market::Instrument& instrument) {
    analysis::AnalysisParams params;
    const bool is_binance = instrument.venue == market::Venue::binance;
    const bool is_spot = instrument.category == market::Category::spot;
    params.quote_source = is_binance ? analysis::QuoteSource::quotes : analysis::QuoteSource::book;
    // Bybit merges depth updates over 20 ms and more, Binance spot over 100 ms; Binance's bookTicker and its futures'
    // depth@0ms send every change.
    if (!is_binance) params.quote_flags.set(analysis::Flag::conflated);
    if (!is_binance || is_spot) params.book_flags.set(analysis::Flag::conflated);
    params.has_liquidations = !is_spot;
    if (is_binance) params.liquidation_flags.set(analysis::Flag::censored);
    params.has_top_traders = is_binance && !is_spot;
    return params;
}

/// The timeframes whose bars the analysis reads.
constexpr std::array kBarFrames{market::Timeframe::m5, market::Timeframe::m30, market::Timeframe::h4};

}  // namespace

Symbol::Symbol(const market::Instrument& instrument, const confluence::Params& params,
               const signals::Params& signal_params)
    : score(std::make_shared<const confluence::ScoreRecord>(
          confluence::unevaluated(analysis::memberships_of(instrument), params))),
      state_(instrument),
      analysis_(instrument, analysis_params(instrument)),
      confluence_(params),
      signals_(signal_params) {
    stream_states.fill(exchange::StreamState::down);
}

void Symbol::relist(const market::Instrument& instrument) {
    const market::Instrument& known = state_.instrument();
    const bool has_new_terms = known.tick_size != instrument.tick_size || known.lot_size != instrument.lot_size ||
                               known.status != instrument.status;
    state_.relist(instrument);
    if (has_new_terms) {
        analysis_.on_contract_changed(instrument);
    } else {
        analysis_.on_interest_changed(instrument.interest_per_8h);
    }
    ++revision;
}

bool Symbol::apply(const market::Event& event) {
    ++revision;
    const bool is_book = std::holds_alternative<market::BookUpdate>(event.body) ||
                         std::holds_alternative<market::BookInvalid>(event.body);
    if (is_book) analysis_.before_book(event.exchange_time, state_.book());
    const market::ApplyOutcome outcome = state_.apply(event);
    if (is_book) {
        follow_book(event, outcome);
        return outcome.gap.has_value();
    }
    if (!outcome.is_change() && outcome.applied != market::Applied::unchanged) return false;
    if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
        ++trade_count;
        if (!trade->is_block) {
            analysis_.on_print(analysis::print_of(*trade, instrument(), event.exchange_time, event.source_sequence));
            signals_.on_trade(event.exchange_time, instrument().price(trade->price));
        }
    } else if (const auto* quote = std::get_if<market::BestQuote>(&event.body)) {
        analysis_.on_quote(analysis::quote_of(*quote, instrument(), event.exchange_time, event.source_sequence));
    } else if (std::holds_alternative<market::Ticker>(event.body)) {
        market::Ticker ticker = state_.ticker();
        if (!ticker.funding_interval) ticker.funding_interval = instrument().funding_interval;
        analysis_.on_ticker(ticker, event.exchange_time, event.source_sequence);
    } else if (const auto* liquidation = std::get_if<market::Liquidation>(&event.body)) {
        ++liquidation_count;
        analysis_.on_liquidation(*liquidation, event.exchange_time, event.source_sequence);
    } else {
        take_history(event);
    }
    return false;
}

void Symbol::take_history(const market::Event& event) {
    if (const auto* sample = std::get_if<market::OpenInterestSample>(&event.body)) {
        analysis_.on_open_interest(*sample, event.exchange_time);
    } else if (const auto* ratio = std::get_if<market::LongShortRatio>(&event.body)) {
        analysis_.on_long_short_ratio(*ratio, event.exchange_time);
    } else if (const auto* settlement = std::get_if<market::FundingSettlement>(&event.body)) {
        analysis_.on_settlement(*settlement, event.exchange_time);
        signals_.on_settlement(event.exchange_time, settlement->rate);
    }
}

void Symbol::follow_book(const market::Event& event, const market::ApplyOutcome& outcome) {
    if (!state_.book().is_valid()) {
        analysis_.on_book_invalid(event.exchange_time);
    } else if (outcome.applied != market::Applied::ignored) {
        analysis_.on_book({.time = event.exchange_time,
                           .book = state_.book(),
                           .instrument = instrument(),
                           .source_sequence = event.source_sequence});
    }
}

void Symbol::close_bars(Timestamp second, bool is_history_complete) {
    const bool is_minute_closed = state_.close_candles_until(second);
    // A minute that a later trade or the venue's own candle closed first is over without a word from here.
    const bool is_due = is_minute_closed || floor_to(second, analysis::kMinute) == second;
    if (!is_history_complete || !is_due) return;
    technical_.follow(state_.candles());
    for (const market::Timeframe frame : kBarFrames) {
        const market::CandleSeries& series = state_.candles()[frame];
        Timestamp& handed_until = bars_handed_until_[static_cast<std::size_t>(frame)];
        for (std::size_t i = series.first_from(handed_until); i < series.size(); ++i) {
            const market::Candle bar = series[i];
            if (!bar.is_closed) break;
            analysis_.on_candle(bar);
            handed_until = bar.open_time + bar.interval;
        }
    }
}

void Symbol::pair_bars_with(const Symbol& bitcoin) {
    for (const market::Timeframe frame : market::kTimeframes) {
        const market::CandleSeries& series = state_.candles()[frame];
        const market::CandleSeries& others = bitcoin.state().candles()[frame];
        Timestamp& paired_until = bars_paired_until_[static_cast<std::size_t>(frame)];
        for (std::size_t i = series.first_from(paired_until); i < series.size(); ++i) {
            const market::Candle bar = series[i];
            if (!bar.is_closed) break;
            paired_until = bar.open_time + bar.interval;
            const auto other = others.at(bar.open_time);
            if (other && other->is_closed) analysis_.on_bitcoin_candle(bar, *other);
        }
    }
}

void Symbol::keep_minute(std::shared_ptr<const analysis::MinuteFeatures> minute) {
    minutes_.push(std::move(minute));
    ++minute_revision;
}

}  // namespace vt::engine
