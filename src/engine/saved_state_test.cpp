#include "engine/saved_state.hpp"

#include <gtest/gtest.h>

namespace vt::engine {

TEST(SavedState, JoinsAndSplits) {
    std::string document;
    join_saved_states({{"bybit-linear-BTCUSDT", std::string("\0\1\2", 3)}, {"bybit-linear-ETHUSDT", ""}}, document);
    const auto states = split_saved_state(document);
    ASSERT_TRUE(states);
    EXPECT_EQ(states->size(), 2U);
    EXPECT_EQ(states->at("bybit-linear-BTCUSDT"), std::string("\0\1\2", 3));
    EXPECT_EQ(states->at("bybit-linear-ETHUSDT"), "");
}

TEST(SavedState, PartsHoldOneInstrumentEach) {
    std::string document;
    join_saved_states({{"a", "1"}, {"b", "22"}}, document);
    const auto parts = saved_state_parts(document);
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ(split_saved_state((*parts)[0])->at("a"), "1");
    EXPECT_EQ(split_saved_state((*parts)[1])->at("b"), "22");
    EXPECT_FALSE(saved_state_parts("x"));
}

TEST(SavedState, RefusesAForeignOrShortDocument) {
    EXPECT_EQ(split_saved_state("PK\3\4").error().code, Errc::unsupported);
    std::string document;
    join_saved_states({{"bybit-linear-BTCUSDT", "bytes"}}, document);
    for (std::size_t cut = 5; cut < document.size(); ++cut) {
        EXPECT_EQ(split_saved_state(std::string_view(document).substr(0, cut)).error().code, Errc::malformed) << cut;
    }
}

}  // namespace vt::engine
