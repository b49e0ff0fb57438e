#include "net/certificate_facts.hpp"

#include "net/certificate.hpp"
#include "net/loop.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace vt::net {
namespace {

constexpr Timestamp kFrom = from_ms(1'700'000'000'000);
constexpr Timestamp kUntil = from_ms(1'750'000'000'000);

TEST(CertificateFacts, NamesDatesAndFingerprintAreRead) {
    const auto made = make_self_signed({.names = {"box.example", "*.lan.example", "192.0.2.7", "2001:db8::1"},
                                        .not_before = kFrom,
                                        .not_after = kUntil});
    ASSERT_TRUE(made);
    const auto facts = read_certificate(made->certificate_pem);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->names, (std::vector<std::string>{"box.example", "*.lan.example", "192.0.2.7", "2001:db8::1"}));
    EXPECT_EQ(facts->not_before, kFrom);
    EXPECT_EQ(facts->not_after, kUntil);
    EXPECT_TRUE(facts->is_self_signed);
    EXPECT_EQ(facts->fingerprint.size(), 95U);
    EXPECT_EQ(facts->fingerprint[2], ':');
    const auto other = make_self_signed({.names = {"box.example"}});
    EXPECT_NE(read_certificate(other->certificate_pem)->fingerprint, facts->fingerprint);
}

TEST(CertificateFacts, ItHoldsForItsNamesOnly) {
    const auto made = make_self_signed({.names = {"box.example", "*.lan.example", "192.0.2.7", "2001:db8::1"}});
    ASSERT_TRUE(made);
    for (const char* name :
         {"box.example", "BOX.example", "a.lan.example", "192.0.2.7", "2001:db8::1", "[2001:db8::1]"})
        EXPECT_TRUE(certificate_holds_for(made->certificate_pem, name)) << name;
    for (const char* name : {"example", "a.b.lan.example", "192.0.2.8", "[2001:db8::2]", ""})
        EXPECT_FALSE(certificate_holds_for(made->certificate_pem, name)) << name;
}

TEST(CertificateFacts, OneOfAnAuthorityIsNotSelfSignedAndRubbishIsNone) {
    const auto authority = make_test_authority();
    const auto leaf = authority->issue();
    EXPECT_FALSE(read_certificate(leaf->certificate_pem)->is_self_signed);
    EXPECT_EQ(read_certificate(leaf->key_pem).error().code, Errc::configuration);
    EXPECT_EQ(read_certificate("").error().code, Errc::configuration);
    EXPECT_FALSE(certificate_holds_for("", "localhost"));
}

}  // namespace
}  // namespace vt::net
