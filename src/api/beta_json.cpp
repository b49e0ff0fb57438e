#include "api/json.hpp"
#include "views/beta_view.hpp"

#include <algorithm>
#include <vector>

namespace vt::api {
namespace {

using analysis::bitcoin_beta::BetaEstimates;
using analysis::bitcoin_beta::BetaValue;
using analysis::bitcoin_beta::LeadLagEstimate;
using views::Row;

void write_beta(JsonWriter& out, std::string_view name, const std::optional<BetaValue>& value) {
    if (!value) {
        out.key(name).null();
        return;
    }
    out.key(name).begin_object().field("beta", value->beta).field("error", value->error).field("n", value->n);
    out.end_object();
}

void write_least_squares(JsonWriter& out, const indicators::LineFit& fit) {
    out.key("least_squares")
        .begin_object()
        .field("beta", fit.slope)
        .field("error", fit.slope_error)
        .field("error_hac", fit.slope_error_hac)
        .field("n", fit.n)
        .field("t_beta_is_1", fit.t_of_slope(1))
        .field("alpha", fit.intercept)
        .field("alpha_error", fit.intercept_error)
        .field("alpha_error_hac", fit.intercept_error_hac)
        .field("alpha_t_hac", fit.intercept_t_hac)
        .field("residual_sd", fit.residual_sd)
        .field("r_squared", fit.r_squared)
        .end_object();
}

void write_up_down(JsonWriter& out, const std::optional<indicators::UpDownBeta>& both) {
    if (!both) {
        out.key("up_down").null();
        return;
    }
    out.key("up_down").begin_object().key("up").begin_object();
    out.field("beta", both->up).field("error", both->up_error).field("n", both->n_up).end_object();
    out.key("down").begin_object();
    out.field("beta", both->down).field("error", both->down_error).field("n", both->n_down).end_object();
    out.field("wald", both->wald).field("p", both->p).end_object();
}

void write_frame(JsonWriter& out, const analysis::BetaFrame& frame, const BetaEstimates& found) {
    out.begin_object()
        .field("timeframe", analysis::name(frame.frame))
        .field("timestamp", to_ms(found.at))
        .field("n", found.n)
        .field("window", frame.window)
        .field("coverage", found.coverage)
        .field("kline_based", found.is_kline_based)
        .field("upper_beta", found.upper_beta());
    out.key("correlation").begin_object().field("value", found.least_squares.correlation);
    out.field("lower", found.correlation ? std::optional(found.correlation->lower) : std::nullopt)
        .field("upper", found.correlation ? std::optional(found.correlation->upper) : std::nullopt)
        .field("n", found.n)
        .end_object();
    write_least_squares(out, found.least_squares);
    write_beta(out, "vasicek", BetaValue{found.vasicek.beta, found.vasicek.error, found.n});
    write_beta(out, "blume", found.blume);
    write_beta(out, "ewma", found.ewma);
    write_beta(out, "kalman", found.kalman);
    write_beta(out, "scholes_williams", found.scholes_williams);
    write_beta(out, "dimson", found.dimson);
    write_up_down(out, found.up_down);
    if (found.broken) {
        out.key("break").begin_object().field("statistic", found.broken->statistic).field("p", found.broken->p);
        out.field("bars_before", found.broken->at).field("n", found.n).end_object();
    } else {
        out.key("break").null();
    }
    out.end_object();
}

void write_lead_lag(JsonWriter& out, const std::optional<LeadLagEstimate>& found) {
    if (!found) {
        out.key("lead_lag").null();
        return;
    }
    out.key("lead_lag")
        .begin_object()
        .field("timestamp", to_ms(found->at))
        .field("lag_s", found->lag_s)
        .field("beta", found->beta)
        .field("lambda", found->lambda)
        .field("t_hac", found->t_hac)
        .field("p", found->p)
        .field("stability", found->stability)
        .field("correlation", found->correlation)
        .field("correlation_without_lag", found->correlation_now)
        .field("changes", found->changes)
        .field("n", found->known_seconds)
        .field("coverage", static_cast<double>(found->known_seconds) / std::max(1U, found->seconds))
        .end_object();
}

std::optional<double> beta_of(const Row& row) {
    if (!row.beta->shown()) return std::nullopt;
    return row.beta->shown()->least_squares.slope;
}

void write_row(JsonWriter& out, const Row& row) {
    out.begin_object()
        .field("id", row.instrument.path_id())
        .field("symbol", row.instrument.unified_symbol())
        .field("exchange", market::name(row.instrument.venue))
        .field("beta", beta_of(row))
        .field("upper_beta", row.beta->shown() ? std::optional(row.beta->shown()->upper_beta()) : std::nullopt);
    out.key("timeframes").begin_array();
    for (std::size_t i = 0; i < analysis::kBetaFrames.size(); ++i) {
        if (row.beta->frames[i]) write_frame(out, analysis::kBetaFrames[i], *row.beta->frames[i]);
    }
    out.end_array();
    write_lead_lag(out, row.beta->lead_lag);
    out.end_object();
}

}  // namespace

void write_bitcoin_beta(JsonWriter& out, const views::Snapshot& snapshot) {
    std::vector<const Row*> rows;
    for (const Row& row : snapshot.rows) {
        if (row.beta) rows.push_back(&row);
    }
    // The unknown last; rows are by instrument id, and stay so where betas are equal.
    std::stable_sort(rows.begin(), rows.end(), [](const Row* a, const Row* b) { return beta_of(*a) > beta_of(*b); });
    // The newest estimate's time: the document is the same until there is another, not ten times a second anew.
    std::optional<Timestamp> newest;
    for (const Row* row : rows) {
        for (const auto& frame : row->beta->frames)
            if (frame) newest = std::max(newest, std::optional(frame->at));
        if (row->beta->lead_lag) newest = std::max(newest, std::optional(row->beta->lead_lag->at));
    }
    out.begin_object().field("timestamp", newest ? std::optional(to_ms(*newest)) : std::nullopt);
    out.key("symbols").begin_array();
    for (const Row* row : rows) write_row(out, *row);
    out.end_array().key("not_applicable").begin_array();
    for (const Row& row : snapshot.rows) {
        if (!row.beta) out.value(row.instrument.path_id());
    }
    out.end_array().end_object();
}

}  // namespace vt::api
