#include "views/gate_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace vt::views {
namespace {

using signals::Gate;

double three_digits(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3g", value);
    return std::strtod(text.data(), nullptr);
}

std::string number(double value) {
    std::array<char, 48> text{};
    const double size = std::abs(value);
    if (size >= 1e6)
        std::snprintf(text.data(), text.size(), "%.3g million", value / 1e6);
    else if (size >= 1000)
        std::snprintf(text.data(), text.size(), "%.0f", value);
    else
        std::snprintf(text.data(), text.size(), "%.3g", value);
    return text.data();
}

std::string percent(double share) { return number(100 * share) + " %"; }

/// How a gate is worded. In `failing`, {v} is the value and {t} the threshold; {v%} and {t%} the same in percent.
struct Wording {
    std::string_view name;
    std::string_view unit;  ///< of the condition, where a gate has several; empty: any
    std::string_view failing;
    std::string_view unknown;
    std::string_view remedy;
};

constexpr std::array kWordings = {
    Wording{"tradable", "trading", "the venue does not trade it now", "whether the venue trades it is not known",
            "wait until the venue opens it again"},
    Wording{"tradable", "days listed", "listed for {v} days, {t} are needed", "its age is not known",
            "wait: a young listing has too little past to judge it by"},
    Wording{"tradable", "USD in 24 h", "{v} USD traded in 24 h, {t} are needed", "its turnover is not known",
            "too thin for a signal: choose a larger market"},
    Wording{"feed_live", "s of book age", "the book is {v} s old, at most {t} s are allowed",
            "there is no whole book now", "it is asked for again by itself; System shows the feed"},
    Wording{"feed_live", "s of trades' age", "no trade feed for {v} s, at most {t} s are allowed",
            "the trade feed is not connected", "it reconnects by itself; System shows the feed"},
    Wording{"feed_live", "s of clock", "this machine's clock is {v} s off, at most {t} s are allowed",
            "the venue's clock was not measured yet", "set the clock of this machine (NTP)"},
    Wording{"warm", "", "{v} inputs of order flow are still warming", "order flow has not been evaluated yet",
            "wait: the waterfall says how long each takes"},
    Wording{"coverage", "", "{v%} of the evidence is alive, {t%} are needed", "nothing was evaluated yet",
            "wait, or see under Missing what is not there"},
    Wording{"dimensions", "", "{v} sides speak, {t} are needed", "nothing was evaluated yet",
            "wait, or see under Missing what is not there"},
    Wording{"score", "", "the score is {v} points from 50, {t} are needed", "there is no score yet",
            "no strong opinion: nothing to do but wait"},
    Wording{"persistence", "", "a minute before it was {v} points from 50 on this side, {t} are needed",
            "the score of the minute before is not known", "wait a minute: it has to last"},
    Wording{"confidence", "", "confidence {v%}, {t%} are needed", "there is no confidence yet",
            "the sides disagree: see the waterfall"},
    Wording{"opposition", "", "one side takes back {v%} of the score's distance, at most {t%} are allowed",
            "there is no score to oppose", "see in the waterfall which side opposes"},
    Wording{"volatility", "stressed market", "the market is stressed", "the regime is not known yet",
            "wait until the market calms"},
    Wording{"volatility", "percentile", "volatility stands at its {v} percentile, at most {t} is allowed",
            "there is too little past to judge volatility by", "wait until the market calms"},
    Wording{"spread", "", "the spread of the last minute is {v} bps, at most {t} are allowed",
            "the spread of the last minute is not known", "too dear to trade now: wait, or choose a larger market"},
    Wording{"funding_window", "", "funding settles in {v} min, {t} are needed", "when funding settles is not known",
            "wait until the settlement is over"},
    Wording{"cost", "", "a round trip costs {v%} of the stop's distance, at most {t%} are allowed",
            "what a round trip costs is not known", "too dear for how far the price moves: choose a larger market"},
    Wording{"stop_sane", "of the way to liquidation",
            "the stop lies {v%} of the way to liquidation, at most {t%} are allowed",
            "where a stop would lie is not known", "wait until the market calms, or use less leverage"},
    Wording{"stop_sane", "ATR", "costs push the stop to {v} ATR, at most {t} are allowed",
            "where a stop would lie is not known", "too dear for how far the price moves: choose a larger market"},
    Wording{"edge", "sd behind what was claimed",
            "outcomes lie {v} deviations behind what was claimed, at most {t} ends the alarm", "",
            "wait: what it would have raised is followed, and ends the alarm once it comes true"},
    Wording{"edge", "", "scores like this one brought {v} R at worst, more than {t} is needed",
            "what such scores brought is not known", "the track record says why: see Signals"},
    Wording{"duplicate", "open signals of this side", "{v} signal of this side is open", "open signals are not known",
            "one signal at a time: see Signals"},
    Wording{"duplicate", "min of cooldown", "{v} min of cooldown are left", "the cooldown is not known",
            "wait: the last signal of this side ended a short while ago"},
    Wording{"duplicate", "score came back", "the score did not come back since the last signal",
            "whether the score came back is not known", "wait for a new move: this one has had its signal"},
    Wording{"crowding", "signals in an hour", "it would be signal {v} of the hour, at most {t} are allowed",
            "the signals of the last hour are not known", "wait: many signals at once are mostly one"},
    Wording{"crowding", "signals of correlated markets",
            "it would be signal {v} of markets that move together, at most {t} are allowed",
            "signals of correlated markets are not known", "wait until one of the others ends"},
};

const Wording* wording_of(const Gate& gate) {
    const auto found = std::find_if(kWordings.begin(), kWordings.end(), [&](const Wording& one) {
        return one.name == gate.name && (one.unit.empty() || one.unit == gate.unit);
    });
    return found == kWordings.end() ? nullptr : &*found;
}

void replace(std::string& text, std::string_view what, const std::string& with) {
    if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
}

std::string failing_text(std::string_view pattern, double value, double threshold) {
    std::string text(pattern);
    replace(text, "{v%}", percent(value));
    replace(text, "{t%}", percent(threshold));
    replace(text, "{v}", number(value));
    replace(text, "{t}", number(threshold));
    return text;
}

/// A condition of a strategy: its unit says what it is about.
std::string condition_text(const Gate& gate) {
    const std::string unit(gate.unit);
    if (!gate.threshold) return unit;
    const std::string asked = (gate.is_ceiling ? "at most " : "at least ") + number(*gate.threshold);
    const std::string found = gate.value ? number(*gate.value) : std::string("not known");
    return found + ", " + asked + " is asked: " + unit;
}

GateView view_of(const Gate& gate) {
    GateView view{.name = gate.name, .threshold = gate.threshold, .unit = gate.unit};
    view.is_known = gate.passes.has_value();
    if (gate.value) view.value = three_digits(*gate.value);
    const Wording* wording = wording_of(gate);
    if (wording == nullptr) {
        view.text = condition_text(gate);
        view.remedy = "wait: docs/alpha.md says what this strategy asks";
        return view;
    }
    view.remedy = wording->remedy;
    // A gate of several conditions is worded by the one that stops it: its unit names it.
    view.text = view.value && view.threshold ? failing_text(wording->failing, *view.value, *view.threshold)
                                             : std::string(wording->unknown);
    return view;
}

}  // namespace

std::optional<GateView> stopping_gate(const std::vector<Gate>& gates) {
    const Gate* held = signals::holding_gate(gates);
    return held != nullptr ? std::optional(view_of(*held)) : std::nullopt;
}

}  // namespace vt::views
