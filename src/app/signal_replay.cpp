#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/journal.hpp"
#include "app/record_places.hpp"
#include "base/json_writer.hpp"
#include "report/text.hpp"
#include "runtime/decision_replay.hpp"

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace vt::app {
namespace {

/// One thing that was kept, beside what the recording makes of it.
struct Comparison {
    const char* name;
    std::optional<std::string> kept;
    std::optional<std::string> made;
    [[nodiscard]] std::optional<runtime::Difference> difference() const {
        return kept ? runtime::first_difference(*kept, made.value_or("")) : std::nullopt;
    }
};

void print_comparison(const Comparison& compared) {
    if (!compared.kept) {
        std::printf("%-13s not compared: it is not kept any more (records.explanations_keep_days)\n", compared.name);
        return;
    }
    const auto difference = compared.difference();
    if (!difference) {
        std::printf("%-13s equal, %zu bytes\n", compared.name, compared.kept->size());
        return;
    }
    if (!compared.made) {
        std::printf("%-13s differs: the recording makes none\n", compared.name);
        return;
    }
    std::printf("%-13s differs from byte %zu on\n  kept    %s\n  replay  %s\n", compared.name, difference->at,
                difference->kept.c_str(), difference->made.c_str());
}

void print_comparisons(const SignalsOptions& options, const runtime::KeptDecision& kept,
                       const runtime::ReplayedDecision& made, const std::vector<Comparison>& all) {
    if (!options.as_json) {
        std::printf("%s was %s at %s; %llu inputs replayed\n", kept.signal.c_str(), kept.entry.c_str(),
                    report::time_text(kept.at).c_str(), static_cast<unsigned long long>(made.events));
        for (const Comparison& compared : all) print_comparison(compared);
        return;
    }
    JsonWriter out;
    out.begin_object().field("signal", kept.signal).field("entry", kept.entry).field("at", to_ms(kept.at));
    out.field("events", made.events);
    for (const Comparison& compared : all) {
        const auto difference = compared.difference();
        out.key(compared.name).begin_object();
        out.field("is_equal", compared.kept ? std::optional(!difference) : std::nullopt);
        out.field("differs_at", difference ? std::optional<std::uint64_t>(difference->at) : std::nullopt);
        out.end_object();
    }
    out.end_object();
    std::printf("%s\n", std::string(out.text()).c_str());
}

}  // namespace

Exit signals_replay(const SignalsOptions& options) {
    auto repository = open_records_to_read(options.config);
    if (!repository) return report(repository.error());
    const auto kept = runtime::kept_decision(*repository, options.id);
    if (!kept) return report(kept.error());
    auto journal = open_recording(options.recording);
    if (!journal) return report(journal.error());
    const auto made = runtime::replay_decision(*journal, *kept);
    if (!made) return report(made.error());
    for (const std::string& loss : made->losses) std::fprintf(stderr, "virtuoso: %s\n", loss.c_str());
    if (!made->is_reached) {
        return report(Error{Errc::not_found, options.recording + " does not reach " + report::time_text(kept->at) +
                                                 " of " + kept->instrument +
                                                 ": name the recording of the run that decided"});
    }
    const std::vector<Comparison> all{{"score_record", kept->record, made->record},
                                      {"signal", kept->body, made->body}};
    print_comparisons(options, *kept, *made, all);
    for (const Comparison& compared : all)
        if (compared.difference()) return Exit::failed;
    return Exit::ok;
}

}  // namespace vt::app
