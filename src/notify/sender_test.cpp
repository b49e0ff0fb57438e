#include "notify/sender.hpp"

#include "net/certificate.hpp"
#include "net/detail/names.hpp"
#include "net/http_server.hpp"
#include "net/proxy_fixture.hpp"
#include "notify/alert_fixture.hpp"
#include "notify/discord_rules.hpp"
#include "obs/fail_on_warning.hpp"

#include <openssl/hmac.h>

#include <algorithm>
#include <map>

namespace vt::notify {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

const std::string kToken = "abcDEF-_0123456789abcDEF-_0123456789abcDEF-_0123456789abcDEF-_012345";
const std::string kBot = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQ_-";

/// What a request was, kept beyond its handler.
struct Seen {
    std::string path;
    std::string query;
    std::string type;
    std::map<std::string, std::string> headers;
    std::string body;
};

/// A service on loopback whose answers a test gives.
class MockService {
public:
    using Answer = std::function<net::HttpReply(const Seen&)>;
    MockService(net::Loop& loop, Answer answer, std::optional<net::TlsContext> tls = {},
                std::vector<std::string> hosts = {"127.0.0.1", "localhost"})
        : answer_(std::move(answer)) {
        net::HttpServerParams params{.tls = std::move(tls), .allowed_hosts = std::move(hosts)};
        params.limits.max_body_bytes = std::size_t{16} << 20U;
        params.limits.max_connections_per_address = 1000;
        server_ = std::make_unique<net::HttpServer>(loop, params, [this](const net::HttpRequest& request) {
            Seen one{.path = std::string(request.path),
                     .query = std::string(request.query),
                     .type = {},
                     .headers = {},
                     .body = std::string(request.body)};
            for (const net::HeaderView& each : request.headers) one.headers[std::string(each.name)] = each.value;
            one.type = one.headers["Content-Type"];
            EXPECT_EQ(request.method, net::Method::post);
            seen.push_back(one);
            return answer_(one);
        });
        const auto listening = server_->listen();
        EXPECT_TRUE(listening) << listening.error().what;
    }
    static net::PreparedResponsePtr json(int status, std::string body = "{}",
                                         std::vector<net::HttpHeader> headers = {}) {
        return net::prepare({.status = status,
                             .content_type = "application/json",
                             .body = std::move(body),
                             .headers = std::move(headers)});
    }
    static net::HttpReply never() {
        return net::PendingResponse{.begin = [](const net::PendingResponse::Done&) {}, .limit = seconds{60}};
    }
    [[nodiscard]] std::string origin(const std::string& host = "127.0.0.1") const {
        return "http://" + host + ":" + std::to_string(server_->port());
    }
    [[nodiscard]] net::HttpServerCounters counters() const { return server_->counters(); }
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    std::vector<Seen> seen;

private:
    Answer answer_;
    std::unique_ptr<net::HttpServer> server_;
};

using ChannelPtr = std::shared_ptr<const Channel>;

ChannelPtr own(Result<Channel> made) {
    EXPECT_TRUE(made) << made.error().what;
    made->allow_private = true;  // the services of these tests are on this machine
    return std::make_shared<const Channel>(std::move(*made));
}
ChannelPtr discord(const std::string& name = "main") {
    return own(make_discord(name, Secret("https://discord.com/api/webhooks/42/" + kToken)));
}
ChannelPtr webhook(const std::string& url, const std::string& name = "hook", std::string key = {}) {
    return own(make_webhook(name, {.url = Secret(std::string(url)),
                                   .signing_key = Secret(std::move(key)),
                                   .allow_http = true,
                                   .allow_private = true}));
}
/// One that nobody said may lead to private addresses.
ChannelPtr vetted(const std::string& url) {
    auto made = make_webhook("vetted", {.url = Secret(std::string(url)), .allow_http = true});
    EXPECT_TRUE(made) << made.error().what;
    return std::make_shared<const Channel>(std::move(*made));
}

class SenderTest : public testing::Test {
protected:
    void make(SenderParams params = {}) {
        auto made = Sender::make(loop, std::move(params));
        ASSERT_TRUE(made) << made.error().what;
        sender = std::move(*made);
    }
    Outcome deliver(const ChannelPtr& channel, std::vector<Attachment> files = {},
                    std::vector<alerts::Alert> alerts = {full_alert()}) {
        std::optional<Outcome> outcome;
        const auto sent =
            sender->send(channel, alerts, std::move(files), [&](Outcome one) { outcome = std::move(one); });
        EXPECT_TRUE(sent) << sent.error().what;
        EXPECT_FALSE(outcome) << "never inside the call";
        EXPECT_TRUE(loop.run_until([&] { return outcome.has_value(); }));
        EXPECT_FALSE(sender->is_busy(channel->name));
        return outcome.value_or(Outcome{.problem = "(no callback)"});
    }
    void resolve_to(std::vector<std::string> texts) {
        loop.impl().names->ask = [this, texts](const std::string&, const net::detail::Found& found) {
            ++questions;
            net::detail::Addresses list;
            for (const std::string& text : texts) list.push_back(net::detail::asio::ip::make_address(text));
            found(list);
        };
    }

    obs::FailOnWarning log;
    net::Loop loop;
    std::unique_ptr<Sender> sender;
    int questions = 0;
};

/// Discord as its documentation has it: an unknown webhook is 404, a body over a limit 400, and after `most` messages
/// within `window` the next one is 429.
class MockDiscord {
public:
    MockDiscord(net::Loop& loop, int most, milliseconds window)
        : most_(most), window_(window), service(loop, [this](const Seen& one) { return answer(one); }) {}

private:
    net::HttpReply answer(const Seen& one) {
        if (one.path != "/api/webhooks/42/" + kToken)
            return MockService::json(404, R"({"message":"Unknown Webhook","code":10015})");
        const auto now = Clock::now();
        if (now - opened_ >= window_) {
            opened_ = now;
            taken_ = 0;
        }
        const double left = std::chrono::duration<double>(window_ - (now - opened_)).count();
        const std::string seconds_left = std::to_string(left);
        if (taken_ == most_) {
            ++refused;
            return MockService::json(
                429,
                R"({"message":"You are being rate limited.","retry_after":)" + seconds_left + R"(,"global":false})",
                {{"Retry-After", "1"}, {"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", seconds_left}});
        }
        std::string json = one.body;
        std::set<std::string> files;
        if (one.type.starts_with("multipart/form-data; boundary=")) {
            const std::string boundary = "--" + one.type.substr(30);
            const std::size_t begin = json.find("\r\n\r\n") + 4;
            for (std::size_t at = json.find("filename=\""); at != std::string::npos;
                 at = json.find("filename=\"", at + 1))
                files.insert(json.substr(at + 10, json.find('"', at + 10) - at - 10));
            json = json.substr(begin, json.find("\r\n" + boundary, begin) - begin);
        } else if (one.type != "application/json") {
            return MockService::json(400, R"({"message":"Cannot send an empty message","code":50006})");
        }
        const DiscordRules rules(json, files);
        if (!rules.problems.empty()) return MockService::json(400, R"({"message":"Invalid Form Body","code":50035})");
        ++taken_;
        ++delivered;
        std::vector<net::HttpHeader> headers{{"X-RateLimit-Limit", std::to_string(most_)},
                                             {"X-RateLimit-Remaining", std::to_string(most_ - taken_)},
                                             {"X-RateLimit-Reset-After", seconds_left}};
        if (one.query != "wait=true")
            return net::prepare({.status = 204, .content_type = "", .body = "", .headers = headers});
        return MockService::json(200, R"({"id":")" + std::to_string(1000 + delivered) + R"(","type":0})", headers);
    }

    int most_;
    milliseconds window_;
    Clock::time_point opened_{};
    int taken_ = 0;

public:
    int delivered = 0;
    int refused = 0;
    MockService service;
};

TEST_F(SenderTest, DiscordTakesAlertsDigestsListsAndPictures) {
    MockDiscord mock(loop, 100, seconds{60});
    make({.origins = {.discord = mock.service.origin()}});
    Outcome outcome = deliver(discord());
    EXPECT_EQ(outcome.fate, Fate::delivered) << outcome.problem;
    EXPECT_EQ(outcome.receipt, "1001");
    EXPECT_EQ(deliver(discord(), {}, std::vector(10, full_alert())).fate, Fate::delivered);
    const std::vector<Attachment> files{{"card.png", "image/png", std::string(200'000, '\x89')},
                                        {"chart.png", "image/png", "\r\n--virtuoso-\r\n"}};
    outcome = deliver(discord(), files);
    EXPECT_EQ(outcome.fate, Fate::delivered) << outcome.problem;
    EXPECT_TRUE(contains(mock.service.seen.back().body, "attachment://chart.png"));
    for (const std::string& text : hostile_texts()) {
        outcome = deliver(discord(), {}, {alert_of(text)});
        EXPECT_EQ(outcome.fate, Fate::delivered) << outcome.problem << " of " << text.substr(0, 60);
    }
    const auto gone = own(make_discord("gone", Secret("https://discord.com/api/webhooks/43/" + kToken)));
    outcome = deliver(gone);
    EXPECT_EQ(outcome.fate, Fate::refused);
    EXPECT_TRUE(contains(outcome.problem, "Unknown Webhook (10015)")) << outcome.problem;
}

TEST_F(SenderTest, WhoKeepsTheWaitsIsNeverRefused) {
    MockDiscord mock(loop, 3, milliseconds{150});
    make({.origins = {.discord = mock.service.origin()}});
    int waits = 0;
    for (int i = 0; i < 12; ++i) {
        const Outcome outcome = deliver(discord());
        ASSERT_EQ(outcome.fate, Fate::delivered) << outcome.problem;
        if (!outcome.wait) continue;
        ++waits;
        (void)loop.run_until([] { return false; }, *outcome.wait);
    }
    EXPECT_GE(waits, 1) << "after every third, where the machine is quick";
    EXPECT_LE(waits, 4);
    EXPECT_EQ(mock.refused, 0);
}

TEST_F(SenderTest, WhoDoesNotWaitIsToldHowLong) {
    MockDiscord mock(loop, 3, seconds{2});
    make({.origins = {.discord = mock.service.origin()}});
    for (int i = 0; i < 3; ++i) EXPECT_EQ(deliver(discord()).fate, Fate::delivered);
    const Outcome fourth = deliver(discord());
    EXPECT_EQ(fourth.fate, Fate::retry);
    ASSERT_TRUE(fourth.wait);
    EXPECT_LE(*fourth.wait, milliseconds{2001});
    EXPECT_FALSE(fourth.may_have_arrived);
    (void)loop.run_until([] { return false; }, *fourth.wait);
    EXPECT_EQ(deliver(discord()).fate, Fate::delivered) << "the wait was long enough";
    EXPECT_EQ(mock.refused, 1);
}

TEST_F(SenderTest, WhatAServiceDoesWrongIsTriedAgainOrRefused) {
    net::HttpReply next = MockService::json(500);
    MockService other(loop, [](const Seen&) { return MockService::json(200, R"({"id":"1"})"); });
    MockService mock(loop, [&](const Seen&) { return next; });
    make({.origins = {.discord = mock.origin()}, .timeout = seconds{1}});
    for (const int status : {500, 502, 503, 504}) {
        next = MockService::json(status, "<html>", {{"Retry-After", "7"}});
        const Outcome outcome = deliver(discord());
        EXPECT_EQ(outcome.fate, Fate::retry);
        EXPECT_EQ(outcome.wait, seconds{7});
        EXPECT_EQ(outcome.status, status);
    }
    for (const int status : {301, 302, 303, 307, 308}) {
        next = MockService::json(status, "", {{"Location", other.origin() + "/stolen"}});
        const Outcome outcome = deliver(discord());
        EXPECT_EQ(outcome.fate, Fate::refused);
        EXPECT_TRUE(contains(outcome.problem, "a redirect is not followed")) << outcome.problem;
    }
    EXPECT_EQ(other.counters().connections, 0U) << "nobody went where the redirect points";
    next = MockService::json(200, R"({"id":"1","x":")" + std::string(200'000, 'x') + "\"}");
    Outcome outcome = deliver(discord());
    EXPECT_EQ(outcome.fate, Fate::retry);
    EXPECT_TRUE(outcome.may_have_arrived);
    EXPECT_TRUE(contains(outcome.problem, "65536")) << outcome.problem;
    next = MockService::never();
    const auto began = Clock::now();
    outcome = deliver(discord());
    EXPECT_EQ(outcome.fate, Fate::retry);
    EXPECT_TRUE(outcome.may_have_arrived);
    EXPECT_LT(Clock::now() - began, seconds{4});
    EXPECT_TRUE(contains(outcome.problem, "within the time limit")) << outcome.problem;
}

TEST_F(SenderTest, ACutOffAnswerAndAClosedPortAreTriedAgain) {
    net::TestProxy babble(loop, net::ProxyKind::http_connect);  // answers what it is told to, and closes
    make({.origins = {.discord = "http://127.0.0.1:" + std::to_string(babble.port())}});
    for (const char* answer :
         {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":\"1\"}", "HTTP/1.1 200 OK\r\nContent-",
          "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        babble.raw_answer = answer;
        const Outcome outcome = deliver(discord());
        EXPECT_EQ(outcome.fate, Fate::retry) << answer;
        EXPECT_TRUE(outcome.may_have_arrived) << answer;
        EXPECT_FALSE(contains(outcome.problem, kToken)) << outcome.problem;
    }
    make({.origins = {.discord = "http://127.0.0.1:1"}});
    const Outcome closed = deliver(discord());
    EXPECT_EQ(closed.fate, Fate::retry);
    EXPECT_TRUE(contains(closed.problem, "cannot connect to 127.0.0.1:1")) << closed.problem;
}

TEST_F(SenderTest, NoOutcomeHoldsASecret) {
    MockService mirror(loop, [](const Seen& one) {
        return MockService::json(one.path.ends_with("d") ? 200 : 400,
                                 R"({"ok":false,"message":"no )" + one.path + "?" + one.query + R"(","id":"x"})");
    });
    make({.origins = {.discord = mirror.origin(), .telegram = mirror.origin()}});
    const Outcome at_discord = deliver(discord());
    EXPECT_EQ(at_discord.fate, Fate::refused);
    EXPECT_TRUE(contains(at_discord.problem, "no ***?wait=true")) << at_discord.problem;
    const Outcome at_telegram = deliver(own(make_telegram("tg", Secret(std::string(kBot)), "1")));
    EXPECT_EQ(at_telegram.fate, Fate::refused);
    EXPECT_TRUE(contains(at_telegram.problem, "no /bot***/sendMessage")) << at_telegram.problem;
    const Outcome at_hook = deliver(webhook(mirror.origin() + "/in/s3cr3t-path?k=v"));
    EXPECT_TRUE(contains(at_hook.problem, "no ***")) << at_hook.problem;
    EXPECT_FALSE(contains(at_hook.problem, "s3cr3t"));
}

TEST_F(SenderTest, TelegramTakesTextsAndPictures) {
    int count = 0;
    MockService mock(loop, [&](const Seen& one) {
        if (!one.path.starts_with("/bot" + kBot + "/"))
            return MockService::json(401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})");
        const bool is_text = one.path.ends_with("/sendMessage") && one.type == "application/json";
        const bool is_photo = one.path.ends_with("/sendPhoto") && one.type.starts_with("multipart/form-data");
        if (!is_text && !is_photo)
            return MockService::json(404, R"({"ok":false,"error_code":404,"description":"Not Found"})");
        if (++count == 3) {
            return MockService::json(
                429, R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 9",)"
                     R"("parameters":{"retry_after":9}})");
        }
        return MockService::json(200, R"({"ok":true,"result":{"message_id":)" + std::to_string(count) + "}}");
    });
    make({.origins = {.telegram = mock.origin()}});
    const auto chat = own(make_telegram("tg", Secret(std::string(kBot)), "-100123"));
    EXPECT_EQ(deliver(chat).receipt, "1");
    EXPECT_EQ(deliver(chat, {{"card.png", "image/png", "PNG"}}).receipt, "2");
    EXPECT_EQ(deliver(chat).wait, seconds{9});
    const auto stranger = own(make_telegram("tg2", Secret("1:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQ_-"), "1"));
    EXPECT_EQ(deliver(stranger).fate, Fate::refused);
}

TEST_F(SenderTest, AWebhookIsSignedAndSaysWhichAlertItIs) {
    const std::string key = "an example key 0123";
    std::map<std::string, int> taken;
    MockService mock(loop, [&](const Seen& one) {
        const auto& headers = one.headers;
        const std::string text = headers.at("X-Virtuoso-Timestamp") + "." + one.body;
        unsigned char mac[32];
        unsigned size = 0;
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
        std::string wanted = "sha256=";
        for (const unsigned char byte : mac) {
            char hex[3];
            std::snprintf(hex, sizeof(hex), "%02x", static_cast<unsigned>(byte));
            wanted += hex;
        }
        const auto signature = headers.find("X-Virtuoso-Signature");
        if (signature == headers.end() || signature->second != wanted) return MockService::json(401);
        const double age = std::chrono::duration<double>(net::wall_now().time_since_epoch()).count() -
                           std::stod(headers.at("X-Virtuoso-Timestamp"));
        if (age < 0 || age > 60) return MockService::json(400);
        ++taken[headers.at("Idempotency-Key")];
        return MockService::json(202, R"({"id":"evt-9"})");
    });
    make();
    const Outcome good = deliver(webhook(mock.origin() + "/in", "hook", key));
    EXPECT_EQ(good.fate, Fate::delivered) << good.problem;
    EXPECT_EQ(good.receipt, "evt-9");
    EXPECT_EQ(deliver(webhook(mock.origin() + "/in", "hook", key)).fate, Fate::delivered);
    EXPECT_EQ(taken[full_alert().id], 2) << "the second delivery names the same alert";
    EXPECT_EQ(deliver(webhook(mock.origin() + "/in", "hook", "another key 01234")).fate, Fate::refused);
    EXPECT_EQ(deliver(webhook(mock.origin() + "/in", "hook")).fate, Fate::refused);
}

TEST_F(SenderTest, ANameIsVettedWhereItLeads) {
    MockService mock(loop, [](const Seen&) { return MockService::json(200); }, {}, {"hooks.example.com"});
    make();
    const std::string url = mock.origin("hooks.example.com") + "/in";
    for (const char* address : {"127.0.0.1",        "127.8.8.8",     "0.0.0.0",         "10.1.2.3",      "100.64.0.1",
                                "169.254.169.254",  "172.16.0.1",    "192.168.1.1",     "168.63.129.16", "192.0.2.1",
                                "198.18.0.1",       "224.0.0.1",     "255.255.255.255", "::1",           "::",
                                "::ffff:127.0.0.1", "::127.0.0.1",   "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1",
                                "fc00::1",          "fd00:ec2::254", "ff02::1",         "2001:db8::1"}) {
        resolve_to({address});
        questions = 0;
        const Outcome outcome = deliver(vetted(url));
        EXPECT_EQ(outcome.fate, Fate::refused) << address;
        EXPECT_FALSE(outcome.may_have_arrived);
        EXPECT_TRUE(contains(outcome.problem, "set allow_private")) << outcome.problem;
        EXPECT_EQ(questions, 1)
            << "nothing is resolved twice: a name cannot change between the look and the connection";
    }
    resolve_to({"127.0.0.1", "10.0.0.1", "::1"});
    EXPECT_EQ(deliver(vetted(url)).fate, Fate::refused);
    EXPECT_EQ(mock.counters().connections, 0U);
    resolve_to({"127.0.0.1"});
    EXPECT_EQ(deliver(webhook(url)).fate, Fate::delivered) << "somebody said that the machine is theirs";
    EXPECT_EQ(deliver(vetted(url)).fate, Fate::refused) << "and that lends no other channel its open connection";
    EXPECT_EQ(mock.counters().connections, 1U);
}

TEST_F(SenderTest, ByAProxyNamesAreTheProxysAndAddressesAreVetted) {
    net::TestProxy proxy(loop, net::ProxyKind::http_connect);
    make({.route = {.proxy = proxy.proxy()}});
    auto made = make_webhook("a", {.url = Secret("https://127.0.0.1:1/"), .allow_private = true});
    ASSERT_TRUE(made);
    made->allow_private = false;
    EXPECT_EQ(deliver(std::make_shared<const Channel>(std::move(*made))).fate, Fate::refused);
    EXPECT_TRUE(proxy.targets.empty());
    questions = 0;
    resolve_to({"127.0.0.1"});
    proxy.raw_answer = "HTTP/1.1 403 Forbidden\r\n\r\n";
    const Outcome named = deliver(vetted("https://hooks.example.com/in"));
    EXPECT_EQ(named.fate, Fate::retry) << "the proxy's rules decide";
    EXPECT_TRUE(contains(named.problem, "does not connect to hooks.example.com:443")) << named.problem;
    EXPECT_EQ(questions, 0) << "we resolve nothing but the proxy's own name, which is an address here";
}

TEST_F(SenderTest, ACertificateThatIsNotValidIsNeverAccepted) {
    const auto authority = net::make_test_authority();
    const auto stranger = net::make_self_signed();
    ASSERT_TRUE(authority && stranger);
    const auto bad_tls = net::TlsContext::server({stranger->certificate_pem, stranger->key_pem});
    const auto issued = authority->issue();
    const auto good_tls = net::TlsContext::server({issued->certificate_pem, issued->key_pem});
    ASSERT_TRUE(bad_tls && good_tls);
    MockService bad(loop, [](const Seen&) { return MockService::json(200); }, *bad_tls);
    MockService good(loop, [](const Seen&) { return MockService::json(200); }, *good_tls);
    make({.authorities_pem = authority->certificate_pem()});
    EXPECT_EQ(deliver(webhook("https://localhost:" + std::to_string(good.port()) + "/")).fate, Fate::delivered);
    const Outcome refused = deliver(webhook("https://localhost:" + std::to_string(bad.port()) + "/"));
    EXPECT_EQ(refused.fate, Fate::retry);
    EXPECT_FALSE(refused.may_have_arrived);
    EXPECT_TRUE(contains(refused.problem, "certificate")) << refused.problem;
    EXPECT_TRUE(bad.seen.empty());
}

TEST_F(SenderTest, ASlowChannelSlowsNoOther) {
    MockService mock(loop, [](const Seen& one) -> net::HttpReply {
        if (one.path == "/slow") return MockService::never();
        return MockService::json(200);
    });
    make({.timeout = seconds{4}});
    int slow_ends = 0;
    std::vector<ChannelPtr> slow;
    const std::vector<alerts::Alert> alerts{full_alert()};
    for (int i = 0; i < 40; ++i) {
        slow.push_back(webhook(mock.origin() + "/slow", "slow-" + std::to_string(i)));
        ASSERT_TRUE(sender->send(slow.back(), alerts, {}, [&](const Outcome& outcome) {
            EXPECT_EQ(outcome.fate, Fate::retry);
            ++slow_ends;
        }));
    }
    const auto fast = webhook(mock.origin() + "/fast", "fast");
    for (int i = 0; i < 20; ++i) EXPECT_EQ(deliver(fast).fate, Fate::delivered);
    EXPECT_EQ(slow_ends, 0) << "twenty deliveries while forty others hang at the same host";
    EXPECT_TRUE(sender->is_busy("slow-7"));
    EXPECT_TRUE(loop.run_until([&] { return slow_ends == 40; }));
}

TEST_F(SenderTest, OneAtATimeForEachChannelAndNothingAfterTheEnd) {
    MockService mock(loop, [](const Seen& one) -> net::HttpReply {
        return one.path == "/slow" ? MockService::never() : net::HttpReply(MockService::json(200));
    });
    make();
    const std::vector<alerts::Alert> alerts{full_alert(), full_alert()};
    const auto one = std::span(alerts).first(1);
    const auto channel = webhook(mock.origin() + "/slow");
    bool is_called = false;
    ASSERT_TRUE(sender->send(channel, one, {}, [&](const Outcome&) { is_called = true; }));
    const auto second = sender->send(channel, one, {}, [&](const Outcome&) { is_called = true; });
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::in_use);
    for (const auto wrong : {std::span(alerts), std::span(alerts).first(0)}) {
        const auto refused = sender->send(webhook(mock.origin(), "other"), wrong, {}, [&](const Outcome&) {});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::out_of_range);
    }
    (void)loop.run_until([&] { return mock.seen.size() == 1; });
    sender.reset();
    (void)loop.run_until([] { return false; }, milliseconds{50});
    EXPECT_FALSE(is_called);
    make();
    ASSERT_TRUE(sender->send(webhook(mock.origin()), one, {}, [&](const Outcome&) {
        is_called = true;
        sender.reset();
    }));
    EXPECT_TRUE(loop.run_until([&] { return is_called; })) << "a callback may destroy the sender";
}

}  // namespace
}  // namespace vt::notify
