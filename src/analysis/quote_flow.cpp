#include "analysis/quote_flow.hpp"

#include "analysis/ofi.hpp"

#include <algorithm>

namespace vt::analysis {
namespace {

RankState rank_of(const Quote& quote) {
    return {.bid = quote.bid_ticks, .ask = quote.ask_ticks, .bid_size = quote.bid_size, .ask_size = quote.ask_size};
}

std::optional<double> mean(double integral, Nanos valid) {
    if (valid <= Nanos{0}) return std::nullopt;
    return integral / to_seconds(valid);
}

}  // namespace

void QuoteSums::add(const QuoteBin& second) {
    ofi += second.ofi;
    size_time += second.size_time;
    imbalance_time += second.imbalance_time;
    spread_time += second.spread_time;
    valid += second.valid;
    n += second.n;
    has_new_generation = has_new_generation || second.has_new_generation;
}

void QuoteSums::add(const QuoteSums& later) {
    ofi += later.ofi;
    size_time += later.size_time;
    imbalance_time += later.imbalance_time;
    spread_time += later.spread_time;
    valid += later.valid;
    n += later.n;
    has_new_generation = has_new_generation || later.has_new_generation;
}

std::optional<double> QuoteSums::mean_size() const { return mean(size_time, valid); }
std::optional<double> QuoteSums::mean_imbalance() const { return mean(imbalance_time, valid); }
std::optional<double> QuoteSums::mean_spread_bps() const { return mean(spread_time, valid); }

void QuoteFlow::accrue(Timestamp to) {
    if (quote_ && to > accrued_) {
        // Never across a whole second: advance() stops at each.
        QuoteBin* bin = bins_.at(accrued_);
        const double span = to_seconds(to - accrued_);
        bin->size_time += span * quote_->mean_size();
        bin->imbalance_time += span * quote_->imbalance();
        bin->spread_time += span * quote_->spread_bps();
        bin->valid += to - accrued_;
    }
    accrued_ = to;
}

void QuoteFlow::advance(Timestamp time) {
    clock_.advance(time, [&](Timestamp u) {
        accrue(u);
        QuoteBin* bin = bins_.at(u - kSecond);
        if (!quote_) return;
        bin->mid_end = quote_->mid();
        bin->spread_bps_end = quote_->spread_bps();
        bin->last_time = quote_->time;
    });
    accrue(clock_.effective(time));
    (void)bins_.at(*clock_.now());
}

void QuoteFlow::on_quote(const Quote& quote) {
    advance(quote.time);
    Quote next = quote;
    next.time = clock_.effective(quote.time);
    QuoteBin* bin = bins_.at(next.time);
    if (generation_ && *generation_ != next.generation) bin->has_new_generation = true;
    if (quote_ && quote_->generation == next.generation)
        bin->ofi += order_flow_imbalance(rank_of(*quote_), rank_of(next));
    const double mid = next.mid();
    bin->mid_high = bin->n == 0 ? mid : std::max(bin->mid_high, mid);
    bin->mid_low = bin->n == 0 ? mid : std::min(bin->mid_low, mid);
    ++bin->n;
    generation_ = next.generation;
    last_sequence_ = next.source_sequence;
    quote_ = next;
}

void QuoteFlow::on_lost(Timestamp time) {
    advance(time);
    quote_.reset();
}

void QuoteFlow::skip_to(Timestamp u) {
    bins_.clear();
    clock_.restart(u);
    accrued_ = u;
    quote_.reset();
    (void)bins_.at(u);
}

void QuoteFlow::forget_mids() {
    bins_.change_each([](QuoteBin& bin) { bin.mid_end.reset(); });
    quote_.reset();
}

QuoteSums QuoteFlow::sums(Timestamp u, std::size_t count) const {
    QuoteSums total;
    bins_.visit(u, count, [&](const QuoteBin& second) { total.add(second); });
    return total;
}

}  // namespace vt::analysis
