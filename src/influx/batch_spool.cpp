#include "influx/batch_spool.hpp"

#include "base/assert.hpp"
#include "net/gzip.hpp"

#include <sys/file.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

namespace vt::influx {
namespace {

constexpr std::string_view kSuffix = ".lp.gz";
constexpr std::string_view kPartialSuffix = ".partial";
constexpr std::size_t kPlainBytesMax = std::size_t{64} << 20U;

/// `00000000000000001024-5000.lp.gz`: number and lines.
std::optional<SpooledBatch> batch_of(const std::filesystem::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(kSuffix)) return std::nullopt;
    SpooledBatch batch;
    const char* end = name.data() + name.size();
    const auto [dash, first] = std::from_chars(name.data(), end, batch.number);
    if (first != std::errc{} || dash == end || *dash != '-') return std::nullopt;
    const auto [rest, second] = std::from_chars(dash + 1, end, batch.lines);
    if (second != std::errc{} || std::string_view(rest, static_cast<std::size_t>(end - rest)) != kSuffix)
        return std::nullopt;
    std::error_code failed;
    batch.bytes = entry.file_size(failed);
    if (failed) return std::nullopt;
    return batch;
}

}  // namespace

Result<BatchSpool> BatchSpool::open(std::filesystem::path folder, std::uint64_t bytes_max) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
        return fail(Errc::io, "cannot make the folder " + folder.string() + ": " + failed.message() +
                                  "; this user must be able to write there");
    }
    BatchSpool spool(std::move(folder), bytes_max);
    const std::filesystem::path lock = spool.folder_ / "lock";
    spool.lock_.reset(std::fopen(lock.c_str(), "ae"));
    if (!spool.lock_)
        return fail(Errc::io, "cannot write " + lock.string() + "; this user must be able to write there");
    if (::flock(::fileno(spool.lock_.get()), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::unavailable, "another run of the program sends its series from " + spool.folder_.string() +
                                           "; stop it, or give this one a data folder of its own (XDG_DATA_HOME)");
    std::vector<SpooledBatch> found;
    std::vector<std::filesystem::path> halves;  // what a run that was killed did not finish
    // Not as a range: its steps throw where the disk does not let the folder be read to its end.
    for (std::filesystem::directory_iterator at(spool.folder_, failed), end; !failed && at != end;
         at.increment(failed)) {
        if (const auto batch = batch_of(*at)) found.push_back(*batch);
        if (at->path().extension() == kPartialSuffix) halves.push_back(at->path());
    }
    std::error_code ignored;
    for (const auto& half : halves) std::filesystem::remove(half, ignored);
    if (failed)
        return fail(Errc::io, "cannot read the folder " + spool.folder_.string() + ": " + failed.message() +
                                  "; is the disk in order?");
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    for (const SpooledBatch& batch : found) {
        spool.bytes_ += batch.bytes;
        spool.lines_ += batch.lines;
        spool.next_ = batch.number / kStep * kStep + kStep;
    }
    spool.batches_.assign(found.begin(), found.end());
    return spool;
}

std::filesystem::path BatchSpool::path_of(const SpooledBatch& batch) const {
    std::string number = std::to_string(batch.number);
    number.insert(0, 20 - number.size(), '0');
    return folder_ / (number + "-" + std::to_string(batch.lines) + std::string(kSuffix));
}

Result<void> BatchSpool::write(const SpooledBatch& batch, const std::string& gzip) const {
    const std::filesystem::path path = path_of(batch);
    std::filesystem::path partial = path;
    partial += kPartialSuffix;
    std::error_code failed;
    {
        std::ofstream out(partial, std::ios::binary | std::ios::trunc);
        out.write(gzip.data(), static_cast<std::streamsize>(gzip.size()));
        out.close();
        if (!out) {
            std::filesystem::remove(partial, failed);
            return fail(Errc::io, "cannot write " + path.string() + "; is the disk full, or the folder read-only?");
        }
    }
    std::filesystem::rename(partial, path, failed);
    if (!failed) return {};
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    return fail(Errc::io, "cannot name " + path.string() + ": " + failed.message() +
                              "; is the disk full, or the folder read-only?");
}

Result<std::uint64_t> BatchSpool::push(const std::string& gzip, std::uint64_t lines, bool keep_front) {
    std::uint64_t dropped = 0;
    const std::size_t oldest = keep_front ? 1 : 0;
    while (batches_.size() > oldest && bytes_ + gzip.size() > bytes_max_) {
        dropped += batches_[oldest].lines;
        remove(oldest);
    }
    const SpooledBatch batch{.number = next_, .lines = lines, .bytes = gzip.size()};
    if (Result<void> written = write(batch, gzip); !written) return tl::unexpected<Error>(std::move(written.error()));
    next_ += kStep;
    batches_.push_back(batch);
    bytes_ += batch.bytes;
    lines_ += batch.lines;
    return dropped;
}

Result<std::string> BatchSpool::read_front() const {
    VT_ASSERT(!batches_.empty());
    const std::filesystem::path path = path_of(batches_.front());
    std::ifstream in(path, std::ios::binary);
    std::string gzip(batches_.front().bytes, '\0');
    in.read(gzip.data(), static_cast<std::streamsize>(gzip.size()));
    if (!in) return fail(Errc::corrupt, path.string() + " is gone, or shorter than it was");
    return gzip;
}

void BatchSpool::remove(std::size_t index) {
    VT_ASSERT(index < batches_.size());
    const SpooledBatch& gone = batches_[index];
    std::error_code ignored;  // a file that stays is sent again by the next run: the same points, once more
    std::filesystem::remove(path_of(gone), ignored);
    bytes_ -= gone.bytes;
    lines_ -= gone.lines;
    batches_.erase(batches_.begin() + static_cast<std::ptrdiff_t>(index));
}

Result<void> BatchSpool::split_front() {
    VT_TRY(const std::string gzip, read_front());
    VT_TRY(const std::string plain, net::gunzipped(gzip, kPlainBytesMax));
    const SpooledBatch whole = batches_.front();
    const std::size_t middle = plain.find('\n', plain.size() / 2);
    const std::size_t cut = middle == std::string::npos ? plain.size() : middle + 1;
    const std::uint64_t space = ((batches_.size() > 1 ? batches_[1].number : next_) - whole.number) / 2;
    if (cut >= plain.size() || space == 0)
        return fail(Errc::out_of_range, "a batch that the server finds too large cannot be halved further");
    const auto part = [&](std::string_view text, std::uint64_t number) {
        const std::string packed = net::gzipped(text);
        const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
        return std::pair(SpooledBatch{.number = number, .lines = lines, .bytes = packed.size()}, packed);
    };
    // The first half keeps the number, under another name: it has fewer lines.
    const auto first = part(std::string_view(plain).substr(0, cut), whole.number);
    const auto second = part(std::string_view(plain).substr(cut), whole.number + space);
    for (const auto& [batch, packed] : {first, second}) {
        if (Result<void> written = write(batch, packed); !written) return written;
    }
    pop();
    for (const auto& [batch, packed] : {second, first}) {
        batches_.push_front(batch);
        bytes_ += batch.bytes;
        lines_ += batch.lines;
    }
    return {};
}

}  // namespace vt::influx
