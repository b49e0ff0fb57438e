#pragma once

#include "base/duration_histogram.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::load {

/// How long answers took.
class Latencies {
public:
    void add(Nanos taken);
    void add(const Latencies& other);
    [[nodiscard]] std::uint64_t count() const { return histogram_.count(); }
    /// At most 0.8 % above the truth, and never above the longest.
    ///   in: part: 0 .. 1
    [[nodiscard]] std::optional<Nanos> percentile(double part) const;
    [[nodiscard]] std::optional<Nanos> longest() const;

private:
    DurationHistogram<std::uint64_t, 7> histogram_;
    Nanos longest_{-1};
};

/// What is asked for, and when. Request n is planned for n / rate after the start, whatever becomes of the others.
struct Plan {
    std::vector<std::string> paths;  ///< asked in turn; not empty
    double rate_per_second = 1;      ///< above 0
    Nanos length = std::chrono::seconds{1};
    std::size_t connections = 32;              ///< requests that may be under way at once
    Nanos timeout = std::chrono::seconds{10};  ///< from the planned time; later answers are errors
    std::string token = {};                    ///< that is shown with each request; empty: none
};

[[nodiscard]] std::uint64_t request_count(const Plan& plan);
[[nodiscard]] Nanos planned_at(const Plan& plan, std::uint64_t number);

enum class ErrorKind : std::uint8_t { not_sent, no_connection, timeout, malformed, status };
[[nodiscard]] std::string_view name(ErrorKind kind);

/// What became of one request.
struct Ending {
    std::optional<ErrorKind> error = {};  ///< nothing: it was answered as it should be
    int status = 0;                       ///< of the answer; 0 without one
    std::uint64_t bytes = 0;              ///< of its body
};

/// What was found out about one path, or all.
struct Figures {
    std::string path;  ///< "all" for the sum
    std::uint64_t planned = 0;
    std::uint64_t answered = 0;                        ///< as they should be
    std::uint64_t bytes = 0;                           ///< of their bodies
    std::map<std::string, std::uint64_t> errors = {};  ///< by kind; "status 503" for an answer of that status
    /// From the planned time to the last byte: what a client met that came when it wanted to.
    Latencies corrected = {};
    /// From the sending to the last byte: leaves out the wait for a connection while the server stood still, which is
    /// what "coordinated omission" means. To be compared, not to be quoted.
    Latencies uncorrected = {};

    [[nodiscard]] std::uint64_t error_count() const;
};

/// The bookkeeping of one run of load in an open loop: what is to be sent when, and what came of it. Pure: the caller
/// says what time it is, counted from the start, and does the sending. A request that is due while every connection
/// is busy waits, and the wait counts; there is no queue, since what waits is a range of numbers.
class OpenLoop {
public:
    struct Request {
        std::uint64_t number = 0;
        std::size_t path = 0;  ///< index into the plan's
        Nanos planned{};
        Nanos sent{};
    };

    explicit OpenLoop(Plan plan);

    /// The next request to send now, if one is due and a connection is free. Those whose time ran out while they
    /// waited are errors (not_sent) and passed over.
    [[nodiscard]] std::optional<Request> take(Nanos now);
    /// A request that take() gave has ended.
    void ended(const Request& request, Nanos now, const Ending& ending);
    /// When the next request is planned that is not due yet; nothing after the last.
    [[nodiscard]] std::optional<Nanos> next_due(Nanos now) const;
    /// Nothing is left to send or to wait for.
    [[nodiscard]] bool is_done() const { return next_ == count_ && under_way_ == 0; }

    [[nodiscard]] const std::vector<Figures>& figures() const { return figures_; }
    /// From the start to the last ending.
    [[nodiscard]] Nanos taken() const { return taken_; }

private:
    Plan plan_;
    std::uint64_t count_;
    std::uint64_t next_ = 0;
    std::size_t under_way_ = 0;
    Nanos taken_{};
    std::vector<Figures> figures_;
};

[[nodiscard]] Figures sum_of(const std::vector<Figures>& figures);

}  // namespace vt::load
