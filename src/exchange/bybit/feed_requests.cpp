// The part of the feed that talks REST: catalogue, selection, histories, polls, and the venue's limits.

#include "exchange/bybit/feed_parts.hpp"

#include <algorithm>
#include <charconv>

namespace vt::exchange::bybit {
namespace {

constexpr std::uint32_t kMaxPageRows = 1000;
constexpr std::size_t kMaxPages = 50;
constexpr std::uint32_t kMaxHistoryAttempts = 8;
constexpr std::uint32_t kPolledRows = 3;
constexpr Nanos kBanned = std::chrono::minutes{10};
constexpr Nanos kRefreshEvery = std::chrono::hours{24};
constexpr Nanos kRefreshApart = std::chrono::seconds{60};

std::optional<std::int64_t> header(std::string_view headers, std::string_view name) {
    while (!headers.empty()) {
        const std::size_t end = std::min(headers.find('\n'), headers.size());
        const std::string_view line = headers.substr(0, end);
        headers.remove_prefix(std::min(end + 1, headers.size()));
        if (line.substr(0, name.size()) != name || line.substr(name.size(), 2) != ": ") continue;
        const std::string_view text = line.substr(name.size() + 2);
        std::int64_t number = 0;
        const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc{} && number >= 0 && number < 9'000'000'000'000) return number;
    }
    return std::nullopt;
}

bool is_overload(int ret_code) { return ret_code == 10006 || ret_code == 10018 || ret_code == 429; }
bool is_passing(int ret_code) {
    return ret_code == 10000 || ret_code == 10016 || ret_code == 10019 || ret_code == 10002;
}

}  // namespace

FeedConnection* Feed::Impl::find(ConnectionId id) {
    for (FeedConnection& connection : connections) {
        if (connection.session->connection() == id) return &connection;
    }
    return nullptr;
}

void Feed::Impl::ask(Request request, Output& out) {
    const std::string what = std::string(name(request.kind)) + " " + request.symbol;
    if (!queue.push(std::move(request)))
        out.rejections.push_back({"bybit requests", "queue full, not asked: " + what});
}

void Feed::Impl::refresh_catalogue(Timestamp now, Output& out) {
    if (phase != FeedPhase::running || now < next_refresh_at) return;
    next_refresh_at = now + kRefreshApart;
    catalogue.clear();
    cursors.clear();
    ask({.kind = RequestKind::instruments}, out);
}

void Feed::Impl::queue_candles(const std::string& symbol, Nanos interval, std::uint32_t bars, Timestamp now,
                               Output& out) {
    if (bars == 0) return;
    const Timestamp open_bar = floor_to(server_now(now), interval);
    Timestamp from = open_bar - interval * bars;
    for (std::uint32_t left = bars + 1; left > 0;) {  // the closed bars and the running one
        const std::uint32_t rows = std::min(left, kMaxPageRows);
        ask({.kind = RequestKind::candles,
             .symbol = symbol,
             .interval = interval,
             .from = from,
             .limit = rows,
             .is_history = true},
            out);
        from += interval * rows;
        left -= rows;
    }
}

void Feed::Impl::queue_history(const std::string& symbol, Timestamp now, Output& out) {
    using std::chrono::minutes;
    const BackfillSizes& sizes = params.backfill;
    queue_candles(symbol, minutes{1}, sizes.minutes_1, now, out);
    queue_candles(symbol, minutes{5}, sizes.minutes_5, now, out);
    queue_candles(symbol, minutes{30}, sizes.minutes_30, now, out);
    queue_candles(symbol, minutes{240}, sizes.hours_4, now, out);
    const auto ask_rows = [&](RequestKind kind, std::uint32_t rows, std::uint32_t most) {
        if (rows > 0) ask({.kind = kind, .symbol = symbol, .limit = std::min(rows, most), .is_history = true}, out);
    };
    ask_rows(RequestKind::open_interest, sizes.open_interest, 200);
    ask_rows(RequestKind::account_ratio, sizes.account_ratio, 500);
    ask_rows(RequestKind::funding, sizes.funding, 200);
}

void Feed::Impl::queue_missed(const FeedConnection& connection, Timestamp now, Output& out) {
    const Nanos minute = std::chrono::minutes{1};
    const Nanos missing = floor_to(server_now(now), minute) - floor_to(server_now(*connection.lost_at), minute);
    const auto bars = static_cast<std::uint32_t>(std::clamp<std::int64_t>(missing / minute, 1, kMaxPageRows - 1));
    for (const std::string& symbol : connection.symbols) queue_candles(symbol, minute, bars, now, out);
}

void Feed::Impl::queue_polls(Timestamp now, Output& out) {
    if (phase == FeedPhase::running && now >= next_refresh_at + kRefreshEvery) refresh_catalogue(now, out);
    if (now < next_poll_at) return;
    next_poll_at = now + params.poll_every;
    ask({.kind = RequestKind::time}, out);
    if (phase != FeedPhase::running) return;
    for (const market::Instrument& instrument : chosen) {
        const auto poll = [&](RequestKind kind, std::uint32_t wanted) {
            if (wanted > 0) ask({.kind = kind, .symbol = instrument.symbol, .limit = kPolledRows}, out);
        };
        poll(RequestKind::open_interest, params.backfill.open_interest);
        poll(RequestKind::account_ratio, params.backfill.account_ratio);
    }
}

void Feed::Impl::on_reply(Request request, const HttpReply& reply, EventStamp stamp, Output& out) {
    const Timestamp now = stamp.received;
    if (reply.status == 403) {
        queue.pause_until(now + kBanned);
        queue.retry(std::move(request), now);
        out.rejections.push_back(
            {"bybit requests", "HTTP 403: this address asked too often or is not served; no request for 10 minutes"});
        return;
    }
    if (reply.status == 429) {
        on_limit(request, reply, now);
        queue.retry(std::move(request), now);
        return;
    }
    if (reply.status != 200) {
        again_or_give_up(std::move(request), "HTTP status " + std::to_string(reply.status), now, out);
        return;
    }
    const Result<Envelope> envelope = rest.envelope(reply.body);
    if (!envelope) return again_or_give_up(std::move(request), envelope.error().what, now, out);
    if (is_overload(envelope->ret_code)) {
        on_limit(request, reply, now);
        queue.retry(std::move(request), now);
        return;
    }
    if (envelope->ret_code != 0) {
        const std::string why = "retCode " + std::to_string(envelope->ret_code) + ": " + envelope->ret_message;
        if (!is_passing(envelope->ret_code)) request.attempt = std::max(request.attempt, kMaxHistoryAttempts);
        return again_or_give_up(std::move(request), why, now, out);
    }
    if (const Result<void> done = on_success(request, reply, stamp, out); !done) {
        again_or_give_up(std::move(request), done.error().what, now, out);
    }
}

void Feed::Impl::on_limit(const Request& request, const HttpReply& reply, Timestamp now) {
    Timestamp until = now + std::min(Nanos{std::chrono::seconds{60}},
                                     Nanos{std::chrono::seconds{1}} * (1U << std::min(request.attempt, 6U)));
    if (const auto reset_ms = header(reply.headers, "x-bapi-limit-reset-timestamp")) {
        until =
            std::max(now + std::chrono::milliseconds{100}, from_ms(*reset_ms) - clock.offset().value_or(Nanos{0}));
        until = std::min(until, now + kBanned);
    } else if (const auto seconds = header(reply.headers, "retry-after")) {
        until = now + std::min(Nanos{std::chrono::seconds{*seconds}}, kBanned);
    }
    queue.pause_until(until);
}

void Feed::Impl::again_or_give_up(Request request, std::string why, Timestamp now, Output& out) {
    std::string source = "bybit " + std::string(name(request.kind));
    if (!request.symbol.empty()) source += " " + request.symbol;
    const bool must_have = request.kind == RequestKind::instruments || request.kind == RequestKind::tickers;
    const bool gives_up = !must_have && request.attempt >= kMaxHistoryAttempts;
    out.rejections.push_back({std::move(source), why + (gives_up ? "; given up" : "; asked again")});
    if (!gives_up) queue.retry(std::move(request), now);
}

Result<void> Feed::Impl::on_success(const Request& request, const HttpReply& reply, EventStamp stamp, Output& out) {
    switch (request.kind) {
        case RequestKind::time: return on_time(reply, stamp.received);
        case RequestKind::instruments: return on_instruments(request, reply.body, stamp.received, out);
        case RequestKind::tickers: return on_tickers(reply.body, stamp.received, out);
        case RequestKind::candles:
        case RequestKind::open_interest:
        case RequestKind::account_ratio:
        case RequestKind::funding: return on_history(request, reply.body, stamp, out);
    }
    return {};
}

Result<void> Feed::Impl::on_time(const HttpReply& reply, Timestamp now) {
    VT_TRY(const Timestamp server, rest.server_time(reply.body));
    clock.measure(reply.sent, server, now);
    return {};
}

Result<void> Feed::Impl::on_instruments(const Request& request, std::string_view body, Timestamp now, Output& out) {
    VT_TRY(InstrumentsPage page, rest.instruments(body, market::Category::linear));
    if (request.cursor.empty()) {
        catalogue.clear();
        cursors.clear();
    }
    catalogue.insert(catalogue.end(), std::make_move_iterator(page.instruments.begin()),
                     std::make_move_iterator(page.instruments.end()));
    const bool is_loop = std::find(cursors.begin(), cursors.end(), page.next_cursor) != cursors.end();
    if (!page.next_cursor.empty() && !is_loop && cursors.size() < kMaxPages) {
        cursors.push_back(page.next_cursor);
        ask({.kind = RequestKind::instruments, .cursor = page.next_cursor}, out);
        return {};
    }
    if (phase == FeedPhase::catalogue)
        ask({.kind = RequestKind::tickers}, out);
    else
        relist_changed(now, out);
    return {};
}

Result<void> Feed::Impl::on_tickers(std::string_view body, Timestamp now, Output& out) {
    if (phase != FeedPhase::catalogue) return {};
    VT_TRY(const std::vector<TickerRow> tickers, rest.tickers(body, market::Category::linear));
    std::vector<std::string> missing;
    chosen = select(params, catalogue, tickers, missing);
    for (const std::string& symbol : missing) {
        out.rejections.push_back({"bybit catalogue", "'" + symbol + "' is not a linear contract that is traded now"});
    }
    if (chosen.empty()) return fail(Errc::not_found, "no instrument to follow: check the configured symbols");
    for (const market::Instrument& instrument : chosen) {
        out.listings.push_back({instrument});
        queue_history(instrument.symbol, now, out);
    }
    phase = FeedPhase::selected;
    return {};
}

Result<void> Feed::Impl::on_history(const Request& request, std::string_view body, EventStamp stamp, Output& out) {
    const auto id = directory.find(market::Venue::bybit, market::Category::linear, request.symbol);
    if (!id) return fail(Errc::not_found, "'" + request.symbol + "' was not listed");
    const HistoryOf of{*id, request.symbol, market::Category::linear};
    const std::size_t first_event = out.events.size();
    Result<std::size_t> count = 0;
    if (request.kind == RequestKind::candles)
        count = rest.candles(body, of, request.interval, stamp, out);
    else if (request.kind == RequestKind::open_interest)
        count = rest.open_interest(body, of, stamp, out);
    else if (request.kind == RequestKind::account_ratio)
        count = rest.account_ratio(body, of, stamp, out);
    else
        count = rest.funding(body, of, stamp, out);
    if (!count) return fail(count.error().code, count.error().what);
    if (request.kind != RequestKind::candles) drop_known(request, first_event, out);
    return {};
}

// Polls overlap on purpose, so that a late one misses nothing.
void Feed::Impl::drop_known(const Request& request, std::size_t first_event, Output& out) {
    Timestamp& last = newest[{request.kind, request.symbol}];
    const auto begin = out.events.begin() + static_cast<std::ptrdiff_t>(first_event);
    const auto known = [&](const market::Event& event) { return event.exchange_time <= last; };
    out.events.erase(std::remove_if(begin, out.events.end(), known), out.events.end());
    if (out.events.size() > first_event) last = out.events.back().exchange_time;
}

bool Feed::Impl::has_new_terms(const market::Instrument& fresh, const market::Instrument& known) {
    return fresh.status != known.status || fresh.funding_interval != known.funding_interval ||
           fresh.delivers_at != known.delivers_at || fresh.limits != known.limits;
}

// A book counted in the old steps must not meet an update in the new ones.
void Feed::Impl::relist_changed(Timestamp now, Output& out) {
    next_refresh_at = std::max(next_refresh_at, now + kRefreshApart);
    for (market::Instrument& known : chosen) {
        const auto fresh =
            std::find_if(catalogue.begin(), catalogue.end(),
                         [&](const market::Instrument& instrument) { return instrument.symbol == known.symbol; });
        if (fresh == catalogue.end()) {
            if (known.status == market::TradingStatus::closed) continue;
            known.status = market::TradingStatus::closed;
            out.listings.push_back({known});
            continue;
        }
        const bool has_new_steps = fresh->tick_size != known.tick_size || fresh->lot_size != known.lot_size;
        if (!has_new_steps && !has_new_terms(*fresh, known)) continue;
        known = *fresh;
        out.listings.push_back({known});
        const auto id = directory.find(market::Venue::bybit, market::Category::linear, known.symbol);
        if (!has_new_steps || !id) continue;
        for (FeedConnection& connection : connections) {
            connection.session->resync_book(*id, market::BookGap::off_step, "price or size step changed", now, out);
        }
    }
}

}  // namespace vt::exchange::bybit
