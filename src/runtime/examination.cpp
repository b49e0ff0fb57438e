#include "runtime/examination.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace vt::runtime {
namespace {

/// Shared with the threads, which may outlive the wait.
struct SharedLooks {
    std::mutex mutex;
    std::condition_variable grown;
    std::vector<std::optional<std::vector<Check>>> found;
    std::size_t missing = 0;
};

Check failed_look(const Examination& one, std::string text, std::string remedy) {
    return {.subject = one.subject,
            .name = one.name,
            .finding = Finding::failed,
            .text = std::move(text),
            .remedy = std::move(remedy),
            .value_ms = std::nullopt};
}

std::vector<Check> looked(const Examination& one) {
    try {
        return one.look();
    } catch (const std::exception& error) {
        return {failed_look(one, error.what(), "")};
    }
}

std::string seconds_text(Nanos span) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.1f s", to_seconds(span));
    return text;
}

}  // namespace

std::string_view name(Finding finding) {
    switch (finding) {
        case Finding::good: return "ok";
        case Finding::note: return "note";
        case Finding::warning: return "warning";
        case Finding::failed: return "failed";
    }
    return "unknown";
}

Examined examine(std::vector<Examination> examinations, Nanos limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    const auto findings = std::make_shared<SharedLooks>();
    findings->found.resize(examinations.size());
    findings->missing = examinations.size();
    for (std::size_t i = 0; i < examinations.size(); ++i) {
        std::thread([findings, i, one = examinations[i]] {
            std::vector<Check> checks = looked(one);
            const std::lock_guard lock(findings->mutex);
            findings->found[i] = std::move(checks);
            --findings->missing;
            findings->grown.notify_one();
        }).detach();
    }
    Examined examined;
    std::unique_lock lock(findings->mutex);
    examined.is_complete = findings->grown.wait_until(lock, until, [&] { return findings->missing == 0; });
    for (std::size_t i = 0; i < examinations.size(); ++i) {
        if (auto& found = findings->found[i]) {
            std::ranges::move(*found, std::back_inserter(examined.checks));
        } else {
            examined.checks.push_back(failed_look(examinations[i], "nothing after " + seconds_text(limit),
                                                  "what it asks (a disk, a resolver, a server) hangs"));
        }
    }
    return examined;
}

}  // namespace vt::runtime
