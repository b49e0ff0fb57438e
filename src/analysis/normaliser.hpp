#pragma once

#include "analysis/frame.hpp"
#include "analysis/ordered_samples.hpp"
#include "analysis/score_map.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace vt::analysis {

/// The past of one value, by which its present is judged: one sample for each aligned period, without overlap. At an
/// instant u only samples that ended at or before u - period count, so a window is never compared with itself.
/// The statistics move once for each sample and are frozen in between. A second copy of the samples is kept in order
/// of size, so that a median is looked up, not selected: a closing minute has some thirty of them.
///   Order at each grid second: advance(u), score with spread() or percentile(), offer(u, value).
class Normaliser {
public:
    /// `kind`: z0, zm or pr.
    Normaliser(NormaliserPlan plan, MapKind kind);
    Normaliser(Frame frame, MapKind kind) : Normaliser(normaliser_plan(frame), kind) {}

    /// Takes the waiting sample in once it has left the window that ends at u.
    ///   cost: O(1); once a period a binary search and the move of up to n_kept floats, for zm O(n_kept)
    void advance(Timestamp u, std::vector<float>&);
    /// At aligned u, remembers the value as the sample that ends there. An absent value is skipped, not counted as 0.
    void offer(Timestamp u, std::optional<double> value);
    void clear();

    [[nodiscard]] const NormaliserPlan& plan() const { return plan_; }
    [[nodiscard]] std::size_t n() const { return samples_.size(); }
    /// z0 and zm: centre and spread of the samples.
    [[nodiscard]] const Spread& spread() const { return spread_; }
    /// pr: mid-rank percentile. out: absent without samples. cost: O(log n)
    [[nodiscard]] std::optional<double> percentile(double value) const { return ordered_.percentile(value); }
    /// In no particular order once the ring is full.
    [[nodiscard]] std::span<const float> samples() const { return samples_; }
    /// Until n_min samples are there, at the pace of one a period; zero when they are.
    [[nodiscard]] Nanos ready_in(Timestamp u) const;

    template <class Archive>
    void archive(Archive& a) {
        a(samples_, next_, waiting_, waiting_end_, spread_.centre, spread_.spread, spread_.is_degenerate);
        if constexpr (Archive::kIsReader) {
            if (samples_.size() > plan_.n_kept || next_ >= plan_.n_kept || !order_samples()) {
                a.fail();
                clear();
            }
        }
    }

private:
    /// What of a sample is kept in order: for z0, whose centre is 0, its magnitude.
    [[nodiscard]] float ordered(float sample) const;
    /// False where a sample is no number.
    [[nodiscard]] bool order_samples();

    NormaliserPlan plan_;
    MapKind kind_;
    std::vector<float> samples_;
    OrderedSamples<float> ordered_;  // the same; not archived
    std::uint32_t next_ = 0;         // where the next sample goes once the ring is full
    std::optional<float> waiting_;
    Timestamp waiting_end_{};
    Spread spread_;
};

}  // namespace vt::analysis
