#pragma once

#include "analysis/grid.hpp"
#include "analysis/leaf.hpp"
#include "analysis/liquidity/book_depth.hpp"
#include "analysis/liquidity/liquidity_context.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/refuse_unless.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace vt::analysis::liquidity {

/// On which side of the mid more money rests, nearer orders counting more: the mean over one sample a second of
/// (B - A)/(B + A) with decay e^(-distance/k) within 3k (BookScale).
///   out:    -1..1; a sample whose 3k are known by less than half has no value; coverage is cut by the known share
///   source: docs/indicators/book_imbalance.md; oracle `book_depth`
class BookImbalance {
public:
    [[nodiscard]] static Component describe();

    /// The sample at u, a whole second; null while the book is invalid. cost: O(levels within 3k)
    void sample(Timestamp u, const BookFrame* frame, const BookRange* range, double scale_bps);
    void evaluate(const LiquidityContext& context, Component& component);
    void skip();

    /// Both sides' resting money within 3k in the sample at u, quote currency. out: absent where not all of it is
    /// known
    [[nodiscard]] std::optional<double> depth_at(Timestamp u) const;
    /// The mean of that over the minute that ends at u. out: absent with fewer than 30 samples
    [[nodiscard]] std::optional<double> depth_over_minute(Timestamp u) const;

    template <class Archive>
    void archive(Archive& a) {
        a(samples_, normalisers_, source_sequence_);
    }

private:
    enum class Status : std::uint8_t { no_book, not_covered, defined };
    struct Sample {
        Status status = Status::no_book;
        double value = 0;
        double covered_share = 0;
        double depth = 0;  // quote currency
        template <class Archive>
        void archive(Archive& a) {
            a(status, value, covered_share, depth);
            refuse_unless(a, status <= Status::defined && is_balance(value) && is_share(covered_share) && depth >= 0);
        }
    };
    SecondBins<Sample> samples_;
    std::array<Normaliser, 2> normalisers_ = {Normaliser{Frame::m1, MapKind::z0}, Normaliser{Frame::m5, MapKind::z0}};
    std::uint64_t source_sequence_ = 0;
};

}  // namespace vt::analysis::liquidity
