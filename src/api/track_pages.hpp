#pragma once

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "track_record/calibration.hpp"
#include "track_record/performance.hpp"

#include <functional>
#include <memory>
#include <string>

namespace vt::api {

/// What the ledger of a market says of its signals.
struct TrackRecord {
    std::string market;
    double trials = 1;  ///< sets of parameters and weights under which signals were raised
    track_record::Calibration calibration;
    track_record::Performance performance;
};

/// Makes the track record, sooner or later, once, on the API's thread.
using TrackRecordRead = std::function<void(const Result<std::shared_ptr<const TrackRecord>>&)>;
using ReadTrackRecord = std::function<void(std::string market, TrackRecordRead done)>;

/// The document Calibration: what followed scores of each strength.
void write_calibration(JsonWriter& out, const TrackRecord& record);
/// The document Performance: whether strategies beat chance, and whether they made money.
void write_performance(JsonWriter& out, const TrackRecord& record);

}  // namespace vt::api
