// Mail against a real server: aiosmtpd, started by tests/notify/mail_server.py. What it took is read back through
// Python's own parser.

#include "base/sanitized.hpp"
#include "cache/test_servers.hpp"
#include "net/certificate.hpp"
#include "net/proxy_fixture.hpp"
#include "notify/alert_fixture.hpp"
#include "notify/sender.hpp"
#include "obs/fail_on_warning.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace vt::notify {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Long enough for a mail, short enough to wait for its end.
constexpr Nanos kShort = VT_IS_SANITIZED ? seconds{8} : seconds{2};

class MailTest : public testing::Test {
protected:
    MailTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "vt-mail-XXXXXX").string();
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        const auto made = net::make_test_authority();
        EXPECT_TRUE(made);
        authority = *made;
        write_certificate(*authority.issue());
    }
    ~MailTest() override {
        sender.reset();
        server.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    void SetUp() override {
        if (std::system("/usr/bin/python3 -c 'import aiosmtpd' 2> /dev/null") != 0)
            GTEST_SKIP() << "python3-aiosmtpd is not installed: nothing of mail is tested here";
    }
    void write_certificate(const net::CertificateAndKey& leaf) const {
        std::ofstream(folder / "cert.pem") << leaf.certificate_pem;
        std::ofstream(folder / "key.pem") << leaf.key_pem;
    }
    void serve(const std::string& mode) {
        server = std::make_unique<cache::ServerProcess>([&](std::uint16_t port) {
            return std::vector<std::string>{"/usr/bin/python3", VT_SOURCE_DIR "/tests/notify/mail_server.py",
                                            std::to_string(port), folder.string(), mode};
        });
        ASSERT_TRUE(server->is_running());
        make_sender({.authorities_pem = authority.certificate_pem(), .mail_timeout = seconds{15}});
    }
    void make_sender(SenderParams params) {
        auto made = Sender::make(loop, std::move(params));
        ASSERT_TRUE(made) << made.error().what;
        sender = std::move(*made);
    }
    [[nodiscard]] EmailSettings settings(const std::string& tls) const {
        return {.host = "localhost",
                .port = server ? server->port() : std::uint16_t{1},
                .tls = tls,
                .user = "me",
                .password = Secret("pass word"),
                .from = "alerts@example.com",
                .to = {"me@example.com", "you@example.org"},
                .allow_private = true};
    }
    static std::shared_ptr<const Channel> channel(EmailSettings settings, const std::string& name = "mail") {
        auto made = make_email(name, std::move(settings));
        EXPECT_TRUE(made) << made.error().what;
        return std::make_shared<const Channel>(std::move(*made));
    }
    Outcome deliver(const std::shared_ptr<const Channel>& to, std::vector<Attachment> files = {},
                    const alerts::Alert& alert = full_alert()) {
        std::optional<Outcome> outcome;
        const std::vector<alerts::Alert> alerts{alert};
        const auto sent = sender->send(to, alerts, std::move(files), [&](Outcome one) { outcome = std::move(one); });
        EXPECT_TRUE(sent) << sent.error().what;
        EXPECT_TRUE(loop.run_until([&] { return outcome.has_value(); }, seconds{20}));
        return outcome.value_or(Outcome{.problem = "(no callback)"});
    }
    /// The mails that the server took.
    [[nodiscard]] std::size_t taken() const {
        std::size_t count = 0;
        for (const auto& each : std::filesystem::directory_iterator(folder))
            count += each.path().extension() == ".json" ? 1U : 0U;
        return count;
    }
    simdjson::dom::element mail(int number) {
        simdjson::dom::element root;
        EXPECT_EQ(parser.load((folder / (std::to_string(number) + ".json")).string()).get(root), simdjson::SUCCESS);
        return root;
    }
    static std::string text(simdjson::simdjson_result<simdjson::dom::element> found) {
        std::string_view view;
        EXPECT_EQ(found.get(view), simdjson::SUCCESS);
        return std::string(view);
    }

    obs::FailOnWarning log;
    std::filesystem::path folder;
    net::TestAuthority authority;
    net::Loop loop;
    std::unique_ptr<cache::ServerProcess> server;
    std::unique_ptr<Sender> sender;
    simdjson::dom::parser parser;
};

TEST_F(MailTest, ArrivesByStarttlsAndByTls) {
    for (const std::string tls : {"starttls", "tls"}) {
        std::filesystem::remove(folder / "1.json");
        serve(tls);
        const Outcome outcome =
            deliver(channel(settings(tls)), {{"card.png", "image/png", std::string(100'000, '\x89')}});
        ASSERT_EQ(outcome.fate, Fate::delivered) << outcome.problem;
        EXPECT_EQ(outcome.receipt, "250 2.0.0 Ok: queued as 1");
        EXPECT_TRUE(outcome.problem.empty()) << outcome.problem;
        const simdjson::dom::element got = mail(1);
        EXPECT_TRUE(got["is_tls"].get_bool().value());
        EXPECT_EQ(text(got["user"]), "me");
        EXPECT_EQ(text(got["hello"]), "example.com") << "the machine's own name stays at home";
        EXPECT_EQ(text(got["from"]), "alerts@example.com");
        EXPECT_EQ(simdjson::minify(got["to"]), R"(["me@example.com","you@example.org"])");
        EXPECT_EQ(simdjson::minify(got["defects"]), "[]");
        EXPECT_EQ(text(got["headers"]["Subject"]), "[Virtuoso] high: ▲ LONG SIGNAL: BTCUSDT");
        EXPECT_EQ(text(got["headers"]["From"]), "Virtuoso <alerts@example.com>");
        EXPECT_EQ(text(got["headers"]["Message-ID"]), "<alert-0123456789abcdef0123456789abcdef@example.com>");
        EXPECT_TRUE(contains(text(got["text"]), "Smart money     ███████████████ 100.0  +14.6")) << text(got["text"]);
        EXPECT_EQ(simdjson::minify(got["files"]),
                  R"([{"name":"card.png","type":"image/png","sha256":")"
                  R"(7e72b9dc407c13e7d7ef7b6833ef5930760c725e3ad2f7be5e7b20ba523fc1bf"}])");
    }
}

TEST_F(MailTest, HostileTextsAreOneMailEach) {
    serve("tls");
    int count = 0;
    for (const std::string& hostile : hostile_texts()) {
        const Outcome outcome = deliver(channel(settings("tls")), {}, alert_of(hostile));
        ASSERT_EQ(outcome.fate, Fate::delivered) << outcome.problem;
        const simdjson::dom::element got = mail(++count);
        EXPECT_EQ(simdjson::minify(got["defects"]), "[]");
        EXPECT_EQ(got["headers"].get_object().size(), 10U)
            << hostile.substr(0, 60) << simdjson::minify(got["headers"]);
        EXPECT_EQ(simdjson::minify(got["to"]), R"(["me@example.com","you@example.org"])");
        EXPECT_FALSE(contains(text(got["text"]), "\x1b"));
        EXPECT_TRUE(contains(text(got["text"]), "alert 0123456789abcdef0123456789abcdef"))
            << "the whole text is there";
    }
    EXPECT_EQ(taken(), static_cast<std::size_t>(count));
}

TEST_F(MailTest, ACertificateThatIsNotValidIsNeverAccepted) {
    const auto stranger = net::make_self_signed();
    ASSERT_TRUE(stranger);
    const auto other_name = authority.issue({.names = {"mail.example.com"}});
    const auto old = authority.issue({.not_after = from_ms(1'600'000'000'000)});
    ASSERT_TRUE(other_name && old);
    for (const net::CertificateAndKey& leaf : {*stranger, *other_name, *old}) {
        write_certificate(leaf);
        for (const std::string tls : {"starttls", "tls"}) {
            serve(tls);
            const Outcome outcome = deliver(channel(settings(tls)));
            EXPECT_EQ(outcome.fate, Fate::retry);
            EXPECT_FALSE(outcome.may_have_arrived);
            EXPECT_TRUE(contains(outcome.problem, "certificate")) << outcome.problem;
        }
    }
    EXPECT_EQ(taken(), 0U);
}

TEST_F(MailTest, WithoutTlsNothingIsSaidExceptToThisMachineOnPurpose) {
    serve("plain");
    EmailSettings wants = settings("starttls");
    const Outcome stripped = deliver(channel(std::move(wants)));
    EXPECT_EQ(stripped.fate, Fate::refused);
    EXPECT_TRUE(contains(stripped.problem, "offers no STARTTLS")) << stripped.problem;
    EXPECT_EQ(taken(), 0U);
    EmailSettings plain = settings("none");
    plain.user.clear();
    plain.password = Secret();
    EXPECT_EQ(deliver(channel(std::move(plain))).fate, Fate::delivered);
    EXPECT_FALSE(mail(1)["is_tls"].get_bool().value());
}

TEST_F(MailTest, WhatTheServerSaysDecides) {
    serve("tls");
    const auto with = [&](const std::string& from, std::vector<std::string> to) {
        EmailSettings changed = settings("tls");
        changed.from = from;
        changed.to = std::move(to);
        return deliver(channel(std::move(changed)));
    };
    Outcome outcome = with("later@example.com", {"me@example.com"});
    EXPECT_EQ(outcome.fate, Fate::retry);
    EXPECT_EQ(outcome.status, 451);
    EXPECT_FALSE(outcome.may_have_arrived) << "it said no";
    outcome = with("full@example.com", {"me@example.com"});
    EXPECT_EQ(outcome.fate, Fate::refused);
    EXPECT_TRUE(contains(outcome.problem, "552 5.2.2 mailbox full")) << outcome.problem;
    outcome = with("alerts@example.com", {"nobody@example.com"});
    EXPECT_EQ(outcome.fate, Fate::refused);
    EXPECT_TRUE(contains(outcome.problem, "550 5.1.1 no such user")) << outcome.problem;
    outcome = with("alerts@example.com", {"busy@example.com"});
    EXPECT_EQ(outcome.fate, Fate::retry);
    EXPECT_EQ(outcome.status, 450);
    outcome = with("alerts@example.com", {"nobody@example.com", "me@example.com"});
    EXPECT_EQ(outcome.fate, Fate::delivered) << "one bad address costs the others nothing";
    EXPECT_TRUE(contains(outcome.problem, "a recipient was refused: 550")) << outcome.problem;
    outcome = with("drop@example.com", {"me@example.com"});
    EXPECT_EQ(outcome.fate, Fate::retry);
    EXPECT_TRUE(outcome.may_have_arrived) << "the mail was out, and nobody knows";
    outcome = with("drop@example.com", {"nobody@example.com", "me@example.com"});
    EXPECT_EQ(outcome.fate, Fate::retry) << "not the refusal of one of the recipients: " << outcome.problem;
    EmailSettings wrong = settings("tls");
    wrong.password = Secret("wrong word");
    outcome = deliver(channel(std::move(wrong)));
    EXPECT_EQ(outcome.fate, Fate::refused);
    EXPECT_TRUE(contains(outcome.problem, "the user and the password")) << outcome.problem;
    EXPECT_FALSE(contains(outcome.problem, "d3Jvbmcgd29yZA")) << outcome.problem;
    EXPECT_FALSE(contains(outcome.problem, "wrong word"));
    EXPECT_EQ(taken(), 1U);
}

TEST_F(MailTest, ASlowServerSlowsNobodyAndEndsInTime) {
    serve("tls");
    make_sender({.authorities_pem = authority.certificate_pem(), .mail_timeout = kShort, .mails_max = 2});
    EmailSettings slow = settings("tls");
    slow.from = "slow@example.com";
    std::optional<Outcome> outcome;
    const std::vector<alerts::Alert> alerts{full_alert()};
    const auto began = std::chrono::steady_clock::now();
    ASSERT_TRUE(
        sender->send(channel(std::move(slow), "slow"), alerts, {}, [&](Outcome one) { outcome = std::move(one); }));
    EXPECT_EQ(deliver(channel(settings("tls"))).fate, Fate::delivered);
    EXPECT_FALSE(outcome);
    EXPECT_TRUE(sender->is_busy("slow"));
    ASSERT_TRUE(loop.run_until([&] { return outcome.has_value(); }, seconds{20}));
    EXPECT_LT(std::chrono::steady_clock::now() - began, kShort + seconds{4});
    EXPECT_EQ(outcome->fate, Fate::retry);
    EXPECT_TRUE(outcome->may_have_arrived);
    // At most mails_max at once; and whoever goes does not wait for the server.
    make_sender({.authorities_pem = authority.certificate_pem(), .mail_timeout = seconds{60}, .mails_max = 2});
    for (const std::string name : {"a", "b", "c"}) {
        EmailSettings hanging = settings("tls");
        hanging.from = "slow@example.com";
        const auto sent = sender->send(channel(std::move(hanging), name), alerts, {}, [](const Outcome&) { FAIL(); });
        EXPECT_EQ(sent.has_value(), name != "c");
    }
    (void)loop.run_until([] { return false; }, milliseconds{300});
    const auto ending = std::chrono::steady_clock::now();
    sender.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - ending, seconds{4});
    (void)loop.run_until([] { return false; }, milliseconds{20});
}

TEST_F(MailTest, GoesByTheRouteThatConnectionsTake) {
    serve("starttls");
    int count = 0;
    for (const net::ProxyKind kind : {net::ProxyKind::http_connect, net::ProxyKind::socks5}) {
        for (const bool has_login : {false, true}) {
            net::TestProxy proxy(loop, kind, has_login ? "user" : "", has_login ? "pass word" : "");
            make_sender({.authorities_pem = authority.certificate_pem(), .route = {.proxy = proxy.proxy()}});
            const Outcome outcome = deliver(channel(settings("starttls")));
            EXPECT_EQ(outcome.fate, Fate::delivered) << outcome.problem;
            ASSERT_EQ(proxy.targets.size(), 1U);
            EXPECT_EQ(proxy.targets[0], "localhost:" + std::to_string(server->port()))
                << "the proxy resolves the name";
            EXPECT_TRUE(mail(++count)["is_tls"].get_bool().value());
            net::Proxy wrong = proxy.proxy();
            wrong.user = "somebody";
            wrong.password = "else-word";
            if (!has_login) continue;
            make_sender({.authorities_pem = authority.certificate_pem(), .route = {.proxy = wrong}});
            const Outcome refused = deliver(channel(settings("starttls")));
            EXPECT_EQ(refused.fate, Fate::retry) << "the channel is not at fault";
            EXPECT_FALSE(refused.may_have_arrived);
            EXPECT_FALSE(contains(refused.problem, "else-word")) << refused.problem;
        }
    }
    make_sender({.authorities_pem = authority.certificate_pem(), .route = {.local_address = "127.0.0.5"}});
    EXPECT_EQ(deliver(channel(settings("starttls"))).fate, Fate::delivered);
    EXPECT_EQ(text(mail(++count)["peer"]), "127.0.0.5");
}

TEST_F(MailTest, AnAddressIsVettedAsItIsConnectedTo) {
    serve("tls");
    auto made = make_email("mail", settings("tls"));
    ASSERT_TRUE(made);
    made->allow_private = false;  // as if a public name led here
    const Outcome outcome = deliver(std::make_shared<const Channel>(std::move(*made)));
    EXPECT_EQ(outcome.fate, Fate::refused);
    EXPECT_TRUE(contains(outcome.problem, "set allow_private")) << outcome.problem;
    EXPECT_FALSE(outcome.may_have_arrived);
    EXPECT_EQ(taken(), 0U);
    const Outcome closed = [&] {
        EmailSettings nobody = settings("tls");
        nobody.port = 1;
        return deliver(channel(std::move(nobody)));
    }();
    EXPECT_EQ(closed.fate, Fate::retry);
    EXPECT_FALSE(closed.may_have_arrived);
}

}  // namespace
}  // namespace vt::notify
