// Open interest, account ratio and funding of the demo exchange.

#include "demo/rest_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace vt::demo::rest {
namespace {

std::optional<Nanos> sample_step(std::string_view name) {
    using std::chrono::minutes;
    constexpr std::array<std::pair<std::string_view, int>, 6> kSteps{
        {{"5min", 5}, {"15min", 15}, {"30min", 30}, {"1h", 60}, {"4h", 240}, {"1d", 1440}}};
    for (const auto& [text, count] : kSteps) {
        if (text == name) return minutes{count};
    }
    return std::nullopt;
}

/// What the sampled endpoints share: which samples, newest first, and whether older ones follow.
struct SamplePage {
    std::size_t index = 0;
    std::vector<sim::Sample> newest_first;
    std::string next_cursor;
};

Answer<SamplePage> sample_page(const Request& request, std::string_view step_name, std::int64_t largest,
                               bool is_ratio) {
    const auto index = contract_of(request);
    if (!index) return tl::unexpected(index.error());
    const auto step = sample_step(request.text(step_name));
    if (!step) return refuse("params error: " + std::string(step_name) + " invalid");
    const auto limit = limit_of(request, 50, largest);
    if (!limit) return tl::unexpected(limit.error());
    auto range = range_of(request, "startTime", "endTime");
    if (!range) return tl::unexpected(range.error());
    const std::string cursor = request.text("cursor");
    if (!cursor.empty()) {
        std::int64_t last = 0;
        const std::string_view digits = std::string_view(cursor).substr(std::min<std::size_t>(9, cursor.size()));
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), last);
        if (!cursor.starts_with("lasttime=") || parsed.ec != std::errc{} || last < 1) {
            return refuse("params error: cursor invalid");
        }
        range->to = std::min(range->to, from_ms(last - 1));
    }
    const Nanos shift = request.stream.shift();
    sim::Derivatives& contract = request.stream.symbol(*index).derivatives;
    SamplePage page{.index = *index};
    page.newest_first = is_ratio ? contract.long_shares(market::RatioOf::accounts, *step, range->from - shift,
                                                        range->to - shift, *limit + 1)
                                 : contract.open_interest(*step, range->from - shift, range->to - shift, *limit + 1);
    std::reverse(page.newest_first.begin(), page.newest_first.end());
    for (sim::Sample& sample : page.newest_first) sample.at += shift;
    if (page.newest_first.size() > *limit) {
        page.newest_first.resize(*limit);
        page.next_cursor = "lasttime%3D" + std::to_string(to_ms(page.newest_first.back().at));
    }
    return page;
}

}  // namespace

Answer<std::string> open_interest(const Request& request) {
    const auto page = sample_page(request, "intervalTime", 200, false);
    if (!page) return tl::unexpected(page.error());
    const SymbolView view = request.stream.symbol(page->index);
    std::string out = "{";
    append_field(out, "symbol", view.instrument.symbol, true);
    append_field(out, "category", request.text("category"));
    out.append(",\"list\":[");
    // Inverse contracts are counted in dollars, all of them at the present mark price.
    const bool is_inverse = view.instrument.category == market::Category::inverse;
    const double scale = view.size * (is_inverse ? view.derivatives.mark_price() : 1) / view.instrument.lot();
    for (const sim::Sample& sample : page->newest_first) {
        const auto lots = std::llround(sample.value * scale);
        out.append(&sample == page->newest_first.data() ? "{" : ",{");
        append_field(out, "openInterest", steps_text(2 * lots, view.instrument.lot_size), true);  // both sides
        append_field(out, "singleOpenInterest", steps_text(lots, view.instrument.lot_size));
        append_field(out, "timestamp", std::to_string(to_ms(sample.at)));
        out.push_back('}');
    }
    out.push_back(']');
    append_field(out, "nextPageCursor", page->next_cursor);
    out.push_back('}');
    return out;
}

Answer<std::string> account_ratio(const Request& request) {
    const auto page = sample_page(request, "period", 500, true);
    if (!page) return tl::unexpected(page.error());
    const SymbolView view = request.stream.symbol(page->index);
    std::string out = "{\"list\":[";
    for (const sim::Sample& sample : page->newest_first) {
        const auto share_e4 = std::llround(sample.value * 1e4);
        out.append(&sample == page->newest_first.data() ? "{" : ",{");
        append_field(out, "symbol", view.instrument.symbol, true);
        append_field(out, "buyRatio", steps_text(share_e4, {.mantissa = 1, .scale = 4}));
        append_field(out, "sellRatio", steps_text(10'000 - share_e4, {.mantissa = 1, .scale = 4}));
        append_field(out, "timestamp", std::to_string(to_ms(sample.at)));
        out.push_back('}');
    }
    out.push_back(']');
    append_field(out, "nextPageCursor", page->next_cursor);
    out.push_back('}');
    return out;
}

Answer<std::string> funding_history(const Request& request) {
    const auto index = contract_of(request);
    if (!index) return tl::unexpected(index.error());
    const auto limit = limit_of(request, 200, 200);
    if (!limit) return tl::unexpected(limit.error());
    if (!request.text("startTime").empty() && request.text("endTime").empty()) {
        return refuse("params error: startTime alone is not allowed");
    }
    const auto range = range_of(request, "startTime", "endTime");
    if (!range) return tl::unexpected(range.error());
    const SymbolView view = request.stream.symbol(*index);
    const Nanos shift = request.stream.shift();
    auto settlements = view.derivatives.settlements(range->from - shift, range->to - shift, *limit);
    std::reverse(settlements.begin(), settlements.end());
    std::string out = "{";
    append_field(out, "category", request.text("category"), true);
    out.append(",\"list\":[");
    for (const sim::Sample& one : settlements) {
        out.append(&one == settlements.data() ? "{" : ",{");
        append_field(out, "symbol", view.instrument.symbol, true);
        out.append(",\"fundingRate\":\"");
        append_fixed(out, one.value, 8);
        out.push_back('"');
        append_field(out, "fundingRateTimestamp", std::to_string(to_ms(one.at + shift)));
        out.push_back('}');
    }
    out.append("]}");
    return out;
}

}  // namespace vt::demo::rest
