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

/// Which way price gives more easily: ln(cost to buy / cost to sell) of the same large order, cost being the average
/// price's distance from the mid. Dear to buy means thin asks: price can rise. The order's size Q* is the symbol's
/// own large-trade threshold, held to 10 k .. 1 M quote; unknown until there are 500 parent trades.
///   out:    log ratio, mean over one sample a second; a sample in which the known book does not fill the order has
///           none
///   source: docs/indicators/impact_asymmetry.md; oracle `book_depth` slippage
class ImpactAsymmetry {
public:
    static constexpr double kMinQuote = 10'000;
    static constexpr double kMaxQuote = 1'000'000;

    [[nodiscard]] static Component describe();

    /// Q* for the samples from now on.
    void set_large_threshold(const std::optional<double>& threshold);
    /// The sample at u; null while the book is invalid. cost: O(levels that the order takes)
    void sample(Timestamp u, const BookFrame* frame, const BookRange* range);
    void evaluate(const LiquidityContext& context, Component& component);
    void skip();

    template <class Archive>
    void archive(Archive& a) {
        a(samples_, normalisers_, order_quote_, source_sequence_);
        refuse_unless(a, !order_quote_ || (*order_quote_ >= kMinQuote && *order_quote_ <= kMaxQuote));
    }

private:
    enum class Status : std::uint8_t { no_book, no_size, not_filled, defined };
    struct Sample {
        Status status = Status::no_book;
        double value = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(status, value);
            refuse_unless(a, status <= Status::defined && value > -1e3 && value < 1e3);
        }
    };
    SecondBins<Sample> samples_;
    std::array<Normaliser, 2> normalisers_ = {Normaliser{Frame::m1, MapKind::z0}, Normaliser{Frame::m5, MapKind::z0}};
    std::optional<double> order_quote_;
    std::uint64_t source_sequence_ = 0;
};

}  // namespace vt::analysis::liquidity
