#include "login/accounts.hpp"

#include "login/totp.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace vt::login {
namespace {

using records::LoginChange;

const Timestamp kNow = from_ms(1'800'000'000'000);

/// Bytes that differ from draw to draw, and are the same in each run.
Random counting() {
    return [n = static_cast<unsigned char>(0)](std::span<unsigned char> bytes) mutable {
        for (unsigned char& byte : bytes) byte = ++n;
    };
}

class AccountsOfTwo : public testing::Test {
protected:
    void SetUp() override {
        accounts.replace({});
        accounts.apply(*accounts.make_user("ann", Role::admin, "phc of ann", kNow));
        accounts.apply(*accounts.make_user("bob", Role::viewer, "phc of bob", kNow));
    }
    std::string log_in(const std::string& user, Timestamp now = kNow) {
        const Issued issued = accounts.begin_session(user, "192.0.2.1", random, now);
        accounts.apply(issued.change);
        return issued.secret;
    }
    Accounts accounts;
    Random random = counting();
};

TEST(Accounts, NobodyIsLetInBeforeWhatIsStoredWasRead) {
    Accounts accounts;
    EXPECT_FALSE(accounts.is_known());
    Random random = counting();
    const Issued issued = accounts.issue_setup(random, kNow);
    accounts.apply(issued.change);
    EXPECT_FALSE(accounts.take_setup(issued.secret, kNow));
    accounts.replace({});
    EXPECT_TRUE(accounts.is_known());
}

TEST(Accounts, TheSetupTokenIsGoodOnceAndForAQuarterOfAnHour) {
    Accounts accounts;
    accounts.replace({});
    Random random = counting();
    const Issued issued = accounts.issue_setup(random, kNow);
    EXPECT_EQ(issued.secret.size(), 32U) << "128 bits";
    EXPECT_NE(issued.change.setup->hash, issued.secret);
    accounts.apply(issued.change);
    EXPECT_FALSE(accounts.take_setup("", kNow));
    EXPECT_FALSE(accounts.take_setup(std::string(32, '0'), kNow));
    EXPECT_FALSE(accounts.take_setup(issued.secret, kNow + std::chrono::minutes{15}));
    EXPECT_TRUE(accounts.take_setup(issued.secret, kNow + std::chrono::minutes{14}));
    EXPECT_FALSE(accounts.take_setup(issued.secret, kNow + std::chrono::minutes{14})) << "two at the same time";
    const Issued second = accounts.issue_setup(random, kNow);
    accounts.apply(second.change);
    accounts.apply(*accounts.make_user("ann", Role::admin, "phc", kNow));
    accounts.apply(second.change);
    EXPECT_FALSE(accounts.take_setup(second.secret, kNow)) << "there is an admin";
}

TEST_F(AccountsOfTwo, ASessionIsFoundByItsSecretAndHoldsIt) {
    const std::string secret = log_in("ann");
    EXPECT_EQ(secret.size(), 64U) << "256 bits";
    const auto caller = accounts.session(secret, kNow);
    ASSERT_TRUE(caller.has_value());
    EXPECT_EQ(caller->user, "ann");
    EXPECT_EQ(caller->scope, Scope::admin);
    EXPECT_FALSE(accounts.session("", kNow).has_value());
    EXPECT_FALSE(accounts.session(hash_of(secret), kNow).has_value()) << "what is stored opens nothing";
    for (const auto& row : accounts.sessions_of("ann", kNow)) EXPECT_NE(row.hash, secret);
}

TEST_F(AccountsOfTwo, ASessionEndsAfterTwelveIdleHoursAndAfterSevenDays) {
    const std::string idle = log_in("ann");
    EXPECT_TRUE(accounts.session(idle, kNow + std::chrono::hours{11}).has_value());
    EXPECT_TRUE(accounts.session(idle, kNow + std::chrono::hours{22}).has_value());
    EXPECT_FALSE(accounts.session(idle, kNow + std::chrono::hours{34}).has_value());
    const std::string busy = log_in("ann");
    Timestamp now = kNow;
    while (now - kNow < std::chrono::hours{24 * 7}) {
        EXPECT_TRUE(accounts.session(busy, now).has_value()) << to_ms(now);
        now += std::chrono::hours{6};
    }
    EXPECT_FALSE(accounts.session(busy, now).has_value());
    const LoginChange notes = accounts.take_notes(now);
    EXPECT_EQ(notes.gone_sessions.size(), 2U) << "what is over is removed";
}

TEST_F(AccountsOfTwo, EveryLoginIsANewSessionAndTheOldestGo) {
    std::vector<std::string> secrets;
    for (int i = 0; i < 20; ++i) secrets.push_back(log_in("ann", kNow + std::chrono::seconds{i}));
    const Timestamp now = kNow + std::chrono::seconds{20};
    EXPECT_EQ(accounts.sessions_of("ann", now).size(), 16U);
    EXPECT_FALSE(accounts.session(secrets[0], now).has_value());
    EXPECT_TRUE(accounts.session(secrets[19], now).has_value());
    EXPECT_TRUE(accounts.sessions_of("bob", now).empty());
}

TEST_F(AccountsOfTwo, LogoutHereAndEverywhere) {
    const std::string one = log_in("ann");
    const std::string two = log_in("ann");
    const std::string of_bob = log_in("bob");
    accounts.apply(*accounts.end_sessions("ann", accounts.session(one, kNow)->session));
    EXPECT_FALSE(accounts.session(one, kNow).has_value());
    EXPECT_TRUE(accounts.session(two, kNow).has_value());
    EXPECT_FALSE(accounts.end_sessions("ann", accounts.session(of_bob, kNow)->session).has_value()) << "not hers";
    accounts.apply(*accounts.end_sessions("ann", ""));
    EXPECT_FALSE(accounts.session(two, kNow).has_value());
    EXPECT_TRUE(accounts.session(of_bob, kNow).has_value());
}

TEST_F(AccountsOfTwo, ANewPasswordEndsEverySession) {
    const std::string one = log_in("ann");
    accounts.apply(*accounts.change_password("ann", "another phc"));
    EXPECT_FALSE(accounts.session(one, kNow).has_value());
    EXPECT_EQ(accounts.user("ann")->password_hash, "another phc");
    EXPECT_EQ(accounts.user("ann")->role, "admin");
    EXPECT_FALSE(accounts.change_password("eve", "x").has_value());
}

TEST_F(AccountsOfTwo, ATokenAllowsItsScopeAndNoMoreThanItsUserMay) {
    const auto issued = accounts.issue_token({.user = "ann", .label = "bot", .scope = Scope::trade}, random, kNow);
    ASSERT_TRUE(issued.has_value());
    accounts.apply(issued->change);
    const auto caller = accounts.token(issued->secret, kNow);
    ASSERT_TRUE(caller.has_value());
    EXPECT_EQ(caller->scope, Scope::trade);
    EXPECT_EQ(caller->user, "ann");
    EXPECT_EQ(accounts.tokens().front().last_used, kNow);
    EXPECT_EQ(accounts.tokens().front().expires, kNow + std::chrono::hours{24 * 90});
    EXPECT_FALSE(accounts.token(issued->secret, kNow + std::chrono::hours{24 * 90}).has_value());
    EXPECT_EQ(issued->secret.find(accounts.tokens().front().hash), std::string::npos);
    EXPECT_EQ(accounts.issue_token({.user = "bob", .label = "bot", .scope = Scope::trade}, random, kNow).error().code,
              Errc::refused);
    LoginChange demotion;
    demotion.users.push_back(*accounts.user("ann"));
    demotion.users.back().role = "viewer";
    accounts.apply(demotion);
    EXPECT_EQ(accounts.token(issued->secret, kNow)->scope, Scope::read) << "a token follows its user";
}

TEST_F(AccountsOfTwo, ATokenThatIsNotQuiteOneOpensNothing) {
    const auto issued = accounts.issue_token({.user = "ann", .label = "bot"}, random, kNow);
    accounts.apply(issued->change);
    std::string wrong = issued->secret;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    for (const std::string& text : {wrong, issued->secret + "0", issued->secret.substr(1), std::string("vt_"),
                                    std::string("vt_a_b"), std::string(), issued->id})
        EXPECT_FALSE(accounts.token(text, kNow).has_value()) << text;
}

TEST_F(AccountsOfTwo, ATokenIsRevokedByItsUserOrAnAdmin) {
    const auto of_ann = accounts.issue_token({.user = "ann", .label = "a"}, random, kNow);
    const auto of_bob = accounts.issue_token({.user = "bob", .label = "b"}, random, kNow);
    accounts.apply(of_ann->change);
    accounts.apply(of_bob->change);
    EXPECT_EQ(accounts.revoke_token(of_ann->id, "bob").error().code, Errc::not_found);
    EXPECT_TRUE(accounts.revoke_token(of_bob->id, "bob").has_value());
    accounts.apply(*accounts.revoke_token(of_bob->id, "ann"));
    EXPECT_FALSE(accounts.token(of_bob->secret, kNow).has_value());
}

TEST_F(AccountsOfTwo, WishesAreChecked) {
    EXPECT_EQ(accounts.issue_token({.user = "ann", .label = ""}, random, kNow).error().code, Errc::refused);
    EXPECT_EQ(accounts.issue_token({.user = "ann", .label = "a\nb"}, random, kNow).error().code, Errc::refused);
    EXPECT_EQ(accounts.issue_token({.user = "ann", .label = "a", .days = 0}, random, kNow).error().code,
              Errc::out_of_range);
    EXPECT_EQ(accounts.issue_token({.user = "ann", .label = "a", .days = 400}, random, kNow).error().code,
              Errc::out_of_range);
    EXPECT_EQ(accounts.issue_token({.user = "eve", .label = "a"}, random, kNow).error().code, Errc::not_found);
    EXPECT_EQ(accounts.make_user("Ann", Role::viewer, "", kNow).error().code, Errc::refused);
    EXPECT_EQ(accounts.make_user("../x", Role::viewer, "", kNow).error().code, Errc::refused);
    EXPECT_EQ(accounts.make_user("ann", Role::viewer, "", kNow).error().code, Errc::already_exists);
    for (int i = 0; accounts.users().size() < accounts.params().users_max; ++i)
        accounts.apply(*accounts.make_user("user" + std::to_string(i), Role::viewer, "", kNow));
    EXPECT_EQ(accounts.make_user("onemore", Role::viewer, "", kNow).error().code, Errc::out_of_range);
}

TEST_F(AccountsOfTwo, ACodeIsTakenOnceAndHoldsForFiveMinutes) {
    const std::string key = "12345678901234567890";
    accounts.apply(*accounts.change_second_factor("ann", base32(key), 0));
    const std::string secret = log_in("ann");
    EXPECT_TRUE(accounts.session(secret, kNow)->has_second_factor);
    EXPECT_FALSE(accounts.session(secret, kNow)->second_factor_until.has_value());
    const std::string session = accounts.session(secret, kNow)->session;
    const std::string code = totp_code(key, totp_step(kNow));
    EXPECT_FALSE(accounts.take_code("bob", "", code, kNow)) << "he has none";
    ASSERT_TRUE(accounts.take_code("ann", session, code, kNow));
    EXPECT_FALSE(accounts.take_code("ann", session, code, kNow)) << "again";
    EXPECT_EQ(accounts.session(secret, kNow)->second_factor_until, kNow + std::chrono::minutes{5});
    EXPECT_FALSE(accounts.session(secret, kNow + std::chrono::minutes{5})->second_factor_until.has_value());
    // What is read anew is older than what was noted.
    records::LoginContent stored;
    stored.users = accounts.users();
    for (auto& row : stored.users) row.totp_step = 0;
    accounts.replace(stored);
    EXPECT_FALSE(accounts.take_code("ann", session, code, kNow)) << "again, after reading what is stored";
    EXPECT_EQ(accounts.take_notes(kNow).used_codes.size(), 1U);
}

TEST_F(AccountsOfTwo, WhatIsOfANewerProgramMayOnlyLook) {
    LoginChange change;
    change.users.push_back(*accounts.user("ann"));
    change.users.back().role = "emperor";
    accounts.apply(change);
    EXPECT_EQ(accounts.session(log_in("ann"), kNow)->scope, Scope::read);
}

TEST(Secrets, ARequestTokenSaysNothingOfTheSession) {
    const std::string secret(64, 'a');
    EXPECT_EQ(request_token(secret).size(), 32U);
    EXPECT_NE(request_token(secret), request_token(std::string(64, 'b')));
    EXPECT_EQ(hash_of(secret).find(request_token(secret)), std::string::npos);
}

TEST(Secrets, TheSystemsRandomIsNotTheSameTwice) {
    const Random random = system_random();
    EXPECT_NE(random_hex(random, 32), random_hex(random, 32));
}

}  // namespace
}  // namespace vt::login
