#include "engine/occurrence_watch.hpp"

#include "base/decimal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>
#include <variant>

namespace vt::engine {
namespace {

using AlertKind = alerts::Kind;
using alerts::Occurrence;
using alerts::Severity;

/// Money that may be at risk now; what a person has to look at; what is only to be known.
Severity severity_of(execution::WarningKind kind) {
    using Warning = execution::WarningKind;
    switch (kind) {
        case Warning::unprotected:
        case Warning::liquidated:
        case Warning::not_resumed: return Severity::critical;
        case Warning::exit_failed:
        case Warning::position_differs:
        case Warning::wallet_differs:
        case Warning::not_representable: return Severity::high;
        case Warning::order_unknown:
        case Warning::external_order:
        case Warning::leverage_not_set: return Severity::warn;
        case Warning::order_absent: return Severity::info;
    }
    return Severity::high;
}

Severity severity_of(const risk::ModeChange& change) {
    if (change.to == risk::Mode::halted) return Severity::critical;
    return change.to == risk::Mode::reducing ? Severity::high : Severity::info;
}

std::string text_of(const market::Instrument& instrument, Ticks price) {
    return format_steps(price.value(), instrument.tick_size);
}

alerts::Levels levels_of(const signals::Signal& signal, const market::Instrument& instrument) {
    const auto text = [&](double price) {
        return format_steps(static_cast<std::int64_t>(std::llround(price / instrument.tick())), instrument.tick_size);
    };
    alerts::Levels levels{.entry = text(signal.levels->entry), .stop = text(signal.levels->stop)};
    for (const double target : signal.levels->targets) levels.targets.push_back(text(target));
    return levels;
}

Occurrence of_signal(const Symbol& symbol, const signals::Signal& signal) {
    const market::Instrument& instrument = symbol.instrument();
    Occurrence raised{.kind = AlertKind::signal,
                      .instrument = instrument.path_id(),
                      .symbol = instrument.symbol,
                      .side = signal.side == market::Side::buy ? alerts::Side::up : alerts::Side::down,
                      .at = signal.confirmed_at,
                      .size = std::abs(signal.score - 50),
                      .price = signal.mid,
                      .price_decimals = instrument.tick_size.scale,
                      .coverage = signal.coverage,
                      .what = signal.strategy + "."};
    for (const std::string& reason : signal.reasons) raised.what += " " + reason;
    if (signal.is_uncalibrated) raised.what += " Uncalibrated: too few outcomes are known.";
    raised.score = figures_of(*symbol.score);
    if (signal.levels) raised.levels = levels_of(signal, instrument);
    return raised;
}

}  // namespace

void OccurrenceWatch::emit(Occurrence occurrence, std::vector<Effect>& effects) {
    effects.emplace_back(Noticed{std::make_shared<const Occurrence>(std::move(occurrence))});
}

void OccurrenceWatch::on_second(const Symbol& symbol, Timestamp second, std::vector<Effect>& effects,
                                std::size_t first) {
    seen_.clear();
    for (std::size_t i = first; i < effects.size(); ++i) {
        const auto* signalled = std::get_if<Signalled>(&effects[i]);
        if (signalled != nullptr && signalled->change->change == signals::Change::raised)
            seen_.push_back(of_signal(symbol, signalled->change->signal));
    }
    symbols_[symbol.instrument().id].on_second(symbol, second, seen_);
    for (Occurrence& occurrence : seen_) emit(std::move(occurrence), effects);
}

void OccurrenceWatch::on_streams(market::Venue venue, Timestamp second,
                                 std::span<const std::unique_ptr<Symbol>> symbols, std::vector<Effect>& effects) {
    Streams& streams = streams_[static_cast<std::size_t>(venue)];
    std::array<std::uint32_t, market::kStreamCount> silent{};
    std::uint32_t all = 0;
    for (const auto& symbol : symbols) {
        if (symbol->instrument().venue != venue || !symbol->instrument().is_trading()) continue;
        auto& were_live = streams.were_live[symbol->instrument().id];
        for (std::size_t i = 0; i < market::kStreamCount; ++i) {
            const bool is_live = symbol->stream_states[i] == exchange::StreamState::live;
            were_live[i] = were_live[i] || is_live;
            if (is_live || !were_live[i]) continue;
            ++silent[i];
            ++all;
        }
    }
    streams.told = std::min(streams.told, all);
    if (all < std::max(1U, 2 * streams.told)) {  // again where it has become far worse
        streams.worse_since.reset();
        return;
    }
    if (!streams.worse_since) streams.worse_since = second;
    if (second - *streams.worse_since < kSilentFor) return;
    streams.worse_since.reset();
    streams.told = all;
    Occurrence stale{.kind = AlertKind::feed_stale, .at = second, .count = all};
    stale.what = std::string(market::name(venue)) + " is silent: ";
    bool is_first = true;
    for (std::size_t i = 0; i < market::kStreamCount; ++i) {
        if (silent[i] == 0) continue;
        stale.what += (is_first ? "" : ", ") + std::to_string(silent[i]) + " x " +
                      std::string(market::name(static_cast<market::Stream>(i)));
        is_first = false;
    }
    emit(std::move(stale), effects);
}

std::optional<Occurrence> OccurrenceWatch::of_trade(const execution::Trade& trade,
                                                    const market::Instrument& instrument) {
    Occurrence said{.kind = AlertKind::trade,
                    .instrument = instrument.path_id(),
                    .symbol = instrument.symbol,
                    .side = trade.plan.side == market::Side::buy ? alerts::Side::up : alerts::Side::down,
                    .price_decimals = instrument.tick_size.scale};
    const std::string number = "Trade " + std::to_string(trade.id);
    if (trade.ended_at) {
        const bool is_of_now = *trade.ended_at >= *began_at_;  // not one of an earlier run that something is added to
        if (!trade.first_fill_at || !is_of_now || !ended_.insert(trade.id).second) return std::nullopt;
        entered_.erase(trade.id);
        if (ended_.size() > kEndedKept) ended_.erase(ended_.begin());
        said.at = *trade.ended_at;
        said.what = number + " has ended";
        if (trade.closing) said.what += " (" + std::string(execution::name(*trade.closing)) + ")";
        if (const auto result = execution::result_of(trade, instrument)) {
            std::array<char, 64> text{};
            std::snprintf(text.data(), text.size(), ": %+.2f %s, %+.2f R", trading::to_double(result->net),
                          instrument.settle.c_str(), result->r_multiple);
            said.what += text.data();
        }
        said.what += ".";
        return said;
    }
    if (!trade.first_fill_at || !entered_.insert(trade.id).second) return std::nullopt;
    if (*trade.first_fill_at < *began_at_) return std::nullopt;  // an earlier run told it
    said.at = *trade.first_fill_at;
    said.what = number + " was entered, " + trade.plan.strategy + ".";
    said.price = execution::entry_price(trade, instrument);
    said.levels = alerts::Levels{.entry = text_of(instrument, trade.plan.reference),
                                 .stop = text_of(instrument, trade.plan.stop)};
    for (const auto& rung : trade.plan.ladder)
        if (rung) said.levels->targets.push_back(text_of(instrument, rung->price));
    return said;
}

void OccurrenceWatch::on_trading(const TradingStep& step, const market::InstrumentDirectory& instruments,
                                 std::vector<Effect>& effects) {
    if (!began_at_) began_at_ = step.at;
    for (const desk::Output& output : step.outputs) {
        if (const auto* warning = std::get_if<execution::Warning>(&output)) {
            Occurrence said{.kind = AlertKind::account, .at = step.at, .severity = severity_of(warning->kind)};
            said.what = std::string(execution::name(warning->kind)) +
                        (warning->trade ? ", trade " + std::to_string(*warning->trade) : "") + ": " + warning->text;
            emit(std::move(said), effects);
        } else if (const auto* change = std::get_if<risk::ModeChange>(&output)) {
            Occurrence said{.kind = AlertKind::account, .at = step.at, .severity = severity_of(*change)};
            said.what =
                "trading is " + std::string(risk::name(change->to)) + " by " + change->who + ": " + change->reason;
            emit(std::move(said), effects);
        } else if (const auto* record = std::get_if<execution::RecordTrade>(&output)) {
            if (auto said = of_trade(record->trade, instruments[record->trade.plan.instrument]))
                emit(std::move(*said), effects);
        }
    }
}

}  // namespace vt::engine
