#include "config/versioned_file.hpp"

#include "base/whole_number.hpp"
#include "storage/file_descriptor.hpp"
#include "storage/system_failure.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace vt::config {
namespace {

using storage::FileDescriptor;
using storage::sync_directory_of;
using storage::system_failure;

/// Whose a new file is, and who may read it.
struct Ownership {
    mode_t mode = 0600;
    uid_t user = ::geteuid();
    gid_t group = ::getegid();
};

Result<Ownership> ownership_of(const std::filesystem::path& path) {
    struct stat state{};
    if (::stat(path.c_str(), &state) != 0) {
        if (errno == ENOENT) return Ownership{};
        return system_failure("read", path, errno);
    }
    return Ownership{.mode = state.st_mode & 0777U, .user = state.st_uid, .group = state.st_gid};
}

Result<std::optional<std::string>> read_all(const std::filesystem::path& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        if (errno == ENOENT) return std::nullopt;
        return system_failure("read", path, errno);
    }
    std::string text;
    std::string part(std::size_t{16} << 10U, '\0');
    for (;;) {
        const ssize_t got = ::read(file.number(), part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_failure("read", path, errno);
        if (got == 0) return text;
        text.append(part, 0, static_cast<std::size_t>(got));
        if (text.size() > VersionedFile::kBytesMax)
            return fail(Errc::out_of_range, path.string() + " is longer than " +
                                                std::to_string(VersionedFile::kBytesMax) +
                                                " bytes: no configuration");
    }
}

/// The file is the old text or, once this returns, durably the new one.
Result<void> put(const std::filesystem::path& path, const std::string& text, const Ownership& owner) {
    std::filesystem::path made = path;
    made += ".new";  // what an earlier attempt left is overwritten
    {
        const FileDescriptor file(::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file.is_open()) return system_failure("create", made, errno);
        struct stat state{};
        if (::fstat(file.number(), &state) != 0) return system_failure("create", made, errno);
        if ((state.st_uid != owner.user || state.st_gid != owner.group) &&
            ::fchown(file.number(), owner.user, owner.group) != 0)
            return system_failure("keep the owner of " + path.string() + " for", made, errno);
        if (::fchmod(file.number(), owner.mode) != 0) return system_failure("set the mode of", made, errno);
        if (const int cause = file.append(text, 0); cause != 0) return system_failure("write to", made, cause);
        if (::fsync(file.number()) != 0) return system_failure("make durable", made, errno);
    }
    if (::rename(made.c_str(), path.c_str()) != 0) return system_failure("replace", path, errno);
    sync_directory_of(path);
    return {};
}

Result<void> make_folders(const std::filesystem::path& folder) {
    if (folder.empty()) return {};
    if (::mkdir(folder.c_str(), 0700) == 0) {
        sync_directory_of(folder);
        return {};
    }
    if (errno == EEXIST) return {};
    if (errno != ENOENT) return system_failure("create", folder, errno);
    if (auto made = make_folders(folder.parent_path()); !made) return made;
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return system_failure("create", folder, errno);
    sync_directory_of(folder);
    return {};
}

std::filesystem::path with_suffix(std::filesystem::path path, const char* suffix) {
    path += suffix;
    return path;
}

}  // namespace

VersionedFile::VersionedFile(const std::filesystem::path& path) : path_(path) {
    std::error_code ignored;
    if (std::filesystem::is_symlink(path, ignored)) {
        const auto target = std::filesystem::weakly_canonical(path, ignored);
        if (!ignored) path_ = target;
    }
}

std::filesystem::path VersionedFile::history_folder() const { return with_suffix(path_, ".history"); }

std::filesystem::path VersionedFile::version_path(std::uint32_t number) const {
    std::string name = std::to_string(number);
    if (name.size() < 6) name.insert(0, 6 - name.size(), '0');
    return history_folder() / (name + ".toml");
}

Result<std::optional<std::string>> VersionedFile::read() const { return read_all(path_); }

Result<std::vector<FileVersion>> VersionedFile::versions() const {
    std::vector<FileVersion> found;
    std::error_code error;
    std::filesystem::directory_iterator folder(history_folder(), error);
    if (error) {
        if (error == std::errc::no_such_file_or_directory) return found;
        return system_failure("read", history_folder(), error.value());
    }
    for (const std::filesystem::directory_iterator end; folder != end; folder.increment(error)) {
        if (error) return system_failure("read", history_folder(), error.value());
        const auto number = vt::whole_number<std::uint32_t>(folder->path().stem().string());
        if (!number || folder->path().extension() != ".toml") continue;
        struct stat state{};
        if (::stat(folder->path().c_str(), &state) != 0) {
            if (errno == ENOENT) continue;                         // it has just gone
            return system_failure("read", folder->path(), errno);  // else its number would be given again
        }
        found.push_back({.number = *number,
                         .replaced = from_ms(static_cast<std::int64_t>(state.st_mtim.tv_sec) * 1000 +
                                             state.st_mtim.tv_nsec / 1'000'000),
                         .bytes = static_cast<std::uint64_t>(state.st_size)});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    return found;
}

Result<std::string> VersionedFile::version(std::uint32_t number) const {
    VT_TRY(std::optional<std::string> text, read_all(version_path(number)));
    if (text) return std::move(*text);
    VT_TRY(const std::vector<FileVersion> kept, versions());
    const std::string what = "there is no version " + std::to_string(number) + " of " + path_.string();
    if (kept.empty()) return fail(Errc::not_found, what + ": none was kept so far");
    return fail(Errc::not_found, what + "; kept are " + std::to_string(kept.front().number) + " to " +
                                     std::to_string(kept.back().number));
}

/// Enters a text into the history, unless it is the newest there.
Result<void> VersionedFile::keep(const std::string& text) const {
    if (auto made = make_folders(history_folder()); !made) return made;
    VT_TRY(const std::vector<FileVersion> kept, versions());
    if (!kept.empty()) {
        VT_TRY(const std::optional<std::string> newest, read_all(version_path(kept.back().number)));
        if (newest == text) return {};
    }
    const std::uint32_t number = kept.empty() ? 1 : kept.back().number + 1;
    if (auto done = put(version_path(number), text, {.mode = 0600}); !done) return done;
    for (std::size_t i = 0; i + kVersionsMax <= kept.size(); ++i) {
        if (::unlink(version_path(kept[i].number).c_str()) != 0 && errno != ENOENT)
            return system_failure("remove", version_path(kept[i].number), errno);
    }
    return {};
}

Result<bool> VersionedFile::replace(const Make& make) const {
    auto done = replace_text(make);
    if (!done && done.error().code == Errc::io) done.error().what += "; the configuration stays as it was";
    return done;
}

Result<bool> VersionedFile::replace_text(const Make& make) const {
    if (auto made = make_folders(path_.parent_path()); !made) return tl::unexpected(made.error());
    const std::filesystem::path lock_path = with_suffix(path_, ".lock");
    const FileDescriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock.is_open()) return system_failure("create", lock_path, errno);
    if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return system_failure("lock", lock_path, errno);
        return fail(Errc::unavailable, path_.string() + " is being changed by another process; try again");
    }
    VT_TRY(const std::optional<std::string> present, read());
    VT_TRY(const std::string text, make(present));
    if (text.size() > kBytesMax)
        return fail(Errc::out_of_range, "a configuration of more than " + std::to_string(kBytesMax) +
                                            " bytes is none; remove what is not needed");
    if (present == text) return false;
    if (present) {
        if (auto kept = keep(*present); !kept) return tl::unexpected(kept.error());
    }
    VT_TRY(const Ownership owner, ownership_of(path_));
    if (auto done = put(path_, text, owner); !done) return tl::unexpected(done.error());
    return true;
}

}  // namespace vt::config
