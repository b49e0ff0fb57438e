#include "storage/json_lines_file.hpp"

#include "base/assert.hpp"

#include <system_error>
#include <utility>

namespace vt::storage {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10U;

}  // namespace

JsonLinesFile::JsonLinesFile(OutputFile file, std::filesystem::path path)
    : file_(std::move(file)), path_(std::move(path)) {}

Result<JsonLinesFile> JsonLinesFile::create(std::filesystem::path path) {
    const std::filesystem::path partial = path.string() + ".partial";
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);  // of a run that was killed
    VT_TRY(OutputFile file, OutputFile::create(partial));
    return JsonLinesFile(std::move(file), std::move(path));
}

Result<void> JsonLinesFile::write(std::string_view document) {
    VT_ASSERT(document.find('\n') == std::string_view::npos);
    if (failure_) return tl::unexpected<Error>(*failure_);
    if (buffer_.size() + document.size() + 1 > kBufferBytes && !buffer_.empty()) {
        if (Result<void> written = flush(); !written) return written;
    }
    buffer_ += document;
    buffer_ += '\n';
    ++lines_;
    return {};
}

Result<void> JsonLinesFile::close() {
    if (Result<void> written = flush(); !written) return written;
    return file_.rename(path_);
}

Result<void> JsonLinesFile::flush() {
    if (failure_) return tl::unexpected<Error>(*failure_);
    Result<void> written = file_.append(buffer_);
    if (!written) failure_ = written.error();
    buffer_.clear();
    return written;
}

}  // namespace vt::storage
