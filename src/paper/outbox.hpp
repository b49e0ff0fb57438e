#pragma once

#include "trading/report.hpp"

#include <cstdint>
#include <vector>

namespace vt::paper {

/// Reports on their way to us. Answers come over the connection that asked; the stream of fills, funding and
/// cancellations has one of its own, which may be down while questions are still answered.
class Outbox {
public:
    /// Held reports of the stream; when there are more, the oldest is lost, as at a venue: what FindOrder and
    /// FindAccount report again is not.
    static constexpr std::size_t kHeldMax = 65'536;

    enum class Way : std::uint8_t { answer, stream };
    /// in: due: when it reaches us; those with one time come in the order in which they were put here
    void push(trading::Report report, Way way, Timestamp due);
    /// Everything that is due, in order of its time; of the stream nothing while it is down.
    [[nodiscard]] std::vector<trading::Report> take(Timestamp now);
    void set_stream_down(bool is_down) { is_stream_down_ = is_down; }
    [[nodiscard]] bool is_stream_down() const { return is_stream_down_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

private:
    struct Entry {
        Timestamp due;
        Way way;
        trading::Report report;
    };
    std::vector<Entry> entries_;  // by time
    bool is_stream_down_ = false;
    std::uint64_t lost_ = 0;
};

}  // namespace vt::paper
