// Signed questions against the demo exchange, which checks key, time and signature as the venues do.

#include "runtime/site_client.hpp"

#include "exchange/key_information.hpp"
#include "runtime/test_demo_sites.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace vt::runtime {
namespace {

using exchange::ErrorClass;
using exchange::Site;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const exchange::Credentials kKey = demo_credentials("demoReadKey");

/// The venues' clock goes wrong by `amount` until the test ends.
demo::Fault wrong_clock(Nanos amount) {
    return {.kind = demo::Fault::Kind::clock, .duration = hours{1}, .amount = amount};
}

/// What became of one signed question. out: empty when it was answered
std::string ask(SiteClient& client, Site site) {
    const auto answer = client.get_signed(exchange::key_information_target(site), kKey);
    if (!answer) return answer.error().what;
    const auto refusal = refusal_in(site, *answer);
    return refusal ? refusal->text : "";
}

/// The same with a time of the caller's own choice: is it refused for its time?
bool is_refused_for_time(SiteClient& client, const SiteToCheck& site, Timestamp at) {
    const auto request =
        exchange::sign(site.site, {.target = exchange::key_information_target(site.site), .body = {}}, kKey, at);
    net::HttpCall call{.url = site.hosts.rest_url + request->target};
    for (const exchange::Header& header : request->headers) call.headers.push_back({header.name, header.value});
    const auto answer = client.get(std::move(call));
    const auto refusal = answer ? refusal_in(site.site, *answer) : std::nullopt;
    return refusal && refusal->kind == ErrorClass::clock;
}

}  // namespace

TEST(SiteClient, TheFirstSignedQuestionKnowsAClockThatIsAnHourOff) {
    DemoSites demo;
    for (const Nanos off : {Nanos{hours{1}}, Nanos{-hours{1}}, Nanos{std::chrono::milliseconds{1500}}}) {
        demo.inject(wrong_clock(off));
        for (const Site site : kDemoSites) {
            SiteClient client(site, demo.site(site).hosts);
            EXPECT_FALSE(client.clock_offset());
            EXPECT_EQ(ask(client, site), "") << exchange::name(site) << " " << to_seconds(off);
            ASSERT_TRUE(client.clock_offset());
            EXPECT_NEAR(to_seconds(*client.clock_offset()), to_seconds(off), 0.9) << exchange::name(site);
        }
    }
    for (const Site site : kDemoSites) {
        SiteClient client(site, demo.site(site).hosts);
        demo.inject(wrong_clock(hours{1}));
        EXPECT_TRUE(is_refused_for_time(client, demo.site(site), net::wall_now())) << "the exchange does look";
        demo.inject(wrong_clock(-hours{1}));
        EXPECT_TRUE(is_refused_for_time(client, demo.site(site), net::wall_now())) << "the exchange does look";
    }
}

TEST(SiteClient, AClockThatJumpsBetweenTwoQuestionsIsMeasuredAgain) {
    DemoSites demo;
    for (const Site site : kDemoSites) {
        demo.inject(wrong_clock(Nanos{0}));
        SiteClient client(site, demo.site(site).hosts);
        ASSERT_EQ(ask(client, site), "");
        for (const Nanos jump : {Nanos{hours{1}}, Nanos{-hours{1}}, Nanos{minutes{2}}, Nanos{0}}) {
            demo.inject(wrong_clock(jump));
            EXPECT_TRUE(is_refused_for_time(client, demo.site(site), net::wall_now() + *client.clock_offset()));
            EXPECT_EQ(ask(client, site), "") << exchange::name(site) << " " << to_seconds(jump);
            EXPECT_NEAR(to_seconds(*client.clock_offset()), to_seconds(jump), 0.9) << exchange::name(site);
        }
    }
}

TEST(SiteClient, OtherRefusalsAreNotAskedAgainAndASiteThatIsNotThereSaysSo) {
    DemoSites demo;
    SiteClient client(Site::bybit, demo.site(Site::bybit).hosts);
    const auto answer =
        client.get_signed(exchange::key_information_target(Site::bybit), demo_credentials("noSuchKey"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(refusal_in(Site::bybit, *answer)->code, 10003);
    gateway::SiteHosts nowhere = demo.site(Site::bybit).hosts;
    nowhere.rest_url = "https://127.0.0.1:1";
    SiteClient alone(Site::bybit, nowhere);
    EXPECT_EQ(alone.get_signed("/v5/user/query-api", kKey).error().code, Errc::unavailable);
}

}  // namespace vt::runtime
