#include "login/totp.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::login {
namespace {

const std::string kRfcKey = "12345678901234567890";

Timestamp at_second(std::int64_t second) { return from_ms(second * 1000); }

TEST(Totp, TheVectorsOfTheRfc) {
    // RFC 6238, appendix B, SHA-1.
    const std::pair<std::int64_t, const char*> vectors[] = {{59, "94287082"},         {1111111109, "07081804"},
                                                            {1111111111, "14050471"}, {1234567890, "89005924"},
                                                            {2000000000, "69279037"}, {20000000000, "65353130"}};
    for (const auto& [second, code] : vectors)
        EXPECT_EQ(totp_code(kRfcKey, second / kTotpStepSeconds, 8), code) << second;
    EXPECT_EQ(totp_code(kRfcKey, totp_step(at_second(59))), "287082");
}

TEST(Totp, ACodeIsTakenOneStepOffAndNotTwo) {
    const Timestamp now = at_second(1111111111);
    const std::int64_t step = totp_step(now);
    for (std::int64_t off = -2; off <= 2; ++off) {
        const auto accepted = accept_totp(kRfcKey, totp_code(kRfcKey, step + off), now, 0);
        EXPECT_EQ(accepted.has_value(), off >= -1 && off <= 1) << off;
        if (accepted) {
            EXPECT_EQ(*accepted, step + off);
        }
    }
}

TEST(Totp, ACodeIsNotTakenAgain) {
    const Timestamp now = at_second(1111111111);
    const auto first = accept_totp(kRfcKey, totp_code(kRfcKey, totp_step(now)), now, 0);
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(accept_totp(kRfcKey, totp_code(kRfcKey, *first), now, *first).has_value());
    EXPECT_FALSE(accept_totp(kRfcKey, totp_code(kRfcKey, *first - 1), now, *first).has_value()) << "nor one before";
    EXPECT_FALSE(accept_totp(kRfcKey, "", now, 0).has_value());
}

TEST(Totp, Base32OfTheRfc) {
    // RFC 4648, 10, without the padding.
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "MY"},
                                                           {"fo", "MZXQ"},
                                                           {"foo", "MZXW6"},
                                                           {"foob", "MZXW6YQ"},
                                                           {"fooba", "MZXW6YTB"},
                                                           {"foobar", "MZXW6YTBOI"}};
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(base32(bytes), text);
        EXPECT_EQ(from_base32(text), bytes);
    }
    EXPECT_EQ(from_base32("mzxw 6ytb oi======"), "foobar");
    EXPECT_FALSE(from_base32("MZX1").has_value());
}

}  // namespace
}  // namespace vt::login
