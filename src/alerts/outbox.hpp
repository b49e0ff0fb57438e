#pragma once

#include "alerts/alert.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vt::alerts {

/// How a channel wants to be spoken to.
struct ChannelTerms {
    std::string name;
    Severity severity_min = Severity::info;  ///< what is less stays in the inbox
    std::uint32_t per_hour = 30;             ///< messages; what finds no room is told as one digest
    std::uint32_t burst = 10;                ///< of them at once
    /// Minutes of the day, UTC, in which only what is critical is sent; what came meanwhile is told at their end.
    /// Equal: there are none. May go over midnight.
    std::uint16_t quiet_from_minute = 0, quiet_until_minute = 0;
    bool operator==(const ChannelTerms&) const = default;
};

enum class DeliveryState : std::uint8_t {
    waiting,
    sending,  ///< asked for; after a crash nobody knows whether it arrived
    delivered,
    dead,  ///< given up; why is in `problem`
};
inline constexpr std::array<std::string_view, 4> kDeliveryStateNames{"waiting", "sending", "delivered", "dead"};
[[nodiscard]] constexpr std::string_view name(DeliveryState state) {
    return kDeliveryStateNames[static_cast<std::size_t>(state)];
}

/// One alert on its way to one channel: what is kept of it.
struct Delivery {
    std::string alert;  ///< its id
    std::string channel;
    DeliveryState state = DeliveryState::waiting;
    Timestamp queued_at;
    std::uint32_t attempts = 0;
    std::optional<Timestamp> settled_at;  ///< delivered, or given up
    std::string message;                  ///< the key of the message that it is or was part of
    std::string receipt;                  ///< what the service calls it; of a digest, the same for all that are in it
    std::string problem;                  ///< of the last attempt
    bool operator==(const Delivery&) const = default;
};

/// What became of one attempt.
struct Outcome {
    enum class Kind : std::uint8_t {
        delivered,
        retry,    ///< later
        refused,  ///< never
    };
    Kind kind = Kind::retry;
    bool may_have_arrived = false;  ///< retry: nobody knows whether this attempt arrived
    std::string receipt = {};
    std::optional<Nanos> after = {};  ///< retry: what the service asks for; absent: as the outbox thinks fit
    std::string problem = {};         ///< in words, with the remedy where there is one; never a secret
};

/// What is to be sent now, in one message.
struct Message {
    std::string channel;
    /// One alert, or all that had to wait together: then the message says each in a line.
    std::vector<std::shared_ptr<const Alert>> alerts;
    std::string key;         ///< the same for each attempt: what a receiver knows a repetition by
    bool is_repeat = false;  ///< it may have arrived before
};

/// Sees every alert to its channels: in order, critical ones first, each once, within what a channel takes. Pure: the
/// caller sends, keeps what changed, and says what time it is.
///
/// Order of work, so that a crash between any two steps loses nothing and repeats at most one message, with its key:
/// keep the alert and its deliveries; next(); keep what changed; send; on_outcome(); keep what changed.
///
/// A queue that is full makes room by giving up the oldest alert that is not critical, and says so in its delivery.
/// What is critical is given up only where thousands of such wait, waits for no budget and no quiet hours, and goes
/// alone.
class Outbox {
public:
    static constexpr std::size_t kMostWaiting = 500;     ///< of a channel, critical ones aside
    static constexpr std::size_t kMostCritical = 5'000;  ///< likewise: nobody reads so many
    static constexpr std::size_t kMostInMessage = 200;   ///< of a digest
    static constexpr Nanos kFirstRetry = std::chrono::seconds{2};
    static constexpr Nanos kLongestRetry = std::chrono::minutes{15};
    static constexpr Nanos kLongestAsked = std::chrono::hours{24};  ///< of what a service may ask for
    static constexpr Nanos kPatience = std::chrono::hours{24};      ///< with what is not critical
    static constexpr Nanos kCriticalPatience = std::chrono::hours{168};

    /// In place of those before. What waits for a channel that is gone is given up.
    ///   in: names are unique
    void set_channels(const std::vector<ChannelTerms>& channels, Timestamp now);

    /// An alert for all channels that want it, or for those that are named.
    ///   in:  `channels` empty: all
    ///   out: how many deliveries that makes
    std::size_t put(std::shared_ptr<const Alert> alert, const std::vector<std::string>& channels, Timestamp now);
    /// A delivery of an earlier run that was not settled; in their old order. One that was being sent is repeated.
    void resume(Delivery delivery, std::shared_ptr<const Alert> alert, Timestamp now);

    /// What one of the channels is to be sent now; absent: nothing is due. Call again until it is absent. A channel
    /// has one message on its way at a time.
    [[nodiscard]] std::optional<Message> next(Timestamp now);
    /// in: of the channel's message that is on its way; otherwise ignored
    void on_outcome(const std::string& channel, const Outcome& outcome, Timestamp now);

    /// When next() may have something; absent: only after another call.
    [[nodiscard]] std::optional<Timestamp> due(Timestamp now) const;
    /// Deliveries as they are now, where they changed since the last call.
    [[nodiscard]] std::vector<Delivery> take_changes() { return std::exchange(changes_, {}); }
    /// Something is on its way to a channel.
    [[nodiscard]] bool is_sending() const;
    [[nodiscard]] std::size_t waiting(const std::string& channel) const;

private:
    struct Item {
        Delivery delivery;
        std::shared_ptr<const Alert> alert;
        bool may_have_arrived = false;
    };
    struct Channel {
        ChannelTerms terms;
        std::deque<Item> critical, others;  ///< oldest first
        std::vector<Item> on_its_way;
        Timestamp not_before;        ///< after a failure, or as the service asked
        std::uint32_t failures = 0;  ///< in a row
        double tokens = 0;
        Timestamp tokens_at;
    };

    static void refill(Channel& channel, Timestamp now);
    [[nodiscard]] static bool is_quiet(const ChannelTerms& terms, Timestamp now);
    [[nodiscard]] static Timestamp quiet_end(const ChannelTerms& terms, Timestamp now);
    [[nodiscard]] static std::optional<Timestamp> due(const Channel& channel, Timestamp now);
    void enqueue(Channel& channel, Item item, Timestamp now);
    void give_up(Item item, std::string problem, Timestamp now);
    void expire(Channel& channel, Timestamp now);
    /// How many of the channel's others, from the oldest on, go in the next message.
    [[nodiscard]] static std::size_t together(const Channel& channel);
    [[nodiscard]] Message begin(Channel& channel, std::vector<Item> items);

    std::map<std::string, Channel> channels_;
    std::vector<Delivery> changes_;
};

}  // namespace vt::alerts
