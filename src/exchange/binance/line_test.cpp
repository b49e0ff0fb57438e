#include "exchange/binance/line.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace vt::exchange::binance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A line with one topic that must speak and one that need not, brought into each of its states.
struct Rig {
    std::vector<Topic> topics = {{"btcusdt@depth@100ms", market::InstrumentId{0}, MessageKind::depth, true, {}},
                                 {"btcusdt@trade", market::InstrumentId{0}, MessageKind::trade, false, {}}};
    ConnectBudget budget;
    Line line{{.connection = ConnectionId{7}, .controls_per_second = 4, .times = {}}, topics, budget};
    Timestamp now = from_ms(1'782'864'000'000);
    Output out;

    void hear(MessageKind kind, std::optional<std::size_t> topic, std::optional<std::uint64_t> id = {}) {
        Message message;
        message.kind = kind;
        message.request_id = id;
        line.on_message(message, topic, now, out);
    }
    void tick(Nanos later) {
        now += later;
        line.on_tick(now, out);
    }
    void bring_to(LineState state) {
        if (state == LineState::idle) return;
        line.start(now, out);
        if (state == LineState::connecting) return;
        line.on_open(now, out);
        if (state == LineState::subscribing) return;
        if (state == LineState::closing) return line.recycle("test", now, out);
        hear(MessageKind::acknowledged, {}, 1);
        hear(MessageKind::depth, 0);
    }
    [[nodiscard]] std::string said() const {
        std::string text;
        for (const Action& action : out.actions) {
            if (const auto* connect = std::get_if<Connect>(&action))
                text += "connect " + std::to_string(connect->attempt);
            if (const auto* left = std::get_if<Disconnect>(&action)) text += "disconnect " + left->reason;
            if (const auto* send = std::get_if<SendText>(&action))
                text += send->text.substr(11, send->text.find('"', 12) - 11);
            text += ";";
        }
        return text;
    }
};

// Every cell of the table in line.hpp: what is said, and the state afterwards.
TEST(BinanceLine, EachEventInEachState) {
    struct Cell {
        LineState before;
        const char* event;
        const char* said;
        LineState after;
    };
    const LineState idle = LineState::idle, connecting = LineState::connecting, live = LineState::live,
                    subscribing = LineState::subscribing, closing = LineState::closing;
    const Cell cells[] = {
        {idle, "start", "connect 0;", connecting},
        {connecting, "start", "", connecting},
        {subscribing, "start", "", subscribing},
        {live, "start", "", live},
        {closing, "start", "", closing},
        {idle, "open", "disconnect not wanted;", idle},
        {connecting, "open", "SUBSCRIBE;", subscribing},
        {subscribing, "open", "SUBSCRIBE;", subscribing},
        {live, "open", "SUBSCRIBE;", subscribing},
        {closing, "open", "", closing},
        {idle, "data", "", idle},
        {connecting, "data", "", connecting},
        {subscribing, "data", "", subscribing},  // the other topic is not acknowledged yet
        {live, "data", "", live},
        {closing, "data", "", closing},
        {idle, "close", "", idle},
        {connecting, "close", "connect 1;", connecting},
        {subscribing, "close", "connect 1;", connecting},
        {live, "close", "connect 1;", connecting},
        {closing, "close", "connect 1;", connecting},
        {idle, "tick", "", idle},
        {connecting, "tick", "disconnect did not open in time;", closing},
        {subscribing, "tick", "disconnect silent for too long;", closing},
        {live, "tick", "disconnect silent for too long;", closing},
        {closing, "tick", "connect 1;", connecting},
        {idle, "renew", "", idle},
        {connecting, "renew", "", connecting},
        {subscribing, "renew", "UNSUBSCRIBE;", subscribing},
        {live, "renew", "UNSUBSCRIBE;", live},
        {closing, "renew", "", closing},
        {idle, "recycle", "", idle},
        {connecting, "recycle", "disconnect old;", closing},
        {subscribing, "recycle", "disconnect old;", closing},
        {live, "recycle", "disconnect old;", closing},
        {closing, "recycle", "", closing},
        {idle, "stop", "", idle},
        {connecting, "stop", "disconnect stopped;", idle},
        {subscribing, "stop", "disconnect stopped;", idle},
        {live, "stop", "disconnect stopped;", idle},
        {closing, "stop", "", idle},
    };
    EXPECT_EQ(std::size(cells), kLineStateCount * 8);
    for (const Cell& cell : cells) {
        Rig rig;
        rig.bring_to(cell.before);
        ASSERT_EQ(rig.line.state(), cell.before);
        rig.out.clear();
        const std::string event = cell.event;
        if (event == "start") rig.line.start(rig.now, rig.out);
        if (event == "open") {
            rig.now += seconds{1};
            rig.line.on_open(rig.now, rig.out);
        }
        if (event == "data") rig.hear(MessageKind::depth, 0);
        if (event == "close") rig.line.on_close("1006", rig.now, rig.out);
        if (event == "tick") rig.tick(seconds{61});
        if (event == "renew") {
            rig.line.renew(0, rig.now);
            rig.tick(milliseconds{300});
        }
        if (event == "recycle") rig.line.recycle("old", rig.now, rig.out);
        if (event == "stop") rig.line.stop("stopped", rig.now, rig.out);
        const std::string where = std::string(name(cell.before)) + " " + event;
        EXPECT_EQ(rig.said(), cell.said) << where;
        EXPECT_EQ(name(rig.line.state()), name(cell.after)) << where;
    }
}

TEST(BinanceLine, OnlyTheAnswerWithItsIdConfirmsARequest) {
    Rig rig;
    rig.bring_to(LineState::subscribing);
    rig.hear(MessageKind::acknowledged, {}, 99);
    rig.hear(MessageKind::acknowledged, {});
    EXPECT_FALSE(rig.line.is_acknowledged(0));
    rig.hear(MessageKind::acknowledged, {}, 1);
    EXPECT_TRUE(rig.line.is_acknowledged(1));
    EXPECT_EQ(rig.line.state(),
              LineState::subscribing);  // the depth has not spoken: an acknowledgement proves nothing
    rig.hear(MessageKind::depth, 0);
    EXPECT_EQ(rig.line.state(), LineState::live);
}

TEST(BinanceLine, ARequestWithoutAnswerIsSentAgainWithBackOff) {
    Rig rig;
    rig.bring_to(LineState::subscribing);
    rig.out.clear();
    int requests = 0;
    for (int i = 0; i < 600; ++i) {
        if (i % 20 == 0) rig.hear(MessageKind::trade, 1);  // the connection is alive
        rig.tick(milliseconds{100});
        rig.line.note_heard(rig.now);
    }
    for (const Action& action : rig.out.actions) {
        const auto* send = std::get_if<SendText>(&action);
        requests += send != nullptr && send->text.find("\"SUBSCRIBE\"") != std::string::npos ? 1 : 0;
    }
    EXPECT_GE(requests, 2);
    EXPECT_LE(requests, 5);
}

TEST(BinanceLine, AskedWhetherAnybodyIsThereBeforeGivingUp) {
    Rig rig;
    rig.bring_to(LineState::live);
    rig.out.clear();
    for (int i = 0; i < 35; ++i) rig.tick(milliseconds{100});
    EXPECT_EQ(rig.said(), "LIST_SUBSCRIPTIONS;");
    rig.hear(MessageKind::acknowledged, {}, 2);
    for (int i = 0; i < 90; ++i) rig.tick(milliseconds{100});
    EXPECT_TRUE(rig.line.is_open());
}

TEST(BinanceLine, ConnectionsStayInsideTheVenuesBudget) {
    Rig rig;
    rig.line.start(rig.now, rig.out);
    for (int i = 0; i < 1000; ++i) {  // five minutes of refusals, as fast as they can come
        rig.line.on_close("refused", rig.now, rig.out);
        rig.tick(milliseconds{290});
    }
    EXPECT_EQ(rig.out.actions.size(), ConnectBudget::kMost);
    rig.tick(seconds{301});
    EXPECT_EQ(rig.out.actions.size(), ConnectBudget::kMost + 1);
}

}  // namespace
}  // namespace vt::exchange::binance
