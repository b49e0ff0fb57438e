#include "base/member_codec.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <limits>
#include <string>

namespace vt {
namespace codec_test {

enum class Colour : std::uint8_t { red, green };

struct Inner {
    double number = 0;
    bool is_on = false;
};

struct Outer {
    std::string text;
    std::vector<Inner> inner;
    std::optional<double> maybe;
    std::array<Colour, 2> colours{};
    Timestamp at;
};

template <class I, class A>
requires std::same_as<std::remove_const_t<I>, Inner>
void members(I& inner, A& archive) { archive(inner.number, inner.is_on); }

template <class O, class A>
requires std::same_as<std::remove_const_t<O>, Outer>
void members(O& outer, A& archive) { archive(outer.text, outer.inner, outer.maybe, outer.colours, outer.at); }

constexpr std::uint8_t value_count(Colour /*which*/) { return 2; }

}  // namespace codec_test

namespace {

using codec_test::Colour;
using codec_test::Outer;

std::string bytes_of(const Outer& outer) {
    std::string bytes;
    MemberEncoder encoder(bytes);
    members(outer, encoder);
    return bytes;
}

Outer example() {
    return {.text = "BTC",
            .inner = {{.number = -1.5, .is_on = true}, {.number = 2}},
            .maybe = .25,
            .colours = {Colour::green, Colour::red},
            .at = from_ms(1'700'000'000'123)};
}

TEST(MemberCodec, WhatIsWrittenIsRead) {
    const std::string bytes = bytes_of(example());
    Outer read{.text = "before", .inner = {{}, {}, {}}};
    MemberDecoder decoder(bytes);
    members(read, decoder);
    ASSERT_TRUE(decoder.is_whole());
    EXPECT_EQ(bytes_of(read), bytes);
    EXPECT_EQ(read.inner.size(), 2U) << "what was there before is replaced";
    EXPECT_EQ(read.colours[0], Colour::green);
    EXPECT_EQ(bytes.size(), 4 + 3 + 2 + 2 * 9 + 9 + 2 + 8U);
}

TEST(MemberCodec, CutsAndWhatFollowsAreSeen) {
    const std::string bytes = bytes_of(example());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        Outer read;
        MemberDecoder decoder(std::string_view(bytes).substr(0, cut));
        members(read, decoder);
        EXPECT_FALSE(decoder.is_whole()) << cut;
    }
    Outer read;
    const std::string longer = bytes + "x";
    MemberDecoder decoder(longer);
    members(read, decoder);
    EXPECT_FALSE(decoder.is_whole());
}

TEST(MemberCodec, ImpossibleValuesAreSeen) {
    Outer outer = example();
    outer.maybe = std::numeric_limits<double>::quiet_NaN();
    std::string bytes = bytes_of(outer);
    Outer read;
    MemberDecoder decoder(bytes);
    members(read, decoder);
    EXPECT_FALSE(decoder.is_whole());
    bytes = bytes_of(example());
    bytes[bytes.size() - 9] = 2;  // the second colour
    MemberDecoder other(bytes);
    members(read, other);
    EXPECT_FALSE(other.is_whole());
}

TEST(MemberCodec, ALengthThatTheBytesCannotHoldAllocatesNothingForIt) {
    std::vector<codec_test::Inner> read;
    MemberDecoder decoder("\xFF\xFF");
    decoder(read);
    EXPECT_TRUE(read.empty());
    EXPECT_FALSE(decoder.is_whole());
}

}  // namespace
}  // namespace vt
