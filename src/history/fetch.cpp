#include "history/fetch.hpp"

#include "base/assert.hpp"
#include "base/edit_distance.hpp"
#include "exchange/stream_status.hpp"
#include "exchange/venue_error.hpp"
#include "history/gaps.hpp"
#include "history/row_check.hpp"

#include <algorithm>
#include <utility>

namespace vt::history {
namespace {

using exchange::HttpReply;
using exchange::Output;
using exchange::Site;

constexpr std::size_t kSeriesAtOnce = 3;
/// A bar may still be corrected in the seconds after its end.
constexpr std::int64_t kSettle_ms = 5'000;
/// Venues publish some samples minutes late: a hole younger than this may fill yet, so it is asked for again.
constexpr std::int64_t kLate_ms = 3'600'000;

std::int64_t floor_ms(std::int64_t ms, std::int64_t step_ms) { return step_ms > 0 ? ms / step_ms * step_ms : ms; }
std::int64_t ceil_ms(std::int64_t ms, std::int64_t step_ms) {
    return step_ms > 0 ? (ms + step_ms - 1) / step_ms * step_ms : ms;
}

std::string nearest(std::string_view symbol, const std::vector<market::Instrument>& catalogue) {
    std::size_t distance = 3;
    std::string found;
    for (const market::Instrument& one : catalogue) {
        const std::size_t d = edit_distance(symbol, one.symbol);
        if (d >= distance) continue;
        distance = d;
        found = one.symbol;
    }
    return found;
}

}  // namespace

struct Fetch::Work {
    explicit Work(SeriesWriter opened, Paging pages) : writer(std::move(opened)), paging(std::move(pages)) {}
    SeriesWriter writer;
    Paging paging;
};

Fetch::Fetch(FetchParams params) : params_(std::move(params)) {
    for (const FetchOrder& order : params_.orders) {
        progress_.push_back({.series = order.series});
        work_.emplace_back();
        const Series& series = order.series;
        const auto terms = exchange::history_terms(series.venue, series.category, series.kind, series.step_ms);
        if (terms) site_ = terms->site;
        if (!terms) fail_series(progress_.size() - 1, terms.error().what);
    }
}

Fetch::~Fetch() = default;

void Fetch::start(Timestamp now, Output& out) {
    if (is_done()) return;
    const std::string name(exchange::name(site_));
    Result<storage::AppendFile> lock = storage::AppendFile::open(params_.directory / (name + ".lock"));
    if (!lock) {
        return fail_all(lock.error().code != Errc::unavailable
                            ? lock.error().what
                            : "another `history fetch` from " + name + " works on " + params_.directory.string() +
                                  "; wait for its end, or name all symbols and kinds in one command");
    }
    lock_ = std::move(*lock);
    const char* target = "/v5/market/time";
    if (site_ == Site::binance_futures) target = "/fapi/v1/time";
    if (site_ == Site::binance_spot) target = "/api/v3/time";
    ask({.question = Question::time, .target = target}, now, out);
}

bool Fetch::is_done() const {
    return std::all_of(progress_.begin(), progress_.end(), [](const FetchProgress& one) {
        return one.state == FetchState::done || one.state == FetchState::failed;
    });
}

void Fetch::ask(Flight flight, Timestamp not_before, Output& out) {
    const Nanos pace = Nanos{std::chrono::seconds{1}} / std::max(1U, params_.requests_per_second);
    const Timestamp slot = std::max(not_before, next_slot_);
    next_slot_ = slot + pace;
    const exchange::RequestId id = exchange::request_id(exchange::venue_of(site_), next_request_++);
    out.actions.emplace_back(exchange::HttpGet{.request = id,
                                               .site = site_,
                                               .target = flight.target,
                                               .not_before = slot,
                                               .priority = exchange::Priority::history,
                                               .weight = flight.weight});
    flights_.emplace(id, std::move(flight));
}

void Fetch::reply(const HttpReply& reply, Timestamp now, Output& out) {
    take(reply, now, out);
    if (is_done()) lock_.reset();
}

void Fetch::take(const HttpReply& reply, Timestamp now, Output& out) {
    const auto found = flights_.find(reply.request);
    if (found == flights_.end()) return;
    Flight flight = std::move(found->second);
    flights_.erase(found);
    if (flight.question == Question::page && progress_[flight.order].state == FetchState::failed) return;
    if (flight.question == Question::page) ++progress_[flight.order].requests;
    if (exchange::error_in(
            {.site = site_, .status = reply.status, .headers = reply.headers, .body = reply.body, .received = now})) {
        ask_again(std::move(flight), reply, now, out);
        if (server_now_ms_ > 0) start_series(now, out);
        return;
    }
    waiting_for_.clear();
    switch (flight.question) {
        case Question::time: take_time(reply, now, out); break;
        case Question::catalogue: take_catalogue(flight, reply, now, out); break;
        case Question::page: take_page(flight, reply, now, out); break;
    }
    if (server_now_ms_ > 0) start_series(now, out);  // one that failed makes room for another
}

void Fetch::ask_again(Flight flight, const HttpReply& reply, Timestamp now, Output& out) {
    constexpr Nanos kFirst = std::chrono::milliseconds{500};
    constexpr Nanos kLongest = std::chrono::seconds{60};
    const auto error = exchange::error_in(
        {.site = site_, .status = reply.status, .headers = reply.headers, .body = reply.body, .received = now});
    VT_ASSERT(error.has_value());
    const bool may_retry = error->remedy == exchange::Remedy::retry || error->remedy == exchange::Remedy::wait;
    if (!may_retry || ++flight.attempt >= params_.attempts) {
        const std::string often = flight.attempt > 1 ? " (" + std::to_string(flight.attempt) + " attempts)" : "";
        fail_flight(flight, error->text + often);
        return;
    }
    Timestamp at = now + std::min(kLongest, kFirst * (1U << std::min(flight.attempt - 1, 7U)));
    if (error->wait_until) at = std::max(at, *error->wait_until);
    if (at - now > params_.longest_wait) {
        fail_all(error->text + "; the venue wants a longer pause than this run waits, start it again after that");
        return;
    }
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(at - now).count();
    waiting_for_ = error->text + ", again in " + std::to_string(seconds) + " s";
    // What the venue said of one request holds for all: nothing is sent meanwhile.
    if (error->remedy == exchange::Remedy::wait) next_slot_ = std::max(next_slot_, at);
    ask(std::move(flight), at, out);
}

void Fetch::take_time(const HttpReply& reply, Timestamp now, Output& out) {
    const Result<Timestamp> time =
        site_ == Site::bybit ? bybit_.server_time(reply.body) : binance_.server_time(reply.body);
    if (!time) {
        fail_all(time.error().what);
        return;
    }
    server_now_ms_ = to_ms(*time);
    start_series(now, out);
}

/// Bybit and Binance's futures list all symbols at once; Binance's spot list is 8 MB, so there each symbol is asked
/// for.
void Fetch::ask_catalogue(std::size_t order, const std::string& cursor, Timestamp now, Output& out) {
    const Series& series = params_.orders[order].series;
    Flight flight{.question = Question::catalogue, .order = order};
    switch (site_) {
        case Site::bybit:
            flight.target = "/v5/market/instruments-info?category=" + std::string(market::name(series.category)) +
                            "&limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor);
            break;
        case Site::binance_futures: flight.target = "/fapi/v1/exchangeInfo"; break;
        case Site::binance_spot:
            flight.target = "/api/v3/exchangeInfo?symbol=" + series.symbol + "&showPermissionSets=false";
            flight.weight = 20;
            break;
    }
    ask(std::move(flight), now, out);
}

void Fetch::take_catalogue(const Flight& flight, const HttpReply& reply, Timestamp now, Output& out) {
    const market::Category category = params_.orders[flight.order].series.category;
    if (site_ == Site::bybit) {
        Result<exchange::bybit::InstrumentsPage> page = bybit_.instruments(reply.body, category);
        if (!page) return fail_all(page.error().what);
        const std::size_t before = catalogue_.size();
        std::move(page->instruments.begin(), page->instruments.end(), std::back_inserter(catalogue_));
        // A page that brings nothing new would be asked for without end.
        if (!page->next_cursor.empty() && catalogue_.size() > before)
            return ask_catalogue(flight.order, page->next_cursor, now, out);
    } else {
        Result<exchange::binance::Catalogue> page = binance_.exchange_info(reply.body, category);
        if (!page) return fail_all(page.error().what);
        std::move(page->instruments.begin(), page->instruments.end(), std::back_inserter(catalogue_));
    }
    is_catalogue_whole_ = site_ != Site::binance_spot;
    if (is_catalogue_whole_) {
        for (FetchProgress& one : progress_) {
            if (one.state == FetchState::checking) one.state = FetchState::waiting;
        }
    } else {
        progress_[flight.order].state = FetchState::waiting;
    }
    start_series(now, out);
}

void Fetch::start_series(Timestamp now, Output& out) {
    const auto is_running = [](const FetchProgress& one) {
        return one.state == FetchState::fetching || one.state == FetchState::checking;
    };
    const auto is_checking = [](const FetchProgress& one) { return one.state == FetchState::checking; };
    if (site_ != Site::binance_spot && std::any_of(progress_.begin(), progress_.end(), is_checking)) return;
    for (std::size_t order = 0; order < progress_.size(); ++order) {
        if (progress_[order].state != FetchState::waiting) continue;
        if (static_cast<std::size_t>(std::count_if(progress_.begin(), progress_.end(), is_running)) >= kSeriesAtOnce)
            return;
        const Series& series = progress_[order].series;
        const auto listed = std::find_if(catalogue_.begin(), catalogue_.end(), [&](const market::Instrument& one) {
            return one.symbol == series.symbol && one.category == series.category;
        });
        if (listed != catalogue_.end()) {
            open_series(order, *listed, now, out);
        } else if (!is_catalogue_whole_) {
            progress_[order].state = FetchState::checking;
            ask_catalogue(order, {}, now, out);
            if (site_ != Site::binance_spot) return;  // one answer tells of all
        } else {
            const std::string near = nearest(series.symbol, catalogue_);
            fail_series(order, std::string(market::name(series.venue)) + " " +
                                   std::string(market::name(series.category)) + " lists no symbol " + series.symbol +
                                   (near.empty() ? "; give it as the venue writes it, e.g. BTCUSDT"
                                                 : "; did you mean " + near + "?"));
        }
    }
}

void Fetch::open_series(std::size_t order, const market::Instrument& instrument, Timestamp now, Output& out) {
    const FetchOrder& wanted = params_.orders[order];
    const Series& series = wanted.series;
    FetchProgress& progress = progress_[order];
    Result<SeriesWriter> writer = SeriesWriter::open(params_.directory, {.series = series,
                                                                         .tick_size = instrument.tick_size,
                                                                         .lot_size = instrument.lot_size,
                                                                         .program = params_.program});
    if (!writer) return fail_series(order, writer.error().what);
    progress.cut_bytes = writer->cut_bytes();
    const auto terms = *exchange::history_terms(series.venue, series.category, series.kind, series.step_ms);
    TimeRange range{ceil_ms(wanted.range.from_ms, series.step_ms),
                    ceil_ms(std::min(wanted.range.to_ms, server_now_ms_), series.step_ms)};
    // A bar is over when its end is; a sample or a settlement when its instant is.
    range.to_ms = std::min(range.to_ms, floor_ms(server_now_ms_ - kSettle_ms, series.step_ms));
    if (terms.days_kept) {
        const std::int64_t oldest =
            ceil_ms(server_now_ms_ - *terms.days_kept * 86'400'000 + kLate_ms, series.step_ms);
        if (range.from_ms < oldest) progress.reaches_from_ms = range.from_ms = oldest;
    }
    if (range.empty()) {
        progress.state = FetchState::done;
        return start_series(now, out);
    }
    Result<Table> stored = writer->stored().read(range);
    if (!stored) return fail_series(order, stored.error().what);
    Ranges missing = missing_from(range, settled(*stored, series.step_ms, writer->stored().covered()));
    progress.wanted_ms = progress.left_ms = total_ms(missing);
    progress.state = FetchState::fetching;
    work_[order] = std::make_unique<Work>(std::move(*writer), Paging(series, terms, std::move(missing)));
    ask_page(order, now, out);
}

void Fetch::ask_page(std::size_t order, Timestamp now, Output& out) {
    Work& work = *work_[order];
    FetchProgress& progress = progress_[order];
    progress.left_ms = total_ms(work.paging.missing());
    const std::optional<exchange::HistoryPage> page = work.paging.next();
    if (!page) {
        progress.state = FetchState::done;
        work_[order].reset();
        start_series(now, out);
        return;
    }
    const Series& series = progress.series;
    const auto terms = *exchange::history_terms(series.venue, series.category, series.kind, series.step_ms);
    ask({.question = Question::page,
         .order = order,
         .target = exchange::history_target(*page),
         .weight = terms.weight,
         .page = page},
        now, out);
}

void Fetch::take_page(const Flight& flight, const HttpReply& reply, Timestamp now, Output& out) {
    FetchProgress& progress = progress_[flight.order];
    Work& work = *work_[flight.order];
    Result<exchange::HistoryRows> rows = codec_.rows(reply.body, *flight.page);
    if (!rows) return fail_series(flight.order, rows.error().what);
    const TimeRange answered = work.paging.take(*rows, server_now_ms_ - kLate_ms);
    progress.venue_rows += rows->times_ms.size();
    progress.left_out += rows->left_out;
    const Table table = table_of(progress.series.kind, std::move(*rows));
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (const std::string wrong = contradiction(table, row); !wrong.empty())
            return fail_series(flight.order, progress.series.title() + ": the venue's row of " +
                                                 format_time(table.times_ms[row]) + " " + wrong);
    }
    if (!table.empty() || !answered.empty()) {
        const Result<StoreReport> stored = work.writer.store(table, answered, Source::venue, params_.on_conflict);
        if (!stored) return fail_series(flight.order, stored.error().what);
        progress.stored += *stored;
    }
    ask_page(flight.order, now, out);
}

void Fetch::fail_series(std::size_t order, std::string problem) {
    progress_[order].state = FetchState::failed;
    progress_[order].problem = std::move(problem);
    work_[order].reset();
}

void Fetch::fail_all(const std::string& problem) {
    for (std::size_t order = 0; order < progress_.size(); ++order) {
        if (progress_[order].state != FetchState::done && progress_[order].state != FetchState::failed)
            fail_series(order, problem);
    }
    flights_.clear();
}

void Fetch::fail_flight(const Flight& flight, const std::string& problem) {
    const bool is_of_one =
        flight.question == Question::page || (flight.question == Question::catalogue && site_ == Site::binance_spot);
    if (is_of_one) return fail_series(flight.order, problem);
    fail_all(problem);
}

}  // namespace vt::history
