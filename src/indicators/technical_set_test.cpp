#include "indicators/technical_set.hpp"

#include "base/digest.hpp"
#include "indicators/test_series.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>

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

/// The least that can write and read a state; the real one is above this module.
class Writer {
public:
    static constexpr bool kIsReader = false;
    template <class... T>
    void operator()(T&... values) {
        (put(values), ...);
    }
    std::string bytes;

private:
    template <class T>
    void put(T& value) {
        if constexpr (std::is_arithmetic_v<T>) {
            bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            std::int64_t ns = to_ns(value);
            put(ns);
        } else if constexpr (requires { value.archive(*this); }) {
            value.archive(*this);
        } else if constexpr (requires { value.has_value(); }) {
            bool has = value.has_value();
            put(has);
            if (has) put(*value);
        } else {
            auto size = static_cast<std::uint32_t>(value.size());
            put(size);
            for (std::size_t i = 0; i < size; ++i) put(value[i]);
        }
    }
};

class Reader {
public:
    static constexpr bool kIsReader = true;
    explicit Reader(const std::string& bytes) : bytes_(bytes) {}
    template <class... T>
    void operator()(T&... values) {
        (take(values), ...);
    }
    void fail() { failed = true; }
    [[nodiscard]] bool is_at_end() const { return at_ == bytes_.size(); }
    bool failed = false;

private:
    template <class T>
    void take(T& value) {
        if constexpr (std::is_arithmetic_v<T>) {
            ASSERT_LE(at_ + sizeof value, bytes_.size());
            std::memcpy(&value, bytes_.data() + at_, sizeof value);
            at_ += sizeof value;
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            std::int64_t ns = 0;
            take(ns);
            value = from_ns(ns);
        } else if constexpr (requires { value.archive(*this); }) {
            value.archive(*this);
        } else if constexpr (requires { value.has_value(); }) {
            bool has = false;
            take(has);
            value.reset();
            if (has) take(value.emplace());
        } else {
            std::uint32_t size = 0;
            take(size);
            if constexpr (requires { value.resize(size); }) value.resize(size);
            if constexpr (requires { value.push(value[0]); }) value.clear();
            for (std::size_t i = 0; i < size; ++i) {
                if constexpr (requires { value.push(value[0]); }) {
                    std::remove_cvref_t<decltype(value[0])> one{};
                    take(one);
                    value.push(one);
                } else {
                    take(value[i]);
                }
            }
        }
    }

    const std::string& bytes_;
    std::size_t at_ = 0;
};

TEST(TechnicalSet, NamesAreUniqueAndWarmUpsAreTrue) {
    Prng prng(3, "set");
    const Series series = test::random_series(prng, 300, false);
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
        // The first bar of the series can be without volume, which the bars that count volume leave out.
        EXPECT_EQ(first[static_cast<std::size_t>(field.value)], field.warm_up_bars) << field.name;
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

TEST(TechnicalSet, ASavedStateGoesOn) {
    Prng prng(6, "set");
    for (int round = 0; round < 50; ++round) {
        const Series series = test::random_series(prng, 400, round % 2 == 0);
        const std::size_t cut = prng.below(300);
        TechnicalSet set;
        feed(set, series, 0, cut);
        Writer writer;
        set.archive(writer);
        TechnicalSet restored;
        feed(restored, series, 0, 37);  // what it held is replaced
        Reader reader(writer.bytes);
        restored.archive(reader);
        ASSERT_TRUE(reader.is_at_end());
        ASSERT_FALSE(reader.failed);
        EXPECT_EQ(bits(restored), bits(set));
        for (std::size_t i = cut; i < series.size(); ++i) {
            set.update(series.bars[i]);
            restored.update(series.bars[i]);
            ASSERT_EQ(bits(restored), bits(set)) << "round " << round << " at " << i;
        }
    }
}

TEST(TechnicalSet, AStateOfAnotherLengthIsRefused) {
    Sma written(5);
    for (int i = 0; i < 9; ++i) written.update(i);
    Writer writer;
    written.archive(writer);
    Sma read(7);
    Reader reader(writer.bytes);
    read.archive(reader);
    EXPECT_TRUE(reader.failed);
    for (int i = 0; i < 6; ++i) EXPECT_FALSE(read.update(1));
    EXPECT_EQ(read.update(1), 1);
}

TEST(TechnicalSet, FitsItsBudgetOfMemory) {
    TechnicalSet set;
    Writer writer;
    set.archive(writer);  // windows are there in full length from the beginning
    EXPECT_LT(sizeof set + writer.bytes.size(), 60'000);
    EXPECT_GT(writer.bytes.size(), 10'000);
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
    EXPECT_EQ(digest.hex(), "ad7d07f5885308997603cc891bd61ae7ad917931b9a522cdb2070868a968f92f");
}

}  // namespace
}  // namespace vt::indicators
