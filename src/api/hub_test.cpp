#include "api/hub.hpp"

#include "base/json_writer.hpp"
#include "base/prng.hpp"
#include "net/websocket_client.hpp"
#include "obs/fail_on_warning.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <deque>
#include <fstream>

namespace vt::api {
namespace {

namespace dom = simdjson::dom;
constexpr std::string_view kRun = "run-1";

std::string text_of(simdjson::simdjson_result<dom::element> element) {
    return std::string(element.get_string().value());
}
std::string text_of(dom::element element) { return std::string(element.get_string().value()); }

/// A client written from the protocol's text alone: keeps the state of each topic as name -> canonical JSON.
class Follower {
public:
    struct State {
        Sequence sequence = 0;
        std::map<std::string, std::string> fields;                        // members; "object.field"
        std::map<std::string, std::map<std::string, std::string>> rows;   // document rows
        std::map<std::int64_t, std::string> candles;
        std::vector<std::string> trades;
        std::string whole;
        bool operator==(const State&) const = default;
    };

    void apply(std::string_view text) {
        dom::element message;
        ASSERT_EQ(parser_.parse(text.data(), text.size(), true).get(message), simdjson::SUCCESS) << text;
        const std::string type = text_of(message["type"]);
        if (type == "hello") {
            run = text_of(message["run"]);
            return;
        }
        if (type == "error") {
            ++errors;
            return;
        }
        if (type != "snapshot" && type != "delta") return;
        const std::string topic = text_of(message["topic"]);
        State& state = topics[topic];
        const std::uint64_t sequence = message["seq"].get_uint64();
        if (type == "snapshot") {
            state = {};
        } else {
            ++deltas;
            EXPECT_EQ(message["since"].get_uint64().value(), state.sequence) << "a delta that does not fit";
            EXPECT_GT(sequence, state.sequence);
        }
        state.sequence = sequence;
        merge(topic, state, message["data"]);
    }

    std::string subscription() const {
        JsonWriter json;
        json.begin_object().field("op", "subscribe").key("topics").begin_array();
        for (const char* topic : {"overview", "score.X", "candles.X.1m", "trades.X"}) json.value(topic);
        json.end_array().field("run", run).key("since").begin_object();
        for (const auto& [topic, state] : topics) json.field(topic, state.sequence);
        json.end_object().end_object();
        return json.take();
    }

    std::map<std::string, State> topics;
    std::string run;
    int errors = 0;
    int deltas = 0;

private:
    static void merge(const std::string& topic, State& state, dom::element data) {
        if (topic == "score.X") {
            state.whole = simdjson::minify(data);
        } else if (topic == "candles.X.1m") {
            for (const dom::element row : dom::array(data["candles"])) {
                state.candles[row.at(0).get_int64()] = simdjson::minify(row);
            }
            while (state.candles.size() > 20) state.candles.erase(state.candles.begin());
        } else if (topic == "trades.X") {
            for (const dom::element row : dom::array(data["trades"])) state.trades.push_back(simdjson::minify(row));
            while (state.trades.size() > 100) state.trades.erase(state.trades.begin());
        } else {
            merge_document(state, data);
        }
    }
    static void merge_document(State& state, dom::element data) {
        for (const auto& [key, value] : dom::object(data)) {
            if (key == "timestamp") continue;
            if (key == "removed") {
                for (const dom::element id : dom::array(value)) state.rows.erase(text_of(id));
            } else if (key == "market_overview") {
                for (const auto& [name, field] : dom::object(value)) {
                    state.fields["market_overview." + std::string(name)] = simdjson::minify(field);
                }
            } else if (key == "symbols") {
                for (const dom::element row : dom::array(value)) {
                    auto& fields = state.rows[text_of(row["id"])];
                    for (const auto& [name, field] : dom::object(row)) fields[std::string(name)] = simdjson::minify(field);
                }
            } else {
                state.fields[std::string(key)] = simdjson::minify(value);
            }
        }
    }
    dom::parser parser_;
};

/// The publisher's side of a small random market.
class Market {
public:
    explicit Market(Hub& hub, std::uint64_t seed) : random_(seed), hub_(hub) {
        overview_ = &std::get<DocumentTopic>(hub.add_topic("overview", DocumentTopic{}));
        score_ = &std::get<WholeTopic>(hub.add_topic("score.X", WholeTopic{}));
        candles_ = &std::get<SeriesTopic>(hub.add_topic("candles.X.1m", SeriesTopic({{"id", "\"X\""}}, "candles", 20)));
        trades_ = &std::get<SeriesTopic>(hub.add_topic("trades.X", SeriesTopic({}, "trades", 100)));
        for (int i = 0; i < 30; ++i) ids_.push_back("symbol-" + std::to_string(i));
        step();
    }

    void step() {
        now_ += std::chrono::milliseconds{100};
        if (random_.below(2) == 0) mode_ = number(2);
        if (random_.below(10) == 0) is_listed_[random_.below(30)] ^= true;
        for (int i = 0; i < 5; ++i) prices_[random_.below(30)] = number(1000);
        Document state{.members = {{"mode", mode_}, {"alerts", "[]"}},
                       .objects = {{"market_overview", {{"regime", number(2)}, {"breadth", number(5)}}}},
                       .rows_name = "symbols"};
        for (std::size_t i = 0; i < 30; ++i) {
            if (!is_listed_[i]) continue;
            state.rows.push_back({ids_[i], {{"price", prices_[i]}, {"score", i % 3 == 0 ? "null" : number(3)}}});
        }
        overview_->set(state, now_);
        if (random_.below(2) == 0) score_->set("{\"score\":" + number(100) + "}", now_);
        std::vector<SeriesRow> rows{{minute_, "[" + std::to_string(minute_) + "," + number(50) + "]"}};
        if (random_.below(5) == 0) ++minute_;
        if (random_.below(8) == 0 && minute_ > 3) {  // a late correction
            rows.push_back({minute_ - 3, "[" + std::to_string(minute_ - 3) + "," + number(50) + "]"});
        }
        candles_->upsert(std::move(rows), now_);
        std::vector<std::string> trades(random_.below(30));
        for (std::string& trade : trades) trade = "[" + std::to_string(++trade_) + "]";
        trades_->append(std::move(trades), now_);
        hub_.flush();
    }

private:
    std::string number(std::uint64_t bound) { return std::to_string(random_.below(bound)); }

    Prng random_;
    Hub& hub_;
    DocumentTopic* overview_;
    WholeTopic* score_;
    SeriesTopic* candles_;
    SeriesTopic* trades_;
    std::vector<std::string> ids_;
    std::vector<std::string> prices_ = std::vector<std::string>(30, "1");
    std::array<bool, 30> is_listed_ = [] { std::array<bool, 30> all{}; all.fill(true); return all; }();
    std::string mode_ = "0";
    std::int64_t minute_ = 0;
    std::int64_t trade_ = 0;
    Timestamp now_ = from_ms(1'700'000'000'000);
};

/// A client whose messages wait in a queue until the test lets it read.
struct SlowLink {
    std::deque<ClientLink::Message> queue;
    std::size_t limit = 1000;
    std::vector<net::CloseCode> closes;
    std::size_t most_for_one_topic = 0;

    [[nodiscard]] ClientLink link() {
        return {.send =
                    [this](ClientLink::Message message) {
                        if (queue.size() >= limit) return false;
                        queue.push_back(std::move(message));
                        std::map<std::string_view, std::size_t> pending;
                        for (const auto& waiting : queue) {
                            const std::string_view text = *waiting;
                            const std::size_t at = text.find("\"topic\":");
                            if (at == std::string_view::npos) continue;
                            const std::size_t count = ++pending[text.substr(at + 8, text.find(',', at) - at - 8)];
                            most_for_one_topic = std::max(most_for_one_topic, count);
                        }
                        return true;
                    },
                .pending_bytes =
                    [this] {
                        std::size_t bytes = 0;
                        for (const auto& message : queue) bytes += message->size();
                        return bytes;
                    },
                .close = [this](net::CloseCode code, std::string) { closes.push_back(code); }};
    }
    void read_into(Follower& follower) {
        while (!queue.empty()) {
            follower.apply(*queue.front());
            queue.pop_front();
        }
    }
};

HubParams params() { return {.run = std::string(kRun), .mode_json = R"({"market":"demo"})"}; }

TEST(Hub, AThousandDisconnectsAndSlowReadersEndInTheStateOfOneThatNeverLeft) {
    Hub hub(params());
    Market market(hub, 11);
    Prng random(12);
    SlowLink steady_link;
    Follower steady;
    const ClientId steady_id = hub.join(steady_link.link(), {});
    hub.on_text(steady_id, steady.subscription(), {});
    steady_link.read_into(steady);
    hub.on_writable(steady_id);

    constexpr std::size_t kClients = 8;
    std::array<SlowLink, kClients> links;
    std::array<Follower, kClients> followers;
    std::array<std::optional<ClientId>, kClients> ids;
    int disconnects = 0;
    while (disconnects < 1000) {
        market.step();
        steady_link.read_into(steady);
        hub.on_writable(steady_id);
        for (std::size_t i = 0; i < kClients; ++i) {
            if (!ids[i]) {
                if (random.below(3) != 0) continue;
                links[i].limit = 1 + random.below(6);
                ids[i] = hub.join(links[i].link(), {});
                links[i].read_into(followers[i]);
                hub.on_text(*ids[i], followers[i].subscription(), {});
            } else if (random.below(4) == 0) {  // what is on the way is lost
                hub.leave(*ids[i]);
                ids[i].reset();
                links[i].queue.clear();
                ++disconnects;
            } else if (random.below(3) == 0) {
                links[i].read_into(followers[i]);
                hub.on_writable(*ids[i]);
            }
        }
    }
    steady_link.read_into(steady);
    hub.on_writable(steady_id);
    steady_link.read_into(steady);
    for (std::size_t i = 0; i < kClients; ++i) {
        if (!ids[i]) {
            ids[i] = hub.join(links[i].link(), {});
            links[i].read_into(followers[i]);
            hub.on_text(*ids[i], followers[i].subscription(), {});
        }
        for (int turn = 0; turn < 10; ++turn) {
            links[i].read_into(followers[i]);
            hub.on_writable(*ids[i]);
        }
        EXPECT_TRUE(followers[i].topics == steady.topics) << i;
        EXPECT_EQ(followers[i].errors, 0);
        EXPECT_GT(followers[i].deltas, 100);
        EXPECT_LE(links[i].most_for_one_topic, 1U);
    }
    EXPECT_EQ(steady.topics.size(), 4U);
    EXPECT_EQ(steady.topics["trades.X"].trades.size(), 100U);
    EXPECT_EQ(steady.topics["candles.X.1m"].candles.size(), 20U);
    EXPECT_GT(steady.topics["overview"].rows.size(), 5U);
    Follower fresh;  // and of one that has just come
    SlowLink fresh_link;
    const ClientId fresh_id = hub.join(fresh_link.link(), {});
    fresh_link.read_into(fresh);
    fresh.run.clear();
    hub.on_text(fresh_id, fresh.subscription(), {});
    fresh_link.read_into(fresh);
    EXPECT_TRUE(fresh.topics == steady.topics);
    EXPECT_EQ(fresh.deltas, 0);
}

TEST(Hub, ResumeOfAnotherRunOrFromTheFutureIsASnapshot) {
    Hub hub(params());
    Market market(hub, 1);
    SlowLink link;
    const ClientId id = hub.join(link.link(), {});
    EXPECT_EQ(*link.queue.front(),
              R"({"type":"hello","protocol":1,"run":"run-1","server_time":0,"mode":{"market":"demo"}})");
    for (const char* text : {R"({"op":"subscribe","topics":["score.X"],"since":{"score.X":1},"run":"run-0"})",
                             R"({"op":"subscribe","topics":["score.X"],"since":{"score.X":99},"run":"run-1"})",
                             R"({"op":"subscribe","topics":["score.X"],"since":{"score.X":1}})",
                             R"({"op":"subscribe","topics":["score.X"]})"}) {
        for (int i = 0; i < 20; ++i) market.step();
        link.queue.clear();
        hub.on_text(id, text, {});
        ASSERT_EQ(link.queue.size(), 1U);
        EXPECT_TRUE(link.queue.front()->starts_with(R"({"type":"snapshot","topic":"score.X","seq":)")) << text;
    }
    for (int i = 0; i < 20; ++i) market.step();
    link.queue.clear();
    hub.on_text(id, R"({"op":"subscribe","topics":["score.X"],"since":{"score.X":1},"run":"run-1"})", {});
    ASSERT_EQ(link.queue.size(), 1U);
    EXPECT_TRUE(link.queue.front()->starts_with(R"({"type":"delta","topic":"score.X","seq":)"));
    EXPECT_NE(link.queue.front()->find(R"("since":1,)"), std::string::npos);
}

TEST(Hub, ClientsInTheSameStateShareOneMessage) {
    Hub hub(params());
    auto& score = std::get<WholeTopic>(hub.add_topic("score.X", WholeTopic{}));
    score.set("1", {});
    std::vector<SlowLink> links(100);
    for (SlowLink& link : links) {
        const ClientId id = hub.join(link.link(), {});
        link.queue.clear();
        hub.on_text(id, R"({"op":"subscribe","topics":["score.X"]})", {});
        EXPECT_EQ(link.queue.front(), links[0].queue.front()) << "the same object, not an equal one";
    }
    for (SlowLink& link : links) link.queue.clear();
    const auto before = hub.counters();
    score.set("2", {});
    hub.flush();
    EXPECT_EQ(hub.counters().messages - before.messages, 100U);
    EXPECT_EQ(hub.counters().encoded - before.encoded, 1U);
    for (SlowLink& link : links) EXPECT_EQ(link.queue.front(), links[0].queue.front());
}

TEST(Hub, NothingIsSentBetweenFlushesNorTwice) {
    Hub hub(params());
    auto& score = std::get<WholeTopic>(hub.add_topic("score.X", WholeTopic{}));
    SlowLink link;
    const ClientId id = hub.join(link.link(), {});
    link.queue.clear();
    hub.on_text(id, R"({"op":"subscribe","topics":["score.X"]})", {});
    EXPECT_TRUE(link.queue.empty()) << "nothing published yet";
    score.set("1", {});
    hub.on_writable(id);
    EXPECT_TRUE(link.queue.empty());
    hub.flush();
    EXPECT_EQ(link.queue.size(), 1U);
    link.queue.clear();
    hub.flush();
    EXPECT_FALSE(score.set("1", {}));
    hub.flush();
    EXPECT_TRUE(link.queue.empty());
    hub.on_text(id, R"({"op":"unsubscribe","topics":["score.X","unknown"]})", {});
    score.set("2", {});
    hub.flush();
    EXPECT_TRUE(link.queue.empty());
    EXPECT_FALSE(hub.has_subscribers("score.X"));
}

TEST(Hub, MalformedMessagesAreAnsweredAndManyOfThemEndTheConnection) {
    Hub hub(params());
    hub.add_topic("score.X", WholeTopic{});
    SlowLink link;
    const ClientId id = hub.join(link.link(), {});
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    const std::vector<std::string> bad = {
        "", "{", "[]", "null", "{}", R"({"op":7})", R"({"op":"fly"})", R"({"op":"subscribe"})",
        R"({"op":"subscribe","topics":"overview"})", R"({"op":"subscribe","topics":[1]})",
        R"({"op":"subscribe","topics":[""]})", R"({"op":"subscribe","topics":["a"],"since":[]})",
        R"({"op":"subscribe","topics":["a"],"since":{"a":-1}})", R"({"op":"subscribe","topics":["a"],"run":1})",
        R"({"op":"ping","op":"ping"})", R"({"op":"ping","more":1})", R"({"op":"ping","id":{}})",
        R"({"op":"subscribe","topics":)" + deep + "}", "\xff\xfe", R"({"op":"ping"}{"op":"ping"})"};
    ASSERT_LE(bad.size(), 20U);
    for (const std::string& text : bad) {
        link.queue.clear();
        hub.on_text(id, text, {});
        ASSERT_EQ(link.queue.size(), 1U) << text;
        EXPECT_TRUE(link.queue.front()->starts_with(
            R"({"type":"error","topic":null,"problem":{"type":"about:blank","title":"Bad Request","status":400,)"))
            << text << " -> " << *link.queue.front();
    }
    EXPECT_TRUE(link.closes.empty());
    while (hub.counters().malformed < 21) hub.on_text(id, "x", {});
    EXPECT_EQ(link.closes, std::vector{net::CloseCode::policy});
}

TEST(Hub, UnknownTopicsAndTheLimitOfTopicsAreErrorsOfThatTopic) {
    HubParams with_prepare = params();
    std::vector<std::string> asked;
    Hub* self = nullptr;
    with_prepare.prepare = [&](std::string_view name) {
        asked.emplace_back(name);
        if (!name.starts_with("book.")) return false;
        if (self->find_topic(name) == nullptr) std::get<WholeTopic>(self->add_topic(std::string(name), WholeTopic{})).set("{}", {});
        return true;
    };
    Hub hub(std::move(with_prepare));
    self = &hub;
    SlowLink link;
    const ClientId id = hub.join(link.link(), {});
    link.queue.clear();
    hub.on_text(id, R"({"op":"subscribe","topics":["nothing.here"]})", {});
    EXPECT_TRUE(link.queue.front()->starts_with(R"({"type":"error","topic":"nothing.here","problem":)"));
    EXPECT_EQ(asked, std::vector<std::string>{"nothing.here"});
    for (int i = 0; i < 65; ++i) {
        link.queue.clear();
        hub.on_text(id, R"({"op":"subscribe","topics":["book.)" + std::to_string(i) + "\"]}", {});
        ASSERT_EQ(link.queue.size(), 1U);
        EXPECT_EQ(link.queue.front()->starts_with(R"({"type":"snapshot")"), i < 64) << *link.queue.front();
    }
    EXPECT_EQ(hub.counters().subscriptions, 64U);
    hub.leave(id);
    EXPECT_EQ(hub.counters().subscriptions, 0U);
}

TEST(Hub, PingIsAnsweredWithItsId) {
    Hub hub(params());
    SlowLink link;
    const ClientId id = hub.join(link.link(), {});
    link.queue.clear();
    hub.on_text(id, R"({"op":"ping","id":7})", from_ms(5));
    hub.on_text(id, R"({"op":"ping","id":"a\"b"})", from_ms(6));
    hub.on_text(id, R"({"op":"ping"})", from_ms(7));
    ASSERT_EQ(link.queue.size(), 3U);
    EXPECT_EQ(*link.queue[0], R"({"type":"pong","id":7,"server_time":5})");
    EXPECT_EQ(*link.queue[1], R"({"type":"pong","id":"a\"b","server_time":6})");
    EXPECT_EQ(*link.queue[2], R"({"type":"pong","id":null,"server_time":7})");
}

std::size_t resident_bytes() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    return pages * 4096;
}

TEST(Hub, TenThousandSubscribersFitIntoLittleMemory) {
    Hub hub(params());
    auto& score = std::get<WholeTopic>(hub.add_topic("score.X", WholeTopic{}));
    score.set(std::string(20'000, '1'), {});
    const std::size_t before = resident_bytes();
    std::size_t taken = 0;
    for (int i = 0; i < 10'000; ++i) {
        const ClientId id = hub.join({.send = [&taken](const ClientLink::Message&) { return ++taken > 0; },
                                      .pending_bytes = [] { return std::size_t{0}; },
                                      .close = {}}, {});
        hub.on_text(id, R"({"op":"subscribe","topics":["score.X"]})", {});
    }
    score.set(std::string(20'000, '2'), {});
    hub.flush();
    EXPECT_EQ(taken, 30'000U);  // hello, snapshot, delta
    const std::size_t grown = resident_bytes() - before;
    RecordProperty("bytes_per_client", static_cast<int>(grown / 10'000));
    EXPECT_LT(grown, std::size_t{40} << 20U) << "the message itself must be shared";
}

TEST(Hub, SpeaksOverARealSocket) {
    const obs::FailOnWarning log;
    net::Loop loop;
    Hub hub(params());
    Market market(hub, 3);
    net::HttpServer server(loop, {}, [&](const net::HttpRequest& request) -> net::HttpReply {
        if (request.path != "/ws" || !request.wants_websocket) return net::problem_response(404, "only /ws");
        return join_hub(hub);
    });
    ASSERT_TRUE(server.listen());
    Follower follower;
    SlowLink steady_link;
    Follower steady;
    const ClientId steady_id = hub.join(steady_link.link(), {});
    steady_link.read_into(steady);
    hub.on_text(steady_id, steady.subscription(), {});
    bool is_closed = false;
    net::WebSocketClient client(loop, {.url = "ws://127.0.0.1:" + std::to_string(server.port()) + "/ws"},
                                {.on_open = {},
                                 .on_text = [&](std::string_view text, Timestamp) { follower.apply(text); },
                                 .on_close = [&](const net::CloseReason&) { is_closed = true; }});
    for (int round = 0; round < 20; ++round) {  // leaves and resumes
        is_closed = false;
        client.connect();
        ASSERT_TRUE(loop.run_until([&] { return client.is_open() && !follower.run.empty(); }));
        ASSERT_TRUE(client.send(follower.subscription()));
        for (int i = 0; i < 10; ++i) {
            market.step();
            loop.poll();
        }
        steady_link.read_into(steady);
        hub.on_writable(steady_id);
        steady_link.read_into(steady);
        ASSERT_TRUE(loop.run_until([&] { return follower.topics == steady.topics; })) << round;
        client.close();
        ASSERT_TRUE(loop.run_until([&] { return is_closed && hub.counters().clients == 1; }));
    }
    EXPECT_EQ(follower.errors, 0);
    EXPECT_GT(follower.deltas, 19);
}

}  // namespace
}  // namespace vt::api
