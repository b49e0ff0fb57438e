#include "config/file_text.hpp"

#include "config/config.hpp"
#include "config/default_file.hpp"

#include <gtest/gtest.h>

namespace vt::config {
namespace {

std::string changed(const std::string& text, const FileChanges& changes) {
    const auto made = with_changes(text, changes);
    return made ? *made : "(" + made.error().what + ")";
}

constexpr const char* kSecretText =
    "# é: the proxy is http://me:canary1@old.example:1, and # token = \"canary2\"\n"
    "[network]\n"
    "proxy = \"http://me:canary3@proxy.example:3128\"  # INFLUXDB_TOKEN=canary4\n"
    "[influxdb]\n"
    "token = \"canary5#canary6\" # a comment\n"
    "org = \"a # in a text\"\n"
    "[records]\n"
    "database_url = \"postgresql://me:canary7@db.example/name\"\n";

}  // namespace

TEST(ConfigFileText, IsShownWithoutItsSecrets) {
    const auto shown = redacted_text(kSecretText);
    ASSERT_TRUE(shown) << shown.error().what;
    EXPECT_EQ(*shown,
              "# é: the proxy is http://me:***@old.example:1, and # token = ***\n"
              "[network]\n"
              "proxy = \"http://me:***@proxy.example:3128\"  # INFLUXDB_TOKEN=***\n"
              "[influxdb]\n"
              "token = \"***\" # a comment\n"
              "org = \"a # in a text\"\n"
              "[records]\n"
              "database_url = \"postgresql://me:***@db.example/name\"\n");
    EXPECT_EQ(redacted_text(*shown), *shown);
    EXPECT_EQ(*redacted_text("[influxdb]\ntoken = 5\n[network]\nproxy = \"no canary proxy\"\n"),
              "[influxdb]\ntoken = \"***\"\n[network]\nproxy = \"***\"\n")
        << "what is no value of the key may still be a secret";
    EXPECT_FALSE(redacted_text("[influxdb\ntoken = \"x\"\n"));
    EXPECT_EQ(*redacted_text(default_file()), default_file()) << "there is none in the default file";
}

TEST(ConfigFileText, WhatWasShownComesBackWithItsSecrets) {
    std::string edited = *redacted_text(kSecretText);
    edited.replace(edited.find("\"a # in a text\""), 15, "\"other\"");
    const auto back = with_secrets_of(edited, kSecretText);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_NE(back->find("token = \"canary5#canary6\" # a comment\norg = \"other\""), std::string::npos) << *back;
    EXPECT_NE(back->find("http://me:canary3@proxy.example:3128"), std::string::npos) << *back;
    EXPECT_NE(back->find("postgresql://me:canary7@db.example/name"), std::string::npos) << *back;
    EXPECT_EQ(*with_secrets_of("[influxdb]\ntoken = \"new\"\n", kSecretText), "[influxdb]\ntoken = \"new\"\n");
    // To another host a password does not go along.
    const auto moved = with_secrets_of("[network]\nproxy = \"http://me:***@evil.example:1\"\n", kSecretText);
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().what.find("canary"), std::string::npos);
    EXPECT_NE(moved.error().what.find("network.proxy is \"***\", which stands for"), std::string::npos);
    EXPECT_FALSE(with_secrets_of("[influxdb]\ntoken = \"***\"\n", "[server]\nport = 1\n"));
}

TEST(ConfigFileText, AChangeLeavesTheRestAsItWas) {
    const std::string text =
        "# head\n[server] # s\nport = 1 # p\nallowed_hosts = [\"a\",\n  \"b\"] # h\n\n[market]\n";
    EXPECT_EQ(changed(text, {{"server.port", "22"}}),
              "# head\n[server] # s\nport = 22 # p\nallowed_hosts = [\"a\",\n  \"b\"] # h\n\n[market]\n");
    EXPECT_EQ(changed(text, {{"server.allowed_hosts", "[]"}}),
              "# head\n[server] # s\nport = 1 # p\nallowed_hosts = [] # h\n\n[market]\n");
    EXPECT_EQ(changed(text, {{"server.allowed_hosts", std::nullopt}}),
              "# head\n[server] # s\nport = 1 # p\n\n[market]\n");
    EXPECT_EQ(
        changed(text, {{"server.monitoring_port", "5"}, {"market.top_symbols", "7"}}),
        "# head\n[server] # s\nmonitoring_port = 5\nport = 1 # p\nallowed_hosts = [\"a\",\n  \"b\"] # h\n\n[market]\n"
        "top_symbols = 7\n");
    EXPECT_EQ(changed(text, {{"log.level", "\"debug\""}}), text + "\n[log]\nlevel = \"debug\"\n");
    EXPECT_EQ(changed("", {{"log.level", "\"debug\""}}), "[log]\nlevel = \"debug\"\n");
    EXPECT_EQ(changed("[log]", {{"log.level", "\"debug\""}}), "[log]\nlevel = \"debug\"\n");
    EXPECT_EQ(changed("[log]\n", {{"log.level", std::nullopt}}), "[log]\n") << "it is not there";
}

TEST(ConfigFileText, WhatOnlyAHandCanChangeIsRefused) {
    EXPECT_EQ(changed("log = {level = \"info\"}\n", {{"log.level", std::nullopt}}), "")
        << "nothing else is in the line";
    EXPECT_NE(changed("server = {port = 1, monitoring_port = 2}\n", {{"server.port", std::nullopt}})
                  .find("(server.port stands in the file in a way that only an editor can change"),
              std::string::npos);
    EXPECT_NE(changed("server = {port = 1}\n", {{"server.monitoring_port", "3"}}).find("only an editor"),
              std::string::npos);
    EXPECT_NE(changed("[a\n", {{"log.level", "1"}}).find("line 1"), std::string::npos);
    EXPECT_NE(changed("", {{"log.level", "1\nx = 2"}}).find("only an editor"), std::string::npos)
        << "a value is one value";
}

TEST(ConfigFileText, EveryKnobOfTheFirstFileCanBeChanged) {
    std::string text = first_file();
    for (const Knob& knob : knobs()) {
        const auto made = with_changes(text, {{std::string(knob.key), *value_text(Config{}, knob.key)}});
        ASSERT_TRUE(made) << knob.key << ": " << made.error().what;
        text = *made;
    }
    const auto loaded = load({.file_name = "v.toml", .file_text = text, .environment = {}, .flags = {}});
    ASSERT_TRUE(loaded) << loaded.error().what;
    for (const Knob& knob : knobs()) EXPECT_EQ(loaded->sources.at(std::string(knob.key)), Source::file) << knob.key;
    EXPECT_TRUE(changed_keys({}, loaded->config).empty());
}

}  // namespace vt::config
