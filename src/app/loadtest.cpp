#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/environment.hpp"
#include "app/measured_address.hpp"
#include "app/report_output.hpp"
#include "app/socket_loadtest.hpp"
#include "load/report.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

namespace vt::app {
namespace {

std::vector<std::string> words_of(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        if (end > 0) out.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

Result<load::Profile> profile_of(const LoadtestOptions& options) {
    load::Profile profile = load::seed_profile();
    if (options.rate || options.seconds || !options.paths.empty()) profile.name = "custom";
    if (options.rate) profile.plan.rate_per_second = *options.rate;
    if (options.seconds) profile.plan.length = std::chrono::seconds{*options.seconds};
    if (!options.paths.empty()) profile.plan.paths = words_of(options.paths);
    profile.plan.connections = options.connections;
    for (const std::string& path : profile.plan.paths) {
        if (!path.starts_with('/') || path.find_first_of(" \r\n\t") != std::string::npos)
            return fail(Errc::configuration, "--paths: \"" + path +
                                                 "\" is no path; each begins with a slash, e.g. "
                                                 "--paths /health,/api/dashboard/data");
    }
    if (profile.plan.paths.empty()) return fail(Errc::configuration, "--paths names no path");
    if (load::request_count(profile.plan) == 0)
        return fail(Errc::configuration, "not one request in this time at this rate; raise --rate or --seconds");
    return profile;
}

/// Takes the paths out that the program does not have, and returns them. The profile's own only: who names a path
/// wants to see what it answers.
std::vector<std::string> take_absent(load::Profile& profile, const load::Program& program, bool is_named) {
    std::vector<std::string> absent;
    if (is_named) return absent;
    std::erase_if(profile.plan.paths, [&](const std::string& path) {
        const bool is_there = std::ranges::find(program.routes, path) != program.routes.end();
        if (!is_there) absent.push_back(path);
        return !is_there;
    });
    return absent;
}

load::Maximum maximum_of(const std::string& base_url, load::Profile profile, Nanos length) {
    load::Maximum out{.length = length};
    load::MaximumSearch search(profile.plan.rate_per_second);
    profile.plan.length = length;
    while (const auto rate = search.next()) {
        profile.plan.rate_per_second = *rate;
        std::fprintf(stderr, "virtuoso: looking for the maximum: %.1f requests/s\n", *rate);
        out.tries.push_back(try_of(load::run(base_url, profile.plan), profile));
        search.tried(out.tries.back().is_held);
    }
    out.highest_held = search.highest_held();
    out.lowest_failed = search.lowest_failed();
    return out;
}

Result<load::Report> measured(const LoadtestOptions& options) {
    VT_TRY(const config::Loaded loaded, load_configuration(options.config));
    VT_TRY(const std::string base_url, measured_address(options.url, loaded.config));
    VT_TRY(load::Profile profile, profile_of(options));
    const std::string token = environment_variable("VIRTUOSO_TOKEN");
    profile.plan.token = token;
    VT_TRY(const load::Program program, load::look_at(base_url, token));
    std::vector<std::string> left_out = take_absent(profile, program, !options.paths.empty());
    if (profile.plan.paths.empty())
        return fail(Errc::unsupported, "the program at " + base_url +
                                           " has none of the profile's routes; name some "
                                           "with --paths");
    load::Report report{.base_url = base_url,
                        .profile = profile,
                        .program = program,
                        .run = {},
                        .left_out = std::move(left_out),
                        .load_average = load_average(),
                        .cores = std::thread::hardware_concurrency()};
    std::fprintf(stderr, "virtuoso: %.1f requests/s for %.0f s at %s; Ctrl-C ends it\n", profile.plan.rate_per_second,
                 to_seconds(profile.plan.length), base_url.c_str());
    VT_TRY(const auto published_before, load::published_at(base_url, token));
    report.run = load::run(base_url, profile.plan);
    // An answer that cannot be had after the load is a finding, not the end of the report.
    if (const auto after = load::published_at(base_url, token); after && *after && published_before)
        report.published_for = **after - *published_before;
    if (options.maximum)
        report.maximum = maximum_of(base_url, profile, std::chrono::seconds{options.maximum_seconds});
    return report;
}

}  // namespace

Exit loadtest(const LoadtestOptions& options) {
    if (options.sockets > 0) return socket_loadtest(options);
    const auto found = measured(options);
    if (!found) return report(found.error());
    if (const auto put = put_out(options.output, {text_of(*found), json_of(*found), html_of(*found)}); !put)
        return report(put.error());
    return report::is_good(goals(*found)) ? Exit::ok : Exit::failed;
}

}  // namespace vt::app
