#pragma once

// One of the two markets inside the Binance feed. Included by the feed's .cpp files only.

#include "exchange/binance/codec.hpp"
#include "exchange/binance/connect_budget.hpp"
#include "exchange/binance/feed.hpp"
#include "exchange/binance/request_queue.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/session.hpp"
#include "exchange/clock_offset.hpp"
#include "exchange/venue_error.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace vt::exchange::binance {

enum class SitePhase : std::uint8_t {
    idle,
    catalogue,  ///< instruments and tickers are being fetched
    selected,   ///< the chosen instruments were announced; at the next call they are in the directory
    running,
};

class SiteFeed {
public:
    /// in: `params`, `directory`, `rows` and `passed_over` outlive it
    SiteFeed(Site site, const FeedParams& params, const market::InstrumentDirectory& directory,
             std::vector<StreamStatus>& rows, std::uint64_t& passed_over);

    void start(Timestamp now, Output& out);
    void on_open(ConnectionId connection, Timestamp now, Output& out);
    void on_text(ConnectionId connection, std::string_view text, EventStamp stamp, Output& out);
    void on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out);
    void on_reply(const HttpReply& reply, EventStamp stamp, Output& out);
    void on_tick(Timestamp now, Output& out);
    void on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out);
    void on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out);

    [[nodiscard]] std::optional<Nanos> clock_offset() const { return clock_.offset(); }
    [[nodiscard]] std::optional<Nanos> connection_age(ConnectionId connection, Timestamp now) const;
    [[nodiscard]] bool is_followed() const { return choice_.is_followed; }
    [[nodiscard]] bool is_backfilled() const { return phase_ == SitePhase::running && queue_.history_count() == 0; }

private:
    [[nodiscard]] bool is_spot() const { return site_ == Site::binance_spot; }
    [[nodiscard]] market::Category category() const {
        return is_spot() ? market::Category::spot : market::Category::linear;
    }
    [[nodiscard]] Timestamp server_now(Timestamp now) const { return now + clock_.offset().value_or(Nanos{0}); }
    [[nodiscard]] Session* find(ConnectionId connection);

    /// At the head of every entry point: opens the connections once the chosen instruments are listed.
    void enter(Timestamp now, Output& out);
    /// At the end of every one: what the sessions wish for, and requests that are due.
    void leave(Timestamp now, Output& out);
    void open_connections(Timestamp now, Output& out);
    void ask(Request request, Output& out);
    void refresh_catalogue(Timestamp now, Output& out);
    void queue_history(const std::string& symbol, Timestamp now, Output& out);
    void queue_candles(const std::string& symbol, Nanos interval, std::uint32_t bars, Timestamp now, Output& out);
    void queue_missed(const Session& session, Timestamp since, Timestamp now, Output& out);
    void queue_polls(Timestamp now, Output& out);
    void poll(RequestKind kind, const std::string& symbol, Output& out);

    void on_failure(Request request, const VenueError& error, Timestamp now, Output& out);
    void again_or_give_up(Request request, const std::string& why, bool is_hopeless, Timestamp now, Output& out);
    [[nodiscard]] Result<void> on_success(const Request& request, const HttpReply& reply, EventStamp stamp,
                                          Output& out);
    [[nodiscard]] Result<void> on_catalogue(std::string_view body, Timestamp now, Output& out);
    [[nodiscard]] Result<void> on_funding_terms(std::string_view body, Output& out);
    [[nodiscard]] Result<void> on_premium_index(std::string_view body, Timestamp now, Output& out);
    void after_catalogue(Timestamp now, Output& out);
    [[nodiscard]] Result<void> on_tickers(std::string_view body, Timestamp now, Output& out);
    [[nodiscard]] Result<void> on_depth(const Request& request, std::string_view body, EventStamp stamp, Output& out);
    [[nodiscard]] Result<void> on_history(const Request& request, std::string_view body, EventStamp stamp,
                                          Output& out);
    void no_snapshot(const std::string& symbol, Timestamp now);
    void drop_known(const Request& request, std::size_t first_event, Output& out);
    void relist_changed(Timestamp now, Output& out);

    Site site_;
    const FeedParams& params_;
    const MarketChoice& choice_;
    const market::InstrumentDirectory& directory_;
    std::vector<StreamStatus>& rows_;
    std::uint64_t& passed_over_;
    Codec codec_;
    RestCodec rest_;
    RequestQueue queue_;
    ClockOffset clock_;
    ConnectBudget budget_;
    SitePhase phase_ = SitePhase::idle;
    std::vector<market::Instrument> catalogue_;  ///< of the fetch under way
    std::vector<market::Instrument> chosen_;
    std::vector<std::unique_ptr<Session>> sessions_;
    std::map<std::pair<RequestKind, std::string>, Timestamp> newest_;  ///< sample already passed on
    std::set<std::pair<RequestKind, std::string>> polled_;             ///< polls without an answer
    Timestamp next_poll_at_;
    Timestamp next_open_interest_at_;
    Timestamp next_refresh_at_;
};

/// The instruments to follow: the named ones in their order, or the largest USDT pairs by turnover (ties by symbol).
/// Named ones that are not traded go to `missing`.
[[nodiscard]] std::vector<market::Instrument> select(const MarketChoice& choice,
                                                     const std::vector<market::Instrument>& catalogue,
                                                     const std::vector<DayTicker>& tickers,
                                                     std::vector<std::string>& missing);

/// The streams of one instrument on one route: "/public/ws" and "/market/ws" (futures), "/ws" (spot).
[[nodiscard]] std::vector<Topic> topics_of(const TopicChoice& choice, std::string_view route,
                                           const market::Instrument& instrument);

}  // namespace vt::exchange::binance
