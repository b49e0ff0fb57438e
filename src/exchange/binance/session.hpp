#pragma once

#include "base/time.hpp"
#include "exchange/binance/codec.hpp"
#include "exchange/binance/connect_budget.hpp"
#include "exchange/binance/depth_book.hpp"
#include "exchange/binance/line.hpp"
#include "exchange/protocol.hpp"
#include "exchange/stream_status.hpp"
#include "market/instrument_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange::binance {

/// What every session of a feed shares. Outlives them.
struct SessionContext {
    const market::InstrumentDirectory& directory;
    Codec& codec;
    std::vector<StreamStatus>& rows;  ///< the feed table; grows, but a row keeps its place
    ConnectBudget& budget;
    std::uint64_t& passed_over;  ///< frames that were well-formed and not for us
};

/// The streams of some instruments over one route: their books, their rows of the feed table, and the connection that
/// carries them, replaced by a successor before the venue closes it.
///
/// A book needs a snapshot: `take_snapshot_wishes` names the instruments whose depth has spoken and which need one.
/// Rotation (23.5 h, or serverShutdown): the successor connects and subscribes while the old connection goes on; its
/// frames are kept; when both overlap it takes over, what is kept is applied as far as it is new, and the old one is
/// closed. Nothing is published twice and no book is emptied.
/// Staleness: a book whose quotes (their update ids) move without it; a mark price silent for `silence_timeout`;
/// everything of a connection without data for `stale_after`. The other streams may be silent.
class Session {
public:
    /// in: the line's `connection` is the first of two ids that the session uses in turn: it and the next
    Session(LineParams line, std::vector<Topic> topics, SessionContext context);

    void start(Timestamp now, Output& out);
    void on_open(ConnectionId connection, Timestamp now, Output& out);
    void on_text(ConnectionId connection, std::string_view text, EventStamp stamp, Output& out);
    void on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out);
    void on_tick(Timestamp now, Output& out);
    void on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out);
    void on_snapshot(market::InstrumentId instrument, const DepthSnapshot& snapshot, EventStamp stamp, Output& out);
    /// No snapshot came, or it was refused: wish again.
    void on_no_snapshot(market::InstrumentId instrument, Timestamp now);
    /// The book is not to be trusted for a reason that its frames do not show.
    void break_book(market::InstrumentId instrument, market::BookGap why, std::string_view reason, Timestamp now,
                    Output& out);

    [[nodiscard]] bool has(ConnectionId connection) const;
    [[nodiscard]] bool has_book(market::InstrumentId instrument) const { return book_of(instrument).has_value(); }
    /// Of the connection that carries the streams now.
    [[nodiscard]] const Line& line() const { return *lines_[main_]; }
    [[nodiscard]] bool is_rotating() const { return successor_state() != LineState::idle; }
    [[nodiscard]] std::span<const Topic> topics() const { return topics_; }
    [[nodiscard]] std::optional<Nanos> connection_age(ConnectionId connection, Timestamp now) const;

    /// Instruments whose snapshot is to be fetched now; each once until it came or `on_no_snapshot`.
    [[nodiscard]] std::vector<market::InstrumentId> take_snapshot_wishes(Timestamp now);
    /// The streams are back after an outage: since when nothing was heard. Once.
    [[nodiscard]] std::optional<Timestamp> take_outage() { return std::exchange(ended_outage_, std::nullopt); }
    /// The venue announced a change of its contracts, or a frame was off the known steps. Once.
    [[nodiscard]] bool take_catalogue_wish() { return std::exchange(wants_catalogue_, false); }

private:
    struct Book {
        explicit Book(market::Category category) : depth(category) {}
        DepthBook depth;
        std::size_t topic = 0;
        bool wants_snapshot = false;
        bool is_asked = false;
        Timestamp ask_at;
        Nanos back_off{};
        std::uint64_t last_id = 0;          ///< u of the newest depth event
        std::uint64_t moved_id = 0;         ///< u of the newest quote
        std::optional<Timestamp> moved_at;  ///< since when a quote is ahead of the depth
    };
    struct TopicData {
        std::optional<std::size_t> book;  ///< of the topic's instrument
        std::optional<std::uint64_t> last_id;
        std::optional<Timestamp> last_time;
        std::optional<Timestamp> heard_at;
    };
    /// A frame of the successor, until it takes over.
    struct KeptFrame {
        std::string text;
        EventStamp stamp;
    };
    static constexpr std::size_t kMaxKeptBytes = 32U << 20U;

    [[nodiscard]] std::optional<std::size_t> topic_of(market::InstrumentId instrument, MessageKind kind) const;
    [[nodiscard]] std::optional<std::size_t> book_of(market::InstrumentId instrument) const;
    [[nodiscard]] Line& main() { return *lines_[main_]; }
    [[nodiscard]] Line& successor() { return *lines_[1 - main_]; }
    [[nodiscard]] LineState successor_state() const { return lines_[1 - main_]->state(); }

    void on_successor_text(const Message& message, std::optional<std::size_t> topic, std::string_view text,
                           EventStamp stamp, Output& out);
    void apply(const Message& message, std::size_t topic, EventStamp stamp, bool is_kept, Output& out);
    void apply_depth(const Message& message, std::size_t topic, const Origin& origin, Output& out);
    [[nodiscard]] bool is_known(const Message& message, std::size_t topic, bool is_kept) const;
    void note_heard(const Message& message, std::size_t topic, Timestamp exchange_time, Timestamp now);

    void rotate(Timestamp now, Output& out);
    void watch_rotation(Timestamp now, Output& out);
    [[nodiscard]] bool is_overlapping(Timestamp now) const;
    void hand_over(std::string_view why, Timestamp now, Output& out);
    void abandon_successor(std::string_view why, Timestamp now, Output& out);

    /// Compares with what was before a call into the main line, and says what changed.
    void follow_main(bool was_open, std::uint32_t generation, Timestamp now, Output& out);
    void lose_all(std::string_view reason, Timestamp now, Output& out);
    void check(Timestamp now, Output& out);
    void wish_snapshot(Book& book, Timestamp now);
    void set_state(std::size_t topic, StreamState state, std::string_view reason, Output& out);

    SessionContext context_;
    LineParams params_;
    std::vector<Topic> topics_;
    std::vector<TopicData> data_;
    std::vector<Book> books_;
    std::vector<std::int32_t> index_;  ///< instrument x kind -> topic, -1: none
    std::unique_ptr<Line> lines_[2];
    std::size_t main_ = 0;
    std::vector<KeptFrame> kept_;
    std::size_t kept_bytes_ = 0;
    std::vector<std::optional<std::uint64_t>> first_trade_ids_;  ///< of the successor, by topic
    Timestamp rotation_since_;
    Timestamp rotate_not_before_;
    std::optional<Timestamp> lost_at_;
    std::optional<Timestamp> ended_outage_;
    Timestamp next_check_at_;
    bool is_quiet_ = false;  ///< streams that may be silent are stale, because the connection is
    bool wants_catalogue_ = false;
};

}  // namespace vt::exchange::binance
