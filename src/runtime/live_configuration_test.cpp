#include "runtime/live_configuration.hpp"

#include "base/json_writer.hpp"
#include "net/prepared_response.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vt::runtime {
namespace {

using api::ConfigurationWish;

constexpr const char* kLiveText =
    "# mine\n[log]\nlevel = \"warn\"\n[server]\nport = 9001\n[influxdb]\ntoken = \"canary1\"\n"
    "[records]\ndatabase_url = \"postgresql://me:canary2@db.example/name\"\n";

class LiveConfigurationTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  ("live-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        write(kLiveText);
        const auto started = load(kLiveText);
        ASSERT_TRUE(started) << started.error().what;
        live_.emplace(
            LiveConfigurationParams{.file = path(),
                                    .load = [this](const auto& text) { return load(text); },
                                    .apply = [this](const config::Config& c) { levels_ += c.log.level + " "; },
                                    .check = [](const config::Config& c) { return checked(c); }},
            *started, 7);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    /// What this program may not use together.
    [[nodiscard]] static Result<void> checked(const config::Config& c) {
        if (c.market.top_symbols < 10 && c.log.format == "json") return fail(Errc::configuration, "few and json");
        return {};
    }
    [[nodiscard]] std::string path() const { return folder_ / "v.toml"; }
    void write(const std::string& text) const { std::ofstream(path()) << text; }
    [[nodiscard]] std::string text() const {
        std::ostringstream out;
        out << std::ifstream(path()).rdbuf();
        return out.str();
    }
    [[nodiscard]] Result<config::Loaded> load(std::optional<std::string> text) const {
        return config::load(
            {.file_name = "v.toml", .file_text = std::move(text), .environment = {{"APP_PORT", "9100"}}});
    }
    api::ConfigurationAnswer ask(api::ConfigurationRequest request) {
        api::ConfigurationAnswer answer = live_->answer(request);
        said_ += answer.text;
        return answer;
    }
    std::string tag() {
        const auto shown = ask({.wish = ConfigurationWish::show});
        return "\"" + net::prepare({.content_type = "application/json", .body = shown.text, .has_etag = true})->etag +
               "\"";
    }
    api::ConfigurationAnswer change(std::string body) {
        return ask({.wish = ConfigurationWish::change, .body = std::move(body), .if_match = tag()});
    }

    std::filesystem::path folder_;
    std::optional<LiveConfiguration> live_;
    std::string levels_;  ///< that were brought into effect
    std::string said_;
};

}  // namespace

TEST_F(LiveConfigurationTest, AChangeIsCheckedWrittenAndTakenUpAsFarAsItCanBe) {
    const auto answer = change(R"({"values": {"log.level": "debug", "market.top_symbols": 7}})");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(
        answer.text,
        R"({"changed":["market.top_symbols","log.level"],"applied":["log.level"],"needs_restart":["market.top_symbols"]})");
    EXPECT_EQ(levels_, "debug ");
    EXPECT_EQ(live_->in_use().market.top_symbols, 30U) << "until the next start";
    EXPECT_TRUE(text().starts_with("# mine\n[log]\nlevel = \"debug\"\n")) << text();
    EXPECT_NE(text().find("canary1"), std::string::npos) << "what was not changed stays";
    // A variable still beats the file: the file changes, the value in use does not.
    EXPECT_EQ(change(R"({"values": {"server.port": null}})").text,
              R"({"changed":[],"applied":[],"needs_restart":["market.top_symbols"]})");
    EXPECT_EQ(text().find("port"), std::string::npos);
}

TEST_F(LiveConfigurationTest, AnUpdateIsNeverLost) {
    const std::string old = tag();
    EXPECT_EQ(ask({.wish = ConfigurationWish::change, .body = R"({"values": {}})"}).status, 428);
    EXPECT_EQ(change(R"({"values": {"log.level": "error"}})").status, 200);
    const auto late =
        ask({.wish = ConfigurationWish::change, .body = R"({"values": {"log.level": "info"}})", .if_match = old});
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(levels_, "error ");
    std::string other = text();  // an editor changes a secret only
    const std::string before = tag();
    other.replace(other.find("canary1"), 7, "canary9");
    write(other);
    EXPECT_NE(tag(), before);
    EXPECT_EQ(ask({.wish = ConfigurationWish::roll_back, .if_match = before}).status, 412);
}

TEST_F(LiveConfigurationTest, WhatIsNotValidChangesNothing) {
    const auto refused = [&](const std::string& body, int status, const std::string& part) {
        const auto answer = change(body);
        EXPECT_EQ(answer.status, status) << body;
        EXPECT_NE(answer.text.find(part), std::string::npos) << body << ": " << answer.text;
    };
    refused("", 400, "send {\"values\"");
    refused("[1]", 400, "send {\"values\"");
    refused(R"({"values": {}, "text": ""})", 400, "nothing else");
    refused(R"({"values": [1]})", 400, "must be an object");
    refused(R"({"values": {"log.levle": "info"}})", 422, "did you mean 'log.level'");
    refused(R"({"values": {"log.level": "loud"}})", 422, "must be debug, info, warn or error");
    refused(R"({"values": {"demo.warm": true}})", 422, "demo.warm must be a number, a text");
    refused(R"({"values": {"market.symbols": ["A", 1]}})", 422, "a list of texts");
    refused(R"({"values": {"demo.seed": "1\n[log]\nlevel=5"}})", 422, "demo.seed must be a whole number");
    refused(R"({"values": {"weights.btc.order_flow": 0.9}})", 422, "adds up to");
    refused(R"({"text": "[server\n"})", 422, "line 1");
    refused(R"({"text": "[server]\nprot = 1\n"})", 422, "did you mean 'server.port'");
    EXPECT_EQ(text(), kLiveText);
    EXPECT_EQ(levels_, "");
    EXPECT_EQ(ask({.wish = ConfigurationWish::history}).text, R"({"versions":[]})");
}

TEST_F(LiveConfigurationTest, SecretsAreWrittenAndNeverRead) {
    EXPECT_EQ(change(R"({"values": {"influxdb.token": "canary3"}})").status, 200);
    EXPECT_NE(text().find("canary3"), std::string::npos);
    EXPECT_EQ(change(R"({"values": {"influxdb.token": "***", "log.level": "info"}})").status, 200)
        << "what is shown of a secret stands for it";
    EXPECT_NE(text().find("token = \"canary3\""), std::string::npos);
    // The whole file, as an editor that was shown it sends it back.
    simdjson::dom::parser parser;
    const std::string shown(parser.parse(ask({.wish = ConfigurationWish::show}).text)["text"].get_string().value());
    EXPECT_NE(shown.find("postgresql://me:***@db.example/name"), std::string::npos) << shown;
    std::string body = shown;
    body.replace(body.find("# mine"), 6, "# ours");
    EXPECT_EQ(change(R"({"text": )" + JsonWriter().value(body).take() + "}").status, 200);
    EXPECT_NE(text().find("# ours"), std::string::npos);
    EXPECT_NE(text().find("canary3"), std::string::npos);
    EXPECT_NE(text().find("me:canary2@db"), std::string::npos);
    EXPECT_EQ(change(R"({"values": {"influxdb.token": null}})").status, 200);
    for (const ConfigurationWish wish :
         {ConfigurationWish::show, ConfigurationWish::schema, ConfigurationWish::diff, ConfigurationWish::history})
        EXPECT_EQ(ask({.wish = wish}).status, 200);
    EXPECT_EQ(ask({.wish = ConfigurationWish::diff, .version = 1}).status, 200);
    EXPECT_EQ(change(R"({"values": {"records.database_url": "nonsense://me:canary4@x"}})").status, 422);
    EXPECT_EQ(said_.find("canary"), std::string::npos);
    EXPECT_NE(said_.find("***"), std::string::npos);
}

TEST_F(LiveConfigurationTest, AVersionIsBroughtBack) {
    EXPECT_EQ(ask({.wish = ConfigurationWish::roll_back}).status, 404) << "none was kept so far";
    change(R"({"values": {"log.level": "error"}})");
    change(R"({"values": {"log.level": "debug"}})");
    EXPECT_EQ(ask({.wish = ConfigurationWish::diff, .version = 1}).text,
              R"({"version":1,"changes":[{"key":"log.level","before":"warn","after":"debug"}]})");
    EXPECT_EQ(ask({.wish = ConfigurationWish::roll_back, .body = R"({"version": 1})"}).text,
              R"({"changed":["log.level"],"applied":["log.level"],"needs_restart":[]})");
    EXPECT_EQ(text(), kLiveText);
    EXPECT_EQ(ask({.wish = ConfigurationWish::roll_back, .body = "{}"}).status, 200);
    EXPECT_EQ(levels_, "error debug warn debug ");
    EXPECT_EQ(ask({.wish = ConfigurationWish::roll_back, .body = R"({"version": 99})"}).status, 404);
    EXPECT_EQ(ask({.wish = ConfigurationWish::roll_back, .body = R"({"version": "x"})"}).status, 400);
}

TEST_F(LiveConfigurationTest, AFileThatWasEditedIsTakenUpOrRefusedWhole) {
    write("[log]\nlevel = \"debug\"\n[market]\ntop_symbols = 5\n");
    auto taken = live_->reload();
    ASSERT_TRUE(taken) << taken.error().what;
    EXPECT_EQ(taken->applied, std::vector<std::string>{"log.level"});
    EXPECT_EQ(taken->needs_restart,
              (std::vector<std::string>{"market.top_symbols", "records.database_url", "influxdb.token"}));
    EXPECT_TRUE(live_->reload()->applied.empty());
    write("[log]\nlevel = \"info\"\n[market]\ntop_symbols = 0\n");
    EXPECT_NE(live_->reload().error().what.find("v.toml:4: market.top_symbols"), std::string::npos);
    EXPECT_EQ(levels_, "debug debug ") << "also where no knob changed: what a named file holds may have";
    simdjson::dom::parser parser;
    const auto shown = ask({.wish = ConfigurationWish::show}).text;
    EXPECT_NE(std::string(parser.parse(shown)["problem"].get_string().value()).find("v.toml:4"), std::string::npos);
}

TEST_F(LiveConfigurationTest, WhatMayNotBeInUseIsRefusedBesideWhatWaitsForARestartToo) {
    const auto both = change(R"({"values": {"market.top_symbols": 5, "log.format": "json"}})");
    EXPECT_EQ(both.status, 422);
    EXPECT_NE(both.text.find("few and json"), std::string::npos);
    EXPECT_EQ(text(), kLiveText);
    EXPECT_EQ(change(R"({"values": {"log.format": "json"}})").status, 200);
    // The file alone would do, but thirty symbols are in use until the next start, and json is taken back at once.
    EXPECT_EQ(change(R"({"values": {"market.top_symbols": 5, "log.format": null}})").status, 200);
    write("[log]\nformat = \"json\"\n[market]\ntop_symbols = 5\n");
    EXPECT_EQ(live_->reload().error().what, "few and json");
    EXPECT_EQ(live_->in_use().log.format, "text");
}

TEST_F(LiveConfigurationTest, TheSchemaHasEveryKeyWithItsKindAndBounds) {
    simdjson::dom::parser parser;
    const auto answer = ask({.wish = ConfigurationWish::schema});
    const auto properties = parser.parse(answer.text)["properties"].get_object().value();
    EXPECT_EQ(properties.size(), config::knobs().size());
    EXPECT_EQ(
        simdjson::minify(properties["market.top_symbols"].value()),
        R"({"type":"integer","description":"how many of the largest symbols by turnover","minimum":1,"maximum":500,"default":30,"x-takes-effect":"restart"})");
    EXPECT_TRUE(properties["influxdb.token"]["writeOnly"].get_bool().value());
    EXPECT_EQ(properties["log.level"]["x-takes-effect"].get_string().value(), "live");
    EXPECT_EQ(properties["market.symbols"]["items"]["type"].get_string().value(), "string");
    EXPECT_EQ(properties["history.limit_share"]["type"].get_string().value(), "number");
}

}  // namespace vt::runtime
