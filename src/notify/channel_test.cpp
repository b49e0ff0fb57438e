#include "notify/channel.hpp"

#include "notify/alert_fixture.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace vt::notify {
namespace {

constexpr std::string_view kDiscordToken = "abcDEF-_0123456789abcDEF-_0123456789abcDEF-_0123456789abcDEF-_012345";
const std::string kBotToken = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQ_-";

Secret secret(std::string text) { return Secret(std::move(text)); }
std::string discord_url(const std::string& host = "discord.com") {
    return "https://" + host + "/api/webhooks/1234567890123456789/" + std::string(kDiscordToken);
}
std::string why(const Result<Channel>& channel) { return channel ? "(accepted)" : channel.error().what; }

EmailSettings mail() {
    return {.host = "mail.example.com",
            .user = "me",
            .password = secret("pass word"),
            .from = "alerts@example.com",
            .to = {"me@example.com", "you+x@example.org"}};
}

TEST(ChannelTest, DiscordTakesTheAddressesThatDiscordGives) {
    for (const char* host :
         {"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com", "DISCORD.com"}) {
        const auto channel = make_discord("main", secret(discord_url(host)));
        ASSERT_TRUE(channel) << why(channel);
        EXPECT_EQ(channel->kind(), ChannelKind::discord);
        EXPECT_EQ(shown_address(*channel), "discord.com, webhook 1234567890123456789");
        const auto& target = std::get<DiscordTarget>(channel->target);
        EXPECT_TRUE(target.url.reveal().substr(target.path).starts_with("/api/webhooks/1234567890123456789/"));
    }
}

TEST(ChannelTest, DiscordRefusesWhateverElseAndNeverShowsTheToken) {
    const std::string token(kDiscordToken);
    for (const std::string& url : std::vector<std::string>{
             "",
             "discord.com/api/webhooks/1/" + token,
             "http://discord.com/api/webhooks/1/" + token,
             "https://discord.com:8443/api/webhooks/1/" + token,
             "https://discord.com.evil.test/api/webhooks/1/" + token,
             "https://evil.test/discord.com/api/webhooks/1/" + token,
             "https://discord.com@evil.test/api/webhooks/1/" + token,
             "https://user:pass@discord.com/api/webhooks/1/" + token,
             "https://discord.com./api/webhooks/1/" + token,
             "https://www.discord.com/api/webhooks/1/" + token,
             "https://discord.com/api/v10/webhooks/1/" + token,
             "https://discord.com/api/webhooks//" + token,
             "https://discord.com/api/webhooks/x1/" + token,
             "https://discord.com/api/webhooks/1/" + token + "/slack",
             "https://discord.com/api/webhooks/1/" + token + "?wait=false",
             "https://discord.com/api/webhooks/1/../../" + token,
             "https://discord.com/api/webhooks/1/" + token + "#x@evil.test",
             "https://discord.com/api/webhooks/1/short",
             "https://discord.com/api/webhooks/1/" + token + "\r\nX: y",
             "https://discord.com\\@evil.test/api/webhooks/1/" + token,
             "https://127.0.0.1/api/webhooks/1/" + token,
         }) {
        const auto channel = make_discord("main", secret(url));
        ASSERT_FALSE(channel) << url;
        EXPECT_TRUE(contains(channel.error().what, "channel \"main\"")) << channel.error().what;
        EXPECT_FALSE(contains(channel.error().what, token)) << channel.error().what;
    }
}

TEST(ChannelTest, AWebhookIsHttpsUnlessSomebodySaysOtherwise) {
    EXPECT_TRUE(make_webhook("hook", {.url = secret("https://hooks.example.com/a?b=c")}));
    const auto plain = make_webhook("hook", {.url = secret("http://hooks.example.com/a")});
    EXPECT_TRUE(contains(why(plain), "set allow_http")) << why(plain);
    EXPECT_TRUE(make_webhook("hook", {.url = secret("http://hooks.example.com/a"), .allow_http = true}));
    for (const char* url : {"ftp://hooks.example.com/", "ws://hooks.example.com/", "file:///etc/passwd", "https://",
                            "https:///x", "javascript:alert(1)", "gopher://x.test/"}) {
        EXPECT_FALSE(make_webhook("hook", {.url = secret(url), .allow_http = true})) << url;
    }
    const auto weak = make_webhook("hook", {.url = secret("https://x.test/"), .signing_key = secret("short-secret")});
    EXPECT_TRUE(contains(why(weak), "16 to 256")) << why(weak);
    EXPECT_FALSE(contains(why(weak), "short-secret"));
    const auto signs = make_webhook("hook", {.url = secret("https://Hooks.example.com:8443/abc/secret-part"),
                                             .signing_key = secret("0123456789abcdef")});
    ASSERT_TRUE(signs);
    EXPECT_EQ(shown_address(*signs), "hooks.example.com:8443") << "its path may be a secret";
    EXPECT_FALSE(make_webhook("hook", {.url = secret("https://x.test/" + std::string(3000, 'a'))}));
}

TEST(ChannelTest, TelegramWantsABotsTokenAndAChat) {
    for (const char* chat : {"1", "-1001234567890", "@some_channel", "987654321"}) {
        EXPECT_TRUE(make_telegram("tg", secret(kBotToken), chat)) << chat;
    }
    for (const char* chat : {"", "-", "0", "-0", "12a", "@", "@1ab", "@a-b", "name", "@a b", "1234567890123456789"}) {
        const auto channel = make_telegram("tg", secret(kBotToken), chat);
        EXPECT_TRUE(contains(why(channel), "the chat is a number")) << chat;
    }
    for (const std::string& token : std::vector<std::string>{
             std::string(), std::string("123456789"), kBotToken + "x", kBotToken.substr(0, 40), "x" + kBotToken,
             "123456789:../../../../../../../../../../../..", ":AAbbCCddEEffGGhhIIjjKKllMMnnOOppQ_-"}) {
        const auto channel = make_telegram("tg", secret(token), "1");
        ASSERT_FALSE(channel) << token;
        EXPECT_TRUE(contains(why(channel), "@BotFather")) << why(channel);
        EXPECT_FALSE(token.size() > 9 && contains(why(channel), token)) << why(channel);
    }
}

TEST(ChannelTest, MailWantsTlsALoginThatIsWholeAndPlainAddresses) {
    const auto good = make_email("mail", mail());
    ASSERT_TRUE(good) << why(good);
    EXPECT_EQ(shown_address(*good), "me@example.com, you+x@example.org by mail.example.com:587");
    const auto refused = [](const std::function<void(EmailSettings&)>& change) {
        EmailSettings settings = mail();
        change(settings);
        return why(make_email("mail", std::move(settings)));
    };
    EXPECT_TRUE(contains(refused([](auto& m) { m.tls = "none"; }), "use starttls or tls"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.tls = "off"; }), "tls is starttls"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.port = 0; }), "port"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.password = Secret(); }), "go together"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.user.clear(); }), "go together"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.user = "a\r\nb"; }), "the user holds"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.password = secret("a\r\nQUIT"); }), "a line end"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.to.clear(); }), "1 to 16"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.to.assign(17, "a@b.test"); }), "1 to 16"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.host = "localhost"; }), "allow_private"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.host = "mail.example.com/x"; }), "sign that no name has"));
    EXPECT_TRUE(contains(refused([](auto& m) { m.host = "10.0.0.25"; }), "private"));
    for (const char* address :
         {"", "a", "@b.test", "a@", "a b@c.test", "a@b.test\r\nBcc: x@y.test", "A <a@b.test>", "a@b..test",
          ".a@b.test", "a@b.test,c@d.test", "\"a b\"@c.test", "a@[127.0.0.1]", "a@b.test>\r\nRCPT TO:<c@d.test"}) {
        EXPECT_TRUE(contains(refused([&](auto& m) { m.from = address; }), "from is one plain address")) << address;
        EXPECT_TRUE(contains(refused([&](auto& m) { m.to = {"x@y.test", address}; }), "to holds plain")) << address;
    }
    EmailSettings own = mail();
    own.host = "127.0.0.1";
    own.tls = "none";
    own.allow_private = true;
    EXPECT_TRUE(make_email("mail", std::move(own)));
}

TEST(ChannelTest, NamesAndKindsAreFew) {
    for (const char* good : {"a", "main-2", "whale_alerts"}) EXPECT_TRUE(check_channel_name(good)) << good;
    for (const std::string& bad : {std::string(), std::string("A"), std::string("a b"), std::string("a\nb"),
                                   std::string("ä"), std::string(33, 'a'), std::string("../x")}) {
        EXPECT_FALSE(check_channel_name(bad)) << bad;
        EXPECT_FALSE(make_discord(bad, secret(discord_url()))) << bad;
    }
    for (const std::string_view kind : kChannelKindNames) EXPECT_EQ(name(*parse_channel_kind(kind)), kind);
    const auto unknown = parse_channel_kind("discrod");
    ASSERT_FALSE(unknown);
    EXPECT_TRUE(contains(unknown.error().what, "did you mean discord?")) << unknown.error().what;
    EXPECT_FALSE(parse_channel_kind(std::string(100'000, 'x')));
}

TEST(ChannelTest, NoTextOfAnotherSideShowsASecret) {
    const auto discord = make_discord("a", secret(discord_url()));
    const std::string token(kDiscordToken);
    EXPECT_FALSE(contains(without_secrets("no " + discord_url() + " and " + token + token, *discord), token));
    EXPECT_FALSE(
        contains(without_secrets("POST /api/webhooks/1234567890123456789/" + token, *discord), "1234567890123"));
    const auto telegram = make_telegram("b", secret(kBotToken), "1");
    EXPECT_EQ(without_secrets("/bot" + kBotToken + "/sendMessage", *telegram), "/bot***/sendMessage");
    EXPECT_FALSE(contains(without_secrets("key AAbbCCddEEffGGhhIIjjKKllMMnnOOppQ_-", *telegram), "AAbb"));
    const auto hook = make_webhook(
        "c", {.url = secret("https://x.example.com/hook/q1w2e3?k=v"), .signing_key = secret("0123456789abcdef")});
    EXPECT_EQ(without_secrets("POST /hook/q1w2e3?k=v with 0123456789abcdef", *hook), "POST *** with ***");
    const auto post = make_email("d", mail());
    EXPECT_EQ(without_secrets("AUTH PLAIN AG1lAHBhc3Mgd29yZA== or cGFzcyB3b3Jk or pass word", *post),
              "AUTH PLAIN *** or *** or ***");
}

}  // namespace
}  // namespace vt::notify
