#include "api/api_fixture.hpp"

namespace vt::api {
namespace {

class SignalRoutes : public ServerTest {
protected:
    void SetUp() override { server.publish(SmallMarket::picture(0, 60'000)); }
};

TEST_F(SignalRoutes, ThePageAsksTheLedgerForWhatTheCallNames) {
    const Document page(
        get("/api/signals?symbol=BTC/USDT:USDT&state=closed&direction=short&strategy=lead_lag&limit=7&cursor=12")
            .body);
    ASSERT_TRUE(page.is_valid);
    ASSERT_EQ(signals_asked.size(), 1U);
    const records::SignalQuery& query = signals_asked[0];
    EXPECT_EQ(query.market, "demo");
    EXPECT_EQ(query.instrument, "bybit-linear-BTCUSDT") << "any form of the name is taken";
    EXPECT_EQ(query.state, "closed");
    EXPECT_EQ(query.direction, "short");
    EXPECT_EQ(query.strategy, "lead_lag");
    EXPECT_EQ(query.limit, 7U);
    EXPECT_EQ(query.cursor, "12");
    EXPECT_EQ(page.root["cursor"].get_string().value(), "7");
    EXPECT_EQ(page.root["signals"].at(0)["signal"]["entry"].get_double().value(), 100);
}

TEST_F(SignalRoutes, AWrongQuestionSaysWhatItMayBe) {
    for (const auto& [target, part] : {std::pair{"state=won", "state must be open, closed, suppressed or placebo"},
                                       std::pair{"direction=up", "direction must be long or short"},
                                       std::pair{"strategy=luck", "strategy must be confluence, lead_lag, "},
                                       std::pair{"limit=0", "limit must be a whole number from 1 to 1000"}}) {
        const auto answer = get("/api/signals?" + std::string(target));
        EXPECT_EQ(answer.status, 400);
        EXPECT_NE(answer.body.find(part), std::string::npos) << answer.body;
    }
    EXPECT_EQ(get("/api/signals?symbol=NOPE").status, 404);
    const auto unknown = get("/api/signals/0000");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_NE(unknown.body.find("/api/signals lists them"), std::string::npos);
    EXPECT_TRUE(signals_asked.empty());
}

TEST_F(SignalRoutes, OneSignalShowsItsEntriesWithTheirHashes) {
    const Document history(get("/api/signals/" + signals::test_signal().id).body);
    ASSERT_TRUE(history.is_valid);
    EXPECT_EQ(history.root["state"].get_string().value(), "open");
    EXPECT_EQ(history.root["entries"].at(0)["number"].get_uint64().value(), 1U);
    EXPECT_EQ(history.root["entries"].at(0)["hash"].get_string().value().size(), 64U);
    EXPECT_TRUE(history.root["signal"]["outcome"]["first_barrier"].is_null());
}

TEST_F(SignalRoutes, CalibrationSaysWhatFollowedScoresOfEachStrength) {
    const Document document(get("/api/calibration").body);
    ASSERT_TRUE(document.is_valid);
    EXPECT_EQ(document.root["segment"].get_string().value(), "demo");
    ASSERT_EQ(document.root["strategies"].get_array().size(), 1U);
    const auto confluence = document.root["strategies"].at(0);
    EXPECT_EQ(confluence["strategy"].get_string().value(), "confluence");
    EXPECT_EQ(confluence["n"].get_uint64().value(), 200U);
    EXPECT_GT(confluence["level"].get_double().value(), 60) << "the weakest do not pay";
    EXPECT_EQ(document.root["segments"].at(0)["n"].get_uint64().value(), 200U);
    const auto bins = confluence["bins"].get_array();
    ASSERT_GE(bins.size(), 5U);
    const auto weakest = confluence["bins"].at(0), strongest = confluence["bins"].at(bins.size() - 1);
    EXPECT_EQ(weakest["from"].get_double().value(), 60);
    EXPECT_LT(weakest["barrier"]["target"].get_double().value(), strongest["barrier"]["target"].get_double().value());
    EXPECT_TRUE(weakest["horizons"]["24h"].is_null()) << "nothing is known of a day: not 0";
    EXPECT_EQ(weakest["horizons"]["15m"]["hit_interval"].get_array().size(), 2U);
    EXPECT_GT(confluence["probability"]["area_under_curve"].get_double().value(), .5);
}

TEST_F(SignalRoutes, PerformanceHoldsTheResultAgainstChance) {
    const Document document(get("/api/signals/performance").body);
    ASSERT_TRUE(document.is_valid);
    const auto all = document.root["all"];
    EXPECT_EQ(all["n"].get_uint64().value(), 200U);
    EXPECT_EQ(all["target"]["null"].get_double().value(), .23);
    EXPECT_NEAR(all["target"]["share"].get_double().value() + all["stop"]["share"].get_double().value(), 1, 1e-9);
    EXPECT_TRUE(all["results"]["mean_net_r"].is_double());
    const auto confluence = document.root["strategies"].at(0);
    EXPECT_EQ(confluence["strategy"].get_string().value(), "confluence");
    EXPECT_EQ(confluence["decay"]["alarm"].get_double().value(), 10);
    EXPECT_FALSE(confluence["decay"]["is_decayed"].get_bool().value());
    EXPECT_TRUE(confluence["placebo"].is_null()) << "there are none";
    EXPECT_TRUE(confluence["turned_sides"]["15m"]["p"].is_double());
    EXPECT_TRUE(confluence["turned_sides"]["24h"].is_null());
}

TEST_F(SignalRoutes, ATrackRecordIsOfTheSegmentThatIsAskedFor) {
    ASSERT_EQ(get("/api/calibration?segment=reconstructed").status, 200);
    ASSERT_EQ(get("/api/signals/performance").status, 200);
    EXPECT_EQ(segments_asked, (std::vector<std::optional<track_record::Segment>>{
                                  track_record::Segment::reconstructed, std::nullopt}));
    const auto wrong = get("/api/calibration?segment=best");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_NE(wrong.body.find("segment must be in_sample, out_of_sample, live, paper, demo or reconstructed"),
              std::string::npos)
        << wrong.body;
}

TEST_F(SignalRoutes, TheDashboardShowsTheOpenAndTheClosed) {
    const Document dashboard(get("/api/dashboard/data").body);
    ASSERT_TRUE(dashboard.is_valid);
    const auto shown = dashboard.root["signals"];
    ASSERT_EQ(shown.get_array().size(), 2U);
    EXPECT_EQ(shown.at(0)["state"].get_string().value(), "open");
    EXPECT_TRUE(shown.at(0)["outcome"].is_null());
    EXPECT_EQ(shown.at(1)["direction"].get_string().value(), "short");
    EXPECT_EQ(shown.at(1)["outcome"]["first_barrier"].get_string().value(), "stop");
    EXPECT_EQ(get("/api/dashboard/signals").status, 200);
}

}  // namespace
}  // namespace vt::api
