#pragma once

#include "analysis/leaf.hpp"
#include "analysis/observation.hpp"
#include "analysis/order_flow/flow_context.hpp"
#include "base/ring.hpp"

#include <cstddef>
#include <optional>

namespace vt::analysis::order_flow {

/// Volume-synchronised imbalance of flow: the mean over the last buckets of equal volume of abs(bought -
/// sold)/volume.
class VpinMeter {
public:
    explicit VpinMeter(std::size_t buckets) : shares_(buckets) {}

    /// Volume of the buckets that begin from now on, base currency; the bucket that is being filled begins anew.
    void set_bucket_volume(double volume);
    /// A print that fills a bucket is split over it and the next ones. cost: O(1 + buckets filled, at most all)
    void add(double quantity, market::Side aggressor);
    void clear();
    [[nodiscard]] std::optional<double> bucket_volume() const { return bucket_volume_; }
    [[nodiscard]] std::size_t n() const { return shares_.size(); }
    /// out: 0..1; absent until all buckets have been filled once
    [[nodiscard]] std::optional<double> value() const;

    template <class Archive>
    void archive(Archive& a) {
        a(shares_, bucket_volume_, filled_, net_);
    }

private:
    Ring<double> shares_;  // of each full bucket: abs(bought - sold)/volume
    std::optional<double> bucket_volume_;
    double filled_ = 0;
    double net_ = 0;
};

/// How one-sided the flow is, in volume time. It follows volume and volatility (Andersen and Bondarenko 2014), so it
/// says how dangerous the market is, not where it goes: weight 0, acts through adj_toxicity.
///   out:    1, in 0..1
///   source: docs/indicators/vpin.md; Easley, Lopez de Prado and O'Hara 2012; oracle `vpin_aggressor`
class Vpin {
public:
    static constexpr std::size_t kBuckets = 50;  ///< in the mean, and to a day

    Vpin() : meter_(kBuckets) {}
    [[nodiscard]] static Component describe();
    /// One print, in the order of arrival. `volume_24h_base`: the venue's, for the first day.
    void add(const Print& print, const std::optional<double>& volume_24h_base);
    void mark_gap() { day_is_whole_ = false; }
    void evaluate(const FlowContext& context, Component& component);
    void clear();
    [[nodiscard]] std::optional<double> value() const { return meter_.value(); }

    template <class Archive>
    void archive(Archive& a) {
        a(meter_, day_, day_volume_, day_is_whole_);
    }

private:
    void begin_day(Timestamp day, const std::optional<double>& volume_24h_base);

    VpinMeter meter_;
    std::optional<Timestamp> day_;
    double day_volume_ = 0;
    bool day_is_whole_ = false;  // all of the day's prints were seen
};

}  // namespace vt::analysis::order_flow
