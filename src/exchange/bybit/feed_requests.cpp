// The part of the feed that talks REST: catalogue, selection, histories, polls, and the venue's limits.

#include "exchange/bybit/feed_parts.hpp"

#include <algorithm>

namespace vt::exchange::bybit {
namespace {

constexpr std::uint32_t kMaxPageRows = 1000;
constexpr std::size_t kMaxPages = 50;
constexpr std::uint32_t kMaxHistoryAttempts = 8;
constexpr std::uint32_t kPolledRows = 3;
constexpr Nanos kBlocked = std::chrono::minutes{10};
constexpr Nanos kStaleReply = std::chrono::seconds{60};  ///< caches of a minute are known; clocks agree far better
constexpr Nanos kRefreshApart = std::chrono::seconds{60};
constexpr std::uint64_t kFirstMarginId = std::uint64_t{1} << 48;

/// Whether a history exists for an instrument, in units that can be told.
bool has_history(RequestKind kind, const market::Instrument& instrument) {
    if (instrument.category == market::Category::spot) return false;
    // Inverse open interest is counted in dollars and its history names no price.
    if (kind == RequestKind::open_interest) return instrument.category == market::Category::linear;
    return instrument.kind() == market::ContractKind::perpetual;
}

}  // namespace

Feed::Impl::Impl(FeedParams wanted, const market::InstrumentDirectory& listed)
    : params(std::move(wanted)),
      directory(listed),
      queue({.per_second = params.requests_per_second}),
      margin_queue({.per_second = 1, .in_flight = 1, .first_id = kFirstMarginId}),
      recorded(listed) {
    for (const market::Category category : params.categories) {
        if (part_of(category) == nullptr) parts.emplace_back(category);
    }
}

FeedPart* Feed::Impl::part_of(market::Category category) {
    const auto found =
        std::find_if(parts.begin(), parts.end(), [&](const FeedPart& part) { return part.category == category; });
    return found == parts.end() ? nullptr : &*found;
}

FeedConnection* Feed::Impl::find(ConnectionId id) {
    for (FeedConnection& connection : connections) {
        if (connection.session->connection() == id) return &connection;
    }
    return nullptr;
}

void Feed::Impl::ask(Request request, Output& out) {
    const std::string what = std::string(name(request.kind)) + " " + request.symbol;
    if (!queue_of(request.kind).push(std::move(request)))
        out.rejections.push_back({"bybit requests", "queue full, not asked: " + what});
}

RequestQueue& Feed::Impl::queue_of(RequestKind kind) {
    return kind == RequestKind::margin_tiers ? margin_queue : queue;
}

void Feed::Impl::release(Timestamp now, Output& out) {
    queue.release(now, out);
    margin_queue.release(now, out);
}

void Feed::Impl::queue_margin(const market::Instrument& instrument, Output& out) {
    if (!params.asks_margin || instrument.category != market::Category::linear) return;
    ask({.kind = RequestKind::margin_tiers, .category = instrument.category, .symbol = instrument.symbol}, out);
}

void Feed::Impl::refresh_catalogue(FeedPart& part, Timestamp now, Output& out) {
    if (!part.is_selected || now < part.next_refresh_at) return;
    part.next_refresh_at = now + kRefreshApart;
    part.catalogue.clear();
    part.cursors.clear();
    ask({.kind = RequestKind::instruments, .category = part.category}, out);
}

void Feed::Impl::queue_candles(market::Category category, const std::string& symbol, Nanos interval,
                               std::uint32_t bars, Timestamp now, Output& out) {
    if (bars == 0) return;
    const Timestamp open_bar = floor_to(server_now(now), interval);
    Timestamp from = open_bar - interval * bars;
    for (std::uint32_t left = bars + 1; left > 0;) {  // the closed bars and the running one
        const std::uint32_t rows = std::min(left, kMaxPageRows);
        ask({.kind = RequestKind::candles,
             .category = category,
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

void Feed::Impl::queue_history(const market::Instrument& instrument, Timestamp now, Output& out) {
    using std::chrono::minutes;
    const BackfillSizes& sizes = params.backfill;
    const auto candles = [&](Nanos interval, std::uint32_t bars) {
        queue_candles(instrument.category, instrument.symbol, interval, bars, now, out);
    };
    candles(minutes{1}, sizes.minutes_1);
    candles(minutes{5}, sizes.minutes_5);
    candles(minutes{30}, sizes.minutes_30);
    candles(minutes{240}, sizes.hours_4);
    const auto ask_rows = [&](RequestKind kind, std::uint32_t rows, std::uint32_t most) {
        if (rows == 0 || !has_history(kind, instrument)) return;
        ask({.kind = kind,
             .category = instrument.category,
             .symbol = instrument.symbol,
             .limit = std::min(rows, most),
             .is_history = true},
            out);
    };
    ask_rows(RequestKind::open_interest, sizes.open_interest, 200);
    ask_rows(RequestKind::account_ratio, sizes.account_ratio, 500);
    ask_rows(RequestKind::funding, sizes.funding, 200);
    queue_margin(instrument, out);
}

void Feed::Impl::queue_missed(const FeedConnection& connection, Timestamp now, Output& out) {
    const Nanos minute = std::chrono::minutes{1};
    const Nanos missing = floor_to(server_now(now), minute) - floor_to(server_now(*connection.lost_at), minute);
    const auto bars = static_cast<std::uint32_t>(std::clamp<std::int64_t>(missing / minute, 1, kMaxPageRows - 1));
    for (const std::string& symbol : connection.symbols)
        queue_candles(parts[connection.part].category, symbol, minute, bars, now, out);
}

void Feed::Impl::queue_polls(Timestamp now, Output& out) {
    for (FeedPart& part : parts) {
        if (part.is_selected && now >= part.next_refresh_at + params.refresh_every) refresh_catalogue(part, now, out);
    }
    if (now >= next_margin_at) {
        next_margin_at = now + params.margin_every;
        for (const FeedPart& part : parts)
            for (const market::Instrument& instrument : part.chosen)
                if (instrument.is_trading()) queue_margin(instrument, out);
    }
    if (now < next_poll_at) return;
    next_poll_at = now + params.poll_every;
    ask({.kind = RequestKind::time}, out);
    for (const FeedPart& part : parts) {
        for (const market::Instrument& instrument : part.chosen) {
            const auto poll = [&](RequestKind kind, std::uint32_t wanted) {
                if (wanted == 0 || !instrument.is_trading() || !has_history(kind, instrument)) return;
                ask({.kind = kind, .category = part.category, .symbol = instrument.symbol, .limit = kPolledRows},
                    out);
            };
            poll(RequestKind::open_interest, params.backfill.open_interest);
            poll(RequestKind::account_ratio, params.backfill.account_ratio);
        }
    }
}

void Feed::Impl::on_reply(Request request, const HttpReply& reply, EventStamp stamp, Output& out) {
    const Timestamp now = stamp.received;
    const auto error = error_in({.site = Site::bybit,
                                 .status = reply.status,
                                 .headers = reply.headers,
                                 .body = reply.body,
                                 .received = now,
                                 .clock_offset = clock.offset().value_or(Nanos{0})});
    if (error) return on_error(std::move(request), *error, now, out);
    if (const Result<void> fresh = check_fresh(request, reply); !fresh)
        return again_or_give_up(std::move(request), fresh.error().what, now, out);
    if (const Result<void> done = on_success(request, reply, stamp, out); !done) {
        again_or_give_up(std::move(request), done.error().what, now, out);
    }
}

// An answer that was made long before its question comes from a cache on the way, or from another time.
Result<void> Feed::Impl::check_fresh(const Request& request, const HttpReply& reply) {
    if (request.kind == RequestKind::time || !clock.offset()) return {};
    VT_TRY(const Envelope envelope, rest.envelope(reply.body));
    if (envelope.server_time == Timestamp{}) return {};
    const Nanos age = reply.sent + *clock.offset() - envelope.server_time;
    if (age <= kStaleReply) return {};
    return fail(Errc::malformed, "the answer was made " +
                                     std::to_string(std::chrono::floor<std::chrono::seconds>(age).count()) +
                                     " s before its question");
}

void Feed::Impl::on_error(Request request, const VenueError& error, Timestamp now, Output& out) {
    const bool is_blocked = error.kind == ErrorClass::geo_block;
    if (error.remedy == Remedy::wait || is_blocked) {
        Timestamp until = error.wait_until.value_or(now + kBlocked);
        // A venue that only says "too often" is asked ever more slowly.
        if (error.kind == ErrorClass::rate && request.attempt > 0)
            until = std::max(until, now + std::chrono::seconds{1} * (1U << std::min(request.attempt, 6U)));
        queue.pause_until(until);
        margin_queue.pause_until(until);
        if (error.kind != ErrorClass::rate) {
            const auto seconds = std::chrono::ceil<std::chrono::seconds>(until - now).count();
            out.rejections.push_back(
                {"bybit requests", error.text + "; no request for " + std::to_string(seconds) + " s"});
        }
        queue_of(request.kind).retry(std::move(request), now);
        return;
    }
    if (error.remedy != Remedy::retry) request.attempt = std::max(request.attempt, kMaxHistoryAttempts);
    again_or_give_up(std::move(request), error.text, now, out);
}

void Feed::Impl::again_or_give_up(Request request, const std::string& why, Timestamp now, Output& out) {
    std::string source = "bybit " + std::string(name(request.kind));
    if (!request.symbol.empty()) source += " " + request.symbol;
    const bool must_have = request.kind == RequestKind::instruments || request.kind == RequestKind::tickers;
    const bool gives_up = !must_have && request.attempt >= kMaxHistoryAttempts;
    out.rejections.push_back({std::move(source), why + (gives_up ? "; given up" : "; asked again")});
    if (!gives_up) queue_of(request.kind).retry(std::move(request), now);
}

Result<void> Feed::Impl::on_success(const Request& request, const HttpReply& reply, EventStamp stamp, Output& out) {
    switch (request.kind) {
        case RequestKind::time: return on_time(reply, stamp.received);
        case RequestKind::instruments: return on_instruments(request, reply.body, stamp.received, out);
        case RequestKind::tickers: return on_tickers(request, reply.body, stamp.received, out);
        case RequestKind::candles:
        case RequestKind::open_interest:
        case RequestKind::account_ratio:
        case RequestKind::funding: return on_history(request, reply.body, stamp, out);
        case RequestKind::margin_tiers: return on_margin(request, reply.body, out);
    }
    return {};
}

Result<void> Feed::Impl::on_time(const HttpReply& reply, Timestamp now) {
    VT_TRY(const Timestamp server, rest.server_time(reply.body));
    clock.measure(reply.sent, server, now);
    return {};
}

Result<void> Feed::Impl::on_instruments(const Request& request, std::string_view body, Timestamp now, Output& out) {
    FeedPart& part = *part_of(request.category);
    VT_TRY(InstrumentsPage page, rest.instruments(body, part.category));
    if (request.cursor.empty()) {
        part.catalogue.clear();
        part.cursors.clear();
    }
    part.catalogue.insert(part.catalogue.end(), std::make_move_iterator(page.instruments.begin()),
                          std::make_move_iterator(page.instruments.end()));
    const bool is_loop = std::find(part.cursors.begin(), part.cursors.end(), page.next_cursor) != part.cursors.end();
    if (!page.next_cursor.empty() && !is_loop && part.cursors.size() < kMaxPages) {
        part.cursors.push_back(page.next_cursor);
        ask({.kind = RequestKind::instruments, .category = part.category, .cursor = page.next_cursor}, out);
        return {};
    }
    if (part.is_selected) relist_changed(part, now, out);
    if (has_vacancy(part)) ask({.kind = RequestKind::tickers, .category = part.category}, out);
    return {};
}

Result<void> Feed::Impl::on_tickers(const Request& request, std::string_view body, Timestamp now, Output& out) {
    FeedPart& part = *part_of(request.category);
    VT_TRY(const std::vector<TickerRow> tickers, rest.tickers(body, part.category));
    choose(part, tickers, now, out);
    return {};
}

Result<void> Feed::Impl::on_margin(const Request& request, std::string_view body, Output& out) {
    VT_TRY(std::vector<market::MarginTier> tiers, rest.margin_tiers(body, request.symbol));
    std::vector<market::Instrument>& chosen = part_of(request.category)->chosen;
    const auto known = std::ranges::find(chosen, request.symbol, &market::Instrument::symbol);
    if (known == chosen.end() || known->margin_tiers == tiers) return {};
    known->margin_tiers = std::move(tiers);
    out.listings.push_back({*known});
    return {};
}

Result<void> Feed::Impl::on_history(const Request& request, std::string_view body, EventStamp stamp, Output& out) {
    const auto id = directory.find(market::Venue::bybit, request.category, request.symbol);
    if (!id) return fail(Errc::not_found, "'" + request.symbol + "' was not listed");
    const HistoryOf of{*id, request.symbol, request.category};
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
    Timestamp& last = newest[{request.kind, request.category, request.symbol}];
    const auto begin = out.events.begin() + static_cast<std::ptrdiff_t>(first_event);
    const auto known = [&](const market::Event& event) { return event.exchange_time <= last; };
    out.events.erase(std::remove_if(begin, out.events.end(), known), out.events.end());
    if (out.events.size() > first_event) last = out.events.back().exchange_time;
}

}  // namespace vt::exchange::bybit
