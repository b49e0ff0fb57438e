#pragma once

#include "history/fetch.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vt::history {

/// How far a run is, 0 .. 100: each series counts the same, those that wait nothing, those that ended in full.
[[nodiscard]] int percent_done(std::span<const FetchProgress> progress);

/// "34 %, 1 of 3 series, 51200 rows; bybit 10006 ..., again in 4 s"
///   in: what the run as a whole waits for; empty: nothing. Of it at most 80 bytes are shown
[[nodiscard]] std::string progress_text(std::span<const FetchProgress> progress, std::string_view waiting_for);

/// What a run shows of itself while it goes on: on a terminal one line with a bar that is written over, elsewhere (a
/// log, a pipe) a plain line at the first look and at every tenth after it.
class ProgressLine {
public:
    explicit ProgressLine(bool is_terminal) : is_terminal_(is_terminal) {}

    /// What is to be written at this look; empty: nothing.
    [[nodiscard]] std::string look(std::span<const FetchProgress> progress, std::string_view waiting_for);
    /// Takes the line away, so that what follows begins at the left.
    [[nodiscard]] std::string_view clear() const { return is_terminal_ ? "\r\x1b[K" : ""; }

private:
    bool is_terminal_;
    std::uint64_t looks_ = 0;
};

}  // namespace vt::history
