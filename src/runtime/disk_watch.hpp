#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace vt::runtime {

struct DiskSpace {
    std::uint64_t free_bytes = 0;  ///< that this user may take
    std::uint64_t size_bytes = 0;
};
/// Of the disk that a file or folder is on, or will be.
///   out:  nothing where the system does not say
///   cost: asks the disk, which may take its time
[[nodiscard]] std::optional<DiskSpace> disk_space(const std::filesystem::path& path);

/// Says when the disk of a place has less than a tenth of its room left: while there is still time to act.
class DiskWatch {
public:
    using Look = std::function<std::optional<DiskSpace>(const std::filesystem::path&)>;

    /// in: path: empty: nothing is watched; remedy: "lower records.bytes_max"
    DiskWatch(std::filesystem::path path, std::string remedy, Look look = disk_space);

    /// A thread that may wait for the disk, as often as it likes: looks each ten seconds.
    ///   out: what is to be logged: once when the room becomes low
    [[nodiscard]] std::optional<std::string> look(Timestamp now);
    /// Any thread: the same sentence while it is so; empty: there is room, or nobody knows.
    [[nodiscard]] std::string hindrance() const;

    static constexpr Nanos kLookEvery = std::chrono::seconds{10};
    static constexpr std::uint64_t kLowShare = 10;  ///< one in so many

private:
    std::filesystem::path path_;
    std::string remedy_;
    Look look_;
    std::optional<Timestamp> looked_at_;
    mutable std::mutex mutex_;  // of what follows
    std::string hindrance_;
};

}  // namespace vt::runtime
