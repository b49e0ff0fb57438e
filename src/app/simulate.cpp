#include "app/commands.hpp"
#include "simulation/simulation.hpp"

#include <chrono>
#include <cstdio>
#include <string>

namespace vt::app {
namespace {

void print_outcome(const simulation::Outcome& outcome) {
    std::printf(
        "seed %llu: %s; %llu ideas, %llu traded; %llu requests (%llu lost), %llu executions, %llu "
        "liquidations; %llu crashes, %llu breaks, %llu pauses, %llu kill switches; longest without a stop "
        "%.1f s; net %s; %.16s\n",
        static_cast<unsigned long long>(outcome.seed), outcome.is_sound() ? "sound" : "NOT SOUND",
        static_cast<unsigned long long>(outcome.ideas), static_cast<unsigned long long>(outcome.trades),
        static_cast<unsigned long long>(outcome.requests), static_cast<unsigned long long>(outcome.lost_requests),
        static_cast<unsigned long long>(outcome.executions), static_cast<unsigned long long>(outcome.liquidations),
        static_cast<unsigned long long>(outcome.crashes), static_cast<unsigned long long>(outcome.disconnections),
        static_cast<unsigned long long>(outcome.pauses), static_cast<unsigned long long>(outcome.kills),
        to_seconds(outcome.longest_unprotected), to_string(outcome.net).c_str(), outcome.digest.c_str());
    for (const simulation::Violation& violation : outcome.violations)
        std::printf("  at %lld ms: %s\n", static_cast<long long>(to_ms(violation.at)), violation.what.c_str());
}

}  // namespace

Exit simulate(const SimulateOptions& options) {
    std::uint64_t unsound = 0;
    std::string unsound_seeds;
    for (std::uint64_t seed = options.seed; seed < options.seed + options.seeds; ++seed) {
        simulation::Params params{.seed = seed, .span = std::chrono::minutes{options.minutes}};
        params.symbols = options.symbols;
        if (options.is_calm) {
            params.crash_every = params.disconnect_every = params.pause_every = params.kill_every = Nanos{0};
            params.faults = {};
        }
        const simulation::Outcome outcome = simulation::simulate(params);
        if (!outcome.is_sound()) {
            ++unsound;
            unsound_seeds += " " + std::to_string(seed);
        }
        if (options.as_json) {
            JsonWriter out;
            simulation::write_outcome(out, outcome);
            std::printf("%s\n", std::string(out.text()).c_str());
        } else {
            print_outcome(outcome);
        }
        std::fflush(stdout);
    }
    if (unsound == 0) return Exit::ok;
    std::fprintf(stderr, "virtuoso: what must not happen did, with seed%s; each runs again alone with --seed N\n",
                 unsound_seeds.c_str());
    return Exit::failed;
}

}  // namespace vt::app
