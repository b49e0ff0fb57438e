#pragma once

#include "api/paint_times.hpp"
#include "api/topics.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::api {

/// How the hub reaches one reader. A socket in production, a list in tests.
struct Reader {
    /// out: false: not taken; the hub will be told by writable() when there is room again
    std::function<bool(std::shared_ptr<const std::string> message)> send;
    /// Bytes handed over and not yet gone.
    std::function<std::size_t()> pending;
};
using ReaderId = std::uint64_t;

/// The live side of the API: who follows which topic, and up to which sequence number they know it.
///   rule for slow readers: a reader with unsent bytes gets nothing more; when it has caught up, one message for each
///   topic tells everything since. So there is never more than one message of a topic on its way. Readers at the same
///   sequence number share one message. All calls on one thread.
class Hub {
public:
    static constexpr std::size_t kMaxTopics = 64;

    /// `run` names this run of the program: sequence numbers of another run mean nothing here. `trades`: whether it
    /// is to trade, as long as no picture says so.
    Hub(Topics& topics, std::string run, views::MarketMode mode, bool trades = false);

    /// Told how long the way was from an exchange's socket to a page's pixels; never of a replay: its inputs are old.
    void on_painted(std::function<void(Nanos)> painted) { on_painted_ = std::move(painted); }
    /// A new connection: says hello. in: whether its owner may see the account
    ReaderId connect(Reader reader, Timestamp now, bool may_see_account = false);
    void disconnect(ReaderId id);
    /// One message from a reader. A wrong one is answered by an error that says what is wrong; nothing else happens.
    void receive(ReaderId id, std::string_view text, Timestamp now);
    /// The reader has taken all that was sent.
    void writable(ReaderId id, Timestamp now);
    /// The topics have new state: tells everybody who is not behind.
    void flush(Timestamp now);

    [[nodiscard]] std::size_t reader_count() const { return readers_.size(); }
    [[nodiscard]] const std::string& run() const { return run_; }

private:
    struct Subscription {
        std::string topic;
        std::uint64_t known = 0;   ///< 0: nothing
        bool is_answered = false;  ///< the first message follows each subscription, even if it says nothing new
    };
    struct Connected {
        Reader reader;
        bool may_see_account = false;
        std::vector<Subscription> subscriptions;
        PaintTimes::Reader painted = {};
    };
    using Message = std::shared_ptr<const std::string>;

    void subscribe(Connected& connected, const std::vector<std::string>& topics,
                   const std::map<std::string, std::uint64_t>& since);
    void unsubscribe(Connected& connected, const std::vector<std::string>& topics);
    void painted(Connected& connected, std::uint64_t sequence, Timestamp received);
    void flush_one(Connected& connected, Timestamp now);
    [[nodiscard]] Message message_for(const Subscription& subscription, Timestamp now);
    void send_error(Connected& connected, std::string_view topic, int status, std::string_view detail);

    Topics& topics_;
    std::string run_;
    views::MarketMode mode_;
    bool trades_;
    std::map<ReaderId, Connected> readers_;
    ReaderId last_id_ = 0;
    PaintTimes paint_times_;
    std::function<void(Nanos)> on_painted_;
    /// Messages of this flush by (topic, known): made once for all readers at the same place.
    std::map<std::pair<std::string, std::uint64_t>, Message> framed_;
};

}  // namespace vt::api
