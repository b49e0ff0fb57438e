#include "app/configuration.hpp"
#include "app/history_options.hpp"
#include "base/json_writer.hpp"
#include "base/version.hpp"
#include "history/import.hpp"
#include "net/loop.hpp"

#include <cstdio>

namespace vt::app {
namespace {

unsigned long long printed(std::uint64_t number) { return number; }

void print_report(const HistoryOptions& options, const history::Series& series,
                  const history::ImportReport& imported) {
    constexpr std::size_t kGapsShown = 10;
    std::printf("%s: %llu rows of %s, %llu new, %llu stored already", series.title().c_str(), printed(imported.rows),
                options.file.c_str(), printed(imported.stored.added), printed(imported.stored.equal));
    if (imported.repeated > 0) std::printf(", %llu repeated lines", printed(imported.repeated));
    if (imported.stored.conflicting > 0) {
        std::printf(", %llu different ones %s", printed(imported.stored.conflicting),
                    options.replace_conflicts ? "replaced" : "left out");
    }
    std::printf("\n");
    const std::vector<history::Gap>& gaps = imported.gaps.gaps;
    if (gaps.empty()) return;
    std::printf("%llu gaps, %llu rows missing:\n", printed(gaps.size()),
                printed(imported.gaps.venue_rows + imported.gaps.unasked_rows));
    for (std::size_t i = 0; i < std::min(gaps.size(), kGapsShown); ++i) {
        std::printf("  %s to %s  %8llu\n", history::format_time(gaps[i].range.from_ms).c_str(),
                    history::format_time(gaps[i].range.to_ms).c_str(), printed(gaps[i].rows));
    }
    if (gaps.size() > kGapsShown) std::printf("  ... `virtuoso history gaps` lists them all\n");
}

void print_json(const history::ImportReport& imported) {
    JsonWriter out;
    out.begin_object().field("rows", imported.rows).field("repeated", imported.repeated);
    out.field("added", static_cast<std::uint64_t>(imported.stored.added));
    out.field("equal", static_cast<std::uint64_t>(imported.stored.equal));
    out.field("conflicting", static_cast<std::uint64_t>(imported.stored.conflicting));
    out.field("missing", imported.gaps.venue_rows + imported.gaps.unasked_rows).key("gaps").begin_array();
    for (const history::Gap& gap : imported.gaps.gaps) {
        out.begin_object().field("from_ms", gap.range.from_ms).field("to_ms", gap.range.to_ms);
        out.field("rows", gap.rows).end_object();
    }
    out.end_array().end_object();
    std::printf("%s\n", std::string(out.text()).c_str());
}

}  // namespace

Exit history_import(const HistoryOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto directory = history_directory(options, loaded->config);
    if (!directory) return report(directory.error());
    const auto series = history_series(options);
    if (!series) return report_usage(series.error());
    history::CsvParams params{
        .kind = series->kind, .step_ms = series->step_ms, .is_open_end_accepted = options.is_open_end_accepted};
    if (!options.day.empty()) {
        const auto day = history::parse_time_ms(options.day);
        if (!day) return report_usage(day.error());
        params.day_start_ms = *day;
    }
    // A file that cannot be read must not leave an empty series behind.
    const bool was_there = std::filesystem::exists(*directory / series->file());
    auto writer =
        history::SeriesWriter::open(*directory, {.series = *series, .program = "virtuoso " + std::string(kVersion)});
    if (!writer) return report(writer.error());
    const history::OnConflict on_conflict = options.replace_conflicts ? history::OnConflict::replace
                                            : options.keep_stored     ? history::OnConflict::keep
                                                                      : history::OnConflict::refuse;
    const auto imported = history::import_csv(options.file, params, *writer, on_conflict, to_ms(net::wall_now()));
    if (!imported) {
        std::error_code ignored;
        if (!was_there) std::filesystem::remove(writer->path(), ignored);
        return report(imported.error());
    }
    if (options.as_json) {
        print_json(*imported);
    } else {
        print_report(options, *series, *imported);
    }
    return Exit::ok;
}

}  // namespace vt::app
