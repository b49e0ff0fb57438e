#pragma once

#include "base/time.hpp"
#include "exchange/protocol.hpp"
#include "exchange/stream_status.hpp"
#include "market/instrument_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace vt::exchange::bybit {

/// The connection of an imported archive of linear contracts: nobody opened it, nothing was subscribed.
inline constexpr ConnectionId kArchiveConnection = connection_id(market::Venue::bybit, 1);

/// Bybit's linear frames as far as an archive has them, without catalogue, subscriptions and answers.
///   in:  instruments of Bybit, Category::linear, listed in the directory; frames as the venue sent them
///   out: the events of each frame. A book begins with a snapshot; whatever breaks its sequence empties it until the
///        archive's next one, for nobody can be asked. No actions
///   errors: malformed frames and unknown symbols are rejections
class ReplayFeed {
public:
    explicit ReplayFeed(const market::InstrumentDirectory& directory);
    ~ReplayFeed();
    ReplayFeed(ReplayFeed&&) noexcept;
    ReplayFeed& operator=(ReplayFeed&&) = delete;

    void on_open(ConnectionId connection, Timestamp now);
    void on_text(ConnectionId connection, std::string_view text, Timestamp now, std::uint64_t source_sequence,
                 Output& out);
    void on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out);
    void on_tick(Timestamp now, Output& out);
    void on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out);
    void on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out);

    /// One row for each stream that has spoken.
    [[nodiscard]] std::span<const StreamStatus> streams() const;
    [[nodiscard]] std::optional<Nanos> connection_age(ConnectionId connection, Timestamp now) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::exchange::bybit
