#include "config/config.hpp"

#include "config/credentials.hpp"
#include "config/default_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace vt::config {
namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(std::string_view text) {
    std::istringstream in{std::string(text)};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// The capital names that follow `before` in a text.
void collect_names(const std::string& text, const std::string& before, std::set<std::string>& names) {
    constexpr std::string_view kOfNames = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    for (std::size_t at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
        const std::size_t begin = at + before.size();
        const std::size_t end = std::min(text.find_first_not_of(kOfNames, begin), text.size());
        if (end > begin) names.insert(text.substr(begin, end - begin));
    }
}

std::string failure(Inputs inputs) {
    const auto loaded = load(inputs);
    return loaded ? std::string("(accepted)") : loaded.error().what;
}

}  // namespace

TEST(Config, DefaultFileNamesEveryKnobAndAgreesWithTheProgram) {
    const auto loaded =
        load({.file_name = "default.toml", .file_text = std::string(default_file()), .environment = {}, .flags = {}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    for (const Knob& knob : knobs()) {
        EXPECT_EQ(loaded->sources.at(std::string(knob.key)), Source::file)
            << knob.key << " is missing from default.toml";
        EXPECT_EQ(*value_text(loaded->config, knob.key), *value_text(Config{}, knob.key)) << knob.key;
    }
}

TEST(Config, StrategiesAreTurnedOnAndOffByName) {
    const auto loaded = load({.file_name = "a.toml",
                              .file_text = "[alpha]\nlead_lag = \"off\"\nbeta_shift = \"on\"\ngap_sd = 3\n"
                                           "[alpha.sectors]\nmeme = [\"DOGE\"]\n",
                              .environment = {},
                              .flags = {}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    EXPECT_EQ(loaded->config.alpha.mode(alpha::Strategy::lead_lag), alpha::Mode::off);
    EXPECT_EQ(loaded->config.alpha.mode(alpha::Strategy::beta_shift), alpha::Mode::on);
    EXPECT_EQ(loaded->config.alpha.mode(alpha::Strategy::sector_rotation), alpha::Mode::shadow);
    EXPECT_EQ(loaded->config.alpha.gap_sd, 3);
    EXPECT_EQ(loaded->config.alpha.sectors[4].coins, std::vector<std::string>{"DOGE"});
    const auto refused = [](const std::string& text) {
        return failure(
            {.file_name = "a.toml", .file_text = "[alpha]\n" + text + "\n", .environment = {}, .flags = {}});
    };
    EXPECT_NE(refused("lead_lag = \"loud\"").find(R"("on", "shadow" or "off")"), std::string::npos);
    EXPECT_NE(refused("lead_lag = true"), "(accepted)");
    EXPECT_NE(refused("chance_max = 0.6").find("0.5"), std::string::npos);
    EXPECT_NE(refused("luck = \"on\""), "(accepted)");
}

TEST(Config, DefaultFileSaysOfEveryKnobWhatItMeans) {
    bool is_explained = false;  // by a comment above it, above its table, or above another of its block
    std::size_t knobs_seen = 0;
    for (const std::string& line : lines_of(default_file())) {
        if (line.empty()) {
            is_explained = false;
        } else if (line.front() == '#') {
            is_explained = true;
        } else if (line.front() != '[') {
            ++knobs_seen;
            EXPECT_TRUE(is_explained) << line << " has no comment in config/default.toml";
        }
    }
    EXPECT_EQ(knobs_seen, knobs().size());
}

TEST(Config, FirstFileIsTheDefaultFileCommentedOut) {
    const auto loaded = load({.file_name = "v.toml", .file_text = first_file(), .environment = {}, .flags = {}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    for (const auto& [key, source] : loaded->sources) EXPECT_EQ(source, Source::built_in) << key;
    std::size_t shown = 0;
    for (const std::string& line : lines_of(first_file())) {
        if (line.starts_with('#') && line[1] != ' ') ++shown;
    }
    EXPECT_EQ(shown, knobs().size());
}

TEST(Config, EveryVariableThatIsReadIsDocumentedAndNoOther) {
    std::set<std::string> read;
    for (const std::string& name : variable_names()) read.insert(name);
    for (const std::string& name : credential_variable_names()) read.insert(name);
    for (const Knob& knob : knobs()) {
        if (knob.has_file_variable) read.insert(std::string(knob.environment) + "_FILE");
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(VT_SOURCE_DIR) + "/src")) {
        const std::string name = entry.path().filename();
        const bool is_code = name.ends_with(".cpp") && !name.ends_with("_test.cpp") && !name.ends_with("_bench.cpp");
        if (!is_code) continue;
        collect_names(text_of(entry.path()), "getenv(\"", read);
        collect_names(text_of(entry.path()), "environment_variable(\"", read);
    }
    std::set<std::string> documented;
    const std::string page = text_of(std::string(VT_SOURCE_DIR) + "/docs/configuration.md");
    ASSERT_NE(page.find("\n## Variables\n"), std::string::npos);
    for (const std::string& line : lines_of(page.substr(page.find("\n## Variables\n")))) {
        if (line.starts_with("| `")) collect_names(line.substr(0, line.find('|', 2)), "`", documented);
    }
    EXPECT_EQ(read, documented);
}

TEST(Config, SaysWhereAValueComesFrom) {
    const auto loaded = load({.file_name = "v.toml",
                              .file_text = "[server]\nport = 1\nmonitoring_port = 2\n",
                              .environment = {{"APP_PORT", "3"}, {"DEBUG", "1"}},
                              .flags = {{"demo.seed", "4"}}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    EXPECT_EQ(loaded->origins.at("server.port"), "APP_PORT");
    EXPECT_EQ(loaded->origins.at("server.monitoring_port"), "v.toml:3");
    EXPECT_EQ(loaded->origins.at("log.level"), "DEBUG");
    EXPECT_EQ(loaded->origins.at("demo.seed"), "");
    EXPECT_FALSE(loaded->origins.contains("demo.port"));
}

TEST(Config, ChangesOfSecretsAreSeenAndTheirValuesNever) {
    const auto with = [](const std::string& password) {
        return load({.file_name = "v.toml",
                     .file_text = "[influxdb]\ntoken = \"" + password +
                                  "\"\n[network]\nproxy = \"http://u:" + password +
                                  "@h:1\"\n[records]\ndatabase_url = \"postgresql://u:" + password + "@h/n\"\n",
                     .environment = {},
                     .flags = {}})
            ->config;
    };
    const Config before = with("canary1");
    EXPECT_EQ(changed_keys(before, with("canary2")),
              (std::vector<std::string>{"network.proxy", "records.database_url", "influxdb.token"}));
    EXPECT_TRUE(changed_keys(before, with("canary1")).empty());
    for (const Knob& knob : knobs())
        EXPECT_EQ(value_text(before, knob.key)->find("canary"), std::string::npos) << knob.key;
}

TEST(Config, TextsAreShownAsTheyWouldStandInAFile) {
    const auto loaded = load({.file_name = "v.toml",
                              .file_text = "[machine_learning]\nmodel = 'C:\\a \"b\"'\n",
                              .environment = {},
                              .flags = {}});
    EXPECT_EQ(*value_text(loaded->config, "machine_learning.model"), R"("C:\\a \"b\"")");
}

TEST(Config, FlagBeatsEnvironmentBeatsFile) {
    Inputs inputs{.file_name = "v.toml",
                  .file_text = "[server]\nport = 1\nmonitoring_port = 2\n",
                  .environment = {{"APP_PORT", "3"}},
                  .flags = {}};
    auto loaded = load(inputs);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->config.server.port, 3);
    EXPECT_EQ(loaded->config.server.monitoring_port, 2);
    EXPECT_EQ(loaded->sources.at("server.port"), Source::environment);
    inputs.flags["server.port"] = "4";
    loaded = load(inputs);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->config.server.port, 4);
    EXPECT_EQ(loaded->sources.at("server.port"), Source::flag);
}

TEST(Config, UnknownKeyNamesFileLineAndSuggestion) {
    EXPECT_EQ(
        failure(
            {.file_name = "v.toml", .file_text = "[server]\nport = 1\nprot = 2\n", .environment = {}, .flags = {}}),
        "v.toml:3: unknown key 'server.prot'; did you mean 'server.port'?");
}

TEST(Config, WeightsThatDoNotAddUpAreRefusedWithTheRemedy) {
    const auto of = [](const std::string& text) {
        return failure({.file_name = "v.toml", .file_text = text, .environment = {}, .flags = {}});
    };
    EXPECT_EQ(
        of("[weights.btc]\norder_flow = 0.5\n"),
        "v.toml:2: weights.btc adds up to 1.25, not to 1; the same shares that do are: order_flow 0.4, sentiment "
        "0.2, liquidity 0.2, smart_money 0.2");
    EXPECT_EQ(of("[weights.btc]\norder_flow = 0.4\nsentiment = 0.2\nliquidity = 0.2\nsmart_money = 0.2\n"),
              "(accepted)");
    EXPECT_EQ(of("[weights.btc]\norder_flow = -0.25\n"),
              "v.toml:2: weights.btc.order_flow must be a number from 0 to 1");
    EXPECT_NE(
        failure({.file_name = "", .file_text = {}, .environment = {}, .flags = {{"weights.alt.sentiment", "1"}}})
            .find("weights.alt adds up to 1.8"),
        std::string::npos);
}

TEST(Config, WeightsOfAnUnknownDimensionOrOfAComponentAreRefused) {
    const auto of = [](const std::string& text) {
        return failure({.file_name = "v.toml", .file_text = text, .environment = {}, .flags = {}});
    };
    EXPECT_EQ(of("[weights.btc]\nbitcoin_beta = 0.1\n"),
              "v.toml:2: unknown key 'weights.btc.bitcoin_beta'; weights.btc weighs the dimensions order_flow, "
              "sentiment, liquidity, smart_money, and no components");
    EXPECT_NE(of("[weights.alt.order_flow]\ntrade_imbalance = 0.3\n").find("v.toml:2: unknown key"),
              std::string::npos);
    EXPECT_NE(of("[weights.moon]\norder_flow = 1\n").find("v.toml:2: unknown key 'weights.moon.order_flow'; did you"),
              std::string::npos);
}

TEST(Config, WeightsWeighTheSameInEveryRegime) {
    const auto loaded = load({.file_name = "v.toml",
                              .file_text = "[weights]\nversion = \"mine-2\"\n[weights.spot_btc]\norder_flow = 0.5\n"
                                           "liquidity = 0.3\nsmart_money = 0.2\n",
                              .environment = {},
                              .flags = {}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    EXPECT_EQ(loaded->config.weights.version, "mine-2");
    const auto& spot_btc = loaded->config.weights.profiles[6];
    EXPECT_EQ(spot_btc.base[0], 0.5);
    for (const auto& regime : spot_btc.by_regime) EXPECT_EQ(regime, spot_btc.base);
    EXPECT_EQ(loaded->config.weights.profiles[0], confluence::Weights{}.profiles[0]);
}

TEST(Config, SwitchesStandForTheValuesOfKnobs) {
    const auto with = [](std::map<std::string, std::string> environment,
                         std::map<std::string, std::string> flags = {}) {
        return load({.file_name = "v.toml",
                     .file_text = "[bybit]\nrest_url = \"https://api.bybit.nl\"\n",
                     .environment = std::move(environment),
                     .flags = std::move(flags)});
    };
    EXPECT_EQ(with({{"BYBIT_TESTNET", "1"}})->config.bybit.rest_url, "https://api-testnet.bybit.com");
    EXPECT_EQ(with({{"BYBIT_TESTNET", "true"}})->config.bybit.stream_url, "wss://stream-testnet.bybit.com");
    EXPECT_EQ(with({{"BYBIT_TESTNET", "0"}})->config.bybit.rest_url, "https://api.bybit.nl");
    EXPECT_EQ(with({{"BYBIT_TESTNET", "1"}}, {{"bybit.rest_url", "https://localhost:1"}})->config.bybit.rest_url,
              "https://localhost:1")
        << "a flag wins";
    EXPECT_EQ(with({{"DEBUG", "1"}})->config.log.level, "debug");
    EXPECT_EQ(with({{"DEBUG", "0"}})->config.log.level, "info");
    EXPECT_EQ(with({{"BYBIT_TESTNET", "maybe"}}).error().what, "BYBIT_TESTNET must be 1 or 0");
    const auto names = variable_names();
    EXPECT_NE(std::find(names.begin(), names.end(), "BYBIT_TESTNET"), names.end());
    EXPECT_NE(std::find(names.begin(), names.end(), "APP_PORT"), names.end());
}

TEST(Config, RefusesWhatTheVenueDoesNotOffer) {
    const auto of = [](const std::string& text) {
        return failure({.file_name = "v.toml", .file_text = text, .environment = {}, .flags = {}});
    };
    EXPECT_EQ(of("[market]\nbook_depth = 500\n"),
              "v.toml:2: market.book_depth must be 50, 200 or 1000: the venue publishes no other depths");
    EXPECT_EQ(of("[history]\nlimit_share = 1.0\n"),
              "v.toml:2: history.limit_share must be a number from 0.01 to 0.8");
    EXPECT_EQ(of("[history]\nlimit_share = 0.5\n"), "(accepted)");
    EXPECT_EQ(of("[bybit]\ncategories = [\"linear\", \"option\"]\n"),
              "v.toml:2: bybit.categories must be some of \"linear\", \"inverse\" and \"spot\", each once");
    EXPECT_NE(of("[bybit]\ncategories = [\"spot\", \"spot\"]\n"), "(accepted)");
    EXPECT_NE(of("[bybit]\ncategories = []\n"), "(accepted)");
    EXPECT_EQ(of("[bybit]\ncategories = [\"spot\", \"inverse\"]\n"), "(accepted)");
}

TEST(Config, TheCacheIsSetByFileOrByTheUsualVariables) {
    const auto loaded =
        load({.file_name = "v.toml",
              .file_text = "[cache.l1]\nmax_items = 7\n[cache.ttl.scores]\nl3_seconds = 601\n"
                           "[cache.warm]\nzone = \"CET-1CEST,M3.5.0,M10.5.0/3\"\nopen_to = \"17:30\"\n",
              .environment = {{"CACHE_TYPE", "redis"},
                              {"MEMCACHED_HOST", "::1"},
                              {"MEMCACHED_PORT", "11212"},
                              {"REDIS_HOST", "redis.example"},
                              {"REDIS_PORT", "6380"},
                              {"REDIS_PASSWORD", "canary"}},
              .flags = {{"cache.redis.user", "virtuoso"}}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    const Config::Cache& cache = loaded->config.cache;
    EXPECT_EQ(cache.type, "redis");
    EXPECT_EQ(cache.l1.max_items, 7U);
    EXPECT_EQ(cache.memcached.host, "::1");
    EXPECT_EQ(cache.memcached.port, 11212);
    EXPECT_EQ(cache.redis.host, "redis.example");
    EXPECT_EQ(cache.redis.port, 6380);
    EXPECT_EQ(cache.redis.user, "virtuoso");
    EXPECT_EQ(cache.redis.password, "canary");
    EXPECT_EQ(*value_text(loaded->config, "cache.redis.password"), "\"***\"");
    EXPECT_EQ(cache.ttl.ttl(cache::TtlClass::scores, cache::Tier::third, false), std::chrono::seconds{601});
    EXPECT_EQ(cache.warm.schedule.open_to, std::chrono::minutes{17 * 60 + 30});
    EXPECT_EQ(*value_text(loaded->config, "cache.warm.open_to"), "\"17:30\"");
    EXPECT_EQ(*value_text(loaded->config, "cache.ttl.scores.l3_seconds"), "601");
}

TEST(Config, LimitsOfRiskAreReadInTheUnitsOfTheirKeys) {
    const auto loaded = load({.file_name = "v.toml",
                              .file_text = "[risk]\nlatency_max_ms = 250\nvenue_cooldown_seconds = 7\n"
                                           "loss_cooldown_minutes = 30\nposition_max = 1\nleverage_max = 4\n",
                              .environment = {},
                              .flags = {}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    EXPECT_EQ(loaded->config.risk.latency_max, std::chrono::milliseconds{250});
    EXPECT_EQ(loaded->config.risk.venue_cooldown, std::chrono::seconds{7});
    EXPECT_EQ(loaded->config.risk.loss_cooldown, std::chrono::minutes{30});
    EXPECT_EQ(loaded->config.risk.position_max, 1);
    EXPECT_EQ(loaded->config.risk.leverage_max, 4U);
}

TEST(Config, RefusesLimitsOfRiskThatCannotBe) {
    const auto of = [](const std::string& text) {
        return failure({.file_name = "v.toml", .file_text = "[risk]\n" + text, .environment = {}, .flags = {}});
    };
    EXPECT_EQ(of("latency_max_ms = 0\n"), "v.toml:2: risk.latency_max_ms must be a whole number from 1 to 86400000");
    EXPECT_EQ(
        of("position_max = 1.5\n"),
        "[risk]: position_max (1.5) is above cluster_max (1), so that it could never be reached: lower the first "
        "or raise the second");
}

TEST(Config, EveryLimitOfRiskIsInItsManual) {
    const std::string manual = text_of(VT_SOURCE_DIR "/docs/risk.md");
    for (const Knob& knob : knobs()) {
        if (!knob.key.starts_with("risk.")) continue;
        EXPECT_NE(manual.find("`" + std::string(knob.key.substr(5)) + "`"), std::string::npos) << knob.key;
    }
}

TEST(Config, TheSimulatedVenueIsReadInTheUnitsOfItsKeys) {
    const auto loaded = load({.file_name = "v.toml",
                              .file_text = "[paper]\ndeposit = 2500.5\nleverage = 3\nfee_tier = \"vip1\"\n"
                                           "latency_least_ms = 20\nlatency_mean_above_ms = 5\nlatency_most_ms = 90\n"
                                           "report_lag_ms = 1\n",
                              .environment = {},
                              .flags = {}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    const paper::Params& paper = loaded->config.paper;
    EXPECT_EQ(paper.deposit, trading::Money{250'050'000'000});
    EXPECT_EQ(paper.margin.leverage, 3);
    EXPECT_EQ(paper.fees.taker.to_double(), 0.0004);
    EXPECT_EQ(paper.latency.least, std::chrono::milliseconds{20});
    EXPECT_EQ(paper.latency.mean_above, std::chrono::milliseconds{5});
    EXPECT_EQ(paper.latency.most, std::chrono::milliseconds{90});
    EXPECT_EQ(paper.latency.report, std::chrono::milliseconds{1});
    EXPECT_EQ(*value_text(loaded->config, "paper.fee_tier"), "\"vip1\"");
    EXPECT_EQ(*value_text(loaded->config, "paper.deposit"), "2500.5");
}

TEST(Config, RefusesASimulatedVenueThatCannotBe) {
    const auto of = [](const std::string& text) {
        return failure({.file_name = "v.toml", .file_text = "[paper]\n" + text, .environment = {}, .flags = {}});
    };
    EXPECT_EQ(of("deposit = 0\n"), "v.toml:2: paper.deposit must be a number from 1 to 1e+08");
    EXPECT_EQ(of("leverage = 201\n"), "v.toml:2: paper.leverage must be a whole number from 1 to 200");
    EXPECT_EQ(of("fee_tier = \"vip9\"\n"),
              "v.toml:2: paper.fee_tier must be vip0, vip1, vip2, vip3, vip4, vip5, supreme or regular");
    EXPECT_EQ(of("latency_most_ms = 100\n"),
              "paper.latency_least_ms must not lie above paper.latency_most_ms: raise the second");
}

TEST(Config, EveryKnobOfTheSimulatedVenueIsInItsManual) {
    const std::string manual = text_of(VT_SOURCE_DIR "/docs/paper_trading.md");
    for (const Knob& knob : knobs()) {
        if (!knob.key.starts_with("paper.")) continue;
        EXPECT_NE(manual.find("`" + std::string(knob.key.substr(6)) + "`"), std::string::npos) << knob.key;
    }
}

TEST(Config, RefusesACacheThatCannotBe) {
    const auto of = [](const std::string& text) {
        return failure({.file_name = "v.toml", .file_text = text, .environment = {}, .flags = {}});
    };
    EXPECT_EQ(of("[cache]\ntype = \"both\"\n"),
              "v.toml:2: cache.type must be memcached, redis, memory, or empty (the servers whose host is set)");
    EXPECT_EQ(
        of("[cache.redis]\nhost = \"redis.example:6379\"\n"),
        "v.toml:2: cache.redis.host must be a host's name or address without a port, which has a key of its own");
    EXPECT_EQ(of("[cache.redis]\nuser = \"virtuoso\"\n"),
              "v.toml:2: cache.redis.user is set, and its password is not: give it in REDIS_PASSWORD, "
              "REDIS_PASSWORD_FILE or cache.redis.password");
    EXPECT_EQ(of("[cache.redis]\nport = 0\n"), "v.toml:2: cache.redis.port must be a whole number from 1 to 65535");
    EXPECT_EQ(of("[cache.l1]\nmax_items = 0\n"),
              "v.toml:2: cache.l1.max_items must be a whole number from 1 to 10000000");
    EXPECT_EQ(of("[cache.l1]\nmax_item = 1\n"),
              "v.toml:2: unknown key 'cache.l1.max_item'; did you mean 'cache.l1.max_items'?");
    EXPECT_EQ(
        of("[cache.ttl.movers]\nl1_seconds = 60\n"),
        "v.toml:2: cache.ttl.movers must not become shorter from l1_seconds to l2_seconds to l3_seconds: a nearer "
        "tier's copy ends with the one that it was made from");
    EXPECT_EQ(of("[cache.warm]\nopen_from = \"9:30\"\n"),
              "v.toml:2: cache.warm.open_from must be a time of day like \"09:30\", to \"24:00\"");
    EXPECT_NE(of("[cache.warm]\nopen_from = \"24:01\"\n"), "(accepted)");
    EXPECT_EQ(
        of("[cache.warm]\nopen_from = \"16:30\"\n"),
        "v.toml:2: the times of cache.warm must be in the order before_from, open_from, open_to, after_to; for New "
        "York 04:00, 09:30, 16:00, 20:00");
    EXPECT_NE(of("[cache.warm]\nzone = \"Mars/Olympus\"\n")
                  .find("v.toml:2: cache.warm.zone must be a time zone: there is "
                        "no time zone 'Mars/Olympus'"),
              std::string::npos);
    EXPECT_EQ(failure({.file_name = "", .file_text = {}, .environment = {{"REDIS_PORT", "x"}}, .flags = {}}),
              "REDIS_PORT = 'x': must be a whole number from 1 to 65535");
}

TEST(Config, ACertificateHasItsKeyAndAProxyIsAnAddress) {
    const auto of = [](const char* text) {
        return failure({.file_name = "v.toml", .file_text = text, .environment = {}, .flags = {}});
    };
    EXPECT_NE(of("[server]\ntls_certificate_file = \"a.pem\"\n").find("belong together"), std::string::npos);
    EXPECT_EQ(of("[server]\ntrusted_proxies = [\"proxy.example\"]\n"),
              "v.toml:2: server.trusted_proxies must be a list of numeric addresses");
    EXPECT_EQ(of("[auth]\nanonymous_read = \"everybody\"\n"),
              "v.toml:2: auth.anonymous_read must be loopback, never or always");
    const auto loaded = load({.file_name = "v.toml",
                              .file_text = "[server]\nhost = \"::\"\ntrusted_proxies = [\"127.0.0.1\", \"::1\"]\n",
                              .environment = {},
                              .flags = {}});
    ASSERT_TRUE(loaded.has_value()) << loaded.error().what;
    EXPECT_EQ(loaded->config.server.trusted_proxies.size(), 2U);
    EXPECT_FALSE(loaded->config.server.allow_insecure_http);
}

TEST(Config, RefusesWrongKindsAndRanges) {
    EXPECT_EQ(
        failure({.file_name = "v.toml", .file_text = "[server]\nport = \"x\"\n", .environment = {}, .flags = {}}),
        "v.toml:2: server.port must be a whole number from 0 to 65535");
    EXPECT_EQ(failure({.file_name = "v.toml",
                       .file_text = "[server]\nhost = \"example.com\"\n",
                       .environment = {},
                       .flags = {}}),
              "v.toml:2: server.host must be a numeric address, or localhost");
    EXPECT_NE(
        failure({.file_name = "v.toml", .file_text = "[market]\nbook_depth = 500\n", .environment = {}, .flags = {}})
            .find("50, 200 or 1000"),
        std::string::npos);
    EXPECT_EQ(failure({.file_name = "", .file_text = {}, .environment = {{"APP_PORT", "99999"}}, .flags = {}}),
              "APP_PORT = '99999': must be a whole number from 0 to 65535");
    EXPECT_NE(
        failure({.file_name = "v.toml", .file_text = "[server\n", .environment = {}, .flags = {}}).find("v.toml:1"),
        std::string::npos);
}

TEST(Config, ListsComeFromFilesAndFlags) {
    const auto loaded = load({.file_name = "v.toml",
                              .file_text = "[market]\nsymbols = [\"BTCUSDT\"]\n",
                              .environment = {},
                              .flags = {{"market.deep_symbols", "BTCUSDT,SOLUSDT"}}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    EXPECT_EQ(loaded->config.market.symbols, std::vector<std::string>{"BTCUSDT"});
    EXPECT_EQ(loaded->config.market.deep_symbols, (std::vector<std::string>{"BTCUSDT", "SOLUSDT"}));
}

TEST(Config, TheRouteIsTheVenuesOwnOrTheNetworks) {
    Inputs inputs{.file_name = "v.toml",
                  .file_text = "[network]\nlocal_address = \"192.0.2.9\"\n",
                  .environment = {{"ALL_PROXY", "socks5://u:hidden@all:1080"}},
                  .flags = {}};
    auto loaded = load(inputs);
    ASSERT_TRUE(loaded) << loaded.error().what;
    auto route = route_of(loaded->config, "", "");
    ASSERT_TRUE(route);
    EXPECT_EQ(route->proxy->host, "all");
    EXPECT_EQ(route->local_address, "192.0.2.9");
    EXPECT_EQ(*value_text(loaded->config, "network.all_proxy"), "\"socks5://u:***@all:1080\"");
    inputs.environment["HTTPS_PROXY"] = "http://https:3128";
    loaded = load(inputs);
    EXPECT_EQ(route_of(loaded->config, "", "")->proxy->host, "https");
    EXPECT_EQ(route_of(loaded->config, "http://own:1", "192.0.2.1")->proxy->host, "own");
    EXPECT_EQ(route_of(loaded->config, "http://own:1", "192.0.2.1")->local_address, "192.0.2.1");
    EXPECT_FALSE(route_of(loaded->config, "direct", "")->proxy);
    inputs.environment["HTTPS_PROXY"] = "ftp://u:hidden@h:1";
    const std::string refused = failure(inputs);
    EXPECT_NE(refused.find("HTTPS_PROXY"), std::string::npos) << refused;
    EXPECT_EQ(refused.find("hidden"), std::string::npos) << refused;
}

}  // namespace vt::config
