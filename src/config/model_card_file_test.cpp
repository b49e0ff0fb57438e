#include "config/model_card_file.hpp"

#include <gtest/gtest.h>

namespace vt::config {
namespace {

using analysis::machine_learning::known_features;
using analysis::machine_learning::schema_of;

std::string card(const std::string& features, const std::string& schema, const std::string& rest) {
    return "name = \"ridge-1\"\nschema = \"" + schema + "\"\nfeatures = [" + features + "]\n" + rest;
}
const std::string kFitting = schema_of({"tfi_1m", "ofi_norm_1m"});
const std::string kRest = "lookback_minutes = 60\nbase_log_odds = -0.2\nscale = 0.25\n";

std::string refusal(const std::string& text) {
    const auto read = read_model_card("m.toml", text);
    return read ? "(accepted)" : read.error().what;
}

}  // namespace

TEST(ModelCard, ACardThatFitsIsRead) {
    const auto read = read_model_card("m.toml", card(R"("tfi_1m", "ofi_norm_1m")", kFitting, kRest));
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->features, (std::vector<std::string>{"tfi_1m", "ofi_norm_1m"}));
    EXPECT_EQ(read->lookback_minutes, 60);
    EXPECT_EQ(read->base_log_odds, -0.2);
    EXPECT_EQ(read->scale, 0.25);
}

TEST(ModelCard, AWrongSchemaIsRefusedWithFileLineAndRemedy) {
    const std::string other = schema_of({"ofi_norm_1m", "tfi_1m"});
    EXPECT_EQ(refusal(card(R"("tfi_1m", "ofi_norm_1m")", other, kRest)),
              "m.toml:2: schema is '" + other + "', but that of the listed features is " + kFitting +
                  ": the list is not the one the model was trained on; promote the card that training wrote");
}

TEST(ModelCard, AFeatureThatNoRowHasIsRefused) {
    EXPECT_EQ(refusal(card(R"("tfi_1n")", "", kRest)),
              "m.toml:3: features has 'tfi_1n', which no row has; did you mean 'tfi_1m'? Train the model on this "
              "program's rows");
    EXPECT_NE(refusal(card(R"("tfi_1m", "tfi_1m")", "", kRest)).find("twice"), std::string::npos);
    EXPECT_NE(refusal(card("", "", kRest)).find("m.toml:3: features must list"), std::string::npos);
}

TEST(ModelCard, AWindowLongerThanItsHistoryIsRefused) {
    EXPECT_EQ(refusal(card(R"("tfi_1m", "ofi_norm_1m")", kFitting,
                           "lookback_minutes = 1440\nbase_log_odds = 0\nscale = 1\n")),
              "m.toml:4: lookback_minutes is 1440, but 240 closed minutes are kept; train with a window from 1 to "
              "that");
}

TEST(ModelCard, WhatIsMissingOrUnknownOrNoTomlIsRefused) {
    EXPECT_EQ(refusal("name = \"x\"\n"), "m.toml: 'schema' is missing; docs/formats/model_card.md");
    EXPECT_NE(refusal(card(R"("tfi_1m")", "", kRest + "depth = 4\n")).find("m.toml:7: unknown key 'depth'"),
              std::string::npos);
    EXPECT_NE(refusal("name = \n").find("m.toml:1: "), std::string::npos);
    EXPECT_NE(
        refusal(card(R"("tfi_1m", "ofi_norm_1m")", kFitting, "lookback_minutes = 60\nbase_log_odds = 0\nscale = 0\n"))
            .find("m.toml:6: scale must be greater than 0"),
        std::string::npos);
}

TEST(ModelCard, ABaseRateThatIsNoNumberIsNamedAsWhatIsWrong) {
    for (const std::string base : {"nan", "inf", "-inf"}) {
        EXPECT_EQ(
            refusal(card(R"("tfi_1m", "ofi_norm_1m")", kFitting,
                         "lookback_minutes = 60\nbase_log_odds = " + base + "\nscale = 0.25\n")),
            "m.toml:5: base_log_odds must be a number: it is ln(p/(1 - p)) of the base rate p that training found")
            << base;
    }
}

TEST(ModelCard, TheKnownFeaturesAreTheNumbersOfARow) {
    EXPECT_EQ(known_features().front(), "n_trades");
    EXPECT_EQ(known_features().back(), "sigma_1m_bps");
    EXPECT_GT(known_features().size(), 50U);
}

}  // namespace vt::config
