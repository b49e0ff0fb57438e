#pragma once

#include "api/track_pages.hpp"
#include "base/result.hpp"
#include "records/repository.hpp"
#include "track_record/judged.hpp"
#include "track_record/strategy_edge.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vt::runtime {

/// The segment that signals of a ledger belong to.
[[nodiscard]] track_record::Segment segment_of(std::string_view market);

/// A signal of the ledger with what followed. An end counts once its whole time has passed: of signals of the
/// last hours only the quick ends are known, and they would count first. A market that the venue ended is an expiry.
///   in:     body: JSON (docs/formats/signals.md)
///   errors: malformed
[[nodiscard]] Result<track_record::Judged> judged_of(std::string_view body, track_record::Segment segment,
                                                     Timestamp now);

/// What the ledger of a market holds, each by what it counts for.
struct LedgerOutcomes {
    std::vector<track_record::Judged> raised;  ///< the track record
    std::vector<std::string> raised_ids;       ///< of each
    /// Held back by nothing but what became of earlier ones: counted beside the raised ones when the edge is judged,
    /// since else a gate that closed would never open again.
    std::vector<track_record::Judged> held_by_record;
    std::vector<track_record::Judged> placebos;
};

/// Reads them. What was abandoned is left out: nobody saw what became of it.
///   cost: O(signals), some 20 us each
[[nodiscard]] Result<LedgerOutcomes> outcomes_in(records::Repository& repository, const std::string& market,
                                                 Timestamp now);

/// What the next signals are decided by. in: the plan's segment counts, and nothing else
[[nodiscard]] std::vector<track_record::StrategyEdge> edges_of_outcomes(const LedgerOutcomes& outcomes,
                                                                        const track_record::EdgePlan& plan);

/// Makes the track record of one segment of a market. Trials are the sets of parameters and weights under which its
/// signals were raised, counted in the ledger: a restart forgets none, and a change of either adds one as soon as a
/// signal was raised under it.
///   in:  what the plan says of the edge, its segment too
[[nodiscard]] Result<api::TrackRecord> track_record_of(records::Repository& repository, const std::string& market,
                                                       const track_record::EdgePlan& plan, Timestamp now);

/// Track records that are made anew at most once in kEvery each. The reading thread's.
class KeptTrackRecords {
public:
    static constexpr Nanos kEvery = std::chrono::seconds{30};
    [[nodiscard]] Result<std::shared_ptr<const api::TrackRecord>> get(records::Repository& repository,
                                                                      const std::string& market,
                                                                      const track_record::EdgePlan& plan,
                                                                      Timestamp now);

private:
    struct Kept {
        std::shared_ptr<const api::TrackRecord> record;
        Timestamp made_at;
    };
    std::map<track_record::Segment, Kept> kept_;  ///< of one market: a program has one
};

}  // namespace vt::runtime
