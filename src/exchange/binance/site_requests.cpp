// The part of a market's feed that talks REST: catalogue, selection, snapshots, histories, polls.

#include "exchange/binance/site_feed.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

namespace vt::exchange::binance {
namespace {

constexpr std::uint32_t kMaxPageRows = 1000;
constexpr std::uint32_t kMaxAttempts = 8;
constexpr std::uint32_t kPolledRows = 3;
constexpr Nanos kRefreshEvery = std::chrono::hours{24};
constexpr Nanos kRefreshApart = std::chrono::seconds{60};
constexpr Nanos kDefaultFunding = std::chrono::hours{8};

bool must_have(RequestKind kind) { return kind == RequestKind::catalogue || kind == RequestKind::tickers; }

}  // namespace

void SiteFeed::ask(Request request, Output& out) {
    const std::string what = std::string(name(request.kind)) + " " + request.symbol;
    if (!queue_.push(std::move(request)))
        out.rejections.push_back({"binance requests", "queue full, not asked: " + what});
}

void SiteFeed::refresh_catalogue(Timestamp now, Output& out) {
    if (phase_ != SitePhase::running || now < next_refresh_at_) return;
    next_refresh_at_ = now + kRefreshApart;
    ask({.kind = RequestKind::catalogue}, out);
}

void SiteFeed::queue_candles(const std::string& symbol, Nanos interval, std::uint32_t bars, Timestamp now,
                             Output& out) {
    if (bars == 0) return;
    Timestamp from = floor_to(server_now(now), interval) - interval * bars;
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

void SiteFeed::queue_history(const std::string& symbol, Timestamp now, Output& out) {
    using std::chrono::minutes;
    const BackfillSizes& sizes = params_.backfill;
    queue_candles(symbol, minutes{1}, sizes.minutes_1, now, out);
    queue_candles(symbol, minutes{5}, sizes.minutes_5, now, out);
    queue_candles(symbol, minutes{30}, sizes.minutes_30, now, out);
    queue_candles(symbol, minutes{240}, sizes.hours_4, now, out);
    if (is_spot()) return;
    const auto ask_rows = [&](RequestKind kind, std::uint32_t rows, std::uint32_t most) {
        if (rows > 0) ask({.kind = kind, .symbol = symbol, .limit = std::min(rows, most), .is_history = true}, out);
    };
    ask_rows(RequestKind::open_interest_history, sizes.open_interest, 500);
    for (const RequestKind ratio : kRatioRequests) ask_rows(ratio, sizes.account_ratio, 500);
    ask_rows(RequestKind::funding, sizes.funding, 1000);
}

void SiteFeed::queue_missed(const Session& session, Timestamp since, Timestamp now, Output& out) {
    const Nanos minute = std::chrono::minutes{1};
    const Nanos missing = floor_to(server_now(now), minute) - floor_to(server_now(since), minute);
    const auto bars = static_cast<std::uint32_t>(std::clamp<std::int64_t>(missing / minute, 1, kMaxPageRows - 1));
    for (const Topic& topic : session.topics()) {
        if (topic.kind == MessageKind::candle && topic.instrument)
            queue_candles(directory_[*topic.instrument].symbol, minute, bars, now, out);
    }
}

void SiteFeed::poll(RequestKind kind, const std::string& symbol, Output& out) {
    if (!polled_.insert({kind, symbol}).second) return;  // the last one is not answered yet
    ask({.kind = kind, .symbol = symbol, .limit = kPolledRows}, out);
}

void SiteFeed::queue_polls(Timestamp now, Output& out) {
    if (phase_ == SitePhase::running && now >= next_refresh_at_ + kRefreshEvery) refresh_catalogue(now, out);
    if (now >= next_open_interest_at_ && phase_ == SitePhase::running) {
        next_open_interest_at_ = now + params_.open_interest_every;
        for (const market::Instrument& instrument : chosen_) {
            if (!is_spot()) poll(RequestKind::open_interest, instrument.symbol, out);
        }
    }
    if (now < next_poll_at_) return;
    next_poll_at_ = now + params_.poll_every;
    poll(RequestKind::time, {}, out);
    if (phase_ != SitePhase::running || is_spot()) return;
    for (const market::Instrument& instrument : chosen_) {
        if (params_.backfill.open_interest > 0) poll(RequestKind::open_interest_history, instrument.symbol, out);
        if (params_.backfill.account_ratio == 0) continue;
        for (const RequestKind ratio : kRatioRequests) poll(ratio, instrument.symbol, out);
    }
}

void SiteFeed::on_reply(const HttpReply& reply, EventStamp stamp, Output& out) {
    const Timestamp now = stamp.received;
    enter(now, out);
    auto request = queue_.take(reply.request);
    if (request) {
        const auto error = error_in({.site = site_,
                                     .status = reply.status,
                                     .headers = reply.headers,
                                     .body = reply.body,
                                     .received = now,
                                     .clock_offset = clock_.offset().value_or(Nanos{0})});
        if (error) {
            on_failure(std::move(*request), *error, now, out);
        } else if (const Result<void> done = on_success(*request, reply, stamp, out); !done) {
            again_or_give_up(std::move(*request), done.error().what, false, now, out);
        } else {
            polled_.erase({request->kind, request->symbol});
        }
    }
    leave(now, out);
}

void SiteFeed::on_failure(Request request, const VenueError& error, Timestamp now, Output& out) {
    if (error.remedy == Remedy::wait) {
        // Nothing at all until then: who goes on asking is shut out for longer each time.
        queue_.pause_until(error.wait_until.value_or(now + std::chrono::seconds{1}));
        out.rejections.push_back({"binance requests", error.text});
        if (request.kind == RequestKind::depth) return no_snapshot(request.symbol, now);
        queue_.retry(std::move(request), now);
        return;
    }
    again_or_give_up(std::move(request), error.text, error.remedy == Remedy::give_up, now, out);
}

void SiteFeed::again_or_give_up(Request request, const std::string& why, bool is_hopeless, Timestamp now,
                                Output& out) {
    std::string source = "binance " + std::string(name(request.kind));
    if (!request.symbol.empty()) source += " " + request.symbol;
    const bool is_depth = request.kind == RequestKind::depth;
    const bool gives_up = !must_have(request.kind) && !is_depth && (is_hopeless || request.attempt >= kMaxAttempts);
    out.rejections.push_back({std::move(source), why + (gives_up ? "; given up" : "; asked again")});
    if (is_depth) return no_snapshot(request.symbol, now);  // its session paces the next one
    if (!gives_up) return queue_.retry(std::move(request), now);
    polled_.erase({request.kind, request.symbol});
    // Every interval is the default then, and every interest unknown.
    if (request.kind == RequestKind::funding_terms) ask({.kind = RequestKind::premium_index}, out);
    if (request.kind == RequestKind::premium_index) after_catalogue(now, out);
}

void SiteFeed::no_snapshot(const std::string& symbol, Timestamp now) {
    const auto id = directory_.find(market::Venue::binance, category(), symbol);
    for (const auto& session : sessions_) {
        if (id && session->has_book(*id)) session->on_no_snapshot(*id, now);
    }
}

Result<void> SiteFeed::on_success(const Request& request, const HttpReply& reply, EventStamp stamp, Output& out) {
    switch (request.kind) {
        case RequestKind::time: {
            VT_TRY(const Timestamp server, rest_.server_time(reply.body));
            clock_.measure(reply.sent, server, stamp.received);
            return {};
        }
        case RequestKind::catalogue: return on_catalogue(reply.body, stamp.received, out);
        case RequestKind::funding_terms: return on_funding_terms(reply.body, out);
        case RequestKind::premium_index: return on_premium_index(reply.body, stamp.received, out);
        case RequestKind::tickers: return on_tickers(reply.body, stamp.received, out);
        case RequestKind::depth: return on_depth(request, reply.body, stamp, out);
        case RequestKind::open_interest:
        case RequestKind::candles:
        case RequestKind::open_interest_history:
        case RequestKind::account_ratio:
        case RequestKind::top_account_ratio:
        case RequestKind::top_position_ratio:
        case RequestKind::funding: return on_history(request, reply.body, stamp, out);
    }
    return {};
}

Result<void> SiteFeed::on_catalogue(std::string_view body, Timestamp now, Output& out) {
    VT_TRY(Catalogue fetched, rest_.exchange_info(body, category()));
    catalogue_ = std::move(fetched.instruments);
    for (market::Instrument& instrument : catalogue_) {
        if (!is_spot() && !instrument.is_dated) instrument.funding_interval = kDefaultFunding;
    }
    if (is_spot())
        after_catalogue(now, out);
    else
        ask({.kind = RequestKind::funding_terms}, out);
    return {};
}

Result<void> SiteFeed::on_funding_terms(std::string_view body, Output& out) {
    VT_TRY(const std::vector<FundingTerms> terms, rest_.funding_info(body));
    for (const FundingTerms& one : terms) {
        for (market::Instrument& instrument : catalogue_) {
            if (instrument.symbol == one.symbol && !instrument.is_dated) instrument.funding_interval = one.interval;
        }
    }
    ask({.kind = RequestKind::premium_index}, out);
    return {};
}

Result<void> SiteFeed::on_premium_index(std::string_view body, Timestamp now, Output& out) {
    VT_TRY(const std::vector<PremiumRow> rows, rest_.premium_index(body));
    std::map<std::string_view, std::optional<double>> interests;
    for (const PremiumRow& row : rows) interests.emplace(row.symbol, row.interest_per_8h);
    for (market::Instrument& instrument : catalogue_) {
        const auto found = interests.find(instrument.symbol);
        if (found != interests.end() && !instrument.is_dated) instrument.interest_per_8h = found->second;
    }
    after_catalogue(now, out);
    return {};
}

void SiteFeed::after_catalogue(Timestamp now, Output& out) {
    if (phase_ == SitePhase::catalogue)
        ask({.kind = RequestKind::tickers}, out);
    else
        relist_changed(now, out);
}

Result<void> SiteFeed::on_tickers(std::string_view body, Timestamp now, Output& out) {
    if (phase_ != SitePhase::catalogue) return {};
    VT_TRY(const std::vector<DayTicker> tickers, rest_.day_tickers(body));
    std::vector<std::string> missing;
    chosen_ = select(choice_, catalogue_, tickers, missing);
    for (const std::string& symbol : missing) {
        out.rejections.push_back({"binance catalogue", "'" + symbol + "' is not traded now on the " +
                                                           (is_spot() ? "spot market" : "USDT-M futures")});
    }
    if (chosen_.empty()) return fail(Errc::not_found, "no instrument to follow: check the configured symbols");
    for (const market::Instrument& instrument : chosen_) {
        out.listings.push_back({instrument});
        queue_history(instrument.symbol, now, out);
    }
    phase_ = SitePhase::selected;
    return {};
}

Result<void> SiteFeed::on_depth(const Request& request, std::string_view body, EventStamp stamp, Output& out) {
    const auto id = directory_.find(market::Venue::binance, category(), request.symbol);
    if (!id) return fail(Errc::not_found, "'" + request.symbol + "' was not listed");
    VT_TRY(const DepthSnapshot snapshot, codec_.depth_snapshot(body, directory_[*id]));
    for (const auto& session : sessions_) {
        if (session->has_book(*id)) session->on_snapshot(*id, snapshot, stamp, out);
    }
    return {};
}

Result<void> SiteFeed::on_history(const Request& request, std::string_view body, EventStamp stamp, Output& out) {
    const auto id = directory_.find(market::Venue::binance, category(), request.symbol);
    if (!id) return fail(Errc::not_found, "'" + request.symbol + "' was not listed");
    const HistoryOf of{*id, request.symbol};
    const std::size_t first_event = out.events.size();
    Result<std::size_t> count = 0;
    if (request.kind == RequestKind::candles)
        count = rest_.candles(body, {of, request.interval, server_now(stamp.received)}, stamp, out);
    else if (request.kind == RequestKind::open_interest)
        count = rest_.open_interest(body, of, stamp, out);
    else if (request.kind == RequestKind::open_interest_history)
        count = rest_.open_interest_history(body, of, stamp, out);
    else if (const auto ratio = ratio_of(request.kind))
        count = rest_.long_short_ratio(body, {of, *ratio}, stamp, out);
    else
        count = rest_.funding(body, of, stamp, out);
    if (!count) return fail(count.error().code, count.error().what);
    if (request.kind != RequestKind::candles) drop_known(request, first_event, out);
    return {};
}

// Polls overlap on purpose, so that a late one misses nothing.
void SiteFeed::drop_known(const Request& request, std::size_t first_event, Output& out) {
    Timestamp& last = newest_[{request.kind, request.symbol}];
    const auto begin = out.events.begin() + static_cast<std::ptrdiff_t>(first_event);
    const auto known = [&](const market::Event& event) { return event.exchange_time <= last; };
    out.events.erase(std::remove_if(begin, out.events.end(), known), out.events.end());
    if (out.events.size() > first_event) last = out.events.back().exchange_time;
}

// A book counted in the old steps must not meet an update in the new ones.
void SiteFeed::relist_changed(Timestamp now, Output& out) {
    next_refresh_at_ = std::max(next_refresh_at_, now + kRefreshApart);
    for (market::Instrument& known : chosen_) {
        const auto fresh =
            std::find_if(catalogue_.begin(), catalogue_.end(),
                         [&](const market::Instrument& instrument) { return instrument.symbol == known.symbol; });
        if (fresh == catalogue_.end()) {  // the spot catalogue names only what is traded
            const auto gone = is_spot() ? market::TradingStatus::halted : market::TradingStatus::closed;
            if (std::exchange(known.status, gone) != gone) out.listings.push_back({known});
            continue;
        }
        const bool has_new_steps = fresh->tick_size != known.tick_size || fresh->lot_size != known.lot_size;
        const bool is_same = !has_new_steps && fresh->status == known.status &&
                             fresh->funding_interval == known.funding_interval &&
                             fresh->interest_per_8h == known.interest_per_8h && fresh->limits == known.limits;
        if (is_same) continue;
        known = *fresh;
        out.listings.push_back({known});
        const auto id = directory_.find(market::Venue::binance, category(), known.symbol);
        for (const auto& session : sessions_) {
            if (has_new_steps && id)
                session->break_book(*id, market::BookGap::off_step, "price or size step changed", now, out);
        }
    }
}

}  // namespace vt::exchange::binance
