#include "app/configuration.hpp"
#include "app/history_options.hpp"
#include "base/json_writer.hpp"
#include "base/version.hpp"
#include "history/gaps.hpp"
#include "history/import.hpp"
#include "net/loop.hpp"
#include "storage/output_file.hpp"

#include <cstdio>

namespace vt::app {
namespace {

using history::StoredSeries;

struct Opened {
    config::Config config;
    std::filesystem::path directory;
    std::vector<StoredSeries> series;
};

/// Everything that the flags select; a file that cannot be read is told at once.
Result<Opened> open_selected(const HistoryOptions& options) {
    VT_TRY(config::Loaded loaded, load_configuration(options.config));
    VT_TRY(std::filesystem::path directory, history_directory(options, loaded.config));
    VT_TRY(const history::Selection selection, history_selection(options));
    VT_TRY(std::vector<StoredSeries> series, history::list(directory, selection));
    return Opened{std::move(loaded.config), std::move(directory), std::move(series)};
}

void begin_row(JsonWriter& out, const StoredSeries& stored) {
    out.begin_object().field("file", stored.path.string());
    if (!stored.reader) {
        out.field("problem", stored.problem);
        return;
    }
    const history::Series& series = stored.reader->header().series;
    out.field("venue", market::name(series.venue)).field("category", market::name(series.category));
    out.field("symbol", series.symbol).field("kind", history::name(series.kind));
    out.key("timeframe");
    if (series.step_ms > 0) {
        out.value(history::timeframe_name(series.step_ms));
    } else {
        out.null();
    }
}

void say_nothing_stored(const Opened& opened) {
    std::printf("no history under %s; `virtuoso history fetch --help` says how to get some\n",
                opened.directory.c_str());
}

void print(JsonWriter& out) { std::printf("%s\n", std::string(out.text()).c_str()); }

bool has_problem(const std::vector<StoredSeries>& series) {
    bool is_found = false;
    for (const StoredSeries& stored : series) {
        if (stored.reader) continue;
        is_found = true;
        std::fprintf(stderr, "virtuoso: %s\n", stored.problem.c_str());
    }
    return is_found;
}

void write_damage(const history::Damage& damage, JsonWriter& out) {
    out.begin_object().field("offset", damage.offset).field("bytes", damage.bytes).field("what", damage.what);
    out.field("is_torn_tail", damage.is_tail);
    if (!damage.lost.empty()) out.field("lost_from_ms", damage.lost.from_ms).field("lost_to_ms", damage.lost.to_ms);
    out.end_object();
}

std::string damage_text(const history::Damage& damage) {
    std::string text =
        "  at byte " + std::to_string(damage.offset) + ", " + std::to_string(damage.bytes) + " bytes: " + damage.what;
    if (damage.is_tail) text += "; nothing that was reported as stored is lost, the next write cuts it off";
    if (!damage.lost.empty() && !damage.is_tail) {
        text += "; rows from " + history::format_time(damage.lost.from_ms) + " to " +
                history::format_time(damage.lost.to_ms - 1) + " are lost; fetch or import that time again";
    }
    return text;
}

Result<std::uint64_t> write_csv(history::SeriesReader& reader, const history::TimeRange& range,
                                const std::string& file) {
    VT_TRY(const history::Table rows, reader.read(range));
    for (const history::Damage& damage : reader.damages())
        std::fprintf(stderr, "virtuoso: %s is damaged\n%s\n", reader.name().c_str(), damage_text(damage).c_str());
    std::optional<storage::OutputFile> out;
    if (!file.empty()) {
        VT_TRY(out, storage::OutputFile::create(file));
    }
    std::string text = history::csv_header(rows.kind) + "\n";
    for (std::size_t row = 0; row <= rows.rows(); ++row) {
        const bool is_last = row == rows.rows();
        if (!is_last) history::append_csv_row(rows, row, text);
        if (!is_last && text.size() < (std::size_t{1} << 16U)) continue;
        Result<void> written = out ? out->append(text) : Result<void>{};
        if (!out && std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
            written = fail(Errc::io, "cannot write to standard output");
        if (!written) return tl::unexpected<Error>(std::move(written.error()));
        text.clear();
    }
    return rows.rows();
}

}  // namespace

Exit history_list(const HistoryOptions& options) {
    auto opened = open_selected(options);
    if (!opened) return report(opened.error());
    JsonWriter out;
    out.begin_array();
    if (!options.as_json && opened->series.empty()) say_nothing_stored(*opened);
    if (!options.as_json && !opened->series.empty()) {
        std::printf("%-44s %10s %-20s %-20s %12s\n", "series", "rows", "first", "last", "bytes");
    }
    bool is_damaged = has_problem(opened->series);
    for (StoredSeries& stored : opened->series) {
        begin_row(out, stored);
        if (stored.reader) {
            const auto counted = stored.reader->count_rows();
            if (!counted) return report(counted.error());
            const std::uint64_t rows = *counted;
            const auto extent = stored.reader->extent();
            const bool is_whole = stored.reader->damages().empty();
            is_damaged = is_damaged || !is_whole;
            if (!is_whole) {
                std::fprintf(stderr, "virtuoso: %s is damaged; `virtuoso history verify` says where\n",
                             stored.path.c_str());
            }
            out.field("rows", rows).field("bytes", stored.reader->size());
            out.field("blocks", static_cast<std::uint64_t>(stored.reader->blocks().size()));
            out.field("first_ms", extent ? std::optional(extent->from_ms) : std::nullopt);
            out.field("last_ms", extent ? std::optional(extent->to_ms - 1) : std::nullopt);
            if (!options.as_json) {
                std::printf("%-44s %10llu %-20s %-20s %12llu\n", stored.reader->header().series.title().c_str(),
                            static_cast<unsigned long long>(rows),
                            extent ? history::format_time(extent->from_ms).c_str() : "-",
                            extent ? history::format_time(extent->to_ms - 1).c_str() : "-",
                            static_cast<unsigned long long>(stored.reader->size()));
            }
        }
        out.end_object();
    }
    out.end_array();
    if (options.as_json) print(out);
    return is_damaged ? Exit::failed : Exit::ok;
}

Exit history_gaps(const HistoryOptions& options) {
    auto opened = open_selected(options);
    if (!opened) return report(opened.error());
    const auto range = history_range(options);
    if (!range) return report_usage(range.error());
    std::optional<history::TimeRange> wanted = *range;
    if (wanted) wanted->to_ms = std::min(wanted->to_ms, to_ms(net::wall_now()));
    JsonWriter out;
    out.begin_array();
    if (!options.as_json && opened->series.empty()) say_nothing_stored(*opened);
    for (StoredSeries& stored : opened->series) {
        begin_row(out, stored);
        if (stored.reader) {
            const auto found = history::find_gaps(*stored.reader, wanted);
            if (!found) return report(found.error());
            out.field("rows", found->rows).field("missing_at_venue", found->venue_rows);
            out.field("not_asked", found->unasked_rows).key("gaps").begin_array();
            for (const history::Gap& gap : found->gaps) {
                out.begin_object().field("from_ms", gap.range.from_ms).field("to_ms", gap.range.to_ms);
                out.field("rows", gap.rows).field("is_venues", gap.is_venues).end_object();
            }
            out.end_array();
            if (!options.as_json) {
                std::printf("%s: %llu rows, %llu missing at the venue, %llu not asked for\n",
                            stored.reader->header().series.title().c_str(),
                            static_cast<unsigned long long>(found->rows),
                            static_cast<unsigned long long>(found->venue_rows),
                            static_cast<unsigned long long>(found->unasked_rows));
                for (const history::Gap& gap : found->gaps) {
                    std::printf("  %s to %s  %8llu  %s\n", history::format_time(gap.range.from_ms).c_str(),
                                history::format_time(gap.range.to_ms).c_str(),
                                static_cast<unsigned long long>(gap.rows),
                                gap.is_venues ? "the venue has none" : "not asked for");
                }
            }
        }
        out.end_object();
    }
    out.end_array();
    if (options.as_json) print(out);
    return has_problem(opened->series) ? Exit::failed : Exit::ok;
}

Exit history_verify(const HistoryOptions& options) {
    auto opened = open_selected(options);
    if (!opened) return report(opened.error());
    bool is_damaged = has_problem(opened->series);
    JsonWriter out;
    out.begin_array();
    if (!options.as_json && opened->series.empty()) say_nothing_stored(*opened);
    for (StoredSeries& stored : opened->series) {
        begin_row(out, stored);
        if (stored.reader) {
            const auto verified = history::verify(*stored.reader);
            if (!verified) return report(verified.error());
            is_damaged = is_damaged || !verified->damages.empty();
            out.field("blocks", verified->blocks).field("rows", verified->rows).key("damages").begin_array();
            for (const history::Damage& damage : verified->damages) write_damage(damage, out);
            out.end_array();
            if (!options.as_json) {
                std::printf("%s: %llu rows in %llu blocks, %s\n", stored.reader->header().series.title().c_str(),
                            static_cast<unsigned long long>(verified->rows),
                            static_cast<unsigned long long>(verified->blocks),
                            verified->damages.empty() ? "whole" : "damaged");
                for (const history::Damage& damage : verified->damages)
                    std::printf("%s\n", damage_text(damage).c_str());
            }
        }
        out.end_object();
    }
    out.end_array();
    if (options.as_json) print(out);
    return is_damaged ? Exit::failed : Exit::ok;
}

Exit history_export(const HistoryOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto directory = history_directory(options, loaded->config);
    if (!directory) return report(directory.error());
    const auto series = history_series(options);
    if (!series) return report_usage(series.error());
    const auto range = history_range(options);
    if (!range) return report_usage(range.error());
    auto reader = history::SeriesReader::open(*directory / series->file());
    if (!reader) {
        if (reader.error().code != Errc::not_found) return report(reader.error());
        return report({Errc::not_found, "nothing is stored of " + series->title() + " under " + directory->string() +
                                            "; `virtuoso history list` shows what is"});
    }
    const auto rows = write_csv(*reader, range->value_or(history::TimeRange{0, INT64_MAX}), options.file);
    if (!rows) return report(rows.error());
    if (!options.file.empty() && options.as_json) {
        JsonWriter out;
        out.begin_object().field("out", options.file).field("rows", *rows).end_object();
        print(out);
    } else if (!options.file.empty()) {
        std::printf("%s: %llu rows\n", options.file.c_str(), static_cast<unsigned long long>(*rows));
    }
    return reader->damages().empty() ? Exit::ok : Exit::failed;
}

Exit history_prune(const HistoryOptions& options) {
    auto opened = open_selected(options);
    if (!opened) return report(opened.error());
    bool has_failed = has_problem(opened->series);
    const std::uint32_t days = options.keep_days > 0 ? options.keep_days : opened->config.history.keep_days;
    history::PruneParams params{
        .bytes_max = options.bytes_max > 0 ? options.bytes_max : opened->config.history.bytes_max,
        .is_dry_run = options.is_dry_run};
    if (days > 0) params.keep_from_ms = to_ms(net::wall_now()) - std::int64_t{days} * 86'400'000;
    JsonWriter out;
    out.begin_array();
    for (const StoredSeries& stored : opened->series) {
        if (!stored.reader) continue;
        const auto pruned = history::prune(stored.path, params);
        if (!pruned) {
            has_failed = true;
            (void)report(pruned.error());
            continue;
        }
        begin_row(out, stored);
        out.field("rows_before", pruned->rows_before).field("rows_after", pruned->rows_after);
        out.field("bytes_before", pruned->bytes_before).field("bytes_after", pruned->bytes_after);
        out.field("damaged_bytes", pruned->damaged_bytes).field("is_dry_run", params.is_dry_run).end_object();
        if (options.as_json || !pruned->is_changed()) continue;
        std::printf("%s: %llu rows%s, %llu of %llu bytes stay\n", stored.reader->header().series.title().c_str(),
                    static_cast<unsigned long long>(pruned->rows_before - pruned->rows_after),
                    params.is_dry_run ? " would go" : " removed",
                    static_cast<unsigned long long>(pruned->bytes_after),
                    static_cast<unsigned long long>(pruned->bytes_before));
    }
    out.end_array();
    if (options.as_json) print(out);
    return has_failed ? Exit::failed : Exit::ok;
}

}  // namespace vt::app
