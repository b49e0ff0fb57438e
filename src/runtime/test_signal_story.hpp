#pragma once

// For tests only: what was said of signals over hours of the demo market, counted, and held against what their gates
// promise.

#include "base/prng.hpp"
#include "engine/effect.hpp"
#include "signals/params.hpp"
#include "signals/signal.hpp"
#include "statistics/moments.hpp"
#include "statistics/newey_west.hpp"
#include "statistics/normal.hpp"
#include "statistics/placebo.hpp"
#include "track_record/placebo_draws.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace vt::runtime {

struct SignalStory {
    std::map<std::string, std::size_t> changes;  ///< by kind
    std::map<std::string, std::size_t> held_by;  ///< by gate
    std::map<std::string, std::size_t> endings;
    std::size_t longs = 0, shorts = 0;
    std::map<std::string, std::set<std::string>> entries;  ///< by signal
    std::map<std::string, Timestamp> raised_at;
    std::size_t entry_count = 0, twice = 0;  ///< twice: entries that a signal already had
    double net_r = 0;
    std::size_t ended = 0;
    std::size_t minutes = 0, without_score = 0, beyond_15 = 0, beyond_20 = 0;  ///< score records of closed minutes
    double furthest = 0;                                                       ///< from 50
    // Of positions that ended, in R, in order of their ends: net of all costs, and of placebos also without.
    std::vector<double> raised_r, placebo_r, placebo_gross_r;

    void note(const engine::Effect& effect) {
        if (const auto* scored = std::get_if<engine::Scored>(&effect)) note_minute(*scored->record);
        if (const auto* said = std::get_if<engine::Signalled>(&effect)) note_change(*said->change);
    }
    void print() const {
        std::printf("%zu minutes, %zu without a score, %zu beyond 15 points, %zu beyond 20, furthest %.1f\n", minutes,
                    without_score, beyond_15, beyond_20, furthest);
        std::printf("long %zu, short %zu\n", longs, shorts);
        for (const auto& [what, count] : changes) std::printf("  %-14s %zu\n", what.c_str(), count);
        for (const auto& [gate, count] : held_by) std::printf("  held by %-14s %zu\n", gate.c_str(), count);
        for (const auto& [ending, count] : endings) std::printf("  ended by %-14s %zu\n", ending.c_str(), count);
        if (ended > 0) std::printf("  mean net R %.3f of %zu\n", net_r / static_cast<double>(ended), ended);
        print_edge();
    }
    /// Whether entries at random times came to anything before costs, which they must not: two-sided. out: absent for
    /// fewer than 20
    [[nodiscard]] std::optional<double> placebo_p() const {
        const auto chance = statistics::newey_west_mean(placebo_gross_r);
        if (!chance || chance->n < 20) return std::nullopt;
        return 2 * statistics::normal_cdf(-std::abs(chance->t));
    }
    /// What was raised beside what was entered at random times.
    void print_edge() const {
        if (raised_r.size() < 2 || placebo_r.size() < 20) return;
        const double raised = statistics::moments(raised_r)->mean;
        Prng prng(1, "placebo draws");
        const auto draws = track_record::placebo_means(placebo_r, raised_r.size(), 10'000, prng);
        const auto beside = statistics::compare_with_placebos(raised, draws);
        std::printf("  raised %zu: mean net R %.3f; placebos %zu: %.3f, p of being better %.3f\n", raised_r.size(),
                    raised, placebo_r.size(), beside->mean, beside->p);
        const auto chance = statistics::newey_west_mean(placebo_gross_r);
        std::printf("  placebos before costs: mean R %.3f, standard error %.3f, p %.3f\n", chance->mean,
                    chance->standard_error, *placebo_p());
    }
    /// Raised signals that were over by `until` and lack their end or a horizon.
    [[nodiscard]] std::vector<std::string> incomplete(Timestamp until) const {
        std::vector<std::string> found;
        for (const auto& [id, at] : raised_at) {
            if (at + signals::kHorizons.back() + std::chrono::minutes{2} > until) continue;
            const std::set<std::string>& has = entries.at(id);
            bool is_whole = has.contains("ended");
            for (const std::string_view horizon : signals::kHorizonNames)
                is_whole = is_whole && has.contains("horizon_" + std::string(horizon));
            if (!is_whole) found.push_back(id);
        }
        return found;
    }

private:
    void note_minute(const confluence::ScoreRecord& record) {
        if (!record.causes.has(confluence::Cause::minute)) return;
        ++minutes;
        if (!record.score) {
            ++without_score;
            return;
        }
        const double distance = std::abs(*record.score - 50);
        beyond_15 += distance >= 15;
        beyond_20 += distance >= 20;
        furthest = std::max(furthest, distance);
    }
    void note_change(const signals::SignalChange& change) {
        const signals::Signal& signal = change.signal;
        const std::string what(signals::name(change.change));
        ++changes[what];
        ++entry_count;
        if (!entries[signal.id].insert(what).second) ++twice;
        if (change.change == signals::Change::suppressed) ++held_by[signal.suppressed_by];
        if (change.change == signals::Change::raised) {
            ++(signal.side == market::Side::buy ? longs : shorts);
            raised_at.emplace(signal.id, signal.confirmed_at);
        }
        if (change.change != signals::Change::ended) return;
        ++endings[std::string(signals::name(*signal.path.first_barrier))];
        net_r += signal.net_r().value();
        ++ended;
        if (signal.is_raised()) raised_r.push_back(signal.net_r().value());
        if (signal.is_placebo()) {
            placebo_r.push_back(signal.net_r().value());
            placebo_gross_r.push_back(signal.path.gross_bps /
                                      (1e4 * signal.levels->stop_distance / signal.levels->entry));
        }
    }
};

/// What no raised signal may be, by what the gates promise; judged by the signals alone, without the gates' code.
class RaisedRules {
public:
    explicit RaisedRules(const signals::Params& params) : params_(params) {}

    void note(const engine::Effect& effect) {
        const auto* said = std::get_if<engine::Signalled>(&effect);
        if (said == nullptr || !said->change->signal.is_raised()) return;
        const signals::Signal& signal = said->change->signal;
        SideState& side = sides_[{signal.instrument, signal.strategy, signal.side}];
        if (said->change->change == signals::Change::raised) {
            judge(signal, side);
            side.is_open = true;
        }
        if (said->change->change != signals::Change::ended) return;
        side.is_open = false;
        const bool is_stopped = signal.path.first_barrier == signals::Ending::stop;
        side.rests_until = *signal.path.ended_at + (is_stopped ? params_.cooldown_after_stop : params_.cooldown);
    }
    [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }

private:
    struct SideState {
        bool is_open = false;
        Timestamp rests_until;
    };
    void judge(const signals::Signal& signal, const SideState& side) {
        const Timestamp at = signal.confirmed_at;
        const auto holds = [&](bool is_held, const char* gate) {
            if (!is_held) broken_.push_back(signal.id + " " + gate);
        };
        holds(signal.levels.has_value(), "stop_sane");
        // judged as of when it is raised, which is a second or two behind the minute's end
        holds(!side.is_open && at + std::chrono::seconds{2} >= side.rests_until, "duplicate");
        std::erase_if(last_hour_, [&](Timestamp one) { return at - one >= std::chrono::hours{1}; });
        holds(last_hour_.size() < params_.new_per_hour_max, "crowding");
        last_hour_.push_back(at);
        // the demo market settles at each whole hour
        holds(floor_to(at + std::chrono::minutes{1}, Nanos{std::chrono::hours{1}}) <= at, "funding_window");
        if (signal.levels) {
            const double distance_bps = 1e4 * signal.levels->market_distance / signal.levels->entry;
            holds(signal.costs.round_trip_bps() <= params_.cost_share_max * distance_bps * (1 + 1e-9), "cost");
            holds(signal.levels->stop_atr <= params_.stop_atr_max * (1 + 1e-9), "stop_sane");
        }
        if (signal.strategy != signals::kConfluence) return;
        holds(std::abs(signal.score - 50) >= params_.level_floor - 50 - 1e-9, "score");
        holds(signal.coverage >= params_.coverage_min - 1e-9, "coverage");
        holds(signal.confidence && *signal.confidence >= params_.confidence_min - 1e-9, "confidence");
    }

    signals::Params params_;
    std::map<std::tuple<market::InstrumentId, std::string, market::Side>, SideState> sides_;
    std::deque<Timestamp> last_hour_;
    std::vector<std::string> broken_;
};

}  // namespace vt::runtime
