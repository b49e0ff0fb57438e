#include "indicators/technical_set.hpp"

#include "base/digest.hpp"
#include "indicators/test_series.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <bit>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace vt::indicators {
namespace {

using test::Series;

/// The bits of all values: absent ones have some of their own.
std::string bits(const TechnicalSet& set) {
    std::string text;
    for (const auto& value : set.values()) {
        const auto word = value ? std::bit_cast<std::uint64_t>(*value) : 0xFFFF'FFFF'FFFF'FFFF;
        text.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    return text;
}

void feed(TechnicalSet& set, const Series& series, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) set.update(series.bars[i]);
}

TEST(TechnicalSet, NamesAreUniqueAndWarmUpsAreTrue) {
    Prng prng(3, "set");
    constexpr Timestamp kMidnight = from_ms(1'700'006'400'000);  // a session begins with the first bar
    const Series series = test::random_series(prng, 500, false, kMidnight);
    TechnicalSet set;
    std::vector<std::uint32_t> first(kTechnicalValueCount);
    for (std::uint32_t i = 0; i < series.size(); ++i) {
        set.update(series.bars[i]);
        for (std::size_t v = 0; v < first.size(); ++v) {
            if (first[v] == 0 && set.values()[v]) first[v] = i + 1;
        }
    }
    std::vector<std::string_view> names;
    for (const TechnicalField& field : technical_fields()) {
        // Some wait for more than bars: a turning point, or to have forgotten the 0 that they began with.
        const bool waits = field.name.starts_with("vwap_anchor") || field.name == "mama" || field.name == "fama";
        const std::uint32_t bars = first[static_cast<std::size_t>(field.value)];
        EXPECT_GE(bars, field.warm_up_bars) << field.name;
        EXPECT_LE(bars, waits ? 200 : field.warm_up_bars) << field.name;
        EXPECT_FALSE(name(field.unit).empty()) << field.name;
        EXPECT_TRUE(std::ranges::find(names, field.name) == names.end()) << field.name;
        names.push_back(field.name);
        EXPECT_TRUE(set[field.value].has_value()) << field.name;
    }
}

TEST(TechnicalSet, ThePageNamesEveryValueWithUnitAndWarmUp) {
    std::ifstream file(std::string(VT_SOURCE_DIR) + "/docs/indicators/technical.md");
    std::stringstream text;
    text << file.rdbuf();
    const std::string page = text.str();
    std::size_t at = 0;
    for (const TechnicalField& field : technical_fields()) {
        const std::string row = "| `" + std::string(field.name) + "` | " + std::string(name(field.unit)) + " | " +
                                std::to_string(field.warm_up_bars) + " |";
        const std::size_t found = page.find(row, at);
        EXPECT_NE(found, std::string::npos) << "docs/indicators/technical.md lacks, or has out of order: " << row;
        if (found != std::string::npos) at = found;
    }
}

TEST(TechnicalSet, ClearedItIsAsNew) {
    Prng prng(4, "set");
    for (int round = 0; round < 100; ++round) {
        const Series before = test::random_series(prng, 1 + prng.below(300), false);
        const Series series = test::random_series(prng, 300, true);
        TechnicalSet used;
        feed(used, before, 0, before.size());
        used.clear();
        TechnicalSet fresh;
        EXPECT_EQ(bits(used), bits(fresh));
        for (const Bar& bar : series.bars) {
            used.update(bar);
            fresh.update(bar);
            ASSERT_EQ(bits(used), bits(fresh)) << "round " << round;
        }
    }
}

/// The value at t is the same whatever comes later, and whatever other sets did in between.
TEST(TechnicalSet, NothingLooksAhead) {
    Prng prng(5, "set");
    for (int round = 0; round < 100; ++round) {
        const Series series = test::random_series(prng, 300, round % 2 == 0);
        TechnicalSet whole;
        std::vector<std::string> rows;
        for (const Bar& bar : series.bars) {
            whole.update(bar);
            rows.push_back(bits(whole));
        }
        const std::size_t cut = 1 + prng.below(299);
        const Series other = test::random_series(prng, 50, false);
        TechnicalSet cut_off;
        for (std::size_t i = 0; i < cut; ++i) {
            cut_off.update(series.bars[i]);
            ASSERT_EQ(bits(cut_off), rows[i]) << "round " << round << " at " << i;
            if (i + 1 != cut / 2) continue;
            TechnicalSet copy = cut_off;  // goes its own way
            feed(copy, other, 0, other.size());
            ASSERT_NE(bits(copy), rows[i]);
        }
        EXPECT_EQ(bits(cut_off), rows[cut - 1]);
    }
}

TEST(TechnicalSet, FitsItsBudgetOfMemory) {
    const auto before = mallinfo2().uordblks;
    const auto set = std::make_unique<TechnicalSet>();
    EXPECT_LT(mallinfo2().uordblks - before, 30'000U);  // 27 kB
    EXPECT_FALSE((*set)[TechnicalValue::sma_20]);
}

/// The same bits in every build: a digest of all values of a generated series.
TEST(TechnicalSet, BitsAreThoseOfEveryBuild) {
    Prng prng(8, "set");
    const Series series = test::random_series(prng, 1000, true);
    TechnicalSet set;
    Digest digest;
    for (const Bar& bar : series.bars) {
        set.update(bar);
        digest.update(bits(set));
    }
    EXPECT_EQ(digest.hex(), "fa9bf1205f09053734344e93ef0e3904f699e7fa3917b89015598b23bde992b7");
}

}  // namespace
}  // namespace vt::indicators
