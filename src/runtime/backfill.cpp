#include "runtime/backfill.hpp"

#include "base/digest.hpp"
#include "base/version.hpp"
#include "engine/reconstruction.hpp"
#include "history/series_reader.hpp"
#include "market/candle_frames.hpp"
#include "net/loop.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/history_download.hpp"
#include "runtime/kept_signal.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace vt::runtime {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Nanos kDay = hours{24};
constexpr std::int64_t kBarsBefore = 1000;  ///< of each timeframe, before what is lived through

/// A kind of history, its step, and how far before the span it is needed.
struct Need {
    history::Kind kind = history::Kind::klines;
    Nanos step{};
    Nanos before{};
    bool is_of_span = true;  ///< else only of the time before it
};
constexpr std::array kNeeds{
    Need{history::Kind::klines, minutes{1}, hours{25}},
    Need{history::Kind::klines, minutes{5}, minutes{5} * kBarsBefore, false},
    Need{history::Kind::klines, minutes{30}, minutes{30} * kBarsBefore, false},
    Need{history::Kind::klines, hours{4}, hours{4} * kBarsBefore, false},
    Need{history::Kind::open_interest, minutes{5}, hours{24}},
    Need{history::Kind::account_ratio, hours{1}, hours{500}},
    Need{history::Kind::funding, Nanos{0}, hours{24 * 30}},
};

history::Series series_of(const std::string& symbol, const Need& need) {
    return {.symbol = symbol, .kind = need.kind, .step_ms = need.step / std::chrono::milliseconds{1}};
}

history::TimeRange range_of(Timestamp from, Timestamp to) { return {.from_ms = to_ms(from), .to_ms = to_ms(to)}; }

/// Rows of one series; none where there is no file.
Result<history::Table> rows_of(const std::filesystem::path& folder, const std::string& symbol, const Need& need,
                               history::TimeRange range) {
    auto reader = history::SeriesReader::open(folder / series_of(symbol, need).file());
    if (!reader && reader.error().code == Errc::not_found) return history::Table(need.kind);
    if (!reader) return tl::unexpected<Error>(reader.error());
    return reader->read(range);
}

/// A row as the fact that a venue's answer would be. out: absent where a needed figure is
std::optional<market::EventBody> fact_of(const history::Table& table, std::size_t row, Nanos step) {
    const auto real = [&](std::size_t column) { return table.columns[column].real(row); };
    switch (table.kind) {
        case history::Kind::klines: {
            if (!real(0) || !real(1) || !real(2) || !real(3) || !real(4)) return std::nullopt;
            return market::Candle{.open_time = from_ms(table.times_ms[row]),
                                  .interval = step,
                                  .open = *real(0),
                                  .high = *real(1),
                                  .low = *real(2),
                                  .close = *real(3),
                                  .volume_base = *real(4),
                                  // Only one of more than 18 digits is not kept; the gate of turnover then asks more.
                                  .turnover_quote = real(5).value_or(0),
                                  .is_closed = true};
        }
        case history::Kind::open_interest:
            return real(0) ? std::optional<market::EventBody>(market::OpenInterestSample{*real(0)}) : std::nullopt;
        case history::Kind::account_ratio:
            if (!real(0) || !real(1)) return std::nullopt;
            return market::LongShortRatio{*real(0), *real(1)};
        case history::Kind::funding:
            return real(0) ? std::optional<market::EventBody>(market::FundingSettlement{*real(0)}) : std::nullopt;
        case history::Kind::mark_klines:
        case history::Kind::top_account_ratio:
        case history::Kind::position_ratio: break;
    }
    return std::nullopt;
}

/// Hands the rows over. A candle counts when it has closed, a sample at its own time.
void hand_over(engine::Reconstruction& past, std::size_t index, const history::Table& table, Nanos step) {
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (auto fact = fact_of(table, row, step)) {
            const Nanos open_for = table.kind == history::Kind::klines ? step : Nanos{0};
            past.take(index, from_ms(table.times_ms[row]) + open_for, std::move(*fact));
        }
    }
}

Result<void> hand_over_before(engine::Reconstruction& past, const std::filesystem::path& folder,
                              const BackfillSpan& span) {
    for (std::size_t i = 0; i < past.size(); ++i) {
        for (const Need& need : kNeeds) {
            // Settlements that are still to come are charged to who is in a position then: all are told at once.
            const Timestamp until = need.kind == history::Kind::funding ? span.until : span.lived_from;
            VT_TRY(const history::Table table,
                   rows_of(folder, past.instrument(i).symbol, need, range_of(span.lived_from - need.before, until)));
            hand_over(past, i, table, need.step);
        }
    }
    return {};
}

Result<void> hand_over_day(engine::Reconstruction& past, const std::filesystem::path& folder, Timestamp day) {
    for (std::size_t i = 0; i < past.size(); ++i) {
        for (const Need& need : kNeeds) {
            if (!need.is_of_span || need.kind == history::Kind::funding) continue;
            VT_TRY(const history::Table table,
                   rows_of(folder, past.instrument(i).symbol, need, range_of(day, day + kDay)));
            hand_over(past, i, table, need.step);
        }
    }
    return {};
}

/// The run that finds these signals: the same for the same configuration and span, so that entries are the same.
std::string run_of(const engine::Params& params, double coverage_min, const BackfillSpan& span) {
    Digest digest;
    digest.update(params.confluence.configuration_hash);
    digest.update("|" + std::to_string(coverage_min) + "|" + std::to_string(to_ms(span.decide_from)) + "|" +
                  std::to_string(to_ms(span.until)));
    return digest.hex().substr(0, 16);
}

void note(ReconstructedSignals& found, const engine::Signalled& said, const market::Instrument& instrument,
          const std::string& ledger, const std::string& run) {
    const signals::Change change = said.change->change;
    found.raised += change == signals::Change::raised;
    found.held_back += change == signals::Change::suppressed;
    records::LedgerEntry entry = ledger_entry_of(*said.change, instrument, ledger, run);
    entry.follow.clear();  // no later run goes on from it
    found.entries.push_back(std::move(entry));
}

}  // namespace

BackfillSpan backfill_span(Timestamp now, std::uint32_t days) {
    const Timestamp until = floor_to(now, kDay);
    const Timestamp decide_until = until - kDay;
    const Timestamp decide_from = decide_until - kDay * static_cast<std::int64_t>(days);
    return {
        .lived_from = decide_from - kDay, .decide_from = decide_from, .decide_until = decide_until, .until = until};
}

std::vector<history::FetchOrder> backfill_orders(const std::vector<std::string>& symbols, const BackfillSpan& span) {
    std::vector<history::FetchOrder> orders;
    for (const std::string& symbol : symbols) {
        for (const Need& need : kNeeds) {
            orders.push_back(
                {.series = series_of(symbol, need),
                 .range = range_of(span.lived_from - need.before, need.is_of_span ? span.until : span.lived_from)});
        }
    }
    return orders;
}

Result<ReconstructedSignals> reconstruct_signals(const config::Config& config, const std::filesystem::path& history,
                                                 const std::vector<market::Instrument>& instruments,
                                                 const BackfillSpan& span, const std::string& ledger,
                                                 const GoOn& go_on) {
    const engine::Params params = engine_params(config);
    const std::string run = run_of(params, config.backfill.coverage_min, span);
    ReconstructedSignals all;
    if (instruments.empty()) return all;
    engine::Reconstruction past({.confluence = params.confluence,
                                 .signals = params.signals,
                                 .coverage_min = config.backfill.coverage_min,
                                 .decide_from = span.decide_from,
                                 .decide_until = span.decide_until},
                                instruments);
    if (Result<void> handed = hand_over_before(past, history, span); !handed)
        return tl::unexpected<Error>(handed.error());
    std::vector<engine::Signalled> found;
    const double length = to_seconds(span.until - span.lived_from);
    for (Timestamp day = span.lived_from; day < span.until; day += kDay) {
        if (Result<void> handed = hand_over_day(past, history, day); !handed)
            return tl::unexpected<Error>(handed.error());
        for (Timestamp end = day + minutes{1}; end <= day + kDay; end += minutes{1}) {
            if (!go_on(to_seconds(end - span.lived_from) / length))
                return fail(Errc::unavailable, "stopped before the past was lived through; nothing was written");
            past.advance_to(end, found);
        }
        for (const engine::Signalled& said : found)
            note(all, said, past.instrument(said.instrument.value()), ledger, run);
        found.clear();
    }
    return all;
}

namespace {

/// How often a fetch is looked at.
constexpr std::chrono::milliseconds kLook{250};

double share_done(const history::Fetch& fetch) {
    double wanted = 0, left = 0;
    for (const history::FetchProgress& one : fetch.progress()) {
        const bool is_over = one.state == history::FetchState::done || one.state == history::FetchState::failed;
        wanted += is_over ? 1 : 1 + static_cast<double>(one.wanted_ms > 0);
        left +=
            is_over
                ? 0
                : 1 + (one.wanted_ms > 0 ? static_cast<double>(one.left_ms) / static_cast<double>(one.wanted_ms) : 0);
    }
    return wanted > 0 ? 1 - left / wanted : 1;
}

/// What came of fetching: which of the symbols have their minutes, and as what they are listed.
struct FetchedSymbols {
    std::vector<market::Instrument> instruments;
    std::vector<std::string> left_out;
};

FetchedSymbols fetched_symbols(const history::Fetch& fetch, const std::vector<std::string>& wanted) {
    FetchedSymbols found;
    for (const std::string& symbol : wanted) {
        const auto minutes_of =
            std::find_if(fetch.progress().begin(), fetch.progress().end(), [&](const history::FetchProgress& one) {
                return one.series.symbol == symbol && one.series.kind == history::Kind::klines &&
                       one.series.step_ms == 60'000;
            });
        const auto listed = std::find_if(fetch.catalogue().begin(), fetch.catalogue().end(),
                                         [&](const market::Instrument& one) { return one.symbol == symbol; });
        const bool is_there = minutes_of != fetch.progress().end() &&
                              minutes_of->state == history::FetchState::done && listed != fetch.catalogue().end();
        if (is_there) {
            found.instruments.push_back(*listed);
        } else {
            const bool has_reason = minutes_of != fetch.progress().end() && !minutes_of->problem.empty();
            found.left_out.push_back(symbol + ": " + (has_reason ? minutes_of->problem : "it is not listed"));
        }
    }
    return found;
}

/// Fetches on this thread. out: absent: told to stop
std::optional<FetchedSymbols> fetch_past(const config::Config& config, const BackfillParams& params,
                                         const BackfillSpan& span, const BackfillProgress& progress) {
    net::Loop loop;
    bool is_stopped = false;
    std::unique_ptr<HistoryDownload> download;
    download = std::make_unique<HistoryDownload>(loop, params.hosts,
                                                 history::FetchParams{.orders = backfill_orders(params.symbols, span),
                                                                      .directory = params.history,
                                                                      .program = "virtuoso " + std::string(kVersion)},
                                                 config.history.limit_share, [&] {
                                                     if (download->fetch().is_done()) loop.stop();
                                                 });
    std::function<void()> look = [&] {
        is_stopped = !progress("fetching candles", share_done(download->fetch()));
        if (is_stopped) return loop.stop();
        loop.after(kLook, look);
    };
    loop.post([&] {
        download->start();
        look();
    });
    loop.run();
    if (is_stopped) return std::nullopt;
    return fetched_symbols(download->fetch(), params.symbols);
}

}  // namespace

Result<BackfillReport> backfill(const config::Config& config, BackfillParams params, records::Repository& repository,
                                const BackfillProgress& progress) {
    BackfillReport report{.span = backfill_span(params.now, params.days)};
    auto fetched = fetch_past(config, params, report.span, progress);
    if (!fetched)
        return fail(Errc::unavailable, "stopped while candles were fetched; what came is kept for the next run");
    report.left_out = std::move(fetched->left_out);
    const std::string ledger = records::reconstructed_ledger(params.market);
    VT_TRY(ReconstructedSignals found,
           reconstruct_signals(config, params.history, fetched->instruments, report.span, ledger,
                               [&](double share) { return progress("living through them", share); }));
    for (const market::Instrument& instrument : fetched->instruments) report.symbols.push_back(instrument.symbol);
    report.raised = found.raised;
    report.held_back = found.held_back;
    const engine::Params decisions = engine_params(config);
    records::Batch batch{.runs = {{.run = run_of(decisions, config.backfill.coverage_min, report.span),
                                   .market = ledger,
                                   .started = report.span.decide_from,
                                   .program = "virtuoso " + std::string(kVersion),
                                   .configuration = decisions.confluence.configuration_hash,
                                   .weights = decisions.confluence.weights.version}},
                         .ledger = std::move(found.entries)};
    VT_TRY(const records::SignalPage before, repository.signals({.market = ledger, .limit = 1}));
    const std::uint64_t last_before = before.signals.empty() ? 0 : before.signals.front().number;
    VT_TRY([[maybe_unused]] const std::uint64_t scores, repository.append(batch));
    VT_TRY(const records::SignalPage after, repository.signals({.market = ledger, .limit = 1}));
    report.added = (after.signals.empty() ? 0 : after.signals.front().number) - last_before;
    return report;
}

}  // namespace vt::runtime
