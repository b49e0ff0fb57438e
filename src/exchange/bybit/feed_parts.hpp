#pragma once

// The inside of the Bybit feed. Included by its .cpp files only.

#include "exchange/bybit/clock_offset.hpp"
#include "exchange/bybit/codec.hpp"
#include "exchange/bybit/feed.hpp"
#include "exchange/bybit/request_queue.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/session.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::exchange::bybit {

enum class FeedPhase : std::uint8_t {
    idle,
    catalogue,  ///< instruments and tickers are being fetched
    selected,   ///< the chosen instruments were announced; at the next call they are in the directory
    running,
};

struct FeedConnection {
    std::unique_ptr<Session> session;
    std::vector<std::string> symbols;
    std::optional<Timestamp> lost_at;  ///< heard last then, before the present outage

    [[nodiscard]] bool is_open() const {
        return session->state() == SessionState::subscribing || session->state() == SessionState::live;
    }
};

struct Feed::Impl {
    Impl(FeedParams wanted, const market::InstrumentDirectory& listed)
        : params(std::move(wanted)), directory(listed), queue({.per_second = params.requests_per_second}) {}

    /// At the head of every entry point: opens the connections once the chosen instruments are listed.
    void enter(Timestamp now, Output& out);
    void ask(Request request, Output& out);
    void refresh_catalogue(Timestamp now, Output& out);
    void queue_history(const std::string& symbol, Timestamp now, Output& out);
    void queue_candles(const std::string& symbol, Nanos interval, std::uint32_t bars, Timestamp now, Output& out);
    void queue_missed(const FeedConnection& connection, Timestamp now, Output& out);
    void queue_polls(Timestamp now, Output& out);

    void on_reply(Request request, const HttpReply& reply, EventStamp stamp, Output& out);
    void on_limit(const Request& request, const HttpReply& reply, Timestamp now);
    void again_or_give_up(Request request, std::string why, Timestamp now, Output& out);
    [[nodiscard]] Result<void> on_success(const Request& request, const HttpReply& reply, EventStamp stamp,
                                          Output& out);
    [[nodiscard]] Result<void> on_time(const HttpReply& reply, Timestamp now);
    [[nodiscard]] Result<void> on_instruments(const Request& request, std::string_view body, Timestamp now,
                                              Output& out);
    [[nodiscard]] Result<void> on_tickers(std::string_view body, Timestamp now, Output& out);
    [[nodiscard]] Result<void> on_history(const Request& request, std::string_view body, EventStamp stamp,
                                          Output& out);
    void drop_known(const Request& request, std::size_t first_event, Output& out);
    [[nodiscard]] static bool has_new_terms(const market::Instrument& fresh, const market::Instrument& known);
    void relist_changed(Timestamp now, Output& out);
    void open_connections(Timestamp now, Output& out);

    [[nodiscard]] FeedConnection* find(ConnectionId id);
    [[nodiscard]] Timestamp server_now(Timestamp now) const { return now + clock.offset().value_or(Nanos{0}); }

    FeedParams params;
    const market::InstrumentDirectory& directory;
    Codec codec;
    RestCodec rest;
    RequestQueue queue;
    ClockOffset clock;
    FeedPhase phase = FeedPhase::idle;
    std::vector<market::Instrument> catalogue;  ///< pages of the fetch under way
    std::vector<std::string> cursors;           ///< of the fetch under way: a page seen twice ends it
    std::vector<market::Instrument> chosen;
    std::vector<market::InstrumentId> instruments;
    std::vector<StreamStatus> statuses;
    std::vector<FeedConnection> connections;
    std::map<std::pair<RequestKind, std::string>, Timestamp>
        newest;  ///< sample already passed on, by poll and symbol
    Timestamp next_poll_at;
    Timestamp next_refresh_at;
};

/// The instruments to follow: the named ones in their order, or the largest linear USDT perpetuals by turnover (ties
/// by symbol). Named ones that are not traded go to `missing`.
[[nodiscard]] std::vector<market::Instrument> select(const FeedParams& params,
                                                     const std::vector<market::Instrument>& catalogue,
                                                     const std::vector<TickerRow>& tickers,
                                                     std::vector<std::string>& missing);
/// The subscriptions of one instrument.
[[nodiscard]] std::vector<Topic> topics_of(const FeedParams& params, const std::string& symbol,
                                           market::InstrumentId id);

}  // namespace vt::exchange::bybit
