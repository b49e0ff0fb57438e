#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace vt {
namespace {

TEST(Bytes, NumbersAreLittleEndian) {
    std::string out;
    append_little_endian<std::uint32_t>(out, 0x01020384U);
    append_little_endian<std::int8_t>(out, -2);
    EXPECT_EQ(out, std::string("\x84\x03\x02\x01\xFE"));
}

TEST(Bytes, ExtremesComeBack) {
    std::string out;
    append_little_endian(out, std::numeric_limits<std::int64_t>::min());
    append_little_endian(out, std::numeric_limits<std::uint64_t>::max());
    append_little_endian(out, std::int32_t{-1});
    ByteReader reader(out);
    EXPECT_EQ(reader.integer<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(reader.integer<std::uint64_t>(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(reader.integer<std::int32_t>(), -1);
    EXPECT_TRUE(reader.is_intact());
    EXPECT_EQ(reader.remaining(), 0U);
}

TEST(Bytes, ReadingBeyondTheEndIsNoticedAndStaysNoticed) {
    ByteReader reader(
        "\x05\x00"
        "abc");
    EXPECT_EQ(reader.text<std::uint16_t>(), "");
    EXPECT_FALSE(reader.is_intact());
    EXPECT_EQ(reader.integer<std::uint8_t>(), 0);
    EXPECT_FALSE(reader.is_intact());
}

TEST(Bytes, ReadsATextBehindItsLength) {
    ByteReader reader(
        std::string_view("\x03\x00"
                         "abcd",
                         6));
    EXPECT_EQ(reader.text<std::uint16_t>(), "abc");
    EXPECT_EQ(reader.remaining(), 1U);
    EXPECT_TRUE(reader.is_intact());
}

}  // namespace
}  // namespace vt
