#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/record_places.hpp"
#include "base/json_writer.hpp"
#include "net/loop.hpp"
#include "report/text.hpp"
#include "runtime/decision_replay.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

namespace vt::app {
namespace {

void print_part(const char* name, const api::ReplayedPart& part) {
    if (!part.is_kept) {
        std::printf("%-13s not compared: it is not kept any more (records.explanations_keep_days)\n", name);
    } else if (!part.difference) {
        std::printf("%-13s equal, %zu bytes\n", name, part.bytes);
    } else if (!part.is_made) {
        std::printf("%-13s differs: the recording makes none\n", name);
    } else {
        std::printf("%-13s differs from byte %zu on\n  kept    %s\n  replay  %s\n", name, part.difference->at,
                    part.difference->kept.c_str(), part.difference->made.c_str());
    }
}

void print_found(const SignalsOptions& options, const runtime::KeptDecision& kept, const api::ReplayFound& found) {
    if (!options.as_json) {
        std::printf("%s was %s at %s; %llu inputs replayed\n", kept.signal.c_str(), kept.entry.c_str(),
                    report::time_text(kept.at).c_str(), static_cast<unsigned long long>(found.events));
        print_part("score_record", found.score_record);
        print_part("signal", found.signal);
        return;
    }
    JsonWriter out;
    out.begin_object().field("decision", kept.signal).field("entry", kept.entry).field("at", to_ms(kept.at));
    out.field("run", kept.run).field("record", kept.record_number).key("found");
    api::write_replay_found(out, found);
    out.end_object();
    std::printf("%s\n", std::string(out.text()).c_str());
}

}  // namespace

Exit signals_replay(const SignalsOptions& options) {
    auto repository = open_records_to_read(options.config);
    if (!repository) return report(repository.error());
    const auto kept = runtime::kept_decision(*repository, options.id);
    if (!kept) return report(kept.error());
    auto journal = runtime::open_recording_of(*kept, options.recording);
    if (!journal) return report(journal.error());
    const auto began = std::chrono::steady_clock::now();
    auto made = runtime::replay_decision(*journal, *kept);
    if (!made) return report(made.error());
    for (const std::string& loss : made->losses) std::fprintf(stderr, "virtuoso: %s\n", loss.c_str());
    api::ReplayFound found = runtime::compared(*kept, std::move(*made));
    if (found.outcome == api::ReplayOutcome::not_reached) {
        return report(Error{Errc::not_found, options.recording + " does not reach " + report::time_text(kept->at) +
                                                 " of " + kept->instrument +
                                                 ": name the recording of the run that decided"});
    }
    found.replayed_at = net::wall_now();
    found.took = std::chrono::steady_clock::now() - began;
    print_found(options, *kept, found);
    return found.outcome == api::ReplayOutcome::equal ? Exit::ok : Exit::failed;
}

}  // namespace vt::app
