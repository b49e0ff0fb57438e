#include "login/password.hpp"

#include "login/common_passwords.hpp"
#include "login/password_hashing.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

namespace vt::login {
namespace {

constexpr HashCost kCheap{.passes = 1, .memory_bytes = 8 << 10};

TEST(Password, TheReferencesVectorIsVerified) {
    // From the reference implementation's src/test.c: argon2id, version 19, "password", "somesalt".
    constexpr const char* kVector =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    EXPECT_TRUE(verify_password(kVector, "password"));
    EXPECT_FALSE(verify_password(kVector, "passwore"));
}

TEST(Password, AHashIsArgon2idOfTheDefaultCost) {
    const auto phc = hash_password("correct horse battery", {});
    ASSERT_TRUE(phc.has_value());
    EXPECT_TRUE(phc->starts_with("$argon2id$v=19$m=65536,t=3,p=1$")) << *phc;
    EXPECT_TRUE(verify_password(*phc, "correct horse battery"));
    EXPECT_TRUE(has_cost(*phc, {}));
    EXPECT_FALSE(has_cost(*phc, kCheap));
}

TEST(Password, EachHashHasASaltOfItsOwn) {
    EXPECT_NE(*hash_password("correct horse battery", kCheap), *hash_password("correct horse battery", kCheap));
}

TEST(Password, NobodyIsOfTheSameCostAndIsNobody) {
    EXPECT_TRUE(has_cost(nobody({}), {})) << "else the time of an answer would say whether there is such a user";
    EXPECT_FALSE(verify_password(nobody(kCheap), ""));
    EXPECT_FALSE(verify_password("", "x"));
    EXPECT_FALSE(verify_password(std::string(4000, '$'), "x"));
}

TEST(Password, TheRules) {
    EXPECT_TRUE(check_password("correct horse", "ann").has_value());
    EXPECT_TRUE(check_password("a sparrow with 3 wings", "ann").has_value());
    EXPECT_TRUE(check_password("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F-katze-12", "ann").has_value());
    const auto refused = [](std::string_view password, std::string_view part) {
        const auto checked = check_password(password, "annabella");
        EXPECT_FALSE(checked.has_value()) << password;
        if (!checked) {
            EXPECT_NE(checked.error().what.find(part), std::string::npos) << checked.error().what;
        }
    };
    refused("", "at least 12");
    refused("elevenchars", "at least 12");
    refused("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC", "at least 12");
    refused("1qaz2wsx3edc", "commonest");
    refused("1QAZ2WSX3edc", "commonest");
    refused("ababababababab", "three characters");
    refused("Annabella1234", "user's name");
    refused(std::string(1025, 'x'), "at most 1024");
    refused("line\nfeed in it", "control");
    refused("\xFF\xFE not text at all", "UTF-8");
}

TEST(Password, CommonOnesAreFound) {
    EXPECT_TRUE(is_common("justinbieber"));
    EXPECT_FALSE(is_common("justinbiebe"));
}

TEST(PasswordHashing, AnswersAndRefusesWhatIsTooMuch) {
    std::vector<std::promise<bool>> answered(3);
    std::promise<std::string> hashed;
    {
        PasswordHashing hashing({.cost = kCheap, .threads = 2, .queue_max = 64});
        hashing.hash(Secret("correct horse"), [&](Result<std::string> phc) { hashed.set_value(phc.value_or("")); });
        const std::string phc = hashed.get_future().get();
        const auto set = [&](std::size_t i) {
            return [&answered, i](Result<bool> right) { answered[i].set_value(right.value_or(false)); };
        };
        hashing.compare(phc, Secret("correct horse"), set(0));
        hashing.compare(phc, Secret("wrong horse"), set(1));
        hashing.compare("", Secret("correct horse"), set(2));
        EXPECT_TRUE(answered[0].get_future().get());
        EXPECT_FALSE(answered[1].get_future().get());
        EXPECT_FALSE(answered[2].get_future().get());
    }
    PasswordHashing full({.cost = kCheap, .threads = 1, .queue_max = 0});
    bool was_refused = false;
    full.hash(Secret("correct horse"),
              [&](const Result<std::string>& phc) { was_refused = phc.error().code == Errc::unavailable; });
    EXPECT_TRUE(was_refused);
}

}  // namespace
}  // namespace vt::login
