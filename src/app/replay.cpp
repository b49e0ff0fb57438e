#include "runtime/replay.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/journal.hpp"
#include "base/json_writer.hpp"

#include <chrono>
#include <cstdio>

namespace vt::app {
namespace {

void print_json(const runtime::ReplaySummary& summary, double seconds) {
    JsonWriter out;
    out.begin_object()
        .field("events", summary.events)
        .field("frames", summary.frames)
        .field("effects", summary.effects);
    out.field("scores", summary.scores)
        .field("minutes", summary.minutes)
        .field("signals", summary.signals)
        .field("rejected", summary.rejected)
        .field("seconds", seconds);
    out.field("digest", summary.digest).key("losses").begin_array();
    for (const std::string& loss : summary.losses) out.value(loss);
    out.end_array().end_object();
    std::printf("%s\n", std::string(out.text()).c_str());
}

void print_text(const runtime::ReplaySummary& summary, double seconds) {
    const double recorded = summary.first_at ? to_seconds(*summary.last_at - *summary.first_at) : 0;
    std::printf("events    %llu (%llu frames, %.1f s recorded)\n", static_cast<unsigned long long>(summary.events),
                static_cast<unsigned long long>(summary.frames), recorded);
    std::printf("rate      %.0f events/s, %.0f times real time\n", static_cast<double>(summary.events) / seconds,
                recorded / seconds);
    std::printf("effects   %llu (%llu scores, %llu minutes, %llu signals, %llu refused messages)\n",
                static_cast<unsigned long long>(summary.effects), static_cast<unsigned long long>(summary.scores),
                static_cast<unsigned long long>(summary.minutes), static_cast<unsigned long long>(summary.signals),
                static_cast<unsigned long long>(summary.rejected));
    std::printf("digest    %s\n", summary.digest.c_str());
}

}  // namespace

Exit replay(const ReplayOptions& options) {
    auto journal = open_recording(options.path);
    if (!journal) return report(journal.error());
    const auto began = std::chrono::steady_clock::now();
    const auto summary = runtime::replay(*journal, {.features_file = options.features_file,
                                                    .scores_file = options.scores_file,
                                                    .signals_file = options.signals_file,
                                                    .effects_file = options.effects_file,
                                                    .record = options.record});
    if (!summary) return report(summary.error());
    if (options.record) {
        if (!summary->record) {
            return report(Error{Errc::not_found, "the recording makes " + std::to_string(summary->scores) +
                                                     " score records; --record takes 1 to that"});
        }
        std::printf("%s\n", summary->record->c_str());
        return Exit::ok;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (options.as_json) {
        print_json(*summary, seconds);
    } else {
        print_text(*summary, seconds);
    }
    for (const std::string& loss : summary->losses) std::fprintf(stderr, "virtuoso: %s\n", loss.c_str());
    return summary->losses.empty() ? Exit::ok : Exit::failed;
}

}  // namespace vt::app
