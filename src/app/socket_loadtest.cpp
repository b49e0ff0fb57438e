#include "app/socket_loadtest.hpp"

#include "app/configuration.hpp"
#include "app/environment.hpp"
#include "app/file_limit.hpp"
#include "app/measured_address.hpp"
#include "app/report_output.hpp"
#include "base/json_writer.hpp"
#include "load/run.hpp"
#include "load/sockets.hpp"

#include <chrono>
#include <cstdio>

namespace vt::app {
namespace {

std::optional<double> milliseconds(const std::optional<Nanos>& span) {
    return span ? std::optional(to_seconds(*span) * 1e3) : std::nullopt;
}

std::string shown_ms(const std::optional<Nanos>& span) {
    if (!span) return "-";
    char text[32];
    std::snprintf(text, sizeof(text), "%.1f ms", to_seconds(*span) * 1e3);
    return text;
}

void write_latencies(JsonWriter& out, std::string_view name, const load::Latencies& latencies) {
    out.key(name).begin_object().field("count", latencies.count());
    out.field("p50_ms", milliseconds(latencies.percentile(0.5)));
    out.field("p99_ms", milliseconds(latencies.percentile(0.99)));
    out.field("longest_ms", milliseconds(latencies.longest())).end_object();
}

std::string json_of(const load::SocketPlan& plan, const load::SocketRun& found) {
    JsonWriter out;
    out.begin_object().field("sockets", plan.sockets).field("topic", plan.topic).field("opened", found.opened);
    out.field("open_at_end", found.open_at_end).key("closings").begin_object();
    for (const auto& [reason, count] : found.closings) out.field(reason, count);
    out.end_object().field("seconds", to_seconds(found.taken)).field("messages", found.messages);
    out.field("bytes", found.bytes).field("client_cpu_seconds", to_seconds(found.cpu_time));
    write_latencies(out, "opening", found.opening);
    write_latencies(out, "delivery", found.delivery);
    return out.end_object().take();
}

std::string text_of(const load::SocketPlan& plan, const load::SocketRun& found) {
    const double seconds = to_seconds(found.taken);
    std::string text = std::to_string(found.opened) + " of " + std::to_string(plan.sockets) + " sockets opened, " +
                       std::to_string(found.open_at_end) + " open at the end\n";
    for (const auto& [reason, count] : found.closings)
        text += "  " + std::to_string(count) + " closed: " + reason + "\n";
    text += "opening      p50 " + shown_ms(found.opening.percentile(0.5)) + ", p99 " +
            shown_ms(found.opening.percentile(0.99)) + "\n";
    char rate[160];
    std::snprintf(rate, sizeof(rate), "messages     %.0f a second, %.1f MB/s; this client used %.0f %% of a core\n",
                  static_cast<double>(found.messages) / seconds, static_cast<double>(found.bytes) / seconds / 1e6,
                  100 * to_seconds(found.cpu_time) / seconds);
    text += rate;
    text += "delivery     p50 " + shown_ms(found.delivery.percentile(0.5)) + ", p99 " +
            shown_ms(found.delivery.percentile(0.99)) + ", longest " + shown_ms(found.delivery.longest()) + "\n";
    return text;
}

Result<bool> measure(const LoadtestOptions& options) {
    if (!options.output.html.empty())
        return fail(Errc::configuration, "--html is for requests: --sockets has a table and --json");
    VT_TRY(const config::Loaded loaded, load_configuration(options.config));
    VT_TRY(const std::string base_url, measured_address(options.url, loaded.config));
    const std::string token = environment_variable("VIRTUOSO_TOKEN");
    VT_TRY([[maybe_unused]] const load::Program program, load::look_at(base_url, token));
    const load::SocketPlan plan{.sockets = options.sockets,
                                .topic = options.topic,
                                .length = std::chrono::seconds{options.seconds.value_or(30)},
                                .token = token};
    std::fprintf(stderr, "virtuoso: %zu readers of %s for %.0f s at %s; Ctrl-C ends it\n", plan.sockets,
                 plan.topic.c_str(), to_seconds(plan.length), base_url.c_str());
    const load::SocketRun found = load::follow(base_url, plan);
    if (auto put = put_out(options.output, {text_of(plan, found), json_of(plan, found), ""}); !put)
        return tl::unexpected(put.error());
    return found.opened == plan.sockets && found.open_at_end == plan.sockets;
}

}  // namespace

Exit socket_loadtest(const LoadtestOptions& options) {
    raise_file_limit();
    const auto is_held = measure(options);
    if (!is_held) return report(is_held.error());
    return *is_held ? Exit::ok : Exit::failed;
}

}  // namespace vt::app
