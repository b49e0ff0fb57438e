#pragma once

// A small language for tests of the session: what happens, and what it must say to that.
//
//   Transcript().at(0).start().connects(0).at(1).open().subscribes(1).acknowledge().snapshot(10)
//       .is(SessionState::live);

#include "exchange/bybit/session.hpp"
#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vt::exchange::bybit {

inline constexpr market::InstrumentId kBitcoin{0};

inline std::vector<Topic> bitcoin_topics() {
    return {{"orderbook.50.BTCUSDT", kBitcoin, market::Stream::book},
            {"publicTrade.BTCUSDT", kBitcoin, market::Stream::trades},
            {"tickers.BTCUSDT", kBitcoin, market::Stream::ticker},
            {"allLiquidation.BTCUSDT", kBitcoin, market::Stream::liquidations}};
}

class Transcript {
public:
    explicit Transcript(std::vector<Topic> topics = bitcoin_topics(), SessionTimes times = {})
        : statuses(topics.size()),
          session({.connection = connection_id(market::Venue::bybit, 1), .times = times}, std::move(topics),
                  statuses) {}

    Transcript& at(double seconds) {
        now = from_ms(1'700'000'000'000) + std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
        return *this;
    }
    Transcript& start() {
        return step([&] { session.start(now, out); });
    }
    Transcript& stop() {
        return step([&] { session.stop(now, out); });
    }
    Transcript& open() {
        return step([&] { session.on_open(now, out); });
    }
    Transcript& close(std::string_view reason = "reset") {
        return step([&] { session.on_close(reason, now, out); });
    }
    Transcript& tick() {
        return step([&] { session.on_tick(now, out); });
    }
    Transcript& crossed() {
        return step([&] { session.resync_book(kBitcoin, market::BookGap::crossed, "crossed book", now, out); });
    }
    Transcript& dropped() {
        return step([&] { session.on_dropped(3, now, out); });
    }
    Transcript& text(std::string_view frame) {
        return step([&] { session.on_text(frame, directory, codec, {now, ++sequence}, out); });
    }

    Transcript& snapshot(std::uint64_t u) { return text(book_frame("snapshot", u)); }
    Transcript& delta(std::uint64_t u) { return text(book_frame("delta", u)); }
    Transcript& ticker(std::string_view members) {
        return text(R"({"topic":"tickers.BTCUSDT","type":"delta","data":{)" + std::string(members) +
                    R"(},"ts":1700000000000})");
    }
    Transcript& moving_ticker() { return ticker(R"("bid1Price":"100.0","bid1Size":"3")"); }
    Transcript& quiet_ticker() { return ticker(R"("markPrice":"100.0")"); }
    Transcript& trade(int id) {
        return text(
            R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1700000000000,"data":[{"T":1700000000000,"S":"Buy","v":"1","p":"100.1","i":")" +
            std::to_string(id) + R"("}]})");
    }
    Transcript& pong() { return text(R"({"success":true,"ret_msg":"pong","req_id":"p","op":"ping"})"); }
    /// Answers every subscription that was sent and not answered yet.
    Transcript& acknowledge() {
        const std::vector<std::string> ids = std::move(unanswered);
        unanswered.clear();
        std::vector<std::string> kept = sent;
        for (const std::string& id : ids) {
            text(R"({"success":true,"ret_msg":"","conn_id":"c","req_id":")" + id + R"(","op":"subscribe"})");
        }
        sent.insert(sent.begin(), kept.begin(), kept.end());
        return *this;
    }
    Transcript& refuse(std::string_view message) {
        const std::string id = unanswered.empty() ? "none" : unanswered.front();
        if (!unanswered.empty()) unanswered.erase(unanswered.begin());
        return text(R"({"success":false,"ret_msg":")" + std::string(message) + R"(","req_id":")" + id +
                    R"(","op":"subscribe"})");
    }
    /// The whole way to a live session.
    Transcript& live_at(double seconds) {
        return at(seconds).start().open().acknowledge().snapshot(10).moving_ticker().is(SessionState::live);
    }

    Transcript& is(SessionState state) {
        EXPECT_EQ(name(session.state()), name(state)) << where();
        return *this;
    }
    Transcript& stream(market::Stream stream, StreamState state) {
        for (const StreamStatus& status : statuses) {
            if (status.stream == stream) {
                EXPECT_EQ(name(status.state), name(state)) << where();
            }
        }
        return *this;
    }
    Transcript& connects(std::uint32_t attempt) {
        const auto* action = only<Connect>();
        EXPECT_NE(action, nullptr) << "no Connect " << where();
        if (action != nullptr) {
            EXPECT_EQ(action->attempt, attempt) << where();
        }
        return *this;
    }
    Transcript& disconnects(std::string_view reason) {
        const auto* action = only<Disconnect>();
        EXPECT_NE(action, nullptr) << "no Disconnect " << where();
        if (action != nullptr) {
            EXPECT_EQ(action->reason, reason) << where();
        }
        return *this;
    }
    Transcript& sends(std::string_view part) {
        for (const std::string& one : sent) {
            if (one.find(part) != std::string::npos) return *this;
        }
        ADD_FAILURE() << "did not send " << part << " " << where();
        return *this;
    }
    Transcript& sends_nothing() {
        EXPECT_TRUE(out.actions.empty()) << where();
        return *this;
    }
    Transcript& changes_nothing() {
        EXPECT_TRUE(out.changes.empty()) << where() << (out.changes.empty() ? "" : out.changes[0].reason);
        return *this;
    }
    template <class T>
    Transcript& emits(std::size_t count) {
        std::size_t found = 0;
        for (const market::Event& event : out.events) found += std::holds_alternative<T>(event.body) ? 1U : 0U;
        EXPECT_EQ(found, count) << where();
        return *this;
    }
    Transcript& invalid(market::BookGap gap) {
        for (const market::Event& event : out.events) {
            const auto* invalid = std::get_if<market::BookInvalid>(&event.body);
            if (invalid != nullptr && invalid->reason == gap) return *this;
        }
        ADD_FAILURE() << "book was not invalidated " << where();
        return *this;
    }

    template <class Action>
    Transcript& step(Action&& action) {
        out.clear();
        sent.clear();
        ++steps;
        action();
        for (const auto& one : out.actions) {
            const auto* text = std::get_if<SendText>(&one);
            if (text == nullptr) continue;
            sent.push_back(text->text);
            if (text->text.find(R"("op":"subscribe")") == std::string::npos) continue;
            const std::size_t begin = text->text.find(R"("req_id":")") + 10;
            unanswered.push_back(text->text.substr(begin, text->text.find('"', begin) - begin));
        }
        return *this;
    }

    static std::string book_frame(std::string_view type, std::uint64_t u, std::uint64_t seq = 0) {
        return R"({"topic":"orderbook.50.BTCUSDT","type":")" + std::string(type) +
               R"(","ts":1700000000001,"data":{"s":"BTCUSDT","b":[["100.0","1"]],"a":[["100.1","2"]],"u":)" +
               std::to_string(u) + R"(,"seq":)" + std::to_string(seq == 0 ? 1000 + u : seq) +
               R"(},"cts":1700000000000})";
    }

    Timestamp now = from_ms(1'700'000'000'000);
    market::InstrumentDirectory directory = test_directory();
    Codec codec;
    std::vector<StreamStatus> statuses;
    Session session;
    Output out;
    std::vector<std::string> sent;
    std::vector<std::string> unanswered;
    std::uint64_t sequence = 0;
    int steps = 0;

private:
    template <class T>
    const T* only() const {
        const T* found = nullptr;
        for (const Action& action : out.actions) {
            if (const auto* one = std::get_if<T>(&action)) found = one;
        }
        return found;
    }
    [[nodiscard]] std::string where() const { return "at step " + std::to_string(steps); }
};

}  // namespace vt::exchange::bybit
