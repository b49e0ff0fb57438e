#include "alerts/kind_terms.hpp"

#include <chrono>

namespace vt::alerts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// By Kind. Sizes that are money begin where a market's own quantile does: the floor keeps small markets silent.
constexpr std::array<KindTerms, kKindCount> kTerms{{
    {.kind = Kind::signal,
     .title = "Signal",
     .meaning = "a signal was raised",
     .unit = Unit::points,
     .most = 50,
     .has_side = true},
    {.kind = Kind::score_cross,
     .title = "Score turned",
     .meaning = "the score changed its direction",
     .unit = Unit::points,
     .most = 50,
     .cooldown = minutes{15},
     .has_side = true},
    {.kind = Kind::score_level,
     .title = "Score level",
     .meaning = "the score crossed the level that the rule names",
     .unit = Unit::score,
     .most = 100,
     .cooldown = minutes{15},
     .has_side = true,
     .has_level = true},
    {.kind = Kind::price_level,
     .title = "Price level",
     .meaning = "a trade was made at or beyond the level that the rule names",
     .unit = Unit::price,
     .cooldown = minutes{15},
     .severity = Severity::warn,
     .has_side = true,
     .has_level = true},
    {.kind = Kind::price_move,
     .title = "Price move",
     .meaning = "the price moved in five minutes by so many standard deviations of the last day's five minutes",
     .unit = Unit::sd,
     .minimum = 4,
     .least = 3,
     .cooldown = minutes{15},
     .severity = Severity::warn,
     .has_side = true},
    {.kind = Kind::regime_change,
     .title = "Regime change",
     .meaning = "the market became calm, trending or stressed, with this probability",
     .unit = Unit::share,
     .minimum = .7,
     .most = 1,
     .cooldown = minutes{30}},
    {.kind = Kind::large_order,
     .title = "Large order",
     .meaning = "one taker's order among the largest thousandth of the last day",
     .unit = Unit::quote,
     .minimum = 250'000,
     .cooldown = minutes{5},
     .has_side = true,
     .is_digested = true},
    {.kind = Kind::whale_cluster,
     .title = "Whales",
     .meaning =
         "several of the largest takers of one side, close in time and price; 1 is three times the usual whale",
     .unit = Unit::share,
     .minimum = .5,
     .most = 1,
     .cooldown = minutes{10},
     .has_side = true},
    {.kind = Kind::iceberg,
     .title = "Iceberg",
     .meaning = "an order that refills what is taken of it, with this confidence; a rule of thumb",
     .unit = Unit::share,
     .minimum = .5,
     .most = 1,
     .cooldown = minutes{10},
     .has_side = true},
    {.kind = Kind::liquidation_single,
     .title = "Liquidation",
     .meaning = "one liquidation among the largest thousandth of the last week",
     .unit = Unit::quote,
     .minimum = 100'000,
     .cooldown = minutes{2},
     .severity = Severity::warn,
     .has_side = true,
     .is_digested = true},
    {.kind = Kind::liquidation_burst,
     .title = "Liquidations",
     .meaning = "at least three liquidations within five minutes, together among the largest two hundredth of the "
                "last week's five minutes",
     .unit = Unit::quote,
     .minimum = 250'000,
     .cooldown = minutes{10},
     .severity = Severity::warn,
     .has_side = true,
     .is_digested = true},
    {.kind = Kind::cascade,
     .title = "Liquidation cascade",
     .meaning =
         "far more liquidations than usual, a price that ran, and open interest that fell; by the fall of open "
         "interest",
     .unit = Unit::percent,
     .minimum = 2,
     .least = 2,
     .most = 100,
     .cooldown = minutes{15},
     .severity = Severity::high,
     .has_side = true},
    {.kind = Kind::funding_extreme,
     .title = "Funding extreme",
     .meaning = "the funding rate for eight hours is among the highest or lowest fiftieth of the last 30 days",
     .unit = Unit::bps,
     .minimum = 5,
     .cooldown = hours{1},
     .severity = Severity::warn,
     .has_side = true},
    {.kind = Kind::leverage_buildup,
     .title = "Leverage builds up",
     .meaning = "open interest grew so much in four hours, more than usual, while the price stood",
     .unit = Unit::percent,
     .minimum = 5,
     .least = 1,
     .most = 1000,
     .cooldown = hours{2},
     .severity = Severity::warn},
    {.kind = Kind::spread_blowout,
     .title = "Spread wide",
     .meaning = "for ten seconds the spread was so many times the median of the last day",
     .unit = Unit::times,
     .minimum = 5,
     .least = 3,
     .cooldown = minutes{10},
     .severity = Severity::warn},
    {.kind = Kind::depth_drop,
     .title = "Book thin",
     .meaning = "for ten seconds the best 25 levels held so many times less than the median of the last day",
     .unit = Unit::times,
     .minimum = 3.3,
     .least = 2,
     .cooldown = minutes{10},
     .severity = Severity::warn},
    {.kind = Kind::spoof_like,
     .title = "Orders for show",
     .meaning = "for a minute, so much of the book seemed to be there for show; a rule of thumb, and no proof",
     .unit = Unit::share,
     .minimum = .8,
     .least = .5,
     .most = 1,
     .cooldown = minutes{15}},
    {.kind = Kind::correlation_break,
     .title = "Correlation broke",
     .meaning = "a market that followed Bitcoin now moves by itself",
     .unit = Unit::points,
     .most = 50,
     .cooldown = hours{2},
     .has_side = true},
    {.kind = Kind::alpha,
     .title = "Strategy",
     .meaning = "a strategy beside the score found what it looks for",
     .unit = Unit::points,
     .most = 50,
     .cooldown = hours{4},
     .has_side = true},
    {.kind = Kind::feed_stale,
     .title = "Feed silent",
     .meaning = "streams of a venue that ought to speak are silent",
     .cooldown = minutes{5},
     .severity = Severity::high,
     .has_instrument = false},
    {.kind = Kind::resync_storm,
     .title = "Book resyncs",
     .meaning = "the book had to be fetched anew so many times within ten minutes",
     .unit = Unit::times,
     .minimum = 6,
     .least = 3,
     .cooldown = minutes{5},
     .severity = Severity::high},
    {.kind = Kind::trade, .title = "Trade", .meaning = "a position was entered, or is over", .has_side = true},
    {.kind = Kind::account,
     .title = "Account",
     .meaning = "trading was halted or limited, or an order needs to be looked at",
     .severity = Severity::high,
     .has_instrument = false},
    {.kind = Kind::system,
     .title = "System",
     .meaning = "the machine or a service needs to be looked at",
     .cooldown = minutes{30},
     .severity = Severity::warn,
     .has_instrument = false},
}};

constexpr bool are_in_order() {
    for (std::size_t i = 0; i < kTerms.size(); ++i)
        if (kTerms[i].kind != static_cast<Kind>(i) || !(kTerms[i].least <= kTerms[i].minimum) ||
            !(kTerms[i].minimum < kTerms[i].most))
            return false;
    return true;
}
static_assert(are_in_order());

}  // namespace

std::string_view suffix(Unit unit) {
    switch (unit) {
        case Unit::points: return "points";
        case Unit::quote: return "USDT";
        case Unit::sd: return "sd";
        case Unit::bps: return "bps";
        case Unit::percent: return "%";
        case Unit::times: return "x";
        case Unit::score:
        case Unit::price:
        case Unit::share:
        case Unit::none: return "";
    }
    return "";
}

const KindTerms& terms_of(Kind kind) { return kTerms[static_cast<std::size_t>(kind)]; }

}  // namespace vt::alerts
