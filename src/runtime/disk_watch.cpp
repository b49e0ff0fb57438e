#include "runtime/disk_watch.hpp"

#include <system_error>
#include <utility>

namespace vt::runtime {

std::optional<DiskSpace> disk_space(const std::filesystem::path& path) {
    std::filesystem::path place = std::filesystem::path(path).lexically_normal();
    while (true) {
        std::error_code failed;
        const std::filesystem::space_info info = std::filesystem::space(place.empty() ? "." : place, failed);
        if (!failed && info.capacity > 0) return DiskSpace{info.available, info.capacity};
        if (place.empty() || place == place.root_path()) return std::nullopt;
        place = place.parent_path();  // it is not made yet
    }
}

DiskWatch::DiskWatch(std::filesystem::path path, std::string remedy, Look look)
    : path_(std::move(path)), remedy_(std::move(remedy)), look_(std::move(look)) {}

std::optional<std::string> DiskWatch::look(Timestamp now) {
    if (path_.empty()) return std::nullopt;
    // A clock that was set back must not make it wait for longer than it ever would.
    if (looked_at_ && now >= *looked_at_ && now - *looked_at_ < kLookEvery) return std::nullopt;
    looked_at_ = now;
    const std::optional<DiskSpace> space = look_(path_);
    std::string low;
    if (space && space->free_bytes < space->size_bytes / kLowShare) {
        low = "the disk of " + path_.string() + " has " +
              std::to_string(space->free_bytes / (space->size_bytes / 100 + 1)) + " % (" +
              std::to_string(space->free_bytes >> 20U) + " MiB) of its room left: make room, or " + remedy_;
    }
    const std::lock_guard lock(mutex_);
    const bool is_news = hindrance_.empty() && !low.empty();
    hindrance_ = low;
    return is_news ? std::optional(low) : std::nullopt;
}

std::string DiskWatch::hindrance() const {
    const std::lock_guard lock(mutex_);
    return hindrance_;
}

}  // namespace vt::runtime
