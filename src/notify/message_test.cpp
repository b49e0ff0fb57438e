#include "notify/message.hpp"

#include "notify/alert_fixture.hpp"
#include "notify/alert_text.hpp"
#include "notify/base64.hpp"
#include "notify/discord_rules.hpp"

#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace vt::notify {
namespace {

std::string header_of(const Payload& payload, std::string_view name) {
    for (const net::HttpHeader& each : payload.headers) {
        if (each.name == name) return each.value;
    }
    return "(none)";
}

/// Nothing of a text moves a screen: no control character but LF, no mark of direction, nothing without width.
/// U+200B behind '@' is this program's own.
void expect_inert(std::string_view text, std::string_view where) {
    for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << where;
    for (const char* mark : {"\x7f", "\u202e", "\u202c", "\u2066", "\u2069", "\u200c", "\u200d", "\u2060", "\ufeff",
                             "\U000e0041", "\u2028", "\u2029", "\u0085"}) {
        EXPECT_FALSE(contains(text, mark)) << where << ": " << text.substr(0, 200);
    }
    EXPECT_EQ(count_of(text, "\u200b"), count_of(text, "@\u200b")) << where;
}

/// Outside of its ``` block a text of an embed begins no markup: each sign of it stands behind a backslash.
void expect_no_markup(std::string text, std::string_view where) {
    const std::size_t block = text.find("```\n");
    if (block != std::string::npos && text.ends_with("\n```")) {
        EXPECT_FALSE(contains(text.substr(block + 4, text.size() - block - 8), "`")) << where << ": " << text;
        text.resize(block);
    }
    bool is_escaped = false;
    for (const char c : text) {
        const bool is_sign = std::string_view("*_~`|<>[]#").find(c) != std::string_view::npos;
        EXPECT_TRUE(!is_sign || is_escaped) << where << ": " << text.substr(0, 300);
        is_escaped = c == '\\' && !is_escaped;
    }
    EXPECT_FALSE(is_escaped) << where << ": a backslash at the end would escape what follows";
    for (const char* part : {"://", "@everyone", "@here", "@&", "@1"}) {
        EXPECT_FALSE(contains(text, part) && !contains(text, "\\://")) << where << ": " << text.substr(0, 300);
    }
}

TEST(DiscordMessage, HasAllThatTheAlertHas) {
    const std::vector<alerts::Alert> alerts{full_alert()};
    const Payload payload = discord_payload(alerts, {});
    EXPECT_EQ(header_of(payload, "Content-Type"), "application/json");
    const DiscordRules rules(payload.body);
    EXPECT_TRUE(rules.problems.empty()) << rules.problems[0];
    ASSERT_EQ(rules.titles.size(), 1U);
    EXPECT_EQ(rules.titles[0], "🟠 ▲ LONG SIGNAL: BTCUSDT");
    for (const char* part : {
             R"(Score           ███████████░░░░ 71.3)",
             R"(Order flow      ████████████░░░ 78.0  +5.6)",
             R"(Sentiment       ··············· unknown  +0.0)",
             R"(Smart money     ███████████████ 100.0  +14.6)",
             R"(coverage 92 %, confidence 81 %, direction long)",
             R"({"name":"Entry","value":"64,250.0","inline":true})",
             R"({"name":"Target 3","value":"68,000.0","inline":true})",
             R"({"name":"Spread","value":"12.4 bps","inline":true})",
             R"("timestamp":"2026-07-24T09:05:03.120Z")",
             R"("footer":{"text":"alert 0123456789abcdef0123456789abcdef, high, rule signals"})",
             R"(The score crossed 68.\nOrder flow leads.)",
             R"("color":16347926)",
         }) {
        EXPECT_TRUE(contains(payload.body, part)) << part << "\n" << payload.body;
    }
}

TEST(DiscordMessage, KeepsEveryLimitWhateverTheTexts) {
    for (const std::string& text : hostile_texts()) {
        for (const std::size_t count : {1U, 2U, 3U, 7U, 10U}) {
            const std::vector<alerts::Alert> alerts(count, alert_of(text));
            const DiscordRules rules(discord_payload(alerts, {}).body);
            for (const std::string& problem : rules.problems)
                ADD_FAILURE() << problem << " of " << text.substr(0, 60);
            EXPECT_EQ(rules.embed_count, count);
            for (const std::string& shown : rules.texts) expect_inert(shown, text.substr(0, 60));
        }
    }
}

TEST(DiscordMessage, TextsDoNothing) {
    for (const std::string& text : hostile_texts()) {
        const std::vector<alerts::Alert> alerts{alert_of(text)};
        const std::string body = discord_payload(alerts, {}).body;
        simdjson::dom::parser parser;
        simdjson::dom::element embed;
        const simdjson::padded_string padded(body);
        ASSERT_EQ(parser.parse(padded)["embeds"].at(0).get(embed), simdjson::SUCCESS);
        for (const char* key : {"title", "description"}) {
            std::string_view shown;
            if (embed[key].get(shown) == simdjson::SUCCESS) expect_no_markup(std::string(shown), key);
        }
        for (const simdjson::dom::element field : embed["fields"].get_array()) {
            expect_no_markup(std::string(std::string_view(field["name"])), "name");
            expect_no_markup(std::string(std::string_view(field["value"])), "value");
        }
        EXPECT_EQ(count_of(body, "\"allowed_mentions\":{\"parse\":[]}"), 1U);
    }
}

TEST(DiscordMessage, TheMostOfEverythingIsCutAndSaysSo) {
    alerts::Alert alert = full_alert();
    alert.text = std::string(20'000, 'w');
    alert.figures.assign(60, {std::string(400, 'n'), std::string(2000, 'v')});
    const std::vector<alerts::Alert> alerts{alert};
    const std::string body = discord_payload(alerts, {}).body;
    const DiscordRules rules(body);
    EXPECT_TRUE(rules.problems.empty()) << rules.problems[0];
    EXPECT_TRUE(contains(body, "figures had no room")) << "what is left out is said";
    EXPECT_TRUE(contains(body, "w…")) << body.substr(0, 300);
    EXPECT_TRUE(contains(body, "Smart money")) << "the bars stay";
    alert.figures.assign(60, {"n", "v"});
    const DiscordRules few(discord_payload(std::vector{alert}, {}).body);
    EXPECT_TRUE(few.problems.empty()) << few.problems[0];
}

TEST(DiscordMessage, UnknownFiguresAreNotNumbers) {
    alerts::Alert alert = full_alert();
    alert.score =
        alerts::ScoreFigures{.score = std::nullopt, .coverage = 0, .confidence = {}, .direction = "", .sides = {}};
    const std::vector<std::string> lines = score_lines(alert);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0], "Score           ··············· unknown");
    EXPECT_EQ(lines[1], "coverage 0 %, direction unknown");
    alert.score->score = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(score_lines(alert)[0], "Score           ··············· unknown");
    alert.score->score = 1e300;
    EXPECT_TRUE(contains(score_lines(alert)[0], "███████████████ 1000000000.0"));
}

TEST(DiscordMessage, ADigestSaysSo) {
    alerts::Alert alert = full_alert();
    alert.count = 12;
    const std::vector<alerts::Alert> alerts{alert};
    const std::string body = discord_payload(alerts, {}).body;
    EXPECT_TRUE(contains(body, "LONG SIGNAL: BTCUSDT \\\\(12 occurrences\\\\)")) << body;
    EXPECT_TRUE(contains(body, "A digest: it stands for 12 occurrences."));
    EXPECT_TRUE(contains(telegram_payload(alert, {}, "1").payload.body, "it stands for 12 occurrences."));
    EXPECT_TRUE(contains(webhook_payload(alert, Secret(), alert.at).body, "\"count\":12"));
}

TEST(DiscordMessage, PicturesAreFilesOfTheForm) {
    std::vector<Attachment> files = sendable({{"score card.png", "image/png", "\x89PNG\r\n--x"},
                                              {"chart.png", "image/png", "second"},
                                              {"../../etc/passwd\"\r\nX: y", "text/plain\r\nX: y", "third"}});
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].name, "score_card.png");
    EXPECT_EQ(files[2].name, "_.._etc_passwd___X__y");
    EXPECT_EQ(files[2].content_type, "application/octet-stream");
    const std::vector<alerts::Alert> alerts{full_alert()};
    const Payload payload = discord_payload(alerts, files);
    const std::string type = header_of(payload, "Content-Type");
    ASSERT_TRUE(type.starts_with("multipart/form-data; boundary="));
    const std::string boundary = "--" + type.substr(30);
    EXPECT_EQ(count_of(payload.body, boundary), 5U) << "four parts and the end";
    EXPECT_TRUE(payload.body.starts_with(boundary + "\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n"));
    EXPECT_TRUE(payload.body.ends_with("\r\n" + boundary + "--\r\n"));
    EXPECT_TRUE(
        contains(payload.body,
                 "Content-Disposition: form-data; name=\"files[0]\"; filename=\"score_card.png\"\r\nContent-Type: "
                 "image/png\r\n\r\n\x89PNG\r\n--x\r\n" +
                     boundary));
    const std::size_t begin = payload.body.find("\r\n\r\n") + 4;
    const std::string json = payload.body.substr(begin, payload.body.find("\r\n" + boundary, begin) - begin);
    const DiscordRules rules(json, {"score_card.png", "chart.png", "_.._etc_passwd___X__y"});
    EXPECT_TRUE(rules.problems.empty()) << rules.problems[0];
    EXPECT_EQ(rules.embed_count, 2U) << "the second picture has an embed of its own";
    EXPECT_EQ(payload.body, discord_payload(alerts, files).body) << "the same alert gives the same bytes";
}

TEST(DiscordMessage, WhatIsTooMuchIsNotAttached) {
    std::vector<Attachment> many(6, {"a.png", "image/png", "x"});
    const auto kept = sendable(many);
    ASSERT_EQ(kept.size(), 4U);
    EXPECT_EQ(kept[0].name, "a.png");
    EXPECT_EQ(kept[1].name, "2-a.png");
    const auto small =
        sendable({{"big.png", "image/png", std::string((8U << 20U) + 1, 'x')}, {"b.png", "image/png", "x"}});
    ASSERT_EQ(small.size(), 1U);
    EXPECT_EQ(small[0].name, "b.png");
}

/// Whether tags are those of Telegram's HTML, and closed; the length of what is shown.
std::size_t shown_length(std::string_view html, std::string_view where) {
    std::vector<std::string> open;
    std::string shown;
    while (!html.empty()) {
        if (html.front() == '<') {
            const std::string tag(html.substr(1, html.find('>') - 1));
            html.remove_prefix(html.find('>') + 1);
            if (tag.starts_with('/')) {
                EXPECT_TRUE(!open.empty() && open.back() == tag.substr(1)) << where << ": " << tag;
                if (!open.empty()) open.pop_back();
            } else {
                EXPECT_TRUE(tag == "b" || tag == "pre" || tag == "code") << where << ": " << tag;
                open.push_back(tag);
            }
            continue;
        }
        if (html.front() == '&') {
            const std::string entity(html.substr(0, html.find(';') + 1));
            EXPECT_TRUE(entity == "&lt;" || entity == "&gt;" || entity == "&amp;" || entity == "&quot;") << where;
            html.remove_prefix(entity.size());
            shown += '.';
            continue;
        }
        EXPECT_NE(html.front(), '>') << where;
        shown += html.front();
        html.remove_prefix(1);
    }
    EXPECT_TRUE(open.empty()) << where;
    expect_inert(shown, where);
    return discord_length(shown);
}

TEST(TelegramMessage, IsHtmlWithinTheLimits) {
    const TelegramPayload plain = telegram_payload(full_alert(), {}, "-1001");
    EXPECT_EQ(plain.method, "sendMessage");
    EXPECT_TRUE(contains(plain.payload.body, R"("chat_id":"-1001")"));
    EXPECT_TRUE(contains(plain.payload.body, R"("link_preview_options":{"is_disabled":true})"));
    EXPECT_TRUE(contains(plain.payload.body, R"(\u003cb>▲ LONG SIGNAL: BTCUSDT\u003c/b>)")) << plain.payload.body;
    EXPECT_TRUE(contains(plain.payload.body, R"(\u003cb>Target 1\u003c/b> 65,400.0)"));
    for (const std::string& text : hostile_texts()) {
        for (const bool has_image : {false, true}) {
            const std::vector<Attachment> files{{"notes.txt", "text/plain", "x"}, {"card.png", "image/png", "PNG"}};
            const TelegramPayload made =
                telegram_payload(alert_of(text), std::span(files).first(has_image ? 2 : 1), "1");
            EXPECT_EQ(made.method, has_image ? "sendPhoto" : "sendMessage");
            std::string html;
            if (has_image) {
                const std::string mark = "name=\"caption\"\r\n\r\n";
                const std::size_t begin = made.payload.body.find(mark) + mark.size();
                html = made.payload.body.substr(begin, made.payload.body.find("\r\n--virtuoso-", begin) - begin);
                EXPECT_FALSE(contains(made.payload.body, "notes.txt"));
                EXPECT_TRUE(contains(made.payload.body, "name=\"photo\"; filename=\"card.png\""));
            } else {
                simdjson::dom::parser parser;
                std::string_view found;
                const simdjson::padded_string padded(made.payload.body);
                ASSERT_EQ(parser.parse(padded)["text"].get(found), simdjson::SUCCESS);
                html = found;
            }
            const std::size_t length = shown_length(html, text.substr(0, 60));
            EXPECT_LE(length, has_image ? 1024U : 4096U);
            EXPECT_GE(length, 1U);
            EXPECT_TRUE(contains(html, "alert 0123456789abcdef0123456789abcdef")) << text.substr(0, 60);
        }
    }
}

TEST(WebhookMessage, IsTheDocumentedJson) {
    const Payload payload = webhook_payload(full_alert(), Secret(), from_ms(1'784'883'910'999));
    EXPECT_EQ(
        payload.body,
        R"({"version":1,"id":"0123456789abcdef0123456789abcdef","rule":"signals","kind":"signal",)"
        R"("severity":"high","instrument":"bybit-linear-BTCUSDT","symbol":"BTCUSDT","side":"up",)"
        R"("at":"2026-07-24T09:05:03.120Z","at_ms":1784883903120,"title":"LONG SIGNAL: BTCUSDT",)"
        R"("text":"The score crossed 68.\nOrder flow leads.","count":1,)"
        R"("figures":[{"name":"Spread","text":"12.4 bps"},{"name":"Funding","text":"0.0100 %"}],)"
        R"("score":{"score":71.3,"coverage":0.92,"confidence":0.81,"direction":"long","sides":[)"
        R"({"name":"Order flow","score":78,"contribution":5.6},{"name":"Liquidity","score":61.2,"contribution":2.2},)"
        R"({"name":"Technical","score":50,"contribution":0},)"
        R"({"name":"Price structure","score":44.4,"contribution":-1.1},)"
        R"({"name":"Sentiment","score":null,"contribution":0},{"name":"Smart money","score":100,"contribution":14.6}]},)"
        R"("levels":{"entry":"64,250.0","stop":"63,100.0","targets":["65,400.0","66,550.0","68,000.0"]}})");
    EXPECT_EQ(header_of(payload, "Idempotency-Key"), "0123456789abcdef0123456789abcdef");
    EXPECT_EQ(header_of(payload, "X-Virtuoso-Timestamp"), "1784883910");
    EXPECT_EQ(header_of(payload, "X-Virtuoso-Signature"), "(none)");
    alerts::Alert least{.id = "ab"};
    EXPECT_EQ(
        webhook_payload(least, Secret(), Timestamp{}).body,
        R"({"version":1,"id":"ab","rule":null,"kind":"system","severity":"info","instrument":null,"symbol":null,)"
        R"("side":null,"at":"1970-01-01T00:00:00.000Z","at_ms":0,"title":"","text":"","count":1,"figures":[],)"
        R"("score":null,"levels":null})");
}

TEST(WebhookMessage, TextsAreInertAndHeadersTakeNoLine) {
    for (const std::string& text : hostile_texts()) {
        alerts::Alert alert = alert_of(text);
        alert.id = text;
        const Payload payload = webhook_payload(alert, Secret("0123456789abcdef"), alert.at);
        simdjson::dom::parser parser;
        simdjson::dom::element root;
        const simdjson::padded_string padded(payload.body);
        ASSERT_EQ(parser.parse(padded).get(root), simdjson::SUCCESS) << payload.body.substr(0, 200);
        for (const char* key : {"title", "text", "rule", "symbol"}) {
            std::string_view shown;
            if (root[key].get(shown) == simdjson::SUCCESS) expect_inert(shown, key);
        }
        for (const net::HttpHeader& each : payload.headers) {
            EXPECT_EQ(each.value.find_first_of(std::string_view("\r\n\0", 3)), std::string::npos);
            EXPECT_LE(each.value.size(), 80U);
        }
    }
}

/// The signature as somebody else computes it, with a tool that is not this program.
TEST(WebhookMessage, TheSignatureIsOpenssls) {
    if (std::system("openssl version > /dev/null 2>&1") != 0) GTEST_SKIP() << "openssl is not installed";
    const Payload payload = webhook_payload(full_alert(), Secret("an example key 0123"), from_ms(1'784'883'910'000));
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("vt-hmac-" + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << "1784883910." << payload.body;
    const std::string command = "openssl dgst -sha256 -hmac 'an example key 0123' -r '" + file.string() + "'";
    FILE* pipe = ::popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    char hex[65] = {};
    EXPECT_EQ(std::fread(hex, 1, 64, pipe), 64U);
    ::pclose(pipe);
    std::filesystem::remove(file);
    EXPECT_EQ(header_of(payload, "X-Virtuoso-Signature"), "sha256=" + std::string(hex));
}

std::string decoded64(std::string text) {
    std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
    std::string bytes(text.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    EXPECT_GE(size, 0);
    bytes.resize(static_cast<std::size_t>(std::max(size, 0)) - count_of(text.substr(text.size() - 2), "="));
    return bytes;
}

EmailTarget mailbox() {
    return {.host = "mail.example.com",
            .port = 587,
            .user = "",
            .password = {},
            .from = "alerts@example.com",
            .to = {"me@example.com", "you@example.org"}};
}

TEST(EmailMessage, IsAMailOfPlainText) {
    const std::string mail = email_message(full_alert(), {}, mailbox(), from_ms(1'784'883'910'000));
    const std::string head = mail.substr(0, mail.find("\r\n\r\n") + 2);
    EXPECT_EQ(
        head,
        "From: Virtuoso <alerts@example.com>\r\nTo: me@example.com,\r\n you@example.org\r\n"
        "Subject: =?UTF-8?B?" +
            base64("[Virtuoso] high: ▲ LONG SIGNAL: BTCUS") + "?=\r\n =?UTF-8?B?" + base64("DT") +
            "?=\r\nDate: Fri, 24 Jul 2026 09:05:10 +0000\r\n"
            "Message-ID: <alert-0123456789abcdef0123456789abcdef@example.com>\r\nAuto-Submitted: auto-generated\r\n"
            "X-Virtuoso-Alert: 0123456789abcdef0123456789abcdef\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n");
    const std::string text = decoded64(mail.substr(mail.find("\r\n\r\n") + 4));
    for (const char* part :
         {"▲ LONG SIGNAL: BTCUSDT\r\n2026-07-24T09:05:03.120Z\r\n", "Order flow leads.\r\n",
          "Score           ███████████░░░░ 71.3\r\n", "Entry: 64,250.0\r\n", "Market: bybit-linear-BTCUSDT\r\n"}) {
        EXPECT_TRUE(contains(text, part)) << part << "\n" << text;
    }
}

TEST(EmailMessage, NoTextBecomesAHeaderOrALineOfItsOwn) {
    const std::vector<Attachment> files =
        sendable({{"card.png\"\r\nBcc: x@y.test", "image/png", std::string(1000, '\0') + "\r\n.\r\nQUIT"}});
    for (const std::string& text : hostile_texts()) {
        alerts::Alert alert = alert_of(text);
        alert.id = text;
        const std::string mail = email_message(alert, files, mailbox(), alert.at);
        const std::string head = mail.substr(0, mail.find("\r\n\r\n"));
        EXPECT_EQ(count_of(head, "\r\nSubject: =?UTF-8?B?"), 1U);
        EXPECT_FALSE(contains(mail, "\nBcc:")) << text.substr(0, 60);
        for (std::size_t begin = 0; begin < mail.size();) {
            const std::size_t end = mail.find("\r\n", begin);
            ASSERT_NE(end, std::string::npos) << "the last line is ended too";
            const std::string_view line = std::string_view(mail).substr(begin, end - begin);
            EXPECT_LE(line.size(), 160U) << line;
            EXPECT_FALSE(line.starts_with('.')) << line;
            for (const char c : line) EXPECT_TRUE(c >= ' ' && c < '\x7f') << line;
            const bool is_subject = line.starts_with("Subject:") || line.starts_with(" =?");
            EXPECT_LE(line.size(), is_subject ? 76U : 160U) << line;
            begin = end + 2;
        }
        const std::size_t file = mail.find("filename=\"");
        ASSERT_NE(file, std::string::npos);
        const std::size_t begin = mail.find("\r\n\r\n", file) + 4;
        EXPECT_EQ(decoded64(mail.substr(begin, mail.find("\r\n--virtuoso-", begin) - begin)), files[0].bytes);
    }
}

}  // namespace
}  // namespace vt::notify
