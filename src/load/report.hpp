#pragma once

#include "load/run.hpp"
#include "report/finding.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vt::load {

/// A load with the goals that it is held to.
struct Profile {
    std::string name;
    Plan plan;
    Nanos p99_limit = std::chrono::milliseconds{100};  ///< of the corrected times, all paths together
};

/// What an earlier version of this program, in another language, was said to bear: 633.6 requests a second over five
/// routes, held here for a minute.
[[nodiscard]] Profile seed_profile();

/// Looks for the highest rate that is held: doubles it while it is, then halves the gap, in ratio, until a tenth is
/// left. Pure.
class MaximumSearch {
public:
    explicit MaximumSearch(double first_rate) : next_(first_rate) {}

    /// The rate to try next; nothing once the answer is known well enough, or after 12 tries.
    [[nodiscard]] std::optional<double> next() const;
    /// Of the rate that next() gave.
    void tried(bool is_held);
    [[nodiscard]] std::optional<double> highest_held() const { return held_; }
    [[nodiscard]] std::optional<double> lowest_failed() const { return failed_; }

private:
    double next_;
    int tries_ = 0;
    std::optional<double> held_ = {};
    std::optional<double> failed_ = {};
};

struct Maximum {
    struct Try {
        double rate_per_second = 0;
        double achieved_per_second = 0;
        std::uint64_t errors = 0;
        std::optional<Nanos> p99 = {};  ///< corrected
        double client_cpu_share = 0;    ///< of one core
        bool is_held = false;
    };
    std::vector<Try> tries = {};
    std::optional<double> highest_held = {};
    std::optional<double> lowest_failed = {};
    Nanos length{};  ///< of each try
};

/// No errors, and the corrected p99 below the profile's limit.
[[nodiscard]] bool is_held(const LoadRun& run, const Profile& profile);
[[nodiscard]] Maximum::Try try_of(const LoadRun& run, const Profile& profile);

struct Report {
    std::string base_url;
    Profile profile;
    Program program;
    LoadRun run;
    std::vector<std::string> left_out = {};   ///< paths of the profile that this program does not have
    std::optional<Nanos> published_for = {};  ///< how far the engine's results advanced during the run
    std::optional<double> load_average = {};  ///< of the machine over the minute before, in runnable threads
    unsigned cores = 0;                       ///< of the machine; 0: unknown
    std::optional<Maximum> maximum = {};
};

/// The profile's goals beside what was measured.
[[nodiscard]] std::vector<report::Finding> goals(const Report& report);
[[nodiscard]] std::string text_of(const Report& report);
/// docs/formats/reports.md
[[nodiscard]] std::string json_of(const Report& report);
[[nodiscard]] std::string html_of(const Report& report);

}  // namespace vt::load
