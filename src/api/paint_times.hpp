#pragma once

#include "base/ring.hpp"
#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::api {

/// How long the way is from an exchange's socket to the pixels of a page. A page says which sequence number of the
/// overview it has painted; the way began when the newest input of that picture was read from its socket, and ends
/// when the page's word arrives, so it holds the word's way back.
///   A page can say what it likes, so its word counts only for a picture that it was sent, that is one of the newest
///   kPicturesKept, and later than the one it spoke of last; and once in kEvery for each reader.
class PaintTimes {
public:
    static constexpr std::size_t kPicturesKept = 128;  ///< 13 s at ten pictures a second: the longest way measured
    static constexpr Nanos kEvery = std::chrono::milliseconds{500};

    /// What is known of one reader.
    struct Reader {
        std::uint64_t painted = 0;
        std::optional<Timestamp> measured_at;
    };

    /// A picture became this sequence number; one that changed nothing keeps the number and the time it had.
    ///   in: newest_input: when it was read from its socket
    void published(std::uint64_t sequence, Timestamp newest_input);
    /// A reader that was sent everything up to `sent` says that it has painted `sequence`.
    ///   out: the way; absent where the word does not count
    ///   cost: O(kPicturesKept)
    [[nodiscard]] std::optional<Nanos> painted(Reader& reader, std::uint64_t sequence, std::uint64_t sent,
                                               Timestamp received) const;

private:
    struct Picture {
        std::uint64_t sequence = 0;
        Timestamp newest_input;
    };
    Ring<Picture> pictures_{kPicturesKept};  ///< sequence ascending
};

}  // namespace vt::api
