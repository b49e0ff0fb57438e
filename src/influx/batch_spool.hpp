#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>

namespace vt::influx {

/// A batch of lines on disk.
struct SpooledBatch {
    std::uint64_t number = 0;  ///< ascends; in the file's name
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;  ///< gzip
};

/// Batches on their way, as files of a folder of its own, the oldest first. What a run did not get rid of is there
/// for the next. Over the limit the oldest go: the newest say more. One process at a time has the folder.
class BatchSpool {
public:
    /// errors: io; unavailable: another process has the folder
    [[nodiscard]] static Result<BatchSpool> open(std::filesystem::path folder, std::uint64_t bytes_max);

    /// Adds a batch, and drops the oldest ones where it finds no room.
    ///   in:     keep_front: the first is on its way, and stays
    ///   out:    how many lines were dropped
    ///   errors: io: the batch is not kept
    [[nodiscard]] Result<std::uint64_t> push(const std::string& gzip, std::uint64_t lines, bool keep_front);
    [[nodiscard]] const SpooledBatch* front() const { return batches_.empty() ? nullptr : &batches_.front(); }
    /// errors: io, corrupt: a file that went away or is not as long as it was
    [[nodiscard]] Result<std::string> read_front() const;
    void pop() { remove(0); }
    /// Puts two batches into the place of the first, which was too large for the server.
    [[nodiscard]] Result<void> split_front();

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t lines() const { return lines_; }
    [[nodiscard]] std::size_t size() const { return batches_.size(); }

private:
    BatchSpool(std::filesystem::path folder, std::uint64_t bytes_max)
        : folder_(std::move(folder)), bytes_max_(bytes_max) {}
    void remove(std::size_t index);
    [[nodiscard]] std::filesystem::path path_of(const SpooledBatch& batch) const;
    [[nodiscard]] Result<void> write(const SpooledBatch& batch, const std::string& gzip) const;

    std::filesystem::path folder_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> lock_{nullptr, &std::fclose};
    std::uint64_t bytes_max_ = 0;
    std::deque<SpooledBatch> batches_;
    std::uint64_t next_ = kStep;
    std::uint64_t bytes_ = 0;
    std::uint64_t lines_ = 0;

    static constexpr std::uint64_t kStep = 1024;  ///< between numbers: a batch may be split ten times
};

}  // namespace vt::influx
