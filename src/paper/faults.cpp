#include "paper/faults.hpp"

#include "base/prng.hpp"

namespace vt::paper {

RequestFate request_fate(const FaultParams& params, std::uint64_t seed, std::uint64_t number) {
    if (!params.is_any()) return {};
    Prng prng(seed + number, "paper.request_fault");
    RequestFate fate;
    fate.is_refused = prng.uniform() < params.refuse;
    fate.is_lost = prng.uniform() < params.lose && !fate.is_refused;
    fate.is_silent = prng.uniform() < params.stay_silent && !fate.is_refused && !fate.is_lost;
    fate.is_hidden = prng.uniform() < params.hide;
    fate.is_acknowledged_late = prng.uniform() < params.acknowledge_late;
    return fate;
}

ReportFate report_fate(const FaultParams& params, std::uint64_t seed, std::uint64_t number) {
    if (!params.is_any()) return {};
    Prng prng(seed + number, "paper.report_fault");
    ReportFate fate;
    fate.is_twice = prng.uniform() < params.duplicate;
    fate.is_late = prng.uniform() < params.delay;
    return fate;
}

}  // namespace vt::paper
