#pragma once

#include "analysis/book_range.hpp"
#include "analysis/grid.hpp"
#include "analysis/observation.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis {

inline constexpr std::array<double, 3> kBandsBps = {5, 10, 25};
inline constexpr double kImpactNotional = 100'000;  ///< quote currency
inline constexpr std::uint32_t kMinSamples = 30;    ///< of 60: fewer give no mean

/// One look at the book from the mid out to 25 bps. Absent: not known that far out, or not enough there.
struct BandSample {
    bool is_valid = false;
    std::array<std::optional<double>, kBandsBps.size()> bid_depth, ask_depth;  ///< quote currency
    std::optional<double> cover_bid_bps, cover_ask_bps;
    std::optional<double> impact_buy_bps, impact_sell_bps;

    template <class Archive>
    void archive(Archive& a) {
        a(is_valid, bid_depth, ask_depth, cover_bid_bps, cover_ask_bps, impact_buy_bps, impact_sell_bps);
    }
};
/// cost: O(levels within 25 bps)
[[nodiscard]] BandSample sample_bands(const BookFrame& frame, const BookRange& range);

/// Means over the samples of a minute, each over the samples in which it is defined.
struct BandMinute {
    std::uint32_t samples = 0;
    std::array<std::optional<double>, kBandsBps.size()> bid_depth, ask_depth, imbalance;
    std::optional<double> cover_bid_bps, cover_ask_bps;  ///< least of the minute
    std::optional<double> impact_buy_bps, impact_sell_bps;
};

/// The samples of the last minute.
class BandSampler {
public:
    /// The sample at u; null while the book is invalid.
    void add(Timestamp u, const BookFrame* frame, const BookRange* range);
    /// The minute that ends at u.
    [[nodiscard]] BandMinute minute(Timestamp u) const;
    void skip_to(Timestamp u);

    template <class Archive>
    void archive(Archive& a) {
        a(samples_);
    }

private:
    SecondBins<BandSample, 60> samples_;
};

}  // namespace vt::analysis
