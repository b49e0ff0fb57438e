#pragma once

#include "obs/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace vt::obs {

/// While it lives, what is logged is written by a thread of its own: a reader of standard error that stands still (a
/// full pipe, a journal that is blocked) holds nobody up. What finds no room in the queue is lost, counted, and said
/// in a line once the reader takes lines again. At most one at a time.
class BackgroundLog {
public:
    /// Where lines go; may take as long as it likes.
    using Write =
        std::function<void(LogLevel level, std::chrono::system_clock::time_point at, std::string_view line)>;

    BackgroundLog();  ///< to standard error, as configure_log() says
    explicit BackgroundLog(Write write);
    /// Writes what waits; where the reader still stands still after a second, that is lost.
    ~BackgroundLog();
    BackgroundLog(const BackgroundLog&) = delete;
    BackgroundLog& operator=(const BackgroundLog&) = delete;

    /// Lines that found no room.
    [[nodiscard]] std::uint64_t lost() const;
    /// The same of the one that lives; 0 where none does, since then every line is written at once. Any thread.
    [[nodiscard]] static std::uint64_t lost_now();

    static constexpr std::size_t kLinesMax = 4096;
    static constexpr std::chrono::seconds kEndWait{1};

    struct Impl;

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace vt::obs
