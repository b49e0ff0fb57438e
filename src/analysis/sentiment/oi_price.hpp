#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/sentiment/open_interest_path.hpp"
#include "analysis/sentiment/sentiment_context.hpp"

#include <array>
#include <optional>
#include <vector>

namespace vt::analysis::sentiment {

/// Do those who move the price open positions, or close them: tanh(z_r/2) (1 + tanh(z_oi/2))/2. New longs and new
/// shorts speak loudly, covered shorts and closed longs softly.
///   out:    1, in -1..1
///   source: docs/indicators/oi_price.md; V3
class OiPrice {
public:
    [[nodiscard]] static Component describe();

    /// A point was added to the path: the changes that end there, at aligned ends, become samples. A point that is
    /// not newer than the last sample of a frame is none.
    void on_point(const InterestPoint& point, const OpenInterestPath& path, std::vector<float>& scratch);
    void evaluate(const SentimentContext& context, const OpenInterestPath& path, Component& component);
    /// z of the change of open interest over the longest frame that has one, as of the last evaluate().
    [[nodiscard]] const std::optional<double>& interest_z() const { return interest_z_; }
    void clear();

    template <class Archive>
    void archive(Archive& a) {
        for (Past& past : pasts_) a(past.price, past.interest, past.sampled);
    }

private:
    struct Past {
        explicit Past(Frame frame) : price(frame, MapKind::z0), interest(frame, MapKind::z0) {}
        Normaliser price, interest;
        std::optional<Timestamp> sampled;  // the end of the newest sample
    };
    /// What the changes over one frame say.
    struct Reading {
        std::optional<double> strength, interest_z;
        bool is_kline = false;
    };
    [[nodiscard]] static Reading read(const Past& past, Frame frame, const OpenInterestPath& path);

    std::array<Past, 3> pasts_ = {Past{Frame::m5}, Past{Frame::m30}, Past{Frame::h4}};
    std::optional<double> interest_z_;
};

/// in: z of the return and of the change of open interest
[[nodiscard]] double quadrant_strength(double z_return, double z_interest);

}  // namespace vt::analysis::sentiment
