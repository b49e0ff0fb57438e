#include "exchange/bybit/session.hpp"

#include "exchange/bybit/transcript.hpp"

#include <array>
#include <functional>

namespace vt::exchange::bybit {
namespace {

using market::BookGap;
using market::Stream;
using State = SessionState;

TEST(BybitSession, ConnectsSubscribesAndComesAlive) {
    Transcript t;
    t.at(0).start().connects(0).is(State::connecting).stream(Stream::book, StreamState::connecting);
    t.at(1).open().is(State::subscribing);
    t.sends(
        R"({"req_id":"s1-1","op":"subscribe","args":["orderbook.50.BTCUSDT","publicTrade.BTCUSDT","tickers.BTCUSDT","allLiquidation.BTCUSDT"]})");
    t.stream(Stream::book, StreamState::resyncing).acknowledge().is(State::subscribing);
    t.stream(Stream::trades, StreamState::live).stream(Stream::liquidations, StreamState::live);
    t.snapshot(10).emits<market::BookUpdate>(1).stream(Stream::book, StreamState::live).is(State::subscribing);
    t.moving_ticker().emits<market::Ticker>(1).is(State::live);
    t.delta(11).emits<market::BookUpdate>(1).changes_nothing().sends_nothing();
    EXPECT_EQ(t.session.generation(), 1U);
}

TEST(BybitSession, SubscribesInBatchesOfTen) {
    std::vector<Topic> topics;
    for (std::uint32_t i = 0; i < 23; ++i) {
        topics.push_back({"publicTrade.S" + std::to_string(i), market::InstrumentId{i}, Stream::trades});
    }
    Transcript t(std::move(topics));
    t.at(0).start().open();
    EXPECT_EQ(t.sent.size(), 3U);
    t.sends("publicTrade.S22\"]").acknowledge().is(State::live);
}

TEST(BybitSession, AGapInvalidatesAndResubscribesTheBookAlone) {
    Transcript t;
    t.live_at(0).at(1).delta(12).invalid(BookGap::sequence_gap).emits<market::BookUpdate>(0);
    t.stream(Stream::book, StreamState::resyncing).stream(Stream::trades, StreamState::live).is(State::live);
    t.sends(R"("op":"unsubscribe","args":["orderbook.50.BTCUSDT"]})")
        .sends(R"("op":"subscribe","args":["orderbook.50.BTCUSDT"]})");
    t.delta(13).emits<market::BookUpdate>(0).emits<market::BookInvalid>(0);  // of the old subscription
    t.acknowledge().snapshot(20).emits<market::BookUpdate>(1).stream(Stream::book, StreamState::live);
    EXPECT_EQ(t.statuses[0].gaps, 1U);
    EXPECT_EQ(t.statuses[0].resyncs, 1U);
}

TEST(BybitSession, ResubscriptionsBackOffFromAQuarterSecondToThirty) {
    Transcript t;
    t.live_at(0);
    std::vector<double> renewals;
    std::uint64_t u = 100;
    t.at(1).delta(50);  // the first gap
    for (double at = 1; at < 130; at += 0.05) {
        if (at > 1) t.at(at).tick();
        const bool is_renewed = std::any_of(t.sent.begin(), t.sent.end(), [](const std::string& text) {
            return text.find(R"("op":"subscribe","args":["orderbook)") != std::string::npos;
        });
        if (!is_renewed) {
            t.acknowledge().pong().quiet_ticker();
            continue;
        }
        renewals.push_back(at);
        t.acknowledge().snapshot(u).delta(u + 2);  // and each new book breaks at once
        u += 10;
    }
    ASSERT_GE(renewals.size(), 8U);
    double expected = 0.25;
    for (std::size_t i = 1; i < renewals.size(); ++i) {
        EXPECT_NEAR(renewals[i] - renewals[i - 1], expected, 0.11) << i;
        expected = std::min(30.0, expected * 2);
    }
}

TEST(BybitSession, ARestartedServiceReplacesTheBook) {
    Transcript t;
    t.live_at(0).delta(11).text(Transcript::book_frame("delta", 1, 2000));
    t.invalid(BookGap::service_restart).emits<market::BookUpdate>(1).sends_nothing();
    EXPECT_TRUE(std::get<market::BookUpdate>(t.out.events.back().body).is_snapshot);
    t.text(Transcript::book_frame("delta", 2, 2001)).emits<market::BookUpdate>(1).emits<market::BookInvalid>(0);
    t.snapshot(30).emits<market::BookUpdate>(0);  // overtaken: its seq is older
}

TEST(BybitSession, ALaterSnapshotReplacesTheBook) {
    Transcript t;
    t.live_at(0).snapshot(11).emits<market::BookInvalid>(0).emits<market::BookUpdate>(1);  // continues
    t.snapshot(50).invalid(BookGap::sequence_gap).emits<market::BookUpdate>(1);            // something was missed
    t.delta(51).emits<market::BookUpdate>(1);
}

TEST(BybitSession, RepetitionsAreDropped) {
    Transcript t;
    t.live_at(0).delta(11).delta(11).emits<market::BookUpdate>(0).emits<market::BookInvalid>(0).sends_nothing();
}

TEST(BybitSession, LevelOneRepeatsItsUpdateIdAsASignOfLife) {
    Transcript t({{"orderbook.1.BTCUSDT", kBitcoin, Stream::book}});
    const auto frame = [](int u) {
        return R"({"topic":"orderbook.1.BTCUSDT","type":"snapshot","ts":1700000000001,"data":{"s":"BTCUSDT","b":[["100.0","1"]],"a":[["100.1","2"]],"u":)" +
               std::to_string(u) + R"(,"seq":5},"cts":1700000000000})";
    };
    t.at(0).start().open().acknowledge().text(frame(5)).emits<market::BookUpdate>(1);
    for (int i = 1; i < 10; ++i) {
        t.at(3 * i).text(frame(5)).emits<market::BookUpdate>(0).emits<market::BookInvalid>(0);
        t.stream(Stream::book, StreamState::live);
    }
    t.text(frame(9)).emits<market::BookUpdate>(1).emits<market::BookInvalid>(0);
}

TEST(BybitSession, ACrossedBookIsResubscribed) {
    Transcript t;
    t.live_at(0)
        .at(1)
        .crossed()
        .invalid(BookGap::crossed)
        .sends(R"("op":"subscribe","args":["orderbook.50.BTCUSDT"])");
    t.stream(Stream::book, StreamState::resyncing).acknowledge().snapshot(30).stream(Stream::book, StreamState::live);
}

TEST(BybitSession, AnUpdateOffTheStepInvalidatesTheBook) {
    Transcript t;
    t.live_at(0).text(
        R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5,"data":{"b":[["1.05","1"]],"a":[],"u":11}})");
    t.invalid(BookGap::off_step).stream(Stream::book, StreamState::resyncing);
    EXPECT_EQ(t.out.rejections.size(), 1U);
}

TEST(BybitSession, LostInputsInvalidateEveryBook) {
    Transcript t;
    t.live_at(0).at(1).dropped().invalid(BookGap::sequence_gap).stream(Stream::book, StreamState::resyncing);
    EXPECT_EQ(t.statuses[1].gaps, 1U);  // trades may be missing too
}

TEST(BybitSession, AFailedAcknowledgementMarksExactlyItsTopic) {
    Transcript t;
    t.at(0).start().open().refuse("error:handler not found,topic:allLiquidation.BTCUSDT");
    t.stream(Stream::liquidations, StreamState::down).stream(Stream::book, StreamState::resyncing);
    // the others of the request are asked again, without the refused one
    t.sends(R"("op":"subscribe","args":["orderbook.50.BTCUSDT","publicTrade.BTCUSDT","tickers.BTCUSDT"]})");
    t.acknowledge().snapshot(10).moving_ticker().is(State::live);
    t.close().open().sends("allLiquidation.BTCUSDT");  // a new connection asks again
}

TEST(BybitSession, AcknowledgementsAreMatchedByTheirId) {
    Transcript t;
    t.at(0).start().open();
    t.text(R"({"success":true,"ret_msg":"","req_id":"s9-77","op":"subscribe"})")
        .stream(Stream::trades, StreamState::resyncing);
    t.acknowledge().stream(Stream::trades, StreamState::live);
}

TEST(BybitSession, SilenceAfterAnAcknowledgementIsNoticed) {
    Transcript t;
    t.at(0).start().open().acknowledge().snapshot(10).is(State::subscribing);  // the ticker never speaks
    for (int s = 1; s <= 9; ++s) t.at(s).delta(static_cast<std::uint64_t>(10 + s)).sends_nothing();
    t.at(10.3).delta(20).sends(R"("op":"subscribe","args":["tickers.BTCUSDT"])");
}

TEST(BybitSession, PingsEveryTwentySecondsAndWantsItsPong) {
    Transcript t;
    t.live_at(0);
    std::uint64_t u = 11;
    const auto keep_talking = [&](double from, double to) {
        for (double s = from; s < to; s += 0.5) t.at(s).delta(u++);
    };
    keep_talking(0.5, 20);
    t.at(20.2).delta(u++).sends(R"("op":"ping")").pong();
    keep_talking(20.5, 40);
    t.at(40.4).delta(u++).sends(R"("op":"ping")");  // no pong this time
    keep_talking(40.5, 50.4);
    t.is(State::live).at(50.6).delta(u++).disconnects("no pong").is(State::closing);
    t.close().connects(0);  // it had lived for 50 s
}

TEST(BybitSession, ASilentConnectionIsProbedMarkedStaleAndRecycled) {
    Transcript t;
    t.live_at(0).at(2.9).tick().sends_nothing();
    t.at(3.2).tick().sends(R"("op":"ping")");
    t.at(4.3).tick().stream(Stream::book, StreamState::stale).stream(Stream::trades, StreamState::stale);
    t.at(10.3).tick().disconnects("silent for too long").invalid(BookGap::disconnected).is(State::closing);
    t.at(10.4).close().connects(1).at(10.5).open().acknowledge().snapshot(7).moving_ticker().is(State::live);
    EXPECT_EQ(t.session.generation(), 2U);
}

TEST(BybitSession, ThePongOfAProbeKeepsQuietStreamsAlive) {
    Transcript t;
    t.live_at(0);
    for (double s = 1; s < 15; s += 1) {
        t.at(s).tick();
        if (!t.sent.empty()) t.pong();
        t.stream(Stream::trades, StreamState::live);
    }
    t.stream(Stream::book, StreamState::stale).stream(Stream::ticker, StreamState::stale).is(State::live);
    t.at(20.3).tick().disconnects("answers but sends no data");
}

TEST(BybitSession, ABookThatStallsWhileItsTickerMovesIsStaleWithinFiveSeconds) {
    Transcript t;
    t.live_at(0);
    for (double s = 0.5; s < 4; s += 0.5) t.at(s).moving_ticker().stream(Stream::book, StreamState::live);
    t.at(4.3).moving_ticker().stream(Stream::book, StreamState::stale).stream(Stream::ticker, StreamState::live);
    t.invalid(BookGap::sequence_gap).sends(R"("op":"subscribe","args":["orderbook.50.BTCUSDT"])");
    t.acknowledge().at(5).snapshot(70).stream(Stream::book, StreamState::live);
}

TEST(BybitSession, AQuietMarketIsNotAStalledBook) {
    Transcript t;
    t.live_at(0);
    for (double s = 0.5; s < 60; s += 0.5) {
        t.at(s).quiet_ticker().stream(Stream::book, StreamState::live);
        if (!t.sent.empty()) t.pong();
    }
}

// Spot tickers are always whole and repeat the last price: only another price says that the book moved.
TEST(BybitSession, AWholeTickerThatRepeatsItsPriceMovesNoBook) {
    const auto whole = [](Transcript& script, std::string_view price) {
        script.text(
            R"({"topic":"tickers.BTCUSDT","type":"snapshot","ts":1700000000000,"data":{"symbol":"BTCUSDT","lastPrice":")" +
            std::string(price) + R"("}})");
    };
    Transcript script;
    script.live_at(0);
    whole(script, "100.0");
    script.at(0.5).delta(11);
    for (const double at : {2.0, 3.5, 5.0}) {
        whole(script.at(at), "100.0");
        script.tick().stream(market::Stream::book, StreamState::live);
    }
    whole(script.at(6), "100.1");
    script.tick().stream(market::Stream::book, StreamState::stale);
}

TEST(BybitSession, AStalledTickerIsStaleAndResubscribed) {
    Transcript t;
    t.live_at(0);
    std::uint64_t u = 11;
    for (double s = 0.5; s < 10; s += 0.5) t.at(s).delta(u++).stream(Stream::ticker, StreamState::live);
    t.at(10.3).delta(u).stream(Stream::ticker, StreamState::stale).sends(R"("args":["tickers.BTCUSDT"])");
    t.quiet_ticker().stream(Stream::ticker, StreamState::live);
}

TEST(BybitSession, AttemptsGrowUntilAConnectionHasProvenItself) {
    Transcript t;
    t.at(0).start().connects(0).close().connects(1).close().connects(2);
    t.open().close().connects(3);  // opened, but not for long
    t.open().acknowledge().snapshot(10).moving_ticker();
    std::uint64_t u = 11;
    for (double s = 1; s < 31; s += 1) {
        t.at(s).delta(u++);
        if (!t.sent.empty()) t.pong();
    }
    t.at(31).close().connects(0).close().connects(1);
}

TEST(BybitSession, EverythingIsSubscribedAgainAfterAReconnect) {
    Transcript t;
    t.live_at(0)
        .at(1)
        .close("peer reset")
        .invalid(BookGap::disconnected)
        .stream(Stream::trades, StreamState::connecting);
    EXPECT_EQ(t.out.changes.at(0).reason, "peer reset");
    t.delta(11).emits<market::BookUpdate>(0);  // a late frame of the dead connection
    t.at(2).open().sends("tickers.BTCUSDT").acknowledge();
    t.delta(12).emits<market::BookUpdate>(0).snapshot(90).emits<market::BookUpdate>(1);
}

TEST(BybitSession, StopsForGood) {
    Transcript t;
    t.live_at(0).stop().disconnects("stopped").invalid(BookGap::disconnected).is(State::idle);
    t.close().sends_nothing().is(State::idle).at(100).tick().sends_nothing();
    t.start().connects(0);
}

TEST(BybitSession, DataNobodySubscribedIsRefused) {
    Transcript t;
    t.live_at(0)
        .text(R"({"topic":"tickers.ETHUSDT","type":"delta","data":{"markPrice":"1"},"ts":5})")
        .emits<market::Ticker>(0);
    EXPECT_EQ(t.out.rejections.at(0).what, "data of a topic that was not subscribed");
    t.text(R"({"topic":"orderbook.200.BTCUSDT","type":"delta","ts":5,"data":{"b":[],"a":[],"u":11}})");
    EXPECT_EQ(t.out.rejections.size(), 1U);
    t.emits<market::BookUpdate>(0).delta(11).emits<market::BookUpdate>(1);
}

// The table of session.hpp, cell by cell.
enum EventName {
    start,
    stop,
    open,
    acknowledged,
    refused,
    pong,
    snapshot,
    delta,
    gap,
    malformed,
    unknown_ack,
    close_event,
    early_tick,
    late_tick,
    crossed,
    dropped,
    event_count
};

void bring_to(Transcript& t, State state) {
    switch (state) {
        case State::idle: return;
        case State::connecting: t.at(0).start(); return;
        case State::subscribing: t.at(0).start().open().snapshot(10); return;
        case State::live: t.live_at(0); return;
        case State::closing: t.live_at(0).at(10.1).tick(); return;
    }
}

void happen(Transcript& t, EventName event) {
    const Timestamp base = t.now;
    switch (event) {
        case start: t.start(); return;
        case stop: t.stop(); return;
        case open: t.open(); return;
        case acknowledged: t.text(R"({"success":true,"ret_msg":"","req_id":"s1-1","op":"subscribe"})"); return;
        case refused:
            t.text(R"({"success":false,"ret_msg":"error:x,topic:tickers.BTCUSDT","req_id":"s1-1","op":"subscribe"})");
            return;
        case pong: t.pong(); return;
        case snapshot: t.snapshot(11); return;
        case delta: t.delta(11); return;
        case gap: t.delta(15); return;
        case malformed: t.text(R"({"topic":"orderbook.50.BTCUSDT","ty)"); return;
        case unknown_ack: t.text(R"({"success":false,"ret_msg":"?","req_id":"zzz","op":"subscribe"})"); return;
        case close_event: t.close(); return;
        case early_tick:
            t.now = base + std::chrono::milliseconds{300};
            t.tick();
            return;
        case late_tick:
            t.now = base + std::chrono::seconds{70};
            t.tick();
            return;
        case crossed: t.crossed(); return;
        case dropped: t.dropped(); return;
        case event_count: return;
    }
}

TEST(BybitSession, EveryCellOfStateAndEventIsAsTheTableSays) {
    constexpr State I = State::idle, C = State::connecting, S = State::subscribing, L = State::live,
                    X = State::closing;
    //                                        idle connecting subscribing live closing
    constexpr std::array<std::array<State, kSessionStateCount>, event_count> table = {{
        /* start */ {C, C, S, L, X},
        /* stop */ {I, I, I, I, I},
        /* open */ {I, S, S, S, X},
        /* acknowledged */ {I, C, S, L, X},
        /* refused */ {I, C, S, L, X},
        /* pong */ {I, C, S, L, X},
        /* snapshot */ {I, C, S, L, X},
        /* delta */ {I, C, S, L, X},
        /* gap */ {I, C, S, L, X},
        /* malformed */ {I, C, S, L, X},
        /* unknown_ack */ {I, C, S, L, X},
        /* close */ {I, C, C, C, C},
        /* early tick */ {I, C, S, L, X},
        /* late tick */ {I, X, X, X, C},
        /* crossed */ {I, C, S, L, X},
        /* dropped */ {I, C, S, L, X},
    }};
    constexpr std::array<State, kSessionStateCount> states = {I, C, S, L, X};
    for (std::size_t s = 0; s < states.size(); ++s) {
        for (std::size_t e = 0; e < table.size(); ++e) {
            Transcript t;
            bring_to(t, states[s]);
            ASSERT_EQ(name(t.session.state()), name(states[s]));
            const bool was_open = states[s] == S || states[s] == L;
            happen(t, static_cast<EventName>(e));
            EXPECT_EQ(name(t.session.state()), name(table[e][s])) << "event " << e << " in " << name(states[s]);
            if (!was_open) {
                t.emits<market::BookUpdate>(0).emits<market::Trade>(0).emits<market::BookInvalid>(0);
            } else if (e == stop || e == open || e == gap || e == close_event || e == late_tick || e == crossed ||
                       e == dropped) {
                t.emits<market::BookInvalid>(1).emits<market::BookUpdate>(0);
            } else if (e == snapshot || e == delta) {
                t.emits<market::BookUpdate>(1).emits<market::BookInvalid>(0);
            }
        }
    }
}

/// A venue that answers as it should, until the session is live with its book in sync.
bool recovers(Transcript& t, std::uint64_t u) {
    for (int i = 0; i < 2000; ++i) {
        t.now += std::chrono::milliseconds{100};
        t.step([&] { t.session.on_tick(t.now, t.out); });
        const Output said = t.out;
        for (const Action& action : said.actions) {
            if (std::holds_alternative<Connect>(action)) t.open();
            if (std::holds_alternative<Disconnect>(action)) t.close();
            const auto* send = std::get_if<SendText>(&action);
            if (send != nullptr && send->text.find("ping") != std::string::npos) t.pong();
        }
        if (t.session.state() == State::connecting) t.open();
        if (!t.unanswered.empty()) t.acknowledge().snapshot(++u);
        t.delta(++u).moving_ticker();
        if (t.session.state() == State::live && t.statuses[0].state == StreamState::live) return true;
    }
    return false;
}

TEST(BybitSession, RecoversFromAFailureAtEveryStep) {
    using Step = std::function<void(Transcript&)>;
    const std::vector<Step> way = {
        [](Transcript& t) { t.at(0).start(); },    [](Transcript& t) { t.at(0.1).open(); },
        [](Transcript& t) { t.acknowledge(); },    [](Transcript& t) { t.at(0.2).snapshot(10); },
        [](Transcript& t) { t.moving_ticker(); },  [](Transcript& t) { t.at(0.4).delta(11); },
        [](Transcript& t) { t.at(0.5).trade(1); }, [](Transcript& t) { t.at(0.6).delta(12); }};
    const std::vector<Step> failures = {
        [](Transcript& t) { t.close(); },
        [](Transcript& t) { t.text(R"({"topic":"orderbook.50.BTCUSDT","type":"del)"); },
        [](Transcript& t) {
            t.text(
                R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1,"data":{"b":[["0.05","1"]],"a":[],"u":1}})");
        },
        [](Transcript& t) { t.dropped(); },
        [](Transcript& t) { t.refuse("error:internal"); },
        [](Transcript& t) { t.delta(500); },
        [](Transcript& t) { t.crossed(); },
        [](Transcript& t) {
            t.now += std::chrono::seconds{15};
            t.tick();
        },
        [](Transcript& t) {
            t.now += std::chrono::seconds{90};
            t.tick();
        },
        [](Transcript& t) { t.open(); }};
    for (std::size_t at = 0; at < way.size(); ++at) {
        for (std::size_t failure = 0; failure < failures.size(); ++failure) {
            Transcript t;
            for (std::size_t i = 0; i <= at; ++i) way[i](t);
            failures[failure](t);
            EXPECT_TRUE(recovers(t, 1000))
                << "failure " << failure << " after step " << at << ", left in " << name(t.session.state());
        }
    }
}

}  // namespace
}  // namespace vt::exchange::bybit
