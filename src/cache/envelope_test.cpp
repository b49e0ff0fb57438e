#include "cache/envelope.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace vt::cache {
namespace {

const Timestamp kNow = from_ms(1'700'000'000'000);
constexpr std::uint32_t kSchema = 3;
const std::string kKey = "/api/symbols/bybit-linear-BTCUSDT/zones?minute=28333333";

Value sample() {
    return {.bytes = shared_bytes(R"({"zones":[],"age_ms":12})"), .made_at = kNow - std::chrono::seconds{7}};
}

TEST(Envelope, GivesBackWhatWasSealed) {
    const auto opened = unseal(seal(kKey, sample(), kSchema), kKey, kSchema, kNow);
    ASSERT_TRUE(opened) << opened.error().what;
    EXPECT_EQ(*opened->bytes, *sample().bytes);
    EXPECT_EQ(opened->made_at, sample().made_at);
}

TEST(Envelope, TellsNothingFromAnEmptyText) {
    const auto absent = unseal(seal(kKey, {.bytes = nullptr, .made_at = kNow}, kSchema), kKey, kSchema, kNow);
    ASSERT_TRUE(absent);
    EXPECT_EQ(absent->bytes, nullptr);
    const auto empty = unseal(seal(kKey, {.bytes = shared_bytes(""), .made_at = kNow}, kSchema), kKey, kSchema, kNow);
    ASSERT_TRUE(empty);
    ASSERT_NE(empty->bytes, nullptr);
    EXPECT_EQ(*empty->bytes, "");
}

TEST(Envelope, RefusesEveryTruncationAndEveryExtraByte) {
    const std::string whole = seal(kKey, sample(), kSchema);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(unseal(std::string_view(whole).substr(0, size), kKey, kSchema, kNow)) << size;
    EXPECT_FALSE(unseal(whole + "x", kKey, kSchema, kNow));
}

TEST(Envelope, RefusesEveryTurnedBit) {
    const std::string whole = seal(kKey, sample(), kSchema);
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string broken = whole;
        broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(unseal(broken, kKey, kSchema, kNow)) << "bit " << bit;
    }
}

TEST(Envelope, RefusesAMillionDamagedReplies) {
    Prng prng(1, "damage");
    const std::string whole = seal(kKey, sample(), kSchema);
    std::string broken;
    std::size_t served = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        broken = whole;
        const std::uint64_t changes = 1 + prng.below(4);
        for (std::uint64_t change = 0; change < changes; ++change)
            broken[prng.below(broken.size())] = static_cast<char>(prng.below(256));
        if (prng.below(4) == 0) broken.resize(prng.below(broken.size()));
        if (prng.below(16) == 0) broken.append(prng.below(64), 'x');
        if (broken != whole && unseal(broken, kKey, kSchema, kNow)) ++served;
    }
    EXPECT_EQ(served, 0U);
}

TEST(Envelope, SaysWhyItRefuses) {
    const std::string whole = seal(kKey, sample(), kSchema);
    EXPECT_EQ(unseal("", kKey, kSchema, kNow).error().code, Errc::malformed);
    EXPECT_EQ(unseal(whole, kKey, kSchema + 1, kNow).error().code, Errc::unsupported);
    EXPECT_EQ(unseal(whole, "another key", kSchema, kNow).error().code, Errc::not_found);
    std::string broken = whole;
    broken.back() ^= 1;
    EXPECT_EQ(unseal(broken, kKey, kSchema, kNow).error().code, Errc::corrupt);
}

TEST(Envelope, BearsASecondBetweenTwoClocksAndNoMore) {
    const auto made_at = [](Nanos ahead) {
        return unseal(seal(kKey, {.bytes = shared_bytes("v"), .made_at = kNow + ahead}, kSchema), kKey, kSchema,
                      kNow);
    };
    const auto near = made_at(std::chrono::seconds{1});
    ASSERT_TRUE(near);
    EXPECT_EQ(near->made_at, kNow);  // nobody's age is negative
    EXPECT_EQ(made_at(std::chrono::seconds{1} + Nanos{1}).error().code, Errc::out_of_range);
}

TEST(WireKey, FitsMemcachedAndHoldsTheSchema) {
    const std::string odd = std::string("a key\r\nwith a break") + '\0' + std::string(1'000, 'x');
    std::set<std::string> seen;
    for (const std::string& key : {kKey, odd, std::string()}) {
        for (const std::uint32_t schema : {1U, 2U}) {
            const std::string place = wire_key(key, schema);
            EXPECT_LE(place.size(), 250U);
            EXPECT_EQ(place.find_first_not_of("vt:0123456789abcdef"), std::string::npos) << place;
            EXPECT_TRUE(seen.insert(place).second);
        }
    }
}

}  // namespace
}  // namespace vt::cache
