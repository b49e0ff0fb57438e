#pragma once

#include "base/time.hpp"

#include <cstdint>

namespace vt::paper {

/// What a venue and the way to it can do wrong, each by chance. All 0: nothing of it happens. For tests: what is
/// traded against must survive all of it.
struct FaultParams {
    double refuse = 0;            ///< share of requests (but questions) that are refused without cause
    double lose = 0;              ///< ... that never arrive: no answer
    double stay_silent = 0;       ///< ... that are carried out, and are not answered
    double hide = 0;              ///< share of orders that cannot be found, nor are heard of, for `hidden`
    double acknowledge_late = 0;  ///< ... that are acknowledged after `late`, their fills in time
    double duplicate = 0;         ///< share of reports that come twice
    double delay = 0;             ///< ... that come after `late`, overtaken by others
    Nanos hidden = std::chrono::seconds{8};
    Nanos late = std::chrono::milliseconds{300};
    Nanos time_out = std::chrono::seconds{5};  ///< after which a request without an answer is given up

    [[nodiscard]] bool is_any() const {
        return refuse + lose + stay_silent + hide + acknowledge_late + duplicate + delay > 0;
    }
};

/// What becomes of one request.
struct RequestFate {
    bool is_refused = false;
    bool is_lost = false;
    bool is_silent = false;
    bool is_hidden = false;
    bool is_acknowledged_late = false;
};
/// Of one report.
struct ReportFate {
    bool is_twice = false;
    bool is_late = false;
};
/// The same for the same seed and number, whatever else happened. At most one of the first three of a request is set.
[[nodiscard]] RequestFate request_fate(const FaultParams& params, std::uint64_t seed, std::uint64_t number);
[[nodiscard]] ReportFate report_fate(const FaultParams& params, std::uint64_t seed, std::uint64_t number);

}  // namespace vt::paper
