#include "paper/params.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace vt::paper {
namespace {

Result<void> wrong(std::string_view what, const std::string& value, std::string_view range) {
    return fail(Errc::configuration, "paper: " + std::string(what) + " is " + value + "; " + std::string(range));
}

struct NamedShare {
    std::string_view name;
    Decimal share;
};
struct NamedSpan {
    std::string_view name;
    Nanos span;
};

Result<void> check_shares(std::initializer_list<NamedShare> shares) {
    for (const auto& [name, share] : shares)
        if (share.mantissa < 0 || share.to_double() >= 1) return wrong(name, share.to_string(), "from 0 to below 1");
    return {};
}

Result<void> check_spans(std::initializer_list<NamedSpan> spans) {
    constexpr Nanos kMost = std::chrono::minutes{1};
    for (const auto& [name, span] : spans)
        if (span < Nanos{} || span > kMost)
            return wrong(name, std::to_string(to_seconds(span)) + " s", "from 0 to a minute");
    return {};
}

Result<void> check_latency(const LatencyParams& latency) {
    if (auto spans = check_spans({{"latency.least", latency.least},
                                  {"latency.mean_above", latency.mean_above},
                                  {"latency.most", latency.most},
                                  {"latency.report", latency.report}});
        !spans)
        return spans;
    if (latency.least > latency.most)
        return wrong("latency.least", std::to_string(to_seconds(latency.least)) + " s", "at most latency.most");
    if (latency.measured.size() > LatencyParams::kMeasuredMax)
        return wrong("number of latency.measured", std::to_string(latency.measured.size()), "at most 4096");
    for (const Nanos span : latency.measured)
        if (auto checked = check_spans({{"latency.measured", span}}); !checked) return checked;
    return {};
}

Result<void> check_faults(const FaultParams& faults) {
    for (const double share : {faults.refuse, faults.lose, faults.stay_silent, faults.hide, faults.acknowledge_late,
                               faults.duplicate, faults.delay})
        if (!(share >= 0 && share <= 1)) return wrong("a share of faults", std::to_string(share), "from 0 to 1");
    return check_spans(
        {{"faults.hidden", faults.hidden}, {"faults.late", faults.late}, {"faults.time_out", faults.time_out}});
}

}  // namespace

Result<void> check(const Params& params) {
    constexpr trading::Money kDepositMost{100'000'000 * trading::kMoneyPerUnit};
    if (params.deposit <= trading::Money{} || params.deposit > kDepositMost)
        return wrong("deposit", to_string(params.deposit), "above 0, at most 100 million");
    if (params.margin.leverage < 1 || params.margin.leverage > kLeverageMost)
        return wrong("margin.leverage", std::to_string(params.margin.leverage), "from 1 to 200");
    if (params.bars.interval <= Nanos{})
        return wrong("bars.interval", std::to_string(to_seconds(params.bars.interval)) + " s", "above 0");
    if (auto latency = check_latency(params.latency); !latency) return latency;
    if (auto shares = check_shares({{"fees.maker", params.fees.maker},
                                    {"fees.taker", params.fees.taker},
                                    {"margin.maintenance", params.margin.maintenance},
                                    {"bars.slippage", params.bars.slippage},
                                    {"market_order_band", params.market_order_band}});
        !shares)
        return shares;
    if (auto patience = check_spans({{"book_patience", params.book_patience}}); !patience) return patience;
    return check_faults(params.faults);
}

}  // namespace vt::paper
