#pragma once

#include "api/route.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "track_record/calibration.hpp"
#include "track_record/performance.hpp"
#include "track_record/strategy_edge.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::api {

/// How many raised signals the ledger has of a segment.
struct SegmentCount {
    track_record::Segment segment = track_record::Segment::live;
    std::uint64_t n = 0;
};

/// What followed scores of each strength of one strategy: scores of two are not the same scale.
struct StrategyCalibration {
    std::string strategy;
    track_record::Calibration calibration;
};

/// What the ledger of a market says of the signals of one segment.
struct TrackRecord {
    std::string market;
    track_record::Segment segment = track_record::Segment::live;
    std::vector<SegmentCount> segments;  ///< that have signals, this one or not
    double trials = 1;                   ///< sets of parameters and weights under which signals were raised
    double thin_below = 30;              ///< effective outcomes below which a figure is shown in grey
    std::vector<StrategyCalibration> calibrations;    ///< ascending by strategy
    std::vector<track_record::StrategyEdge> edges;    ///< what the next signals are decided by, likewise
    track_record::Performance performance;
};

/// Makes the track record, sooner or later, once, on the API's thread. in: `segment` absent: the market's own
using TrackRecordRead = std::function<void(const Result<std::shared_ptr<const TrackRecord>>&)>;
using ReadTrackRecord = std::function<void(std::string market, std::optional<track_record::Segment> segment,
                                           TrackRecordRead done)>;

/// The query of both documents.
[[nodiscard]] std::vector<QueryParameter> track_parameters();
/// What a call asks for. out: absent: it says nothing
///   errors: out_of_range: what it may be
[[nodiscard]] Result<std::optional<track_record::Segment>> segment_asked(const Call& call);

/// The document Calibration: what followed scores of each strength.
void write_calibration(JsonWriter& out, const TrackRecord& record);
/// The document Performance: whether strategies beat chance, and whether they made money.
void write_performance(JsonWriter& out, const TrackRecord& record);

}  // namespace vt::api
