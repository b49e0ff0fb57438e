#pragma once

// The inside of the Bybit feed. Included by its .cpp files only.

#include "exchange/bybit/codec.hpp"
#include "exchange/bybit/feed.hpp"
#include "exchange/bybit/replay_feed.hpp"
#include "exchange/bybit/request_queue.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/session.hpp"
#include "exchange/clock_offset.hpp"
#include "exchange/venue_error.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace vt::exchange::bybit {

/// One category: its catalogue, what was chosen of it, and its codec.
struct FeedPart {
    explicit FeedPart(market::Category of) : category(of), codec(of) {}

    market::Category category;
    Codec codec;
    std::vector<market::Instrument> catalogue;  ///< pages of the fetch under way
    std::vector<std::string> cursors;           ///< of the fetch under way: a page seen twice ends it
    std::vector<market::Instrument> chosen;
    std::vector<std::string> announced;  ///< chosen and Listed by the last call: in the directory at the next
    bool is_selected = false;            ///< the first choice was made
    Timestamp next_refresh_at;
};

struct FeedConnection {
    std::size_t part = 0;
    std::unique_ptr<Session> session;
    std::vector<std::string> symbols;
    std::optional<Timestamp> lost_at;  ///< heard last then, before the present outage

    [[nodiscard]] bool is_open() const {
        return session->state() == SessionState::subscribing || session->state() == SessionState::live;
    }
};

struct Feed::Impl {
    Impl(FeedParams wanted, const market::InstrumentDirectory& listed);

    /// At the head of every entry point: opens the connections once the chosen instruments are listed.
    void enter(Timestamp now, Output& out);
    void ask(Request request, Output& out);
    void refresh_catalogue(FeedPart& part, Timestamp now, Output& out);
    void queue_history(const market::Instrument& instrument, Timestamp now, Output& out);
    void queue_candles(market::Category category, const std::string& symbol, Nanos interval, std::uint32_t bars,
                       Timestamp now, Output& out);
    void queue_missed(const FeedConnection& connection, Timestamp now, Output& out);
    void queue_polls(Timestamp now, Output& out);
    void queue_margin(const market::Instrument& instrument, Output& out);
    [[nodiscard]] RequestQueue& queue_of(RequestKind kind);
    /// Hands out what may be asked now.
    void release(Timestamp now, Output& out);

    void on_reply(Request request, const HttpReply& reply, EventStamp stamp, Output& out);
    [[nodiscard]] Result<void> check_fresh(const Request& request, const HttpReply& reply);
    void on_error(Request request, const VenueError& error, Timestamp now, Output& out);
    void again_or_give_up(Request request, const std::string& why, Timestamp now, Output& out);
    [[nodiscard]] Result<void> on_success(const Request& request, const HttpReply& reply, EventStamp stamp,
                                          Output& out);
    [[nodiscard]] Result<void> on_time(const HttpReply& reply, Timestamp now);
    [[nodiscard]] Result<void> on_instruments(const Request& request, std::string_view body, Timestamp now,
                                              Output& out);
    [[nodiscard]] Result<void> on_tickers(const Request& request, std::string_view body, Timestamp now, Output& out);
    void choose(FeedPart& part, const std::vector<TickerRow>& tickers, Timestamp now, Output& out);
    void name_missing(Output& out) const;
    [[nodiscard]] bool has_vacancy(const FeedPart& part) const;
    [[nodiscard]] Result<void> on_history(const Request& request, std::string_view body, EventStamp stamp,
                                          Output& out);
    void drop_known(const Request& request, std::size_t first_event, Output& out);
    [[nodiscard]] Result<void> on_margin(const Request& request, std::string_view body, Output& out);
    void relist_changed(FeedPart& part, Timestamp now, Output& out);
    void open_connections(std::size_t part, Timestamp now, Output& out);
    void add_rows(std::size_t count);
    [[nodiscard]] FeedPart* part_of(market::Category category);

    [[nodiscard]] FeedConnection* find(ConnectionId id);
    [[nodiscard]] Timestamp server_now(Timestamp now) const { return now + clock.offset().value_or(Nanos{0}); }

    FeedParams params;
    const market::InstrumentDirectory& directory;
    RestCodec rest;
    RequestQueue queue;
    RequestQueue margin_queue;  ///< of its own: what others ask, and when, does not depend on it
    ClockOffset clock;
    ReplayFeed recorded;  ///< of an import: takes the inputs until start()
    bool is_started = false;
    std::vector<FeedPart> parts;
    std::vector<market::InstrumentId> instruments;
    std::vector<StreamStatus> statuses;
    std::vector<FeedConnection> connections;
    /// Sample already passed on, by poll, category and symbol.
    std::map<std::tuple<RequestKind, market::Category, std::string>, Timestamp> newest;
    Timestamp next_poll_at;
    Timestamp next_margin_at;
};

/// The instruments to follow of one category besides those in `chosen`: the named ones in their order, or the largest
/// by turnover (ties by symbol) until `top_n` are followed that are not closed.
[[nodiscard]] std::vector<market::Instrument> select(const FeedParams& params,
                                                     const std::vector<market::Instrument>& catalogue,
                                                     const std::vector<TickerRow>& tickers,
                                                     const std::vector<market::Instrument>& chosen);
/// The subscriptions of one instrument: spot has no liquidations.
[[nodiscard]] std::vector<Topic> topics_of(const FeedParams& params, const market::Instrument& instrument,
                                           market::InstrumentId id);
/// How long silence means nothing: spot pushes a ticker only when something changed, and small pairs rest for a
/// while.
[[nodiscard]] SessionTimes times_for(market::Category category, SessionTimes times);

}  // namespace vt::exchange::bybit
