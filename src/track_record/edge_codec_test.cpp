#include "track_record/edge_codec.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::track_record {
namespace {

std::vector<StrategyEdge> two_edges() {
    return {{.strategy = "confluence",
             .effective = 412.5,
             .bins = {{.from = 61, .effective = 210, .probability = .25, .low_net_r = -.1}, {.from = 66.5}},
             .symbols = {{.symbol = "bybit-linear-BTCUSDT", .shift = .2}, {.symbol = "bybit-linear-ETHUSDT"}},
             .level = 66.5,
             .decay = {.level = 7, .alarm = 10, .recovery = 5, .is_decayed = true}},
            {.strategy = "lead_lag"}};
}

std::string encoded(const std::vector<StrategyEdge>& edges) {
    std::string bytes;
    encode_edges(edges, bytes);
    return bytes;
}

TEST(EdgeCodec, ReadsBackWhatItWrote) {
    const std::string bytes = encoded(two_edges());
    const auto back = decode_edges(bytes).value();
    EXPECT_EQ(encoded(back), bytes);
    ASSERT_EQ(back.size(), 2U);
    EXPECT_EQ(back[0].bins[0].probability, .25);
    EXPECT_FALSE(back[0].bins[1].low_net_r);
    EXPECT_EQ(back[0].symbols[0].shift, .2);
    EXPECT_EQ(back[0].level, 66.5);
    EXPECT_TRUE(back[0].decay.is_decayed);
    EXPECT_TRUE(back[1].bins.empty());
    EXPECT_TRUE(decode_edges(encoded({})).value().empty()) << "nothing is known: that can be said too";
}

TEST(EdgeCodec, RefusesWhatCannotBeUsed) {
    const std::string whole = encoded(two_edges());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(decode_edges(std::string_view(whole).substr(0, size))) << size;
    EXPECT_EQ(decode_edges(whole + "x").error().code, Errc::malformed);
    std::string other = whole;
    other[0] = 2;
    EXPECT_EQ(decode_edges(other).error().code, Errc::unsupported);
    const auto spoilt = [](auto&& spoil) {
        auto edges = two_edges();
        spoil(edges[0]);
        return decode_edges(encoded(edges));
    };
    EXPECT_TRUE(spoilt([](StrategyEdge&) {}));
    EXPECT_FALSE(spoilt([](StrategyEdge& edge) { edge.bins[1].from = 60; })) << "bins are looked up by order";
    EXPECT_FALSE(spoilt([](StrategyEdge& edge) { edge.symbols[0].symbol = "z"; }));
    EXPECT_FALSE(spoilt([](StrategyEdge& edge) { edge.bins[0].probability = 1; })) << "nothing is certain";
    EXPECT_FALSE(spoilt([](StrategyEdge& edge) { edge.bins[0].probability = 0; }));
}

}  // namespace
}  // namespace vt::track_record
