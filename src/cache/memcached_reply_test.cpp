#include "cache/memcached_reply.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::cache {
namespace {

constexpr std::size_t kMax = 1'000;

Result<std::optional<MemcachedGot>> got(std::string_view bytes) { return read_get_reply(bytes, "vt:1:abc", kMax); }

TEST(MemcachedReply, ReadsAValueAsSoonAsItIsWholeAndNotBefore) {
    const std::string value = std::string("one\r\nEND\r\n") + '\0' + "two";  // 14 bytes that look like an end
    const std::string whole = "VALUE vt:1:abc 0 14\r\n" + value + "\r\nEND\r\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto part = got(std::string_view(whole).substr(0, size));
        ASSERT_TRUE(part) << size << ": " << part.error().what;
        EXPECT_FALSE(*part) << size;
    }
    const auto reply = got(whole);
    ASSERT_TRUE(reply && *reply);
    EXPECT_EQ((*reply)->value, value);
    EXPECT_EQ(got(whole + "x").error().code, Errc::malformed);
}

TEST(MemcachedReply, KnowsThatThereIsNothing) {
    ASSERT_TRUE(got("END\r\n") && *got("END\r\n"));
    EXPECT_EQ((*got("END\r\n"))->value, std::nullopt);
    EXPECT_EQ((*got("VALUE vt:1:abc 7 0\r\n\r\nEND\r\n"))->value, "");
}

TEST(MemcachedReply, RefusesWhatIsNotTheReply) {
    for (const std::string_view bytes :
         {"END\r\nEND\r\n", "VALUE vt:1:abd 0 1\r\nx\r\nEND\r\n", "VALUE vt:1:abcd 0 1\r\nx\r\nEND\r\n",
          "VALUE vt:1:abc\r\n", "VALUE vt:1:abc 0\r\n", "VALUE vt:1:abc 0 -1\r\n", "VALUE vt:1:abc 0 1 5 \r\n",
          "VALUE vt:1:abc 0 1001\r\n", "VALUE vt:1:abc 0 99999999999999999999\r\n",
          "VALUE vt:1:abc 0 1\r\nxy\r\nEND\r\n", "VALUE vt:1:abc 0 1\r\nx\r\nVALUE", "STORED\r\n", "ERROR\r\n",
          "CLIENT_ERROR bad\r\n", "\r\n", "$-1\r\n"}) {
        const auto reply = got(bytes);
        ASSERT_FALSE(reply) << bytes;
        EXPECT_EQ(reply.error().code, Errc::malformed) << bytes;
    }
    EXPECT_EQ(got(std::string(1'024, 'x')).error().code, Errc::malformed);
    EXPECT_EQ(got("SERVER_ERROR out of memory\r\n").error().code, Errc::refused);
}

TEST(MemcachedReply, ReadsTheLineOfAWrite) {
    for (const std::string_view line : {"STORED\r\n", "DELETED\r\n", "NOT_FOUND\r\n"}) {
        for (std::size_t size = 0; size < line.size(); ++size)
            EXPECT_FALSE(read_status_reply(line.substr(0, size)).value());
        EXPECT_TRUE(read_status_reply(line).value());
    }
    for (const std::string_view line : {"NOT_STORED\r\n", "SERVER_ERROR object too large for cache\r\n"})
        EXPECT_EQ(read_status_reply(line).error().code, Errc::refused);
    for (const std::string_view line : {"STORED\r\nSTORED\r\n", "stored\r\n", "END\r\n", "ERROR\r\n"})
        EXPECT_EQ(read_status_reply(line).error().code, Errc::malformed);
}

}  // namespace
}  // namespace vt::cache
