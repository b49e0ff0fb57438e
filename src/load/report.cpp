#include "load/report.hpp"

#include "base/json_writer.hpp"
#include "report/html_page.hpp"
#include "report/text.hpp"

#include <array>

namespace vt::load {
namespace {

struct Part {
    const char* label;
    const char* field;
    double part;
};
constexpr std::array kParts = {Part{"p50", "p50_ms", 0.5},  Part{"p75", "p75_ms", 0.75},
                               Part{"p90", "p90_ms", 0.9},  Part{"p95", "p95_ms", 0.95},
                               Part{"p99", "p99_ms", 0.99}, Part{"p99.9", "p999_ms", 0.999},
                               Part{"longest", "max_ms", 1}};

/// Divided, not multiplied as by to_seconds(): whole numbers stay whole.
double in_seconds(Nanos duration) { return std::chrono::duration<double>(duration).count(); }

std::optional<double> in_ms(std::optional<Nanos> duration) {
    return duration ? std::optional(std::chrono::duration<double, std::milli>(*duration).count()) : std::nullopt;
}

double client_cpu_share(const Report& report) { return try_of(report.run, report.profile).client_cpu_share; }

/// The paths' figures, then those of all.
std::vector<Figures> with_sum(const LoadRun& run) {
    std::vector<Figures> out = run.figures;
    out.push_back(run.all());
    return out;
}

std::string errors_text(const Figures& figures) {
    if (figures.errors.empty()) return "0";
    std::string out;
    for (const auto& [kind, count] : figures.errors)
        out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
    return out;
}

report::Table counts_table(const Report& report) {
    report::Table out{.head = {"route", "planned", "answered", "a second", "errors", "bytes"}};
    const double seconds = in_seconds(std::max(report.run.taken, report.run.plan.length));
    for (const Figures& each : with_sum(report.run)) {
        out.rows.push_back({each.path, std::to_string(each.planned), std::to_string(each.answered),
                            report::number_text(static_cast<double>(each.answered) / seconds, 1), errors_text(each),
                            report::bytes_text(each.bytes)});
    }
    return out;
}

report::Table latency_table(const LoadRun& run, Latencies Figures::* which) {
    report::Table out{.head = {"route"}};
    for (const Part& part : kParts) out.head.emplace_back(part.label);
    for (const Figures& each : with_sum(run)) {
        std::vector<std::string> row = {each.path};
        for (const Part& part : kParts) row.push_back(report::duration_text((each.*which).percentile(part.part)));
        out.rows.push_back(std::move(row));
    }
    return out;
}

report::Table maximum_table(const Maximum& maximum) {
    report::Table out{.head = {"rate", "answered a second", "errors", "corrected p99", "client's CPU", "held"}};
    for (const Maximum::Try& each : maximum.tries) {
        out.rows.push_back({report::number_text(each.rate_per_second, 1),
                            report::number_text(each.achieved_per_second, 1), std::to_string(each.errors),
                            report::duration_text(each.p99), report::percent_text(each.client_cpu_share),
                            each.is_held ? "yes" : "no"});
    }
    return out;
}

std::string maximum_text(const Maximum& maximum, const Profile& profile) {
    const std::string limit = report::duration_text(profile.p99_limit);
    const std::string tries = ", in tries of " + report::duration_text(maximum.length) + " each";
    if (!maximum.highest_held)
        return "No rate that was tried was held with a corrected p99 below " + limit + tries + ".";
    std::string out = "The highest rate that was held with no errors and a corrected p99 below " + limit + ": " +
                      report::number_text(maximum.highest_held, 1) + " a second";
    if (maximum.lowest_failed) {
        out += "; the lowest that was not: " + report::number_text(maximum.lowest_failed, 1);
    } else {
        out += "; none failed, the search ended before";
    }
    return out + tries + ". Client and server share the machine.";
}

/// What was done, in sentences.
std::vector<std::string> circumstances(const Report& report) {
    const Plan& plan = report.run.plan;
    std::vector<std::string> out = {
        report.base_url + ", version " + report.program.version + ", status " + report.program.status + ", " +
            report::time_text(report.run.started_at),
        "Profile " + report.profile.name + ": " + report::number_text(plan.rate_per_second, 1) + " requests/s for " +
            report::duration_text(plan.length) + " in an open loop over at most " + std::to_string(plan.connections) +
            " kept connections; " + report::number_text(report.run.achieved_per_second(), 1) + " answered a second",
        "The client used " + report::percent_text(client_cpu_share(report)) + " of one core" +
            (report.cores > 0 ? " of " + std::to_string(report.cores) : std::string()) +
            "; load average of the machine in the minute before: " + report::number_text(report.load_average, 2)};
    if (!report.left_out.empty()) {
        std::string paths;
        for (const std::string& path : report.left_out) paths += (paths.empty() ? "" : ", ") + path;
        out.push_back("Left out, since this version has no such route: " + paths);
    }
    return out;
}

void write_latencies(JsonWriter& out, std::string_view name, const Latencies& latencies) {
    out.key(name).begin_object();
    for (const Part& part : kParts) out.field(part.field, in_ms(latencies.percentile(part.part)));
    out.end_object();
}

void write_figures(JsonWriter& out, const Figures& figures) {
    out.begin_object()
        .field("path", figures.path)
        .field("planned", figures.planned)
        .field("answered", figures.answered)
        .field("bytes", figures.bytes)
        .field("errors", figures.error_count())
        .key("errors_by_kind")
        .begin_object();
    for (const auto& [kind, count] : figures.errors) out.field(kind, count);
    out.end_object();
    write_latencies(out, "corrected", figures.corrected);
    write_latencies(out, "uncorrected", figures.uncorrected);
    out.end_object();
}

void write_maximum(JsonWriter& out, const Maximum& maximum) {
    out.begin_object()
        .field("held_per_second", maximum.highest_held)
        .field("failed_per_second", maximum.lowest_failed)
        .field("seconds_each", in_seconds(maximum.length))
        .key("tries")
        .begin_array();
    for (const Maximum::Try& each : maximum.tries) {
        out.begin_object()
            .field("planned_per_second", each.rate_per_second)
            .field("achieved_per_second", each.achieved_per_second)
            .field("errors", each.errors)
            .field("p99_ms", in_ms(each.p99))
            .field("client_cpu_share", each.client_cpu_share)
            .field("held", each.is_held)
            .end_object();
    }
    out.end_array().end_object();
}

}  // namespace

std::string text_of(const Report& report) {
    std::string out;
    for (const std::string& sentence : circumstances(report)) out += sentence + "\n";
    out += "\n" + report::text_of(counts_table(report));
    out += "\nFrom the planned time to the last byte (coordinated omission corrected)\n" +
           report::text_of(latency_table(report.run, &Figures::corrected));
    out += "\nFrom the sending to the last byte (uncorrected, to compare)\n" +
           report::text_of(latency_table(report.run, &Figures::uncorrected));
    if (report.maximum)
        out += "\n" + report::text_of(maximum_table(*report.maximum)) +
               maximum_text(*report.maximum, report.profile) + "\n";
    return out + "\n" + report::text_of(goals(report));
}

std::string json_of(const Report& report) {
    const std::vector<report::Finding> findings = goals(report);
    JsonWriter out;
    out.begin_object()
        .field("ok", report::is_good(findings))
        .field("base_url", report.base_url)
        .field("version", report.program.version)
        .field("status", report.program.status)
        .field("profile", report.profile.name)
        .field("started_at", to_ms(report.run.started_at))
        .field("seconds", in_seconds(report.run.plan.length))
        .field("planned_per_second", report.run.plan.rate_per_second)
        .field("achieved_per_second", report.run.achieved_per_second())
        .field("connections", std::uint64_t{report.run.plan.connections})
        .field("timeout_seconds", in_seconds(report.run.plan.timeout))
        .field("client_cpu_share", client_cpu_share(report))
        .field("load_average", report.load_average)
        .field("cores", report.cores)
        .field("published_for_ms", in_ms(report.published_for))
        .key("left_out")
        .begin_array();
    for (const std::string& path : report.left_out) out.value(path);
    out.end_array().key("routes").begin_array();
    for (const Figures& each : report.run.figures) write_figures(out, each);
    out.end_array().key("all");
    write_figures(out, report.run.all());
    out.key("maximum");
    if (report.maximum) {
        write_maximum(out, *report.maximum);
    } else {
        out.null();
    }
    out.key("goals");
    report::write(out, findings);
    out.end_object();
    return out.take();
}

std::string html_of(const Report& report) {
    report::HtmlPage page("Load test");
    for (const std::string& sentence : circumstances(report)) page.paragraph(sentence);
    page.heading("Goals").findings(goals(report));
    page.heading("Requests").table(counts_table(report));
    const Figures all = report.run.all();
    std::vector<std::string> labels;
    std::array<report::Curve, 2> curves = {report::Curve{"from the planned time", {}},
                                           report::Curve{"from the sending", {}}};
    for (const Part& part : kParts) {
        labels.emplace_back(part.label);
        curves[0].points.push_back(in_ms(all.corrected.percentile(part.part)).value_or(0));
        curves[1].points.push_back(in_ms(all.uncorrected.percentile(part.part)).value_or(0));
    }
    page.heading("How long answers took")
        .chart("Latency of all routes, by part of the answers", "ms", labels, curves);
    page.heading("From the planned time to the last byte (coordinated omission corrected)")
        .table(latency_table(report.run, &Figures::corrected));
    page.heading("From the sending to the last byte (uncorrected, to compare)")
        .table(latency_table(report.run, &Figures::uncorrected));
    if (report.maximum)
        page.heading("The maximum")
            .table(maximum_table(*report.maximum))
            .paragraph(maximum_text(*report.maximum, report.profile));
    return page.take();
}

}  // namespace vt::load
