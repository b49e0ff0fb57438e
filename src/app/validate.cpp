#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/environment.hpp"
#include "app/measured_address.hpp"
#include "app/report_output.hpp"
#include "obs/log.hpp"
#include "report/html_page.hpp"
#include "report/text.hpp"
#include "runtime/cache_tiers.hpp"
#include "validation/program_rows.hpp"

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <utility>

namespace vt::app {
namespace {

using validation::Findings;

validation::TierSetup setup_of(const config::Config::Cache& config, std::uint32_t entropy) {
    validation::TierSetup setup{.memory = {.max_items = config.l1.max_items, .max_bytes = config.l1.max_bytes},
                                .ttl = config.ttl,
                                .schema = validation::TierSetup::kSchemasFrom | entropy};
    const runtime::CacheServers servers = runtime::cache_servers(config);
    const auto server = [](const cache::ServerAddress& address, const config::Config::Cache::Server& given) {
        return validation::ServerSetup{.address = address, .connections = given.connections};
    };
    if (servers.memcached) setup.memcached = server(*servers.memcached, config.memcached);
    if (servers.redis) setup.redis = server(*servers.redis, config.redis);
    return setup;
}

/// As many instruments as the demo market lists, for want of their names.
std::vector<std::string> unnamed_instruments() {
    constexpr int kCount = 34;
    std::vector<std::string> out;
    for (int i = 0; i < kCount; ++i) out.push_back(std::to_string(i));
    return out;
}

Result<void> carried_out(const std::string& command) {
    std::fprintf(stderr, "virtuoso: restarting Redis: %s\n", command.c_str());
    std::fflush(stdout);
    const int status = std::system(command.c_str());
    if (status != 0)
        return fail(Errc::refused, "the command \"" + command + "\" ended with " +
                                       std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : status) +
                                       "; --restart-redis takes one that ends with 0");
    return {};
}

void add(Findings& all, Findings more) {
    for (report::Finding& each : more) all.push_back(std::move(each));
}

void announce(const char* what) { std::fprintf(stderr, "virtuoso: %s\n", what); }

Findings validated(const ValidateOptions& options, const config::Config::Cache& config, const std::string& base_url) {
    std::random_device entropy;
    const validation::TierSetup setup = setup_of(config, entropy());
    const validation::RunningProgram program{base_url, environment_variable("VIRTUOSO_TOKEN")};
    const auto instruments = validation::instruments_at(program);
    Findings all;
    announce("the first tier");
    add(all, validation::memory_hits(setup));
    add(all, validation::memory_limits(setup));
    announce("shares of the tiers, in virtual time");
    validation::Workload workload{.keys = validation::real_keys(instruments.value_or(unnamed_instruments())),
                                  .name = "shares"};
    add(all, validation::shares(setup, workload));
    workload.rate_per_second /= 10;
    workload.is_judged = false;
    workload.name = "shares_at_a_tenth";
    add(all, validation::shares(setup, workload));
    announce("expiry");
    add(all, validation::expiry(setup));
    add(all, validation::expiry_in_real_time(setup));
    announce("the servers");
    add(all, validation::connections(setup));
    validation::Disturbance disturbance{.may_flush = options.flush};
    if (!options.restart_redis.empty())
        disturbance.restart_redis = [&options] { return carried_out(options.restart_redis); };
    add(all, validation::disturbed(setup, disturbance));
    add(all, validation::memcached_setup(setup));
    announce("the running program");
    add(all, validation::program_rows(program));
    add(all, validation::claims_not_made());
    return all;
}

/// What stands above the findings.
std::vector<std::string> circumstances(const config::Config::Cache& config, const std::string& base_url) {
    const runtime::CacheServers servers = runtime::cache_servers(config);
    const auto text = [](const std::optional<cache::ServerAddress>& address) {
        return address ? address->host + ":" + std::to_string(address->port) : std::string("not configured");
    };
    const auto average = load_average();
    return {"First tier: at most " + std::to_string(config.l1.max_items) + " items and " +
                report::bytes_text(config.l1.max_bytes) + "; memcached: " + text(servers.memcached) +
                "; Redis: " + text(servers.redis) + "; program: " + base_url,
            report::time_text(net::wall_now()) +
                "; load average of the machine in the minute before: " + report::number_text(average, 2)};
}

RenderedReport rendered(const std::vector<std::string>& sentences, const Findings& findings) {
    RenderedReport out;
    report::HtmlPage page("Validation of the cache tiers");
    JsonWriter json;
    json.begin_object().field("ok", report::is_good(findings)).key("circumstances").begin_array();
    for (const std::string& sentence : sentences) {
        out.text += sentence + "\n";
        page.paragraph(sentence);
        json.value(sentence);
    }
    json.end_array().key("findings");
    report::write(json, findings);
    json.end_object();
    out.text += "\n" + report::text_of(findings);
    out.json = json.take();
    out.html = page.findings(findings).take();
    return out;
}

}  // namespace

Exit validate(const ValidateOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto base_url = measured_address(options.url, loaded->config);
    if (!base_url) return report(base_url.error());
    obs::configure_log(obs::log_params_from_environment());
    const std::vector<std::string> sentences = circumstances(loaded->config.cache, *base_url);
    const Findings findings = validated(options, loaded->config.cache, *base_url);
    if (const auto put = put_out(options.output, rendered(sentences, findings)); !put) return report(put.error());
    return report::is_good(findings) ? Exit::ok : Exit::failed;
}

}  // namespace vt::app
