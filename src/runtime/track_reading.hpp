#pragma once

#include "api/track_pages.hpp"
#include "base/result.hpp"
#include "records/repository.hpp"
#include "track_record/judged.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vt::runtime {

/// A raised signal of the ledger with what followed. An end counts once its whole time has passed: of signals of the
/// last hours only the quick ends are known, and they would count first. A market that the venue ended is an expiry.
///   in:     body: JSON (docs/formats/signals.md)
///   errors: malformed
[[nodiscard]] Result<track_record::Judged> judged_of(std::string_view body, track_record::Segment segment,
                                                     Timestamp now);

/// Every raised signal of a market, whatever became of it; what gates held back is no part of the record.
///   cost: O(signals), some 20 us each
[[nodiscard]] Result<std::vector<track_record::Judged>> judged_in(records::Repository& repository,
                                                                  const std::string& market, Timestamp now);

/// Makes the track record of a market. Trials are the sets of parameters and weights under which its signals were
/// raised.
[[nodiscard]] Result<api::TrackRecord> track_record_of(records::Repository& repository, const std::string& market,
                                                       Timestamp now);

/// A track record that is made anew at most once in kEvery. The reading thread's.
class KeptTrackRecord {
public:
    static constexpr Nanos kEvery = std::chrono::seconds{30};
    [[nodiscard]] Result<std::shared_ptr<const api::TrackRecord>> get(records::Repository& repository,
                                                                      const std::string& market, Timestamp now);

private:
    std::shared_ptr<const api::TrackRecord> record_;
    Timestamp made_at_;
};

}  // namespace vt::runtime
