#include "exchange/binance/site_feed.hpp"

#include "exchange/binance/replay_feed.hpp"

#include <algorithm>

namespace vt::exchange::binance {
namespace {

constexpr std::string_view kPublicRoute = "/public/ws";
constexpr std::string_view kMarketRoute = "/market/ws";
constexpr std::string_view kSpotRoute = "/ws";

std::string lower(std::string_view symbol) {
    std::string text(symbol);
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

std::optional<market::Stream> stream_of(MessageKind kind, bool is_spot) {
    switch (kind) {
        case MessageKind::depth: return market::Stream::book;
        case MessageKind::trade: return market::Stream::trades;
        case MessageKind::mark_price: return market::Stream::ticker;
        case MessageKind::day_ticker: return is_spot ? std::optional(market::Stream::ticker) : std::nullopt;
        case MessageKind::liquidation: return market::Stream::liquidations;
        case MessageKind::candle: return market::Stream::candles;
        default: return std::nullopt;
    }
}

}  // namespace

std::vector<market::Instrument> select(const MarketChoice& choice, const std::vector<market::Instrument>& catalogue,
                                       const std::vector<DayTicker>& tickers, std::vector<std::string>& missing) {
    std::vector<market::Instrument> chosen;
    for (const std::string& symbol : choice.symbols) {
        const auto is_it = [&](const market::Instrument& instrument) { return instrument.symbol == symbol; };
        const auto found = std::find_if(catalogue.begin(), catalogue.end(), is_it);
        if (found == catalogue.end() || !found->is_trading())
            missing.push_back(symbol);
        else if (std::none_of(chosen.begin(), chosen.end(), is_it))
            chosen.push_back(*found);
    }
    if (!choice.symbols.empty()) return chosen;
    std::map<std::string_view, double> turnovers;
    for (const DayTicker& row : tickers) turnovers[row.symbol] = row.turnover_24h_quote;
    std::vector<std::pair<double, const market::Instrument*>> candidates;
    for (const market::Instrument& instrument : catalogue) {
        const auto turnover = turnovers.find(instrument.symbol);
        const bool fits = instrument.is_trading() && !instrument.is_dated && instrument.quote == "USDT";
        if (fits && turnover != turnovers.end()) candidates.emplace_back(turnover->second, &instrument);
    }
    std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second->symbol < b.second->symbol;
    });
    if (candidates.size() > choice.top_n) candidates.resize(choice.top_n);
    for (const auto& [turnover, instrument] : candidates) chosen.push_back(*instrument);
    return chosen;
}

std::vector<Topic> topics_of(const TopicChoice& choice, std::string_view route,
                             const market::Instrument& instrument) {
    std::vector<Topic> topics;
    const std::string symbol = lower(instrument.symbol);
    const auto add = [&](bool is_wanted, std::string_view stream, MessageKind kind, bool must_speak) {
        if (is_wanted)
            topics.push_back({symbol + "@" + std::string(stream), instrument.id, kind, must_speak, std::nullopt});
    };
    if (route == kPublicRoute || route == kSpotRoute) {
        add(true, "depth@100ms", MessageKind::depth, true);
        add(choice.trades, "trade", MessageKind::trade, false);
        add(choice.best_quotes, "bookTicker", MessageKind::best_quote, true);
    }
    if (route == kMarketRoute) {
        add(true, "markPrice@1s", MessageKind::mark_price, true);
        add(choice.liquidations, "forceOrder", MessageKind::liquidation, false);
    }
    if (route == kMarketRoute || route == kSpotRoute) {
        add(choice.tickers, "ticker", MessageKind::day_ticker, false);
        add(choice.candles, "kline_1m", MessageKind::candle, false);
    }
    return topics;
}

SiteFeed::SiteFeed(Site site, const FeedParams& params, const market::InstrumentDirectory& directory,
                   std::vector<StreamStatus>& rows, std::uint64_t& passed_over)
    : site_(site),
      params_(params),
      choice_(site == Site::binance_spot ? params.spot : params.futures),
      directory_(directory),
      rows_(rows),
      passed_over_(passed_over),
      queue_(site == Site::binance_spot ? params.spot_requests : params.futures_requests, site) {}

Session* SiteFeed::find(ConnectionId connection) {
    for (const auto& session : sessions_) {
        if (session->has(connection)) return session.get();
    }
    return nullptr;
}

void SiteFeed::start(Timestamp now, Output& out) {
    if (phase_ != SitePhase::idle) return;
    phase_ = SitePhase::catalogue;
    next_poll_at_ = now + params_.poll_every;
    next_open_interest_at_ = now;
    next_refresh_at_ = now;
    ask({.kind = RequestKind::time}, out);
    ask({.kind = RequestKind::catalogue}, out);
    queue_.release(now, out);
}

void SiteFeed::enter(Timestamp now, Output& out) {
    if (phase_ == SitePhase::selected) open_connections(now, out);
}

void SiteFeed::leave(Timestamp now, Output& out) {
    for (const auto& session : sessions_) {
        for (const market::InstrumentId wish : session->take_snapshot_wishes(now)) {
            ask({.kind = RequestKind::depth, .symbol = directory_[wish].symbol, .limit = params_.snapshot_levels},
                out);
        }
        if (const auto since = session->take_outage()) queue_missed(*session, *since, now, out);
        if (session->take_catalogue_wish()) refresh_catalogue(now, out);
    }
    queue_.release(now, out);
}

// Each route has connections of its own: one that is asked for another route's streams acknowledges and stays silent.
void SiteFeed::open_connections(Timestamp now, Output& out) {
    phase_ = SitePhase::running;
    const std::vector<std::string_view> routes =
        is_spot() ? std::vector{kSpotRoute} : std::vector{kPublicRoute, kMarketRoute};
    const std::uint32_t first = is_spot() ? kFirstSpotConnection : kFirstFuturesConnection;
    for (const std::string_view route : routes) {
        std::vector<Topic> topics;
        const auto open = [&] {
            if (topics.empty()) return;
            const auto number = first + 2 * static_cast<std::uint32_t>(sessions_.size());
            LineParams line{.connection = connection_id(market::Venue::binance, number),
                            .site = site_,
                            .path = std::string(route),
                            .controls_per_second = is_spot() ? 4U : 8U,
                            .times = params_.times};
            sessions_.push_back(
                std::make_unique<Session>(std::move(line), std::exchange(topics, {}),
                                          SessionContext{directory_, codec_, rows_, budget_, passed_over_}));
            sessions_.back()->start(now, out);
        };
        if (route == kMarketRoute)
            topics.push_back({"!contractInfo", std::nullopt, MessageKind::contract, false, std::nullopt});
        for (const market::Instrument& instrument : chosen_) {
            const auto id = directory_.find(market::Venue::binance, category(), instrument.symbol);
            if (!id) {
                out.rejections.push_back(
                    {"binance catalogue", "'" + instrument.symbol + "' was announced but not listed"});
                continue;
            }
            std::vector<Topic> wanted = topics_of(params_.topics, route, directory_[*id]);
            if (topics.size() + wanted.size() > params_.streams_per_connection) open();
            for (Topic& topic : wanted) {
                if (const auto stream = stream_of(topic.kind, is_spot())) {
                    topic.row = rows_.size();
                    rows_.push_back(StreamStatus{*id, *stream, StreamState::down, {}, {}, {}, 0, 0});
                }
                topics.push_back(std::move(topic));
            }
        }
        open();
    }
}

void SiteFeed::on_open(ConnectionId connection, Timestamp now, Output& out) {
    enter(now, out);
    if (Session* const session = find(connection)) session->on_open(connection, now, out);
    leave(now, out);
}

void SiteFeed::on_text(ConnectionId connection, std::string_view text, EventStamp stamp, Output& out) {
    enter(stamp.received, out);
    Session* const session = find(connection);
    if (session == nullptr) return;
    session->on_text(connection, text, stamp, out);
    leave(stamp.received, out);
}

void SiteFeed::on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out) {
    enter(now, out);
    if (Session* const session = find(connection)) session->on_close(connection, reason, now, out);
    leave(now, out);
}

void SiteFeed::on_tick(Timestamp now, Output& out) {
    enter(now, out);
    if (phase_ == SitePhase::idle) return;
    for (const auto& session : sessions_) session->on_tick(now, out);
    queue_polls(now, out);
    leave(now, out);
}

void SiteFeed::on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out) {
    enter(now, out);
    for (const auto& session : sessions_)
        session->break_book(instrument, market::BookGap::crossed, "crossed book", now, out);
    leave(now, out);
}

void SiteFeed::on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out) {
    enter(now, out);
    if (Session* const session = find(connection)) session->on_dropped(connection, count, now, out);
    leave(now, out);
}

std::optional<Nanos> SiteFeed::connection_age(ConnectionId connection, Timestamp now) const {
    for (const auto& session : sessions_) {
        if (session->has(connection)) return session->connection_age(connection, now);
    }
    return std::nullopt;
}

}  // namespace vt::exchange::binance
