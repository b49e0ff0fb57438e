#include "runtime/record_reading.hpp"

#include "net/loop.hpp"

#include <utility>

namespace vt::runtime {

RecordReading::RecordReading(records::DatabaseUrl url, Clock clock)
    : url_(std::move(url)), clock_(std::move(clock)) {}

Result<void> RecordReading::connect() {
    if (repository_) return {};
    if (failure_ && clock_() < retry_at_) return tl::unexpected<Error>(*failure_);
    auto database = records::open_database(url_);
    auto opened = database ? records::Repository::open(std::move(*database), net::wall_now())
                           : Result<records::Repository>(tl::unexpected<Error>(database.error()));
    if (!opened) {
        failure_ = std::move(opened.error());
        retry_at_ = clock_() + kPause;
        return tl::unexpected<Error>(*failure_);
    }
    failure_.reset();
    repository_ = std::move(*opened);
    return {};
}

}  // namespace vt::runtime
