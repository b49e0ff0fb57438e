#include "records/login_repository.hpp"

#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <optional>

namespace vt::records {
namespace {

template <class Backend>
class LoginRepositoryOn : public testing::Test {
protected:
    void SetUp() override {
        if (!Backend::is_there()) GTEST_SKIP() << "postgresql-15 is not installed: tools/bootstrap test";
        backend.emplace();
        repository.emplace(open());
    }
    LoginRepository open() {
        auto opened = LoginRepository::open(*open_database(backend->url), kStart);
        EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().what);
        return std::move(*opened);
    }
    void store(const LoginChange& change) {
        const Result<void> stored = repository->store(change);
        ASSERT_TRUE(stored.has_value()) << stored.error().what;
    }
    static LoginChange made() {
        LoginChange change;
        change.users = {
            {.name = "ann", .role = "admin", .password_hash = "$argon2id$1", .totp_secret = "", .created = kStart},
            {.name = "bob",
             .role = "viewer",
             .password_hash = "$argon2id$2",
             .totp_secret = "MFRGG",
             .totp_step = 7,
             .created = kStart}};
        change.sessions = {
            {.id = "s1", .hash = "h1", .user = "ann", .address = "127.0.0.1", .created = kStart, .last_used = kStart},
            {.id = "s2",
             .hash = "h2",
             .user = "bob",
             .address = "2001:db8::1",
             .created = kStart,
             .last_used = kStart,
             .second_factor = kStart}};
        change.tokens = {{.id = "t1",
                          .hash = "h3",
                          .user = "bob",
                          .label = "it's mine",
                          .scope = "read",
                          .created = kStart,
                          .expires = kStart + std::chrono::hours{24}}};
        change.audit = {{.id = "a1",
                         .at = kStart,
                         .user = "ann",
                         .address = "127.0.0.1",
                         .action = "user add",
                         .subject = "bob",
                         .outcome = "done"}};
        return change;
    }

    std::optional<Backend> backend;
    std::optional<LoginRepository> repository;
};
using Backends = testing::Types<OnSqlite, OnPostgres>;
TYPED_TEST_SUITE(LoginRepositoryOn, Backends);

TYPED_TEST(LoginRepositoryOn, WhatWasStoredIsReadBack) {
    const LoginChange change = this->made();
    this->store(change);
    LoginRepository other = this->open();
    const auto content = other.content();
    ASSERT_TRUE(content.has_value()) << content.error().what;
    EXPECT_EQ(content->users, change.users);
    EXPECT_EQ(content->sessions, change.sessions);
    EXPECT_EQ(content->tokens, change.tokens);
    EXPECT_FALSE(content->setup.has_value());
}

TYPED_TEST(LoginRepositoryOn, AUserThatGoesTakesItsSessionsAndTokens) {
    this->store(this->made());
    LoginChange change;
    change.gone_users = {"bob"};
    this->store(change);
    const auto content = this->repository->content();
    EXPECT_EQ(content->users.size(), 1U);
    EXPECT_EQ(content->sessions.size(), 1U);
    EXPECT_TRUE(content->tokens.empty());
}

TYPED_TEST(LoginRepositoryOn, ARevisionIsCountedForWhatDecidesAndNotForWhatIsNoted) {
    const std::int64_t before = *this->repository->revision();
    this->store(this->made());
    EXPECT_EQ(*this->repository->revision(), before + 1);
    LoginChange noted;
    noted.used_sessions = {{"s1", kStart + std::chrono::minutes{3}}, {"gone", kStart}};
    noted.used_tokens = {{"t1", kStart + std::chrono::minutes{4}}};
    noted.used_codes = {{.user = "bob", .step = 9, .session = "s2", .at = kStart + std::chrono::minutes{5}},
                        {.user = "bob", .step = 8, .session = "", .at = kStart}};
    this->store(noted);
    EXPECT_EQ(*this->repository->revision(), before + 1);
    const auto content = this->repository->content();
    EXPECT_EQ(content->sessions.size(), 2U) << "what is gone does not come back by being noted";
    EXPECT_EQ(content->sessions[0].last_used, kStart + std::chrono::minutes{3});
    EXPECT_EQ(content->sessions[1].second_factor, kStart + std::chrono::minutes{5});
    EXPECT_EQ(content->tokens[0].last_used, kStart + std::chrono::minutes{4});
    EXPECT_EQ(content->users[1].totp_step, 9) << "an older code does not open the later ones again";
}

TYPED_TEST(LoginRepositoryOn, ThereIsOneSetupToken) {
    LoginChange change;
    change.setup = SetupRow{.hash = "one", .expires = kStart};
    this->store(change);
    change.setup = SetupRow{.hash = "two", .expires = kStart + std::chrono::minutes{15}};
    this->store(change);
    EXPECT_EQ(this->repository->content()->setup, change.setup);
    LoginChange end;
    end.ends_setup = true;
    this->store(end);
    EXPECT_FALSE(this->repository->content()->setup.has_value());
}

TYPED_TEST(LoginRepositoryOn, TheAuditIsReadInPagesNewestFirstAndIsStoredOnce) {
    LoginChange change;
    for (int i = 0; i < 25; ++i) {
        change.audit.push_back({.id = "a" + std::to_string(100 + i),
                                .at = kStart + std::chrono::seconds{i / 2},
                                .user = "ann",
                                .address = "::1",
                                .action = "login",
                                .subject = "",
                                .outcome = i % 5 == 0 ? "wrong" : "done"});
    }
    this->store(change);
    this->store(change);  // the answer to the first was lost
    std::vector<AuditRow> read;
    std::string cursor;
    do {
        const auto page = this->repository->audit(10, cursor);
        ASSERT_TRUE(page.has_value()) << page.error().what;
        read.insert(read.end(), page->rows.begin(), page->rows.end());
        cursor = page->cursor;
    } while (!cursor.empty());
    std::vector<AuditRow> expected(change.audit.rbegin(), change.audit.rend());
    EXPECT_EQ(read, expected);
    EXPECT_EQ(this->repository->audit(10, "nonsense").error().code, Errc::malformed);
    EXPECT_EQ(this->repository->audit(0, "").error().code, Errc::out_of_range);

    ASSERT_TRUE(this->repository->shorten_audit(3, 2).has_value());
    const auto left = this->repository->audit(100, "");
    ASSERT_EQ(left->rows.size(), 5U);
    EXPECT_EQ(left->rows.front().id, "a124");
    EXPECT_EQ(left->rows.back().id, "a115") << "refusals push out nothing that was done";
}

}  // namespace
}  // namespace vt::records
