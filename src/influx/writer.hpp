#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "influx/batch_spool.hpp"
#include "influx/line_protocol.hpp"
#include "influx/verdict.hpp"
#include "net/http_client.hpp"
#include "net/loop.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace vt::influx {

enum class Version : std::uint8_t { v1 = 1, v2 = 2 };

struct WriterParams {
    std::string url;     ///< http://host:8086
    std::string token;   ///< v2: the token; v1: user:password; empty: none
    std::string org;     ///< v2
    std::string bucket;  ///< v1: the database, or database/retention
    Version version = Version::v2;
    std::filesystem::path spool_folder;
    std::uint64_t spool_bytes_max = std::uint64_t{256} << 20U;
    std::size_t buffer_bytes_max = std::size_t{8} << 20U;  ///< of lines that wait for the writer's thread
    std::size_t batch_bytes = std::size_t{1} << 20U;       ///< of text, before gzip
    Nanos batch_age = std::chrono::seconds{1};
    Nanos timeout = std::chrono::seconds{10};
    Nanos retry_first = std::chrono::milliseconds{500};
    Nanos retry_max = std::chrono::seconds{60};
    Nanos locked_wait = std::chrono::seconds{60};  ///< until somebody may have acted on a refused token or bucket
    net::HttpClientParams http = {};
};

struct WriterStats {
    std::uint64_t offered_lines = 0;
    std::uint64_t stored_lines = 0;
    std::uint64_t refused_lines = 0;  ///< by the server
    std::uint64_t dropped_lines = 0;  ///< no room in the buffer or on the disk
    std::uint64_t batches = 0;        ///< stored
    std::uint64_t failures = 0;       ///< answers after which it had to wait
    std::uint64_t buffered_bytes = 0;
    std::uint64_t spooled_lines = 0;
    std::uint64_t spooled_bytes = 0;
    std::string problem;  ///< the last failure, while it lasts
};

/// A write of nothing: what the server says to it tells whether address, token and bucket are right.
///   errors: configuration
[[nodiscard]] Result<net::HttpCall> empty_write(const WriterParams& params);

/// Sends lines to a server that speaks InfluxDB's write API, v1 or v2. Never makes anybody wait: what finds no room
/// is dropped and counted. Each batch is a file before it is sent and until the server has it, so that a server that
/// is away for hours, or the end of the program, costs nothing within the limit; a batch that is sent twice writes
/// the same points twice, which is once. Lives on a loop; offer() and stats() are for any thread.
class Writer {
public:
    /// errors: configuration (address), io (spool folder)
    [[nodiscard]] static Result<std::unique_ptr<Writer>> make(net::Loop& loop, WriterParams params);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Any thread.
    ///   in:  whole lines
    ///   out: false: there was no room; they are counted as dropped
    bool offer(const LineWriter& lines);
    /// Any thread.
    [[nodiscard]] WriterStats stats() const;

    /// The loop's thread: begins.
    void start();
    /// The loop's thread: what is in the buffer becomes a batch on disk. What is not sent yet is for the next run.
    void flush();

private:
    Writer(net::Loop& loop, WriterParams params, BatchSpool spool);
    void turn();
    void send_front();
    void take(const Result<net::HttpResponse>& answer);
    void wait_for(std::optional<Nanos> asked);
    void show(const std::string& problem);
    void count(std::uint64_t WriterStats::* counter, std::uint64_t lines);

    net::Loop& loop_;
    WriterParams params_;
    std::string address_;
    BatchSpool spool_;
    net::HttpClient http_;
    net::TimerId turn_timer_;
    net::TimerId retry_timer_;
    bool is_sending_ = false;
    bool is_waiting_ = false;
    Nanos retry_after_;

    mutable std::mutex mutex_;  // of what follows
    std::string buffer_;
    std::uint64_t buffered_lines_ = 0;
    WriterStats stats_;
};

}  // namespace vt::influx
