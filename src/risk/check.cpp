#include "risk/check.hpp"

#include <charconv>

namespace vt::risk {
namespace {

struct CodeText {
    std::string_view name;
    std::string_view remedy;
};

constexpr std::array<CodeText, kDenialCodes> kCodeTexts{{
    {"LIMITS_CONTRADICT", "the limits contradict each other: correct [risk] as the list of contradictions says"},
    {"HALTED", "find out why it was halted, then release it with a reason"},
    {"REDUCING", "find out why positions are only reduced, then release it with a reason"},
    {"ACCOUNT_UNKNOWN", "wait until the venue has said what is open; look at its connection if it does not"},
    {"EQUITY_STALE", "the equity is not known of late: look at the account's connection (equity_age_max_ms)"},
    {"EQUITY_SPENT", "nothing is left to trade with: deposit, or lower the sizes"},
    {"STOP_UNCONFIRMED", "a position has no stop at the venue: place it or close the position (stop_confirm_max_ms)"},
    {"DUPLICATE_ORDER", "an order of this id is known already: give each order an id of its own"},
    {"DAILY_LOSS", "wait for the next day of UTC (daily_loss_max)"},
    {"WEEKLY_LOSS", "wait for the next Monday of UTC (weekly_loss_max)"},
    {"LOSS_COOLDOWN", "wait until the pause after several losses is over (losses_in_row_max, loss_cooldown_minutes)"},
    {"EDGE_DECAYED", "the strategy's outcomes are worse than it claims: calibrate it anew"},
    {"NOT_TRADABLE", "the venue does not take orders of this market: wait, or choose another"},
    {"CONTRACT_UNSUPPORTED", "choose a linear or spot market of the account's currency; spot cannot be sold short"},
    {"FILTERS_MISSING", "the venue's least size, worth and steps are not known: fetch its list of markets again"},
    {"VENUE_DEGRADED", "the venue fails or is degraded: wait (venue_failures_max, venue_cooldown_seconds)"},
    {"LATENCY_HIGH", "the way to the venue is slow or was not measured: look at the connection (latency_max_ms)"},
    {"BOOK_STALE", "the order book is old: look at the market's stream (book_age_max_ms)"},
    {"MARK_STALE", "the mark price is old: look at the market's stream (mark_age_max_ms)"},
    {"SPREAD_WIDE", "wait for a narrower spread (spread_max_bps)"},
    {"POSITION_OPPOSED", "close the position or orders of the other side first"},
    {"STOP_MISSING", "give the order a stop"},
    {"STOP_SIDE", "put the stop of a buy below its entry, of a sell above"},
    {"VOLATILITY_UNKNOWN", "wait until the market's volatility is known"},
    {"NO_EDGE", "the probability's lower bound does not pay for the loss: no bet is the best bet"},
    {"COST_HIGH", "trade smaller or a more liquid market (cost_edge_share_max)"},
    {"SIZE_BELOW_LOT", "the size is below the venue's least: more equity, a nearer stop or a market of smaller lots"},
    {"SIZE_OFF_STEP", "round the quantity down to the market's step"},
    {"SIZE_ABOVE_ALLOWED", "ask for less, or for what the rules allow (risk_share, volatility_target, position_max)"},
    {"NOTIONAL_BELOW_MIN", "the size is worth less than the venue's least: more equity or a nearer stop"},
    {"OPEN_RISK", "wait until a position is closed or its stop is nearer (open_risk_max)"},
    {"MAX_POSITION", "reduce the position in this market first (position_max)"},
    {"MAX_CLUSTER", "close a position that moves together with this one (cluster_max)"},
    {"MAX_NET", "close a position of this side (net_max)"},
    {"MAX_GROSS", "close a position (gross_max)"},
    {"MAX_BETA", "close a position that follows Bitcoin; wait where a beta is not known (beta_max)"},
    {"MAX_SHORTFALL", "close a position; wait where too little of a market's past is known (expected_shortfall_max)"},
    {"MAX_POSITIONS", "close a position (positions_max)"},
    {"MAX_ORDERS", "cancel an order (orders_max)"},
    {"LIQUIDATION_NEAR", "put the stop nearer or use less leverage (liquidation_share_max)"},
    {"MARGIN_SHORT", "close a position or deposit (margin_max)"},
    {"MARGIN_TIER", "trade smaller: the venue takes no larger position at this leverage"},
    {"NOT_REDUCING", "a reducing order has to be on the other side of the position, and no larger"},
}};

const CodeText& text_of(DenialCode code) { return kCodeTexts[static_cast<std::size_t>(code)]; }

Check judged(DenialCode code, std::optional<double> value, double limit, std::string_view unit) {
    return {.code = code, .value = value, .limit = limit, .unit = unit, .passes = {}, .is_ceiling = false};
}

void append_number(std::string& out, double number) {
    constexpr int kDigits = 6;
    std::array<char, 32> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, kDigits).ptr;
    out.append(text.data(), end);
}

}  // namespace

std::string_view name(DenialCode code) { return text_of(code).name; }
std::string_view remedy(DenialCode code) { return text_of(code).remedy; }

std::optional<double> Check::distance() const {
    if (!value || !limit) return std::nullopt;
    return is_ceiling ? *limit - *value : *value - *limit;
}

Check at_least(DenialCode code, std::optional<double> value, double limit, std::string_view unit) {
    Check check = judged(code, value, limit, unit);
    if (value) check.passes = *value >= limit;
    return check;
}

Check at_most(DenialCode code, std::optional<double> value, double limit, std::string_view unit) {
    Check check = judged(code, value, limit, unit);
    check.is_ceiling = true;
    if (value) check.passes = *value <= limit;
    return check;
}

Check below(DenialCode code, std::optional<double> value, double limit, std::string_view unit) {
    Check check = judged(code, value, limit, unit);
    check.is_ceiling = true;
    if (value) check.passes = *value < limit;
    return check;
}

Check asked(DenialCode code, std::optional<bool> passes, std::string_view unit) {
    return {.code = code, .value = {}, .limit = {}, .unit = unit, .passes = passes};
}

std::string figures(const Check& check) {
    std::string out;
    if (check.value && check.limit) {
        append_number(out, *check.value);
        out += ' ';
        out += check.unit;
        out += check.is_ceiling ? ", at most " : ", at least ";
        append_number(out, *check.limit);
    } else {
        out += check.unit;
        if (check.limit || !check.passes) out += ": not known";
    }
    return out;
}

std::string words(const Check& check) {
    std::string out{name(check.code)};
    out += ": " + figures(check);
    if (check.denies()) {
        out += ": ";
        out += remedy(check.code);
    }
    return out;
}

void write_checks(JsonWriter& out, const std::vector<Check>& checks) {
    out.begin_array();
    for (const Check& check : checks) {
        out.begin_object()
            .field("name", name(check.code))
            .field("value", check.value)
            .field("limit", check.limit)
            .field("unit", check.unit)
            .field("passes", check.passes)
            .field("distance", check.distance());
        if (check.denies()) out.field("remedy", remedy(check.code));
        out.end_object();
    }
    out.end_array();
}

}  // namespace vt::risk
